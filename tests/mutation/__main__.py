"""Mutation testing: how many small mistakes in the program its tests tell.

    python -m tests.mutation                                      a sample of all mutants
    python -m tests.mutation --mutants 50 --module '*/units.py'   of those in some files

A mutant is the program with one change: a comparison, a number, a condition, an entry of a table, a statement left out.
It is killed if a test fails or takes far too long, and has survived otherwise. The tests that run the changed lines are
run on it, first the cheapest and then others, until one fails. Left out are those of the probe, those marked slow,
those that fail anyway, and what is over the time for one mutant. Survivors that `explained.toml` explains are counted
apart, never as killed.

Prints each survivor, and a table. Exit status: 0, 1 where a survivor is not explained, 2 where no test passes as it is.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from tests.mutation.explanations import EXPLAINED, Explanation, read_explanations
from tests.mutation.judging import Judge, Limits, Outcome, Verdict
from tests.mutation.mutants import Mutant, sample_of
from tests.mutation.recording import coverage_of
from tests.mutation.subject import Subject, warm_up

_ROOT = Path(__file__).parent.parent.parent
_FOLDERS = ("lr_lint/vocabulary", "lr_lint/semantics", "lr_lint/checks")
_TESTS = ("tests",)
_WITHOUT = ("tests/probe",)


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    os.nice(options.nice)
    warm_up()
    with tempfile.TemporaryDirectory(prefix="mutation-") as scratch:
        folders, tests, without = (tuple(given) for given in (options.folders, options.tests, options.without))
        subject = Subject(options.root.resolve(), folders, tests, without, Path(scratch))
        sample, total = sample_of(subject.root, subject.folders, options.module, options.seed, options.mutants)
        covered = coverage_of(subject, anew=options.anew)
        if not covered.costs:
            print("no test passes on the program as it is", file=sys.stderr)
            return 2
        print(f"seed {options.seed}: {len(sample)} of {total} mutants")
        judge = Judge(subject, covered, Limits(options.seconds, options.delay))
        return _report(_judged(sample, judge, options.jobs), read_explanations(options.explained))


def _judged(sample: Sequence[Mutant], judge: Judge, jobs: int) -> Iterator[Outcome]:
    if jobs == 1:
        yield from judge.outcomes(sample)
        return
    shares = [sample[first::jobs] for first in range(jobs)]
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        for outcomes in pool.imap_unordered(partial(_of_share, judge), shares):
            yield from outcomes


def _of_share(judge: Judge, share: Sequence[Mutant]) -> list[Outcome]:
    scratch = judge.subject.scratch / f"worker-{os.getpid()}"
    scratch.mkdir()
    return list(replace(judge, subject=replace(judge.subject, scratch=scratch)).outcomes(share))


def _report(outcomes: Iterator[Outcome], explanations: Sequence[Explanation]) -> int:
    """Prints survivors as they come, then the table, and gives the exit status."""
    reasons = {explanation.key: explanation.reason for explanation in explanations}
    counts: dict[str, Counter[str]] = {}
    seconds = 0.0
    for outcome in outcomes:
        explained = outcome.mutant.key in reasons
        column = outcome.verdict.value
        if outcome.verdict is Verdict.SURVIVED:
            column = "explained" if explained else "survived"
            more = f", {outcome.left_out} left out" if outcome.left_out else ""
            print(f"{column} {outcome.mutant}\n    {outcome.ran} tests{more}", flush=True)
        elif explained:
            print(f"explained, yet {column} {outcome.mutant}\n    by {outcome.by}", flush=True)
        counts.setdefault(outcome.mutant.path.rpartition("/")[0], Counter())[column] += 1
        seconds += outcome.seconds
    _print_table(counts, seconds)
    return int(any(count["survived"] for count in counts.values()))


def _print_table(counts: dict[str, Counter[str]], seconds: float) -> None:
    columns = ("killed", "timed out", "explained", "survived")
    print(f"\n{'':32}{''.join(f'{column:>11}' for column in columns)}")
    everything = sum(counts.values(), Counter[str]())
    for name, count in [*sorted(counts.items()), ("all", everything)]:
        print(f"{name:32}{''.join(f'{count[column]:11}' for column in columns)}")
    total = everything.total()
    killed = everything["killed"] + everything["timed out"]
    print(f"{killed / max(1, total):.1%} killed, {seconds:.0f} s of CPU time, {seconds / max(1, total):.2f} s a mutant")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--mutants", type=int, default=600, metavar="N", help="how many at most")
    parser.add_argument("--module", default="*", metavar="GLOB", help="only those of files whose path fits this")
    parser.add_argument("--seconds", type=float, default=20, help="of CPU time for the tests of one mutant")
    parser.add_argument(
        "--delay", type=float, default=3, help="what a mutant may add to a test, in seconds of CPU time"
    )
    parser.add_argument("--jobs", type=int, default=1, help="mutants at a time")
    parser.add_argument("--nice", type=int, default=10, help="how much less urgent than other work")
    parser.add_argument("--root", type=Path, default=_ROOT, help="the project")
    parser.add_argument("--folders", nargs="+", default=_FOLDERS, help="those with the files to mutate")
    parser.add_argument("--tests", nargs="+", default=_TESTS, help="the folders with tests")
    parser.add_argument("--without", nargs="*", default=_WITHOUT, help="those of them that are left out")
    parser.add_argument("--anew", action="store_true", help="ask again which tests run what, also where it is known")
    parser.add_argument("--explained", type=Path, default=EXPLAINED, metavar="FILE", help="survivors with reasons")
    return parser


if __name__ == "__main__":
    sys.exit(main())
