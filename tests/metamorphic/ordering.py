"""Parts of a program whose order does not matter, in another order."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import libcst as cst

from tests.metamorphic.programs import Program, Rewriting, Transformation
from tests.metamorphic.trees import code_of, is_future, is_import, last_name, walk

_STILL = (cst.Name, cst.Integer, cst.Float, cst.BaseString, cst.Lambda)


def _keywords(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """Keyword arguments that are names, numbers, texts or lambdas, backwards."""

    class Turn(cst.CSTTransformer):
        def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> Any:
            args = updated_node.args
            at = next((at for at, arg in enumerate(args) if arg.keyword is not None), len(args))
            if any(arg.star or not isinstance(arg.value, _STILL) for arg in args[at:]):
                return updated_node
            turned = [arg.with_changes(comma=cst.MaybeSentinel.DEFAULT) for arg in [*args[:at], *reversed(args[at:])]]
            return updated_node.with_changes(args=turned)

    return program.with_tree(tree.visit(Turn()))


def _runs(take: Callable[[cst.CSTNode], bool], turn: Callable[[list[Any], Random], list[Any]]) -> Rewriting:
    """Statements in a row that may change places do so, in every block."""

    def rewrite(program: Program, tree: cst.Module, random: Random) -> Program | None:
        def reordered(body: Any) -> list[Any]:
            result: list[Any] = []
            run: list[Any] = []
            for each in [*body, None]:
                if each is not None and take(each):
                    run.append(each)
                else:
                    result += turn(run, random) if len(run) > 1 else run
                    run = []
                    result += [] if each is None else [each]
            return result

        class Turn(cst.CSTTransformer):
            def leave_Module(self, original_node: cst.Module, updated_node: cst.Module) -> Any:
                return updated_node.with_changes(body=reordered(updated_node.body))

            def leave_IndentedBlock(self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock) -> Any:
                return updated_node.with_changes(body=reordered(updated_node.body))

        return program.with_tree(tree.visit(Turn()))

    return rewrite


def _is_free_definition(node: cst.CSTNode) -> bool:
    """A function whose definition reads nothing: no decorators, no defaults, no annotations."""
    if not isinstance(node, cst.FunctionDef) or node.decorators or node.returns is not None:
        return False
    params = [each for each in walk(node.params) if isinstance(each, cst.Param)]
    return all(each.default is None and each.annotation is None for each in params)


def _is_class_or_function(node: cst.CSTNode) -> bool:
    return _is_free_definition(node) or (
        isinstance(node, cst.ClassDef)
        and not node.decorators
        and not node.bases
        and all(_is_free_definition(each) for each in node.body.body)
    )


def _is_constant(node: cst.CSTNode) -> bool:
    """An assignment of a number to a name."""
    if not isinstance(node, cst.SimpleStatementLine) or len(node.body) != 1:
        return False
    only = node.body[0]
    if not isinstance(only, cst.Assign) or not isinstance(only.value, (cst.Integer, cst.Float)):
        return False
    return len(only.targets) == 1 and isinstance(only.targets[0].target, cst.Name)


def _is_plain_import(node: cst.CSTNode) -> bool:
    return is_import(node) and not is_future(node) and not any(isinstance(each, cst.ImportStar) for each in walk(node))


def _backwards(run: list[Any], random: Random) -> list[Any]:
    names = [next(iter(_first_names(each))) for each in run]
    return run[::-1] if len(set(names)) == len(names) else run


def _shuffled(run: list[Any], random: Random) -> list[Any]:
    names = [next(iter(_first_names(each))) for each in run]
    return random.sample(run, len(run)) if len(set(names)) == len(names) else run


def _first_names(node: Any) -> list[str]:
    if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
        return [node.name.value]
    only = node.body[0]
    if isinstance(only, cst.Assign):
        return [last_name(only.targets[0].target)]
    return [code_of(node)]


TRANSFORMATIONS = (
    Transformation("order-keywords", _keywords),
    Transformation("order-functions", _runs(_is_free_definition, _backwards)),
    Transformation("order-functions-by-chance", _runs(_is_free_definition, _shuffled)),
    Transformation("order-definitions", _runs(_is_class_or_function, _backwards)),
    Transformation("order-constants", _runs(_is_constant, _backwards)),
    Transformation("order-imports", _runs(_is_plain_import, _backwards)),
)
