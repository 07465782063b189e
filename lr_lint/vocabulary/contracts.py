"""The contracts: who calls the callable, with what, and which unit must come back.

Each row is an API fact with its source; nothing else in lr-lint knows the names of scheduler classes. Users add rows
for wrappers of their own; see `lr_lint.source.settings`.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


class Meaning(enum.Enum):
    """What the scheduler does with the value that the callable returns."""

    FACTOR_OF_INITIAL = "initial lr x f(t)"
    FACTOR_OF_PREVIOUS = "previous lr x f(t)"
    RATE = "f(t)"


FACTORS = frozenset({Meaning.FACTOR_OF_INITIAL, Meaning.FACTOR_OF_PREVIOUS})


class Clock(enum.Enum):
    """What the first argument of the callable counts."""

    STEP = "calls of step()"
    EPOCH = "epochs"
    PROGRESS = "part of the run that is over, 0 to 1"


NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Contract:
    """One scheduler API.

    Attributes:
        name: dotted name of the class or function, as ``torch.optim.lr_scheduler.LambdaLR``.
        meaning: what the scheduler does with the returned value.
        callable: position and keyword of the callable argument, without ``self``.
        source: where the fact comes from.
        checked: version of the library that the row was checked on.
        optimizer: position and keyword of the optimizer argument, without ``self``; None where there is none.
        rate: position and keyword of the initial lr itself, for schedulers that are given that and no optimizer.
        first_time: the first time index at which the callable is evaluated.
        signatures: the arguments that the callable is called with, each tried where the one before raises TypeError.
        clock: what the time index counts.
        overridden_by: methods whose override in a subclass replaces the contract.
        eager: whether constructing the scheduler evaluates the callable.
        aliases: other dotted names of the same.
        initial_rate: how code reads the initial lr of a group, by ``optimizer`` and ``group``; empty where no such
            expression is known to hold while the scheduler is constructed.
        of_initial: name of the contract with the same arguments whose factor is one of the initial lr.
    """

    name: str
    meaning: Meaning
    callable: tuple[int, str]
    source: str
    checked: str = NOT_CHECKED
    optimizer: tuple[int, str] | None = None
    rate: tuple[int, str] | None = None
    first_time: int = 0
    signatures: tuple[tuple[str, ...], ...] = (("time",),)
    clock: Clock = Clock.STEP
    overridden_by: tuple[str, ...] = ()
    eager: bool = False
    aliases: tuple[str, ...] = ()
    initial_rate: str = ""
    of_initial: str = ""

    @property
    def short_name(self) -> str:
        """The class name alone, as people say it."""
        return self.name.rpartition(".")[2]

    @property
    def names(self) -> tuple[str, ...]:
        """All dotted names."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class ContractTable:
    """The rows in force: lr-lint's own, with those of the user.

    Attributes:
        rows: all rows.
        own: dotted names of the rows that the user added; what they name may be defined in the project.
        by_name: the rows by every dotted name.
        words: the last parts of all names, as they are spelled in code.
        patterns: the same as bytes, for the text gate; none that another one is a part of.
    """

    rows: tuple[Contract, ...]
    own: tuple[str, ...] = ()
    by_name: dict[str, Contract] = field(init=False, repr=False, compare=False)
    words: frozenset[str] = field(init=False, repr=False, compare=False)
    patterns: tuple[bytes, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = {name: row for row in self.rows for name in row.names}
        words = frozenset(name.rpartition(".")[2] for name in by_name)
        needed = sorted(word for word in words if not any(other in word for other in words - {word}))
        object.__setattr__(self, "by_name", by_name)
        object.__setattr__(self, "words", words)
        object.__setattr__(self, "patterns", tuple(word.encode() for word in needed))

    def extended(self, rows: tuple[Contract, ...]) -> ContractTable:
        """The table with rows of the user, which replace those of the same name."""
        names = frozenset(row.name for row in rows)
        kept = tuple(row for row in self.rows if row.name not in names)
        return ContractTable((*kept, *rows), tuple(row.name for row in rows)) if rows else self


_TORCH = "https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler."
_PADDLE = "https://www.paddlepaddle.org.cn/documentation/docs/en/api/paddle/optimizer/lr/"
_MINDSPORE = "https://www.mindspore.cn/docs/en/master/api_python/mindspore.experimental.html"

_DOCUMENTED = "not run; documentation read"

# Set by the base class's constructor before it evaluates the callable (torch 2.13.0, `LRScheduler.__init__`).
_GROUP_RATE = '{optimizer}.param_groups[{group}]["initial_lr"]'

CONTRACTS: tuple[Contract, ...] = (
    Contract(
        name="torch.optim.lr_scheduler.LambdaLR",
        meaning=Meaning.FACTOR_OF_INITIAL,
        optimizer=(0, "optimizer"),
        callable=(1, "lr_lambda"),
        overridden_by=("get_lr", "_get_closed_form_lr", "step"),
        eager=True,
        initial_rate=_GROUP_RATE,
        source=f"{_TORCH}LambdaLR.html",
        checked="torch 2.13.0",
    ),
    Contract(
        name="torch.optim.lr_scheduler.MultiplicativeLR",
        meaning=Meaning.FACTOR_OF_PREVIOUS,
        optimizer=(0, "optimizer"),
        callable=(1, "lr_lambda"),
        first_time=1,
        overridden_by=("get_lr", "_get_closed_form_lr", "step"),
        initial_rate=_GROUP_RATE,
        of_initial="torch.optim.lr_scheduler.LambdaLR",
        source=f"{_TORCH}MultiplicativeLR.html",
        checked="torch 2.13.0",
    ),
    Contract(
        name="keras.callbacks.LearningRateScheduler",
        meaning=Meaning.RATE,
        callable=(0, "schedule"),
        # Keras tries the first and falls back on the second where it raises TypeError.
        signatures=(("time", "lr"), ("time",)),
        clock=Clock.EPOCH,
        overridden_by=("on_epoch_begin",),
        source="https://keras.io/api/callbacks/learning_rate_scheduler/",
        checked="keras 3.15.1",
        aliases=(
            "keras.src.callbacks.LearningRateScheduler",
            "tensorflow.keras.callbacks.LearningRateScheduler",
            "tensorflow.compat.v1.keras.callbacks.LearningRateScheduler",
            "tensorflow.compat.v2.keras.callbacks.LearningRateScheduler",
            "tensorflow.python.keras.callbacks.LearningRateScheduler",
            "tf_keras.callbacks.LearningRateScheduler",
        ),
    ),
    Contract(
        name="paddle.optimizer.lr.LambdaDecay",
        meaning=Meaning.FACTOR_OF_INITIAL,
        rate=(0, "learning_rate"),
        callable=(1, "lr_lambda"),
        overridden_by=("get_lr", "step"),
        source=f"{_PADDLE}LambdaDecay_en.html",
        checked=_DOCUMENTED,
    ),
    Contract(
        name="paddle.optimizer.lr.MultiplicativeDecay",
        meaning=Meaning.FACTOR_OF_PREVIOUS,
        rate=(0, "learning_rate"),
        callable=(1, "lr_lambda"),
        first_time=1,
        overridden_by=("get_lr", "step"),
        of_initial="paddle.optimizer.lr.LambdaDecay",
        source=f"{_PADDLE}MultiplicativeDecay_en.html",
        checked=_DOCUMENTED,
    ),
    Contract(
        name="oneflow.optim.lr_scheduler.LambdaLR",
        meaning=Meaning.FACTOR_OF_INITIAL,
        optimizer=(0, "optimizer"),
        callable=(1, "lr_lambda"),
        overridden_by=("get_lr", "step"),
        source="https://docs.oneflow.org/en/master/api/optim.html",
        checked="not run; source at 1e508b2d26 read",
        aliases=("oneflow.nn.optimizer.lambda_lr.LambdaLR",),
    ),
    Contract(
        name="mindspore.experimental.optim.lr_scheduler.LambdaLR",
        meaning=Meaning.FACTOR_OF_INITIAL,
        optimizer=(0, "optimizer"),
        callable=(1, "lr_lambda"),
        overridden_by=("get_lr", "step"),
        source=_MINDSPORE,
        checked="not run; documentation of 2.2 and master read",
    ),
    Contract(
        name="mindspore.experimental.optim.lr_scheduler.MultiplicativeLR",
        meaning=Meaning.FACTOR_OF_PREVIOUS,
        of_initial="mindspore.experimental.optim.lr_scheduler.LambdaLR",
        optimizer=(0, "optimizer"),
        callable=(1, "lr_lambda"),
        first_time=1,
        overridden_by=("get_lr", "step"),
        source=_MINDSPORE,
        checked="not run; documentation of 2.2 and master read",
    ),
    Contract(
        name="detectron2.solver.lr_scheduler.LRMultiplier",
        meaning=Meaning.FACTOR_OF_INITIAL,
        optimizer=(0, "optimizer"),
        callable=(1, "multiplier"),
        clock=Clock.PROGRESS,
        overridden_by=("get_lr", "step"),
        source="https://detectron2.readthedocs.io/en/latest/modules/solver.html",
        checked="not run; source at 1846f9159b read",
        aliases=("detectron2.solver.LRMultiplier",),
    ),
)

BUILT_IN = ContractTable(CONTRACTS)
