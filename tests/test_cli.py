from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lr_lint import __version__
from lr_lint.checks.rules import RULES
from lr_lint.checks.rules.base import Rule
from lr_lint.checks.rules.pages import page_of
from lr_lint.command import cli
from lr_lint.command.commands import COMMANDS
from tests.support import (
    BUG,
    BUG_PLACE,
    FIXED,
    NO_SCHEDULER,
    document_of,
    environment,
    findings,
    lr_lint,
    lr_lint_process,
    run_on_terminal,
    run_python,
    without_colours,
)

FOUND = [("train.py", *BUG_PLACE, "LR101")]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--output-format", "json", ".", "none.py"],
        ["--diff"],
        ["-", "--fix", "--unsafe-fixes"],
        ["sites"],
        ["explain", "LR101"],
        ["--color", "always"],
        ["--help"],
        ["--nonsense"],
    ],
    ids=" ".join,
)
def test_command_in_this_process_is_the_command(arguments: list[str], project: Path) -> None:
    """What most tests run is what a user runs: status and every byte."""
    (project / "broken.py").write_text("LambdaLR(\n")
    here = lr_lint(*arguments, cwd=project, stdin=BUG.encode())
    there = lr_lint_process(*arguments, cwd=project, stdin=BUG.encode())

    assert (here.returncode, here.stdout, here.stderr) == (there.returncode, there.stdout, there.stderr)


def test_finding_is_told_with_code_and_evidence(project: Path) -> None:
    done = lr_lint(cwd=project)

    assert done.returncode == 1
    assert done.stderr == ""
    assert done.stdout.startswith(
        "train.py:6:57 LR101 rate-returned-as-factor [certain]\n  the lambda returns a learning rate"
    )
    assert (
        "  6 | scheduler = LambdaLR(optimizer, lr_lambda=lambda epoch: lr * 0.95**epoch)\n"
        "    |                                                         ^^^^^^^^^^^^^^^^\n"
    ) in done.stdout
    assert done.stdout.endswith(
        "\n\nFound 1 problem in 1 file (1 scheduler in 1 file).\n"
        "1 finding of a kind that can be mended: `--diff` shows how.\n"
    )


def test_clean_run(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(FIXED)
    done = lr_lint(cwd=tmp_path)

    assert (done.returncode, done.stdout) == (0, "No problems found (1 scheduler in 1 file).\n")


@pytest.mark.parametrize("arguments", [[], ["."], ["check"], ["check", "."], ["train.py"], ["./train.py", "train.py"]])
def test_check_is_implied_and_the_default_is_the_current_directory(arguments: list[str], project: Path) -> None:
    assert findings(*arguments, cwd=project) == FOUND


def test_path_named_like_a_command(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "train.py").write_text(BUG)

    assert findings("./rules", cwd=tmp_path) == [("rules/train.py", *BUG_PLACE, "LR101")]
    assert findings("check", "rules", cwd=tmp_path) == [("rules/train.py", *BUG_PLACE, "LR101")]


def test_findings_are_sorted_whatever_the_order_of_the_paths(tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(BUG)

    assert [found[0] for found in findings("b.py", "a.py", cwd=tmp_path)] == ["a.py", "b.py"]


def test_json_counts_what_was_looked_at(project: Path) -> None:
    (project / "other.py").write_text(NO_SCHEDULER)
    (project / "broken.py").write_text("LambdaLR(\n")
    document = document_of(lr_lint("--output-format", "json", cwd=project))

    assert document["tool"] == {"name": "lr-lint", "version": __version__}
    assert document["files"] == {"discovered": 3, "parsed": 1, "failed": 1}
    assert document["sites"] == 1


def test_concise(project: Path) -> None:
    done = lr_lint("--output-format", "concise", cwd=project)

    assert re.fullmatch(r"train\.py:6:57: LR101 \[certain\] the lambda returns a learning rate .*\n", done.stdout)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--select", "LR101"], FOUND),
        (["--select", "LR102,rate-returned-as-factor"], FOUND),
        (["--select", "LR102", "--select", "LR101"], FOUND),
        (["--select", "LR102"], []),
        (["--select", "LR102", "--extend-select", "LR101"], FOUND),
        (["--ignore", "LR1"], []),
        (["--ignore", "LR1", "--select", "LR101"], FOUND),
        (["--min-confidence", "certain"], FOUND),
        (["--exclude", "old,train.py"], []),
    ],
)
def test_choice_of_findings(options: list[str], found: list[object], project: Path) -> None:
    assert findings(*options, ".", cwd=project) == found


