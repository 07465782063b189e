from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import BUG


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with one program that has the bug."""
    (tmp_path / "train.py").write_text(BUG)
    return tmp_path
