"""The flake8 plugin: the same findings at the same places as the command's.

Each file has the settings of its project, as with the command. What flake8's own options say about single rules comes
before what these say; flake8 sorts out by them what it is told, and applies its own ``# noqa``.

Nearly all files name no scheduler. For them nothing is loaded but what tells so: not the engine, and no rule.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from lr_lint import __version__
from lr_lint.source.disk import Disk
from lr_lint.source.file_paths import display_path
from lr_lint.source.gate import has_comments_of_interest, mentions_scheduler
from lr_lint.source.gated_files import SingleFiles
from lr_lint.source.near_misses import did_you_mean
from lr_lint.source.project_settings import ProjectSettings
from lr_lint.source.selectors import closest
from lr_lint.source.settings import CONFIDENCES, ConfigurationError, Settings, check_selectors, is_enabled
from lr_lint.vocabulary.codes import UNREADABLE_FILE, UNUSED_SUPPRESSION
from lr_lint.vocabulary.visible import visible

if TYPE_CHECKING:
    import ast

    from flake8.options.manager import OptionManager

    from lr_lint.checks.rules.base import Rule
    from lr_lint.vocabulary.diagnostics import Diagnostic

_MIN_CONFIDENCE = "--lr-lint-min-confidence"
_PREFIX = "LR"
# What in an option of flake8 means rules of ours, and not those of a plugin whose prefix begins like ours.
_RULE = re.compile(_PREFIX + r"\d")
_SELECTING = ("select", "extend_select", "ignore", "extend_ignore")
# What nbQA puts before each cell in the script that it makes of a notebook (1.9.1). It puts its own cells and lines in
# place of those of findings, but not of those in messages, and nobody sees the script.
_NBQA_CELL = "# %%NBQA-CELL-SEP"
_LINE = re.compile(r"\bline (\d+)\b")


class Plugin:
    """One file, as flake8 hands it over. Made anew for each file, in whichever process checks it."""

    name = "lr-lint"
    version = __version__
    projects: ClassVar[ProjectSettings] = ProjectSettings.everywhere(Settings())
    named: ClassVar[Sequence[str]] = ()
    files: ClassVar[SingleFiles] = SingleFiles(Disk())

    def __init__(self, tree: ast.AST, filename: str, lines: Sequence[str]) -> None:
        r"""Take in a file.

        Args:
            tree: unused; by asking for it the plugin is run once per file, and only if Python can parse the file.
            filename: as flake8 shows it.
            lines: the decoded text, with ``\n`` as the only line end.
        """
        self._path = display_path(filename)
        self._lines = lines

    @classmethod
    def add_options(cls, manager: OptionManager) -> None:
        """Register the options. What flake8's command line does not say stands in its settings file, or in ours."""
        manager.add_option(
            _MIN_CONFIDENCE,
            choices=CONFIDENCES,
            parse_from_config=True,
            help="The weakest grade of findings that lr-lint reports (default: that of [tool.lr-lint], or likely)",
        )
        manager.add_option(
            "--lr-lint-config",
            metavar="FILE",
            parse_from_config=True,
            normalize_paths=True,
            help="Read [tool.lr-lint] from this file, not from pyproject.toml",
        )
        manager.add_option(
            "--lr-lint-isolated",
            action="store_true",
            parse_from_config=True,
            help="Read no [tool.lr-lint]",
        )

    @classmethod
    def parse_options(cls, options: argparse.Namespace) -> None:
        """Take over the options, in every process that flake8 starts.

        Raises:
            ExecutionError: if one has a value that it cannot have, or names a rule that there is not. flake8 shows its
                text and ends.
        """
        try:
            _refuse_unknown(options)
            cls.projects = _projects(options)
            cls.named = (*(options.select or ()), *(options.extend_select or ()))
        except ConfigurationError as error:
            from flake8.exceptions import ExecutionError

            raise ExecutionError(visible(f"lr-lint: {error}")) from error

    def run(self) -> Iterator[tuple[int, int, str, type[Any]]]:
        """The findings: line, 0-based column, text, and the plugin's class."""
        project, text = self.projects.project_of(self._path), "".join(self._lines)
        data = text.encode(errors="surrogatepass")
        if project.problem:
            # Nothing is known of the file, as of one that cannot be read; a file without a scheduler would not be.
            if mentions_scheduler(data):
                yield 1, 0, visible(f"{UNREADABLE_FILE[0]} {project.file}: {project.problem}"), type(self)
        elif self._may_tell(data, project.settings) and not self.projects.is_excluded(self._path):
            yield from self._found(text, _as_asked(project.settings, self.named))

    def _may_tell(self, data: bytes, settings: Settings) -> bool:
        """Whether the engine may have anything to say about the file."""
        asks = _is_named(*UNUSED_SUPPRESSION, self.named) or has_comments_of_interest(data, settings)
        return asks or self.files.constructs(self._path, data, self.projects)

    def _found(self, text: str, settings: Settings) -> Iterator[tuple[int, int, str, type[Any]]]:
        from lr_lint.checks.engine import check_text

        report = check_text(self._path, text, settings, self.files.files)
        if report.failure is not None:
            line, column = report.failure.line or 1, report.failure.column or 0
            yield line, column, visible(f"{UNREADABLE_FILE[0]} {report.failure.message}"), type(self)
        for diagnostic in report.diagnostics:
            message = visible(f"{diagnostic.code} {self._message(diagnostic)}")
            yield diagnostic.span.line, diagnostic.span.column, message, type(self)

    def _message(self, diagnostic: Diagnostic) -> str:
        """The message in one line. In a notebook, flake8 has no words for the cell that a line is counted in."""
        message = " ".join(diagnostic.message.split())
        if diagnostic.cell is not None:
            return f"in cell {diagnostic.cell}: {message}"
        if self._lines and self._lines[0].startswith(_NBQA_CELL):
            return _LINE.sub(lambda found: f"the line `{self._lines[int(found[1]) - 1].strip()}`", message)
        return message


