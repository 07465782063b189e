from __future__ import annotations

import codecs
import warnings

import libcst
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lr_lint.source.files import SourceFile, decode, parse, split_lines
from lr_lint.vocabulary.diagnostics import Failure


def parsed(text: str) -> libcst.Module | Failure:
    return parse(SourceFile("train.py", b"", text))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param(b"", "", id="an empty file"),
        pytest.param("é = 1\n".encode(), "é = 1\n", id="UTF-8"),
        pytest.param(codecs.BOM_UTF8 + b"x = 1\n", "x = 1\n", id="a byte order mark is no part of the text"),
        pytest.param(b"# coding: latin-1\nx = '\xe9'\n", "# coding: latin-1\nx = 'é'\n", id="a declared encoding"),
        pytest.param(
            b"#!python\n# -*- coding: cp1252 -*-\n#\x80\n", "#!python\n# -*- coding: cp1252 -*-\n#€\n", id="2nd line"
        ),
        pytest.param(b"x = 1\r\ny = 2\ry = 3\n", "x = 1\r\ny = 2\ry = 3\n", id="line ends stay"),
    ],
)
def test_decoding(data: bytes, text: str) -> None:
    assert decode("train.py", data) == SourceFile("train.py", data, text)


@pytest.mark.parametrize(
    ("data", "message", "line"),
    [
        (b"x = 1\ny = '\xff'\n", "byte 0xff is not valid utf-8", 2),
        (b"x = 1\ny = 2\0\n", "contains a null byte", 2),
        (b"# coding: klingon\n", "cannot be decoded: unknown encoding: klingon", None),
        (b"# coding: rot13\n", "cannot be decoded: 'rot13' is not a text encoding", None),
        (b"# coding: ascii\n\xe9\n", "byte 0xe9 is not valid ascii", 2),
        (codecs.BOM_UTF8 + b"# coding: latin-1\n", "cannot be decoded: encoding problem: utf-8", None),
    ],
)
def test_what_cannot_be_decoded_is_said_in_one_line(data: bytes, message: str, line: int | None) -> None:
    failure = decode("train.py", data)

    assert isinstance(failure, Failure)
    assert failure.message.startswith(message)
    assert "\n" not in failure.message
    assert failure.line == line


@given(st.binary(max_size=60))
def test_no_bytes_make_decoding_or_parsing_raise(data: bytes) -> None:
    source = decode("train.py", data)

    if isinstance(source, SourceFile):
        assert isinstance(parse(source), (libcst.Module, Failure))


def test_tree_gives_the_text_back() -> None:
    text = "if x:\r\n\ty = 'é'\r\n"
    tree = parsed(text)

    assert isinstance(tree, libcst.Module)
    assert tree.code == text


@pytest.mark.parametrize(
    ("text", "message", "line", "column"),
    [
        ("x = 1\ny = )\n", "syntax error: unmatched ')'", 2, 4),
        ("def f(:\n", "syntax error: invalid syntax", 1, 6),
        ("print 'x'\n", "syntax error: Missing parentheses in call to 'print'. Did you mean print(...)?", 1, 0),
        ("if x:\n\ty\n        z\n", "syntax error: inconsistent use of tabs and spaces in indentation", 3, None),
    ],
)
def test_syntax_error_has_its_place(text: str, message: str, line: int, column: int | None) -> None:
    failure = parsed(text)

    assert isinstance(failure, Failure)
    assert failure.message == message
    assert failure.line == line
    assert column is None or failure.column == column


def test_text_that_cannot_be_encoded_is_a_failure() -> None:
    assert isinstance(parsed("x = '\ud800'\n"), Failure)


BOMBS = {
    "nested parentheses": "x = " + "(" * 2000 + "1" + ")" * 2000,
    "nested brackets": "x = " + "[" * 2000 + "]" * 2000,
    "unary operators": "x = " + "-" * 5000 + "1",
    "not": "x = " + "not " * 5000 + "1",
    "binary chain": "x = " + " + ".join(["1"] * 5000),
    "binary chain over lines": "x = (" + " +\n".join(["1"] * 1000) + ")",
    "boolean chain": "x = " + " and ".join(["a"] * 5000),
    "powers": "x = " + " ** ".join(["1"] * 5000),
    "attributes": "x = a" + ".b" * 5000,
    "calls": "x = a" + "()" * 5000,
    "calls over lines": "x = (a" + "\n()" * 1000 + ")",
    "subscripts": "x = a" + "[0]" * 5000,
    "lambdas": "x = " + "lambda: " * 3000 + "1",
    "conditional expressions": "x = " + "1 if a else " * 3000 + "1",
    "elif": "if a:\n pass\n" + "elif a:\n pass\n" * 3000,
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in BOMBS.items()])
def test_recursion_bomb_does_not_reach_the_native_parser(text: str) -> None:
    """It is refused, or left out of the text where Python itself can read it."""
    result = parsed(text + "\n")

    if isinstance(result, Failure):
        assert "nested" in result.message
    else:
        assert "too_deep(" in result.code
        assert len(result.code.split()) < 20


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 90 + "1" + ")" * 90,
        "x = " + " + ".join(["1"] * 300),
        "x = [" + "1,\n" * 5000 + "]",
        "x = (" + "'text'\n" * 300 + ")",
        "if a:\n pass\n" + "elif a:\n pass\n" * 200,
    ],
)
def test_what_people_write_is_not_too_deep(text: str) -> None:
    assert isinstance(parsed(text + "\n"), libcst.Module)


def test_warnings_about_the_checked_code_are_not_ours_to_give() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        assert isinstance(parsed("x = '\\d'\ny = 1if x else 2\n"), libcst.Module)


def test_split_lines_knows_only_the_line_ends_of_python() -> None:
    assert split_lines("a\nb\r\nc\rd\x0ce\u2028f\n") == ["a", "b", "c", "d\x0ce\u2028f", ""]
