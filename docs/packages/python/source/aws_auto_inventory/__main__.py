"""Runs the program under its other names: `scan`, and `python -m aws_auto_inventory`."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path


def program() -> Path:
    """Returns the path of the program, which the wheel has installed among the scripts of an environment."""
    name = "aws-auto-inventory" + (sysconfig.get_config_var("EXE") or "")
    user_scheme = sysconfig.get_preferred_scheme("user") if sys.version_info >= (3, 10) else f"{os.name}_user"
    # `pip install --target` has its scripts beside the package.
    target = Path(__file__).resolve().parents[1] / "bin"
    folders = [Path(sysconfig.get_path("scripts")), Path(sysconfig.get_path("scripts", user_scheme)), target]
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    raise SystemExit(f"error: {name} is in none of {', '.join(map(str, folders))}; install aws-auto-inventory again")


def main() -> None:
    """Runs the program with the arguments of this one, and ends with its exit code."""
    command = [str(program()), *sys.argv[1:]]
    if os.name == "nt":
        # Windows has no other way to pass on the exit code.
        raise SystemExit(subprocess.run(command).returncode)
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
