"""What a rule is, and its answer. Its words and examples are on its page: see `lr_lint.checks.rules.pages`."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lr_lint.vocabulary.contracts import FACTORS, Meaning
from lr_lint.vocabulary.diagnostics import UNKNOWN_NUMBERS, Confidence, Numbers

if TYPE_CHECKING:
    import libcst as cst

    from lr_lint.checks.facts.gaps import Gap
    from lr_lint.checks.facts.site_facts import SiteFacts
    from lr_lint.semantics.values.context import Anchor
    from lr_lint.semantics.worlds.construction import Construction
    from lr_lint.vocabulary.diagnostics import Span


class Ground(enum.Enum):
    """What a rule rests on, from the text alone to all that the interpreter has followed."""

    TEXT = "what stands in the file"
    SHAPE = "what is passed to the scheduler"
    VALUES = "what its callables return"


class SaidOf(enum.Enum):
    """Whom the sentences of a rule are about, as they begin: those that begin with a verb say it of something."""

    OWN = "{message}"
    CALLABLE = "{callable} {message}"
    RETURNED = "what {callable} returns {message}"


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """What a rule has found wrong with one construction.

    Attributes:
        rule: the rule that says so.
        site: the facts that it rests on.
        message: one sentence for the user, without the subject of its rule; ``{place}`` in it stands for the place of
            ``mentioned``.
        confidence: how sure the rule is.
        place: the expression that is wrong, or None for the callable argument.
        evidence: pairs of a place and the sentence about it.
        numbers: the schedule in numbers.
        mentioned: the place that the message names.
        unfixable: why there can be no fix, where that is known beforehand.
        ground: what it rests on, where that is less than what its rule does.
        gap: what makes it less sure than its rule is, if anything does.
        spans: where the nodes stand that it speaks of. This and the next are left open by the rules, and set by
            `lr_lint.checks.findings.located`, for all findings of a file at once.
        statements: spans in the checked file on whose lines a comment may suppress it: the offending statement and the
            one that constructs the scheduler.
    """

    rule: Rule
    site: SiteFacts
    message: str
    confidence: Confidence
    place: Anchor | None = None
    evidence: tuple[tuple[Anchor, str], ...] = ()
    numbers: Numbers = UNKNOWN_NUMBERS
    mentioned: Anchor | None = None
    unfixable: str = ""
    ground: Ground | None = None
    gap: Gap | None = None
    spans: Mapping[cst.CSTNode, Span] = field(default_factory=dict)
    statements: tuple[Span, ...] = ()

    @property
    def construction(self) -> Construction:
        """Where the scheduler is constructed."""
        return self.site.construction


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it is called, and its check.

    Attributes:
        code: as ``LR101``.
        name: reads well after "ignore".
        summary: one line for tables.
        default: whether the rule is on without being asked for.
        check: yields what is wrong with one analysed construction; None for rules that the engine itself raises.
        meanings: the contracts that the rule is about.
        remedy: the name of what would mend a finding, see `lr_lint.checks.fixes.remedies`; empty where nobody can tell.
        rests_on: what has to be known for a finding to be certain.
        said_of: whom its sentences are about.
        suits: the kind of contract for which what the rule objects to is right; None if there is none.
    """

    code: str
    name: str
    summary: str
    default: bool
    check: Callable[[SiteFacts], Iterable[Finding]] | None
    meanings: frozenset[Meaning] = FACTORS
    remedy: str = ""
    rests_on: Ground = Ground.VALUES
    said_of: SaidOf = SaidOf.OWN
    suits: Meaning | None = None
