"""Methods of what is not user code, found by what the receiver is; they are declared like functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lr_lint.semantics.libraries.catalogue import call_function, find
from lr_lint.semantics.machine.settling import settle
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.context import Anchor, Frame
from lr_lint.semantics.values.methods import Method
from lr_lint.semantics.values.operations import kind_of

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
    for owner in kind_of(method.receiver).method_owners():
        name = f"{owner}.{method.name}"
        if find(name) is not None:
            return call_function(name, [method.receiver, *arguments], keywords, frame, anchor)
    return None
