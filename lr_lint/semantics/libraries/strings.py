"""Texts: ``str`` and its methods on what is known."""

from __future__ import annotations

from typing import Any

from lr_lint.semantics.libraries.signatures import Call, function
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import NOTHING, Constant
from lr_lint.semantics.values.containers import ListValue
from lr_lint.semantics.values.context import Raised
from lr_lint.semantics.values.library_objects import FileReference
from lr_lint.semantics.values.plain import computed
from lr_lint.vocabulary.quantities import Quantity, literal

_LONGEST_STRING = 10_000


@function("builtins.str(object=..., encoding=..., errors=...)")
def _str(call: Call, given: Value | None, *options: Value | None) -> Value | None:
    if given is None:
        return Constant("")
    if options != (None, None):
        return None
    text = isinstance(given, FileReference) or (isinstance(given, Constant) and isinstance(given.value, str))
    return given if text else computed(str, [given])


@function(
    *(f"builtins.str.{name}(self, /)" for name in ("lower", "upper", "isdigit")),
    *(f"builtins.str.{name}(self, chars=None, /)" for name in ("strip", "lstrip", "rstrip")),
    "builtins.str.removeprefix(self, prefix, /)",
    "builtins.str.removesuffix(self, suffix, /)",
    "builtins.str.replace(self, old, new, count=-1, /)",
    "builtins.str.startswith(self, prefix, start=None, end=None, /)",
    "builtins.str.endswith(self, suffix, start=None, end=None, /)",
    "builtins.str.split(self, sep=None, maxsplit=-1)",
)
def _method(call: Call, text: Constant, *arguments: Value) -> Value | None:
    known = [_plain(argument) for argument in arguments]
    name = call.name.rpartition(".")[2]
    # Each letter may be replaced by a text as long as that.
    longest = len(known[1]) if name == "replace" and isinstance(known[1], str) else 1
    if ... in known or (len(text.value) + 1) * max(longest, 1) > _LONGEST_STRING:
        return None
    try:
        result = getattr(text.value, name)(*known)
    except (TypeError, ValueError) as error:
        raise Raised(type(error).__name__) from None
    if isinstance(result, list):
        return ListValue([Constant(part) for part in result])
    return literal(result) if isinstance(result, bool) else Constant(result)


def _plain(value: Value) -> Any:
    """An argument as it is given to the method of a text; an ellipsis where it is not known."""
    if isinstance(value, Constant) and (value == NOTHING or isinstance(value.value, str)):
        return value.value
    if isinstance(value, Quantity) and isinstance(value.number, int):
        return value.number
    if isinstance(value, ListValue) and value.kind == "tuple" and not value.incomplete:
        parts = [_plain(item) for item in value.values]
        return ... if ... in parts else tuple(parts)
    return ...
