"""One construction: explored, judged, and put before all rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from lr_lint.checks.facts.gaps import gaps_of
from lr_lint.checks.facts.guards import Guards
from lr_lint.checks.facts.refusals import refusal_of
from lr_lint.checks.facts.returned_numbers import ratio_of
from lr_lint.checks.facts.rivals import fits_of, rival_of
from lr_lint.checks.facts.shapes import shapes_of
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.grades import graded, graded_facts
from lr_lint.checks.judgement import histories, judge
from lr_lint.checks.rules import RULES
from lr_lint.checks.rules.base import Finding, Ground
from lr_lint.lifecycle.lives import Life, Lives
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.semantics.worlds.explore import explore
from lr_lint.semantics.worlds.runs import Runs
from lr_lint.timing.account import timing_of
from lr_lint.timing.claims import NOT_ASKED, ClockUnit, StepClock, Timing
from lr_lint.vocabulary.contracts import STEPPED_BY_USERS, Clock
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import real

_NO_CALLABLE = "it has no callable"
# What messages call an optimizer whose construction was not read.
_NAMELESS = "the optimizer"
_BY_EPOCH = Timing(StepClock(ClockUnit.EPOCH, "the trainer asks it once in each epoch"))


@dataclass(frozen=True, slots=True)
class Examination:
    """A construction with all that was found out about it.

    Attributes:
        runs: what it does in each world.
        facts: what that amounts to.
        findings: what the rules say about it, without places in the text.
    """

    runs: Runs
    facts: SiteFacts
    findings: Sequence[Finding]

    @property
    def construction(self) -> Construction:
        """Where the scheduler is constructed."""
        return self.facts.construction

    @property
    def codes(self) -> frozenset[str]:
        """The rules that say something."""
        return frozenset(finding.rule.code for finding in self.findings)

    @property
    def leaves_numbers_open(self) -> bool:
        """Whether it is evident that something changes what the numbers rest on which was not followed."""
        gaps = self.facts.gaps if self.findings else gaps_of(self.construction, self.runs)
        return any(gap.ceiling is Confidence.POSSIBLE and not gap.only_values for gap in gaps)

    def callables(self, positions: Iterable[int] | None = None) -> list[Value]:
        """What the scheduler calls, in all worlds, for some param groups; for all of them if None."""
        return [
            value
            for run in self.runs.runs
            for at, value in enumerate(run.callables)
            if positions is None or at in positions
        ]

    def evaluated(self) -> frozenset[cst.CSTNode]:
        """The expressions that the callables have evaluated, where the runs were recorded."""
        studies = [run.study for run in self.runs.runs if run.study is not None]
        return frozenset(node for study in studies for node in study.values)


def examine(construction: Construction) -> Examination:
    """Explores a construction, judges it and asks all rules about it.

    Callers in other files are costly to find, so they are asked only where all else leaves the question open.
    """
    if construction.contract.callable is None:
        return _examined_by_its_time(construction)
    runs = explore(construction)
    facts = _facts(construction, runs)
    if not facts.is_decided and not runs.exhausted and _has_callers_elsewhere(construction, runs):
        wider = explore(construction, everywhere=True)
        decided = replace(_facts(construction, wider), everywhere=True)
        if decided.is_decided or (_knows_rates(wider) and not _knows_rates(runs)):
            runs, facts = wider, decided
    lives = Lives(construction, runs.left)
    facts = replace(facts, timing=_timing(lives, runs), lives=_followed(lives))
    facts = _beside_others(facts, runs)
    facts = replace(facts, refusal=refusal_of(construction, facts.histories, facts.fits))
    findings = _findings(facts)
    if any(finding.rule.rests_on is not Ground.TEXT for finding in findings):
        facts = graded_facts(facts, gaps_of(construction, runs))
        findings = [graded(finding, facts) for finding in findings]
    return Examination(runs, facts, findings)


def _examined_by_its_time(construction: Construction) -> Examination:
    """A scheduler with a curve of its own: there is no callable to explore."""
    runs = nothing_to_run(construction)
    lives = Lives(construction, runs.left)
    timing = _BY_EPOCH if construction.contract.clock is Clock.EPOCH else _timing(lives, runs)
    facts = _beside_others(SiteFacts(construction, _NAMELESS, (), (), timing=timing, lives=_followed(lives)), runs)
    return Examination(runs, facts, _findings(facts))


def nothing_to_run(construction: Construction) -> Runs:
    """What exploring a scheduler without a callable comes to."""
    return Runs(reason=_NO_CALLABLE, left=construction.budget.steps)


def _beside_others(facts: SiteFacts, runs: Runs) -> SiteFacts:
    """The facts with what takes part in the same trainings."""
    fits = tuple(fits_of(facts.construction))
    return replace(facts, fits=fits, rival=rival_of(facts.construction, fits, runs)) if fits else facts


def _followed(lives: Lives) -> Iterable[Life]:
    """The lives, for a scheduler that is stepped by its user."""
    return lives if lives.main.construction.contract.clock in STEPPED_BY_USERS else ()


def _timing(lives: Lives, runs: Runs) -> Timing:
    """The account of its time, for a scheduler that is stepped by its user."""
    construction = lives.main.construction
    if construction.contract.clock is not Clock.STEP or construction.module.defeated:
        return NOT_ASKED
    groups = [group for run in runs.runs for group in run.groups]
    seen = groups[0].marks if groups else ()
    ratio = ratio_of(groups[0].points, construction.contract.meaning) if groups else None
    told = timing_of(lives.main, seen, ratio)
    if not told.is_open:
        return told
    each = [timing_of(life, seen, ratio) for life in lives if life is not lives.main]
    return told.as_all(each) if each else told


def _findings(facts: SiteFacts) -> list[Finding]:
    return [
        finding
        for rule in RULES
        if rule.check is not None and facts.contract.meaning in rule.meanings
        for finding in rule.check(facts)
    ]


def _knows_rates(runs: Runs) -> bool:
    """Whether all runs agree on what the param groups start from: then at least what is missing besides can be told."""
    rates = {real(group.lr) for run in runs.runs for group in run.groups}
    return len(rates) == 1 and None not in rates


def _has_callers_elsewhere(construction: Construction, runs: Runs) -> bool:
    return any(construction.project.is_used(module, name) for (_, name), module in runs.missing_callers.items())


def _facts(construction: Construction, runs: Runs) -> SiteFacts:
    return SiteFacts(
        construction,
        _optimizer_name(construction, runs),
        judge(runs, construction.contract.meaning),
        histories(runs),
        shapes_of(runs, construction),
        guards=Guards(construction.module),
    )


def _optimizer_name(construction: Construction, runs: Runs) -> str:
    """What messages call whatever was given the initial lr."""
    if construction.contract.rate is not None:
        return construction.contract.short_name
    names = [run.optimizer.name for run in runs.runs if run.optimizer is not None]
    return names[0] if names else _NAMELESS
