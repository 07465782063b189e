"""The parent's side of slices: which programs the child process runs to see the schedulers of a file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import libcst as cst

from lr_lint.checks.faults import Faults
from lr_lint.probe.slicing.constructions import Sliced, sliced_in
from lr_lint.probe.slicing.definitions import Definitions
from lr_lint.probe.slicing.emission import program_of
from lr_lint.probe.slicing.evaluated_roles import Roles
from lr_lint.probe.slicing.protocol import NOWHERE, wanted_optimizer
from lr_lint.probe.slicing.route import NoPathError, way_to
from lr_lint.probe.slicing.slicer import Slice
from lr_lint.probe.slicing.training import training_of
from lr_lint.project.modules import Module
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.source.files import SourceFile, check_syntax, split_lines
from lr_lint.source.opening import open_source
from lr_lint.source.positions import locate
from lr_lint.source.surroundings import Surroundings
from lr_lint.vocabulary.contracts import Clock, Contract
from lr_lint.vocabulary.diagnostics import Failure, Span
from lr_lint.vocabulary.places import place

_HIGHEST_ANCESTOR = 8


def slices_of(
    path: str,
    line: int | None,
    files: Surroundings,
    settings: Mapping[str, str] | None = None,
    cell: int | None = None,
) -> tuple[list[dict[str, Any]], list[Failure]]:
    """The slices for the constructions of a file, and what cannot be sliced.

    Args:
        path: the file, as shown to the user.
        line: of one construction, counted from one; None for all. A line inside a construction will do.
        files: that file and those around it.
        settings: the ``--set`` pairs.
        cell: of a notebook, in which the line is counted; without a line, all that is in it.
    """
    data = files.read(path)
    if data is None:
        return [], [Failure(path, "cannot be read")]
    source = open_source(path, data)
    if isinstance(source, Failure):
        return [], [source]
    syntax = check_syntax(source)
    if isinstance(syntax, Failure):
        return [], [syntax]
    if syntax.unread is not None:
        return [], [syntax.unread]
    found = sliced_in(path, source, files)
    if isinstance(found, Failure):
        return [], [found]
    wanted = [each for each in found if _is_wanted(each, source, cell, line)]
    if not wanted:
        return [], [_nothing(source, cell, line, found)]
    programs: list[dict[str, Any]] = []
    refusals: list[Failure] = []
    faults = Faults(path, () if source.notebook is None else source.notebook.broken)
    for each in wanted:
        made = faults.attempt(partial(_program_or_refusal, each, dict(settings or {})))
        if isinstance(made, Failure):
            refusals.append(made)
        elif made is not None:
            programs.append(made)
    return programs, refusals + faults.failures


def _is_wanted(sliced: Sliced, source: SourceFile, cell: int | None, line: int | None) -> bool:
    """Whether a construction, or a part of it, stands in a cell and on a line, where these are given."""
    if source.notebook is None:
        return line is None or sliced.is_on(line)
    if cell is None:
        return True
    here = next((each for each in source.notebook.cells if each.number == cell), None)
    if here is None:
        return False
    lines = range(len(split_lines(here.code.text))) if line is None else (line - 1,)
    return any(source.notebook.cell_at(here.first + at) is here and sliced.is_on(here.first + at) for at in lines)


def _nothing(source: SourceFile, cell: int | None, line: int | None, found: Sequence[Sliced]) -> Failure:
    """That there is nothing to slice, with what helps: other lines, or a run, which sees what no text shows."""
    if line is None and cell is None:
        return Failure(source.path, "constructs no scheduler that is known: probe the script with --run, or a factory")
    lines = sorted({span.line for each in found for span in (each.span, *each.parts)})
    if source.notebook is None:
        known = f"; there are some on lines {', '.join(map(str, lines))}" if lines else ""
    else:
        known = f"; there are some on {', '.join(map(source.line_in_words, lines))}" if lines else ""
    return Failure(source.path, f"no known scheduler is constructed here{known}", line, cell=cell)


def _program_or_refusal(sliced: Sliced, settings: dict[str, str]) -> dict[str, Any] | Failure:
    try:
        return _program(sliced, settings)
    except NoPathError as error:
        module, span = sliced.construction.module, sliced.span
        cell, line, column = _in_file(module, span)
        return Failure(module.path, str(error), line, column, cell=cell)


def _program(sliced: Sliced, settings: dict[str, str]) -> dict[str, Any]:
    construction = sliced.construction
    contract, module, site = construction.contract, construction.module, construction.call
    by_epoch = _is_by_epoch(contract)
    if contract.optimizer is None and sliced.made is None and not by_epoch:
        raise NoPathError(
            f"{contract.name} is none of PyTorch's schedulers, which a probe steps: lr-lint sites tells what it sets"
        )
    if any(turn for _, turn in construction.turns):
        raise NoPathError(
            "a slice runs the first turn of a loop, and a later one makes it: probe the script with --run"
        )
    optimizer = construction.argument(contract.optimizer)
    name = optimizer.value if isinstance(optimizer, cst.Name) else ""
    base_call = isinstance(site.func, cst.Attribute) and site.func.attr.value == "__init__"
    definitions = Definitions(module)
    lines = _lines_of(module)
    legs = way_to(definitions, site, base_call, name, lines.__getitem__)
    training = training_of(definitions, site)
    found = Slice(definitions, site, legs, Roles(construction, definitions, optimizer), training)
    program = program_of(found, name, lines)
    for parameter, function in program.optimizers:
        if not {f"{parameter}.lr", "optimizer.lr", parameter} & settings.keys():
            raise NoPathError(wanted_optimizer(parameter, function))
    folder, package = _package(module.path)
    notebook = module.source.notebook
    return {
        **_place(sliced),
        "file": os.path.abspath(module.path),
        "parts": [_line_column_cell(module, part) for part in sliced.parts],
        "cells": [] if notebook is None else [[each.first, each.number] for each in notebook.cells],
        "text": "" if notebook is None else module.source.text,
        "contract": contract.name,
        "optimizer": _argument(construction, contract.optimizer),
        "base_call": base_call,
        "folders": _folders(module.path, folder),
        "package": package,
        "settings": settings,
        "notes": [*program.notes, *_way(sliced)],
        "training": [] if training is None else training.spelled,
        "unit": "" if training is None else training.unit,
        # Where a callable is given that returns the rate of an epoch: it is asked, and no optimizer is needed.
        "schedule": _argument(construction, contract.callable) if by_epoch else None,
        # The rate that its optimizer starts from: whoever asks the check fills it in, as what follows.
        "rate": None,
        # How the training steps it, in epochs and steps of each.
        "pace": None,
        "code": program.code,
        "lines": program.lines,
    }


def _is_by_epoch(contract: Contract) -> bool:
    """Whether a callable is told the epoch, perhaps with the rate in force, and returns the rate, as Keras's."""
    return contract.optimizer is None and contract.clock is Clock.EPOCH and bool(contract.signatures)


