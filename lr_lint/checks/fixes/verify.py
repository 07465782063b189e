"""Whether a changed program does what its author evidently meant, and nothing else changed.

The same interpreter that found the mistake runs both versions. Of what was wrong, the rate must be the one that the
remedy promises; of all else, nothing may have moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from lr_lint.checks.analysis import constructions_in
from lr_lint.checks.examination import Examination, examine, nothing_to_run
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.fixes.comparison import paired, same_group, versions_of
from lr_lint.checks.fixes.problem import Problem
from lr_lint.checks.fixes.remedy import Remedy, TimeRemedy, UseRemedy
from lr_lint.checks.rules.base import Finding
from lr_lint.semantics.worlds.explore import explore
from lr_lint.semantics.worlds.runs import GroupRun
from lr_lint.source.files import SourceFile
from lr_lint.source.settings import Settings, is_enabled
from lr_lint.source.surroundings import Surroundings
from lr_lint.source.tree import code_of
from lr_lint.vocabulary.diagnostics import Confidence, Failure


def recorded(site: SiteFacts, findings: Iterable[Finding], settings: Settings, *, everywhere: bool) -> Examination:
    """A construction explored once more, with all that its callables compute.

    Args:
        site: what is known about it.
        findings: what the rules say. Those stay that are in question: of rules that are asked for or on by default.
        settings: how sure a finding must be, and which rules are asked for.
        everywhere: whether callers in other files have a say.
    """
    weakest = Confidence.from_label(settings.min_confidence)
    in_question = [
        finding
        for finding in findings
        if finding.confidence >= weakest and (finding.rule.default or is_enabled(settings, finding.rule))
    ]
    construction = site.construction
    if construction.contract.callable is None:
        return Examination(nothing_to_run(construction), site, in_question)
    return Examination(explore(construction, everywhere=everywhere, recorded=True), site, in_question)


def examine_changed(
    source: SourceFile, files: Surroundings | None, settings: Settings, before: Sequence[Examination]
) -> list[Examination] | None:
    """All constructions of a changed version of a file, each examined as it was before.

    Args:
        source: the changed version.
        files: those around it.
        settings: those that it is checked with.
        before: the constructions of the version before.

    Returns:
        The recorded examinations; None if the file does not parse or constructs other schedulers.
    """
    found = constructions_in(source, files, settings.budget, settings.contracts)
    if isinstance(found, Failure) or len(found) != len(before):
        return None
    pairs = zip(map(examine, found), before, strict=True)
    return [recorded(now.facts, now.findings, settings, everywhere=old.facts.everywhere) for now, old in pairs]


@dataclass(frozen=True, slots=True)
class Promise:
    """What a draft promises, when it is tried together with others.

    Attributes:
        remedy: the way in which the finding is mended.
        problem: the finding, in the version before.
        divisor: what the changed code divides by as the initial lr, if anything.
        others: param groups that change as well, by another promise; the rest must not.
    """

    remedy: Remedy
    problem: Problem
    divisor: str = ""
    others: Sequence[int] = ()

    def broken_by(self, new: Examination) -> str:
        """Why the changed construction is not what was promised, in words that fit after "since"; empty if it is."""
        old = self.problem.examination
        if not self.remedy.is_resolved(self.problem, new):
            return "the finding would remain"
        if not new.codes <= old.codes:
            return f"{min(new.codes - old.codes)} would be found in its place"
        pairs = paired(old.runs, new.runs)
        if pairs is None:
            return "the two versions cannot be compared"
        if isinstance(self.remedy, TimeRemedy):
            fits = self.remedy.fits(self.problem, new.facts.timing)
            return self._broken_by_change(pairs) if fits else "what the steps and the horizon count would not fit"
        if isinstance(self.remedy, UseRemedy):
            return self._broken_by_change(pairs)
        return self._broken_by_rates(pairs) or self._broken_by_divisor(new)

    def _broken_by_change(self, pairs: Iterable[tuple[int, GroupRun, GroupRun]]) -> str:
        """Whether a param group changes that nobody promised to change."""
        kept = all(position in self.others or same_group(old, new) for position, old, new in pairs)
        return "" if kept else "it would change a param group"

    def _broken_by_rates(self, pairs: Iterable[tuple[int, GroupRun, GroupRun]]) -> str:
        confirmed = 0
        for position, old, new in pairs:
            if position in self.problem.positions and self.problem.is_right(old):
                if not same_group(old, new):
                    return "it would change a schedule that is right"
            elif position in self.problem.positions and not _raises_at_start(old):
                versions = versions_of(old, new)
                if versions is None or not self.remedy.is_confirmed(versions):
                    return "the rate that is meant cannot be confirmed"
                confirmed += 1
            elif position not in self.others and not same_group(old, new):
                return "it would change another param group"
        return "" if confirmed else "the rate that is meant cannot be confirmed"

    def _broken_by_divisor(self, new: Examination) -> str:
        """Whether the divisor, wherever the changed callables read it, is the initial lr of their groups."""
        if not self.divisor:
            return ""
        changed = replace(self.problem, examination=new)
        evaluated = (node for node in new.evaluated() if isinstance(node, cst.BaseExpression))
        read = [node for node in evaluated if code_of(node) == self.divisor and not _is_of_comprehension(node, new)]
        is_rate = bool(read) and all(changed.is_rate(node) for node in read)
        return "" if is_rate else "what it would divide by is not the initial lr there"


def _is_of_comprehension(node: cst.BaseExpression, new: Examination) -> bool:
    """Whether a comprehension has a variable of its own of that name: that is no divisor."""
    binding = new.construction.module.scopes.resolve(code_of(node), node)
    return binding is not None and isinstance(binding.scope, cst.BaseComp)


def _raises_at_start(group: GroupRun) -> bool:
    """Whether the callable raises at once: no program gets anywhere in such a world."""
    return bool(group.points) and group.points[0].raised is not None


def unchanged(old: Examination, new: Examination) -> bool:
    """Whether a construction does in one version what it does in another."""
    pairs = paired(old.runs, new.runs)
    return pairs is not None and old.codes == new.codes and all(same_group(first, second) for _, first, second in pairs)


def no_worse(old: Examination, new: Examination, changed: Iterable[cst.CSTNode]) -> bool:
    """Whether a construction has no other findings in one version than in another, and does the same.

    Args:
        old: as it was.
        new: as it is.
        changed: the nodes that were changed; a callable that evaluates none of them does what it did.
    """
    pairs = paired(old.runs, new.runs)
    same = pairs is not None and all(same_group(first, second) for _, first, second in pairs)
    return new.codes <= old.codes and (same or old.evaluated().isdisjoint(changed))
