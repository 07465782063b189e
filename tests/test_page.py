"""The page of `lr-lint report`, as a file: what is in it, that it holds together, and that nothing in it is markup."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from lr_lint.command import probe_options
from lr_lint.vocabulary.visible import visible
from tests.support import BUG, FIXED, NO_SCHEDULER, lr_lint

UPLOT = {
    "uPlot.iife.min.js": "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f",
    "uPlot.min.css": "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04",
    "LICENSE": "8f989229699b4fe2f1a0432d0e9edc338a8a911e250e2d1b01ecd770a5f5b1bd",
}
TWO_GROUPS = """\
import torch
from torch.optim.lr_scheduler import LambdaLR, CosineAnnealingLR
groups = [{"params": a, "lr": 0.1}, {"params": b, "lr": 0.01}, {"params": c, "lr": 0.01}]
optimizer = torch.optim.SGD(groups)
scheduler = LambdaLR(optimizer, lambda epoch: 0.5**epoch)
other = CosineAnnealingLR(optimizer, T_max=10)
"""
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)><!-- \u202e \x1b[31m"


class Parsed(HTMLParser):
    """A page as a browser takes it apart: its elements, and the text of its scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] in (["script"], ["style"]) and self.rawdata:
            self.texts.append((self.tags[-1], data))


def page_of(folder: Path, *options: str, status: int = 0) -> str:
    done = lr_lint("report", "-o", "-", *options, cwd=folder)
    assert done.returncode == status, done.stderr
    return done.stdout


