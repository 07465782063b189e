"""The frame in which a node is evaluated: the scopes around it, with what they need run before it."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from lr_lint.project.bindings import SELF, Module, body_of, parameters_of, relevant_names
from lr_lint.semantics.calls import bind_arguments
from lr_lint.semantics.containers import iterate
from lr_lint.semantics.expressions import bind_target, call_arguments, defaults_of, evaluate
from lr_lint.semantics.objects import class_frame, is_decorated, symbolic_instance, symbolic_parameter
from lr_lint.semantics.slices import module_frame, run_until
from lr_lint.semantics.statements import run_block
from lr_lint.semantics.values import (
    ClassValue,
    Frame,
    Function,
    Opaque,
    Raised,
    Value,
    World,
)
from lr_lint.source.tree import dotted_name

_DEEPEST_CALLER = 3


_COMPREHENSIONS = (cst.ListComp, cst.GeneratorExp, cst.SetComp, cst.DictComp)


_SCOPES = (cst.ClassDef, cst.FunctionDef, cst.Lambda, *_COMPREHENSIONS)


def frame_at(
    module: Module, node: cst.CSTNode, ancestors: Sequence[cst.CSTNode], world: World, depth: int = 0
) -> Frame:
    """The frame in which a node is evaluated, with the statements before it run as far as it needs them.

    Parameters of the functions around it are bound from the one call of the function in the file, where there is one;
    else they are unknown.
    """
    frame = module_frame(module, world)
    scopes = [at for at, ancestor in enumerate(ancestors) if isinstance(ancestor, _SCOPES)]
    owner: ClassValue | None = None
    outer: cst.CSTNode = module.tree
    for at in scopes:
        scope = ancestors[at]
        if isinstance(scope, cst.ClassDef):
            owner = ClassValue(scope, frame)
            continue
        if outer is not module.tree:
            _run_towards(frame, outer, scope, ancestors)
        frame = _scope_frame(scope, frame, owner, ancestors[:at], depth)
        outer = scope
        owner = None
    if owner is not None:
        frame = class_frame(owner)
    _run_towards(frame, outer, node, ancestors)
    return frame


def _run_towards(frame: Frame, scope: cst.CSTNode, node: cst.CSTNode, ancestors: Sequence[cst.CSTNode]) -> None:
    statements = body_of(scope)
    if not statements:
        return
    path = frozenset(id(ancestor) for ancestor in ancestors)
    wanted = frame.module.facts(node).reads
    relevant = relevant_names(frame.module, statements, wanted)
    if isinstance(node, (cst.FunctionDef, cst.Lambda)):
        # A nested function sees what its variables hold when it runs, not when it is defined.
        run_until(statements, frame, relevant, path)
        if isinstance(node, cst.FunctionDef):
            after = [statement for statement in statements if id(statement) not in path]
            _run_rest(after, frame, relevant)
        return
    run_until(statements, frame, relevant, path)


def _run_rest(statements: Sequence[cst.CSTNode], frame: Frame, relevant: frozenset[str]) -> None:
    unbound = frozenset(name for name in relevant if name not in frame.names)
    try:
        run_block(statements, frame, unbound)
    except Raised:
        return


def _scope_frame(
    scope: cst.CSTNode, parent: Frame, owner: ClassValue | None, ancestors: Sequence[cst.CSTNode], depth: int
) -> Frame:
    frame = Frame(parent.module, scope, parent, parent.world, receiver=parent.receiver, owner=owner or parent.owner)
    if isinstance(scope, _COMPREHENSIONS):
        _bind_comprehension(scope.for_in, frame)
    elif isinstance(scope, cst.Lambda):
        for param in parameters_of(scope.params):
            frame.names[param.name.value] = symbolic_parameter(scope, param, frame)
    elif isinstance(scope, cst.FunctionDef):
        _bind_symbolically(scope, frame, owner, ancestors, depth)
    return frame


def _bind_comprehension(loop: cst.CompFor, frame: Frame) -> None:
    items, _ = iterate(evaluate(loop.iter, frame), frame)
    bind_target(loop.target, items[0] if items else Opaque("the loop may not run"), frame)
    if loop.inner_for_in is not None:
        _bind_comprehension(loop.inner_for_in, frame)


def _bind_symbolically(
    scope: cst.FunctionDef, frame: Frame, owner: ClassValue | None, ancestors: Sequence[cst.CSTNode], depth: int
) -> None:
    parameters = list(parameters_of(scope.params))
    receiver: Value | None = None
    if owner is not None and not is_decorated(scope, "staticmethod") and parameters:
        receiver = owner if is_decorated(scope, "classmethod") else symbolic_instance(owner)
        frame.receiver = receiver
    for param in parameters:
        frame.names[param.name.value] = symbolic_parameter(scope, param, frame)
    if receiver is not None:
        frame.names[parameters[0].name.value] = receiver
    arguments = _arguments_of_only_call(scope, owner, frame, depth)
    if arguments is not None:
        frame.names.update(arguments)


def _arguments_of_only_call(
    scope: cst.FunctionDef, owner: ClassValue | None, frame: Frame, depth: int
) -> dict[str, Value] | None:
    """The arguments of the function's only call in the file, by parameter; None where there is no such call."""
    if depth >= _DEEPEST_CALLER:
        return None
    module = frame.module
    calls = [
        node
        for node in module.calls().get(scope.name.value, ())
        if isinstance(node.func, cst.Name) is (owner is None) and scope not in module.path_to(node)
    ]
    if len(calls) != 1 or ("caller", id(scope)) in frame.world.running:
        return None
    node = calls[0]
    if owner is not None and dotted_name(node.func) != f"{SELF}.{scope.name.value}":
        return None
    frame.world.running.add(("caller", id(scope)))
    try:
        caller = frame_at(module, node, module.path_to(node), frame.world, depth + 1)
        arguments, keywords, exact = call_arguments(node, caller)
        if not exact:
            return None
        function = Function(scope, frame.parent or frame, defaults_of(scope.params, frame.parent or frame), owner)
        first = [frame.receiver] if owner is not None and frame.receiver is not None else []
        return bind_arguments(function, [*first, *arguments], keywords)
    except Raised:
        return None
    finally:
        frame.world.running.discard(("caller", id(scope)))
