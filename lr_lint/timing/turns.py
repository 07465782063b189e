"""What may differ from turn to turn of the loops on the way to a step: conditions on it are not decided by one turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.lifecycle.callers import parameter_of
from lr_lint.lifecycle.routes import Route, Stretch
from lr_lint.project.binders import parameters_of
from lr_lint.project.holders import function_of
from lr_lint.project.modules import Module
from lr_lint.semantics.machine.class_members import CONSTRUCTOR
from lr_lint.source.tree import LOOPS, dotted_name, variables_in, walk

_ASSIGNING = frozenset({cst.Assign, cst.AugAssign, cst.AnnAssign, cst.NamedExpr, cst.For})


class Turns:
    """The variables on one way to a step that its loops change."""

    def __init__(self, route: Route) -> None:
        """Take the way."""
        self._names: dict[cst.CSTNode, set[str]] = {}
        changed: set[str] = set()
        above: Stretch | None = None
        in_turn = False
        for stretch in route.stretches:
            given = set[str]() if above is None else _given(above.node, stretch, changed)
            changed = self._names[stretch.around[0]] = _changed_in(stretch, given, called_in_turn=in_turn)
            in_turn = in_turn or any(isinstance(node, LOOPS) for node in stretch.around)
            above = stretch

    def change(self, module: Module, test: cst.BaseExpression) -> bool:
        """Whether something that a condition reads may differ from one turn to another.

        Args:
            module: the file of the condition.
            test: the condition, in one of the functions on the way.
        """
        changed = set[str]().union(*(self._names.get(node, ()) for node in module.path_to(test)))
        return not changed.isdisjoint(read_in(test)) or any(
            _is_set_again(module, node) for node in walk(test) if isinstance(node, cst.Attribute)
        )


def _is_set_again(module: Module, read: cst.Attribute) -> bool:
    """Whether a file counts in attributes of that name, ``self.updates += 1``, or sets them after they were set."""
    name = read.attr.value
    return module.once(("set again", name), lambda: _find_set_again(module, name))


def _find_set_again(module: Module, name: str) -> bool:
    paths = (module.path_to(node) for node in module.attributes.get(name, ()) if _is_target(module, node))
    functions = [(path[-1], function_of(path)) for path in paths]
    later = [
        each for _, each in functions if not (isinstance(each, cst.FunctionDef) and each.name.value == CONSTRUCTOR)
    ]
    return (len(functions) > 1 and bool(later)) or any(isinstance(parent, cst.AugAssign) for parent, _ in functions)


def _is_target(module: Module, node: cst.Attribute) -> bool:
    parent = module.path_to(node)[-1]
    return isinstance(parent, (cst.AssignTarget, cst.AugAssign, cst.AnnAssign)) and parent.target is node


def _given(call: cst.CSTNode, entered: Stretch, changed: set[str]) -> set[str]:
    """The parameters of a function that are given something that changes, and attributes that do."""
    function = entered.around[0]
    found = {name for name in changed if "." in name}
    if not isinstance(call, cst.Call) or not isinstance(function, cst.FunctionDef):
        return found
    for at, argument in enumerate(call.args):
        if not changed.isdisjoint(read_in(argument.value)):
            keyword = argument.keyword.value if argument.keyword is not None else ""
            parameter = parameter_of(entered.module, function, call, at, keyword)
            # What cannot be told apart may be any of them.
            names = (each.name.value for each in parameters_of(function.params))
            found.update(names if parameter is None else (parameter,))
    return found


def _changed_in(stretch: Stretch, given: set[str], *, called_in_turn: bool) -> set[str]:
    """The variables of one function that change, with what is computed from them."""
    function = stretch.around[0]
    assigned = _assigned_in(function, stretch.module)
    names = [each.name for each in assigned]
    outermost = next((node for node in stretch.around if isinstance(node, LOOPS)), None)
    # What is set before the first loop is set once.
    again = assigned if called_in_turn else [] if outermost is None else _assigned_in(outermost, stretch.module)
    found = given | {each.name for each in again if each.counts}
    if called_in_turn:
        found |= _outer_names(function)
    for loop in (node for node in stretch.around if isinstance(node, LOOPS)):
        # What is set once, to what does not change, is the same in all turns.
        found |= {each.name for each in _assigned_in(loop, stretch.module) if names.count(each.name) > 1}
    before = -1
    while len(found) > before:
        before = len(found)
        found |= {each.name for each in again if not found.isdisjoint(each.reads)}
    return found


def _outer_names(function: cst.CSTNode) -> set[str]:
    """The variables of others that a function sets."""
    declared = (node for node in walk(function) if isinstance(node, (cst.Global, cst.Nonlocal)))
    return {item.name.value for each in declared for item in each.names}


@dataclass(frozen=True, slots=True)
class _Assignment:
    """A variable that is set.

    Attributes:
        name: its name, with dots where it is an attribute; of an item that of what holds it.
        reads: the variables that its value reads.
        counts: whether it is another one each time.
    """

    name: str
    reads: frozenset[str]
    counts: bool = False


def _assigned_in(root: cst.CSTNode, module: Module) -> Sequence[_Assignment]:
    return module.once(("assigned in", root), lambda: tuple(_assignments(root)))


def _assignments(root: cst.CSTNode) -> Iterator[_Assignment]:
    for node in walk(root):
        targets: list[cst.BaseExpression]
        if type(node) not in _ASSIGNING:
            continue
        if isinstance(node, cst.Assign):
            targets, value = [each.target for each in node.targets], node.value
        elif isinstance(node, (cst.AugAssign, cst.AnnAssign, cst.NamedExpr)) and node.value is not None:
            targets, value = [node.target], node.value
        elif isinstance(node, cst.For):
            targets, value = [node.target], node.iter
        else:
            continue
        counts = isinstance(node, (cst.AugAssign, cst.For))
        reads = frozenset(read_in(value))
        yield from (_Assignment(name, reads, counts) for target in targets for name in set_by(target))


def set_by(target: cst.CSTNode) -> Iterator[str]:
    """The variables and attributes that a target sets; of an item what holds it."""
    dotted = dotted_name(target)
    if dotted is not None:
        yield dotted
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from set_by(element.value)
    elif isinstance(target, (cst.Subscript, cst.Attribute)):
        yield from set_by(target.value)


def read_in(value: cst.BaseExpression) -> set[str]:
    """The variables that an expression reads, and the attributes by their dotted names."""
    dotted = (dotted_name(node) for node in walk(value) if type(node) is cst.Attribute)
    return variables_in(value) | {name for name in dotted if name is not None}
