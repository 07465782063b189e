"""Losses and metrics that a scheduler is given as if they were the time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from lr_lint.checks.facts.early_steps import excludes_where_made
from lr_lint.checks.facts.passages import says_there_is_one
from lr_lint.lifecycle.alternatives import tests_on
from lr_lint.lifecycle.events import Event
from lr_lint.lifecycle.lives import Life
from lr_lint.project.holders import function_of
from lr_lint.project.knowledge import BACKWARD, STEP
from lr_lint.project.modules import Module
from lr_lint.project.namings import key_of
from lr_lint.source.tree import code_of, last_name, walk
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.names import words_of

_OF_VALUES = frozenset(
    "loss losses acc accuracy metric metrics score scores auc auroc f1 miou iou dice psnr ssim bleu rouge "
    "perplexity ppl rmse mae mse wer cer eer recall precision reward rewards error errors fitness elbo nll".split()
)
_OF_TIME = frozenset(
    "epoch epochs step steps iter iters iteration iterations i j it n t count num number idx index batch batches "
    "update updates time progress".split()
)
# What functions are called that give one.
_GIVING = frozenset("evaluate validate validation criterion loss_fn compute_loss".split())
# Conditions that may choose by the kind of the scheduler.
_OF_KINDS = frozenset(
    "scheduler sched schedulers plateau type kind mode name policy lr class schedule strategy method reduce".split()
)
# Functions whose result is a value if what they are given is.
_OF_NUMBERS = frozenset("float mean sum avg average item abs round max min nanmean array tensor detach cpu".split())


@dataclass(frozen=True, slots=True)
class GivenValue:
    """A step that is given a value.

    Attributes:
        step: the step.
        given: the value, as it is written.
        confidence: how sure it is that it is one.
    """

    step: Event
    given: str
    confidence: Confidence


def given_value(life: Life) -> GivenValue | None:
    """A step that is given a loss or a metric where the epoch would be taken; None where none is."""
    if life.construction.contract.by_argument or life.is_adopted or life.has_own_step:
        return None
    for step in life.scheduler.steps:
        if step.loose or step.via is not None or len(step.call.args) != 1 or excludes_where_made(life, step):
            continue
        argument = step.call.args[0]
        if argument.star or (argument.keyword is not None and argument.keyword.value not in {"epoch", "metrics"}):
            continue
        confidence = _confidence(step.module, argument.value)
        if confidence is not None and last_name(step.call.func) == STEP and not _may_choose(life, step):
            return GivenValue(step, code_of(argument.value), confidence)
    return None


def _confidence(module: Module, value: cst.BaseExpression, *, told: bool = True) -> Confidence | None:
    """How sure it is that an expression gives a loss or a metric; None where it may be the time.

    Args:
        module: its file.
        value: the expression.
        told: whether it is the one that is given, and not what a variable was assigned.
    """
    if isinstance(value, cst.Name) and _goes_backward(module, value):
        return Confidence.CERTAIN
    if _is_given_by_name(module, value):
        return Confidence.LIKELY
    behind = _behind(module, value) if told else None
    if behind is not None:
        return None if _confidence(module, behind, told=False) is None else Confidence.LIKELY
    words = [frozenset(words_of(name)) for name in _names_in(value)]
    values = [each for each in words if not each.isdisjoint(_OF_VALUES) and "step" not in each and "steps" not in each]
    others = [each for each in words if each.isdisjoint(_OF_VALUES)]
    if not values or any(not each.isdisjoint(_OF_TIME) for each in others if not _is_length(value, each)):
        return None
    return Confidence.LIKELY


def _behind(module: Module, value: cst.BaseExpression) -> cst.BaseExpression | None:
    """What a variable was assigned, once, whose name does not tell what it is; None for any other expression."""
    if not isinstance(value, cst.Name) or not (_OF_VALUES | _OF_TIME).isdisjoint(words_of(value.value)):
        return None
    binding = module.scopes.resolve(value.value, value)
    binders = () if binding is None else module.scopes.binders(binding)
    statement = module.assigned_by(binders[0]) if len(binders) == 1 else None
    is_one = isinstance(statement, cst.Assign) and any(each.target is binders[0] for each in statement.targets)
    return statement.value if isinstance(statement, cst.Assign) and is_one else None


def _is_given_by_name(module: Module, value: cst.BaseExpression) -> bool:
    """Whether a value is what a function gives that evaluates, by its name, at once or through one variable."""
    if isinstance(value, cst.Name):
        made = module.values_of(value.value, value)
        return bool(made) and all(isinstance(each, cst.Call) and _gives_one(each) for each in made)
    return isinstance(value, cst.Call) and _gives_one(value)


def _gives_one(call: cst.Call) -> bool:
    name = last_name(call.func)
    return name in _GIVING or not _GIVING.isdisjoint(words_of(name))


def _is_length(value: cst.BaseExpression, words: frozenset[str]) -> bool:
    """Whether some words are those of what a sum is divided by: ``total_loss / num_batches``."""
    if not isinstance(value, cst.BinaryOperation) or not isinstance(value.operator, cst.Divide):
        return False
    below = [frozenset(words_of(name)) for name in _names_in(value.right)]
    above = [frozenset(words_of(name)) for name in _names_in(value.left)]
    return words in below and words not in above


def _names_in(value: cst.CSTNode) -> Iterator[str]:
    """What the values in an expression are called: variables, last attributes, keys; functions of numbers are none."""
    if isinstance(value, cst.Name):
        yield value.value
    elif isinstance(value, cst.Attribute) and value.attr.value in _OF_NUMBERS:
        # ``losses.avg`` of what keeps an average.
        yield from _names_in(value.value)
    elif isinstance(value, cst.Attribute):
        yield value.attr.value
    elif isinstance(value, cst.Subscript):
        key = key_of(value)
        if key is not None:
            yield key
        else:
            yield from _names_in(value.value)
    elif isinstance(value, cst.Call):
        yield from _names_in_call(value)
    elif isinstance(value, cst.BinaryOperation):
        yield from _names_in(value.left)
        yield from _names_in(value.right)
    elif isinstance(value, cst.UnaryOperation):
        yield from _names_in(value.expression)


def _names_in_call(call: cst.Call) -> Iterator[str]:
    name = last_name(call.func)
    if name not in _OF_NUMBERS:
        yield name
        return
    if isinstance(call.func, cst.Attribute) and not call.args:
        yield from _names_in(call.func.value)
    for argument in call.args:
        yield from _names_in(argument.value)


def _goes_backward(module: Module, name: cst.Name) -> bool:
    """Whether gradients are computed of a variable in the same function."""
    home = function_of(module.path_to(name))
    for call in (call for method in BACKWARD for call in module.calls().get(method, ())):
        function = call.func
        if isinstance(function, cst.Attribute) and function_of(module.path_to(call)) is home:
            values = [function.value, *(each.value for each in call.args)]
            if any(isinstance(each, cst.Name) and each.value == name.value for each in values):
                return True
    return False


def _may_choose(life: Life, step: Event) -> bool:
    """Whether what is around a step may let schedulers of another kind through alone."""
    path = (*step.module.path_to(step.node), step.node)
    if any(isinstance(each, (cst.Try, cst.TryStar, cst.Match)) for each in path):
        return True
    return any(
        not says_there_is_one(life, step, test, truth) and _asks_for_a_kind(test) for test, truth in tests_on(path)
    )


def _asks_for_a_kind(test: cst.BaseExpression) -> bool:
    nodes = list(walk(test))
    if any(isinstance(node, (cst.SimpleString, cst.Call)) for node in nodes):
        return True
    words = {word for node in nodes if isinstance(node, cst.Name) for word in words_of(node.value)}
    return not words.isdisjoint(_OF_KINDS)
