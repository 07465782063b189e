"""Variables that a callable reads and that are set or changed after the scheduler is made: what it gives then differs.

A callable is sampled as it is when the scheduler is made, and only its first call happens by then. What it is does not
depend on that, a rate or a factor, but nothing is proved of what it gives at some later step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import libcst as cst

from lr_lint.project.binders import FUNCTIONS
from lr_lint.project.holders import function_of
from lr_lint.project.modules import Module
from lr_lint.project.scopes import Binding
from lr_lint.semantics.machine.class_members import CONSTRUCTOR
from lr_lint.semantics.values.context import Anchor


def reads_what_changes(entered: Iterable[cst.CSTNode], anchor: Anchor) -> bool:
    """Whether functions read a variable, or what it holds, that is set or changed after a construction.

    Args:
        entered: the functions; those of other files are left out.
        anchor: the construction.
    """
    module = anchor.module
    functions = frozenset(node for node in entered if isinstance(node, FUNCTIONS) and module.scopes.index.holds(node))

    def find() -> bool:
        read = {binding for function in functions for binding in _read_by(module, function)}
        return any(_changes(module, binding, functions, anchor.node) for binding in read)

    return module.once(("what changes after", anchor.node, functions), find)


def _read_by(module: Module, function: cst.FunctionDef | cst.Lambda) -> Iterator[Binding]:
    """The variables from around a function that it reads."""
    body = [function.body] if isinstance(function, cst.Lambda) else function.body.body
    names = frozenset[str]().union(*(module.effects(part).reads for part in body)) - module.locals_of(function)
    bindings = (module.scopes.resolve_within(name, function) for name in names)
    return (binding for binding in bindings if binding is not None)


def _changes(module: Module, binding: Binding, functions: frozenset[cst.CSTNode], call: cst.CSTNode) -> bool:
    setting = (node for node in module.scopes.binders(binding) if _is_later(module, binding, node, functions, call))
    return any(True for _ in setting) or any(
        _is_later(module, binding, node, functions, call) and _is_touched(module, binding, node)
        for node in module.scopes.uses(binding)
    )


def _is_touched(module: Module, binding: Binding, use: cst.CSTNode) -> bool:
    statement = next((each for each in module.path_to(use) if isinstance(each, cst.SimpleStatementLine)), None)
    return statement is not None and binding.name in module.effects(statement).touches


def _is_later(
    module: Module, binding: Binding, node: cst.CSTNode, functions: frozenset[cst.CSTNode], call: cst.CSTNode
) -> bool:
    """Whether something is done with a variable after a call, as far as the order of the source tells."""
    function, here = function_of(module.path_to(node)), function_of(module.path_to(call))
    if function in functions or call in module.path_to(node):
        return False
    if function is here:
        return module.is_before(call, node)
    # What a file does by itself it does before it calls functions; what another function does may be done any time.
    return (
        isinstance(function, cst.FunctionDef) and function.name.value != CONSTRUCTOR and function is not binding.scope
    )
