"""How a run goes: in how many processes, and whether it tells again what earlier runs found."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from lr_lint.runs.items import unheard
from lr_lint.runs.results import results
from lr_lint.source.disk import Disk
from lr_lint.source.gated_files import gated_files

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from lr_lint.runs.items import Analyse, Begun, Item, Result
    from lr_lint.runs.store import Store
    from lr_lint.source.gated_files import Interest
    from lr_lint.source.project_settings import ProjectSettings
    from lr_lint.vocabulary.diagnostics import Failure


class Plan:
    """What is planned, and what came of it.

    Attributes:
        jobs: how many processes work; if None, as many as pay.
        cache: the folder in which results are kept; None if they are not.
        problem: why they could not be kept, in words, once the run is over; else empty.
        begun: is told which file is analysed, or waited for.
    """

    def __init__(self, jobs: int | None = 1, cache: str | None = None) -> None:
        self.jobs = jobs
        self.cache = cache
        self.problem = ""
        self.begun: Begun = unheard
        self._store: Store | None = None

    def store(self) -> Store:
        """What keeps the results, opened when it is asked for something."""
        from lr_lint.runs.store import Store

        if self._store is None:
            self._store = Store(self.cache or "")
        return self._store

    def close(self) -> None:
        """Write what is to be kept."""
        if self._store is not None:
            self._store.close()
            self.problem = self._store.problem


def carried_out(
    plan: Plan,
    paths: Sequence[str],
    projects: ProjectSettings,
    is_of_interest: Interest,
    analyse: Analyse[Result],
    failed: Callable[[Failure], Result],
    kind: Callable[[], type[Result]],
    standard_input: tuple[str, bytes] | None = None,
) -> Iterator[tuple[str, Result | None]]:
    """The files with what is found in them; None for those in which there is nothing to find.

    Args:
        plan: how it is done.
        paths: those of `lr_lint.source.gated_files.gated_files`, as the next two.
        projects: see there.
        is_of_interest: see there.
        analyse: that of `lr_lint.runs.results.results`, as the next one.
        failed: see there.
        kind: gives the class of the results.
        standard_input: what the standard input is called and what it holds, if it is to be checked before them.
    """
    files = Disk(paths)
    if plan.cache is None:
        gated = gated_files(paths, projects, files, is_of_interest, standard_input)
        yield from results(gated, analyse, failed, files, plan.jobs, plan.begun)
        return
    given = () if standard_input is None else standard_input[:1]
    if standard_input is None and any(map(os.path.isdir, paths)):
        from lr_lint.runs.gates import remembered_gates

        gated = remembered_gates(paths, projects, files, is_of_interest, plan.store)
    else:
        gated = gated_files(paths, projects, files, is_of_interest, standard_input)
    ahead: list[Item] = []
    try:
        # Nothing is opened, and no module for it loaded, for a few files in which there is nothing to find.
        if any(_is_work(each, ahead) for each in gated):
            from lr_lint.runs.remembered import Recollection, remembered

            memory = Recollection(plan.store(), kind(), files, given)
            yield from remembered(chain(ahead, gated), analyse, failed, files, plan.jobs, memory, plan.begun)
        else:
            yield from results(ahead, analyse, failed, files)
    finally:
        plan.close()


def _is_work(each: Item, ahead: list[Item]) -> bool:
    ahead.append(each)
    return isinstance(each[1], bytes)
