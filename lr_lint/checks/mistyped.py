"""LR902, whether it is on or not: comments that are meant to suppress something, and are not understood.

Who writes such a comment wants a finding silenced, and has it told all the same, or will one day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lr_lint.checks.rules import RULES
from lr_lint.checks.rules.lr902_unused_suppression import RULE
from lr_lint.source.files import SourceFile, split_lines
from lr_lint.source.near_misses import nearest
from lr_lint.source.selectors import EVERY_RULE, specificity
from lr_lint.source.settings import unknown_rule
from lr_lint.source.suppressions import Suppression, comments_in, is_understood
from lr_lint.vocabulary.diagnostics import SAFE, Confidence, Diagnostic, Edit, Fix, Span

# A comment that speaks to us: the name, and a word with a colon before it or a bracket behind it.
_TO_US = re.compile(
    r"#\s*lr[-_ ]?lint\b(?P<colon>\s*:)?\s*(?P<word>[a-z][a-z-]*)(?P<bracket>\s*[\[=:(])?", re.IGNORECASE
)
# What in a comment that linters of all kinds read is meant for us: no code in its right form, which may be another's.
_OURS = re.compile(r"(?!LR\d+$)(?i:LR)\d")
_NOT_UNDERSTOOD = "is not understood; comments of lr-lint say `# lr-lint: ignore[LR101]`"
_WORDS = ("ignore", "ignore-file")
# What other linters say.
_OF_OTHERS = frozenset(("disable", "noqa", "nolint", "off", "skip", "suppress"))


def mistyped_suppressions(source: SourceFile, suppressions: Sequence[Suppression]) -> Iterator[Diagnostic]:
    """A diagnostic for each rule that a comment names and that does not exist, and for each word that is not ours.

    Args:
        source: the file.
        suppressions: its comments, as far as they are understood.
    """
    lines = split_lines(source.text)
    for suppression in suppressions:
        for text, first, last in suppression.selectors:
            if is_mistyped_for_us(text, suppression):
                span = Span(suppression.span.line, first, suppression.span.line, last)
                message = f"suppresses nothing: {unknown_rule(text, RULES)}"
                yield _diagnostic(source, span, message, _respelled(text, suppression, span, lines))
    for line, column, comment, _ in comments_in(source.text):
        found = _TO_US.search(comment)
        if found is not None and _is_meant(found) and not is_understood(comment):
            span = Span(line, column + found.start(), line, column + len(comment.rstrip()))
            yield _diagnostic(source, span, _NOT_UNDERSTOOD, None)


def is_mistyped(text: str) -> bool:
    """Whether a selector names no rule."""
    if not text or text == EVERY_RULE:
        return False
    return all(specificity(text, rule.code, rule.name) is None for rule in RULES)


def is_mistyped_for_us(text: str, suppression: Suppression) -> bool:
    """Whether a selector of a comment names no rule, and is meant for no other linter."""
    return (suppression.own or _OURS.match(text) is not None) and is_mistyped(text)


def _is_meant(found: re.Match[str]) -> bool:
    """Whether a comment is no sentence about lr-lint."""
    if found["colon"] is None and found["bracket"] is None:
        return False
    word = found["word"].lower()
    return word.removesuffix("-file") in _OF_OTHERS or bool(nearest(word, _WORDS))


def _respelled(text: str, suppression: Suppression, span: Span, lines: list[str]) -> Fix:
    """The rule that is meant, if it can only be one; else the comment without it."""
    near = nearest(text, [word for rule in RULES for word in (rule.code, rule.name)])
    if len(near) == 1:
        return Fix(SAFE, f"write `{near[0]}`", (Edit(span, near[0]),))
    whole = len(suppression.selectors) == 1
    edit = suppression.without([] if whole else [text], lines)
    return Fix(SAFE, "remove the comment" if whole else f"remove `{text}`", (edit,))


def _diagnostic(source: SourceFile, span: Span, message: str, fix: Fix | None) -> Diagnostic:
    return Diagnostic(source.path, span, RULE.code, RULE.name, message, Confidence.CERTAIN, site=None, fix=fix)
