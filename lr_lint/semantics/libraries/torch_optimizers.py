"""Optimizers: what lr each param group starts from.

Every class of torch.optim takes ``params`` first and ``lr`` second (torch 2.13.0).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import libcst as cst

from lr_lint.project.binders import parameters_of
from lr_lint.project.knowledge import (
    DEFAULT_RATES,
    LIBRARIES,
    MODEL_WRAPPERS,
    NOTING_SCHEDULERS,
    RATE_ARGUMENTS,
    SETTING_SCHEDULERS,
)
from lr_lint.semantics.libraries.own_optimizers import takes_rate_as_given
from lr_lint.semantics.libraries.signatures import MORE, Call, function
from lr_lint.semantics.machine.implementations import groups_by_all
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import NOTHING
from lr_lint.semantics.values.containers import INITIAL_RATE, RATE, DictValue, ListValue
from lr_lint.semantics.values.context import Anchor, Raised
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.iterators import IteratorValue
from lr_lint.semantics.values.library_objects import ADDING_GROUPS, Group, Optimizer
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.overridable import as_overridable
from lr_lint.semantics.values.sequences import items_of
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import last_name
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import literal

_PACKAGE = "torch.optim."
_TENSOR_PACKAGE = "torch."
_CHANGED = "the optimizer's options are changed"
# Why the rates of an optimizer may be others once a saved state was loaded into it.
LOADED = "a saved state may hold another"
_LOADERS = frozenset({"torch.load", "torch.hub.load_state_dict_from_url"})
_PARAMETER_ARGUMENTS = ("params", "parameters", "model_params", "optimizer_grouped_parameters")


def library_class(name: str) -> str | None:
    """The class name of a torch optimizer given by its dotted name, however deep the module path is."""
    last = name.rpartition(".")[2]
    return last if name.startswith(_PACKAGE) and last in DEFAULT_RATES else None


@function(*(f"{_PACKAGE}{name}(params=..., lr=..., *others, **options)" for name in DEFAULT_RATES))
def _construct(
    call: Call, params: Value | None, lr: Value | None, others: Sequence[Value], options: dict[str, Value]
) -> Optimizer:
    name = call.name.rpartition(".")[2]
    if isinstance(params, ListValue) and params.is_left_empty:
        # A loop has left out all parameters: in that world nobody gets any further.
        raise Raised("ValueError")
    if lr is None and MORE in options:
        lr = Unknown("more arguments may be passed on", AccessPath.node(call.anchor.node, "lr"), RATE_ARGUMENTS[0])
    elif lr is None:
        lr = literal(DEFAULT_RATES[name], AccessPath.default_rate(name))
    optimizer = _with_groups(name, _by_all_classes(params, call) or params, lr, call.anchor)
    optimizer.listed = optimizer.counted = _are_listed(params)
    return optimizer


@function(*(f"{name}(module, *options, **more)" for name in sorted(MODEL_WRAPPERS)), forced=False)
def _wrapped(call: Call, module: Value, *options: object) -> Value:
    return module


def _by_all_classes(params: Value | None, call: Call) -> Value | None:
    """The groups that an unknown model gives by its method, where all classes that have it agree."""
    if not isinstance(params, Unknown) or params.parameters or params.invocation is None:
        return None
    return groups_by_all(params.invocation, call.frame)


def _are_listed(params: Value | None) -> bool:
    """Whether these parameters are known to make as many groups as were read."""
    if isinstance(params, ListValue):
        if params.values and all(isinstance(item, Unknown) and item.parameters for item in params.values):
            # ``list(a.parameters()) + list(b.parameters())``
            return True
        return (
            bool(params.values)
            and not (params.incomplete or params.unordered)
            and all(isinstance(item, DictValue) for item in params.values)
        )
    return isinstance(params, Unknown) and params.parameters and params.name == ""


def as_optimizer(value: Value, force: Callable[[Value], Value]) -> Optimizer | None:
    """The optimizer that a value is or evidently wraps; None where that cannot be told.

    Anything whose construction is given an ``lr`` counts: optimizers of other packages, of the project itself, and
    what factories such as ``create_optimizer(model, lr=...)`` return.

    Args:
        value: what is given to the scheduler as its optimizer.
        force: gives what a lazy value stands for.
    """
    if isinstance(value, Optimizer):
        return value
    if isinstance(value, Instance):
        return _from_instance(value, force)
    if not isinstance(value, Unknown) or value.invocation is None:
        return None
    call = value.invocation
    given = [force(argument) for argument in (*call.arguments, *(argument for _, argument in call.keywords))]
    wrapped = [argument for argument in given if isinstance(argument, Optimizer)]
    if len(wrapped) == 1:
        return wrapped[0]
    lr = call.keyword(*RATE_ARGUMENTS)
    if lr is None:
        return None
    params = call.arguments[0] if call.arguments else call.keyword(*_PARAMETER_ARGUMENTS)
    name = _callee_name(call.callee)
    optimizer = _with_groups(name, force(params) if params else None, force(lr), call.anchor)
    optimizer.assumed = not _is_of_known_library(call.callee)
    if name[:1].islower() and not any(map(_may_be_groups, given)):
        # ``create_optimizer(args, model, lr=args.lr)``: a function makes the groups itself, of the lr that it is given.
        optimizer.made = [replace(group, settled=True) for group in optimizer.made]
    return optimizer


def _may_be_groups(value: Value) -> bool:
    """Whether what a function is given may be groups with rates of their own, rather than a model."""
    if not isinstance(value, Unknown):
        return isinstance(value, ListValue)
    name = value.name if value.invocation is None else _callee_name(value.invocation.callee)
    return any(word in name.lower() for word in ("param", "group"))


def _from_instance(value: Instance, force: Callable[[Value], Value]) -> Optimizer | None:
    keywords = dict(value.keywords)
    lr = next((keywords[name] for name in RATE_ARGUMENTS if name in keywords), None)
    if lr is None:
        lr = _positional_lr(value.cls, value.arguments)
    if lr is None:
        wrapped = [
            given for given in map(force, (*value.arguments, *keywords.values())) if isinstance(given, Optimizer)
        ]
        return wrapped[0] if len(wrapped) == 1 else None
    if value.anchor is None:
        return None
    params = value.arguments[0] if value.arguments else keywords.get("params")
    if not takes_rate_as_given(value.cls.node, value.cls.frame.module) or _has_own_base(value.cls):
        lr = Forgotten("its class may give its groups another lr")
    return _with_groups(value.cls.name, force(params) if params else None, force(lr), value.anchor)


def _has_own_base(cls: ClassValue) -> bool:
    """Whether a class derives from another one of the same file, whose constructor has a say too."""
    own = {each.name.value for each in cls.frame.module.tree.body if isinstance(each, cst.ClassDef)}
    return any(last_name(base.value) in own for base in cls.node.bases)


def _positional_lr(cls: ClassValue, arguments: Sequence[Value]) -> Value | None:
    """The argument that lands on the ``lr`` parameter of a project class's ``__init__``."""
    for statement in cls.node.body.body:
        if isinstance(statement, cst.FunctionDef) and statement.name.value == "__init__":
            names = [param.name.value for param in parameters_of(statement.params)][1:]
            for position, name in enumerate(names[: len(arguments)]):
                if name in RATE_ARGUMENTS:
                    return arguments[position]
    return None


