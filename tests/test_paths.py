"""Access paths: one object for one identity, and none that grows without bound."""

from __future__ import annotations

import gc

import pytest

from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import LARGEST, AccessPath, PathKind

OPTIONS = AccessPath.external("settings.options")


def test_the_same_path_is_the_same_object() -> None:
    assert paths.attribute(OPTIONS, "lr") is paths.attribute(AccessPath.external("settings.options"), "lr")
    assert paths.attribute(OPTIONS, "lr") is not paths.item(OPTIONS, "lr")


def test_places_are_told_apart_however_alike_they_are() -> None:
    class Place:
        pass

    first, second = Place(), Place()
    assert AccessPath.node(first) is AccessPath.node(first)
    assert AccessPath.node(first) is not AccessPath.node(second)
    assert AccessPath.node(first) is not AccessPath.literal(first)


def test_an_entry_is_one_whether_it_is_read_as_an_item_or_as_an_attribute() -> None:
    assert paths.entry(OPTIONS, "lr") is paths.attribute(OPTIONS, "lr")
    assert paths.entry(OPTIONS, 0) is paths.item(OPTIONS, 0)


def test_what_has_no_path_gives_none() -> None:
    assert paths.attribute(None, "lr") is None
    assert paths.item(None, 0) is None
    assert paths.operation("*", OPTIONS, None) is None
    assert paths.call("place", paths.arguments([OPTIONS, None], [])) is None
    assert paths.call("place", paths.arguments([], [("lr", None)])) is None


def test_arguments_by_keyword_have_no_order() -> None:
    lr, steps = AccessPath.constant("lr"), AccessPath.constant("steps")
    given = paths.arguments([], [("lr", lr), ("steps", steps)])
    assert given is paths.arguments([], [("steps", steps), ("lr", lr)])
    assert given is not paths.arguments([lr, steps], [])


def test_a_part_knows_its_whole() -> None:
    lr = paths.item(paths.item(paths.attribute(OPTIONS, "param_groups"), 0), "lr")
    assert lr is not None
    assert (lr.kind, lr.last) == (PathKind.ITEM, "lr")
    assert lr.whole is paths.item(paths.attribute(OPTIONS, "param_groups"), 0)
    assert OPTIONS.whole is None


@pytest.mark.parametrize("twice", [False, True])
def test_paths_that_grow_turn_by_turn_end(twice: bool) -> None:
    """A value that is computed from itself in a loop has an identity that doubles each time; it is given up."""
    path: AccessPath | None = OPTIONS
    turns = 0
    while path is not None:
        assert path.size <= LARGEST
        path = paths.operation("+", path, path if twice else OPTIONS)
        turns += 1
    assert turns <= LARGEST


def test_conditions_on_the_largest_values_can_still_be_decided() -> None:
    largest: AccessPath = OPTIONS
    path: AccessPath | None = paths.operation("+", OPTIONS, OPTIONS)
    while path is not None:
        largest = path
        path = paths.operation("+", path, OPTIONS)
    assert paths.truth(largest) is paths.truth(largest)
    assert paths.comparison("<", largest, largest) is paths.comparison("<", largest, largest)


