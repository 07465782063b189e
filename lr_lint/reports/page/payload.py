"""All that the page shows, as plain data: what a check, an inventory and a probe of the same files came to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from lr_lint.checks.rules import by_code_or_name
from lr_lint.reports.links import rule_page
from lr_lint.reports.listing import by_verdict
from lr_lint.reports.page.cards import Card, card_object, finding_object
from lr_lint.reports.summary import FilesSummary, counted
from lr_lint.vocabulary.places import place
from lr_lint.vocabulary.visible import visible

if TYPE_CHECKING:
    from lr_lint.checks.overview import Overview
    from lr_lint.probe.measuring.verdicts import ScheduleVerdict
    from lr_lint.probe.records import Place
    from lr_lint.reports.page.frames import SourceLines
    from lr_lint.reports.probe import ProbeSummary
    from lr_lint.vocabulary.diagnostics import Diagnostic, Failure

SCHEMA_VERSION = 1


class PageSummary(FilesSummary):
    """The sum of the overviews of all files.

    Attributes:
        cards: the schedulers, in order of the files, each with its findings.
        others: the findings that are about none of them.
        probe: what the schedulers do when they run; None where they did not.
        elsewhere: what was probed and is none of the cards.
    """

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[Card] = []
        self.others: list[Diagnostic] = []
        self.probe: ProbeSummary | None = None
        self.elsewhere: list[ScheduleVerdict] = []

    def closing(self) -> str:
        """What is on the page, in a line."""
        line = self.listed(self.verdicts)
        unprobed = 0 if self.probe is None else self.probe.errors
        return f"{line} Not probed: {counted(unprobed, 'scheduler')}." if unprobed else line

    @property
    def verdicts(self) -> dict[str, int]:
        """How many schedulers have which verdict."""
        return by_verdict(card.site for card in self.cards)

    def add(self, overview: Overview | None) -> None:
        """Count a file in. A file without an overview names no scheduler."""
        self.discovered += 1
        if overview is None:
            return
        inventory = overview.inventory
        cards = [Card(site, mended) for site, mended in zip(inventory.sites, overview.mended, strict=True)]
        for diagnostic in overview.report.diagnostics:
            about = next((card for card in cards if card.site.is_at(diagnostic.site)), None)
            (self.others if about is None else about.findings).append(diagnostic)
        self.cards += cards
        if overview.report.failure is not None:
            self.failures.append(overview.report.failure)

    def add_probe(self, probe: ProbeSummary) -> None:
        """Put what was probed on the cards that it is about."""
        self.probe = probe
        for schedule in probe.schedules:
            cards = self._cards_at(schedule.observation.site)
            for card in cards:
                card.measured.append(schedule)
            if not cards:
                self.elsewhere.append(schedule)

    def _cards_at(self, site: Place | None) -> list[Card]:
        """The cards that were seen running. Python does not always tell columns; then it is the line that tells."""
        if site is None:
            return []
        on_line = [card for card in self.cards if (card.site.path, card.site.line) == (site.path, site.line)]
        exact = [card for card in on_line if card.site.column == site.column]
        return exact[:1] or (on_line[:1] if site.column == 0 else [])

    @property
    def found(self) -> bool:
        """Never: a page is to be looked at, and holds nothing against what is on it."""
        return False

    @property
    def failed(self) -> bool:
        """Whether some file could not be analysed, or some target not probed."""
        return super().failed or (self.probe is not None and self.probe.failed)


def payload_of(summary: PageSummary, paths: Sequence[str], lines_of: SourceLines, version: str) -> Any:
    """What the page shows. All that others wrote is as it may be shown.

    Args:
        summary: what is to be told.
        paths: what was looked at, as the user named it.
        lines_of: gives the lines of a file or a cell.
        version: that of lr-lint.
    """
    document = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "lr-lint", "version": version},
        "paths": list(paths),
        "files": {"discovered": summary.discovered, "failed": len(summary.failures)},
        "verdicts": summary.verdicts,
        "rules": _rules(summary),
        "sites": [card_object(card, lines_of) for card in summary.cards],
        "others": [finding_object(diagnostic, lines_of) for diagnostic in summary.others],
        "failures": [_failure_object(failure) for failure in summary.failures],
        "probe": None if summary.probe is None else _probe_object(summary.probe, summary.elsewhere),
    }
    return _shown(document)


def _rules(summary: PageSummary) -> dict[str, dict[str, str]]:
    """The rules that are spoken of, by their codes."""
    found = [*summary.others, *(finding for card in summary.cards for finding in card.findings)]
    rules = ((code, by_code_or_name(code)) for code in sorted({each.code for each in found}))
    return {
        code: {"name": rule.name, "summary": rule.summary, "page": rule_page(code, rule.name)}
        for code, rule in rules
        if rule is not None
    }


def _failure_object(failure: Failure) -> dict[str, str]:
    column = None if failure.column is None else failure.column + 1
    return {"place": place(failure.path, failure.cell, failure.line, column), "message": failure.message}


def _probe_object(probe: ProbeSummary, elsewhere: Iterable[ScheduleVerdict]) -> dict[str, Any]:
    return {
        "ran_on": probe.ran_on,
        "notes": probe.notes,
        "failures": [{"message": each.message, "printed": list(each.printed)} for each in probe.failures],
        "elsewhere": [
            {"place": _where(each), "verdict": each.outcome.value, "message": each.message} for each in elsewhere
        ],
    }


def _where(schedule: ScheduleVerdict) -> str:
    site = schedule.observation.site
    return schedule.observation.class_name if site is None else place(site.path, None, site.line, site.column + 1)


def _shown(data: Any) -> Any:
    """The same with all of its texts as they may be shown, wherever they came from."""
    if isinstance(data, str):
        return visible(data)
    if isinstance(data, dict):
        return {key: _shown(value) for key, value in data.items()}
    return [_shown(value) for value in data] if isinstance(data, (list, tuple)) else data
