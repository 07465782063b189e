"""How the initial lr of a param group can be spelled at some place in the code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import libcst as cst

from lr_lint.checks.fixes.close_looks import CloseLook
from lr_lint.project.bindings import Module
from lr_lint.project.facts import SELF
from lr_lint.source.tree import code_of, dotted_name

_SCOPES = (cst.FunctionDef, cst.Lambda)
_PURE = (cst.Name, cst.Attribute, cst.Subscript)


def spellings(look: CloseLook, place: cst.CSTNode) -> list[str]:
    """The expressions by which the groups' initial lr may be read at a place, the best first.

    Whether they really give that rate there is for the verification to tell.
    """
    if any(group.one_of_many for _, group in look.groups()):
        return []
    return list(
        dict.fromkeys(
            [*_written(look.symbols(), look, place), *given_expressions(look, place), *_read_from_group(look, place)]
        )
    )


def given_expressions(look: CloseLook, place: cst.CSTNode) -> list[str]:
    """What the optimizer or its group was given as its lr, where that means the same at a place."""
    return _written(_own_expression(look), look, place)


def _written(nodes: Iterable[cst.BaseExpression], look: CloseLook, place: cst.CSTNode) -> list[str]:
    module = look.construction.module
    visible = (node for node in nodes if _is_visible(node, module, place) and _is_constant(node, module, place))
    return [code_of(node) for node in visible]


def _own_expression(look: CloseLook) -> Iterator[cst.BaseExpression]:
    for _, group in look.groups():
        for origin in group.lr.origins:
            anchor = origin.anchor
            if anchor is not None and anchor.module is look.construction.module and isinstance(anchor.node, _PURE):
                yield anchor.node


def _read_from_group(look: CloseLook, place: cst.CSTNode) -> Iterator[str]:
    """The optimizer's own record of the rate."""
    contract, module = look.construction.contract, look.construction.module
    optimizer = look.construction.argument(contract.optimizer)
    if not contract.initial_rate or optimizer is None or dotted_name(optimizer) is None:
        return
    if _is_visible(optimizer, module, place):
        yield contract.initial_rate.format(optimizer=code_of(optimizer), group=look.positions[0])


def _root(node: cst.BaseExpression) -> str:
    """The variable at the root of attributes and subscripts; empty for anything else, such as a call."""
    while isinstance(node, (cst.Attribute, cst.Subscript)):
        node = node.value
    return node.value if isinstance(node, cst.Name) else ""


def _is_visible(node: cst.BaseExpression, module: Module, place: cst.CSTNode) -> bool:
    """Whether the variable at the root of an expression is one that code at a place can see."""
    name = _root(node)
    if not name:
        return False
    scope = _home(name, module, place)
    if scope is None:
        return False
    # Every method sees the object, each by a variable of its own.
    return name == SELF or scope is _home(name, module, node)


def _home(name: str, module: Module, place: cst.CSTNode) -> cst.CSTNode | None:
    """The scope whose variable a name means at a place."""
    path = (*module.path_to(place), place)
    for scope in reversed(path):
        if isinstance(scope, _SCOPES) and name in module.locals_of(scope):
            return scope
        if isinstance(scope, (cst.ListComp, cst.GeneratorExp, cst.SetComp, cst.DictComp)):
            bound = module.facts(scope.for_in).binds
            if name in bound:
                return scope
    return module.tree if name in module.locals_of(module.tree) else None


def _is_constant(node: cst.BaseExpression, module: Module, place: cst.CSTNode) -> bool:
    """Whether the variable is not one that the function at the place assigns on its way."""
    name = _root(node)
    scope = next((each for each in reversed((*module.path_to(place), place)) if isinstance(each, _SCOPES)), None)
    body = scope.body if scope is not None else None
    return body is None or name == SELF or name not in module.facts(body).binds
