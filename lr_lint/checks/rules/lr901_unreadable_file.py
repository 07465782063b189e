"""LR901: a file cannot be read. The engine says so, not a check."""

from __future__ import annotations

from lr_lint.checks.rules.base import Rule
from lr_lint.vocabulary.codes import UNREADABLE_FILE

RULE = Rule(
    *UNREADABLE_FILE,
    summary="a file that names a scheduler cannot be parsed, so nothing is known about its schedules",
    default=True,
    check=None,
)
