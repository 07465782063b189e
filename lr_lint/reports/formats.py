"""The output formats: what ``--output-format`` may ask for, for each kind of result, and what writes it.

A format is added by a function and a row in the table of each kind that has it. Every start needs the names, to know
what may be asked for; whatever writes is imported when it writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from lr_lint import __version__

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from lr_lint.checks.rules.base import Rule
    from lr_lint.probe.measuring.verdicts import ScheduleVerdict
    from lr_lint.reports.listing import SitesSummary
    from lr_lint.reports.pieces import Piece
    from lr_lint.reports.probe import ProbeSummary
    from lr_lint.reports.summary import CheckSummary
    from lr_lint.vocabulary.contracts import Contract

# For people: what is written where nobody asks for another one. It alone has diffs, plots and notes in it.
TEXT = "text"
# Those that show the fix of a finding, where somebody asks for that: to look for fixes takes longer than to check.
WITH_FIXES = ("json", "sarif")


def _no_lines(_: str, __: int | None) -> Sequence[str] | None:
    return None


@dataclass(frozen=True, slots=True)
class Look:
    """What options and the terminal decide about texts for people; formats for programs are the same for everybody.

    Attributes:
        colours: whether to write in colours.
        draws: whether to draw curves beside the numbers.
        unicode: whether they may be drawn with characters beyond ASCII.
        closes: whether to end with a line that sums up.
        width: where to wrap lines, in columns; None not to.
        in_full: whether to show schedules that are in order in full, however many there are.
        lines_of: gives the lines of a file by its path, or of a cell of a notebook, or None if there are none to show.
        plot: draws a schedule that was probed; None where none is wanted.
    """

    colours: bool = False
    draws: bool = False
    unicode: bool = False
    closes: bool = True
    width: int | None = None
    in_full: bool = False
    lines_of: Callable[[str, int | None], Sequence[str] | None] = _no_lines
    plot: Callable[[ScheduleVerdict], str] | None = None


def _shown(pieces: Iterable[Piece], look: Look) -> str:
    from lr_lint.reports.pieces import coloured, plain

    return (coloured if look.colours else plain)(pieces, look.width)


def _findings_text(summary: CheckSummary, look: Look) -> str:
    from lr_lint.reports.pieces import line, plain

    last = (summary.closing_line(), *summary.hints()) if look.closes else ()
    closing = plain((piece for each in last for piece in line(each)), look.width)
    if not summary.diagnostics:
        return closing
    from lr_lint.reports.text import render

    return _shown(render(summary, look.lines_of, look.width), look) + closing


def _findings_concise(summary: CheckSummary, _: Look) -> str:
    from lr_lint.reports.structured import concise

    return concise(summary)


def _findings_json(summary: CheckSummary, _: Look) -> str:
    from lr_lint.reports.structured import to_json

    return to_json(summary, __version__)


def _findings_sarif(summary: CheckSummary, look: Look) -> str:
    from lr_lint.reports.sarif import to_sarif

    return to_sarif(summary, __version__, look.lines_of)


def _findings_github(summary: CheckSummary, _: Look) -> str:
    from lr_lint.reports.annotations import github

    return github(summary)


def _findings_gitlab(summary: CheckSummary, look: Look) -> str:
    from lr_lint.reports.annotations import gitlab

    return gitlab(summary, look.lines_of)


def _findings_junit(summary: CheckSummary, _: Look) -> str:
    from lr_lint.reports.junit import to_junit

    return to_junit(summary)


def _statistics_text(summary: CheckSummary, look: Look) -> str:
    from lr_lint.reports.statistics import render_statistics

    closing = f"{summary.closing_line()}\n" if look.closes else ""
    return render_statistics(summary, look.width) + closing


def _statistics_json(summary: CheckSummary, _: Look) -> str:
    from lr_lint.reports.statistics import statistics_json

    return statistics_json(summary, __version__)


def _sites_text(summary: SitesSummary, look: Look) -> str:
    from lr_lint.reports.listing import ASCII_LEVELS, BLOCK_LEVELS, render_closing, render_sites

    levels = "" if not look.draws else BLOCK_LEVELS if look.unicode else ASCII_LEVELS
    text = _shown(render_sites(summary, levels), look) if summary.sites else ""
    return text + _shown(render_closing(summary), look) if look.closes else text


def _sites_json(summary: SitesSummary, _: Look) -> str:
    from lr_lint.reports.listing import sites_json

    return sites_json(summary.sites)


def _schedules_text(summary: ProbeSummary, _: int | None, look: Look) -> str:
    from lr_lint.reports.probe import render_probe

    return _shown(render_probe(summary, look.in_full, look.plot), look)


def _schedules_json(summary: ProbeSummary, steps: int | None, _: Look) -> str:
    from lr_lint.reports.probe import probe_json

    return probe_json(summary, steps)


def _rules_text(rules: Sequence[Rule], look: Look) -> str:
    from lr_lint.reports.manual import rules_table

    return _shown(rules_table(rules), look)


def _rules_json(rules: Sequence[Rule], _: Look) -> str:
    from lr_lint.reports.manual import rules_json

    return rules_json(rules)


def _contracts_text(contracts: Sequence[Contract], look: Look) -> str:
    from lr_lint.reports.manual import contracts_table

    return _shown(contracts_table(contracts), look)


def _contracts_json(contracts: Sequence[Contract], _: Look) -> str:
    from lr_lint.reports.manual import contracts_json

    return contracts_json(contracts)


FINDINGS: dict[str, Callable[[CheckSummary, Look], str]] = {
    TEXT: _findings_text,
    "concise": _findings_concise,
    "json": _findings_json,
    "sarif": _findings_sarif,
    "github": _findings_github,
    "gitlab": _findings_gitlab,
    "junit": _findings_junit,
}
# The number of findings of each rule, in place of the findings.
STATISTICS: dict[str, Callable[[CheckSummary, Look], str]] = {TEXT: _statistics_text, "json": _statistics_json}
SITES: dict[str, Callable[[SitesSummary, Look], str]] = {TEXT: _sites_text, "json": _sites_json}
# With the number of steps that were asked for.
SCHEDULES: dict[str, Callable[[ProbeSummary, int | None, Look], str]] = {TEXT: _schedules_text, "json": _schedules_json}
RULES: dict[str, Callable[[Sequence[Rule], Look], str]] = {TEXT: _rules_text, "json": _rules_json}
CONTRACTS: dict[str, Callable[[Sequence[Contract], Look], str]] = {TEXT: _contracts_text, "json": _contracts_json}
