"""Overrides that leave a method as it is: a ``step`` that steps, and prints the rates besides."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lr_lint.project.binders import SELF, body_of
from lr_lint.project.knowledge import CHANGING_METHODS, SCHEDULER_STATE
from lr_lint.semantics.machine.class_members import ancestry
from lr_lint.semantics.values.objects import ClassValue
from lr_lint.source.tree import dotted_name, walk

_ASSIGNING = frozenset({"setattr", "delattr", "exec"})
# Methods of a scheduler that change nothing; any other of its own may.
_READING = frozenset(f"{SELF}.{name}" for name in ("get_last_lr", "state_dict", "print_lr"))
# Whoever is given one of these may set rates.
_WHOLE = frozenset({SELF, f"{SELF}.optimizer"})
# Methods that note something, and set nothing that is there.
_COLLECTING = frozenset({"append", "appendleft", "extend", "insert", "add"})
_GIVING_UP = (cst.Return, cst.Raise, cst.Break, cst.Continue)


def is_replaced(cls: ClassValue, name: str) -> bool:
    """Whether a class or a base of it in the code under check has a method of its own that is another one."""
    return any(
        isinstance(statement, cst.FunctionDef) and statement.name.value == name and not _only_adds(statement)
        for current in ancestry(cls)
        for statement in current.node.body.body
    )


def _only_adds(method: cst.FunctionDef) -> bool:
    """Whether a method calls the one that it overrides each time, hands on what that gives, and changes no rate."""
    at = [place for place, statement in enumerate(body_of(method)) if _call_of_base(statement, method) is not None]
    if len(at) != 1:
        return False
    before = body_of(method)[: at[0]]
    base = _call_of_base(body_of(method)[at[0]], method)
    if any(isinstance(node, _GIVING_UP) for statement in before for node in walk(statement)):
        return False
    nodes = list(walk(method.body))
    returned = [node.value for node in nodes if isinstance(node, cst.Return)]
    kept = _kept_in(body_of(method)[at[0]], nodes)
    handed_on = all(value is None or value is base or (kept and dotted_name(value) == kept) for value in returned)
    return handed_on and not any(map(_may_change_rates, nodes))


def _kept_in(statement: cst.CSTNode, nodes: list[cst.CSTNode]) -> str:
    """The variable that holds what a statement's call gives, and nothing else; empty where there is none."""
    small = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
    targets = [each.target for each in small.targets] if isinstance(small, cst.Assign) else []
    if len(targets) != 1 or not isinstance(targets[0], cst.Name):
        return ""
    bound = [each for node in nodes if (each := getattr(node, "target", None)) is not None]
    return targets[0].value if sum(dotted_name(each) == targets[0].value for each in bound) == 1 else ""


def _call_of_base(statement: cst.CSTNode, method: cst.FunctionDef) -> cst.Call | None:
    """The call of the overridden method that a statement consists of, with what the method was given or nothing."""
    small = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) else None
    call = small.value if isinstance(small, (cst.Expr, cst.Return, cst.Assign)) else None
    if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Attribute):
        return None
    plain = all(isinstance(argument.value, cst.Name) for argument in call.args)
    return call if plain and _is_of_base(call) and call.func.attr.value == method.name.value else None


def _is_of_base(call: cst.Call) -> bool:
    """Whether a method of the base is called: ``super().step()``, ``LambdaLR.step(self)``; also ``super()`` itself."""
    receiver = getattr(call.func, "value", None)
    if dotted_name(call.func) == "super" or (isinstance(receiver, cst.Call) and dotted_name(receiver.func) == "super"):
        return True
    is_given_self = bool(call.args) and dotted_name(call.args[0].value) == SELF
    return is_given_self and isinstance(call.func, cst.Attribute) and dotted_name(receiver) not in (None, SELF)


def _may_change_rates(node: cst.CSTNode) -> bool:
    """Whether a node changes something that need not be an attribute of the class's own, or lets others do so."""
    if not isinstance(node, cst.Call):
        return any(not _is_own(target) for target in _targets(node))
    name, receiver = dotted_name(node.func) or "", getattr(node.func, "value", node.func)
    if name in _ASSIGNING or (name.startswith(f"{SELF}.") and name.count(".") == 1 and name not in _READING):
        return True
    if any(dotted_name(argument.value) in _WHOLE for argument in node.args) and not _is_of_base(node):
        return True
    if not isinstance(node.func, cst.Attribute) or node.func.attr.value not in CHANGING_METHODS or _is_own(receiver):
        return False
    return node.func.attr.value not in _COLLECTING or name.startswith(f"{SELF}.")


def _targets(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The attributes and items that a node assigns or deletes."""
    roots = [
        part
        for part in (getattr(node, "target", None), node if isinstance(node, cst.Del) else None)
        if isinstance(part, cst.CSTNode)
    ]
    for root in roots:
        yield from (part for part in walk(root) if isinstance(part, (cst.Attribute, cst.Subscript)))


def _is_own(target: cst.CSTNode) -> bool:
    """Whether a target is an attribute that the class has for itself, or a part of one."""
    while isinstance(target, cst.Subscript):
        target = target.value
    parts = (dotted_name(target) or "").split(".")
    return parts[0] == SELF and len(parts) > 1 and parts[1] not in SCHEDULER_STATE
