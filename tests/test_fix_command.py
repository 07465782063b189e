"""``--diff``, ``--fix`` and ``--unsafe-fixes``, as a user meets them."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from lr_lint.checks.fixes.rounds import repair
from lr_lint.command import cli
from lr_lint.command.console import RefusalError
from lr_lint.command.rewriting import rewrite
from lr_lint.source import opening
from lr_lint.source.settings import Settings
from tests.support import BUG, FIXED, NO_SCHEDULER, lr_lint

UNUSED = FIXED.replace("0.95**epoch)", "0.95**epoch)  # lr-lint: ignore[LR101] not any more")
ALL = ("--fix", "--unsafe-fixes")


def test_without_the_option_nothing_is_written(project: Path) -> None:
    lr_lint(cwd=project)

    assert (project / "train.py").read_text() == BUG


def test_diff_shows_what_would_change_and_writes_nothing(project: Path) -> None:
    done = lr_lint("--diff", cwd=project)

    assert (project / "train.py").read_text() == BUG
    assert done.returncode == 1
    assert done.stderr == "lr-lint: 1 fix shown, 1 of them unsafe: training changes\n"
    (project / "change.diff").write_text(done.stdout)
    subprocess.run(["git", "apply", "change.diff"], cwd=project, check=True)
    assert (project / "train.py").read_text() == FIXED


def test_diff_of_a_file_without_a_last_line_end(project: Path) -> None:
    (project / "train.py").write_bytes(BUG.rstrip().encode())
    (project / "change.diff").write_text(lr_lint("--diff", cwd=project).stdout)

    subprocess.run(["git", "apply", "change.diff"], cwd=project, check=True)
    assert (project / "train.py").read_bytes() == FIXED.rstrip().encode()


def test_fixes_that_change_training_are_not_applied_without_a_word(project: Path) -> None:
    done = lr_lint("--fix", "--output-format", "concise", cwd=project)

    assert (project / "train.py").read_text() == BUG
    assert done.returncode == 1
    assert done.stdout.startswith("train.py:6:57: LR101 ")
    assert done.stderr == "lr-lint: 0 problems fixed; 1 more with --unsafe-fixes\n"


def test_unsafe_fixes_are_applied_on_demand(project: Path) -> None:
    done = lr_lint(*ALL, cwd=project)

    assert (project / "train.py").read_text() == FIXED
    assert done.returncode == 0
    assert done.stderr == "lr-lint: 1 problem fixed\n"
    assert done.stdout == "No problems found (1 scheduler in 1 file).\n"


LIKELY = """import argparse

import torch
from torch.optim.lr_scheduler import LambdaLR

parser = argparse.ArgumentParser()
parser.add_argument("--rate", type=float, default=1e-3)
args = parser.parse_args()
optimizer = torch.optim.SGD(torch.nn.Linear(1, 1).parameters(), lr=args.rate)
scheduler = LambdaLR(optimizer, lambda epoch: 1e-3 * 0.9**epoch)
"""


def test_a_fix_for_what_is_not_certain_says_so(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(LIKELY)

    shown = lr_lint("--diff", cwd=tmp_path)
    listed = lr_lint("--output-format", "json", "--fixes", cwd=tmp_path)
    applied = lr_lint(*ALL, cwd=tmp_path)

    place = "lr-lint: train.py:10:47: LR101 is likely, not certain: look at the fix that is"
    fixes = "1 fix shown, 1 of them unsafe: training changes, 1 of them for what is not certain"
    assert shown.stderr == f"{place} shown\nlr-lint: {fixes}\n"
    [diagnostic] = json.loads(listed.stdout)["diagnostics"]
    assert diagnostic["confidence"] == "likely"
    assert diagnostic["fix"]["message"].endswith(" (likely, not certain)")
    assert applied.stderr == f"{place} applied\nlr-lint: 1 problem fixed, 1 of them for what is not certain\n"


def test_what_is_no_more_than_possible_has_no_fix(tmp_path: Path) -> None:
    program = """import torch
from torch.optim.lr_scheduler import LambdaLR


def build(optimizer, lr):
    return LambdaLR(optimizer, lambda epoch: lr * 0.9**epoch)
