"""Paths as they are shown, and patterns of paths."""

from __future__ import annotations

import os
from dataclasses import dataclass


def display_path(path: str) -> str:
    """The path relative to the current directory, with "/" on every system."""
    try:
        shown = os.path.relpath(path)
    except ValueError:  # another drive
        shown = os.path.abspath(path)
    return shown.replace(os.sep, "/")


@dataclass(frozen=True, slots=True)
class PathPattern:
    """A shell pattern of files or folders, as in ``exclude`` and ``per-file-ignores``.

    A pattern without "/" is compared with every part of a path below the root. One with "/" is compared with the path
    from the root on, or from any folder on if it begins with "**/". What matches a folder matches all that is in it.

    Attributes:
        root: absolute path of the folder that the pattern is relative to.
        text: the pattern.
    """

    root: str
    text: str

    def matches(self, path: str) -> bool:
        """Whether the pattern matches a path that is relative to the current directory, or a folder above it."""
        from fnmatch import fnmatchcase  # imports `re`, and most runs have no pattern

        below = self._below_root(path)
        if below is None:
            return False
        parts = below.split("/")
        pattern = self.text.removeprefix("./").rstrip("/")
        if "/" not in pattern:
            return any(fnmatchcase(part, pattern) for part in parts)
        # With a "/" before the path, "*/" at the start of a pattern stands for any folder, the root included.
        pattern = "*" + pattern[2:] if pattern.startswith("**/") else "/" + pattern.lstrip("/")
        ancestors = ("/" + "/".join(parts[:count]) for count in range(1, len(parts) + 1))
        return any(fnmatchcase(ancestor, pattern) for ancestor in ancestors)

    def _below_root(self, path: str) -> str | None:
        relative = os.path.relpath(os.path.abspath(path), self.root).replace(os.sep, "/")
        return None if relative == ".." or relative.startswith("../") else relative
