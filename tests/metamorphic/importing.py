"""PyTorch's schedulers imported in other ways.

The class is the same, whatever leads to it. A program is transformed where it imports the class by its own name, or
spells the whole dotted name.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import libcst as cst

from tests.metamorphic.programs import Program, Rewriting, Transformation
from tests.metamorphic.trees import (
    Changes,
    Parents,
    bindings,
    code_of,
    constructions,
    dotted,
    expression,
    parents_of,
    replaced,
    with_helpers,
    with_imports,
)

_MODULE = "torch.optim.lr_scheduler"


def _callees(tree: cst.Module) -> list[tuple[cst.Call, str]]:
    """Constructions of PyTorch's schedulers with the name of the class."""
    imported = {
        alias.name.value
        for _, node in bindings(tree)
        if isinstance(node, cst.ImportAlias) and isinstance(node.name, cst.Name)
        for alias in [node]
        if alias.asname is None and f"from {_MODULE} import" in tree.code
    }
    bound = [name for name, _ in bindings(tree)]
    found = []
    for call, contract in constructions(tree):
        spelled = dotted(call.func)
        whole = spelled == contract.name and contract.short_name not in bound
        known = whole or (spelled in imported and bound.count(spelled) == 1)
        if known and contract.name.startswith(_MODULE):
            found.append((call, contract.short_name))
    return found


def _respelled(use: str, imports: str, place: Callable[[cst.Module, str], cst.Module] = with_imports) -> Rewriting:
    """Each construction is spelled in one way, and one import serves all. ``NAME`` stands for the class."""

    def rewrite(program: Program, tree: cst.Module, random: Random) -> Program | None:
        callees = _callees(tree)
        if not callees:
            return None
        changes: Changes = {call.func: expression(use.replace("NAME", name)) for call, name in callees}
        names = sorted({name for _, name in callees})
        code = (
            "\n".join(dict.fromkeys(imports.replace("NAME", name) for name in names))
            if "\n" not in imports
            else ("\n".join(imports.replace("NAME", name) for name in names))
        )
        return program.with_tree(place(replaced(tree, changes), code))

    return rewrite


def _in_function(use: str, imports: str) -> Rewriting:
    """The import stands at the beginning of the function that constructs."""

    def rewrite(program: Program, tree: cst.Module, random: Random) -> Program | None:
        parents = parents_of(tree)
        changes: Changes = {}
        for call, _ in _callees(tree):
            function = _function_around(call, parents)
            if function is not None and isinstance(function.body, cst.IndentedBlock) and function not in changes:
                inner: Changes = {
                    each.func: expression(use.replace("NAME", other))
                    for each, other in _callees(tree)
                    if _function_around(each, parents) is function
                }
                names = sorted({other for each, other in _callees(tree) if _function_around(each, parents) is function})
                code = "\n".join(imports.replace("NAME", each) for each in names)
                start = int(function.get_docstring() is not None)
                body = replaced(function, inner).body
                added = cst.parse_module(code).body
                changes[function] = function.with_changes(
                    body=body.with_changes(body=[*body.body[:start], *added, *body.body[start:]])
                )
        return program.with_tree(replaced(tree, changes)) if changes else None

    return rewrite


def _function_around(node: cst.CSTNode, parents: Parents) -> cst.FunctionDef | None:
    while node in parents:
        node = parents[node]
        if isinstance(node, cst.FunctionDef):
            return node
    return None


_TRY = f"""
try:
    from {_MODULE} import NAME
except ImportError:
    NAME = None
"""
_TRY_TWICE = f"""
try:
    from {_MODULE} import NAME
except ImportError:
    from older_schedulers import NAME
"""
_CHECKED = f"""
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from {_MODULE} import NAME
else:
    from {_MODULE} import NAME
"""
_SUPPRESSED = f"""
import contextlib

with contextlib.suppress(ImportError):
    from {_MODULE} import NAME
"""


def _parenthesised(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """``from m import (a, b,)`` over several lines."""
    changes: Changes = {}
    for _, node in bindings(tree):
        around = parents_of(tree).get(node)
        if isinstance(around, cst.ImportFrom) and not isinstance(around.names, cst.ImportStar) and not around.lpar:
            names = "".join(f"    {code_of(alias).rstrip(', ')},\n" for alias in around.names)
            line = f"from {'.' * len(around.relative)}{dotted(around.module or cst.Name(''))} import (\n{names})\n"
            statement = cst.parse_statement(line)
            assert isinstance(statement, cst.SimpleStatementLine)
            changes[around] = statement.body[0]
    return program.with_tree(replaced(tree, changes)) if changes else None


TRANSFORMATIONS = (
    Transformation("import-dotted", _respelled(f"{_MODULE}.NAME", f"import {_MODULE}")),
    Transformation("import-package-only", _respelled(f"{_MODULE}.NAME", "import torch")),
    Transformation("import-module-as", _respelled("schedules.NAME", f"import {_MODULE} as schedules")),
    Transformation("import-module-from", _respelled("lr_scheduler.NAME", "from torch.optim import lr_scheduler")),
    Transformation("import-module-from-as", _respelled("sched.NAME", "from torch.optim import lr_scheduler as sched")),
    Transformation("import-optim", _respelled("optim.lr_scheduler.NAME", "from torch import optim")),
    Transformation("import-optim-as", _respelled("o.lr_scheduler.NAME", "import torch.optim as o")),
    Transformation("import-torch-as", _respelled("t.optim.lr_scheduler.NAME", "import torch as t")),
    Transformation("import-class-as", _respelled("OwnNAME", f"from {_MODULE} import NAME as OwnNAME")),
    Transformation("import-star", _respelled("NAME", f"from {_MODULE} import *")),
    Transformation("import-in-try", _respelled("NAME", _TRY, with_helpers)),
    Transformation("import-in-try-otherwise", _respelled("NAME", _TRY_TWICE, with_helpers)),
    Transformation("import-for-checkers", _respelled("NAME", _CHECKED, with_helpers)),
    Transformation("import-suppressed", _respelled("NAME", _SUPPRESSED, with_helpers)),
    Transformation(
        "import-module-by-name", _respelled(f"importlib.import_module('{_MODULE}').NAME", "import importlib")
    ),
    Transformation("import-bound", _respelled("NAME", f"import {_MODULE}\nNAME = {_MODULE}.NAME", with_helpers)),
    Transformation("import-module-bound", _respelled("s.NAME", f"import {_MODULE}\ns = {_MODULE}", with_helpers)),
    Transformation("import-in-function", _in_function("NAME", f"from {_MODULE} import NAME")),
    Transformation("import-in-function-as", _in_function("inside.NAME", f"import {_MODULE} as inside")),
    Transformation("import-parenthesised", _parenthesised),
)
