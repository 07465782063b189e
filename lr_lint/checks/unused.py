"""LR902: the comments of a file that suppress nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from lr_lint.checks.mistyped import is_mistyped, is_mistyped_for_us
from lr_lint.checks.rules.lr902_unused_suppression import RULE
from lr_lint.source.files import SourceFile, split_lines
from lr_lint.source.selectors import EVERY_RULE, specificity
from lr_lint.source.suppressions import Suppression
from lr_lint.vocabulary.diagnostics import SAFE, Confidence, Diagnostic, Fix

if TYPE_CHECKING:
    from lr_lint.checks.rules.base import Finding, Rule

_PREFIX = "LR"


def unused_suppressions(
    source: SourceFile, suppressions: Sequence[Suppression], findings: Sequence[Finding], rules: Iterable[Rule]
) -> Iterator[Diagnostic]:
    """A diagnostic for each comment that suppresses less than it says.

    Args:
        source: the file.
        suppressions: its comments.
        findings: all that was found in it, whatever the settings.
        rules: those that were asked.
    """
    rules = tuple(rules)
    lines = split_lines(source.text)
    for suppression in suppressions:
        unused = [text for text in suppression.texts if _is_unused(text, suppression, findings, rules)]
        unused = [text for text in unused if not is_mistyped_for_us(text, suppression)]  # which is said in other words
        if not unused:
            continue
        whole = len(unused) == len(suppression.texts)
        named = [f"`{text}`" for text in unused if text not in (EVERY_RULE, "")]
        message = f"suppresses nothing: no finding of {' or '.join(named)} here" if named else "suppresses nothing here"
        edit = suppression.without([] if whole else unused, lines)
        fix = Fix(SAFE, "remove the comment" if whole else f"remove {', '.join(named)}", (edit,))
        yield Diagnostic(
            path=source.path,
            span=suppression.span,
            code=RULE.code,
            name=RULE.name,
            message=message,
            confidence=Confidence.CERTAIN,
            site=None,
            fix=fix,
        )


def _is_unused(text: str, suppression: Suppression, findings: Sequence[Finding], rules: Sequence[Rule]) -> bool:
    """Whether one selector of a comment suppresses nothing that the rules asked would have found."""
    if not suppression.own and not text.upper().startswith(_PREFIX):
        # Other linters read it too.
        return False
    if text == EVERY_RULE or not text:
        meant = list(rules)
    else:
        meant = [rule for rule in rules if specificity(text, rule.code, rule.name) is not None]
    if not meant or (RULE in meant and len(meant) == 1):
        # A rule that is switched off may have its reason to be suppressed; one that does not exist has none.
        return is_mistyped(text)
    codes = {rule.code for rule in meant}
    return not any(
        finding.rule.code in codes and suppression.covers(finding.rule.code, finding.rule.name, finding.statements)
        for finding in findings
    )
