"""The form of what is passed as the callable: one callable or several, or something that is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from lr_lint.checks.facts.late_loops import LateBinding, late_within
from lr_lint.semantics.machine.calls import bind_arguments
from lr_lint.semantics.machine.class_members import find_method, is_decorated
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.containers import ListValue
from lr_lint.semantics.values.context import Anchor, Raised
from lr_lint.semantics.values.functions import Bound, Function, Partial, definition_of
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.objects import Instance
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.semantics.worlds.runs import Run, Runs
from lr_lint.source.tree import walk
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.quantities import Basis, Quantity
from lr_lint.vocabulary.reasons import Reason
from lr_lint.vocabulary.units import Strength

# A wrapper around a wrapper around a wrapper: nobody writes more.
_DEEPEST_WRAPPER = 3
_CALL_METHOD = "__call__"


@dataclass(frozen=True, slots=True)
class Shape:
    """What one world passes as the callable.

    Attributes:
        number: the number that is passed, or a part of the list that is passed, where it is no callable at all.
        callables: how many callables a list holds, where that is known.
        groups: how many param groups there are, where that is known.
        misfit: why a callable cannot be called with one argument; empty where it can, or where that is not known.
        late: functions that share the variable of a loop.
        literal: whether the number stands in the call itself, so that nothing before it can make it another.
        local: a callable that no module has by its name: a lambda, or a function that is defined in another one.
    """

    number: Quantity | None = None
    callables: int | None = None
    groups: int | None = None
    misfit: str = ""
    late: LateBinding | None = None
    literal: bool = False
    local: Anchor | None = None


def shapes_of(runs: Runs, construction: Construction) -> list[Shape]:
    """The shape in each world.

    Args:
        runs: the construction in all worlds.
        construction: where it stands.
    """
    argument = construction.argument(construction.contract.callable)
    literal = isinstance(argument, (cst.Integer, cst.Float))
    return [_shape(run, construction.path, literal=literal) for run in runs.runs]


def _shape(run: Run, path: Sequence[cst.CSTNode], *, literal: bool) -> Shape:
    if run.argument is None:
        return Shape()
    parts = _parts(run.argument)
    numbers = [number for number in map(_number, parts) if number is not None]
    return Shape(
        numbers[0] if numbers and len(numbers) == len(parts) else None,
        _count(run.argument, parts),
        run.counted,
        next(filter(None, map(_misfit, parts)), ""),
        _late(run, parts, path),
        literal,
        next(filter(None, map(_local, parts)), None),
    )


def _parts(argument: Value) -> list[Value]:
    return [force(item) for item in argument.values] if isinstance(argument, ListValue) else [argument]


def _number(value: Value) -> Quantity | None:
    """A value that is a number for certain: a known one, the result of arithmetic, or an option with such a default."""
    if isinstance(value, Unknown) and value.reason is Reason.COMMAND_LINE and isinstance(value.default, Quantity):
        return replace(value.default, basis=Basis.DEFAULT)
    if not isinstance(value, Quantity):
        return None
    known = value.number is not None and value.basis is Basis.PROVED
    # What is given to the optimizer as its lr can be nothing else.
    is_lr = value.unit.is_rate and value.unit.strength is Strength.CERTAIN
    return value if known or is_lr or not value.name else None


def _count(argument: Value, parts: Sequence[Value]) -> int | None:
    if not isinstance(argument, ListValue) or argument.incomplete or argument.unordered or argument.kind == "set":
        return None
    callable_parts = (Function, Bound, Partial, Instance, External)
    return len(parts) if all(isinstance(part, callable_parts) for part in parts) else None


def _misfit(value: Value) -> str:
    """Why a callable does not take the one argument that it is called with."""
    arguments: list[Value] = [Quantity(0, varies=True, key=paths.TIME)]
    keywords: dict[str, Value] = {}
    while isinstance(value, (Partial, Bound)):
        if isinstance(value, Bound):
            arguments = [value.receiver, *arguments]
        else:
            arguments, keywords = [*value.arguments, *arguments], {**dict(value.keywords), **keywords}
        value = value.function
    if isinstance(value, Instance):
        method = find_method(value.cls, _CALL_METHOD)
        if method is None or method[0].decorators:
            return ""
        value, arguments = Function(method[0], value.cls.frame, _defaults(method[0])), [value, *arguments]
    if not isinstance(value, Function) or _is_wrapped(value):
        return ""
    try:
        bind_arguments(value, arguments, keywords)
    except Raised:
        return _signature(value, len(arguments), keywords)
    return ""


def _local(value: Value) -> Anchor | None:
    """The function behind a callable, where it has no name that others could find it by."""
    while isinstance(value, Partial):
        value = value.function
    if not isinstance(value, Function):
        return None
    is_inner = isinstance(value.node, cst.Lambda) or isinstance(value.frame.scope, (cst.FunctionDef, cst.Lambda))
    return Anchor(value.frame.module, value.node) if is_inner and not _is_wrapped(value) else None


def _defaults(node: cst.FunctionDef) -> dict[str, Value]:
    """Stand-ins for the defaults of parameters: only which parameters have one matters."""
    parameters = (*node.params.posonly_params, *node.params.params, *node.params.kwonly_params)
    return {param.name.value: Quantity(None) for param in parameters if param.default is not None}


def _is_wrapped(function: Function) -> bool:
    """Whether a decorator may have changed the signature."""
    node = function.node
    return (
        isinstance(node, cst.FunctionDef)
        and bool(node.decorators)
        and not (len(node.decorators) == 1 and is_decorated(node, "staticmethod", "classmethod"))
    )


def _signature(function: Function, given: int, keywords: dict[str, Value]) -> str:
    parameters = function.node.params
    positional = [*parameters.posonly_params, *parameters.params]
    settled = {*function.defaults, *keywords, *(param.name.value for param in positional[:given])}
    if given > len(positional):
        return "takes no argument" if given == 1 else "takes fewer arguments"
    names = [param.name.value for param in (*positional, *parameters.kwonly_params)]
    missing = [name for name in names if name not in settled]
    return "needs " + " and ".join(f"`{name}`" for name in missing) + " too" if missing else "gets an argument twice"


def _late(run: Run, parts: Sequence[Value], path: Sequence[cst.CSTNode]) -> LateBinding | None:
    """Functions of a list, or those that these call, that read a loop's variable after the loop has ended.

    They do not where the construction itself stands in the loop, and one function alone shares nothing.
    """
    if not isinstance(run.argument, ListValue):
        return _late_in(run.argument)
    entered = frozenset[cst.CSTNode]().union(*(group.entered for group in run.groups))
    functions = [function for part in parts for function in _functions_in(part, entered)]
    for function in functions:
        twins = [other for other in functions if other.node is function.node and other.frame is function.frame]
        if len(twins) < 2 and not run.argument.incomplete:
            continue
        shared = sorted(_free_names(function) & _loop_variables(function, path))
        if shared:
            return LateBinding(Anchor(function.frame.module, function.node), tuple(shared))
    return None


def _late_in(value: Value | None) -> LateBinding | None:
    """Functions that a callable makes in a loop of its own and uses later."""
    definition = None if value is None else definition_of(value)
    if isinstance(definition, Instance):
        method = find_method(definition.cls, _CALL_METHOD)
        return None if method is None else late_within(method[0], method[1].frame.module)
    if not isinstance(definition, Function) or not isinstance(definition.node, cst.FunctionDef):
        return None
    return late_within(definition.node, definition.frame.module)


def _functions_in(part: Value, entered: frozenset[cst.CSTNode]) -> Iterator[Function]:
    """A function, and those that a wrapper around one holds and enters when it is called."""
    if isinstance(part, Function):
        yield part
    pending, seen = [(part, 0)], {id(part)}
    while pending:
        value, depth = pending.pop()
        for held in map(force, _kept_by(value)) if depth < _DEEPEST_WRAPPER else ():
            if id(held) not in seen:
                seen.add(id(held))
                pending.append((held, depth + 1))
                if isinstance(held, Function) and held.node in entered:
                    yield held


def _kept_by(value: Value) -> Iterable[Value]:
    """What a callable keeps: what it was given, its attributes, the variables of the function that made it."""
    if isinstance(value, Function):
        made_by = value.frame.scope
        return list(value.frame.names.values()) if isinstance(made_by, (cst.FunctionDef, cst.Lambda)) else ()
    return value.held() if isinstance(value, (Bound, Partial, Instance)) else ()


def _free_names(function: Function) -> frozenset[str]:
    """The names that a function reads from around it when it is called."""
    module, node = function.frame.module, function.node
    body = [node.body] if isinstance(node, cst.Lambda) else list(node.body.body)
    reads = frozenset().union(*(module.effects(part).reads for part in body))
    return reads - module.locals_of(node)


def _loop_variables(function: Function, path: Sequence[cst.CSTNode]) -> frozenset[str]:
    """The variables of the loops around a function, within its scope and not around the construction."""
    names: set[str] = set()
    for node in reversed(function.frame.module.path_to(function.node)):
        if isinstance(node, (cst.FunctionDef, cst.Lambda, cst.ClassDef)) or node in path:
            break
        names.update(_targets(node))
    return frozenset(names)


def _targets(node: cst.CSTNode) -> Iterator[str]:
    if isinstance(node, cst.For):
        yield from _names_in(node.target)
    elif isinstance(node, (cst.ListComp, cst.GeneratorExp)):
        loop: cst.CompFor | None = node.for_in
        while loop is not None:
            yield from _names_in(loop.target)
            loop = loop.inner_for_in


def _names_in(target: cst.BaseExpression) -> Iterator[str]:
    yield from (node.value for node in walk(target) if isinstance(node, cst.Name))
