"""A static checker for PyTorch learning-rate schedules.

From the bottom up: `vocabulary` (plain data), `source` (text and settings), `project` (names across files), `semantics`
(what a schedule does), `timing` (how often it is stepped), `checks` (findings and fixes), `probe` (the real scheduler),
`reports`, and the shells: `api`, `server` (for editors) and `command`, which `__main__` calls. See
docs/architecture.md.

The names below are the public interface. They are loaded on first use, since importing this package is part of the
start of every command.
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` costs more to import than the rest of this module
if TYPE_CHECKING:
    from lr_lint.api import check_paths, check_source
    from lr_lint.source.settings import Settings
    from lr_lint.vocabulary.diagnostics import Confidence, Diagnostic, FileReport

__version__ = "0.1.0"

__all__ = [
    "Confidence",
    "Diagnostic",
    "FileReport",
    "Settings",
    "__version__",
    "check_paths",
    "check_source",
]

_HOMES = {
    "Confidence": "lr_lint.vocabulary.diagnostics",
    "Diagnostic": "lr_lint.vocabulary.diagnostics",
    "FileReport": "lr_lint.vocabulary.diagnostics",
    "Settings": "lr_lint.source.settings",
    "check_paths": "lr_lint.api",
    "check_source": "lr_lint.api",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