def test_options_may_stand_between_paths(project: Path) -> None:
    (project / "other.py").write_text(NO_SCHEDULER)

    assert findings("other.py", "--select", "LR101", "train.py", cwd=project) == FOUND


def test_settings_of_the_project_and_of_the_command_line(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.lr-lint]\nignore = ["LR101"]\n')
    (project / "other.toml").write_text('[tool.lr-lint]\nselect = ["LR102"]\n')

    assert findings(cwd=project) == []
    assert findings("--isolated", cwd=project) == FOUND
    assert findings("--ignore", "LR102", cwd=project) == FOUND
    assert findings("--select", "rate-returned-as-factor", cwd=project) == []
    assert findings("--config", "other.toml", cwd=project) == []
    assert findings("--config", "other.toml", "--extend-select", "LR101", cwd=project) == FOUND


def test_per_file_ignores(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.lr-lint.per-file-ignores]\n"train.py" = ["LR1"]\n')
    (project / "other.py").write_text(BUG)

    assert findings(cwd=project) == [("other.py", *BUG_PLACE, "LR101")]


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "# noqa: LR101",
        "# noqa: LR1",
        "# lr-lint: ignore[LR101] the base is 1.0",
        "# lr-lint: ignore[rate-returned-as-factor]",
    ],
)
@pytest.mark.parametrize("line", ["scheduler = LambdaLR(", "lr_lambda=lambda", ")"])
def test_comment_on_any_line_of_the_statement_suppresses(comment: str, line: str, tmp_path: Path) -> None:
    program = BUG.replace("LambdaLR(optimizer, lr_lambda=", "LambdaLR(\n    optimizer,\n    lr_lambda=").replace(
        "epoch)\n", "epoch,\n)\n"
    )
    (tmp_path / "train.py").write_text(program)
    assert [found[3] for found in findings(cwd=tmp_path)] == ["LR101"]

    (tmp_path / "train.py").write_text(
        "".join(
            f"{text}  {comment}\n" if text.strip().startswith(line) else f"{text}\n" for text in program.splitlines()
        )
    )
    assert findings(cwd=tmp_path) == []


