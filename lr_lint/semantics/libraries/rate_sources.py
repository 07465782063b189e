"""Where ``[lr]`` enters: from what the optimizer was given, from its param groups, from numbers, from names.

`measure` turns any value into a quantity at the moment that arithmetic needs one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lr_lint.project.knowledge import CURRENT_RATES
from lr_lint.semantics.machine.recording import Study
from lr_lint.semantics.values.base import Value, key_of
from lr_lint.semantics.values.choices import is_ruled_out
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import DictValue
from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.imports import as_option
from lr_lint.semantics.values.unknown import Unknown, default_of
from lr_lint.semantics.values.world import World
from lr_lint.source.tree import code_of
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.names import Suggestion, suggestion_of
from lr_lint.vocabulary.paths import AccessPath, PathKind
from lr_lint.vocabulary.quantities import LARGEST_PLAUSIBLE_RATE, Basis, Number, Origin, Quantity, literal
from lr_lint.vocabulary.units import FACTOR, FREE, RATE, UNKNOWN, UNNAMED, Kind, Strength

if TYPE_CHECKING:
    import libcst as cst

COUNTS = frozenset({Suggestion.HORIZON, Suggestion.WARM_UP, Suggestion.PERIOD})
# Keys under which an optimizer keeps learning rates, and the attributes that hold such dicts.
_CURRENT, _INITIAL = "lr", "initial_lr"
_GROUP_KEYS = frozenset({_CURRENT, _INITIAL})
_GROUP_HOLDERS = frozenset({"param_groups", "defaults"})
# The method of schedulers that lists the rates now, and all that lists rates.
_RATE_LISTS = frozenset({"base_lrs", CURRENT_RATES})


def as_loaded(value: Value, name: str, anchor: Anchor, world: World) -> Value:
    """The value of a variable or attribute, with what its identity and its name say about its unit.

    Args:
        value: what the variable holds.
        name: the last name by which it is read.
        anchor: the expression that reads it.
        world: knows which identities are rates.
    """
    if isinstance(value, Unknown):
        if suggestion_of(value.name) is Suggestion.NOTHING and suggestion_of(name) is not Suggestion.NOTHING:
            value = replace(value, name=name)
        if value.key in world.assumptions.rate_keys or suggestion_of(value.name) is Suggestion.RATE:
            # What number is supposed for it is asked when it is computed with: it may be a table of settings.
            return _measured(value, world, anchor, name, False) if _is_numeric(value) else value
        return value
    if not isinstance(value, Quantity) or value.varies:
        return value
    if value.key is not None and value.key in world.assumptions.rate_keys:
        return value.with_unit(RATE, Origin(value.key, anchor, name))
    if value.unit.kind is Kind.FREE and value.key not in world.assumptions.dimensionless:
        suggestion = suggestion_of(name)
        if suggestion is Suggestion.RATE:
            if _is_documented_fraction(name, anchor):
                return value.with_unit(FACTOR.weakened(Strength.NAME))
            return value.with_unit(RATE.weakened(Strength.NAME), Origin(value.key, anchor, name))
        if suggestion is Suggestion.FACTOR:
            return value.with_unit(FACTOR.weakened(Strength.NAME))
    elif value.number == 1 and value.unit.is_factor and suggestion_of(name) is Suggestion.RATE:
        # A fraction by its number: what is called alike beside it is one as well.
        return replace(value, name=name)
    return value


def _is_documented_fraction(name: str, anchor: Anchor) -> bool:
    """Whether a function or class around a place says of one of its parameters that it is a fraction."""
    return any(name in anchor.module.documented_fractions(scope) for scope in anchor.module.path_to(anchor.node))


def _is_numeric(value: Unknown) -> bool:
    """Whether an unknown may be a number, as far as its default tells."""
    default = default_of(value)
    return default is None or isinstance(default, Quantity) or _number_of(default) is not None


def measure(value: Value, world: World, anchor: Anchor, text: str = "", *, beside_time: bool = False) -> Quantity:
    """The value as a quantity.

    Args:
        value: any value; what cannot be a number gives an unknown number.
        world: knows which identities are rates and which counts to assume.
        anchor: the expression that is measured.
        text: how the code spells it.
        beside_time: whether it is compared with the time or divides it: an unknown is then a count, whatever its name.
    """
    quantity = _measured(as_option(value), world, anchor, text, beside_time)
    return quantity if world.seen.study is None else with_number(quantity, world.seen.study)


def note(node: cst.CSTNode, value: Value, study: Study) -> None:
    """Remembers what an expression came to, if that may be a number."""
    if not study.active:
        return
    value = as_option(value)
    if isinstance(value, Unknown):
        number = _number_of(default_of(value))
        study.note(node, with_number(Quantity(number, UNKNOWN, key=value.key, name=value.name), study))
    else:
        study.note(node, with_number(value, study) if isinstance(value, Quantity) else None)


def with_number(quantity: Quantity, study: Study) -> Quantity:
    """The quantity with a number, a supposed one if need be; all reads of a group's own rate give the same."""
    return study.suppose(quantity, paths.GROUP_RATE if is_group_lr(quantity.key) else quantity.key)


