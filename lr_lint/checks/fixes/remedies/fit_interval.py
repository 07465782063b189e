"""A trainer's interval moves into the dict that has the scheduler; interval or horizon, where they do not fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from lr_lint.checks.fixes.drafts import Change, Draft, NoFixError
from lr_lint.checks.fixes.problem import Problem
from lr_lint.checks.fixes.remedy import TimeRemedy, claim_of
from lr_lint.checks.rules.base import Finding
from lr_lint.project.knowledge import INTERVAL, LENGTHS, SCHEDULER, SCHEDULER_ENTRY
from lr_lint.project.namings import text_of
from lr_lint.source.positions import code_at
from lr_lint.source.tree import code_of, walk
from lr_lint.timing.claims import Claim, ClockUnit, Timing

_PER_UPDATE, _PER_EPOCH = "step", "epoch"


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
    path = () if claim.step is None else module.path_to(claim.step.node)
    outer = next((node for node in reversed(path) if isinstance(node, cst.Dict)), None)
    entry = next((node for node in reversed(path) if isinstance(node, cst.DictElement)), None)
    target = None if outer is None else next((each for each in outer.elements if _key(each) == SCHEDULER_ENTRY), None)
    if outer is None or entry is None or target is None:
        raise NoFixError("the dict with the interval has no entry for a scheduler")
    moved = _with_entry(target.value, entry)
    elements = [each.with_changes(value=moved) if each is target else each for each in outer.elements]
    changed = outer.with_changes(elements=_without(elements, outer.elements.index(entry)))
    text = code_at(changed, module.tree, module.path_to(outer))
    yield Draft(f'move the interval "{_PER_UPDATE}" beside the scheduler', (Change(outer, instead=text),))


def _added(problem: Problem) -> Iterator[Draft]:
    """An interval in the dict that has the scheduler, where the function makes one such dict."""
    module = problem.construction.module
    home = next((node for node in reversed(problem.construction.path) if isinstance(node, cst.FunctionDef)), None)
    dicts = [node for node in walk(home) if isinstance(node, cst.Dict)] if home is not None else []
    own = [each for each in dicts if any(_key(element) == SCHEDULER for element in each.elements)]
    holding = [element.value for each in dicts for element in each.elements if _key(element) == SCHEDULER_ENTRY]
    # The entry is a dict itself, or the scheduler.
    targets: list[cst.BaseExpression] = [
        *own,
        *(each for each in holding if not isinstance(each, cst.Dict) and not own),
    ]
    if len(targets) == 1:
        key, value = (cst.SimpleString(f'"{text}"') for text in (INTERVAL, _PER_UPDATE))
        changed = _with_entry(targets[0], cst.DictElement(key, value))
        text = code_at(changed, module.tree, module.path_to(targets[0]))
        yield Draft("have the trainer step after each update", (Change(targets[0], instead=text),))


def _other_horizon(claim: Claim) -> Iterator[Draft]:
    """The trainer's other length: its epochs for its updates, or these for those."""
    node = None if claim.place is None else claim.place.node
    if isinstance(node, cst.Attribute) and node.attr.value in LENGTHS:
        other = next(each for each in LENGTHS if each != node.attr.value)
        yield Draft(f"count by `{other}`", (Change(node.attr, instead=other),))


def _key(element: cst.BaseDictElement) -> str | None:
    return text_of(element.key) if isinstance(element, cst.DictElement) else None


def _with_entry(value: cst.BaseExpression, entry: cst.DictElement) -> cst.Dict:
    """The dict that has the scheduler, with one entry more."""
    quote = entry.key.quote if isinstance(entry.key, cst.SimpleString) else '"'
    if not isinstance(value, cst.Dict) or not value.elements:
        value = cst.Dict([cst.DictElement(cst.SimpleString(f"{quote}{SCHEDULER}{quote}"), value)])
    *others, last = value.elements
    between = others[-1].comma if others else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    return value.with_changes(
        elements=[*others, last.with_changes(comma=between), entry.with_changes(comma=last.comma)]
    )


def _without(elements: Sequence[cst.BaseDictElement], at: int) -> list[cst.BaseDictElement]:
    """The entries but for one; the new last one is followed by what followed the old one."""
    kept = [each for index, each in enumerate(elements) if index != at]
    if at == len(elements) - 1 and kept:
        kept[-1] = kept[-1].with_changes(comma=elements[at].comma)
    return kept