"""
    (tmp_path / "train.py").write_text(program)

    done = lr_lint("--diff", "--min-confidence", "possible", cwd=tmp_path)

    assert done.stdout == ""
    assert "LR101 not fixed: the finding is no more than possible" in done.stderr


def test_safe_fixes_are_applied_by_fix_alone(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(UNUSED)
    done = lr_lint("--fix", "--extend-select", "LR902", cwd=tmp_path)

    assert (tmp_path / "train.py").read_text() == FIXED
    assert done.returncode == 0


def test_a_second_run_changes_nothing(project: Path) -> None:
    lr_lint(*ALL, cwd=project)
    before = (project / "train.py").stat()

    done = lr_lint(*ALL, cwd=project)

    assert done.stderr == "lr-lint: 0 problems fixed\n"
    assert (project / "train.py").stat().st_mtime_ns == before.st_mtime_ns


def test_what_cannot_be_mended_is_told(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(
        BUG.replace("lr * 0.95**epoch", "decay_lr ** (epoch // 9)") + "decay_lr = 1e-6\n"
    )
    done = lr_lint(*ALL, cwd=tmp_path)

    assert done.returncode == 1
    assert "train.py:6:57: LR103 not fixed: which factor is meant by the base of a power cannot be told" in done.stderr


def test_json_carries_the_fix_and_is_written_after_it(project: Path) -> None:
    shown = json.loads(lr_lint("--output-format", "json", "--fixes", cwd=project).stdout)
    (finding,) = shown["diagnostics"]
    assert finding["fix"] == {
        "safety": "unsafe",
        "message": "return the factor alone: `0.95**epoch`",
        "edits": [{"cell": None, "line": 6, "column": 57, "end_line": 6, "end_column": 62, "text": ""}],
    }
    assert json.loads(lr_lint(*ALL, "--output-format", "json", cwd=project).stdout)["diagnostics"] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--unsafe-fixes"], "--unsafe-fixes needs --fix, or --diff to show what that would do"),
        (["--diff", "--output-format", "json"], "--diff prints a diff, not json"),
        (["--fix", "-", "."], "--fix writes the standard input with its fixes to standard output, so it takes no path"),
    ],
)
def test_options_that_contradict_each_other(arguments: list[str], message: str, project: Path) -> None:
    done = lr_lint(*arguments, cwd=project)

    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"lr-lint: {message}\n")


def test_standard_input_comes_back_fixed(project: Path) -> None:
    done = lr_lint(*ALL, "-", "--stdin-filename", "train.py", cwd=project, stdin=BUG.encode())

    assert (done.returncode, done.stdout, done.stderr) == (0, FIXED, "")
    assert (project / "train.py").read_text() == BUG


@pytest.mark.parametrize("data", [NO_SCHEDULER.encode(), FIXED.encode(), b"def f(:  # LambdaLR\n", b""])
def test_standard_input_without_anything_to_mend_comes_back_as_it_is(data: bytes, tmp_path: Path) -> None:
    done = lr_lint(*ALL, "-", cwd=tmp_path, stdin=data)

    assert done.stdout.encode() == data
    assert done.returncode == (2 if data.startswith(b"def") else 0)


@pytest.mark.parametrize(
    ("table", "status", "said"),
    [
        ('exclude = ["train.py"]\nforce-exclude = true\n', 0, ""),
        ("selct = []\n", 2, "lr-lint: pyproject.toml: [tool.lr-lint] selct: unknown setting; did you mean select?\n"),
    ],
)
def test_standard_input_that_is_not_checked_goes_through_as_it_is(
    table: str, status: int, said: str, project: Path
) -> None:
    """An editor puts what comes out in the place of what it sent."""
    (project / "pyproject.toml").write_text(f"[tool.lr-lint]\n{table}")
    done = lr_lint(*ALL, "-", "--stdin-filename", "train.py", cwd=project, stdin=BUG.encode())

    assert (done.returncode, done.stdout, done.stderr) == (status, BUG, said)


def test_standard_input_can_be_shown_as_a_diff(tmp_path: Path) -> None:
    done = lr_lint("--diff", "-", "--stdin-filename", "train.py", cwd=tmp_path, stdin=BUG.encode())

    assert done.stdout.startswith("--- a/train.py\n+++ b/train.py\n")


def test_findings_that_are_suppressed_or_not_selected_are_not_mended(project: Path) -> None:
    lr_lint(*ALL, "--ignore", "LR101", cwd=project)
    assert (project / "train.py").read_text() == BUG

    suppressed = BUG.replace("epoch)\n", "epoch)  # noqa: LR101\n")
    (project / "train.py").write_text(suppressed)
    lr_lint(*ALL, cwd=project)
    assert (project / "train.py").read_text() == suppressed


def test_files_that_cannot_be_analysed_do_not_keep_others_from_being_mended(project: Path) -> None:
    (project / "broken.py").write_text("def f(:  # LambdaLR\n")
    done = lr_lint(*ALL, cwd=project)

    assert (project / "train.py").read_text() == FIXED
    assert done.returncode == 2
    assert "broken.py:1:7: syntax error" in done.stderr


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(BUG.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(BUG.replace("\n", "\r").encode(), id="CR"),
        pytest.param(BUG.encode("utf-8-sig"), id="a byte order mark"),
        pytest.param(b"# coding: latin-1\n# \xe9\n" + BUG.encode(), id="latin-1"),
        pytest.param("# coding: shift-jis\n# 率\n".encode("shift-jis") + BUG.encode(), id="Shift JIS"),
        pytest.param(BUG.replace("epoch: ", "epoch, é='率': ").encode(), id="wide characters before the change"),
        pytest.param(BUG.rstrip().encode(), id="no line end at the end"),
        pytest.param(b"\n\n" + BUG.replace("import torch\n", "import torch  \n").encode(), id="stray spaces"),
    ],
)
def test_bytes_beside_the_change_stay_as_they_are(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "train.py"
    path.write_bytes(data)

    lr_lint(*ALL, cwd=tmp_path)

    assert path.read_bytes() == data.replace(b"lr * 0.95", b"0.95")


def test_an_encoding_that_does_not_give_back_its_bytes_is_left_alone() -> None:
    data = b"# coding: utf-7\n# +AGE-\n" + BUG.replace("*", "+ACo-").encode()

    mended = repair("train.py", data, Settings(), None, unsafe=True)

    assert mended.data == data
    assert mended.problem == "its encoding would not give back what it has not changed" or not mended.report.diagnostics


def replaced(old: str, new: str) -> Callable[..., str]:
    """What applies no fix, but some other change."""

    def apply(text: str, _: object) -> str:
        return text.replace(old, new)

    return apply


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("lr * 0.95", "lr *", "the changed file could not be analysed: syntax error"),
        (
            "lr * 0.95**epoch)",
            "lr * 0.95**epoch)\nother = LambdaLR(opt, lambda epoch: lr * 0.9**epoch)",
            "other findings",
        ),
        ("0.95", "0.96", "other findings would come in their place"),
        ("0.95", "\udce9", "surrogates not allowed"),
    ],
)
def test_what_does_not_survive_its_check_is_not_written(
    old: str, new: str, problem: str, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Should a fix ever do something else than it promised, the file is left as it is, and that is said."""
    monkeypatch.setattr(opening, "apply_edits", replaced(old, new))
    monkeypatch.chdir(project)

    assert cli.main([*ALL, "--isolated"]) == 3

    assert (project / "train.py").read_text() == BUG
    said = capsys.readouterr()
    assert "train.py: no fix is applied, since" in said.err
    assert problem in said.err
    assert "0 problems fixed" in said.err
    assert "LR101" in said.out


