from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support import BUG

# What one run keeps is none of another's business, but for the tests of just that.
os.environ["LR_LINT_NO_CACHE"] = "1"


@pytest.fixture(autouse=True)
def _no_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts are as wide as they are: pytest-xdist tells its workers a width, and the command would go by that."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with one program that has the bug."""
    (tmp_path / "train.py").write_text(BUG)
    return tmp_path
