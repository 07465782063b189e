"""From findings about nodes to diagnostics about places in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import libcst as cst

from lr_lint.checks.definitions import function_around
from lr_lint.checks.rules.base import Finding
from lr_lint.project.modules import Module
from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.source.positions import locate
from lr_lint.vocabulary.diagnostics import Diagnostic, Evidence, SiteReference, Span


def spans_of(anchors: Iterable[Anchor]) -> dict[cst.CSTNode, Span]:
    """Where the nodes of anchors stand, each file gone through once."""
    wanted: dict[int, tuple[Module, list[cst.CSTNode]]] = {}
    for anchor in anchors:
        wanted.setdefault(id(anchor.module), (anchor.module, []))[1].append(anchor.node)
    spans: dict[cst.CSTNode, Span] = {}
    for module, nodes in wanted.values():
        spans.update(locate(module.tree, nodes))
    return spans


def line_of(construction: Construction) -> int:
    """The line in which a scheduler is constructed."""
    return spans_of([construction.site])[construction.site.node].line


def located(findings: Sequence[Finding]) -> list[Finding]:
    """The findings of a file, with the places of all nodes that they speak of."""
    spans = spans_of(anchor for finding in findings for anchor in _anchors(finding))
    placed = [replace(finding, spans=spans) for finding in findings]
    return [replace(finding, statements=tuple(_suppressible_in(finding))) for finding in placed]


def _anchors(finding: Finding) -> Iterator[Anchor]:
    argument = _argument(finding)
    yield finding.construction.site
    yield from (anchor for anchor, _ in finding.evidence)
    yield from (anchor for anchor in (finding.place, finding.mentioned) if anchor is not None)
    yield from () if argument is None else (Anchor(finding.construction.module, argument),)
    yield from _statements(finding)


def _argument(finding: Finding) -> cst.BaseExpression | None:
    return finding.construction.argument(finding.construction.contract.callable)


def _statements(finding: Finding) -> Iterator[Anchor]:
    """The simple statement that constructs the scheduler, and the one that holds the expression that is wrong."""
    site, place = finding.construction.site, finding.place
    yield Anchor(site.module, _innermost(site.module.path_to(site.node)))
    if place is not None:
        yield Anchor(place.module, _innermost(place.module.path_to(place.node)))


def _innermost(path: Sequence[cst.CSTNode]) -> cst.CSTNode:
    """The innermost simple statement around a node."""
    return next((node for node in reversed(path) if isinstance(node, cst.SimpleStatementLine)), path[-1])


def _suppressible_in(finding: Finding) -> Iterator[Span]:
    yield _span(finding)
    yield finding.spans[finding.construction.site.node]
    for anchor in _statements(finding):
        if anchor.module is finding.construction.site.module and anchor.node in finding.spans:
            yield finding.spans[anchor.node]


def diagnostic_of(finding: Finding) -> Diagnostic:
    """The finding as plain data. It must have been located."""
    construction, spans = finding.construction, finding.spans
    here = construction.site.module
    call = spans[construction.site.node]
    return Diagnostic(
        path=here.path,
        span=_span(finding),
        code=finding.rule.code,
        name=finding.rule.name,
        message=told(finding),
        confidence=finding.confidence,
        site=SiteReference(here.path, call.line, call.column, construction.contract.name),
        evidence=tuple(_evidence(anchor, text, spans) for anchor, text in finding.evidence),
        numbers=finding.numbers,
    )


def told(finding: Finding) -> str:
    """What a located finding says, with its subject and the place that it mentions."""
    subject = finding.rule.said_of.value.replace("{callable}", _name_of_callable(finding.place))
    said = finding.message.replace("{place}", _name_of(finding.mentioned, finding.construction.module, finding.spans))
    return subject.replace("{message}", said)


def _name_of_callable(place: Anchor | None) -> str:
    """What messages call that which returns what is wrong: a function by its name, a method with that of its class."""
    function = None if place is None else function_around(place)
    if place is None or function is None:
        return "the callable"
    if isinstance(function, cst.Lambda):
        return "the lambda"
    around = (
        each for each in reversed(place.module.path_to(function)) if isinstance(each, (cst.ClassDef, cst.FunctionDef))
    )
    owner = next(around, None)
    name = function.name.value
    return f"`{owner.name.value}.{name}`" if isinstance(owner, cst.ClassDef) else f"`{name}`"


def _span(finding: Finding) -> Span:
    """Where the finding points: in the checked file, at the callable's argument if what is wrong is elsewhere."""
    spans, place, argument = finding.spans, finding.place, _argument(finding)
    site = finding.construction.site
    call = spans[site.node]
    fallback = call if argument is None else spans.get(argument, call)
    is_here = place is not None and place.module is site.module
    return spans.get(place.node, fallback) if place is not None and is_here else fallback


def _name_of(anchor: Anchor | None, here: Module, spans: Mapping[cst.CSTNode, Span]) -> str:
    if anchor is None or anchor.node not in spans:
        return "an unknown line"
    line = spans[anchor.node].line
    return here.source.line_in_words(line) if anchor.module is here else f"{anchor.module.path}:{line}"


def _evidence(anchor: Anchor, text: str, spans: Mapping[cst.CSTNode, Span]) -> Evidence:
    return Evidence(anchor.module.path, spans.get(anchor.node, Span(1, 0, 1, 0)), text)
