"""What somebody may have meant who wrote a word that is not known: a rule, a setting, an option, a command."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

# Letters and digits that are taken for each other, and the two ways to join words.
_LOOK_ALIKE = str.maketrans("oil_", "011-")
# How much has to be the same. What begins alike may differ more: `LR999` is meant as one of the `LR9`; what begins
# otherwise, less: `E501` is another linter's.
_LIKE_FROM_THE_START = (0.75, 0.7, 0.7, 0.6)
# A known word of that many letters within another one is meant: `extend-ignore` is `ignore`, and not `extend-select`.
_LONG = 5
# Where so many words are equally near, none of them is.
_MOST = 3
# Beyond it, nobody mistyped a word, and comparing takes time.
_LONGEST = 80


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """The known words that are nearest to another one: those equally near, in their order; none if none is near."""
    if len(word) > _LONGEST:
        return []
    likeness = {each: _likeness(_folded(word), _folded(each)) for each in known}
    best = max(likeness.values(), default=(0.0, 0))
    found = [each for each, like in likeness.items() if like == best]
    return found if best[0] > 0 and len(found) <= _MOST else []


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """What to put at the end of a message about a word that is not known.

    Args:
        word: as it was written.
        known: the words that would have been understood.
        otherwise: what to put there where none of them is near.
    """
    found = nearest(word, known)
    return f"; did you mean {' or '.join(found)}?" if found else otherwise


def _folded(word: str) -> str:
    return word.casefold().translate(_LOOK_ALIKE)


def _likeness(word: str, other: str) -> tuple[float, int]:
    """How much of two words is the same, and how long they begin alike; nothing where that is too little."""
    from difflib import SequenceMatcher  # nearly all words are known

    ratio = SequenceMatcher(None, word, other, autojunk=False).ratio()
    if other in word and len(other) >= _LONG and ratio >= _LIKE_FROM_THE_START[-1]:
        return 1 + ratio, 0
    alike = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False))))
    least = _LIKE_FROM_THE_START[min(alike, len(_LIKE_FROM_THE_START) - 1)]
    return (ratio, alike) if ratio >= least else (0.0, 0)
