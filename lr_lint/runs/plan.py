"""How a run goes: in how many processes, and whether it tells again what earlier runs found."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from itertools import chain

from lr_lint.runs.results import results

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from lr_lint.runs.items import Analyse, Item, Result
    from lr_lint.source.disk import Disk
    from lr_lint.vocabulary.diagnostics import Failure


class Plan:
    """What is planned, and what came of it.

    Attributes:
        jobs: how many processes work; if None, as many as pay.
        cache: the folder in which results are kept; None if they are not.
        problem: why they could not be kept, in words, once the run is over; else empty.
    """

    def __init__(self, jobs: int | None = 1, cache: str | None = None) -> None:
        self.jobs = jobs
        self.cache = cache
        self.problem = ""


def carried_out(
    plan: Plan,
    gated: Iterable[Item],
    analyse: Analyse[Result],
    failed: Callable[[Failure], Result],
    kind: Callable[[], type[Result]],
    files: Disk,
    given: Container[str] = (),
) -> Iterator[tuple[str, Result | None]]:
    """The files with what is found in them; None for those in which there is nothing to find.

    Args:
        plan: how it is done.
        gated: the files, as for `lr_lint.runs.results.results`, as the two that follow.
        analyse: see there.
        failed: see there.
        kind: gives the class of the results.
        files: those around them.
        given: paths of files that are not on the disk as they are given.
    """
    gated = iter(gated)
    ahead: list[Item] = []
    # Nothing is opened, and no module for it loaded, for files in which there is nothing to find.
    if plan.cache is None or not any(_is_work(each, ahead) for each in gated):
        yield from results(chain(ahead, gated), analyse, failed, files, plan.jobs)
        return
    from lr_lint.runs.remembered import Recollection, remembered
    from lr_lint.runs.store import Store

    store = Store(plan.cache)
    memory = Recollection(store, kind(), files, given)
    yield from remembered(chain(ahead, gated), analyse, failed, files, plan.jobs, memory)
    plan.problem = store.problem


def _is_work(each: Item, ahead: list[Item]) -> bool:
    ahead.append(each)
    return isinstance(each[1], bytes)
