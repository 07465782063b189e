"""What the fixes of each program under fixtures change, as a difference of lines."""

from __future__ import annotations

import difflib
from pathlib import Path

FOLDER = Path(__file__).parent / "fixes"


def recorded_path(program: str) -> Path:
    """Where the change of a program is recorded, by its path under fixtures."""
    return (FOLDER / program).with_suffix(".diff")


def change_of(before: bytes, after: bytes) -> str:
    """The changed lines of a program, without those around them: what stands elsewhere may be written anew."""
    old, new = (each.decode().splitlines(keepends=True) for each in (before, after))
    return "".join(difflib.unified_diff(old, new, n=0))
