"""What arithmetic tells of the time: what it meets, what it is divided by, and whether a result still counts it."""

from __future__ import annotations

from dataclasses import replace

from lr_lint.semantics.values.world import World
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Basis, Quantity

# No training takes more steps than that.
_LATEST_TIME = 10**15
_SHIFTING = frozenset({"+", "-", "min", "max"})


def note_breakpoint(time: Quantity, mark: Quantity, world: World) -> None:
    """Remembers what the time index meets, so that samples can be taken on both sides of it."""
    counts = time.varies and (time.key is paths.TIME or isinstance(time.number, int))
    if time.ticks and not mark.varies:
        world.seen.marks.setdefault(_identity(mark), mark)
    if not counts or mark.varies:
        return
    if isinstance(mark.number, (int, float)) and abs(mark.number) <= _LATEST_TIME:
        world.seen.breakpoints.add(mark.number)


def still_ticks(symbol: str, left: Quantity, right: Quantity) -> bool:
    """Whether what is computed of the time still counts what the time counts."""
    if not (left.ticks or right.ticks):
        return False
    if symbol == "*":
        other = right if left.ticks else left
        return not other.varies and other.number is not None and other.basis is Basis.PROVED
    return symbol in _SHIFTING


def part_of_time(quotient: Quantity, left: Quantity, right: Quantity, world: World) -> Quantity:
    """A quotient that knows what the time was divided by: ``step / epochs / batches`` is a part of their product."""
    divisor = _identity(right)
    if right.varies or divisor is None or not (left.ticks or left.over is not None):
        return quotient
    whole = divisor if left.over is None else paths.operation("*", left.over, divisor)
    if left.over is not None and whole is not None:
        world.seen.factors |= {left.over, divisor, right.number}
        world.seen.marks.setdefault(whole, Quantity(None, key=whole))
    return replace(quotient, over=whole)


def scaled_part_of_time(product: Quantity, left: Quantity, right: Quantity, world: World) -> Quantity:
    """A product with a part of the time: by a plain number it is one still, by anything else nobody knows of what."""
    one, other = (left, right) if left.over is not None else (right, left)
    if one.over is None or other.varies:
        return product
    if other.number is not None and other.basis is Basis.PROVED:
        return replace(product, over=one.over)
    world.seen.factors.add(one.over)
    return product


def _identity(value: Quantity) -> AccessPath | None:
    return value.key or (None if value.number is None else AccessPath.number(value.number))
