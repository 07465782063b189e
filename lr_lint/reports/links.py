"""Where in the published documentation something is told."""

from __future__ import annotations

DOCUMENTATION = "https://lr-lint.readthedocs.io/en/latest/"


def rule_page(code: str, name: str) -> str:
    """The address of a rule's page, whose file in ``docs/rules`` is called so."""
    return f"{DOCUMENTATION}rules/{code}-{name}/"
