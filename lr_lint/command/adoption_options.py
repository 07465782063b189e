"""The options of a check for code that is older than lr-lint: what of it is told, and what is written down instead."""

from __future__ import annotations

import os

from lr_lint.command.console import RefusalError

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    import argparse

DEFAULT_BASELINE = "lr-lint-baseline.json"
_CODE = (".py", ".pyi", ".ipynb")


def add_adoption_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    group = parser.add_argument_group("old code")
    group.add_argument("--baseline", metavar="FILE", help="do not report the findings that are listed in this file")
    group.add_argument("--no-baseline", action="store_true", help="report them, whatever the settings say")
    group.add_argument(
        "--write-baseline",
        nargs="?",
        const="",
        metavar="FILE",
        help=f"list all findings in the baseline (default: {DEFAULT_BASELINE})",
    )
    group.add_argument("--diff-base", metavar="REV", help="report what has to do with lines changed since a revision")
    group.add_argument(
        "--add-suppressions", action="store_true", help="write a comment for each finding, which silences it"
    )


def take_adoption_options(options: argparse.Namespace) -> None:
    """Bring the options into the form that is worked with, and refuse what makes no sense.

    ``--write-baseline src`` is read as it is meant: no baseline is a folder or a file of code.

    Raises:
        RefusalError: if options contradict each other.
    """
    named = options.write_baseline
    if named and (os.path.isdir(named) or named == "-" or named.endswith(_CODE)):
        options.paths.append(named)
        options.write_baseline = ""
    options.paths = options.paths or ["."]
    _refuse_nonsense(options)
    if options.write_baseline is not None:
        options.write_baseline = options.write_baseline or options.baseline or ""


def _refuse_nonsense(options: argparse.Namespace) -> None:
    if options.baseline is not None and options.no_baseline:
        raise RefusalError("--baseline and --no-baseline exclude each other")
    writes = options.write_baseline is not None
    if writes and options.no_baseline:
        raise RefusalError("--write-baseline and --no-baseline exclude each other")
    actions = {
        "--write-baseline": writes,
        "--add-suppressions": options.add_suppressions,
        "--fix": options.fix,
        "--diff": options.diff and not options.fix,
    }
    asked = [name for name, is_asked in actions.items() if is_asked]
    if len(asked) > 1:
        raise RefusalError(f"{' and '.join(asked)} make different things of the findings: one at a time")
    if options.diff_base is not None:
        for name in asked:
            if name != "--add-suppressions":
                raise RefusalError(f"--diff-base leaves findings out, and {name} is for all of them")
        if "-" in options.paths:
            raise RefusalError("--diff-base is about files, and the standard input is none")
    if options.add_suppressions and "-" in options.paths:
        raise RefusalError("--add-suppressions writes into files, and the standard input is none")