def _is_of_known_library(callee: Value) -> bool:
    return isinstance(callee, External) and callee.name.partition(".")[0] in LIBRARIES


def _callee_name(callee: Value) -> str:
    if isinstance(callee, External):
        return callee.name.rpartition(".")[2]
    if isinstance(callee, Unknown) and callee.name:
        return callee.name
    return "the optimizer"


def _with_groups(name: str, params: Value | None, lr: Value, anchor: Anchor) -> Optimizer:
    return Optimizer(name, list(_groups(params, lr)), DictValue({RATE: lr}), anchor)


def _groups(params: Value | None, lr: Value) -> list[Group]:
    """One group per dict in the parameters; plain parameters make one group.

    Parameters that cannot be read may be dicts with rates of their own, so their group is not settled.
    """
    if isinstance(params, DictValue) and params.key is None:
        return [_group_of(params, lr)]
    if isinstance(params, IteratorValue):
        params = items_of(params)
    if isinstance(params, ListValue):
        tables = [item for item in params.values if isinstance(item, DictValue)]
        if tables:
            settled = len(tables) == len(params.values)
            return [_group_of(table, lr, settled) for table in tables]
        return [Group(_options(lr), settled=all(_is_plain(item) for item in params.values) and bool(params.values))]
    return [Group(_options(lr), settled=isinstance(params, Unknown) and params.parameters)]


