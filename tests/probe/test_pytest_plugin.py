"""The plugin: a fixture for a project's own tests, which costs nothing where it is not used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import run_python

SCHEDULE = """\
import torch
from torch.optim.lr_scheduler import LambdaLR

def build(factor):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1e-3)
    return LambdaLR(optimizer, lambda epoch: factor * 0.9**epoch)

def test_right(check_scheduler):
    check_scheduler(build(1.0))

def test_wrong(check_scheduler):
    check_scheduler(build(1e-3))
"""


@pytest.mark.slow
def test_fixture(tmp_path: Path) -> None:
    pytest.importorskip("torch")
    (tmp_path / "test_schedule.py").write_text(SCHEDULE)
    plugin = ("-p", "lr_lint.probe.pytest_plugin", "-p", "no:cacheprovider")
    done = run_python(
        "-m", "pytest", *plugin, "-q", "test_schedule.py", cwd=tmp_path, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"
    )

    assert done.returncode == 1
    assert "1 failed, 1 passed" in done.stdout
    assert "ScheduleError: the rate starts at 1e-06, not at 0.001" in done.stdout
    assert re.search(r"step +lr +factor\nE +0 +1e-06 +0\.001\n", done.stdout)
    # The failure is shown at the line of the test, not within lr-lint.
    assert "test_schedule.py:12: ScheduleError" in done.stdout


@pytest.mark.parametrize(
    "heavy", ["torch", "libcst", "lr_lint.probe.checking", "lr_lint.probe.measuring.verdicts", "dataclasses"]
)
def test_pytest_loads_nothing_with_the_plugin(heavy: str, tmp_path: Path) -> None:
    program = """\
import sys
before = set(sys.modules)
import pytest, collections.abc, typing
with_pytest = set(sys.modules)
import lr_lint.probe.pytest_plugin
print(*(set(sys.modules) - with_pytest))
"""
    loaded = run_python("-c", program, cwd=tmp_path).stdout.split()

    assert "lr_lint.probe.pytest_plugin" in loaded
    assert heavy not in loaded
