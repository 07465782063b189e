"""What the checker says: frozen plain data that sorts, pickles and knows nothing of syntax trees.

Positions are stored once and everywhere in one convention: lines are 1-based, columns are 0-based counts of
characters. Reports for people and the JSON format add one to the columns; flake8 does so by itself. What stands in a
notebook has the number of its cell, counted from 1 over all cells, and its lines are those of the cell.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import NamedTuple

from lr_lint.vocabulary.codes import UNREADABLE_FILE


class Confidence(enum.IntEnum):
    """How sure a diagnostic is. Orders from weak to strong, so that a minimum can be asked for."""

    POSSIBLE = 1
    LIKELY = 2
    CERTAIN = 3

    @property
    def label(self) -> str:
        """The lower-case word used in options, JSON and fixtures."""
        return self.name.lower()

    @classmethod
    def from_label(cls, label: str) -> Confidence:
        """The grade of that name.

        Raises:
            ValueError: if there is no such grade.
        """
        try:
            return cls[label.strip().upper()]
        except KeyError:
            known = ", ".join(grade.label for grade in cls)
            raise ValueError(f"unknown confidence {label!r} (known: {known})") from None


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text: lines 1-based, columns 0-based, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """One step of the argument: a place in the code and what it shows."""

    path: str
    span: Span
    text: str
    cell: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class SiteReference:
    """The construction that a diagnostic is about, whatever line the diagnostic points at."""

    path: str
    line: int
    column: int
    contract: str
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the schedule does, as far as it is known. Factors are dimensionless, rates are absolute."""

    initial_lr: float | None = None
    first_factor: float | None = None
    peak_factor: float | None = None
    first_lr: float | None = None


UNKNOWN_NUMBERS = Numbers()


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace the text of a span."""

    span: Span
    text: str
    cell: int | None = None


SAFE, UNSAFE = "safe", "unsafe"


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that would mend the finding.

    Attributes:
        safety: ``unsafe`` where it changes training, which is never done without being asked for; else ``safe``.
        message: what it does.
        edits: where, all in the file of the finding.
    """

    safety: str
    message: str
    edits: tuple[Edit, ...]

    @property
    def is_safe(self) -> bool:
        """Whether the program does the same after it."""
        return self.safety == SAFE


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. Sorts by place, then by code. One that is about a comment has no construction as its site.

    What would mend it is either its ``fix`` or one of its ``options``: changes that are never made for the author, who
    alone knows which one is meant.
    """

    path: str
    span: Span
    code: str
    name: str = field(compare=False)
    message: str = field(compare=False)
    confidence: Confidence = field(compare=False)
    site: SiteReference | None
    evidence: tuple[Evidence, ...] = field(default=(), compare=False)
    numbers: Numbers = field(default=UNKNOWN_NUMBERS, compare=False)
    fix: Fix | None = field(default=None, compare=False)
    cell: int | None = None
    options: tuple[Fix, ...] = field(default=(), compare=False)

    def __lt__(self, other: Diagnostic) -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[object, ...]:
        """What it sorts by: what stands in no cell before what does, and what has no site before what has one."""
        site = () if self.site is None else (self.site,)
        return self.path, self.cell or 0, self.span, self.code, site


@dataclass(frozen=True, slots=True, order=True)
class Failure:
    """A file (or a path) that could not be analysed, and why, in one line.

    Attributes:
        path: as it is shown to the user.
        message: why.
        line: where in the file, if it is about a place.
        column: likewise.
        code: the rule by which settings silence it; empty for what none does: a path whose content cannot be had, and
            a mistake of our own.
        is_syntax: whether the running Python finds the syntax wrong. Then alone, a newer one may find it right.
        cell: of a notebook, in which the line is counted.
    """

    path: str
    message: str
    line: int | None = None
    column: int | None = None
    code: str = field(default=UNREADABLE_FILE[0], compare=False)
    is_syntax: bool = field(default=False, compare=False)
    cell: int | None = None

    @property
    def diagnostic(self) -> Diagnostic | None:
        """The same as a finding, where it is one: about a file, and of a rule."""
        if not self.code:
            return None
        line, column = self.line or 1, self.column or 0
        return Diagnostic(
            path=self.path,
            span=Span(line, column, line, column),
            code=self.code,
            name=UNREADABLE_FILE[1],
            message=self.message,
            confidence=Confidence.CERTAIN,
            site=None,
            cell=self.cell,
        )


@dataclass(frozen=True, slots=True)
class Unfixed:
    """A finding of a kind that can be mended as a rule, and why this one is not, in words that fit after "since"."""

    diagnostic: Diagnostic
    reason: str


class KnownFinding(NamedTuple):
    """What a finding is known by in a baseline: all findings that are alike in it, and in it alone, are one.

    Attributes:
        path: relative to the baseline's folder, with "/".
        code: of the rule.
        fingerprint: see `lr_lint.source.fingerprints`.
    """

    path: str
    code: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """Everything that the checker has to say about one file.

    Attributes:
        path: as it is shown to the user.
        diagnostics: sorted, with suppressions and settings already applied.
        failure: set when the file could not be analysed.
        parsed: whether the text gate let the file through to the parser, which could read it.
        sites: number of scheduler constructions found.
        unfixed: the findings that have no fix, with the reason, where fixes were looked for.
        undecided: number of constructions whose schedule nothing can be said about.
        hidden: number of findings that are not told, since they are less sure than is asked for.
        known: what the findings are known by that are not told, since a baseline has them.
    """

    path: str
    diagnostics: tuple[Diagnostic, ...] = ()
    failure: Failure | None = None
    parsed: bool = False
    sites: int = 0
    unfixed: tuple[Unfixed, ...] = ()
    undecided: int = 0
    hidden: int = 0
    known: tuple[KnownFinding, ...] = ()
