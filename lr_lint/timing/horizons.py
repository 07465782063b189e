"""What a schedule's time is measured against: the arguments that count time, and what a callable compares it with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import libcst as cst

from lr_lint.lifecycle.evaluator import Evaluator
from lr_lint.project import namings
from lr_lint.project.holders import function_of
from lr_lint.project.modules import Module
from lr_lint.semantics.values.base import key_of
from lr_lint.semantics.values.containers import ListValue
from lr_lint.semantics.values.context import Frame
from lr_lint.semantics.values.unknown import default_of
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.source.tree import code_of, last_name
from lr_lint.timing.loops import asked, number_of
from lr_lint.timing.terms import Term, term_of
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import Extent, Horizon
from lr_lint.vocabulary.names import words_of
from lr_lint.vocabulary.paths import AccessPath, PathKind, rewritten
from lr_lint.vocabulary.quantities import Quantity
from lr_lint.vocabulary.time_units import TimeUnit

# Words in the names of what counts epochs, and in those of what only has to do with them.
_EPOCHS = frozenset({"epoch", "epochs", "nepoch", "nepochs"})
_OF_AN_EPOCH = frozenset(
    "per step steps iter iters iteration iterations batch batches update updates len length size".split()
)
# The paths that end with a name.
_NAMED = frozenset({PathKind.PARAMETER, PathKind.ATTRIBUTE, PathKind.VARIABLE, PathKind.FLAG})
# Where a schedule goes on that was begun before (torch 2.13.0).
_DONE = (None, "last_epoch")


@dataclass(frozen=True, slots=True)
class Mark:
    """An amount of time that a schedule knows of.

    Attributes:
        path: its identity; None where it has none.
        number: how much it is, where that is written.
        extent: what it says.
        source: how the code spells it.
        node: the expression; None for what a callable compares its time with.
        decay: what the rate is multiplied by after it, and what else follows; None where that is not so.
        name: what the code calls it; empty where it is computed.
    """

    path: AccessPath | None
    number: float | None
    extent: Extent
    source: str
    node: cst.BaseExpression | None = None
    decay: float | None = None
    name: str = ""

    @property
    def is_called_epochs(self) -> bool:
        """Whether its name says that it counts epochs, and nothing besides: not ``steps_per_epoch``."""
        words = frozenset(words_of(self.name))
        return not words.isdisjoint(_EPOCHS) and words.isdisjoint(_OF_AN_EPOCH)

    def term(self, units: Mapping[AccessPath, TimeUnit]) -> Term:
        """Its unit."""
        return term_of(self.path, units)


def marks_of(
    construction: Construction, evaluator: Evaluator, seen: Sequence[Quantity], ratio: float | None = None
) -> list[Mark]:
    """The amounts of time that a schedule knows of.

    Args:
        construction: where it is constructed.
        evaluator: the world of that.
        seen: what its callable was seen to compare its time with.
        ratio: what its callable multiplies the rate by with each step, where that is one number.
    """
    found = [mark for row in construction.contract.horizons for mark in _given(construction, evaluator, row)]
    given = partial(_given_to_parameter, evaluator.frame)
    found += [
        Mark(rewritten(each.key, given), number_of(each), Extent.WHOLE, "", name=_name_of(construction.module, each))
        for each in seen
    ]
    if ratio is not None:
        found.append(Mark(None, 1.0, Extent.EACH_STEP, "", decay=ratio))
    done = construction.argument(_DONE)
    if done is not None:
        found += _given(construction, evaluator, Horizon(_DONE, Extent.DONE))
    return found


def is_bare(construction: Construction) -> bool:
    """Whether a schedule with a curve of its own is given plain numbers alone, as far as it counts time."""
    contract = construction.contract
    given = [construction.argument(place) for row in contract.horizons for place in (row.place, row.times) if place]
    done = construction.argument(_DONE)
    told = [each for each in given if each is not None]
    return contract.callable is None and not contract.by_argument and done is None and all(map(_is_number, told))


def _is_number(node: cst.BaseExpression) -> bool:
    if isinstance(node, (cst.List, cst.Tuple)):
        return all(_is_number(each.value) for each in node.elements)
    return isinstance(node, (cst.Integer, cst.Float))


def spelled_marks(construction: Construction) -> list[Mark]:
    """The amounts of time that a schedule is given, as they are spelled, where nothing is to be held against them."""
    found: list[Mark] = []
    for row in construction.contract.horizons:
        argument = construction.argument(row.place)
        if argument is not None:
            number = argument.evaluated_value if isinstance(argument, (cst.Integer, cst.Float)) else None
            found.append(Mark(None, number, row.extent, code_of(argument), argument))
    return found


def _given_to_parameter(frame: Frame | None, path: AccessPath) -> AccessPath | None:
    """What a parameter of a function around the construction was given, on the way that was taken there."""
    scope, name = path.parts if path.kind is PathKind.PARAMETER else (None, None)
    while frame is not None and frame.scope is not scope:
        frame = frame.parent
    value = None if frame is None or not isinstance(name, str) else frame.names.get(name)
    known = None if value is None else asked(value)
    return None if known is None else key_of(known)


def beside(construction: Construction, evaluator: Evaluator) -> Iterator[AccessPath | None]:
    """The amounts of time that other schedulers of the same function are given: they share their units."""
    module = construction.module
    home = function_of(construction.path)
    given = [construction.argument(each.place) for each in construction.contract.horizons]
    known = {code_of(each): each for each in given if each is not None}
    for row in BUILT_IN.sought:
        for call in (each for word in row.words for each in module.calls().get(word, ()) if row.horizons):
            path = module.path_to(call)
            if call is construction.call or function_of(path) is not home:
                continue
            other = Construction(construction.project, module, call, path, row, construction.budget)
            for each in row.horizons:
                argument = other.argument(each.place)
                same = None if argument is None else known.setdefault(code_of(argument), argument)
                if argument is None or same is None or same is argument or not _are_equal(same, argument, module):
                    yield from (mark.path for mark in _given(other, evaluator, each))


def _are_equal(one: cst.BaseExpression, other: cst.BaseExpression, module: Module) -> bool:
    """Whether expressions of one spelling have the same value: in branches of a condition that change none of it."""
    around = zip(module.path_to(one), module.path_to(other), strict=False)
    shared = [each for each, same in around if each is same][-1]
    return type(shared) is cst.If and module.affected(shared).isdisjoint(module.effects(one).reads)


def _given(construction: Construction, evaluator: Evaluator, row: Horizon) -> Iterator[Mark]:
    argument = construction.argument(row.place)
    if argument is None:
        return
    value = evaluator.value_of(construction.module, argument)
    decay = _decay(construction, evaluator, row)
    if row.extent is Extent.EACH_STEP:
        yield Mark(None, 1.0, row.extent, code_of(argument), argument, number_of(value))
        return
    default = default_of(value)
    written = default if isinstance(default, ListValue) else value
    items = [asked(each) for each in written.values] if isinstance(written, ListValue) else [value]
    factor = None if row.times is None else construction.argument(row.times)
    text = code_of(argument)
    if row.times is not None:
        if factor is None:
            return
        other = evaluator.value_of(construction.module, factor)
        product = None if value is None or other is None else evaluator.product_of(value, other)
        items, text = [product], f"{text} * {code_of(factor)}"
    for item in items:
        path = None if item is None else key_of(item)
        yield Mark(path, number_of(item), row.extent, text, argument, decay, _called(argument, row))


def _called(argument: cst.BaseExpression, row: Horizon) -> str:
    """What the code calls an argument that it gives as it is."""
    if row.times is not None or not isinstance(argument, (cst.Name, cst.Attribute, cst.Subscript)):
        return ""
    return namings.spelling_of(argument)


def _name_of(module: Module, mark: Quantity) -> str:
    """What the code calls what a callable compares its time with; of a difference what it calls the whole."""
    path = mark.key
    while path is not None and path.kind is PathKind.OPERATION and path.parts[0] in {"+", "-"}:
        path = path.parts[1] if isinstance(path.parts[1], AccessPath) else None
    if path is None:
        return mark.name
    last = path.parts[-1]
    around = module.path_to(last) if path.kind is PathKind.LITERAL and isinstance(last, cst.CSTNode) else ()
    if around and isinstance(around[-1], cst.Assign):
        return last_name(around[-1].targets[0].target)
    return last if path.kind in _NAMED and isinstance(last, str) else mark.name


def _decay(construction: Construction, evaluator: Evaluator, row: Horizon) -> float | None:
    if row.decays is None:
        return None
    place, default = row.decays
    argument = construction.argument(place)
    return default if argument is None else number_of(evaluator.value_of(construction.module, argument))