def _measured(value: Value, world: World, anchor: Anchor, text: str, beside_time: bool) -> Quantity:
    if isinstance(value, Quantity):
        return value
    if isinstance(value, Unknown):
        return _measure_unknown(value, world, anchor, text or value.name, beside_time)
    if isinstance(value, Constant) and isinstance(value.value, str):
        return Quantity(_number_of(value), UNKNOWN)
    reason = value.reason if isinstance(value, Forgotten) else "it is no number"
    world.seen.unknown = world.seen.unknown or reason
    world.doubt(reason)
    world.seen.forgot |= isinstance(value, Forgotten)
    return Quantity(None, UNKNOWN)


def _number_of(default: Value | None) -> Number | None:
    """A default as a number. A text may be one: ``float("1e-3")`` is common in code that reads settings."""
    if isinstance(default, Quantity):
        return default.number
    if not isinstance(default, Constant) or not isinstance(default.value, str):
        return None
    try:
        return float(default.value)
    except ValueError:
        return None


def _measure_unknown(value: Unknown, world: World, anchor: Anchor, text: str, beside_time: bool) -> Quantity:
    number, key = _default_number(value, world, anchor, text, beside_time), value.key
    if number is None and not world.seen.unknown:
        world.seen.unknown = str(value.reason)
    origin = Origin(key, anchor, text)
    basis = Basis.PROVED if number is None else Basis.DEFAULT
    if key is not None and (key in world.assumptions.rate_keys or is_group_lr(key)):
        origin = origin if text else Origin(key, anchor, code_of(anchor.node))
        return Quantity(number, RATE, basis=basis, key=key, name=value.name, origins=(origin,))
    suggestion = suggestion_of(value.name)
    if suggestion is Suggestion.RATE:
        if key in world.assumptions.dimensionless or (number is not None and _too_large_for_a_rate(number)):
            return Quantity(number, FACTOR.weakened(Strength.NAME), basis=basis, key=key, name=value.name)
        # The name of what the code computes in a way that is not followed says little: it may hold a ratio.
        followed = number is not None or (key is not None and key.kind is not PathKind.NODE)
        unit = RATE.weakened(Strength.NAME if followed else Strength.GUESS)
        return Quantity(number, unit, basis=basis, key=key, name=value.name, origins=(origin,))
    if suggestion in COUNTS or (beside_time and suggestion is Suggestion.NOTHING):
        return _count(number, suggestion, value, world, text or value.name or code_of(anchor.node))
    if suggestion is Suggestion.FACTOR:
        return Quantity(number, FACTOR.weakened(Strength.NAME), basis=basis, key=key, name=value.name)
    unit = UNNAMED if value.name else UNKNOWN
    if number is not None and literal(number).unit.kind is Kind.FREE:
        unit = FREE
    return Quantity(number, unit, basis=basis, key=key, name=value.name)


