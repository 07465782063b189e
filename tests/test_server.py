"""The language server, as an editor meets it: sessions with a real process over its standard streams."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.editor import Editor, edited, place_of
from tests.support import BUG, BUG_PLACE, FIXED, document_of, lr_lint, lr_lint_process

pytest.importorskip("pygls")

LINE = BUG_PLACE[0] - 1
# Of the expression `lr * 0.95**epoch`.
RANGE = (LINE, BUG_PLACE[1] - 1, LINE, BUG_PLACE[1] + 15)
USER = """\
import torch
from torch.optim.lr_scheduler import LambdaLR

from schedules import lr, schedule

optimizer = torch.optim.SGD([torch.zeros(1)], lr=lr)
scheduler = LambdaLR(optimizer, schedule)
"""
RATE = "lr = 0.001\n\n\ndef schedule(epoch):\n    return lr * 0.95**epoch\n"
FACTOR = RATE.replace("return lr * ", "return ")
SEED = Path(__file__).parent.parent / "fixtures" / "seed" / "keras_habit.py"
RATES = Path(__file__).parent.parent / "fixtures" / "rates"


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """An editor on an empty project."""
    editor = Editor(_project(tmp_path_factory.mktemp("session")))
    yield editor
    try:
        assert editor.quit() == (0, "")
    finally:
        editor.kill()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Editor]]:
    """Starts an editor of a test's own on an empty project."""
    started: list[Editor] = []

    def start(**capabilities: Any) -> Editor:
        started.append(Editor(_project(tmp_path), **capabilities))
        return started[-1]

    yield start
    for editor in started:
        editor.kill()


@pytest.fixture
def editor(session: Editor) -> Iterator[Editor]:
    """The same; what a test leaves open is closed after it."""
    yield session
    for uri in _open_in(session):
        session.close(uri)
        session.diagnostics(uri, None)


def _project(folder: Path) -> Path:
    root = folder / "project"
    root.mkdir()
    (root / "pyproject.toml").write_text("")
    return root


def _open_in(editor: Editor) -> list[str]:
    opened: list[str] = []
    for who, message in editor.transcript:
        if who == "editor" and message.get("method") == "textDocument/didOpen":
            opened.append(message["params"]["textDocument"]["uri"])
        elif who == "editor" and message.get("method") == "textDocument/didClose":
            opened.remove(message["params"]["textDocument"]["uri"])
    return opened


def test_finding_is_told_while_the_file_is_unsaved_and_withdrawn_when_it_is_mended(editor: Editor) -> None:
    uri = editor.open("train.py", BUG)
    [found] = editor.diagnostics(uri, 1)

    assert place_of(found) == RANGE
    assert (found["code"], found["severity"], found["source"]) == ("LR101", 1, "lr-lint")
    assert found["message"].startswith("the lambda returns a learning rate (`lr`, given to SGD on line 5)")
    assert [step["location"]["uri"] for step in found["relatedInformation"]] == [uri, uri]
    assert found["relatedInformation"][1]["message"] == "SGD starts from `lr` = 0.001"
    assert found["codeDescription"]["href"].endswith("/rules/LR101-rate-returned-as-factor/")

    column = BUG_PLACE[1] - 1
    editor.change(uri, 2, ((LINE, column, LINE, column + len("lr * ")), ""))
    assert editor.diagnostics(uri, 2) == []

    editor.change(uri, 3, ((LINE, column, LINE, column), "lr *"), ((LINE, column + 4, LINE, column + 4), " "))
    assert [place_of(each) for each in editor.diagnostics(uri, 3)] == [RANGE]

    editor.close(uri)
    assert editor.diagnostics(uri, None) == []


@pytest.mark.parametrize(("fixture", "severity"), [("click_option.py", 2), ("floor_without_numbers.py", 3)])
def test_grades_are_severities(fixture: str, severity: int, editor: Editor) -> None:
    folder = editor.root / "graded"
    folder.mkdir(exist_ok=True)
    (folder / "pyproject.toml").write_text("[tool.lr-lint]\nmin-confidence = 'possible'\n")
    uri = editor.open(f"graded/{fixture}", (RATES / fixture).read_text(encoding="utf-8"))

    assert {found["severity"] for found in editor.diagnostics(uri, 1)} == {severity}


