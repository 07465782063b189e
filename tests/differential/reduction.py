"""The smallest program that still disagrees: statements are left out and expressions replaced by parts of theirs."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

_BLOCKS = ("body", "orelse", "finalbody", "handlers")


def reduced(program: str, still: Callable[[str], bool], most: int = 400) -> str:
    """The smallest program found that still does what the first one does.

    Args:
        program: the first.
        still: whether a program does it.
        most: how many programs are tried.
    """
    current = ast.unparse(ast.parse(program))
    tried = 0
    while True:
        for smaller in _smaller(current):
            tried += 1
            if tried > most:
                return current
            if still(smaller):
                current = smaller
                break
        else:
            return current


def _smaller(program: str) -> Iterator[str]:
    """Programs like one, each with something less. Large parts are left out first."""
    tree = ast.parse(program)
    for edit in (*_without_statements(tree), *_with_parts(tree)):
        try:
            text = ast.unparse(ast.fix_missing_locations(edit()))
            compile(text, "smaller.py", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError):
            continue
        if len(text) < len(program):
            yield text


def _without_statements(tree: ast.Module) -> list[Callable[[], ast.Module]]:
    """Edits that leave out a statement, or put its block in its place."""
    edits: list[tuple[int, Callable[[], ast.Module]]] = []
    for at, node in enumerate(ast.walk(tree)):
        for field in _BLOCKS:
            block = getattr(node, field, None)
            for position, statement in enumerate(block if isinstance(block, list) else ()):
                size = sum(1 for _ in ast.walk(statement))
                edits.append((size, _leaving_out(tree, at, field, position, unwrap=False)))
                if isinstance(statement, (ast.If, ast.For, ast.While, ast.With, ast.Try)):
                    edits.append((size, _leaving_out(tree, at, field, position, unwrap=True)))
    return [edit for _, edit in sorted(edits, key=lambda pair: -pair[0])]


def _leaving_out(tree: ast.Module, at: int, field: str, position: int, *, unwrap: bool) -> Callable[[], ast.Module]:
    def edit() -> ast.Module:
        changed = copy.deepcopy(tree)
        block = getattr(list(ast.walk(changed))[at], field)
        gone = block.pop(position)
        if unwrap:
            block[position:position] = gone.body
        if not block and field == "body":
            block.append(ast.Pass())
        return changed

    return edit


def _with_parts(tree: ast.Module) -> list[Callable[[], ast.Module]]:
    """Edits that put a part of an expression, or a number, in its place."""
    edits: list[Callable[[], ast.Module]] = []
    for at, node in enumerate(ast.walk(tree)):
        if not isinstance(node, ast.expr) or isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del)):
            continue
        parts = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        edits += [_replacing(tree, at, part) for part in parts]
        if not isinstance(node, (ast.Constant, ast.Name)):
            edits += [_replacing(tree, at, ast.Constant(number)) for number in (0, 1)]
    return edits


def _replacing(tree: ast.Module, at: int, by: ast.expr) -> Callable[[], ast.Module]:
    def edit() -> ast.Module:
        changed = copy.deepcopy(tree)
        target = list(ast.walk(changed))[at]
        parents = [node for node in ast.walk(changed) if any(child is target for child in ast.iter_child_nodes(node))]
        for parent in parents:
            for name, value in ast.iter_fields(parent):
                if value is target:
                    setattr(parent, name, copy.deepcopy(by))
                elif isinstance(value, list):
                    setattr(parent, name, [copy.deepcopy(by) if each is target else each for each in value])
        return changed

    return edit
