"""What an editor can do, by what it says of itself at the start. What it does not speak of it cannot do."""

from __future__ import annotations

from lsprotocol.types import ClientCapabilities


def can_be_had_ask_again(editor: ClientCapabilities) -> bool:
    """Whether it can be told that it should ask for diagnostics again."""
    refreshing = None if editor.workspace is None else editor.workspace.diagnostics
    return refreshing is not None and bool(refreshing.refresh_support)


def can_watch(editor: ClientCapabilities) -> bool:
    """Whether it can be asked to tell what changes on the disk."""
    watching = None if editor.workspace is None else editor.workspace.did_change_watched_files
    return watching is not None and bool(watching.dynamic_registration)


def takes_versions(editor: ClientCapabilities) -> bool:
    """Whether it takes changes that say for which version of a text they are."""
    editing = None if editor.workspace is None else editor.workspace.workspace_edit
    return editing is not None and bool(editing.document_changes)
