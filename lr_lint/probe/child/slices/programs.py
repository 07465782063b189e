"""What the child does to the text of a slice before it runs it: the same to every program, wherever it was cut.

Imports go through the helper, which stands in for what is not installed; so do calls that load data or build models,
and parts of what is not known get names. The settings of the user follow whatever binds the names they speak of.
"""

from __future__ import annotations

import ast
import linecache
import re
from collections.abc import Iterable, Mapping
from typing import Any

from torch import optim

from lr_lint.probe.slicing.protocol import GUARDED, HELPER
from lr_lint.probe.slicing.roles import is_withheld

_SELF = "self"
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Arguments of torch's optimizers that the rates do not depend on (torch.optim, torch 2.13.0).
_HYPERPARAMETERS = frozenset(
    "momentum dampening weight_decay nesterov betas eps alpha rho amsgrad centered momentum_decay lambd lr_decay "
    "initial_accumulator_value etas".split()
)
_OPTIMIZERS = frozenset(
    name for name, kind in vars(optim).items() if isinstance(kind, type) and issubclass(kind, optim.Optimizer)
)
# Wrappers that leave the rates as they are.
_WRAPPERS = frozenset({"prepare", "initialize", "setup", "DistributedOptimizer", "broadcast_optimizer_state", "wrap"})
_PARAMETER_NAME = re.compile(r"\.?[A-Za-z_][A-Za-z0-9_]*(\.\w+)*\.?")


def parsed(program: Mapping[str, Any], settings: Iterable[str]) -> ast.Module:
    """The program as a tree with the lines of the user's file.

    Args:
        program: what `lr_lint.probe.slicing.slices.slices_of` made.
        settings: the names that values are supplied for: ``args.lr``, ``self.lr``.
    """
    tree: ast.Module = _Rewriter().visit(ast.parse(program["code"]))
    roots = {".".join(name.split(".")[: 2 if name.startswith(f"{_SELF}.") else 1]) for name in settings}
    if roots:
        tree = _Supplying(roots).visit(tree)
    lines: list[int] = program["lines"]
    for node in ast.walk(ast.fix_missing_locations(tree)):
        if isinstance(node, (ast.stmt, ast.expr, ast.excepthandler, ast.arg, ast.keyword, ast.alias, ast.pattern)):
            # Columns are not the user's, and a range of lines has to grow.
            node.lineno = node.end_lineno = lines[node.lineno - 1]
            node.col_offset = node.end_col_offset = 0
    return tree


def show_lines(filename: str, text: str) -> None:
    """Let Python find the lines of a text by the name of a file that does not hold it."""
    # An entry without a time is not held against the disk.
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)


def parameter_names(tree: ast.Module) -> list[str]:
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


