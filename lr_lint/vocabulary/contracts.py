"""Contracts: who calls the callable, with what, and which unit must come back. The rows are in `contract_rows`."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property


class Meaning(enum.Enum):
    """What the scheduler does with the value that the callable returns."""

    FACTOR_OF_INITIAL = "initial lr x f(t)"
    FACTOR_OF_PREVIOUS = "previous lr x f(t)"
    RATE = "f(t)"
    CURVE = "a curve of its own"
    NOT_JUDGED = "something that no unit can judge"


FACTORS = frozenset({Meaning.FACTOR_OF_INITIAL, Meaning.FACTOR_OF_PREVIOUS})


class Clock(enum.Enum):
    """What the first argument of the callable counts."""

    STEP = "calls of step()"
    EPOCH = "epochs"
    UPDATE = "updates of the optimizer"
    PROGRESS = "part of the run that is over, 0 to 1"
    STATE = "the state of the trainer"


# Schedulers whose callables are asked by these are stepped by the code that constructs them.
STEPPED_BY_USERS = frozenset({Clock.STEP, Clock.PROGRESS})

NOT_CHECKED = "not checked"

Place = tuple["int | None", str]


class Extent(enum.Enum):
    """What an argument that counts time says."""

    WHOLE = "how long the schedule lasts"
    PERIOD = "how long a part of it lasts, which may come again"
    DONE = "how much of it is over already"
    EACH_STEP = "nothing; each step multiplies the rate"
    WARM_UP = "how long it takes to reach its peak"


@dataclass(frozen=True, slots=True)
class Horizon:
    """An argument of a scheduler that counts time, in steps of the scheduler.

    Attributes:
        place: the argument; a list counts each of its items.
        extent: what it says.
        times: the argument that it is multiplied by, as ``epochs`` by ``steps_per_epoch``; None where there is none.
        decays: place and default of what the rate is multiplied by after each period; None where that is not so.
    """

    place: Place
    extent: Extent
    times: Place | None = None
    decays: tuple[Place, float] | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """One scheduler API, or a family of them that differ in their names alone.

    Attributes:
        name: dotted name of the class or function, as ``torch.optim.lr_scheduler.LambdaLR``; of a family, that of the
            module that holds its members.
        meaning: what the scheduler does with the returned value.
        callable: position and keyword of the callable argument, without ``self``; the position is None where the
            argument can only be given by its keyword. None for a scheduler with a curve of its own.
        source: where the fact comes from.
        checked: version of the library that the row was checked on.
        members: the classes or functions of a family.
        optimizer: place of the optimizer argument; None where there is none.
        rate: place of the initial lr itself, for schedulers that are given that and no optimizer.
        entry: where the callable is an entry of a dict argument, its key.
        first_time: the first time index at which the callable is evaluated.
        signatures: the arguments that the callable is called with, each tried where the one before raises TypeError.
        clock: what the time index counts.
        overridden_by: methods whose override in a subclass replaces the contract.
        eager: whether constructing the scheduler evaluates the callable.
        optional: whether the argument is as a rule no callable of the user's: a number, or one that a library made.
        delegates_to: place of the argument that names the scheduler whose contract holds.
        around: keyword of the enclosing call that is the initial lr, where the scheduler is built inside of that.
        replaces: names by which the enclosing call, or a dict that it is given, has the rate that is set anew.
        may_start_at_one: whether rates of about 1 are usual, so that numbers say nothing where the initial lr is not
            known.
        tabulated: whether a list of what it would return, one by time, will do in place of the callable.
        aliases: other dotted names of the same; of a family, other modules.
        needs: texts that a file holds besides a name that is too common to look for.
        initial_rate: how code reads the initial lr of a group, by ``optimizer`` and ``group``; empty where no such
            expression is known to hold while the scheduler is constructed.
        of_initial: name of the contract with the same arguments whose factor is one of the initial lr.
        horizons: its arguments that count time, for a scheduler with a curve of its own.
        parts: place of the schedulers that it is made of and steps itself; None where it is none of that kind.
        by_argument: whether its ``step`` is told the time, and what that counts is said by the name of the method.
        recursive: whether its ``get_lr`` computes the next rate from the one at hand: it is for ``step`` alone.
        pickled: whether who pickles it pickles its callable.
        from_start: whether each step writes a rate that follows from the initial one, where it has a curve of its own.
        at_once: whether it steps all of its parts with each step.
        resumed: place of the argument that says which step was the last one; None where it has none.
        looked_up: whether it is a module whose classes code looks up by a name that only a run knows.
        remark: what has to be known besides.
    """

    name: str
    meaning: Meaning
    callable: Place | None
    source: str
    checked: str = NOT_CHECKED
    members: tuple[str, ...] = ()
    optimizer: Place | None = None
    rate: Place | None = None
    entry: str = ""
    first_time: int = 0
    signatures: tuple[tuple[str, ...], ...] = (("time",),)
    clock: Clock = Clock.STEP
    overridden_by: tuple[str, ...] = ()
    eager: bool = False
    optional: bool = False
    delegates_to: Place | None = None
    around: str = ""
    replaces: tuple[str, ...] = ()
    may_start_at_one: bool = False
    tabulated: bool = False
    aliases: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    initial_rate: str = ""
    of_initial: str = ""
    horizons: tuple[Horizon, ...] = ()
    parts: Place | None = None
    by_argument: bool = False
    recursive: bool = False
    pickled: bool = False
    from_start: bool = False
    at_once: bool = False
    resumed: Place | None = None
    looked_up: bool = False
    remark: str = ""

    @property
    def short_name(self) -> str:
        """The class name alone, as people say it."""
        return self.name.rpartition(".")[2]

    @property
    def names(self) -> tuple[str, ...]:
        """All dotted names, those of all members of a family."""
        return tuple(name for name, _ in self.singles())

    def singles(self) -> Iterator[tuple[str, Contract]]:
        """The dotted names with the contract of each: a family's members are contracts of their own."""
        for module in (self.name, *self.aliases):
            if not self.members:
                yield module, self
            for member in self.members:
                yield f"{module}.{member}", replace(self, name=f"{self.name}.{member}", members=(), aliases=())

    def like(self, other: Contract) -> Contract:
        """The contract with what another one does with the callable."""
        return replace(
            self,
            meaning=other.meaning,
            first_time=other.first_time,
            signatures=other.signatures,
            eager=other.eager,
        )

    @property
    def words(self) -> frozenset[str]:
        """The last parts of all names, as they are spelled in code."""
        return frozenset(self.members) or frozenset(name.rpartition(".")[2] for name in (self.name, *self.aliases))

    def is_named_in(self, data: bytes) -> bool:
        """Whether a file may construct such a scheduler."""
        if self.needs:
            return all(word.encode() in data for word in self.needs)
        return any(word.encode() in data for word in self.words)


