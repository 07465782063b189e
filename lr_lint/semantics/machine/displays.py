"""Lists, tuples, sets and dicts, as code writes them, and comprehensions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from lr_lint.semantics.machine.expressions import evaluate, evaluates
from lr_lint.semantics.machine.iteration import iterator_over
from lr_lint.semantics.machine.targets import bind_target
from lr_lint.semantics.values.base import Value, constant_key
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Anchor, Frame
from lr_lint.semantics.values.iterators import IteratorValue
from lr_lint.semantics.values.operations import iterate, truth
from lr_lint.semantics.values.overridable import may_be_overridden
from lr_lint.semantics.values.sequences import distinct
from lr_lint.vocabulary.paths import AccessPath


def _elements(elements: Sequence[cst.BaseElement], frame: Frame) -> tuple[list[Value], bool]:
    values: list[Value] = []
    incomplete = False
    for element in elements:
        if isinstance(element, cst.StarredElement):
            inner, inner_incomplete = iterate(evaluate(element.value, frame))
            values.extend(inner)
            incomplete = incomplete or inner_incomplete
        else:
            values.append(evaluate(element.value, frame))
    return values, incomplete


@evaluates(cst.List)
def _list(node: cst.List, frame: Frame) -> Value:
    values, incomplete = _elements(node.elements, frame)
    return ListValue(values, "list", incomplete)


@evaluates(cst.Tuple)
def _tuple(node: cst.Tuple, frame: Frame) -> Value:
    values, incomplete = _elements(node.elements, frame)
    return ListValue(values, "tuple", incomplete)


@evaluates(cst.Set)
def _set(node: cst.Set, frame: Frame) -> Value:
    values, incomplete = _elements(node.elements, frame)
    return distinct(ListValue(values, "set", incomplete))


@evaluates(cst.Dict)
def _dict(node: cst.Dict, frame: Frame) -> Value:
    table = DictValue({})
    for element in node.elements:
        key = constant_key(evaluate(element.key, frame)) if isinstance(element, cst.DictElement) else None
        value = evaluate(element.value, frame)
        if isinstance(element, cst.DictElement):
            if key is None:
                table.incomplete = True
            else:
                table.entries[key] = value
        elif isinstance(value, DictValue):
            table.entries.update(value.entries)
            table.incomplete = table.incomplete or value.incomplete
        else:
            may_be_overridden(table, "other entries are merged into it", AccessPath.node(node), frame.world)
    return table


@evaluates(cst.ListComp, cst.SetComp)
def _comprehension(node: cst.ListComp | cst.SetComp, frame: Frame) -> Value:
    inner = _comprehension_frame(node, frame)
    over = _over(node.for_in, frame)
    values = [evaluate(node.elt, inner) for _ in _turns(node.for_in, over, inner)]
    if isinstance(node, cst.SetComp):
        return distinct(ListValue(values, "set", over.may_miss))
    return ListValue(values, "list", over.may_miss)


@evaluates(cst.GeneratorExp)
def _generator(node: cst.GeneratorExp, frame: Frame) -> Value:
    """Only what it goes over is evaluated where it stands."""
    inner = _comprehension_frame(node, frame)
    over = _over(node.for_in, frame)
    items = (evaluate(node.elt, inner) for _ in _turns(node.for_in, over, inner))
    return IteratorValue(frame.world, (over,), items, made_by=(node, frame))


def _over(loop: cst.CompFor, frame: Frame) -> IteratorValue:
    return iterator_over(evaluate(loop.iter, frame), Anchor(frame.module, loop.iter), frame)


def _comprehension_frame(node: cst.BaseComp, frame: Frame) -> Frame:
    return Frame(frame.module, node, frame, frame.world, receiver=frame.receiver, owner=frame.owner, depth=frame.depth)


@evaluates(cst.DictComp)
def _dict_comprehension(node: cst.DictComp, frame: Frame) -> Value:
    inner = _comprehension_frame(node, frame)
    table = DictValue({})
    over = _over(node.for_in, frame)
    for _ in _turns(node.for_in, over, inner):
        key = constant_key(evaluate(node.key, inner))
        value = evaluate(node.value, inner)
        if key is None:
            table.incomplete = True
        else:
            table.entries[key] = value
    table.incomplete = table.incomplete or over.may_miss
    return table


def _turns(loop: cst.CompFor, over: IteratorValue, frame: Frame) -> Iterator[None]:
    """The turns of a comprehension, with its variables bound; ``over`` learns whether turns may be missing."""
    grown = len(frame.world.seen.grown)
    for item in over.steps():
        bind_target(loop.target, item, frame)
        # Of an unknown iterable, the item stands for any item, so a filter decides nothing.
        if not over.may_miss and not all(truth(evaluate(test.test, frame), test.test, frame) for test in loop.ifs):
            continue
        if loop.inner_for_in is None:
            yield None
        else:
            inner = _over(loop.inner_for_in, frame)
            yield from _turns(loop.inner_for_in, inner, frame)
            over.lost = over.lost or inner.may_miss
    if over.may_miss:
        frame.world.seen.lose_count(grown)
