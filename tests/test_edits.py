"""Changes of a text: what they do, which go together, and that nothing else moves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lr_lint.source.edits import EditError, apply_edits, clash, line_starts, offsets, position, replacement
from lr_lint.vocabulary.diagnostics import Edit, Span

TEXT = "first = 1\r\nsecond = 2\nlast = 3"


def edit(line: int, column: int, end_line: int, end_column: int, text: str) -> Edit:
    return Edit(Span(line, column, end_line, end_column), text)


@pytest.mark.parametrize(
    ("edits", "result"),
    [
        pytest.param([], TEXT, id="nothing"),
        pytest.param([edit(1, 8, 1, 9, "10")], TEXT.replace("= 1", "= 10"), id="a replacement"),
        pytest.param([edit(2, 0, 2, 0, "x")], TEXT.replace("second", "xsecond"), id="an insertion"),
        pytest.param([edit(2, 0, 3, 0, "")], "first = 1\r\nlast = 3", id="a whole line"),
        pytest.param([edit(1, 9, 2, 0, "; ")], TEXT.replace("\r\n", "; "), id="a line end of two characters"),
        pytest.param(
            [edit(3, 8, 3, 8, "0"), edit(1, 0, 1, 5, "a")], "a = 1\r\nsecond = 2\nlast = 30", id="in any order"
        ),
        pytest.param([edit(1, 0, 1, 5, "a")] * 2, TEXT.replace("first", "a"), id="the same one twice is made once"),
        pytest.param([edit(1, 0, 1, 5, "a"), edit(1, 5, 1, 6, "")], TEXT.replace("first ", "a"), id="side by side"),
    ],
)
def test_edits_are_made(edits: list[Edit], result: str) -> None:
    assert apply_edits(TEXT, edits) == result


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param([edit(1, 0, 1, 5, "a"), edit(1, 4, 1, 6, "b")], id="overlapping"),
        pytest.param([edit(1, 0, 1, 5, "a"), edit(1, 0, 1, 5, "b")], id="two texts for one place"),
        pytest.param([edit(1, 0, 1, 0, "a"), edit(1, 0, 1, 0, "b")], id="two insertions at one place"),
        pytest.param([edit(1, 0, 3, 0, ""), edit(2, 0, 2, 1, "x")], id="one inside the other"),
    ],
)
def test_edits_that_do_not_go_together_are_refused(edits: list[Edit]) -> None:
    assert clash(edits)
    with pytest.raises(EditError, match="overlap"):
        apply_edits(TEXT, edits)


@pytest.mark.parametrize("outside", [edit(9, 0, 9, 1, ""), edit(0, 0, 0, 1, ""), edit(3, 8, 3, 99, "")])
def test_edits_outside_the_text_are_refused(outside: Edit) -> None:
    with pytest.raises(EditError):
        apply_edits(TEXT, [outside])


texts = st.text(alphabet="ab\n\r \té", max_size=40)


@given(texts)
def test_positions_and_offsets_are_inverse(text: str) -> None:
    starts = line_starts(text)
    for offset in range(len(text) + 1):
        line, column = position(starts, offset)
        assert offsets(starts, Span(line, column, line, column)) == (offset, offset)


@given(texts, texts, st.data())
def test_a_replacement_gives_the_new_text_and_touches_as_little_as_it_can(
    old: str, new: str, data: st.DataObject
) -> None:
    begin = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(begin, len(old)))
    change = replacement(old, line_starts(old), begin, end, new)

    assert apply_edits(old, [change]) == old[:begin] + new + old[end:]
    first, last = offsets(line_starts(old), change.span)
    replaced = old[first:last]
    assert not (replaced and change.text and (replaced[0] == change.text[0] or replaced[-1] == change.text[-1]))
