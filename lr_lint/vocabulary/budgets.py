"""What one construction of a scheduler is worth."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """Bounds on the work for one construction. Where they end, the verdict is unknown.

    Attributes:
        steps: of the interpreter, in all worlds together; one evaluates one expression.
        files: of the project that are opened besides the one that is checked.
    """

    steps: int = 120_000
    files: int = 16


DEFAULT_BUDGET = Budget()
