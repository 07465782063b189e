"""Classes and objects of the code under check, and the members of everything that has members."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import libcst as cst

from lr_lint.project.binders import SELF, parameters_of
from lr_lint.project.effects import RETURN
from lr_lint.semantics.libraries.absl import FLAG_HOLDERS
from lr_lint.semantics.libraries.click import DECLARING
from lr_lint.semantics.libraries.settings_objects import SETTINGS_BASES, SETTINGS_METHODS
from lr_lint.semantics.machine.calls import DEEPEST_CALL, bind_arguments
from lr_lint.semantics.machine.decorators import decorated
from lr_lint.semantics.machine.expressions import call_arguments, defaults_of, evaluate
from lr_lint.semantics.machine.flags import flag
from lr_lint.semantics.machine.imported import imported_module
from lr_lint.semantics.machine.slices import run_until
from lr_lint.semantics.machine.statements import run_block
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.functions import Bound, Function, Partial
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.methods import Method
from lr_lint.semantics.values.objects import ClassValue, Instance, SuperValue
from lr_lint.semantics.values.operations import call
from lr_lint.semantics.values.overridable import as_overridable, parsed_object
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import dotted_name, last_name
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Quantity
from lr_lint.vocabulary.reasons import Reason

_SET_ELSEWHERE = "the attribute is set elsewhere"

CONSTRUCTOR = "__init__"
_CONSTRUCTORS = frozenset({CONSTRUCTOR, "__post_init__"})
# What finding one attribute is worth of an object that is about to change.
_COMPLETING_STEPS = 2_000
_LONGEST_ANCESTRY = 16


def bases_of(cls: ClassValue) -> Iterator[Value]:
    """The base classes, evaluated where the class is defined."""
    for base in cls.node.bases:
        try:
            yield evaluate(base.value, cls.frame)
        except Raised:
            continue


def ancestry(cls: ClassValue) -> Iterator[ClassValue]:
    """The class and its bases in the code under check, depth first; cycles survive."""
    seen: set[int] = set()
    stack = [cls]
    while stack:
        current = stack.pop()
        if id(current.node) in seen:
            continue
        seen.add(id(current.node))
        yield current
        stack.extend(reversed([base for base in bases_of(current) if isinstance(base, ClassValue)]))


def external_bases(cls: ClassValue) -> Iterator[External]:
    """The library classes that a class derives from, at any depth."""
    for current in ancestry(cls):
        yield from (base for base in bases_of(current) if isinstance(base, External))


def find_method(cls: ClassValue, name: str) -> tuple[cst.FunctionDef, ClassValue] | None:
    """A method by name, from the class or the nearest base that defines it."""
    for current in ancestry(cls):
        for statement in reversed(current.node.body.body):
            if not isinstance(statement, cst.FunctionDef) or statement.name.value != name:
                continue
            if not is_decorated(statement, "setter", "deleter"):
                return statement, current
    return None


def is_decorated(function: cst.FunctionDef, *names: str) -> bool:
    """Whether a function has a decorator whose name ends in one of these."""
    return any(
        (dotted_name(decorator.decorator) or "").rpartition(".")[2] in names for decorator in function.decorators
    )


def method_function(node: cst.FunctionDef, owner: ClassValue) -> Function:
    """A method as a function that knows its class."""
    return Function(node, owner.frame, defaults_of(node.params, owner.frame), owner)


def library_member(value: External, name: str, frame: Frame) -> Value:
    """An attribute of a library: assigned before, a flag, or what is imported by that name."""
    assigned = frame.world.memory.library_attributes.get(f"{value.name}.{name}")
    if assigned is not None:
        return assigned
    if value.name in FLAG_HOLDERS:
        return flag(value.name, name, frame) or External(f"{value.name}.{name}")
    # A package without __init__.py is no module itself, but its modules are.
    return imported_module(f"{value.name}.{name}", frame)


def inherited(value: SuperValue, name: str) -> Value | None:
    """A method of the nearest base that has it; None where no base is known to."""
    for base in bases_of(value.owner):
        if isinstance(base, ClassValue):
            found = find_method(base, name)
            if found is not None:
                return Bound(method_function(*found), value.receiver)
    return None


def class_attribute(cls: ClassValue, name: str) -> Value | None:
    """What was assigned to an attribute of a class, or the class body or that of a base binds; None for neither."""
    for current in ancestry(cls):
        assigned = cls.frame.world.memory.class_attributes.get((current.node, name))
        if assigned is not None:
            return assigned
        if name in current.frame.module.locals_of(current.node):
            value = class_frame(current).names.get(name)
            if isinstance(value, Function) and _is_decorated_function(value, "classmethod"):
                return Bound(value, cls)
            return value
    return None


def _is_decorated_function(function: Function, name: str) -> bool:
    return isinstance(function.node, cst.FunctionDef) and is_decorated(function.node, name)


def class_frame(cls: ClassValue) -> Frame:
    """The names that the class body binds."""
    world = cls.frame.world
    frame = world.memory.class_frames.get(cls.node)
    if frame is None:
        frame = world.memory.class_frames[cls.node] = Frame(cls.frame.module, cls.node, cls.frame, world, owner=cls)
        try:
            run_block(cls.node.body.body, frame, cls.frame.module.locals_of(cls.node))
        except Raised:
            return frame
    return frame


def symbolic_parameter(scope: cst.CSTNode, param: cst.Param, frame: Frame) -> Value:
    """A parameter about which only the signature speaks."""
    name = param.name.value
    key = AccessPath.parameter(scope, name)
    outside = frame.parent or frame
    default = _declared_default(scope, name, outside)
    if param.default is not None:
        default = evaluate(param.default, outside)
        if isinstance(default, Constant) and default.value is None:
            default = None
    if param.annotation is not None and isinstance(param.annotation.annotation, (cst.Name, cst.Attribute)):
        annotated = evaluate(param.annotation.annotation, outside)
        if isinstance(annotated, ClassValue):
            return Instance(annotated, key, symbolic=True)
    if isinstance(default, (Function, ClassValue, Partial)):
        return default
    return Unknown("it is a parameter", key, name, default=default)


def _declared_default(scope: cst.CSTNode, name: str, outside: Frame) -> Value | None:
    """The default that a decorator declares for a parameter: ``@click.option("--alpha", default=0.1)``."""
    if not isinstance(scope, cst.FunctionDef) or not scope.decorators:
        return None
    declared = outside.world.memory.declared_options
    options = declared.get(scope)
    if options is None:
        options = declared[scope] = dict(_declared_options(scope, outside))
    return options.get(name)


def _declared_options(scope: cst.FunctionDef, outside: Frame) -> Iterator[tuple[str, Value]]:
    for decorator in scope.decorators:
        node = decorator.decorator
        if isinstance(node, cst.Call) and last_name(node.func) in DECLARING:
            try:
                option = evaluate(node, outside)
            except Raised:
                continue
            if isinstance(option, Unknown) and option.reason is Reason.COMMAND_LINE and option.default is not None:
                yield option.name, option.default


def symbolic_instance(cls: ClassValue) -> Instance:
    """``self`` in a method of an object that somebody else made."""
    receivers = cls.frame.world.memory.receivers
    known = receivers.get(cls.node)
    if known is None:
        known = receivers[cls.node] = Instance(cls, _own_key(cls), symbolic=True)
    return known


def _own_key(cls: ClassValue) -> AccessPath:
    return AccessPath.receiver(cls.node)


def instance_attribute(instance: Instance, name: str, frame: Frame) -> Value:
    """An attribute of an object: set before, a method, assigned in a method, a class variable, or unknown."""
    if name in instance.attributes:
        return instance.attributes[name]
    if name == "__dict__":
        complete(instance)
        return DictValue(instance.attributes, incomplete=True)
    found = find_method(instance.cls, name)
    if found is not None:
        return _bound_method(instance, found, frame)
    if name in SETTINGS_METHODS and _is_filled_in(instance.cls):
        return Method(instance, name)
    if name not in instance.asked and not instance.complete:
        instance.asked.add(name)
        _run_assignments(instance, name, frame)
        if name in instance.attributes:
            if instance.symbolic and name in instance.cls.frame.module.attributes_set:
                # Somebody assigns it from outside, to this object perhaps.
                key = paths.attribute(instance.key, name)
                value = as_overridable(instance.attributes[name], key, name, _SET_ELSEWHERE, frame.world)
                instance.attributes[name] = value
            return instance.attributes[name]
    value = _field_value(instance, name, frame)
    # A function that the class body assigns to a name is a method as well.
    is_method = isinstance(value, Function) and value is class_attribute(instance.cls, name)
    return Bound(value, instance) if is_method and isinstance(value, Function) else value


def _field_value(instance: Instance, name: str, frame: Frame) -> Value:
    """A field that no method sets: given at construction, or the class's default for it.

    What the fields of an object are that a parser made, or nobody knows who made, the defaults do not prove.
    """
    key = paths.attribute(instance.key, name)
    given = _given_to_field(instance, name)
    if given is not None and not instance.symbolic:
        return given
    default = given or class_attribute(instance.cls, name)
    if default is None:
        return _unset_field(instance, name, key)
    if not instance.symbolic and "**" not in dict(instance.keywords) and not _is_filled_in(instance.cls):
        return default
    if isinstance(default, (Instance, ListValue, DictValue)) and instance.key == _own_key(instance.cls):
        return default
    if isinstance(default, Instance):
        return parsed_object(default.cls, key, name, default)
    if isinstance(default, (ListValue, DictValue)):
        return instance.attributes.setdefault(name, as_overridable(default, key, name, _SET_ELSEWHERE, frame.world))
    if isinstance(default, Unknown) and default.key is None:
        return Unknown(default.reason, key, name, default=default.default)
    return Unknown(_SET_ELSEWHERE, key, name, default=default) if isinstance(default, (Quantity, Constant)) else default


def _unset_field(instance: Instance, name: str, key: AccessPath | None) -> Value:
    """A field about which the class says at most what it is annotated with."""
    of = _annotated_class(instance.cls, name)
    return Unknown(_SET_ELSEWHERE, key, name) if of is None else parsed_object(of, key, name)


def _is_filled_in(cls: ClassValue) -> bool:
    """Whether a library fills in the fields of a class's objects."""
    return any(base.name in SETTINGS_BASES for base in external_bases(cls))