def _refuse_unknown(options: argparse.Namespace) -> None:
    """flake8 takes any word for a code, so that one that is mistyped would switch a rule off, or on, unnoticed."""
    for option in _SELECTING:
        ours = [selector for selector in getattr(options, option) or () if _RULE.match(selector)]
        if ours:
            check_selectors(ours, _rules, f"--{option.replace('_', '-')}")


def _projects(options: argparse.Namespace) -> ProjectSettings:
    """The settings of each file, by its project and the options of flake8."""
    minimum = options.lr_lint_min_confidence
    if minimum is not None and minimum not in CONFIDENCES:  # flake8 checks its command line alone for choices
        near = did_you_mean(minimum, CONFIDENCES)
        raise ConfigurationError(f"{_MIN_CONFIDENCE}: {minimum!r} is none of {', '.join(CONFIDENCES)}{near}")

    def adjust(settings: Settings) -> Settings:
        return replace(settings, min_confidence=minimum or settings.min_confidence, comments=not options.disable_noqa)

    return ProjectSettings(_rules, config=options.lr_lint_config, isolated=options.lr_lint_isolated, adjust=adjust)


def _as_asked(settings: Settings, named: Sequence[str]) -> Settings:
    """The settings with the rules that they, or flake8's options, ask for."""
    asked = (rule.code for rule in _rules() if _is_named(rule.code, rule.name, named) or is_enabled(settings, rule))
    return replace(settings, select=tuple(asked), extend_select=(), ignore=())


def _is_named(code: str, name: str, selectors: Sequence[str]) -> bool:
    """Whether flake8 is asked for a rule by more than the prefix of all, which says that the plugin is wanted.

    A rule that is off by default has to be named so. That it is off cannot be left to flake8's default of what is
    ignored: a user's ``ignore`` takes the place of that, and so would switch it on.
    """
    return (closest(selectors, code, name) or 0) > len(_PREFIX)


def _rules() -> tuple[Rule, ...]:
    from lr_lint.checks.rules import RULES

    return RULES
