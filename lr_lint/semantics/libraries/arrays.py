"""Arrays and tensors: sequences of numbers whose operators work item by item, and single numbers of that kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from lr_lint.semantics.libraries.numeric import as_python
from lr_lint.semantics.libraries.signatures import Call, function
from lr_lint.semantics.machine.array_numbers import as_element
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import NOTHING, Constant
from lr_lint.semantics.values.containers import ListValue
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.python_numbers import as_float
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary.quantities import Number, Quantity

_WHOLE_FLOATS = frozenset({"float", "double", "float64"})
_FLOATS = frozenset({"float", "double", "half", "bfloat16", "float16", "float32", "float64", "floating"})


@function("numpy.float64(x=0.0, /)")
def _float(call: Call, x: Value) -> Value | None:
    return as_array(x, to_float=True)


@function("numpy.float32(x=0.0, /)", "numpy.float16(x=0.0, /)")
def _short(call: Call, x: Value) -> Value | None:
    """A float of fewer digits: what it is rounded to, and what is computed with it, is not followed."""
    value = as_array(x, to_float=True)
    return replace(value, number=None) if isinstance(value, Quantity) else None


@function("numpy.int64(x=0, /)")
def _int(call: Call, x: Value) -> Value | None:
    if isinstance(x, Unknown):
        return x
    value = replace(call.measure(x), array=True)
    return replace(value, number=_truncated(value.number))


@function("numpy.int32(x=0, /)")
def _narrow(call: Call, x: Value) -> Value | None:
    """An integer that begins again at the other end sooner."""
    return replace(call.measure(x), number=None, array=True)


def _truncated(number: Number | None) -> int | None:
    small = isinstance(number, (int, float)) and abs(number) < 2**31
    return int(number) if small else None  # type: ignore[arg-type]


@function(
    "numpy.array(object, dtype=None, **options)",
    "numpy.asarray(a, dtype=None, **options)",
    "torch.tensor(data, dtype=None, **options)",
    "torch.as_tensor(data, dtype=None, **options)",
)
def _of_type(call: Call, data: Value, dtype: Value, options: dict[str, Value]) -> Value | None:
    if isinstance(data, ListValue) and data.kind == "array" and not call.name.endswith((".array", ".tensor")):
        # The array itself, unless it has to be of another type.
        return data if dtype == NOTHING else None
    if dtype == NOTHING:
        return as_array(data, to_float=False)
    last = dtype.name.rpartition(".")[2] if isinstance(dtype, External) else ""
    if isinstance(dtype, Constant):
        last = str(dtype.value)
    made = as_array(data, to_float=True) if last in _FLOATS else None
    if call.name.startswith("numpy.") and last not in _WHOLE_FLOATS:
        # Rounded to fewer digits, which is not followed.
        return replace(made, number=None) if isinstance(made, Quantity) else None
    return made


@function("torch.FloatTensor(data)")
def _float_tensor(call: Call, data: Value) -> Value | None:
    return as_array(data, to_float=True) if isinstance(data, ListValue) else None


def as_array(value: Value, *, to_float: bool = False) -> Value | None:
    """A value as a number, or an array of numbers, of these libraries."""
    if isinstance(value, Quantity):
        number = value.number
        if to_float and isinstance(number, int):
            number = as_float(number)
        return replace(value, number=as_element(number), array=True)
    if not isinstance(value, ListValue):
        return value if isinstance(value, Unknown) else None
    if value.kind == "set":
        return None
    items = [as_array(item, to_float=to_float) or Unknown("it is a part of an array") for item in value.values]
    is_float = any(isinstance(item, Quantity) and isinstance(item.number, float) for item in items)
    if is_float and not to_float:
        return as_array(value, to_float=True)
    return ListValue(items, "array", value.incomplete, value.unordered)


def elementwise(operate: Callable[[Value, Value], Value], left: Value, right: Value) -> Value | None:
    """An operator applied to arrays, item by item; None where their shapes are not known to agree.

    Args:
        operate: the operator on items.
        left: an operand, which is an array or stands for all its items.
        right: the other one.
    """
    columns = [value.values for value in (left, right) if isinstance(value, ListValue)]
    if any(isinstance(value, ListValue) and (value.incomplete or value.unordered) for value in (left, right)):
        return None
    if not all(isinstance(value, (ListValue, Quantity, Unknown)) for value in (left, right)):
        return None
    count = len(columns[0])
    if any(len(column) != count for column in columns):
        return None
    first, second = (value.values if isinstance(value, ListValue) else [value] * count for value in (left, right))
    return ListValue([operate(a, b) for a, b in zip(first, second, strict=True)], "array")


def is_array(value: Value) -> bool:
    """Whether a value is an array, whose operators work item by item."""
    return isinstance(value, ListValue) and value.kind == "array"


@function("numpy.ndarray.tolist(self)")
def _to_list(call: Call, owner: ListValue) -> Value:
    items = [_to_list(call, item) if isinstance(item, ListValue) else _to_python(item) for item in owner.values]
    return ListValue(items, "list", owner.incomplete, owner.unordered)


def _to_python(item: Value) -> Value:
    return as_python(item) if isinstance(item, Quantity) else item


@function("<number>.item(self)", "<number>.tolist(self)")
def _item(call: Call, owner: Quantity) -> Value:
    return as_python(owner)


@function(*(f"<number>.{name}(self, *options)" for name in ("float", "double", "cpu", "detach", "clone")))
def _same(call: Call, owner: Quantity, options: Sequence[Value]) -> Value:
    return owner
