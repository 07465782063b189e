"""What a finding is known by stays when the code around it changes, and its layout; and changes with the code."""

from __future__ import annotations

import pytest

from lr_lint.source.files import split_lines
from lr_lint.source.fingerprints import fingerprints
from lr_lint.vocabulary.diagnostics import Confidence, Diagnostic, Span

PROGRAM = """\
class Trainer:
    def schedule(self):
        if self.warm:
            return LambdaLR(self.optimizer, lambda e: 0.1 * 0.9**e)
"""


def fingerprint_of(program: str, mark: str = "lambda e", code: str = "LR101", lines: int = 1) -> str:
    """That of a finding at the first place of a text."""
    rows = split_lines(program)
    number = next(index for index, row in enumerate(rows, 1) if mark in row)
    span = Span(number, rows[number - 1].index(mark), number + lines - 1, len(rows[number + lines - 2]))
    found = Diagnostic("a.py", span, code, "name", "message", Confidence.CERTAIN, None)
    (fingerprint,) = fingerprints([found], lambda *_: rows)
    return fingerprint


@pytest.mark.parametrize(
    "same",
    [
        "import os\n\n\n" + PROGRAM,
        PROGRAM.replace("return", "return  ").replace("**e)", "**e)  # a comment, why not"),
        PROGRAM.replace(
            "(self.optimizer, lambda e: 0.1 * 0.9**e)", "(\n    self.optimizer,\n    lambda e: 0.1*0.9**e,\n)"
        ),
        PROGRAM.replace("LambdaLR(self.optimizer, ", "LambdaLR(  # why\n  self.optimizer, \\\n"),
        PROGRAM.replace("if self.warm:", "while self.cold:"),
        PROGRAM + "\n\ndef broken_later():\n    pass\n",
        PROGRAM.replace("\n", "\r\n"),
    ],
    ids=["below others", "space and comment", "wrapped", "continued", "another condition", "before others", "crlf"],
)
def test_what_does_not_change_the_statement_keeps_it(same: str) -> None:
    assert fingerprint_of(same) == fingerprint_of(PROGRAM)


@pytest.mark.parametrize(
    "other",
    [
        PROGRAM.replace("0.9", "0.95"),
        PROGRAM.replace("Trainer", "Tester"),
        PROGRAM.replace("schedule(self)", "plan(self)"),
        PROGRAM.replace("self.optimizer", "optimizer"),
    ],
    ids=["another number", "another class", "another function", "another optimizer"],
)
def test_what_changes_the_statement_or_its_place_changes_it(other: str) -> None:
    assert fingerprint_of(other) != fingerprint_of(PROGRAM)


def test_rules_differ() -> None:
    assert fingerprint_of(PROGRAM, code="LR102") != fingerprint_of(PROGRAM)


def test_quotes_make_no_difference() -> None:
    assert fingerprint_of("f(c['lr'], lambda e: 1)") == fingerprint_of('f(c["lr"], lambda e: 1)')


def test_a_comment_sign_in_a_string_is_no_comment() -> None:
    assert fingerprint_of("f('# a', lambda e: 1)") != fingerprint_of("f('# b', lambda e: 1)")


@pytest.mark.parametrize("block", ["try:\n    pass\nexcept E:\n    {}", "match x:\n    case 1:\n        {}"])
def test_statements_of_handlers_and_cases_are_found(block: str) -> None:
    call = "f(lambda e: 1)"

    assert fingerprint_of(block.format(call)) == fingerprint_of(call)


def test_of_a_definition_it_is_the_lines_that_are_pointed_at() -> None:
    program = "def factor(epoch):\n    return 0.1\n"

    assert fingerprint_of(program, "def") == fingerprint_of(program.replace("0.1", "0.2"), "def")


def test_what_python_cannot_read_is_known_by_its_lines() -> None:
    assert fingerprint_of("%magic\nf(lambda e: 1)") == fingerprint_of("!ls\n\nf(lambda e: 1)  # b")
    assert fingerprint_of("%magic\nf(lambda e: 1)") != fingerprint_of("%magic\nf(lambda e: 2)")


def test_without_the_file_the_message_tells() -> None:
    def known_by(message: str) -> list[str]:
        found = Diagnostic("a.py", Span(9, 0, 9, 1), "LR101", "name", message, Confidence.CERTAIN, None)
        return fingerprints([found], lambda *_: None)

    assert known_by("as in line 12") == known_by("as in line 14")
    assert known_by("as in line 12") != known_by("otherwise")
