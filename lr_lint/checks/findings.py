"""What the analysis hands to the engine: every finding, before settings and suppressions are applied."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lr_lint.vocabulary.diagnostics import Diagnostic, Span


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic with the statements on whose lines a comment may suppress it.

    Attributes:
        diagnostic: the finding itself.
        statements: spans in the checked file: the offending statement and the one that constructs the scheduler.
    """

    diagnostic: Diagnostic
    statements: tuple[Span, ...]


@dataclass(slots=True)
class Analysis:
    """All that the analysis of one file found."""

    findings: list[Finding] = field(default_factory=list)
    sites: int = 0
