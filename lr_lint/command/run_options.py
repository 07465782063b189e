"""The options that say how a run over files goes, which makes no difference to what is found."""

from __future__ import annotations

import argparse
import os

from lr_lint.command.console import CommandParser, RefusalError, complain
from lr_lint.runs.plan import Plan
from lr_lint.source.discovery import CACHE_FOLDER
from lr_lint.source.file_paths import display_path
from lr_lint.source.settings import MOST_JOBS

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from lr_lint.source.project_settings import ProjectSettings

_AUTO = "auto"
_PROJECT = "pyproject.toml"
# For all runs of an environment: that of a program's tests, say.
_NO_CACHE = "LR_LINT_NO_CACHE"


def add_run_options(parser: CommandParser) -> argparse._ArgumentGroup:
    """Add them; the group that they are in."""
    group = parser.add_argument_group("how it runs")
    group.add_argument(
        "--jobs",
        "-j",
        type=_jobs,
        metavar="N",
        help="how many processes work (default: auto, as many as there are processors, where that pays)",
    )
    group.add_argument("--no-cache", action="store_true", help="keep no results, and use none of earlier runs")
    group.add_argument(
        "--cache-dir", metavar="FOLDER", help=f"where results are kept (default: {CACHE_FOLDER}, in the project)"
    )
    group.add_argument("--clear-cache", action="store_true", help="remove the results of earlier runs first")
    return group


def plan_of(options: argparse.Namespace, projects: ProjectSettings) -> Plan:
    """How a run goes, by the options and the settings that hold in the current directory.

    Raises:
        RefusalError: if what earlier runs found cannot be removed.
    """
    settings = projects.project_of("file").settings
    folder = options.cache_dir or settings.cache_dir or os.path.join(_project_folder(), CACHE_FOLDER)
    if options.clear_cache:
        _clear(folder)
    jobs = settings.jobs if options.jobs is None else options.jobs or None
    return Plan(jobs, None if options.no_cache or os.environ.get(_NO_CACHE) else folder)


def tell_of(plan: Plan, *, quiet: bool) -> None:
    """Say why nothing is kept of what was found, where that is so."""
    if plan.problem and plan.cache is not None and not quiet:
        complain(f"nothing is kept in {display_path(plan.cache)}: {plan.problem}")


def _project_folder() -> str:
    """The nearest folder from the current directory upwards that holds a project; without one, this directory."""
    folder = here = os.getcwd()
    while not os.path.isfile(os.path.join(folder, _PROJECT)):
        above = os.path.dirname(folder)
        if above == folder:
            return here
        folder = above
    return folder


def _clear(folder: str) -> None:
    from lr_lint.runs.store import remove

    try:
        remove(folder)
    except OSError as error:
        raise RefusalError(f"cannot clear {display_path(folder)}: {error.strerror or error}") from error


def _jobs(text: str) -> int:
    """The number of processes; 0 for as many as pay."""
    if text == _AUTO:
        return 0
    if text.isdecimal() and 1 <= int(text) <= MOST_JOBS:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is neither auto nor a number from 1 to {MOST_JOBS}")
