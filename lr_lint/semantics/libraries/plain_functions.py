"""Functions and methods of Python that depend on nothing but plain data: CPython computes what they give.

Those that matter to units (``min``, ``exp``, ``sqrt``) stand in `numeric`, those that iterate in `iterators`.
"""

from __future__ import annotations

import builtins
import cmath
import math
import re
import statistics
from collections.abc import Callable, Sequence
from typing import Any

from lr_lint.semantics.libraries.signatures import Call, function
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.plain import LONG_NUMBER, NotPlain, computed, formatted, listed, plain
from lr_lint.vocabulary.quantities import Quantity

# Integers beyond this make some functions of them run for ever.
_LARGEST_COUNT = 2_000

_MATH = """
acosh(x, /) asinh(x, /) atan2(y, x, /) atanh(x, /) cbrt(x, /) comb(n, k, /) degrees(x, /)
dist(p, q, /) exp2(x, /) factorial(n, /) fmod(x, y, /) frexp(x, /) fsum(seq, /) gcd(*integers) isfinite(x, /)
isinf(x, /) isnan(x, /) isqrt(n, /) lcm(*integers) ldexp(x, i, /) lgamma(x, /) modf(x, /) nextafter(x, y, /)
perm(n, k=None, /) radians(x, /) remainder(x, y, /) ulp(x, /) hypot(*coordinates)
isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)
"""
_CMATH = "exp(z, /) sqrt(z, /) phase(z, /) polar(z, /) cos(z, /) sin(z, /) isnan(z, /)"
_STATISTICS = "mean(data) fmean(data) median(data) mode(data) pstdev(data) stdev(data) variance(data) pvariance(data)"
_STR = """
capitalize(self, /) casefold(self, /) encode(self, encoding='utf-8', errors='strict') isalnum(self, /) isalpha(self, /)
isascii(self, /) isdecimal(self, /) isidentifier(self, /) islower(self, /) isnumeric(self, /) isprintable(self, /)
isspace(self, /) istitle(self, /) isupper(self, /) join(self, iterable, /) partition(self, sep, /)
rpartition(self, sep, /) splitlines(self, keepends=False) swapcase(self, /) title(self, /)
center(self, width, fillchar=' ', /) ljust(self, width, fillchar=' ', /) rjust(self, width, fillchar=' ', /)
zfill(self, width, /) expandtabs(self, tabsize=8) rsplit(self, sep=None, maxsplit=-1)
count(self, sub, start=None, end=None, /) find(self, sub, start=None, end=None, /)
index(self, sub, start=None, end=None, /) rfind(self, sub, start=None, end=None, /)
rindex(self, sub, start=None, end=None, /)
"""
_INT = "as_integer_ratio(self, /) bit_count(self, /) bit_length(self, /) conjugate(self, /)"
_FLOAT = "as_integer_ratio(self, /) conjugate(self, /) hex(self, /) is_integer(self, /)"
_BUILTINS = "bin(number, /) hex(number, /) oct(number, /) ord(c, /) chr(i, /) ascii(obj, /) repr(obj, /)"
_SEQUENCES = "count(self, value, /) index(self, value, start=0, stop=9223372036854775807, /)"
_SIGNATURE = re.compile(r"\w+\([^)]*\)")


def _declare(owner: str, texts: str, source: Any) -> None:
    for text in _SIGNATURE.findall(texts):
        _declare_one(f"{owner}.{text}", getattr(source, text.partition("(")[0], None))


def _declare_one(text: str, compute: Callable[..., Any] | None) -> None:
    """A function that this version of Python does not have is not declared."""
    names = text.partition("(")[2].rstrip(")").split("*, ")[1:]
    keywords = [each.partition("=")[0] for each in names[0].split(", ")] if names else []
    if compute is None:
        return

    @function(text)
    def handle(call: Call, *given: Any) -> Value | None:
        values = [each for value in given for each in (value if isinstance(value, (tuple, list)) else [value])]
        options = dict(zip(keywords, values[len(values) - len(keywords) :], strict=True))
        return _bounded(compute, values[: len(values) - len(keywords)], options)


@function("math.copysign(x, y, /)")
def _copysign(call: Call, x: Value, y: Value) -> Value | None:
    """The sign of NaN is the processor's, and not of what is written."""
    return None if isinstance(y, Quantity) and y.number != y.number else _bounded(math.copysign, [x, y], {})


def _bounded(compute: Callable[..., Any], given: Sequence[Value], options: dict[str, Value]) -> Value | None:
    values = [listed(each) for each in given]
    try:
        large = any(isinstance(each, int) and abs(each) > _LARGEST_COUNT for each in map(plain, values))
    except NotPlain:
        return None
    if large and compute in _COUNTING:
        return None
    return computed(compute, values, options)


_COUNTING = frozenset(
    {math.comb, math.perm, math.factorial, str.center, str.ljust, str.rjust, str.zfill, str.expandtabs}
)
for _owner, _texts, _source in (
    ("math", _MATH, math),
    ("cmath", _CMATH, cmath),
    ("statistics", _STATISTICS, statistics),
    ("builtins.str", _STR, str),
    ("builtins.int", _INT, int),
    ("builtins.float", _FLOAT, float),
    ("builtins", _BUILTINS, builtins),
    ("builtins.list", _SEQUENCES, list),
    ("builtins.tuple", _SEQUENCES, tuple),
):
    _declare(_owner, _texts, _source)


@function("builtins.format(value, format_spec='', /)")
def _format(call: Call, value: Value, spec: Value) -> Value | None:
    return formatted(value, "", spec.value) if isinstance(spec, Constant) and isinstance(spec.value, str) else None


@function("builtins.str.format(self, *args, **kwargs)")
def _format_text(call: Call, text: Constant, args: Sequence[Value], named: dict[str, Value]) -> Value | None:
    """A width may come from an argument, so that these are bounded too."""
    try:
        large = any(
            isinstance(each, int) and abs(each) > _LARGEST_COUNT for each in map(plain, (*args, *named.values()))
        )
    except NotPlain:
        return None
    if large or LONG_NUMBER.search(text.value):
        return None
    return computed(lambda *data, **more: text.value.format(*data, **more), args, named)
