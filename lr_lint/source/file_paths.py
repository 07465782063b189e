"""Paths as they are shown, and patterns of paths."""

from __future__ import annotations

import os
from dataclasses import dataclass

# What patterns of these letters mean is looked into only when one is used: they cannot be wrong.
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./*")
_LONGEST_PLAIN = 100
NOTEBOOK_SUFFIX = ".ipynb"
PYTHON_SUFFIXES = (".py", ".pyi")


def is_notebook(path: str) -> bool:
    """Whether a file is a Jupyter notebook, by its name."""
    return path.lower().endswith(NOTEBOOK_SUFFIX)


def display_path(path: str) -> str:
    """The path relative to the current directory, with "/" on every system."""
    try:
        shown = os.path.relpath(path)
    except ValueError:  # another drive
        shown = os.path.abspath(path)
    return shown.replace(os.sep, "/")


def split_patterns(text: str) -> list[str]:
    """The patterns of a list with commas. Those within braces are parts of a pattern."""
    patterns, depth = [""], 0
    for letter in text:
        depth += (letter == "{") - (letter == "}")
        if letter == "," and depth == 0:
            patterns.append("")
        else:
            patterns[-1] += letter
    return [pattern.strip() for pattern in patterns if pattern.strip()]


@dataclass(frozen=True, slots=True)
class PathPattern:
    """A pattern of files or folders, as in ``exclude`` and ``per-file-ignores``.

    It means what it means in a .gitignore file in its root: without "/", but at its end, it is compared with every
    part of a path; else with the path from the root on, where ``**`` stands for any number of folders. What matches a
    folder matches all that is in it. Besides, ``{a,b}`` stands for either, and a "!" at the start for all other files.

    Attributes:
        root: absolute path of the folder that the pattern is relative to.
        text: the pattern.

    Raises:
        PatternError: if the pattern is not understood.
    """

    root: str
    text: str

    def __post_init__(self) -> None:
        named = self.text.removeprefix("!")
        if not _PLAIN.issuperset(named) or len(named) > _LONGEST_PLAIN or not named.strip("./"):
            from lr_lint.source.globs import expressions

            expressions(named)

    @property
    def is_negated(self) -> bool:
        """Whether it matches what its text, but for a "!", does not."""
        return self.text.startswith("!")

    def matches(self, path: str) -> bool:
        """Whether the pattern matches a path that is relative to the current directory, or a folder above it.

        The path of a folder may end with "/", which a pattern that ends so asks for.
        """
        from lr_lint.source.globs import expressions  # imports pathspec, and most runs have no pattern

        below = self._below_root(path)
        if below is None:
            return False
        found = any(regex.search(below) for regex in expressions(self.text.removeprefix("!")))
        return found is not self.is_negated

    def _below_root(self, path: str) -> str | None:
        relative = os.path.relpath(os.path.abspath(path), self.root).replace(os.sep, "/")
        if relative in (".", "..") or relative.startswith("../"):
            return None
        return relative + "/" if path.endswith("/") else relative


def path_bytes(path: str) -> bytes:
    """The bytes of a path as the disk has them; a lone surrogate that stands for none of them is encoded as it is."""
    try:
        return path.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        return path.encode(errors="surrogatepass")
