"""All functions of libraries that the interpreter knows, found by their names and called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    numeric,
    paths,
    settings_objects,
    strings,
    torch_optimizers,
)
from lr_lint.semantics.libraries.signatures import FUNCTIONS, Call, LibraryFunction
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.context import Anchor, Frame
from lr_lint.semantics.values.lazy import force

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
    numeric,
    paths,
    settings_objects,
    strings,
    torch_optimizers,
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
    return None if given is None else known.handler(Call(name, frame, anchor), *given)
