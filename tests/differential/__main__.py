"""Run the comparison of the interpreter with CPython: ``python -m tests.differential --help``."""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Iterator, Sequence

from tests.differential.awkward import awkward_programs
from tests.differential.claims import claims_of
from tests.differential.comparison import Comparison, compare, held_against
from tests.differential.functions import FoundFunction, functions_of
from tests.differential.generator import NAME, Generator
from tests.differential.oracle import Oracle
from tests.differential.reduction import reduced
from tests.differential.report import Report

# What is looked through by default: the standard library, and packages that are installed for the tests anyway.
PACKAGES = (
    "stdlib numpy hypothesis libcst yaml pygments pytest packaging mypy sympy networkx jinja2 mpmath "
    "fsspec setuptools".split()
)
_PROGRAMS = 20_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and print the counts and each disagreement, reduced."""
    options = _parser().parse_args(arguments)
    clean = True
    with Oracle() as oracle:
        if options.what in ("all", "programs"):
            clean &= _compare_programs(options.seed, options.count, oracle, reduce=not options.no_reduction)
        if options.what in ("all", "awkward"):
            clean &= _compare_awkward(oracle)
        if options.what in ("all", "functions"):
            clean &= _compare_functions(options.packages or PACKAGES, oracle)
    return 0 if clean else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.differential",
        description="Compare what the interpreter claims about callables of one number with what CPython gives.",
        epilog="Exit status: 0 when nothing disagrees, 1 when something does.",
    )
    parser.add_argument("what", nargs="?", choices=("all", "programs", "functions", "awkward"), default="all")
    parser.add_argument("packages", nargs="*", help="modules whose functions are compared, as they are imported")
    parser.add_argument("--seed", type=int, default=0, help="the first program's; the others have those after it")
    parser.add_argument("--count", type=int, default=_PROGRAMS, help="how many programs are generated")
    parser.add_argument("--no-reduction", action="store_true", help="print programs that disagree as they are")
    return parser


def _compare_programs(seed: int, count: int, oracle: Oracle, *, reduce: bool) -> bool:
    report = Report()
    for each in range(seed, seed + count):
        program = Generator(each).program()
        comparison = compare(program, oracle, NAME)
        report.add(comparison)
        if comparison.verdict == "disagree":
            _print_program(f"seed {each}", program, comparison, oracle, reduce=reduce)
        elif comparison.verdict == "error":
            print(f"seed {each}: {comparison.note}\n{program}", flush=True)
    print(*report.lines(f"programs of seeds {seed} to {seed + count - 1}"), sep="\n", flush=True)
    return report.is_clean


def _print_program(title: str, program: str, comparison: Comparison, oracle: Oracle, *, reduce: bool) -> None:
    kinds = {each.kind for each in comparison.disagreements}

    def still(smaller: str) -> bool:
        other = compare(smaller, oracle, NAME)
        return other.verdict == "disagree" and not kinds.isdisjoint(each.kind for each in other.disagreements)

    smallest = reduced(program, still) if reduce else program
    print(f"{title}: {next(iter(comparison.disagreements), comparison.note)}", smallest, sep="\n", flush=True)


def _compare_awkward(oracle: Oracle) -> bool:
    report = Report()
    for program in itertools.chain(*awkward_programs().values()):
        comparison = compare(program, oracle, NAME)
        report.add(comparison)
        if comparison.verdict in ("disagree", "error"):
            _print_program("written by hand", program, comparison, oracle, reduce=False)
    print(*report.lines("programs written by hand"), sep="\n", flush=True)
    return report.is_clean


def _compare_functions(names: Sequence[str], oracle: Oracle) -> bool:
    clean = True
    for name in names:
        report = Report()
        for _, functions in itertools.groupby(functions_of(name), key=lambda each: each.path):
            for function, comparison in compare_functions(list(functions), oracle):
                report.add(comparison)
                if comparison.verdict in ("disagree", "error"):
                    what = next(map(str, comparison.disagreements), comparison.note)
                    print(f"{function}: {what}", flush=True)
        print(*report.lines(f"functions of {name}"), sep="\n", flush=True)
        clean &= report.is_clean
    return clean


def compare_functions(functions: Sequence[FoundFunction], oracle: Oracle) -> Iterator[tuple[FoundFunction, Comparison]]:
    """What is claimed about functions of one file where it is read, against what they give where it is imported."""
    program = functions[0].path.read_text(errors="replace")
    try:
        claims = claims_of(program, *(function.qualname for function in functions))
    except Exception as error:
        yield functions[0], Comparison("error", f"{type(error).__name__}: {error}")
        return
    for function, each in zip(functions, claims, strict=False):
        found = f"__import__('importlib').import_module({function.module!r})"
        yield function, held_against(each, "", oracle, ".".join((found, *function.qualname.split("."))))


if __name__ == "__main__":
    sys.exit(main())
