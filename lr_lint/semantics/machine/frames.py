"""The frame in which a node is evaluated: the scopes around it, with what they need run before it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import libcst as cst

from lr_lint.project.binders import SELF, body_of, parameters_of
from lr_lint.project.modules import Module
from lr_lint.project.spelled_names import names_given
from lr_lint.semantics.machine.call_expressions import call_arguments, defaults_of
from lr_lint.semantics.machine.calls import bind_arguments
from lr_lint.semantics.machine.class_members import CONSTRUCTOR, ancestry, class_frame, find_method, is_decorated
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.lookups import calls_by_lookup
from lr_lint.semantics.machine.receivers import receiver_of
from lr_lint.semantics.machine.slices import module_frame, run_until
from lr_lint.semantics.machine.statements import run_statement
from lr_lint.semantics.machine.symbolic import symbolic_parameter
from lr_lint.semantics.machine.targets import bind_target
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.context import Frame, Raised
from lr_lint.semantics.values.functions import Bound, Function
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.operations import iterate
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.semantics.values.world import World
from lr_lint.source.scheduler_names import OWN_CLASS
from lr_lint.source.tree import dotted_name, last_name
from lr_lint.vocabulary import paths

_DEEPEST_CALLER = 3
# A function that more callers than these use is a library's: no few of them speak for all.
_MOST_CALLERS = 4


_COMPREHENSIONS = (cst.ListComp, cst.GeneratorExp, cst.SetComp, cst.DictComp)
_SCOPES = frozenset({cst.ClassDef, cst.FunctionDef, cst.Lambda, *_COMPREHENSIONS})


def frame_at(module: Module, node: cst.CSTNode, ancestors: Sequence[cst.CSTNode], world: World) -> Frame:
    """The frame in which a node is evaluated, with the statements before it run as far as it needs them.

    Parameters of the functions around it are bound from a call of the function: the one call there is, or the one that
    the world decides for where there are several. Else they are unknown.
    """
    frame = module_frame(module, world)
    scopes = [at for at, ancestor in enumerate(ancestors) if type(ancestor) in _SCOPES]
    owner: ClassValue | None = None
    outer: cst.CSTNode = module.tree
    for at in scopes:
        scope = ancestors[at]
        if isinstance(scope, cst.ClassDef):
            owner = ClassValue(scope, frame)
            continue
        if outer is not module.tree:
            _run_towards(frame, outer, scope, ancestors)
        frame = _scope_frame(scope, frame, owner)
        outer = scope
        owner = None
    if owner is not None:
        frame = class_frame(owner)
    _run_towards(frame, outer, node, ancestors)
    return frame


def frame_of_callee(module: Module, node: cst.CSTNode, ancestors: Sequence[cst.CSTNode], world: World) -> Frame:
    """The frame in which the name of a callee is evaluated.

    What the module alone binds is the same wherever it is called, so nothing has to run that stands before the call.
    """
    dotted = dotted_name(node)
    if dotted is not None:
        first, *others = dotted.split(".")
        if module.is_fixed(first, node) and module.attributes_set.isdisjoint(others):
            return module_frame(module, world)
    return frame_at(module, node, ancestors, world)


def _run_towards(frame: Frame, scope: cst.CSTNode, node: cst.CSTNode, ancestors: Sequence[cst.CSTNode]) -> None:
    statements = body_of(scope)
    if not statements:
        return
    path = frozenset(id(ancestor) for ancestor in ancestors)
    wanted = _read_in_turn(frame.module, node).union(frame.module.outer_names(scope))
    relevant = frame.module.block(statements).closure(wanted)
    if isinstance(node, (cst.FunctionDef, cst.Lambda)):
        # A nested function sees what its variables hold when it runs, not when it is defined.
        run_until(statements, frame, relevant, path)
        if isinstance(node, cst.FunctionDef):
            _run_rest(statements, frame, relevant, path)
        return
    run_until(statements, frame, relevant, path)


def _read_in_turn(module: Module, node: cst.CSTNode) -> frozenset[str]:
    """The names that a node reads, and those that the module's own functions of these names read in turn."""
    found = set(module.effects(node).reads)
    pending = list(found)
    while pending:
        for definition in module.definitions(pending.pop()):
            new = module.effects(definition).reads - found
            found |= new
            pending.extend(new)
    return frozenset(found)


def _run_rest(statements: Sequence[cst.CSTNode], frame: Frame, relevant: frozenset[str], path: frozenset[int]) -> None:
    unbound = frozenset(name for name in relevant if name not in frame.names)
    # Whoever gives up there may have called the nested function before.
    with frame.world.seen.detour():
        for statement in frame.module.block(statements).bearing_on(unbound):
            try:
                if id(statement) not in path:
                    run_statement(statement, frame, unbound)
            except Raised:
                return


