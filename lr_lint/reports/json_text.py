"""JSON as every report for programs writes it: it reads back as it was, and steers no terminal and no log."""

from __future__ import annotations

import json
import re
from typing import Any

# What HTML may take for a tag, the end of a script, a comment or a character.
_MARKUP = re.compile(r"[<>&]")
# ASCII that JSON may leave as it is: the character DEL, and what build servers take for a command in any line.
_LEFT = re.compile(r"\x7f|#(?=#\w*\[)")


def json_text(document: Any) -> str:
    """Plain data as JSON in ASCII, indented, its last line ended.

    A path that is no text in the encoding of the system has its bytes as lone surrogates, as Python has them.

    Raises:
        ValueError: if a number is not finite, which JSON cannot carry.
    """
    return _escaped(_LEFT, json.dumps(document, indent=2, allow_nan=False)) + "\n"


def json_in_html(document: Any) -> str:
    """Plain data as JSON that may stand within an element of a page: nothing in it is markup, whatever it holds.

    Raises:
        ValueError: if a number is not finite, which JSON cannot carry.
    """
    text = json.dumps(document, separators=(",", ":"), allow_nan=False)
    return _escaped(_MARKUP, _escaped(_LEFT, text))


def _escaped(characters: re.Pattern[str], text: str) -> str:
    return characters.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def encodable(text: str) -> str:
    """A text without lone surrogates, for readers that refuse them; each is shown as an escape."""
    return text if text.isascii() else text.encode(errors="backslashreplace").decode()