def _given_to_field(instance: Instance, name: str) -> Value | None:
    """What the construction of an object gave for a field, by keyword or by position."""
    given = dict(instance.keywords)
    if name in given or not instance.arguments or find_method(instance.cls, "__init__") is not None:
        return given.get(name)
    names = [field for cls in reversed(list(ancestry(instance.cls))) for field in _positional_fields(cls)]
    at = names.index(name) if name in names else len(instance.arguments)
    return instance.arguments[at] if at < len(instance.arguments) else None


def _positional_fields(cls: ClassValue) -> Iterator[str]:
    """The fields that a dataclass's constructor takes by position, in order."""
    for statement in cls.node.body.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if not isinstance(small, cst.AnnAssign) or not isinstance(small.target, cst.Name):
                continue
            annotation = small.annotation.annotation
            kind = dotted_name(annotation.value if isinstance(annotation, cst.Subscript) else annotation) or ""
            if kind.rpartition(".")[2] == "ClassVar" or _is_left_out(small.value):
                continue
            yield small.target.value


def _is_left_out(default: cst.BaseExpression | None) -> bool:
    """``field(init=False)`` and ``field(kw_only=True)``: the constructor takes no such argument by position."""
    if not isinstance(default, cst.Call):
        return False
    given = {each.keyword.value: dotted_name(each.value) for each in default.args if each.keyword is not None}
    return given.get("init") == "False" or given.get("kw_only") == "True"


