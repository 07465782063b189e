"""Objects that the callable makes, or that are made for it, as CPython makes and reads them.

While the callable runs, all that it does counts: a constructor runs as a whole where the object is made, and an
attribute is looked for where Python looks for it. Classes that derive from those of libraries are left to
`lr_lint.semantics.machine.objects`, which asks only for what matters.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

import libcst as cst

from lr_lint.semantics.machine.class_members import (
    CONSTRUCTOR,
    ancestry,
    bases_of,
    find_method,
    is_decorated,
    method_function,
    own_attribute,
)
from lr_lint.semantics.machine.dataclass_fields import Field, decorator_of, fields_of
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.methods import bound_method
from lr_lint.semantics.values.base import Value, arguments_key
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import DictValue
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.functions import Bound, Function, Partial
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.memoised import Memoised
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary import paths

# What running one constructor as a whole is worth.
_CONSTRUCTOR_STEPS = 4_000
# Bases of libraries that add nothing to what is asked of objects.
_PLAIN_BASES = frozenset({"builtins.object", "object", "abc.ABC", "typing.Generic", "typing.Protocol"})
# Methods by which a class decides itself how its objects are made or read.
_UNFOLLOWED = ("__new__", "__getattribute__", "__setattr__", "__delattr__", "__init_subclass__", "__set_name__")
_POST_INIT = "__post_init__"
_NO_ATTRIBUTE = "AttributeError"


def make(
    cls: ClassValue, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame
) -> Instance | None:
    """A new object whose constructor has run; None where it is to be run in parts, or is not followed.

    Raises:
        Raised: what the constructor raises, and TypeError where the arguments do not fit.
    """
    world = frame.world
    sampling = world.seen.sampling
    if sampling is None or "**" in keywords or not _is_plain(cls):
        return None
    if sampling.called is None and cls.frame.module.volatile.attributes:
        # It was made before the callable, by code of which only a part is run.
        return None
    key = paths.made_object(anchor.node, arguments_key(arguments, keywords))
    made = Instance(cls, key, tuple(arguments), tuple(keywords.items()), anchor=anchor, complete=True, exact=True)
    run = functools.partial(_construct, made, arguments, keywords, anchor, frame)
    if not world.attempt(_CONSTRUCTOR_STEPS, run):
        world.doubt("a constructor takes more steps than it is worth")
        return None
    return made


def _is_plain(cls: ClassValue) -> bool:
    """Whether a class and its bases are made of what is followed: functions, values, and fields of dataclasses."""
    for current in ancestry(cls):
        if any(isinstance(base, External) and base.name not in _PLAIN_BASES for base in bases_of(current)):
            return False
        if any(not isinstance(base, (External, ClassValue)) for base in bases_of(current)) or current.node.keywords:
            return False
        if decorator_of(current) is None and not all(map(_is_of_the_code(current), current.node.decorators)):
            return False
    return all(find_method(cls, name) is None for name in _UNFOLLOWED)


def _is_of_the_code(cls: ClassValue) -> Callable[[cst.Decorator], bool]:
    """Tells whether a decorator of a class is a function of the code under check, which was called already."""
    kinds = (Function, Bound, ClassValue, Instance)
    return lambda decorator: isinstance(force(evaluate(decorator.decorator, cls.frame)), kinds)


def _construct(
    made: Instance, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame
) -> bool:
    """Runs the constructor; whether that could be followed."""
    found = find_method(made.cls, CONSTRUCTOR)
    if found is not None:
        call_bound(made, *found, arguments, keywords, frame)
        return True
    if all(decorator_of(current) is None for current in ancestry(made.cls)):
        if arguments or keywords:
            raise Raised("TypeError")
        return True
    fields = fields_of(made.cls)
    if fields is None:
        return False
    _fill(made, fields, arguments, keywords, frame)
    return True


def call_bound(
    made: Instance,
    node: cst.FunctionDef,
    owner: ClassValue,
    arguments: list[Value],
    keywords: dict[str, Value],
    frame: Frame,
) -> Value:
    """What a method gives for an object."""
    return frame.world.machine.run(method_function(node, owner), [made, *arguments], keywords, frame)


def _fill(
    made: Instance, fields: list[Field], arguments: list[Value], keywords: dict[str, Value], frame: Frame
) -> None:
    """Assigns the fields of a dataclass and runs ``__post_init__``."""
    positional = [field.name for field in fields if field.given and not field.keyword]
    given = dict(zip(positional, arguments, strict=False))
    names = {field.name for field in fields if field.given}
    if len(arguments) > len(positional) or given.keys() & keywords.keys() or keywords.keys() - names:
        raise Raised("TypeError")
    given.update(keywords)
    variables: list[Value] = []
    for field in fields:
        value = given[field.name] if field.name in given else field.fallback(frame)
        if value is None:
            if field.given:
                raise Raised("TypeError")
            continue
        if field.variable:
            variables.append(value)
        else:
            made.attributes[field.name] = value
    after = find_method(made.cls, _POST_INIT)
    if after is not None:
        call_bound(made, *after, variables, {}, frame)


def read_attribute(instance: Instance, name: str, frame: Frame) -> Value:
    """An attribute of an object that was made here: properties, its own, those of its class, ``__getattr__``.

    Raises:
        Raised: AttributeError where it has none of that name.
    """
    if name.startswith("__") and not name.endswith("__") and len(list(ancestry(instance.cls))) > 1:
        frame.world.doubt("two classes may mean different attributes by a private name")
    if name in {"__dict__", "__class__"}:
        return DictValue(instance.attributes) if name == "__dict__" else instance.cls
    found = next(_in_classes(instance.cls, name), None)
    if found is not None and isinstance(found[0], Function) and _is_property(found[0], "property"):
        return _of_function(instance, found[0], found[1], frame)
    if found is not None and isinstance(found[0], Unknown):
        frame.world.doubt("what a class has by a name is not followed")
    if name in instance.attributes:
        return instance.attributes[name]
    if found is not None:
        return _of_class(instance, name, *found, frame)
    fallback = find_method(instance.cls, "__getattr__")
    if fallback is not None:
        return call_bound(instance, *fallback, [Constant(name)], {}, frame)
    if name.startswith("__"):
        return Unknown("every object has something of its own by that name", None, name)
    raise Raised(_NO_ATTRIBUTE)


def _in_classes(cls: ClassValue, name: str) -> Iterator[tuple[Value, ClassValue]]:
    """What the classes of an object have by a name, in the order in which Python looks; getters before setters."""
    for current in ancestry(cls):
        value = own_attribute(current, name)
        value = None if value is None else force(value)
        if isinstance(value, Function) and _is_property(value, "setter", "deleter"):
            getter = find_method(current, name)
            value = method_function(*getter) if getter is not None else value
        if value is not None:
            yield value, current


def _is_property(function: Function, *names: str) -> bool:
    return isinstance(function.node, cst.FunctionDef) and is_decorated(function.node, *names)


def _of_class(instance: Instance, name: str, value: Value, owner: ClassValue, frame: Frame) -> Value:
    if isinstance(value, Function):
        result = _of_function(instance, value, owner, frame)
        if _is_property(value, "cached_property"):
            frame.world.machine.announce(instance, frame.world)
            instance.attributes[name] = result
        return result
    if isinstance(value, Memoised):
        return Partial(value, (instance,), ())
    if isinstance(value, Instance) and find_method(value.cls, "__get__") is not None:
        frame.world.doubt("a descriptor is not followed")
        return Unknown("a descriptor says what it is", None, name)
    return value


def _of_function(instance: Instance, function: Function, owner: ClassValue, frame: Frame) -> Value:
    if isinstance(function.node, cst.FunctionDef) and function.owner is not None:
        return bound_method(instance, function.node, owner, frame)
    return Bound(function, instance)


def forbids(instance: Instance, name: str) -> bool | None:
    """Whether an attribute of an object that was made here cannot be assigned; None where that is not followed."""
    found = next(_in_classes(instance.cls, name), None)
    if found is not None and isinstance(found[0], Function) and _is_property(found[0], "property"):
        return True
    fields = fields_of(instance.cls) if any(current.node.decorators for current in ancestry(instance.cls)) else []
    is_field = any(field.name == name for field in fields or ())
    if found is not None and isinstance(found[0], Unknown) and not is_field:
        return None
    options = [decorator_of(current) for current in ancestry(instance.cls)]
    if any("frozen" in each or "slots" in each for each in options if each is not None):
        return None
    if found is not None and isinstance(found[0], Instance) and find_method(found[0].cls, "__set__") is not None:
        return None
    slots = [own_attribute(current, "__slots__") for current in ancestry(instance.cls)]
    return None if all(each is not None for each in slots) else False


def delete_attribute(instance: Instance, name: str, frame: Frame) -> None:
    """``del instance.name``, through the deleter of a property where there is one.

    Raises:
        Raised: AttributeError where there is none of that name.
    """
    for current in ancestry(instance.cls):
        for statement in current.node.body.body:
            if not isinstance(statement, cst.FunctionDef) or statement.name.value != name:
                continue
            if is_decorated(statement, "deleter"):
                call_bound(instance, statement, current, [], {}, frame)
                return
    if name not in instance.attributes:
        raise Raised(_NO_ATTRIBUTE)
    del instance.attributes[name]
