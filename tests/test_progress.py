"""A run that takes long is told to whoever watches it, and to nobody else."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lr_lint.api import check_each
from lr_lint.command import console, progress
from lr_lint.runs.plan import Plan
from lr_lint.source.project_settings import ProjectSettings
from lr_lint.source.settings import Settings
from tests.support import BUG


class Terminal(io.StringIO):
    """A standard error that somebody watches."""

    def isatty(self) -> bool:
        return True


class Timer:
    """Whose time is over as soon as it starts."""

    def __init__(self, seconds: float, work: object) -> None:
        assert callable(work)
        self.daemon = False
        self.start = work

    def cancel(self) -> None:
        """It is too late for that."""

    def join(self) -> None:
        """It has been."""


def files() -> Iterator[tuple[str, None]]:
    yield "a.py", None
    yield "b.py", None


def followed(found: Iterator[tuple[str, None]], *, quiet: bool) -> Iterator[tuple[str, None]]:
    return console.followed(found, Plan(), quiet=quiet)


def watched(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """No fixture: pytest sets the streams anew between a fixture and its test."""
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "Timer", Timer)
    return shown


def test_terminal_is_told_and_left_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = watched(monkeypatch)
    told = followed(files(), quiet=False)
    assert next(told) == ("a.py", None)
    assert list(told) == [("b.py", None)]

    assert "2 files, up to b.py" in terminal.getvalue()
    # The cursor is shown again, and the line is erased.
    assert terminal.getvalue().rindex("\x1b[2K") > terminal.getvalue().rindex("files")
    assert terminal.getvalue().rindex("\x1b[?25h") > terminal.getvalue().rindex("\x1b[?25l")


@pytest.mark.parametrize("jobs", [1, 2])
def test_file_that_takes_long_has_a_name(jobs: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(BUG)
    monkeypatch.chdir(tmp_path)
    plan, told = Plan(jobs), list[str]()
    watched(monkeypatch)
    monkeypatch.setattr(progress.Progress, "tell", lambda _, text: told.append(text))
    found = check_each(["."], ProjectSettings.everywhere(Settings()), plan=plan)

    assert [path for path, _ in console.followed(found, plan, quiet=False)] == ["a.py", "b.py"]
    assert told[0] == "at a.py"
    # Where two are analysed at a time, neither may be done by then.
    assert {"1 file, at b.py", *(["at b.py"] if jobs > 1 else [])} & set(told)
    assert told[-1] == "2 files, up to b.py"


def test_quiet_and_pipes_are_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = watched(monkeypatch)
    assert list(followed(files(), quiet=True)) == list(files())
    assert not terminal.getvalue()
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stderr", pipe)
    assert list(followed(files(), quiet=False)) == list(files())
    assert not pipe.getvalue()


def test_terminal_is_left_clean_when_the_run_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = watched(monkeypatch)

    def interrupted() -> Iterator[tuple[str, None]]:
        yield "a.py", None
        raise KeyboardInterrupt

    told = followed(interrupted(), quiet=False)
    assert next(told) == ("a.py", None)
    with pytest.raises(KeyboardInterrupt):
        next(told)
    assert terminal.getvalue().rindex("\x1b[?25h") > terminal.getvalue().rindex("\x1b[?25l")
