"""What many comparisons come to: counts, and the programs that disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.differential.comparison import Comparison

VERDICTS = ("agree", "unknown", "disagree", "skipped", "error")


@dataclass
class Report:
    """Counts of comparisons.

    Attributes:
        verdicts: how many programs came to which verdict.
        notes: how often which note was given with the verdict.
        claimed: at how many times something was claimed.
        sampled: at how many times the callable was sampled.
    """

    verdicts: Counter[str] = field(default_factory=Counter)
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)
    claimed: int = 0
    sampled: int = 0

    def add(self, comparison: Comparison) -> None:
        """Count one more."""
        self.verdicts[comparison.verdict] += 1
        self.notes[comparison.verdict, comparison.note] += 1
        self.claimed += comparison.claimed
        self.sampled += comparison.sampled

    @property
    def is_clean(self) -> bool:
        """Whether nothing disagrees and nothing failed."""
        return not self.verdicts["disagree"] and not self.verdicts["error"]

    def lines(self, what: str) -> Iterator[str]:
        """The counts, for people."""
        counts = ", ".join(f"{self.verdicts[verdict]:,} {verdict}" for verdict in VERDICTS)
        share = self.claimed / self.sampled if self.sampled else 0
        yield f"{what}: {self.verdicts.total():,}: {counts}; decided at {share:.1%} of {self.sampled:,} times"
