"""Whether a changed program does what its author evidently meant, and nothing else changed.

The same interpreter that found the mistake runs both versions. Of what was wrong, the rate must be the one that the
old callable names; of all else, nothing may have moved.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.checks.analysis import constructions_in
from lr_lint.checks.examination import examine
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.fixes.close_looks import CloseLook
from lr_lint.checks.rules.base import Finding, Remedy
from lr_lint.checks.sharing import functions_in
from lr_lint.semantics.worlds.explore import Construction, GroupRun, Point, Runs, explore
from lr_lint.source.files import SourceFile
from lr_lint.source.settings import Settings, is_enabled
from lr_lint.source.surroundings import Surroundings
from lr_lint.source.tree import code_of
from lr_lint.vocabulary.diagnostics import Confidence, Failure
from lr_lint.vocabulary.quantities import Number, Quantity, real
from lr_lint.vocabulary.units import Kind

_RELATIVE, _ABSOLUTE = 1e-9, 1e-15
ABOUT_UNITS = frozenset({Remedy.DIVIDE, Remedy.DIVIDE_PART, Remedy.MULTIPLY})
# What these mean at each step is what they do: there is nothing to compare it with.
_UNTOLD = frozenset({Remedy.PASS_CALLABLE, Remedy.BIND_VARIABLE})


@dataclass(frozen=True, slots=True)
class Surveyed:
    """One construction of a version of a file.

    Attributes:
        construction: where it is.
        codes: those of the rules in question that report something on it.
        contradicted: the param groups that one of the rules about units reports.
        exploration: what it does, seen closely.
        everywhere: whether that rests on callers in other files.
    """

    construction: Construction
    codes: frozenset[str]
    contradicted: frozenset[int]
    exploration: Runs
    everywhere: bool

    def functions(self, positions: Iterable[int] | None = None) -> frozenset[cst.CSTNode]:
        """The definitions of what it calls for some param groups, for all of them if None."""
        called = [
            value
            for run in self.exploration.runs
            for at, value in enumerate(run.callables)
            if positions is None or at in positions
        ]
        return functions_in(called)

    def evaluated(self) -> frozenset[cst.CSTNode]:
        """The expressions that its callables have evaluated."""
        studies = [run.study for run in self.exploration.runs if run.study is not None]
        return frozenset(node for study in studies for node in study.values)


def survey(
    source: SourceFile, files: Surroundings | None, settings: Settings, before: Sequence[Surveyed]
) -> list[Surveyed] | None:
    """All constructions of a changed version of a file, each looked at as it was before.

    Args:
        source: the changed version.
        files: those around it.
        settings: those that it is checked with.
        before: the constructions of the version before.

    Returns:
        The constructions; None if the file does not parse or constructs other schedulers.
    """
    found = constructions_in(source, files, settings.budget, settings.contracts)
    if isinstance(found, Failure) or len(found) != len(before):
        return None
    pairs = zip(map(examine, found), before, strict=True)
    return [recorded_look(now.facts, now.findings, settings, everywhere=then.everywhere) for now, then in pairs]


def recorded_look(site: SiteFacts, findings: Iterable[Finding], settings: Settings, *, everywhere: bool) -> Surveyed:
    """A construction with what the rules say of it, explored once more.

    Args:
        site: what is known about it.
        findings: what the rules say.
        settings: which of the rules are in question: those that are asked for, and all that are on by default.
        everywhere: whether the exploration is to rest on callers in other files.
    """
    weakest = Confidence.from_label(settings.min_confidence)
    rules = {finding.rule for finding in findings if finding.confidence >= weakest}
    codes = frozenset(rule.code for rule in rules if rule.default or is_enabled(settings, rule))
    contradicted = frozenset(at for at, judgement in enumerate(site.judgements) if judgement.contradicts)
    exploration = explore(site.construction, everywhere=everywhere, recorded=True)
    return Surveyed(site.construction, codes, contradicted, exploration, everywhere)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a fix promises.

    Attributes:
        code: the rule whose finding is to be gone.
        remedy: how.
        positions: the param groups that are to be mended.
        others: param groups that change as well, by another promise; the rest must not.
        divisor: what the changed code divides by as the initial lr, if anything.
    """

    code: str
    remedy: Remedy
    positions: Sequence[int]
    others: Sequence[int] = ()
    divisor: str = ""

    def is_broken_by(self, new: Surveyed) -> bool:
        """Whether the finding is still there."""
        if self.remedy in ABOUT_UNITS:
            return not new.contradicted.isdisjoint(self.positions)
        return self.code in new.codes


