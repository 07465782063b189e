"""``python -m lr_lint``: the same as the command ``lr-lint``."""

import sys

from lr_lint.command.cli import main

if __name__ == "__main__":
    sys.exit(main())
