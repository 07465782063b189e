"""The arguments of a scheduler that count its time, counted in another unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from lr_lint.checks.fixes.drafts import Change
from lr_lint.checks.fixes.problem import Problem
from lr_lint.checks.fixes.quotients import divides_tightly
from lr_lint.checks.fixes.remedy import claim_of
from lr_lint.checks.fixes.spellings import meaning_the_same
from lr_lint.checks.fixes.time_shapes import SteppedPlace, count_in, names_along_calls
from lr_lint.source.tree import code_of, last_name

_NUMBERS = (cst.Integer, cst.Float)
_LISTS = (cst.List, cst.Tuple)


def horizon_arguments(problem: Problem) -> Sequence[cst.BaseExpression]:
    """The arguments that count time, that of the finding first; none where another one may count in its own unit."""
    claim, construction = claim_of(problem), problem.construction
    first = None if claim.place is None else claim.place.node
    given = [construction.argument(row.place) for row in construction.contract.horizons if row.times is None]
    others = [each for each in given if each is not None and each is not first and not _is_zero(each)]
    known = isinstance(first, cst.BaseExpression) and any(first is each for each in given)
    if not known or not isinstance(first, cst.BaseExpression) or any(isinstance(each, _NUMBERS) for each in others):
        return ()
    return [first, *others]


def _is_zero(node: cst.BaseExpression) -> bool:
    return isinstance(node, _NUMBERS) and node.evaluated_value == 0


def multiplied(node: cst.BaseExpression, times: str) -> Iterator[Change]:
    """The changes that multiply, or divide, an amount, or each of a list of them."""
    if isinstance(node, _LISTS):
        for element in node.elements:
            yield from multiplied(element.value, times)
    elif divides_tightly(node):
        yield Change(node, after=times)
    else:
        yield Change(node, "(", f"){times}")


def told(change: Change) -> str:
    """What comes of an amount, for messages."""
    return f"{change.before}{code_of(change.node)}{change.after}"


def without_batches(problem: Problem, node: cst.BaseExpression) -> str | None:
    """The code of a product without the number of batches that is one of its factors; None where none is."""
    module = problem.construction.module
    product: cst.BaseExpression | None = node
    if isinstance(node, cst.Name):
        product = module.only_value_of(node.value, node)
    if not isinstance(product, cst.BinaryOperation) or not isinstance(product.operator, cst.Multiply):
        return None
    kept = [one for one, other in ((product.left, product.right), (product.right, product.left)) if _is_length(other)]
    if len(kept) != 1 or not isinstance(kept[0], (cst.Name, cst.Attribute, cst.Integer)):
        return None
    if isinstance(kept[0], cst.Integer):
        return kept[0].value
    return next(iter(meaning_the_same(problem, kept)), None)


def _is_length(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Call) and last_name(node.func) == "len"


def counted_by(problem: Problem, around: SteppedPlace) -> str | None:
    """Of how many batches one is an update, as the scheduler's construction may spell it; None where it may not."""
    for each in (*around.path, *around.passed):
        count = count_in(each.test) if isinstance(each, cst.If) else None
        if isinstance(count, cst.Integer):
            return count.value
        if count is not None:
            return next(iter(meaning_the_same(problem, names_along_calls(around.module, count))), None)
    return None
