from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

_STANDING_IN = "lr_lint.probe.child.slices.missing"


@pytest.fixture(autouse=True)
def _no_stand_ins() -> Iterator[None]:
    """What stands in for a module that is missing ends with the test: libraries look at what is loaded."""
    yield
    for name, module in list(sys.modules.items()):
        if type(module).__module__ == _STANDING_IN:
            del sys.modules[name]
