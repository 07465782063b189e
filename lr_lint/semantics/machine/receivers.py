"""Of which class ``self`` is: the one whose method runs, or one that derives from it and answers for what it reads.

A base makes the scheduler and calls ``self.rate(epoch)``; what that returns, the classes say that derive from it. Each
of them is a world of its own. A base that only declares what others define is no object's class.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lr_lint.project.binders import SELF
from lr_lint.project.modules import Module
from lr_lint.semantics.machine.class_members import ancestry, find_method, is_decorated
from lr_lint.semantics.machine.symbolic import symbolic_instance
from lr_lint.semantics.values.context import Frame
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.source.tree import last_name, walk
from lr_lint.vocabulary import paths

# A class from which more classes derive than these is a library's: no few of them speak for all.
_MOST_DERIVED = 4
_ABSTRACT = ("abstractmethod", "abstractproperty")
_NOT_DEFINED = "NotImplementedError"
_OWN = f"{SELF}."


def receiver_of(owner: ClassValue, method: cst.FunctionDef, frame: Frame) -> Instance:
    """``self`` in a method of an object that somebody else made; of several classes, the world decides which it is of.

    Args:
        owner: the class that defines the method.
        method: the method.
        frame: the method's own, for its place in the code.
    """
    world = frame.world
    known = world.memory.receivers.get(owner.node)
    if known is not None:
        return known
    read = _read_of_self(owner, method)
    declared = sorted(name for name in read if _is_declared(owner, name))
    derived = list(_derived(owner, method, read, declared)) if read else []
    if not 0 < len(derived) <= _MOST_DERIVED:
        return symbolic_instance(owner)
    classes = derived if declared else [owner, *derived]
    at = 0
    while at < len(classes) - 1 and not world.assume(paths.derived(classes[at].node)):
        at += 1
    receiver = symbolic_instance(classes[at])
    for each in ancestry(classes[at]):
        world.memory.receivers[each.node] = receiver
    return receiver


def is_declared_only(function: cst.FunctionDef) -> bool:
    """Whether a function only declares what others define: it is abstract, says nothing, or raises that it is not."""
    return is_decorated(function, *_ABSTRACT) or says_nothing(function) or _raises_at_once(function)


def says_nothing(function: cst.FunctionDef) -> bool:
    """Whether the body of a function is a docstring, ``...`` or ``pass``."""
    return all(
        isinstance(line, cst.SimpleStatementLine) and all(_is_silent(part) for part in line.body)
        for line in function.body.body
    )


def _is_silent(statement: cst.BaseSmallStatement) -> bool:
    if isinstance(statement, cst.Expr):
        return isinstance(statement.value, (cst.SimpleString, cst.ConcatenatedString, cst.Ellipsis))
    return isinstance(statement, cst.Pass)


def _raises_at_once(function: cst.FunctionDef) -> bool:
    lines = [line for line in function.body.body if isinstance(line, cst.SimpleStatementLine)]
    parts = [part for line in lines for part in line.body if not _is_silent(part)]
    if len(lines) < len(function.body.body) or len(parts) != 1 or not isinstance(parts[0], cst.Raise):
        return False
    raised = parts[0].exc
    return raised is not None and last_name(raised.func if isinstance(raised, cst.Call) else raised) == _NOT_DEFINED


def _read_of_self(owner: ClassValue, method: cst.FunctionDef) -> frozenset[str]:
    """What a method reads of its object, and what the methods do that it reads."""
    found: set[str] = set()
    pending = [(method, owner)]
    while pending:
        function, cls = pending.pop()
        reads = cls.frame.module.effects(function).reads
        new = {name.removeprefix(_OWN) for name in reads if name.startswith(_OWN)} - found
        found |= new
        pending += [each for name in sorted(new) if (each := find_method(owner, name)) is not None]
    return frozenset(found)


def _is_declared(owner: ClassValue, name: str) -> bool:
    found = find_method(owner, name)
    return found is not None and is_declared_only(found[0])


def _derived(
    owner: ClassValue, method: cst.FunctionDef, read: frozenset[str], declared: list[str]
) -> Iterator[ClassValue]:
    """The classes that derive from a class, run its method and define something that it reads.

    In other files only those are looked for that define what the class declares.
    """
    home = owner.frame.module
    found = list(_derived_in(home, owner, home.scopes.index.class_names.added_to({owner.name})))
    world = owner.frame.world
    for name in declared if not found else ():
        for module in world.machine.defining(home, name) or ():
            found += _derived_in(module, owner, {each.name.value for each in _classes(module)})
    seen: set[frozenset[tuple[str, cst.ClassDef]]] = set()
    for each in found:
        defined = frozenset(_defined_below(each, owner, read))
        is_abstract = any(_is_declared(each, name) for name in declared)
        if defined and defined not in seen and not is_abstract and _runs(each, method):
            seen.add(defined)
            yield each


def _derived_in(module: Module, owner: ClassValue, names: set[str]) -> Iterator[ClassValue]:
    world = owner.frame.world
    for definition in _classes(module):
        if definition.name.value in names and definition is not owner.node:
            cls = force(world.machine.module_value(module, definition.name.value, world))
            if isinstance(cls, ClassValue) and any(each.node is owner.node for each in ancestry(cls)):
                yield cls


def _classes(module: Module) -> Iterator[cst.ClassDef]:
    return (each for each in module.tree.body if isinstance(each, cst.ClassDef))


def _defined_below(cls: ClassValue, owner: ClassValue, names: frozenset[str]) -> Iterator[tuple[str, cst.ClassDef]]:
    """Those of some names that a class or its bases below another one define, with the one that does."""
    above = {each.node for each in ancestry(owner)}
    left = set(names)
    for each in (each for each in ancestry(cls) if each.node not in above):
        defined = left & each.frame.module.locals_of(each.node)
        left -= defined
        yield from ((name, each.node) for name in sorted(defined))


def _runs(cls: ClassValue, method: cst.FunctionDef) -> bool:
    """Whether a class has a method of a base, or its own calls that: ``super().__init__()``."""
    found = find_method(cls, method.name.value)
    if found is None or found[0] is method:
        return True
    calls = (node.func for node in walk(found[0].body) if isinstance(node, cst.Call))
    return any(isinstance(each, cst.Attribute) and each.attr.value == method.name.value for each in calls)
