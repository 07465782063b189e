"""What running a construction gives: points over time, in the runs of its groups, in one run for each world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import libcst as cst

from lr_lint.project.modules import Module
from lr_lint.semantics.libraries.rate_sources import is_group_lr
from lr_lint.semantics.machine.recording import Study
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.values.library_objects import Optimizer
from lr_lint.semantics.values.world import World
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Basis, Number, Quantity, told


@dataclass(frozen=True, slots=True)
class Point:
    """What the callable does at one time.

    Attributes:
        time: the time index, in calls of the scheduler's ``step``.
        value: what it returns, where that is a number (known or not).
        raised: class name of the exception that it raises, with what that rests on.
        reason: why there is no value, or no number.
        place: the returned expression.
        source: the expression that gave the value; another one where functions hand on what others return, or where
            a choice or a variable stands between.
        nothing: whether it returns None for certain.
        presumed: the conditions that it rests on and that the code itself decides, in a way that is not followed.
        undefined: the names that nothing defines and that are read on the way to it.
        assumed: whether it rests on a count that nobody wrote.
        outdated: whether something that it rests on is set or changed after the scheduler is made.
    """

    time: int
    value: Quantity | None = None
    raised: tuple[str, Basis] | None = None
    reason: str = ""
    place: Anchor | None = None
    source: Anchor | None = None
    nothing: bool = False
    presumed: frozenset[AccessPath] = frozenset()
    undefined: frozenset[str] = frozenset()
    assumed: bool = False
    outdated: bool = False

    @property
    def number(self) -> Number | None:
        """The number that is returned, where it is known."""
        return None if self.value is None else self.value.number

    @property
    def is_written(self) -> bool:
        """Whether it follows from what is written, without a count that nobody wrote."""
        return not self.assumed and (self.value is None or self.value.basis.is_written)

    @property
    def told(self) -> float | None:
        """The number as people are told it; None where nobody wrote what it rests on."""
        return None if self.value is None or not self.is_written else told(self.value)


@dataclass(slots=True)
class GroupRun:
    """One param group in one world.

    Attributes:
        lr: the group's initial lr.
        lr_anchor: the expression or construction that gave it.
        keys: identities that are this group's learning rate.
        own: whether the group states its lr itself.
        settled: whether nothing unread may give it another lr.
        points: what its callable returns over time.
        breakpoints: numbers that the time was compared with or divided by until then.
        marks: what the time was compared with or divided by, numbers or not.
        whole_divisors: numbers that it was divided by without remainder.
        read_back: identities of rates that its callable reads from an optimizer, as they are at that time.
        entered: the functions that its callable enters, itself among them.
        one_of_many: whether it stands for groups that are made in a loop over nobody knows what, each with an lr of
            its own.
        decisions: what the world has decided on, since the code does not.
        counted: the counts that the world has taken for granted, by the names that the code has for them; 0 where that
            is the default of an option.
        multiples: what its callable multiplies the current lr by over time, where it is given that and does no more.
    """

    lr: Quantity
    lr_anchor: Anchor
    keys: frozenset[AccessPath]
    own: bool
    settled: bool
    points: list[Point] = field(default_factory=list)
    breakpoints: frozenset[float] = frozenset()
    marks: tuple[Quantity, ...] = ()
    whole_divisors: frozenset[float] = frozenset()
    read_back: frozenset[AccessPath] = frozenset()
    entered: frozenset[cst.CSTNode] = frozenset()
    one_of_many: bool = False
    decisions: Mapping[AccessPath, bool] = field(default_factory=dict)
    counted: Mapping[str, int] = field(default_factory=dict)
    multiples: list[Point] = field(default_factory=list)


@dataclass(slots=True)
class Run:
    """A construction in one world.

    Attributes:
        optimizer: the optimizer, where its construction was read.
        groups: its param groups.
        callables: what schedules each group.
        forgot: whether a world may have decided a condition on what something had changed that was not followed.
        reason: why there is nothing to tell, where there is nothing.
        argument: what is passed as the callable or callables.
        counted: how many groups there are, where that is known.
        study: what the callables do in detail, where that was asked for.
        world: the world that it was run in.
        chosen: how many decisions were made before the callables were called.
    """

    optimizer: Optimizer | None
    groups: list[GroupRun]
    callables: list[Value]
    reason: str = ""
    argument: Value | None = None
    counted: int | None = None
    study: Study | None = None
    world: World | None = None
    chosen: int = 0


@dataclass(slots=True)
class Runs:
    """A construction in all worlds.

    Attributes:
        runs: one per world that reaches the construction.
        complete: whether all worlds were run.
        passed: whether what is passed to the scheduler is known in all worlds, whatever it returns.
        exhausted: whether the budget was used up before they were.
        forgot: whether a world may have decided a condition on what something had changed that was not followed.
        reason: why there is nothing to tell, where there is nothing.
        left: how many steps of the construction's budget they have left over.
        missing_callers: the functions and classes whose callers in other files were asked for in vain, by file and
            name.
    """

    runs: list[Run] = field(default_factory=list)
    complete: bool = True
    passed: bool = True
    exhausted: bool = False
    forgot: bool = False
    reason: str = ""
    left: int = 0
    missing_callers: dict[tuple[str, str], Module] = field(default_factory=dict)

    def seek(self, module: Module, name: str) -> Sequence[Module]:
        """Notes that callers in other files would help, and gives none."""
        self.missing_callers[module.path, name] = module
        return ()


def carries_base(quantity: Quantity, group: GroupRun) -> bool:
    """Whether a value contains the very lr that the group was given."""
    return any(origin.key in group.keys or is_group_lr(origin.key) for origin in quantity.origins)
