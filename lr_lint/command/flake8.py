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
from lr_lint.source.selectors import EVERY_RULE, closest
from lr_lint.source.settings import CONFIDENCES, Settings
from lr_lint.vocabulary.codes import UNREADABLE_FILE, UNUSED_SUPPRESSION
from lr_lint.vocabulary.visible import visible

if TYPE_CHECKING:
    import ast

    from flake8.options.manager import OptionManager


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
        """Register the option, and switch off the rules that are off by default."""
        from lr_lint.checks.rules import RULES

        manager.add_option(
            "--lr-lint-min-confidence",
            choices=CONFIDENCES,
            default=Settings().min_confidence,
            parse_from_config=True,
            help="The weakest grade of findings that lr-lint reports (default: %(default)s)",
        )
        manager.extend_default_ignore([rule.code for rule in RULES if not rule.default])

    @classmethod
    def parse_options(cls, options: argparse.Namespace) -> None:
        """Take over the options, in every process that flake8 starts."""
        # flake8 sorts out what it is not asked for; for this rule, more files would be read than for all others.
        asked = closest((*(options.select or ()), *(options.extend_select or ())), *UNUSED_SUPPRESSION)
        cls.settings = Settings(
            select=(EVERY_RULE,),
            ignore=() if asked is not None else (UNUSED_SUPPRESSION[0],),
            min_confidence=options.lr_lint_min_confidence,
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
