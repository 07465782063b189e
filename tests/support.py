"""What several test modules share: a program with the bug, one without, and ways to run the command."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

BUG = """\
import torch
from torch.optim.lr_scheduler import LambdaLR

lr = 0.001
optimizer = torch.optim.SGD([torch.zeros(1)], lr=lr)
scheduler = LambdaLR(optimizer, lr_lambda=lambda epoch: lr * 0.95**epoch)
"""
BUG_PLACE = (6, 57)
FIXED = BUG.replace("lr * 0.95", "0.95")
NO_SCHEDULER = "print('hello')\n"

_STEERING = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "PYTHONIOENCODING", "PYTHONUTF8")


def environment(**changes: str) -> dict[str, str]:
    """The environment without what would change the output, and with the changes."""
    return {**{key: value for key, value in os.environ.items() if key not in _STEERING}, **changes}


def run_python(*arguments: str, cwd: Path, stdin: bytes = b"", **changes: str) -> subprocess.CompletedProcess[str]:
    """Run Python on the arguments in a folder."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, input=stdin, env=environment(**changes), capture_output=True, check=False
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def lr_lint(*arguments: str, cwd: Path, stdin: bytes = b"", **changes: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder, as a user does."""
    return run_python("-m", "lr_lint", *arguments, cwd=cwd, stdin=stdin, **changes)


def run_on_terminal(*arguments: str, cwd: Path, **changes: str) -> str:
    """What the command prints when its output is a terminal."""
    main, other = pty.openpty()
    subprocess.run(
        [sys.executable, "-m", "lr_lint", *arguments],
        cwd=cwd,
        stdout=other,
        env=environment(TERM="xterm", **changes),
        check=False,
    )
    os.close(other)
    with open(main, "rb", closefd=True) as file:
        return file.read1(1 << 16).decode().replace("\r\n", "\n")


def findings(*arguments: str, cwd: Path, stdin: bytes = b"") -> list[tuple[str, int, int, str]]:
    """Run the command and give path, line, column and code of each finding."""
    document = document_of(lr_lint(*arguments, "--output-format", "json", cwd=cwd, stdin=stdin))
    return [(found["path"], found["line"], found["column"], found["code"]) for found in document["diagnostics"]]


def document_of(done: subprocess.CompletedProcess[str]) -> Any:
    """The JSON that a run printed."""
    return json.loads(done.stdout)
