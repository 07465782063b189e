"""What statements do to names, against CPython: generated statements are run on objects that note every change.

Each object notes what is done to it or to a part of it: every method changes its object, a function changes whatever
it is given. So whatever has changed after a statement must be among what the statement binds, touches or passes.
"""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterator
from typing import Any

import libcst as cst
import pytest

from lr_lint.project.binders import target_names
from lr_lint.project.effects import effects_of
from lr_lint.source.tree import dotted_name, walk

NAMES = ("a", "b", "c", "self.x", "self.y")


class Thing:
    """An object that notes that it was changed, under the name of the variable that held it first; so do its parts."""

    def __init__(self, name: str, changed: set[str]) -> None:
        object.__setattr__(self, "_note", lambda: changed.add(name))
        object.__setattr__(self, "_part", lambda: Thing(name, changed))

    def change(self) -> None:
        self._note()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return Member(self)

    def __getitem__(self, key: object) -> Any:
        return self._part()

    def __add__(self, other: object) -> list[object]:
        return [self, other]

    def __iadd__(self, other: object) -> Thing:
        self.change()
        return self

    def __iter__(self) -> Iterator[Thing]:
        self.change()
        return iter([self._part(), self._part()])

    def __enter__(self) -> Any:
        self.change()
        return self._part()

    def __exit__(self, *exception: object) -> None:
        self.change()

    def __setattr__(self, name: str, value: object) -> None:
        self.change()

    def __setitem__(self, key: object, value: object) -> None:
        self.change()

    def __delitem__(self, key: object) -> None:
        self.change()


class Member(Thing):
    """A part that may be called as a method."""

    def __init__(self, owner: Thing) -> None:
        object.__setattr__(self, "_note", owner._note)
        object.__setattr__(self, "_part", owner._part)

    def __call__(self, *arguments: object, **keywords: object) -> Any:
        self.change()
        change(arguments, keywords)
        return self._part()


def change(*values: Any) -> list[object]:
    """Changes all that it is given, with what that holds; functions are called."""
    for value in values:
        if isinstance(value, Thing):
            value.change()
        elif isinstance(value, dict):
            change(*value.values())
        elif isinstance(value, Holder):
            change(*vars(value).values())
        elif callable(value) and value is not change:
            change(value())
        elif isinstance(value, (list, tuple)) or hasattr(value, "__next__"):
            change(*value)
    return list(values)


class Holder:
    """An object with attributes: ``self``."""


class Generator:
    """Statements of all kinds on a few variables."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def name(self) -> str:
        return self.random.choice(NAMES)

    def local(self) -> str:
        return self.random.choice("abcde")

    def place(self) -> str:
        return self.name() + self.random.choice(["", ".m", "[0]", ".m[0].n"])

    def expression(self, depth: int = 2) -> str:
        def inner() -> str:
            return self.expression(depth - 1) if depth else self.place()

        made: list[Callable[[], str]] = [
            self.place,
            lambda: f"{self.place()}.run({inner()}, k={inner()})",
            lambda: f"f({inner()}, *[{inner()}], k={inner()})",
            lambda: f"[{inner()}, {{'k': {inner()}}}]",
            lambda: f"({inner()} if {inner()} else {inner()})",
            lambda: f"({inner()} and {inner()})",
            lambda: f"({inner()} + {inner()})",
            lambda: f"(lambda: {inner()})",
            lambda: f"(lambda v={inner()}: v)",
            lambda: f"[{inner()} for {self.local()} in {inner()}]",
            lambda: f"(v.run() for v in {inner()} for {self.local()} in {self.place()})",
            lambda: f"({self.local()} := {inner()})",
            lambda: "self",
        ]
        return self.random.choice(made)()

    def statement(self, depth: int = 1) -> list[str]:
        simple = [
            f"{self.local()} = {self.expression()}",
            f"{self.local()}, {self.local()} = {self.expression()}",
            f"{self.place()} += {self.expression()}",
            f"{self.place()} = {self.expression()}",
            f"del {self.name()}[0]",
            f"del {self.local()}",
            f"{self.expression()}",
            f"f({self.expression()})",
        ]
        if depth == 0 or self.random.random() < 0.6:
            return [self.random.choice(simple)]
        head = self.random.choice(
            [
                f"for {self.local()} in {self.expression()}:",
                f"for {self.name()}.m in {self.place()}:",
                f"with {self.place()} as {self.local()}:",
                f"if {self.expression()}:",
                "class Made:",
                f"@f({self.expression()})\ndef made(k={self.expression()}):",
            ]
        )
        body = [line for _ in range(2) for line in self.statement(depth - 1)]
        return [*head.split("\n"), *(f"    {line}" for line in body)]


def what_happens(statement: str) -> tuple[set[str], set[str]]:
    """The names that are bound anew or deleted by a statement, and those whose objects it changes, when it is run."""
    changed: set[str] = set()
    holder = Holder()
    holder.__dict__.update(x=Thing("self.x", changed), y=Thing("self.y", changed))
    things = {name: Thing(name, changed) for name in "abc"}
    before = {**things, "self": holder, **{f"self.{name}": each for name, each in vars(holder).items()}}
    scope: dict[str, object] = {**things, "self": holder, "f": change}
    # What went wrong half-way has changed something all the same.
    with contextlib.suppress(AttributeError, LookupError, NameError, TypeError, ValueError):
        exec(compile(statement, "program.py", "exec"), scope)
    after = {**scope, **{f"self.{name}": each for name, each in vars(holder).items()}}
    names = (before.keys() | after.keys()) - {"__builtins__", "f"}
    return {name for name in names if before.get(name) is not after.get(name)}, changed


def assigned_in(tree: cst.CSTNode) -> set[str]:
    targets = [node.target for node in walk(tree) if isinstance(node, (cst.NamedExpr, cst.AssignTarget))]
    attributes = {dotted_name(target) or "" for target in targets}
    return attributes | {name.value for target in targets for name in target_names(target)}


def covers(effects: frozenset[str], name: str) -> bool:
    return name in effects or (name.startswith("self.") and "self" in effects)


@pytest.mark.slow
def test_whatever_changes_is_among_the_effects() -> None:
    generator, checked = Generator(7), 0
    for _ in range(1_500):
        statement = "\n".join(generator.statement())
        try:
            compile(statement, "program.py", "exec")
        except SyntaxError:
            continue
        tree = cst.parse_module(statement + "\n").body[0]
        effects = effects_of(tree)
        bound, changed = what_happens(statement)
        reached = effects.touches | effects.passes
        # What is assigned on the way may be another's object from then on, which is for others to find out.
        if reached.isdisjoint(assigned_in(tree)):
            checked += 1
            assert bound <= effects.binds, (statement, bound - effects.binds)
            assert [name for name in changed if not covers(reached, name)] == [], (statement, reached)
    assert checked > 500
