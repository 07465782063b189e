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
from lr_lint.source.files import check_syntax, decode
from lr_lint.source.positions import locate
from lr_lint.source.surroundings import Surroundings
from lr_lint.source.tree import walk
from lr_lint.vocabulary.diagnostics import Failure

_HIGHEST_ANCESTOR = 8
_NOTEBOOK = ".ipynb"


def slices_of(
    path: str, line: int | None, files: Surroundings, settings: Mapping[str, str] | None = None
) -> tuple[list[dict[str, Any]], list[Failure]]:
    """The slices for the constructions of a file, and what cannot be sliced.

    Args:
        path: the file, as shown to the user.
        line: of one construction, counted from one; None for all. A line inside a construction will do.
        files: that file and those around it.
        settings: the ``--set`` pairs.
    """
    data = files.read(path)
    if data is None:
        return [], [Failure(path, "cannot be read")]
    if path.endswith(_NOTEBOOK):
        return [], [Failure(path, f"is a notebook: jupyter nbconvert --to script {path}, and probe what that writes")]
    source = decode(path, data)
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
    wanted = found if line is None else [each for each in found if each.is_on(line)]
    if not wanted:
        return [], [_nothing(path, line, found)]
    programs: list[dict[str, Any]] = []
    refusals: list[Failure] = []
    faults = Faults(path)
    for each in wanted:
        made = faults.attempt(partial(_program_or_refusal, each, dict(settings or {})))
        if isinstance(made, Failure):
            refusals.append(made)
        elif made is not None:
            programs.append(made)
    return programs, refusals + faults.failures


def _nothing(path: str, line: int | None, found: Sequence[Sliced]) -> Failure:
    """That there is nothing to slice, with what helps: other lines, or a run, which sees what no text shows."""
    if line is None:
        return Failure(path, "constructs no scheduler that is known: probe the script with --run, or a factory")
    lines = sorted({span.line for each in found for span in (each.span, *each.parts)})
    known = f"; there are some on lines {', '.join(map(str, lines))}" if lines else ""
    return Failure(path, f"no known scheduler is constructed here{known}", line)


def _program_or_refusal(sliced: Sliced, settings: dict[str, str]) -> dict[str, Any] | Failure:
    try:
        return _program(sliced, settings)
    except NoPathError as error:
        span = sliced.span
        return Failure(sliced.construction.module.path, str(error), span.line, span.column)


def _program(sliced: Sliced, settings: dict[str, str]) -> dict[str, Any]:
    construction = sliced.construction
    contract, module, site = construction.contract, construction.module, construction.call
    if contract.optimizer is None and sliced.made is None:
        raise NoPathError(
            f"a slice gives an optimizer to a scheduler, and {contract.name} takes none: --run the script"
        )
    if any(turn for _, turn in construction.turns):
        raise NoPathError(
            "a slice runs the first turn of a loop, and a later one makes it: probe the script with --run"
        )
    position, keyword = contract.optimizer or NOWHERE
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
    return {
        **_place(sliced),
        "file": os.path.abspath(module.path),
        "parts": [[part.line, part.column] for part in sliced.parts],
        "contract": contract.name,
        "optimizer": [construction.skipped + (position or 0), keyword],
        "base_call": base_call,
        "folders": _folders(module.path, folder),
        "package": package,
        "settings": settings,
        "notes": [*program.notes, *_way(sliced)],
        "training": [] if training is None else training.spelled,
        "unit": "" if training is None else training.unit,
        "code": program.code,
        "lines": program.lines,
    }


def _place(sliced: Sliced) -> dict[str, Any]:
    """Where the scheduler is constructed."""
    made = sliced.made
    span = sliced.span if made is None else locate(made.module.tree, [made.call])[made.call]
    path = (made or sliced.construction).module.path
    return {"path": path, "line": span.line, "column": span.column}


def _way(sliced: Sliced) -> list[str]:
    """What leads to a construction in another file."""
    path = sliced.construction.module.path
    return [] if sliced.made is None else [f"constructed for the call on {path}:{sliced.span.line}"]


def _lines_of(module: Module) -> dict[cst.CSTNode, int]:
    """The lines of all statements and expressions of a file."""
    if "lines" not in module.memo:
        spans = locate(module.tree, walk(module.tree))
        module.memo["lines"] = {node: span.line for node, span in spans.items()}
    lines: dict[cst.CSTNode, int] = module.memo["lines"]
    return lines


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
