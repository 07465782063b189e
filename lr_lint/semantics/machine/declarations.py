"""Functions, classes and imports."""

from __future__ import annotations

import libcst as cst

from lr_lint.semantics.machine.call_expressions import defaults_of
from lr_lint.semantics.machine.decorators import decorated, decorated_class
from lr_lint.semantics.machine.forgetting import forget_variables
from lr_lint.semantics.machine.imported import imported_module, lazy_import
from lr_lint.semantics.machine.statements import runs
from lr_lint.semantics.machine.targets import bind_target
from lr_lint.semantics.values.context import Frame
from lr_lint.semantics.values.functions import Function
from lr_lint.semantics.values.objects import ClassValue
from lr_lint.source.tree import dotted_name


@runs(cst.FunctionDef)
def _run_definition(node: cst.FunctionDef, frame: Frame, relevant: frozenset[str] | None) -> None:
    defaults = defaults_of(node.params, frame)
    owner = frame.owner if isinstance(frame.scope, cst.ClassDef) else None
    function = Function(node, frame, defaults, owner)
    # What makes a property or a class method of it is dealt with where it is looked up.
    bind_target(node.name, decorated(function, node, frame), frame)


@runs(cst.ClassDef)
def _run_class(node: cst.ClassDef, frame: Frame, relevant: frozenset[str] | None) -> None:
    bind_target(node.name, decorated_class(ClassValue(node, frame), frame), frame)
    # The body runs here as well, but only what the class has by it is ever asked for.
    others = frame.module.affected(node) - {node.name.value}
    forget_variables(others & frame.names.keys(), frame, "the body of a class changes it")


@runs(cst.Import)
def _run_import(node: cst.Import, frame: Frame, relevant: frozenset[str] | None) -> None:
    for alias in node.names:
        dotted = dotted_name(alias.name) or ""
        if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
            frame.names[alias.asname.name.value] = imported_module(dotted, frame)
        else:
            top = dotted.partition(".")[0]
            frame.names[top] = imported_module(top, frame)


@runs(cst.ImportFrom)
def _run_import_from(node: cst.ImportFrom, frame: Frame, relevant: frozenset[str] | None) -> None:
    if isinstance(node.names, cst.ImportStar):
        return
    package = "." * len(node.relative) + (dotted_name(node.module) or "")
    for alias in node.names:
        name = dotted_name(alias.name) or ""
        bound = alias.asname.name.value if alias.asname and isinstance(alias.asname.name, cst.Name) else name
        if relevant is None or bound in relevant:
            frame.names[bound] = lazy_import(package, name, frame)
