"""What the rules about units share: the judgements that claim something, and how a rate is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lr_lint.checks.facts.conclusions import Conclusion, Judgement
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.vocabulary.contracts import Meaning
from lr_lint.vocabulary.quantities import real

if TYPE_CHECKING:
    from lr_lint.semantics.values.context import Anchor
    from lr_lint.semantics.worlds.runs import GroupRun
    from lr_lint.vocabulary.quantities import Origin


def claims(site: SiteFacts, *conclusions: Conclusion, read_back: bool = False) -> Iterator[Judgement]:
    """The judgements with such a conclusion, each returned expression once, the surest first."""
    seen: set[int | None] = set()
    wanted = [
        judgement
        for judgement in site.judgements
        if judgement.conclusion in conclusions and judgement.reads_back is read_back
    ]
    for judgement in sorted(wanted, key=lambda judgement: -(judgement.confidence or 0)):
        place = id(judgement.place.node) if judgement.place is not None else None
        if place not in seen:
            seen.add(place)
            yield judgement


def origin_of(judgement: Judgement) -> Origin | None:
    """Where the rate entered, preferring the very value that the optimizer was given."""
    if judgement.culprit is None:
        return None
    origins = judgement.culprit.origins
    return next((origin for origin in origins if origin.key in judgement.group.keys), origins[0] if origins else None)


def evidence_of(judgement: Judgement, site: SiteFacts, origin: Origin | None) -> tuple[tuple[Anchor, str], ...]:
    """The steps of the argument: where the rate enters, and what the optimizer starts from."""
    steps: list[tuple[Anchor, str]] = []
    if origin is not None and origin.anchor is not None:
        steps.append((origin.anchor, f"`{origin.text}` is a learning rate"))
    steps.append((judgement.group.lr_anchor, f"{site.optimizer} starts from {lr_text(judgement)}"))
    return tuple(steps)


def lr_text(judgement: Judgement) -> str:
    """The initial lr as it is spelled, with its number where the spelling is not the number."""
    base = judgement.numbers.initial_lr
    spelled = judgement.group.lr.origins[0].text if judgement.group.lr.origins else ""
    if base is None:
        return f"`{spelled}`" if spelled else "an lr that is not known here"
    return f"`{spelled}` = {base:g}" if spelled and not _is_number(spelled) else f"{base:g}"


def lr_multiplied(site: SiteFacts) -> str:
    """Which lr the scheduler multiplies by the factor."""
    return "previous lr" if site.contract.meaning is Meaning.FACTOR_OF_PREVIOUS else "initial lr"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def factors_of(group: GroupRun) -> list[float]:
    """The numbers that the callable returns, in order of time, without those that are not known."""
    values = [sample.value for sample in group.points if sample.value is not None]
    return [factor for factor in map(real, values) if factor is not None]


def told_factors(group: GroupRun) -> list[float]:
    """Those of them that people are told: none that rests on a count that nobody wrote."""
    return [factor for factor in (sample.told for sample in group.points) if factor is not None]
