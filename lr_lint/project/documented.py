"""What documentation says a number is: a fraction of something, whatever the parameter is called.

``min_lr: the floor, as a fraction of the base lr`` makes a factor of what its name makes a rate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

# Words for a number that something else is multiplied by. "factor" alone stands in too many sentences about rates.
_FRACTION = re.compile(
    r"\b(?:fraction|ratio|proportion|percentage|percent)\b"
    r"|\b(?:relative|proportional)\s+to\b|\bmultipl(?:e|ier)\b|\bmultiplied\s+(?:by|with)\b"
    r"|\bfactor\s+(?:of|to|for|on)\b|\bas\s+a\s+factor\b",
    re.IGNORECASE,
)
# ``name: text``, ``name (float): text``, ``:param float name: text``, ``@param name text`` and ``name : float``.
_ENTRY = re.compile(
    r"^\s*(?:[:@]param(?:eter)?\s+(?:\S+\s+)??)?[*`]{0,2}(\w+)[*`]{0,2}\s*(?:\([^)]*\))?\s*(?::|--|—)(.*)$"
)


def says_fraction(text: str) -> bool:
    """Whether a description is that of a number that something else is multiplied by."""
    return _FRACTION.search(text) is not None


def documented_fractions(definition: cst.FunctionDef | cst.ClassDef) -> frozenset[str]:
    """The parameters and attributes that a docstring describes as fractions of something."""
    docstring = definition.get_docstring() if isinstance(definition.body, cst.IndentedBlock) else None
    if not docstring:
        return frozenset()
    return frozenset(name for name, text in _entries(docstring) if says_fraction(text))


def _entries(docstring: str) -> Iterator[tuple[str, str]]:
    """The names that a docstring describes, each with what it says of it: the rest of the line, and deeper lines."""
    name, text, depth = "", "", 0
    for line in docstring.splitlines():
        indent = len(line) - len(line.lstrip())
        entry = _ENTRY.match(line)
        # What stands alone before deeper entries is the head of a list: ``Args:``.
        if entry is not None and (not name or indent <= depth or not text.strip()):
            if name:
                yield name, text
            name, text, depth = entry[1], entry[2], indent
        elif not line.strip() or indent < depth:
            if name:
                yield name, text
            name = ""
        elif name:
            text = f"{text} {line.strip()}"
    if name:
        yield name, text
