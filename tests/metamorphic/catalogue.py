"""All transformations."""

from __future__ import annotations

from tests.metamorphic import (
    constructing,
    expressions,
    importing,
    layout,
    moving,
    naming,
    ordering,
    structure,
    units,
    wrapping,
)
from tests.metamorphic.programs import Transformation

TRANSFORMATIONS: tuple[Transformation, ...] = (
    *wrapping.TRANSFORMATIONS,
    *constructing.TRANSFORMATIONS,
    *importing.TRANSFORMATIONS,
    *layout.TRANSFORMATIONS,
    *expressions.TRANSFORMATIONS,
    *naming.TRANSFORMATIONS,
    *ordering.TRANSFORMATIONS,
    *moving.TRANSFORMATIONS,
    *structure.TRANSFORMATIONS,
    *units.TRANSFORMATIONS,
)
