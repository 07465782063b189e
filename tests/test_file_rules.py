"""LR901 and LR902: files that cannot be read, and comments that suppress nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from lr_lint.checks.engine import check_bytes, check_text
from lr_lint.checks.fixes.rounds import repair
from lr_lint.checks.rules.lr902_unused_suppression import RULE
from lr_lint.source.gate import asks_for_comments
from lr_lint.source.settings import Settings, is_enabled
from lr_lint.vocabulary.diagnostics import Diagnostic
from tests.support import BUG, FIXED, findings, lr_lint
from tests.test_flake8 import flake8

EVERYTHING = Settings(extend_select=("LR902",))
BROKEN = "def f(:  # LambdaLR\n"


def unused_in(program: str, settings: Settings = EVERYTHING) -> list[Diagnostic]:
    return [each for each in check_text("train.py", program, settings).diagnostics if each.code == "LR902"]


def with_comment(program: str, comment: str) -> str:
    """The program with a comment on the line that constructs the scheduler."""
    return program.replace("epoch)\n", f"epoch)  {comment}\n")


@pytest.mark.parametrize(
    "comment",
    [
        pytest.param("# noqa", id="a bare noqa, which any linter may need"),
        pytest.param("# noqa: E501", id="a code of another linter"),
        pytest.param("# noqa: E501, W291", id="codes of other linters"),
        pytest.param("# lr-lint: ignore[LR204]", id="a rule that is off"),
        pytest.param("# noqa: LR204,LR205", id="rules that are off"),
        pytest.param("# lr-lint: ignore[LR101, LR902]", id="what says itself that it is meant"),
        pytest.param("# a comment about lr-lint and noqa", id="a comment"),
    ],
)
def test_comments_that_may_have_their_reason(comment: str) -> None:
    assert unused_in(with_comment(FIXED, comment)) == []


@pytest.mark.parametrize(
    "comment",
    [
        "# lr-lint: ignore",
        "# lr-lint: ignore[LR101]",
        "# lr-lint: ignore[rate-returned-as-factor] it is meant",
        "# lr-lint: ignore[LR1]",
        "# lr-lint: ignore[ALL]",
        "# noqa: LR101",
        "# noqa: E501,LR101",
        "# noqa: LR1",
    ],
)
def test_comments_that_suppress_something(comment: str) -> None:
    program = with_comment(BUG, comment)

    assert unused_in(program) == []
    assert check_text("train.py", program, EVERYTHING).diagnostics == ()


def test_comments_that_suppress_a_weak_finding_count() -> None:
    """Whoever asks for more certainty must not be told to remove what others need."""
    weak = (
        "from torch.optim.lr_scheduler import LambdaLR\n\n\ndef make(optimizer, base_lr):\n"
        "    return LambdaLR(optimizer, lambda epoch: base_lr * 0.95**epoch)  # noqa: LR101\n"
    )

    assert unused_in(weak) == []


@pytest.mark.parametrize(
    ("comment", "message", "left"),
    [
        pytest.param("# lr-lint: ignore", "suppresses nothing here", "", id="no rule in particular"),
        pytest.param(
            "# lr-lint: ignore[LR101] the base is 1",
            "suppresses nothing: no finding of `LR101` here",
            "",
            id="a rule and the reason",
        ),
        pytest.param("# noqa: LR101", "suppresses nothing: no finding of `LR101` here", "", id="a code in noqa"),
        pytest.param(
            "# noqa: E501, LR101",
            "suppresses nothing: no finding of `LR101` here",
            "  # noqa: E501",
            id="a code among those of others",
        ),
        pytest.param(
            "# lr-lint: ignore[no-such-rule]",
            "suppresses nothing: no rule is called 'no-such-rule' (lr-lint rules lists them)",
            "",
            id="a rule that does not exist",
        ),
        pytest.param(
            "# type: ignore  # lr-lint: ignore[LR103]",
            "suppresses nothing: no finding of `LR103` here",
            "  # type: ignore",
            id="a comment behind another one",
        ),
        pytest.param(
            "# lr-lint: ignore[LR103]  # type: ignore",
            "suppresses nothing: no finding of `LR103` here",
            "  # type: ignore",
            id="a comment before another one",
        ),
        pytest.param("# lr-lint: ignore[]", "suppresses nothing here", "", id="no rule at all"),
    ],
)
def test_comments_that_suppress_nothing(comment: str, message: str, left: str) -> None:
    program = with_comment(FIXED, comment)
    (found,) = unused_in(program)

    assert (found.message, found.site) == (message, None)
    assert found.fix is not None
    assert found.fix.is_safe
    mended = repair("train.py", program.encode(), EVERYTHING, None, unsafe=False)
    assert mended.data.decode() == FIXED.replace("epoch)\n", f"epoch){left}\n")


def test_only_what_suppresses_nothing_goes() -> None:
    program = with_comment(BUG, "# lr-lint: ignore[LR103, LR101, LR105]")
    (found,) = unused_in(program)

    assert found.message == "suppresses nothing: no finding of `LR103` or `LR105` here"
    mended = repair("train.py", program.encode(), EVERYTHING, None, unsafe=False)
    assert "# lr-lint: ignore[LR101]\n" in mended.data.decode()


@pytest.mark.parametrize(
    "line", ["# lr-lint: ignore-file\n", "# flake8: noqa: LR101\n", "    # lr-lint: ignore[LR101] not any more\n"]
)
def test_a_comment_that_has_a_line_to_itself_takes_it_along(line: str) -> None:
    program = line + FIXED
    (_,) = unused_in(program)

    mended = repair("train.py", program.encode(), EVERYTHING, None, unsafe=False)

    assert mended.data.decode() == FIXED


def test_files_without_a_scheduler_are_looked_at(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text("x = 1  # noqa: LR101\ny = 2  # lr-lint: ignore\nz = 3  # noqa: E501\n")

    assert findings("--extend-select", "LR902", cwd=tmp_path) == [
        ("plain.py", 1, 8, "LR902"),
        ("plain.py", 2, 8, "LR902"),
    ]
    assert findings(cwd=tmp_path) == []


def test_the_finding_can_be_suppressed_in_turn() -> None:
    assert unused_in("x = 1  # noqa: LR101,LR902\n") == []
    ignored = Settings(extend_select=("LR902",), ignore=("LR902",))
    assert unused_in("x = 1  # noqa: LR101\n", ignored) == []


@pytest.mark.parametrize(
    "settings",
    [
        Settings(),
        Settings(select=("ALL",)),
        Settings(select=("LR",)),
        Settings(select=("LR1",)),
        Settings(extend_select=("unused-suppression",)),
        Settings(select=("ALL",), ignore=("LR9",)),
        Settings(select=("LR9",), ignore=("LR902",)),
        Settings(select=("LR902",), ignore=("LR9",)),
    ],
)
def test_the_gate_asks_as_the_settings_do(settings: Settings) -> None:
    """The gate does not load the rules, so it knows the rule's names by itself."""
    assert asks_for_comments(settings) is is_enabled(settings, RULE)


