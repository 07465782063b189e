"""How many clocks and horizons of public schedulers are known: a command for the developers of lr-lint.

    python -m tests.clocks CHECKOUTS                    lists the schedulers of each checkout, and counts
    python -m tests.clocks CHECKOUTS --show             and prints those whose horizon has no unit

CHECKOUTS is laid out as for `python -m tests.corpus`. No code of a checkout is run.

The clock is asked of the schedulers that something in sight steps: a loop, a trainer, or a call that could not be
followed to its end. What the horizon counts is asked of those of them whose clock is known and that have a horizon. It
is known from the code (loops, lengths, trainers) or by numbers that agree; a name alone is no knowledge. A plain number
that agrees with nothing fits any clock, so it can be decided by nobody who reads the code: how many are decided of all
others is told as well.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from lr_lint.timing.account import NOBODY
from lr_lint.vocabulary.site_records import NO_CLOCK
from tests.corpus import THIS, CorpusError, checkouts_in, work_tree

_TIMEOUT = 600
_PROOFS = ("code", "numbers")


def sites_in(command: str, folder: Path) -> list[dict[str, Any]]:
    """The schedulers that a command lists in a folder."""
    program, *options = shlex.split(command)
    # The command runs in the checkout, where a relative path would mean something else.
    program = os.path.abspath(shutil.which(program) or program)
    arguments = [program, *options, "sites", ".", "--output-format", "json", "--isolated", "--no-cache"]
    try:
        done = subprocess.run(arguments, cwd=folder, capture_output=True, timeout=_TIMEOUT, check=False)
        found: list[dict[str, Any]] = json.loads(done.stdout)["sites"]
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        raise CorpusError(f"{command} failed in {folder.name}: {error}") from error
    return found


def is_stepped(site: dict[str, Any]) -> bool:
    """Whether something in sight steps a scheduler, by a count of steps."""
    return site["clock"]["source"] not in {NOBODY, NO_CLOCK.source}


def counts(sites: Iterable[dict[str, Any]]) -> Counter[str]:
    """How many schedulers there are of which kind."""
    found: Counter[str] = Counter()
    for site in sites:
        found["listed"] += 1
        if not is_stepped(site):
            continue
        found["stepped"] += 1
        if site["clock"]["unit"] == "unknown":
            continue
        found["clock"] += 1
        horizon = site["horizon"]
        if horizon is not None:
            found["horizon"] += 1
            found[horizon["evidence"] or ("open" if horizon["value"] is None else "plain")] += 1
    return found


def table(found: Counter[str]) -> Iterator[str]:
    """The lines of the result."""
    proved = sum(found[each] for each in _PROOFS)
    yield f"{found['listed']:6} schedulers listed"
    yield f"{found['stepped']:6} of them are stepped by something in sight"
    yield f"{found['clock']:6} of those have a clock that is known: {_share(found['clock'], found['stepped'])}"
    yield f"{found['horizon']:6} of those have a horizon"
    yield f"{proved:6} of those have one whose unit is known: {_share(proved, found['horizon'])}"
    yield f"{found['code']:12} from the code"
    yield f"{found['numbers']:12} by numbers that agree"
    yield f"{found['name']:12} others have a name that tells, {found['open']} nothing that does"
    yield f"{found['plain']:12} are plain numbers that fit any clock"
    decidable = found["horizon"] - found["plain"]
    yield f"{decidable:6} horizons can be decided, {_share(proved, decidable)} of them are"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "none"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.clocks", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("checkouts", type=Path, help="folder of work trees or git directories")
    parser.add_argument("--command", metavar="COMMAND", default=THIS, help="the lr-lint to ask")
    parser.add_argument("--show", action="store_true", help="print the horizons whose unit is not known")
    options = parser.parse_args(arguments)
    found: Counter[str] = Counter()
    failed = 0
    for checkout in checkouts_in(options.checkouts):
        try:
            with work_tree(checkout, checkout.commit or "HEAD") as folder:
                sites = sites_in(options.command, folder)
        except CorpusError as error:
            print(error, file=sys.stderr)
            failed += 1
            continue
        found += counts(sites)
        for site in filter(is_open, sites) if options.show else ():
            print(f"{checkout.repository} {site['path']}:{site['line']} {site['horizon']['source']}  {site['reason']}")
    print("\n".join(table(found)))
    return 2 if failed else 0


def is_open(site: dict[str, Any]) -> bool:
    """Whether the clock of a scheduler is known, and what its horizon counts is not."""
    horizon = site["horizon"]
    return site["clock"]["unit"] != "unknown" and horizon is not None and horizon["evidence"] not in _PROOFS


if __name__ == "__main__":
    sys.exit(main())
