"""Comments that suppress findings: flake8's, and lr-lint's own."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lr_lint.source.files import split_lines
from lr_lint.source.selectors import EVERY_RULE, closest

if TYPE_CHECKING:
    from lr_lint.vocabulary.diagnostics import Span

# The first is flake8's own expression, so that a comment means here what it means there.
_NOQA = re.compile(r"# noqa(?::[\s]?(?P<selectors>([A-Z]+[0-9]+(?:[,\s]+)?)+))?", re.IGNORECASE)
_FLAKE8_FILE = re.compile(r"# flake8[:=]\s*noqa(?::\s?(?P<selectors>.*))?", re.IGNORECASE)
_OWN = re.compile(r"#\s*lr-lint:\s*ignore(?P<file>-file)?(?:\s*\[(?P<selectors>[^\]]*)\])?(?!\s*\[|[\w-])")


@dataclass(slots=True)
class Suppressions:
    """The suppressing comments of one file.

    Attributes:
        everywhere: selectors of rules that are suppressed in the whole file.
        by_line: selectors of rules that are suppressed on a line.
    """

    everywhere: list[str] = field(default_factory=list)
    by_line: dict[int, list[str]] = field(default_factory=dict)

    def cover(self, code: str, name: str, statements: Iterable[Span]) -> bool:
        """Whether a comment suppresses a rule in the whole file, or on any line of any of the statements."""
        if closest(self.everywhere, code, name) is not None:
            return True
        lines = [(span.line, span.end_line) for span in statements]
        return any(
            closest(selectors, code, name) is not None
            for line, selectors in self.by_line.items()
            if any(first <= line <= last for first, last in lines)
        )


def read_suppressions(text: str) -> Suppressions:
    """Find the suppressing comments of a file. What looks like one within a string is none."""
    found = Suppressions()
    lowered = text.lower()
    if "noqa" not in lowered and "lr-lint" not in lowered:
        return found
    for line, comment, alone in _comments(text):
        if alone and (match := _FLAKE8_FILE.match(comment)):
            found.everywhere += _selectors(match)
        elif match := _NOQA.search(comment):
            found.by_line.setdefault(line, []).extend(_selectors(match))
        for match in _OWN.finditer(comment):
            if match["file"]:
                found.everywhere += _selectors(match)
            else:
                found.by_line.setdefault(line, []).extend(_selectors(match))
    return found


def _comments(text: str) -> Iterator[tuple[int, str, bool]]:
    """The line and the text of every comment, and whether it has the line to itself."""
    stream = io.StringIO("\n".join(split_lines(text)))
    try:
        for token in tokenize.generate_tokens(stream.readline):
            if token.type == tokenize.COMMENT:
                line, column = token.start
                yield line, token.string, not token.line[:column].strip()
    except (tokenize.TokenError, SyntaxError):
        return  # the parser has accepted the file, so at worst comments after an oddity of `tokenize` are missed


def _selectors(match: re.Match[str]) -> list[str]:
    selectors = match["selectors"]
    return [EVERY_RULE] if selectors is None else [part for part in re.split(r"[,\s]+", selectors) if part]
