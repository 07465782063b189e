"""What fixes change, as a unified diff that `patch` and `git apply` understand."""

from __future__ import annotations

import difflib


def unified_diff(path: str, old: str, new: str) -> str:
    r"""The difference between two versions of a file.

    Args:
        path: the file, as it is shown to the user.
        old: its text, with its line ends.
        new: the other version.
    """
    before, after = _lines(old), _lines(new)
    lines = difflib.unified_diff(before, after, fromfile=f"a/{path}", tofile=f"b/{path}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    """The lines with their ends, as `patch` sees them: ended by a line feed and by nothing else."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