def data_in(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_scheduler_with_what_was_meant(project: Path) -> None:
    data = data_in(page_of(project))

    (site,) = data["sites"]
    (group,) = site["groups"]
    assert (site["place"], site["name"], site["verdict"]) == ("train.py:6:13", "LambdaLR", "contradicts")
    assert (group["initial"], group["times"][:2], group["returned"][:2]) == (0.001, [0, 1], [0.001, 0.00095])
    assert group["rates"][:2] == pytest.approx([1e-6, 9.5e-7])
    assert group["meant"][:2] == pytest.approx([0.001, 0.00095])
    assert site["meant_by"] == "fix"
    assert data["verdicts"] == {"consistent": 0, "contradicts": 1, "undecided": 0}
    assert data["rules"]["LR101"]["name"] == "rate-returned-as-factor"


def test_finding_with_marked_code_and_fix(project: Path) -> None:
    (site,) = data_in(page_of(project))["sites"]

    (found,) = site["findings"]
    (frame,) = found["frames"]
    lines = {number: parts for number, parts, _ in frame["lines"]}
    notes = {number: notes for number, _, notes in frame["lines"] if notes}
    assert (found["code"], found["confidence"], found["place"]) == ("LR101", "certain", "train.py:6:57")
    assert lines[6][2:4] == [["lr", "evidence"], [" * 0.95**epoch", "finding"]]
    assert lines[5][1] == ["torch.optim.SGD([torch.zeros(1)], lr=lr)", "evidence"]
    assert notes[5] == [["evidence", "SGD starts from `lr` = 0.001"]]
    assert found["fix"]["safety"] == "unsafe"
    assert [line[0] for line in found["fix"]["diff"]] == ["-", "+"]
    assert found["fix"]["diff"][1].endswith("lambda epoch: 0.95**epoch)")


def test_what_was_meant_without_a_fix(project: Path) -> None:
    """What the callable returns is a rate, whether or not anybody knows how to say so in the code."""
    wrong = "def f(epoch):\n    return lr * unknown(0.5) ** epoch if epoch > 0 else lr\n"
    (project / "train.py").write_text(
        BUG.replace("scheduler =", f"{wrong}scheduler =").replace("lr * 0.95**epoch", "f(epoch)")
    )

    (site,) = data_in(page_of(project, "--ignore", "LR101"))["sites"]

    assert (site["verdict"], site["findings"], site["meant_by"]) == ("contradicts", [], "code")
    assert site["groups"][0]["meant"][0] == 0.001


def test_what_was_meant_where_no_rate_is_known(project: Path) -> None:
    """With ``lr=args.lr``, factors are all there is to draw."""
    (project / "train.py").write_text(BUG.replace("lr = 0.001", "lr = args.lr"))

    (group,) = data_in(page_of(project))["sites"][0]["groups"]

    assert (group["lr"], group["initial"], group["rates"], group["meant"]) == ("lr", None, None, None)
    assert group["meant_returned"][:2] == [1.0, 0.95]


def test_groups_that_are_given_the_same_are_one(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(TWO_GROUPS)

    first, second = data_in(page_of(tmp_path))["sites"]

    assert [group["positions"] for group in first["groups"]] == [[0], [1, 2]]
    assert [group["rates"][:2] for group in first["groups"]] == [[0.1, 0.05], [0.01, 0.005]]
    assert first["findings"] == []
    assert [kind for frame in first["code"] for _, _, notes in frame["lines"] for kind, _ in notes] == ["site"]
    assert (second["name"], second["groups"]) == ("CosineAnnealingLR", [])


def test_page_holds_together(project: Path) -> None:
    """The policy names the very styles and scripts that are there, and allows nothing else."""
    page = page_of(project)
    parsed = Parsed(page)

    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    directives = dict(part.strip().split(" ", 1) for part in policy[1].split(";"))
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert directives.pop("style-src").split() == [hashed(style) for style in styles]
    assert directives.pop("script-src").split() == [hashed(script) for script in scripts]
    assert set(directives.values()) == {"'none'"}
    assert "default-src" in directives
    assert not {"src", "href", "style", "onclick"} & {
        name for name, value in parsed.attributes if value != "#schedulers"
    }
    assert not {"link", "iframe", "img", "object"} & set(parsed.tags)
    assert len(scripts) == 2
    assert page.endswith("</html>\n")


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_library_is_the_published_one_with_its_licence(project: Path) -> None:
    folder = resources.files("lr_lint.reports.page") / "uplot"
    found = {name: hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest() for name in UPLOT}

    assert found == UPLOT
    page = page_of(project)
    assert folder.joinpath("LICENSE").read_text() in page
    assert "uPlot (v1.6.32)" in page


def test_script_makes_no_markup_of_data() -> None:
    script = (resources.files("lr_lint.reports.page") / "page.js").read_text()
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", script, flags=re.DOTALL)

    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval|new Function|fetch\(|XMLHttp", code)


def test_nothing_that_is_checked_becomes_markup(tmp_path: Path) -> None:
    name = f"{HOSTILE.replace('/', '_')}.py"
    (tmp_path / name).write_text(BUG.replace("import torch\n", f"import torch  # {HOSTILE}\n", 1) + f"# {HOSTILE}\n")
    (tmp_path / "plain.py").write_text(BUG)

    page = page_of(tmp_path)
    plain = page_of(tmp_path, "--exclude", "*script*")

    assert Parsed(page).tags == Parsed(plain).tags
    assert data_in(page)["sites"][0]["path"] == visible(name)
    assert [line for line in page.split("\n") if visible(line, kept="\t") != line and "uPlot" not in line] == []


@pytest.mark.parametrize("name", ["a b.py", "é學.py", "a'\"&.py", os.fsdecode(b"\xff.py"), "{{data}}.py"])
def test_odd_paths(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(BUG)

    (site,) = data_in(page_of(tmp_path))["sites"]

    assert site["place"] == f"{visible(name)}:6:13"
    assert site["findings"][0]["frames"][0]["lines"] != []


def test_project_without_schedulers(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text(NO_SCHEDULER)

    data = data_in(page_of(tmp_path))

    assert (data["sites"], data["failures"], data["files"]) == ([], [], {"discovered": 1, "failed": 0})


def test_what_fails_is_on_the_page_too(project: Path) -> None:
    (project / "broken.py").write_text("from torch.optim.lr_scheduler import LambdaLR\nLambdaLR(\n")

    done = lr_lint("report", ".", "none.py", cwd=project)

    data = data_in((project / "report.html").read_text())
    assert done.returncode == 2
    assert [failure["place"] for failure in data["failures"]] == ["broken.py:2:9", "none.py"]
    assert len(data["sites"]) == 1
    assert done.stdout == ("Wrote report.html: 1 scheduler in 3 files: 1 contradicts. Not analysed: 2 paths.\n")


def test_a_failure_that_the_settings_silence_is_not_told(project: Path) -> None:
    (project / "broken.py").write_bytes(b"# coding: nonsense\nfrom torch.optim.lr_scheduler import LambdaLR\n")

    assert len(data_in(page_of(project, status=2))["failures"]) == 1
    assert data_in(page_of(project, "--ignore", "LR901"))["failures"] == []


def test_findings_change_no_status_and_the_page_is_the_same_each_time(project: Path) -> None:
    first = lr_lint("report", "-q", cwd=project)
    page = (project / "report.html").read_bytes()
    second = lr_lint("report", "-o", "again.html", cwd=project)

    assert (first.returncode, first.stdout, first.stderr) == (0, "", "")
    assert (project / "again.html").read_bytes() == page
    assert second.stdout == "Wrote again.html: 1 scheduler in 1 file: 1 contradicts.\n"


def test_settings_of_the_project_hold(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.lr-lint]\nignore = ["LR101"]\nexclude = ["other"]\n')
    (project / "other").mkdir()
    (project / "other" / "train.py").write_text(FIXED)

    def found(*options: str) -> list[tuple[str, int]]:
        return [(site["path"], len(site["findings"])) for site in data_in(page_of(project, *options))["sites"]]

    assert found() == [("train.py", 0)]
    assert sorted(found("--isolated")) == [("other/train.py", 0), ("train.py", 1)]
    assert found("--select", "LR101", "--ignore", "LR2") == [("train.py", 1)]


def test_finding_that_is_about_no_scheduler(project: Path) -> None:
    (project / "train.py").write_text(f"{BUG}x = 1  # lr-lint: ignore[LR101]\n")

    data = data_in(page_of(project, "--extend-select", "LR902"))

    assert [finding["code"] for finding in data["others"]] == ["LR902"]


def test_page_cannot_be_written(project: Path) -> None:
    done = lr_lint("report", "-o", "no/such/folder.html", cwd=project)

    assert done.returncode == 2
    assert done.stderr == "lr-lint: cannot write no/such/folder.html: No such file or directory\n"


NOTEBOOK = {
    "nbformat": 4,
    "nbformat_minor": 5,
    "metadata": {"language_info": {"name": "python"}},
    "cells": [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# A title"},
        *(
            {"cell_type": "code", "id": str(at), "metadata": {}, "outputs": [], "execution_count": None, "source": part}
            for at, part in enumerate((BUG[: BUG.index("scheduler =")], BUG[BUG.index("scheduler =") :]))
        ),
    ],
}


def test_what_was_measured_joins_the_cards(project: Path) -> None:
    pytest.importorskip("torch")
    (project / "train.py").write_text(f"{BUG}other = LambdaLR(optimizer, args.schedule)\n")

    done = lr_lint("report", "--probe", cwd=project)

    data = data_in((project / "report.html").read_text())
    (run,), (not_run,) = [site["measured"] for site in data["sites"]]
    (group,) = run["groups"]
    assert run["verdict"] == "contradicts"
    assert group["times"][:3] == [0, 1, 2]
    assert group["rates"][:3] == pytest.approx(data["sites"][0]["groups"][0]["rates"][:3])
    assert group["meant"][:3] == pytest.approx(data["sites"][0]["groups"][0]["meant"][:3])
    assert not_run["verdict"] == "error"
    assert data["probe"]["ran_on"].startswith("cpu with torch ")
    assert done.returncode == 2
    assert done.stdout.endswith(" Not probed: 1 scheduler.\n")


def test_probe_without_torch_is_refused_before_anything_is_done(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe_options, "torch_is_installed", lambda: False)

    done = lr_lint("report", "--probe", cwd=project)

    assert done.returncode == 2
    assert done.stderr == "lr-lint: the probe needs torch where lr-lint is installed: pip install 'lr-lint[probe]'\n"
    assert not (project / "report.html").exists()


def test_notebook(tmp_path: Path) -> None:
    (tmp_path / "train.ipynb").write_text(json.dumps(NOTEBOOK))

    (site,) = data_in(page_of(tmp_path))["sites"]

    (found,) = site["findings"]
    assert site["place"] == "train.ipynb:cell 3:1:13"
    assert [frame["place"] for frame in found["frames"]] == ["train.ipynb:cell 3:1:57", "train.ipynb:cell 2:5:13"]
    assert [" * 0.95**epoch", "finding"] in found["frames"][0]["lines"][0][1]
    assert site["groups"][0]["meant"][0] == 0.001
    assert [line[0] for line in found["fix"]["diff"]] == ["-", "+"]
