"""Where the optimizer of a scheduler comes from: from the argument of the construction back to what made it.

Each variable on the way back holds the optimizer, so that it is followed from there on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import libcst as cst

from lr_lint.lifecycle.callers import argument_for
from lr_lint.lifecycle.events import Crossing, Event, Happening
from lr_lint.lifecycle.following import Follower
from lr_lint.lifecycle.whereabouts import Where, constant_index
from lr_lint.project.binders import SELF
from lr_lint.project.holders import function_of
from lr_lint.project.modules import Module
from lr_lint.project.scopes import Binding
from lr_lint.source.tree import dotted_name

_DEEPEST = 6


class Origins:
    """The way back from an expression to what made its value."""

    def __init__(self, follower: Follower) -> None:
        """Take who follows the object from each place on the way."""
        self._follower = follower
        self._trail = follower.trail

    def of(self, module: Module, node: cst.CSTNode, where: Where, depth: int = 0) -> None:
        """Follows the value of an expression, and what it may have been before that.

        Args:
            module: the file.
            node: the expression.
            where: where in its value the object is.
            depth: how far it was gone back already.
        """
        text = dotted_name(node)
        if depth > _DEEPEST:
            self._lose()
        elif text is not None:
            self._of_variable(module, node, text, where, depth)
        elif isinstance(node, cst.Subscript):
            self.of(module, node.value, replace(where, at=constant_index(node)), depth + 1)
        elif isinstance(node, cst.IfExp):
            for each in (node.body, node.orelse):
                self.of(module, each, where, depth + 1)
        elif isinstance(node, cst.Call):
            self._trail.events.append(Event(Happening.MADE, module, node))
            self._follower.value(module, node, where)
        else:
            self._lose()

    def _lose(self) -> None:
        self._trail.lost = self._trail.lost or "what made it is not known"

    def _of_variable(self, module: Module, node: cst.CSTNode, text: str, where: Where, depth: int) -> None:
        binding = module.scopes.resolve(text, node)
        if binding is None:
            self._lose()
            return
        binders = reaching(module, binding, node)
        for binder in binders:
            self._of_binder(module, binding, binder, where, depth)
        if isinstance(binding.scope, cst.ClassDef) and binding.name.startswith(f"{SELF}."):
            self._follower.attribute(module, binding, where, binders[0] if len(binders) == 1 else None)
        elif not binders:
            self._lose()
            self._follower.hold(module, node, where)

    def _of_binder(self, module: Module, binding: Binding, binder: cst.CSTNode, where: Where, depth: int) -> None:
        """What gives a variable its value."""
        statement = module.assigned_by(binder)
        parent = module.path_to(binder)[-1]
        if isinstance(statement, (cst.Assign, cst.AnnAssign, cst.NamedExpr)) and statement.value is not None:
            self._of_value(module, statement.value, binder, where, depth)
        elif isinstance(statement, (cst.For, cst.CompFor)):
            self._trail.shared = True
            self.of(module, statement.iter, where.item(), depth + 1)
        elif isinstance(parent, cst.Param) and isinstance(binding.scope, cst.FunctionDef):
            self._of_parameter(module, binding.scope, binding.name, where, depth)
        else:
            self._lose()
        if not isinstance(binding.scope, cst.ClassDef):
            self._follower.variable(module, binding, where, binder)

    def _of_value(
        self, module: Module, value: cst.BaseExpression, binder: cst.CSTNode, where: Where, depth: int
    ) -> None:
        """What was assigned; one of several that were, where they were unpacked."""
        parent = module.path_to(binder)[-1]
        if isinstance(parent, cst.Element):
            elements = getattr(module.path_to(binder)[-2], "elements", ())
            at = next((at for at, each in enumerate(elements) if each is parent), None)
            if isinstance(value, (cst.Tuple, cst.List)) and at is not None and at < len(value.elements):
                self.of(module, value.elements[at].value, where, depth + 1)
                return
            where = replace(where, at=at)
        if not (isinstance(value, cst.Name) and value.value == "None"):
            self.of(module, value, where, depth + 1)

    def _of_parameter(self, module: Module, function: cst.FunctionDef, name: str, where: Where, depth: int) -> None:
        callers = self._follower.callers(module, function)
        if not callers:
            self._lose()
        self._trail.shared = self._trail.shared or len(callers) > 1
        for caller in callers:
            argument = argument_for(module, function, caller.call, name)
            self._trail.entered.setdefault(function, {})[caller.call] = Crossing(caller.module, caller.call)
            if argument is None:
                self._lose()
            else:
                self.of(caller.module, argument.value, where, depth + 1)


def reaching(module: Module, binding: Binding, node: cst.CSTNode) -> Sequence[cst.CSTNode]:
    """What may have given a variable the value that it has at some place."""
    binders = module.scopes.binders(binding)
    home = function_of(module.path_to(node))
    if isinstance(binding.scope, cst.ClassDef):
        home_of = {binder: function_of(module.path_to(binder)) for binder in binders}
        near = [each for each in binders if home_of[each] is home and module.is_before(each, node)]
        return near[-1:] or binders
    before = [each for each in binders if module.is_before(each, node)]
    here = [each for each in before if function_of(module.path_to(each)) is home]
    last = here[-1:]
    if last and _is_unconditional(module, last[0], node):
        return last
    return here or before or binders


def _is_unconditional(module: Module, binder: cst.CSTNode, node: cst.CSTNode) -> bool:
    """Whether what binds a variable has run whenever some place after it in the function is reached."""
    around = module.path_to(node)
    return all(
        each in around or not isinstance(each, (cst.If, cst.For, cst.While, cst.Try, cst.TryStar, cst.Match))
        for each in module.path_to(binder)
    )
