"""Whether transformed programs set the rates that the originals set: CPython and PyTorch run both."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from lr_lint.probe.records import ChildReport
from tests.metamorphic.programs import Program
from tests.probe.forked_runs import run_all

_STEPS = 8
_Rates = list[tuple[float, ...]]


def rates_of(programs: Sequence[Program]) -> list[_Rates]:
    """The rates that each program sets, in all groups of all schedulers in whatever order; none where it cannot run."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [_written(program, Path(folder, str(at))) for at, program in enumerate(programs)]
        reports = run_all(dict(paths), _STEPS)
        return [_rates_in(reports[path]) if path in reports else [] for path, _ in paths]


def _written(program: Program, root: Path) -> tuple[Path, Path]:
    for path, data in {**program.others, program.path: program.data}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root / program.path, root


def _rates_in(report: ChildReport) -> _Rates:
    groups = [group for seen in report.observations for group in seen.groups]
    return sorted(tuple(round(abs(rate), 12) for rate in group.lrs) for group in groups)
