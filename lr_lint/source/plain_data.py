"""What settings files are read as, whatever their notation, and how much of it is worth reading."""

from __future__ import annotations

from typing import Any, Final

LARGEST_DOCUMENT = 256_000
DEEPEST = 40
# Files with more than this hold data or another program's settings.
MOST_VALUES = 4_000


class _Unread:
    """The kind of `UNREAD`."""

    def __repr__(self) -> str:
        return "UNREAD"


# A value that stands in the document and was not understood.
UNREAD: Final = _Unread()


class UnreadableError(Exception):
    """A document cannot be read; the message says why, in one line."""


def is_small(document: Any) -> bool:
    """Whether a document has few values and is not nested deeply.

    A value counts as often as it can be reached, and whoever walks over the document meets it as often.
    """
    count = 0
    level = [document]
    for _ in range(DEEPEST):
        count += len(level)
        if count > MOST_VALUES:
            return False
        level = [value for item in level for value in _parts(item)]
        if not level:
            return True
    return False


def _parts(item: Any) -> list[Any]:
    if isinstance(item, dict):
        return list(item.values())
    return item if isinstance(item, list) else []
