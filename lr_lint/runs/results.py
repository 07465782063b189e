"""What is found in each file, in the order of the files, whoever does the work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from lr_lint.runs.items import told, unheard
from lr_lint.runs.weights import BREAK_EVEN, most_processes, weight

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from lr_lint.runs.items import Analyse, Begun, Item, Result
    from lr_lint.source.disk import Disk
    from lr_lint.vocabulary.diagnostics import Failure


def results(
    gated: Iterable[Item],
    analyse: Analyse[Result],
    failed: Callable[[Failure], Result],
    files: Disk,
    jobs: int | None = 1,
    begun: Begun = unheard,
) -> Iterator[tuple[str, Result | None]]:
    """The files with what is found in them; None for those in which there is nothing to find.

    Args:
        gated: the files.
        analyse: a function at the top of a module, which other processes find by its name. It gives plain data.
        failed: makes a result of a reason why there is none.
        files: those around them.
        jobs: how many processes work; if None, as many as pay.
        begun: is told which file is analysed, or waited for.
    """
    gated = iter(gated)
    count = most_processes() if jobs is None else jobs
    ahead: list[Item] = []
    if count > 1 and _is_worth_more(gated, ahead, BREAK_EVEN if jobs is None else 0.0):
        from lr_lint.runs.crew import spread

        yield from spread(chain(ahead, gated), analyse, failed, files, count, begun)
        return
    for path, content, settings in chain(ahead, gated):
        if isinstance(content, bytes):
            begun(path)
            yield path, analyse(path, content, settings, files)
        else:
            yield path, told(content, failed)


def _is_worth_more(gated: Iterator[Item], ahead: list[Item], seconds: float) -> bool:
    """Whether there is work for several, of more than some seconds; the files that were looked at to tell are kept.

    What is kept is little: that much work is in few files.
    """
    count, left = 0, 0.0
    for each in gated:
        ahead.append(each)
        if isinstance(each[1], bytes):
            count, left = count + 1, left + weight(each[1])
            if count > 1 and left > seconds:
                return True
    return False
