"""From the findings of a file to the fixes that are safe to show: drafted, tried together, verified."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import libcst as cst

from lr_lint.checks.analysis import Analysis
from lr_lint.checks.facts.conclusions import Conclusion, Judgement
from lr_lint.checks.fixes.cases import Case, Draft, RefusalError
from lr_lint.checks.fixes.close_looks import CloseLook, function_around
from lr_lint.checks.fixes.drafts import drafts_for
from lr_lint.checks.fixes.placing import edits_of, keeps_its_text
from lr_lint.checks.fixes.verification import ABOUT_UNITS, Expectation, Surveyed, kept, recorded_look, survey, unchanged
from lr_lint.checks.rules.base import Finding, Remedy
from lr_lint.semantics.values.domain import Anchor
from lr_lint.source.edits import EditError, apply_edits, clash
from lr_lint.source.files import SourceFile, check_syntax, split_lines
from lr_lint.source.positions import locate
from lr_lint.source.settings import Settings
from lr_lint.source.surroundings import Surroundings
from lr_lint.vocabulary.diagnostics import UNSAFE, Edit, Evidence, Failure, Fix, Span

_MOST_TRIALS = 12
_CONCLUSIONS = {
    Remedy.DIVIDE: Conclusion.RATE,
    Remedy.DIVIDE_PART: Conclusion.MIXED,
    Remedy.MULTIPLY: Conclusion.FACTOR_AS_RATE,
}


@dataclass(frozen=True, slots=True)
class Mending:
    """What came of the attempt to mend a finding.

    Attributes:
        fix: the verified change; None where there is none.
        reason: why there is none; empty where nobody tried, since the rule has no remedy.
        evidence: what stands in the way, where that is a place in the code.
    """

    fix: Fix | None = None
    reason: str = ""
    evidence: Evidence | None = None


@dataclass(slots=True, eq=False)
class _Candidate:
    """A finding on its way to a fix."""

    case: Case
    promise: Expectation
    ordinal: int
    drafts: Iterator[Draft]
    draft: Draft | None = None
    edits: tuple[Edit, ...] = ()
    why_not: str = "no change that was tried does what is meant"
    blocked_by: Anchor | None = None
    other_path: str = ""
    done: bool = False

    @property
    def is_open(self) -> bool:
        return not self.done and self.draft is not None


def mend(
    source: SourceFile,
    analysis: Analysis,
    findings: Sequence[Finding],
    files: Surroundings | None,
    settings: Settings,
) -> list[Mending]:
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
    wanted = [finding for finding in findings if finding.rule.remedy is not None]
    if not wanted:
        return [Mending() for _ in findings]
    workshop = _Workshop(source, analysis, files, settings)
    mended = dict(zip(wanted, workshop.mend(wanted), strict=True))
    return [mended.get(finding, Mending()) for finding in findings]


@dataclass(slots=True)
class _Workshop:
    """One file with the means to try changes on it."""

    source: SourceFile
    analysis: Analysis
    files: Surroundings | None
    settings: Settings
    surveyed: list[Surveyed] = field(default_factory=list)
    trials: int = 0

    def mend(self, findings: Sequence[Finding]) -> list[Mending]:
        module = self.analysis.sites[0].construction.module
        if not keeps_its_text(module):
            return [Mending(reason="the file has a layout that would not survive") for _ in findings]
        for site in self.analysis.sites:
            on_it = [each for each in self.analysis.findings if each.site is site]
            self.surveyed.append(recorded_look(site, on_it, self.settings, everywhere=site.everywhere))
        candidates = [self._candidate(finding) for finding in findings]
        for candidate in candidates:
            self._next_draft(candidate)
        self._settle(candidates)
        return [self._mending(candidate) for candidate in candidates]

    def _candidate(self, finding: Finding) -> _Candidate:
        remedy = finding.rule.remedy
        if remedy is None:
            raise ValueError("a finding without a remedy")
        ordinal = self.analysis.sites.index(finding.site)
        here = self.surveyed[ordinal]
        positions = _positions(remedy, finding.place, finding.site.judgements)
        look = CloseLook(here.construction, here.exploration, positions)
        arguments = [
            argument
            for each in self.surveyed
            if (argument := each.construction.argument(each.construction.contract.callable)) is not None
        ]
        case = Case(finding, look, arguments)
        promise = Expectation(finding.rule.code, remedy, positions)
        candidate = _Candidate(case, promise, ordinal, drafts_for(remedy, case))
        if remedy in ABOUT_UNITS and not finding.unfixable:
            sharer = self._sharer(ordinal, positions)
            if sharer is not None:
                self._blame(candidate, sharer)
        return candidate

    def _sharer(self, ordinal: int, positions: Sequence[int]) -> Surveyed | None:
        """Another scheduler that is given the same function and is right: whoever changes the one harms the other."""
        functions = self.surveyed[ordinal].functions(positions)
        others = (each for at, each in enumerate(self.surveyed) if at != ordinal and not each.contradicted)
        return next((each for each in others if not functions.isdisjoint(each.functions())), None)

    def _blame(self, candidate: _Candidate, sharer: Surveyed) -> None:
        """Gives up on a candidate, for the sake of a scheduler that shares its function."""
        other = sharer.construction
        candidate.blocked_by = other.anchor
        candidate.why_not = f"{other.contract.short_name} is given the same function, and there it is right"
        candidate.drafts = iter(())

    def _next_draft(self, candidate: _Candidate, why_not: str = "") -> None:
        """Moves on to the next thing to try; gives up where there is none."""
        candidate.why_not = why_not or candidate.why_not
        module = candidate.case.look.construction.module
        try:
            candidate.draft = next(candidate.drafts)
            candidate.edits = edits_of(module, [candidate.draft])[0]
        except (RefusalError, StopIteration) as end:
            candidate.draft = None
            if isinstance(end, RefusalError) and not why_not:
                candidate.why_not, candidate.blocked_by, candidate.other_path = str(end), end.place, end.path

    def _settle(self, candidates: Sequence[_Candidate]) -> None:
        """Tries the drafts together until all that are left pass; those that overlap with others go later."""
        alone = False
        while self.trials < _MOST_TRIALS:
            batch = _compatible([each for each in candidates if each.is_open])
            batch = batch[:1] if alone else batch
            if not batch:
                return
            self.trials += 1
            failed = self._failures(batch)
            if failed is None:
                # The text as a whole is no good; whose fault that is shows when each is tried by itself.
                if len(batch) == 1:
                    self._next_draft(batch[0], "the changed file could not be analysed")
                alone = True
                continue
            for candidate, why in failed.items():
                self._next_draft(candidate, why)
            if not failed:
                alone = False
                for candidate in batch:
                    candidate.done = True
        for candidate in candidates:
            if not candidate.done:
                candidate.draft, candidate.why_not = None, "too many changes had to be tried"

    def _failures(self, batch: Sequence[_Candidate]) -> dict[_Candidate, str] | None:
        """The drafts that do not do what they promise, with the reason; None if the changed text is no program."""
        try:
            text = apply_edits(self.source.text, [edit for each in batch for edit in each.edits])
        except EditError:
            return None
        if _comments(text) != _comments(self.source.text):
            return dict.fromkeys(batch, "a comment would be lost") if len(batch) == 1 else None
        changed = SourceFile(self.source.path, text.encode(errors="surrogatepass"), text)
        if isinstance(check_syntax(changed), Failure):
            return None
        after = survey(changed, self.files, self.settings, self.surveyed)
        if after is None:
            return None
        failed: dict[_Candidate, str] = {}
        for candidate in batch:
            why = kept(_promise(candidate, batch), self.surveyed[candidate.ordinal], after[candidate.ordinal])
            if why:
                failed[candidate] = why
        mended = {candidate.ordinal for candidate in batch}
        moved = [
            at
            for at, (old, new) in enumerate(zip(self.surveyed, after, strict=True))
            if at not in mended and not unchanged(old, new) and not _is_untouched(old, batch)
        ]
        if moved and not self._find_harmful(moved, batch, failed):
            return dict.fromkeys(batch, "another scheduler would change") if len(batch) == 1 else None
        return failed

    def _find_harmful(self, moved: Sequence[int], batch: Sequence[_Candidate], failed: dict[_Candidate, str]) -> bool:
        """Finds the drafts that change what other schedulers evaluate; whether there are any."""
        found = False
        for at in moved:
            evaluated = self.surveyed[at].evaluated()
            for candidate in batch:
                if not evaluated.isdisjoint(_changed_nodes(candidate)):
                    self._blame(candidate, self.surveyed[at])
                    failed[candidate] = candidate.why_not
                    found = True
        return found

    def _mending(self, candidate: _Candidate) -> Mending:
        if candidate.done and candidate.draft is not None:
            return Mending(Fix(UNSAFE, candidate.draft.message, tuple(sorted(set(candidate.edits)))))
        return Mending(reason=candidate.why_not, evidence=_evidence(candidate))


def _changed_nodes(candidate: _Candidate) -> list[cst.CSTNode]:
    return [] if candidate.draft is None else [change.node for change in candidate.draft.changes]


def _is_untouched(old: Surveyed, batch: Sequence[_Candidate]) -> bool:
    """Whether a scheduler that costs too much to follow has nothing to do with what is changed, as far as it goes."""
    evaluated = old.evaluated()
    return old.exploration.exhausted and all(evaluated.isdisjoint(_changed_nodes(each)) for each in batch)


def _promise(candidate: _Candidate, batch: Sequence[_Candidate]) -> Expectation:
    """What a candidate's draft promises when it is tried together with others."""
    siblings = [each for each in batch if each.ordinal == candidate.ordinal and each is not candidate]
    others = tuple(position for each in siblings for position in each.promise.positions)
    return replace(candidate.promise, others=others, divisor="" if candidate.draft is None else candidate.draft.divisor)


