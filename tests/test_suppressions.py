from __future__ import annotations

from typing import Any

import pytest
from flake8.violation import Violation

from lr_lint.source.added_suppressions import suppressing
from lr_lint.source.edits import apply_edits
from lr_lint.source.suppressions import read_suppressions
from lr_lint.vocabulary.diagnostics import Span

CODE, NAME = "LR101", "rate-returned-as-factor"


def covers(text: str, *lines: tuple[int, int], code: str = CODE, name: str = NAME) -> bool:
    """Whether the comments of a text suppress a finding in statements on these lines, or on the first line."""
    return read_suppressions(text).cover(code, name, [Span(first, 0, last, 0) for first, last in lines or [(1, 1)]])


NOQA_COMMENTS = [
    "# noqa",
    "# NOQA",
    "# noqa because",
    "# noqa LR999",
    "#noqa",
    "#  noqa",
    "# noqa:LR101",
    "# noqa: LR101",
    "# noqa:  LR101",
    "# noqa : LR101",
    "# noqa : LR999",
    "# NoQA: LR101",
    "# noqa: lr101",
    "# noqa: LR1",
    "# noqa: LR",
    "# noqa: L",
    "# noqa: LR102",
    "# noqa: LR1011",
    "# noqa: E501",
    "# noqa: E501,LR101",
    "# noqa: E501, LR101",
    "# noqa: E501 LR101",
    "# noqa: E501 because LR101",
    "# noqa: LR101 because",
    "# noqa: rate-returned-as-factor",
    "# noqa:",
    "# type: ignore # noqa: LR101",
    "# type: ignore  # noqa",
    "# noqa: E501 # noqa: LR101",
    "# no noqa here",
    "# flake8: noqa",
]


@pytest.mark.parametrize("comment", NOQA_COMMENTS)
def test_noqa_means_what_it_means_to_flake8(comment: str) -> None:
    line = f"x = 1  {comment}\n"
    to_flake8 = Violation(CODE, "train.py", 1, 1, "", line).is_inline_ignored(disable_noqa=False)

    assert covers(line) is to_flake8


@pytest.mark.parametrize(
    ("comment", "suppresses"),
    [
        ("# lr-lint: ignore", True),
        ("# lr-lint: ignore because it is meant", True),
        ("# lr-lint: ignore[LR101]", True),
        ("# lr-lint: ignore[LR101] the base is 1.0", True),
        ("# lr-lint: ignore [LR101]", True),
        ("# lr-lint:ignore[LR101]", True),
        ("#lr-lint: ignore[LR101]", True),
        ("# lr-lint: ignore[LR1]", True),
        ("# lr-lint: ignore[ALL]", True),
        ("# lr-lint: ignore[LR102, LR101]", True),
        ("# lr-lint: ignore[rate-returned-as-factor]", True),
        ("# pragma: no cover # lr-lint: ignore[LR101]", True),
        ("# lr-lint: ignore[LR102]", False),
        ("# lr-lint: ignore [LR102]", False),
        ("# lr-lint: ignore[rate]", False),
        ("# lr-lint: ignore[]", False),
        ("# lr-lint: ignore[LR101", False),
        ("# lr-lint: ignored", False),
        ("# lr-lint: ignore-files", False),
        ("# see lr-lint", False),
    ],
)
def test_own_comment(comment: str, suppresses: bool) -> None:
    assert covers(f"x = 1  {comment}\n") is suppresses


@pytest.mark.parametrize(
    ("comment", "suppresses"),
    [
        ("# flake8: noqa", True),
        ("# FLAKE8: NOQA", True),
        ("# flake8=noqa", True),
        ("    # flake8: noqa", True),
        ("# flake8: noqa: LR101", True),
        ("# flake8: noqa: E501, LR1", True),
        ("# lr-lint: ignore-file", True),
        ("# lr-lint: ignore-file[LR1]", True),
        ("# lr-lint: ignore-file[rate-returned-as-factor] generated", True),
        ("x = 1  # lr-lint: ignore-file", True),
        ("x = 1  # flake8: noqa", False),
        ("# flake8: noqa: E501", False),
        ("# lr-lint: ignore-file[LR2]", False),
        ("# lr-lint: ignore", False),
    ],
)
def test_comment_for_the_whole_file(comment: str, suppresses: bool) -> None:
    assert covers(f"y = 2\n\n{comment}\n", (1, 1)) is suppresses


