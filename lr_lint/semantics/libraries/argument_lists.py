"""Command lines that the code itself writes: ``parser.parse_args(["--lr", "0.1"])``, as notebooks do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

_NEGATIVE_NUMBER = re.compile(r"-\d|-\.\d")


def given_in(words: Sequence[str], flags: Mapping[str, tuple[str, ...]]) -> dict[str, str | None]:
    """The options that a command line gives, or may give; all others have their defaults.

    Args:
        words: the command line.
        flags: those of each option, by the attribute that holds it; an option without flags is given by its place.

    Returns:
        By attribute, the word that an option is given; None where it is given none, several, or it is not clear which.
        See https://docs.python.org/3/library/argparse.html#option-value-syntax.
    """
    found: dict[str, str | None] = {}
    for at, word in enumerate(words):
        for destination, value in _given_by(word, words[at + 1 : at + 2], flags):
            found[destination] = None if destination in found else value
    by_place = (name for name, own in flags.items() if not any(flag.startswith("-") for flag in own))
    return found | dict.fromkeys(by_place)


def _given_by(
    word: str, following: Sequence[str], flags: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, str | None]]:
    """The options that a word of a command line gives, or may give, each with its value where it is clear."""
    if not _is_flag(word):
        return
    head, attached, value = word.partition("=")
    exact = [name for name, own in flags.items() if head in own]
    if exact:
        after = next((each for each in following if not _is_flag(each)), None)
        yield from ((name, value if attached else after) for name in exact)
        return
    short = set() if word.startswith("--") else {f"-{letter}" for letter in word[1:]}
    for name, own in flags.items():
        if any(flag.startswith(head) or flag in short for flag in own):
            yield name, None


def _is_flag(word: str) -> bool:
    return word.startswith("-") and _NEGATIVE_NUMBER.match(word) is None
