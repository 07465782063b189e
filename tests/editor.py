"""An editor for tests: a client of the language server that speaks with a real process over its standard streams."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from tests.support import environment

Message = dict[str, Any]
# In seconds. A server that says nothing for so long is ended, so that the test fails.
_PATIENCE = 120
_CAPABILITIES: Message = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {"publishDiagnostics": {"relatedInformation": True}},
    "workspace": {
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "workspaceEdit": {"documentChanges": True},
    },
    "notebookDocument": {"synchronization": {}},
}


class Editor:
    """A session with the server.

    Attributes:
        root: the folder that is open.
        server: what the server said at the start.
        transcript: all messages, with who said them.
    """

    def __init__(self, root: Path, **capabilities: Message) -> None:
        """Start a server in another folder than the one that is open, as some editors do."""
        self.root = root
        self.transcript: list[tuple[str, Message]] = []
        self._heard: list[Message] = []
        self._identity = 0
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "lr_lint", "server"] if sys.version_info >= (3, 11) else _OLD_COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=root.parent,
            env=environment(),
        )
        self._log = ""
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        folders = [{"uri": root.as_uri(), "name": root.name}]
        started = {"processId": None, "rootUri": root.as_uri(), "workspaceFolders": folders}
        self.server = self.request("initialize", {**started, "capabilities": {**_CAPABILITIES, **capabilities}})
        self.notify("initialized", {})

    def _read_log(self) -> None:
        assert self._process.stderr is not None
        self._log = self._process.stderr.read().decode()

    # What the protocol is made of.

    def request(self, method: str, params: Any) -> Any:
        """What the server answers.

        Raises:
            RuntimeError: if that is an error.
        """
        answer = self.wait_for(self.ask(method, params))
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["result"]

    def ask(self, method: str, params: Any) -> int:
        """Send a request; the answer is under the number that this gives."""
        self._identity += 1
        self._send({"id": self._identity, "method": method, "params": params})
        return self._identity

    def wait_for(self, identity: int) -> Message:
        """The answer to a request."""
        while True:
            for message in self._heard:
                if message.get("id") == identity and "method" not in message:
                    self._heard.remove(message)
                    return message
            self._hear()

    def notify(self, method: str, params: Any) -> None:
        """Send a notification."""
        self._send({"method": method, "params": params})

    def said(self, method: str, **params: Any) -> Any:
        """The parameters of the next notification (or request) of a kind.

        Args:
            method: the kind.
            params: what has to be among them.
        """
        while True:
            for message in self._heard:
                if message.get("method") == method and params.items() <= (message.get("params") or {}).items():
                    self._heard.remove(message)
                    return message.get("params")
            self._hear()

    def _send(self, message: Message) -> None:
        message = {"jsonrpc": "2.0", **message}
        self.transcript.append(("editor", message))
        data = json.dumps(message).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self._process.stdin.flush()

    def _hear(self) -> None:
        """Take the next message; requests of the server are granted at once."""
        watchdog = threading.Timer(_PATIENCE, self._process.kill)
        watchdog.start()
        try:
            message = self._next()
        finally:
            watchdog.cancel()
        self.transcript.append(("server", message))
        self._heard.append(message)
        if "method" in message and "id" in message:
            self._send({"id": message["id"], "result": None})

    def _next(self) -> Message:
        assert self._process.stdout is not None
        length = 0
        while header := self._process.stdout.readline().strip():
            name, _, value = header.partition(b": ")
            assert name in (b"Content-Length", b"Content-Type"), header
            length = int(value) if name == b"Content-Length" else length
        assert length, f"the server has gone: {self._log}"
        message: Message = json.loads(self._process.stdout.read(length))
        return message

    # What people do.

    def open(self, name: str, text: str, **changes: Any) -> str:
        """Open a file, whatever the disk has; its URI."""
        uri = name if ":" in name else (self.root / name).as_uri()
        document = {"uri": uri, "languageId": "python", "version": 1, "text": text, **changes}
        self.notify("textDocument/didOpen", {"textDocument": document})
        return uri

    def change(self, uri: str, version: int, *changes: Any) -> None:
        """Change a file: a text for all of it, or a range as (line, character, line, character) and a text."""
        sent: list[Message] = []
        for change in changes:
            if isinstance(change, str):
                sent.append({"text": change})
            else:
                (line, character, end_line, end_character), text = change
                sent.append({"range": _range(line, character, end_line, end_character), "text": text})
        document: Message = {"uri": uri, "version": version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": sent})

    def close(self, uri: str) -> None:
        """Close a file."""
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def diagnostics(self, uri: str, version: int | None) -> list[Message]:
        """What the server sends about a text next, and about this version of it."""
        wanted: Message = {"uri": uri} if version is None else {"uri": uri, "version": version}
        told: Message = self.said("textDocument/publishDiagnostics", **wanted)
        return list(told["diagnostics"])

    def hover(self, uri: str, line: int, character: int) -> str:
        """What is told about a place; nothing where there is nothing to tell."""
        place = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
        answer = self.request("textDocument/hover", place)
        return "" if answer is None else str(answer["contents"]["value"])

    def actions(self, uri: str, place: tuple[int, int, int, int], *only: str) -> dict[str, Message]:
        """What is offered at a place, by its title."""
        context: Message = {"diagnostics": [], **({"only": list(only)} if only else {})}
        asked = {"textDocument": {"uri": uri}, "range": _range(*place), "context": context}
        return {action["title"]: action for action in self.request("textDocument/codeAction", asked)}

    def open_notebook(self, name: str, *cells: tuple[str, str]) -> tuple[str, list[str]]:
        """Open a notebook of cells, each with its language and text; its URI and those of the cells."""
        uri = (self.root / name).as_uri()
        documents = [
            _cell_document(f"vscode-notebook-cell:{name}#{number}", *cell) for number, cell in enumerate(cells)
        ]
        listed = [{"kind": 1 if each["languageId"] == "markdown" else 2, "document": each["uri"]} for each in documents]
        notebook = {"uri": uri, "notebookType": "jupyter-notebook", "version": 1, "cells": listed}
        texts = [each for each in documents if each["languageId"] == "python"]
        self.notify("notebookDocument/didOpen", {"notebookDocument": notebook, "cellTextDocuments": texts})
        return uri, [each["uri"] for each in documents]

    def watched(self, *paths: Path, kind: int = 2) -> None:
        """Tell the server of files that changed on the disk."""
        changes = [{"uri": path.as_uri(), "type": kind} for path in paths]
        self.notify("workspace/didChangeWatchedFiles", {"changes": changes})

    def quit(self) -> tuple[int, str]:
        """End the session; the exit status of the server, and what it has logged."""
        self.request("shutdown", None)
        self.notify("exit", None)
        return self.wait()

    def kill(self) -> None:
        """End the server, if it has not ended."""
        self._process.kill()
        with contextlib.suppress(ValueError):  # it was closed already
            self.wait()

    def wait(self) -> tuple[int, str]:
        """Wait for the end of the server; its exit status, and what it has logged."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        status = self._process.wait()
        self._reader.join()
        rest = self._process.stdout.read()
        self._process.stdout.close()
        self._process.stderr.close()
        with contextlib.suppress(BrokenPipeError):  # what it was sent after its end
            self._process.stdin.close()
        assert rest == b"", "something else than the protocol is on standard output"
        return status, self._log


_OLD_COMMAND = [sys.executable, "-m", "lr_lint", "server"]


def _range(line: int, character: int, end_line: int, end_character: int) -> Message:
    return {
        "start": {"line": line, "character": character},
        "end": {"line": end_line, "character": end_character},
    }


def _cell_document(uri: str, language: str, text: str) -> Message:
    return {"uri": uri, "languageId": language, "version": 1, "text": text}


def edited(text: str, edits: list[Message]) -> str:
    """A text of plain characters with the changes of an action."""
    lines = text.split("\n")
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
    for edit in sorted(edits, key=place_of, reverse=True):
        line, character, end_line, end_character = place_of(edit)
        text = text[: starts[line] + character] + edit["newText"] + text[starts[end_line] + end_character :]
    return text


def place_of(item: Message) -> tuple[int, int, int, int]:
    """The range of something, as (line, character, line, character)."""
    start, end = item["range"]["start"], item["range"]["end"]
    return start["line"], start["character"], end["line"], end["character"]
