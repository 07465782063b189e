"""The syntax gate: does a file that mentions a scheduler construct one?

Many only name it in a string, an import, an annotation or a registry. Python's own parser tells at a tenth of what
LibCST costs. The gate asks what `lr_lint.checks.sites` asks of LibCST's tree: calls that are spelled like a scheduler,
an alias of one, a subclass, or a constructor of the base class. Where an argument is a callable by exception only, a
call that is given nothing but constants is none.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

from lr_lint.source.python_tree import compound_nodes, statements_in
from lr_lint.source.scheduler_names import CALLED, LOOKING_ON, OF_ARGUMENTS, OWN_CLASS, Aliases
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import ContractTable


def may_construct(tree: ast.Module, contracts: ContractTable = BUILT_IN) -> bool:
    """Whether a file has a call that may construct a scheduler."""
    nodes = compound_nodes(tree)
    if _hands_over(nodes, contracts):
        return True
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    aliases = Aliases(_aliases(nodes))
    always = frozenset(contracts.derived).union(*(row.words for row in contracts.sought if not row.optional))
    return _constructs(calls, always, aliases, _anything) or _constructs(
        calls, contracts.words - always, aliases, _takes_more
    )


def _hands_over(nodes: list[ast.AST], contracts: ContractTable) -> bool:
    """Whether a file names the class of a scheduler for others to construct it."""
    words = frozenset(contracts.derived).union(*(row.words for row in contracts.sought if row.overridden_by))
    names = Aliases(_class_names(nodes)).added_to(words) | contracts.by_name.keys()
    return any(name in names for node in nodes for value in _handed(node) for name in _leaves(value))


def _handed(node: ast.AST) -> Iterator[ast.expr]:
    """What a node hands on: to a call, a variable, a container, or whoever calls the function around it."""
    if isinstance(node, ast.Call):
        if _last_name(node.func) not in LOOKING_ON:
            yield from (*node.args, *(keyword.value for keyword in node.keywords))
    elif isinstance(node, ast.Dict):
        yield from node.values
    elif isinstance(node, ast.arguments):
        yield from (*node.defaults, *(default for default in node.kw_defaults if default is not None))
    elif isinstance(node, ast.Lambda):
        yield node.body
    elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.Return)):
        yield from () if node.value is None else (node.value,)
    elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
        yield node.iter


def _leaves(value: ast.expr) -> Iterator[str]:
    """The names and texts that a value is chosen from, or that it lists."""
    pending: list[ast.expr] = [value]
    while pending:
        part = pending.pop()
        if isinstance(part, ast.IfExp):
            pending += (part.body, part.orelse)
        elif isinstance(part, (ast.BoolOp, ast.List, ast.Tuple, ast.Set)):
            pending += part.values if isinstance(part, ast.BoolOp) else part.elts
        elif isinstance(part, (ast.Name, ast.Attribute)):
            yield _last_name(part)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _class_names(nodes: list[ast.AST]) -> Iterator[tuple[str, str]]:
    """Names with those that say the same of a class: imports under another name, and subclasses."""
    for node in nodes:
        if isinstance(node, ast.alias) and node.asname is not None:
            yield node.name.rpartition(".")[2], node.asname
        elif isinstance(node, ast.ClassDef):
            yield from ((name, node.name) for base in node.bases for name in _names_given(base))


def _constructs(
    calls: list[ast.Call], words: frozenset[str], aliases: Aliases, fits: Callable[[ast.Call], bool]
) -> bool:
    names = aliases.added_to(words)
    derived = len(names) > len(words)
    return any(_is_candidate(call.func, names, derived) and fits(call) for call in calls)


def _anything(call: ast.Call) -> bool:
    return True


def _takes_more(call: ast.Call) -> bool:
    """Whether a call is given something that is no constant."""
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(not isinstance(value, (ast.Constant, ast.UnaryOp)) for value in values)


def _aliases(nodes: list[ast.AST]) -> Iterator[tuple[str, str]]:
    """Names with what stands for them: imports under another name, assignments, subclasses, results, arguments."""
    # Of a name, each list of parameters once: methods that have one name mostly have one signature too.
    functions: dict[str, dict[tuple[str, ...], None]] = {}
    for node in nodes:
        if isinstance(node, (ast.alias, ast.ClassDef)):
            yield from _class_names([node])
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            functions.setdefault(node.name, {})[_positional(node.args)] = None
            yield from _results(node)
            yield from _defaults(node.args)
        elif isinstance(node, ast.Lambda):
            yield from _defaults(node.args)
        else:
            for target, value in _assignments(node):
                yield from ((name, _target_name(target)) for name in _names_given(value))
    for node in nodes:
        if isinstance(node, ast.Call):
            for parameters in functions.get(_last_name(node.func), ()):
                yield from _passed(node, parameters)


def _assignments(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _pairs(target, node.value)
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
        yield node.target, node.value
    elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
        yield from _pairs(node.target, node.iter)


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
        yield from zip(target.elts, value.elts, strict=False)
    elif isinstance(target, (ast.Tuple, ast.List)):
        yield from ((element, value) for element in target.elts)
    else:
        yield target, value


def _target_name(target: ast.expr) -> str:
    return _last_name(target.value if isinstance(target, ast.Subscript) else target)


def _results(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[str, str]]:
    for node in statements_in(function):
        if isinstance(node, ast.Return) and node.value is not None:
            yield from ((name, function.name + CALLED) for name in _names_given(node.value))


def _defaults(parameters: ast.arguments) -> Iterator[tuple[str, str]]:
    positional = [*parameters.posonlyargs, *parameters.args]
    pairs = [
        *zip(reversed(positional), reversed(parameters.defaults), strict=False),
        *zip(parameters.kwonlyargs, parameters.kw_defaults, strict=True),
    ]
    for parameter, default in pairs:
        if default is not None:
            yield from ((name, parameter.arg) for name in _names_given(default))


def _positional(parameters: ast.arguments) -> tuple[str, ...]:
    """The parameters that arguments by position go to."""
    names = tuple(each.arg for each in (*parameters.posonlyargs, *parameters.args))
    return names[1:] if names[:1] in (("self",), ("cls",)) else names


def _passed(call: ast.Call, parameters: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Names that a call hands over, with the parameters that get them."""
    for argument, parameter in zip(call.args, parameters, strict=False):
        yield _spelling(argument), parameter
    for keyword in call.keywords:
        if keyword.arg is not None:
            yield _spelling(keyword.value), keyword.arg


