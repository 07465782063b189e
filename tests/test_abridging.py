"""What LibCST would choke on is left out, and all other code stands where it stood."""

from __future__ import annotations

import ast

import libcst
import pytest

from lr_lint.source.files import SourceFile, Syntax, check_syntax, split_lines
from lr_lint.vocabulary.diagnostics import Failure


def nested(opening: str, closing: str, depth: int, inside: str = "a") -> str:
    return opening * depth + inside + closing * depth


def readable(text: str) -> str:
    """What LibCST is given of a text."""
    syntax = check_syntax(SourceFile("train.py", text.encode(), text))
    assert isinstance(syntax, Syntax), syntax
    return text if syntax.source.concrete is None else syntax.source.concrete


PATTERNS = {
    "groups": ("(", ")"),
    "lists": ("[", "]"),
    "tuples": ("(", ",)"),
    "mappings": ("{1: ", "}"),
    "classes": ("C(", ")"),
    "classes by keyword": ("C(a=", ")"),
    "stars": ("[*b, ", "]"),
    "alternatives": ("(1 | ", ")"),
    "in lines": ("[  # first\n", "\n]"),
}
EXPRESSIONS = {
    "groups": ("(", ")"),
    "lists": ("[", "]"),
    "tuples": ("(1, ", ")"),
    "dicts": ("{'b': ", "}"),
    "sets": ("{1, ", "}"),
    "calls": ("f(", ")"),
    "keywords": ("f(b=", ")"),
    "subscripts": ("b[", "]"),
    "sums": ("(1 + ", ")"),
    "choices": ("(1 if ", " else 2)"),
    "loops": ("[b for c in ", "]"),
    "lambdas": ("(lambda b: ", ")"),
    "in lines": ("[\n", ",\n]"),
}
CHAINS = {
    "a sum": " + ".join(["a"] * 900),
    "conditions": " and ".join(["a"] * 2_000),
    "signs": "-" * 900 + "a",
    "attributes": "a" + ".b" * 900,
    "calls": "a" + ".b()" * 400,
    "strings": " ".join(["'a'"] * 2_000),
    "strings in lines": "(" + "\n".join(["'a'"] * 1_000) + ")",
    "choices": "1 if a else " * 900 + "2",
    "lambdas": "lambda: " * 400 + "a",
}
PLACES = ["x = {}\n", "def f(epoch):\n    return {}\n", "f({}, b)\n", "x = lambda e: {}\n", "if {}: pass\n"]


def test_deep_patterns_are_left_out_with_the_names_that_they_bind_kept() -> None:
    deep = nested("[", "]", 20, "a, *b")
    text = f"match x:\n    case {deep} if c: f(1)\n    case _:  # all others\n        pass\n"
    given = readable(text)

    assert given.splitlines()[2:] == text.splitlines()[2:]
    assert given.splitlines()[1].replace(" ", "") == "casetoo_deep(a,b)ifc:f(1)"
    assert given.index("if c") == text.index("if c")


def test_pattern_that_always_fits_still_does() -> None:
    given = readable(f"match x:\n    case {nested('(', ')', 20, 'a')}:\n        pass\n")

    case = ast.parse(given).body[0].cases[0]  # type: ignore[attr-defined]
    assert isinstance(case.pattern, ast.MatchAs)
    assert (case.pattern.pattern, case.pattern.name) == (None, "a")


@pytest.mark.parametrize(("opening", "closing"), PATTERNS.values(), ids=PATTERNS)
@pytest.mark.parametrize("depth", [7, 60])
def test_libcst_is_given_no_deep_patterns(opening: str, closing: str, depth: int) -> None:
    text = f"match x:\n    case {nested(opening, closing, depth)}:\n        y = 1\n"

    check_that_it_is_read(text)


@pytest.mark.parametrize(("opening", "closing"), [("(", ",)"), ("[", "]"), ("(b.c, [d], ", ")")])
def test_libcst_is_given_no_deep_targets_of_del(opening: str, closing: str) -> None:
    check_that_it_is_read(f"del x, {nested(opening, closing, 60)}; y = 1\n")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("opening", "closing"), EXPRESSIONS.values(), ids=EXPRESSIONS)
def test_libcst_is_given_no_deep_brackets(opening: str, closing: str, place: str) -> None:
    given = check_that_it_is_read(place.format(nested(opening, closing, 80)) + "y = 1\n")

    assert "too_deep(" in given


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("chain", CHAINS.values(), ids=CHAINS)
def test_libcst_is_given_no_long_chains(chain: str, place: str) -> None:
    check_that_it_is_read(place.format(chain) + "y = 1\n")


def check_that_it_is_read(text: str) -> str:
    """Whether LibCST reads what it is given of a text, in which all other lines are as they were."""
    given = readable(text)
    lines, before = split_lines(given), split_lines(text)
    tree = libcst.parse_module(given)

    assert tree.code == given
    assert len(lines) == len(before)
    assert lines[-2][-5:] == before[-2][-5:]
    assert len(before) > 3 or list(map(len, lines)) == list(map(len, before))
    return given


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"x = {nested('[', ']', 30)}\n", id="a list in lists"),
        pytest.param("match x:\n    case C(a=[D(b={1: c})]):\n        pass\n", id="patterns as people write them"),
        pytest.param(f"x = {' + '.join(['a'] * 200)}\n", id="a sum"),
        pytest.param("x = '" + "(" * 100 + "'  # " + "[" * 100 + "\n", id="brackets in strings and comments"),
        pytest.param("x = [" + "(1, 2), " * 1_000 + "]\n", id="a long list"),
        pytest.param("case = ((((((((1))))))))\n", id="a variable that is called case"),
    ],
)
def test_what_people_write_is_left_as_it_is(text: str) -> None:
    assert readable(text) == text


@pytest.mark.parametrize("word", ["(b := 1)", "(yield)", "(await b)"])
def test_what_binds_or_waits_in_deep_brackets_is_not_left_out(word: str) -> None:
    text = f"async def f():\n    x = {nested('[', ']', 80, word)}\n"

    failure = check_syntax(SourceFile("train.py", b"", text))
    assert failure == Failure("train.py", "nested too deeply to be analysed")
