"""A plugin of pytest: the fixture ``check_scheduler``.

Pytest loads it at its start, in every project that has lr-lint installed, so torch is imported with the first use only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture(scope="session", name="check_scheduler")
def _check_scheduler() -> Callable[..., Any]:
    """Assert that a scheduler sets the rates that are meant: ``check_scheduler(scheduler)``.

    See ``lr_lint.probe.check_scheduler`` for what else can be asked.
    """
    from lr_lint.probe.checking import check_scheduler

    return check_scheduler
