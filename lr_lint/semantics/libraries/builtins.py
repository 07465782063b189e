"""What the functions of the standard library, NumPy and PyTorch do to quantities and containers.

Only functions that schedules are written with. A function that is not here gives an unknown value; a row is added by
naming the function and what it does.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from lr_lint.semantics.libraries.rate_sources import measure
from lr_lint.semantics.machine import arithmetic
from lr_lint.semantics.values.domain import (
    Anchor,
    Constant,
    DictValue,
    External,
    Frame,
    ListValue,
    Partial,
    Raised,
    Unknown,
    Value,
)
from lr_lint.vocabulary.quantities import Number, Quantity, literal
from lr_lint.vocabulary.units import FACTOR, UNKNOWN, Unit, raise_to

Handler: TypeAlias = "Callable[[Sequence[Value], Mapping[str, Value], Frame, Anchor], Value | None]"

CONSTANTS: dict[str, float] = {
    "math.pi": math.pi,
    "math.e": math.e,
    "math.tau": math.tau,
    "math.inf": math.inf,
    "math.nan": math.nan,
    "numpy.pi": math.pi,
    "numpy.e": math.e,
    "numpy.inf": math.inf,
    "torch.pi": math.pi,
    "torch.inf": math.inf,
    "scipy.pi": math.pi,
}

# NumPy and its kin give nan or inf where the math module raises.
_ARRAY_MODULES = ("numpy", "torch", "jax.numpy", "mxnet.numpy")
_MODULES = ("math", *_ARRAY_MODULES)

_LONGEST_RANGE = 100_000
_MOST_DIGITS = 400


def _sigmoid(x: Number) -> Number:
    return 1 / (1 + math.exp(-x))  # type: ignore[arg-type]


# Functions of one dimensionless argument whose result is dimensionless.
_TRANSCENDENTAL: dict[str, Callable[[Number], Number]] = {
    name: getattr(math, name)
    for name in "cos sin tan acos asin atan cosh sinh tanh exp expm1 log log10 log2 log1p erf erfc gamma".split()
} | {"sigmoid": _sigmoid, "arctan": math.atan, "arccos": math.acos, "arcsin": math.asin}

# Functions of one argument whose result has the unit of the argument.
_PRESERVING: dict[str, Callable[[Number], Number]] = {
    "fabs": math.fabs,  # type: ignore[dict-item]
    "abs": abs,
    "absolute": abs,
    "floor": math.floor,  # type: ignore[dict-item]
    "ceil": math.ceil,  # type: ignore[dict-item]
    "trunc": math.trunc,  # type: ignore[dict-item]
}

# Wrappers that give their first argument back, as far as a schedule can tell.
_IDENTITIES = frozenset(
    "numpy.float32 numpy.float64 numpy.float16 numpy.asarray numpy.array numpy.int64 numpy.int32 torch.tensor "
    "torch.as_tensor torch.FloatTensor typing.cast".split()
)


def _transcendental(name: str, compute: Callable[[Number], Number]) -> Handler:
    def handle(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
        if len(arguments) != 1 or keywords:
            return None
        value = measure(arguments[0], frame.world, anchor)
        return arithmetic.transformed(name, compute, value, FACTOR)

    return handle


def _preserving(name: str, compute: Callable[[Number], Number]) -> Handler:
    def handle(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
        if len(arguments) != 1:
            return None
        value = measure(arguments[0], frame.world, anchor)
        return arithmetic.transformed(name, compute, value, value.unit)

    return handle


def _convert(compute: Callable[[Number], Number], name: str) -> Handler:
    def handle(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
        if not arguments:
            return literal(compute(0))
        if len(arguments) > 1 or keywords:
            return None
        if isinstance(arguments[0], Constant) and isinstance(arguments[0].value, str):
            return _number_from_text(arguments[0].value, compute)
        value = measure(arguments[0], frame.world, anchor)
        converted = arithmetic.transformed(name, compute, value, value.unit)
        # A conversion is still the same value for the purposes of identity.
        return _same_identity(converted, value)

    return handle


def _number_from_text(text: str, compute: Callable[[Number], Number]) -> Value:
    try:
        return literal(compute(text))  # type: ignore[arg-type]
    except ValueError:
        raise Raised("ValueError") from None


def _same_identity(converted: Quantity, original: Quantity) -> Quantity:
    return replace(converted, key=original.key, name=original.name) if original.key is not None else converted


def _round(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    value = measure(arguments[0], frame.world, anchor)
    asked = keywords.get("ndigits", arguments[1] if len(arguments) > 1 else None)
    digits = measure(asked, frame.world, anchor).number if asked is not None else None
    if asked is not None and not (isinstance(digits, int) and abs(digits) < _MOST_DIGITS):
        return Quantity(None, value.unit, varies=value.varies)
    return arithmetic.transformed("round", lambda x: round(x, digits), value, value.unit)  # type: ignore


def _sqrt(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    value = measure(arguments[0], frame.world, anchor)
    return arithmetic.transformed("sqrt", math.sqrt, value, raise_to(value.unit, 0.5))  # type: ignore[arg-type]


def _pow(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    if len(arguments) != 2:
        return None
    base, exponent = (measure(argument, frame.world, anchor) for argument in arguments)
    return arithmetic.power(base, exponent, frame.world)


def _float_pow(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    """``math.pow``: always a float, and an error where ``**`` would give a complex number."""
    if len(arguments) != 2:
        return None
    base, exponent = (measure(argument, frame.world, anchor) for argument in arguments)
    unit = arithmetic.power(replace(base, number=None), replace(exponent, number=None), frame.world)
    if isinstance(exponent.number, (int, float)) and not exponent.varies:
        unit = replace(unit, unit=raise_to(base.unit, float(exponent.number)))
    if base.number is None or exponent.number is None:
        return unit
    try:
        number = math.pow(base.number, exponent.number)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError) as error:
        raise Raised(type(error).__name__, max(base.basis, exponent.basis)) from None
    return replace(unit, number=number, basis=max(base.basis, exponent.basis))


def _extremum(symbol: str) -> Handler:
    def handle(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
        if "key" in keywords:
            return None
        if (
            "default" in keywords
            and isinstance(arguments[0], ListValue)
            and not (arguments[0].values or arguments[0].incomplete)
        ):
            return keywords["default"]
        values = arguments
        if len(arguments) == 1:
            single = arguments[0]
            if not isinstance(single, ListValue) or single.incomplete:
                return Quantity(None, UNKNOWN)
            values = single.values
        varies = any(isinstance(value, Quantity) and value.varies for value in values)
        measured = [measure(value, frame.world, anchor, beside_time=varies) for value in values]
        return arithmetic.extremum(symbol, measured, frame.world)

    return handle


def _clip(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    """``numpy.clip(x, low, high)`` and ``torch.clamp(x, min=, max=)``."""
    values = list(arguments)
    low = keywords.get("a_min", keywords.get("min", values[1] if len(values) > 1 else None))
    high = keywords.get("a_max", keywords.get("max", values[2] if len(values) > 2 else None))
    result = measure(values[0], frame.world, anchor)
    for symbol, bound in (("max", low), ("min", high)):
        if bound is not None and not (isinstance(bound, Constant) and bound.value is None):
            limit = measure(bound, frame.world, anchor)
            result = arithmetic.extremum(symbol, [result, limit], frame.world)
    return result


def _sum(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    items = arguments[0]
    if not isinstance(items, ListValue) or items.incomplete:
        return None
    start = arguments[1] if len(arguments) > 1 else keywords.get("start", literal(0))
    terms = [measure(item, frame.world, anchor) for item in (start, *items.values)]
    frame.world.spend(len(terms))
    total = terms[0]
    for term in terms[1:]:
        total = arithmetic.add(total, term, frame.world)
    if total.number is None:
        return total
    # The builtin sums floats more exactly than repeated addition does, from Python 3.12 on.
    numbers = [term.number for term in terms[1:]]
    return replace(total, number=sum(numbers, terms[0].number))  # type: ignore[arg-type]


def _product(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    items = arguments[0]
    if not isinstance(items, ListValue) or items.incomplete:
        return None
    total = literal(1)
    for item in items.values:
        total = arithmetic.multiply_quantities(total, measure(item, frame.world, anchor), frame.world)
    return total


def _length(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    value = arguments[0]
    if isinstance(value, ListValue) and not value.incomplete:
        return literal(len(value.values))
    if isinstance(value, DictValue) and not value.incomplete:
        return literal(len(value.entries))
    if isinstance(value, Constant) and isinstance(value.value, (str, bytes)):
        return literal(len(value.value))
    return Unknown("the length is only known at run time", getattr(value, "key", None), "n_batches")


def _range(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    bounds = [measure(argument, frame.world, anchor).number for argument in arguments]
    if any(isinstance(bound, (float, complex)) for bound in bounds):
        raise Raised("TypeError")
    if not bounds or not all(isinstance(bound, int) for bound in bounds):
        return None
    try:
        numbers = range(*bounds)  # type: ignore[arg-type]
    except ValueError:
        raise Raised("ValueError") from None
    if numbers and (max(abs(numbers[0]), abs(numbers[-1])) > 10**18 or len(numbers) > _LONGEST_RANGE):
        return None
    frame.world.spend(len(numbers))
    return ListValue([literal(number) for number in numbers])


def _container(kind: str) -> Handler:
    def handle(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
        if not arguments:
            return ListValue([], kind)
        value = arguments[0]
        if isinstance(value, ListValue):
            items = ListValue(list(value.values), kind, value.incomplete, value.unordered)
            return distinct(items) if kind == "set" else items
        if isinstance(value, DictValue):
            return ListValue([constant(key) for key in value.entries], kind, value.incomplete)
        return value if isinstance(value, Unknown) and value.parameters else None

    return handle


def distinct(items: ListValue) -> ListValue:
    """A set of the items: each once, where all are known constants."""
    keys = [constant_key(item) for item in items.values]
    if None in keys:
        return ListValue(items.values, "set", incomplete=True, unordered=True)
    return ListValue(list(dict(zip(keys, items.values, strict=True)).values()), "set", items.incomplete, unordered=True)


def _dict(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    entries: dict[Any, Value] = {}
    if arguments and isinstance(arguments[0], DictValue):
        entries.update(arguments[0].entries)
    if arguments and not isinstance(arguments[0], DictValue):
        return None
    entries.update(keywords)
    return DictValue(entries)


def constant(key: object) -> Value:
    """A dict key as a value."""
    return literal(key) if isinstance(key, (int, float)) else Constant(key)


def _filter(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    value = arguments[-1]
    if isinstance(value, Unknown) and value.parameters:
        return value
    return (
        ListValue(list(value.values), "list", incomplete=True, unordered=True) if isinstance(value, ListValue) else None
    )


def _chain(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    if all(isinstance(value, Unknown) and value.parameters for value in arguments) and arguments:
        return arguments[0]
    return concatenated(arguments)


def concatenated(parts: Sequence[Value]) -> Value | None:
    """The items of several sequences in a row; a model's parameters among them leave the result open."""
    values: list[Value] = []
    incomplete = False
    for part in parts:
        if isinstance(part, ListValue):
            values.extend(part.values)
            incomplete = incomplete or part.incomplete
        elif isinstance(part, Unknown) and part.parameters:
            values.append(part)
            incomplete = True
        else:
            return None
    return ListValue(values, "list", incomplete)


