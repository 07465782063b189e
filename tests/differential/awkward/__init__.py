"""Programs that were written by hand to be hard, a line of three number signs between them."""

from __future__ import annotations

from pathlib import Path


def awkward_programs() -> dict[str, list[str]]:
    """The programs by what they are about."""
    files = sorted(Path(__file__).parent.glob("*.txt"))
    return {file.stem: file.read_text(encoding="utf-8").split("###\n") for file in files}
