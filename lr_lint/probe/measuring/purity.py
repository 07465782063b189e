"""Whether the callables of a scheduler depend on the time alone, as every schedule should.

Each is called twice for one step, then once more with the rates doubled. Callables that one loop made are looked up in
their source: a variable that the loop changes is the same one for all of them.
"""

from __future__ import annotations

import ast
import linecache
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import CodeType, FrameType, FunctionType
from typing import Any

import torch

from lr_lint.probe.measuring.preservation import preserved
from lr_lint.probe.records import Rate

# Not 0, where warm-ups return 0 and powers return 1 whatever else they read.
_TIMES = (1, 3)
_SAME = 1e-9

_Comprehension = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_Scope = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef, ast.Module)


@dataclass(slots=True)
class Purity:
    """What was found out about the callables of one scheduler.

    Attributes:
        impurities: sentences for the user.
        scales_with_rate: whether a callable returns twice as much when the rate in force is doubled.
    """

    impurities: list[str] = field(default_factory=list)
    scales_with_rate: bool = False


def plain(rate: Any) -> Rate:
    """A rate as PyTorch may hold it (a tensor, a NumPy scalar, a fraction) as a Python number; NaN if it is none."""
    try:
        value = rate.item() if hasattr(rate, "item") else rate
        return value if isinstance(value, complex) else float(value)
    except (TypeError, ValueError, RuntimeError):
        return math.nan


def examine(scheduler: Any) -> Purity:
    """Call the callables of a scheduler and put everything back."""
    callables = [each for each in getattr(scheduler, "lr_lambdas", None) or () if callable(each)]
    purity = Purity()
    for position, each in enumerate(callables):
        if any(each is earlier for earlier in callables[:position]):
            continue
        with preserved(scheduler):
            _call(
                scheduler, each, f"the callable of group {position}" if len(callables) > 1 else "the callable", purity
            )
    purity.impurities += _late_bound(callables)
    return purity


def instructions_at(function: Callable[[int], Any], time: int) -> frozenset[tuple[CodeType, int]] | None:
    """The instructions that a callable runs through at a time, by code and offset; None where it raises.

    They differ between two times where a branch was taken differently.
    """
    passed: set[tuple[CodeType, int]] = set()

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        frame.f_trace_opcodes = True
        if event == "opcode":
            passed.add((frame.f_code, frame.f_lasti))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function(time)
    except Exception:  # code of the user's
        return None
    finally:
        sys.settrace(before)
    return frozenset(passed)


def _call(scheduler: Any, each: Callable[[int], Any], name: str, purity: Purity) -> None:
    scaling: list[bool] = []
    changed: tuple[int, Rate, Rate] | None = None
    for time in _TIMES:
        try:
            first, second = plain(each(time)), plain(each(time))
            if not _equal(first, second):
                purity.impurities.append(
                    f"{name} returned {first:.6g} and then {second:.6g} for the same step {time}: "
                    "it keeps a state or is random"
                )
                return
            with preserved(scheduler):
                _double_rates(scheduler)
                doubled = plain(each(time))
        except Exception:  # the schedule itself will show it, where it matters
            continue
        if not _equal(first, doubled):
            changed = changed or (time, first, doubled)
        if first:
            scaling.append(_equal(2 * first, doubled))
    if changed is None:
        return
    time, first, doubled = changed
    sentence = (
        f"{name} reads the rate in force: with the rates doubled it returns {doubled:.6g} instead of {first:.6g} "
        f"at step {time}"
    )
    if scaling and all(scaling):
        purity.scales_with_rate = True
        sentence += ", so the schedule compounds on itself"
    purity.impurities.append(sentence)


def _equal(first: Rate, second: Rate) -> bool:
    if isinstance(first, complex) or isinstance(second, complex):
        return abs(first - second) <= _SAME * abs(first)
    return math.isclose(first, second, rel_tol=_SAME) or (math.isnan(first) and math.isnan(second))


def _double_rates(scheduler: Any) -> None:
    for group in scheduler.optimizer.param_groups:
        if isinstance(group["lr"], torch.Tensor):
            with torch.no_grad():
                group["lr"].mul_(2)
        else:
            group["lr"] = group["lr"] * 2


def _late_bound(callables: Sequence[Any]) -> Iterator[str]:
    """Sentences on callables made by one loop that all read a variable of that loop."""
    families: dict[Any, list[tuple[int, FunctionType]]] = {}
    for position, each in enumerate(callables):
        if isinstance(each, FunctionType):
            families.setdefault(each.__code__, []).append((position, each))
    for code, family in families.items():
        functions = [each for _, each in family]
        if len({id(each) for each in functions}) < 2:
            continue
        shared = {
            name
            for place, name in enumerate(code.co_freevars)
            if len({id(each.__closure__[place]) for each in functions if each.__closure__}) == 1
        }
        shared.update(name for name in code.co_names if name in functions[0].__globals__)
        for name in sorted(shared & _loop_variables(functions[0])):
            groups = ", ".join(str(position) for position, _ in family)
            yield (
                f"the callables of groups {groups} share the loop variable {name!r}: all of them see its last value "
                f"(bind it as a default argument: {name}={name})"
            )


def _loop_variables(function: FunctionType) -> set[str]:
    """The names that the loops around a function change from turn to turn; none where there is no source."""
    code = function.__code__
    try:
        tree = ast.parse("".join(linecache.getlines(code.co_filename, function.__globals__)))
    except (SyntaxError, ValueError, RecursionError):
        return set()
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    found = [node for node in parents if _defines(node, function)]
    names = [_changed_around(node, parents) for node in found]
    return set.intersection(*names) if names else set()


def _defines(node: ast.AST, function: FunctionType) -> bool:
    code = function.__code__
    if isinstance(node, ast.Lambda):
        named, line = code.co_name == "<lambda>", node.lineno
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        named, line = code.co_name == node.name, min([node.lineno, *(each.lineno for each in node.decorator_list)])
    else:
        return False
    arguments = [each.arg for each in (*node.args.posonlyargs, *node.args.args)]
    return named and line == code.co_firstlineno and tuple(arguments) == code.co_varnames[: code.co_argcount]


def _changed_around(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> set[str]:
    """The targets of the loops around a node, in its scope, and what the loops compute from them."""
    changed: set[str] = set()
    parent = parents.get(node)
    while parent is not None and not isinstance(parent, _Scope):
        if isinstance(parent, _Comprehension):
            for generator in parent.generators:
                changed |= _names(generator.target)
        elif isinstance(parent, (ast.For, ast.AsyncFor)):
            changed |= _names(parent.target)
            changed |= _computed_from(changed, parent.body)
        parent = parents.get(parent)
    return changed


def _computed_from(changed: set[str], body: Sequence[ast.stmt]) -> set[str]:
    known = set(changed)
    for statement in body:
        if isinstance(statement, ast.Assign) and _names(statement.value) & known:
            known.update(*(_names(target) for target in statement.targets if isinstance(target, (ast.Name, ast.Tuple))))
    return known


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
