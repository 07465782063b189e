"""Kinds of values: what none of them overrides is unknown and sound, and one class is all that a new one takes."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
import pytest

import lr_lint.semantics.values
from lr_lint.project.imports import Project
from lr_lint.semantics.machine.interpreter import SYNTAX, new_world
from lr_lint.semantics.machine.settling import settle
from lr_lint.semantics.values.base import BaseValue, Value, constant_key, key_of
from lr_lint.semantics.values.constants import NOTHING, Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Anchor, Frame
from lr_lint.semantics.values.lazy import Lazy
from lr_lint.semantics.values.operations import call, item_of, iterate, member, sliced, truth, unpack
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.semantics.worlds.explore import ASSUMED_COUNTS
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import literal
from tests.harness import frame_of, module_of

MODULE = module_of("x = 1\n")
NODE = cst.Name("x")


class Plain(BaseValue):
    """A kind about which nothing is known."""


@dataclass(frozen=True, slots=True)
class Pair(BaseValue):
    """A kind that knows its two parts."""

    first: Value
    second: Value

    def item(self, index: Value, node: cst.CSTNode, frame: Frame) -> Value | None:
        at = constant_key(index)
        return self.first if at == 0 else self.second if at == 1 else None

    def iterate(self) -> tuple[list[Value], bool]:
        return [self.first, self.second], False

    def held(self) -> Iterable[Value]:
        return (self.first, self.second)


@pytest.fixture
def frame() -> Frame:
    return frame_of(MODULE, new_world(ASSUMED_COUNTS[0], Project()))


def reason(value: Value) -> str:
    assert isinstance(value, Unknown)
    return value.reason


def test_a_kind_that_knows_nothing_is_unknown_in_all_respects(frame: Frame) -> None:
    plain = Plain()

    assert key_of(plain) is None
    assert truth(plain, NODE, frame)
    assert [reason(item) for item in iterate(plain)[0]] == ["what it iterates over is not known"]
    assert iterate(plain)[1], "there may be other items"
    assert len(unpack(plain, 3)) == 3
    assert reason(item_of(plain, literal(0), NODE, frame)) == "what is indexed is not known"
    assert reason(sliced(plain, [NOTHING, NOTHING, NOTHING])) == "the slice is not known"
    assert reason(member(plain, "lr", frame)) == "the attribute is not known"
    assert reason(call(plain, [], {}, Anchor(MODULE, NODE), frame)) == "what the call returns is not known"


def test_whoever_is_called_may_fill_the_containers_that_it_is_given(frame: Frame) -> None:
    items, entries = ListValue([]), DictValue({})

    call(Plain(), [items], {"more": entries}, Anchor(MODULE, NODE), frame)

    assert items.incomplete
    assert entries.incomplete


def test_a_new_kind_is_one_class(frame: Frame) -> None:
    pair = Pair(literal(0.1), Constant("b"))

    assert item_of(pair, literal(1), NODE, frame) == Constant("b")
    assert reason(item_of(pair, NOTHING, NODE, frame)) == "what is indexed is not known"
    assert iterate(pair) == ([literal(0.1), Constant("b")], False)


def test_what_is_held_by_a_new_kind_is_settled_before_it_changes(frame: Frame) -> None:
    items = ListValue([literal(1)])
    frame.names["x"] = Pair(items, NOTHING)
    lazy = Lazy(lambda: literal(len(items.values)), AccessPath.node(NODE), node=NODE, frame=frame)
    frame.world.memory.pending.append(lazy)

    settle(items, frame.world)
    items.values.clear()

    assert lazy.result == literal(1)


def test_a_kind_of_syntax_node_is_evaluated_or_run_by_one_function() -> None:
    """A second declaration of the same kind would silently replace the first."""
    kinds = [
        argument.attr
        for module in SYNTAX
        for function in ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")).body
        if isinstance(function, ast.FunctionDef)
        for decorator in function.decorator_list
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name)
        if decorator.func.id in {"evaluates", "runs"}
        for argument in decorator.args
        if isinstance(argument, ast.Attribute)
    ]

    assert len(kinds) > 40
    assert len(kinds) == len(set(kinds))


@pytest.mark.parametrize("path", sorted(Path(lr_lint.semantics.values.__path__[0]).glob("*.py")), ids=lambda p: p.stem)
def test_values_know_nothing_of_what_runs_code(path: Path) -> None:
    """Types may name it, but no kind of values loads the machine, the libraries or the worlds."""
    loaded = [
        node.module
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ImportFrom) and node.module is not None
    ]
    above = tuple(f"lr_lint.semantics.{name}" for name in ("machine", "libraries", "worlds"))

    assert [name for name in loaded if name.startswith(above)] == []
