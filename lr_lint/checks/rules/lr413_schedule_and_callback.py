"""LR413: two parts of a training by Keras set one rate."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.rivalry import Rivalry
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.vocabulary.contracts import Meaning

_SAID = {
    Rivalry.REFUSED: "sets the rate of an optimizer that takes it from the schedule on {{place}}: Keras refuses that, "
    "and training ends as it begins",
    Rivalry.REFUSED_LATER: "sets the rate of an optimizer that takes it from the schedule on {{place}}: Keras refuses "
    "that, and training ends when the metric first stays where it is",
    Rivalry.UNDONE: "{name} sets the rate anew at the start of each epoch, whatever the callback on {{place}} has made "
    "of it: that one has no effect",
}
_SHOWN = {
    Rivalry.REFUSED: "the schedule is made here",
    Rivalry.REFUSED_LATER: "the schedule is made here",
    Rivalry.UNDONE: "what this sets is overwritten",
}


def _check(site: SiteFacts) -> Iterator[Finding]:
    rival = site.rival
    if rival is None:
        return
    by_values = rival.rivalry is Rivalry.UNDONE
    yield Finding(
        RULE,
        site,
        _SAID[rival.rivalry].format(name=site.contract.short_name),
        rival.confidence,
        site.construction.anchor,
        ((rival.place, _SHOWN[rival.rivalry]),),
        mentioned=rival.place,
        ground=Ground.VALUES if by_values else Ground.TEXT,
    )


RULE = Rule(
    code="LR413",
    name="schedule-and-callback",
    summary="Keras: two parts of a training set one rate, a callback and the optimizer's schedule or another callback",
    default=True,
    check=_check,
    meanings=frozenset({Meaning.RATE, Meaning.CURVE}),
    rests_on=Ground.TEXT,
)
