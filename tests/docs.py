"""The pages of docs/rules, one for each rule, from the rule objects: ``python -m tests.docs`` writes them anew."""

from __future__ import annotations

from pathlib import Path

from lr_lint.checks.rules import RULES
from lr_lint.reports.manual import explanation

FOLDER = Path(__file__).parent.parent / "docs" / "rules"


def pages() -> dict[str, str]:
    """The text of each page, by its file name."""
    return {f"{rule.code}-{rule.name}.md": explanation(rule) for rule in RULES}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.md"):
        old.unlink()
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
