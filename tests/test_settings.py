from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from lr_lint.source.file_paths import PathPattern
from lr_lint.source.project_settings import ProjectSettings
from lr_lint.source.settings import (
    ConfigurationError,
    Settings,
    check_selectors,
    is_enabled,
    is_reported_in,
)
from lr_lint.vocabulary.budgets import Budget
from tests.support import run_python


@dataclass(frozen=True)
class Constant:
    code: str
    name: str
    default: bool = True


RATE = Constant("LR101", "rate-returned-as-factor")
TINY = Constant("LR102", "tiny-factor")
NEGATIVE = Constant("LR204", "negative-factor", default=False)
RULES = (RATE, TINY, NEGATIVE)


def rules() -> tuple[Constant, ...]:
    return RULES


def settings_for(path: str) -> Settings:
    return ProjectSettings(rules).settings_for(path)


@pytest.mark.parametrize(
    ("settings", "enabled"),
    [
        pytest.param(Settings(), [RATE, TINY], id="the defaults"),
        pytest.param(Settings(select=("LR2",)), [NEGATIVE], id="select replaces the defaults"),
        pytest.param(Settings(select=("ALL",)), [RATE, TINY, NEGATIVE], id="ALL selects what is off by default"),
        pytest.param(Settings(select=()), [], id="an empty select selects nothing"),
        pytest.param(Settings(extend_select=("LR204",)), [RATE, TINY, NEGATIVE], id="extend-select adds"),
        pytest.param(Settings(select=("LR101",), extend_select=("LR2",)), [RATE, NEGATIVE], id="and adds to select"),
        pytest.param(Settings(ignore=("LR1",)), [], id="ignore by prefix"),
        pytest.param(Settings(ignore=("tiny-factor",)), [RATE], id="ignore by name"),
        pytest.param(Settings(select=("tiny-factor",)), [TINY], id="select by name"),
        pytest.param(Settings(select=("LR1",), ignore=("LR102",)), [RATE], id="the longer selector wins: ignore"),
        pytest.param(Settings(select=("LR102",), ignore=("LR1",)), [TINY], id="the longer selector wins: select"),
        pytest.param(Settings(select=("tiny-factor",), ignore=("LR10",)), [TINY], id="a name is as long as a code"),
        pytest.param(Settings(select=("LR1",), ignore=("LR1",)), [], id="ignore wins between equals"),
        pytest.param(Settings(select=("ALL",), ignore=("LR",)), [], id="every prefix is longer than ALL"),
        pytest.param(Settings(ignore=("ALL",)), [], id="an explicit ignore beats the default"),
        pytest.param(Settings(extend_select=("LR2",), ignore=("LR",)), [NEGATIVE], id="extend-select counts as select"),
    ],
)
def test_decision(settings: Settings, enabled: list[Constant]) -> None:
    assert [rule for rule in RULES if is_enabled(settings, rule)] == enabled


