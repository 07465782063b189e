"""The return multiplied by the optimizer's rate, and divided by it again.

The one makes a rate of a factor, which must be found; with the other the schedule is what it was.
"""

from __future__ import annotations

from random import Random

import libcst as cst

from lr_lint.vocabulary.contracts import Meaning
from tests.metamorphic.programs import Program, Promise, Rewriting, Transformation
from tests.metamorphic.trees import (
    Changes,
    Parents,
    bindings,
    callables,
    code_of,
    constructions,
    expression,
    last_name,
    nodes,
    parents_of,
    replaced,
    walk,
)

# Rates beyond this may be meant to be relative to one.
_LARGEST = 0.2


def _rate(tree: cst.Module, literals: bool) -> str | None:
    """The expression that the file's only optimizer with an lr is given, if that is a name or a path that is kept."""
    calls = [node for node in nodes(tree) if isinstance(node, cst.Call) and last_name(node.func)[:1].isupper()]
    given = [arg.value for call in calls for arg in call.args if arg.keyword is not None and arg.keyword.value == "lr"]
    if len(given) != 1 or not isinstance(given[0], (cst.Name, cst.Float)):
        return None
    if isinstance(given[0], cst.Name) and not _is_seen_by_callables(given[0].value, tree):
        return None
    if isinstance(given[0], cst.Float) and (not literals or float(given[0].value) > _LARGEST):
        return None
    return code_of(given[0])


def _is_seen_by_callables(name: str, tree: cst.Module) -> bool:
    """Whether a name is bound once, by the module or by a function that holds all callables."""
    binders = [node for other, node in bindings(tree) if other == name]
    parents = parents_of(tree)
    if len(binders) != 1:
        return False
    home = _function_around(binders[0], parents)
    given = {each.value for each in callables(tree) if isinstance(each, cst.Name)}
    functions = [node for node in nodes(tree) if isinstance(node, cst.FunctionDef) and node.name.value in given]
    return home is None or all(_is_below(each, home, parents) for each in (*callables(tree), *functions))


def _function_around(node: cst.CSTNode, parents: Parents) -> cst.CSTNode | None:
    while node in parents:
        node = parents[node]
        if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            return node
    return None


def _is_below(node: cst.CSTNode, above: cst.CSTNode, parents: Parents) -> bool:
    while node in parents:
        node = parents[node]
        if node is above:
            return True
    return False


def _is_factor_of_initial(tree: cst.Module) -> bool:
    found = [contract for _, contract in constructions(tree)]
    return bool(found) and all(contract.meaning is Meaning.FACTOR_OF_INITIAL for contract in found)


def _times(form: str, *, literals: bool = False) -> Rewriting:
    """Each callable that is a lambda, or a function that is given by name, returns what ``form`` makes of its value.

    A number says nothing by itself, so a quotient of two equal ones is no quotient of rates.
    """

    def rewrite(program: Program, tree: cst.Module, random: Random) -> Program | None:
        rate = _rate(tree, literals)
        if rate is None or not _is_factor_of_initial(tree):
            return None
        changes: Changes = {}
        for value in callables(tree):
            if isinstance(value, cst.Lambda):
                changes[value.body] = expression(form.format(value=code_of(value.body), rate=rate))
            elif isinstance(value, cst.Name):
                changes.update(_returns_of(tree, value.value, form, rate))
        return program.with_tree(replaced(tree, changes)) if changes else None

    return rewrite


def _returns_of(tree: cst.Module, name: str, form: str, rate: str) -> Changes:
    functions = [
        node
        for node in nodes(tree)
        if isinstance(node, cst.FunctionDef) and node.name.value == name and not node.decorators
    ]
    changes: Changes = {}
    for function in functions:
        for node in walk(function):
            if isinstance(node, cst.Return) and node.value is not None:
                changes[node.value] = expression(form.format(value=code_of(node.value), rate=rate))
    return changes


TRANSFORMATIONS = (
    Transformation("times-the-rate", _times("({value}) * {rate}", literals=True), Promise.BECOMES_RATE),
    Transformation("rate-times", _times("{rate} * ({value})", literals=True), Promise.BECOMES_RATE),
    Transformation("over-its-inverse", _times("({value}) / (1 / {rate})"), Promise.BECOMES_RATE),
    Transformation("times-and-over-the-rate", _times("({value}) * {rate} / {rate}")),
    Transformation("over-and-times-the-rate", _times("({value}) / {rate} * {rate}")),
)
