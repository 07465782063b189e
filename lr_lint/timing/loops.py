"""What a loop goes over, how often it turns, and what a turn of it is."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import libcst as cst

from lr_lint.lifecycle.evaluator import Evaluator
from lr_lint.project.effects import effects_of
from lr_lint.project.knowledge import GOING_OVER, LOADERS, PREPARING
from lr_lint.project.modules import Module
from lr_lint.semantics.values.base import Value, key_of
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import ListValue
from lr_lint.semantics.values.context import Raised
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.library_objects import Optimizer
from lr_lint.semantics.values.methods import Method
from lr_lint.semantics.values.unknown import Unknown, default_of
from lr_lint.semantics.values.world import BudgetExceeded
from lr_lint.source.tree import dotted_name, last_name, walk
from lr_lint.timing.turns import set_by
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import LENGTH, NAMELESS, WRITTEN, AccessPath, PathKind
from lr_lint.vocabulary.quantities import Basis, Quantity

_ENDLESS = frozenset({"cycle", "count"})
_COUNTERS = _ENDLESS | {"range"}
_RANGES = frozenset({"range", "trange", "arange"})
# What a name may stand for that changes while it is gone through.
_CHANGING = frozenset({"list", "iter"})
_CUTTING = frozenset({"islice"})
# What gives a variable something made of what is read in it.
_BINDING = (cst.Assign, cst.WithItem)

AnyLoop: TypeAlias = "cst.For | cst.While | cst.CompFor"


class Turn(enum.Enum):
    """What a turn of a loop is."""

    COUNT = "one of a number of turns"
    ITEM = "one item of what is gone through"
    PHASE = "one of a few parts of the same time"
    UNKNOWN = "nobody knows what"


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop on the way to a step.

    Attributes:
        module: the file.
        node: the loop.
        turn: what its turns are.
        count: how many there are, as a value: the bound of a range, the end of a ``while``; None where it goes over
            something.
        start: where a range begins, where that is said.
        step: what a range adds each time, where that is said.
        over: what it goes over; None for a range.
        bound: the expression that says how often it turns; None where it goes over something.
        total: how many turns a loop within it has in all, for a ``while`` that ends with that.
        number: how many turns it has, where that is known.
        basis: what that number rests on.
        cut: whether it may end long before what it is said to go over does.
        counting: the loop within it that counts up to its end, for a ``while`` that ends with that.
    """

    module: Module
    node: AnyLoop
    turn: Turn
    count: Value | None = None
    start: Value | None = None
    step: Value | None = None
    over: Value | None = None
    bound: cst.BaseExpression | None = None
    total: Value | None = None
    number: float | None = None
    basis: Basis = Basis.PROVED
    cut: bool = False
    counting: cst.For | None = None

    @property
    def counts(self) -> frozenset[AccessPath]:
        """The identities of the number of its turns."""
        lengths = {paths.operation(LENGTH, each) for each in identities_of(self.over)}
        if self.over is not None and self.count is None:
            return frozenset(each for each in lengths if each is not None)
        bounds = (self.count, self.start)
        keys = (unshifted(key_of(each)) for each in bounds if each is not None)
        return frozenset(key for key in keys if key is not None and key.kind not in NAMELESS)

    @property
    def is_open(self) -> bool:
        """Whether nothing says how often it turns."""
        return self.count is None and self.over is None and self.total is None

    @property
    def targets(self) -> frozenset[str]:
        """The variables that each turn sets."""
        return frozenset() if isinstance(self.node, cst.While) else frozenset(set_by(self.node.target))


def loop_of(module: Module, node: cst.CSTNode, evaluator: Evaluator) -> Loop | None:
    """A node as a loop; None for what is none."""
    if isinstance(node, (cst.For, cst.CompFor)):
        return _over(module, node, node.iter, evaluator, depth=0)
    return _while(module, node, evaluator) if isinstance(node, cst.While) else None


