"""Random schedules that return rates: whatever fix they get, PyTorch sets the rates that the callable named."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

pytest.importorskip("torch")

from lr_lint.checks.engine import check_bytes
from lr_lint.checks.fixes.rounds import repair
from lr_lint.source.settings import Settings
from tests.schedules import programs

STEPS = 12


def run(program: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    exec(compile(program, "schedule.py", "exec"), made)
    return made


def rates_set_by(made: dict[str, Any]) -> list[list[float]]:
    """The rates of all param groups before each step."""
    found = []
    for _ in range(STEPS):
        found.append([group["lr"] for group in made["optimizer"].param_groups])
        made["optimizer"].step()
        made["scheduler"].step()
    return found


@pytest.mark.slow
def test_fixed_schedules_have_the_rates_that_were_named() -> None:
    seen: list[bool] = []

    @settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(programs())
    def check(program: str) -> None:
        source = program.encode()
        assert "LR101" in {each.code for each in check_bytes("schedule.py", source, Settings()).diagnostics}

        repaired = repair("schedule.py", source, Settings(), None, unsafe=True)

        assert repaired.problem == ""
        seen.append(bool(repaired.applied))
        if repaired.applied:
            function = run(program)["f"]
            named = [function(step) for step in range(STEPS)]
            for group in zip(*rates_set_by(run(repaired.data.decode())), strict=True):
                assert list(group) == pytest.approx(named)

    check()

    assert sum(seen) > 0.9 * len(seen)
