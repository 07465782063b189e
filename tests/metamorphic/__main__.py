"""Compare verdicts before and after transformations, as ``python -m tests.metamorphic --seed N [--corpus DIR]``."""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from tests.metamorphic.catalogue import TRANSFORMATIONS
from tests.metamorphic.comparing import Comparing, Comparison, fixtures
from tests.metamorphic.public_code import programs_in


def main() -> int:
    """Runs the command; the exit status is 1 where a promise is broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.metamorphic", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="what chance decides (default: 0)")
    parser.add_argument("--only", default="", help="transformations whose name contains this")
    parser.add_argument("--programs", default="", help="programs whose name contains this")
    parser.add_argument("--corpus", type=Path, help="take programs of the projects in this folder, not the fixtures")
    parser.add_argument("--labels", type=Path, help="take the files alone that this file of JSON lines names")
    parser.add_argument("--draw", type=int, help="how many programs for each transformation; all if not given")
    parser.add_argument("--show", type=int, default=20, help="how many differing programs to print (default: 20)")
    options = parser.parse_args()
    chosen = [each for each in TRANSFORMATIONS if options.only in each.name]
    programs = fixtures() if options.corpus is None else programs_in(options.corpus, options.labels)
    comparing = Comparing({name: program for name, program in programs if options.programs in name}, options.seed)
    found = comparing.every(chosen) if options.draw is None else comparing.some(chosen, options.draw)
    return report(found, options.show)


def show(comparison: Comparison) -> None:
    """Prints a program whose verdict is not what it should be."""
    kept = f"{comparison.before} became {comparison.after}"
    print(f"--- {comparison.name}, {comparison.transformation.name}: {kept}")
    if comparison.changed is not None:
        print(comparison.changed.data.decode(errors="replace"), flush=True)


def report(comparisons: Iterable[Comparison], most: int) -> int:
    """Prints the first programs that differ, and the table."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    differing = 0
    for each in comparisons:
        outcome = "not applicable" if not each.applies else "same" if each.is_kept else "differs"
        counts[each.transformation.name][outcome] += 1
        if not each.is_kept:
            differing += 1
            if differing <= most:
                show(each)
    print(f"{'transformation':40}{'same':>8}{'differs':>9}{'not applicable':>16}")
    for name, row in counts.items():
        print(f"{name:40}{row['same']:>8}{row['differs']:>9}{row['not applicable']:>16}")
    total = sum(counts.values(), Counter[str]())
    print(f"{'all':40}{total['same']:>8}{total['differs']:>9}{total['not applicable']:>16}")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