def _default_number(value: Unknown, world: World, anchor: Anchor, text: str, beside_time: bool) -> Number | None:
    """What a value is by default, where it is a number and may be that in this world."""
    default = value.default
    if isinstance(default, Unknown):
        default = _measure_unknown(default, world, anchor, text, beside_time)
    number = _number_of(default)
    ruled_out = number is not None and value.key is not None and is_ruled_out(number, value.key, world)
    return None if ruled_out else number


def _count(number: Number | None, suggestion: Suggestion, value: Unknown, world: World, text: str) -> Quantity:
    """A count: what it is by default, else what the world assumes for such a count."""
    if number is not None and number != 0:
        return Quantity(number, FACTOR, basis=Basis.DEFAULT_COUNT, key=value.key, name=value.name)
    # No warm-up by default: that is one world, and that the user wants one is another.
    assumptions = world.assumptions
    if assumptions.by_default and number is not None:
        assumptions.counted[text] = 0
        return Quantity(0, FACTOR, basis=Basis.DEFAULT_COUNT, key=value.key, name=value.name)
    count = assumptions.counted[text] = assumptions.counts.of(suggestion)
    world.seen.assumed = True
    # What a library holds under a name of its own, a flag for instance, is set outside the code as well.
    if value.key is None or not (value.key.kind is PathKind.EXTERNAL or paths.is_left_open(value.key)):
        world.doubt("a count is assumed that the code says in a way that is not followed")
    return Quantity(count, FACTOR, basis=Basis.ASSUMED_COUNT, key=value.key, name=value.name)


def _too_large_for_a_rate(number: complex) -> bool:
    return abs(number) >= LARGEST_PLAUSIBLE_RATE


def is_group_lr(key: AccessPath | None) -> bool:
    """Whether an identity is a read of an optimizer's own learning rate.

    That is ``param_groups[i]["lr"]``, ``["initial_lr"]``, ``defaults["lr"]``, or an item of ``get_last_lr()`` or
    ``base_lrs``.
    """
    if key is None or key.kind is not PathKind.ITEM:
        return False
    holder = key.whole
    if key.last in _GROUP_KEYS:
        return _ends_in(holder, _GROUP_HOLDERS) or (holder is not None and _ends_in(holder.whole, _GROUP_HOLDERS))
    return _ends_in(holder, _RATE_LISTS)


def note_current_rate(owner: Value, index: object, value: Value, anchor: Anchor, world: World) -> None:
    """Remembers that ``owner[index]`` is the rate that an optimizer has at that moment, if it is.

    ``initial_lr``, ``defaults`` and ``base_lrs`` do not change while training goes on.
    """
    key = key_of(value)
    if key is not None and _is_current(owner, index, key):
        world.seen.current_reads.setdefault(key, []).append(anchor)


def _is_current(owner: Value, index: object, key: AccessPath) -> bool:
    if index == _CURRENT and isinstance(owner, DictValue):
        return owner.is_group
    if not isinstance(owner, Unknown) or not is_group_lr(key):
        return False
    frozen = _ends_in(owner.key, frozenset({"defaults"}))
    return (index == _CURRENT and not frozen) or _ends_in(owner.key, frozenset({CURRENT_RATES}))


def _ends_in(key: AccessPath | None, names: frozenset[str]) -> bool:
    return key is not None and key.kind is PathKind.ATTRIBUTE and key.last in names


def rate_keys_of(lr: Value) -> frozenset[AccessPath]:
    """The identities that are learning rates because an optimizer was given this as its ``lr``.

    A rate of exactly 1 makes the group's lr relative: then the callable may well carry the rate.
    """
    if isinstance(lr, Unknown):
        if _number_of(default_of(lr)) == 1:
            return frozenset()
        return frozenset() if lr.key is None else frozenset({lr.key})
    if not isinstance(lr, Quantity) or lr.number == 1 or lr.number == 0:
        return frozenset()
    keys = {origin.key for origin in lr.origins if origin.key is not None}
    if lr.key is not None:
        keys.add(lr.key)
    return frozenset(keys)