@pytest.mark.parametrize(("encoding", "width"), [("utf-8", 4), ("utf-16", 2), ("utf-32", 1)])
def test_columns_are_counted_as_the_editor_counts(encoding: str, width: int, start: Callable[..., Editor]) -> None:
    editor = start(general={"positionEncodings": [encoding]})
    mark, more = '"😀"; ', width - 1
    uri = editor.open("train.py", BUG.replace("scheduler =", mark + "scheduler ="))
    [found] = editor.diagnostics(uri, 1)
    line, first, _, end = RANGE

    assert editor.server["capabilities"]["positionEncoding"] == encoding
    assert place_of(found) == (line, first + len(mark) + more, line, end + len(mark) + more)

    at = first + len(mark) + more
    editor.change(uri, 2, ((line, at, line, at + len("lr * ")), ""))
    assert editor.diagnostics(uri, 2) == []
    assert editor.quit() == (0, "")


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n\f", "\n# \u2028\x1c\x85\n"])
def test_lines_end_where_editors_end_them(end: str, editor: Editor) -> None:
    uri = editor.open("lines.py", BUG.replace("\n", end))
    [found] = editor.diagnostics(uri, 1)
    line = BUG.replace("\n", end).replace("\r\n", "\n").replace("\r", "\n").split("\n").index(found_line(end))

    assert found["range"]["start"]["line"] == line
    column = found["range"]["start"]["character"]
    editor.change(uri, 2, ((line, column, line, column + len("lr * ")), ""), ((line + 9, 0, line + 10, 0), "x = 1\n"))
    assert editor.diagnostics(uri, 2) == []


def found_line(end: str) -> str:
    """The line of the finding, where each of the ends stands before the next line."""
    return ("\f" if end.endswith("\f") else "") + BUG.splitlines()[LINE]


def test_change_of_an_open_module_is_followed_in_its_users(editor: Editor) -> None:
    (editor.root / "schedules.py").write_text(FACTOR)
    user, other = editor.open("user.py", USER), editor.open("other.py", BUG)
    assert editor.diagnostics(user, 1) == []
    editor.diagnostics(other, 1)
    helper = editor.open("schedules.py", FACTOR)
    assert editor.diagnostics(helper, 1) == []

    editor.change(helper, 2, RATE)
    [found] = editor.diagnostics(user, 1)
    assert found["code"] == "LR101"
    assert helper in {step["location"]["uri"] for step in found["relatedInformation"]}

    told = [message["params"] for _, message in editor.transcript if "diagnostics" in message.get("params", {})]
    assert len([each for each in told if each["uri"] == other]) == 1, "it does not use what changed"

    editor.close(helper)  # unsaved: the disk counts again
    assert editor.diagnostics(user, 1) == []

    (editor.root / "schedules.py").write_text(RATE)
    editor.watched(editor.root / "schedules.py")
    assert [found["code"] for found in editor.diagnostics(user, 1)] == ["LR101"]

    (editor.root / "schedules.py").unlink()
    editor.watched(editor.root / "schedules.py", kind=3)
    assert editor.diagnostics(user, 1) == []


def test_module_that_is_no_file_yet_is_imported(editor: Editor) -> None:
    user = editor.open("user.py", USER)
    assert editor.diagnostics(user, 1) == []

    editor.open("schedules.py", RATE)
    assert [found["code"] for found in editor.diagnostics(user, 1)] == ["LR101"]


def test_settings_are_those_of_the_nearest_file_and_read_again(editor: Editor) -> None:
    folder = editor.root / "settled"
    folder.mkdir()
    settings = folder / "pyproject.toml"
    settings.write_text("[tool.lr-lint]\nignore = ['LR101']\n")
    uri = editor.open("settled/train.py", BUG)
    assert editor.diagnostics(uri, 1) == []

    settings.write_text("[tool.lr-lint]\nselect = ['LR101']\n")
    editor.watched(settings)
    assert [found["code"] for found in editor.diagnostics(uri, 1)] == ["LR101"]

    settings.write_text("[tool.lr-lint]\nexclude = ['train.py']\n")
    editor.watched(settings)
    assert editor.diagnostics(uri, 1) == []

    settings.write_text("[tool.lr-lint]\nselekt = []\n")
    editor.watched(settings)
    shown = editor.said("window/showMessage")["message"]
    assert shown.startswith("lr-lint: settled/pyproject.toml: [tool.lr-lint] selekt: unknown setting")
    editor.change(uri, 2, BUG + "\n")
    assert editor.diagnostics(uri, 2) == []
    shown_all = [message for _, message in editor.transcript if message.get("method") == "window/showMessage"]
    assert len(shown_all) == 1, "once, however often the file is checked"

    settings.unlink()
    editor.watched(settings, kind=3)
    assert [found["code"] for found in editor.diagnostics(uri, 2)] == ["LR101"]


