"""The registry of rules. Importing it imports no parser."""

from __future__ import annotations

from lr_lint.checks.rules.base import Rule
from lr_lint.checks.rules.files import FILE_RULES
from lr_lint.checks.rules.lifecycle import LIFECYCLE_RULES
from lr_lint.checks.rules.shape import SHAPE_RULES
from lr_lint.checks.rules.unit import UNIT_RULES
from lr_lint.checks.rules.value import VALUE_RULES

RULES: tuple[Rule, ...] = (*UNIT_RULES, *VALUE_RULES, *SHAPE_RULES, *LIFECYCLE_RULES, *FILE_RULES)


def by_code_or_name(text: str) -> Rule | None:
    """The rule of that code or name, in any case; None where there is none."""
    wanted = text.strip().lower()
    return next((rule for rule in RULES if wanted in (rule.code.lower(), rule.name)), None)