def _zip(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    if not all(isinstance(value, ListValue) for value in arguments):
        return None
    columns = [value for value in arguments if isinstance(value, ListValue)]
    frame.world.spend(min((len(column.values) for column in columns), default=0))
    rows = zip(*(column.values for column in columns), strict=False)
    return ListValue(
        [ListValue(list(row), "tuple") for row in rows], "list", any(column.incomplete for column in columns)
    )


def _enumerate(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    value = arguments[0]
    start = constant_key(arguments[1] if len(arguments) > 1 else keywords.get("start", literal(0)))
    if not isinstance(value, ListValue) or not isinstance(start, int):
        return None
    rows: list[Value] = [ListValue([literal(at), item], "tuple") for at, item in enumerate(value.values, start)]
    return ListValue(rows, "list", value.incomplete)


def _reversed(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    value = arguments[0]
    return ListValue(value.values[::-1], "list", value.incomplete) if isinstance(value, ListValue) else None


def _sorted(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    value = arguments[0]
    if not isinstance(value, ListValue):
        return value if isinstance(value, Unknown) and value.parameters else None
    return in_order(value, keywords)


def in_order(value: ListValue, keywords: Mapping[str, Value]) -> ListValue:
    """The items sorted, where all are numbers that are known."""
    numbered = [item for item in value.values if isinstance(item, Quantity) and isinstance(item.number, (int, float))]
    backwards = constant_key(keywords.get("reverse", literal(False)))
    if "key" in keywords or value.incomplete or backwards is None or len(numbered) != len(value.values):
        return ListValue(list(value.values), "list", incomplete=True, unordered=True)
    return ListValue(sorted(numbered, key=lambda item: item.number, reverse=bool(backwards)), "list")  # type: ignore


def _bisect(side: Callable[[list[float], float], int]) -> Handler:
    def handle(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
        if len(arguments) != 2 or not isinstance(arguments[0], ListValue):
            return None
        wanted = measure(arguments[1], frame.world, anchor)
        marks = [measure(item, frame.world, anchor, beside_time=True) for item in arguments[0].values]
        for mark in marks:
            arithmetic.compare("<", wanted, mark, frame.world)
        numbers = [mark.number for mark in marks]
        if not isinstance(wanted.number, (int, float)) or not all(isinstance(n, (int, float)) for n in numbers):
            return Quantity(None, varies=wanted.varies)
        return Quantity(side(numbers, wanted.number), varies=wanted.varies)  # type: ignore[arg-type]

    return handle


def _any_all(symbol: str) -> Handler:
    def handle(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
        items = arguments[0]
        if not isinstance(items, ListValue) or items.incomplete:
            return None
        numbers = [measure(item, frame.world, anchor) for item in items.values]
        if any(number.number is None for number in numbers):
            return None
        truths = [bool(number.number) for number in numbers]
        return Quantity(any(truths) if symbol == "any" else all(truths), varies=any(n.varies for n in numbers))

    return handle


def _getattr(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    name = arguments[1] if len(arguments) > 1 else None
    if not isinstance(name, Constant) or not isinstance(name.value, str):
        return None
    found = frame.world.machine.member(arguments[0], name.value, frame)
    if len(arguments) > 2 and isinstance(found, Unknown) and found.default is None:
        return Unknown(found.reason, found.key, found.name, default=arguments[2])
    return found


def _partial(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    if not arguments:
        return None
    function, first = arguments[0], tuple(arguments[1:])
    if isinstance(function, Partial):
        merged = {**dict(function.keywords), **keywords}
        return Partial(function.function, (*function.arguments, *first), tuple(merged.items()))
    return Partial(function, first, tuple(keywords.items()))


def _identity(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    return arguments[0] if arguments else None


def _divmod(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    left, right = (measure(argument, frame.world, anchor) for argument in arguments)
    quotient = arithmetic.floor_divide(left, right, frame.world)
    return ListValue([quotient, arithmetic.remainder(left, right, frame.world)], "tuple")


def _interpolate(
    arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor
) -> Value | None:
    """``numpy.interp(x, xp, fp)``: has the unit of ``fp``."""
    if len(arguments) < 3 or not isinstance(arguments[1], ListValue) or not isinstance(arguments[2], ListValue):
        return None
    at = measure(arguments[0], frame.world, anchor)
    points = [measure(item, frame.world, anchor, beside_time=True) for item in arguments[1].values]
    values = [measure(item, frame.world, anchor) for item in arguments[2].values]
    if not points or len(points) != len(values):
        return None
    number = _interpolated(at, points, values, frame)
    unit: Unit = arithmetic.join(values)
    return Quantity(number, unit, varies=True, origins=values[0].origins)


def _interpolated(at: Quantity, points: list[Quantity], values: list[Quantity], frame: Frame) -> float | None:
    for point in points:
        arithmetic.compare("<", at, point, frame.world)
    known = [item.number for item in (at, *points, *values)]
    if not all(isinstance(number, (int, float)) for number in known):
        return None
    x = float(known[0])  # type: ignore[arg-type]
    xs = [float(number) for number in known[1 : 1 + len(points)]]  # type: ignore[arg-type]
    ys = [float(number) for number in known[1 + len(points) :]]  # type: ignore[arg-type]
    right = bisect.bisect_right(xs, x)
    if right == 0:
        return ys[0]
    if right == len(xs):
        return ys[-1]
    share = (x - xs[right - 1]) / (xs[right] - xs[right - 1])
    return ys[right - 1] + share * (ys[right] - ys[right - 1])


FUNCTIONS: dict[str, Handler] = {
    "builtins.abs": _preserving("abs", abs),
    "builtins.float": _convert(float, "float"),  # type: ignore[arg-type]
    "builtins.int": _convert(int, "int"),  # type: ignore[arg-type]
    "builtins.bool": _convert(bool, "bool"),
    "builtins.complex": _convert(complex, "complex"),
    "builtins.round": _round,
    "builtins.pow": _pow,
    "builtins.min": _extremum("min"),
    "builtins.max": _extremum("max"),
    "builtins.sum": _sum,
    "builtins.len": _length,
    "builtins.range": _range,
    "builtins.list": _container("list"),
    "builtins.tuple": _container("tuple"),
    "builtins.set": _container("set"),
    "builtins.iter": _identity,
    "builtins.dict": _dict,
    "builtins.filter": _filter,
    "builtins.zip": _zip,
    "builtins.enumerate": _enumerate,
    "builtins.reversed": _reversed,
    "builtins.sorted": _sorted,
    "builtins.any": _any_all("any"),
    "builtins.all": _any_all("all"),
    "builtins.getattr": _getattr,
    "builtins.divmod": _divmod,
    "functools.partial": _partial,
    "itertools.chain": _chain,
    "bisect.bisect": _bisect(bisect.bisect_right),
    "bisect.bisect_right": _bisect(bisect.bisect_right),
    "bisect.bisect_left": _bisect(bisect.bisect_left),
    "math.prod": _product,
    "numpy.prod": _product,
    "numpy.interp": _interpolate,
    **dict.fromkeys(_IDENTITIES, _identity),
}
for _module in _MODULES:
    for _name, _compute in _TRANSCENDENTAL.items():
        FUNCTIONS.setdefault(f"{_module}.{_name}", _transcendental(_name, _compute))
    for _name, _compute in _PRESERVING.items():
        FUNCTIONS.setdefault(f"{_module}.{_name}", _preserving(_name, _compute))
    FUNCTIONS[f"{_module}.sqrt"] = _sqrt
    FUNCTIONS[f"{_module}.pow"] = _float_pow if _module == "math" else _pow
    FUNCTIONS[f"{_module}.power"] = _pow
    for _name in ("maximum", "fmax", "max"):
        FUNCTIONS[f"{_module}.{_name}"] = _extremum("max")
    for _name in ("minimum", "fmin", "min"):
        FUNCTIONS[f"{_module}.{_name}"] = _extremum("min")
    for _name in ("clip", "clamp"):
        FUNCTIONS[f"{_module}.{_name}"] = _clip


def call_external(
    name: str,
    handler: Handler,
    arguments: Sequence[Value],
    keywords: Mapping[str, Value],
    frame: Frame,
    anchor: Anchor,
) -> Value | None:
    """The result of a library function; None where nothing is known about it.

    Raises:
        Raised: what the function raises on known numbers.
    """
    try:
        return handler(arguments, keywords, frame, anchor)
    except Raised:
        if name.startswith(_ARRAY_MODULES):
            return Quantity(None, UNKNOWN, varies=any(isinstance(a, Quantity) and a.varies for a in arguments))
        raise
    except (IndexError, KeyError, ValueError):
        # Called with fewer or more arguments than the row knows: nothing is known about the result.
        return None


def constant_key(value: Value) -> str | int | float | bool | None:
    """A value as a dict key or list index, where it is a known constant."""
    if isinstance(value, Constant) and isinstance(value.value, str):
        return value.value
    if isinstance(value, Quantity) and isinstance(value.number, (int, float)):
        return value.number
    return None


def builtin(name: str) -> Value | None:
    """The builtin of that name."""
    return External(f"builtins.{name}") if f"builtins.{name}" in FUNCTIONS or name in _OTHER_BUILTINS else None


_OTHER_BUILTINS = frozenset(
    "super isinstance issubclass hasattr setattr print type str repr map next id object vars open callable property "
    "staticmethod classmethod Exception ValueError TypeError RuntimeError NotImplementedError KeyError IndexError "
    "ZeroDivisionError StopIteration AssertionError AttributeError ImportError hash format frozenset bytes".split()
)
