"""What can be done with any value, number or not, and why the result is not known where its kind does not know it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst

from lr_lint.project.knowledge import (
    CURRENT_RATES,
    HARMLESS_BUILTINS,
    LIBRARIES,
    PARAMETER_METHODS,
    PURE_LIBRARIES,
    VIEWING,
    makes_of_arguments,
    may_change_arguments,
    output_position,
)
from lr_lint.semantics.values.base import BaseValue, Container, Value, arguments_key, constant_key
from lr_lint.semantics.values.context import Anchor, Frame
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.lazy import Lazy, force
from lr_lint.semantics.values.methods import Method
from lr_lint.semantics.values.numbers import Number
from lr_lint.semantics.values.unknown import Invocation, Unknown
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Quantity

# The argument of numerical libraries' functions that they write into.
_OUTPUT = "out"


def kind_of(value: Value) -> BaseValue:
    """The value as one that answers."""
    return Number(value) if isinstance(value, Quantity) else value


def truth(value: Value, node: cst.CSTNode, frame: Frame) -> bool:
    """Whether a value is true. What the code leaves open is decided by the world, the same way each time."""
    return kind_of(value).truth(node, frame)


def iterate(value: Value) -> tuple[list[Value], bool]:
    """The items of an iterable as far as they are known, and whether there may be others."""
    return kind_of(value).iterate() or ([Unknown("what it iterates over is not known")], True)


def unpack(value: Value, count: int) -> list[Value]:
    """The parts of a value that is assigned to several targets."""
    known = kind_of(value).unpack(count)
    return known if known is not None else [Unknown("the parts of the value are not known") for _ in range(count)]


def item_of(value: Value, index: Value, node: cst.CSTNode, frame: Frame) -> Value:
    """``value[index]``.

    Raises:
        Raised: IndexError, KeyError or TypeError where a container is known completely.
    """
    known = kind_of(value).item(index, node, frame)
    if known is None:
        doubt_about(value, frame, "what is indexed is not known")
        return Unknown("what is indexed is not known", AccessPath.node(node))
    return frame.world.machine.doubted(value, constant_key(index), known, frame.world)


def doubt_about(value: Value, frame: Frame, reason: str) -> None:
    """Notes that what is done with a value may raise, or do something else that is not followed.

    Of what is not known because it lies outside the code, as options do, no more is expected than a value.
    """
    if not isinstance(value, (Unknown, External)):
        frame.world.doubt(reason)


def sliced(value: Value, bounds: Sequence[Value]) -> Value:
    """``value[lower:upper:step]``; a bound that is left out is None."""
    return kind_of(value).sliced(bounds) or Unknown("the slice is not known")


def member(value: Value, name: str, frame: Frame) -> Value:
    """``value.name``."""
    known = kind_of(value).member(name, frame)
    if known is None:
        doubt_about(value, frame, "the attribute is not known")
        return Unknown("the attribute is not known", None, name)
    return frame.world.machine.doubted(value, name, known, frame.world)


def call(callee: Value, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame) -> Value:
    """The result of calling anything.

    Raises:
        Raised: the exception that CPython would raise.
    """
    callee = force(callee)
    if frame.world.seen.calls is not None:
        frame.world.seen.calls.append(Invocation(callee, tuple(arguments), tuple(keywords.items()), anchor))
    result = kind_of(callee).call(arguments, keywords, anchor, frame)
    if isinstance(callee, External):
        frame.world.machine.forget(_outputs(callee, arguments, keywords), f"{callee.label} writes into it", frame.world)
    if result is not None:
        frame.world.coverage.made.add(anchor.node)
        return result
    frame.world.coverage.lost.add(anchor.node)
    _doubt(callee, arguments, keywords, frame)
    unknown = _unknown_result(callee, arguments, keywords, anchor)
    _forget_given(callee, arguments, keywords, frame)
    lost = next((value for value in (*arguments, *keywords.values()) if isinstance(value, Forgotten)), None)
    if lost is not None:
        return lost
    if isinstance(callee, External) and makes_of_arguments(callee.name):
        given = (force(value) for value in (*arguments, *keywords.values()) if not isinstance(value, Lazy))
        if any(isinstance(value, Container) for value in given):
            return Forgotten(f"what {callee.label} makes of it is not known")
    return unknown


def _outputs(callee: External, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> list[Value]:
    """What a function of a numerical library is told to write its result into."""
    at = output_position(callee.name)
    given = [] if at is None else arguments[at : at + 1]
    return [*given, *(value for name, value in keywords.items() if name == _OUTPUT)]


def _forget_given(callee: Value, arguments: list[Value], keywords: dict[str, Value], frame: Frame) -> None:
    """Forgets what a call may change that is not followed: its object, and what it is given.

    Libraries are known not to, but for a few of their functions; settings may be others after a call of anything.
    """
    forget, world = frame.world.machine.forget, frame.world
    if isinstance(callee, Method):
        forget((callee.receiver,), f"what {callee.name} does to it is not known", world)
        return
    made = callee.invocation if isinstance(callee, Unknown) else None
    source = callee if made is None else made.callee
    if isinstance(source, External) and (_is_generic(source.name) or (made is not None and _is_view(source.name))):
        held = () if made is None else (*made.arguments, *(given for _, given in made.keywords))
        forget((*held, *arguments, *keywords.values()), f"what {source.name} does to it is not known", world)


def _is_generic(name: str) -> bool:
    """Whether a function of Python's own changes, or calls, whatever it is given."""
    return name.partition(".")[0] in LIBRARIES | {"builtins"} and may_change_arguments(name)


def _is_view(name: str) -> bool:
    """Whether what a function gives may share its items with what it is given, so that they change together."""
    return name.rpartition(".")[2] in VIEWING


def _doubt(callee: Value, arguments: list[Value], keywords: dict[str, Value], frame: Frame) -> None:
    """Notes that a call may raise, or change what it is given, where it depends on nothing but the code itself."""
    given = (*arguments, *keywords.values())
    if isinstance(callee, External):
        top, _, name = callee.name.partition(".")
        own = top in PURE_LIBRARIES and name not in HARMLESS_BUILTINS
    else:
        own = isinstance(callee, Method) and not isinstance(callee.receiver, Unknown)
    if own and not any(isinstance(each, Unknown) and _is_left_open(each) for each in given):
        frame.world.doubt(f"what {kind_of(callee).label or 'a call'} does is not followed")


def _is_left_open(value: Unknown) -> bool:
    return value.key is None or paths.is_left_open(value.key)


def _unknown_result(callee: Value, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor) -> Unknown:
    """What a call gives that is not followed: the same each time, unless what goes in may differ."""
    given = (*arguments, *keywords.values())
    label = kind_of(callee).label
    invocation = Invocation(callee, tuple(arguments), tuple(keywords.items()), anchor)
    if label in PARAMETER_METHODS:
        place = AccessPath.node(anchor.node)
        return Unknown("it is a model's parameters", place, invocation=invocation, parameters=True)
    varies = any(isinstance(value, Quantity) and value.varies for value in given)
    key = None if varies else paths.call(anchor.node, arguments_key(arguments, keywords))
    for argument in given if not isinstance(callee, External) else ():
        if isinstance(argument, Container):
            # Whoever is given a container may fill it.
            argument.incomplete = True
    if label == CURRENT_RATES:
        return Unknown("it is what the scheduler sets", callee.key if isinstance(callee, (Unknown, Quantity)) else None)
    return Unknown(f"what {label or 'the call'} returns is not known", key, invocation=invocation)
