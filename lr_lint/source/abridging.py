"""What LibCST would choke on is taken out of its text, and all other code stands where it stood.

LibCST reads patterns and the targets of ``del`` again at each level of brackets, which makes four times the work per
level, and expressions in a time cubic in their depth. Whoever walks its trees recurses. So what is nested more deeply
than anybody writes by hand is replaced by a call of a name that nobody defines, which is given the names that it reads:
unknown to whoever evaluates it, and free to change what it is given. Lines and columns stay what they are.
"""

from __future__ import annotations

import ast
import keyword
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lr_lint.source.brackets import BracketGroup, Token, depth_at_most, first_token, logical_lines

# In brackets, of expressions. What is at a certain depth in too deep ones is taken out, so that what stands around it
# is still there.
_DEEPEST = 40
_CUT = 12
# In brackets, of patterns and targets of `del`.
_DEEPEST_PATTERN = 5
# Operators, calls or strings beside each other; LibCST nests the operands of all operators but comparisons.
LONGEST_CHAIN = 300
_SEPARATORS = frozenset(
    "= := : , ; -> += -= *= /= //= %= @= &= |= ^= >>= <<= **= lambda for async from as import return raise assert "
    "yield await while elif with case match".split()
)
_BINDING = frozenset((":=", "yield", "await"))
_LINE_END = re.compile(r"\r\n|\r|\n")
_NEIGHBOURS = re.compile(r"[\"']\s+[a-zA-Z]{0,2}[\"']")


@dataclass(frozen=True, slots=True)
class _Cut:
    """A stretch of a text with what is to stand there."""

    start: int
    end: int
    instead: str


def abridged(text: str) -> str:
    """The text with its deepest brackets and longest chains taken out; the text itself where there are none."""
    name = _unused_name(text)
    return _with_cuts(text, [cut for line in logical_lines(text) for cut in _cuts_in(line, name)])


def may_choke(text: str) -> bool:
    """Whether a text may have brackets that are nested too deeply, or too many strings beside each other. Fast."""
    return depth_at_most(text) > _DEEPEST or len(_NEIGHBOURS.findall(text)) > LONGEST_CHAIN


def first_difference(old: str, new: str) -> int | None:
    """The first line that is not the same in two texts, counted from one; None where all are."""
    pairs = zip(_LINE_END.split(old), _LINE_END.split(new), strict=True)
    return next((at for at, (one, other) in enumerate(pairs, start=1) if one != other), None)


def with_flat_patterns(text: str, tree: ast.Module) -> str:
    """The text with the deepest patterns and targets of ``del`` taken out; the text itself where there are none.

    Args:
        text: a program.
        tree: what Python's own parser makes of it.
    """
    if depth_at_most(text) <= _DEEPEST_PATTERN:
        return text
    patterns, targets = _patterns_and_targets(tree)
    if not patterns and not targets:
        return text
    starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
    name = _unused_name(text)
    cuts: list[_Cut] = []
    for line in logical_lines(text):
        first = first_token(line.items)
        if line.height <= _DEEPEST_PATTERN or first is None or first.text not in ("case", "del"):
            continue
        row = _row_of(starts, first.start)
        where, end = _operand(line, "" if first.text == "del" else ":")
        if first.text == "del" and row in targets:
            cuts.append(_Cut(where, end, f"({', '.join(map(ast.unparse, targets[row]))})"))
        elif first.text == "case":
            rows = range(row, _row_of(starts, end) + 1)
            pattern = next((patterns[each] for each in rows if each in patterns), None)
            if pattern is not None:
                cuts.append(_Cut(where, end, _opaque_pattern(pattern, name)))
    return _with_cuts(text, cuts)


def _unused_name(text: str) -> str:
    name = "too_deep"
    while name in text:
        name += "_"
    return name


def _cuts_in(line: BracketGroup, name: str) -> Iterator[_Cut]:
    """What is to be taken out of a logical line."""
    skipped: list[BracketGroup] = []
    for group in line.groups():
        if any(_is_in(group, other) for other in skipped[-1:]):
            continue
        if group.depth >= _CUT and group.depth + group.height > _DEEPEST and group.closer is not None:
            assert group.opener is not None
            skipped.append(group)
            yield _Cut(group.opener.end, group.closer.start, _opaque_content(group, name))
            continue
        for element in _elements(group):
            if _links(element) > LONGEST_CHAIN:
                skipped += [item for item in element if isinstance(item, BracketGroup)]
                yield _Cut(_start(element[0]), _end(element[-1]), _call(name, _names_in(element)))


def _is_in(group: BracketGroup, other: BracketGroup) -> bool:
    if group.opener is None or other.opener is None or other.closer is None:
        return False
    return other.opener.start <= group.opener.start < other.closer.end


def _opaque_content(group: BracketGroup, name: str) -> str:
    """What may stand between the brackets of a group, in place of anything."""
    call = _call(name, _names_in(group.items))
    assert group.opener is not None
    bracket, before = group.opener.text, group.before
    follows = before is not None and (
        before.kind in ("close", "string")
        or (before.kind == "name" and not keyword.iskeyword(before.text) and not before.text[0].isdigit())
    )
    if bracket == "{":
        entries = any(isinstance(item, Token) and item.text == ":" for item in group.items)
        return ("**" if entries else "*") + call
    return call if (bracket == "(") != follows else f"*{call}"