def unchanged(old: Surveyed, new: Surveyed) -> bool:
    """Whether a construction does in one version what it does in another."""
    pairs = _paired(old.exploration, new.exploration)
    return pairs is not None and old.codes == new.codes and all(_same(first, second) for _, first, second in pairs)


def kept(promise: Expectation, old: Surveyed, new: Surveyed) -> str:
    """Why the changed construction is not what was promised, in words that fit after "since"; empty if it is."""
    if promise.is_broken_by(new):
        return "the finding would remain"
    if not new.codes <= old.codes:
        return f"{min(new.codes - old.codes)} would be found in its place"
    pairs = _paired(old.exploration, new.exploration)
    if pairs is None:
        return "the two versions cannot be compared"
    confirmed = 0
    for position, first, second in pairs:
        if position in promise.positions and not _raises_at_start(first):
            if not _is_meant(promise.remedy, first, second):
                return "the rate that is meant cannot be confirmed"
            confirmed += 1
        elif position not in promise.others and not _same(first, second):
            return "it would change another param group"
    if not confirmed:
        return "the rate that is meant cannot be confirmed"
    if promise.divisor and not _divides_by_the_rate(promise, new):
        return "what it would divide by is not the initial lr there"
    return ""


def _paired(old: Runs, new: Runs) -> list[tuple[int, GroupRun, GroupRun]] | None:
    """The param groups of both versions, world by world; None where they do not correspond."""
    if len(old.runs) != len(new.runs) or old.exhausted or new.exhausted:
        return None
    pairs: list[tuple[int, GroupRun, GroupRun]] = []
    for first, second in zip(old.runs, new.runs, strict=True):
        if len(first.groups) != len(second.groups):
            return None
        pairs += [(at, *both) for at, both in enumerate(zip(first.groups, second.groups, strict=True))]
    return pairs


def _raises_at_start(group: GroupRun) -> bool:
    """Whether the callable raises at once: no program gets anywhere in such a world."""
    return bool(group.points) and group.points[0].raised is not None


def _same(old: GroupRun, new: GroupRun) -> bool:
    if not _equal(old.lr.number, new.lr.number) or old.lr.unit != new.lr.unit:
        return False
    before, after = _by_time(old), _by_time(new)
    return before.keys() == after.keys() and all(_same_point(before[time], after[time]) for time in before)


def _same_point(old: Point, new: Point) -> bool:
    if old.value is None or new.value is None:
        return old.value is new.value and old.raised == new.raised and old.nothing == new.nothing
    return _equal(old.value.number, new.value.number) and old.value.unit == new.value.unit


def _by_time(group: GroupRun) -> dict[int, Point]:
    return {sample.time: sample for sample in group.points}


def _equal(first: Number | None, second: Number | None) -> bool:
    if first is None or second is None:
        return first is second
    if isinstance(first, complex) or isinstance(second, complex):
        return cmath.isclose(first, second, rel_tol=_RELATIVE, abs_tol=_ABSOLUTE)
    if math.isnan(first) or math.isnan(second):
        return math.isnan(first) and math.isnan(second)
    return math.isclose(first, second, rel_tol=_RELATIVE, abs_tol=_ABSOLUTE)


