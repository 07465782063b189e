"""LR410: training goes on where it was left, and the schedule begins anew."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.checks.rules.time_claims import STEPPED


def _check(site: SiteFacts) -> Iterator[Finding]:
    from lr_lint.checks.facts.resumptions import is_another_choice, left_at_the_start

    lives = list(site.lives)
    found = [left_at_the_start(life) for life in lives]
    first = found[0] if found else None
    # One finding does for all the schedules that a training may be given.
    if first is None or None in found or is_another_choice(lives[0]):
        return
    place = first.place
    with_it = "" if place is None else f", as does {site.optimizer}, whose state is loaded on {{place}}"
    yield Finding(
        RULE,
        site,
        f"the training goes on at the epoch of a checkpoint{with_it}, but {site.contract.short_name} begins at step 0 "
        "again: neither its state nor `last_epoch` is restored",
        first.confidence,
        site.construction.anchor,
        () if place is None else ((place, "the optimizer is restored here"),),
        mentioned=place,
    )


RULE = Rule(
    code="LR410",
    name="scheduler-not-restored",
    summary="training resumes at an epoch of a checkpoint, and the schedule begins at step 0 again",
    default=True,
    check=_check,
    meanings=STEPPED,
    rests_on=Ground.TEXT,
)