def _annotated_fields(cls: ClassValue) -> Iterator[tuple[str, cst.BaseExpression]]:
    """The annotated names of a class body with their annotations."""
    for statement in cls.node.body.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name):
                yield small.target.value, small.annotation.annotation


def _annotated_class(cls: ClassValue, name: str) -> ClassValue | None:
    """The class of the code under check that a field is annotated with."""
    for current in ancestry(cls):
        for field, annotation in _annotated_fields(current):
            if field == name and isinstance(annotation, (cst.Name, cst.Attribute)):
                of = evaluate(annotation, current.frame)
                return of if isinstance(of, ClassValue) else None
    return None


def _bound_method(instance: Instance, found: tuple[cst.FunctionDef, ClassValue], frame: Frame) -> Value:
    node, owner = found
    function = decorated(method_function(node, owner), node, owner.frame)
    if not isinstance(function, Function):
        # What is no function any more is not bound to the object either.
        return function
    if is_decorated(node, "staticmethod"):
        return Function(function.node, function.frame, function.defaults)
    if is_decorated(node, "classmethod"):
        return Bound(function, instance.cls)
    bound = Bound(function, instance)
    if is_decorated(node, "property", "cached_property"):
        return call(bound, [], {}, Anchor(owner.frame.module, node), frame)
    return bound