def _over(
    module: Module, node: cst.For | cst.CompFor, given: cst.BaseExpression, evaluator: Evaluator, depth: int
) -> Loop:
    if depth > 6:
        return Loop(module, node, Turn.UNKNOWN)
    if isinstance(given, cst.Call):
        name = last_name(given.func)
        arguments = [each.value for each in given.args if each.keyword is None and not each.star]
        if name in _RANGES and arguments:
            return _range(module, node, arguments, evaluator)
        if name == "zip" and arguments:
            return _zipped(module, node, arguments, evaluator, depth)
        if name in _CUTTING and arguments:
            return _cut_short(module, node, arguments, evaluator)
        first = next((each.value for each in given.args if _is_iterable(each)), None)
        if name in GOING_OVER and first is not None:
            return _over(module, node, first, evaluator, depth + 1)
    if isinstance(given, (cst.List, cst.Tuple)) and all(
        isinstance(each.value, cst.SimpleString) for each in given.elements
    ):
        return Loop(module, node, Turn.PHASE, number=float(len(given.elements)))
    if isinstance(given, cst.Name):
        behind = _behind(module, given)
        if behind is None:
            loop = _going_over(module, node, evaluator.value_of(module, given))
        else:
            loop = _over(module, node, behind, evaluator, depth + 1)
        if (behind is None or last_name(behind.func) in _CHANGING) and _is_handled(node, given.value):
            return replace(loop, number=None)
        return loop
    return _going_over(module, node, evaluator.value_of(module, given))


def _cut_short(
    module: Module, node: cst.For | cst.CompFor, arguments: list[cst.BaseExpression], evaluator: Evaluator
) -> Loop:
    """``islice(loader, n)``: as many items as are asked for, as far as there are any."""
    over = Unknown("it is cut short")
    stop = evaluator.value_of(module, arguments[min(len(arguments) - 1, 2)]) if len(arguments) > 1 else None
    number = number_of(stop) if len(arguments) == 2 else None
    if stop is None or len(arguments) > 2 or number == 1:
        return Loop(module, node, Turn.ITEM, over=over, cut=True)
    return Loop(module, node, Turn.ITEM, count=stop, over=over, number=number, basis=basis_of(stop))


def _is_handled(node: cst.For | cst.CompFor, name: str) -> bool:
    """Whether the turns of a loop may change what it goes over, so that there are more of them or fewer."""
    if isinstance(node, cst.CompFor):
        return False
    effects = effects_of(node.body)
    return name in effects.touches or name in effects.passes


def _is_iterable(argument: cst.Arg) -> bool:
    return argument.keyword is None or argument.keyword.value == "iterable"


def _behind(module: Module, name: cst.Name) -> cst.Call | None:
    """What a variable stands for that a ``with`` statement or an assignment made of something gone through."""
    binding = module.scopes.resolve(name.value, name)
    binders = () if binding is None else module.scopes.binders(binding)
    # ``loader = tqdm(loader)`` reads what the variable held before.
    around = frozenset(each for each in module.path_to(name) if isinstance(each, _BINDING))
    before = [each for each in binders if module.is_before(each, name) and around.isdisjoint(module.path_to(each))]
    if not before:
        return None
    path = module.path_to(before[-1])
    for node in reversed(path):
        if isinstance(node, cst.WithItem):
            return node.item if isinstance(node.item, cst.Call) and last_name(node.item.func) in GOING_OVER else None
        if isinstance(node, cst.Assign):
            value = node.value
            is_it = len(node.targets) == 1 and node.targets[0].target is before[-1]
            if not isinstance(value, cst.Call) or last_name(value.func) not in GOING_OVER | _RANGES | {"zip"}:
                return None
            return value if is_it else None
    return None


def _zipped(
    module: Module, node: cst.For | cst.CompFor, arguments: list[cst.BaseExpression], evaluator: Evaluator, depth: int
) -> Loop:
    """Several things side by side: the first of them that is no counter, and no longer than the shortest is."""
    counters = [each for each in arguments if isinstance(each, cst.Call) and last_name(each.func) in _COUNTERS]
    others = [each for each in arguments if each not in counters]
    loop = _over(module, node, (others or arguments)[0], evaluator, depth + 1)
    ends = any(last_name(each.func) not in _ENDLESS for each in counters)
    return replace(loop, number=None) if ends or len(others) > 1 else loop


