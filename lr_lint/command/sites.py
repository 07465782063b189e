"""The command ``lr-lint sites``: every scheduler that is constructed, right or wrong."""

from __future__ import annotations

from lr_lint.api import inspect_each
from lr_lint.command.commands import usage
from lr_lint.command.console import (
    CommandParser,
    add_look_options,
    complain_of_files,
    followed,
    is_terminal,
    speaks_unicode,
    text_width,
    wants_colour,
    write,
)
from lr_lint.command.run_options import add_run_options, plan_of, tell_of
from lr_lint.command.settings_options import add_file_options, project_settings
from lr_lint.reports import formats
from lr_lint.reports.listing import SitesSummary


def sites(arguments: list[str]) -> int:
    """List the constructions in files and folders.

    Raises:
        RefusalError: if the list cannot be written.
    """
    options = parser().parse_with_paths(arguments)
    options.paths = options.paths or ["."]
    summary = SitesSummary()
    projects = project_settings(options)
    plan = plan_of(options, projects)
    found = inspect_each(options.paths, projects, plan)
    for _, inventory in followed(found, plan, quiet=options.quiet):
        summary.add(inventory)
    tell_of(plan, quiet=options.quiet)
    complain_of_files(summary, options.paths, quiet=options.quiet)
    colours = wants_colour(options.color, options.output_file)
    look = formats.Look(
        colours=colours,
        draws=colours or is_terminal(options.output_file),
        unicode=options.output_file is not None or speaks_unicode(),
        closes=not options.quiet,
        width=text_width(options.output_file),
    )
    return write(formats.SITES[options.output_format](summary, look), options.output_file, summary.status)


def parser() -> CommandParser:
    """The parser of its options."""
    parser = CommandParser(
        prog="lr-lint sites",
        usage=usage("sites"),
        description="List every scheduler that is constructed, with its predicted schedule and whether that fits.",
        epilog="Exit status: 0, or 2 when something could not be analysed or asked for.",
    )
    parser.add_argument("paths", nargs="*", default=[], metavar="PATH", help="file or folder")
    add_file_options(parser)
    add_run_options(parser)
    output = parser.add_argument_group("output")
    add_look_options(output, formats.SITES)
    output.add_argument("--output-file", metavar="FILE", help="write the report to a file")
    output.add_argument("--quiet", "-q", action="store_true", help="no closing line and no warnings")
    return parser
