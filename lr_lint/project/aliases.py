"""Which variables may hold one object: ``sched = cfg["sched"]`` makes ``sched`` a part of ``cfg``.

Whatever changes the one in place changes the other. Only spelling is looked at: chains of attributes and items, choices
between them, loops over them. What a call returns is taken for a new object, but for those that give a part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import libcst as cst

from lr_lint.project.binders import target_names
from lr_lint.project.effects import root_of
from lr_lint.project.knowledge import VIEWING
from lr_lint.project.namings import key_of
from lr_lint.source.tree import dotted_name, last_name, walk

# Methods that give a part of their object, which changes as the part does, and functions that give an argument again,
# a part of it, or a container of its parts.
_GIVING_PARTS = VIEWING | frozenset("get setdefault values items pop copy __getitem__ __iter__".split())
# By their last names: functions of the standard library whose results hold what these were given.
_OF_THEIR_ARGUMENTS = VIEWING | frozenset(
    "vars getattr dict list tuple set sorted reversed enumerate zip iter map filter copy partial tee islice chain "
    "cycle nullcontext closing MappingProxyType ChainMap OrderedDict defaultdict deque SimpleNamespace cast proxy ref "
    "next itemgetter attrgetter methodcaller".split()
)


# Statements that give nothing to a name but the one that they define or import. To ask LibCST's abstract classes takes
# longer.
_GIVING_NOTHING = frozenset(
    {
        *(cst.FunctionDef, cst.ClassDef, cst.Import, cst.ImportFrom, cst.Pass, cst.Break, cst.Continue, cst.Raise),
        *(cst.Assert, cst.Del, cst.Global, cst.Nonlocal, cst.Try, cst.TryStar),
    }
)
_CHAINS = frozenset({cst.Name, cst.Attribute, cst.Subscript})


def assignments(statement: cst.CSTNode) -> Iterator[tuple[list[cst.BaseExpression], cst.BaseExpression]]:
    """What a statement, in whatever form, gives to which targets."""
    if type(statement) in _GIVING_NOTHING:
        return
    if isinstance(statement, cst.Assign):
        yield [target.target for target in statement.targets], statement.value
        yield from _named_in(statement.value)
    elif isinstance(statement, cst.For):
        yield [statement.target], statement.iter
    elif isinstance(statement, (cst.AnnAssign, cst.AugAssign)) and statement.value is not None:
        yield [statement.target], statement.value
        yield from _named_in(statement.value)
    elif isinstance(statement, cst.With):
        for item in statement.items:
            if item.asname is not None:
                yield [item.asname.name], item.item
    elif isinstance(statement, (cst.Expr, cst.Return)) and statement.value is not None:
        yield from _named_in(statement.value)
    elif isinstance(statement, (cst.If, cst.While)):
        yield from _named_in(statement.test)
    elif isinstance(statement, cst.BaseExpression):
        # The test of a block.
        yield from _named_in(statement)


def _named_in(value: cst.BaseExpression) -> Iterator[tuple[list[cst.BaseExpression], cst.BaseExpression]]:
    """The assignments in an expression."""
    for node in walk(value):
        if type(node) is cst.NamedExpr:
            yield [node.target], node.value


def held_by(statement: cst.CSTNode) -> Iterator[tuple[str, str]]:
    """The variables to which a statement gives an object of another variable, or a part of it, with that variable."""
    for targets, value in assignments(statement):
        roots = set(roots_of_alias(value))
        names = [name.value for target in targets for name in target_names(target)]
        if len(targets) > 1:
            # ``a = b = {}`` is one dict.
            roots.update(names)
        for name in names:
            yield from ((name, root) for root in roots if root != name)


def copied_by(statement: cst.CSTNode) -> Iterator[tuple[str, str, str | None]]:
    """The variables to which a statement gives what another one holds: with that one, and which part, by its last name.

    The name is empty for all of it, and None where more is given than one value: displays, results of calls.
    """
    for targets, value in assignments(statement):
        leaf = _leaf_of(value)
        for name in (each.value for target in targets for each in target_names(target)):
            yield from ((name, root, leaf) for root in roots_of_alias(value) if root != name)


def _leaf_of(value: cst.BaseExpression) -> str | None:
    """The last name of a chain of attributes and items; empty for a bare name, None for anything else."""
    if isinstance(value, cst.Name):
        return ""
    if isinstance(value, cst.Attribute):
        return value.attr.value
    return key_of(value) if isinstance(value, cst.Subscript) else None


def roots_of_alias(value: cst.BaseExpression) -> Iterator[str]:
    """The variables whose objects an expression gives, or holds: chains of attributes and items, choices, displays."""
    if type(value) in _CHAINS:
        root = root_of(value)
        if root is not None:
            yield root
    elif type(value) is cst.Call:
        yield from _roots_of_result(value)
    elif isinstance(value, cst.IfExp):
        yield from roots_of_alias(value.body)
        yield from roots_of_alias(value.orelse)
    elif isinstance(value, cst.BooleanOperation):
        yield from roots_of_alias(value.left)
        yield from roots_of_alias(value.right)
    elif isinstance(value, cst.NamedExpr):
        yield from roots_of_alias(value.value)
    elif isinstance(value, (cst.Tuple, cst.List)):
        for element in value.elements:
            yield from roots_of_alias(element.value)
    elif isinstance(value, cst.Dict):
        for each in value.elements:
            yield from roots_of_alias(each.value)
    elif isinstance(value, cst.BaseComp):
        yield from roots_of_alias(value.for_in.iter)
        if isinstance(value, cst.BaseSimpleComp):
            yield from roots_of_alias(value.elt)


def _roots_of_result(call: cst.Call) -> Iterator[str]:
    """The variables whose objects, or parts of them, a call gives: ``cfg.get("optimizer")``, ``list(groups)``."""
    if isinstance(call.func, cst.Attribute) and last_name(call.func) in _GIVING_PARTS:
        root = root_of(call)
        if root is not None:
            yield root
    called = (dotted_name(call.func) or "").rpartition(".")[2]
    if isinstance(call.func, cst.Call) or called in _OF_THEIR_ARGUMENTS:
        for argument in call.args:
            yield from roots_of_alias(argument.value)


def calls_giving(value: cst.BaseExpression) -> Iterator[cst.Call]:
    """The calls that an expression gives the results of, or holds these: choices, displays, parts of results."""
    if isinstance(value, cst.Call):
        yield value
    elif isinstance(value, cst.IfExp):
        yield from calls_giving(value.body)
        yield from calls_giving(value.orelse)
    elif isinstance(value, cst.BooleanOperation):
        yield from calls_giving(value.left)
        yield from calls_giving(value.right)
    elif isinstance(value, (cst.Tuple, cst.List, cst.Dict)):
        for element in value.elements:
            yield from calls_giving(element.value)
    elif isinstance(value, (cst.NamedExpr, cst.Attribute, cst.Subscript)):
        yield from calls_giving(value.value)
    elif isinstance(value, cst.Await):
        yield from calls_giving(value.expression)


def behind(name: str, aliases: Mapping[str, set[str]]) -> set[str]:
    """The variables whose objects a variable may hold, directly or through others."""
    found: set[str] = set()
    pending = [name]
    while pending:
        for other in aliases.get(pending.pop(), ()):
            if other not in found:
                found.add(other)
                pending.append(other)
    return found
