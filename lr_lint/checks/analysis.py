"""One file: from its text to all findings in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial

from lr_lint.checks.definitions import functions_in
from lr_lint.checks.examination import Examination, examine
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.faults import Faults
from lr_lint.checks.findings import diagnostic_of, line_of, located
from lr_lint.checks.handed_over import Mention
from lr_lint.checks.rules.base import Finding
from lr_lint.checks.sharing import User, as_shared
from lr_lint.checks.sites import Survey, survey
from lr_lint.checks.verdicts import verdict_of
from lr_lint.project.imports import Project
from lr_lint.project.kept_modules import kept_modules
from lr_lint.project.modules import Module
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.source.collector import collected_afterwards, collected_at_the_end, set_aside
from lr_lint.source.files import SourceFile, parse_concrete
from lr_lint.source.surroundings import Surroundings
from lr_lint.vocabulary.budgets import DEFAULT_BUDGET, Budget
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import ContractTable
from lr_lint.vocabulary.diagnostics import Diagnostic, Failure
from lr_lint.vocabulary.site_records import SiteVerdict


@dataclass(slots=True)
class Analysis:
    """All that the analysis of one file found, before settings and suppressions are applied.

    Attributes:
        findings: of all constructions, located.
        sites: the constructions, in source order, with what is known about them.
        undecided: how many of them, and of the mentions, nothing can be said about.
        mentions: where the file hands over the class of a scheduler, and nobody was found who constructs it.
    """

    findings: list[Finding] = field(default_factory=list)
    sites: list[SiteFacts] = field(default_factory=list)
    undecided: int = 0
    mentions: list[Mention] = field(default_factory=list)

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """The findings as plain data."""
        return [diagnostic_of(finding) for finding in self.findings]


@contextmanager
def one_file(files: Surroundings | None) -> Iterator[None]:
    """All that is done about one file: what only that needed is let go at its end, and garbage collected after it."""
    with collected_at_the_end(), nullcontext() if files is None else kept_modules(files).one_analysis():
        yield


def analyse(
    source: SourceFile,
    files: Surroundings | None = None,
    budget: Budget = DEFAULT_BUDGET,
    contracts: ContractTable = BUILT_IN,
    faults: Faults | None = None,
    look: Callable[[Examination | Mention], None] | None = None,
) -> Analysis | Failure:
    """All findings of one file, whatever the settings.

    Args:
        source: the file; not nested too deeply, see `lr_lint.source.files.parse_concrete`.
        files: those around it; none if None.
        budget: what following one construction may cost.
        contracts: the schedulers to look for.
        faults: takes what goes wrong with single constructions.
        look: is given what is known about each construction and each mention, before that is let go.
    """
    faults = faults or Faults(source.path)
    found = survey_of(source, files, budget, contracts, faults)
    if isinstance(found, Failure):
        return found
    look = look or _look_at_nothing
    analysis = Analysis(mentions=found.mentions, undecided=len(found.mentions))
    users: list[User] = []
    for construction in found.constructions:
        # What the exploration made is let go with the examination: it holds every value of every world.
        examination = faults.attempt(partial(_examined, construction, look), partial(line_of, construction))
        if examination is not None:
            analysis.sites.append(examination.facts)
            analysis.findings += examination.findings
            analysis.undecided += verdict_of(examination)[0] is SiteVerdict.UNDECIDED
            users.append(User(construction, functions_in(examination.callables())))
    shared = [faults.attempt(partial(as_shared, each, users, contracts)) or each for each in analysis.findings]
    analysis.findings = located(shared)
    for mention in found.mentions:
        look(mention)
    return analysis


def _look_at_nothing(_: Examination | Mention) -> None:
    pass


@collected_afterwards()
def _examined(construction: Construction, look: Callable[[Examination | Mention], None]) -> Examination:
    examination = examine(construction)
    look(examination)
    return examination


def survey_of(
    source: SourceFile,
    files: Surroundings | None,
    budget: Budget = DEFAULT_BUDGET,
    contracts: ContractTable = BUILT_IN,
    faults: Faults | None = None,
) -> Survey | Failure:
    """What one file has to do with schedulers. The arguments are those of `analyse`."""
    tree = parse_concrete(source)
    if isinstance(tree, Failure):
        return tree
    module = Module(source, tree)
    files = files or Surroundings()
    kept_modules(files).note(module)
    set_aside()
    project = Project(files)
    project.add(module)
    return survey(module, project, budget, contracts.narrowed(source.data), faults)


def constructions_in(
    source: SourceFile,
    files: Surroundings | None,
    budget: Budget = DEFAULT_BUDGET,
    contracts: ContractTable = BUILT_IN,
) -> list[Construction] | Failure:
    """The constructions of known schedulers in one file, in source order. The arguments are those of `analyse`."""
    found = survey_of(source, files, budget, contracts)
    return found if isinstance(found, Failure) else found.constructions
