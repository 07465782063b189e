"""What is asked of the checker about a document: each a function of a question. They run in the worker's thread."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace

from lsprotocol import types

from lr_lint.checks.engine import check_and_inspect_bytes, check_bytes, report_of_failure
from lr_lint.server.columns import Columns
from lr_lint.server.conversions import Conversion
from lr_lint.server.documents import Buffer, OpenDocument
from lr_lint.server.overlay import Overlay, Trace
from lr_lint.source.disk import Disk
from lr_lint.source.gate import is_worth_reading
from lr_lint.source.project_settings import ProjectSettings
from lr_lint.source.surroundings import Surroundings
from lr_lint.vocabulary.diagnostics import Diagnostic, Failure, FileReport
from lr_lint.vocabulary.site_records import Inventory

# In bytes. A text is checked with every change, and one of this size takes many seconds.
_LARGEST_TEXT = 1_000_000
_TOO_LARGE = "too large to be checked while it is written: the command checks it"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """A document and what is around it, at one moment.

    Attributes:
        document: what is asked about.
        opened: all that is open.
        disk: what is not.
        projects: the settings of each file.
        columns: how the editor counts.
        trace: is told what the analyses look at.
    """

    document: OpenDocument
    opened: tuple[OpenDocument, ...]
    disk: Disk
    projects: ProjectSettings
    columns: Columns
    trace: Trace

    def surroundings(self) -> Surroundings:
        """The files around the document; none for one that lies on no disk."""
        if not self.document.home:
            return Surroundings()
        return Overlay(self.disk, ((each.home, each.data) for each in self.opened if each.home), self.trace)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to.

    Attributes:
        report: the findings.
        inventory: all schedulers that are constructed, right or wrong.
        published: the same as the editor takes them, for each text of the document by its URI.
        problem: why the settings are not understood, so that nothing was checked; empty where they are.
    """

    report: FileReport
    inventory: Inventory
    published: dict[str, list[types.Diagnostic]]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Fixable:
    """A finding with what can be done about it.

    Attributes:
        part: the text that it is in.
        diagnostic: as ours, with its fix where there is one.
        told: as the editor was told of it.
    """

    part: Buffer
    diagnostic: Diagnostic
    told: types.Diagnostic


def check(question: Question) -> Checked:
    """Check a document."""
    stay_somewhere(each.home for each in question.opened)
    document, surroundings = question.document, question.surroundings()
    project = question.projects.project_of(document.path)
    inventory, report = Inventory(document.path), _unchecked(question)
    if report is None:
        report, inventory = check_and_inspect_bytes(document.path, document.data, project.settings, surroundings)
    if report.failure is not None and not report.failure.code:
        _log.error("%s: %s", document.path, report.failure.message)
    conversion = Conversion(document, question.opened, surroundings, question.columns)
    problem = f"{project.file}: {project.problem}" if project.problem else ""
    return Checked(report, inventory, conversion.published(report), problem)


def mend(question: Question) -> list[Fixable]:
    """Check a document, and look for fixes, which takes as long again for each of a few tries."""
    stay_somewhere(each.home for each in question.opened)
    if _unchecked(question) is not None:
        return []
    document, surroundings = question.document, question.surroundings()
    settings = replace(question.projects.settings_for(document.path), fixes=True)
    report = check_bytes(document.path, document.data, settings, surroundings)
    conversion = Conversion(document, question.opened, surroundings, question.columns)
    return [Fixable(*each) for each in conversion.pairs(report)]


def _unchecked(question: Question) -> FileReport | None:
    """The report on a document that is not checked: it is excluded, nobody understands its settings, or it is huge."""
    document, project = question.document, question.projects.project_of(question.document.path)
    if project.problem or question.projects.forces_out(document.path):
        return FileReport(document.path)
    if len(document.data) > _LARGEST_TEXT and is_worth_reading(document.data, project.settings):
        return report_of_failure(Failure(document.path, _TOO_LARGE, line=1), project.settings)
    return None


def stay_somewhere(homes: Iterable[str]) -> None:
    """Leave the current directory if it is gone: paths are told relative to it.

    Args:
        homes: files, in the nearest of whose folders that is there one can stay.
    """
    try:
        os.getcwd()
    except OSError:
        folder = os.path.dirname(next(filter(None, homes), os.path.abspath(os.sep)))
        while not os.path.isdir(folder):
            folder = os.path.dirname(folder)
        os.chdir(folder)
