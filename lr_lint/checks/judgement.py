"""The verdict on one construction: unit(initial lr of the group) x unit(f) must be exactly one ``[lr]``.

Each param group is judged in each world; the judgements are then brought together, since a claim must hold in all of
them, and what one group is casts light on those beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lr_lint.checks.facts.conclusions import Conclusion, Judgement
from lr_lint.checks.group_judgement import base_of, judge_absolute, judge_group
from lr_lint.semantics.worlds.runs import GroupRun, Runs, carries_base
from lr_lint.vocabulary.contracts import Meaning
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.families import is_doubted, is_relative, share_relative_base
from lr_lint.vocabulary.paths import is_left_open, makes_another
from lr_lint.vocabulary.quantities import Basis, real
from lr_lint.vocabulary.units import Kind

# How many times as large the greatest factor may be in one world as in another, and still say the same.
_AS_SMALL = 2


def judge(exploration: Runs, meaning: Meaning) -> list[Judgement]:
    """Brings the judgements of all worlds together: one per group position, weakened where worlds disagree."""
    if meaning is Meaning.RATE:
        columns = histories(exploration)
        return [_agreed_on_rate([judge_absolute(group) for group in history]) for history in columns]
    judgements = [
        _agreed([judge_group(group, meaning) for group in history], exploration.forgot)
        for history in histories(exploration)
    ]
    if any(judgement.conclusion is Conclusion.RELATIVE_BASE for judgement in judgements):
        # Beside a group with an lr of 1, other bare numbers are relative rates too: 0.1 for the backbone.
        judgements = [_relative(judgement) if judgement.group.own else judgement for judgement in judgements]
    groups = [judgement.group for judgement in judgements]
    fit = [judgement.conclusion is Conclusion.FACTOR for judgement in judgements]
    bases = [base_of(group) for group in groups]
    shared = all(group.own for group in groups) and share_relative_base(bases)
    return [
        _doubted(judgement) if shared or is_doubted(position, fit, bases) else judgement
        for position, judgement in enumerate(judgements)
    ]


def _relative(judgement: Judgement) -> Judgement:
    lr, culprit = judgement.group.lr, judgement.culprit
    # A number under a name is as bare as one without, unless it is the very rate that comes back.
    returned = culprit is not None and carries_base(culprit, judgement.group)
    bare = lr.unit.kind is Kind.FREE or (real(lr) is not None and lr.basis is Basis.PROVED and not returned)
    if judgement.conclusion is not Conclusion.RATE or not bare:
        return judgement
    return replace(judgement, conclusion=Conclusion.RELATIVE_BASE, confidence=None)


def _doubted(judgement: Judgement) -> Judgement:
    """Less sure, where numbers alone speak."""
    by_numbers = judgement.culprit is not None and not judgement.culprit.origins
    return replace(judgement, confidence=Confidence.POSSIBLE) if judgement.contradicts and by_numbers else judgement


def histories(exploration: Runs) -> list[list[GroupRun]]:
    """For each param group, by position, what it does in each world that has it."""
    columns: list[list[GroupRun]] = []
    for run in exploration.runs:
        for position, group in enumerate(run.groups):
            while len(columns) <= position:
                columns.append([])
            columns[position].append(group)
    return columns


def _agreed_on_rate(judgements: Sequence[Judgement]) -> Judgement:
    """One judgement over all worlds: that a factor is returned has to hold in each."""
    others = [judgement for judgement in judgements if not judgement.contradicts]
    if not others:
        return min(judgements, key=lambda claim: claim.confidence or 0)
    return next((other for other in others if other.conclusion is not Conclusion.UNKNOWN), others[0])


def _agreed(judgements: Sequence[Judgement], forgot: bool) -> Judgement:
    """One judgement for one group over all worlds.

    Args:
        judgements: those of the worlds.
        forgot: whether the worlds may differ in what the code decides and nobody could follow: a path may be none.
    """
    told = [judgement for judgement in judgements if judgement.conclusion is not Conclusion.UNKNOWN]
    if not told:
        return judgements[0]
    claims = [judgement for judgement in told if judgement.contradicts]
    if not claims:
        return told[0]
    strongest = max(claims, key=lambda claim: (claim.confidence or 0, claim.conclusion is Conclusion.RATE))
    weakest = min(claims, key=lambda claim: claim.confidence or 0)
    if any(
        judgement.conclusion is Conclusion.UNKNOWN and is_relative(base_of(judgement.group)) for judgement in judgements
    ):
        # What is not known there may be a rate, and then rightly so.
        return _with_confidence(strongest, Confidence.POSSIBLE)
    if _is_matter_of_counts(claims) or (forgot and len(told) < len(judgements)):
        return _with_confidence(strongest, Confidence.POSSIBLE)
    if len(claims) == len(told):
        if {claim.conclusion for claim in claims} == {strongest.conclusion}:
            return _with_confidence(strongest, weakest.confidence)
        return strongest
    if forgot or any(judgement.conclusion is Conclusion.RELATIVE_BASE for judgement in told):
        return _with_confidence(strongest, Confidence.POSSIBLE)
    return _one_path_only(strongest, [judgement for judgement in told if not judgement.contradicts])


def _is_matter_of_counts(claims: Sequence[Judgement]) -> bool:
    """Whether the worlds differ in how small the factors are that are called small: ``3 / len(loader)``."""
    peaks = [claim.peak for claim in claims if claim.conclusion is Conclusion.TINY]
    known = [abs(peak) for peak in peaks if peak is not None]
    return len(known) > 1 and max(known) > _AS_SMALL * min(known)


def _one_path_only(claim: Judgement, others: Sequence[Judgement]) -> Judgement:
    """In some worlds the schedule is a factor, in others not: one path of it is wrong.

    That there is such a path is known where something from outside decides on it. What the code decides by itself, in a
    way that is not followed, may rule it out.
    """
    if all(_is_another(claim.group, other.group) for other in others):
        # Two schedulers are made by one construction, and one of them is wrong throughout.
        return claim
    if claim.conclusion is Conclusion.TINY or not any(_is_choice(claim.group, other.group) for other in others):
        return _with_confidence(claim, Confidence.POSSIBLE)
    confidence = min(claim.confidence or Confidence.POSSIBLE, Confidence.LIKELY)
    return replace(claim, conclusion=Conclusion.MIXED, confidence=confidence)


def _is_another(one: GroupRun, other: GroupRun) -> bool:
    """Whether two worlds differ in who calls the function that makes the scheduler, or whose method it is."""
    conditions = one.decisions.keys() | other.decisions.keys()
    return any(makes_another(each) and one.decisions.get(each) is not other.decisions.get(each) for each in conditions)


def _is_choice(one: GroupRun, other: GroupRun) -> bool:
    """Whether all that two worlds decide differently is given from outside."""
    conditions = one.decisions.keys() | other.decisions.keys()
    differing = (each for each in conditions if one.decisions.get(each) is not other.decisions.get(each))
    return all(map(is_left_open, differing))


def _with_confidence(claim: Judgement, confidence: Confidence | None) -> Judgement:
    return replace(claim, confidence=confidence)
