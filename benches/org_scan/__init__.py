"""The parts of `benches/org-scan`."""
