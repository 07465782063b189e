"""What a check would go by, and what it would look at."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from lr_lint.checks.rules import RULES
from lr_lint.source.project_settings import ProjectSettings
from tests.support import BUG, lr_lint, without_colours

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TABLE = """\
[project]
name = "select"

[tool.lr-lint]
ignore = ["LR201"]
"exclude" = [
    "third_party",
    "a \\" b",
]
max-steps = 5

[tool.lr-lint.per-file-ignores]
"tests/*" = ["LR1", "tiny-factor"]

[tool.lr-lint.contracts]
"my.wrap" = { callable = [1, "fn"], optimizer = [0, "optimizer"], returns = "factor" }
"my.rate" = { callable = [0, "fn"], returns = "rate" }
"""


@pytest.fixture
def configured(tmp_path: Path) -> Path:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "pyproject.toml").write_text(TABLE)
    (tmp_path / "pkg" / "train.py").write_text(BUG)
    (tmp_path / "train.py").write_text(BUG)
    return tmp_path


def shown(*arguments: str, cwd: Path) -> dict[str, tuple[str, str]]:
    """Each setting as it is shown, its value and where that comes from."""
    done = lr_lint("--show-settings", *arguments, cwd=cwd)
    assert (done.returncode, done.stderr) == (0, "")
    return {key: (value, origin) for key, value, origin in re.findall(r"^([\w-]+) = (.*?) +# (.*)$", done.stdout, re.M)}


def test_settings_are_shown_with_where_they_come_from(configured: Path) -> None:
    settings = shown("pkg/train.py", "--exclude=old", "--min-confidence=certain", cwd=configured)

    assert settings["ignore"] == ('["LR201"]', "pkg/pyproject.toml:5")
    assert settings["exclude"] == ('["third_party", "a \\" b", "old"]', "pkg/pyproject.toml:6, --exclude")
    assert settings["max-steps"] == ("5", "pkg/pyproject.toml:10")
    assert settings["max-files"] == ("16", "default")
    assert settings["min-confidence"] == ('"certain"', "--min-confidence")
    assert settings["per-file-ignores"] == ('{"tests/*" = ["LR1", "tiny-factor"]}', "pkg/pyproject.toml:12")
    assert settings["contracts"][1] == "pkg/pyproject.toml:15"


def test_colours_change_no_setting(configured: Path) -> None:
    plain, coloured = (lr_lint("--show-settings", "pkg", *more, cwd=configured) for more in ([], ["--color=always"]))

    assert "\x1b[" in coloured.stdout
    assert without_colours(coloured.stdout) == plain.stdout


def test_an_option_that_replaces_a_setting_is_its_only_source(configured: Path) -> None:
    assert shown("pkg", "--ignore=LR3", cwd=configured)["ignore"] == ('["LR3"]', "--ignore")
    assert shown("pkg", "--isolated", cwd=configured)["ignore"] == ("[]", "default")
    assert shown("--config", "pkg/pyproject.toml", cwd=configured)["ignore"] == ('["LR201"]', "pkg/pyproject.toml:5")


def test_every_path_has_its_own(configured: Path) -> None:
    done = lr_lint("--show-settings", "train.py", "pkg", "-", "--stdin-filename", "pkg/new.py", cwd=configured)

    assert re.findall(r"^# (.*)\n\[tool.lr-lint\]$", done.stdout, re.M) == [
        "train.py: no settings file",
        "pkg: pkg/pyproject.toml",
        "pkg/new.py: pkg/pyproject.toml",
    ]


@pytest.mark.parametrize("text", [TABLE, "", '[tool.lr-lint]\nselect = ["ALL"]\nforce-exclude = true\n'])
def test_what_is_shown_reads_back_as_it_was(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings_file = tmp_path / "pyproject.toml"
    settings_file.write_text(text)
    before = ProjectSettings(lambda: RULES).settings_for("train.py")
    printed = lr_lint("--show-settings", cwd=tmp_path).stdout

    assert list(tomllib.loads(printed)["tool"]) == ["lr-lint"]
    settings_file.write_text(printed)
    assert ProjectSettings(lambda: RULES).settings_for("train.py") == before


def test_settings_that_are_not_understood_are_not_shown(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.lr-lint]\nselct = []\n")
    done = lr_lint("--show-settings", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "lr-lint: pyproject.toml: [tool.lr-lint] selct: unknown setting; did you mean select?\n"


def test_files_are_listed(configured: Path) -> None:
    (configured / "pkg" / "third_party").mkdir()
    (configured / "pkg" / "third_party" / "a.py").touch()
    done = lr_lint("--show-files", ".", "none.py", cwd=configured)

    assert (done.returncode, done.stdout) == (2, "train.py\npkg/train.py\n")
    assert done.stderr == "lr-lint: none.py: No such file or directory\n"
    named = ("pkg/third_party/a.py", "train.py")
    assert lr_lint("--show-files", *named, cwd=configured).stdout == "pkg/third_party/a.py\ntrain.py\n"
    assert lr_lint("--show-files", "--force-exclude", *named, cwd=configured).stdout == "train.py\n"


def test_one_or_the_other(configured: Path) -> None:
    assert lr_lint("--show-files", "--show-settings", cwd=configured).returncode == 2
