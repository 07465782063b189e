"""The page of a rule: what it does, why, its examples, its confidences and the safety of its fix.

It is the Markdown file beside the rule's module, under fixed headings: What it does, Why is this bad, Not reported
(where that needs words), Example, Use instead, Confidence, Fix safety. It is read when somebody asks for it; checks
need none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from lr_lint.vocabulary.diagnostics import Confidence

if TYPE_CHECKING:
    from lr_lint.checks.rules.base import Rule

_HEADING = re.compile(r"^## (.+)\n", re.MULTILINE)
_PROGRAM = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# What is data: the programs and the confidences.
_NO_PROSE = frozenset({"Example", "Use instead", "Confidence"})
_GRADE = re.compile(r"^- (\w+): (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Page:
    """What a rule's page says.

    Attributes:
        text: all of it, as Markdown.
        sections: what stands under each heading, in their order.
    """

    text: str
    sections: dict[str, str]

    @property
    def bad(self) -> str:
        """A complete program on which exactly this rule fires."""
        return _program(self.sections["Example"])

    @property
    def good(self) -> str:
        """The same program, mended: nothing fires."""
        return _program(self.sections["Use instead"])

    @property
    def grades(self) -> dict[Confidence, str]:
        """The confidences that a finding of the rule can have, and when it has them, in the order of the page."""
        return {Confidence.from_label(label): when for label, when in _GRADE.findall(self.sections["Confidence"])}

    @property
    def prose(self) -> str:
        """The sections without the examples, and without the confidences, which are `grades`."""
        rest = [f"## {heading}\n\n{text}" for heading, text in self.sections.items() if heading not in _NO_PROSE]
        return "\n\n".join(rest) + "\n"


def page_of(rule: Rule) -> Page:
    """Read the page of a rule."""
    name = f"{rule.code.lower()}_{rule.name.replace('-', '_')}.md"
    return parse_page((resources.files("lr_lint.checks.rules") / name).read_text(encoding="utf-8"))


def parse_page(text: str) -> Page:
    """Take the sections of a page apart."""
    _, *parts = _HEADING.split(text)
    return Page(text, {heading: body.strip() for heading, body in zip(parts[::2], parts[1::2], strict=True)})


def _program(section: str) -> str:
    """The first program of a section.

    Raises:
        ValueError: there is none.
    """
    found = _PROGRAM.search(section)
    if found is None:
        raise ValueError("the section has no program in it")
    return found[1]