def _scope_frame(scope: cst.CSTNode, parent: Frame, owner: ClassValue | None) -> Frame:
    frame = Frame(parent.module, scope, parent, parent.world, receiver=parent.receiver, owner=owner or parent.owner)
    if isinstance(scope, _COMPREHENSIONS):
        _bind_comprehension(scope.for_in, frame)
    elif isinstance(scope, cst.Lambda):
        for param in parameters_of(scope.params):
            frame.names[param.name.value] = symbolic_parameter(scope, param, frame)
    elif isinstance(scope, cst.FunctionDef):
        frame.world.memory.entered.add(scope)
        _bind_symbolically(scope, frame, owner)
    return frame


def _bind_comprehension(loop: cst.CompFor, frame: Frame) -> None:
    items, _ = iterate(evaluate(loop.iter, frame))
    item = frame.world.assumptions.item_in(loop, items)
    bind_target(loop.target, item or Unknown("the loop may not run"), frame)
    if loop.inner_for_in is not None:
        _bind_comprehension(loop.inner_for_in, frame)


def _bind_symbolically(scope: cst.FunctionDef, frame: Frame, owner: ClassValue | None) -> None:
    parameters = list(parameters_of(scope.params))
    receiver: Value | None = None
    if owner is not None and not is_decorated(scope, "staticmethod") and parameters:
        receiver = owner if is_decorated(scope, "classmethod") else receiver_of(owner, scope, frame)
        frame.receiver = receiver
    for param in parameters:
        frame.names[param.name.value] = symbolic_parameter(scope, param, frame)
    if receiver is not None:
        frame.names[parameters[0].name.value] = receiver
    arguments = arguments_of_caller(scope, owner, receiver, frame)
    if arguments is not None:
        frame.names.update(arguments)


def arguments_of_caller(
    scope: cst.FunctionDef, owner: ClassValue | None, receiver: Value | None, frame: Frame
) -> dict[str, Value] | None:
    """The arguments of a call of a function, by parameter; None where none of its calls is known.

    Args:
        scope: the function.
        owner: the class that defines it, for a method.
        receiver: the object or class that the method is bound to.
        frame: the function's own, for its place in the code.
    """
    world = frame.world
    place = paths.case("callers of", scope)
    if place in world.memory.running or len(world.memory.followed) >= _DEEPEST_CALLER:
        return None
    world.memory.running.add(place)
    world.memory.followed.append(scope)
    try:
        caller = _chosen_caller(scope, owner, receiver, frame)
        if caller is None:
            return None
        arguments, keywords, exact = call_arguments(*caller)
        if not exact:
            return None
        outside = frame.parent or frame
        function = Function(scope, outside, defaults_of(scope.params, outside), owner)
        return bind_arguments(function, [*([] if receiver is None else [receiver]), *arguments], keywords)
    except Raised:
        return None
    finally:
        world.memory.running.discard(place)
        world.memory.followed.pop()


def _chosen_caller(
    scope: cst.FunctionDef, owner: ClassValue | None, receiver: Value | None, frame: Frame
) -> tuple[cst.Call, Frame] | None:
    """A call of a function with the frame to evaluate it in; of several, the one that the world decides for."""
    module, world = frame.module, frame.world
    callers = _plain_calls(module, scope, owner, receiver)
    frames: dict[cst.Call, Frame] = {}
    if not callers:
        frames = _verified_calls(scope, owner, frame) or calls_by_lookup(
            scope, module, partial(_frame_of, world, module), partial(_frame_of_name, world, module)
        )
        callers = list(frames)
    # However many there are, one that has been decided for speaks for itself.
    decided = [call for call in callers if world.assumptions.decisions.get(paths.caller(call))]
    if decided:
        callers = decided
    elif not 0 < len(callers) <= _MOST_CALLERS:
        return None
    at = 0
    while at < len(callers) - 1 and not world.assume(paths.caller(callers[at])):
        at += 1
    chosen = callers[at]
    return chosen, frames[chosen] if chosen in frames else _frame_of(world, module, chosen)


def _frame_of(world: World, module: Module, call: cst.Call) -> Frame:
    return frame_at(module, call, module.path_to(call), world)


def _frame_of_name(world: World, module: Module, node: cst.CSTNode, call: cst.Call) -> Frame:
    return frame_of_callee(module, node, (*module.path_to(call), call), world)


def _verified_calls(scope: cst.FunctionDef, owner: ClassValue | None, frame: Frame) -> dict[cst.Call, Frame]:
    """The calls whose callee has to be evaluated to know that it is the function, with the frames around them."""
    world, name, is_class = frame.world, scope.name.value, False
    if owner is not None and name == CONSTRUCTOR:
        name, is_class = owner.name, True
    sought: list[tuple[Module, cst.Call]] = []
    for module in (frame.module, *world.machine.users(frame.module, name)):
        calls = _calls_spelled(name, module, is_class=is_class)
        sought += ((module, call) for call in calls if len(calls) <= _MOST_CALLERS)
    # What has been decided for needs no others beside it.
    decided = [each for each in sought if world.assumptions.decisions.get(paths.caller(each[1]))]
    frames = {call: _frame_of_caller(module, call, scope, world) for module, call in decided or sought}
    return {call: within for call, within in frames.items() if within is not None}


