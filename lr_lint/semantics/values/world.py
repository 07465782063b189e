"""One run of the interpreter: what is assumed, what the program's variables hold, what was seen, what may be spent.

A world fixes what the code leaves open. Each part has one writer: conditions and counts write the assumptions, bindings
the memory, the machine on its way the observations.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import libcst as cst

from lr_lint.semantics.values.coverage import Coverage
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.names import Suggestion
from lr_lint.vocabulary.paths import AccessPath

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lr_lint.project.modules import Module
    from lr_lint.project.reach import ProjectReach
    from lr_lint.project.settings_files import Document
    from lr_lint.project.writes import Write
    from lr_lint.semantics.machine.recording import Study
    from lr_lint.semantics.values.base import Value
    from lr_lint.semantics.values.context import Anchor, Frame
    from lr_lint.semantics.values.functions import Function
    from lr_lint.semantics.values.imports import External, ModuleValue
    from lr_lint.semantics.values.lazy import Lazy
    from lr_lint.semantics.values.library_objects import FileReference, Optimizer
    from lr_lint.semantics.values.methods import Method
    from lr_lint.semantics.values.objects import ClassValue, Instance, SuperValue
    from lr_lint.semantics.values.unknown import Invocation, Unknown
    from lr_lint.vocabulary.quantities import Quantity


_Result = TypeVar("_Result")


class BudgetExceeded(Exception):
    """The interpreter has spent the steps that one construction is worth."""


@dataclass(slots=True)
class AssumedCounts:
    """Plausible values for counts that only the run decides, by what their names suggest."""

    horizon: int
    warm_up: int
    period: int

    def of(self, suggestion: Suggestion) -> int:
        """The count for a name; names that say nothing are taken as horizons."""
        if suggestion is Suggestion.WARM_UP:
            return self.warm_up
        return self.period if suggestion is Suggestion.PERIOD else self.horizon


@dataclass(frozen=True, slots=True)
class Machine:
    """What runs code, for the values and the libraries, which cannot import it.

    Attributes:
        run: runs a function and gives what it returns.
        call_method: calls a method that a library declares; gives None where nothing is known about it.
        has_method: tells whether a library declares a method of a value by a name.
        call_library: calls a function of a library; gives None where nothing is known about it.
        attribute: gives an attribute of an object, running what the methods of its class assign to it.
        class_attribute: gives what a class has by a name; None where it has nothing.
        inherited: gives what ``super()`` has by a name; None where that is not known.
        library_member: gives what a library has by a name.
        module_member: gives what a module of the project has by a name.
        module_value: gives a variable of a module once the module has run.
        find: gives the module of the project that a file imports by a name.
        users: gives the other files of the project that may call what a file defines by a name.
        defining: gives the other files of the project that define a function by a name; None where there are too many.
        caller: gives the arguments that some caller passes to a method, by parameter.
        run_for_effects: makes a call for what it changes.
        announce: announces that a value is about to change in place.
        make: makes an object of a class whose constructor is to run at once; None where it is run in parts.
        complete: finds all that the constructor of an object assigns, before that changes.
        set_attribute: assigns an attribute of an object of the code under check.
        assign: assigns an attribute of anything.
        changed_elsewhere: tells whether files beside the one under check change a variable of another file.
        forget: forgets what some objects hold that something unknown was given, for a reason.
        doubted: what a field of an object holds as far as nobody may have changed it unseen.
        document: gives the settings file that a file names.
        settings: gives the settings files that a command line may name.
    """

    run: Callable[[Function, list[Value], dict[str, Value], Frame], Value]
    call_method: Callable[[Method, list[Value], dict[str, Value], Anchor, Frame], Value | None]
    has_method: Callable[[Value, str], bool]
    call_library: Callable[[External, list[Value], dict[str, Value], Anchor, Frame], Value | None]
    attribute: Callable[[Instance, str, Frame], Value]
    class_attribute: Callable[[ClassValue, str], Value | None]
    inherited: Callable[[SuperValue, str], Value | None]
    library_member: Callable[[External, str, Frame], Value]
    module_member: Callable[[ModuleValue, str, Frame], Value]
    module_value: Callable[[Module, str, World], Value]
    find: Callable[[Module, str], Module | None]
    users: Callable[[Module, str], Sequence[Module]]
    defining: Callable[[Module, str], Sequence[Module] | None]
    caller: Callable[[cst.FunctionDef, ClassValue, Value, Frame], dict[str, Value] | None]
    run_for_effects: Callable[[cst.Call, Frame], None]
    announce: Callable[[Value, World], None]
    make: Callable[[ClassValue, list[Value], dict[str, Value], Anchor, Frame], Instance | None]
    complete: Callable[[Instance], None]
    set_attribute: Callable[[Instance, str, Value, Anchor, Frame], None]
    doubted: Callable[[Value, Hashable, Value, World], Value]
    assign: Callable[[Value, str, Value, Anchor, Frame], None]
    changed_elsewhere: Callable[[Module, str], bool]
    forget: Callable[[Iterable[Value], str, World], None]
    document: Callable[[Module, FileReference], Document]
    settings: Callable[[Module], Sequence[str]]


@dataclass(slots=True, eq=False)
class Assumptions:
    """What a world takes for granted, given to it or assumed on the way.

    Attributes:
        counts: the counts that only a run decides.
        rate_keys: identities that are known to be learning rates, since the optimizer was given them.
        dimensionless: identities whose names suggest a rate and whose use rules it out.
        decisions: truth values of conditions that the code does not decide.
        passed: those of them that hold, or do not, for whoever gets past a check, as ``assert`` makes one.
        choices: the conditions decided in this run beyond those given, in order.
        constrained: those that hold, or do not, since the code could not be where it is otherwise.
        by_default: whether all options have their defaults, so that a count of 0 is one.
        counted: the counts that had to be assumed, by the names that the code has for them.
        turns: of loops around the construction, which of their items it is made with, if not with the first.
    """

    counts: AssumedCounts
    rate_keys: frozenset[AccessPath] = frozenset()
    dimensionless: set[AccessPath] = field(default_factory=set)
    decisions: dict[AccessPath, bool] = field(default_factory=dict)
    passed: set[AccessPath] = field(default_factory=set)
    choices: list[tuple[AccessPath, bool]] = field(default_factory=list)
    constrained: set[AccessPath] = field(default_factory=set)
    by_default: bool = False
    counted: dict[str, int] = field(default_factory=dict)
    turns: Mapping[cst.CSTNode, int] = field(default_factory=dict)

    @property
    def left_open(self) -> dict[AccessPath, bool]:
        """The decisions that are not a matter of course for the code that is reached."""
        return {condition: holds for condition, holds in self.decisions.items() if condition not in self.passed}

    def item_in(self, loop: cst.CSTNode, items: Sequence[Value]) -> Value | None:
        """The item of a loop that the construction is made with; None where it has none."""
        at = self.turns.get(loop, 0)
        return items[min(at, len(items) - 1)] if items else None


@dataclass(slots=True, eq=False)
class Memory:
    """What the program holds besides the variables of running functions, and which questions are being answered.

    Attributes:
        variables: those of modules once the module has run, by file and name.
        module_frames: the frames of modules as far as they have run, by file.
        class_frames: the frames of class bodies, by class.
        class_attributes: what was assigned to attributes of classes later, by class and name.
        defaults: the default values of the parameters of methods, evaluated once, by function and class.
        function_attributes: those of functions, by what defines them.
        unusual: why what a class holds does not follow from its body, where it was asked; empty where it does.
        methods: methods as their decorators leave them, by function and class.
        library_attributes: what was assigned to attributes of libraries, by dotted name.
        receivers: ``self`` of each class about whose objects nothing is known.
        declared_options: the options that the decorators of a function declare, with their defaults.
        flags: the flags of the command line, by name.
        altered: functions whose defaults or code are assigned: what they do is not what they say.
        pending: the lazy values that nobody has asked for, and the objects whose constructors were not followed, oldest
            first; see `lr_lint.semantics.machine.settling`.
        reached: what computing each of the pending ones may read, and how many discoveries that takes account of.
        discovered: the identities of what had been put off and came to be known since, the earliest first.
        writes: the writes to a field in the files that are known, by the field and whether all files count, and of how
            many files that was found out.
        bases: the base classes of classes of which nothing more will be found out, by the class and their place.
        home: the path of the file under check; empty where there is none.
        running: the questions that are being answered: whoever needs the answer to answer it goes round in a circle.
        entered: the functions on the way to the construction.
        followed: the functions whose callers are being asked for their arguments.
        yielding: the nodes in which the function around them yields, and those in which it does not, as asked so far.
    """

    variables: dict[tuple[str, str], Value] = field(default_factory=dict)
    module_frames: dict[str, Frame] = field(default_factory=dict)
    class_frames: dict[tuple[cst.ClassDef, Frame], Frame] = field(default_factory=dict)
    class_attributes: dict[tuple[tuple[cst.ClassDef, Frame], str], Value] = field(default_factory=dict)
    defaults: dict[tuple[cst.FunctionDef, Frame], dict[str, Value]] = field(default_factory=dict)
    function_attributes: dict[tuple[cst.CSTNode, Frame], dict[str, Value]] = field(default_factory=dict)
    unusual: dict[cst.ClassDef, str] = field(default_factory=dict)
    methods: dict[tuple[cst.FunctionDef, Frame], Value] = field(default_factory=dict)
    library_attributes: dict[str, Value] = field(default_factory=dict)
    receivers: dict[cst.ClassDef, Instance] = field(default_factory=dict)
    declared_options: dict[cst.FunctionDef, dict[str, Value]] = field(default_factory=dict)
    flags: dict[str, Unknown] = field(default_factory=dict)
    altered: set[cst.CSTNode] = field(default_factory=set)
    pending: list[Lazy | Instance] = field(default_factory=list)
    reached: dict[Lazy | Instance, tuple[int, frozenset[Hashable] | None]] = field(default_factory=dict)
    discovered: list[Hashable] = field(default_factory=list)
    writes: dict[tuple[Hashable, bool], tuple[int, Sequence[tuple[Module, Write]]]] = field(default_factory=dict)
    bases: dict[tuple[tuple[cst.ClassDef, Frame], int], tuple[Value, int]] = field(default_factory=dict)
    home: str = ""
    running: set[Hashable] = field(default_factory=set)
    entered: set[cst.CSTNode] = field(default_factory=set)
    followed: list[cst.FunctionDef] = field(default_factory=list)
    yielding: dict[cst.CSTNode, bool] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Sampling:
    """A callable that is called at one time after the other. All that it does counts; nothing is left out.

    Attributes:
        function: the callable.
        presumed: the conditions taken to hold (or not), since it was last called, that the code itself decides in a
            way that is not followed.
        doubt: why the numbers that it gives from here on are not known: something that it did could not be followed.
            Empty as long as all could.
        remembers: whether it changed something that outlives its call, other than the attributes in `left`.
        left: the names of the attributes that it assigned to objects which outlive its call.
        standing: the identities of what it can reach from outside, so that a change of it outlives the call; None
            where that is too much to tell.
        stale: whether there may be more of them.
        called: the functions that it has entered, itself among them; None while something is computed that was put off
            outside of them.
        undefined: the names that it has read since it was last called and that nothing defines.
        sources: the expressions that gave the values which functions returned, choices gave and variables were assigned
            since it was last called, by the identity of the value.
    """

    function: Value
    presumed: set[AccessPath] = field(default_factory=set)
    doubt: str = ""
    remembers: bool = False
    left: set[str] = field(default_factory=set)
    standing: frozenset[Hashable] | None = None
    stale: bool = True
    called: set[cst.CSTNode] | None = field(default_factory=set)
    undefined: set[str] = field(default_factory=set)
    sources: dict[int, tuple[Value, Anchor]] = field(default_factory=dict)

    def start(self) -> None:
        """A new call begins."""
        self.presumed, self.undefined = set(), set()
        self.stale = True
        self.sources = {}

    def note_source(self, value: Value, anchor: Anchor) -> None:
        """Remembers which expression gave a value, unless that has handed on what another one gave."""
        self.sources.setdefault(id(value), (value, anchor))

    def source_of(self, value: Value) -> Anchor | None:
        """The expression that gave a value."""
        found = self.sources.get(id(value))
        return None if found is None else found[1]


@dataclass(slots=True, eq=False)
class Observations:
    """What was seen on the way.

    Attributes:
        breakpoints: numbers that the time was compared with or divided by.
        marks: what it was compared with or divided by, numbers or not, by identity.
        factors: those of them that are parts of others: what it was divided by was divided or multiplied again.
        whole_divisors: numbers that the time was divided by without remainder.
        current_reads: where the code reads the rate that an optimizer has now, by the identity of that rate.
        guessed: whether a loop was left of which nobody knows how often it turns, since the callable was last called:
            loops set it, and sampling takes it back before each time.
        unknown: why the first number is not known that was asked for since the callable was last called; empty where
            all were known.
        assumed: whether a count that nobody wrote has had a say, since the callable was last called.
        forgot: whether something was asked that nobody knows any more, so that a condition may have been guessed.
        exits_early: whether the code gives up before it gets to the construction: it raises, returns or ends the
            process.
        sampling: what is seen of the callable while it runs; None before and after.
        study: notes what the callable does in detail; None where nobody asks.
        calls: the calls that were made, with what went into them; None where nobody asks.
        grown: the optimizers that were given one more group, in order.
    """

    breakpoints: set[float] = field(default_factory=set)
    marks: dict[Hashable, Quantity] = field(default_factory=dict)
    factors: set[Hashable] = field(default_factory=set)
    whole_divisors: set[float] = field(default_factory=set)
    current_reads: dict[AccessPath, list[Anchor]] = field(default_factory=dict)
    guessed: bool = False
    unknown: str = ""
    assumed: bool = False
    forgot: bool = False
    exits_early: bool = False
    sampling: Sampling | None = None
    study: Study | None = None
    calls: list[Invocation] | None = None
    grown: list[Optimizer] = field(default_factory=list)

    @property
    def entered(self) -> frozenset[cst.CSTNode]:
        """The functions that the callable has entered, itself among them."""
        called = None if self.sampling is None else self.sampling.called
        return frozenset(called or ())

    def lose_count(self, before: int) -> None:
        """Nobody knows how many groups those optimizers have that have grown since there were so many of them."""
        for optimizer in self.grown[before:]:
            optimizer.counted = False

    @contextmanager
    def detour(self) -> Iterator[None]:
        """A part of the run that the way to the construction need not lead through: who gives up there says nothing."""
        before = self.exits_early
        try:
            yield
        finally:
            self.exits_early = before


@dataclass(slots=True, eq=False)
class World:
    """One run of the interpreter.

    Attributes:
        machine: the interpreter itself.
        assumptions: what the code leaves open, and this run takes to be so.
        memory: what the program holds.
        seen: what the run came by.
        coverage: what of the program was run.
        reach: what may run before the construction that it is about; None where single expressions are asked for.
        steps: what is left of the budget.
    """

    machine: Machine
    assumptions: Assumptions
    memory: Memory = field(default_factory=Memory)
    seen: Observations = field(default_factory=Observations)
    coverage: Coverage = field(default_factory=Coverage)
    reach: ProjectReach | None = None
    steps: int = 30_000

    def spend(self, steps: int = 1) -> None:
        """Takes steps from the budget.

        Raises:
            BudgetExceeded: when it is used up.
        """
        self.steps -= steps
        if self.steps < 0:
            raise BudgetExceeded

    def attempt(self, allowance: int, work: Callable[[], _Result]) -> _Result | None:
        """What some work gives; None where it takes more steps than it is worth, which are spent all the same.

        Raises:
            BudgetExceeded: when the construction's budget is used up.
        """
        before = self.steps
        self.steps = granted = min(before, allowance)
        try:
            return work()
        except BudgetExceeded:
            if before <= allowance:
                raise
            return None
        finally:
            self.steps = before - (granted - max(self.steps, 0))

    def assume(self, condition: AccessPath, first: bool = True) -> bool:
        """The truth value of an undecided condition: the one decided before, else ``first``."""
        self.presume(condition)
        known = self.assumptions.decisions.get(condition)
        if known is None:
            known = self.assumptions.decisions[condition] = first
            self.assumptions.choices.append((condition, first))
        return known

    def presume(self, condition: AccessPath) -> None:
        """Notes that the callable rests on a condition that nobody leaves open.

        Within one call, a place of the code has one answer here; in the program it may have one after the other.
        """
        sampling = self.seen.sampling
        if sampling is not None and not paths.is_left_open(condition):
            if condition in sampling.presumed:
                self.doubt("a condition that is not followed is met more than once")
            sampling.presumed.add(condition)

    def doubt(self, reason: str) -> None:
        """Notes that the callable did something that is not followed: its numbers are not known from here on."""
        sampling = self.seen.sampling
        if sampling is not None and not sampling.doubt:
            sampling.doubt = reason

    def constrain(self, condition: AccessPath, truth: bool) -> None:
        """Records that a condition holds (or not) since the code could not be here otherwise."""
        if self.assumptions.decisions.get(condition, truth) is not truth:
            # What came before has decided otherwise: nobody gets here in this world.
            self.seen.exits_early = True
        self.assumptions.decisions[condition] = truth
        self.assumptions.constrained.add(condition)
