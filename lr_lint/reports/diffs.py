"""What fixes change, as a unified diff that `patch` and `git apply` understand."""

from __future__ import annotations

import difflib

from lr_lint.source.file_paths import path_bytes
from lr_lint.vocabulary.visible import at_line_start, visible

# By how a line starts, the longest first.
_STYLES = {"--- ": "bold", "+++ ": "bold", "@@": "cyan", "-": "red", "+": "green"}


def unified_diff(path: str, old: str, new: str) -> str:
    r"""The difference between two versions of a file.

    Args:
        path: the file, as it is shown to the user.
        old: its text, with its line ends.
        new: the other version.
    """
    before, after = _lines(old), _lines(new)
    lines = difflib.unified_diff(before, after, fromfile=_quoted(f"a/{path}"), tofile=_quoted(f"b/{path}"))
    return "".join(each if each.endswith("\n") else f"{each}\n\\ No newline at end of file\n" for each in lines)


def visible_diff(diff: str) -> str:
    """A diff as it may be shown. One in which that makes a difference does not apply any more."""
    return "".join(_shown_line(each) for each in diff.split("\n")[:-1])


def coloured_diff(shown: str) -> str:
    """A diff that may be shown, with the colours that Git gives one."""
    from rich.text import Text

    from lr_lint.reports.pieces import in_colours

    lines = ((f"{line}\n", _style(line)) for line in shown.split("\n")[:-1])
    return in_colours(Text.assemble(*lines, end=""))


def _style(line: str) -> str:
    return next((style for start, style in _STYLES.items() if line.startswith(start)), "")


def _shown_line(text: str) -> str:
    """Tabs are as harmless here as in any text, and so is the carriage return of lines that end so in their file."""
    code = text.removesuffix("\r")
    return at_line_start(code, kept="\t") + text[len(code) :] + "\n"


def _quoted(path: str) -> str:
    """A path as Git writes it: in quotes, with escapes, if it holds more than letters to be shown."""
    if visible(path) == path and not {'"', "\\"} & set(path):
        return path
    return '"' + "".join(map(_quoted_letter, path)) + '"'


def _quoted_letter(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if visible(char) == char != "#":
        return char
    return "".join(f"\\{byte:03o}" for byte in path_bytes(char))


def _lines(text: str) -> list[str]:
    """The lines with their ends, as `patch` sees them: ended by a line feed and by nothing else."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
