"""One operand or one branch is divided by the rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import libcst as cst

from lr_lint.checks.facts.conclusions import Conclusion
from lr_lint.checks.facts.scales import start_of_other_scale
from lr_lint.checks.fixes.changeable import changeable_functions, check_other_uses, returns_of
from lr_lint.checks.fixes.comparison import equal
from lr_lint.checks.fixes.divisions import SHOWN, cancelled, divided, no_name_for_rate, quotients_draft
from lr_lint.checks.fixes.drafts import Draft, NoFixError
from lr_lint.checks.fixes.problem import Problem
from lr_lint.checks.fixes.remedy import NamedRate, UnitRemedy
from lr_lint.checks.fixes.spellings import spellings
from lr_lint.semantics.worlds.runs import Point
from lr_lint.source.tree import code_of, walk
from lr_lint.vocabulary.quantities import Quantity, real
from lr_lint.vocabulary.units import Kind


class DividePart(UnitRemedy):
    """For a callable that returns a factor on the whole, with a rate in one part of it."""

    name = "divide-part"
    conclusion = Conclusion.MIXED

    def drafts(self, problem: Problem) -> Iterator[Draft]:
        """A quotient for each of the parts."""
        if not problem.have_one_rate():
            raise NoFixError("its param groups start from different rates")
        functions = changeable_functions(problem)
        parts = [part for function in functions for part in _absolute_parts(function, problem)]
        parts = parts or _parts_of_called(functions, problem)
        if not parts and any(start_of_other_scale(group.points) for _, group in problem.groups()):
            raise NoFixError("which of the two scales is meant cannot be told")
        if not parts:
            raise NoFixError("the absolute part is computed in a way that cannot be changed here")
        shown = ", ".join(f"`{code_of(part)[:SHOWN]}`" for part in parts)
        for text in ("", *spellings(problem, parts[0])):
            changes = [cancelled(part, problem, text or None) for part in parts]
            if text:
                changes = [change or divided(part, text) for change, part in zip(changes, parts, strict=True)]
            if None not in changes:
                message = f"divide {shown} by `{text}`" if text else f"divide the rate out of {shown}"
                draft = quotients_draft([change for change in changes if change is not None], text)
                yield replace(draft, message=message)
        raise no_name_for_rate(problem)

    def named_rate(self, point: Point, base: float) -> NamedRate | None:
        """The rates in a mixture are rates, the rest is a factor of the initial lr."""
        return None if point.value is None or point.number is None else _rate_of_parts(point.value, base)


def _rate_of_parts(value: Quantity, base: float) -> NamedRate | None:
    if value.unit.is_rate:
        return NamedRate.exactly(value.number)
    if value.unit.kind is not Kind.MIXED:
        return None if value.number is None else NamedRate.exactly(base * value.number)
    number = real(value)
    rate = None if value.offender is None else real(value.offender)
    if rate is None or number is None:
        return None
    if value.clash == "+":
        return NamedRate.exactly(rate + base * (number - rate))
    if value.clash == "-" and rate != 1:
        # Between 1 and a rate, in whatever spelling: 1 stands for the initial lr.
        return NamedRate.exactly(rate + (base - rate) * (number - rate) / (1 - rate))
    if value.clash not in ("max", "min"):
        return None
    if not equal(number, rate):
        return NamedRate.exactly((max if value.clash == "max" else min)(rate, base * number))
    # The factor is on the other side of the rate, and how far away it is cannot be seen.
    return NamedRate(base * rate, rate) if value.clash == "min" else NamedRate.exactly(rate)


def _parts_of_called(functions: Sequence[cst.FunctionDef | cst.Lambda], problem: Problem) -> list[cst.BaseExpression]:
    """The rates in the function in which the mixture comes about, where the callables call it: ``lambda t: f(t)``.

    Raises:
        NoFixError: if that function is used for something else.
    """
    module = problem.construction.module
    ways = (module.path_to(node) for node in problem.examination.evaluated())
    run = {node for way in ways for node in way if isinstance(node, (cst.FunctionDef, cst.Lambda))}
    for function in sorted(run, key=module.place):
        if function not in functions:
            parts = _absolute_parts(function, problem)
            if parts:
                check_other_uses(function, problem)
                return parts
    return []


def _absolute_parts(function: cst.FunctionDef | cst.Lambda, problem: Problem) -> list[cst.BaseExpression]:
    """The rates among the operands that meet factors, and the returned expressions that are rates.

    Raises:
        NoFixError: if a rate is raised to a power.
    """
    parts: dict[cst.BaseExpression, None] = {}
    for node in walk(function):
        if isinstance(node, cst.BaseExpression) and _is_mixed(problem, node):
            below = _operands(node)
            if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Power):
                raise NoFixError("which factor is meant by the base of a power cannot be told")
            if _is_sum(node) or not any(_is_mixed(problem, each) for each in below):
                parts.update(dict.fromkeys(each for each in below if _is_absolute(problem, each)))
    for node in returns_of(function):
        leaves = _alternatives(node, function, problem)
        parts.update(dict.fromkeys(leaf for leaf in leaves if _is_absolute(problem, leaf)))
    return list(parts)


def _is_sum(node: cst.BaseExpression) -> bool:
    """Whether an operation adds or subtracts, so that a rate beside what is mixed does not fit either."""
    return isinstance(node, cst.BinaryOperation) and isinstance(node.operator, (cst.Add, cst.Subtract))


def _alternatives(
    node: cst.BaseExpression, function: cst.FunctionDef | cst.Lambda, problem: Problem
) -> Iterator[cst.BaseExpression]:
    """The expressions that one comes to which is a rate at some times and a factor at others."""
    rates = [value is not None and value.unit.is_rate for _, value in problem.values_of(node)]
    below: list[cst.BaseExpression] = []
    if any(rates) and not all(rates):
        if isinstance(node, cst.IfExp):
            below = [node.body, node.orelse]
        elif isinstance(node, cst.Name):
            below = [value for value in _assigned_to(node.value, function) if not isinstance(value, cst.Name)]
    if not below:
        yield node
    for each in below:
        yield from _alternatives(each, function, problem)


def _assigned_to(name: str, function: cst.FunctionDef | cst.Lambda) -> Iterator[cst.BaseExpression]:
    for node in walk(function):
        if isinstance(node, cst.Assign) and len(node.targets) == 1:
            target = node.targets[0].target
            if isinstance(target, cst.Name) and target.value == name:
                yield node.value


def _operands(node: cst.BaseExpression) -> list[cst.BaseExpression]:
    """The expressions right below an operation or a call."""
    if isinstance(node, cst.Call):
        return [argument.value for argument in node.args]
    if isinstance(node, cst.IfExp):
        return [node.body, node.orelse]
    return [node.left, node.right] if isinstance(node, cst.BinaryOperation) else []


def _is_mixed(problem: Problem, node: cst.BaseExpression) -> bool:
    return any(value is not None and value.unit.kind is Kind.MIXED for _, value in problem.values_of(node))


def _is_absolute(problem: Problem, node: cst.BaseExpression) -> bool:
    values = problem.values_of(node)
    return bool(values) and all(value is not None and (value.unit.is_rate or value.is_zero) for _, value in values)
