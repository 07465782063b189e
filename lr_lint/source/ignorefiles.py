"""The rules of .gitignore files."""

from __future__ import annotations

import os

from pathspec import GitIgnoreSpec

from lr_lint.source.globs import PatternError, gitignore_pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

# Files with more lines are lists made by programs; every path would be compared with each.
_MOST_LINES = 5_000


class IgnoreFiles:
    """The .gitignore of a folder, with those of the folders above it."""

    def __init__(self, outer: IgnoreFiles | None, prefix: str, data: bytes) -> None:
        """Read one file.

        Args:
            outer: the files of the folders above.
            prefix: the path of the folder from the current directory, with "/" at its end, or empty.
            data: the bytes of the file. What is not UTF-8 is kept as the system keeps such file names.
        """
        self._outer = outer
        self._prefix = prefix
        self._folder = os.path.abspath(prefix)
        self._spec = _specification(data.decode(errors="surrogateescape"))

    def ignore(self, path: str) -> bool:
        """Whether a path is ignored. The path of a folder ends with "/". The nearest file that knows it decides."""
        files: IgnoreFiles | None = self
        while files is not None:
            decision = files._spec.check_file(files._below(path)).include
            if decision is not None:
                return decision
            files = files._outer
        return False

    def _below(self, path: str) -> str:
        # A prefix that ends in "../" names a folder above, whose name the paths below the current one do not have.
        if path.startswith(self._prefix) and not self._prefix.endswith("./"):
            return path[len(self._prefix) :]
        below = os.path.relpath(os.path.abspath(path), self._folder).replace(os.sep, "/")
        return below + "/" if path.endswith("/") else below


def _specification(text: str) -> GitIgnoreSpec:
    patterns = [pattern for line in text.splitlines()[:_MOST_LINES] if (pattern := _pattern(line)) is not None]
    try:
        # Other engines, where they are installed, do not know the references that our expressions have.
        return GitIgnoreSpec(patterns, backend="simple")
    except TypeError:  # pathspec before 1.0 has no others
        return GitIgnoreSpec(patterns)


def _pattern(line: str) -> GitIgnoreSpecPattern | None:
    """What a line means. Like git, lines that are not understood are passed over."""
    try:
        return gitignore_pattern(line)
    except PatternError:
        return None
