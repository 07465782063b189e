"""The page about editors: its settings are well formed, and its expressions match what the command prints."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support import BUG, BUG_PLACE, environment, lr_lint
from tests.test_readme import DOCUMENTS, blocks

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PAGE = DOCUMENTS["docs/editors.md"]
(TASKS,) = (block for block in blocks("json", PAGE) if '"tasks"' in block)
LIKELY = Path(__file__).parent.parent / "fixtures" / "rates" / "click_option.py"


def matched(line: str) -> list[tuple[str, dict[str, str]]]:
    """What the problem matchers make of a line: severity, and the groups by their names."""
    found = []
    for matcher in json.loads(TASKS)["tasks"][0]["problemMatcher"]:
        pattern = matcher["pattern"]
        match = re.search(pattern["regexp"], line)
        if match is not None:
            groups = {name: match[group] for name, group in pattern.items() if name != "regexp"}
            found.append((matcher["severity"], groups))
    return found


def test_problem_matchers_read_what_the_task_prints(tmp_path: Path) -> None:
    task = json.loads(TASKS)["tasks"][0]
    folder = tmp_path / "a: b" / "1:2"
    folder.mkdir(parents=True)
    (folder / "train.py").write_text(BUG)
    (tmp_path / "likely.py").write_text(LIKELY.read_text(encoding="utf-8"))
    done = lr_lint(*task["args"], cwd=tmp_path)

    assert task["command"] == "lr-lint"
    [[(severity, certain)], *others] = [matched(line) for line in done.stdout.splitlines()]
    line, column = map(str, BUG_PLACE)
    assert severity == "error"
    assert {**certain, "message": ""} == {
        "file": "a: b/1:2/train.py", "line": line, "column": column, "code": "LR101", "message": ""
    }  # fmt: skip
    assert certain["message"].startswith("the lambda returns a learning rate (`lr`")
    assert others
    assert {severity for [(severity, _)] in others} == {"warning"}


def test_settings_are_well_formed() -> None:
    helix = tomllib.loads(blocks("toml", PAGE)[0])
    server = helix["language-server"]["lr-lint"]
    documents: list[dict[str, Any]] = [json.loads(block) for block in blocks("json", PAGE)]
    [code] = [each for each in documents if "glspc.server.command" in each]

    assert [server["command"], *server["args"]] == ["lr-lint", "server"]
    assert [code["glspc.server.command"], *code["glspc.server.commandArguments"]] == ["lr-lint", "server"]


_SESSION = """
vim.cmd("edit train.py")
vim.wait(60000, function() return #vim.diagnostic.get(0) > 0 end)
for _, each in ipairs(vim.diagnostic.get(0)) do io.write(each.lnum, " ", each.col, " ", each.code, "\\n") end
vim.cmd("qa!")
"""


@pytest.mark.skipif(shutil.which("nvim") is None, reason="Neovim is not installed")
def test_neovim_takes_what_is_printed(tmp_path: Path) -> None:
    version = subprocess.run(["nvim", "--version"], capture_output=True, text=True, check=True).stdout
    major, minor = map(int, re.findall(r"v(\d+)\.(\d+)", version)[0])
    if (major, minor) < (0, 11):
        pytest.skip("this Neovim has no vim.lsp.config")
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "train.py").write_text(BUG)
    (tmp_path / "init.lua").write_text(blocks("lua", PAGE)[0])
    (tmp_path / "session.lua").write_text(_SESSION)
    places = {name: str(tmp_path / "xdg") for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["nvim", "--headless", "-u", "init.lua", "-c", "luafile session.lua"],
        cwd=tmp_path, env=environment(**places, PATH=path), capture_output=True, text=True, check=True,
    )  # fmt: skip

    line, column = BUG_PLACE
    assert f"{line - 1} {column - 1} LR101" in done.stdout + done.stderr
