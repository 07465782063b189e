"""Attributes that each call of a callable leaves behind: do later calls look at them?

A schedule that keeps its last value for a log gives what it would give without. One that reads it, counts its calls.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import libcst as cst

from lr_lint.source.tree import last_name, walk

# What shows a value and computes nothing with it.
_SHOWING = frozenset({"print"})
# By these names an object gives its attributes without spelling theirs.
_ALL_ATTRIBUTES = frozenset({"vars", "getattr", "__dict__", "__getattribute__", "attrgetter"})


def reads_what_is_left(entered: Iterable[cst.CSTNode] | None, left: Collection[str]) -> bool:
    """Whether functions read an attribute that they, or others of them, assign.

    Args:
        entered: the functions; None where they are not known.
        left: the names of the attributes.
    """
    if not left:
        return False
    if entered is None:
        return True
    return any(name in left or name in _ALL_ATTRIBUTES for function in entered for name in _read_in(function))


def _read_in(function: cst.CSTNode) -> Iterator[str]:
    """The names of the attributes that are read in a function, and of its variables; not of what is only shown."""
    nodes = list(walk(function))
    targets = [each.target for node in nodes if type(node) is cst.Assign for each in node.targets]
    set_here = {id(target.attr) for target in targets if isinstance(target, cst.Attribute)}
    shown = (node for node in nodes if type(node) is cst.Call and last_name(node.func) in _SHOWING)
    passed_over = set_here | {id(part) for call in shown for part in walk(call)}
    yield from (node.value for node in nodes if isinstance(node, cst.Name) and id(node) not in passed_over)
