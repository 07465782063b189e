"""What the analysis hands to the engine: every finding, before settings and suppressions are applied."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lr_lint.checks.rules.base import Rule, Verdict
    from lr_lint.checks.verdicts import Judgement
    from lr_lint.semantics.worlds.explore import Construction
    from lr_lint.vocabulary.diagnostics import Diagnostic, Span


@dataclass(frozen=True, slots=True)
class Report:
    """A verdict of a rule on a construction.

    Attributes:
        rule: the rule.
        verdict: what it says.
        construction: on what.
        judgements: what was concluded about each param group.
    """

    rule: Rule
    verdict: Verdict
    construction: Construction
    judgements: Sequence[Judgement]


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic with the statements on whose lines a comment may suppress it.

    Attributes:
        diagnostic: the finding itself.
        statements: spans in the checked file: the offending statement and the one that constructs the scheduler.
        report: what the diagnostic was made from.
        ordinal: which construction of the file it is about.
    """

    diagnostic: Diagnostic
    statements: tuple[Span, ...]
    report: Report | None = None
    ordinal: int = 0


@dataclass(frozen=True, slots=True)
class Examined:
    """A construction that was examined.

    Attributes:
        construction: where it is.
        judgements: what was concluded about each param group.
        everywhere: whether callers in other files were asked to decide on it.
    """

    construction: Construction
    judgements: Sequence[Judgement]
    everywhere: bool


@dataclass(slots=True)
class Analysis:
    """All that the analysis of one file found.

    Attributes:
        findings: of all constructions.
        examined: the constructions, in source order.
    """

    findings: list[Finding] = field(default_factory=list)
    examined: list[Examined] = field(default_factory=list)

    @property
    def sites(self) -> int:
        """The number of constructions."""
        return len(self.examined)
