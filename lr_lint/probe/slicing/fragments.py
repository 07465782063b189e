"""Small questions about statements that the slicer and the emission of programs both ask."""

from __future__ import annotations

import ast

from lr_lint.probe.slicing.effects import FUNCTIONS, SELF, dotted, last_name, parameters_of, target_names
from lr_lint.probe.slicing.file_index import FileIndex, Function

_KEPT_DECORATORS = frozenset(
    "staticmethod classmethod property setter getter contextmanager lru_cache cache cached_property wraps "
    "abstractmethod singledispatch register_parser dataclass attrs s define frozen total_ordering unique".split()
)


def part_of(target: ast.Attribute | ast.Subscript) -> str | None:
    """The name of the attribute or key that is set, where it is written out."""
    if isinstance(target, ast.Attribute):
        return target.attr
    key = target.slice
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None


def defaults_of(arguments: ast.arguments) -> list[tuple[ast.arg, ast.expr | None]]:
    """The parameters with their defaults; None for those that have none."""
    positional = [*arguments.posonlyargs, *arguments.args]
    missing: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    pairs = list(zip(positional, [*missing, *arguments.defaults], strict=True))
    return [*pairs, *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]


def header_of(compound: ast.AST) -> list[ast.AST]:
    """The expressions that a compound statement evaluates itself."""
    if isinstance(compound, (ast.If, ast.While)):
        return [compound.test]
    if isinstance(compound, (ast.For, ast.AsyncFor)):
        return [compound.iter]
    if isinstance(compound, (ast.With, ast.AsyncWith)):
        return [item.context_expr for item in compound.items]
    if isinstance(compound, ast.Match):
        guards: list[ast.AST] = [case.guard for case in compound.cases if case.guard is not None]
        return [compound.subject, *guards, *(case.pattern for case in compound.cases)]
    return [handler.type for handler in getattr(compound, "handlers", ()) if handler.type is not None]


def bound_by_header(compound: ast.AST) -> list[ast.AST]:
    """The targets that a compound statement binds itself."""
    if isinstance(compound, (ast.For, ast.AsyncFor)):
        return [compound.target]
    if isinstance(compound, (ast.With, ast.AsyncWith)):
        return [item.optional_vars for item in compound.items if item.optional_vars is not None]
    return []


def kept_decorators(definition: Function | ast.ClassDef, index: FileIndex) -> list[ast.expr]:
    """The decorators that change what a definition is, rather than register or measure it.

    Those of this file may do anything; of those of libraries, the ones that do are known.
    """
    kept: list[ast.expr] = []
    for decorator in definition.decorator_list:
        made_by = decorator.func if isinstance(decorator, ast.Call) else decorator
        own = isinstance(made_by, ast.Name) and (index.function(made_by.id) or index.cls(made_by.id)) is not None
        if own or last_name(made_by) in _KEPT_DECORATORS:
            kept.append(decorator)
    return kept


def keeps_hyperparameters(statement: ast.stmt) -> bool:
    """Whether a statement is Lightning's ``self.save_hyperparameters(...)``."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and dotted(call.func) == f"{SELF}.save_hyperparameters"


def assumptions_of(test: ast.expr, expected: bool) -> dict[str, str | int | float | bool | None]:
    """Values of names that make a test come out as expected; empty where it is no simple one.

    The names are written as settings are: ``args.sched``, also for ``args["sched"]``.
    """
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return assumptions_of(test.operand, not expected)
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) is expected:
        found: dict[str, str | int | float | bool | None] = {}
        for part in test.values:
            found.update(assumptions_of(part, expected))
        return found
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        return _assumed_of_comparison(test.left, test.ops[0], test.comparators[0], expected)
    name = _setting_name(test)
    return {name: expected} if name is not None else {}


def _assumed_of_comparison(
    left: ast.expr, how: ast.cmpop, right: ast.expr, expected: bool
) -> dict[str, str | int | float | bool | None]:
    if isinstance(how, ast.In) and expected and isinstance(right, (ast.List, ast.Tuple, ast.Set)) and right.elts:
        how, right = ast.Eq(), right.elts[0]
    if isinstance(left, ast.Constant):
        left, right = right, left
    if not isinstance(how, (ast.Eq, ast.Is) if expected else (ast.NotEq, ast.IsNot)):
        return {}
    name = _setting_name(left)
    if name is None or not isinstance(right, ast.Constant):
        return {}
    value = right.value
    return {name: value} if value is None or isinstance(value, (str, int, float, bool)) else {}


def _setting_name(node: ast.expr) -> str | None:
    """A chain of names and keys as settings are written; ``x.lower()`` is as good as ``x``."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"lower", "upper"}:
        node = node.func.value
    parts: list[str] = []
    while not isinstance(node, ast.Name):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
        elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            parts.append(str(node.slice.value))
        else:
            return None
        node = node.value
    return None if node.id.startswith("__") else ".".join(reversed([*parts, node.id]))


