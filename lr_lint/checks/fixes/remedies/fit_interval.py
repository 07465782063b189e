"""A trainer's interval moves into the dict that has the scheduler; interval or horizon, where they do not fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import libcst as cst

from lr_lint.checks.fixes.drafts import Change, Draft, NoFixError
from lr_lint.checks.fixes.problem import Problem
from lr_lint.checks.fixes.remedy import TimeRemedy, claim_of
from lr_lint.checks.rules.base import Finding
from lr_lint.project.knowledge import INTERVAL, LENGTHS, SCHEDULER, SCHEDULER_ENTRY
from lr_lint.project.namings import entries_of, is_dict, items_of
from lr_lint.source.positions import code_at
from lr_lint.source.tree import code_of, walk
from lr_lint.timing.claims import Claim, ClockUnit, Timing

_PER_UPDATE, _PER_EPOCH = "step", "epoch"
# ``name=value``, as arguments are written.
_TIGHT = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


class FitInterval(TimeRemedy):
    """For a trainer that steps at another interval than the horizon counts."""

    name = "fit-interval"

    def leaves_a_choice(self, finding: Finding) -> bool:
        """No interval was meant where none is misplaced: it may be missing, or the horizon be another one."""
        return not all(claim.misplaced for claim in finding.site.timing.claims)

    def drafts(self, problem: Problem) -> Iterator[Draft]:
        """The interval where the trainer reads it; or the interval that the horizon counts, then the other horizon."""
        claim = claim_of(problem)
        if claim.step is not None and claim.step.module is not problem.construction.module:
            raise NoFixError("the dict with the interval is in another file", path=claim.step.module.path)
        if claim.misplaced:
            yield from _moved(problem, claim)
        elif claim.step is None:
            yield from _added(problem)
            yield from _other_horizon(claim)
        else:
            quoted = code_of(claim.step.node)[0] + _PER_EPOCH + code_of(claim.step.node)[-1]
            yield Draft("have the trainer step once per epoch", (Change(claim.step.node, instead=quoted),))
            yield from _other_horizon(claim)
        raise NoFixError("neither interval nor horizon has a form that can be changed")

    def fits(self, problem: Problem, new: Timing) -> bool:
        """Whether the trainer steps after each update now, where that is what the misplaced interval says."""
        if claim_of(problem).misplaced:
            return not new.claims and new.clock.unit is ClockUnit.UPDATE
        return super().fits(problem, new)


def _moved(problem: Problem, claim: Claim) -> Iterator[Draft]:
    """The entry with the interval taken out of its dict and put beside the scheduler."""
    module = problem.construction.module
    interval = None if claim.step is None else claim.step.node
    path = () if interval is None else module.path_to(interval)
    outer = next((node for node in reversed(path) if is_dict(node)), None)
    target = None if outer is None else dict(entries_of(outer)).get(SCHEDULER_ENTRY)
    if outer is None or target is None or not isinstance(interval, cst.BaseExpression):
        raise NoFixError("the dict with the interval has no entry for a scheduler")
    entry = next(each for each in items_of(outer) if each.value is interval)
    moved = _with_interval(target, interval, _quote_of(entry))
    items = [each.with_changes(value=moved) if each.value is target else each for each in items_of(outer)]
    changed = _of_items(outer, _without(items, next(at for at, each in enumerate(items) if each.value is interval)))
    text = code_at(changed, module.tree, module.path_to(outer))
    yield Draft(f'move the interval "{_PER_UPDATE}" beside the scheduler', (Change(outer, instead=text),))


def _added(problem: Problem) -> Iterator[Draft]:
    """An interval in the dict that has the scheduler, where the function makes one such dict."""
    module = problem.construction.module
    home = next((node for node in reversed(problem.construction.path) if isinstance(node, cst.FunctionDef)), None)
    dicts = [node for node in walk(home) if is_dict(node)] if home is not None else []
    own = [each for each in dicts if SCHEDULER in dict(entries_of(each))]
    holding = [value for each in dicts for name, value in entries_of(each) if name == SCHEDULER_ENTRY]
    # The entry is a dict itself, or the scheduler.
    targets: list[cst.BaseExpression] = [*own, *(each for each in holding if not is_dict(each) and not own)]
    if len(targets) == 1:
        changed = _with_interval(targets[0], cst.SimpleString(f'"{_PER_UPDATE}"'), '"')
        text = code_at(changed, module.tree, module.path_to(targets[0]))
        yield Draft("have the trainer step after each update", (Change(targets[0], instead=text),))


def _other_horizon(claim: Claim) -> Iterator[Draft]:
    """The trainer's other length: its epochs for its updates, or these for those."""
    node = None if claim.place is None else claim.place.node
    if isinstance(node, cst.Attribute) and node.attr.value in LENGTHS:
        other = next(each for each in LENGTHS if each != node.attr.value)
        yield Draft(f"count by `{other}`", (Change(node.attr, instead=other),))


_Item: TypeAlias = "cst.BaseDictElement | cst.Arg"


def _of_items(whole: cst.Dict | cst.Call, items: Sequence[_Item]) -> cst.Dict | cst.Call:
    """The dict with other entries."""
    return whole.with_changes(**{"elements" if isinstance(whole, cst.Dict) else "args": items})


def _quote_of(entry: _Item) -> str:
    """With what the name of an entry is quoted, where it is."""
    key = entry.key if isinstance(entry, cst.DictElement) else None
    return key.quote if isinstance(key, cst.SimpleString) else '"'


def _with_interval(value: cst.BaseExpression, interval: cst.BaseExpression, quote: str) -> cst.BaseExpression:
    """The dict that has the scheduler, with an interval besides."""
    if not is_dict(value) or not items_of(value):
        value = cst.Dict([cst.DictElement(cst.SimpleString(f"{quote}{SCHEDULER}{quote}"), value)])
    entry: _Item
    if isinstance(value, cst.Dict):
        entry = cst.DictElement(cst.SimpleString(f"{quote}{INTERVAL}{quote}"), interval)
    else:
        entry = cst.Arg(interval, cst.Name(INTERVAL), equal=_TIGHT)
    *others, last = items_of(value)
    between = others[-1].comma if others else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    return _of_items(value, [*others, last.with_changes(comma=between), entry.with_changes(comma=last.comma)])


def _without(items: Sequence[_Item], at: int) -> list[_Item]:
    """The entries but for one; the new last one is followed by what followed the old one."""
    kept = [each for index, each in enumerate(items) if index != at]
    if at == len(items) - 1 and kept:
        kept[-1] = kept[-1].with_changes(comma=items[at].comma)
    return kept
