"""Text for people fits the terminal that it is shown on: prose is wrapped at words, and code is cut around its mark."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lr_lint.command.commands import COMMANDS
from lr_lint.reports.pieces import LINE_END, PLAIN, block, coloured, columns, line, plain
from lr_lint.reports.statistics import render_statistics
from lr_lint.reports.text import render
from lr_lint.vocabulary.diagnostics import Confidence, Span
from tests.support import lr_lint, without_colours
from tests.test_reports import FINDING, LINES, outcome_of

WIDTHS = (60, 80, 120, 160)
WORDS = st.text("ab(`,é界", min_size=1, max_size=12)


@given(st.lists(WORDS, min_size=1, max_size=60), st.sampled_from(WIDTHS))
def test_prose_is_wrapped_at_words_and_loses_none(words: list[str], width: int) -> None:
    text = plain(line("  " + " ".join(words)), width)

    assert all(columns(each) <= width for each in text.splitlines())
    assert text.split() == words


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("width", WIDTHS)
def test_help_fits(command: str, width: int, tmp_path: Path) -> None:
    told = lr_lint("help", command, cwd=tmp_path, COLUMNS=str(width)).stdout
    assert max(map(columns, told.splitlines())) <= width


def test_statistics_fit() -> None:
    kinds = [replace(FINDING, name="scheduler-of-another-optimizer", confidence=grade) for grade in Confidence]
    assert max(map(columns, render_statistics(outcome_of(*kinds), 60).splitlines())) <= 60


def test_a_word_that_does_not_fit_stays_whole() -> None:
    path = "a/" * 40 + "train.py"
    assert path in plain(line(f"  found in {path} and nowhere else"), 60).split()


def test_further_lines_stand_below_the_text_of_a_row() -> None:
    first, *others = plain(line("  undecided  " + "the code leaves it open " * 5), 60).splitlines()

    assert first.startswith("  undecided  the code")
    assert others
    assert all(re.match(r" {13}\S", each) for each in others)


def test_no_line_is_wrapped_without_a_width_and_no_drawing_ever() -> None:
    drawing = "-" * 30 + " " + "-" * 60
    assert plain(line(drawing)) == f"{drawing}\n"
    assert plain(block(f"{drawing}\n"), 60) == f"{drawing}\n"


def test_what_belongs_together_is_not_torn_apart() -> None:
    pieces = [("x " * 28, PLAIN), ("train.py", "bold"), (":7:12", PLAIN), LINE_END]
    assert "train.py:7:12" in plain(pieces, 60).split()


def test_colours_change_no_line() -> None:
    pieces = [("word " * 30, "bold"), LINE_END]
    assert without_colours(coloured(pieces, 60)) == plain(pieces, 60)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    "code", ["x = f(" + "alpha, " * 40 + "MARK" + ", omega" * 40 + ")", "\t" * 30 + "MARK", "界" * 90 + "MARK"]
)
def test_a_frame_fits_and_its_mark_stands_under_the_code(code: str, width: int) -> None:
    start = code.index("MARK")
    finding = replace(FINDING, span=Span(1, start, 1, start + 4), evidence=(), message="is marked")

    text = plain(render(outcome_of(finding), lambda _, __: [code, *LINES], width), width).splitlines()

    assert all(columns(each) <= width for each in text)
    shown = next(each for each in text if "MARK" in each)
    mark = next(each for each in text if "^" in each)
    assert columns(shown[: shown.index("MARK")]) == mark.index("^")
    assert mark.count("^") == 4
