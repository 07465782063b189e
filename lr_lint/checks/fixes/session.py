"""From the findings of a file to the fixes that are safe to show: drafted, tried together, verified."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import libcst as cst

from lr_lint.checks.analysis import Analysis
from lr_lint.checks.definitions import functions_in
from lr_lint.checks.examination import Examination
from lr_lint.checks.fixes.candidates import Candidate, FixResult, compatible
from lr_lint.checks.fixes.drafts import Draft, NoFixError
from lr_lint.checks.fixes.placing import comments_in, keeps_its_text
from lr_lint.checks.fixes.problem import Problem
from lr_lint.checks.fixes.remedies import REMEDIES
from lr_lint.checks.fixes.remedy import Remedy
from lr_lint.checks.fixes.verify import examine_changed, no_worse, recorded, unchanged
from lr_lint.checks.rules.base import Finding
from lr_lint.source.edits import EditError, apply_edits
from lr_lint.source.files import SourceFile, check_syntax
from lr_lint.source.settings import Settings
from lr_lint.source.surroundings import Surroundings
from lr_lint.vocabulary.diagnostics import Confidence, Failure

_MOST_TRIALS = 12
_MOST_OPTIONS = 24
_NO_PROGRAM = "the changed file could not be analysed"
_LOSES_COMMENT = "a comment would be lost"
_HARMS_ANOTHER = "another scheduler would change"


def find_fixes(
    source: SourceFile,
    analysis: Analysis,
    findings: Sequence[Finding],
    files: Surroundings | None,
    settings: Settings,
) -> list[FixResult]:
    """Looks for a fix of each finding.

    Args:
        source: the file.
        analysis: what was found in it.
        findings: those to mend, all of that analysis.
        files: those around it.
        settings: those that it is checked with.

    Returns:
        What came of each, in the order of the findings.
    """
    mendable = [finding for finding in findings if finding.rule.remedy]
    by_finding = dict.fromkeys(mendable, FixResult(reason="the finding is no more than possible"))
    likely = [finding for finding in mendable if finding.confidence >= Confidence.LIKELY]
    wanted = [finding for finding in likely if finding.construction.named is None]
    by_finding |= dict.fromkeys(likely, FixResult(reason="the scheduler is constructed in another file"))
    if wanted and not keeps_its_text(wanted[0].construction.module):
        by_finding |= dict.fromkeys(wanted, FixResult(reason="the file has a layout that would not survive"))
    elif wanted:
        results = _FixSession(source, analysis, files, settings).results(wanted)
        by_finding |= dict(zip(wanted, results, strict=True))
    return [by_finding.get(finding, FixResult()) for finding in findings]


@dataclass
class _FixSession:
    """One file with the means to try changes on it.

    Attributes:
        source: the file.
        analysis: what was found in it.
        files: those around it.
        settings: those that it is checked with.
        before: its constructions, recorded; in the order of the analysis.
        trials: how many versions of the file were tried to find fixes, and
        options_tried: how many where there is a choice.
    """

    source: SourceFile
    analysis: Analysis
    files: Surroundings | None
    settings: Settings
    before: list[Examination] = field(default_factory=list)
    trials: int = 0
    options_tried: int = 0

    def results(self, findings: Sequence[Finding]) -> list[FixResult]:
        """What comes of each of some findings that have a remedy."""
        on_site: dict[int, list[Finding]] = {}
        for finding in self.analysis.findings:
            on_site.setdefault(id(finding.site), []).append(finding)
        for site in self.analysis.sites:
            found = on_site.get(id(site), [])
            self.before.append(recorded(site, found, self.settings, everywhere=site.everywhere))
        candidates = [self._candidate(finding) for finding in findings]
        for candidate in candidates:
            candidate.advance()
        for candidate in (each for each in candidates if each.leaves_a_choice):
            self._try_options(candidate)
        self._settle([each for each in candidates if not each.leaves_a_choice])
        return [candidate.result() for candidate in candidates]

    def _candidate(self, finding: Finding) -> Candidate:
        remedy = REMEDIES[finding.rule.remedy]
        ordinal = self._ordinals[id(finding.site)]
        problem = Problem(finding, self.before[ordinal], remedy.positions(finding), self._arguments)
        candidate = Candidate(remedy, problem, ordinal, _drafts(remedy, problem))
        sharer = self._sharer(problem) if remedy.is_about_units and not finding.unfixable else None
        if sharer is not None:
            candidate.block(sharer.construction)
        return candidate

    def _sharer(self, problem: Problem) -> Examination | None:
        """Another scheduler that is given the same function and is right: whoever changes the one harms the other."""
        functions = functions_in(problem.examination.callables(problem.positions))
        users = [at for function in functions for at in self._right_users.get(function, ())]
        others = (self.before[at] for at in sorted(users))
        return next((each for each in others if each is not problem.examination), None)

    @cached_property
    def _ordinals(self) -> dict[int, int]:
        """Which construction of the file each of the sites is, by their identities."""
        return {id(site): at for at, site in enumerate(self.analysis.sites)}

    @cached_property
    def _arguments(self) -> frozenset[cst.CSTNode]:
        """What the schedulers of the file are given as their callables."""
        constructions = [each.construction for each in self.before]
        given = (each.argument(each.contract.callable) for each in constructions)
        return frozenset(argument for argument in given if argument is not None)

    @cached_property
    def _right_users(self) -> dict[cst.CSTNode, list[int]]:
        """The constructions that nothing contradicts, by the functions that they call."""
        users: dict[cst.CSTNode, list[int]] = {}
        for at, each in enumerate(self.before):
            for function in () if each.facts.contradicted else functions_in(each.callables()):
                users.setdefault(function, []).append(at)
        return users

    def _try_options(self, candidate: Candidate) -> None:
        """Tries all drafts of a finding, each by itself, and keeps those that hold.

        An option may mend other schedulers as well, which take the same step.
        """
        while candidate.is_pending and self.options_tried < _MOST_OPTIONS:
            self.options_tried += 1
            reason = self._why_no_option(candidate)
            if not reason:
                candidate.keep()
            candidate.advance(reason)

    def _why_no_option(self, candidate: Candidate) -> str:
        changed = self._changed([candidate])
        if changed is not None and self._loses_comment(changed):
            return _LOSES_COMMENT
        after = None if changed is None else self._examined(changed)
        if after is None:
            return _NO_PROGRAM
        broken = candidate.promise([candidate]).broken_by(after[candidate.ordinal])
        harmed = (
            old for old, new in zip(self.before, after, strict=True) if not no_worse(old, new, candidate.changed_nodes)
        )
        return broken or (_HARMS_ANOTHER if any(True for _ in harmed) else "")

    def _settle(self, candidates: Sequence[Candidate]) -> None:
        """Tries the drafts together until all that are left pass; those that overlap with others go later."""
        alone = False
        while self.trials < _MOST_TRIALS:
            batch = compatible([each for each in candidates if each.is_pending])
            batch = batch[:1] if alone else batch
            if not batch:
                return
            self.trials += 1
            failed = self._failures(batch)
            if failed is None:
                # The text as a whole is no good; whose fault that is shows when each is tried by itself.
                if len(batch) == 1:
                    batch[0].advance(_NO_PROGRAM)
                alone = True
                continue
            for candidate, reason in failed.items():
                candidate.advance(reason)
            if not failed:
                alone = False
                for candidate in batch:
                    candidate.verified = True
        for candidate in candidates:
            if not candidate.verified:
                candidate.draft, candidate.reason = None, "too many changes had to be tried"

    def _failures(self, batch: Sequence[Candidate]) -> dict[Candidate, str] | None:
        """The drafts that do not do what they promise, with the reason; None if the changed text is no program."""
        changed = self._changed(batch)
        if changed is None:
            return None
        if self._loses_comment(changed):
            return _failure_of_one(batch, _LOSES_COMMENT)
        after = self._examined(changed)
        if after is None:
            return None
        failed = {each: reason for each in batch if (reason := each.promise(batch).broken_by(after[each.ordinal]))}
        moved = list(self._moved(after, batch))
        if moved and not _block_harmful(moved, batch, failed):
            return _failure_of_one(batch, _HARMS_ANOTHER)
        return failed

    def _examined(self, changed: SourceFile) -> list[Examination] | None:
        """What a changed version comes to; None where it is no program, or constructs other schedulers."""
        if isinstance(check_syntax(changed), Failure):
            return None
        return examine_changed(changed, self.files, self.settings, self.before)

    def _loses_comment(self, changed: SourceFile) -> bool:
        return comments_in(changed.text) != comments_in(self.source.text)

    def _changed(self, batch: Sequence[Candidate]) -> SourceFile | None:
        try:
            text = apply_edits(self.source.text, [edit for each in batch for edit in each.edits])
        except EditError:
            return None
        return SourceFile(self.source.path, text.encode(errors="surrogatepass"), text)

    def _moved(self, after: Sequence[Examination], batch: Sequence[Candidate]) -> Iterator[Examination]:
        """The constructions, as they were, that nobody meant to change and that do something else now."""
        meant = {each.ordinal for each in batch}
        for at, (old, new) in enumerate(zip(self.before, after, strict=True)):
            if at not in meant and not unchanged(old, new) and not _is_untouched(old, batch):
                yield old


def _drafts(remedy: Remedy, problem: Problem) -> Iterator[Draft]:
    if problem.finding.unfixable:
        raise NoFixError(problem.finding.unfixable)
    yield from remedy.drafts(problem)


def _failure_of_one(batch: Sequence[Candidate], reason: str) -> dict[Candidate, str] | None:
    """What is wrong with a draft that was tried alone; of several, nobody knows whose fault it is."""
    return dict.fromkeys(batch, reason) if len(batch) == 1 else None


def _block_harmful(moved: Sequence[Examination], batch: Sequence[Candidate], failed: dict[Candidate, str]) -> bool:
    """Blocks the drafts that change what other schedulers evaluate; whether there are any."""
    found = False
    for other in moved:
        evaluated = other.evaluated()
        for candidate in batch:
            if not evaluated.isdisjoint(candidate.changed_nodes):
                candidate.block(other.construction)
                failed[candidate] = candidate.reason
                found = True
    return found


def _is_untouched(old: Examination, batch: Sequence[Candidate]) -> bool:
    """Whether a scheduler that costs too much to follow has nothing to do with what is changed, as far as it goes."""
    evaluated = old.evaluated()
    return old.runs.exhausted and all(evaluated.isdisjoint(each.changed_nodes) for each in batch)
