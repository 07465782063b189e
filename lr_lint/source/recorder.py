"""What an analysis asked about the files around, noted so that somebody can ask again whether anything has changed."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

from lr_lint.source.own_schedulers import MEMO as OWN_SCHEDULERS
from lr_lint.source.surroundings import Surroundings

READ, BEGINNING, NAMES, OUTSIDE, MENTIONING = "read", "beginning", "names", "outside", "mentioning"
_LENGTH = 16


class NotedQuestion(NamedTuple):
    """Something that was asked.

    Attributes:
        kind: what.
        path: about which file or folder.
        more: the number of bytes, the word or the other file that was asked for besides; empty where there is none.
    """

    kind: str
    path: str
    more: str = ""


class Recorder(Surroundings):
    """The files around, with a list of what was asked about them.

    Attributes:
        asked: the questions, each with a digest of the answer.
    """

    def __init__(self, files: Surroundings) -> None:
        """Nothing has been asked yet.

        Args:
            files: who answers. What they know of schedulers of the project's own is taken over, and not noted: whoever
                keeps the list has to keep what a file is told of them as well.
        """
        self._files = files
        self.asked: dict[NotedQuestion, str] = {}
        self.memo = {name: value for name, value in files.memo.items() if name == OWN_SCHEDULERS}

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or None if there is no such file."""
        data = self._files.read(path)
        self.asked[NotedQuestion(READ, path)] = _digest(data)
        return data

    def beginning(self, path: str, size: int) -> bytes | None:
        """The first bytes of a file."""
        data = self._files.beginning(path, size)
        self.asked[NotedQuestion(BEGINNING, path, str(size))] = _digest(data)
        return data

    def names_in(self, folder: str) -> frozenset[str]:
        """The names of the files and folders right in a folder."""
        names = self._files.names_in(folder)
        self.asked[NotedQuestion(NAMES, folder)] = _digest_of_texts(sorted(names))
        return names

    def lies_outside(self, path: str, other: str) -> bool:
        """Whether there is a file at another path, but it is no part of a file's project, and so not to be read."""
        answer = self._files.lies_outside(path, other)
        self.asked[NotedQuestion(OUTSIDE, path, other)] = str(answer)
        return answer

    def mentioning(self, path: str, word: bytes) -> Sequence[str]:
        """The other Python files of a file's project that contain a word, the nearest first."""
        paths = self._files.mentioning(path, word)
        self.asked[NotedQuestion(MENTIONING, path, word.decode(errors="surrogateescape"))] = _digest_of_texts(paths)
        return paths


def answer_to(question: NotedQuestion, files: Surroundings) -> str:
    """The digest of what some files answer now, to a question that was noted.

    Raises:
        ValueError: if it is no question.
    """
    recorder = Recorder(files)
    kind, path, more = question
    if kind == READ:
        recorder.read(path)
    elif kind == BEGINNING:
        recorder.beginning(path, int(more))
    elif kind == NAMES:
        recorder.names_in(path)
    elif kind == OUTSIDE:
        recorder.lies_outside(path, more)
    elif kind == MENTIONING:
        recorder.mentioning(path, more.encode(errors="surrogateescape"))
    else:
        raise ValueError(f"no question: {kind}")
    return recorder.asked[question]


def _digest(data: bytes | None) -> str:
    return "" if data is None else blake2b(data, digest_size=_LENGTH).hexdigest()


def _digest_of_texts(texts: Sequence[str]) -> str:
    return _digest("\0".join(texts).encode(errors="surrogateescape"))
