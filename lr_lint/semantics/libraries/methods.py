"""Methods of what is not user code, found by the type of the receiver; they are declared like functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lr_lint.semantics.libraries.catalogue import call_function, find
from lr_lint.semantics.machine.settling import settle
from lr_lint.semantics.values.base import Unknown, Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Anchor, Frame
from lr_lint.semantics.values.functions import Method
from lr_lint.semantics.values.library_objects import FileReference, Parser
from lr_lint.semantics.values.objects import Instance
from lr_lint.vocabulary.quantities import Quantity

# Names under which methods are declared of what has no one type: of a settings library's dicts, say.
_TYPES: dict[type, str] = {
    FileReference: "file",
    Instance: "settings",
    Parser: "parser",
    Quantity: "number",
    Unknown: "unknown",
}
_SEQUENCES = {
    "list": "builtins.list",
    "tuple": "builtins.tuple",
    "set": "builtins.set",
    "array": "numpy.ndarray",
}
# Methods that change nothing.
_READING = frozenset("get items values keys copy clone index count to_dict todict toDict to_container".split())


def call_method(
    method: Method, arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor
) -> Value | None:
    """The result of a method of something that is not user code; None where unknown.

    Raises:
        Raised: what the method raises, and TypeError where the arguments do not fit.
    """
    if method.name not in _READING:
        settle(method.receiver, frame.world)
    for owner in _types_of(method.receiver):
        name = f"{owner}.{method.name}"
        if find(name) is not None:
            return call_function(name, [method.receiver, *arguments], keywords, frame, anchor)
    return None


def _types_of(receiver: Value) -> tuple[str, ...]:
    if isinstance(receiver, ListValue):
        return (_SEQUENCES[receiver.kind],)
    if isinstance(receiver, DictValue):
        # A dict with an identity may be a namespace, whose methods take other arguments.
        return ("namespace",) if receiver.key is not None else ("builtins.dict", "namespace")
    if isinstance(receiver, Constant):
        return ("builtins.str",) if isinstance(receiver.value, str) else ()
    known = _TYPES.get(type(receiver))
    return () if known is None else (known,)
