"""The statements of a program inside of something that runs them once, in the same order, on the same variables."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import libcst as cst

from tests.metamorphic.programs import Program, Rewriting, Transformation
from tests.metamorphic.trees import (
    Changes,
    Statement,
    code_of,
    first_places,
    fresh,
    is_future,
    is_import,
    nodes,
    parents_of,
    replaced,
    statements,
    walk,
)

_DEFINITIONS = (cst.FunctionDef, cst.ClassDef)


def _split(tree: cst.Module) -> tuple[list[Statement], list[Statement]]:
    """Imports and definitions at the beginning, and all from the first other statement on."""
    _, at = first_places(tree)
    while at < len(tree.body) and (isinstance(tree.body[at], _DEFINITIONS) or is_import(tree.body[at])):
        at += 1
    return list(tree.body[:at]), list(tree.body[at:])


def _bound_in(body: Sequence[Statement]) -> list[str]:
    """The names that statements bind for the block they stand in."""
    found: list[str] = []
    pending: list[cst.CSTNode] = list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, _DEFINITIONS):
            found.append(node.name.value)
        elif not isinstance(node, (cst.Lambda, cst.BaseComp)):
            found += _names_bound_at(node)
            pending += node.children
    return sorted(set(found))


def _names_bound_at(node: cst.CSTNode) -> list[str]:
    if isinstance(node, (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.For, cst.NamedExpr)):
        return _targets(node.target)
    if isinstance(node, cst.AsName):
        return _targets(node.name)
    if isinstance(node, cst.ImportAlias) and node.asname is None:
        return [code_of(node.name).partition(".")[0]]
    if isinstance(node, (cst.MatchAs, cst.MatchStar)) and node.name is not None:
        return [node.name.value]
    return []


def _targets(target: cst.CSTNode) -> list[str]:
    if isinstance(target, cst.Name):
        return [target.value]
    if isinstance(target, (cst.Tuple, cst.List)):
        return [name for element in target.elements for name in _targets(element.value)]
    return _targets(target.value) if isinstance(target, cst.StarredElement) else []


def _holds(body: Sequence[cst.CSTNode], kinds: tuple[type[cst.CSTNode], ...]) -> bool:
    return any(isinstance(node, kinds) for each in body for node in walk(each))


def _in_block(code: str) -> Rewriting:
    """The statements stand in a block; BODY is where."""

    def rewrite(program: Program, tree: cst.Module, random: Random) -> Program | None:
        head, rest = _split(tree)
        if not rest or _holds(rest, (cst.ImportStar,)):
            return None
        return program.with_tree(tree.with_changes(body=[*head, *_filled(code, rest)], footer=[]))

    return rewrite


def _filled(code: str, body: Sequence[Statement]) -> list[Statement]:
    """The code with statements in the place of BODY."""

    class Fill(cst.CSTTransformer):
        def leave_SimpleStatementLine(self, original_node: Any, updated_node: cst.SimpleStatementLine) -> Any:
            is_place = code_of(updated_node).strip() == "BODY"
            return cst.FlattenSentinel(body) if is_place else updated_node

    filled = cst.parse_module(code).visit(Fill())
    return list(filled.body)


def _in_function(code: str) -> Rewriting:
    """The statements stand in a function that declares all that it binds as global: GLOBALS is where."""

    def rewrite(program: Program, tree: cst.Module, random: Random) -> Program | None:
        head, rest = _split(tree)
        names = _bound_in(rest)
        if not rest or not names or _holds(rest, (cst.ImportStar, cst.Global)) or any("__" in name for name in names):
            return None
        name = fresh(tree, "main")
        # Annotated names cannot be global.
        if any(isinstance(node, cst.AnnAssign) and not _is_in_definition(node, tree) for node in nodes(tree)):
            return None
        spelled = code.replace("MAIN", name).replace("GLOBALS", f"global {', '.join(names)}")
        return program.with_tree(tree.with_changes(body=[*head, *_filled(spelled, rest)], footer=[]))

    return rewrite


def _is_in_definition(node: cst.CSTNode, tree: cst.Module) -> bool:
    parents = parents_of(tree)
    while node in parents:
        node = parents[node]
        if isinstance(node, _DEFINITIONS):
            return True
    return False


def _as_local_main(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """The statements stand in a function with variables of its own, if no other function reads these."""
    head, rest = _split(tree)
    names = set(_bound_in(rest))
    read = {node.value for each in head for node in walk(each) if isinstance(node, cst.Name)}
    if not rest or read & names or _holds(rest, (cst.ImportStar, cst.Global, cst.ClassDef)):
        return None
    if any(word in program.text for word in ("globals()", "locals()", "exec(", "eval(", "vars(")):
        return None
    name = fresh(tree, "main")
    code = f"def {name}():\n    BODY\n\n\nif __name__ == '__main__':\n    {name}()\n"
    return program.with_tree(tree.with_changes(body=[*head, *_filled(code, rest)], footer=[]))


def _main_first(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """As before, with the functions that it calls after it."""
    moved = _as_local_main(program, tree, random)
    if moved is None:
        return None
    changed = cst.parse_module(moved.data)
    _, at = first_places(changed)
    last = len(changed.body) - 2
    between = list(changed.body[at:last])
    if not between or not all(isinstance(each, cst.FunctionDef) and not each.decorators for each in between):
        return None
    body = [*changed.body[:at], changed.body[last], *between, changed.body[last + 1]]
    return program.with_tree(changed.with_changes(body=body))


_LEAVING = (cst.Break, cst.Continue, cst.Return, cst.Yield, cst.Await, cst.Del, cst.Global, cst.Nonlocal, cst.NamedExpr)


def _loop_body_in_function(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """The body of a loop becomes a function before it, which shares the variables around."""
    parents = parents_of(tree)
    declared = {node.name.value for node in nodes(tree) if isinstance(node, cst.NameItem)}
    changes: Changes = {}
    for node in nodes(tree):
        if not isinstance(node, cst.For) or not isinstance(node.body, cst.IndentedBlock) or node.asynchronous:
            continue
        body = [
            each for each in node.body.body if isinstance(each, (cst.SimpleStatementLine, cst.BaseCompoundStatement))
        ]
        if _holds(body, _LEAVING) or _holds(body, (cst.AnnAssign, cst.ClassDef)) or _is_nested(node, parents):
            continue
        names = _bound_in(body)
        word = "nonlocal" if _is_in_function(node, parents) else "global"
        if declared & set(names) or _stands_in_class(node, parents):
            continue
        name = fresh(tree, f"turn{len(changes)}")
        head = [f"{word} {', '.join(names)}"] if names else []
        inner = _filled("\n".join([f"def {name}():", *(f"    {each}" for each in head), "    BODY", ""]), body)
        called = node.with_changes(body=cst.IndentedBlock(statements(f"{name}()")))
        changes[node] = cst.FlattenSentinel([*inner, called])  # type: ignore[assignment]
    return program.with_tree(replaced(tree, changes)) if changes else None


def _is_in_function(node: cst.CSTNode, parents: dict[cst.CSTNode, cst.CSTNode]) -> bool:
    while node in parents:
        node = parents[node]
        if isinstance(node, cst.FunctionDef):
            return True
    return False


def _is_nested(node: cst.CSTNode, parents: dict[cst.CSTNode, cst.CSTNode]) -> bool:
    """Whether a loop is in another one, or in anything else than a function's or the module's own block."""
    block = parents[node]
    owner = parents.get(block)
    return not (isinstance(block, cst.Module) or isinstance(owner, cst.FunctionDef))


def _stands_in_class(node: cst.CSTNode, parents: dict[cst.CSTNode, cst.CSTNode]) -> bool:
    while node in parents:
        node = parents[node]
        if isinstance(node, cst.FunctionDef):
            return False
        if isinstance(node, cst.ClassDef):
            return True
    return False


# What a notebook becomes when it is exported as a script.


def _exported(begin: str, between: str) -> Rewriting:
    def rewrite(program: Program, tree: cst.Module, random: Random) -> Program | None:
        if any(is_future(each) for each in tree.body):
            return None
        cells = [tree.with_changes(body=[each], header=[], footer=[]).code.strip("\n") for each in tree.body]
        parts = [f"{between.replace('COUNT', str(at))}{cell}\n" for at, cell in enumerate(cells, 1)]
        return program.with_text(f"{begin}\n".join(["#!/usr/bin/env python", *parts]))

    return rewrite


_NOTEBOOK = "\n\n# In[COUNT]:\n\n\n"
_MAGICS = """
get_ipython().run_line_magic('matplotlib', 'inline')
get_ipython().system('pip install torch')
"""
_PERCENT = "\n# %% [markdown]\n# Here is lr = 0.5.\n\n# %%\n# !pip install torch\n"

_GUARD = "if __name__ == '__main__':\n    BODY\n"
_TRY = "try:\n    BODY\nexcept KeyboardInterrupt:\n    raise SystemExit(1)\n"
_FINALLY = "try:\n    BODY\nfinally:\n    pass\n"
_WITH = "import contextlib\n\nwith contextlib.nullcontext():\n    BODY\n"
_GLOBAL = "def MAIN():\n    GLOBALS\n    BODY\n\n\nMAIN()\n"
_GLOBAL_GUARDED = "def MAIN():\n    GLOBALS\n    BODY\n\n\nif __name__ == '__main__':\n    MAIN()\n"

TRANSFORMATIONS = (
    Transformation("main-guard", _in_block(_GUARD)),
    Transformation("in-try", _in_block(_TRY)),
    Transformation("in-try-finally", _in_block(_FINALLY)),
    Transformation("in-with", _in_block(_WITH)),
    Transformation("in-if-true", _in_block("if True:\n    BODY\n")),
    Transformation("in-one-turn", _in_block("for _turn in range(1):\n    BODY\n")),
    Transformation("main-with-globals", _in_function(_GLOBAL)),
    Transformation("main-with-globals-guarded", _in_function(_GLOBAL_GUARDED)),
    Transformation("main-with-locals", _as_local_main),
    Transformation("main-first", _main_first),
    Transformation("loop-body-in-function", _loop_body_in_function),
    Transformation("exported-notebook", _exported("", _NOTEBOOK)),
    Transformation("exported-notebook-with-magics", _exported("", _NOTEBOOK + _MAGICS)),
    Transformation("exported-cells", _exported("", _PERCENT)),
)
