"""The command `qualan`, as it is installed."""

import os
import sys


def qualan() -> None:
    """Start the command line in an interpreter that takes no module from a folder of data.

    A console script may find modules in the folders of PYTHONPATH, the current one among them.
    Nothing but what Python itself has loaded is imported here.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    os.execve(sys.executable, [sys.executable, "-I", "-m", "analysis", *sys.argv[1:]], kept)
