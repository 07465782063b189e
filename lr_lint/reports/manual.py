"""The rules, told to the user: the table and the explanation of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lr_lint.checks.rules.base import Rule


def explanation(rule: Rule) -> str:
    """All about a rule, as Markdown."""
    state = "on" if rule.default else "off"
    return "\n\n".join(
        (
            f"# {rule.code} {rule.name}",
            f"{rule.summary} ({state} by default)",
            rule.docs.strip(),
            f"## Example\n\n```python\n{rule.bad.strip()}\n```",
            f"## Use instead\n\n```python\n{rule.good.strip()}\n```\n",
        )
    )


def rules_table(rules: Sequence[Rule]) -> str:
    """One line per rule."""
    width = max((len(rule.name) for rule in rules), default=0)
    return "".join(
        f"{rule.code}  {rule.name:{width}}  {'on ' if rule.default else 'off'}  {rule.summary}\n" for rule in rules
    )


def rules_json(rules: Sequence[Rule]) -> str:
    """The rules without their examples, as JSON."""
    import json

    return (
        json.dumps(
            [
                {
                    "code": rule.code,
                    "name": rule.name,
                    "summary": rule.summary,
                    "default": rule.default,
                    "docs": rule.docs,
                }
                for rule in rules
            ],
            indent=2,
        )
        + "\n"
    )
