"""Why values are not known, where that decides something or several modules say it.

Any other reason is text that nobody compares. These are members of an enumeration, so that what depends on one asks for
the member (``is``) and not for how it is worded.
"""

from __future__ import annotations

import enum


class Reason(str, enum.Enum):
    """A reason, in words that fit after "because"."""

    COMMAND_LINE = "it is read from the command line"
    MERGED_LATER = "a settings file may be merged into it"

    def __str__(self) -> str:
        return self.value