def test_flake8_tells_of_comments_when_asked(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(with_comment(FIXED, "# noqa: LR101"))

    assert flake8(cwd=tmp_path, select="LR1") == []
    assert [code for *_, code in flake8(cwd=tmp_path, select="LR1,LR902")] == ["LR902"]
    assert "LR902" in [code for *_, code in flake8("--extend-select=LR902", cwd=tmp_path, select="")]


def test_an_unreadable_file_is_told_unless_that_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text(BROKEN)
    (tmp_path / "train.py").write_text(BUG)

    told = lr_lint("--output-format", "concise", cwd=tmp_path)
    ignored = lr_lint("--output-format", "concise", "--ignore", "unreadable-file", cwd=tmp_path)

    assert (told.returncode, ignored.returncode) == (3, 1)
    assert told.stderr.startswith("lr-lint: broken.py:1:7: syntax error")
    assert (ignored.stderr, ignored.stdout) == ("", told.stdout)


def test_paths_that_are_not_there_are_told_in_any_case(tmp_path: Path) -> None:
    done = lr_lint("nowhere.py", "--ignore", "LR901", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (2, "lr-lint: nowhere.py: No such file or directory\n")


def test_a_mistake_of_ours_is_told_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    import lr_lint.checks.analysis

    def fail(*_: object) -> None:
        raise RuntimeError("oops")

    monkeypatch.setattr(lr_lint.checks.analysis, "analyse", fail)
    report = check_bytes("train.py", BUG.encode(), Settings(ignore=("LR901",)))

    assert report.failure is not None
    assert "internal error" in report.failure.message


@pytest.mark.parametrize(
    ("comment", "message", "mended"),
    [
        ("# lr-lint: ignore[LR1O1]", "no rule is called 'LR1O1'; did you mean LR101?", "# lr-lint: ignore[LR101]"),
        ("# lr-lint: ignore[lr101]", "no rule is called 'lr101'; did you mean LR101?", "# lr-lint: ignore[LR101]"),
        ("# noqa: LR1O1", "no rule is called 'LR1O1'; did you mean LR101?", "# noqa: LR101"),
        ("# noqa: E501, lr101", "no rule is called 'lr101'; did you mean LR101?", "# noqa: E501, LR101"),
        (
            "# lr-lint: ignore[rate_returned_as_factor] why",
            "no rule is called 'rate_returned_as_factor'; did you mean rate-returned-as-factor?",
            "# lr-lint: ignore[rate-returned-as-factor] why",
        ),
        (
            "# lr-lint: ignore[LR204, LR1O1]",
            "no rule is called 'LR1O1'; did you mean LR101?",
            "# lr-lint: ignore[LR204, LR101]",
        ),
    ],
)
def test_a_mistyped_rule_is_told_though_the_rule_is_off(comment: str, message: str, mended: str) -> None:
    program = with_comment(BUG, comment)
    (found,) = unused_in(program, Settings())

    assert found.message == f"suppresses nothing: {message}"
    repaired = repair("train.py", program.encode(), Settings(), None, unsafe=False)
    assert repaired.data.decode() == with_comment(BUG, mended)
    assert unused_in(program) == [found]


@pytest.mark.parametrize(
    "comment",
    [
        "# lr-lint: ingore[LR101]",
        "# lr-lint: ignored[LR101]",
        "# lr-lint ignore[LR101]",
        "# lr_lint: ignore[LR101]",
        "# lrlint: ignore",
        "# lr-lint: disable=LR101",
        "# lr-lint: noqa",
        "# type: ignore  # lr-lint: ignore[LR101",
        "# LR-LINT: IGNORE[LR101]",
    ],
)
def test_a_comment_that_is_not_understood_is_told_though_the_rule_is_off(comment: str) -> None:
    (found,) = unused_in(with_comment(BUG, comment), Settings())

    assert found.message == "is not understood; comments of lr-lint say `# lr-lint: ignore[LR101]`"
    assert "LR101" in [each.code for each in check_text("train.py", with_comment(BUG, comment), Settings()).diagnostics]


@pytest.mark.parametrize(
    "comment",
    [
        "# lr-lint: ignore[LR101]",
        "# lr-lint: ignore[LR999, LR902]",
        "# lr-lint ignores this line",
        "# ask lr-lint: it knows",
        "# see lr-lint's page on ignore",
        "# lr-lint (see below)",
        "# pylint: disable=all",
        "# text = 'lr-lint: ingore'",
        "# noqa: LR999",
    ],
)
def test_what_is_no_mistake_is_not_told(comment: str) -> None:
    assert unused_in(with_comment(BUG, comment), Settings()) == []


def test_a_text_is_no_comment() -> None:
    assert unused_in(BUG + "text = '''\n# lr-lint: ignore[LR1O1]\n# lr-lint: ingore[LR101]\n'''\n", Settings()) == []


@pytest.mark.parametrize(
    "settings",
    [Settings(ignore=("LR902",)), Settings(ignore=("LR9",)), Settings(select=("LR101",)), Settings(comments=False)],
)
def test_mistyped_comments_can_be_left_alone(settings: Settings) -> None:
    assert unused_in(with_comment(BUG, "# lr-lint: ignore[LR1O1]"), settings) == []


def test_mistyped_comments_are_left_alone_in_some_files(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(with_comment(BUG, "# lr-lint: ignore[LR1O1]"))
    (tmp_path / "pyproject.toml").write_text('[tool.lr-lint.per-file-ignores]\n"train.py" = ["LR902"]\n')

    assert [code for *_, code in findings(cwd=tmp_path)] == ["LR101"]
    assert [code for *_, code in findings("--isolated", cwd=tmp_path)] == ["LR101", "LR902"]
