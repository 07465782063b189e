"""What a check came to, written where and how the options of the command say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from lr_lint.command.console import complain, failure_line, text_width, wants_colour, write
from lr_lint.reports.formats import FINDINGS, Look
from lr_lint.reports.summary import FOUND
from lr_lint.source.discovery import read_if_there

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    import argparse

    from lr_lint.reports.summary import CheckSummary
    from lr_lint.source.files import SourceFile


def conclude(
    summary: CheckSummary, options: argparse.Namespace, paths: Sequence[str], contents: Mapping[str, bytes]
) -> int:
    """Write the report.

    Args:
        summary: what is to be told.
        options: those of the command line.
        paths: what was checked, for a message if there was nothing in it.
        contents: files that are not what is on the disk, by their paths.

    Returns:
        The exit status.
    """
    summary.diagnostics.sort()
    for failure in summary.failures:
        complain(failure_line(failure))
    if not summary.discovered and not options.quiet:
        complain(f"no Python files found in {', '.join(paths)}")
    look = Look(
        colours=wants_colour(options.color, options.output_file),
        closes=not options.quiet,
        width=text_width(options.output_file),
        lines_of=_lines_in(contents),
    )
    report = FINDINGS[options.output_format](summary, look)
    return write(report, options.output_file, status_of(summary, options))


def status_of(summary: CheckSummary, options: argparse.Namespace) -> int:
    """The exit status that the options ask for."""
    return summary.status & ~FOUND if options.exit_zero else summary.status


def _lines_in(contents: Mapping[str, bytes]) -> Callable[[str, int | None], list[str] | None]:
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
