"""The rules: one module each, with its page beside it as Markdown. Importing them imports no parser and reads no page.

`base` says what a rule is, `pages` reads a page. What several rules share is in `unit_claims`, `time_claims` and
`factor_curves`.

`registry` lists them. It is generated from the names of the files, not collected when the program runs: what is
imported can be read, type-checked and followed by tools, and a start lists no folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lr_lint.checks.rules.registry import RULES

if TYPE_CHECKING:
    from lr_lint.checks.rules.base import Rule

__all__ = ["RULES", "by_code_or_name"]


def by_code_or_name(text: str) -> Rule | None:
    """The rule of that code or name, in any case; None where there is none."""
    wanted = text.strip().lower()
    return next((rule for rule in RULES if wanted in (rule.code.lower(), rule.name)), None)
