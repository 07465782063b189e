"""The benchmarks measure what they say. How long anything takes is no test: that depends on the machine."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.budgets import measured_budgets
from benchmarks.growth import exponent
from benchmarks.hostile import HOSTILE
from benchmarks.measuring import Command, Run, adopting_orphans, alternated, measured
from benchmarks.report import report
from benchmarks.results import Result, RowResult, SectionResult, from_json, to_json
from benchmarks.scripts import similar_scripts
from benchmarks.sections import SECTIONS
from benchmarks.shapes import DIMENSIONS, Shape, plain_files, written
from benchmarks.trees import RUFF
from lr_lint.api import inspect_each
from lr_lint.source.gate import mentions_scheduler
from lr_lint.source.project_settings import ProjectSettings
from lr_lint.source.settings import Settings
from tests.support import findings


def sites_in(folder: Path) -> int:
    found = inspect_each([str(folder)], ProjectSettings.everywhere(Settings()))
    return sum(0 if inventory is None else len(inventory.sites) for _, inventory in found)


@pytest.mark.parametrize("shape", [*DIMENSIONS, *HOSTILE], ids=lambda shape: shape.__name__)
def test_a_shape_is_python_and_grows(shape: Shape) -> None:
    small, large = shape(3), shape(6)

    for text in large.values():
        compile(text, shape.__name__, "exec")
    assert sum(map(len, small.values())) < sum(map(len, large.values()))


@pytest.mark.parametrize("shape", DIMENSIONS, ids=lambda shape: shape.__name__)
def test_a_dimension_has_the_schedulers_that_it_says(shape: Shape, tmp_path: Path) -> None:
    expected = {"files": 3, "sites_in_a_file": 3, "plain_files": 0}.get(shape.__name__, 1)

    assert sites_in(written(shape(3), tmp_path / "project")) == expected


def test_plain_files_stop_at_the_gate() -> None:
    assert not any(mentions_scheduler(text.encode()) for text in plain_files(3).values())


def test_two_of_three_similar_scripts_have_the_mistake(tmp_path: Path) -> None:
    written(similar_scripts(6), tmp_path / "scripts")

    found = findings("scripts", cwd=tmp_path)

    assert [(path, code) for path, _, _, code in found] == [(f"scripts/method_{at}.py", "LR101") for at in (0, 1, 3, 4)]


def python(name: str, program: str, folder: Path, tells: bool = False) -> Command:
    return Command(name, (sys.executable, "-S", "-c", program), folder, tells=tells)


def test_commands_are_run_in_turn_and_one_that_fails_stops_no_other(tmp_path: Path) -> None:
    note = "open('order', 'a').write('{}')"
    commands = [
        python("one", note.format("1"), tmp_path),
        python("broken", "import sys; sys.exit('no such thing')", tmp_path),
        python("silent", "pass", tmp_path, tells=True),
        python("two", note.format("2"), tmp_path),
    ]

    one, broken, silent, two = alternated(commands, rounds=2)

    # The round that is not counted goes backwards, and so does every second one after it.
    assert (tmp_path / "order").read_text() == "211221"
    assert [len(row.runs) for row in (one, broken, silent, two)] == [2, 0, 0, 2]
    assert silent.problem == "it does not tell what it took"
    assert all(run.wall > 0 and run.cpu > 0 and run.peak > 0 for run in one.runs)


@pytest.mark.skipif(sys.platform != "linux", reason="the system does not tell")
def test_what_nobody_waited_for_counts_as_well(tmp_path: Path) -> None:
    working = "import time\nwhile time.process_time() < 0.3: pass"
    program = f"import subprocess, sys; subprocess.Popen([sys.executable, '-S', '-c', {working!r}])"

    with adopting_orphans():
        (row,) = alternated([python("leaving", program, tmp_path)], rounds=1)

    assert row.runs[0].cpu > 0.3


def test_what_takes_too_long_is_stopped(tmp_path: Path) -> None:
    command = Command("endless", (sys.executable, "-c", "while True: pass"), tmp_path, longest=0.1)

    (row,) = alternated([command], rounds=1)

    assert row.runs == []
    assert row.problem == "stopped after 0 s"


def test_programs_keep_what_is_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")

    # It ends with 1, which is no status of a run that did its work, if nothing is to be kept.
    measured(Command("python", [sys.executable, "-c", "import sys; sys.exit(sys.dont_write_bytecode)"], tmp_path))


def test_a_program_may_tell_what_it_took(tmp_path: Path) -> None:
    program = "print('first'); print('{\"wall\": 2.5, \"cpu\": 1.5}')"

    (row,) = alternated([python("telling", program, tmp_path, tells=True)], rounds=1)

    assert [(run.wall, run.cpu) for run in row.runs] == [(2.5, 1.5)]


def series(power: float) -> list[RowResult]:
    return [RowResult("row", (Run(1, size**power, 1),), size=size, group="row") for size in (10, 20, 40)]


@pytest.mark.parametrize("power", [0.0, 1.0, 2.0])
def test_exponent_of_a_power(power: float) -> None:
    assert exponent(series(power)) == pytest.approx(power)
    assert exponent(series(power)[:1]) is None


def of_packages(cpu: Sequence[float], walls: Sequence[float], is_quick: bool = False) -> Result:
    peers = RowResult(RUFF, tuple(Run(1.0, 2.0, 50.0) for _ in cpu))
    ours = RowResult("lr-lint", tuple(Run(wall, each, 100.0) for each, wall in zip(cpu, walls, strict=True)))
    return Result({}, {}, (SectionResult("packages", "Packages", (peers, ours)),), is_quick)


@pytest.mark.parametrize(
    ("cpu", "walls", "cpu_ratio", "verdict"),
    [
        ([1.0, 1.0, 9.0], [0.9, 0.8, 9.0], "0.50x", "met"),
        ([3.0, 3.0, 3.0], [0.9, 0.9, 0.9], "1.50x", "met in wall time alone"),
        ([3.0, 3.0, 3.0], [2.0, 2.0, 2.0], "1.50x", "missed"),
    ],
)
def test_a_budget_is_judged_by_the_median_of_the_rounds(
    cpu: Sequence[float], walls: Sequence[float], cpu_ratio: str, verdict: str
) -> None:
    budget, memory = measured_budgets(of_packages(cpu, walls))

    assert (budget.cpu, budget.verdict) == (cpu_ratio, verdict)
    assert (memory.wall, memory.verdict) == ("100 MiB", "met")
    assert f"| {budget.budget} | {cpu_ratio} | {budget.wall} | {verdict} |" in report(of_packages(cpu, walls))
    assert budget.budget not in report(of_packages(cpu, walls, is_quick=True))


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    result = of_packages([1.0, 2.0], [0.5, 0.25])
    (tmp_path / "result.json").write_text(to_json(result))

    assert from_json(tmp_path / "result.json") == result


def test_the_quick_mode_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "result.json"
    status = main(["start", "scripts", "--quick", "--cache", str(tmp_path / "cache"), "--json", str(kept)])

    shown = capsys.readouterr().out
    assert status == 0
    assert [section.name for section in from_json(kept).sections] == ["start", "scripts"]
    assert all(len(row.runs) == 1 for section in from_json(kept).sections for row in section.rows)
    assert "| python -c pass |" in shown
    assert main(["--show", str(kept)]) == 0
    assert capsys.readouterr().out == shown


def test_a_section_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["statr", "--quick"])

    assert ended.value.code == 2
    assert "no section is called 'statr'" in capsys.readouterr().err


def test_every_section_is_explained() -> None:
    text = (Path(__file__).parent.parent / "benchmarks" / "README.md").read_text(encoding="utf-8")

    assert [name for name in SECTIONS if f"| `{name}` |" not in text] == []
