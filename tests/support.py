"""What several test modules share: a program with the bug, one without, and ways to run the command."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from lr_lint.command import cli

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


_STEERED = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\")


def without_colours(text: str) -> str:
    """A text without what steers a terminal: colours, and the links behind words."""
    return _STEERED.sub("", text)


def environment(**changes: str) -> dict[str, str]:
    """The environment without what would change the output, and with the changes."""
    return {**{key: value for key, value in os.environ.items() if key not in _STEERING}, **changes}


def run_python(*arguments: str, cwd: Path, stdin: bytes = b"", **changes: str) -> subprocess.CompletedProcess[str]:
    """Run Python on the arguments in a folder."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, input=stdin, env=environment(**changes), capture_output=True, check=False
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def lr_lint_process(*arguments: str, cwd: Path, stdin: bytes = b"", **changes: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder, as a user does."""
    return run_python("-m", "lr_lint", *arguments, cwd=cwd, stdin=stdin, **changes)


def lr_lint(*arguments: str, cwd: Path, stdin: bytes = b"", **changes: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder, in this process: a start of Python would be the greater part of most tests.

    Streams are pipes as far as the command can tell. That it does the same in a process of its own is tested in
    `test_cli`, and so is what only a process has: its exit, its signals, the encoding of its streams.
    """
    printed, said = io.BytesIO(), io.BytesIO()
    with (
        mock.patch.object(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")),
        mock.patch.object(sys, "stdout", io.TextIOWrapper(printed, encoding="utf-8", newline="\n")) as out,
        mock.patch.object(sys, "stderr", io.TextIOWrapper(said, encoding="utf-8", newline="\n")) as err,
        mock.patch.dict(os.environ, environment(**changes), clear=True),
        _working_in(cwd),
    ):
        status = _status_of(arguments)
    out.flush()
    err.flush()
    command = ("lr-lint", *arguments)
    return subprocess.CompletedProcess(command, status, printed.getvalue().decode(), said.getvalue().decode())


def _status_of(arguments: tuple[str, ...]) -> int:
    try:
        return cli.main(arguments)
    except SystemExit as end:  # argparse's, after --help and --version
        return end.code if isinstance(end.code, int) else int(end.code is not None)


@contextlib.contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


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
