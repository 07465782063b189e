"""What a statement does to names: which it binds, which it changes in place and which it reads.

This knows nothing of `lr_lint.semantics`: the slices that rest on it are what the static side is tested against.
An attribute of ``self`` is a name of its own (``self.lr``).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

SELF = "self"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
SCOPES = (*FUNCTIONS, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass
class Effects:
    """What a statement does, with all that it contains; the bodies of nested scopes are only read.

    Attributes:
        binds: names that it assigns, imports, defines or deletes.
        touches: names whose values it may change in place.
        passes: names that a call statement is given as arguments, and may change.
        reads: names that it needs.
    """

    binds: set[str] = field(default_factory=set)
    touches: set[str] = field(default_factory=set)
    passes: set[str] = field(default_factory=set)
    reads: set[str] = field(default_factory=set)


def effects_of(*nodes: ast.AST | None) -> Effects:
    """The effects of some nodes together."""
    effects = Effects()
    collector = _Collector(effects)
    for node in nodes:
        if node is not None:
            collector.visit(node)
    return effects


def root_of(node: ast.AST) -> str | None:
    """The name at the start of a chain of attributes, subscripts and calls: ``x`` or ``self.x``."""
    while True:
        if isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name) and node.value.id == SELF:
                return f"{SELF}.{node.attr}"
            node = node.value
        elif isinstance(node, (ast.Subscript, ast.Starred, ast.Await)):
            node = node.value
        elif isinstance(node, ast.Call):
            # To change ``vars(x)`` is to change x.
            through = isinstance(node.func, ast.Name) and node.func.id in {"vars", "getattr"} and node.args
            node = node.args[0] if through else node.func
        else:
            return node.id if isinstance(node, ast.Name) else None


def dotted(node: ast.AST) -> str | None:
    """The text of a chain of names such as ``torch.optim.SGD``; None for any other expression."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join(reversed([*parts, node.id]))


