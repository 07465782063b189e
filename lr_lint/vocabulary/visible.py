r"""Other people's text as it may be shown: in one line, and without what steers a terminal or a log.

Paths, names, expressions, settings, output of programs and messages of parsers may hold anything: ends of lines,
sequences that move the cursor, marks that turn the direction of writing, and what a build server takes for a command
when it stands in a log. Reports are shown where nobody expects to be talked to by the code that is checked, so every
such character is shown as an escape, as in a Python string. Letters of all scripts stay as they are.
"""

from __future__ import annotations

import re

_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
# Spaces of other widths stand in honest text. They are not printable to Python, but steer nothing.
_SPACES = frozenset("\u00a0\u1680\u202f\u205f\u3000").union(map(chr, range(0x2000, 0x200B)))
# A command to GitHub and Azure Pipelines (`##[error]`, `##vso[...]`) or TeamCity, wherever it stands in a line.
_COMMAND = re.compile(r"#(?=#\w*\[)")
# A command to GitHub (`::error ::`) where nothing but space stands before it.
_COMMAND_AT_START = re.compile(r"^(\s*):(?=:)")


def visible(text: str, kept: str = "") -> str:
    """A part of a line: printable, without ends of lines, and no command to a build server.

    Args:
        text: what somebody else wrote.
        kept: characters to leave as they are.
    """
    if not text.isprintable():
        text = "".join(
            char if char.isprintable() or char in _SPACES or char in kept else _escape(char) for char in text
        )
    return _COMMAND.sub(r"\\x23", text) if "##" in text else text


def at_line_start(text: str, kept: str = "") -> str:
    """The same of a part with which a line begins, where more is a command."""
    return _COMMAND_AT_START.sub(r"\1\\x3a", visible(text, kept))


def _escape(char: str) -> str:
    number = ord(char)
    if char in _SHORT:
        return _SHORT[char]
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
