"""Havoc: what something unknown may have changed is not known any more, in whatever form it is held."""

from __future__ import annotations

from collections.abc import Iterable

from lr_lint.semantics.machine.settling import settle, settle_variable
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Frame
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.objects import Instance
from lr_lint.semantics.values.overridable import havoc
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.quantities import Quantity


def forget_variables(names: Iterable[str], frame: Frame, reason: str) -> None:
    """Forgets what the variables of some names hold, as they are found from a frame.

    Args:
        names: identifiers; an attribute of ``self`` stands for the object.
        frame: where they are looked for.
        reason: why they are not known, in words that fit after "because".
    """
    for name in sorted(names):
        root, _, member = name.partition(".")
        home: Frame | None = frame
        while home is not None and root not in home.names:
            home = home.parent
        if home is None:
            continue
        value = force(home.names[root])
        if member and isinstance(value, Instance):
            settle(value, frame.world)
            value.attributes[member] = Unknown(reason, paths.attribute(value.key, member), member)
        elif not _forget_contents(value, frame, reason):
            settle_variable(home, root)
            home.names[root] = Unknown(reason, None, root)


def _forget_contents(value: Value, frame: Frame, reason: str) -> bool:
    """Forgets what an object holds, which stays the same object; whether it is one that holds something."""
    if isinstance(value, DictValue):
        settle(value, frame.world)
        havoc(value, reason)
    elif isinstance(value, ListValue):
        settle(value, frame.world)
        value.forget_order()
    elif isinstance(value, Instance):
        settle(value, frame.world)
        for name, held in value.attributes.items():
            if isinstance(held, (Quantity, Constant, Unknown)):
                value.attributes[name] = Unknown(reason, paths.attribute(value.key, name), name)
    else:
        return False
    return True
