"""Methods run for what they assign to an attribute, with the arguments that constructors are given."""

from __future__ import annotations

import libcst as cst

from lr_lint.project.binders import SELF, parameters_of
from lr_lint.project.effects import RETURN
from lr_lint.semantics.machine.call_expressions import call_arguments
from lr_lint.semantics.machine.calls import DEEPEST_CALL, bind_arguments
from lr_lint.semantics.machine.class_members import (
    CONSTRUCTOR,
    CONSTRUCTORS,
    ancestry,
    bases_of,
    external_bases,
    find_method,
    method_function,
)
from lr_lint.semantics.machine.slices import run_until
from lr_lint.semantics.machine.statements import run_block
from lr_lint.semantics.machine.symbolic import symbolic_parameter
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.context import Frame, Raised
from lr_lint.semantics.values.objects import ClassValue, Instance

_LONGEST_ANCESTRY = 16
# What changes these may change any attribute: ``setattr(self, name, value)``, ``self.__dict__.update(options)``.
_WHOLE = frozenset({SELF, f"{SELF}.__dict__"})


def run_assignments(instance: Instance, name: str, frame: Frame) -> bool:
    """Runs what the methods of the class assign to an attribute; ``__init__`` speaks first.

    Returns:
        Whether all that assign it have run, so that one that has no value now has none on this path.
    """
    target = f"{SELF}.{name}"
    made_here = not instance.symbolic and not any(True for _ in external_bases(instance.cls))
    run: list[bool] = []
    for cls in ancestry(instance.cls):
        module = cls.frame.module
        methods = [statement for statement in cls.node.body.body if isinstance(statement, cst.FunctionDef)]
        if made_here:
            # Of an object whose making is seen, other methods assign when somebody calls them.
            methods = [method for method in methods if method.name.value in CONSTRUCTORS]
        methods.sort(key=lambda method: method.name.value != "__init__")
        for method in methods:
            effects = [module.effects(statement) for statement in method.body.body]
            by_name = method.name.value == CONSTRUCTOR and any(not _WHOLE.isdisjoint(each.touches) for each in effects)
            if by_name or any(target in each.binds for each in effects):
                run.append(_run_method_slice(instance, method, cls, target, frame) and not by_name)
                if name in instance.attributes:
                    return True
    return bool(run) and all(run)


def _run_method_slice(instance: Instance, method: cst.FunctionDef, cls: ClassValue, target: str, caller: Frame) -> bool:
    """Runs what bears on an attribute in a method; whether it came to its end."""
    module, world = cls.frame.module, cls.frame.world
    place = ("method", id(method), id(instance), target)
    if place in world.memory.running or caller.depth >= DEEPEST_CALL:
        return False
    world.memory.running.add(place)
    instance.under_way += 1
    frame = Frame(module, method, cls.frame, world, receiver=instance, owner=cls, depth=caller.depth + 1)
    try:
        frame.names.update(_method_arguments(instance, method, cls, frame))
        relevant = module.block(method.body.body).closure(_WHOLE | {target, RETURN})
        run_block(method.body.body, frame, relevant)
    except Raised:
        return False
    finally:
        instance.under_way -= 1
        world.memory.running.discard(place)
    return True


def _method_arguments(instance: Instance, method: cst.FunctionDef, cls: ClassValue, frame: Frame) -> dict[str, Value]:
    parameters = list(parameters_of(method.params))
    names = {param.name.value: symbolic_parameter(method, param, frame) for param in parameters}
    if method.name.value == CONSTRUCTOR:
        names.update(_constructor_arguments(instance, method, cls, frame) or {})
    if parameters:
        names[parameters[0].name.value] = instance
    return names


def _constructor_arguments(
    instance: Instance, method: cst.FunctionDef, cls: ClassValue, frame: Frame
) -> dict[str, Value] | None:
    """What a constructor is given: by whoever makes the object, or by the constructor of a subclass."""
    found = find_method(instance.cls, CONSTRUCTOR)
    function = method_function(method, cls)
    try:
        if found is None or found[0] is method:
            if instance.symbolic:
                return frame.world.machine.caller(method, cls, instance, frame)
            return bind_arguments(function, [instance, *instance.arguments], dict(instance.keywords))
        passed = _passed_to_base(instance, found, method, frame)
        return None if passed is None else bind_arguments(function, [instance, *passed[0]], passed[1])
    except Raised:
        return None


def _passed_to_base(
    instance: Instance, found: tuple[cst.FunctionDef, ClassValue], method: cst.FunctionDef, frame: Frame
) -> tuple[list[Value], dict[str, Value]] | None:
    """The arguments with which ``super().__init__`` is called on the way from a class to a base's constructor."""
    for _ in range(_LONGEST_ANCESTRY):
        node, owner = found
        bases = [base for base in bases_of(owner) if isinstance(base, ClassValue)]
        above = next(filter(None, (find_method(base, CONSTRUCTOR) for base in bases)), None)
        if above is None:
            return None
        if above[0] is method:
            break
        found = above
    else:
        return None
    module = owner.frame.module
    calls = [call for call in module.calls().get(CONSTRUCTOR, ()) if node in module.path_to(call)]
    if len(calls) != 1 or not isinstance(calls[0].func, cst.Attribute) or not isinstance(calls[0].func.value, cst.Call):
        return None
    within = Frame(module, node, owner.frame, frame.world, receiver=instance, owner=owner, depth=frame.depth + 1)
    within.names.update(_method_arguments(instance, node, owner, within))
    path = frozenset(id(ancestor) for ancestor in module.path_to(calls[0]))
    relevant = module.block(node.body.body).closure(module.effects(calls[0]).reads)
    run_until(node.body.body, within, relevant, path)
    arguments, keywords, exact = call_arguments(calls[0], within)
    return (arguments, keywords) if exact else None