def _names_given(value: ast.expr) -> Iterator[str]:
    """The names that an expression is, chooses between, or holds; the empty name for anything else."""
    pending: list[ast.expr] = [value]
    while pending:
        part = pending.pop()
        if isinstance(part, ast.IfExp):
            pending += (part.body, part.orelse)
        elif isinstance(part, (ast.BoolOp, ast.Dict)):
            pending += part.values
        elif isinstance(part, (ast.List, ast.Tuple, ast.Set)):
            pending += part.elts
        elif isinstance(part, (ast.Subscript, ast.NamedExpr, ast.Starred)):
            pending.append(part.value)
            key = part.slice if isinstance(part, ast.Subscript) else None
            yield from (key.value,) if isinstance(key, ast.Constant) and isinstance(key.value, str) else ()
        elif isinstance(part, ast.Call):
            callee = _last_name(part.func)
            yield callee + CALLED
            if callee == "get" and isinstance(part.func, ast.Attribute):
                pending.append(part.func.value)
            if callee in OF_ARGUMENTS:
                pending += (*part.args, *(keyword.value for keyword in part.keywords))
        elif isinstance(part, ast.Constant):
            yield part.value if isinstance(part.value, str) else ""
        else:
            yield _last_name(part)


def _is_candidate(function: ast.expr, names: set[str], derived: bool) -> bool:
    if isinstance(function, ast.Attribute) and function.attr == "__init__":
        return derived or _last_name(function.value) in names
    if isinstance(function, ast.Name) and function.id == OWN_CLASS and derived:
        return True
    if isinstance(function, ast.Call) and any(_last_name(argument) in names for argument in function.args):
        return True
    return any(name in names for name in _names_given(function))


def _spelling(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else _last_name(node)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
