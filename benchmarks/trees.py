"""Whole trees: public packages as they are installed, and a repository of similar scripts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.environments import Environment
from benchmarks.measuring import FINDS, FINDS_OR_FAILS, Command
from benchmarks.plans import Plan, Setup, candidates, facts_about, has_option, python_files
from benchmarks.scripts import SCRIPTS, similar_scripts

RUFF = "ruff check --select F --no-cache"
SCAN = "a loop in Python: walk, read, find three words"
GREP = "grep -rlF LambdaLR"
COLD, ALONE, WARM = "", ", one process", ", warm cache"
AST, LIBCST = "ast.parse of what names a scheduler", "libcst.parse_module of what names a scheduler"
FORMATS: dict[str, tuple[str, ...]] = {
    "text": ("--output-format", "concise"),
    "JSON": ("--output-format", "json"),
    "JSON with fixes": ("--output-format", "json", "--fixes"),
}
_SCAN_PROGRAM = Path(__file__).parent / "scan.py"
_FEW = 6


def packages(setup: Setup) -> Plan:
    """Public packages, by lr-lint, and by others who do a part of its work, or work of the same kind."""
    tree, subject = setup.tree(), setup.environments.subject
    files = python_files(tree)
    named = candidates(files)
    names = [str(path) for path in named]
    here = tree
    commands = [
        Command(RUFF, subject.program(*RUFF.split(), "--isolated", "-q", "."), here, statuses=FINDS),
        Command(SCAN, subject.script(_SCAN_PROGRAM, "."), here),
        *(
            [Command(GREP, (*GREP.split(), "--include=*.py", "."), here, statuses=FINDS)]
            if shutil.which("grep")
            else ()
        ),
        *(each for environment in setup.environments.subjects for each in _checks(setup, environment, tree)),
        Command(AST, subject.inside("parse-by-ast", *names), here, tells=True),
        Command(LIBCST, subject.inside("parse-by-libcst", *names), here, tells=True),
    ]
    return Plan(commands, {**facts_about(files), "files that name a scheduler": f"{len(named):,}"})


def _checks(setup: Setup, environment: Environment, tree: Path) -> Iterator[Command]:
    """The check as it is at first, by one process, and as it is again when nothing has changed.

    Of an old revision, without a choice of processes and without a cache, the first is all.
    """
    has_cache, has_jobs = has_option(environment, "--no-cache"), has_option(environment, "--jobs")
    cold = ("--no-cache",) if has_cache else ()
    kept = str(setup.cache / "kept" / environment.name.replace("/", "-"))
    ways = [
        (COLD, cold),
        *([(ALONE, (*cold, "--jobs", "1"))] if has_jobs else []),
        # The round that is not counted fills it.
        *([(WARM, ("--cache-dir", kept))] if has_cache else []),
    ]
    for way, options in ways:
        program = environment.program("lr-lint", *options, ".")
        yield Command(environment.name + way, program, tree, statuses=FINDS_OR_FAILS)


def scripts(setup: Setup) -> Plan:
    """A repository of similar scripts with one mistake, in the formats that cost differently."""
    size = _FEW if setup.is_quick else SCRIPTS
    tree = setup.shaped(f"scripts-{size}", similar_scripts(size))
    commands = []
    for environment in setup.environments.subjects:
        without = ("--no-cache",) if has_option(environment, "--no-cache") else ()
        for name, options in FORMATS.items():
            program = environment.program("lr-lint", ".", *options, *without)
            commands.append(Command(f"{environment.name}, {name}", program, tree, statuses=FINDS))
    return Plan(commands, facts_about(python_files(tree)))
