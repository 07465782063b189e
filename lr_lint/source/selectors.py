"""How rules are named in options, settings and comments: a code, the beginning of a code, a name, or ``ALL``."""

from __future__ import annotations

from collections.abc import Iterable

EVERY_RULE = "ALL"


def specificity(selector: str, code: str, name: str) -> int | None:
    """How closely a selector describes a rule, or None if it does not: the longer the match, the closer."""
    if selector == EVERY_RULE:
        return 0
    if selector == name:
        return len(code)
    return len(selector) if selector and code.startswith(selector) else None


def closest(selectors: Iterable[str], code: str, name: str) -> int | None:
    """The specificity of the selector that describes a rule most closely, or None if none does."""
    matches = (specificity(selector, code, name) for selector in selectors)
    return max((match for match in matches if match is not None), default=None)
