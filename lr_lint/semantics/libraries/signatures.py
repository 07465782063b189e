"""Functions of libraries, each declared by the line that its documentation has: ``math.pow(x, y, /)``.

A handler says what a function does to values. The decorator `function` says how it is called, in Python's own notation,
once for each name that the function goes by::

    @function("builtins.round(number, ndigits=None)")
    def _round(call: Call, number: Value, ndigits: Value) -> Value | None: ...

The handler is given the call and then one value for each parameter, in the order of the signature: a tuple for
``*args``, a dict for ``**kwargs``. A parameter that the call leaves out has its default; the default ``...`` says that
the handler is given None then. The handler returns None where nothing is known about the result.

A call that does not fit raises TypeError if the function is Python's own. For other libraries, which change their
signatures from version to version, its result is not known.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from lr_lint.semantics.libraries.rate_sources import measure
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.world import World
from lr_lint.vocabulary.quantities import Quantity, literal
from lr_lint.vocabulary.units import UNKNOWN

Handler: TypeAlias = "Callable[..., Value | None]"
_Handler = TypeVar("_Handler", bound="Callable[..., object]")

# The keyword under which a call holds that it may pass more arguments than are known.
MORE = "**"
# What a method calls its object.
_RECEIVER = "self"
# What ``*args`` and ``**kwargs`` are where nothing is left for them.
_ABSENT: dict[object, object] = {inspect.Parameter.VAR_POSITIONAL: (), inspect.Parameter.VAR_KEYWORD: {}}


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a library function.

    Attributes:
        name: the dotted name of the function.
        frame: the variables of the code that calls.
        anchor: the call in the code.
    """

    name: str
    frame: Frame
    anchor: Anchor

    @property
    def world(self) -> World:
        """The run that the call belongs to."""
        return self.frame.world

    def measure(self, value: Value, *, beside_time: bool = False) -> Quantity:
        """An argument as a quantity. A text is none, even where it reads like a number."""
        if isinstance(value, Constant):
            # Most functions raise at that.
            self.world.doubt("a function is given what is no number")
            return Quantity(None, UNKNOWN)
        return measure(value, self.world, self.anchor, beside_time=beside_time)


@dataclass(slots=True)
class LibraryFunction:
    """A function that the interpreter knows.

    Attributes:
        text: its signature, as it is written.
        handler: what it does.
        forced: whether it needs its arguments, rather than handing them on as they are.
        exact: whether the signature holds in every version, so that a call that does not fit fails.
    """

    text: str
    handler: Handler
    forced: bool
    exact: bool
    _signature: inspect.Signature | None = field(default=None, repr=False)

    @property
    def is_method(self) -> bool:
        """Whether it is one of a type, whose object is what it is given first."""
        return self.text.partition("(")[2].startswith(_RECEIVER)

    @property
    def signature(self) -> inspect.Signature:
        """The signature, parsed when it is first asked for: most functions are never called."""
        if self._signature is None:
            self._signature = _parsed(self.text)
        return self._signature

    def bind(self, arguments: Sequence[Value], keywords: Mapping[str, Value]) -> list[object] | None:
        """What the handler is given for the parameters, in their order; None where that is not known.

        Raises:
            Raised: TypeError when the arguments do not fit.
        """
        parameters = self.signature.parameters.values()
        given = dict(keywords)
        more = MORE in given
        if all(parameter.kind is not parameter.VAR_KEYWORD for parameter in parameters):
            given.pop(MORE, None)
        try:
            bound = self.signature.bind(*arguments, **given).arguments
        except TypeError:
            if self.exact and not more:
                raise Raised("TypeError") from None
            return None
        if more and MORE not in given and len(bound) < len(parameters):
            return None
        return [bound.get(parameter.name, _ABSENT.get(parameter.kind, parameter.default)) for parameter in parameters]


FUNCTIONS: dict[str, LibraryFunction] = {}


def function(*texts: str, forced: bool = True) -> Callable[[_Handler], _Handler]:
    """Declares what a function of a library does.

    Args:
        texts: the signature, for each name that the function goes by.
        forced: whether its arguments are evaluated, if they were not yet.
    """

    def declare(handler: _Handler) -> _Handler:
        for text in texts:
            name = text.partition("(")[0]
            if name in FUNCTIONS:
                raise ValueError(f"{name} is declared twice")
            exact = name.partition(".")[0] in sys.stdlib_module_names
            FUNCTIONS[name] = LibraryFunction(text, handler, forced, exact)  # type: ignore[arg-type]
        return handler

    return declare


def _parsed(text: str) -> inspect.Signature:
    definition = ast.parse(f"def _({text.partition('(')[2]}: ...").body[0]
    assert isinstance(definition, ast.FunctionDef), text
    names = definition.args
    kinds = inspect.Parameter
    positional = [*names.posonlyargs, *names.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(names.defaults))
    defaults += names.defaults
    parameters = []
    for at, (each, default) in enumerate(zip(positional, defaults, strict=True)):
        if at < len(names.posonlyargs):
            # A keyword of that name belongs to ``**kwargs``; `inspect` has not always known.
            parameters.append(kinds(f"_{each.arg}", kinds.POSITIONAL_ONLY, default=_default(default)))
        else:
            parameters.append(kinds(each.arg, kinds.POSITIONAL_OR_KEYWORD, default=_default(default)))
    if names.vararg is not None:
        parameters.append(kinds(names.vararg.arg, kinds.VAR_POSITIONAL))
    for each, default in zip(names.kwonlyargs, names.kw_defaults, strict=True):
        parameters.append(kinds(each.arg, kinds.KEYWORD_ONLY, default=_default(default)))
    if names.kwarg is not None:
        parameters.append(kinds(names.kwarg.arg, kinds.VAR_KEYWORD))
    return inspect.Signature(parameters)


def _default(node: ast.expr | None) -> object:
    """A default as the handler is given it: a value, None for ``...``, or that there is none."""
    if node is None:
        return inspect.Parameter.empty
    constant = ast.literal_eval(node)
    if constant is ...:
        return None
    return literal(constant) if isinstance(constant, (int, float)) else Constant(constant)
