"""Nothing in the code that is checked steers the terminal or the log that a report is shown in."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lr_lint.command.flake8 import Plugin
from lr_lint.probe.measuring.verdicts import judge
from lr_lint.probe.records import Mode, Observation, ObservedGroup, Place
from lr_lint.reports import formats
from lr_lint.reports.formats import Look
from lr_lint.reports.listing import SitesSummary
from lr_lint.reports.plots import can_plot_images, image
from lr_lint.reports.probe import ProbeSummary
from lr_lint.reports.summary import CheckSummary
from lr_lint.vocabulary.contract_rows import CONTRACTS
from lr_lint.vocabulary.contracts import Contract
from lr_lint.vocabulary.diagnostics import Confidence, Diagnostic, Edit, Evidence, FileReport, Fix, SiteReference, Span
from lr_lint.vocabulary.site_records import GroupRate, Inventory, Schedule, ScheduleCallable, SiteRecord, SiteVerdict
from lr_lint.vocabulary.visible import at_line_start, visible
from tests.support import BUG, environment, lr_lint, run_on_terminal, without_colours

# A colour, another title of the window, the end of a line, and marks that nobody sees or that turn what follows.
STEERING = "\x1b[31m\x1b]0;title\x07\x9b1m\x7f\x08\r\n\x0b\x0c\x85" + "\u2028\u2029\u202e\u2066\u200e\u061c\u200b\ufeff"
COMMANDS = "::error file=a.py::no\n  ::add-mask::e\n##[error]no ##vso[task.complete]no ##teamcity[message]"
HOSTILE = f"::error file=x.py::no{STEERING}{COMMANDS}\udcff"
HONEST = "Lernrate_ä_学習率_темп_🙂 #[1] [certain] a::b \u00a0\u3000"


# A command of ours. What others wrote has no part in its name, its properties cannot end early, and it is one line.
ANNOTATION = re.compile(r"::error file=[^:,]*(,\w+=[^:,]*)*::.*")


def assert_harmless(text: str, coloured: bool = False, annotates: bool = False) -> None:
    lines = (without_colours(text) if coloured else text).split("\n")

    assert [line for line in lines if visible(line) != line] == []
    commands = [line for line in lines if line.strip().startswith("::")]
    assert [line for line in commands if not (annotates and ANNOTATION.fullmatch(line))] == []


@pytest.mark.parametrize("text", ["", "lr * 0.95 ** epoch", HONEST, "a # b ## c", "C:\\x", "x\\x1b"])
def test_honest_text_stays_as_it_is(text: str) -> None:
    assert visible(text) == at_line_start(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("a\r\n\tb", r"a\r\n\tb"),
        ("\x7f\x85\u202e\u2028", r"\x7f\x85\u202e\u2028"),
        ("\U000e0041\udcff", r"\U000e0041\udcff"),
        ("x ##[error]no", r"x \x23#[error]no"),
        ("###vso[a]", r"#\x23#vso[a]"),
        ("a::b", "a::b"),
        ("::error ::no", r"\x3a:error ::no"),
        (" \u3000::error ::no", " \u3000\\x3a:error ::no"),
    ],
)
def test_what_steers_is_an_escape(text: str, shown: str) -> None:
    assert at_line_start(text) == shown


@given(st.text(st.characters(codec=None, categories=None)))
def test_no_text_steers(text: str) -> None:
    shown = at_line_start(text)

    assert_harmless(shown)
    assert "\n" not in shown
    assert at_line_start(shown) == shown


def diagnostic(text: str) -> Diagnostic:
    return Diagnostic(
        path=text,
        span=Span(1, 0, 1, 3),
        code="LR101",
        name="rate-returned-as-factor",
        message=text,
        confidence=Confidence.CERTAIN,
        site=SiteReference(text, 1, 0, text),
        evidence=(Evidence(text, Span(1, 0, 1, 3), text), Evidence(f"other {text}", Span(1, 0, 1, 3), text)),
        fix=Fix("unsafe", text, (Edit(Span(1, 0, 1, 3), text),)),
    )


def findings(text: str) -> CheckSummary:
    summary = CheckSummary()
    summary.add(FileReport(text, (diagnostic(text),), parsed=True, sites=1))
    return summary


def sites(text: str) -> SitesSummary:
    schedule = Schedule((GroupRate(None, text),), "factor", 1.0, 1.0, ((0, 1.0),), SiteVerdict.UNDECIDED, text)
    summary = SitesSummary()
    summary.add(Inventory(text, (SiteRecord(text, 1, 0, text, ScheduleCallable("lambda", text, 1), schedule),)))
    return summary


def probed(text: str) -> ProbeSummary:
    seen = Observation(
        Place(text, 1, 0), text, text, Mode.SLICE, [ObservedGroup(0.1, [0.1])], error=text, notes=[text], part_of=text
    )
    return ProbeSummary("cpu", text, [judge(seen)], notes=[text])


def contracts(text: str) -> Sequence[Contract]:
    return [replace(CONTRACTS[0], name=text, source=text, remark=text, aliases=(text,))]


Written = Callable[[str, Look], str]


def finding_writer(write: Callable[[CheckSummary, Look], str]) -> Written:
    return lambda text, look: write(findings(text), look)


def site_writer(write: Callable[[SitesSummary, Look], str]) -> Written:
    return lambda text, look: write(sites(text), look)


def schedule_writer(write: Callable[[ProbeSummary, int, Look], str]) -> Written:
    return lambda text, look: write(probed(text), 1, look)


def contract_writer(write: Callable[[Sequence[Contract], Look], str]) -> Written:
    return lambda text, look: write(contracts(text), look)


# Every format of everything that names what others wrote.
WRITTEN: dict[str, Written] = {
    **{f"findings as {name}": finding_writer(write) for name, write in formats.FINDINGS.items()},
    **{f"sites as {name}": site_writer(write) for name, write in formats.SITES.items()},
    **{f"schedules as {name}": schedule_writer(write) for name, write in formats.SCHEDULES.items()},
    **{f"contracts as {name}": contract_writer(write) for name, write in formats.CONTRACTS.items()},
}


def look_at(text: str, coloured: bool) -> Look:
    return Look(colours=coloured, draws=True, unicode=True, lines_of=lambda _, __: [text])


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("coloured", [False, True], ids=["plain", "coloured"])
def test_no_format_steers(name: str, coloured: bool) -> None:
    text = WRITTEN[name](HOSTILE, look_at(HOSTILE, coloured))

    assert_harmless(text, coloured, annotates=name.endswith("github"))
    if name.endswith("json"):
        assert HOSTILE in values_of(json.loads(text))
    elif name.endswith(("sarif", "gitlab")):
        # Some of their readers refuse lone surrogates.
        assert HOSTILE.replace("\udcff", r"\udcff") in " ".join(map(str, values_of(json.loads(text))))
    elif name.endswith("github"):
        assert r"\x1b[31m\x1b]0;title\x07" in text
        assert text.count("\n") == 1
    else:
        assert r"\x1b[31m\x1b]0;title\x07" in text
        assert text.count("\n") == WRITTEN[name]("harmless", look_at("harmless", coloured)).count("\n")


def values_of(data: object) -> list[object]:
    """Everything that stands in JSON, however deep."""
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return [value for each in inner for value in values_of(each)] or [data]


@pytest.mark.parametrize("name", WRITTEN)
def test_every_format_tells_honest_text(name: str) -> None:
    text = WRITTEN[name](HONEST, look_at(HONEST, False))

    if name.endswith(("json", "sarif", "gitlab")):
        text = " ".join(map(str, values_of(json.loads(text))))
    elif name.endswith("junit"):
        text = " ".join(ElementTree.fromstring(text).itertext())
    assert " ".join(HONEST.split()) in " ".join(text.split())


def test_marks_stand_where_the_code_comes_to_stand() -> None:
    code = "'\x1b\u202e学' + lr"
    summary = CheckSummary()
    summary.add(FileReport("a.py", (replace(diagnostic("m"), path="a.py", span=Span(1, 8, 1, 10), evidence=()),)))

    shown, mark = formats.FINDINGS["text"](summary, Look(lines_of=lambda _, __: [code])).splitlines()[3:5]

    # The character of Chinese takes two columns.
    assert shown == r"  1 | '\x1b\u202e学' + lr"
    assert mark.index("^") == shown.index("lr") + 1


@pytest.mark.skipif(not can_plot_images(), reason="needs matplotlib")
def test_a_name_is_no_formula() -> None:
    assert image(probed(r"$\frac{$ $x_").schedules, "svg").startswith(b"<?xml")


# What a file may be called on a disk, "/" and the null character apart.
NAME = HOSTILE.replace("/", "") + ".py"
KEY = "lr\x1b[31m\u202e"
PROGRAM = f"""\
import torch
from torch.optim.lr_scheduler import LambdaLR
TEXT = '''
::error file=a.py::no\x1b[31m
##[error]no'''; optimizer = torch.optim.SGD([torch.zeros(1)], lr=options["{KEY}"])
scheduler = LambdaLR(optimizer, lr_lambda=lambda epoch: options["{KEY}"] * 0.95**epoch)  # \u202e
TEXT = '''
  ::error file=a.py::no
'''
"""


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    """A folder in which everything is called, and holds, what would steer."""
    (tmp_path / NAME).write_text(PROGRAM)
    (tmp_path / f"broken {NAME}").write_text("from torch.optim.lr_scheduler import LambdaLR\n" + "x = \x1b[31m")
    return tmp_path


RUNS: dict[str, Sequence[str]] = {
    **{f"check as {name}": ["--output-format", name] for name in formats.FINDINGS},
    **{f"sites as {name}": ["sites", "--output-format", name] for name in formats.SITES},
    "a page": ["report", "--output-file", "-"],
    "in colours": ["--color", "always"],
    "diff": ["--diff"],
    "no such file": [f"no{STEERING}{COMMANDS}"],
    "no such rule": ["--select", HOSTILE],
    "no such option": [f"--no{STEERING}"],
    "no such settings": ["--config", HOSTILE],
    "nothing to explain": ["explain", HOSTILE],
    "no such target": ["probe", f"{HOSTILE}.py:1"],
    "a script that is not there": ["probe", "--run", HOSTILE],
    "nowhere to write": ["--output-file", f"no{STEERING}/such/folder"],
}


@pytest.mark.parametrize("name", RUNS)
def test_no_run_steers(name: str, folder: Path) -> None:
    done = lr_lint(*RUNS[name], cwd=folder)

    assert done.returncode in (1, 2, 3)
    assert_harmless(done.stdout, coloured=name == "in colours", annotates=name == "check as github")
    assert_harmless(done.stderr)
    assert done.stdout + done.stderr != ""


def test_a_report_in_a_file_does_not_steer(folder: Path) -> None:
    lr_lint("--output-file", "report", cwd=folder)

    text = (folder / "report").read_bytes().decode()
    assert_harmless(text)
    assert "LR101" in text


def test_a_report_on_a_terminal_does_not_steer(folder: Path) -> None:
    text = run_on_terminal("--color", "always", cwd=folder)

    assert_harmless(text, coloured=True)
    assert "LR101" in text


def test_a_report_in_a_pipe_does_not_steer(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lr_lint"], cwd=folder, env=environment(PYTHONIOENCODING="ascii"), capture_output=True
    )

    assert_harmless(done.stdout.decode("ascii"))
    assert_harmless(done.stderr.decode("ascii"))
    assert b"LR101" in done.stdout


@pytest.mark.parametrize(
    "settings",
    [
        '[tool.lr-lint]\n"{}" = 1',
        '[tool.lr-lint]\nselect = ["{}"]',
        '[tool.lr-lint.per-file-ignores]\n"{}" = 1',
        '[tool.lr-lint]\nexclude = ["!{}"]',
        '[tool.lr-lint.contracts."{}"]\na = 1',
        '[tool.lr-lint.contracts."a.b"]\n"{}" = 1',
        '[tool.lr-lint]\n"lr" = "{}',
    ],
)
def test_no_setting_steers(settings: str, tmp_path: Path) -> None:
    key = "".join(f"\\U{ord(char):08x}" for char in f"{STEERING}{COMMANDS}")
    (tmp_path / "pyproject.toml").write_text(settings.format(key))

    done = lr_lint(cwd=tmp_path)

    assert done.returncode == 2
    assert_harmless(done.stderr)
    assert done.stderr.count("\n") == 1


def test_flake8_is_given_nothing_that_steers() -> None:
    texts = [text for _, _, text, _ in Plugin(ast.parse(PROGRAM), "a.py", PROGRAM.splitlines(keepends=True)).run()]

    assert len(texts) == 1
    assert_harmless(texts[0])


@pytest.mark.parametrize("line", ["'''\n::error ::no'''", "'''\n \t::error ::no'''", "a = '\x1b[31m'", "a = '\u202e'"])
def test_a_diff_is_exact_in_a_file_and_harmless_elsewhere(line: str, tmp_path: Path) -> None:
    program = BUG + line + "\n"
    (tmp_path / "train.py").write_text(program)

    shown = lr_lint("--diff", cwd=tmp_path)
    lr_lint("--diff", "--output-file", "fix.diff", cwd=tmp_path)

    assert_harmless(shown.stdout.replace("\t", ""))
    assert "does not apply" in shown.stderr
    assert applied(tmp_path, (tmp_path / "fix.diff").read_bytes(), "train.py") == program.replace("lr * 0.95", "0.95")


def test_a_diff_of_honest_code_applies_as_it_is_shown(tmp_path: Path) -> None:
    program = (BUG + "text = '\t学習率 é' # ::a [b]\n").replace("\n", "\r\n")
    (tmp_path / "train.py").write_bytes(program.encode())

    shown = lr_lint("--diff", cwd=tmp_path)

    assert "does not apply" not in shown.stderr
    assert applied(tmp_path, shown.stdout.encode(), "train.py") == program.replace("lr * 0.95", "0.95")


@pytest.mark.parametrize("name", ['a "b"\\c.py', "a\nb\x1b[31m.py", "::error é\u202e::.py", "##[error]\udcff.py"])
def test_git_reads_the_names_in_a_diff(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(BUG)

    diff = lr_lint("--diff", cwd=tmp_path).stdout

    assert_harmless(diff)
    assert applied(tmp_path, diff.encode(), name) == BUG.replace("lr * 0.95", "0.95")


def applied(folder: Path, diff: bytes, name: str) -> str:
    """A file after a diff was applied to it."""
    subprocess.run(["git", "apply", "--whitespace=nowarn", "-"], cwd=folder, input=diff, check=True)
    return (folder / os.fsdecode(name)).read_bytes().decode()