def _argument(construction: Construction, place: tuple[int | None, str] | None) -> list[int | str]:
    """Where an argument of a construction stands, by position and by keyword."""
    position, keyword = place or NOWHERE
    return [construction.skipped + (position or 0), keyword]


def _place(sliced: Sliced) -> dict[str, Any]:
    """Where the scheduler is constructed."""
    made = sliced.made
    span = sliced.span if made is None else locate(made.module.tree, [made.call])[made.call]
    module = (made or sliced.construction).module
    cell, line, column = _in_file(module, span)
    return {"path": module.path, "line": line, "column": column, "cell": cell}


def _in_file(module: Module, span: Span) -> tuple[int | None, int, int]:
    """The cell, the line and the column where a span of a file begins, as its author knows them."""
    notebook = module.source.notebook
    return (None, span.line, span.column) if notebook is None else notebook.place(span.line, span.column)


def _line_column_cell(module: Module, span: Span) -> list[int | None]:
    cell, line, column = _in_file(module, span)
    return [line, column, cell]


def _way(sliced: Sliced) -> list[str]:
    """What leads to a construction in another file."""
    if sliced.made is None:
        return []
    module = sliced.construction.module
    cell, line, _ = _in_file(module, sliced.span)
    return [f"constructed for the call on {place(module.path, cell, line, None)}"]


def _lines_of(module: Module) -> dict[cst.CSTNode, int]:
    """The lines of all statements and expressions of a file."""
    return module.once("lines", lambda: {node: span.line for node, span in module.spans.items()})


def _package(path: str) -> tuple[str, str]:
    """The folder that a file's package lies in, and the package's dotted name; empty for a script."""
    folder = os.path.dirname(os.path.abspath(path))
    parts: list[str] = []
    while os.path.isfile(os.path.join(folder, "__init__.py")) and len(parts) < _HIGHEST_ANCESTOR:
        parts.insert(0, os.path.basename(folder))
        folder = os.path.dirname(folder)
    return folder, ".".join(parts)


def _folders(path: str, top: str) -> list[str]:
    """Where the file's imports are looked for: beside it, then in the folders above, each also with ``src``."""
    folder = os.path.dirname(os.path.abspath(path))
    folders: list[str] = []
    for _ in range(_HIGHEST_ANCESTOR):
        folders += [folder, os.path.join(folder, "src")]
        marked = any(os.path.exists(os.path.join(folder, name)) for name in (".git", "pyproject.toml", "setup.py"))
        parent = os.path.dirname(folder)
        if parent == folder or ((marked or folder == os.getcwd()) and len(folder) <= len(top)):
            break
        folder = parent
    return [folder for folder in folders if os.path.isdir(folder)]
