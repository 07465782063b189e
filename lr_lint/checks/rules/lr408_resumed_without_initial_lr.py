"""LR408: a scheduler goes on from a step, for an optimizer without initial rates."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.checks.rules.time_claims import STEPPED


def _check(site: SiteFacts) -> Iterator[Finding]:
    from lr_lint.checks.facts.resumptions import without_initial_rate

    found = [without_initial_rate(life) for life in site.lives]
    first = found[0] if found else None
    if first is None or None in found:
        return
    after = "the step of a checkpoint" if first.after is None else f"step {first.after:g}"
    yield Finding(
        RULE,
        site,
        f"goes on after {after}, but no group of {site.optimizer} has an `initial_lr` yet, so that "
        f"{site.contract.short_name} raises KeyError: the state of an optimizer that had a scheduler has one",
        first.confidence,
        first.place,
    )


RULE = Rule(
    code="LR408",
    name="resumed-without-initial-lr",
    summary="`last_epoch` is another step than -1, and the optimizer is fresh: the constructor raises KeyError",
    default=True,
    check=_check,
    meanings=STEPPED,
    rests_on=Ground.TEXT,
)
