"""What earlier runs found, told again where nothing has changed that it rests on.

The key of a result is made of all that is known before the analysis: what is asked (the kind of result), the content of
the file, its path and the current directory, the settings, the schedulers that its project defines for itself, and the
versions of lr-lint, Python and LibCST. Beside the result stands what the analysis asked about other files: which it
read, which are not there, what is in a folder, who mentions a word. A result is told again if all of that is answered
as it was.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from lr_lint.runs.items import KnownResult, unheard
from lr_lint.runs.records import as_plain, from_plain
from lr_lint.runs.results import results
from lr_lint.runs.store import Store
from lr_lint.runs.versions import canonical, digest_of, versions
from lr_lint.source.own_schedulers import own_schedulers
from lr_lint.source.recorder import NotedQuestion, Recorder, answer_to

if TYPE_CHECKING:
    from lr_lint.runs.items import Analyse, Begun, Item
    from lr_lint.source.disk import Disk
    from lr_lint.source.settings import Settings
    from lr_lint.source.surroundings import Surroundings
    from lr_lint.vocabulary.diagnostics import Failure

_Result = TypeVar("_Result")
# Results that are written at once: who ends a long run has what was found up to then.
_SAVED_TOGETHER = 64


@dataclass(frozen=True, slots=True)
class Recorded(Generic[_Result]):
    """A result, and what it rests on.

    Attributes:
        found: the result.
        asked: the questions about other files, each with a digest of the answer.
    """

    found: _Result
    asked: Mapping[NotedQuestion, str]


def remembered(
    gated: Iterable[Item],
    analyse: Analyse[_Result],
    failed: Callable[[Failure], _Result],
    files: Disk,
    jobs: int | None,
    memory: Recollection[_Result],
    begun: Begun = unheard,
) -> Iterator[tuple[str, _Result | None]]:
    """What `lr_lint.runs.results.results` gives, by whose arguments these are called, without what is known already."""
    keys: deque[bytes | None] = deque()

    def looked_up() -> Iterator[Item]:
        for path, content, settings in gated:
            key = memory.key_of(path, content, settings) if isinstance(content, bytes) else None
            known = None if key is None else memory.find(key)
            keys.append(key if known is None else None)
            yield path, content if known is None else known, settings

    def unrecorded(failure: Failure) -> Recorded[_Result]:
        return Recorded(failed(failure), {})

    try:
        for path, found in results(looked_up(), partial(_recorded, analyse=analyse), unrecorded, files, jobs, begun):
            key = keys.popleft()
            if isinstance(found, Recorded):
                if key is not None:
                    memory.keep(key, found)
                yield path, found.found
            else:
                yield path, found
    finally:
        memory.close()


def _recorded(
    path: str, data: bytes, settings: Settings, files: Surroundings, *, analyse: Analyse[_Result]
) -> Recorded[_Result]:
    own_schedulers(files, settings.contracts)  # they are in the key, and found out once for all files
    recorder = Recorder(files)
    return Recorded(analyse(path, data, settings, recorder), recorder.asked)


class Recollection(Generic[_Result]):
    """The results of one kind, for one run."""

    def __init__(self, store: Store, kind: type[_Result], files: Disk, given: Container[str] = ()) -> None:
        """Take what was found up to now.

        Args:
            store: keeps it.
            kind: the class of the results.
            files: those around the ones that are analysed.
            given: paths of files that are not on the disk as they are given, and so neither looked up nor kept.
        """
        self._store = store
        self._kind = kind
        self._files = files
        self._given = given
        self._answers: dict[NotedQuestion, str] = {}
        self._settings: dict[int, tuple[Settings, bytes]] = {}
        self._base = digest_of(kind.__name__, os.getcwd(), *versions())
        self._unsaved = 0

    def key_of(self, path: str, content: bytes, settings: Settings) -> bytes | None:
        """What a result is found by; None for a file that is not looked up."""
        if path in self._given:
            return None
        own = own_schedulers(self._files, settings.contracts).named_in(path, content)
        return digest_of(self._base, self._digest_of_settings(settings), path, content, repr(canonical(own)))

    def _digest_of_settings(self, settings: Settings) -> bytes:
        """Of what bears on a file that is checked anyway; settings are those of many files."""
        known = self._settings.get(id(settings))
        if known is None:
            bearing = canonical(replace(settings, exclude=(), force_exclude=False, cache_dir=None, jobs=None))
            known = self._settings[id(settings)] = settings, digest_of(repr(bearing))
        return known[1]

    def find(self, key: bytes) -> KnownResult | None:
        """What was found before, if nothing has changed since that it rests on."""
        value = self._store.find(key)
        if value is None:
            return None
        try:
            asked, plain = json.loads(value)
            if all(self._is_answered(NotedQuestion(kind, path, more), answer) for kind, path, more, answer in asked):
                return KnownResult(from_plain(plain, self._kind))
        except (RecursionError, TypeError, ValueError):
            pass  # it was written by somebody else
        return None

    def _is_answered(self, question: NotedQuestion, answer: str) -> bool:
        if question not in self._answers:
            self._answers[question] = answer_to(question, self._files)
        return self._answers[question] == answer

    def keep(self, key: bytes, recorded: Recorded[_Result]) -> None:
        """Have later runs find a result, unless something went wrong that was no fault of the file."""
        report = getattr(recorded.found, "report", recorded.found)
        failure: Failure | None = getattr(report, "failure", None)
        if failure is not None and not failure.code:
            return
        asked = [[*question, answer] for question, answer in recorded.asked.items()]
        text = json.dumps([asked, as_plain(recorded.found)], separators=(",", ":"))
        self._store.keep(key, text.encode("ascii"))
        self._unsaved += 1
        if self._unsaved >= _SAVED_TOGETHER:
            self._store.save()
            self._unsaved = 0

    def close(self) -> None:
        """Write what is to be kept."""
        self._store.close()