def test_comment_for_another_rule_does_not_suppress(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(BUG.replace("epoch)\n", "epoch)  # noqa: E501  # lr-lint: ignore[LR102]\n"))

    assert findings(cwd=tmp_path) == FOUND


def test_standard_input(tmp_path: Path) -> None:
    assert findings("-", cwd=tmp_path, stdin=BUG.encode()) == [("<stdin>", *BUG_PLACE, "LR101")]
    assert findings("-", "--stdin-filename", "train.py", cwd=tmp_path, stdin=BUG.encode()) == FOUND
    assert "  6 | scheduler = LambdaLR(" in lr_lint("-", cwd=tmp_path, stdin=BUG.encode()).stdout


def test_standard_input_has_the_settings_of_its_file_name(project: Path) -> None:
    (project / "pkg").mkdir()
    (project / "pkg" / "pyproject.toml").write_text('[tool.lr-lint]\nignore = ["LR101"]\n')

    assert findings("-", "--stdin-filename", "pkg/train.py", cwd=project, stdin=BUG.encode()) == []
    assert findings("-", "--stdin-filename", "train.py", cwd=project, stdin=BUG.encode()) == FOUND


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--whatever"], "unrecognized arguments: --whatever (see lr-lint --help)"),
        (["--output-format", "xml"], "argument --output-format: invalid choice: 'xml'"),
        (["--select", "XY1"], "--select: no rule is called 'XY1' (lr-lint rules lists them)"),
        (["--ignore", "LR101,lr102"], "--ignore: no rule is called 'lr102'"),
        (["--stdin-filename", "a.py"], "--stdin-filename needs - among the paths"),
        (["--config", "a.toml", "--isolated"], "--config and --isolated exclude each other"),
        (["--config", "none.toml"], "none.toml: No such file or directory"),
        (["--config", "."], ".: not a file"),
        (["--exclude", "a,{b"], "--exclude: '{b' has a brace without its partner"),
        (["explain"], "the following arguments are required: RULE (see lr-lint explain --help)"),
        (["explain", "LR999"], "no rule is called 'LR999'; did you mean LR901 or LR902?"),
        (["explain", "LR1"], "no rule is called 'LR1' (lr-lint rules lists them)"),
        (["explain", "ALL"], "no rule is called 'ALL' (lr-lint rules lists them)"),
        (["explain", "tiny-facter"], "no rule is called 'tiny-facter'; did you mean tiny-factor?"),
        (["--select", "lr1"], "--select: no rule is called 'lr1'; did you mean LR1?"),
        (["--select", "LR1O1"], "--select: no rule is called 'LR1O1'; did you mean LR101?"),
        (["--slect", "LR101"], "unrecognized arguments: --slect; did you mean --select? (see lr-lint --help)"),
        (["sites", "--colour=always"], "unrecognized arguments: --colour=always; did you mean --color?"),
        (["chekc"], "chekc is neither a command nor a path; did you mean check?"),
        (["explian", "LR101"], "explian is neither a command nor a path; did you mean explain?"),
        (["rules", "LR101"], "unrecognized arguments: LR101 (see lr-lint rules --help)"),
        (["--output-file", "none/report.txt"], "cannot write none/report.txt: No such file or directory"),
    ],
)
def test_what_cannot_be_asked_for(arguments: list[str], message: str, project: Path) -> None:
    done = lr_lint(*arguments, cwd=project)

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"lr-lint: {message}")
    assert done.stderr.count("\n") == 1


def test_choice_that_is_mistyped(project: Path) -> None:
    done = lr_lint("--output-format", "jsno", cwd=project)

    assert done.stderr.endswith("; did you mean json? (see lr-lint --help)\n")


def test_path_called_nearly_like_a_command(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "train.py").write_text(BUG)

    assert findings("site", cwd=tmp_path) == [("site/train.py", *BUG_PLACE, "LR101")]
    assert lr_lint("./sits", cwd=tmp_path).stderr == "lr-lint: sits: No such file or directory\n"


def test_exit_zero_forgives_findings_but_not_failures(project: Path) -> None:
    assert lr_lint("--exit-zero", cwd=project).returncode == 0
    assert lr_lint("--exit-zero", ".", "none.py", cwd=project).returncode == 2


def test_quiet_prints_findings_only(project: Path) -> None:
    assert "Found 1 problem" not in lr_lint("--quiet", cwd=project).stdout
    (project / "train.py").unlink()
    done = lr_lint("-q", cwd=project)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("before", [[], ["train.py"], ["--quiet"], ["train.py", "--quiet"]])
def test_path_may_begin_like_an_option_after_two_dashes(before: list[str], project: Path) -> None:
    (project / "-q.py").write_text(BUG)
    for command in (["check", "--output-format", "concise"], ["sites"]):
        told = lr_lint(*command, *before, "--", "-q.py", cwd=project)
        assert told.returncode == (1 if command[0] == "check" else 0)
        assert "-q.py:6:" in told.stdout
        assert ("train.py:6:" in told.stdout) == ("train.py" in before)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--select", ""], "--select: no rule is named"),
        (["--select", " ,"], "--select: no rule is named"),
        ([""], "a path is empty"),
        (["sites", "train.py", ""], "a path is empty"),
        (["report", "--", ""], "a path is empty"),
    ],
)
def test_what_is_empty_is_refused_and_does_not_pass_for_clean(arguments: list[str], said: str, project: Path) -> None:
    told = lr_lint(*arguments, cwd=project)
    assert (told.returncode, told.stdout, told.stderr) == (2, "", f"lr-lint: {said}\n")


