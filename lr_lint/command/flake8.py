"""The flake8 plugin: the same findings at the same places as the command's.

flake8 chooses the codes, by its own ``select`` and ``ignore``, and applies its own ``# noqa``. The plugin applies
lr-lint's comments and confidence. It reads no [tool.lr-lint].
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from lr_lint import __version__
from lr_lint.checks.engine import check_text
from lr_lint.source.disk import Disk
from lr_lint.source.file_paths import display_path
from lr_lint.source.near_misses import did_you_mean
from lr_lint.source.selectors import EVERY_RULE, closest
from lr_lint.source.settings import CONFIDENCES, Settings
from lr_lint.vocabulary.codes import UNREADABLE_FILE
from lr_lint.vocabulary.visible import visible

if TYPE_CHECKING:
    import ast

    from flake8.options.manager import OptionManager

_MIN_CONFIDENCE = "--lr-lint-min-confidence"
_PREFIX = "LR"


class Plugin:
    """One file, as flake8 hands it over. Made anew for each file, in whichever process checks it."""

    name = "lr-lint"
    version = __version__
    settings: ClassVar[Settings] = Settings(select=(EVERY_RULE,))
    files: ClassVar[Disk] = Disk()

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
        """Register the option."""
        manager.add_option(
            _MIN_CONFIDENCE,
            choices=CONFIDENCES,
            default=Settings().min_confidence,
            parse_from_config=True,
            help="The weakest grade of findings that lr-lint reports (default: %(default)s)",
        )

    @classmethod
    def parse_options(cls, options: argparse.Namespace) -> None:
        """Take over the options, in every process that flake8 starts.

        Raises:
            ExecutionError: if one has a value that it cannot have. flake8 shows its text and ends.
        """
        minimum = options.lr_lint_min_confidence
        if minimum not in CONFIDENCES:  # flake8 compares what its command line says with the choices, no settings file
            from flake8.exceptions import ExecutionError

            near = did_you_mean(minimum, CONFIDENCES)
            raise ExecutionError(f"{_MIN_CONFIDENCE}: {minimum!r} is none of {', '.join(CONFIDENCES)}{near}")
        cls.settings = Settings(
            select=tuple(_wanted((*(options.select or ()), *(options.extend_select or ())))),
            min_confidence=minimum,
            comments=not options.disable_noqa,
        )

    def run(self) -> Iterator[tuple[int, int, str, type[Any]]]:
        """The findings: line, 0-based column, text, and the plugin's class."""
        report = check_text(self._path, "".join(self._lines), self.settings, self.files)
        if report.failure is not None:
            line, column = report.failure.line or 1, report.failure.column or 0
            yield line, column, visible(f"{UNREADABLE_FILE[0]} {report.failure.message}"), type(self)
        for diagnostic in report.diagnostics:
            text = visible(f"{diagnostic.code} {' '.join(diagnostic.message.split())}")
            yield diagnostic.span.line, diagnostic.span.column, text, type(self)


def _wanted(selectors: Sequence[str]) -> Iterator[str]:
    """The rules that flake8 is told of, which then sorts out what it is not asked for.

    A rule that is off by default has to be named by more than the prefix of all. That it is off cannot be left to
    flake8's default of what is ignored: a user's ``ignore`` takes the place of that, and so would switch it on.
    """
    from lr_lint.checks.rules import RULES

    for rule in RULES:
        asked = closest(selectors, rule.code, rule.name)
        if rule.default or (asked is not None and asked > len(_PREFIX)):
            yield rule.code
