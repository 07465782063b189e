"""What the editor says and asks, one function for each method of the protocol.

pygls keeps texts as well, but ends lines where neither editors nor Python do, at a form feed for one, and so loses
count of them. Its handlers of texts and notebooks are taken out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lsprotocol import types
from pygls.uris import to_fs_path

from lr_lint.server.abilities import takes_versions
from lr_lint.server.actions import FIX_ALL, QUICK_FIX, Actions, touches, wants
from lr_lint.server.analyses import mend
from lr_lint.server.documents import OpenDocument
from lr_lint.server.hover import hover
from lr_lint.server.overlay import FileChange
from lr_lint.server.service import LintServer

_Handler = Callable[[LintServer, Any], Any]


def serving() -> LintServer:
    """A server with all its handlers."""
    server = LintServer()
    for method in _OURS:
        server.protocol.fm.builtin_features.pop(method)
    for method, handler, options in _HANDLERS:
        server.feature(method, options)(handler)
    return server


def _initialize(ls: LintServer, params: types.InitializeParams) -> None:
    ls.begin()


async def _initialized(ls: LintServer, params: types.InitializedParams) -> None:
    await ls.watch()


def _shutdown(ls: LintServer, params: None) -> None:
    ls.was_shut_down = True


def _did_open(ls: LintServer, params: types.DidOpenTextDocumentParams) -> None:
    document = ls.documents.open(params.text_document)
    ls.take(document, ls.opening(document))


def _did_change(ls: LintServer, params: types.DidChangeTextDocumentParams) -> None:
    before = ls.documents.get(params.text_document.uri)
    _take_changed(ls, before, ls.documents.change(params.text_document, params.content_changes))


def _take_changed(ls: LintServer, before: OpenDocument | None, document: OpenDocument | None) -> None:
    if before is not None and document is not None:
        ls.take(document, FileChange.between(document.home, before.data, document.data))


def _did_close(ls: LintServer, params: types.DidCloseTextDocumentParams) -> None:
    document = ls.documents.close(params.text_document.uri)
    if document is not None:
        ls.forget(document)


def _did_save(ls: LintServer, params: Any) -> None:
    ls.saved()


def _notebook_did_open(ls: LintServer, params: types.DidOpenNotebookDocumentParams) -> None:
    document = ls.documents.open_notebook(params.notebook_document, params.cell_text_documents)
    ls.take(document, ls.opening(document))


def _notebook_did_change(ls: LintServer, params: types.DidChangeNotebookDocumentParams) -> None:
    before = ls.documents.get(params.notebook_document.uri)
    _take_changed(ls, before, ls.documents.change_notebook(params.notebook_document.uri, params.change.cells))


def _notebook_did_close(ls: LintServer, params: types.DidCloseNotebookDocumentParams) -> None:
    document = ls.documents.close(params.notebook_document.uri)
    if document is not None:
        ls.forget(document)


async def _diagnostic(ls: LintServer, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
    """What was found in a file. What was found in cells is sent: not all editors ask for it."""
    ls.asks()
    document = ls.documents.get(params.text_document.uri)
    checked = None if document is None or document.cells is not None else await ls.checked(document.uri)
    items = [] if checked is None else checked.published[params.text_document.uri]
    return types.RelatedFullDocumentDiagnosticReport(items)


async def _hover(ls: LintServer, params: types.HoverParams) -> types.Hover | None:
    """What is told of the scheduler whose construction or callable is pointed at."""
    uri = params.text_document.uri
    found = ls.documents.with_part(uri)
    checked = None if found is None else await ls.checked(found[0].uri)
    part = ls.documents.with_part(uri)
    if checked is None or part is None:
        return None
    document, buffer = part
    line, column = ls.columns.place(buffer.lines, params.position)
    told = hover(ls.inventories(), document.path, document.cell_of(uri), line, column)
    if told is None:
        return None
    text, span = told
    about = None if span is None else ls.columns.range(buffer.lines, span)
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), about)


async def _code_action(ls: LintServer, params: types.CodeActionParams) -> list[types.CodeAction]:
    """What can be done about what was found. Fixes are looked for only where something was found."""
    uri, only = params.text_document.uri, params.context.only
    found = ls.documents.with_part(uri)
    checked = None if found is None else await ls.checked(found[0].uri)
    told = [] if checked is None else checked.published.get(uri, [])
    here = wants(only, QUICK_FIX) and any(touches(each.range, params.range) for each in told)
    everywhere = wants(only, FIX_ALL) and bool(told)
    if found is None or not (here or everywhere):
        return []
    findings = await ls.answer(found[0].uri, mend)
    document = ls.documents.get(found[0].uri)
    if findings is None or document is None:
        return []
    actions = Actions(document, ls.columns, takes_versions(ls.client_capabilities))
    offered = list(actions.at(uri, params.range, findings)) if here else []
    fix_all = actions.fix_all(findings) if everywhere else None
    return offered if fix_all is None else [*offered, fix_all]


def _did_change_watched_files(ls: LintServer, params: types.DidChangeWatchedFilesParams) -> None:
    changes = []
    for event in params.changes:
        path = to_fs_path(event.uri)
        if path is not None:
            changes.append(FileChange(path, moves=event.type is not types.FileChangeType.Changed))
    ls.disk_changed(changes)


def _settings_may_differ(ls: LintServer, params: Any) -> None:
    """Folders join the workspace or leave it, or the editor has been set otherwise."""
    ls.check_all()


_OURS = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
)
_HANDLERS: tuple[tuple[str, _Handler, Any], ...] = (
    (types.INITIALIZE, _initialize, None),
    (types.INITIALIZED, _initialized, None),
    (types.SHUTDOWN, _shutdown, None),
    (types.TEXT_DOCUMENT_DID_OPEN, _did_open, None),
    (types.TEXT_DOCUMENT_DID_CHANGE, _did_change, None),
    (types.TEXT_DOCUMENT_DID_CLOSE, _did_close, None),
    (types.TEXT_DOCUMENT_DID_SAVE, _did_save, None),
    (types.NOTEBOOK_DOCUMENT_DID_OPEN, _notebook_did_open, None),
    (types.NOTEBOOK_DOCUMENT_DID_CHANGE, _notebook_did_change, None),
    (types.NOTEBOOK_DOCUMENT_DID_CLOSE, _notebook_did_close, None),
    (types.NOTEBOOK_DOCUMENT_DID_SAVE, _did_save, None),
    (types.TEXT_DOCUMENT_DIAGNOSTIC, _diagnostic, types.DiagnosticOptions(True, False, "lr-lint")),
    (types.TEXT_DOCUMENT_HOVER, _hover, None),
    (types.TEXT_DOCUMENT_CODE_ACTION, _code_action, types.CodeActionOptions([QUICK_FIX, FIX_ALL])),
    (types.WORKSPACE_DID_CHANGE_WATCHED_FILES, _did_change_watched_files, None),
    (types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, _settings_may_differ, None),
    (types.WORKSPACE_DID_CHANGE_CONFIGURATION, _settings_may_differ, None),
)
