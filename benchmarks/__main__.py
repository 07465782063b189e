"""Measure lr-lint beside its peers: ``python -m benchmarks --help``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.environments import Environments, environment_here, environments
from benchmarks.machine import machine, versions
from benchmarks.measuring import FailedError, adopting_orphans, alternated
from benchmarks.plans import Setup
from benchmarks.report import report
from benchmarks.results import Result, SectionResult, from_json, row_result, to_json
from benchmarks.sections import SECTIONS

_QUICK_ROUNDS = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the tables."""
    parser = _parser()
    options = parser.parse_args(arguments)
    for name in options.sections:
        if name not in SECTIONS:
            parser.error(f"no section is called {name!r}: there are {', '.join(SECTIONS)}")
    if options.quick and options.against:
        parser.error("--quick installs nothing, so --against cannot be measured")
    try:
        result = from_json(options.show) if options.show else _measured(options)
    except FailedError as error:
        print(f"benchmarks: {error}", file=sys.stderr)
        return 2
    print(report(result), end="")
    if options.plot is not None:
        from benchmarks.plots import plot

        plot(result, options.plot)
    return 2 if any(row.problem for section in result.sections for row in section.rows) else 0


def _measured(options: argparse.Namespace) -> Result:
    """The chosen sections; after each of them all that there is so far is written."""
    cache = options.cache.resolve()
    there = Environments((environment_here(),)) if options.quick else environments(cache, options.against)
    setup = Setup(cache, there, options.quick)
    result = Result(machine(), versions(there), (), options.quick)
    for name in options.sections or SECTIONS:
        print(f"measuring {name}", file=sys.stderr)
        section = _section(name, setup, options.rounds or (_QUICK_ROUNDS if options.quick else SECTIONS[name].rounds))
        result = replace(result, sections=(*result.sections, section))
        if options.json is not None:
            options.json.write_text(to_json(result), encoding="utf-8")
    return result


def _section(name: str, setup: Setup, rounds: int) -> SectionResult:
    section = SECTIONS[name]
    plan = section.plan(setup)
    with adopting_orphans():
        rows = alternated(plan.commands, rounds, section.warms_up and not setup.is_quick)
    return SectionResult(name, section.title, tuple(map(row_result, rows)), plan.facts)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Run lr-lint and its peers in turn, and tell what each costs, as tables in Markdown.",
        epilog=f"Sections: {', '.join(f'{name} ({section.title})' for name, section in SECTIONS.items())}. "
        "Exit status: 0, or 2 when something could not be measured.",
    )
    parser.add_argument("sections", nargs="*", metavar="SECTION", help="what to measure, all without any")
    parser.add_argument("--rounds", type=int, help="how often each row is run, after a run that is not counted")
    parser.add_argument("--quick", action="store_true", help="small inputs, one round, nothing fetched or installed")
    parser.add_argument("--against", metavar="REV", help="measure lr-lint at another revision as well")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all runs to a file")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw a picture (needs the extra plot)")
    parser.add_argument("--show", type=Path, metavar="FILE", help="measure nothing, tell what --json has written")
    parser.add_argument("--cache", type=Path, default=_cache(), metavar="DIR", help="where trees and environments lie")
    return parser


def _cache() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "lr-lint-benchmarks"


if __name__ == "__main__":
    sys.exit(main())
