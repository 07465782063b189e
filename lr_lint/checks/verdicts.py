"""Whether the schedule of one construction fits its optimizer, in one word and for one reason."""

from __future__ import annotations

from lr_lint.checks.examination import Examination
from lr_lint.checks.facts.conclusions import Conclusion, Judgement
from lr_lint.timing.claims import ClockUnit, Timing
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import real
from lr_lint.vocabulary.site_records import SiteVerdict
from lr_lint.vocabulary.units import Kind, Strength


def verdict_of(examination: Examination) -> tuple[SiteVerdict, str]:
    """Whether the schedule fits, with what contradicts it or why that is undecided; no reason where it fits.

    Rules that are off by default have no say.
    """
    claims = [finding for finding in examination.findings if finding.rule.default]
    found = {claim.rule.code: claim.rule.name for claim in claims if claim.confidence >= Confidence.LIKELY}
    if found:
        return SiteVerdict.CONTRADICTS, ", ".join(f"{code} {name}" for code, name in sorted(found.items()))
    runs, judgements = examination.runs, examination.facts.judgements
    if examination.construction.contract.callable is None:
        return _verdict_on_time(examination.facts.timing)
    if not runs.runs:
        return SiteVerdict.UNDECIDED, runs.reason
    doubted = next((judgement for judgement in judgements if judgement.contradicts), None)
    if doubted is not None:
        return SiteVerdict.UNDECIDED, _what_is_missing(doubted)
    if claims:
        return SiteVerdict.UNDECIDED, f"there is weak evidence of {claims[0].rule.name}"
    if all(judgement.conclusion is Conclusion.UNKNOWN for judgement in judgements):
        reasons = [runs.runs[0].reason, *(judgement.reason for judgement in judgements)]
        return SiteVerdict.UNDECIDED, next(filter(None, reasons), "the optimizer's param groups could not be read")
    return SiteVerdict.CONSISTENT, ""


def _verdict_on_time(timing: Timing) -> tuple[SiteVerdict, str]:
    """Whether a schedule with a curve of its own is stepped as it counts."""
    if timing.clock.unit is ClockUnit.UNKNOWN:
        return SiteVerdict.UNDECIDED, timing.clock.source
    if timing.horizon is None or timing.horizon.evidence.is_proof:
        return SiteVerdict.CONSISTENT, ""
    return SiteVerdict.UNDECIDED, timing.horizon.reason


def _what_is_missing(claim: Judgement) -> str:
    """Why a claim is no more than possible."""
    group, culprit = claim.group, claim.culprit
    if not group.settled or not (group.lr.unit.is_rate or real(group.lr) is not None):
        return "the groups' rates could not be read"
    if culprit is None or not culprit.origins:
        return "only the size of its numbers says that it returns a rate"
    if culprit.unit.strength <= Strength.GUESS:
        return "only a guess says that it returns a rate"
    if claim.conclusion is Conclusion.RATE and group.lr.unit.kind is Kind.FREE:
        return "the groups' rates are bare numbers, which may be relative"
    return "only a name says that it returns a rate"