def _run_assignments(instance: Instance, name: str, frame: Frame) -> None:
    """Runs what the methods of the class assign to an attribute; ``__init__`` speaks first."""
    target = f"{SELF}.{name}"
    for cls in ancestry(instance.cls):
        module = cls.frame.module
        methods = [statement for statement in cls.node.body.body if isinstance(statement, cst.FunctionDef)]
        methods.sort(key=lambda method: method.name.value != "__init__")
        for method in methods:
            affected = [module.effects(statement).binds for statement in method.body.body]
            if any(target in names for names in affected):
                _run_method_slice(instance, method, cls, target, frame)
                if name in instance.attributes:
                    return


def _run_method_slice(instance: Instance, method: cst.FunctionDef, cls: ClassValue, target: str, caller: Frame) -> None:
    module, world = cls.frame.module, cls.frame.world
    place = ("method", id(method), id(instance), target)
    if place in world.memory.running or caller.depth >= DEEPEST_CALL:
        return
    world.memory.running.add(place)
    instance.under_way += 1
    frame = Frame(module, method, cls.frame, world, receiver=instance, owner=cls, depth=caller.depth + 1)
    try:
        frame.names.update(_method_arguments(instance, method, cls, frame))
        relevant = module.block(method.body.body).closure(frozenset({target, RETURN}))
        run_block(method.body.body, frame, relevant)
    except Raised:
        return
    finally:
        instance.under_way -= 1
        world.memory.running.discard(place)


def complete(instance: Instance) -> None:
    """Finds all that the constructor of an object assigns, since something that it reads is about to change.

    What takes too long is unknown from there on.
    """
    if instance.complete or instance.symbolic:
        return
    names = list(_assigned_by_constructor(instance.cls))
    frame = instance.cls.frame
    for name in names:
        if frame.world.attempt(_COMPLETING_STEPS, functools.partial(instance_attribute, instance, name, frame)) is None:
            key = paths.attribute(instance.key, name)
            instance.attributes.setdefault(name, Unknown("following it takes more steps than it is worth", key, name))
    instance.complete = True


def _assigned_by_constructor(cls: ClassValue) -> Iterator[str]:
    """The attributes that the constructors of a class and its bases assign, and the methods that these may call."""
    for current in ancestry(cls):
        for method in current.node.body.body:
            if isinstance(method, cst.FunctionDef) and method.name.value in _CONSTRUCTORS:
                for statement in method.body.body:
                    for bound in sorted(current.frame.module.effects(statement).binds):
                        if bound.startswith(f"{SELF}."):
                            yield bound.removeprefix(f"{SELF}.")


def set_attribute(instance: Instance, name: str, value: Value, anchor: Anchor, frame: Frame) -> None:
    """``instance.name = value``: through the setter of a property, where there is one."""
    if find_method(instance.cls, "__setattr__") is not None and not instance.under_way:
        value = Unknown("the class says how its attributes are assigned", None, name)
    setter = _setter(instance.cls, name)
    if instance.under_way:
        frame.world.memory.discoveries += 1
    if setter is None:
        instance.attributes[name] = value
    else:
        call(Bound(method_function(*setter), instance), [value], {}, anchor, frame)


def _setter(cls: ClassValue, name: str) -> tuple[cst.FunctionDef, ClassValue] | None:
    """The function that a property calls when it is assigned."""
    for current in ancestry(cls):
        for statement in current.node.body.body:
            if not isinstance(statement, cst.FunctionDef) or statement.name.value != name:
                continue
            if any(dotted_name(each.decorator) == f"{name}.setter" for each in statement.decorators):
                return statement, current
    return None


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
