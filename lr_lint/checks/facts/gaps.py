"""What a claim about a schedule leaves open: shortcuts that were taken, and changes that nobody followed.

A finding is certain only where none of this is left. The runs tell what they went through (`Coverage`), the file what
may change what they have read (`Writes` and `Changes`). The difference is what a claim does not know.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import libcst as cst

from lr_lint.project.namings import namings_of, spelling_of, text_of
from lr_lint.project.writes import Part, Whose
from lr_lint.semantics.machine.class_members import ancestry
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.values.library_objects import Optimizer
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.source.tree import last_name
from lr_lint.vocabulary.diagnostics import Confidence

if TYPE_CHECKING:
    from lr_lint.project.changes import PossibleChange
    from lr_lint.project.modules import Module
    from lr_lint.project.writes import Write
    from lr_lint.semantics.values.base import Value
    from lr_lint.semantics.values.coverage import Coverage
    from lr_lint.semantics.values.world import World
    from lr_lint.semantics.worlds.construction import Construction
    from lr_lint.semantics.worlds.runs import Runs

# Expressions by which objects are called, with the value that was there.
_Owners: TypeAlias = "list[tuple[list[cst.BaseExpression], Value | None]]"
# What a scheduler reads of its optimizer; it starts from the second where somebody has set that.
_RATE, _INITIAL, _GROUPS = "lr", "initial_lr", "param_groups"
_MORE_CASES = "more cases lead here than are looked at"
_ASSUMED = "this is taken to start from the lr that it is given"
_UNFOLLOWED = "what this changes is not followed"
_OUT_OF_SIGHT = "what is handed on here may be changed out of sight"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something on the way to a claim that is not known.

    Attributes:
        place: where.
        reason: what, as a sentence about the place.
        ceiling: how sure a claim can be at most.
        only_values: whether what is passed to the scheduler is known all the same.
    """

    place: Anchor
    reason: str
    ceiling: Confidence
    only_values: bool = False


def gaps_of(construction: Construction, runs: Runs) -> tuple[Gap, ...]:
    """All that the runs of a construction leave open, each place once."""
    found: dict[cst.CSTNode, Gap] = {}
    for world in (run.world for run in runs.runs if run.world is not None):
        for shortcut in world.coverage.shortcuts.values():
            _widen(found, Gap(shortcut.place, shortcut.reason, _ceiling(evident=shortcut.evident)))
        for gap in _unfollowed(construction, world):
            _widen(found, gap)
    assumed = next((run.optimizer for run in runs.runs if run.optimizer is not None and run.optimizer.assumed), None)
    if assumed is not None and assumed.anchor is not None:
        found.setdefault(assumed.anchor.node, Gap(assumed.anchor, _ASSUMED, Confidence.LIKELY, only_values=True))
    if not runs.complete:
        gap = Gap(construction.anchor, _MORE_CASES, Confidence.LIKELY, only_values=runs.passed)
        found.setdefault(construction.call, gap)
    return tuple(found.values())


def _widen(found: dict[cst.CSTNode, Gap], gap: Gap) -> None:
    """Adds a gap, unless a wider one is known at its place."""
    known = found.get(gap.place.node)
    if known is None or gap.ceiling < known.ceiling:
        found[gap.place.node] = gap


def _ceiling(*, evident: bool) -> Confidence:
    """What evidently makes a difference leaves nothing to be told; what may make one leaves a likelihood."""
    return Confidence.POSSIBLE if evident else Confidence.LIKELY


def _unfollowed(construction: Construction, world: World) -> Iterator[Gap]:
    """What may change something that was read, runs before the construction, and was not run by the interpreter."""
    module, reach = construction.module, world.reach
    if reach is None:
        return
    read = _Read(world.coverage, module)
    owned = list(module.changes.of_objects(read.owners))
    # What shares a name with something that was read need not be it; what changes the very object leaves nothing.
    hiding = {change.node for change in owned}
    for node, evident in _changing(construction, read, owned):
        is_site = node in (construction.call, construction.within) or node in construction.path
        if not is_site and not _is_followed(node, module, world.coverage) and reach.may_run(module, node):
            reason = _UNFOLLOWED if evident else _OUT_OF_SIGHT
            hides = evident and (node in hiding or _is_in_namespace(node))
            yield Gap(Anchor(module, node), reason, _ceiling(evident=hides))
    for node in _never_followed(construction):
        if reach.may_run(module, node):
            yield Gap(Anchor(module, node), _UNFOLLOWED, Confidence.LIKELY)


def _is_in_namespace(node: cst.CSTNode) -> bool:
    """Whether a variable is set as an item of what a call gives: ``globals()["rate"] = 1.0``."""
    return isinstance(node, cst.Subscript) and isinstance(node.value, cst.Call)


def _is_followed(node: cst.CSTNode, module: Module, coverage: Coverage) -> bool:
    return (node in coverage.made and node not in coverage.lost) or coverage.holds(node, module.path_to(node))


