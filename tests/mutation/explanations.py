"""Why mutants that survive may: `explained.toml`, one entry for each."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

EXPLAINED = Path(__file__).parent / "explained.toml"


@dataclass(frozen=True)
class Explanation:
    """What is known of a mutant.

    Attributes:
        key: the file, the function, the lines that are changed and what becomes of them; see `Mutant.key`.
        reason: why no test tells it.
    """

    key: tuple[str, str, str, str]
    reason: str


def read_explanations(path: Path) -> list[Explanation]:
    """The entries of a file; none where there is no file."""
    if not path.is_file():
        return []
    rows = tomllib.loads(path.read_text(encoding="utf-8")).get("mutant", [])
    return [
        Explanation((row["module"], row["function"], row["old"], row["new"]), " ".join(row["reason"].split()))
        for row in rows
    ]
