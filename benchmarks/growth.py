"""How cost grows with input: series of sizes in each dimension, and programs that mean no good."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import linear_regression

from benchmarks.hostile import HOSTILE
from benchmarks.measuring import Command
from benchmarks.plans import Plan, Setup
from benchmarks.results import RowResult
from benchmarks.shapes import DIMENSIONS, Shape, title

_STEPS = (1, 2, 4, 8)
_QUICK_STEPS = (1, 2)
_QUICK_SHARE = 5
# Bytes of a hostile program. Seconds that it may take, so that one that takes for ever does not stop the others.
_LARGE = 1_000_000
_QUICK_LARGE = 10_000
_LONGEST = 120.0
_QUICK_LONGEST = 3.0
# Seconds: less than that no clock tells.
_SHORTEST = 1e-6
_FEWEST_POINTS = 2
PARSE, CHECK = "libcst.parse_module", "lr-lint"


def scaling(setup: Setup) -> Plan:
    """Series of sizes, each twice the one before: the check alone, without start and imports."""
    commands = []
    for shape, smallest in DIMENSIONS.items():
        for step in _QUICK_STEPS if setup.is_quick else _STEPS:
            size = step * (max(1, smallest // _QUICK_SHARE) if setup.is_quick else smallest)
            folder = setup.shaped(f"{shape.__name__}-{size}", shape(size))
            for environment in setup.environments.subjects:
                group = title(shape) if len(setup.environments.subjects) == 1 else f"{environment.name}: {title(shape)}"
                program = environment.inside("check", ".")
                commands.append(Command(f"{group}, {size:,}", program, folder, tells=True, size=size, group=group))
    return Plan(commands)


def hostile(setup: Setup) -> Plan:
    """Unpleasant programs of about 1 MB, beside LibCST's parse of the same bytes."""
    commands = []
    subject, longest = setup.environments.subject, _QUICK_LONGEST if setup.is_quick else _LONGEST
    for shape in HOSTILE:
        size = _size_of(shape, _QUICK_LARGE if setup.is_quick else _LARGE)
        project = shape(size)
        folder = setup.shaped(f"{shape.__name__}-{size}", project)
        for name, work, paths in ((PARSE, "parse-by-libcst", list(project)), (CHECK, "check", ["."])):
            program = subject.inside(work, *paths)
            label = f"{title(shape)}: {name}"
            commands.append(Command(label, program, folder, tells=True, longest=longest))
    return Plan(commands)


def _size_of(shape: Shape, wanted: int) -> int:
    """The size at which a program has so many bytes, in all of its files."""
    few = max(1, HOSTILE[shape] // _QUICK_SHARE)
    return max(few, round(few * wanted / sum(map(len, shape(few).values()))))


def exponent(series: Sequence[RowResult]) -> float | None:
    """The power of the size that the CPU time goes with: the slope of a line through the logarithms.

    The last doubling tells more than all of them where a part of the cost is the same at any size; it is the greater of
    the two that is given.
    """
    points = [(math.log(row.size), math.log(max(row.cpu, _SHORTEST))) for row in series if row.size]
    if len(points) < _FEWEST_POINTS:
        return None
    return max(_slope(points), _slope(points[-2:]))


def _slope(points: Sequence[tuple[float, float]]) -> float:
    sizes, times = zip(*points, strict=True)
    return linear_regression(sizes, times).slope
