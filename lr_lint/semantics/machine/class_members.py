"""Classes of the code under check: their bases, their methods, and what their bodies bind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import libcst as cst

from lr_lint.project.modules import Module
from lr_lint.semantics.machine.call_expressions import defaults_of
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.settling import discover_body
from lr_lint.semantics.machine.statements import run_block
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Frame, Raised
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.functions import Bound, Function, Partial
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.objects import ClassValue, Instance, SuperValue
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import dotted_name, last_name
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Quantity

CONSTRUCTOR = "__init__"
_ENUMERATIONS = "enum."
_USUAL_METACLASSES = frozenset({"ABCMeta", "EnumMeta", "EnumType"})
CONSTRUCTORS = frozenset({CONSTRUCTOR, "__post_init__"})


def bases_of(cls: ClassValue) -> Iterator[Value]:
    """The base classes, evaluated where the class is defined."""
    world = cls.frame.world
    for at, base in enumerate(cls.node.bases):
        known = world.memory.bases.get((cls.definition, at))
        if known is not None:
            # It costs what it costs to look at, so that it makes no difference who has asked before.
            world.spend(known[1])
            yield known[0]
            continue
        try:
            value = evaluate(base.value, cls.frame)
        except Raised:
            continue
        steps = _steps_of_definition(base.value, value, cls.frame.module)
        if steps:
            world.memory.bases[cls.definition, at] = value, steps
        yield value


def _steps_of_definition(node: cst.BaseExpression, value: Value, module: Module) -> int:
    """What it takes to evaluate a name that means one class whenever it is asked; 0 for anything else."""
    if not isinstance(node, cst.Name) or not isinstance(value, (ClassValue, External)):
        return 0
    return int(module.is_fixed(node.value, node))


def ancestry(cls: ClassValue) -> Iterator[ClassValue]:
    """The class and its bases in the code under check, in the order in which Python looks through them."""
    yield from _line_of(cls, frozenset())


def _line_of(cls: ClassValue, below: frozenset[cst.ClassDef]) -> Iterator[ClassValue]:
    """A class and its bases; those below it are left out, since code that is not run may say anything."""
    seen = set(below)
    pending = [cls]
    while len(pending) == 1:
        current = pending[0]
        seen.add(current.node)
        yield current
        bases = (base for base in bases_of(current) if isinstance(base, ClassValue))
        pending = [base for base in bases if base.node not in seen]
    if pending:
        lines = [list(_line_of(base, frozenset(seen))) for base in pending]
        yield from _merged([*lines, pending])


def _merged(lines: list[list[ClassValue]]) -> Iterator[ClassValue]:
    """The C3 merge of the orders of several bases (https://docs.python.org/3/howto/mro.html).

    Where the bases allow no such order, and Python no such class, the first of them goes first.
    """
    while lines := [line for line in lines if line]:
        later = {each.node for line in lines for each in line[1:]}
        chosen = next((line[0] for line in lines if line[0].node not in later), lines[0][0])
        yield chosen
        lines = [[each for each in line if each.node is not chosen.node] for line in lines]


def external_bases(cls: ClassValue) -> Iterator[External]:
    """The library classes that a class derives from, at any depth."""
    for current in ancestry(cls):
        yield from (base for base in bases_of(current) if isinstance(base, External))


def find_method(cls: ClassValue, name: str) -> tuple[cst.FunctionDef, ClassValue] | None:
    """A method by name, from the class or the nearest base that defines it."""
    for current in ancestry(cls):
        method = _methods(current).get(name)
        if method is not None:
            return method, current
    return None


def _methods(cls: ClassValue) -> Mapping[str, cst.FunctionDef]:
    """The methods that the body of a class defines, by name; of several of a name the last one."""
    return cls.frame.module.once(("methods", cls.node), lambda: _methods_in(cls.node))


def _methods_in(node: cst.ClassDef) -> Mapping[str, cst.FunctionDef]:
    functions = (each for each in node.body.body if isinstance(each, cst.FunctionDef))
    return {each.name.value: each for each in functions if not is_decorated(each, "setter", "deleter")}


def unusual(cls: ClassValue) -> str:
    """Why what a class and its objects hold does not follow from its body; empty where it does."""
    memo = cls.frame.world.memory.unusual
    if cls.node not in memo:
        memo[cls.node] = _why_unusual(cls)
    return memo[cls.node]


def _why_unusual(cls: ClassValue) -> str:
    for at, current in enumerate(ancestry(cls)):
        if has_unusual_metaclass(current.node):
            return "it has a metaclass"
        own = methods_written_in(current.node)
        if "__new__" in own:
            return "its class says how its objects are made"
        if at and "__init_subclass__" in own:
            return "a base says what becomes of its classes"
    return ""


def has_unusual_metaclass(node: cst.ClassDef) -> bool:
    """Whether a class has a metaclass that may make its objects in any way."""
    kinds = [each.value for each in node.keywords if each.keyword and each.keyword.value == "metaclass"]
    return any(last_name(kind) not in _USUAL_METACLASSES for kind in kinds)


def methods_written_in(node: cst.ClassDef) -> frozenset[str]:
    """The names of the functions that the body of a class defines."""
    return frozenset(each.name.value for each in node.body.body if isinstance(each, cst.FunctionDef))


def is_decorated(function: cst.FunctionDef, *names: str) -> bool:
    """Whether a function has a decorator whose name ends in one of these."""
    return any(
        (dotted_name(decorator.decorator) or "").rpartition(".")[2] in names for decorator in function.decorators
    )


def method_function(node: cst.FunctionDef, owner: ClassValue) -> Function:
    """A method as a function that knows its class."""
    known = owner.frame.world.memory.defaults
    place = (node, owner.frame)
    if place not in known:
        known[place] = defaults_of(node.params, class_frame(owner) if node in owner.node.body.body else owner.frame)
    return Function(node, owner.frame, known[place], owner)


def inherited(value: SuperValue, name: str) -> Value | None:
    """A method of the next class that has it, in the order of the receiver's class; None where none is known to."""
    receiver = value.receiver
    of = receiver.cls if isinstance(receiver, Instance) else receiver
    line = list(ancestry(of)) if isinstance(of, ClassValue) else []
    passed = [each.node for each in line]
    if value.owner.node not in passed:
        line, passed = list(ancestry(value.owner)), [value.owner.node]
    for current in line[passed.index(value.owner.node) + 1 :]:
        for statement in reversed(current.node.body.body):
            if isinstance(statement, cst.FunctionDef) and statement.name.value == name:
                return Bound(method_function(statement, current), receiver)
    return None


def class_attribute(cls: ClassValue, name: str) -> Value | None:
    """What was assigned to an attribute of a class, or the class body or that of a base binds; None for neither."""
    if unusual(cls):
        return Forgotten(unusual(cls))
    if name in cls.frame.module.volatile.attributes:
        return Forgotten("a function changes it that runs when others see fit")
    for current in ancestry(cls):
        value = own_attribute(current, name)
        if isinstance(value, (Quantity, Constant, ListValue, DictValue)) and _is_enumeration(current):
            return Unknown("it is a member of an enumeration", paths.attribute(AccessPath.node(current.node), name))
        if value is not None or name in current.frame.module.locals_of(current.node):
            if _is_descriptor(value):
                return Forgotten("a descriptor gives it")
            return value if value is None or not _is_class_method(current, name) else of_class(value, cls)
    return None


def _is_enumeration(cls: ClassValue) -> bool:
    """Whether the values in a class body become members of an enumeration."""
    return any(base.name.startswith(_ENUMERATIONS) for base in external_bases(cls))


def own_attribute(cls: ClassValue, name: str) -> Value | None:
    """What was assigned to an attribute of a class, or its body binds; None for neither."""
    assigned = cls.frame.world.memory.class_attributes.get((cls.definition, name))
    if assigned is not None:
        return assigned
    return class_frame(cls).names.get(name) if name in cls.frame.module.locals_of(cls.node) else None


def _is_class_method(cls: ClassValue, name: str) -> bool:
    found = find_method(cls, name)
    return found is not None and found[1] is cls and is_decorated(found[0], "classmethod")


def of_class(function: Value, cls: ClassValue) -> Value:
    """A class method: whatever its other decorators made of it is given the class first."""
    if isinstance(function, Function):
        return Bound(function, cls)
    return function if isinstance(function, Unknown) else Partial(function, (cls,), ())


def assigned_method(cls: ClassValue, name: str) -> Value | None:
    """What was assigned to a method of a class, as seen from it: ``Plan.__call__ = other``; None where it stands."""
    for current in ancestry(cls):
        assigned = cls.frame.world.memory.class_attributes.get((current.definition, name))
        if assigned is not None or name in current.frame.module.locals_of(current.node):
            return assigned
    return None


def has_descriptor(cls: ClassValue, name: str) -> bool:
    """Whether an attribute of a class, or of a base, is an object that says what reading and assigning it does."""
    return any(_is_descriptor(own_attribute(current, name)) for current in ancestry(cls))


def _is_descriptor(value: Value | None) -> bool:
    """Whether a class attribute is an object that says what reading and assigning it does."""
    value = None if value is None else force(value)
    if isinstance(value, Unknown):
        # What a call gives that is not followed may be one: ``property(read, write)``.
        return value.invocation is not None
    return isinstance(value, Instance) and any(
        find_method(value.cls, name) is not None for name in ("__get__", "__set__", "__delete__")
    )


def class_frame(cls: ClassValue) -> Frame:
    """The names that the class body binds."""
    world = cls.frame.world
    frame = world.memory.class_frames.get(cls.definition)
    if frame is None:
        frame = Frame(cls.frame.module, cls.node, cls.frame, world, owner=cls)
        world.memory.class_frames[cls.definition] = frame
        try:
            run_block(cls.node.body.body, frame, cls.frame.module.locals_of(cls.node))
        except Raised:
            return frame
        finally:
            discover_body(cls, world)
    return frame
