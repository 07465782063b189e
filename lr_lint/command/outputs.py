"""Where the reports of a check go, and in which formats: ``--output-format``, ``--output-file``, ``--statistics``."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lr_lint.command.console import COLOURS, RefusalError, complain, text_width, wants_colour, write
from lr_lint.reports.formats import FINDINGS, STATISTICS, TEXT, WITH_FIXES, Look

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from lr_lint.reports.summary import CheckSummary

_STANDARD_OUTPUT = "-"


@dataclass(frozen=True, slots=True)
class Output:
    """A report that is asked for.

    Attributes:
        format: its name.
        path: where it goes, None for standard output.
        counts: whether findings are counted in it rather than listed.
    """

    format: str
    path: str | None
    counts: bool = False

    @property
    def shows_fixes(self) -> bool:
        """Whether fixes stand in it, where they were looked for."""
        return self.format in WITH_FIXES and not self.counts

    def text(self, summary: CheckSummary, look: Look) -> str:
        """The report."""
        return (STATISTICS if self.counts else FINDINGS)[self.format](summary, look)


def add_output_options(group: argparse._ActionsContainer) -> None:
    """Add the options of a check that say what becomes of its findings."""
    group.add_argument(
        "--output-format",
        choices=tuple(FINDINGS),
        metavar="FORMAT",
        help=f"how to report: {', '.join(FINDINGS)} (default: {TEXT})",
    )
    group.add_argument(
        "--output-file",
        action="append",
        metavar="[FORMAT:]FILE",
        help="write the report to a file; with a format, write one more; may be repeated",
    )
    group.add_argument("--statistics", action="store_true", help="count the findings of each rule, in text and json")
    group.add_argument("--color", choices=COLOURS, default="auto")
    group.add_argument("--quiet", "-q", action="store_true", help="no closing line and no warnings")
    group.add_argument("--exit-zero", action="store_true", help="findings do not change the exit status")


def outputs_of(options: argparse.Namespace) -> list[Output]:
    """The reports that the options ask for, that on standard output last.

    Raises:
        RefusalError: if two reports would go to one place, or what is counted has no format.
    """
    main = options.output_format or TEXT
    asked = [_parsed(text) for text in options.output_file or ()]
    has_place = any(name is None for name, _ in asked)
    is_taken = any(path == _STANDARD_OUTPUT for _, path in asked)
    if not has_place and (options.output_format is not None or not is_taken):
        asked.append((main, _STANDARD_OUTPUT))
    outputs = [_output(name or main, path, options) for name, path in asked]
    _refuse_sharing(outputs)
    if options.statistics and not any(output.counts for output in outputs):
        raise RefusalError(f"--statistics is for the formats {' and '.join(STATISTICS)}")
    return sorted(outputs, key=lambda output: output.path is None)


def _output(name: str, path: str, options: argparse.Namespace) -> Output:
    return Output(name, None if path == _STANDARD_OUTPUT else path, options.statistics and name in STATISTICS)


def _parsed(text: str) -> tuple[str | None, str]:
    """The format that is named before a path, if one is, and the path: ``C:`` is a drive, and no format."""
    name, colon, path = text.partition(":")
    if colon and name in FINDINGS:
        if not path:
            raise RefusalError(f"--output-file {text}: no file is named")
        return name, path
    if colon and len(name) > 1 and not os.path.dirname(name):
        from lr_lint.source.near_misses import did_you_mean

        near = did_you_mean(name, FINDINGS)
        if near:
            raise RefusalError(f"--output-file {text}: no format is called {name!r}{near} (a file: ./{text})")
    return None, text


def _refuse_sharing(outputs: Sequence[Output]) -> None:
    places: set[str | None] = set()
    for output in outputs:
        place = None if output.path is None else os.path.realpath(output.path)
        if place in places:
            name = "standard output" if output.path is None else output.path
            raise RefusalError(f"two reports cannot go to one place: {name}")
        places.add(place)


def write_reports(
    summary: CheckSummary, options: argparse.Namespace, lines_of: Callable[[str, int | None], Sequence[str] | None]
) -> None:
    """Write all reports that are asked for; what goes wrong with one of them is said, and the others are written.

    Raises:
        RefusalError: if one cannot be written.
    """
    refusals: list[RefusalError] = []
    for output, text in list(_texts(summary, options, lines_of)):
        try:
            write(text, output.path, 0)
        except RefusalError as refusal:
            refusals.append(refusal)
    for each in refusals[:-1]:
        complain(str(each))
    if refusals:
        raise refusals[-1]


def _texts(
    summary: CheckSummary, options: argparse.Namespace, lines_of: Callable[[str, int | None], Sequence[str] | None]
) -> Iterator[tuple[Output, str]]:
    for output in options.outputs:
        look = Look(
            colours=wants_colour(options.color, output.path),
            closes=not options.quiet,
            width=text_width(output.path),
            lines_of=lines_of,
        )
        yield output, output.text(summary, look)
