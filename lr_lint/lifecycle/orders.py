"""Which of two events comes first, where one way through the program leads to both.

A way is all that is around an event, from the outermost function inwards through the calls that lead there. Two ways
part somewhere: in a block, where the statements' order tells; in a condition, whose branches exclude each other; or in
something that tells nothing. Where they have no beginning in common nothing is known, but that an object is constructed
before its methods are called.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.lifecycle.alternatives import conditions, contradict
from lr_lint.lifecycle.callers import class_of
from lr_lint.lifecycle.routes import Route
from lr_lint.project.modules import Module
from lr_lint.semantics.machine.class_members import CONSTRUCTOR
from lr_lint.source.tree import BLOCKS, LOOPS, last_name, last_statement

_JUMPS = (cst.Break, cst.Continue)
_BRANCHING = (cst.If, cst.IfExp, cst.Match)


class Order(enum.Enum):
    """How two events follow each other."""

    BEFORE = "the first comes first, in each turn of the loops around both"
    AFTER = "the second comes first, in each turn of the loops around both"
    NEVER_BOTH = "one way leads to one of them alone"
    UNKNOWN = "nothing is known"


@dataclass(frozen=True, slots=True)
class Surrounding:
    """Something around an event.

    Attributes:
        module: the file.
        node: what is around it.
        below: what of it leads to the event.
    """

    module: Module
    node: cst.CSTNode
    below: cst.CSTNode

    @property
    def turns(self) -> bool:
        """Whether it is a loop that comes to the event turn by turn."""
        if isinstance(self.node, LOOPS):
            return self.below is self.node.body
        return isinstance(self.node, (cst.ListComp, cst.SetComp, cst.GeneratorExp)) and self.below is self.node.elt


@dataclass(frozen=True, slots=True)
class Relation:
    """How two events follow each other on one pair of ways.

    Attributes:
        order: which comes first.
        shared: what is around both, outermost first.
        first: what is around the first alone.
        second: what is around the second alone.
    """

    order: Order
    shared: tuple[Surrounding, ...]
    first: tuple[Surrounding, ...]
    second: tuple[Surrounding, ...]

    @property
    def loops(self) -> list[Surrounding]:
        """The loops that turn around both, outermost first."""
        return [place for place in self.shared if place.turns]


def related(first: Route, second: Route) -> Relation | None:
    """How the ends of two ways follow each other; None where the ways have no beginning in common."""
    one, other = (tuple(Surrounding(*place) for place in route.places()) for route in (first, second))
    if not one or not other or one[0].node is not other[0].node:
        return _constructed_before(one, other)
    at = 0
    while at < min(len(one), len(other)) and one[at] == other[at]:
        at += 1
    shared, mine, theirs = one[:at], one[at:], other[at:]
    if not mine or not theirs or mine[0].node is not theirs[0].node:
        return Relation(_as_evaluated(shared, mine, theirs), shared, mine, theirs)
    parting, ends = mine[0], (mine[0].below, theirs[0].below)
    order = _order_in(parting.module, parting.node, *ends, mine[1:], theirs[1:])
    if order in {Order.BEFORE, Order.AFTER} and _contradict(one, other):
        order = Order.NEVER_BOTH
    return Relation(order, (*shared, Surrounding(parting.module, parting.node, parting.below)), mine[1:], theirs[1:])


def _as_evaluated(shared: Sequence[Surrounding], mine: Sequence[Surrounding], theirs: Sequence[Surrounding]) -> Order:
    """The order of what stands in a call, as what it is called on or is given, and of what the call itself does."""
    for inside, others, order in ((mine, theirs, Order.BEFORE), (theirs, mine, Order.AFTER)):
        call = inside[0].node if inside and shared else None
        is_put_off = any(isinstance(place.node, cst.Lambda) for place in inside)
        if isinstance(call, cst.Call) and not is_put_off and shared[-1].below is call:
            return order if not others or isinstance(others[0].node, cst.FunctionDef) else Order.UNKNOWN
    return Order.UNKNOWN


def _order_in(
    module: Module,
    node: cst.CSTNode,
    first: cst.CSTNode,
    second: cst.CSTNode,
    in_first: Sequence[Surrounding],
    in_second: Sequence[Surrounding],
) -> Order:
    """The order of two parts of a node."""
    if isinstance(node, _BRANCHING) and not _is_test(node, first) and not _is_test(node, second):
        return Order.NEVER_BOTH
    if isinstance(node, (cst.Try, cst.TryStar, cst.ClassDef)):
        return Order.UNKNOWN
    is_first = module.is_before(first, second)
    if isinstance(node, BLOCKS) and leaves(in_first if is_first else in_second):
        return Order.NEVER_BOTH
    return Order.BEFORE if is_first else Order.AFTER


def _is_test(node: cst.CSTNode, part: cst.CSTNode) -> bool:
    return part in (getattr(node, "test", None), getattr(node, "subject", None))


def leaves(places: Sequence[Surrounding]) -> bool:
    """Whether one block of statements on a way ends by leaving all that the way has come into."""
    kinds: tuple[type[cst.CSTNode], ...] = (cst.Return, cst.Raise, *_JUMPS)
    for place in places:
        if isinstance(place.node, LOOPS):
            kinds = tuple(kind for kind in kinds if kind not in _JUMPS)
        elif isinstance(place.node, cst.FunctionDef):
            kinds = (cst.Raise,)
        elif isinstance(place.node, BLOCKS) and isinstance(last_statement(place.node), kinds):
            return True
    return False


def _contradict(one: Sequence[Surrounding], other: Sequence[Surrounding]) -> bool:
    """Whether the conditions on two ways exclude each other by what they read."""
    some, others = (
        [
            condition
            for place in places
            if isinstance(place.node, (cst.If, cst.IfExp))
            for condition in conditions((place.node, place.below), place.module)
        ]
        for places in (one, other)
    )
    return bool(some) and bool(others) and contradict(some, others)


def _constructed_before(one: Sequence[Surrounding], other: Sequence[Surrounding]) -> Relation | None:
    """An object is constructed before its methods are called by others."""
    for first, second, order in ((one, other, Order.BEFORE), (other, one, Order.AFTER)):
        if first and second and _is_constructor(first[0]) and _are_of_one_object(first[0], second[0]):
            return Relation(order, (), tuple(one), tuple(other))
    return None


def _is_constructor(place: Surrounding) -> bool:
    return isinstance(place.node, cst.FunctionDef) and place.node.name.value == CONSTRUCTOR


def _are_of_one_object(one: Surrounding, other: Surrounding) -> bool:
    """Whether two methods are of one class, or of one that derives from the other."""
    if not isinstance(one.node, cst.FunctionDef) or not isinstance(other.node, cst.FunctionDef):
        return False
    first, second = class_of(one.module, one.node), class_of(other.module, other.node)
    if first is None or second is None:
        return False
    return first is second or bool(_names(first) & _names(second))


def _names(cls: cst.ClassDef) -> set[str]:
    """What a class and its bases are called, without what all classes may derive from."""
    return {cls.name.value, *(last_name(base.value) for base in cls.bases)} - {"object", "Module", "ABC"}
