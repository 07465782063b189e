"""Whether what is around a step lets it through each time: conditions on flags and on whether there is a scheduler."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from lr_lint.checks.facts.trainings import goes_over, is_plain
from lr_lint.lifecycle.alternatives import conditions_in, stays, tests_on
from lr_lint.lifecycle.events import Event
from lr_lint.lifecycle.lives import Life
from lr_lint.lifecycle.orders import Surrounding
from lr_lint.project.modules import Module
from lr_lint.source.tree import LOOPS, code_of, dotted_name, last_name, variables_in, walk
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.names import words_of

# Words in the names of what is another one in each turn, whatever gives it.
_OF_TURNS = frozenset(
    "epoch epochs step steps iter iters iteration iterations batch batches i j n t it idx index count counter first "
    "last num global progress time".split()
)


def passage(life: Life, event: Event, places: Iterable[Surrounding]) -> Confidence | None:
    """How sure it is that some surroundings of a step let it through each time, where the flags do; None if they don't.

    Args:
        life: that of the scheduler.
        event: the step.
        places: what is around it, as far as that matters.
    """
    found = Confidence.CERTAIN
    for place in places:
        if is_plain(place) or goes_over(place, event):
            continue
        if not isinstance(place.node, cst.If) or place.below is place.node.test:
            return None
        for test, truth in tests_on((place.node, place.below)):
            passed = _let_through(life, event, place.module, test, truth)
            if passed is None:
                return None
            found = min(found, passed)
    return found


def _let_through(life: Life, event: Event, module: Module, test: cst.BaseExpression, truth: bool) -> Confidence | None:
    found = Confidence.CERTAIN
    for part, expected in conditions_in(test, truth):
        if _says_there_is_one(life, event, part, expected) or _holds_where_made(life, part, expected):
            continue
        if not _is_flag(module, part):
            return None
        found = Confidence.LIKELY
    return found


def says_there_is_one(life: Life, event: Event, test: cst.BaseExpression, truth: bool) -> bool:
    """Whether a condition asks whether there is a scheduler: ``if scheduler is not None``."""
    return all(_says_there_is_one(life, event, part, expected) for part, expected in conditions_in(test, truth))


def _says_there_is_one(life: Life, event: Event, test: cst.BaseExpression, truth: bool) -> bool:
    names = {binding.name for _, binding in life.scheduler.names}
    function = event.node.func if isinstance(event.node, cst.Call) else event.node
    names |= {code_of(function.value)} if isinstance(function, cst.Attribute) else set()
    if code_of(test) in names:
        return truth
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1 and code_of(test.left) in names:
        target = test.comparisons[0]
        if dotted_name(target.comparator) == "None":
            return isinstance(target.operator, (cst.IsNot, cst.NotEqual)) is truth
    if isinstance(test, cst.Call) and last_name(test.func) in {"hasattr", "callable"}:
        return truth
    return False


def _holds_where_made(life: Life, test: cst.BaseExpression, truth: bool) -> bool:
    """Whether the scheduler is made under the same condition."""
    made = {(code_of(each), held) for each, held in tests_on((*life.construction.path, life.construction.call))}
    return (code_of(test), truth) in made


def _is_flag(module: Module, test: cst.BaseExpression) -> bool:
    """Whether a condition comes to the same in each turn: it reads what is set once, outside of loops, and no time."""
    if not stays(test, module) or any(isinstance(node, (cst.BinaryOperation, cst.Subscript)) for node in walk(test)):
        return False
    names = variables_in(test) | {node.attr.value for node in walk(test) if isinstance(node, cst.Attribute)}
    if not _OF_TURNS.isdisjoint(word for name in names for word in words_of(name)):
        return False
    return not any(_is_set_in_turns(module, node) for node in walk(test))


def _is_set_in_turns(module: Module, node: cst.CSTNode) -> bool:
    """Whether a variable is set in a loop."""
    binding = module.scopes.resolve(node.value, node) if isinstance(node, cst.Name) else None
    binders = () if binding is None else module.scopes.binders(binding)
    return any(isinstance(each, LOOPS) for binder in binders for each in module.path_to(binder))