def is_passed_through(assignment: ast.Assign, call: ast.Call) -> bool:
    """``model, optimizer = accelerator.prepare(model, optimizer)``: a wrapper leaves the rates as they are."""
    names = {name for target in assignment.targets for name in target_names(target) if name != "_"}
    given: set[str] = set()
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        parts = argument.elts if isinstance(argument, (ast.List, ast.Tuple)) else [argument]
        given.update(part.id for part in parts if isinstance(part, ast.Name))
    wrappers = {"prepare", "initialize", "setup", "DistributedOptimizer", "broadcast_optimizer_state", "wrap"}
    return bool(names) and names <= given and last_name(call.func) in wrappers


def command_options(function: Function) -> dict[str, ast.expr | None]:
    """The defaults that the decorators of a click command give to its parameters."""
    options: dict[str, ast.expr | None] = {}
    for decorator in function.decorator_list:
        if not isinstance(decorator, ast.Call) or last_name(decorator.func) not in {"option", "argument"}:
            continue
        default = next((keyword.value for keyword in decorator.keywords if keyword.arg == "default"), None)
        flag = any(keyword.arg == "is_flag" for keyword in decorator.keywords)
        texts = [a.value for a in decorator.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        names = [text.lstrip("-").replace("-", "_").partition("/")[0] for text in texts]
        for name in names:
            if default is not None or flag:
                options[name] = default if default is not None else ast.Constant(False)
    known = {parameter.arg for parameter in parameters_of(function.args)}
    return {name: value for name, value in options.items() if name in known}


def changed_attributes(statement: ast.stmt) -> list[ast.Attribute]:
    """The attributes of other objects than ``self`` that an assignment sets; none where it sets anything else too."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    targets = [part for target in targets for part in (target.elts if isinstance(target, ast.Tuple) else [target])]
    if isinstance(statement, ast.For) or not all(isinstance(target, (ast.Attribute, ast.Name)) for target in targets):
        return []
    return [target for target in targets if isinstance(target, ast.Attribute) and not target_names(target)]


def adds_option(statement: ast.stmt) -> bool:
    """A parser that lacks one option still parses the others."""
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return False
    name = last_name(statement.value.func)
    return name == "add_argument" or name.startswith("DEFINE_")


def cannot_fail(statement: ast.stmt) -> bool:
    """Whether nothing can go wrong in a statement, so that it needs no guard."""
    if isinstance(statement, ast.Assign) and all(isinstance(target, ast.Name) for target in statement.targets):
        value = statement.value
        empty = (isinstance(value, ast.List) and not value.elts) or (isinstance(value, ast.Dict) and not value.keys)
        simple_lambda = isinstance(value, ast.Lambda) and not (value.args.defaults or value.args.kw_defaults)
        return empty or simple_lambda or isinstance(value, ast.Constant)
    return isinstance(statement, (ast.Pass, ast.Global, ast.Nonlocal, *FUNCTIONS))


def gives_up(handler: ast.ExceptHandler) -> bool:
    """Whether the code does not go on by itself where a handler is run."""
    for node in ast.walk(handler):
        if isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and last_name(node.func) in {"exit", "_exit"}):
            return True
    return False