def test_report_is_written_to_a_file(project: Path) -> None:
    (project / "report.json").write_text("old")
    done = lr_lint("--output-format", "json", "--output-file", "report.json", cwd=project)

    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    assert json.loads((project / "report.json").read_text())["sites"] == 1
    assert sorted(path.name for path in project.iterdir()) == ["report.json", "train.py"]


def test_report_goes_where_a_link_leads(project: Path) -> None:
    (project / "link.txt").symlink_to("report.txt")
    lr_lint("--output-file", "link.txt", cwd=project)

    assert (project / "link.txt").is_symlink()
    assert (project / "report.txt").read_text().startswith("train.py:6:57")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_full_disk_is_said_in_one_line(project: Path) -> None:
    done = lr_lint("--output-file", "/dev/full", cwd=project)
    assert done.returncode == 2
    assert done.stderr == "lr-lint: cannot write /dev/full: No space left on device\n"

    with open("/dev/full", "wb") as full:
        arguments = [sys.executable, "-m", "lr_lint"]
        printed = subprocess.run(arguments, cwd=project, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert printed.returncode == 2
    assert printed.stderr == "lr-lint: cannot write to standard output: No space left on device\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["help"], ["sites", "--help"]])
def test_help_that_cannot_be_written_is_said(arguments: list[str], project: Path) -> None:
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-m", "lr_lint", *arguments]
        printed = subprocess.run(command, cwd=project, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert printed.returncode == 2
    assert printed.stderr == "lr-lint: cannot write to standard output: No space left on device\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
@pytest.mark.parametrize(
    ("arguments", "status"), [(["none.py"], 2), (["none.py", "."], 3), (["--bad"], 2), (["--diff"], 1)]
)
def test_standard_error_that_nobody_reads_changes_no_exit_status(
    arguments: list[str], status: int, project: Path
) -> None:
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-m", "lr_lint", *arguments]
        done = subprocess.run(command, cwd=project, stdout=subprocess.DEVNULL, stderr=full, check=False)
    assert done.returncode == status


def test_interrupt_before_the_command_is_loaded_is_said_in_a_line(project: Path) -> None:
    program = (
        "import sys\n"
        "class Interrupted:\n"
        "    def find_spec(name, *_):\n"
        "        if name == 'lr_lint.command.cli': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupted)\n"
        "from lr_lint.__main__ import start\n"
        "sys.exit(start())\n"
    )
    done = run_python("-c", program, cwd=project)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "lr-lint: interrupted\n")


def test_reader_that_stops_reading_is_no_error(project: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "lr_lint"], cwd=project, stdout=writing, stderr=subprocess.PIPE, check=False
        )
    finally:
        os.close(writing)

    assert (done.returncode, done.stderr) == (1, b"")


def test_colours_on_a_terminal_and_the_same_text_without(project: Path) -> None:
    in_pipe = lr_lint(cwd=project).stdout
    on_terminal = run_on_terminal(cwd=project)

    assert "\x1b" not in in_pipe
    assert "\x1b[" in on_terminal
    assert without_colours(on_terminal) == in_pipe
    assert "\x1b]8;" in on_terminal  # the code is a link