@dataclass(frozen=True)
class ContractTable:
    """The rows in force: lr-lint's own, with those of the user.

    Attributes:
        rows: all rows.
        own: dotted names of the rows that the user added; what they name may be defined in the project.
        derived: classes of the project that a file constructs like the schedulers that they derive from, with the last
            parts of the names of these.
    """

    rows: tuple[Contract, ...]
    own: tuple[str, ...] = ()
    derived: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def sought(self) -> tuple[Contract, ...]:
        """The rows about which rules have something to say."""
        return tuple(row for row in self.rows if row.meaning is not Meaning.NOT_JUDGED)

    @cached_property
    def judged(self) -> tuple[Contract, ...]:
        """Those of them that call a callable."""
        return tuple(row for row in self.sought if row.meaning is not Meaning.CURVE)

    @cached_property
    def by_name(self) -> dict[str, Contract]:
        """The contracts that are sought by every dotted name."""
        return {name: single for row in self.sought for name, single in row.singles()}

    @cached_property
    def calling(self) -> frozenset[str]:
        """The last parts of the names of those that call a callable."""
        return frozenset(name.rpartition(".")[2] for row in self.judged for name in row.names)

    @cached_property
    def derivable(self) -> frozenset[str]:
        """The last parts of the names of those that classes may derive from."""
        return frozenset(word for row in self.sought if row.overridden_by for word in row.words)

    @cached_property
    def adopting(self) -> frozenset[str]:
        """The last parts of the names of those that are made of other schedulers, and step them."""
        return frozenset(word for row in self.sought if row.parts is not None for word in row.words)

    @cached_property
    def words(self) -> frozenset[str]:
        """The last parts of their names, as they are spelled in code, and the names of what derives from them."""
        return frozenset(self.derived).union(*(row.words for row in self.sought if not row.looked_up))

    @cached_property
    def modules(self) -> frozenset[str]:
        """The last parts of the names of modules whose classes are looked up."""
        return frozenset(word for row in self.sought if row.looked_up for word in row.words)

    @cached_property
    def patterns(self) -> tuple[tuple[bytes, ...], ...]:
        """What the text gate looks for: a file that may construct a scheduler has all words of one of these."""
        alone = frozenset(word for row in self.sought if not row.needs for word in row.words)
        # A word that another one is a part of need not be looked for.
        shortest = sorted(word for word in alone if not any(other in word for other in alone - {word}))
        # Who names another scheduler is found by the name of that.
        together = sorted({row.needs for row in self.sought if row.needs and row.delegates_to is None})
        return tuple(tuple(word.encode() for word in words) for words in (*((word,) for word in shortest), *together))

    @cached_property
    def stems(self) -> tuple[bytes, ...]:
        """Fewer texts, one of which is in every file that has a pattern."""
        return tuple(self.patterns_by_stem)

    @cached_property
    def patterns_by_stem(self) -> dict[bytes, dict[bytes, list[tuple[bytes, ...]]]]:
        """The patterns by one of the stems, then by their first word, which is looked for once for all that have it."""
        found: dict[bytes, dict[bytes, list[tuple[bytes, ...]]]] = {}
        left = self.patterns
        for stem in _stems(left):
            firsts = found.setdefault(stem, {})
            for first, *others in (words for words in left if any(stem in word for word in words)):
                firsts.setdefault(first, []).append(tuple(others))
            left = tuple(words for words in left if not any(stem in word for word in words))
        return found

    def extended(self, rows: tuple[Contract, ...]) -> ContractTable:
        """The table with rows of the user, which replace those of the same name."""
        names = frozenset(row.name for row in rows)
        kept = tuple(row for row in self.rows if row.name not in names)
        return ContractTable((*kept, *rows), tuple(row.name for row in rows)) if rows else self

    def narrowed(self, data: bytes) -> ContractTable:
        """The table with the rows alone that a file may be about."""
        behind = frozenset[str]().union(*self.derived.values())
        # The name of a class that is looked up may stand in another file.
        homes = tuple(f"{row.name}." for row in self.rows if row.looked_up and row.is_named_in(data))
        rows = tuple(
            row
            for row in self.rows
            if row.name in self.own
            or row.name.startswith(homes)
            or row.is_named_in(data)
            or not row.words.isdisjoint(behind)
        )
        return self if len(rows) == len(self.rows) else ContractTable(rows, self.own, self.derived)

    def knowing(self, derived: Mapping[str, frozenset[str]]) -> ContractTable:
        """The table with classes of the project."""
        return replace(self, derived=derived) if derived else self


# Stems are long enough to be rare and quick to look for, and no longer than what words have in common.
_STEM_LENGTHS = range(6, 14)


def _stems(patterns: Sequence[Sequence[bytes]]) -> Iterator[bytes]:
    """A few texts such that each pattern has a word that one of them is a part of: "Lambda", "cheduler".

    Nearly all files hold no pattern, so what the gate costs is the number of texts that it searches for.
    """
    left = [frozenset(part for word in words for part in _parts(word)) for words in patterns]
    while left:
        counts: dict[bytes, int] = {}
        for parts in left:
            for part in parts:
                counts[part] = counts.get(part, 0) + 1
        best = max(counts, key=lambda part: (counts[part], len(part), part))
        yield best
        left = [parts for parts in left if best not in parts]


def _parts(word: bytes) -> set[bytes]:
    return {word} | {word[at : at + size] for size in _STEM_LENGTHS for at in range(len(word) - size + 1)}
