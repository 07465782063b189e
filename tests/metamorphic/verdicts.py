"""The verdict on a program, and whether two verdicts keep a promise."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from lr_lint.checks.analysis import Analysis, analyse
from lr_lint.checks.rules import RULES
from lr_lint.source.files import SourceFile, decode
from lr_lint.source.surroundings import InMemory
from lr_lint.vocabulary.diagnostics import Confidence
from tests.metamorphic.programs import Program, Promise

# Rules that say nothing unless they are asked.
_OFF = frozenset(rule.code for rule in RULES if not rule.default)


@dataclass(frozen=True)
class Verdict:
    """What is found in a program, wherever it stands.

    Attributes:
        findings: code and confidence of each finding that is reported unless others are asked for, once for each
            construction.
        sites: how many constructions there are.
        decided: whether what each of them returns could be told to fit its optimizer, or not to.
        failure: why nothing could be told; empty as a rule.
    """

    findings: tuple[tuple[str, Confidence], ...]
    sites: int
    decided: bool = False
    failure: str = ""

    def __str__(self) -> str:
        found = ", ".join(f"{code} {confidence.label}" for code, confidence in self.findings) or "nothing"
        return self.failure or f"{found} ({self.sites} constructions)"

    @property
    def codes(self) -> frozenset[str]:
        """The codes that are found."""
        return frozenset(code for code, _ in self.findings)


def verdict_of(program: Program) -> Verdict:
    """Checks a program in its project."""
    source = decode(program.path, program.data)
    if not isinstance(source, SourceFile):
        return Verdict((), 0, failure=source.message)
    analysis = analyse(source, InMemory({**program.others, program.path: program.data}))
    if not isinstance(analysis, Analysis):
        return Verdict((), 0, failure=analysis.message)
    # Callables of several groups may share the expression that is wrong: that is said once, wherever it stands.
    found = {
        (each.site, each.code, each.confidence)
        for each in analysis.diagnostics
        if each.confidence >= Confidence.LIKELY and each.code not in _OFF
    }
    return Verdict(
        tuple(sorted((code, confidence) for _, code, confidence in found)),
        len(analysis.sites),
        all(site.is_decided for site in analysis.sites),
    )


def is_kept(promise: Promise, before: Verdict, after: Verdict, loses: frozenset[str] = frozenset()) -> bool:
    """Whether the second verdict is what the promise makes of the first; findings of some codes may be lost."""
    if after.failure != before.failure:
        return False
    if promise is Promise.BECOMES_RATE:
        return "LR101" in after.codes
    old, new = Counter(before.findings), Counter(after.findings)
    lost, won = old - new, new - old
    if promise is Promise.SAME:
        return not won and all(code in loses for code, _ in lost)
    stronger = {code for code, confidence in won if confidence >= Confidence.LIKELY}
    sure = {code for code, confidence in lost if confidence is Confidence.CERTAIN}
    return sure <= loses and stronger <= before.codes
