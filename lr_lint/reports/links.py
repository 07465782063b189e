"""Where in the published documentation something is told."""

from __future__ import annotations

import re

DOCUMENTATION = "https://lr-lint.readthedocs.io/en/latest/"


def rule_page(code: str, name: str) -> str:
    """The address of a rule's page, whose file in ``docs/rules`` is called so."""
    return f"{DOCUMENTATION}rules/{code}-{name}/"


def with_addresses(markdown: str) -> str:
    """A text of a page of ``docs``, for readers elsewhere: links to other pages lead to where they are published."""
    return re.sub(r"\]\(([\w/-]+)\.md(#[\w-]+)?\)", rf"]({DOCUMENTATION}\1/\2)", markdown)
