"""A finding on its way to a fix: the draft that is tried for it now, or why there is none any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from lr_lint.checks.fixes.drafts import Draft, NoFixError
from lr_lint.checks.fixes.placing import edits_of
from lr_lint.checks.fixes.problem import Problem
from lr_lint.checks.fixes.remedy import Remedy
from lr_lint.checks.fixes.verify import Promise
from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.source.edits import clash
from lr_lint.source.positions import locate
from lr_lint.vocabulary.diagnostics import Confidence, Edit, Evidence, Fix, Span


@dataclass(frozen=True, slots=True)
class FixResult:
    """What came of the attempt to mend a finding.

    Attributes:
        fix: the verified change; None where there is none.
        reason: why there is none; empty where nobody tried, since the rule has no remedy.
        evidence: what stands in the way, where that is a place in the code.
        options: verified changes of which each would do, where only the author knows which one is meant.
    """

    fix: Fix | None = None
    reason: str = ""
    evidence: Evidence | None = None
    options: tuple[Fix, ...] = ()


@dataclass(slots=True, eq=False)
class Candidate:
    """A finding on its way to a fix.

    Attributes:
        remedy: the way in which it is to be fixed.
        problem: what is to be fixed.
        ordinal: which construction of the file it is about.
        drafts: what is still to be tried.
        draft: what is tried now; None before the first and after the last.
        edits: the same in the text.
        reason: why nothing was found so far.
        place: what stands in the way, where that is a place.
        path: likewise, where that is another file.
        verified: whether the draft does what it promises.
        options: the drafts that do, where there is a choice.
    """

    remedy: Remedy
    problem: Problem
    ordinal: int
    drafts: Iterator[Draft]
    draft: Draft | None = None
    edits: tuple[Edit, ...] = ()
    reason: str = "no change that was tried does what is meant"
    place: Anchor | None = None
    path: str = ""
    verified: bool = False
    options: list[Fix] = field(default_factory=list)

    @property
    def leaves_a_choice(self) -> bool:
        """Whether each of its drafts would do, as far as anybody but the author knows."""
        return self.remedy.leaves_a_choice(self.problem.finding)

    @property
    def is_pending(self) -> bool:
        """Whether there is something to try."""
        return not self.verified and self.draft is not None

    @property
    def changed_nodes(self) -> Sequence[cst.CSTNode]:
        """What the draft changes."""
        if self.draft is None:
            return ()
        return [*(change.node for change in self.draft.changes), *(move.statement for move in self.draft.moves)]

    def block(self, other: Construction) -> None:
        """Gives up, for the sake of a scheduler that shares the function and would change."""
        self.place = other.anchor
        self.reason = f"{other.contract.short_name} is given the same function, and there it is right"
        self.drafts = iter(())

    def advance(self, reason: str = "") -> None:
        """Moves on to the next draft; there is none if the remedy gives up.

        Args:
            reason: what is wrong with the one at hand; it outlives what the remedy says.
        """
        self.reason = reason or self.reason
        try:
            self.draft = next(self.drafts)
            self.edits = edits_of(self.problem.construction.module, [self.draft])[0]
        except StopIteration:
            self.draft = None
        except NoFixError as end:
            self.draft = None
            if not reason:
                self.reason, self.place, self.path = str(end), end.place, end.path

    def promise(self, batch: Sequence[Candidate]) -> Promise:
        """What the draft promises when it is tried together with others."""
        siblings = [each for each in batch if each.ordinal == self.ordinal and each is not self]
        others = tuple(position for each in siblings for position in each.problem.positions)
        return Promise(self.remedy, self.problem, "" if self.draft is None else self.draft.divisor, others)

    def keep(self) -> None:
        """Takes the draft at hand, which was tried and holds, as one of several options."""
        if self.draft is not None:
            self.options.append(self._fix(self.draft))

    def result(self) -> FixResult:
        """What came of it."""
        if self.options:
            ways = ", or ".join(option.message for option in self.options)
            return FixResult(reason=f"only its author knows what is meant: {ways}", options=tuple(self.options))
        if self.verified and self.draft is not None:
            return FixResult(self._fix(self.draft))
        return FixResult(reason=self.reason, evidence=self._evidence())

    def _fix(self, draft: Draft) -> Fix:
        return Fix(self.remedy.safety, self._message(draft), tuple(sorted(set(self.edits))))

    def _message(self, draft: Draft) -> str:
        """What the fix does, with the grade of the finding in view where that is not certain."""
        confidence = self.problem.finding.confidence
        return (
            draft.message if confidence is Confidence.CERTAIN else f"{draft.message} ({confidence.label}, not certain)"
        )

    def _evidence(self) -> Evidence | None:
        if self.path:
            return Evidence(self.path, Span(1, 0, 1, 0), f"not fixed: {self.reason}")
        if self.place is None:
            return None
        module, node = self.place.module, self.place.node
        span = locate(module.tree, [node]).get(node)
        return None if span is None else Evidence(module.path, span, f"not fixed: {self.reason}")


def compatible(candidates: Sequence[Candidate]) -> list[Candidate]:
    """As many of the candidates as can be tried in one text, from the first on."""
    if not clash(edit for candidate in candidates for edit in set(candidate.edits)):
        return list(candidates)
    chosen: list[Candidate] = []
    edits: list[Edit] = []
    for candidate in candidates:
        if not clash([*edits, *candidate.edits]):
            chosen.append(candidate)
            edits += candidate.edits
    return chosen
