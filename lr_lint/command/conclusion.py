"""What a check came to, written where and how the options of the command say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from lr_lint.command.console import complain_of_files
from lr_lint.command.outputs import write_reports
from lr_lint.source.discovery import read_if_there

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    import argparse

    from lr_lint.reports.summary import CheckSummary
    from lr_lint.source.files import SourceFile

    LinesOf = Callable[[str, int | None], list[str] | None]


def conclude(
    summary: CheckSummary, options: argparse.Namespace, paths: Sequence[str], contents: Mapping[str, bytes]
) -> int:
    """Write the reports.

    Args:
        summary: what is to be told.
        options: those of the command line, with their ``outputs``.
        paths: what was checked, for a message if there was nothing in it.
        contents: files that are not what is on the disk, by their paths.

    Returns:
        The exit status.

    Raises:
        RefusalError: if a report cannot be written.
    """
    summary.diagnostics.sort()
    complain_of_files(summary, paths, quiet=options.quiet)
    write_reports(summary, options, lines_in(contents))
    return summary.status


def lines_in(contents: Mapping[str, bytes]) -> LinesOf:
    """Gives the lines of a file, or of a cell of a notebook, each file read once, to show them.

    One whose content changed into something unreadable is shown without.
    """
    opened: dict[str, SourceFile | None] = {}

    def lines_of(path: str, cell: int | None) -> list[str] | None:
        from lr_lint.source.files import split_lines

        if path not in opened:
            opened[path] = _opened(path, contents.get(path))
        source = opened[path]
        if source is None or source.notebook is None:
            return None if source is None or cell is not None else split_lines(source.text)
        return None if cell is None else source.notebook.lines_of(cell)

    return lines_of


def _opened(path: str, data: bytes | None) -> SourceFile | None:
    from lr_lint.source.files import SourceFile
    from lr_lint.source.opening import open_source

    data = read_if_there(path) if data is None else data
    source = None if data is None else open_source(path, data)
    return source if isinstance(source, SourceFile) else None
