"""The command ``lr-lint report``: a page with every scheduler, written to a file."""

from __future__ import annotations

from collections.abc import Sequence

from lr_lint import __version__
from lr_lint.api import overview_each
from lr_lint.command.commands import usage
from lr_lint.command.conclusion import lines_in
from lr_lint.command.console import CommandParser, complain_of_files, followed, write
from lr_lint.command.run_options import add_run_options, plan_of, tell_of
from lr_lint.command.settings_options import add_file_options, add_rule_options, project_settings
from lr_lint.reports.page.document import document
from lr_lint.reports.page.payload import PageSummary, payload_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lr_lint.source.project_settings import ProjectSettings

_DEFAULT_FILE = "report.html"
_STANDARD_OUTPUT = "-"


def report(arguments: Sequence[str]) -> int:
    """Run ``lr-lint report``.

    Args:
        arguments: those after the word ``report``.

    Returns:
        The exit status: 0, or 2 where something could not be analysed or probed.

    Raises:
        RefusalError: if the page cannot be written, or the probe lacks what it needs.
    """
    options = parser().parse_with_paths(arguments)
    options.paths = options.paths or ["."]
    projects = project_settings(options, fixes=True)
    if options.probe:
        from lr_lint.command.probe_options import refuse_without_torch

        refuse_without_torch()
    summary = PageSummary()
    plan = plan_of(options, projects)
    found = overview_each(options.paths, projects, plan)
    for _, overview in followed(found, plan, quiet=options.quiet):
        summary.add(overview)
    tell_of(plan, quiet=options.quiet)
    complain_of_files(summary, options.paths, quiet=options.quiet)
    if options.probe:
        _probe(summary, projects)
    page = document(payload_of(summary, options.paths, lines_in({}), __version__))
    if options.output_file == _STANDARD_OUTPUT:
        return write(page, None, summary.status)
    write(page, options.output_file, summary.status)
    if not options.quiet:
        write(f"Wrote {options.output_file}: {summary.closing()}\n", None, summary.status)
    return summary.status


def parser() -> CommandParser:
    """The parser of its options."""
    parser = CommandParser(
        prog="lr-lint report",
        usage=usage("report"),
        description="Write a page with every scheduler: its curve and the intended one, its findings, its code.",
        epilog="Exit status: 0, or 2 when something could not be analysed, probed or asked for. Findings do not count.",
    )
    parser.add_argument("paths", nargs="*", default=[], metavar="PATH", help="file or folder")
    parser.add_argument(
        "--probe", action="store_true", help="run the schedulers too, as lr-lint probe does, and show what they set"
    )
    add_rule_options(parser)
    add_file_options(parser)
    add_run_options(parser)
    output = parser.add_argument_group("output")
    output.add_argument(
        "--output-file",
        "-o",
        metavar="FILE",
        default=_DEFAULT_FILE,
        help=f"where to write the page, - for standard output (default: {_DEFAULT_FILE})",
    )
    output.add_argument("--quiet", "-q", action="store_true", help="no closing line and no warnings")
    return parser


def _probe(summary: PageSummary, projects: ProjectSettings) -> None:
    """Run the schedulers of all files that construct some."""
    from lr_lint.command.probe import complain_of, probe_files

    probed = probe_files(dict.fromkeys(card.site.path for card in summary.cards), projects)
    summary.add_probe(probed)
    complain_of(probed.failures)
