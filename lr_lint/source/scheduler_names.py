"""The names that stand for a scheduler in one file, for the syntax gate and for the search of constructions.

Both see the file through trees of their own, Python's and LibCST's, and both look at spellings alone: a construction is
found by evaluating what is called, and this only tells which calls are worth it.
"""

from __future__ import annotations

from collections.abc import Iterable

# An alias of an alias is followed no further than this: nobody writes that, and what evaluates it has a stack.
_LONGEST_CHAIN = 64


# What stands behind a name for what calling it gives.
CALLED = "()"
# Functions that give what they are given, or what that is the name of: those without an empty result.
OF_ARGUMENTS = frozenset({"partial", "getattr", "dict", "list", "tuple", "cast"})

# Functions that look at a class that they are given, and make nothing of it.
LOOKING_ON = frozenset(
    "isinstance issubclass cast hasattr setattr delattr getattr print help type repr str signature getsource "
    "getfullargspec object".split()
)


def with_aliases(words: Iterable[str], aliases: Iterable[tuple[str, str]]) -> set[str]:
    """Some names with all that stand for one of them, directly or by way of others, in whatever order.

    Args:
        words: the names.
        aliases: pairs of a name and of what is made to stand for it: an import under another name, an assignment, a
            subclass. The empty name is that of whatever has none, such as an item of a dict.
    """
    standing_for: dict[str, list[str]] = {}
    for name, alias in aliases:
        standing_for.setdefault(name, []).append(alias)
    names = set(words)
    new = names
    for _ in range(_LONGEST_CHAIN):
        new = {alias for name in new for alias in standing_for.get(name, ())} - names
        names = names | new
    return names
