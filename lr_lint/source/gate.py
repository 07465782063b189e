"""The text gate: may this file construct a scheduler at all?

Nearly every file of a project answers no, so the question is asked of the raw bytes before anything is decoded,
tokenised or parsed. A file that says no costs microseconds and imports nothing.
"""

from __future__ import annotations

from lr_lint.source.selectors import closest
from lr_lint.vocabulary.codes import UNUSED_SUPPRESSION
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import ContractTable

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from lr_lint.source.settings import Settings


def mentions_scheduler(data: bytes, contracts: ContractTable = BUILT_IN) -> bool:
    """Whether the bytes contain the name of any contract, or what has to stand beside one that is too common.

    UTF-16 and UTF-32 are not legal encodings of Python source (PEP 263), so a search in ASCII or UTF-8 is exact.
    """
    return any(
        stem in data
        and any(
            first in data and any(all(word in data for word in words) for words in others)
            for first, others in patterns.items()
        )
        for stem, patterns in contracts.patterns_by_stem.items()
    )


def has_stem(data: bytes, contracts: ContractTable) -> bool:
    """Whether the bytes contain one of the texts without which they name no scheduler. Nearly all files have none."""
    return any(stem in data for stem in contracts.stems)


def is_worth_reading(data: bytes, settings: Settings) -> bool:
    """Whether there may be anything to say about a file: it names a scheduler, or its comments are of interest."""
    if settings.contracts.derived or mentions_scheduler(data, settings.contracts):
        return True
    return has_comments_of_interest(data, settings)


def has_comments_of_interest(data: bytes, settings: Settings) -> bool:
    """Whether a file may have comments to tell about, whatever else is in it."""
    return asks_for_comments(settings) and (b"lr-lint:" in data or (b"LR" in data and b"noqa" in data.lower()))


def asks_for_mistyped_comments(settings: Settings) -> bool:
    """Whether comments that are not understood are to be reported, in files that are looked at. On by default."""
    if asks_for_comments(settings):
        return True
    return settings.select is None and closest(settings.ignore, *UNUSED_SUPPRESSION) is None


def may_speak_to_us(data: bytes) -> bool:
    """Whether a file may have a comment that is meant for lr-lint, mistyped or not."""
    import re

    return re.search(rb"lint|noqa\b[^\n]*?\bLR\d", data, re.IGNORECASE) is not None


def asks_for_comments(settings: Settings) -> bool:
    """Whether comments that suppress nothing are to be reported, in files without a scheduler too. Off by default."""
    wanted = closest((*(settings.select or ()), *settings.extend_select), *UNUSED_SUPPRESSION)
    unwanted = closest(settings.ignore, *UNUSED_SUPPRESSION)
    return wanted is not None and (unwanted is None or wanted > unwanted)
