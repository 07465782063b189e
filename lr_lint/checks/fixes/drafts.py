"""What could be changed to mend a finding: drafts, the best first, none of them verified yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from lr_lint.checks.fixes.cases import Case, Draft, RefusalError
from lr_lint.checks.fixes.form_drafts import bind_variable, of_initial, pass_callable
from lr_lint.checks.fixes.unit_drafts import divide, divide_part, multiply
from lr_lint.checks.rules.base import Remedy

Draughtsman: TypeAlias = "Callable[[Case], Iterator[Draft]]"

_DRAUGHTSMEN: dict[Remedy, Draughtsman] = {
    Remedy.DIVIDE: divide,
    Remedy.DIVIDE_PART: divide_part,
    Remedy.MULTIPLY: multiply,
    Remedy.OF_INITIAL: of_initial,
    Remedy.PASS_CALLABLE: pass_callable,
    Remedy.BIND_VARIABLE: bind_variable,
}


def drafts_for(remedy: Remedy, case: Case) -> Iterator[Draft]:
    """The ways in which a finding may be mended.

    Raises:
        RefusalError: while iterating, if there is none, or no further one.
    """
    if case.finding.unfixable:
        raise RefusalError(case.finding.unfixable)
    yield from _DRAUGHTSMEN[remedy](case)
