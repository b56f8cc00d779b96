"""The program `scan`: an inventory of a whole AWS Organization."""
