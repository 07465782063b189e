"""LR902: a comment suppresses nothing. `lr_lint.checks.unused` finds these, not a check."""

from __future__ import annotations

from lr_lint.checks.rules.base import Rule
from lr_lint.vocabulary.codes import UNUSED_SUPPRESSION

RULE = Rule(
    *UNUSED_SUPPRESSION,
    summary="a comment suppresses nothing: what it was written for is gone, or never was there",
    default=False,
    check=None,
)