def _is_plain(item: Value) -> bool:
    """Whether an item of a parameter list is a tensor rather than a group; what an unknown call gives may be either."""
    if not isinstance(item, Unknown) or item.parameters:
        return True
    if item.invocation is None:
        return item.key is not None
    callee = item.invocation.callee
    return isinstance(callee, External) and callee.name.startswith(_TENSOR_PACKAGE)


def _group_of(table: DictValue, lr: Value, settled: bool = True) -> Group:
    own = RATE in table.entries
    table.entries.setdefault(RATE, lr)
    table.is_group = True
    return Group(table, own=own, settled=settled and (own or not table.incomplete))


def _options(lr: Value) -> DictValue:
    return DictValue({RATE: lr}, is_group=True)


@function(f"<optimizer>.{ADDING_GROUPS}(self, param_group)")
def _add_group(call: Call, owner: Optimizer, param_group: Value) -> Value:
    """A group that states no lr has the optimizer's."""
    listing = owner.listing()
    owner.counted = owner.counted and isinstance(param_group, DictValue)
    call.world.seen.grown.append(owner)
    if isinstance(param_group, DictValue) and isinstance(listing, ListValue):
        owner.made.append(_group_of(param_group, owner.defaults.entries.get(RATE) or Forgotten(_CHANGED)))
        listing.values.append(param_group)
    else:
        owner.made.append(Group(_options(owner.defaults.entries.get(RATE) or Forgotten(_CHANGED)), settled=False))
        owner.tables = None
    return NOTHING


@function("<optimizer>.load_state_dict(self, state_dict)")
def _load_state(call: Call, owner: Optimizer, state_dict: Value) -> Value:
    """A state that was saved nearly always comes from this program, with the same rates; any other may have any."""
    if not _is_from_file(state_dict):
        call.world.machine.forget((owner,), "its state is that of another optimizer", call.world)
        return NOTHING
    for at, group in enumerate(owner.groups):
        for key in (RATE, INITIAL_RATE):
            held = group.options.entries.get(key)
            if held is not None:
                place = AccessPath.node(call.anchor.node, f"{key} {at}")
                group.options.entries[key] = as_overridable(held, place, RATE, LOADED, call.world)
    return NOTHING


def _is_from_file(state: Value) -> bool:
    """Whether a state is what a file holds, or what somebody passes who read one."""
    if not isinstance(state, Unknown):
        return False
    made = state.invocation
    return made is None or (isinstance(made.callee, External) and made.callee.name in _LOADERS)


@function(*(f"{name}(optimizer, *given, **options)" for name in sorted(NOTING_SCHEDULERS)))
def _note_initial_rate(call: Call, optimizer: Value, *given: object) -> None:
    """What the next scheduler starts from is the rate at this moment, whatever becomes of it."""
    for group in optimizer.groups if isinstance(optimizer, Optimizer) else ():
        if RATE in group.options.entries:
            group.options.entries.setdefault(INITIAL_RATE, group.options.entries[RATE])


@function(*(f"{name}(optimizer, *given, **options)" for name in sorted(SETTING_SCHEDULERS)))
def _set_initial_rate(call: Call, optimizer: Value, *given: object) -> None:
    """Rates of its own."""
    call.world.machine.forget((optimizer,), "another scheduler sets its rates", call.world)
