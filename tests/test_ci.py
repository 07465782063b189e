"""What the documentation and the action have a build server run, run here as far as no service has to answer."""

from __future__ import annotations

import configparser
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs import ROOT
from tests.support import BUG, FIXED, environment

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
PROGRAMS = Path(sys.executable).parent
STEPS: dict[str, dict[str, Any]] = {step["id"]: step for step in ACTION["runs"]["steps"] if "id" in step}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.M | re.S)


def checked_by_the_action(folder: Path, **inputs: str) -> tuple[subprocess.CompletedProcess[str], dict[str, str]]:
    """Runs the step that checks, as the runner of GitHub does, and gives what it says and its outputs."""
    step, outputs = STEPS["check"], folder.parent / "outputs"
    outputs.write_text("")
    given = {name: each.get("default", "") for name, each in ACTION["inputs"].items()} | inputs
    variables = {
        "LR_LINT_PROGRAMS": str(PROGRAMS),
        "LR_LINT_PATHS": given["paths"],
        "LR_LINT_ARGS": given["args"],
        "LR_LINT_SARIF": given["sarif-file"],
    }
    assert set(variables) == set(step["env"])
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder,
        env=environment(GITHUB_OUTPUT=str(outputs), **variables),
        capture_output=True,
        text=True,
        check=False,
    )
    return done, dict(line.split("=", 1) for line in outputs.read_text().splitlines())


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    (folder / "src of mine").mkdir(parents=True)
    (folder / "src of mine" / "train.py").write_text(BUG)
    (folder / "clean.py").write_text(FIXED)
    return folder


def test_action_annotates_and_tells_its_status(sources: Path) -> None:
    done, outputs = checked_by_the_action(sources, **{"sarif-file": "report.sarif"})

    assert done.stdout.startswith("::error file=src of mine/train.py,line=6,")
    assert (done.returncode, outputs["status"], outputs["sarif"]) == (1, "1", "report.sarif")
    assert json.loads((sources / "report.sarif").read_text())["runs"][0]["results"]


def test_action_takes_paths_by_lines_and_options_as_a_shell_does(sources: Path) -> None:
    done, outputs = checked_by_the_action(sources, paths="clean.py\n", args="--select 'LR101' --quiet")
    assert (done.returncode, done.stdout, done.stderr, outputs["status"]) == (0, "", "", "0")

    done, _ = checked_by_the_action(sources, paths="src of mine\nclean.py\n", args='--ignore "LR101"')
    assert (done.returncode, "::error" in done.stdout) == (0, False)


def test_action_fails_where_something_cannot_be_checked(sources: Path) -> None:
    done, outputs = checked_by_the_action(sources, paths="nowhere\n")
    assert (done.returncode, outputs["status"]) == (2, "2")


def test_inputs_reach_the_scripts_by_the_environment_alone() -> None:
    """What stands in a script by ``${{ }}`` is run by it, whoever wrote it."""
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
    named = set(re.findall(r"inputs\.([\w-]+)", (ROOT / "action.yml").read_text(encoding="utf-8")))
    assert named == set(ACTION["inputs"])


def test_page_shows_the_inputs_that_there_are() -> None:
    workflow = yaml.safe_load(blocks("yaml")[0])
    step = workflow["jobs"]["lr-lint"]["steps"][-1]
    assert set(step["with"]) <= set(ACTION["inputs"])
    assert re.findall(r"^\| `([\w-]+)` \|", PAGE, re.M) == list(ACTION["inputs"])


def test_job_of_gitlab_writes_the_report_that_it_names(sources: Path) -> None:
    job = yaml.safe_load(blocks("yaml")[1])["lr-lint"]
    install, check = job["script"]
    assert install.startswith("python -m pip install ")
    path = os.pathsep.join((str(PROGRAMS), os.environ["PATH"]))
    done = subprocess.run(check, shell=True, cwd=sources, env=environment(PATH=path), capture_output=True, check=False)

    assert done.returncode == 1
    (finding,) = json.loads((sources / job["artifacts"]["reports"]["codequality"]).read_text())
    assert finding["location"]["path"] == "src of mine/train.py"


def test_lines_for_tox_and_nox_are_read_by_them() -> None:
    ini = configparser.ConfigParser()
    ini.read_string(blocks("ini")[0])
    assert ini["testenv:lr-lint"]["commands"] == "lr-lint src"
    compile(blocks("python")[0], "noxfile.py", "exec")


def test_hooks_that_are_named_are_offered() -> None:
    offered = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    shown = {hook["id"] for repo in yaml.safe_load(blocks("yaml")[2])["repos"] for hook in repo["hooks"]}
    assert shown <= offered
    assert "lr-lint-project" in offered
