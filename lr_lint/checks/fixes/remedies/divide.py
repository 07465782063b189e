"""The rate is divided out of what is returned: in the function itself, else where it is passed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import libcst as cst

from lr_lint.checks.facts.conclusions import Conclusion
from lr_lint.checks.fixes.changeable import changeable_returns
from lr_lint.checks.fixes.comparison import Versions, equal
from lr_lint.checks.fixes.divisions import cancelled, divided, no_name_for_rate, quotients_draft
from lr_lint.checks.fixes.drafts import Change, Draft, NoFixError
from lr_lint.checks.fixes.problem import Problem
from lr_lint.checks.fixes.remedy import NamedRate, UnitRemedy
from lr_lint.checks.fixes.siblings import sibling_changes
from lr_lint.checks.fixes.spellings import spellings
from lr_lint.semantics.values.containers import ListValue
from lr_lint.semantics.worlds.runs import Point
from lr_lint.source.tree import code_of, dotted_name, last_name, walk
from lr_lint.vocabulary.quantities import real

_PARAMETER_NAMES = ("step", "epoch", "t")


class Divide(UnitRemedy):
    """For a callable that returns the rate where a factor of the initial lr is wanted."""

    name = "divide"
    conclusion = Conclusion.RATE

    def drafts(self, problem: Problem) -> Iterator[Draft]:
        """Quotients in the function itself, the shortest first; else a lambda around it."""
        if not problem.have_one_rate():
            raise NoFixError("its param groups start from different rates")
        # What would be a factor of the previous lr is one of the initial lr.
        sibling = tuple(sibling_changes(problem)) if problem.construction.contract.of_initial else ()
        for draft in _divisions(problem):
            yield replace(draft, changes=(*draft.changes, *sibling))
        raise no_name_for_rate(problem)

    def named_rate(self, point: Point, base: float) -> NamedRate | None:
        """What the old callable returns is the rate."""
        return NamedRate.exactly(point.number)

    def is_confirmed(self, versions: Versions) -> bool:
        """Whether the rates are those, or, of groups with rates of their own, whether each decays as it was to."""
        return _is_decay_of_each(versions) if versions.one_of_many else super().is_confirmed(versions)


def _is_decay_of_each(versions: Versions) -> bool:
    """Whether a rate cancelled that each of many groups has a part of its own of: what stays reaches 1."""
    factors = [real(point.value) for point in versions.after.values() if point.value is not None]
    known = [factor for factor in factors if factor is not None]
    if len(known) < len(factors) or not known or not equal(1, max(known)):
        return False
    numbers = [(versions.before[time].number, versions.after[time].number) for time in versions.times]
    ratios = [old / new for old, new in numbers if old is not None and new]
    return bool(ratios) and all(equal(ratio, ratios[0]) for ratio in ratios)


def _divisions(problem: Problem) -> Iterator[Draft]:
    try:
        nodes = changeable_returns(problem)
    except NoFixError as refusal:
        yield from _wrapped(problem)
        raise refusal from None
    texts = spellings(problem, nodes[0])
    without = [cancelled(node, problem, None) for node in nodes]
    if None not in without:
        yield quotients_draft([change for change in without if change is not None], "")
    else:
        for text in texts:
            yield quotients_draft([cancelled(node, problem, text) or divided(node, text) for node in nodes], text)
    # Where something stands in the way of cancelling, such as a comment.
    for text in texts:
        yield quotients_draft([divided(node, text) for node in nodes], text)
    yield from _wrapped(problem)


def _wrapped(problem: Problem) -> Iterator[Draft]:
    """The callable stays as it is, and what it returns is divided where it is passed."""
    construction = problem.construction
    passed = _passed_callables(problem)
    if passed is None:
        return
    choices = [spellings(replace(problem, positions=[position]), construction.call) for position in passed]
    for texts in zip(*choices, strict=False):
        changes = [_division_around(node, text) for node, text in zip(passed.values(), texts, strict=True)]
        names = ", ".join(f"`{code_of(node)}`" for node in passed.values())
        yield Draft(f"divide what {names} returns by the initial lr", tuple(dict.fromkeys(changes)), texts[0])


def _passed_callables(problem: Problem) -> dict[int, cst.BaseExpression] | None:
    """The expressions that are passed as the callables of the groups in question, where each can be called anew."""
    argument = problem.construction.argument(problem.construction.contract.callable)
    listed = any(isinstance(run.argument, ListValue) for run in problem.examination.runs.runs)
    if listed and isinstance(argument, (cst.List, cst.Tuple)):
        elements = argument.elements
        if any(isinstance(each, cst.StarredElement) for each in elements) or max(problem.positions) >= len(elements):
            return None
        passed = {position: elements[position].value for position in problem.positions}
    elif argument is None or listed or not problem.has_all_groups():
        return None
    else:
        passed = {problem.positions[0]: argument}
    return passed if all(_may_be_called_anew(node) for node in passed.values()) else None


def _may_be_called_anew(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Call):
        return last_name(node.func) == "partial"
    return dotted_name(node) is not None


def _division_around(node: cst.BaseExpression, divisor: str) -> Change:
    used = {each.value for each in walk(node) if isinstance(each, cst.Name)} | {divisor}
    name = next(name for name in _PARAMETER_NAMES if name not in used)
    return Change(node, f"lambda {name}: ", f"({name}) / {divisor}")