def _changing(
    construction: Construction, read: _Read, owned: Sequence[PossibleChange]
) -> Iterator[tuple[cst.CSTNode, bool]]:
    """What may change something that was read, and whether it is evident that it changes something."""
    module = construction.module
    optimizers = list(_optimizers(construction))
    if optimizers:
        # Whoever is given an optimizer makes a scheduler of it, or wraps it.
        namings = [naming for optimizer in optimizers for naming in namings_of(optimizer)]
        for each in module.changes.of_objects(namings):
            if each.evident:
                yield each.node, not _is_resumption(each.node, construction)
        group: _Owners = [(namings, None)]
        for write in module.writes.of(_RATE):
            is_item = write.field == _RATE and write.part is not Part.ATTRIBUTE
            if write.whose is Whose.GROUP or (is_item and _concerns(write, group, module)):
                yield write.place, True
    for name in sorted(read.variables & module.changes.variables.keys()):
        yield from ((node, True) for node in module.changes.variables[name])
    for name, owners in sorted(read.parts.items(), key=lambda pair: pair[0]):
        for write in module.writes.of(name):
            if write.field == name and _concerns(write, owners, module):
                yield write.place, True
    for change in owned:
        yield change.node, change.evident and not _is_resumption(change.node, construction)


def _optimizers(construction: Construction) -> Iterator[cst.BaseExpression]:
    """What a construction is given as its optimizer; any argument may be that of code that was handed the class."""
    if construction.within not in (None, construction.call):
        yield from (argument.value for argument in construction.call.args)
    optimizer = construction.argument(construction.contract.optimizer)
    if optimizer is not None:
        yield optimizer


def _is_resumption(node: cst.CSTNode, construction: Construction) -> bool:
    """Whether a state is loaded under a condition or by a function, as to resume a training: it need not happen."""
    if not isinstance(node, cst.Call) or last_name(node.func) != "load_state_dict":
        return False
    around = construction.module.path_to(node)
    own = construction.path
    return any(
        isinstance(each, (cst.If, cst.Try)) or (isinstance(each, cst.FunctionDef) and each not in own)
        for each in around
    )


class _Read:
    """What a run has read.

    Attributes:
        variables: the names of variables.
        parts: the attributes and items by name, each with what has them: in this file, the expression; and the value.
        owners: the expressions in this file of which parts were read.
    """

    def __init__(self, coverage: Coverage, module: Module) -> None:
        self.variables: set[str] = set()
        self.parts: dict[str, _Owners] = {}
        self.owners: list[cst.BaseExpression] = []
        for node, (home, owner) in coverage.read.items():
            if isinstance(node, cst.Name):
                self.variables.add(node.value)
                self.owners += [node] if home is module and node.value in module.changes.iterators else []
                continue
            value, names = _asked(node)
            namings = [] if value is None or home is not module else list(namings_of(value))
            self.owners += namings if owner is not None else ()
            for name in names:
                self.parts.setdefault(name, []).append((namings, owner))


def _asked(node: cst.BaseExpression) -> tuple[cst.BaseExpression | None, list[str]]:
    """What an expression asks for a part, and the names by which it does: ``plan.rate``, ``getattr(plan, "rate")``."""
    if isinstance(node, (cst.Attribute, cst.Subscript)):
        return node.value, [spelling_of(naming) for naming in namings_of(node)]
    if not isinstance(node, cst.Call) or not node.args:
        return None, []
    names = [text for argument in node.args if (text := text_of(argument.value)) is not None]
    return node.func.value if isinstance(node.func, cst.Attribute) else node.args[0].value, names


def _concerns(write: Write, owners: _Owners, module: Module) -> bool:
    """Whether what writes a part of some name may write to one of the objects that have it."""
    if write.whose is Whose.GROUP:
        return False
    if write.whose is Whose.RECEIVER and write.within is not None:
        return not _is_construction(write, module) and any(_may_be_of(owner, write.within) for _, owner in owners)
    if not isinstance(write.place, cst.BaseExpression):
        return True
    return module.changes.may_hold(write.place, [naming for namings, _ in owners for naming in namings])


def _is_construction(write: Write, module: Module) -> bool:
    """Whether an object is given an attribute as it is made: no other object that exists changes."""
    functions = [each for each in module.path_to(write.place) if isinstance(each, cst.FunctionDef)]
    return bool(functions) and functions[-1].name.value == "__init__"


def _may_be_of(owner: Value | None, cls: cst.ClassDef) -> bool:
    """Whether a value may be an object of a class, or of one that derives from it."""
    if isinstance(owner, Instance):
        return any(each.node is cls for each in ancestry(owner.cls))
    return not isinstance(owner, (DictValue, ListValue, Optimizer, ClassValue))


def _never_followed(construction: Construction) -> Iterator[cst.CSTNode]:
    """What becomes of an optimizer's list of groups, and of a rate that is set in them for schedulers alone."""
    if construction.contract.optimizer is not None:
        module = construction.module
        yield from (write.place for write in module.writes.of(_INITIAL) if write.field == _INITIAL)
        yield from module.changes.displays.get(_INITIAL, ())
        yield from (change.node for change in module.changes.of_parts(_GROUPS) if change.evident)
