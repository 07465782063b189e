"""A static checker for PyTorch learning-rate schedules.

From the bottom up: `vocabulary` (plain data), `source` (text and settings), `project` (names across files), `semantics`
(what a schedule does), `lifecycle` (what happens to it and its optimizer), `timing` (how often it is stepped), `checks`
(findings and fixes), `runs` (over many files), `probe` (the real scheduler), `reports`, and the shells: `api`, `server`
(for editors) and `command`, which `__main__` calls. See docs/architecture.md.

The names below are the public interface. They are loaded on first use, since importing this package is part of the
start of every command.
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` costs more to import than the rest of this module
if TYPE_CHECKING:
    from lr_lint.api import check_files, check_paths, check_source, settings_for
    from lr_lint.source.baseline import Baseline, read_baseline
    from lr_lint.source.file_paths import PathPattern
    from lr_lint.source.settings import ConfigurationError, Settings
    from lr_lint.vocabulary.budgets import Budget
    from lr_lint.vocabulary.diagnostics import (
        Confidence,
        Diagnostic,
        Edit,
        Evidence,
        Failure,
        FileReport,
        Fix,
        KnownFinding,
        Numbers,
        SiteReference,
        Span,
        Unfixed,
    )

__version__ = "0.2.0"

__all__ = [
    "Baseline",
    "Budget",
    "Confidence",
    "ConfigurationError",
    "Diagnostic",
    "Edit",
    "Evidence",
    "Failure",
    "FileReport",
    "Fix",
    "KnownFinding",
    "Numbers",
    "PathPattern",
    "Settings",
    "SiteReference",
    "Span",
    "Unfixed",
    "__version__",
    "check_files",
    "check_paths",
    "check_source",
    "read_baseline",
    "settings_for",
]

_HOMES = {
    "Baseline": "lr_lint.source.baseline",
    "Budget": "lr_lint.vocabulary.budgets",
    "Confidence": "lr_lint.vocabulary.diagnostics",
    "ConfigurationError": "lr_lint.source.settings",
    "Diagnostic": "lr_lint.vocabulary.diagnostics",
    "Edit": "lr_lint.vocabulary.diagnostics",
    "Evidence": "lr_lint.vocabulary.diagnostics",
    "Failure": "lr_lint.vocabulary.diagnostics",
    "FileReport": "lr_lint.vocabulary.diagnostics",
    "Fix": "lr_lint.vocabulary.diagnostics",
    "KnownFinding": "lr_lint.vocabulary.diagnostics",
    "Numbers": "lr_lint.vocabulary.diagnostics",
    "PathPattern": "lr_lint.source.file_paths",
    "Settings": "lr_lint.source.settings",
    "SiteReference": "lr_lint.vocabulary.diagnostics",
    "Span": "lr_lint.vocabulary.diagnostics",
    "Unfixed": "lr_lint.vocabulary.diagnostics",
    "check_files": "lr_lint.api",
    "check_paths": "lr_lint.api",
    "check_source": "lr_lint.api",
    "read_baseline": "lr_lint.source.baseline",
    "settings_for": "lr_lint.api",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
