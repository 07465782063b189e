"""Texts as an editor changes them, columns as it counts them, and what an analysis has looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pygls")

from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from pygls.workspace import PositionCodec

from lr_lint.server.columns import Columns
from lr_lint.server.documents import Buffer, Documents
from lr_lint.server.overlay import FileChange, Overlay, Trace
from lr_lint.source.disk import Disk
from lr_lint.source.edits import line_starts
from lr_lint.source.files import split_lines

CODECS = {
    types.PositionEncodingKind.Utf8: "utf-8",
    types.PositionEncodingKind.Utf16: "utf-16-le",
    types.PositionEncodingKind.Utf32: "utf-32-le",
}
UNIT = {"utf-8": 1, "utf-16-le": 2, "utf-32-le": 4}
ENCODINGS = st.sampled_from(list(CODECS))
TEXTS = st.text(st.sampled_from("ab \t\n\r\f\u2028\x85é€😀🎯"), max_size=30)
CHANGES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), TEXTS), max_size=4)


def position(text: str, offset: int, codec: str) -> types.Position:
    """A place as an editor counts it, by encoding what is before it in its line."""
    line = max(number for number, start in enumerate(line_starts(text)) if start <= offset)
    before = text[line_starts(text)[line] : offset]
    return types.Position(line, len(before.encode(codec)) // UNIT[codec])


@given(TEXTS, CHANGES, ENCODINGS)
def test_changes_make_of_a_text_what_they_make_in_the_editor(
    text: str, changes: list[tuple[int, int, str]], encoding: types.PositionEncodingKind
) -> None:
    codec = CODECS[encoding]
    buffer = Buffer("file:///train.py", 1, "python", text)
    sent: list[types.TextDocumentContentChangeEvent] = []
    for first, second, new in changes:
        start, end = sorted((_between_lines(text, first), _between_lines(text, second)))
        place = types.Range(position(text, start, codec), position(text, end, codec))
        sent.append(types.TextDocumentContentChangePartial(place, new))
        text = text[:start] + new + text[end:]

    changed = buffer.changed(2, sent, Columns(PositionCodec(encoding)))

    assert (changed.text, changed.version) == (text, 2)


def _between_lines(text: str, offset: int) -> int:
    """An offset within a text that is no place amid a line's end, which no editor points at."""
    offset = min(offset, len(text))
    return offset - 1 if text[offset - 1 : offset + 1] == "\r\n" else offset


@given(TEXTS, ENCODINGS)
def test_columns_are_those_of_the_editor_and_back(text: str, encoding: types.PositionEncodingKind) -> None:
    columns, lines = Columns(PositionCodec(encoding)), split_lines(text)
    for number, line in enumerate(lines, 1):
        for column in range(len(line) + 1):
            told = columns.position(lines, number, column)
            assert told == position(text, line_starts(text)[number - 1] + column, CODECS[encoding])
            assert columns.place(lines, told) == (number, column)


def test_text_that_its_encoding_lacks_is_read_all_the_same() -> None:
    documents = Documents(Columns(PositionCodec(types.PositionEncodingKind.Utf16)))
    for text, data in (
        ("# coding: latin-1\né", "# coding: latin-1\né".encode("latin-1")),
        ("# coding: latin-1\n€", "# coding: latin-1\n€".encode()),
        ("# coding: none\n€", "# coding: none\n€".encode()),
    ):
        assert documents.open(types.TextDocumentItem("file:///train.py", "python", 1, text)).data == data


def test_what_was_looked_at_says_which_changes_matter(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "near.py").write_text("word = 1\n")
    (tmp_path / "open.py").write_text("nothing\n")
    trace = Trace()
    files = Overlay(Disk(), [(str(tmp_path / "open.py"), b"word"), (str(tmp_path / "new.py"), b"word")], trace)
    path = str(tmp_path / "train.py")

    assert files.read(str(tmp_path / "open.py")) == b"word"
    assert files.beginning(str(tmp_path / "near.py"), 4) == b"word"
    assert files.read(str(tmp_path / "sub" / ".." / "new.py")) == b"word"
    assert files.read(str(tmp_path / "none.py")) is None
    assert trace.concerns(FileChange(str(tmp_path / "none.py"), moves=True))
    assert not trace.concerns(FileChange(str(tmp_path / "other.py"), moves=True))

    assert files.names_in(str(tmp_path)) >= {"near.py", "open.py", "new.py"}
    assert trace.concerns(FileChange(str(tmp_path / "other.py"), moves=True)), "it was not there when that was asked"
    assert not trace.concerns(FileChange(str(tmp_path / "other.py"), (b"word", b"")))

    assert {Path(other).name for other in files.mentioning(path, b"word")} == {"near.py", "open.py"}
    assert trace.concerns(FileChange(str(tmp_path / "other.py"), (b"word", b"")))
    assert trace.concerns(FileChange(str(tmp_path / "other.py")))
    assert not trace.concerns(FileChange(str(tmp_path / "other.py"), (b"", b"else")))
    assert not trace.concerns(FileChange(str(tmp_path / "log.json"))), "no code is in there"
