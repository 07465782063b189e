"""The Python interface: the checker as functions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lr_lint.source.discovery import discover, read_file
from lr_lint.source.disk import Disk
from lr_lint.source.gate import is_worth_reading, mentions_scheduler
from lr_lint.source.own_schedulers import own_schedulers

TYPE_CHECKING = False  # the command starts with this module, and `typing` is not imported at start
if TYPE_CHECKING:
    from lr_lint.source.settings import Settings
    from lr_lint.vocabulary.diagnostics import Failure, FileReport
    from lr_lint.vocabulary.site_records import Inventory


def check_source(data: bytes | str, path: str = "<string>", settings: Settings | None = None) -> FileReport:
    """Check a program that need not be on the disk.

    Args:
        data: the program: bytes in the encoding that they declare, or text.
        path: what to call it in the report.
        settings: which findings are wanted; the defaults if None. No configuration file is read.

    Returns:
        The findings, or the reason why there are none.
    """
    from lr_lint.checks.engine import check_bytes, check_text
    from lr_lint.source.settings import Settings

    settings = settings or Settings()
    return check_text(path, data, settings) if isinstance(data, str) else check_bytes(path, data, settings)


def check_paths(paths: Iterable[str], settings: Settings | None = None) -> list[FileReport]:
    """Check files and folders.

    Args:
        paths: files, and folders in which Python files are looked for.
        settings: which findings are wanted; the defaults if None. No configuration file is read.

    Returns:
        One report for each file, and one for each path that could not be looked at.
    """
    from lr_lint.source.settings import Settings
    from lr_lint.vocabulary.diagnostics import FileReport

    found = check_each(paths, settings or Settings())
    return [report or FileReport(path) for path, report in found]


def check_each(paths: Iterable[str], settings: Settings) -> Iterator[tuple[str, FileReport | None]]:
    """Check files and folders one by one: path and report, which is None for a file that names no scheduler.

    Nothing but the text gate runs on such a file, and the modules that the others need are not even loaded.
    """
    paths = list(paths)
    files = Disk(paths)
    own = own_schedulers(files, settings.contracts)
    for path, content in _contents(paths, settings):
        if not isinstance(content, bytes):
            yield path, _failed(content)
        elif is_worth_reading(content, settings) or own.named_in(path, content):
            from lr_lint.checks.engine import check_bytes

            yield path, check_bytes(path, content, settings, files)
        else:
            yield path, None


def inspect_each(paths: Iterable[str], settings: Settings) -> Iterator[tuple[str, Inventory | None]]:
    """List the constructions in files and folders: path and inventory, None for a file that names no scheduler."""
    paths = list(paths)
    files = Disk(paths)
    own = own_schedulers(files, settings.contracts)
    for path, content in _contents(paths, settings):
        if not isinstance(content, bytes):
            from lr_lint.vocabulary.site_records import Inventory

            yield path, Inventory(path, failure=content)
        elif mentions_scheduler(content, settings.contracts) or own.named_in(path, content):
            from lr_lint.checks.engine import inspect_bytes

            yield path, inspect_bytes(path, content, files, settings)
        else:
            yield path, None


def _contents(paths: Iterable[str], settings: Settings) -> Iterator[tuple[str, bytes | Failure]]:
    """The files at some paths with what is in them, or why that cannot be told."""
    for found in discover(paths, settings.excludes if settings.exclude else None):
        if isinstance(found, str):
            yield found, read_file(found)
        else:
            yield found.path, found


def _failed(failure: Failure) -> FileReport:
    from lr_lint.vocabulary.diagnostics import FileReport

    return FileReport(failure.path, failure=failure)
