"""Drafts that give what is returned its unit: the initial lr divided out of it, or multiplied in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import libcst as cst

from lr_lint.checks.fixes.cases import Case, Change, Draft, RefusalError
from lr_lint.checks.fixes.close_looks import CloseLook, function_around
from lr_lint.checks.fixes.form_drafts import sibling_changes
from lr_lint.checks.fixes.other_uses import other_use
from lr_lint.checks.fixes.quotients import Division, divides_tightly, spelled, unwrapped
from lr_lint.checks.fixes.spellings import given_expressions, spellings
from lr_lint.semantics.values.domain import Anchor, ListValue
from lr_lint.source.positions import code_at
from lr_lint.source.tree import children, code_of, dotted_name, last_name, walk
from lr_lint.vocabulary.quantities import real
from lr_lint.vocabulary.units import Kind

_SHOWN = 60
_PARAMETER_NAMES = ("step", "epoch", "t")


def divide(case: Case) -> Iterator[Draft]:
    """The rate is divided out of what is returned: in the function itself, else where it is passed."""
    if not case.look.have_one_rate():
        raise RefusalError("its param groups start from different rates")
    # What would be a factor of the previous lr is one of the initial lr.
    sibling = tuple(sibling_changes(case)) if case.look.construction.contract.of_initial else ()
    for draft in _divisions(case):
        yield replace(draft, changes=(*draft.changes, *sibling))
    raise _nameless(case)


def _nameless(case: Case) -> RefusalError:
    """Why nothing can be divided by the initial lr."""
    if any(group.one_of_many for _, group in case.look.groups()):
        return RefusalError("each of its param groups starts from a rate of its own")
    return RefusalError("the initial lr cannot be named there")


def _divisions(case: Case) -> Iterator[Draft]:
    try:
        nodes = _private_returns(case)
    except RefusalError as refusal:
        yield from _wrapped(case)
        raise refusal from None
    texts = spellings(case.look, nodes[0])
    cancelled = [_cancelled(node, case.look, None) for node in nodes]
    if None not in cancelled:
        yield _quotients([change for change in cancelled if change is not None], "")
    else:
        for text in texts:
            yield _quotients([_cancelled(node, case.look, text) or _divided(node, text) for node in nodes], text)
    # Where something stands in the way of cancelling, such as a comment.
    for text in texts:
        yield _quotients([_divided(node, text) for node in nodes], text)
    yield from _wrapped(case)


def _private_functions(case: Case) -> list[cst.FunctionDef | cst.Lambda]:
    """The functions that return what is wrong, in all worlds, if they may be changed.

    Raises:
        RefusalError: if one stands in another file, or is used for something else.
    """
    here = case.look.construction.module
    places = case.look.returned().values()
    functions = dict.fromkeys(function_around(place) for place in places)
    if not functions or None in functions or any(place.module is not here for place in places):
        raise RefusalError("the callable is defined in another file")
    known = [function for function in functions if function is not None]
    for function in known:
        _check_other_uses(function, case)
    return known


def _check_other_uses(function: cst.FunctionDef | cst.Lambda, case: Case) -> None:
    """Raises a refusal if a function is used for anything but the schedulers of the file."""
    here, project = case.look.construction.module, case.look.construction.project
    use = other_use(function, here, case.arguments, project)
    if use is not None:
        anchor = Anchor(here, use.node) if use.node is not None else None
        raise RefusalError("the callable is used elsewhere too", anchor, use.path)


def _private_returns(case: Case) -> list[cst.BaseExpression]:
    """All expressions that the functions return.

    Raises:
        RefusalError: if they may not be changed, or have a path that was not followed.
    """
    returned = case.look.returned()
    nodes = [node for function in _private_functions(case) for node in _returns_of(function)]
    if any(node not in returned and not _is_zero(node) for node in nodes):
        raise RefusalError("not all of its paths could be followed")
    return [node for node in nodes if node in returned]


def _returns_of(function: cst.FunctionDef | cst.Lambda) -> Iterator[cst.BaseExpression]:
    if isinstance(function, cst.Lambda):
        yield function.body
        return
    stack: list[cst.CSTNode] = [function.body]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.Return):
            if node.value is not None:
                yield node.value
        elif not isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.BaseExpression)):
            stack.extend(reversed(children(node)))


def _is_zero(node: cst.BaseExpression) -> bool:
    """Whether an expression is the number 0, which any rate divides into itself."""
    return isinstance(node, (cst.Integer, cst.Float)) and node.evaluated_value == 0


def _cancelled(node: cst.BaseExpression, look: CloseLook, divisor: str | None) -> Change | None:
    """The change that divides one expression where the rate cancels in it somewhere."""
    short = Division(look.is_rate, None if divisor is None else spelled(divisor)).shortened(node)
    if short is None:
        return None
    module = look.construction.module
    short = unwrapped(short if short.lpar else short.with_changes(lpar=node.lpar, rpar=node.rpar))
    reads = divisor is not None and any(code_of(each) == divisor for each in walk(short))
    return Change(node, instead=code_at(short, module.tree, module.path_to(node)), divides=reads)


def _divided(node: cst.BaseExpression, divisor: str) -> Change:
    """The change that divides one expression as a whole."""
    before, after = ("", "") if divides_tightly(node) else ("(", ")")
    return Change(node, before, f"{after} / {divisor}", divides=True)


def _quotients(changes: Sequence[Change], divisor: str) -> Draft:
    """The changes of all returned expressions, with what they do in words."""
    only = changes[0].instead if len(changes) == 1 else None
    if only is not None and len(only) <= _SHOWN and "\n" not in only:
        message = f"return the factor alone: `{only}`"
    else:
        message = f"divide what is returned by `{divisor}`" if divisor else "divide the learning rate out"
    return Draft(message, tuple(changes), divisor if any(change.divides for change in changes) else "")


def _wrapped(case: Case) -> Iterator[Draft]:
    """The callable stays as it is, and what it returns is divided where it is passed."""
    construction = case.look.construction
    passed = _passed_callables(case.look)
    if passed is None:
        return
    looks = [replace(case.look, positions=[position]) for position in passed]
    choices = [spellings(look, construction.call) for look in looks]
    for texts in zip(*choices, strict=False):
        changes = [_division_around(node, text) for node, text in zip(passed.values(), texts, strict=True)]
        names = ", ".join(f"`{code_of(node)}`" for node in passed.values())
        yield Draft(f"divide what {names} returns by the initial lr", tuple(dict.fromkeys(changes)), texts[0])


def _passed_callables(look: CloseLook) -> dict[int, cst.BaseExpression] | None:
    """The expressions that are passed as the callables of the groups in question, where each can be called anew."""
    argument = look.construction.argument(look.construction.contract.callable)
    listed = any(isinstance(run.argument, ListValue) for run in look.exploration.runs)
    if listed and isinstance(argument, (cst.List, cst.Tuple)):
        elements = argument.elements
        if any(isinstance(each, cst.StarredElement) for each in elements) or max(look.positions) >= len(elements):
            return None
        passed = {position: elements[position].value for position in look.positions}
    elif argument is None or listed or not look.has_all_groups():
        return None
    else:
        passed = {look.positions[0]: argument}
    return passed if all(_may_be_called_anew(node) for node in passed.values()) else None


def _may_be_called_anew(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Call):
        return last_name(node.func) == "partial"
    return dotted_name(node) is not None


def _division_around(node: cst.BaseExpression, divisor: str) -> Change:
    used = {each.value for each in walk(node) if isinstance(each, cst.Name)} | {divisor}
    name = next(name for name in _PARAMETER_NAMES if name not in used)
    return Change(node, f"lambda {name}: ", f"({name}) / {divisor}")


def divide_part(case: Case) -> Iterator[Draft]:
    """One operand or one branch is divided by the rate."""
    if not case.look.have_one_rate():
        raise RefusalError("its param groups start from different rates")
    functions = _private_functions(case)
    parts = [part for function in functions for part in _absolute_parts(function, case.look)]
    parts = parts or _parts_of_called(functions, case)
    if not parts:
        raise RefusalError("the absolute part is computed in a way that cannot be changed here")
    shown = ", ".join(f"`{code_of(part)[:_SHOWN]}`" for part in parts)
    for text in ("", *spellings(case.look, parts[0])):
        changes = [_cancelled(part, case.look, text or None) for part in parts]
        if text:
            changes = [change or _divided(part, text) for change, part in zip(changes, parts, strict=True)]
        if None not in changes:
            message = f"divide {shown} by `{text}`" if text else f"divide the rate out of {shown}"
            yield replace(_quotients([change for change in changes if change is not None], text), message=message)
    raise _nameless(case)


def _parts_of_called(functions: Sequence[cst.FunctionDef | cst.Lambda], case: Case) -> list[cst.BaseExpression]:
    """The rates in the function in which the mixture comes about, where the callables call it: ``lambda t: f(t)``.

    Raises:
        RefusalError: if that function is used for something else.
    """
    for function in walk(case.look.construction.module.tree):
        if isinstance(function, (cst.FunctionDef, cst.Lambda)) and function not in functions:
            parts = _absolute_parts(function, case.look)
            if parts:
                _check_other_uses(function, case)
                return parts
    return []


def _absolute_parts(function: cst.FunctionDef | cst.Lambda, look: CloseLook) -> list[cst.BaseExpression]:
    """The rates among the operands that meet factors, and the returned expressions that are rates.

    Raises:
        RefusalError: if a rate is raised to a power.
    """
    parts: dict[cst.BaseExpression, None] = {}
    for node in walk(function):
        if isinstance(node, cst.BaseExpression) and _is_mixed(look, node):
            below = _operands(node)
            if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Power):
                raise RefusalError("which factor is meant by the base of a power cannot be told")
            if not any(_is_mixed(look, each) for each in below):
                parts.update(dict.fromkeys(each for each in below if _is_absolute(look, each)))
    for node in _returns_of(function):
        leaves = _alternatives(node, function, look)
        parts.update(dict.fromkeys(leaf for leaf in leaves if _is_absolute(look, leaf)))
    return list(parts)


def _alternatives(
    node: cst.BaseExpression, function: cst.FunctionDef | cst.Lambda, look: CloseLook
) -> Iterator[cst.BaseExpression]:
    """The expressions that one comes to which is a rate at some times and a factor at others."""
    rates = [value is not None and value.unit.is_rate for _, value in look.values_of(node)]
    below: list[cst.BaseExpression] = []
    if any(rates) and not all(rates):
        if isinstance(node, cst.IfExp):
            below = [node.body, node.orelse]
        elif isinstance(node, cst.Name):
            below = [value for value in _assigned_to(node.value, function) if not isinstance(value, cst.Name)]
    if not below:
        yield node
    for each in below:
        yield from _alternatives(each, function, look)


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


def _is_mixed(look: CloseLook, node: cst.BaseExpression) -> bool:
    return any(value is not None and value.unit.kind is Kind.MIXED for _, value in look.values_of(node))


def _is_absolute(look: CloseLook, node: cst.BaseExpression) -> bool:
    values = look.values_of(node)
    return bool(values) and all(value is not None and (value.unit.is_rate or value.is_zero) for _, value in values)


def multiply(case: Case) -> Iterator[Draft]:
    """The rate is multiplied into what is returned."""
    nodes = _private_returns(case)
    group = next((group for _, group in case.look.groups()), None)
    base = None if group is None else real(group.lr)
    if base is None:
        raise RefusalError("the rate that the optimizer starts from is not known")
    if not all(group.settled for _, group in case.look.groups()):
        raise RefusalError("which of the optimizers it is for cannot be told")
    for text in (*given_expressions(case.look, nodes[0]), f"{base:g}"):
        changes = tuple(_product(node, text) for node in nodes)
        yield Draft(f"multiply by the initial lr, `{text}`", changes)
    raise RefusalError("the product is not what is meant")


def _product(node: cst.BaseExpression, text: str) -> Change:
    """The change that multiplies one expression; ``1 / x`` becomes ``lr / x``."""
    first = node
    while isinstance(first, cst.BinaryOperation) and isinstance(first.operator, (cst.Multiply, cst.Divide)):
        first = first.left
    if isinstance(first, (cst.Integer, cst.Float)) and first.evaluated_value == 1:
        return Change(first, instead=text)
    return Change(node, f"{text} * ") if divides_tightly(node) else Change(node, f"{text} * (", ")")