def test_nothing_is_kept_that_nobody_holds() -> None:
    made = paths.item(OPTIONS, "of nobody else")
    assert paths._interned.get((PathKind.ITEM, (OPTIONS, "of nobody else"))) is made
    del made
    gc.collect()
    assert (PathKind.ITEM, (OPTIONS, "of nobody else")) not in paths._interned


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (AccessPath.node("place"), PathKind.NODE),
        (AccessPath.literal("place"), PathKind.LITERAL),
        (AccessPath.number(1), PathKind.NUMBER),
        (AccessPath.constant("a"), PathKind.CONSTANT),
        (AccessPath.default_rate("SGD"), PathKind.DEFAULT_RATE),
        (AccessPath.variable("a.py", "x"), PathKind.VARIABLE),
        (AccessPath.unbound("scope", "x"), PathKind.UNBOUND),
        (AccessPath.undefined("a.py", "x"), PathKind.UNDEFINED),
        (AccessPath.parameter("scope", "x"), PathKind.PARAMETER),
        (AccessPath.receiver("class"), PathKind.RECEIVER),
        (AccessPath.external("a.b"), PathKind.EXTERNAL),
        (AccessPath.imported("a.py", "b", "c"), PathKind.IMPORT),
        (AccessPath.file("a.yaml"), PathKind.FILE),
        (AccessPath.flag("lr"), PathKind.FLAG),
        (AccessPath.options("place"), PathKind.OPTIONS),
        (paths.attribute(OPTIONS, "lr"), PathKind.ATTRIBUTE),
        (paths.item(OPTIONS, 0), PathKind.ITEM),
        (paths.overridable(OPTIONS, 1), PathKind.OVERRIDABLE),
        (paths.operation("*", OPTIONS), PathKind.OPERATION),
        (paths.arguments([OPTIONS], []), PathKind.ARGUMENTS),
        (paths.call("place", OPTIONS), PathKind.CALL),
        (paths.made_object("place", OPTIONS), PathKind.OBJECT),
        (paths.made_object("place", None), PathKind.OBJECT),
        (paths.truth(OPTIONS), PathKind.TRUTH),
        (paths.comparison("<", OPTIONS, OPTIONS), PathKind.COMPARISON),
        (paths.case("which", 0), PathKind.CASE),
        (paths.TIME, PathKind.TIME),
        (paths.STATE, PathKind.STATE),
        (paths.CURRENT_RATE, PathKind.CURRENT_RATE),
        (paths.GROUP_RATE, PathKind.GROUP_RATE),
    ],
)
def test_kinds_of_paths(path: AccessPath, kind: PathKind) -> None:
    assert path.kind is kind


def test_paths_are_told_by_what_they_are_made_of() -> None:
    assert paths.overridable(None, 1) is None
    assert paths.overridable(OPTIONS, 1) is not paths.overridable(OPTIONS, 2)
    assert paths.operation("*", OPTIONS) is not paths.operation("/", OPTIONS)
    assert paths.comparison("<", OPTIONS, OPTIONS) is not paths.comparison(">", OPTIONS, OPTIONS)
    assert AccessPath.variable("a.py", "x") is not AccessPath.variable("b.py", "x")
    assert AccessPath.parameter("f", "x") is not AccessPath.parameter("f", "y")
    assert AccessPath.imported("a.py", "b", "c") is not AccessPath.imported("a.py", "b", "d")
    assert AccessPath.node("place", 1) is not AccessPath.node("place", 2)
    assert AccessPath.number(1) is not AccessPath.number(2)
    assert paths.call("place", OPTIONS) is not paths.call("other place", OPTIONS)


@pytest.mark.parametrize(
    ("path", "is_open"),
    [
        (paths.STATE, True),
        (paths.CURRENT_RATE, True),
        (paths.GROUP_RATE, True),
        (AccessPath.default_rate("SGD"), True),
        (AccessPath.undefined("a.py", "x"), True),
        (AccessPath.parameter("scope", "x"), True),
        (AccessPath.receiver("class"), True),
        (AccessPath.imported("a.py", "b", "c"), True),
        (AccessPath.file("a.yaml"), True),
        (AccessPath.flag("lr"), True),
        (AccessPath.options("place"), True),
        (paths.overridable(OPTIONS, 1), True),
        (paths.case("caller", 0), True),
        (paths.case("import", 0), True),
        (paths.truth(AccessPath.flag("lr")), True),
        (paths.case("handler", 0), False),
        (paths.truth(AccessPath.variable("a.py", "x")), False),
        (AccessPath.variable("a.py", "x"), False),
        (AccessPath.number(1), False),
        (AccessPath.external("a.b"), False),
        (paths.TIME, False),
    ],
)
def test_what_somebody_outside_the_code_decides(path: AccessPath, is_open: bool) -> None:
    assert paths.is_left_open(path) is is_open
