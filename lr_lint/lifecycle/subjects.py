"""The two kinds of objects that are followed, and what calls do to them by what the calls are called."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from lr_lint.lifecycle.events import Happening
from lr_lint.project.knowledge import (
    DEFAULT_RATES,
    ENGINE_OPTIMIZER,
    ENGINE_SCHEDULER,
    RATE_ARGUMENTS,
    SAVERS,
    STEP,
    STEP_OF_UPDATES,
)
from lr_lint.semantics.machine.class_members import CONSTRUCTOR
from lr_lint.source.tree import dotted_name, last_name
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import STEPPED_BY_USERS
from lr_lint.vocabulary.names import words_of

# What may be given a scheduler or an optimizer and does not step it, by its last name.
_HARMLESS = frozenset(
    "print len isinstance str repr type id hasattr bool info debug warning error log format save write dict append "
    "add_scalar add_scalars log_dict log_metrics set_description set_postfix deepcopy any all load_state_dict "
    "register_for_checkpointing next iter enumerate zip reversed items values".split()
)
_HARMLESS_TO_OPTIMIZERS = _HARMLESS | frozenset(
    "unscale_ scale_loss zero_grad clip_grad_norm_ clip_grad_value_ master_params broadcast_optimizer_state".split()
)
# What functions are called that write an object's state, or read it back.
KEEPING = frozenset({"save", "load", "checkpoint", "resume", "restore", "log", "dump"})
_WORDS_OF_SCHEDULERS = frozenset({"scheduler", "lr", "schedule", "warmup", "annealing", "sched"})

# Those that are given an optimizer, and stepped by their user.
_SCHEDULERS = frozenset(
    word for row in BUILT_IN.sought if row.optimizer is not None and row.clock in STEPPED_BY_USERS for word in row.words
)
# Methods of both that change nothing but gradients.
_ASKING = frozenset({"zero_grad", "print_lr", "train", "eval"})
_METHODS = {
    "state_dict": Happening.STATE_READ,
    "load_state_dict": Happening.STATE_LOADED,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What is followed.

    Attributes:
        name: what it is.
        steps: the methods that step it.
        methods: those that do something else to it.
        harmless: the functions, by their last names, that may be given it and do not step it.
        given_back: where functions that give engines give the object back, by its place in their result.
        must_be_known: whether it may be stepped by whatever it is handed to, so that nothing is known of its steps.
    """

    name: str
    steps: frozenset[str]
    methods: dict[str, Happening]
    harmless: frozenset[str]
    given_back: int
    must_be_known: bool

    def happening(self, method: str) -> Happening | None:
        """What a call of one of the object's methods is; None where it is nothing."""
        if method in self.steps or (not self.must_be_known and STEP in words_of(method)):
            # ``first_step`` and ``second_step`` of optimizers that look around.
            return Happening.STEPPED
        return None if method in _ASKING else self.methods.get(method, Happening.CALLED)

    def saves(self, call: cst.Call) -> bool:
        """Whether a call writes the object itself to a file."""
        return dotted_name(call.func) in SAVERS

    def keeps(self, call: cst.Call) -> bool:
        """Whether a call is of a function that writes states, or reads them back, by its name."""
        return not KEEPING.isdisjoint(words_of(last_name(call.func)))

    def is_stepped_by(self, call: cst.Call) -> bool:
        """Whether a call that is given the object steps it, as that of a gradient scaler does an optimizer."""
        return not self.must_be_known and isinstance(call.func, cst.Attribute) and call.func.attr.value == STEP

    def is_scheduled_by(self, call: cst.Call, around: cst.ClassDef | None) -> bool:
        """Whether a call makes a scheduler of the object, by its name, or that of the class around a base's."""
        if self.must_be_known:
            return False
        name = last_name(call.func)
        if name == CONSTRUCTOR and around is not None:
            return any(map(_names_scheduler, (around.name.value, *(last_name(base.value) for base in around.bases))))
        return _names_scheduler(name)


def makes_optimizer(call: cst.Call) -> bool:
    """Whether a call constructs an optimizer: by its name, or by a rate that it is given."""
    keywords = {each.keyword.value for each in call.args if each.keyword is not None}
    return last_name(call.func) in DEFAULT_RATES or not keywords.isdisjoint(RATE_ARGUMENTS)


def _names_scheduler(name: str) -> bool:
    """Whether a function or class makes schedulers, by its name."""
    return name in _SCHEDULERS or (name[:1].isupper() and not _WORDS_OF_SCHEDULERS.isdisjoint(words_of(name)))


SCHEDULER = Subject(
    name="scheduler",
    steps=frozenset({STEP, STEP_OF_UPDATES}),
    methods={**_METHODS, "get_last_lr": Happening.RATES_READ, "get_lr": Happening.RATES_READ},
    harmless=_HARMLESS,
    given_back=ENGINE_SCHEDULER,
    must_be_known=True,
)
OPTIMIZER = Subject(
    name="optimizer",
    steps=frozenset({STEP}),
    methods={**_METHODS, "add_param_group": Happening.GROUP_ADDED},
    harmless=_HARMLESS_TO_OPTIMIZERS,
    given_back=ENGINE_OPTIMIZER,
    must_be_known=False,
)
