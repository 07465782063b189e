"""One parsed file: from its constructions to findings with places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from lr_lint.checks.facts.lifecycles import lifecycle_of
from lr_lint.checks.facts.shapes import shapes_of
from lr_lint.checks.findings import Analysis, Examined, Finding, Report
from lr_lint.checks.judgement import histories, judge
from lr_lint.checks.rules import RULES
from lr_lint.checks.rules.base import Remedy
from lr_lint.checks.sharing import User, as_shared, functions_in
from lr_lint.checks.sites import constructions
from lr_lint.checks.verdicts import SiteFacts
from lr_lint.project.imports import Project
from lr_lint.project.modules import Module
from lr_lint.semantics.values.domain import Anchor, Value
from lr_lint.semantics.worlds.explore import Construction, Runs, explore
from lr_lint.source.files import SourceFile, parse_concrete
from lr_lint.source.positions import locate
from lr_lint.source.surroundings import Surroundings
from lr_lint.vocabulary.budgets import DEFAULT_BUDGET, Budget
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import ContractTable
from lr_lint.vocabulary.diagnostics import Diagnostic, Evidence, Failure, SiteReference, Span


def analyse(
    source: SourceFile,
    files: Surroundings | None = None,
    budget: Budget = DEFAULT_BUDGET,
    contracts: ContractTable = BUILT_IN,
) -> Analysis | Failure:
    """All findings of one file, whatever the settings.

    Args:
        source: the file; not nested too deeply, see `lr_lint.source.files.parse_concrete`.
        files: those around it; none if None.
        budget: what following one construction may cost.
        contracts: the schedulers to look for.
    """
    found = constructions_in(source, files, budget, contracts)
    if isinstance(found, Failure):
        return found
    analysis = Analysis()
    reported: list[tuple[int, Report]] = []
    users: list[User] = []
    for ordinal, construction in enumerate(found):
        examination = examine(construction)
        analysis.examined.append(Examined(construction, examination.facts.judgements, examination.everywhere))
        users.append(User(construction, functions_in(examination.callables())))
        reported += [(ordinal, report) for report in examination.reports]
    if reported:
        reported = [(ordinal, _with_sharers(report, users, contracts)) for ordinal, report in reported]
        places = _Places([report for _, report in reported])
        analysis.findings = [places.finding(ordinal, report) for ordinal, report in reported]
    return analysis


def _with_sharers(report: Report, users: Sequence[User], contracts: ContractTable) -> Report:
    """The report, with a word about other schedulers that share the function and want what it returns."""
    if report.rule.remedy is not Remedy.DIVIDE:
        return report
    return replace(report, verdict=as_shared(report.verdict, users, report.construction, contracts))


def constructions_in(
    source: SourceFile,
    files: Surroundings | None,
    budget: Budget = DEFAULT_BUDGET,
    contracts: ContractTable = BUILT_IN,
) -> list[Construction] | Failure:
    """The constructions of known schedulers in one file, in source order. The arguments are those of `analyse`."""
    tree = parse_concrete(source)
    if isinstance(tree, Failure):
        return tree
    module = Module(source, tree)
    project = Project(files or Surroundings())
    project.add(module)
    return list(constructions(module, project, budget, contracts.narrowed(source.data)))


@dataclass(frozen=True, slots=True)
class Examination:
    """A construction with all that was found out about it.

    Attributes:
        construction: where it is.
        exploration: what it does in each world.
        facts: what that amounts to.
        reports: what the rules say about it.
        everywhere: whether callers in other files were asked.
    """

    construction: Construction
    exploration: Runs
    facts: SiteFacts
    reports: Sequence[Report]
    everywhere: bool = False

    def callables(self) -> list[Value]:
        """What the scheduler calls, in all worlds."""
        return [value for run in self.exploration.runs for value in run.callables]


def examine(construction: Construction) -> Examination:
    """Explores a construction, judges it and asks all rules about it.

    Callers in other files are costly to find, so they are asked only where all else leaves the question open.
    """
    exploration = explore(construction)
    facts = _facts(construction, exploration)
    everywhere = False
    if not facts.is_decided and not exploration.exhausted and _has_callers_elsewhere(construction, exploration):
        wider = explore(construction, everywhere=True)
        told = _facts(construction, wider)
        if told.is_decided:
            exploration, facts, everywhere = wider, told, True
    meaning = construction.contract.meaning
    reports = [
        Report(rule, verdict, construction, facts.judgements)
        for rule in RULES
        if rule.check is not None and meaning in rule.meanings
        for verdict in rule.check(facts)
    ]
    return Examination(construction, exploration, facts, reports, everywhere)


def _has_callers_elsewhere(construction: Construction, exploration: Runs) -> bool:
    return any(construction.project.is_used(module, name) for (_, name), module in exploration.missing_callers.items())


def _facts(construction: Construction, exploration: Runs) -> SiteFacts:
    return SiteFacts(
        construction.contract,
        _optimizer_name(construction, exploration),
        judge(exploration, construction.contract.meaning),
        histories(exploration),
        shapes_of(exploration, construction.path),
        lifecycle_of(construction),
        Anchor(construction.module, construction.call),
    )


def _optimizer_name(construction: Construction, exploration: Runs) -> str:
    """What messages call whatever was given the initial lr."""
    if construction.contract.rate is not None:
        return construction.contract.short_name
    names = [run.optimizer.name for run in exploration.runs if run.optimizer is not None]
    return names[0] if names else "the optimizer"


def spans_of(anchors: Iterable[Anchor]) -> dict[cst.CSTNode, Span]:
    """Where the nodes of anchors stand, each file gone through once."""
    wanted: dict[int, tuple[Module, list[cst.CSTNode]]] = {}
    for anchor in anchors:
        wanted.setdefault(id(anchor.module), (anchor.module, []))[1].append(anchor.node)
    spans: dict[cst.CSTNode, Span] = {}
    for module, nodes in wanted.values():
        spans.update(locate(module.tree, nodes))
    return spans


class _Places:
    """Positions of all nodes that the reports speak of, found in one go per file."""

    def __init__(self, reports: Sequence[Report]) -> None:
        self._spans = spans_of(anchor for report in reports for anchor in self._anchors(report))

    def _anchors(self, report: Report) -> list[Anchor]:
        construction = report.construction
        anchors = [anchor for anchor, _ in report.verdict.evidence]
        anchors += [report.verdict.place, report.verdict.mentioned]
        here = construction.module
        nodes = [
            construction.call,
            construction.argument(construction.contract.callable),
            _statement(construction.path),
        ]
        anchors += [Anchor(here, node) for node in nodes if node is not None]
        if report.verdict.place is not None:
            anchors.append(Anchor(report.verdict.place.module, _statement_of(report.verdict.place)))
        return [anchor for anchor in anchors if isinstance(anchor, Anchor)]

    def finding(self, ordinal: int, report: Report) -> Finding:
        """The report as a diagnostic."""
        construction, verdict = report.construction, report.verdict
        here = construction.module
        call = self._spans[construction.call]
        argument = construction.argument(construction.contract.callable)
        fallback = self._spans.get(argument, call) if argument is not None else call
        place = verdict.place
        span = fallback
        if isinstance(place, Anchor) and place.module is here:
            span = self._spans.get(place.node, fallback)
        diagnostic = Diagnostic(
            path=here.path,
            span=span,
            code=report.rule.code,
            name=report.rule.name,
            message=verdict.message.replace("{place}", self._name_of(verdict.mentioned, here)),
            confidence=verdict.confidence,
            site=SiteReference(here.path, call.line, call.column, construction.contract.name),
            evidence=tuple(self._evidence(anchor, text) for anchor, text in verdict.evidence),
            numbers=verdict.numbers,
        )
        return Finding(diagnostic, self._statements(construction, place, span, call), report, ordinal)

    def _statements(self, construction: Construction, place: object, span: Span, call: Span) -> tuple[Span, ...]:
        spans = [span, call]
        statement = _statement(construction.path)
        if statement in self._spans:
            spans.append(self._spans[statement])
        if isinstance(place, Anchor) and place.module is construction.module:
            returned = _statement_of(place)
            if returned in self._spans:
                spans.append(self._spans[returned])
        return tuple(spans)

    def _name_of(self, anchor: object, here: Module) -> str:
        if not isinstance(anchor, Anchor) or anchor.node not in self._spans:
            return "an unknown line"
        line = self._spans[anchor.node].line
        return f"line {line}" if anchor.module is here else f"{anchor.module.path}:{line}"

    def _evidence(self, anchor: Anchor, text: str) -> Evidence:
        return Evidence(anchor.module.path, self._spans.get(anchor.node, Span(1, 0, 1, 0)), text)


def _statement(path: Sequence[cst.CSTNode]) -> cst.CSTNode:
    """The innermost simple statement around a node."""
    return next((node for node in reversed(path) if isinstance(node, cst.SimpleStatementLine)), path[-1])


def _statement_of(anchor: Anchor) -> cst.CSTNode:
    """The simple statement that holds a returned expression."""
    return _statement(anchor.module.path_to(anchor.node))