@pytest.mark.parametrize(
    "uri",
    [
        "untitled:Untitled-1",
        "file:///c%3A/Users/me/train.py",
        "file://server/share/train.py",
        "vscode-vfs://x/train.py",
    ],
)
def test_what_is_on_no_disk_of_ours_is_checked_by_itself(uri: str, editor: Editor) -> None:
    editor.open(uri, BUG)

    assert [place_of(found) for found in editor.diagnostics(uri, 1)] == [RANGE]
    editor.close(uri)
    assert editor.diagnostics(uri, None) == []


def test_file_outside_of_the_workspace_is_checked(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "schedules.py").write_text(RATE)
    uri = editor.open((tmp_path / "train.py").as_uri(), USER)

    [found] = editor.diagnostics(uri, 1)
    assert (tmp_path / "schedules.py").as_uri() in {step["location"]["uri"] for step in found["relatedInformation"]}


def test_text_that_is_no_python_yet_is_said_to_be_none(editor: Editor) -> None:
    uri = editor.open("train.py", BUG.replace("lr * 0.95", "lr * 0.95 +*"))
    [found] = editor.diagnostics(uri, 1)

    assert (found["code"], found["severity"]) == ("LR901", 2)
    assert found["range"]["start"]["line"] == LINE


def test_huge_text_is_not_checked_and_that_is_said(editor: Editor) -> None:
    much = f"# {'-' * 997}\n" * 1_001
    uri = editor.open("train.py", BUG + much)
    [found] = editor.diagnostics(uri, 1)

    assert (found["code"], place_of(found)[0]) == ("LR901", 0)
    assert found["message"] == "too large to be checked while it is written: the command checks it"
    assert editor.actions(uri, (0, 0, 0, 0)) == {}
    editor.change(uri, 2, ((6, 0, 1_007, 0), ""))
    assert [place_of(found) for found in editor.diagnostics(uri, 2)] == [RANGE]
    editor.change(uri, 3, much)
    assert editor.diagnostics(uri, 3) == []


def test_editor_that_does_not_watch_the_disk_has_it_looked_at_when_something_is_saved(
    start: Callable[..., Editor],
) -> None:
    editor = start(workspace={})
    uri = editor.open("train.py", BUG)
    assert len(editor.diagnostics(uri, 1)) == 1

    (editor.root / "pyproject.toml").write_text("[tool.lr-lint]\nignore = ['LR101']\n")
    editor.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    assert editor.diagnostics(uri, 1) == []
    assert editor.quit() == (0, "")


def test_other_languages_are_left_alone(editor: Editor) -> None:
    notes = editor.open("notes.md", BUG, languageId="markdown")
    uri = editor.open("train.py", FIXED)

    assert editor.diagnostics(uri, 1) == []
    told = [message["params"]["uri"] for _, message in editor.transcript if "diagnostics" in message.get("params", {})]
    assert notes not in told
    editor.close(notes)


def test_hover_tells_what_a_scheduler_comes_to(editor: Editor) -> None:
    text = SEED.read_text(encoding="utf-8")
    uri = editor.open("seed.py", text)
    told = editor.hover(uri, 23, 20)  # in the construction

    assert told.startswith(
        "**LambdaLR** contradicts\n\n```text\n"
        "  callable   function, seed.py:11\n"
        "  lr         0.001\n"
        "  returns    rate, 0.001 at first, 0.001 at its peak  ██████▇"
    )
    assert "\n  found      LR101 rate-returned-as-factor\n```\n" in told
    assert (
        "| step | returned | lr | lr that was meant |\n| --: | --: | --: | --: |\n| 0 | 0.001 | 1e-06 | 0.001 |" in told
    )
    assert editor.hover(uri, 10, 5) == told, "its callable"
    assert editor.hover(uri, 0, 0) == ""
    assert editor.hover("file:///nowhere.py", 0, 0) == ""


