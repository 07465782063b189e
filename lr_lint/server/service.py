"""A session with an editor: what is open, what is known about it, and who is to be told.

All of it runs in one thread, that of the protocol. An analysis is a question to the worker; the answer is dropped if
the document, or what the analysis has looked at, changed in the meantime.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from lr_lint import __version__
from lr_lint.checks.rules import RULES
from lr_lint.server.abilities import can_be_had_ask_again, can_watch
from lr_lint.server.analyses import Checked, Question, check
from lr_lint.server.columns import Columns
from lr_lint.server.documents import PYTHON, Documents, OpenDocument
from lr_lint.server.overlay import FileChange, Trace, key_of
from lr_lint.server.worker import Worker
from lr_lint.source.discovery import read_if_there
from lr_lint.source.disk import Disk
from lr_lint.source.project_settings import FILE_NAME, ProjectSettings
from lr_lint.vocabulary.site_records import Inventory

_Result = TypeVar("_Result")
_NAME = "lr-lint"
_CELLS = types.NotebookDocumentSyncOptions(
    notebook_selector=[
        types.NotebookDocumentFilterWithNotebook(
            notebook="jupyter-notebook", cells=[types.NotebookCellLanguage(language=PYTHON)]
        )
    ],
)
# What changes on the disk and may matter: code, notebooks, and settings of the project or of its trainings.
WATCHED = "**/*.{py,pyi,ipynb,toml,yaml,yml,json}"


@dataclass
class _State:
    """A document as it is, with what was asked about it. With every change another one takes its place.

    Attributes:
        document: the document.
        trace: what was looked at to answer.
        answers: by the analyses.
        is_checked: whether a check has come to its end, so that the trace is whole.
    """

    document: OpenDocument
    trace: Trace = field(default_factory=Trace)
    answers: dict[Callable[[Question], Any], asyncio.Future[Any]] = field(default_factory=dict)
    is_checked: bool = False

    def drop(self) -> None:
        """Nobody is to wait for an answer any more, or to start on one."""
        for answer in self.answers.values():
            answer.cancel()


class LintServer(LanguageServer):
    """The server of one session."""

    def __init__(self) -> None:
        """Make a server that waits for an editor."""
        super().__init__(_NAME, __version__, notebook_document_sync=_CELLS)
        self.was_shut_down = False
        self._worker = Worker()
        self._disk, self._projects = Disk(), _project_settings()
        self._watches = False
        self._asks = False
        self._states: dict[str, _State] = {}
        # By the URIs of documents and of their texts. What was told is not told again.
        self._told: dict[str, dict[str, tuple[list[types.Diagnostic], int]]] = {}
        self._problems: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    # The session.

    def begin(self) -> None:
        """Settle in the folder of the project: paths are told as the command tells them there."""
        self.documents = Documents(self.columns)
        for folder in self._folders()[:1]:
            with suppress(OSError):  # it may not be entered, or is gone again
                os.chdir(folder)
        self.renew_disk()

    def _folders(self) -> list[str]:
        """The folders of the workspace that are there."""
        named = [folder.uri for folder in self.workspace.folders.values()] or [self.workspace.root_uri]
        paths = (to_fs_path(uri) for uri in named if uri is not None)
        return [path for path in paths if path is not None and os.path.isdir(path)]

    async def watch(self) -> None:
        """Ask to be told what changes on the disk, if the editor can."""
        if not can_watch(self.client_capabilities):
            return
        options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(WATCHED)])
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registration = types.Registration(f"{_NAME} {method}", method, options)
        await self.client_register_capability_async(types.RegistrationParams([registration]))
        self._watches = True

    @property
    def columns(self) -> Columns:
        """How the editor counts."""
        return Columns(self.workspace.position_codec)

    def renew_disk(self) -> None:
        """Forget what was read from the disk, settings included."""
        self._disk, self._projects = Disk(self._folders()), _project_settings()

    # What happens.

    def take(self, document: OpenDocument, change: FileChange | None = None) -> None:
        """Go on with a document as it is now.

        Args:
            document: the document.
            change: what that is to the other documents; None if it is nothing.
        """
        self._set(document)
        if change is not None:
            self.follow([change], but=document.uri)

    def forget(self, document: OpenDocument) -> None:
        """A document is closed: nothing is said about it any more, and what is on the disk counts for the others."""
        state = self._states.pop(document.uri, None)
        if state is not None:
            state.drop()
        self._withdraw(document)
        change = FileChange.between(document.home, document.data, _stored(document))
        if change is not None:
            self.follow([change])

    def opening(self, document: OpenDocument) -> FileChange | None:
        """What it is to the others that a document is open now."""
        return FileChange.between(document.home, _stored(document), document.data)

    def saved(self) -> None:
        """Something was saved, which is when to look at the disk: of what is outside the workspace no editor tells.

        One that tells of nothing has all of it checked anew.
        """
        self.renew_disk()
        if not self._watches:
            self.check_all()

    def disk_changed(self, changes: Sequence[FileChange]) -> None:
        """Files changed on the disk; of those that are open, the texts of the editor count."""
        self.renew_disk()
        if any(os.path.basename(change.path) == FILE_NAME for change in changes):
            self.check_all()
            return
        opened = {key_of(document.home) for document in self.documents if document.home}
        self.follow([change for change in changes if key_of(change.path) not in opened])

    def follow(self, changes: Sequence[FileChange], but: str = "") -> None:
        """Check anew what some changes may concern.

        Args:
            changes: of files.
            but: the URI of a document that is seen to already.
        """
        concerned = [
            state.document
            for uri, state in self._states.items()
            if uri != but and state.answers and (not state.is_checked or any(map(state.trace.concerns, changes)))
        ]
        for document in concerned:
            self._set(document)
        if concerned:
            self._have_asked_again()

    def check_all(self) -> None:
        """Check all that is open anew: settings may be others."""
        self.renew_disk()
        self._problems.clear()
        for state in list(self._states.values()):
            self._set(state.document)
        self._have_asked_again()

    def _set(self, document: OpenDocument) -> None:
        before = self._states.pop(document.uri, None)
        if before is not None:
            before.drop()
        if not document.is_checked:
            return
        state = self._states[document.uri] = _State(document)
        if self._is_told(document):
            self.start(self._check(state))

    def _is_told(self, document: OpenDocument) -> bool:
        """Whether the editor is sent what is found in a document, and does not ask for it."""
        return document.cells is not None or not self._asks

    def asks(self) -> None:
        """The editor asks for what is found in files: it is not sent that any more, or it would show all twice."""
        if not self._asks:
            self._asks = True
            for document in self.documents:
                if not self._is_told(document):
                    self._withdraw(document)

    def _withdraw(self, document: OpenDocument) -> None:
        for uri in self._told.pop(document.uri, {}):
            self._tell(uri, [], None)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Have something done beside. What goes wrong in it is logged."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.report(task.exception())

    def report(self, error: BaseException | None) -> None:
        """Say in the editor's log, and on standard error, what went wrong with us."""
        # The library keeps of an error in a handler no more than its text.
        trace = "".join((getattr(error, "data", None) or {}).get("traceback", ()))
        logging.getLogger(__name__).error("an error in lr-lint\n%s", trace, exc_info=None if trace else error)
        message = f"internal error in lr-lint: {type(error).__name__}: {error}; please report"
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, message))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Take what goes wrong in a handler. It is nothing to open a window for.

        A message that makes no sense is no mistake of ours. The library has logged it.
        """
        if isinstance(error, JsonRpcInternalError) or not isinstance(error, JsonRpcException):
            self.report(error)

    def _have_asked_again(self) -> None:
        """Have the editor ask again for diagnostics, if it asks for them at all."""
        if self._asks and can_be_had_ask_again(self.client_capabilities):
            self.workspace_diagnostic_refresh(None)

    # What is known.

    async def answer(self, uri: str, analysis: Callable[[Question], _Result]) -> _Result | None:
        """What an analysis says about a document; None if the document is closed, or the analysis fails.

        Whoever waits while the document changes gets the answer about what it has become.
        """
        while (state := self._states.get(uri)) is not None:
            answer = await self._answer(state, analysis)
            if self._states.get(uri) is state:
                return answer
        return None

    async def _answer(self, state: _State, analysis: Callable[[Question], _Result]) -> _Result | None:
        """What an analysis says about a document as it is; None if it fails, or is not waited for to the end."""
        try:
            return await asyncio.shield(self._asked(state, analysis))
        except asyncio.CancelledError:
            if self._states.get(state.document.uri) is state:
                raise
        except Exception as error:
            self.report(error)
        return None

    def _asked(self, state: _State, analysis: Callable[[Question], _Result]) -> asyncio.Future[_Result]:
        if analysis not in state.answers:
            if not self._watches:
                self.renew_disk()
            question = Question(
                state.document, tuple(self.documents), self._disk, self._projects, self.columns, state.trace
            )
            loop = asyncio.get_running_loop()
            state.answers[analysis] = loop.run_in_executor(self._worker, analysis, question)
        return state.answers[analysis]

    async def checked(self, uri: str) -> Checked | None:
        """What a check says about a document, as `answer` does."""
        return self._noted(uri, await self.answer(uri, check))

    def _noted(self, uri: str, checked: Checked | None) -> Checked | None:
        """The same; what is wrong with the settings is shown, once."""
        if checked is not None:
            self._states[uri].is_checked = True
            if checked.problem and checked.problem not in self._problems:
                self._problems.add(checked.problem)
                message = f"{_NAME}: {checked.problem} (its files are not checked until that is mended)"
                self.window_show_message(types.ShowMessageParams(types.MessageType.Error, message))
        return checked

    def inventories(self) -> list[Inventory]:
        """The schedulers of all documents that are checked and have not changed since."""
        answers = (state.answers[check] for state in self._states.values() if state.is_checked)
        return [answer.result().inventory for answer in answers]

    async def _check(self, state: _State) -> None:
        """Send what there is to say about a document, if it is still as it was."""
        uri, answer = state.document.uri, await self._answer(state, check)
        if answer is None or self._states.get(uri) is not state:
            return
        self._noted(uri, answer)
        if not self._is_told(state.document):
            return
        before = self._told.get(uri, {})
        now = {part.uri: (answer.published[part.uri], part.version) for part in state.document.parts.values()}
        for part in {**before, **now}:
            if part not in now:
                self._tell(part, [], None)
            elif now[part] != before.get(part):
                self._tell(part, *now[part])
        self._told[uri] = now

    def _tell(self, uri: str, diagnostics: Sequence[types.Diagnostic], version: int | None) -> None:
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, version))


def _project_settings() -> ProjectSettings:
    """The settings of each file. What is excluded is left out, though the editor names it."""
    return ProjectSettings(lambda: RULES, adjust=lambda settings: replace(settings, force_exclude=True))


def _stored(document: OpenDocument) -> bytes | None:
    """What the disk has where a document lies."""
    return read_if_there(document.home) if document.home else None
