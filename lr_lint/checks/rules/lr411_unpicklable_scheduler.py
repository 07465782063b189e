"""LR411: a scheduler that no pickle can hold is written to a file."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.vocabulary.diagnostics import Confidence


def _check(site: SiteFacts) -> Iterator[Finding]:
    local = [shape.local for shape in site.shapes]
    if not site.contract.pickled or not local or None in local:
        return
    from lr_lint.checks.facts.outside_uses import is_of_an_owner, savings_by_pickle

    for event in savings_by_pickle(site.lives):
        what = f"{'an object that keeps ' if is_of_an_owner(event) else ''}the {site.contract.short_name} itself"
        yield Finding(
            RULE,
            site,
            f"writes {what}, which holds a function that pickle cannot find by its name: a lambda, or one that is "
            "defined in a function. Its `state_dict()` leaves functions out",
            Confidence.POSSIBLE if event.loose else Confidence.CERTAIN,
            event.anchor,
            tuple((place, "this function cannot be pickled") for place in local[:1] if place is not None),
        )


RULE = Rule(
    code="LR411",
    name="unpicklable-scheduler",
    summary="the scheduler itself, with a lambda or a local function in it, is given to `torch.save` or `pickle`",
    default=True,
    check=_check,
    rests_on=Ground.SHAPE,
    remedy="save-state",
)
