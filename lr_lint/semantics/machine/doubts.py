"""Fields that code may have changed which was not followed: what they hold is then not known, or proves nothing.

A slice runs the statements that it knows to bear on what is asked for. What it does not find out (a dict that a lambda
is given, an object that a decorator sets an attribute of) shows when a field is read: there is a write to a field of
that name, to an object that may be this one, in code that may have run before, and the interpreter was not there.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

import libcst as cst

from lr_lint.project.modules import Module
from lr_lint.project.reach import ProjectReach
from lr_lint.project.writes import ANY_FIELD, Part, Whose, Write
from lr_lint.semantics.machine.class_members import ancestry
from lr_lint.semantics.machine.identity import is_handed_out, may_be_one, may_give
from lr_lint.semantics.values.base import Value, key_of
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.imports import External, ModuleValue
from lr_lint.semantics.values.lazy import known
from lr_lint.semantics.values.methods import Method
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.semantics.values.world import World
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Quantity

_REASON = "code that is not followed may change it"
# Writes that may be looked at for one step of the budget: a file may write a field as often as it reads it.
_WRITES_PER_STEP = 50


def doubted(owner: Value, field: Hashable, held: Value, world: World) -> Value:
    """What a field holds, as far as nobody may have changed it unseen.

    Args:
        owner: the object or container.
        field: the name of the attribute, the key or the index.
        held: what it holds by all that was followed.
        world: the run.

    Returns:
        The value itself; an unknown one where code writes this very field; one that is so by default where code writes
        some field.
    """
    if isinstance(held, (Method, External)) or (isinstance(held, Unknown) and held.default is None):
        return held
    found = list(_unseen(owner, field, world, world.reach))
    if not found:
        return held
    if any(write.field is not ANY_FIELD for write in found):
        # Whatever was given from outside is so in all worlds alike: only its default is lost.
        given = owner.identity if isinstance(owner, Instance) and owner.symbolic else None
        return Unknown(_REASON, paths.attribute(given, str(field)), str(field))
    if not isinstance(held, (Quantity, Constant)):
        return held
    # One write may be to many fields, which are not the same for that.
    number = held.number if isinstance(held, Quantity) else held.value
    place = paths.entry(AccessPath.node(found[0].place), field)
    return Unknown(_REASON, paths.overridable(place, key_of(held) or number), str(field), held)


def is_group_doubted(group: DictValue, made: cst.CSTNode | None, world: World) -> bool:
    """Whether code that was not followed may have given a param group another rate.

    Args:
        group: its options.
        made: the node of the scheduler's file that made the optimizer; None where it is not known.
        world: the run.
    """
    reach = world.reach
    if reach is not None and made is not None:
        reach = reach.since(made)
    return any(True for field in ("lr", "initial_lr") for _ in _unseen(group, field, world, reach, group=True))


def _unseen(
    owner: Value, field: Hashable, world: World, reach: ProjectReach | None, *, group: bool = False
) -> Iterable[Write]:
    """The writes to a field of that name that may have changed this one, and were not followed.

    Raises:
        BudgetExceeded: when the construction's budget is used up.
    """
    if reach is None:
        return
    # An optimizer gets to other files only where it is handed to them.
    everywhere = not group or reach.module.hands_anything_out
    writes = _writes_of(field, world, reach, everywhere=everywhere)
    world.spend(len(writes) // _WRITES_PER_STEP)
    for module, write in writes:
        is_unseen = _is_of(write, owner, module, world, group=group) and not _was_seen(write, module, world)
        if (is_unseen or _goes_astray(write, owner, module, world)) and reach.may_run(module, write.place):
            yield write


def _writes_of(
    field: Hashable, world: World, reach: ProjectReach, *, everywhere: bool
) -> Sequence[tuple[Module, Write]]:
    """The writes to a field of that name in the files that the run knows; each time that one is read this is asked.

    Args:
        field: the name of the attribute, the key or the index.
        world: the run.
        reach: what may run.
        everywhere: whether other files count that the file under check imports.
    """
    frames = world.memory.module_frames
    known = world.memory.writes.get((field, everywhere))
    if known is None or known[0] != len(frames):
        modules = [frame.module for frame in frames.values()]
        if everywhere:
            modules += reach.modules_writing(field)
        files = {each.path: each for each in (reach.module, *modules)}.values()
        known = len(frames), [(module, write) for module in files for write in module.writes.of(field)]
        world.memory.writes[field, everywhere] = known
    return known[1]


def _was_seen(write: Write, module: Module, world: World) -> bool:
    return world.coverage.holds(write.place, module.path_to(write.place))


def _goes_astray(write: Write, owner: Value, module: Module, world: World) -> bool:
    """Whether a write may be to this object though the run, which was there, has it go to another one."""
    if write.whose in (Whose.GROUP, Whose.RECEIVER) or write.part is Part.VARIABLE or not _may_be(write, owner, False):
        return False
    written = world.coverage.written.get(write.place, {})
    if id(owner) in written:
        return False
    if may_be_one(owner) or (is_handed_out(owner) and not write.calls):
        return True
    return bool(written) and any(may_give(each, owner, module) for each in write.calls)


def _is_of(write: Write, owner: Value, module: Module, world: World, *, group: bool) -> bool:
    """Whether what a file writes may be a field of this object."""
    if write.part is Part.VARIABLE and not (isinstance(owner, ModuleValue) and owner.module is module):
        return False
    return _may_be(write, owner, group) and _is_at_hand(write, owner, module, world)


def _may_be(write: Write, owner: Value, group: bool) -> bool:
    """Whether the object that is written to may be this one."""
    if (write.whose is Whose.GROUP) != group:
        return False
    if isinstance(owner, ModuleValue):
        by_name = write.part is Part.VARIABLE
        return by_name or (write.part is not Part.ITEM and write.whose in (Whose.IMPORTED, Whose.ANYBODY))
    if isinstance(owner, ListValue):
        return write.part is Part.ITEM and isinstance(write.field, int)
    if isinstance(owner, DictValue):
        return write.whose is not Whose.RECEIVER and _is_of_table(write, owner)
    if write.part is Part.ITEM:
        return False
    cls = owner if isinstance(owner, ClassValue) else owner.cls if isinstance(owner, Instance) else None
    if cls is None or write.whose is not Whose.RECEIVER:
        # No call gives a class, but for decorators and factories, which do not name it.
        return cls is not None and not (isinstance(owner, ClassValue) and write.whose is Whose.RESULT)
    return any(each.node is write.within for each in ancestry(cls))


def _is_of_table(write: Write, owner: DictValue) -> bool:
    """Whether what is written may be an entry of a dict, or an attribute of a namespace."""
    if owner.key is None:
        return write.part is not Part.ATTRIBUTE
    return write.field is not ANY_FIELD or write.part is not Part.ITEM


def _is_at_hand(write: Write, owner: Value, module: Module, world: World) -> bool:
    """Whether what one variable of a file holds may be this object.

    What was made for a variable of a function is so only where something is given a method of it: all else there a
    slice finds.
    """
    if write.variable is None:
        return True
    if write.variable.scope is not module.tree:
        return write.whose is not Whose.NEW or isinstance(write.place, cst.Call)
    frame = world.memory.module_frames.get(module.path)
    held = None if frame is None else known(frame.names.get(write.variable.name))
    if write.whose is not Whose.NEW and (held is None or isinstance(held, Unknown)):
        return True
    return held is owner
