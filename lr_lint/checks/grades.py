"""How sure a claim is, once all is known that it leaves open: no surer than any gap lets it be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lr_lint.checks.rules.base import Ground
from lr_lint.vocabulary.diagnostics import Confidence

if TYPE_CHECKING:
    from lr_lint.checks.facts.gaps import Gap
    from lr_lint.checks.facts.site_facts import SiteFacts
    from lr_lint.checks.rules.base import Finding


def graded_facts(facts: SiteFacts, gaps: Sequence[Gap]) -> SiteFacts:
    """What is known about a construction, each judgement with the confidence that the gaps leave it."""
    ceiling = _ceiling(gaps)
    judgements = [
        judgement if judgement.confidence is None else replace(judgement, confidence=min(judgement.confidence, ceiling))
        for judgement in facts.judgements
    ]
    return replace(facts, judgements=judgements, gaps=tuple(gaps))


def graded(finding: Finding, facts: SiteFacts) -> Finding:
    """A finding on graded facts; the widest of the gaps that make it less sure is told as evidence."""
    gaps = [gap for gap in facts.gaps if _matters(gap, finding.ground or finding.rule.rests_on)]
    ceiling = _ceiling(gaps)
    if finding.confidence <= ceiling:
        return replace(finding, site=facts)
    widest = min(gaps, key=lambda gap: gap.ceiling)
    evidence = (*finding.evidence, (widest.place, widest.reason))
    return replace(finding, site=facts, confidence=ceiling, evidence=evidence, gap=widest)


def _matters(gap: Gap, ground: Ground) -> bool:
    return ground is Ground.VALUES or (ground is Ground.SHAPE and not gap.only_values)


def _ceiling(gaps: Sequence[Gap]) -> Confidence:
    return min((gap.ceiling for gap in gaps), default=Confidence.CERTAIN)