def test_callable_is_told_of_where_another_open_file_uses_it(editor: Editor) -> None:
    user, helper = editor.open("user.py", USER), editor.open("schedules.py", FACTOR)
    editor.diagnostics(user, 1)

    assert editor.hover(user, 6, 15) == editor.hover(helper, 3, 6) != ""


def test_fix_is_offered_and_leaves_nothing_to_find(editor: Editor) -> None:
    uri = editor.open("train.py", BUG)
    offered = editor.actions(uri, RANGE)

    title = "LR101: return the factor alone: `0.95**epoch` (changes training)"
    assert list(offered) == [title, "LR101: ignore on this line"]
    assert [each["code"] for each in offered[title]["diagnostics"]] == ["LR101"]
    assert not offered[title]["isPreferred"], "nothing that changes training is done unseen"
    for version, action in enumerate(offered.values(), 2):
        [change] = action["edit"]["documentChanges"]
        assert change["textDocument"] == {"uri": uri, "version": 1}
        editor.change(uri, version, edited(BUG, change["edits"]))
        assert editor.diagnostics(uri, version) == []
        editor.change(uri, 1, BUG)
        assert len(editor.diagnostics(uri, 1)) == 1
    assert edited(BUG, offered[title]["edit"]["documentChanges"][0]["edits"]) == FIXED
    assert "  # lr-lint: ignore[LR101]\n" in edited(BUG, change["edits"])
    assert editor.actions(uri, RANGE, "refactor") == {}
    assert editor.actions(uri, (0, 0, 0, 0)) == {}


def test_all_safe_fixes_are_offered_and_no_others(editor: Editor) -> None:
    folder = editor.root / "commented"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[tool.lr-lint]\nextend-select = ['LR902']\n")
    text = BUG.replace("import torch\n", "import torch  # noqa: LR102\n", 1).replace(
        "lr = 0.001", "lr = 0.001  # noqa: LR1"
    )
    uri = editor.open("commented/train.py", text)
    whole = (0, 0, 99, 0)
    [fix_all] = editor.actions(uri, whole, "source.fixAll").values()

    assert fix_all["kind"] == "source.fixAll.lr-lint"
    assert edited(text, fix_all["edit"]["documentChanges"][0]["edits"]) == BUG
    assert "LR902: ignore on this line" not in editor.actions(uri, whole)
    editor.change(uri, 2, BUG)
    assert editor.actions(uri, whole, "source.fixAll.lr-lint") == {}


CELLS = (
    ("python", "%matplotlib inline\nimport torch\nfrom torch.optim.lr_scheduler import LambdaLR\n\nlr = 0.001"),
    ("markdown", "# Training"),
    ("python", "optimizer = torch.optim.SGD([torch.zeros(1)], lr=lr)"),
    ("python", "  # indented, as IPython allows\n  scheduler = LambdaLR(optimizer, lambda epoch: lr * 0.95**epoch)"),
)


def test_notebook_is_one_program_whose_findings_are_in_its_cells(editor: Editor) -> None:
    notebook, (first, _, second, third) = editor.open_notebook("train.ipynb", *CELLS)
    assert editor.diagnostics(first, 1) == []
    assert editor.diagnostics(second, 1) == []
    [found] = editor.diagnostics(third, 1)
    start = CELLS[3][1].splitlines()[1].index("lr * ")

    assert place_of(found) == (1, start, 1, start + len("lr * 0.95**epoch"))
    assert {step["location"]["uri"] for step in found["relatedInformation"]} == {second, third}
    assert editor.hover(third, 1, start).startswith("**LambdaLR** contradicts")

    offered = editor.actions(third, (1, start, 1, start))
    for action in offered.values():
        [change] = action["edit"]["documentChanges"]
        assert change["textDocument"]["uri"] == third
    [title, ignoring] = offered
    mended = edited(CELLS[3][1], offered[title]["edit"]["documentChanges"][0]["edits"])
    assert mended == CELLS[3][1].replace("lr * ", "")
    ignored = edited(CELLS[3][1], offered[ignoring]["edit"]["documentChanges"][0]["edits"])
    assert ignored == CELLS[3][1] + "  # lr-lint: ignore[LR101]"

    _change_cells(editor, notebook, textContent=[_text(third, 2, mended)])
    assert editor.diagnostics(third, 2) == []
    _change_cells(editor, notebook, textContent=[_text(third, 3, CELLS[3][1])])
    assert len(editor.diagnostics(third, 3)) == 1

    removed = {"array": {"start": 3, "deleteCount": 1, "cells": []}, "didClose": [{"uri": third}]}
    _change_cells(editor, notebook, structure=removed)
    assert editor.diagnostics(third, None) == []
    texts = [{"uri": uri} for uri in (first, second)]
    editor.notify("notebookDocument/didClose", {"notebookDocument": {"uri": notebook}, "cellTextDocuments": texts})
    assert editor.diagnostics(second, None) == []