class _Rewriter(ast.NodeTransformer):
    """Makes the code of the user run where little of what it asks for is there."""

    def __init__(self) -> None:
        # Whether the code goes on by itself where an import fails: ``try: import apex`` with a way out.
        self._has_fallback = False
        self._is_asynchronous = False
        self._is_class = False

    def visit_Try(self, node: ast.Try) -> ast.AST:
        before = self._has_fallback
        if [ast.unparse(handler.type) for handler in node.handlers if handler.type is not None] != [GUARDED]:
            self._has_fallback = not all(map(_gives_up, node.handlers))
        node.body = [made for statement in node.body for made in _listed(self.visit(statement))]
        self._has_fallback = before
        for part in (node.handlers, node.orelse, node.finalbody):
            part[:] = [made for each in part for made in _listed(self.visit(each))]
        return node

    def _visit_scope(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.AST:
        before = self._has_fallback, self._is_asynchronous, self._is_class
        self._is_asynchronous, self._is_class = isinstance(node, ast.AsyncFunctionDef), isinstance(node, ast.ClassDef)
        self.generic_visit(node)
        self._has_fallback, self._is_asynchronous, self._is_class = before
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _visit_scope  # noqa: N815

    def visit_Await(self, node: ast.Await) -> ast.AST:
        """On the way to a construction nothing is waited for."""
        self.generic_visit(node)
        return node if self._is_asynchronous else node.value

    def visit_AsyncFor(self, node: ast.AsyncFor) -> ast.AST:
        """Nor gone through, on the way."""
        self.generic_visit(node)
        synchronous = ast.For(node.target, node.iter, node.body, node.orelse)
        return node if self._is_asynchronous else ast.copy_location(synchronous, node)

    def visit_AsyncWith(self, node: ast.AsyncWith) -> ast.AST:
        """Nor entered."""
        self.generic_visit(node)
        return node if self._is_asynchronous else ast.copy_location(ast.With(node.items, node.body), node)

    # Imports.

    def visit_Import(self, node: ast.Import) -> list[ast.stmt]:
        made = []
        for alias in node.names:
            call = _helper("import_module", alias.name, alias.asname is not None, not self._has_fallback)
            made.append(_assigned(alias.asname or alias.name.partition(".")[0], call, node))
        return made

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt | list[ast.stmt]:
        module = node.module or ""
        if module == "__future__":
            return node
        if node.names[0].name == "*":
            variables = ast.Call(ast.Name("globals", ast.Load()), [], [])
            return ast.copy_location(ast.Expr(_helper("import_star", module, node.level, variables)), node)
        made: list[ast.stmt] = []
        for alias in node.names:
            call = _helper("import_from", module, node.level, alias.name, not self._has_fallback)
            made.append(_assigned(alias.asname or alias.name, call, node))
        return made

    # Statements.

    def visit_If(self, node: ast.If) -> ast.AST:
        """Has the decision noted: what was assumed may have made it."""
        self.generic_visit(node)
        node.test = ast.copy_location(_helper("decided", node.test.lineno, node.test), node.test)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if self._is_class or node.value is None:
            return self.generic_visit(node)
        return self.visit_Assign(ast.copy_location(ast.Assign([node.target], node.value), node))

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        self.generic_visit(node)
        value, target = node.value, node.targets[0]
        if isinstance(value, (ast.Tuple, ast.List)) or _is_helper(value):
            return node
        names = [name for each in node.targets for name in _names_of(each)]
        if isinstance(value, ast.Call) and names:
            if is_withheld(_spelled(value.func)):
                several = isinstance(target, (ast.Tuple, ast.List))
                shown = ast.Tuple([ast.Constant(name) for name in names], ast.Load()) if several else names[0]
                value = _helper("withheld", shown, ast.unparse(value.func))
            elif _is_passed_through(names, value):
                return ast.copy_location(ast.Pass(), node)
        if isinstance(target, ast.Tuple) and not any(isinstance(element, ast.Starred) for element in target.elts):
            value = _helper("unpack", value, *map(ast.unparse, target.elts))
        elif isinstance(value, ast.Call) and names and len(node.targets) == 1 and not isinstance(target, ast.List):
            value = _helper("named", names[0], value)
        node.value = ast.copy_location(value, node.value)
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        self.generic_visit(node)
        call = node.value
        if isinstance(call, ast.Call) and ast.unparse(call.func) == f"{_SELF}.save_hyperparameters":
            variables = ast.Call(ast.Name("locals", ast.Load()), [], [])
            target = ast.Attribute(ast.Name(_SELF, ast.Load()), "hparams", ast.Store())
            return ast.copy_location(ast.Assign([target], _helper("hparams", variables, *call.args)), node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Leaves out of an optimizer's construction what is not known and bears on no rate."""
        self.generic_visit(node)
        relaxed = [word for word in node.keywords if word.arg in _HYPERPARAMETERS]
        if _spelled(node.func).rpartition(".")[2] not in _OPTIMIZERS or all(_is_constant(word) for word in relaxed):
            return node
        known = _helper("hyperparameters")
        known.keywords = [ast.keyword(word.arg, _thunk(word.value)) for word in relaxed]
        node.keywords = [*(word for word in node.keywords if word not in relaxed), ast.keyword(None, known)]
        return node


class _Supplying(ast.NodeTransformer):
    """Puts the values of settings in after each statement that binds a name which one speaks of."""

    def __init__(self, roots: set[str]) -> None:
        self._roots = roots

    def _supplied(self, node: ast.Assign | ast.AugAssign | ast.AnnAssign) -> Any:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = {name for target in targets for name in _names_of(target)}
        return [node, *(_rebinding(name, node) for name in sorted(names & self._roots))]

    visit_Assign = visit_AugAssign = visit_AnnAssign = _supplied  # noqa: N815

    def _entered(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ast.AST:
        self.generic_visit(node)
        names = sorted({parameter.arg for parameter in _parameters_of(node.args)} & self._roots)
        node.body[:0] = [_rebinding(name, node.body[0]) for name in names]
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = _entered  # noqa: N815


def _rebinding(name: str, place: ast.stmt) -> ast.stmt:
    return _assigned(name, _helper("bound", name, _name(name, ast.Load())), place)


def _assigned(name: str, value: ast.expr, place: ast.stmt) -> ast.stmt:
    return ast.copy_location(ast.Assign([_name(name, ast.Store())], value), place)


def _name(name: str, context: ast.expr_context) -> ast.expr:
    first, _, rest = name.partition(".")
    return ast.Attribute(ast.Name(first, ast.Load()), rest, context) if rest else ast.Name(first, context)


def _helper(method: str, *arguments: Any) -> ast.Call:
    given = [each if isinstance(each, ast.expr) else ast.Constant(each) for each in arguments]
    return ast.Call(_name(f"{HELPER}.{method}", ast.Load()), given, [])


def _is_helper(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _spelled(node.func).startswith(f"{HELPER}.")


def _listed(made: Any) -> list[Any]:
    return made if isinstance(made, list) else [made]


def _spelled(callee: ast.expr) -> str:
    """A callee as it is spelled; of a longer expression the last name."""
    if isinstance(callee, ast.Attribute):
        return f"{_spelled(callee.value)}.{callee.attr}"
    return callee.id if isinstance(callee, ast.Name) else ""


def _names_of(target: ast.expr) -> list[str]:
    """The names and attributes of ``self`` that an assignment to a target binds, in order."""
    if isinstance(target, (ast.Tuple, ast.List)):
        return [name for element in target.elts for name in _names_of(element)]
    if isinstance(target, ast.Starred):
        return _names_of(target.value)
    spelled = ast.unparse(target) if isinstance(target, (ast.Name, ast.Attribute)) else ""
    return [spelled] if isinstance(target, ast.Name) or spelled.rpartition(".")[0] == _SELF else []


def _parameters_of(arguments: ast.arguments) -> list[ast.arg]:
    starred = [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *starred]


def _is_passed_through(names: list[str], call: ast.Call) -> bool:
    """``model, optimizer = accelerator.prepare(model, optimizer)``: a wrapper leaves the rates as they are."""
    given: set[str] = set()
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        parts = argument.elts if isinstance(argument, (ast.List, ast.Tuple)) else [argument]
        given.update(part.id for part in parts if isinstance(part, ast.Name))
    wanted = set(names) - {"_"}
    return bool(wanted) and wanted <= given and _spelled(call.func).rpartition(".")[2] in _WRAPPERS


def _gives_up(handler: ast.ExceptHandler) -> bool:
    """Whether the code does not go on by itself where a handler is run."""
    for node in ast.walk(handler):
        exits = isinstance(node, ast.Call) and _spelled(node.func).rpartition(".")[2] in {"exit", "_exit"}
        if exits or isinstance(node, ast.Raise):
            return True
    return False


def _is_constant(word: ast.keyword) -> bool:
    return isinstance(word.value, ast.Constant)


def _thunk(expression: ast.expr) -> ast.expr:
    empty = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    return ast.Lambda(empty, expression)
