"""The rules of .gitignore files."""

from __future__ import annotations

import os
import re
import warnings

from pathspec import GitIgnoreSpec


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
        decision = self._spec.check_file(self._below(path)).include
        if decision is None:
            return self._outer is not None and self._outer.ignore(path)
        return decision

    def _below(self, path: str) -> str:
        if path.startswith(self._prefix) and not self._prefix.endswith("./"):
            return path[len(self._prefix) :]
        below = os.path.relpath(os.path.abspath(path), self._folder).replace(os.sep, "/")
        return below + "/" if path.endswith("/") else below


def _specification(text: str) -> GitIgnoreSpec:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of `re`, about character classes in the user's patterns
        return GitIgnoreSpec.from_lines(line for line in text.splitlines() if _is_pattern(line))


def _is_pattern(line: str) -> bool:
    """Whether a line can be understood. Like git, the others are passed over."""
    try:
        GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True
