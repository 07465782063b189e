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
