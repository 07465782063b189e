"""The parent's side of slices: which programs the child process runs to see the schedulers of a file."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

from lr_lint.checks.analysis import constructions_in
from lr_lint.probe.slicing.emission import program_of, wanted_optimizer
from lr_lint.probe.slicing.file_index import FileIndex
from lr_lint.probe.slicing.route import NoPathError, way_to
from lr_lint.probe.slicing.slicer import SITE, Slice
from lr_lint.probe.slicing.trees import to_data
from lr_lint.semantics.worlds.explore import Construction
from lr_lint.source.files import SourceFile, check_syntax, decode, split_lines
from lr_lint.source.positions import locate
from lr_lint.source.surroundings import Surroundings
from lr_lint.vocabulary.diagnostics import Failure, Span

_HIGHEST_ANCESTOR = 8
_PARAMETER_NAME = re.compile(r"\.?[A-Za-z_][A-Za-z0-9_]*(\.\w+)*\.?")


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
    source = decode(path, data)
    if isinstance(source, Failure):
        return [], [source]
    tree = check_syntax(source)
    if isinstance(tree, Failure):
        return [], [tree]
    found = constructions_in(source, files)
    if isinstance(found, Failure):
        return [], [found]
    placed = _placed(found)
    if line is not None:
        lines = [span.line for _, span in placed]
        placed = [(site, span) for site, span in placed if span.line <= line <= span.end_line]
        if not placed:
            known = f"; there are some on lines {', '.join(map(str, lines))}" if lines else ""
            return [], [Failure(path, f"no scheduler that multiplies by a callable is constructed here{known}", line)]
    elif not placed:
        return [], [Failure(path, "constructs no scheduler that multiplies by a callable")]
    programs: list[dict[str, Any]] = []
    refusals: list[Failure] = []
    for construction, span in placed:
        try:
            programs.append(_program(source, tree, construction, span, dict(settings or {})))
        except NoPathError as error:
            refusals.append(Failure(path, str(error), span.line, span.column))
    return programs, refusals


def _placed(found: Sequence[Construction]) -> list[tuple[Construction, Span]]:
    """The constructions with their places."""
    if not found:
        return []
    spans = locate(found[0].module.tree, [construction.call for construction in found])
    return [(at, spans[at.call]) for at in found]


def _program(
    source: SourceFile, tree: ast.Module, construction: Construction, span: Span, settings: dict[str, str]
) -> dict[str, Any]:
    site = _call_at(source, tree, span)
    base_call = isinstance(site.func, ast.Attribute) and site.func.attr == "__init__"
    for node in ast.walk(tree):
        if hasattr(node, SITE):
            delattr(node, SITE)
    setattr(site, SITE, True)
    index = FileIndex(tree)
    contract = construction.contract
    if contract.optimizer is None or not contract.name.startswith("torch."):
        raise NoPathError(f"a slice runs PyTorch's schedulers, not {contract.name}: probe a factory, or with --run")
    position, keyword = contract.optimizer
    position = construction.skipped + (position or 0)
    optimizer = next((k.value for k in site.keywords if k.arg == keyword), None)
    if optimizer is None and len(site.args) > position:
        optimizer = site.args[position]
    name = optimizer.id if isinstance(optimizer, ast.Name) else ""
    legs = way_to(index, site, base_call, name)
    program = program_of(Slice(index, legs), name)
    for parameter, function in program.optimizers:
        if not {f"{parameter}.lr", "optimizer.lr", parameter} & settings.keys():
            raise NoPathError(wanted_optimizer(parameter, function))
    folder, package = _package(source.path)
    return {
        "path": source.path,
        "file": os.path.abspath(source.path),
        "line": span.line,
        "column": span.column,
        "contract": construction.contract.name,
        "optimizer": [position, keyword],
        "base_call": base_call,
        "folders": _folders(source.path, folder),
        "package": package,
        "settings": settings,
        "notes": program.notes,
        "parameter_names": _parameter_names(program.tree),
        "tree": to_data(program.tree),
    }


def _call_at(source: SourceFile, tree: ast.Module, span: Span) -> ast.Call:
    """The call that stands in a span. Columns of syntax trees count bytes."""
    lines = split_lines(source.text)
    start = len(lines[span.line - 1][: span.column].encode())
    end = len(lines[span.end_line - 1][: span.end_column].encode())
    place = (span.line, start, span.end_line, end)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset) == place:
            return node
    raise NoPathError("its place in the file was not found")


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
        if parent == folder or (marked and len(folder) <= len(top)) or folder == os.getcwd():
            break
        folder = parent
    return [folder for folder in folders if os.path.isdir(folder)]


def _parameter_names(tree: ast.Module) -> list[str]:
    """Words that the code looks for in names of parameters: ``"bias" in name``, ``any(w in name for w in words)``."""
    found: list[str] = []
    for node in ast.walk(tree):
        texts: list[ast.expr] = []
        if isinstance(node, ast.Compare) and any(isinstance(how, (ast.In, ast.NotIn)) for how in node.ops):
            texts = [node.left]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            texts = node.args if node.func.attr in {"startswith", "endswith", "find"} else []
        elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            texts = node.elts
        words = [text.value for text in texts if isinstance(text, ast.Constant) and isinstance(text.value, str)]
        found += [word for word in words if _PARAMETER_NAME.fullmatch(word) and word not in found]
    return found