def test_notebook_has_the_findings_of_the_saved_file(editor: Editor) -> None:
    notebook, cells = editor.open_notebook("saved.ipynb", *CELLS)
    told = [(number, each) for number, uri in enumerate(cells, 1) if number != 2 for each in editor.diagnostics(uri, 1)]
    stored = {
        "nbformat": 4,
        "nbformat_minor": 4,
        "metadata": {},
        "cells": [
            {"cell_type": {"python": "code"}.get(language, language), "metadata": {}, "source": text, "outputs": []}
            for language, text in CELLS
        ],
    }
    (editor.root / "saved.ipynb").write_text(json.dumps(stored))
    document = document_of(lr_lint("saved.ipynb", "--output-format", "json", cwd=editor.root))

    assert [(each["cell"], each["line"] - 1, each["column"] - 1, each["code"]) for each in document["diagnostics"]] == [
        (cell, *place_of(each)[:2], each["code"]) for cell, each in told
    ]
    editor.notify("notebookDocument/didClose", {"notebookDocument": {"uri": notebook}, "cellTextDocuments": []})


def _change_cells(editor: Editor, notebook: str, **cells: Any) -> None:
    document = {"uri": notebook, "version": 2}
    editor.notify("notebookDocument/didChange", {"notebookDocument": document, "change": {"cells": cells}})


def _text(uri: str, version: int, text: str) -> dict[str, Any]:
    return {"document": {"uri": uri, "version": version}, "changes": [{"text": text}]}


def test_editor_that_asks_is_told_when_it_asks_and_asked_to_ask_again(start: Callable[..., Editor]) -> None:
    editor = start(textDocument={"diagnostic": {}}, workspace={"diagnostics": {"refreshSupport": True}})
    bad, user = editor.open("train.py", BUG), editor.open("user.py", USER)
    assert len(editor.diagnostics(bad, 1)) == 1, "who has not asked yet may never ask"

    def ask(uri: str) -> list[str]:
        answer = editor.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        return [found["code"] for found in answer["items"]]

    assert editor.server["capabilities"]["diagnosticProvider"]["interFileDependencies"] is True
    assert ask(bad) == ["LR101"]
    assert editor.diagnostics(bad, None) == [], "or all is shown twice"
    assert ask(user) == []
    so_far = len(editor.transcript)
    editor.open("schedules.py", FACTOR)
    editor.said("workspace/diagnostic/refresh")
    assert ask(user) == []
    editor.change((editor.root / "schedules.py").as_uri(), 2, RATE)
    editor.said("workspace/diagnostic/refresh")
    assert ask(user) == ["LR101"]
    editor.close(user)
    assert ask(user) == []
    assert editor.quit() == (0, "")
    assert not any("diagnostics" in (message.get("params") or {}) for _, message in editor.transcript[so_far:])


def test_who_asks_while_the_text_changes_is_told_of_the_last_text(start: Callable[..., Editor]) -> None:
    editor = start(textDocument={"diagnostic": {}})
    uri = editor.open("train.py", BUG)
    first = editor.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})
    withdrawn = editor.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})
    editor.notify("$/cancelRequest", {"id": withdrawn})
    for version in range(2, 40):
        editor.change(uri, version, BUG if version % 2 else FIXED)
    editor.change(uri, 40, FIXED)
    last = editor.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})

    assert editor.wait_for(last)["result"]["items"] == []
    # Whoever asked before was answered in time, by the text of then, or is told of the last one too.
    assert {each["code"] for each in editor.wait_for(first)["result"]["items"]} <= {"LR101"}
    assert editor.wait_for(withdrawn).get("error", {"code": -32800})["code"] == -32800
    assert editor.quit() == (0, "")


def test_server_lives_on_where_the_folder_is_gone(start: Callable[..., Editor]) -> None:
    editor = start()
    uri = editor.open("train.py", FIXED)
    assert editor.diagnostics(uri, 1) == []
    (editor.root / "pyproject.toml").unlink()
    editor.root.rmdir()
    editor.change(uri, 2, BUG)

    assert [place_of(found) for found in editor.diagnostics(uri, 2)] == [RANGE]
    assert editor.quit() == (0, "")


