"""What a rule is, and its answer. Its words and examples are on its page: see `lr_lint.checks.rules.pages`."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from lr_lint.vocabulary.contracts import FACTORS, Meaning
from lr_lint.vocabulary.diagnostics import UNKNOWN_NUMBERS, Confidence, Numbers


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule's answer for one param group of one construction, before positions are known.

    Attributes:
        message: one sentence for the user; ``{place}`` in it stands for the place of ``mentioned``.
        confidence: how sure the rule is.
        place: anchor of the expression that is wrong, or None for the callable argument.
        evidence: pairs of an anchor and the sentence about it.
        numbers: the schedule in numbers.
        mentioned: anchor of the place that the message names.
        unfixable: why there can be no fix, where that is known beforehand.
    """

    message: str
    confidence: Confidence
    place: Any = None
    evidence: tuple[tuple[Any, str], ...] = ()
    numbers: Numbers = UNKNOWN_NUMBERS
    mentioned: Any = None
    unfixable: str = ""


class Remedy(enum.Enum):
    """What would mend a finding; how that is done, and verified, is the business of `lr_lint.checks.fixes`."""

    DIVIDE = "divide what is returned by the initial lr"
    DIVIDE_PART = "divide the absolute part by the initial lr"
    MULTIPLY = "multiply what is returned by the initial lr"
    OF_INITIAL = "use the scheduler that multiplies the initial lr"
    PASS_CALLABLE = "pass what is to be called"
    BIND_VARIABLE = "bind the loop's variable"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it is called, and its check.

    Attributes:
        code: as ``LR101``.
        name: reads well after "ignore".
        summary: one line for tables.
        default: whether the rule is on without being asked for.
        check: yields verdicts for one analysed construction; None for rules that the engine itself raises.
        meanings: the contracts that the rule is about.
        remedy: what would mend a finding; None where nobody can tell.
    """

    code: str
    name: str
    summary: str
    default: bool
    check: Callable[[Any], Iterable[Verdict]] | None
    meanings: frozenset[Meaning] = FACTORS
    remedy: Remedy | None = None
