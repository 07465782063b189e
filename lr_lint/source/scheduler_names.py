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
# By what name a method calls the class that it was asked of.
OWN_CLASS = "cls"
# Functions that give what they are given, or what that is the name of: those without an empty result.
OF_ARGUMENTS = frozenset({"partial", "getattr", "dict", "list", "tuple", "cast"})

# Functions that look at a class that they are given, and make nothing of it.
LOOKING_ON = frozenset(
    "isinstance issubclass cast hasattr setattr delattr getattr print help type repr str signature getsource "
    "getfullargspec object assertIsInstance assertNotIsInstance".split()
)


class Aliases:
    """What stands for which names in a file, for all who ask."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Take the pairs, in whatever order.

        Args:
            pairs: of a name and of what is made to stand for it: an import under another name, an assignment, a
                subclass. The empty name is that of whatever has none, such as an item of a dict.
        """
        self._standing_for: dict[str, set[str]] = {}
        for name, alias in pairs:
            self._standing_for.setdefault(name, set()).add(alias)

    def added_to(self, words: Iterable[str]) -> set[str]:
        """Some names with all that stand for one of them, directly or by way of others."""
        names = set(words)
        new = names
        for _ in range(_LONGEST_CHAIN):
            new = {alias for name in new for alias in self._standing_for.get(name, ())} - names
            if not new:
                break
            names = names | new
        return names
