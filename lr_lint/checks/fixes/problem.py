"""What is to be fixed: a finding with all that its callables compute, expression by expression, in all worlds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.checks.examination import Examination
from lr_lint.checks.facts.conclusions import Conclusion
from lr_lint.checks.group_judgement import judge_group
from lr_lint.checks.rules.base import Finding
from lr_lint.semantics.libraries.rate_sources import is_group_lr
from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.semantics.worlds.runs import GroupRun, Run
from lr_lint.vocabulary.paths import AccessPath, PathKind
from lr_lint.vocabulary.quantities import Quantity, real

_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding, and the param groups that it is about.

    Attributes:
        finding: what is to be fixed.
        examination: of its construction, with recorded runs.
        positions: the param groups.
        arguments: the expressions that all schedulers of the file are given as their callables.
    """

    finding: Finding
    examination: Examination
    positions: Sequence[int]
    arguments: frozenset[cst.CSTNode] = frozenset()

    @property
    def construction(self) -> Construction:
        """Where the scheduler is constructed."""
        return self.examination.construction

    def groups(self) -> Iterator[tuple[Run, GroupRun]]:
        """The param groups in each world."""
        for run in self.examination.runs.runs:
            for position in self.positions:
                if position < len(run.groups):
                    yield run, run.groups[position]

    def is_right(self, group: GroupRun) -> bool:
        """Whether one of the groups is as it should be in a world, where others return nothing but rates."""
        judgements = self.finding.site.judgements
        if {judgements[at].conclusion for at in self.positions if at < len(judgements)} != {Conclusion.RATE}:
            return False
        return judge_group(group, self.construction.contract.meaning).conclusion is Conclusion.FACTOR

    def returned(self) -> dict[cst.BaseExpression, Anchor]:
        """The expressions that the callables return where they are wrong, in no particular order."""
        wrong = [group for _, group in self.groups() if not self.is_right(group)]
        places = [point.place for group in wrong for point in group.points if point.place is not None]
        return {place.node: place for place in places if isinstance(place.node, cst.BaseExpression)}

    def values_of(self, node: cst.CSTNode) -> list[tuple[GroupRun, Quantity | None]]:
        """What an expression came to, each time, with the group whose rate it may be."""
        return [
            (group, value)
            for run, group in self.groups()
            if run.study is not None
            for value in run.study.values.get(node, ())
        ]

    def is_rate(self, node: cst.BaseExpression) -> bool:
        """Whether an expression always is the very initial lr of its group, as a symbol or as the same number."""
        values = self.values_of(node)
        literal = isinstance(node, (cst.Float, cst.Integer))
        return bool(values) and all(_is_the_rate(value, group, literal) for group, value in values)

    def symbols(self) -> list[cst.BaseExpression]:
        """The expressions of the callables that are the very initial lr and more than a number, in source order."""
        nodes = {node for run, _ in self.groups() if run.study is not None for node in run.study.values}
        rates = [node for node in nodes if isinstance(node, (cst.Name, cst.Attribute, cst.Subscript))]
        wanted = {node for node in rates if self.is_rate(node)}
        module = self.construction.module
        return sorted((node for node in wanted if module.path_to(node)), key=module.place)

    def has_all_groups(self) -> bool:
        """Whether there are no other param groups in any world."""
        return all(len(run.groups) <= len(self.positions) for run in self.examination.runs.runs)

    def have_one_rate(self) -> bool:
        """Whether all the groups start from one rate, in each world; of many groups, each from its own."""
        for run in self.examination.runs.runs:
            groups = [run.groups[position] for position in self.positions if position < len(run.groups)]
            rates = {real(group.lr) for group in groups}
            if len(groups) > 1 and (len(rates) > 1 or None in rates):
                return False
        return True


def _is_factor_of(part: AccessPath | None, whole: AccessPath | None) -> bool:
    """Whether a value is a factor of another, by the identity of that: see `lr_lint.semantics.machine.arithmetic`."""
    if part is None or part == whole:
        return part is not None
    if whole is None or whole.kind is not PathKind.OPERATION or whole.parts[0] not in ("*", "/"):
        return False
    factors = whole.parts[1:] if whole.parts[0] == "*" else whole.parts[1:2]
    return any(isinstance(factor, AccessPath) and _is_factor_of(part, factor) for factor in factors)


def _is_the_rate(value: Quantity | None, group: GroupRun, literal: bool) -> bool:
    if value is None or value.varies:
        return False
    known = value.key is not None and (value.key in group.keys or is_group_lr(value.key))
    if group.one_of_many:
        # What each of the groups has some multiple of.
        return known or _is_factor_of(value.key, group.lr.key)
    number, base = real(value), real(group.lr)
    if number is None or base is None or not math.isclose(number, base, rel_tol=_SAME):
        return False
    return literal or known
