"""A program that is split into cells is the same program: same findings, same fixes, each at its place in a cell.

Programs are those of the fixtures, split between their statements by seed, in the layouts that files of notebooks have.
"""

from __future__ import annotations

import ast
import json
import random
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from lr_lint.checks.engine import check_bytes, inspect_bytes
from lr_lint.checks.fixes.rounds import repair
from lr_lint.source.settings import Settings
from lr_lint.source.surroundings import InMemory, Surroundings
from lr_lint.vocabulary.diagnostics import Diagnostic, Evidence, SiteReference, Span
from lr_lint.vocabulary.site_records import SiteRecord
from tests.notebooks import MARKDOWN, notebook
from tests.test_fixed_fixtures import SILENT, WRONG
from tests.test_fixtures import PROJECTS, name_of

# What else a cell may hold, beside Python or alone.
_AROUND = ("%matplotlib inline", "!pip install torch", "%%bash\nls", f"{MARKDOWN}# étude\n`LambdaLR`", "")
_SETTINGS = Settings(min_confidence="possible")


@dataclass
class Split:
    """A program as a notebook.

    Attributes:
        document: the notebook.
        layout: how it is written.
        places: for each line of the program, its cell and the line in it.
    """

    document: dict[str, Any]
    layout: dict[str, Any]
    places: list[tuple[int, int]]

    @property
    def data(self) -> bytes:
        return self.written(self.document)

    def written(self, document: dict[str, Any]) -> bytes:
        text = json.dumps(document, **self.layout)
        return text.replace("\n", "\r\n").encode() if self.layout["indent"] == 3 else f"{text}\n".encode()

    def span(self, span: Span) -> tuple[int, Span]:
        (cell, line), (end_cell, end_line) = self.places[span.line - 1], self.places[span.end_line - 1]
        assert cell == end_cell
        return cell, Span(line, span.column, end_line, span.end_column)


def split(text: str, seed: str) -> Split:
    """A program split by seed, with other cells in between."""
    chance = random.Random(seed)
    lines = text.removesuffix("\n").split("\n")
    starts = [0, *(line for line in _borders(text) if line and chance.random() < 0.4)]
    sources: list[str] = []
    places: list[tuple[int, int]] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        sources += chance.sample(_AROUND, chance.choice([0, 0, 1, 2]))
        sources.append("\n".join(lines[start:end]))
        places += [(len(sources), line) for line in range(1, end - start + 1)]
    document = notebook(*sources, lines=chance.random() < 0.7)
    layout = {"indent": chance.choice([None, 1, 3]), "ensure_ascii": chance.random() < 0.5}
    return Split(document, layout, places)


def _borders(text: str) -> list[int]:
    """The lines, counted from zero, before which a program may be split: those that begin a statement by itself."""
    borders: list[int] = []
    end = 0
    for statement in ast.parse(text).body:
        start = min([statement.lineno, *(each.lineno for each in getattr(statement, "decorator_list", ()))])
        if start > end:
            borders.append(start - 1)
        end = statement.end_lineno or start
    return borders


def placed(found: Diagnostic, where: Split, path: str) -> Diagnostic:
    """A finding in a program as it is to be in the notebook, without what is not compared."""
    cell, span = where.span(found.span)
    site = None if found.site is None else _site(found.site, where, path)
    evidence = tuple(_evidence(each, where, path) for each in found.evidence)
    return replace(found, path=path, cell=cell, span=span, site=site, evidence=evidence)


def _site(site: SiteReference, where: Split, path: str) -> SiteReference:
    cell, line = where.places[site.line - 1]
    return replace(site, path=path, cell=cell, line=line)


def _evidence(step: Evidence, where: Split, path: str) -> Evidence:
    cell, span = where.span(step.span)
    return replace(step, path=path, cell=cell, span=span)


def told(found: Diagnostic) -> tuple[object, ...]:
    """All of a finding but its message, which may name lines, and its fix."""
    return found, found.evidence, found.confidence, found.numbers


def listed(site: SiteRecord) -> tuple[object, ...]:
    return site.contract, site.cell, site.line, site.column, site.schedule.verdict, site.schedule.groups


ALONE = [program for program in (*WRONG, *SILENT) if PROJECTS not in program.parents]
FEW = random.Random(14).sample(ALONE, 24)


@pytest.mark.parametrize("program", FEW, ids=name_of)
def test_a_program_in_cells_is_the_program(program: Path) -> None:
    check_split(program, 0)


def check_split(program: Path, seed: int) -> None:
    """Everything that is the same for a program and for the notebook that it is split into."""
    text = program.read_text()
    where = split(text, f"{seed} {name_of(program)}")
    as_file, as_notebook = "program.py", "program.ipynb"

    alone = check_bytes(as_file, text.encode(), _SETTINGS, Surroundings())
    report = check_bytes(as_notebook, where.data, _SETTINGS, InMemory({}))

    expected = [told(placed(each, where, as_notebook)) for each in alone.diagnostics]
    assert [told(each) for each in report.diagnostics] == expected
    assert (report.sites, report.undecided, report.failure) == (alone.sites, alone.undecided, None)

    sites = [
        replace(site, cell=where.places[site.line - 1][0], line=where.places[site.line - 1][1])
        for site in inspect_bytes(as_file, text.encode()).sites
    ]
    assert list(map(listed, inspect_bytes(as_notebook, where.data).sites)) == list(map(listed, sites))

    if any(each.fix for each in alone.diagnostics) or alone.diagnostics:
        _check_fixes(text, where)


def _check_fixes(text: str, where: Split) -> None:
    fixed = repair("program.py", text.encode(), _SETTINGS, None, unsafe=True)
    repaired = repair("program.ipynb", where.data, _SETTINGS, None, unsafe=True)

    assert (len(repaired.applied), repaired.problem) == (len(fixed.applied), fixed.problem)
    document = json.loads(repaired.data)
    numbers = dict.fromkeys(cell for cell, _ in where.places)
    sources = ["".join(document["cells"][number - 1]["source"]) for number in numbers]
    assert "\n".join(sources) == fixed.data.decode().removesuffix("\n")
    # All else is as it was, byte for byte: the notebook with the fixed sources, written as it was written.
    for number, source in zip(numbers, sources, strict=True):
        cell = where.document["cells"][number - 1]
        cell["source"] = source.splitlines(keepends=True) if isinstance(cell["source"], list) else source
    assert repaired.data == where.written(where.document)


def test_programs_are_split_in_many_ways() -> None:
    splits = [split(program.read_text(), f"0 {name_of(program)}") for program in FEW]

    assert max(len(each.document["cells"]) for each in splits) > 12
    assert {each.layout["indent"] for each in splits} == {None, 1, 3}