def test_nonsense_from_the_editor_does_not_end_the_session(start: Callable[..., Editor]) -> None:
    editor = start()
    nowhere = {"textDocument": {"uri": "file:///nowhere.py", "version": 7}}
    editor.notify("textDocument/didChange", {**nowhere, "contentChanges": [{"text": ""}]})
    editor.notify("textDocument/didClose", nowhere)
    editor.notify("notebookDocument/didChange", {"notebookDocument": nowhere["textDocument"], "change": {}})
    editor.notify("textDocument/didOpen", {"textDocument": None})
    editor.notify("no/such/method", {})
    editor.ask("textDocument/hover", {"position": "here"})
    assert editor.wait_for(editor.ask("no/such/method", {}))["error"]["code"] == -32601
    uri = editor.open("train.py", "\0", languageId="python")
    assert editor.diagnostics(uri, 1) == []
    far = (7_000, 7_000, 9_000, 0)
    editor.change(uri, 2, (far, BUG), ((0, 0, 0, 1), ""))
    assert [place_of(found) for found in editor.diagnostics(uri, 2)] == [RANGE]
    assert editor.actions(uri, far) == {}
    assert editor.hover(uri, 7_000, 7_000) == ""
    editor.change(uri, 3, "# -*- coding: latin-1 -*-\n" + BUG.replace("scheduler =", "'\u20ac \ud83d'; scheduler ="))
    assert [found["code"] for found in editor.diagnostics(uri, 3)] == ["LR101"]
    status, _ = editor.quit()
    assert status == 0
    assert not any(message.get("method") == "window/logMessage" for _, message in editor.transcript)


def test_server_that_analyses_ends_when_it_is_told_to(start: Callable[..., Editor]) -> None:
    editor = start()
    for number in range(20):
        editor.open(f"train{number}.py", BUG)

    status, _ = editor.quit()
    assert status == 0


def test_what_goes_wrong_in_an_analysis_is_logged_and_the_next_one_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from lr_lint.server import analyses, handlers

    monkeypatch.chdir(tmp_path)
    sent: list[bytes] = []
    server = handlers.serving()
    server.protocol.set_writer(mock.Mock(write=sent.append), include_headers=False)

    def fail(*arguments: object) -> None:
        raise MemoryError("too much")

    async def session() -> None:
        server.protocol.handle_message(_message("initialize", 1, {"capabilities": {}, "processId": None}))
        document = {"uri": "untitled:train.py", "languageId": "python", "version": 1, "text": BUG}
        with monkeypatch.context() as broken:
            broken.setattr(analyses, "check_and_inspect_bytes", fail)
            server.protocol.handle_message(_message("textDocument/didOpen", None, {"textDocument": document}))
            await asyncio.gather(*server._tasks)
        changed = {"textDocument": {"uri": "untitled:train.py", "version": 2}, "contentChanges": [{"text": BUG}]}
        server.protocol.handle_message(_message("textDocument/didChange", None, changed))
        await asyncio.gather(*server._tasks)

    def _message(method: str, identity: int | None, params: Any) -> Any:
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        return server.protocol.structure_message(message if identity is None else {**message, "id": identity})

    asyncio.run(session())
    said = b"".join(sent).decode()
    assert "internal error in lr-lint: MemoryError: too much; please report" in said
    assert said.count("textDocument/publishDiagnostics") == 1
    assert '"LR101"' in said


def test_server_ends_with_its_editor(tmp_path: Path) -> None:
    done = lr_lint_process("server", "--stdio", cwd=tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


@pytest.mark.parametrize("version", ["1.3.1", ""])
def test_without_the_library_one_line_says_what_to_install(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def installed(name: str) -> str:
        if not version:
            raise metadata.PackageNotFoundError(name)
        return version

    monkeypatch.setattr(metadata, "version", installed)
    done = lr_lint("server", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "lr-lint: the server needs pygls 2: pip install 'lr-lint[lsp]'\n"


def test_help_says_how_it_is_used(tmp_path: Path) -> None:
    done = lr_lint("server", "--help", cwd=tmp_path)

    assert done.returncode == 0
    assert "docs/editors.md" in done.stdout
