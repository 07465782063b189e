"""What is known about one construction, for the rules to judge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from lr_lint.checks.facts.conclusions import Conclusion
from lr_lint.timing.claims import NOT_ASKED, Timing
from lr_lint.vocabulary.diagnostics import Confidence

if TYPE_CHECKING:
    from lr_lint.checks.facts.conclusions import Judgement
    from lr_lint.checks.facts.gaps import Gap
    from lr_lint.checks.facts.guards import Guards
    from lr_lint.checks.facts.refusals import Refusal
    from lr_lint.checks.facts.rivalry import Rival
    from lr_lint.checks.facts.shapes import Shape
    from lr_lint.lifecycle.lives import Life
    from lr_lint.semantics.libraries.keras_fits import Fit
    from lr_lint.semantics.worlds.construction import Construction
    from lr_lint.semantics.worlds.runs import GroupRun
    from lr_lint.vocabulary.contracts import Contract

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True, eq=False)
class SiteFacts:
    """One construction with everything that the rules may ask about it.

    It outlives the exploration that it comes from, so it holds no value of it.

    Attributes:
        construction: where the scheduler is constructed.
        optimizer: what messages call the optimizer.
        judgements: one per param group.
        histories: for each param group, what it does in each world.
        shapes: what is passed as the callable in each world.
        lives: what becomes of the scheduler and its optimizer: one for each place that has it made, found when a rule
            asks; see `lr_lint.lifecycle`.
        gaps: what the judgements do not know.
        guards: what the file checks; None where nobody asked.
        timing: how often it is stepped, and what its time is measured against.
        everywhere: whether callers in other files were asked to decide on it.
        fits: the trainings of the file that it takes part in, where it is a callback.
        rival: what else sets the rate there.
        refusal: what it returns that Keras takes for no rate.
    """

    construction: Construction
    optimizer: str
    judgements: Sequence[Judgement]
    histories: Sequence[Sequence[GroupRun]]
    shapes: Sequence[Shape] = ()
    lives: Iterable[Life] = ()
    gaps: tuple[Gap, ...] = ()
    guards: Guards | None = None
    timing: Timing = NOT_ASKED
    everywhere: bool = False
    fits: tuple[Fit, ...] = ()
    rival: Rival | None = None
    refusal: Refusal | None = None

    @property
    def contract(self) -> Contract:
        """What the scheduler does with its callable."""
        return self.construction.contract

    @property
    def contradicted(self) -> frozenset[int]:
        """The param groups whose schedule and base do not fit."""
        return frozenset(at for at, judgement in enumerate(self.judgements) if judgement.contradicts)

    def first_in_lives(self, find: Callable[[Life], _Found | None]) -> _Found | None:
        """What is found in the first of its lives in which there is anything; None where there is nothing in any."""
        return next((found for found in map(find, self.lives) if found is not None), None)

    @property
    def is_decided(self) -> bool:
        """Whether the schedule fits, or surely enough does not."""
        claims = [judgement for judgement in self.judgements if judgement.contradicts]
        if claims:
            return any((claim.confidence or Confidence.POSSIBLE) >= Confidence.LIKELY for claim in claims)
        return any(judgement.conclusion is not Conclusion.UNKNOWN for judgement in self.judgements)
