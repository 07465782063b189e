"""The comparison of lr-lint with what readers said about public code, and with another lr-lint."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from lr_lint.checks.rules import RULES
from tests import corpus
from tests.support import BUG, FIXED

LINE = BUG.count("\n")


@pytest.fixture
def checkouts(tmp_path: Path) -> Path:
    """Two repositories: one with the bug and one without."""
    for name, text in (("ann+wrong@0123456789", BUG), ("bob+right@abcdef0123", FIXED)):
        folder = tmp_path / "checkouts" / name
        folder.mkdir(parents=True)
        (folder / "train.py").write_text(text)
    return tmp_path / "checkouts"


def expectations(tmp_path: Path, *rows: tuple[str, str, str]) -> str:
    """A file of expectations, each for line 6 of train.py."""
    path = tmp_path / "corpus.toml"
    path.write_text(
        "".join(
            f'[[finding]]\nrepository = "{repository}"\ncommit = "{commit}"\npath = "train.py"\nline = {LINE}\n'
            f'code = "LR101"\nverdict = "{verdict}"\nnote = "seen"\n'
            for repository, commit, verdict in rows
        )
        or "finding = []\n"
    )
    return str(path)


WRONG = ("ann/wrong", "0123456789" + "0" * 30)
RIGHT = ("bob/right", "abcdef0123" + "0" * 30)


def test_agreement(checkouts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = expectations(tmp_path, (*WRONG, "true"), (*RIGHT, "false"))

    assert corpus.main([str(checkouts), "--corpus", path]) == 0
    assert capsys.readouterr().out == "2 checkouts, 0 absent, 0 disagreements, 0 failed runs\n"


def test_disagreements(checkouts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = expectations(tmp_path, (*WRONG, "false"), (*RIGHT, "true"))

    assert corpus.main([str(checkouts), "--corpus", path]) == 1
    assert capsys.readouterr().out.splitlines()[:2] == [
        f"false    ann/wrong@0123456789 train.py:{LINE} LR101  (seen)",
        f"missing  bob/right@abcdef0123 train.py:{LINE} LR101  (seen)",
    ]


def test_unsure_is_neither_right_nor_wrong(checkouts: Path, tmp_path: Path) -> None:
    path = expectations(tmp_path, (*WRONG, "unsure"), (*RIGHT, "unsure"))

    assert corpus.main([str(checkouts), "--corpus", path]) == 0


def test_repository_that_is_not_there_is_said_to_be_absent(
    checkouts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = expectations(tmp_path, ("ann/wrong", "f" * 40, "true"))

    corpus.main([str(checkouts), "--corpus", path])

    assert capsys.readouterr().out == (
        "absent   ann/wrong@ffffffffff\n0 checkouts, 1 absent, 0 disagreements, 0 failed runs\n"
    )


def test_what_changed_between_two_commands(checkouts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.py"
    found = "{'path': 'train.py', 'line': 1, 'code': 'LR102'}"
    other.write_text(f"import json\nprint(json.dumps({{'diagnostics': [{found}]}}))\n")
    command = shlex.join([sys.executable, str(other)])

    assert corpus.main([str(checkouts), "--corpus", expectations(tmp_path), "--old", command]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "- ann/wrong@0123456789 train.py:1 LR102",
        f"+ ann/wrong@0123456789 train.py:{LINE} LR101",
        "- bob/right@abcdef0123 train.py:1 LR102",
        "2 checkouts, 0 absent, 0 disagreements, 0 failed runs",
    ]


def test_command_that_fails(checkouts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = expectations(tmp_path, (*WRONG, "true"))

    assert corpus.main([str(checkouts), "--corpus", path, "--new", "no-such-command"]) == 2
    assert "no-such-command failed on ann/wrong" in capsys.readouterr().err


def test_checkout_is_never_imported(checkouts: Path, tmp_path: Path) -> None:
    (checkouts / "ann+wrong@0123456789" / "lr_lint.py").write_text("raise SystemExit(9)\n")
    (checkouts / "ann+wrong@0123456789" / "argparse.py").write_text("raise SystemExit(9)\n")

    assert corpus.main([str(checkouts), "--corpus", expectations(tmp_path, (*WRONG, "true"))]) == 0


@pytest.mark.parametrize("layout", ["ann+wrong/repo", "ann+wrong", "ann/wrong"])
def test_files_of_a_commit_are_taken_from_a_git_directory(layout: str, tmp_path: Path) -> None:
    folder = tmp_path / "checkouts" / layout
    folder.mkdir(parents=True)

    def git(*arguments: str) -> str:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
        done = subprocess.run(["git", *identity, *arguments], cwd=folder, capture_output=True, check=True, text=True)
        return done.stdout.strip()

    git("init", "--quiet")
    (folder / "train.py").write_text(BUG)
    git("add", ".")
    git("commit", "--quiet", "--message", "wrong")
    commit = git("rev-parse", "HEAD")
    (folder / "train.py").write_text(FIXED)
    git("commit", "--quiet", "--all", "--message", "right")

    path = expectations(tmp_path, ("ann/wrong", commit, "true"))

    assert corpus.main([str(tmp_path / "checkouts"), "--corpus", path]) == 0


def test_stored_expectations_are_complete_and_each_is_there_once() -> None:
    stored = corpus.read_corpus(corpus.CORPUS)
    codes = {rule.code for rule in RULES}

    assert len({item.finding for item in stored}) == len(stored) >= 15
    for item in stored:
        assert item.verdict in corpus.VERDICTS
        assert len(item.finding.commit) == 40
        assert item.finding.code in codes
        assert item.note
