"""The param groups that a scheduler schedules: what each starts from, and which callable is for it."""

from __future__ import annotations

import libcst as cst

from lr_lint.semantics.libraries.keras import model_rate
from lr_lint.semantics.libraries.rate_sources import measure, rate_keys_of, with_number
from lr_lint.semantics.libraries.torch_optimizers import LOADED
from lr_lint.semantics.machine.doubts import is_group_doubted
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.containers import ListValue
from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.library_objects import ADDING_GROUPS, Optimizer
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.semantics.values.world import World
from lr_lint.semantics.worlds.construction import Construction, argument_around
from lr_lint.semantics.worlds.runs import GroupRun
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.quantities import Quantity
from lr_lint.vocabulary.units import UNKNOWN


def scheduled_groups(
    construction: Construction, optimizer: Optimizer | None, given: Value | None, world: World
) -> list[GroupRun]:
    """The groups that a scheduler schedules, with what each starts from.

    Args:
        construction: where the scheduler is constructed.
        optimizer: the optimizer, where its construction was read.
        given: the argument for the optimizer or the rate; None where there is none that can be read.
        world: the run that they are part of.
    """
    contract, anchor = construction.contract, construction.anchor
    if contract.rate is not None:
        return [_only_group(given, anchor, world)]
    if contract.around or contract.replaces:
        return [_only_group(argument_around(construction, world), anchor, world)]
    if contract.optimizer is not None:
        return _groups_of(optimizer, given, construction, world)
    # What an optimizer of the file starts from is no proof that this scheduler gets to change that.
    unknown = (Quantity(None, UNKNOWN), anchor, False)
    lr, where, alone = unknown if contract.optional else model_rate(construction.module, anchor, world)
    return [GroupRun(lr, where, frozenset(), own=False, settled=alone)]


def _groups_of(
    optimizer: Optimizer | None, value: Value | None, construction: Construction, world: World
) -> list[GroupRun]:
    """The param groups of an optimizer; one of unknown lr where its construction was not read."""
    anchor = construction.anchor
    if optimizer is None:
        key = getattr(value, "key", None)
        own_key = paths.item(paths.item(paths.attribute(key, "param_groups"), 0), "lr")
        lr = Quantity(None, UNKNOWN, key=own_key)
        if world.seen.study is not None:
            lr = with_number(lr, world.seen.study)
        keys = frozenset({own_key}) if own_key is not None else frozenset()
        return [GroupRun(lr, anchor, keys, own=False, settled=False)]
    groups = []
    where = optimizer.anchor or anchor
    made = _made_at(where, construction)
    current = optimizer.groups
    for group in current:
        base = force(group.base)
        lr = measure(base, world, where)
        keys = rate_keys_of(lr) | rate_keys_of(base)
        if isinstance(base, Unknown) and base.reason == LOADED and base.default is not None:
            keys |= rate_keys_of(base.default)
            world.coverage.cut(where, "a saved state is taken to hold the same rates")
        if is_group_doubted(group.options, made, world):
            lr, keys = Quantity(None, UNKNOWN), frozenset()
        many = group.own and len(current) == 1 and not optimizer.listed
        groups.append(GroupRun(lr, where, keys, group.own, group.settled, one_of_many=many))
    return groups


def _made_at(where: Anchor, construction: Construction) -> cst.CSTNode | None:
    """The node of the scheduler's own file that made the optimizer: its construction, or the last call that gave it."""
    module, given = construction.module, construction.argument(construction.contract.optimizer)
    if where.module is module:
        return where.node
    binding = module.scopes.resolve(given.value, construction.call) if isinstance(given, cst.Name) else None
    before = [
        binder
        for binder in (module.scopes.binders(binding) if binding is not None else ())
        if module.is_before(binder, construction.call)
    ]
    last = max(before, key=module.place, default=None)
    statement = None if last is None else module.assigned_by(last)
    return last if isinstance(getattr(statement, "value", None), cst.Call) else None


def all_additions_followed(construction: Construction, world: World) -> bool:
    """Whether a run was there wherever the file may add a param group before the scheduler is made."""
    module = construction.module
    coverage = world.coverage
    for node in module.scopes.index.of(cst.Attribute):
        if node.attr.value == ADDING_GROUPS:
            path = module.path_to(node)
            followed = node in coverage.read or (isinstance(path[-1], cst.Call) and path[-1] in coverage.read)
            if not (followed or coverage.is_to_come(node, path) or _is_of_another(node.value, construction)):
                return False
    return True


def _is_of_another(receiver: cst.BaseExpression, construction: Construction) -> bool:
    """Whether an optimizer was made by a call and has a name of its own, another than that which is scheduled."""
    module, given = construction.module, construction.argument(construction.contract.optimizer)
    if not isinstance(receiver, cst.Name) or not isinstance(given, cst.Name):
        return False
    own, other = module.scopes.resolve(given.value, construction.call), module.scopes.resolve(receiver.value, receiver)
    if own is None or other is None or own == other:
        return False
    statements = map(module.assigned_by, module.scopes.binders(other))
    return all(isinstance(getattr(each, "value", None), cst.Call) for each in statements)


def _only_group(rate: Value | None, anchor: Anchor, world: World) -> GroupRun:
    """The one group of a scheduler that is given the initial lr itself."""
    if rate is None:
        return GroupRun(Quantity(None, UNKNOWN), anchor, frozenset(), own=False, settled=False)
    lr = measure(rate, world, anchor)
    return GroupRun(lr, anchor, rate_keys_of(lr) | rate_keys_of(rate), own=False, settled=True)


def callables_of_groups(value: Value, groups: list[GroupRun]) -> list[Value]:
    """The callable for each group; for callables beyond these, groups are added of which only that is known."""
    if isinstance(value, ListValue) and value.values:
        if len(value.values) == 1 and (value.incomplete or len(groups) == 1):
            return [force(value.values[0])] * max(1, len(groups))
        while len(groups) < len(value.values):
            groups.append(GroupRun(Quantity(None, UNKNOWN), groups[0].lr_anchor, groups[0].keys, False, False))
        return [force(item) for item in value.values]
    return [force(value)] * len(groups)
