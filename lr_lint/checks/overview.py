"""All that is known of a file: its findings, its schedulers, and what these come to once the fixes are applied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lr_lint.checks.engine import check_and_inspect_bytes, inspect_bytes
from lr_lint.checks.fixes.rounds import fixable_together
from lr_lint.source.edits import EditError
from lr_lint.source.opening import with_edits
from lr_lint.vocabulary.diagnostics import Failure, FileReport
from lr_lint.vocabulary.site_records import Inventory, SiteRecord

if TYPE_CHECKING:
    from lr_lint.source.settings import Settings
    from lr_lint.source.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Overview:
    """All that is known of a file.

    Attributes:
        report: its findings, with their fixes.
        inventory: its schedulers.
        mended: for each of these what it is after the fixes; None where no fix is about it.
    """

    report: FileReport
    inventory: Inventory
    mended: tuple[SiteRecord | None, ...] = ()


def unread(failure: Failure) -> Overview:
    """The overview of a path that could not be looked at."""
    return Overview(FileReport(failure.path, failure=failure), Inventory(failure.path, failure=failure))


def overview_of(path: str, data: bytes, settings: Settings, files: Surroundings | None = None) -> Overview:
    """Check a file and list its schedulers. The arguments are those of `check_bytes`; fixes are best asked for."""
    report, inventory = check_and_inspect_bytes(path, data, settings, files)
    nothing: tuple[SiteRecord | None, ...] = (None,) * len(inventory.sites)
    fixed = [each for each in fixable_together(report.diagnostics, unsafe=True) if each.site is not None]
    edits = [edit for each in fixed if each.fix is not None for edit in each.fix.edits]
    if not edits:
        return Overview(report, inventory, nothing)
    try:
        changed = with_edits(path, data, edits)
    except (EditError, UnicodeEncodeError):
        return Overview(report, inventory, nothing)
    after = inspect_bytes(path, changed, files, settings)
    if len(after.sites) != len(inventory.sites):
        return Overview(report, inventory, nothing)
    pairs = zip(inventory.sites, after.sites, strict=True)
    return Overview(
        report,
        inventory,
        tuple(now if any(before.is_at(each.site) for each in fixed) else None for before, now in pairs),
    )
