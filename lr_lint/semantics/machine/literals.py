"""Numbers, texts and other constants, as code writes them."""

from __future__ import annotations

import ast
import functools

import libcst as cst

from lr_lint.semantics.machine.expressions import evaluate, evaluates, unknown
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.context import Frame
from lr_lint.semantics.values.plain import formatted
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import literal


@evaluates(cst.Integer)
def _integer(node: cst.Integer, frame: Frame) -> Value:
    return literal(int(node.value.replace("_", ""), 0), AccessPath.literal(node))


@evaluates(cst.Float)
def _float(node: cst.Float, frame: Frame) -> Value:
    return literal(float(node.value), AccessPath.literal(node))


@evaluates(cst.Imaginary)
def _imaginary(node: cst.Imaginary, frame: Frame) -> Value:
    return literal(complex(node.value))


@evaluates(cst.SimpleString)
def _string(node: cst.SimpleString, frame: Frame) -> Value:
    return Constant(_text_of(node.value))


@functools.lru_cache(maxsize=8192)
def _text_of(token: str) -> str | bytes:
    text: str | bytes = ast.literal_eval(token)
    return text


@evaluates(cst.ConcatenatedString)
def _concatenated_string(node: cst.ConcatenatedString, frame: Frame) -> Value:
    value = node.evaluated_value
    return Constant(value) if value is not None else unknown("it is a formatted string", node)


@evaluates(cst.FormattedString)
def _formatted_string(node: cst.FormattedString, frame: Frame) -> Value:
    texts = [_formatted_part(part, frame) for part in node.parts]
    known = [text for text in texts if text is not None]
    return Constant("".join(known)) if len(known) == len(texts) else unknown("it is a formatted string", node)


def _formatted_part(part: cst.BaseFormattedStringContent, frame: Frame) -> str | None:
    """The text of a part; None where it is not known."""
    if isinstance(part, cst.FormattedStringText):
        return None if "\\" in part.value else part.value.replace("{{", "{").replace("}}", "}")
    if not isinstance(part, cst.FormattedStringExpression) or part.equal:
        return None
    value = evaluate(part.expression, frame)
    spec = [_formatted_part(each, frame) for each in part.format_spec or ()]
    if None in spec:
        return None
    made = formatted(value, part.conversion or "", "".join(text for text in spec if text is not None))
    return str(made.value) if isinstance(made, Constant) else None


@evaluates(cst.Ellipsis)
def _ellipsis(node: cst.Ellipsis, frame: Frame) -> Value:
    return Constant(...)
