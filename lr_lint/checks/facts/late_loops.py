"""Functions that a callable makes in a loop of its own, for somebody to choose from once the loop has ended.

``tf.case`` is given pairs of a condition and a function, and a menu is a list of functions: where each reads the
variable of the loop, all of them find its last value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.project.binders import FUNCTIONS, body_of, parameters_of, target_names
from lr_lint.project.modules import Module
from lr_lint.semantics.values.context import Anchor
from lr_lint.source.tree import children, walk

_ADDING = frozenset({"append", "add"})


@dataclass(frozen=True, slots=True)
class LateBinding:
    """Functions made in a loop that all read the variable of the loop when they are called.

    Attributes:
        place: anchor of the function.
        names: the variables of the loop that it reads.
        within: whether the loop stands in the callable itself, where nobody counts its turns.
    """

    place: Anchor
    names: tuple[str, ...]
    within: bool = False


def late_within(function: cst.FunctionDef, module: Module) -> LateBinding | None:
    """The first such functions that a function makes, keeps and uses after the loop; None where it makes none."""
    for node in _own_nodes(body_of(function)):
        found = _kept_by_loop(node, function, module) if isinstance(node, cst.For) else None
        if isinstance(node, cst.ListComp):
            found = _late(node.elt, {each.value for each in target_names(node.for_in.target)}, {}, module)
        if found is not None:
            return found
    return None


def _own_nodes(body: Sequence[cst.CSTNode]) -> Iterator[cst.CSTNode]:
    """The nodes of some statements, without those of functions and classes in them, in source order."""
    pending = list(reversed(body))
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, (*FUNCTIONS, cst.ClassDef)):
            pending += reversed(list(children(node)))


def _kept_by_loop(loop: cst.For, function: cst.FunctionDef, module: Module) -> LateBinding | None:
    """Functions that each turn of a loop adds to a list that is used after the loop, and not in it."""
    nodes = list(_own_nodes(loop.body.body))
    if any(isinstance(node, (cst.Return, cst.Break, cst.Yield)) for node in nodes):
        return None
    names = {each.value for each in target_names(loop.target)} | module.effects(loop.body).binds
    defined = {node.name.value: node for node in nodes if isinstance(node, cst.FunctionDef)}
    for node in nodes:
        if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute) or len(node.args) != 1:
            continue
        kept = node.func.value
        if node.func.attr.value in _ADDING and isinstance(kept, cst.Name) and _is_for_later(kept, loop, function):
            found = _late(node.args[0].value, names - defined.keys(), defined, module)
            if found is not None:
                return found
    return None


def _is_for_later(kept: cst.Name, loop: cst.For, function: cst.FunctionDef) -> bool:
    """Whether a list is added to in one place of a loop, and used after it."""
    inside = [node for node in walk(loop) if isinstance(node, cst.Name) and node.value == kept.value]
    nodes = list(_own_nodes(body_of(function)))
    after = nodes[nodes.index(loop) :]
    beyond = set(map(id, walk(loop)))
    later = (node for node in after if isinstance(node, cst.Name) and node.value == kept.value)
    return inside == [kept] and any(id(node) not in beyond for node in later)


def _late(
    value: cst.BaseExpression, names: set[str], defined: dict[str, cst.FunctionDef], module: Module
) -> LateBinding | None:
    """The function that a value is, or holds, if it reads one of some names when it is called."""
    if isinstance(value, (cst.Tuple, cst.List)):
        parts = (_late(element.value, names, defined, module) for element in value.elements)
        return next((part for part in parts if part is not None), None)
    made = defined.get(value.value) if isinstance(value, cst.Name) else value
    if not isinstance(made, (cst.Lambda, cst.FunctionDef)):
        return None
    body = [made.body] if isinstance(made, cst.Lambda) else body_of(made)
    own = {each.name.value for each in parameters_of(made.params)} | set(module.locals_of(made))
    shared = sorted({name for part in body for name in module.effects(part).reads} & names - own)
    return LateBinding(Anchor(module, made), tuple(shared), within=True) if shared else None