@pytest.mark.parametrize("line", [2, 3, 4, 5])
def test_comment_counts_on_every_line_of_the_statement(line: int) -> None:
    lines = ["import torch", "scheduler = LambdaLR(", "    optimizer,", "    lambda epoch: lr,", ")", "done()"]
    lines[line - 1] += "  # lr-lint: ignore[LR101]"

    assert covers("\n".join(lines), (2, 5))


@pytest.mark.parametrize("line", [1, 6])
def test_comment_beside_the_statement_does_not_count(line: int) -> None:
    lines = ["import torch", "scheduler = LambdaLR(", "    optimizer,", "    lambda epoch: lr,", ")", "done()"]
    lines[line - 1] += "  # noqa"

    assert not covers("\n".join(lines), (2, 5))


def test_any_of_several_statements_will_do() -> None:
    text = "def factor(epoch):\n    return lr\n\n\nLambdaLR(optimizer, factor)  # noqa: LR101\n"

    assert covers(text, (2, 2), (5, 5))
    assert not covers(text, (2, 2))


@pytest.mark.parametrize(
    "text",
    [
        'x = "# noqa"\n',
        'x = """\n# noqa\n# flake8: noqa\n# lr-lint: ignore-file\n"""\n',
        "x = '# lr-lint: ignore'\n",
    ],
)
def test_text_in_a_string_is_no_comment(text: str) -> None:
    assert not covers(text, (1, 5))


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_python_counts_them(newline: str) -> None:
    text = newline.join(["x = 1", "\x0cy = '\x0b\x1c\u2028'", "z = 3  # noqa", ""])

    assert covers(text, (3, 3))
    assert not covers(text, (2, 2))


def test_comments_before_something_untokenizable_count() -> None:
    assert covers("x = 1  # noqa\ny = (\n")


@pytest.mark.parametrize("spans", [[], [Span(7, 0, 9, 0)]])
def test_nothing_is_suppressed_without_comments(spans: list[Any]) -> None:
    assert not read_suppressions("x = 1\n").cover(CODE, NAME, spans)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1\n", "x = 1  # lr-lint: ignore[LR101]\n"),
        ("x = 1 \t\r\ny\r\n", "x = 1  # lr-lint: ignore[LR101]\r\ny\r\n"),
        ("x = 1", "x = 1  # lr-lint: ignore[LR101]"),
        ("x = 1  # why \\\n", "x = 1  # why \\  # lr-lint: ignore[LR101]\n"),
        ("x = 1  # noqa: E501\n", "x = 1  # noqa: E501  # lr-lint: ignore[LR101]\n"),
        ("x = 1  # lr-lint: ignore[LR102] old\n", "x = 1  # lr-lint: ignore[LR102, LR101] old\n"),
        ("x = 1 + \\\n  2\n", "x = 1 + \\\n  2  # lr-lint: ignore[LR101]\n"),
        ('f("""a\nb""",\n  2)\n', 'f("""a\nb""",  # lr-lint: ignore[LR101]\n  2)\n'),
        ("x = f'''{a}\n{b}\n''' + '''\n'''\n", "x = f'''{a}\n{b}\n''' + '''\n'''  # lr-lint: ignore[LR101]\n"),
        ("f('a\\\nb')\n", "f('a\\\nb')  # lr-lint: ignore[LR101]\n"),
        ("f(\n", None),
    ],
)
def test_comment_is_added_where_one_can_stand(before: str, after: str | None) -> None:
    edit = suppressing(before, Span(1, 0, 1, 1), [CODE])

    assert (None if edit is None else apply_edits(before, [edit])) == after
    if after is not None:
        assert covers(after, (1, after.count("\n") or 1))
        compile(after, "train.py", "exec")
