"""Lists, tuples, sets and dicts, as far as they are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lr_lint.semantics.values.base import BaseValue
from lr_lint.semantics.values.world import BudgetExceeded
from lr_lint.vocabulary.paths import AccessPath

if TYPE_CHECKING:
    from lr_lint.semantics.values.base import Value


_LONGEST_LIST = 100_000


@dataclass(slots=True)
class ListValue(BaseValue):
    """A list, tuple or set.

    Attributes:
        values: the items, as far as they are known.
        kind: ``list``, ``tuple`` or ``set``.
        incomplete: whether there may be more items than those known.
        unordered: whether the items may stand at other positions than here.
    """

    values: list[Value]
    kind: str = "list"
    incomplete: bool = False
    unordered: bool = False

    def __post_init__(self) -> None:
        self.check_length()

    def check_length(self) -> None:
        """Ends a run that makes lists grow without bound.

        Raises:
            BudgetExceeded: when there are more items than any schedule needs.
        """
        if len(self.values) > _LONGEST_LIST:
            raise BudgetExceeded

    def forget_order(self) -> None:
        """Notes that something happened to the items that was not followed."""
        self.incomplete = self.unordered = True


@dataclass(slots=True)
class DictValue(BaseValue):
    """A dict with constant keys, or a namespace.

    Attributes:
        entries: the values by key.
        incomplete: whether there may be more keys than those known.
        key: identity; one that has an identity lets its entries be read as attributes.
        overridable: whether what is written into it is a default that a settings file may override.
    """

    entries: dict[Any, Value]
    incomplete: bool = False
    key: AccessPath | None = None
    overridable: bool = False

    @property
    def identity(self) -> AccessPath | None:
        """Its key."""
        return self.key
