"""Which names in a file may stand for a scheduler, by their spelling: for the search of constructions.

`lr_lint.source.syntax_gate` asks the same of Python's own tree. A name with parentheses, ``make()``, stands for what
calling it gives.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import libcst as cst

from lr_lint.project.namings import key_of, text_of
from lr_lint.source.scheduler_names import CALLED, LOOKING_ON, OF_ARGUMENTS
from lr_lint.source.tree import last_name, walk

# What makes one name stand for another: the nodes of a file that the functions here are to be given.
NAMING: frozenset[type[cst.CSTNode]] = frozenset(
    {
        *(cst.ImportAlias, cst.ClassDef, cst.FunctionDef, cst.Param, cst.Call),
        *(cst.Assign, cst.AnnAssign, cst.NamedExpr, cst.For, cst.CompFor),
    }
)


def aliases_in(nodes: Iterable[cst.CSTNode]) -> Iterator[tuple[str, str]]:
    """Names with what stands for them: imports under another name, assignments, subclasses, results, arguments."""
    # Of a name, each list of parameters once: methods that have one name mostly have one signature too.
    functions: dict[str, dict[tuple[str, ...], None]] = {}
    calls: list[cst.Call] = []
    for node in nodes:
        if type(node) is cst.Call:
            calls.append(node)
        elif type(node) is cst.ImportAlias or type(node) is cst.ClassDef:
            yield from class_names_in([node])
        elif type(node) is cst.Param:
            if node.default is not None:
                yield from ((name, node.name.value) for name in names_given(node.default))
        elif type(node) is cst.FunctionDef:
            functions.setdefault(node.name.value, {})[_positional(node.params)] = None
            yield from _results(node)
        else:
            for target, value in _assignments(node):
                yield from ((name, _target_name(target)) for name in names_given(value))
    for call in calls:
        for parameters in functions.get(last_name(call.func), ()):
            yield from _passed(call, parameters)


def class_names_in(nodes: Iterable[cst.CSTNode]) -> Iterator[tuple[str, str]]:
    """Names with those that say the same of a class: imports under another name, and subclasses."""
    for node in nodes:
        if isinstance(node, cst.ImportAlias) and node.asname is not None:
            yield last_name(node.name), last_name(node.asname.name)
        elif isinstance(node, cst.ClassDef):
            yield from ((name, node.name.value) for base in node.bases for name in names_given(base.value))


def handing_aliases(nodes: Collection[cst.CSTNode]) -> Iterator[tuple[str, str]]:
    """Names with what they may be handed over by: results of calls that they are given to, objects of classes."""
    yield from aliases_in(nodes)
    for node in nodes:
        if type(node) is cst.Call:
            given = (name for argument in node.args for name in names_given(argument.value))
            yield from ((name, last_name(node.func) + CALLED) for name in given)
        elif isinstance(node, cst.ClassDef):
            yield node.name.value, node.name.value + CALLED
            parts = (part for statement in node.body.body for part in walk(statement))
            binding = (part for part in parts if type(part) in NAMING)
            targets = (_target_name(target) for part in binding for target, _ in _assignments(part))
            yield from ((target, node.name.value) for target in targets)


# The nodes by which code hands something on.
HANDING = (
    *(cst.Call, cst.Dict, cst.Param, cst.Lambda, cst.Assign),
    *(cst.AnnAssign, cst.NamedExpr, cst.Return, cst.For, cst.CompFor),
)


def handed_over(nodes: Iterable[cst.CSTNode]) -> Iterator[cst.BaseExpression]:
    """The names, chains of names and texts that code hands on: to calls, variables, containers and whoever calls it."""
    for node in nodes:
        for value in _handed(node):
            yield from _leaves(value)


def _handed(node: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    if isinstance(node, cst.Call):
        if last_name(node.func) not in LOOKING_ON:
            yield from (argument.value for argument in node.args)
    elif isinstance(node, cst.Dict):
        yield from (element.value for element in node.elements)
    elif isinstance(node, cst.Param):
        yield from () if node.default is None else (node.default,)
    elif isinstance(node, cst.Lambda):
        yield node.body
    elif isinstance(node, (cst.Assign, cst.AnnAssign, cst.NamedExpr, cst.Return)):
        yield from () if node.value is None else (node.value,)
    elif isinstance(node, (cst.For, cst.CompFor)):
        yield node.iter


def _leaves(value: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """The expressions that a value is chosen from, or that it lists; not those in dicts, which are nodes themselves."""
    pending = [value]
    while pending:
        part = pending.pop()
        if type(part) is cst.Name or type(part) is cst.Attribute or type(part) is cst.SimpleString:
            yield part
        elif isinstance(part, (cst.IfExp, cst.BooleanOperation)):
            pending += (part.body, part.orelse) if isinstance(part, cst.IfExp) else (part.left, part.right)
        elif isinstance(part, (cst.List, cst.Tuple, cst.Set)):
            pending += (element.value for element in part.elements)


def _assignments(node: cst.CSTNode) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    if isinstance(node, cst.Assign):
        for target in node.targets:
            yield from _pairs(target.target, node.value)
    elif isinstance(node, (cst.AnnAssign, cst.NamedExpr)) and node.value is not None:
        yield node.target, node.value
    elif isinstance(node, (cst.For, cst.CompFor)):
        yield from _pairs(node.target, node.iter)


def _pairs(
    target: cst.BaseExpression, value: cst.BaseExpression
) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    if type(target) is cst.Name:
        yield target, value
    elif isinstance(target, (cst.Tuple, cst.List)) and isinstance(value, (cst.Tuple, cst.List)):
        for left, right in zip(target.elements, value.elements, strict=False):
            yield left.value, right.value
    elif isinstance(target, (cst.Tuple, cst.List)):
        yield from ((element.value, value) for element in target.elements)
    else:
        yield target, value


def _target_name(target: cst.BaseExpression) -> str:
    """The name of a target; of an item that of what holds it."""
    return last_name(target.value if type(target) is cst.Subscript else target)


def _results(function: cst.FunctionDef) -> Iterator[tuple[str, str]]:
    for node in walk(function.body):
        if type(node) is cst.Return and node.value is not None:
            yield from ((name, function.name.value + CALLED) for name in names_given(node.value))


def _positional(parameters: cst.Parameters) -> tuple[str, ...]:
    """The parameters that arguments by position go to."""
    names = tuple(each.name.value for each in (*parameters.posonly_params, *parameters.params))
    return names[1:] if names[:1] in (("self",), ("cls",)) else names


def _passed(call: cst.Call, parameters: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Names that a call hands over, with the parameters that get them."""
    for at, argument in enumerate(call.args):
        name = text_of(argument.value) or last_name(argument.value)
        if argument.keyword is not None:
            yield name, argument.keyword.value
        elif at < len(parameters) and not argument.star:
            yield name, parameters[at]


def names_given(value: cst.BaseExpression) -> Iterator[str]:
    """The names that an expression is, chooses between, or holds; the empty name for anything else."""
    pending: list[cst.BaseExpression] = [value]
    while pending:
        part = pending.pop()
        if type(part) is cst.Name or type(part) is cst.Attribute:
            yield last_name(part)
        elif isinstance(part, (cst.IfExp, cst.BooleanOperation)):
            pending += (part.body, part.orelse) if isinstance(part, cst.IfExp) else (part.left, part.right)
        elif isinstance(part, (cst.Dict, cst.List, cst.Tuple, cst.Set)):
            pending += (element.value for element in part.elements)
        elif isinstance(part, (cst.Subscript, cst.NamedExpr)):
            pending.append(part.value)
            key = key_of(part) if isinstance(part, cst.Subscript) else None
            yield from () if key is None else (key,)
        elif isinstance(part, cst.Call):
            callee = last_name(part.func)
            yield callee + CALLED
            if callee == "get" and isinstance(part.func, cst.Attribute):
                pending.append(part.func.value)
            if callee in OF_ARGUMENTS:
                pending += (argument.value for argument in part.args)
        else:
            yield part.raw_value if isinstance(part, cst.SimpleString) else last_name(part)
