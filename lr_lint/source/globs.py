"""Patterns of paths, in the syntax of .gitignore files and of settings, as regular expressions.

pathspec knows what a pattern means. Two things are added. What it makes of a pattern with several wildcards takes time
by a power of the length of a path, and both may come from whoever wrote the code that is checked: such expressions are
rewritten so that a wildcard that has found the first place for what follows it keeps it. And settings may have
alternatives in braces, which .gitignore files do not know.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from functools import cache
from itertools import count, pairwise

from pathspec import GitIgnoreSpec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

LONGEST_PATTERN = 500
_MOST_ALTERNATIVES = 64
# How pathspec writes wildcards. Nothing else in a pattern can come out so: "/" separates the parts of a pattern before
# they are translated, and brackets that stand for themselves are escaped.
_STAR = "[^/]*"
_SOME_FOLDERS = "(?:/.+)?"
_FIRST_FOLDERS = "^(?:.+/)?"
_SLASH = re.compile(r"(?<!\[\^)/")
# An escaped letter, a class of letters, or what braces are made of.
_PIECE = re.compile(r"\\.|\[[!^]?\]?[^\]]*\]|[{},]", re.DOTALL)


class PatternError(ValueError):
    """A pattern that is not understood; its text is one line that says why."""


def gitignore_pattern(line: str) -> GitIgnoreSpecPattern | None:
    """What a line of a .gitignore file matches; None for a blank, a comment and a class of letters without its end.

    Raises:
        PatternError: if the line is not understood.
    """
    if len(line) > LONGEST_PATTERN:
        raise PatternError(f"has more than {LONGEST_PATTERN} letters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of `re`, about classes in the user's patterns
            for pattern in GitIgnoreSpec.from_lines([line]).patterns:
                if pattern.regex is not None:
                    pattern.regex = re.compile(without_backtracking(pattern.regex.pattern), re.DOTALL)
                    return pattern
    except (ValueError, re.error) as error:
        raise PatternError("is not understood") from error
    return None


@cache
def expressions(text: str) -> tuple[re.Pattern[str], ...]:
    """What a pattern of the settings matches: an expression for each of its alternatives in braces.

    Raises:
        PatternError: if it is not understood.
    """
    return tuple(map(_expression, with_alternatives(text)))


def _expression(text: str) -> re.Pattern[str]:
    pattern = gitignore_pattern("\\" + text if text.startswith(("#", "!")) else text.removeprefix("./"))
    if pattern is None or pattern.regex is None:
        raise PatternError("matches nothing")
    return pattern.regex


def with_alternatives(text: str) -> list[str]:
    """The patterns that a pattern with alternatives stands for: `{a,b}/c` for `a/c` and `b/c`.

    Raises:
        PatternError: if a brace has no partner, or there are more alternatives than anybody wants.
    """
    if len(text) > LONGEST_PATTERN:
        raise PatternError(f"has more than {LONGEST_PATTERN} letters")
    pending, patterns = [text], []
    while pending:
        pattern = pending.pop()
        cuts = _braces(pattern)
        if cuts:
            alternatives = [pattern[start + 1 : end] for start, end in pairwise(cuts)]
            pending += [pattern[: cuts[0]] + item + pattern[cuts[-1] + 1 :] for item in reversed(alternatives)]
        else:
            patterns.append(pattern)
        if len(pending) + len(patterns) > _MOST_ALTERNATIVES:
            raise PatternError(f"has more than {_MOST_ALTERNATIVES} alternatives")
    return patterns


def _braces(pattern: str) -> list[int]:
    """Where the first alternatives of a pattern have their braces and commas; empty where there are none."""
    depth = 0
    cuts: list[int] = []
    for piece in _PIECE.finditer(pattern):
        depth += piece[0] == "{"
        if depth == 1 and piece[0] in ("{", ",", "}"):
            cuts.append(piece.start())
        depth -= piece[0] == "}"
        if depth < 0 or (cuts and depth == 0):
            break
    if depth:
        raise PatternError("has a brace without its partner")
    return cuts


def without_backtracking(regex: str) -> str:
    """An expression of pathspec's that matches the same, and of which no two repeats can trade letters.

    A wildcard takes as little as what follows it up to the next wildcard allows, and keeps that: if the rest does not
    match behind the first place, it does not match behind a later one either. Only the last wildcard of a part, and
    of the whole, is free. Lookaheads with references stand for atomic groups, which Python has from 3.11 on.
    """
    names = count()
    *early, last = regex.split(_SOME_FOLDERS)
    parts: list[str] = []
    for folders in early:
        stars = _fixed_stars(folders, names)
        if stars.startswith(_FIRST_FOLDERS):
            parts.append("^" + _fixed("(?:.+?/)??" + stars.removeprefix(_FIRST_FOLDERS) + "(?=/)", names))
        else:
            parts.append(_fixed("(?:/.+?)??" + stars + "(?=/)", names) if parts else stars)
    return "".join(parts) + (_SOME_FOLDERS if early else "") + _fixed_stars(last, names)


def _fixed_stars(regex: str, names: Iterator[int]) -> str:
    return "/".join(_fixed_stars_of_part(part, names) for part in _SLASH.split(regex))


def _fixed_stars_of_part(part: str, names: Iterator[int]) -> str:
    first, *others = part.split(_STAR)
    if len(others) < 2:
        return part
    return first + "".join(_fixed("[^/]*?" + piece, names) for piece in others[:-1] if piece) + _STAR + others[-1]


def _fixed(regex: str, names: Iterator[int]) -> str:
    """An expression that, once matched, is not tried otherwise."""
    name = f"fixed{next(names)}"
    return f"(?=(?P<{name}>{regex}))(?P={name})"
