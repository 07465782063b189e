"""Before something changes, whatever was put off and reads it is computed: lazy values, and objects not asked yet.

A lazy value stands for what an expression gave where it stood. It may be computed late only as long as nothing that it
reads has changed since, so every change of a container, an object or a variable is announced here first. What is
reached is found by walking from the names that the expression reads through all that they hold; where that takes too
long, everything counts as reached, since computing early is never wrong.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.project.modules import Module
from lr_lint.semantics.values.base import BaseValue, Value
from lr_lint.semantics.values.containers import DictValue
from lr_lint.semantics.values.context import Frame, Raised
from lr_lint.semantics.values.functions import Function
from lr_lint.semantics.values.imports import ModuleValue
from lr_lint.semantics.values.lazy import Lazy, force
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.world import World
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Quantity

# A walk that has seen more than this gives up: what it did not see counts as reached.
_MOST_SEEN = 2_000
# Seen items that cost one step of the budget.
_SEEN_PER_STEP = 20


def settle(changing: Value, world: World) -> None:
    """Computes what was put off and reads a value that is about to change in place.

    Raises:
        BudgetExceeded: when the construction's budget is used up.
    """
    _announce(_identity(changing), world)


def settle_attribute(changing: Value, name: str, world: World) -> None:
    """Computes what was put off and reads a value of which one attribute is about to be assigned.

    Raises:
        BudgetExceeded: when the construction's budget is used up.
    """
    _announce(_identity(changing), world, name)


def _announce(changing: Hashable, world: World, attribute: str = "") -> None:
    """Notes what changes: the callable, while it runs, may change what outlives its call."""
    sampling = world.seen.sampling
    if sampling is not None and not sampling.remembers:
        if sampling.stale:
            sampling.standing, sampling.stale = _reached_from(sampling.function, world), False
        outlives = sampling.standing is None or changing in sampling.standing
        if outlives and attribute:
            sampling.left.add(attribute)
        else:
            sampling.remembers = outlives
    _settle(changing, world)


def _identity(value: Value) -> Hashable:
    """What changes when a value changes in place: ``vars(x)`` is another view of the attributes of x."""
    if isinstance(value, DictValue):
        return id(value.entries)
    if isinstance(value, Function):
        return value.definition
    return id(value.attributes) if isinstance(value, Instance) else id(value)


def settle_variable(frame: Frame, name: str) -> None:
    """Computes what was put off and reads a variable that is about to be assigned anew."""
    if name in frame.names:
        _announce((id(frame), name), frame.world)


def put_off(compute: Callable[[], Value], key: AccessPath | None, world: World) -> Lazy:
    """A value that is computed when it is asked for, of which others then learn that it is known."""

    def discovered() -> Value:
        try:
            return compute()
        finally:
            discover(lazy, world)

    lazy = Lazy(discovered, key)
    return lazy


def discover(known: Value, world: World) -> None:
    """Notes that more is known of a value than when others found out that they reach it."""
    world.memory.discovered.append(_identity(known))


def discover_variables(module: Module, names: Iterable[str], world: World) -> None:
    """Notes that variables of a module, which runs bit by bit, have values now."""
    world.memory.discovered += [(module.path, name) for name in names]


def discover_body(cls: ClassValue, world: World) -> None:
    """Notes that the body of a class was run."""
    world.memory.discovered.append(cls.definition)


def settle_module(changing: ModuleValue, name: str, world: World) -> None:
    """Computes what was put off and reads a variable of another module that is about to be assigned from outside."""
    _announce(_module_key(changing), world)
    frame = world.memory.module_frames.get(changing.module.path)
    if frame is not None:
        _announce((id(frame), name), world)


def _module_key(module: ModuleValue) -> Hashable:
    return ("module", module.module.path)


def _settle(changing: Hashable, world: World) -> None:
    pending = world.memory.pending
    if not pending:
        return
    queue, untouched = deque(pending), list[Lazy | Instance]()
    pending.clear()
    try:
        while queue:
            waiting = queue.popleft()
            if waiting.complete if isinstance(waiting, Instance) else waiting.result is not None:
                world.memory.reached.pop(waiting, None)
                continue
            # An object that is being looked into is changed by its own constructor.
            is_under_way = isinstance(waiting, Instance) and waiting.under_way > 0
            if is_under_way or not _reaches(waiting, changing, world):
                untouched.append(waiting)
                continue
            _compute(waiting, world)
            # What was made on the way may read it as well.
            queue.extend(pending)
            pending.clear()
    finally:
        pending[:0] = [*untouched, *queue]


def _compute(waiting: Lazy | Instance, world: World) -> None:
    """Computes a lazy value; what it raises is raised where it is asked for, if anybody asks."""
    if isinstance(waiting, Instance):
        world.machine.complete(waiting)
        return
    try:
        force(waiting)
    except Raised as raised:
        failure = raised

        def fail() -> Value:
            raise failure

        waiting.compute = fail


def _reaches(waiting: Lazy | Instance, target: Hashable, world: World) -> bool:
    """Whether computing a lazy value may read something.

    What is reached stays the same until something in it that was put off comes to be known: any other change of what
    it reads would have had it computed before.
    """
    memory = world.memory
    known, latest = memory.reached.get(waiting), len(memory.discovered)
    if known is None or not _holds_still(known, memory.discovered):
        known = memory.reached[waiting] = (latest, _reached_from(waiting, world))
    elif known[0] != latest:
        known = memory.reached[waiting] = (latest, known[1])
    return known[1] is None or target in known[1]


def _holds_still(known: tuple[int, frozenset[Hashable] | None], discovered: Sequence[Hashable]) -> bool:
    """Whether what was reached is still all of it: nothing in it has come to be known since."""
    since, reached = known
    return reached is not None and (since == len(discovered) or reached.isdisjoint(discovered[since:]))


def _reached_from(waiting: Value, world: World) -> frozenset[Hashable] | None:
    """The identities of all that computing or running a value may read; None where that is too much to tell.

    Variables that it reads and that have no value so far are among them, so that it is told when they have one. This is
    asked more often than anything else that costs a walk, so kinds of values are asked once what they are.
    """
    seen: set[Hashable] = set()
    awaited: set[Hashable] = set()
    stack: list[Value] = [waiting]
    while stack:
        value = stack.pop()
        kind = type(value)
        shape = _shapes.get(kind) or _shape_of(kind)
        identity = id(value) if shape.is_one_object else _identity(value)
        if identity in seen:
            continue
        seen.add(identity)
        if len(seen) > _MOST_SEEN:
            break
        if shape.has_parts and not isinstance(value, Quantity):
            # A number has no parts and never changes in place; long lists are full of them.
            stack += [part for part in _parts(value, seen, awaited) if type(part) is not Quantity]
    world.spend(len(seen) // _SEEN_PER_STEP)
    return None if len(seen) > _MOST_SEEN else frozenset(seen | awaited)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a walk has to know of a kind of values.

    Attributes:
        is_one_object: whether nothing else is another view of a value, so that it is told by its own identity.
        has_parts: whether it holds or reads anything.
    """

    is_one_object: bool
    has_parts: bool


