"""Runs many whole scripts as ``lr-lint probe --run`` does, in forks of one process that has imported torch.

A child process for each would take as long as `import torch`, two hundred times. What ends a run ends its fork.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from lr_lint.probe.launch import REPORT
from lr_lint.probe.records import ChildReport
from lr_lint.probe.transport import report_from_text

_SECONDS_EACH = 10.0


def run_all(programs: Mapping[Path, Path], steps: int) -> dict[Path, ChildReport]:
    """The reports on those programs that give one.

    Args:
        programs: each with the folder that it runs in.
        steps: how many rates to read of each scheduler.
    """
    with tempfile.TemporaryDirectory() as folder:
        folders = [str(Path(folder, str(at))) for at in range(len(programs))]
        jobs = [[str(program), str(root), own] for (program, root), own in zip(programs.items(), folders, strict=True)]
        environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "", "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-m", __name__, json.dumps([steps, jobs])]
        subprocess.run(command, check=True, env=environment, cwd=Path(__file__).parents[2], stdin=subprocess.DEVNULL)
        reports = {program: Path(job[2], REPORT) for program, job in zip(programs, jobs, strict=True)}
        return {
            program: report_from_text(report.read_text(encoding="utf-8"))
            for program, report in reports.items()
            if report.is_file()
        }


def main() -> None:
    """Runs the scripts of the command line, one after the other."""
    from lr_lint.probe.child.delivery import Delivery
    from lr_lint.probe.child.frames import UserCode
    from lr_lint.probe.child.quick_start import skip_compiler
    from lr_lint.probe.child.runs import run_script
    from lr_lint.probe.records import Mode
    from lr_lint.probe.request import Request

    skip_compiler()
    steps, jobs = json.loads(sys.argv[1])
    for program, root, folder in jobs:
        Path(folder).mkdir()
        child = os.fork()
        if child == 0:
            try:
                os.chdir(root)
                _silence()
                request = Request(Mode.RUN, os.path.relpath(program, root), steps=steps)
                user_code = UserCode(root, request.target)
                run_script(request, ChildReport(), user_code, Delivery(Path(folder), ChildReport))
            finally:
                os._exit(1)
        _wait_for(child)


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def _wait_for(child: int) -> None:
    deadline = time.monotonic() + _SECONDS_EACH
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return
        time.sleep(0.002)


if __name__ == "__main__":
    main()