def _is_meant(remedy: Remedy, old: GroupRun, new: GroupRun) -> bool:
    """Whether the rates of the changed schedule are those that the author evidently meant, from the first step on."""
    base, new_base = real(old.lr), real(new.lr)
    if base is None or new_base is None or not _equal(base, new_base):
        return False
    before, after = _by_time(old), _by_time(new)
    start = min(after, default=0)
    if not after or after[start].value is None:
        return False
    if remedy in _UNTOLD:
        return True
    if remedy is Remedy.OF_INITIAL and not _equal(1, _number(after[start])):
        # The scheduler at hand is not asked at step 0, where the rate is the initial one.
        return False
    times = sorted(before.keys() & after.keys())
    if remedy is Remedy.DIVIDE and old.one_of_many:
        return _is_decay_of_each(before, after, times)
    told = {time: meant for time in times if (meant := _meant(remedy, before[time], base)) is not None}
    return times[0] in told and all(_fits(_effective(remedy, after[time], base), told[time]) for time in told)


def _is_decay_of_each(before: dict[int, Point], after: dict[int, Point], times: Sequence[int]) -> bool:
    """Whether a rate cancelled that each of many groups has a part of its own of: what stays reaches 1."""
    factors = [real(sample.value) for sample in after.values() if sample.value is not None]
    known = [factor for factor in factors if factor is not None]
    if len(known) < len(factors) or not known or not _equal(1, max(known)):
        return False
    numbers = [(_number(before[time]), _number(after[time])) for time in times]
    ratios = [old / new for old, new in numbers if old is not None and new]
    return bool(ratios) and all(_equal(ratio, ratios[0]) for ratio in ratios)


@dataclass(frozen=True, slots=True)
class _Meant:
    """The rate that a callable names: a number, or what is known about it."""

    least: Number
    most: Number


def _exactly(number: Number | None) -> _Meant | None:
    return None if number is None else _Meant(number, number)


def _fits(number: Number | None, meant: _Meant) -> bool:
    if _equal(number, meant.least) or _equal(number, meant.most):
        return True
    bounds = (meant.least, number, meant.most)
    return not any(bound is None or isinstance(bound, complex) for bound in bounds) and bounds[0] <= number <= bounds[2]  # type: ignore[operator]


def _meant(remedy: Remedy, sample: Point, base: float) -> _Meant | None:
    """The rate that the old callable names at a time; None where that cannot be told."""
    number = _number(sample)
    if sample.value is None or number is None:
        return None
    if remedy is Remedy.DIVIDE:
        return _exactly(number)
    if remedy is Remedy.DIVIDE_PART:
        return _meant_by_parts(sample.value, base)
    return _exactly(base * number)


def _meant_by_parts(value: Quantity, base: float) -> _Meant | None:
    """What a mixture means: its rates are rates, the rest is a factor of the initial lr."""
    if value.unit.is_rate:
        return _exactly(value.number)
    if value.unit.kind is not Kind.MIXED:
        return None if value.number is None else _exactly(base * value.number)
    number = real(value)
    rate = None if value.offender is None else real(value.offender)
    if rate is None or number is None:
        return None
    if value.clash == "+":
        return _exactly(rate + base * (number - rate))
    if value.clash not in ("max", "min"):
        return None
    if not _equal(number, rate):
        return _exactly((max if value.clash == "max" else min)(rate, base * number))
    # The factor is on the other side of the rate, and how far away it is cannot be seen.
    return _Meant(base * rate, rate) if value.clash == "min" else _exactly(rate)


def _number(sample: Point) -> Number | None:
    return None if sample.value is None else sample.value.number


def _effective(remedy: Remedy, sample: Point, base: float) -> Number | None:
    """The rate that the changed callable leads to."""
    number = _number(sample)
    return number if number is None or remedy is Remedy.MULTIPLY else base * number


def _divides_by_the_rate(promise: Expectation, new: Surveyed) -> bool:
    """Whether the divisor, wherever the changed callables read it, is the initial lr of their groups."""
    look = CloseLook(new.construction, new.exploration, promise.positions)
    evaluated = (node for node in new.evaluated() if isinstance(node, cst.BaseExpression))
    read = [node for node in evaluated if code_of(node) == promise.divisor]
    return bool(read) and all(look.is_rate(node) for node in read)