_shapes: dict[type, _Shape] = {}


def _shape_of(kind: type[Value]) -> _Shape:
    parts = not issubclass(kind, Quantity) and (
        kind.held is not BaseValue.held
        or kind.code is not BaseValue.code
        or issubclass(kind, (ModuleValue, ClassValue))
    )
    shape = _shapes[kind] = _Shape(not issubclass(kind, (DictValue, Function, Instance)), parts)
    return shape


def _parts(value: BaseValue, seen: set[Hashable], awaited: set[Hashable]) -> list[Value]:
    """What a value holds or reads.

    Variables that are read on the way are added to what was seen, or to what is awaited while they have no value.
    """
    parts = list(value.held())
    if isinstance(value, ModuleValue):
        seen.add(_module_key(value))
    elif isinstance(value, ClassValue):
        parts += _class_attributes(value, seen, awaited)
    code = value.code()
    if code is not None:
        _add_read(*code, parts, seen, awaited)
    return parts


def _class_attributes(cls: ClassValue, seen: set[Hashable], awaited: set[Hashable]) -> Iterator[Value]:
    """What the body of a class has bound, and what was assigned to its attributes later."""
    memory = cls.frame.world.memory
    frame = memory.class_frames.get(cls.definition)
    if frame is None:
        awaited.add(cls.definition)
    else:
        seen.update((id(frame), name) for name in frame.names)
        yield from frame.names.values()
    yield from (value for (of, _), value in memory.class_attributes.items() if of == cls.definition)


def _add_read(node: cst.CSTNode, frame: Frame, parts: list[Value], seen: set[Hashable], awaited: set[Hashable]) -> None:
    """Adds the variables that code reads, as they are found from a frame, with what they hold."""
    module, variables = frame.module, frame.world.memory.variables
    around: list[tuple[int, dict[str, Value]]] = []
    current: Frame | None = frame
    while current is not None:
        around.append((id(current), current.names))
        current = current.parent
    for name in module.effects(node).variables:
        for place, names in around:
            value = names.get(name)
            if value is not None:
                seen.add((place, name))
                parts.append(value)
                break
        else:
            value = variables.get((module.path, name))
            if value is not None:
                parts.append(value)
            else:
                awaited.add((module.path, name))