@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600])
def test_mode_bits_stay(mode: int, project: Path) -> None:
    (project / "train.py").chmod(mode)

    lr_lint(*ALL, cwd=project)

    assert stat.S_IMODE((project / "train.py").stat().st_mode) == mode
    assert (project / "train.py").read_text() == FIXED


def test_a_link_stays_a_link(project: Path, tmp_path: Path) -> None:
    (project / "train.py").rename(project / "real.txt")
    (project / "train.py").symlink_to("real.txt")

    lr_lint(*ALL, "train.py", cwd=project)

    assert (project / "train.py").is_symlink()
    assert (project / "real.txt").read_text() == FIXED


def test_no_link_in_a_folder_has_a_file_outside_changed(tmp_path: Path) -> None:
    project, theirs = tmp_path / "project", tmp_path / "theirs.py"
    project.mkdir()
    (project / "setup.cfg").write_text("")
    (project / "train.py").symlink_to(theirs)
    theirs.write_text(BUG)

    done = lr_lint("--fix", "--unsafe-fixes", cwd=project)

    assert (done.returncode, theirs.read_text()) == (3, BUG)
    assert "train.py: the link leads out of the project" in done.stderr
    lr_lint("train.py", "--fix", "--unsafe-fixes", cwd=project)
    assert theirs.read_text() == FIXED, "whoever names the link means the file"


def left_behind(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "train.py")


def test_a_file_that_changed_since_it_was_read_is_not_written(project: Path) -> None:
    path = project / "train.py"
    path.write_text("# someone else was faster\n")

    with pytest.raises(RefusalError, match="has changed since it was read"):
        rewrite(str(path), BUG.encode(), FIXED.encode())

    assert path.read_text() == "# someone else was faster\n"
    assert left_behind(project) == []


def test_a_full_disk_leaves_the_file_as_it_was(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("lr_lint.command.rewriting.os.fsync", full)
    monkeypatch.chdir(project)

    assert cli.main([*ALL, "--isolated"]) == 3
    assert "cannot write train.py: No space left on device" in capsys.readouterr().err
    assert (project / "train.py").read_text() == BUG
    assert left_behind(project) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_file_that_may_not_be_written_is_not_replaced(project: Path) -> None:
    (project / "train.py").chmod(0o444)

    done = lr_lint(*ALL, cwd=project)

    assert done.returncode == 3
    assert "cannot write train.py: Permission denied" in done.stderr
    assert (project / "train.py").read_text() == BUG


def test_an_interruption_leaves_no_file_behind(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("lr_lint.command.rewriting.os.replace", interrupt)
    monkeypatch.chdir(project)

    assert cli.main([*ALL, "--isolated"]) == cli.INTERRUPTED
    assert (project / "train.py").read_text() == BUG
    assert left_behind(project) == []