def _compatible(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """As many of the drafts as can be tried in one text, from the first on."""
    chosen: list[_Candidate] = []
    edits: list[Edit] = []
    for candidate in candidates:
        if not clash([*edits, *candidate.edits]):
            chosen.append(candidate)
            edits += candidate.edits
    return chosen


def _positions(remedy: Remedy, place: Anchor | None, judgements: Sequence[Judgement]) -> tuple[int, ...]:
    """The param groups that a finding is about."""
    wanted = _CONCLUSIONS.get(remedy)
    if wanted is None:
        # Of functions that share a variable, the last one is right: the variable has its value.
        return tuple(range(max(1, len(judgements) - (remedy is Remedy.BIND_VARIABLE))))
    function = None if place is None else function_around(place)
    return tuple(
        at
        for at, judgement in enumerate(judgements)
        if judgement.conclusion is wanted
        and judgement.place is not None
        and function_around(judgement.place) is function
    )


def _evidence(candidate: _Candidate) -> Evidence | None:
    if candidate.other_path:
        return Evidence(candidate.other_path, Span(1, 0, 1, 0), f"not fixed: {candidate.why_not}")
    anchor = candidate.blocked_by
    if anchor is None:
        return None
    span = locate(anchor.module.tree, [anchor.node]).get(anchor.node)
    return None if span is None else Evidence(anchor.module.path, span, f"not fixed: {candidate.why_not}")


def _comments(text: str) -> list[str]:
    """The comments of a program, in order."""
    stream = io.StringIO("\n".join(split_lines(text)))
    try:
        return [token.string for token in tokenize.generate_tokens(stream.readline) if token.type == tokenize.COMMENT]
    except (tokenize.TokenError, SyntaxError):
        return []
