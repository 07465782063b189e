"""Comments that suppress findings: flake8's, and lr-lint's own."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from lr_lint.source.files import split_lines
from lr_lint.source.selectors import EVERY_RULE, closest
from lr_lint.vocabulary.diagnostics import Edit, Span

# The first is flake8's own expression, so that a comment means here what it means there.
_NOQA = re.compile(r"# noqa(?::[\s]?(?P<selectors>([A-Z]+[0-9]+(?:[,\s]+)?)+))?", re.IGNORECASE)
_FLAKE8_FILE = re.compile(r"# flake8[:=]\s*noqa(?::\s?(?P<selectors>.*))?", re.IGNORECASE)
_OWN = re.compile(r"#\s*lr-lint:\s*ignore(?P<file>-file)?(?:\s*\[(?P<selectors>[^\]]*)\])?(?!\s*\[|[\w-])")
_SELECTOR = re.compile(r"[^,\s]+")


@dataclass(frozen=True, slots=True)
class Suppression:
    """A part of a comment that suppresses findings.

    Attributes:
        span: from its "#" to the next one, or to the end of the comment.
        selectors: the rules that it names, each as it is spelled, with its columns; none for all rules.
        everywhere: whether it suppresses in the whole file.
        own: whether it speaks to lr-lint alone; linters of all kinds read the others.
    """

    span: Span
    selectors: tuple[tuple[str, int, int], ...]
    everywhere: bool
    own: bool

    @property
    def texts(self) -> list[str]:
        """The selectors, one for every rule where it names none."""
        return [text for text, _, _ in self.selectors] or [EVERY_RULE]

    def names(self, code: str, name: str) -> bool:
        """Whether one of its selectors means a rule, and not just any."""
        return (closest(self.texts, code, name) or 0) > 0

    def covers(self, code: str, name: str, statements: Iterable[Span]) -> bool:
        """Whether it suppresses a rule on any line of any of the statements."""
        if closest(self.texts, code, name) is None:
            return False
        return self.everywhere or any(span.line <= self.span.line <= span.end_line for span in statements)

    def without(self, unwanted: Collection[str], lines: list[str]) -> Edit:
        """The change that takes some of its selectors away, or all of it if none would be left.

        Args:
            unwanted: selectors; all of it goes if this is empty.
            lines: those of the file, without their ends.
        """
        kept = [text for text, _, _ in self.selectors if text not in unwanted] if unwanted else []
        if kept:
            line, first, last = self.span.line, self.selectors[0][1], self.selectors[-1][2]
            return Edit(Span(line, first, line, last), ", ".join(kept))
        return _removal(self.span, lines)


def _removal(span: Span, lines: list[str]) -> Edit:
    """The change that removes a part of a comment, and the line with it if nothing else is on it."""
    line = lines[span.line - 1]
    before, after = line[: span.column].rstrip(), line[span.end_column :]
    if not before and not after:
        last = span.line == len(lines)
        return Edit(Span(span.line, 0, span.line, len(line)) if last else Span(span.line, 0, span.line + 1, 0), "")
    start = span.column if after else len(before)
    return Edit(Span(span.line, start, span.line, span.end_column), "")


@dataclass(slots=True)
class Suppressions:
    """The suppressing comments of one file, in order."""

    found: list[Suppression] = field(default_factory=list)

    def on(self, span: Span) -> Iterator[Suppression]:
        """Those of the whole file, and those on the lines of a span."""
        for suppression in self.found:
            if suppression.everywhere or span.line <= suppression.span.line <= span.end_line:
                yield suppression

    def cover(self, code: str, name: str, statements: Iterable[Span]) -> bool:
        """Whether a comment suppresses a rule in the whole file, or on any line of any of the statements."""
        statements = list(statements)
        return any(suppression.covers(code, name, statements) for suppression in self.found)


def read_suppressions(text: str) -> Suppressions:
    """Find the suppressing comments of a file. What looks like one within a string is none."""
    found = Suppressions()
    lowered = text.lower()
    if "noqa" not in lowered and "lr-lint" not in lowered:
        return found
    for line, column, comment, alone in comments_in(text):
        if alone and (match := _FLAKE8_FILE.match(comment)):
            found.found.append(_suppression(match, line, column, everywhere=True, own=False))
        elif match := _NOQA.search(comment):
            found.found.append(_suppression(match, line, column, everywhere=False, own=False))
        for match in _OWN.finditer(comment):
            everywhere = match["file"] is not None
            found.found.append(_suppression(match, line, column, everywhere=everywhere, own=True))
    return found


def is_understood(comment: str) -> bool:
    """Whether a comment is one of lr-lint's own."""
    return _OWN.search(comment) is not None


def comments_in(text: str) -> Iterator[tuple[int, int, str, bool]]:
    """The line, the column and the text of every comment, and whether it has the line to itself."""
    stream = io.StringIO("\n".join(split_lines(text)))
    try:
        for token in tokenize.generate_tokens(stream.readline):
            if token.type == tokenize.COMMENT:
                line, column = token.start
                yield line, column, token.string, not token.line[:column].strip()
    except (tokenize.TokenError, SyntaxError):
        return  # the parser has accepted the file, so at worst comments after an oddity of `tokenize` are missed


def _suppression(match: re.Match[str], line: int, column: int, *, everywhere: bool, own: bool) -> Suppression:
    comment = match.string
    following = comment.find("#", match.end())
    end = len(comment.rstrip()) if following < 0 else following
    given = () if match["selectors"] is None else _SELECTOR.finditer(match["selectors"])
    at = column + max(match.start("selectors"), 0)
    # An empty list names no rule, and so suppresses none.
    none = (("", at, at),) if match["selectors"] is not None else ()
    selectors = tuple((each[0], at + each.start(), at + each.end()) for each in given) or none
    return Suppression(Span(line, column + match.start(), line, column + end), selectors, everywhere, own)