def _calls_spelled(name: str, module: Module, *, is_class: bool) -> list[cst.Call]:
    """The calls in a file that may be of something by how they are spelled; of a class, also by its other names."""
    plain = [call for call in module.calls().get(name, ()) if _is_spelled_out(call.func)]
    if plain or not is_class:
        return plain
    others = module.scopes.index.aliases.added_to({name}) - {name}
    calls = (call for calls in module.calls().values() for call in calls) if others else ()
    return [call for call in calls if any(given in others for given in names_given(call.func))]


def _is_spelled_out(callee: cst.BaseExpression) -> bool:
    """Whether a callee is a chain of names, or a method of what is made there and then: ``Trainer(net).fit``."""
    if isinstance(callee, cst.Attribute) and isinstance(callee.value, cst.Call):
        callee = callee.value.func
    return dotted_name(callee) is not None


def _plain_calls(
    module: Module, scope: cst.FunctionDef, owner: ClassValue | None, receiver: Value | None
) -> list[cst.Call]:
    """The calls in a function's own file that can be no other function's by what they name, from outside it."""
    calls = module.calls().get(scope.name.value, [])
    if owner is None:
        found = [call for call in calls if _names(scope, call, module)]
    elif scope.name.value == CONSTRUCTOR:
        found = _constructing(module, scope, owner, receiver)
    else:
        found = [call for call in calls if dotted_name(call.func) == f"{SELF}.{scope.name.value}"]
        found = [call for call in found if not _is_overridden_at(call, owner, module)]
    return [call for call in found if scope not in module.path_to(call)]


def _constructing(module: Module, scope: cst.FunctionDef, owner: ClassValue, receiver: Value | None) -> list[cst.Call]:
    """The calls that run a constructor: of the class, by ``super()`` or ``cls``; the receiver's class goes first."""
    of = receiver.cls if isinstance(receiver, Instance) else owner
    inherited = find_method(of, CONSTRUCTOR)
    line = {each.node for each in ancestry(of)} if of.node is not owner.node else set()
    passed_on = [call for call in module.calls().get(scope.name.value, ()) if _is_call_of_base(call, owner, module)]
    own = _made_by_name(of, module) if inherited is not None and inherited[0] is scope else []
    own += [call for call in passed_on if _innermost_class(call, module) in line]
    if line and own:
        return own
    by_class = [call for call in module.calls().get(OWN_CLASS, ()) if _innermost_class(call, module) is owner.node]
    others = _made_by_name(owner, module)
    return list(dict.fromkeys([*others, *own, *passed_on, *by_class]))


def _made_by_name(cls: ClassValue, module: Module) -> list[cst.Call]:
    return [call for call in module.calls().get(cls.name, ()) if _names(cls.node, call, module)]


def _names(definition: cst.FunctionDef | cst.ClassDef, call: cst.Call, module: Module) -> bool:
    """Whether a call calls by its name what a definition binds, as far as one file tells.

    A parameter or a variable of that name is something else. A definition of another file is told by its name alone.
    """
    name = definition.name.value
    if not isinstance(call.func, cst.Name) or not module.path_to(definition):
        return isinstance(call.func, cst.Name)
    return module.scopes.resolve(name, call) == module.scopes.resolve(name, definition)


def _is_overridden_at(call: cst.Call, owner: ClassValue, module: Module) -> bool:
    """Whether ``self.method()`` stands in a class that has a method of its own by that name, and is no base."""
    binding = module.scopes.resolve(f"{SELF}.{last_name(call.func)}", call)
    if binding is None or last_name(call.func) not in module.scopes.names_in(binding.scope):
        return False
    return isinstance(binding.scope, cst.ClassDef) and all(binding.scope is not each.node for each in ancestry(owner))


def _is_call_of_base(call: cst.Call, owner: ClassValue, module: Module) -> bool:
    """Whether ``super().__init__(...)`` stands in a direct subclass of a class."""
    if not isinstance(call.func, cst.Attribute) or not isinstance(call.func.value, cst.Call):
        return False
    around = _innermost_class(call, module)
    return around is not None and any(last_name(base.value) == owner.name for base in around.bases)


def _innermost_class(node: cst.CSTNode, module: Module) -> cst.ClassDef | None:
    return next((each for each in reversed(module.path_to(node)) if isinstance(each, cst.ClassDef)), None)


def _frame_of_caller(module: Module, caller: cst.Call, scope: cst.FunctionDef, world: World) -> Frame | None:
    """The frame around a call, if what it calls is the function."""
    try:
        with world.seen.detour():
            frame = frame_at(module, caller, module.path_to(caller), world)
            callee = evaluate(caller.func, frame)
    except Raised:
        return None
    if isinstance(callee, ClassValue):
        method = find_method(callee, CONSTRUCTOR)
        return frame if method is not None and method[0] is scope else None
    if isinstance(callee, Bound):
        callee = callee.function
    return frame if isinstance(callee, Function) and callee.node is scope else None
