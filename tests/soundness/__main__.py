"""Hold lr-lint against right programs that look wrong: ``python -m tests.soundness --help``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tests.soundness.comparison import Tally, said_about
from tests.soundness.generator import program
from tests.soundness.oracle import run_all

_PROGRAMS = 2_000
# So many programs are run by one process that has imported PyTorch.
_AT_A_TIME = 200


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, and print what was found."""
    options = _parser().parse_args(arguments)
    tally = Tally()
    for start in range(options.seed, options.seed + options.count, _AT_A_TIME):
        seeds = range(start, min(start + _AT_A_TIME, options.seed + options.count))
        generated = [program(seed) for seed in seeds]
        results = run_all([files for _, files in generated])
        for seed, (name, files), made in zip(seeds, generated, results, strict=True):
            tally.add(f"seed {seed}, {name}", said_about(files), made)
    for line in (*tally.accused, *tally.numbers, *(f"{each}: did not run" for each in tally.unrun)):
        print(line)
    print(tally)
    return 1 if tally.accused or tally.numbers else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.soundness",
        description="Compare what lr-lint says about right programs, in which values change, with real schedulers.",
        epilog="Exit status: 0 when no right program is accused and no number differs, else 1.",
    )
    parser.add_argument("--seed", type=int, default=0, help="the first program's; the others have those after it")
    parser.add_argument("--count", type=int, default=_PROGRAMS, help="how many programs are generated")
    return parser


if __name__ == "__main__":
    sys.exit(main())
