"""Run every check of the project, as ``python -m tests``: stops at the first that fails, with its exit status."""

import shlex
import subprocess
import sys

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    # What the tests of a file share is made once; the files of the probe share most and come first.
    ("pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"),
)


def main() -> int:
    for check in CHECKS:
        print(f"$ python -m {shlex.join(check)}", flush=True)
        status = subprocess.run([sys.executable, "-m", *check], check=False).returncode
        if status != 0:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