def _range(module: Module, node: cst.For | cst.CompFor, bounds: list[cst.BaseExpression], evaluator: Evaluator) -> Loop:
    whole = _length_in(bounds)
    if whole is not None:
        return _going_over(module, node, evaluator.value_of(module, whole))
    values = [evaluator.value_of(module, each) for each in bounds]
    start, stop = (None, values[0]) if len(values) == 1 else (values[0], values[1])
    step = values[2] if len(values) > 2 else None
    first, last = (0.0 if len(values) == 1 else number_of(start)), number_of(stop)
    by = 1.0 if step is None and len(values) < 3 else number_of(step)
    number = None
    if first is not None and last is not None and by:
        number = max(0.0, -(-(last - first) // by))
    end = bounds[0] if len(bounds) == 1 else bounds[1]
    basis = max(map(basis_of, values))
    return Loop(module, node, Turn.COUNT, count=stop, start=start, step=step, bound=end, number=number, basis=basis)


def _length_in(bounds: list[cst.BaseExpression]) -> cst.BaseExpression | None:
    """What ``range(len(it))`` counts the items of, or ``range(1, len(it) + 1)``; None for another range."""
    end = bounds[0]
    if len(bounds) == 2 and _is_one(bounds[0]):
        shifted = bounds[1]
        if not (isinstance(shifted, cst.BinaryOperation) and isinstance(shifted.operator, cst.Add)):
            return None
        if not _is_one(shifted.right):
            return None
        end = shifted.left
    elif len(bounds) != 1:
        return None
    return end.args[0].value if isinstance(end, cst.Call) and last_name(end.func) == LENGTH and end.args else None


def _going_over(module: Module, node: cst.For | cst.CompFor, value: Value | None) -> Loop:
    if isinstance(value, ListValue) and not value.incomplete:
        if len(value.values) <= 4 and all(isinstance(each, Constant) for each in value.values):
            return Loop(module, node, Turn.PHASE, over=value, number=float(len(value.values)))
        if any(isinstance(each, Optimizer) for each in value.values):
            return Loop(module, node, Turn.UNKNOWN)
        return Loop(module, node, Turn.ITEM, over=value, number=float(len(value.values)))
    if value is None:
        return Loop(module, node, Turn.ITEM, over=Unknown("what it goes over is not known"))
    if isinstance(value, Constant):
        return Loop(module, node, Turn.PHASE, over=value)
    return Loop(module, node, Turn.ITEM, over=value, number=1.0 if _holds_all_at_once(value) else None)


def _holds_all_at_once(value: Value) -> bool:
    """Whether a loader gives all of its data as one batch: ``DataLoader(data, batch_size=len(data))``."""
    if not isinstance(value, Unknown) or value.invocation is None or not value.invocation.arguments:
        return False
    size = value.invocation.keyword("batch_size")
    key = None if size is None else key_of(asked(size) or size)
    return key is not None and any(
        key is paths.operation(LENGTH, each) for each in identities_of(asked(value.invocation.arguments[0]))
    )


def _while(module: Module, node: cst.While, evaluator: Evaluator) -> Loop:
    """``while step < last``: as many turns as the bound says, if the body counts the turns."""
    for test in _conjuncts(node.test):
        if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1:
            continue
        comparison = test.comparisons[0]
        if isinstance(comparison.operator, (cst.LessThan, cst.LessThanEqual, cst.NotEqual)):
            counter, bound = test.left, comparison.comparator
        elif isinstance(comparison.operator, (cst.GreaterThan, cst.GreaterThanEqual)):
            counter, bound = comparison.comparator, test.left
        else:
            continue
        name = dotted_name(counter)
        value = evaluator.value_of(module, bound) if name is not None else None
        if name is not None and counts_turns(node.body, name):
            number = _turns_until(module, node, counter, value, evaluator) if node.test is test else None
            return Loop(module, node, Turn.COUNT, count=value, bound=bound, number=number, basis=basis_of(value))
        inner = (each for each in walk(node.body) if isinstance(each, cst.For) and name is not None)
        counting = next((each for each in inner if counts_turns(each.body, name or "")), None)
        if counting is not None:
            return Loop(module, node, Turn.COUNT, total=value, counting=counting)
    # Whatever ends it, its turns are taken one by one.
    return Loop(module, node, Turn.COUNT)


def _turns_until(
    module: Module, node: cst.While, counter: cst.BaseExpression, bound: Value | None, evaluator: Evaluator
) -> float | None:
    """How often a ``while`` turns that has one condition, where the counter's start and its end are known."""
    setting = (each for each in walk(node.body) if isinstance(each, (cst.AugAssign, cst.AssignTarget, cst.For)))
    names = [name.value for each in setting for name in walk(each.target) if isinstance(name, cst.Name)]
    if not isinstance(counter, cst.Name) or names.count(counter.value) != 1:
        return None
    first, last = number_of(evaluator.value_of(module, counter)), number_of(bound)
    if first is None or last is None:
        return None
    included = any(isinstance(each, (cst.LessThanEqual, cst.GreaterThanEqual)) for each in walk(node.test))
    return max(0.0, last - first + included)


def _conjuncts(test: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And):
        yield from _conjuncts(test.left)
        yield from _conjuncts(test.right)
    else:
        yield test


def counts_turns(body: cst.CSTNode, counter: str) -> bool:
    """Whether each turn of a loop itself adds one to a variable; one in a loop within counts something else."""
    statements = getattr(body, "body", ())
    for statement in statements:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.AugAssign) and dotted_name(small.target) == counter:
                return isinstance(small.operator, cst.AddAssign) and _is_one(small.value)
            if isinstance(small, cst.Assign) and any(dotted_name(each.target) == counter for each in small.targets):
                return _adds_one(small.value, counter)
    return False


def _adds_one(value: cst.BaseExpression, counter: str) -> bool:
    return (
        isinstance(value, cst.BinaryOperation)
        and isinstance(value.operator, cst.Add)
        and dotted_name(value.left) == counter
        and _is_one(value.right)
    )


def _is_one(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Integer) and node.value == "1"


def unshifted(path: AccessPath | None) -> AccessPath | None:
    """The path of ``epochs`` for that of ``epochs + 1``: a loop that begins at one counts the same."""
    if path is None or path.kind is not PathKind.OPERATION or path.parts[0] not in {"+", "-"} or len(path.parts) != 3:
        return path
    _, left, right = path.parts
    if not isinstance(left, AccessPath) or not isinstance(right, AccessPath):
        return path
    return left if right.kind in WRITTEN and left.kind not in NAMELESS else path


def number_of(value: Value | None) -> float | None:
    """A number that is written, or the default of an option."""
    if isinstance(value, Unknown):
        value = default_of(value)
    if not isinstance(value, Quantity) or not value.basis.is_written:
        return None
    number = value.number
    return float(number) if isinstance(number, (int, float)) and abs(number) < 1e15 else None


def basis_of(value: Value | None) -> Basis:
    """What a number rests on that `number_of` tells."""
    return value.basis if isinstance(value, Quantity) else Basis.DEFAULT


def identities_of(value: Value | None, depth: int = 0) -> frozenset[AccessPath]:
    """The paths under which a value may be known: its own, where it was made, and those of what was wrapped in it."""
    if value is None:
        return frozenset()
    found: set[AccessPath] = set()
    key = key_of(value)
    if key is not None:
        found.add(key)
    if isinstance(value, Unknown) and value.invocation is not None:
        found.add(AccessPath.node(value.invocation.anchor.node))
        if depth < 4 and passes_on(value):
            for each in value.invocation.arguments:
                found |= identities_of(asked(each), depth + 1)
    return frozenset(found)


def asked(value: Value) -> Value | None:
    """A value that may have been put off; None where computing it raises or takes too long."""
    try:
        return force(value)
    except (Raised, BudgetExceeded, RecursionError):
        return None


def passes_on(value: Unknown) -> bool:
    """Whether what a call gave stands for what it was given: a wrapper of a loader."""
    callee = value.invocation.callee if value.invocation is not None else None
    return callee_name(callee) in (GOING_OVER | PREPARING)


def callee_name(callee: Value | None) -> str:
    """The last name of what was called."""
    if isinstance(callee, External):
        return callee.name.rpartition(".")[2]
    if isinstance(callee, Method):
        return callee.name
    if isinstance(callee, Unknown):
        return callee.name
    return ""


def is_loader(value: Value | None, depth: int = 0) -> bool:
    """Whether a value is a loader of a library, or one that was wrapped."""
    if not isinstance(value, Unknown) or value.invocation is None or depth > 4:
        return False
    if callee_name(value.invocation.callee) in LOADERS:
        return True
    return passes_on(value) and any(is_loader(asked(each), depth + 1) for each in value.invocation.arguments)