def last_name(node: ast.AST) -> str:
    """The name at the end of a chain; empty for any other expression."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def parameters_of(arguments: ast.arguments) -> list[ast.arg]:
    """All parameters in the order of the signature, starred ones included."""
    starred = [arguments.vararg] if arguments.vararg else []
    double = [arguments.kwarg] if arguments.kwarg else []
    return [*arguments.posonlyargs, *arguments.args, *starred, *arguments.kwonlyargs, *double]


def imported_names(node: ast.Import | ast.ImportFrom) -> list[str]:
    """The names that an import binds; none for a star import."""
    if isinstance(node, ast.Import):
        return [alias.asname or alias.name.partition(".")[0] for alias in node.names]
    return [alias.asname or alias.name for alias in node.names if alias.name != "*"]


def target_names(target: ast.AST) -> list[str]:
    """The names and attributes of ``self`` that an assignment to a target binds, in order."""
    if isinstance(target, (ast.Tuple, ast.List)):
        return [name for element in target.elts for name in target_names(element)]
    if isinstance(target, ast.Starred):
        return target_names(target.value)
    if isinstance(target, ast.Name):
        return [target.id]
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == SELF:
        return [f"{SELF}.{target.attr}"]
    return []


def outer_names(body: list[ast.stmt]) -> set[str]:
    """The names that a scope declares ``global`` or ``nonlocal``."""
    names: set[str] = set()
    stack: list[ast.AST] = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            names.update(node.names)
        elif not isinstance(node, SCOPES):
            stack.extend(ast.iter_child_nodes(node))
    return names


def locals_of(scope: ast.AST) -> set[str]:
    """The names that a module, function or class binds in its own scope, parameters included."""
    body = getattr(scope, "body", [])
    if not isinstance(body, list):
        body = []
    names = {name for name in effects_of(*body).binds if not name.startswith(f"{SELF}.")}
    if isinstance(scope, (*FUNCTIONS, ast.Lambda)):
        names |= {param.arg for param in parameters_of(scope.args)}
    return names - outer_names(body)


def blocks_of(statement: ast.AST) -> Iterator[list[ast.stmt]]:
    """The blocks of a compound statement; none for definitions and simple statements."""
    if isinstance(statement, SCOPES):
        return
    for name in ("body", "orelse", "finalbody"):
        block = getattr(statement, name, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            yield block
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body


class _Collector(ast.NodeVisitor):
    def __init__(self, effects: Effects) -> None:
        self._effects = effects

    def visit_Name(self, node: ast.Name) -> None:
        (self._effects.reads if isinstance(node.ctx, ast.Load) else self._effects.binds).add(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        name = f"{SELF}.{node.attr}" if isinstance(node.value, ast.Name) and node.value.id == SELF else None
        if isinstance(node.ctx, ast.Load):
            if name is None:
                self.visit(node.value)
            else:
                self._effects.reads.add(name)
        elif name is not None:
            self._effects.binds.add(name)
        else:
            self._change(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if isinstance(node.ctx, ast.Load):
            self.generic_visit(node)
        else:
            self._change(node)
            self.visit(node.slice)

    def _change(self, node: ast.Attribute | ast.Subscript) -> None:
        root = root_of(node.value)
        if root is not None:
            self._effects.touches.add(root)
        self.visit(node.value)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.generic_visit(node)
        self._effects.reads.update(target_names(node.target))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        # An annotation is not evaluated: slices are compiled with postponed annotations.
        if node.value is not None:
            self.visit(node.target)
            self.visit(node.value)

    def visit_Expr(self, node: ast.Expr) -> None:
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(call, ast.Call):
            if isinstance(call.func, ast.Attribute):
                root = root_of(call.func.value)
                if root is not None:
                    self._effects.touches.add(root)
            if isinstance(call.func, ast.Name) and call.func.id in {"setattr", "delattr"} and call.args:
                root = root_of(call.args[0])
                if root is not None:
                    self._effects.touches.add(root)
            given = [*call.args, *(keyword.value for keyword in call.keywords)]
            self._effects.passes.update(
                name for name in (root_of(item) if _is_plain(item) else None for item in given) if name
            )
        self.visit(node.value)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.generic_visit(node)
        # A loop that changes its items changes what it goes through: ``for g in groups: g["lr"] = ...``.
        items = set(target_names(node.target))
        inside = effects_of(*node.body)
        root = root_of(node.iter)
        if root is not None and items & inside.touches:
            self._effects.touches.add(root)

    visit_AsyncFor = visit_For  # noqa: N815

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self._effects.binds.add(node.name)
        self.generic_visit(node)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        self._effects.binds.update(imported_names(node))

    visit_ImportFrom = visit_Import  # noqa: N815

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        if node.name:
            self._effects.binds.add(node.name)
        self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name:
            self._effects.binds.add(node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest:
            self._effects.binds.add(node.rest)
        self.generic_visit(node)

    def generic_visit(self, node: ast.AST) -> None:
        if isinstance(node, _COMPREHENSIONS):
            inner = Effects()
            for child in ast.iter_child_nodes(node):
                _Collector(inner).visit(child)
            self._effects.reads |= inner.reads - inner.binds
        elif isinstance(node, SCOPES):
            self._visit_scope(node)
        else:
            super().generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        ast.NodeVisitor.generic_visit(self, node)

    def _visit_scope(self, scope: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda) -> None:
        if not isinstance(scope, ast.Lambda):
            self._effects.binds.add(scope.name)
        outer, body = parts_of(scope)
        for node in outer:
            self.visit(node)
        inner = effects_of(*body)
        own = locals_of(scope) if not isinstance(scope, ast.ClassDef) else set()
        self._effects.reads |= inner.reads - own


def parts_of(
    scope: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda,
) -> tuple[list[ast.expr], list[ast.AST]]:
    """What a definition evaluates where it stands (decorators, defaults, bases), and its body."""
    if isinstance(scope, ast.ClassDef):
        return [*scope.decorator_list, *scope.bases, *(keyword.value for keyword in scope.keywords)], [*scope.body]
    outer = [*scope.args.defaults, *(default for default in scope.args.kw_defaults if default is not None)]
    if isinstance(scope, ast.Lambda):
        return outer, [scope.body]
    return [*scope.decorator_list, *outer], [*scope.body]


def _is_plain(node: ast.AST) -> bool:
    """Whether an argument is an object itself, rather than something read from it."""
    return isinstance(node, ast.Name) or (
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == SELF
    )
