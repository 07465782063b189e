"""The text gate: may this file construct a scheduler at all?

Nearly every file of a project answers no, so the question is asked of the raw bytes before anything is decoded,
tokenised or parsed. A file that says no costs microseconds and imports nothing.
"""

from __future__ import annotations

from lr_lint.vocabulary.contracts import GATE_WORDS

_WORDS = tuple(word.encode("ascii") for word in GATE_WORDS)


def mentions_scheduler(data: bytes) -> bool:
    """Whether the bytes contain the name of any contract.

    UTF-16 and UTF-32 are not legal encodings of Python source (PEP 263), so an ASCII search is exact.
    """
    return any(word in data for word in _WORDS)
