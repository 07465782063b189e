"""Two parts of a training that set one rate: frozen data about places in the code."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lr_lint.semantics.values.context import Anchor
    from lr_lint.vocabulary.diagnostics import Confidence


class Rivalry(enum.Enum):
    """How two parts of a training set one rate."""

    REFUSED = "the optimizer has a schedule, so its rate cannot be set"
    REFUSED_LATER = "the same, but it is set only once a metric stays where it is"
    UNDONE = "what the other one sets is set anew at the start of the next epoch"


@dataclass(frozen=True, slots=True)
class Rival:
    """Another part of a training that sets the rate.

    Attributes:
        rivalry: what comes of that.
        place: where it is made.
        confidence: how sure it is that both take part in one training.
    """

    rivalry: Rivalry
    place: Anchor
    confidence: Confidence
