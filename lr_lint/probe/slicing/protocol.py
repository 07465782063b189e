"""What the two sides of a slice agree on: the one name that its program speaks to the child process through.

The child imports this before anything is run, so there is nothing here but the standard library and words.
"""

from __future__ import annotations

from collections.abc import Sequence

from lr_lint.vocabulary.places import line_in_words

# The methods of what stands under this name: see `lr_lint.probe.child.slices.helper.Helper`.
HELPER = "__lr_lint__"
# The instance that was made up, where the way to the construction leads through a method.
RECEIVED = "__lr_lint_self__"
# What a guarded statement raised.
ERROR = "__lr_lint_error__"
# The exceptions that a guard catches; no code of the user's says this.
GUARDED = f"{HELPER}.failures"
# The place of the optimizer among the arguments of a construction that is given none.
NOWHERE = (1_000_000, "")


def line_of(line: int, cells: Sequence[Sequence[int]]) -> str:
    """A line of a program in words: ``line 7``, or of a notebook's ``line 2 of cell 3``.

    Args:
        line: counted from one.
        cells: for each cell of a notebook the line in which it begins, and its number; none of a plain file.
    """
    for first, number in reversed(cells):
        if first <= line:
            return line_in_words(line - first + 1, number)
    return line_in_words(line, None)


def wanted_optimizer(name: str, function: str) -> str:
    """Why an optimizer is missing, with what would help."""
    return f"{name} is a parameter of {function}: probe the script with --run, or --set {name}.lr=0.1"
