"""LR404: the optimizer that trains is not the one that is scheduled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.checks.rules.time_claims import STEPPED

if TYPE_CHECKING:
    from lr_lint.checks.facts.other_optimizers import Mismatched


def _check(site: SiteFacts) -> Iterator[Finding]:
    from lr_lint.checks.facts.misnamed_optimizers import misnamed_of
    from lr_lint.checks.facts.other_optimizers import mismatch_of

    found = site.first_in_lives(lambda life: mismatch_of(life) or misnamed_of(life))
    if found is not None:
        yield _beside_another(site, found) if found.other is not None else _in_its_place(site, found)


def _beside_another(site: SiteFacts, found: Mismatched) -> Finding:
    assert found.other is not None
    how = f"`{found.scheduled}`, which is never stepped" if not found.by_name else f"`{found.scheduled}` once more"
    return Finding(
        RULE,
        site,
        f"schedules {how}: the optimizer that is stepped on {{place}} has no schedule",
        found.confidence,
        site.construction.anchor,
        ((found.other, "another optimizer is stepped here"),),
        mentioned=found.other,
    )


def _in_its_place(site: SiteFacts, found: Mismatched) -> Finding:
    evidence = [(site.construction.anchor, f"`{found.scheduled}` is scheduled here")]
    how = "is never stepped"
    if found.alternative is not None:
        how = "is stepped only where there is no scheduler, on {place}"
        evidence.append((found.alternative.anchor, "the optimizer is stepped here"))
    return Finding(
        RULE,
        site,
        f"steps the scheduler in place of its optimizer: `{found.scheduled}` {how}, and nothing is trained",
        found.confidence,
        found.step.anchor,
        tuple(evidence),
        mentioned=None if found.alternative is None else found.alternative.anchor,
    )


RULE = Rule(
    code="LR404",
    name="scheduler-of-another-optimizer",
    summary="the optimizer that trains is not the one that is scheduled, or is never stepped",
    default=True,
    check=_check,
    meanings=STEPPED,
    rests_on=Ground.TEXT,
)
