"""Lists, tuples, sets and dicts, as far as they are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import libcst as cst

from lr_lint.project.knowledge import ARRAYS
from lr_lint.semantics.values.base import Container, Value, constant_key, given_together
from lr_lint.semantics.values.choices import choose
from lr_lint.semantics.values.constants import NOTHING, constant
from lr_lint.semantics.values.context import Raised
from lr_lint.semantics.values.methods import Method, method_of
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.semantics.values.world import BudgetExceeded
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lr_lint.semantics.values.context import Frame


_LONGEST_LIST = 100_000
# The kind of what follows the dict that it is taken from.
VIEW = "view"
# The keys of a param group for the rate that it has, and for the one that its schedulers start from.
RATE, INITIAL_RATE = "lr", "initial_lr"
# What code calls on a namespace that is also a dict.
_NAMESPACE_METHODS = frozenset(
    "_replace get pop setdefault items values keys copy update clone freeze defrost lock unlock set_immutable "
    "set_new_allowed register_deprecated_key register_renamed_key copy_and_resolve_references "
    "dump to_json to_json_best_effort to_yaml is_frozen is_new_allowed is_locked "
    "merge_from_file merge_from_list merge_from_other_cfg merge_update to_dict todict toDict to_container".split()
)


@dataclass(slots=True)
class ListValue(Container):
    """A list, tuple or set.

    Attributes:
        values: the items, as far as they are known.
        kind: ``list``, ``tuple``, ``set`` or ``array``; ``view`` for what follows the dict that it is taken from.
        incomplete: whether there may be more items than those known, or some of these are gone. Whoever cannot follow
            what happens to the list sets it; clearing the list takes it back.
        unordered: whether the items may stand at other positions than here; clearing and sorting take it back.
        sharing: the arrays that share items, itself among them, where it is one that does.
        by_turns: whether it is incomplete since nobody knows how often a loop turned: more items would be like those
            that are there.
    """

    values: list[Value]
    kind: str = "list"
    incomplete: bool = False
    unordered: bool = False
    sharing: list[ListValue] | None = None
    by_turns: bool = False

    def __post_init__(self) -> None:
        self.check_length()

    def check_length(self) -> None:
        """Ends a run that makes lists grow without bound.

        Raises:
            BudgetExceeded: when there are more items than any schedule needs.
        """
        if len(self.values) > _LONGEST_LIST:
            raise BudgetExceeded

    @property
    def sharers(self) -> list[ListValue]:
        """The other arrays that share its items. What shares those of one that is not known is not known either."""
        return [] if self.unordered else [each for each in self.sharing or () if each is not self]

    def forget_order(self) -> None:
        """Notes that something happened to the items that was not followed, be they those of other arrays too."""
        for each in self.sharing or (self,):
            each.incomplete = each.unordered = True

    @property
    def is_left_empty(self) -> bool:
        """Whether nothing was put into it, though a loop may have turned more often."""
        return not (self.values or self.unordered or (self.incomplete and not self.by_turns))

    def as_given(self) -> AccessPath | None:
        """By its items, where these are all and in order."""
        return None if self.incomplete or self.unordered else given_together(self.values)

    def holds_something(self) -> bool | None:
        """Whether there are items; an array may refuse to say."""
        if self.kind == "array" or (self.incomplete and (self.unordered or not self.values)):
            return None
        return bool(self.values)

    def iterate(self) -> tuple[list[Value], bool]:
        """The items."""
        return list(self.values), self.incomplete

    def unpack(self, count: int) -> list[Value] | None:
        """As many items as are asked for, if they are there."""
        if not self.incomplete and len(self.values) != count:
            raise Raised("ValueError")
        fits = len(self.values) >= count
        return self.values[:count] if fits else None

    def item(self, index: Value, node: cst.CSTNode, frame: Frame) -> Value:
        """The item at a position, or at one that the world chooses."""
        at = constant_key(index)
        if isinstance(at, (int, float)) and not isinstance(at, int):
            raise Raised("TypeError")
        if self.unordered:
            return Unknown("the order of the items is not known", AccessPath.node(node))
        if isinstance(at, int):
            if -len(self.values) <= at < len(self.values) and not (self.incomplete and at < 0):
                return self.values[at]
            if not self.incomplete:
                raise Raised("IndexError")
        if at is None and not self.incomplete:
            chosen = choose(index, range(len(self.values)), node, frame)
            if chosen is not None:
                return self.values[int(chosen)]
        return Unknown("which item is chosen is only known at run time", AccessPath.node(node))

    def sliced(self, bounds: Sequence[Value]) -> ListValue:
        """The items between two positions; any of them, where the positions are not known."""
        parts = [constant_key(bound) for bound in bounds]
        known = all(isinstance(part, int) or bound == NOTHING for part, bound in zip(parts, bounds, strict=True))
        if not known or self.incomplete or parts[2] == 0:
            return self._with_part(ListValue(list(self.values), self.kind, incomplete=True, unordered=True))
        lower, upper, step = (int(part) if isinstance(part, int) else None for part in parts)
        return self._with_part(ListValue(self.values[lower:upper:step], self.kind))

    def _with_part(self, part: ListValue) -> ListValue:
        """A part of it, which shares its items where it is an array: none of them change that are not known."""
        if self.kind == "array" and not self.unordered:
            self.sharing = part.sharing = self.sharing or [self]
            part.sharing.append(part)
        return part

    def member(self, name: str, frame: Frame) -> Method:
        """Lists are asked for methods only."""
        return method_of(self, name, frame)

    def data_type(self) -> type | None:
        """By its kind; what is called a set may be a frozen one."""
        return {"list": list, "tuple": tuple}.get(self.kind)

    def held(self) -> Iterable[Value]:
        """The items."""
        return self.values

    def method_owners(self) -> tuple[str, ...]:
        """By its kind."""
        return (ARRAYS if self.kind == "array" else f"builtins.{self.kind}",)


@dataclass(slots=True)
class DictValue(Container):
    """A dict with constant keys, or a namespace.

    Attributes:
        entries: the values by key.
        incomplete: whether there may be more keys than those known.
        key: identity; one that has an identity lets its entries be read as attributes.
        overridable: whether what is written into it is a default that a settings file may override.
        is_group: whether it is a param group of an optimizer, to which a scheduler adds the rate that it starts from.
    """

    entries: dict[Any, Value]
    incomplete: bool = False
    key: AccessPath | None = None
    overridable: bool = False
    is_group: bool = False

    @property
    def identity(self) -> AccessPath | None:
        """Its key."""
        return self.key

    def holds_something(self) -> bool | None:
        """Whether there are entries."""
        return True if self.entries else None if self.incomplete else False

    def iterate(self) -> tuple[list[Value], bool]:
        """The keys."""
        return [constant(key) for key in self.entries], self.incomplete

    def item(self, index: Value, node: cst.CSTNode, frame: Frame) -> Value:
        """The entry of a key, or of one that the world chooses."""
        at = constant_key(index)
        if at in self.entries:
            return self.entries[at]
        if self.is_group and at == INITIAL_RATE and RATE in self.entries:
            return self.entries[RATE]
        if at is not None and not self.incomplete:
            raise Raised("KeyError")
        if at is None and self.entries and not self.incomplete:
            chosen = choose(index, list(self.entries), node, frame)
            if chosen is not None:
                return self.entries[chosen]
            return Unknown("which entry is chosen is only known at run time", AccessPath.node(node))
        key = paths.entry(self.key, at) or AccessPath.node(node)
        return Unknown("the dict may hold more entries", key, str(at))

    def member(self, name: str, frame: Frame) -> Value:
        """A method; of a namespace an entry."""
        if name in self.entries and self.key is not None:
            return self.entries[name]
        if name == "__dict__":
            return self
        if self.key is not None and self.incomplete and name not in _NAMESPACE_METHODS:
            return Unknown("the option is not declared where it can be read", paths.attribute(self.key, name), name)
        return method_of(self, name, frame)

    def data_type(self) -> type | None:
        """One with an identity may be a namespace."""
        return dict if self.key is None else None

    def known_member(self, name: str) -> Value | None:
        """An entry."""
        return self.entries.get(name)

    def held(self) -> Iterable[Value]:
        """The entries."""
        return self.entries.values()

    def method_owners(self) -> tuple[str, ...]:
        """A dict with an identity may be a namespace, whose methods take other arguments."""
        owners = ("builtins.dict", "<namespace>")
        return owners if self.key is None else owners[::-1]
