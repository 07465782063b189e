"""The command ``lr-lint``, and ``python -m lr_lint``, which does the same."""

import os
import sys

_INTERRUPTED = 130


def start() -> int:
    """Run the command, with no import from the folder that it is run in.

    ``python -m`` and a usual ``PYTHONPATH`` have Python look for modules in the current directory first. There lies
    what is to be checked, whose ``ast.py`` or ``yaml.py`` would be run in the place of Python's or a library's.
    """
    try:
        here = os.getcwd()
    except OSError:  # it is gone, which the command says in its own words
        here = ""
    sys.path[:] = [folder for folder in sys.path if folder not in ("", here)]
    try:
        from lr_lint.command.cli import main

        return main()
    except KeyboardInterrupt:  # while the command was being loaded
        if sys.stderr is not None:
            sys.stderr.write("lr-lint: interrupted\n")
        return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(start())
