"""The unit of time of a value, by the path that says how it was computed.

A loop's bound, a loader's length and the count of an accumulation have units since the code uses them so; what is
computed of them has theirs by algebra. What they are called is no evidence.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

import libcst as cst

from lr_lint.vocabulary.paths import LENGTH, AccessPath, PathKind
from lr_lint.vocabulary.time_units import PLAIN, TimeUnit

_SUMS = frozenset({"+", "-", "max", "min"})
_PRODUCTS = frozenset({"*"})
_QUOTIENTS = frozenset({"/", "//"})
_NUMBERS = frozenset({PathKind.NUMBER, PathKind.LITERAL, PathKind.CONSTANT})
# A plain number by which an amount is multiplied may stand for another one that is not written: 391 for a length.
_LARGEST_FACTOR = 1.5
_LARGEST = 1e15


class Known(enum.IntEnum):
    """How much of a term is known."""

    NOTHING = 0
    PART = 1
    ALL = 2


@dataclass(frozen=True, slots=True)
class Term:
    """The unit of a value.

    Attributes:
        unit: the product of the units of what it is made of.
        known: whether all of that has a unit, or is a plain number.
        free: whether it is a plain number alone, which takes the unit that its context needs.
        number: the number, for a plain one.
        scaled: whether it is multiplied by a number that may stand for an amount of its own, and
        divided: whether it is divided by one.
    """

    unit: TimeUnit = PLAIN
    known: Known = Known.ALL
    free: bool = False
    number: float | None = None
    scaled: bool = False
    divided: bool = False


_NOTHING = Term(known=Known.NOTHING)


def term_of(path: AccessPath | None, units: Mapping[AccessPath, TimeUnit]) -> Term:
    """The unit of the value that a path stands for.

    Args:
        path: the path; None for a value of which nothing is known.
        units: those of the paths that have one.
    """
    if path is None:
        return _NOTHING
    if path in units:
        return Term(units[path])
    if path.kind in _NUMBERS:
        return Term(free=True, number=_written(path.parts[0]))
    if path.kind is PathKind.OVERRIDABLE and isinstance(path.parts[0], AccessPath):
        return term_of(path.parts[0], units)
    if path.kind is not PathKind.OPERATION:
        return _NOTHING
    symbol, *operands = path.parts
    terms = [term_of(each if isinstance(each, AccessPath) else None, units) for each in operands]
    if symbol == LENGTH:
        return _NOTHING
    if symbol in _SUMS:
        return _sum(terms)
    if symbol in _PRODUCTS and len(terms) == 2:
        return _product(terms[0], terms[1])
    if symbol in _QUOTIENTS and len(terms) == 2:
        return _quotient(terms[0], terms[1])
    # int(), ceil(), round() and their kin keep the unit.
    return terms[0] if len(terms) == 1 or symbol == "round" else _NOTHING


def sides_of(path: AccessPath | None) -> tuple[AccessPath, ...]:
    """The operands of a sum or a difference; none of what is no such thing."""
    if path is None or path.kind is not PathKind.OPERATION or path.parts[0] not in _SUMS:
        return ()
    return tuple(each for each in path.parts[1:] if isinstance(each, AccessPath))


def _written(what: object) -> float | None:
    """The number that a literal is."""
    if isinstance(what, (cst.Integer, cst.Float)):
        what = what.evaluated_value
    return float(what) if isinstance(what, (int, float)) and abs(what) < _LARGEST else None


def _sum(terms: list[Term]) -> Term:
    """The operands of a sum have one unit: what is known of one holds for all."""
    telling = [each for each in terms if not each.free and each.known is not Known.NOTHING and not each.unit.is_plain]
    if not telling:
        return Term(free=True) if all(each.free for each in terms) else _NOTHING
    best = max(telling, key=lambda each: each.known)
    if any(each.unit != best.unit and each.known is Known.ALL for each in telling):
        return _NOTHING
    return best


def _product(left: Term, right: Term) -> Term:
    if left.free and right.free:
        number = left.number * right.number if left.number is not None and right.number is not None else None
        return Term(free=True, number=number)
    scaled = left.scaled or right.scaled or _scales(left) or _scales(right)
    divided = left.divided or right.divided
    return Term(left.unit.times(right.unit), _known(left, right), scaled=scaled, divided=divided)


def _quotient(left: Term, right: Term) -> Term:
    if left.free and right.free:
        return Term(free=True)
    divided = left.divided or right.scaled or _scales(right)
    return Term(left.unit.over(right.unit), _known(left, right), scaled=left.scaled or right.divided, divided=divided)


def _scales(term: Term) -> bool:
    return term.free and (term.number is None or term.number > _LARGEST_FACTOR)


def _known(left: Term, right: Term) -> Known:
    if Known.ALL is left.known is right.known:
        return Known.ALL
    return Known.NOTHING if left.known is right.known is Known.NOTHING else Known.PART
