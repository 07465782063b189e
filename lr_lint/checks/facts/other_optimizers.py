"""Schedulers whose optimizer is not the one that trains: it is never stepped where the scheduler is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.checks.facts.passages import says_there_is_one
from lr_lint.checks.facts.visibility import is_seen_elsewhere
from lr_lint.lifecycle.alternatives import tests_on
from lr_lint.lifecycle.events import Crossing, Event, Happening, Trail
from lr_lint.lifecycle.lives import Life
from lr_lint.lifecycle.makers import gives_new_optimizer
from lr_lint.lifecycle.orders import Order, Surrounding
from lr_lint.project.knowledge import BACKWARD, DEFAULT_RATES, STEP
from lr_lint.project.modules import Module
from lr_lint.project.scopes import Binding
from lr_lint.semantics.values.context import Anchor
from lr_lint.source.tree import code_of, dotted_name, last_name, walk
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.names import OPTIMIZER_WORDS, words_of

# Words in the names of schedulers.
OF_SCHEDULERS = frozenset({"sched", "scheduler", "schedulers", "sch", "lr", "schedule"})
# How the gradients of parameters are read by code that moves them itself.
_GRADIENT = "grad"
_DEEPEST = 2


@dataclass(frozen=True, slots=True)
class Mismatched:
    """A scheduler that is stepped beside another optimizer than its own.

    Attributes:
        step: a step of the scheduler.
        scheduled: what its own optimizer is called.
        other: a step of the optimizer that trains; None where there is none.
        confidence: how sure that is.
        alternative: a step of its own optimizer that is taken where there is no scheduler; None where there is none.
        by_name: whether it is told by the names alone that the other optimizer was meant.
    """

    step: Event
    scheduled: str
    other: Anchor | None
    confidence: Confidence
    alternative: Event | None = None
    by_name: bool = False


def mismatch_of(life: Life) -> Mismatched | None:
    """How a scheduler is stepped while its own optimizer is not; None where that may be, or cannot be told."""
    optimizer = life.optimizer if life.scheduler.steps else None
    if optimizer is None or not _is_wholly_known(life, optimizer):
        return None
    stepped = list(optimizer.of(Happening.STEPPED))
    for step in life.scheduler.steps:
        if step.loose or step.via is not None:
            continue
        if all(_excluded_by_the_scheduler(life, step, each) for each in stepped):
            found = _trained_beside(life, step, stepped)
            if found is not None:
                return found
    return None


def _is_wholly_known(life: Life, optimizer: Trail) -> bool:
    """Whether all that may step the optimizer is in sight, and the optimizer stays what it is."""
    if life.scheduler.lost or life.scheduler.shared or optimizer.lost or optimizer.shared or life.is_adopted:
        return False
    doubtful = (
        Happening.HANDED,
        Happening.RETURNED,
        Happening.ADOPTED,
        Happening.REPLACED,
        Happening.DELETED,
        Happening.CALLED,
    )
    if any(True for _ in optimizer.of(*doubtful)) or optimizer.prepared or not any(optimizer.of(Happening.MADE)):
        return False
    names = optimizer.names
    if not names:
        return _is_made_for_it_alone(life, optimizer)
    return not any(is_seen_elsewhere(life, module, binding) for module, binding in names)


def _is_made_for_it_alone(life: Life, optimizer: Trail) -> bool:
    """Whether a scheduler is given an optimizer that nobody else has: ``StepLR(SGD(parameters, lr=0.1), 30)``."""
    argument = life.construction.argument(life.construction.contract.optimizer)
    return not any(life.scheduler.of(Happening.OPTIMIZER_READ)) and all(
        each.node is argument and gives_new_optimizer(each.module, each.call, life.names)
        for each in optimizer.of(Happening.MADE)
    )


def _excluded_by_the_scheduler(life: Life, step: Event, other: Event) -> bool:
    """Whether a step of the optimizer is taken only where there is no scheduler: ``if scheduler: ... else: ...``."""
    if other.loose or life.order(step, other) is not Order.NEVER_BOTH:
        return False
    path = (*other.module.path_to(other.node), other.node)
    return any(says_there_is_one(life, step, test, not truth) for test, truth in tests_on(path))


def _trained_beside(life: Life, step: Event, stepped: Sequence[Event]) -> Mismatched | None:
    """What trains in the loop that steps the scheduler."""
    scheduled = _called(life)
    for route in life.routes(step):
        places = tuple(Surrounding(*each) for each in route.places())
        loops = [each for each in places if each.turns and each.node not in life.scheduler.birth]
        if not loops or any(_reads_gradients(place.module) for place in places):
            continue
        loop = loops[-1]
        others = list(_steps_of_others(life, loop.module, loop.node, _DEEPEST))
        known = [each for each in others if _steps_known_optimizer(life, each)]
        if len(known) < len(others):
            # Nobody knows what they step.
            continue
        bare = next((each for each in known if not _has_a_schedule(each.module, each.call)), None)
        if bare is not None:
            return Mismatched(step, scheduled, Anchor(bare.module, bare.call), Confidence.LIKELY)
        if not known and _goes_backward(life, loop.module, loop.node, _DEEPEST):
            alternative = stepped[0] if stepped else None
            return Mismatched(step, scheduled, None, Confidence.CERTAIN, alternative)
    return None


def _called(life: Life) -> str:
    argument = life.construction.argument(life.construction.contract.optimizer)
    return "" if argument is None else code_of(argument)


def _reads_gradients(module: Module) -> bool:
    """Whether a file reads the gradients of parameters: it may move them without an optimizer."""
    return f".{_GRADIENT}".encode() in module.source.data


def _steps_of_others(life: Life, module: Module, body: cst.CSTNode, depth: int) -> Iterator[Crossing]:
    """The calls in some code that step something that is neither the scheduler nor its optimizer."""
    trails = [life.scheduler, *([] if life.optimizer is None else [life.optimizer])]
    own = [each.node for trail in trails for each in trail.of(Happening.STEPPED)]
    for call in _calls_in(life, module, body, depth):
        function = call.call.func
        if not isinstance(function, cst.Attribute) or function.attr.value != STEP or call.call in own:
            continue
        if OF_SCHEDULERS.isdisjoint(words_of(last_name(function.value))):
            yield call


def _steps_known_optimizer(life: Life, step: Crossing) -> bool:
    """Whether a call steps an optimizer, by its name or by what made it, a function of the project among that."""
    module, function = step.module, step.call.func
    if steps_optimizer(module, step.call):
        return True
    made = module.values_of(dotted_name(function.value) or "", step.call) if isinstance(function, cst.Attribute) else []
    return bool(made) and all(
        isinstance(each, cst.Call) and gives_new_optimizer(module, each, life.names) for each in made
    )


def steps_optimizer(module: Module, call: cst.Call) -> bool:
    """Whether a call steps an optimizer, by the name of what it is called on, or of the class that made it."""
    function = call.func
    if not isinstance(function, cst.Attribute) or function.attr.value != STEP:
        return False
    words = frozenset(words_of(last_name(function.value)))
    if not words.isdisjoint(OPTIMIZER_WORDS):
        return words.isdisjoint(OF_SCHEDULERS)
    text = dotted_name(function.value)
    made = [] if text is None else module.values_of(text, call)
    return bool(made) and all(isinstance(each, cst.Call) and last_name(each.func) in DEFAULT_RATES for each in made)


def _has_a_schedule(module: Module, step: cst.Call) -> bool:
    """Whether a file gives the variable that a call steps to something that makes a scheduler of it."""
    stepped = _variable(module, step.func.value) if isinstance(step.func, cst.Attribute) else None
    making = (call for name, calls in module.calls().items() if may_schedule(name) for call in calls)
    return stepped is not None and any(
        _variable(module, argument.value) == stepped for call in making for argument in call.args
    )


def _variable(module: Module, node: cst.BaseExpression) -> Binding | None:
    text = dotted_name(node)
    return None if text is None else module.scopes.resolve(text, node)


def may_schedule(name: str) -> bool:
    """Whether a function may make a scheduler of an optimizer, by its name."""
    return name in BUILT_IN.words or not OF_SCHEDULERS.isdisjoint(words_of(name))


def _goes_backward(life: Life, module: Module, body: cst.CSTNode, depth: int) -> bool:
    return any(last_name(call.call.func) in BACKWARD for call in _calls_in(life, module, body, depth))


def _calls_in(life: Life, module: Module, body: cst.CSTNode, depth: int) -> Iterator[Crossing]:
    """The calls in some code, and in the functions of the project that it calls."""
    for node in walk(body):
        if isinstance(node, cst.Call):
            yield Crossing(module, node)
            entered = life.names.named_definition_of(module, node) if depth else None
            if entered is not None:
                yield from _calls_in(life, entered[0], entered[1].body, depth - 1)
