"""``--diff-base``: only what has to do with lines that have changed is told, as Git sees them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.notebooks import notebook_bytes
from tests.support import BUG, FIXED, document_of, findings, lr_lint

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "core.autocrlf=false")
ANOTHER = "another = LambdaLR(optimizer, lr_lambda=lambda epoch: lr * 0.9**epoch)\n"


def git(*arguments: str, cwd: Path) -> None:
    subprocess.run([*GIT, *arguments], cwd=cwd, check=True, capture_output=True)


def commit(folder: Path) -> None:
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--no-verify", "--allow-empty", "--message", "all", cwd=folder)


@pytest.fixture(name="repository")
def _repository(tmp_path: Path) -> Path:
    """A repository with a finding in the branch ``main``, and another branch checked out."""
    git("init", "--quiet", "--initial-branch=main", cwd=tmp_path)
    (tmp_path / "train.py").write_text(BUG)
    commit(tmp_path)
    git("switch", "--quiet", "--create", "topic", cwd=tmp_path)
    return tmp_path


def changed(*arguments: str, cwd: Path) -> list[tuple[str, int]]:
    return [(path, line) for path, line, _, _ in findings("--diff-base", "main", *arguments, cwd=cwd)]


def test_what_has_not_changed_is_not_told(repository: Path) -> None:
    done = lr_lint("--diff-base", "main", cwd=repository)

    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "No problems found (1 scheduler in 1 file).",
        "1 finding not on changed lines: see them without `--diff-base`.",
    ]


@pytest.mark.parametrize("step", ["written", "staged", "committed"])
def test_a_new_line_is_told_however_far_it_got(step: str, repository: Path) -> None:
    (repository / "train.py").write_text("import os\n" + BUG + ANOTHER)
    if step != "written":
        git("add", "train.py", cwd=repository)
    if step == "committed":
        commit(repository)

    assert changed(cwd=repository) == [("train.py", 8)]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param("0.95**epoch", "0.96**epoch", True, id="what is pointed at"),
        pytest.param("lr=lr)", "lr=lr, momentum=0.9)", True, id="a step of the evidence"),
        pytest.param("import torch\n", "import torch as torch\n", False, id="another line"),
    ],
)
def test_what_a_finding_has_to_do_with(old: str, new: str, told: bool, repository: Path) -> None:
    (repository / "train.py").write_text(BUG.replace(old, new, 1))

    assert bool(changed(cwd=repository)) == told


def test_what_main_did_since_is_no_change_of_ours(repository: Path) -> None:
    git("switch", "--quiet", "main", cwd=repository)
    (repository / "train.py").write_text(BUG.replace("0.95", "0.97"))
    commit(repository)
    git("switch", "--quiet", "topic", cwd=repository)

    assert changed(cwd=repository) == []


def test_a_file_that_was_renamed_is_compared_with_what_it_was(repository: Path) -> None:
    (repository / "a b").mkdir()
    git("mv", "train.py", "a b/é:\n.py", cwd=repository)
    assert changed(cwd=repository) == []

    (repository / "a b" / "é:\n.py").write_text(BUG + ANOTHER)
    assert changed(cwd=repository) == [("a b/é:\n.py", 7)]


@pytest.mark.parametrize("ignored", [False, True])
def test_what_git_does_not_track_has_changed(ignored: bool, repository: Path) -> None:
    (repository / "new.py").write_text(BUG)
    if ignored:
        (repository / ".gitignore").write_text("new.py\n")

    assert changed("new.py", cwd=repository) == [("new.py", 6)]


def test_attributes_and_settings_of_the_repository_do_not_matter(repository: Path) -> None:
    (repository / ".gitattributes").write_text("*.py -diff diff=mine\n")
    for setting in ("diff.mine.textconv=false", "diff.external=false", "diff.interHunkContext=9", "color.ui=always"):
        git("config", *setting.split("=", 1), cwd=repository)
    (repository / "train.py").write_text(BUG.replace("import torch\n", "import torch  # 1\n", 1) + "x = 1\n" + ANOTHER)

    assert changed(cwd=repository) == [("train.py", 8)]


@pytest.mark.parametrize(
    ("name", "value"), [("GIT_DIR", ".git"), ("GIT_INDEX_FILE", ".git/none"), ("GIT_PREFIX", "src/")]
)
def test_within_a_hook_of_git(name: str, value: str, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository / "src").mkdir()
    (repository / "src" / "train.py").write_text(BUG)
    commit(repository)
    git("branch", "--force", "main", cwd=repository)
    monkeypatch.setenv(name, value)

    done = lr_lint("--diff-base", "main", cwd=repository)

    assert (done.returncode, done.stderr) == (0, "")


def test_from_a_folder_and_from_outside(repository: Path) -> None:
    (repository / "src").mkdir()
    (repository / "src" / "new.py").write_text(BUG)

    assert changed(cwd=repository / "src") == [("new.py", 6)]
    assert [line for _, line in changed(str(repository), cwd=Path("/"))] == [6]


def test_cells_of_a_notebook_have_changed_where_their_lines_have(repository: Path) -> None:
    (repository / "nb.ipynb").write_bytes(notebook_bytes("x = 1", BUG))
    commit(repository)
    git("branch", "--force", "main", cwd=repository)
    assert changed(cwd=repository) == []

    (repository / "nb.ipynb").write_bytes(notebook_bytes("x = 2", "y = 1", BUG, ANOTHER))
    document = document_of(lr_lint("--diff-base", "main", "--output-format", "json", cwd=repository))

    assert [(found["cell"], found["line"]) for found in document["diagnostics"]] == [(4, 1)]


@pytest.mark.parametrize("revision", ["nothing", "--output=x", "main..topic", "x y", "main\x1b"])
def test_a_revision_that_is_not_known_is_one_line(revision: str, repository: Path) -> None:
    done = lr_lint(f"--diff-base={revision}", cwd=repository)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("lr-lint: --diff-base: git knows no revision '")
    assert done.stderr.count("\n") == 1
    assert not (repository / "x").exists()


def test_what_is_in_no_repository_is_one_line(project: Path) -> None:
    done = lr_lint("--diff-base", "main", cwd=project)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"lr-lint: --diff-base: {project} is in no git repository\n"


def test_histories_without_a_common_ancestor_are_one_line(repository: Path) -> None:
    git("switch", "--quiet", "--orphan", "other", cwd=repository)
    commit(repository)
    (repository / "train.py").write_text(FIXED)

    done = lr_lint("--diff-base", "main", cwd=repository)

    assert done.returncode == 2
    assert "'main' and HEAD have no common ancestor in " in done.stderr


def test_without_git_it_is_one_line(repository: Path) -> None:
    done = lr_lint("--diff-base", "main", cwd=repository, PATH="")

    assert done.returncode == 2
    assert done.stderr == "lr-lint: --diff-base needs git, which cannot be run: No such file or directory\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--fix"], "--diff-base leaves findings out, and --fix is for all of them"),
        (["--write-baseline"], "--diff-base leaves findings out, and --write-baseline is for all of them"),
        (["-"], "--diff-base is about files, and the standard input is none"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: list[str], said: str, repository: Path) -> None:
    done = lr_lint("--diff-base", "main", *arguments, cwd=repository)

    assert (done.returncode, done.stderr) == (2, f"lr-lint: {said}\n")


def test_suppressions_are_added_on_changed_lines_only(repository: Path) -> None:
    (repository / "train.py").write_text(BUG + ANOTHER)

    lr_lint("--diff-base", "main", "--add-suppressions", cwd=repository)

    assert (repository / "train.py").read_text() == BUG + ANOTHER.rstrip() + "  # lr-lint: ignore[LR101]\n"
