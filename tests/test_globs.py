"""Patterns of paths mean what pathspec says, and no path keeps one busy."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from lr_lint.source.discovery import discover
from lr_lint.source.file_paths import split_patterns
from lr_lint.source.globs import PatternError, expressions, gitignore_pattern, with_alternatives, without_backtracking
from lr_lint.source.ignorefiles import IgnoreFiles

PATTERNS = st.lists(st.sampled_from(["a", "b", "*", "?", "/", "**/", "/**/", "[ab]", "ab"]), min_size=1, max_size=9)
PATHS = st.lists(st.text("abc", min_size=1, max_size=5), min_size=1, max_size=5)


def meaning(regex: str, path: str) -> tuple[bool, bool]:
    """Whether an expression matches, and whether it is a folder above that it matches."""
    match = re.search(regex, path)
    return match is not None, match is not None and bool(match.groupdict().get("ps_d"))


@given(PATTERNS.map("".join), PATHS.map("/".join), st.booleans())
def test_expressions_without_backtracking_match_the_same(pattern: str, path: str, is_folder: bool) -> None:
    path += "/" * is_folder
    for known in GitIgnoreSpec.from_lines([pattern]).patterns:
        if known.regex is not None:
            regex = known.regex.pattern
            assert meaning(without_backtracking(regex), path) == meaning(regex, path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 20 + "*b", "a" * 250),
        ("a*" * 200 + "b", "a" * 250),
        ("*" * 400 + "b", "a" * 250),
        ("*a*a/" * 12 + "b", ("a" * 250 + "/") * 15),
        ("**/a/" * 12 + "**/b", "a/" * 2000),
        ("**/*a*a*/" * 12 + "**/b", ("a" * 250 + "/") * 15),
        ("*?" * 100 + "*b", "a" * 250),
        ("*[ab]" * 60 + "*c", "ab" * 120),
        ("x{,*a*a*a*a*a*a*a*a*a*a*b}", "x" + "a" * 240),
    ],
)
def test_wildcards_do_not_multiply(pattern: str, path: str) -> None:
    """With expressions as pathspec makes them, each of these runs for years."""
    assert not any(regex.search(path) for regex in expressions(pattern))


def test_gitignore_files_may_have_many_wildcards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = ["a" * 200 + ".py", "a" * 100 + "b.py", "c.py"]
    for name in names:
        (tmp_path / name).touch()
    (tmp_path / ".gitignore").write_text("*a" * 30 + "*b*.py\n" + "x" * 10_000 + "\n")

    assert list(discover(["."])) == ["a" * 200 + ".py", "c.py"]


def test_any_number_of_folders_may_each_have_a_gitignore() -> None:
    files = None
    for depth in range(2_000):
        files = IgnoreFiles(files, "a/" * depth, b"b.py\n" if depth == 0 else b"c.py\n")

    assert files is not None
    assert files.ignore("a/" * 1_999 + "b.py")
    assert not files.ignore("a/" * 1_999 + "d.py")


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ("a", ["a"]),
        ("{a,b}", ["a", "b"]),
        ("a/{b,c}/{d,{e,f}g}", ["a/b/d", "a/b/eg", "a/b/fg", "a/c/d", "a/c/eg", "a/c/fg"]),
        ("*.{py,pyi}", ["*.py", "*.pyi"]),
        ("{,old_}a", ["a", "old_a"]),
        ("{a}", ["a"]),
        (r"\{a,b\}", [r"\{a,b\}"]),
        (r"{a\,b,c}", [r"a\,b", "c"]),
        ("[{]a[}]", ["[{]a[}]"]),
        ("{[,],b}", ["[,]", "b"]),
        ("a,b", ["a,b"]),
    ],
)
def test_alternatives(text: str, patterns: list[str]) -> None:
    assert with_alternatives(text) == patterns


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{a", "has a brace without its partner"),
        ("a}", "has a brace without its partner"),
        ("{a}}{b", "has a brace without its partner"),
        ("{" * 200, "has a brace without its partner"),
        ("{a,b}" * 7, "has more than 64 alternatives"),
        ("{a,b}" * 90, "has more than 64 alternatives"),
        ("{" + "," * 100 + "}", "has more than 64 alternatives"),
        ("a" * 501, "has more than 500 letters"),
        ("{a,}", "matches nothing"),
        ("", "matches nothing"),
        ("/", "matches nothing"),
        ("a\\", "is not understood"),
        ("[b-a]", "is not understood"),
    ],
)
def test_what_is_no_pattern_is_refused(text: str, message: str) -> None:
    with pytest.raises(PatternError, match=message):
        expressions(text)


def test_comments_and_blanks_in_a_gitignore_are_no_patterns() -> None:
    assert gitignore_pattern("# a") is None
    assert gitignore_pattern("") is None


@given(st.text("ab*?/{},[]!\\#.- ", max_size=30))
def test_any_text_is_a_pattern_or_refused(text: str) -> None:
    with contextlib.suppress(PatternError):
        for regex in expressions(text):
            regex.search("a/b.py")


def test_a_list_is_split_outside_of_braces() -> None:
    assert split_patterns("a/{b,{c,d}},e , {f}g,") == ["a/{b,{c,d}}", "e", "{f}g"]