def test_per_file_ignores_beat_selection_in_matching_files_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pattern = PathPattern(str(tmp_path), "tests/*")
    settings = Settings(select=("LR101",), per_file_ignores=((pattern, ("LR1",)),))

    assert not is_reported_in(settings, RATE, "tests/test_rate.py")
    assert is_reported_in(settings, RATE, "train.py")


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("train.py", "deep/down/train.py", True),
        ("train.py", "deep/down/retrain.py", False),
        ("old", "src/old/train.py", True),
        ("old/", "src/old/train.py", True),
        ("*_test.py", "src/rate_test.py", True),
        ("src/old", "src/old/train.py", True),
        ("src/old", "lib/src/old/train.py", False),
        ("./src/old", "src/old/train.py", True),
        ("/train.py", "train.py", True),
        ("/train.py", "src/train.py", False),
        ("src/*.py", "src/train.py", True),
        ("**/old/*.py", "src/old/train.py", True),
        ("**/train.py", "train.py", True),
        ("**/train.py", "src/train.py", True),
        ("TRAIN.py", "train.py", False),
        ("*", "../elsewhere/train.py", False),
        ("src/**/train.py", "src/train.py", True),
        ("src/**/train.py", "src/deep/down/train.py", True),
        ("src/**/train.py", "lib/src/train.py", False),
        ("src/**", "src/deep/train.py", True),
        ("src/*.py", "src/deep/train.py", False),
        ("src/*", "src/deep/train.py", True),
        ("**", "train.py", True),
        ("old/", "src/old/", True),
        ("old/", "src/old", False),
        ("*.{py,pyi}", "src/train.pyi", True),
        ("{src,lib}/*.py", "lib/train.py", True),
        ("{src,lib}/*.py", "deep/lib/train.py", False),
        ("src/{a,b/{c,d}}/*.py", "src/b/d/train.py", True),
        ("src/{a,b/{c,d}}/*.py", "src/b/train.py", False),
        (r"\{a\}.py", "{a}.py", True),
        ("#a.py", "#a.py", True),
        ("tr[a-e]in.py", "train.py", True),
        ("tr[!a-e]in.py", "train.py", False),
        ("!src/**", "src/train.py", False),
        ("!src/**", "tests/train.py", True),
        ("!src/**", "../elsewhere/train.py", False),
        ("!*.{py,pyi}", "train.py", False),
    ],
)
def test_path_pattern(pattern: str, path: str, matches: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert PathPattern(str(tmp_path), pattern).matches(path) is matches


@pytest.mark.parametrize("selector", ["ALL", "LR", "LR1", "LR101", "rate-returned-as-factor"])
def test_selector_of_a_known_rule_is_accepted(selector: str) -> None:
    check_selectors([selector], rules, "--select")


@pytest.mark.parametrize("selector", ["LR7", "LR1011", "lr101", "rate", "E501", "X"])
def test_selector_of_no_rule_is_refused_with_its_place(selector: str) -> None:
    with pytest.raises(ConfigurationError, match=f"--select: no rule is called '{selector}'"):
        check_selectors([selector], rules, "--select")


def test_rules_are_not_loaded_without_selectors() -> None:
    def fail() -> tuple[Constant, ...]:
        raise AssertionError("the rules were loaded")

    check_selectors([], fail, "--select")


def test_every_key_of_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(
        """
        [tool.lr-lint]
        select = ["LR1"]
        extend-select = ["negative-factor"]
        ignore = ["LR102"]
        exclude = ["old", "src/gen"]
        min-confidence = "certain"
        max-steps = 5
        max-files = 6
        force-exclude = true
        per-file-ignores = { "tests/*" = ["LR101"] }
        """
    )

    root = str(tmp_path)
    assert settings_for("train.py") == Settings(
        select=("LR1",),
        extend_select=("negative-factor",),
        ignore=("LR102",),
        exclude=(PathPattern(root, "old"), PathPattern(root, "src/gen")),
        force_exclude=True,
        min_confidence="certain",
        budget=Budget(steps=5, files=6),
        per_file_ignores=((PathPattern(root, "tests/*"), ("LR101",)),),
    )


def test_nearest_file_with_the_table_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "inner" / "package"
    package.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('[tool.lr-lint]\nselect = ["LR101"]\n')
    (tmp_path / "inner" / "pyproject.toml").write_text('[project]\ndependencies = ["lr-lint"]\n')
    (tmp_path / "inner" / "train.py").touch()
    monkeypatch.chdir(package)

    assert settings_for("train.py").select == ("LR101",)
    assert settings_for(str(tmp_path / "inner" / "train.py")).select == ("LR101",)


def test_file_of_the_checked_path_counts_not_that_of_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, code in (("here", "LR101"), ("there", "LR102")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pyproject.toml").write_text(f'[tool.lr-lint]\nselect = ["{code}"]\n')
    monkeypatch.chdir(tmp_path / "here")

    assert settings_for("../there/train.py").select == ("LR102",)


def test_broken_file_that_does_not_mention_lr_lint_is_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[broken")

    assert settings_for("train.py") == Settings()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[tool.lr-lint]\nselect = [", "pyproject.toml: not valid TOML: "),
        ("[tool.lr_lint]\n", r"\[tool.lr_lint\] is read by nobody; did you mean \[tool.lr-lint\]\?"),
        ("[tool]\nlr-lint = 1\n", r"pyproject.toml: \[tool.lr-lint\] must be a table"),
        ("[tool.lr-lint]\nselct = []\n", r"\[tool.lr-lint\] selct: unknown setting; did you mean select\?$"),
        ("[tool.lr-lint]\nline-length = 9\n", r"pyproject.toml: \[tool.lr-lint\] line-length: unknown setting$"),
        ("[tool.lr-lint]\nselect = ['lr101']\n", r"no rule is called 'lr101'; did you mean LR101\?$"),
        ("[tool.lr-lint]\nmin-confidence = 'Likely'\n", r"possible, likely, certain; did you mean likely\?$"),
        ("[tool.lr-lint]\nselect = 'LR1'\n", "select: must be a list of strings"),
        ("[tool.lr-lint]\nselect = [1]\n", "select: must be a list of strings"),
        ("[tool.lr-lint]\nexclude = {}\n", "exclude: must be a list of strings"),
        ("[tool.lr-lint]\nignore = ['LR9']\n", "no rule is called 'LR9'"),
        ("[tool.lr-lint]\nforce-exclude = 1\n", "force-exclude: must be true or false"),
        ("[tool.lr-lint]\nmax-steps = -1\n", "must be a whole number, 0 or more"),
        ("[tool.lr-lint]\nmax-files = true\n", "must be a whole number, 0 or more"),
        ("[tool.lr-lint]\nmin-confidence = 'sure'\n", "must be one of possible, likely, certain"),
        ("[tool.lr-lint]\nmin-confidence = []\n", "must be one of possible, likely, certain"),
        ("[tool.lr-lint]\nper-file-ignores = ['LR1']\n", "must be a table of patterns"),
        ("[tool.lr-lint]\nper-file-ignores = {a = 'LR1'}\n", "per-file-ignores 'a': must be a list of strings"),
        ("[tool.lr-lint]\nper-file-ignores = {a = ['LR9']}\n", "no rule is called 'LR9'"),
        (
            "[tool.lr-lint]\nper-file-ignores = {'{a' = ['LR1']}\n",
            "per-file-ignores: '{a' has a brace without its partner",
        ),
        ("[tool.lr-lint]\nexclude = ['a', 'b}']\n", "exclude: 'b}' has a brace without its partner"),
        ("[tool.lr-lint]\nexclude = ['" + "{a,b}" * 9 + "']\n", "has more than 64 alternatives"),
        ("[tool.lr-lint]\nexclude = ['" + "a*" * 999 + "']\n", "has more than 500 letters"),
        ("[tool.lr-lint]\nexclude = ['']\n", "exclude: '' matches nothing"),
        ("[tool.lr-lint]\nexclude = ['[b-a]']\n", "is not understood"),
        ("[tool.lr-lint]\nexclude = ['!a']\n", "exclude: '!a' would exclude all other files"),
        ("[tool.lr-lint]\nexclude = [" + "'a'," * 1_001 + "]\n", "must be at most 1,000 patterns"),
        ("[tool.lr-lint.per-file-ignores]\n" + "".join(f"a{n} = []\n" for n in range(1_001)), "at most 1,000 patterns"),
        ("[tool.lr-lint]\nexclude = " + "[" * 2_000 + "]" * 2_000, "not valid TOML: it is nested too deeply"),
        ("[tool.lr-lint]\nexclude = [" + "[" * 50 + "]" * 50 + "]", "exclude: must be a list of strings"),
        ("[tool.lr-lint]\nmax-steps = " + "9" * 5_000, "not valid TOML: a number is too long|must be at most"),
        ("[tool.lr-lint]\nmax-steps = " + "9" * 50, "max-steps: must be at most 1,000,000,000"),
        ("[tool.lr-lint]\n" + "a." * 50_000 + "a = 1", "not valid TOML: a key has more parts than any setting"),
        ('[tool.lr-lint]\n"a\\nb\\u001b" = 1', r"'a\\nb\\x1b': unknown setting"),
        ("#lr-lint\n" + "#" * 1_000_000, "pyproject.toml: too large for settings"),
    ],
)
def test_wrong_setting_is_refused_in_one_line(
    content: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(content)

    with pytest.raises(ConfigurationError, match=message) as refused:
        settings_for("train.py")

    assert "\n" not in str(refused.value)


def test_file_that_is_not_utf8_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_bytes(b"[tool.lr-lint]\n# \xff\n")

    with pytest.raises(ConfigurationError, match="not valid TOML"):
        settings_for("train.py")


def test_named_file_must_exist_and_have_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.toml").write_text("[tool.other]\n")

    with pytest.raises(ConfigurationError, match=r"none\.toml: No such file or directory"):
        ProjectSettings(rules, config="none.toml")
    with pytest.raises(ConfigurationError, match=r"\.: not a file"):
        ProjectSettings(rules, config=".")
    with pytest.raises(ConfigurationError, match="embedded null"):
        ProjectSettings(rules, config="a\0")
    with pytest.raises(ConfigurationError, match=r"other\.toml: no table \[tool.lr-lint\]"):
        ProjectSettings(rules, config="other.toml")


@pytest.mark.skipif(sys.platform == "win32", reason="needs named pipes and devices")
def test_pipe_or_device_is_not_read_as_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pyproject.toml")

    assert settings_for("train.py") == Settings()
    for config in ("pyproject.toml", "/dev/zero"):
        with pytest.raises(ConfigurationError, match=f"{config}: not a file"):
            ProjectSettings(rules, config=config)


def test_pattern_that_cannot_be_wrong_is_looked_into_when_it_is_used(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from lr_lint.source.file_paths import PathPattern\n"
        f"pattern = PathPattern({str(tmp_path)!r}, 'src/**/old_*.py')\n"
        "print('pathspec' in sys.modules, pattern.matches('src/old_a.py'))\n"
    )
    assert run_python("-c", program, cwd=tmp_path).stdout == "False True\n"
