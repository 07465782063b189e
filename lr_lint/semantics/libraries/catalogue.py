"""All functions and methods of libraries that the interpreter knows, found by their names and called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from lr_lint.semantics.libraries import (
    absl,
    argparse,
    array_functions,
    arrays,
    builtins,
    click,
    containers,
    dicts,
    files,
    importing,
    iterators,
    numeric,
    operator_functions,
    paths,
    plain_functions,
    settings_objects,
    strings,
    tables,
    torch_optimizers,
    types,
)
from lr_lint.semantics.libraries.signatures import FUNCTIONS, Call, LibraryFunction
from lr_lint.semantics.machine.settling import settle
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.context import Anchor, Frame
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.methods import Method
from lr_lint.semantics.values.operations import kind_of

# Each module declares its functions when it is loaded.
MODULES = (
    absl,
    argparse,
    array_functions,
    arrays,
    builtins,
    click,
    containers,
    dicts,
    files,
    importing,
    iterators,
    numeric,
    operator_functions,
    paths,
    plain_functions,
    settings_objects,
    strings,
    tables,
    torch_optimizers,
    types,
)
# Methods that change nothing.
_READING = frozenset(
    "__getitem__ get items values keys copy clone index count to_dict todict toDict to_container".split()
)
# Modules that have the functions of another one, by the same names.
_SAME_AS = {"jax.numpy": "numpy", "mxnet.numpy": "numpy"}
# A package that gives what its modules define, which may also be named by its place in them.
_PACKAGES = ("torch.optim",)
_CONSTANTS = {**numeric.CONSTANTS, **array_functions.CONSTANTS}


def constant(name: str) -> float | None:
    """A number that a library has by that name."""
    return _CONSTANTS.get(name)


def find(name: str) -> LibraryFunction | None:
    """What is known of the function of that dotted name."""
    known = FUNCTIONS.get(name)
    if known is not None:
        return known
    home, _, last = name.rpartition(".")
    package = next((package for package in _PACKAGES if home.startswith(f"{package}.")), _SAME_AS.get(home))
    return FUNCTIONS.get(f"{package}.{last}") if package is not None else None


def call_function(
    name: str, arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor
) -> Value | None:
    """The result of a library's function; None where nothing is known about it.

    Raises:
        Raised: what the function raises, and TypeError where the arguments do not fit.
    """
    known = find(name)
    if known is None:
        return None
    if known.forced:
        arguments = [force(value) for value in arguments]
        keywords = {key: force(value) for key, value in keywords.items()}
    given = known.bind(arguments, keywords)
    if given is None:
        return None
    if known.is_method:
        owner, _, method = name.rpartition(".")
        receiver = cast("Value", given[0])
        if owner not in kind_of(receiver).method_owners():
            return None
        if method not in _READING:
            settle(receiver, frame.world)
    return known.handler(Call(name, frame, anchor), *given)


def has_method(receiver: Value, name: str) -> bool:
    """Whether something is known of a method of what is not user code."""
    return any(find(f"{owner}.{name}") is not None for owner in kind_of(receiver).method_owners())


def call_method(
    method: Method, arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor
) -> Value | None:
    """The result of a method of something that is not user code; None where unknown.

    Raises:
        Raised: what the method raises, and TypeError where the arguments do not fit.
    """
    for owner in kind_of(method.receiver).method_owners():
        name = f"{owner}.{method.name}"
        if find(name) is not None:
            return call_function(name, [method.receiver, *arguments], keywords, frame, anchor)
    if method.name not in _READING:
        settle(method.receiver, frame.world)
    return None