def test_choice_of_colours(project: Path) -> None:
    assert "\x1b" not in run_on_terminal(cwd=project, NO_COLOR="1")
    assert "\x1b" not in run_on_terminal("--color", "never", cwd=project, FORCE_COLOR="1")
    assert "\x1b[" in run_on_terminal("--color", "always", cwd=project, NO_COLOR="1")
    assert "\x1b[" in lr_lint(cwd=project, FORCE_COLOR="1").stdout
    assert "\x1b[" in lr_lint("--color", "always", cwd=project).stdout
    assert "\x1b" not in lr_lint("--color", "auto", cwd=project).stdout


def test_terminal_that_lacks_a_character(tmp_path: Path) -> None:
    (tmp_path / "é.py").write_text(BUG.replace("0.95", "0.95 * len('µ')"), encoding="utf-8")
    done = lr_lint_process("é.py", cwd=tmp_path, PYTHONIOENCODING="ascii")

    assert done.returncode == 1
    assert done.stdout.startswith("\\xe9.py:6:57 LR101")


@pytest.mark.skipif(sys.platform != "linux", reason="needs file names of arbitrary bytes")
def test_file_name_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff.py")).write_text(BUG)
    done = lr_lint_process("--output-format", "concise", cwd=tmp_path)

    assert done.returncode == 1
    assert done.stdout.startswith("\\udcff.py:6:57: LR101")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_explain_by_code_and_by_name(rule: Rule, tmp_path: Path) -> None:
    code, name, bad = rule.code, rule.name, page_of(rule).bad
    by_code = lr_lint("explain", code, cwd=tmp_path)

    assert by_code.returncode == 0
    assert by_code.stdout.startswith(f"# {code} {name}\n")
    assert bad.strip() in by_code.stdout
    assert lr_lint("explain", name, cwd=tmp_path).stdout == by_code.stdout


def test_explain_on_a_terminal_has_colours(tmp_path: Path) -> None:
    assert "\x1b[" in lr_lint("explain", "LR101", "--color", "always", cwd=tmp_path).stdout


def test_rules_are_listed(tmp_path: Path) -> None:
    table = lr_lint("rules", cwd=tmp_path).stdout.splitlines()
    listed = json.loads(lr_lint("rules", "--output-format", "json", cwd=tmp_path).stdout)

    assert [line.split()[:3] for line in table] == [
        [rule.code, rule.name, "on" if rule.default else "off"] for rule in RULES
    ]
    assert [(entry["code"], entry["default"]) for entry in listed] == [(rule.code, rule.default) for rule in RULES]


def test_version_and_help(tmp_path: Path) -> None:
    assert lr_lint("--version", cwd=tmp_path).stdout == lr_lint("-V", cwd=tmp_path).stdout == f"lr-lint {__version__}\n"
    told = lr_lint("--help", cwd=tmp_path).stdout
    assert "Exit status: 0 clean, 1 findings" in told
    assert "  sites       list every scheduler with its predicted schedule\n" in told
    assert lr_lint("help", cwd=tmp_path).stdout == told


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(command: str, tmp_path: Path) -> None:
    told = lr_lint("help", command, cwd=tmp_path)
    assert told.stdout == lr_lint(command, "--help", cwd=tmp_path).stdout
    assert told.stdout.startswith("usage: lr-lint")


@pytest.mark.parametrize("width", [60, 80, 120])
def test_help_and_lists_fit_the_terminal(width: int, tmp_path: Path) -> None:
    for command in ("help", "rules", "contracts"):
        told = lr_lint(command, cwd=tmp_path, COLUMNS=str(width)).stdout
        # An address or the name of a class has no place to be broken at.
        assert not [each for each in told.splitlines() if len(each) > width and len(each.split()) > 2]


def test_interrupt_is_said_in_a_word(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("lr_lint.command.check.check_each", interrupt)

    assert cli.main(["--isolated"]) == 130
    assert capsys.readouterr() == ("", "lr-lint: interrupted\n")


def test_console_script_is_the_same_command(project: Path) -> None:
    script = Path(sys.executable).with_name("lr-lint")
    done = subprocess.run([script], cwd=project, env=environment(), capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (1, lr_lint(cwd=project).stdout)