def _elements(group: BracketGroup) -> Iterator[list[Token | BracketGroup]]:
    """The operands of a group: what stands between commas, colons, signs of assignment and such."""
    element: list[Token | BracketGroup] = []
    in_loop = False
    for item in group.items:
        word = item.text if isinstance(item, Token) else ""
        if word in _SEPARATORS or (in_loop and word == "in"):
            if element:
                yield element
            element, in_loop = [], word == "for" or (in_loop and word != "in")
        elif element or word not in ("*", "**", "@", "if", "del"):
            element.append(item)
    if element:
        yield element


def _links(element: Sequence[Token | BracketGroup]) -> int:
    """How many operators, calls and strings an operand consists of."""
    marks = sum(isinstance(item, BracketGroup) or item.kind == "mark" or item.text in _OPERATORS for item in element)
    return marks + sum(isinstance(item, Token) and item.kind == "string" for item in element)


_OPERATORS = frozenset(("and", "or", "not", "if", "else", "in", "is"))


def _names_in(items: Iterable[Token | BracketGroup]) -> list[str] | None:
    """The names that are read there, each once; None where something is bound or waited for as well."""
    tokens = list(BracketGroup(None, None, 0, list(items)).tokens())
    names: dict[str, None] = {}
    for at, token in enumerate(tokens):
        if token.text in _BINDING:
            return None
        named = token.kind == "name" and token.text.isidentifier() and not keyword.iskeyword(token.text)
        if named and not (at and tokens[at - 1].text == ".") and not _is_keyword(tokens, at):
            names[token.text] = None
    return list(names)


def _is_keyword(tokens: Sequence[Token], at: int) -> bool:
    """Whether a name is that of an argument, or of a parameter of a lambda with a default."""
    return at + 1 < len(tokens) and tokens[at + 1].text == "="


def _call(name: str, names: Sequence[str] | None) -> str:
    """The call that stands for an expression; what is no Python where nothing can."""
    return "?" if names is None else f"{name}({', '.join(names)})"


def _start(item: Token | BracketGroup) -> int:
    return item.start if isinstance(item, Token) else _start(item.opener) if item.opener is not None else 0


def _end(item: Token | BracketGroup) -> int:
    if isinstance(item, Token):
        return item.end
    return item.closer.end if item.closer is not None else _end(item.items[-1]) if item.items else _start(item) + 1


def _operand(line: BracketGroup, until: str) -> tuple[int, int]:
    """From the second item of a logical line up to a sign or a guard, or to the end of the line."""
    items = line.items[1:]
    ends = (at for at, item in enumerate(items) if isinstance(item, Token) and item.text in (until, "if", ";"))
    items = items[: next(ends, len(items))]
    return (_start(items[0]), _end(items[-1])) if items else (_end(line.items[0]), _end(line.items[0]))


def _row_of(starts: Sequence[int], offset: int) -> int:
    return bisect_right(starts, offset)


def _patterns_and_targets(tree: ast.Module) -> tuple[dict[int, ast.pattern], dict[int, list[ast.expr]]]:
    """The patterns of cases by the line in which they begin, and the targets of ``del`` by the line of the word."""
    patterns: dict[int, ast.pattern] = {}
    targets: dict[int, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.match_case):
            patterns[node.pattern.lineno] = node.pattern
        elif isinstance(node, ast.Delete):
            targets[node.lineno] = list(_single_targets(node.targets))
    return patterns, targets


def _single_targets(targets: Sequence[ast.expr]) -> Iterator[ast.expr]:
    pending = list(reversed(targets))
    while pending:
        target = pending.pop()
        if isinstance(target, (ast.Tuple, ast.List)):
            pending += reversed(target.elts)
        else:
            yield target


def _opaque_pattern(pattern: ast.pattern, name: str) -> str:
    """A pattern that binds the same names, and of which nobody knows whether it fits; one that always fits is kept."""
    if isinstance(pattern, ast.MatchAs) and pattern.pattern is None:
        return f"({pattern.name or '_'})"
    names: dict[str, None] = {}
    for node in ast.walk(pattern):
        bound = node.rest if isinstance(node, ast.MatchMapping) else getattr(node, "name", None)
        if isinstance(bound, str):
            names[bound] = None
    return f"{name}({', '.join(names)})"


def _with_cuts(text: str, cuts: Iterable[_Cut]) -> str:
    pieces: list[str] = []
    done = 0
    for cut in cuts:
        if cut.start >= done:
            pieces += (text[done : cut.start], _fitted(text[cut.start : cut.end], cut.instead))
            done = cut.end
    return "".join((*pieces, text[done:]))


def _fitted(old: str, new: str) -> str:
    """A text that ends with a bracket, made as long as another and of as many lines."""
    lines = _LINE_END.split(old)
    breaks = _LINE_END.findall(old)
    if not breaks:
        return new[:-1].ljust(len(old) - 1) + new[-1:]
    return new[:-1] + "".join(breaks) + " " * (len(lines[-1]) - 1) + new[-1:]
