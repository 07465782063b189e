"""The text gate: may this file construct a scheduler at all?

Nearly every file of a project answers no, so the question is asked of the raw bytes before anything is decoded,
tokenised or parsed. A file that says no costs microseconds and imports nothing.
"""

from __future__ import annotations

from lr_lint.vocabulary.contracts import BUILT_IN, ContractTable


def mentions_scheduler(data: bytes, contracts: ContractTable = BUILT_IN) -> bool:
    """Whether the bytes contain the name of any contract.

    UTF-16 and UTF-32 are not legal encodings of Python source (PEP 263), so a search in ASCII or UTF-8 is exact.
    """
    return any(word in data for word in contracts.patterns)
