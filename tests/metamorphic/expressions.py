"""Expressions and statements of functions written in other ways that compute the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import libcst as cst

from tests.metamorphic.programs import Program, Transformation
from tests.metamorphic.trees import (
    CONTRACTS,
    Changes,
    Parents,
    callables,
    code_of,
    expression,
    fresh,
    last_name,
    names_in,
    nodes,
    parents_of,
    replaced,
    statement_around,
    statements,
    walk,
    with_helpers,
    with_imports,
)


def _lambda_to_def(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """A lambda that is a callable becomes a function before the statement it stands in."""
    changes: Changes = {}
    additions: list[tuple[cst.SimpleStatementLine, str]] = []
    for at, value in enumerate(callables(tree)):
        line = statement_around(value, parents_of(tree))
        if isinstance(value, cst.Lambda) and line is not None:
            name = fresh(tree, f"schedule{at}")
            additions.append((line, f"def {name}({code_of(value.params)}):\n    return {code_of(value.body)}"))
            changes[value] = cst.Name(name)
    return program.with_tree(replaced(tree, changes, additions)) if changes else None


def _lambda_to_module(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """A lambda that reads nothing but the module's variables becomes a function at the module's end, or its name does.

    The end has come when it is called only where the construction is inside a function. A function of the module can be
    pickled, as a lambda cannot.
    """
    if "LR411" in program.codes:
        return None
    parents = parents_of(tree)
    changes: Changes = {}
    added = []
    local = {name for node in nodes(tree) if isinstance(node, cst.FunctionDef) for name in _bound_in(node)}
    for at, value in enumerate(callables(tree)):
        inside = _function_around(value, parents)
        if isinstance(value, cst.Lambda) and inside is not None and not value.params.params[1:]:
            name = fresh(tree, f"schedule{at}")
            own = {param.name.value for param in value.params.params}
            if not (names_in(value.body) - own) & local:
                added.append(f"def {name}({code_of(value.params)}):\n    return {code_of(value.body)}")
                changes[value] = cst.Name(name)
    return program.with_tree(with_helpers(replaced(tree, changes), "\n\n".join(added))) if changes else None


def _bound_in(function: cst.FunctionDef) -> set[str]:
    found = {node.name.value for node in walk(function) if isinstance(node, (cst.Param, cst.FunctionDef, cst.ClassDef))}
    for node in walk(function):
        if isinstance(node, (cst.AssignTarget, cst.For, cst.CompFor, cst.NamedExpr, cst.AnnAssign, cst.AsName)):
            found |= names_in(node.name if isinstance(node, cst.AsName) else node.target)
        elif isinstance(node, cst.ImportAlias):
            found |= names_in(node)
    return found


def _function_around(node: cst.CSTNode, parents: Parents) -> cst.CSTNode | None:
    while node in parents:
        node = parents[node]
        if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            return node if isinstance(node, cst.FunctionDef) else None
    return None


def _def_to_lambda(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """A function that returns one expression and does nothing else becomes a lambda that is assigned."""
    changes: Changes = {}
    for node in nodes(tree):
        if not isinstance(node, cst.FunctionDef) or node.decorators or node.asynchronous or _constructs(node):
            continue
        result = _only_result(node)
        if result is not None and not _is_method(node, parents_of(tree)):
            bare = node.params.visit(_WithoutAnnotations())
            assert isinstance(bare, cst.Parameters)
            code = f"{node.name.value} = lambda {code_of(bare)}: {code_of(result)}"
            if not any(isinstance(each, (cst.Yield, cst.Await)) for each in walk(result)) and "\n" not in code:
                changes[node] = statements(code)[0]
    return program.with_tree(replaced(tree, changes)) if changes else None


def _constructs(function: cst.FunctionDef) -> bool:
    """Whether a function makes a scheduler: who calls it is told by its name, which a lambda has not."""
    return any(isinstance(each, cst.Call) and last_name(each.func) in CONTRACTS for each in walk(function))


def _is_method(node: cst.CSTNode, parents: Parents) -> bool:
    return isinstance(parents.get(parents[node]), cst.ClassDef)


class _WithoutAnnotations(cst.CSTTransformer):
    def leave_Param(self, original_node: cst.Param, updated_node: cst.Param) -> Any:
        return updated_node.with_changes(annotation=None)


def _only_result(function: cst.FunctionDef) -> cst.BaseExpression | None:
    body = function.body.body
    if len(body) != 1 or not isinstance(body[0], cst.SimpleStatementLine) or len(body[0].body) != 1:
        return None
    only = body[0].body[0]
    return only.value if isinstance(only, cst.Return) else None


def _if_to_conditional(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """``if a: return x`` followed by ``return y`` becomes ``return x if a else y``; so does a chain of them."""

    class Fold(cst.CSTTransformer):
        def leave_IndentedBlock(self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock) -> Any:
            body = list(updated_node.body)
            while len(body) >= 2 and (folded := _folded(body[-2], body[-1])) is not None:
                body[-2:] = [folded]
            if body and isinstance(body[-1], cst.If) and (folded := _chosen(body[-1])) is not None:
                body[-1] = folded
            return updated_node.with_changes(body=body)

    return program.with_tree(tree.visit(Fold()))


def _folded(first: Any, last: Any) -> Any:
    value, other = (_returned(first.body) if isinstance(first, cst.If) else None), _result(last)
    if value is None or other is None or first.orelse is not None:
        return None
    return _conditional(value, first.test, other)


def _chosen(node: cst.If) -> Any:
    value = _returned(node.body)
    if value is None or not isinstance(node.orelse, cst.Else):
        return None
    other = _returned(node.orelse.body)
    return None if other is None else _conditional(value, node.test, other)


def _conditional(value: cst.BaseExpression, test: cst.BaseExpression, other: cst.BaseExpression) -> Any:
    return cst.parse_statement(f"return ({code_of(value)}) if ({code_of(test)}) else ({code_of(other)})")


def _returned(block: cst.BaseSuite) -> cst.BaseExpression | None:
    return _result(block.body[0]) if len(block.body) == 1 else None


def _result(statement: Any) -> cst.BaseExpression | None:
    if isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1:
        statement = statement.body[0]
    return statement.value if isinstance(statement, cst.Return) else None


def _conditional_to_if(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """``return x if a else y`` becomes statements."""
    return _returns(
        program, tree, lambda choice: _as_if(choice, "if {test}:\n    return {body}\nelse:\n    return {other}")
    )


def _conditional_to_early_return(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """``return x if a else y`` becomes an early return."""
    return _returns(program, tree, lambda choice: _as_if(choice, "if {test}:\n    return {body}\nreturn {other}"))


def _conditional_to_match(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """``return x if a else y`` becomes a match on the truth of what it tests."""
    form = "match bool({test}):\n    case True:\n        return {body}\n    case _:\n        return {other}"
    return _returns(program, tree, lambda choice: _as_if(choice, form))


def _conditional_to_guard(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """``return x if a else y`` becomes a match with a guard."""
    form = "match 0:\n    case _ if {test}:\n        return {body}\n    case _:\n        return {other}"
    return _returns(program, tree, lambda choice: _as_if(choice, form))


def _conditional_to_variable(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """``return x if a else y`` becomes assignments to one variable."""
    form = "if {test}:\n    chosen = {body}\nelse:\n    chosen = {other}\nreturn chosen"
    return None if "chosen" in program.text else _returns(program, tree, lambda choice: _as_if(choice, form))


def _as_if(choice: cst.IfExp, form: str) -> list[Any]:
    parts = {"test": choice.test, "body": choice.body, "other": choice.orelse}
    return statements(form.format(**{name: f"({code_of(part)})" for name, part in parts.items()}))


def _returns(program: Program, tree: cst.Module, spell: Callable[[cst.IfExp], list[Any]]) -> Program | None:
    class Unfold(cst.CSTTransformer):
        def leave_SimpleStatementLine(self, original_node: Any, updated_node: cst.SimpleStatementLine) -> Any:
            choice = _result(updated_node)
            if not isinstance(choice, cst.IfExp):
                return updated_node
            return cst.FlattenSentinel(spell(choice))

    return program.with_tree(tree.visit(Unfold()))


def _result_in_variable(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """``return x`` becomes an assignment and a return."""
    name = fresh(tree, "outcome")

    class Assign(cst.CSTTransformer):
        def leave_SimpleStatementLine(self, original_node: Any, updated_node: cst.SimpleStatementLine) -> Any:
            value = _result(updated_node)
            if value is None:
                return updated_node
            return cst.FlattenSentinel(statements(f"{name} = {code_of(value)}\nreturn {name}"))

    return program.with_tree(tree.visit(Assign()))


def _else_after_return(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """What follows an ``if`` that returns becomes its ``else``."""

    class Nest(cst.CSTTransformer):
        def leave_IndentedBlock(self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock) -> Any:
            body = list(updated_node.body)
            for at in reversed(range(len(body) - 1)):
                node = body[at]
                if isinstance(node, cst.If) and node.orelse is None and _returned(node.body) is not None:
                    rest = cst.Else(cst.IndentedBlock(body[at + 1 :]))
                    body = [*body[:at], node.with_changes(orelse=rest)]
            return updated_node.with_changes(body=body)

    return program.with_tree(tree.visit(Nest()))


def _negated(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """The branches of a choice change places, and the test is negated."""

    class Negate(cst.CSTTransformer):
        def leave_IfExp(self, original_node: cst.IfExp, updated_node: cst.IfExp) -> Any:
            test = expression(f"not ({code_of(updated_node.test)})")
            return updated_node.with_changes(test=test, body=_closed(updated_node.orelse), orelse=updated_node.body)

        def leave_If(self, original_node: cst.If, updated_node: cst.If) -> Any:
            if not isinstance(updated_node.orelse, cst.Else) or not isinstance(updated_node.body, cst.IndentedBlock):
                return updated_node
            test = expression(f"not ({code_of(updated_node.test)})")
            other = updated_node.orelse.with_changes(body=updated_node.body)
            return updated_node.with_changes(test=test, body=updated_node.orelse.body, orelse=other)

    return program.with_tree(tree.visit(Negate()))


def _closed(value: cst.BaseExpression) -> cst.BaseExpression:
    return value.with_changes(lpar=[cst.LeftParen(), *value.lpar], rpar=[*value.rpar, cst.RightParen()])


_FLIPPED: dict[type[cst.BaseCompOp], type[Any]] = {
    cst.LessThan: cst.GreaterThan,
    cst.GreaterThan: cst.LessThan,
    cst.LessThanEqual: cst.GreaterThanEqual,
    cst.GreaterThanEqual: cst.LessThanEqual,
}


def _flipped(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """``a < b`` becomes ``b > a``, where neither side calls anything."""

    class Flip(cst.CSTTransformer):
        def leave_Comparison(self, original_node: cst.Comparison, updated_node: cst.Comparison) -> Any:
            if len(updated_node.comparisons) != 1 or any(isinstance(each, cst.Call) for each in walk(updated_node)):
                return updated_node
            only = updated_node.comparisons[0]
            other = _FLIPPED.get(type(only.operator))
            if other is None:
                return updated_node
            target = cst.ComparisonTarget(other(), _closed(updated_node.left))
            return updated_node.with_changes(left=_closed(only.comparator), comparisons=[target])

    return program.with_tree(tree.visit(Flip()))


def _swapped(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """``a * b`` becomes ``b * a`` where one side is a number or a power of one: arithmetic on numbers commutes.

    Not in an expression with a text or a display in it, whose repetition would be another thing.
    """

    class Swap(cst.CSTTransformer):
        def leave_BinaryOperation(self, original_node: cst.BinaryOperation, updated_node: cst.BinaryOperation) -> Any:
            if not isinstance(updated_node.operator, cst.Multiply) or any(map(_is_no_number, walk(updated_node))):
                return updated_node
            return updated_node.with_changes(left=_closed(updated_node.right), right=_closed(updated_node.left))

    return program.with_tree(tree.visit(Swap()))


def _is_no_number(node: cst.CSTNode) -> bool:
    return isinstance(node, (cst.BaseString, cst.List, cst.Tuple, cst.Dict, cst.Call, cst.Await))


_OPERATORS = {
    cst.Multiply: "mul",
    cst.Add: "add",
    cst.Subtract: "sub",
    cst.Divide: "truediv",
    cst.Power: "pow",
    cst.FloorDivide: "floordiv",
    cst.Modulo: "mod",
}


def _operators(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """``a * b`` becomes ``operator.mul(a, b)``."""
    if "operator" in names_in(tree):
        return None

    class Call(cst.CSTTransformer):
        def leave_BinaryOperation(self, original_node: cst.BinaryOperation, updated_node: cst.BinaryOperation) -> Any:
            name = _OPERATORS.get(type(updated_node.operator))
            if name is None or any(isinstance(each, cst.BaseString) for each in walk(updated_node)):
                return updated_node
            return expression(f"operator.{name}({code_of(updated_node.left)}, {code_of(updated_node.right)})")

    changed = tree.visit(Call())
    return None if changed.code == tree.code else program.with_tree(with_imports(changed, "import operator"))


def _power_call(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """``a ** b`` becomes ``pow(a, b)``."""

    class Call(cst.CSTTransformer):
        def leave_BinaryOperation(self, original_node: cst.BinaryOperation, updated_node: cst.BinaryOperation) -> Any:
            if not isinstance(updated_node.operator, cst.Power):
                return updated_node
            return expression(f"pow({code_of(updated_node.left)}, {code_of(updated_node.right)})")

    return None if "pow" in names_in(tree) else program.with_tree(tree.visit(Call()))


def _constants(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """Numbers in functions become variables of the module."""
    names: dict[str, str] = {}
    changes: Changes = {}
    for node in _numbers(tree):
        text = code_of(node)
        names.setdefault(text, fresh(tree, f"CONSTANT_{len(names)}"))
        changes[node] = cst.Name(names[text])
    code = "\n".join(f"{name} = {text}" for text, name in names.items())
    return program.with_tree(with_helpers(replaced(tree, changes), code)) if changes else None


def _constants_elsewhere(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """Numbers in functions become variables of another module."""
    module = fresh(tree, "numbers_of_the_run")
    names: dict[str, str] = {}
    changes: Changes = {}
    for node in _numbers(tree):
        text = code_of(node)
        names.setdefault(text, f"CONSTANT_{len(names)}")
        changes[node] = expression(f"{module}.{names[text]}")
    if not changes or "/" in program.path:
        return None
    code = "".join(f"{name} = {text}\n" for text, name in names.items())
    return program.with_tree(with_imports(replaced(tree, changes), f"import {module}"), {f"{module}.py": code})


def _constants_in_class(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """Numbers in functions become attributes of a class."""
    name = fresh(tree, "Numbers")
    names: dict[str, str] = {}
    changes: Changes = {}
    for node in _numbers(tree):
        text = code_of(node)
        names.setdefault(text, f"n{len(names)}")
        changes[node] = expression(f"{name}.{names[text]}")
    code = f"class {name}:\n" + "".join(f"    {each} = {text}\n" for text, each in names.items())
    return program.with_tree(with_helpers(replaced(tree, changes), code)) if changes else None


def _numbers(tree: cst.Module) -> list[cst.CSTNode]:
    parents = parents_of(tree)
    return [
        node
        for node in nodes(tree)
        if isinstance(node, (cst.Float, cst.Integer))
        and not isinstance(parents[node], (cst.MatchValue, cst.UnaryOperation))
        and _is_in_function(node, parents)
    ]


def _is_in_function(node: cst.CSTNode, parents: Parents) -> bool:
    while node in parents:
        node = parents[node]
        if isinstance(node, (cst.Lambda, cst.FunctionDef)):
            return True
        if isinstance(node, (cst.Param, cst.Decorator, cst.Annotation)):
            return False
    return False


# Where nobody knows how many callables a list has, a hundred are run, and calls take more steps than operators.
_BY_BUDGET = frozenset({"LR304"})

TRANSFORMATIONS = (
    Transformation("lambda-to-def", _lambda_to_def),
    Transformation("lambda-to-module", _lambda_to_module),
    Transformation("def-to-lambda", _def_to_lambda),
    Transformation("if-to-conditional", _if_to_conditional),
    Transformation("conditional-to-if", _conditional_to_if),
    Transformation("conditional-to-early-return", _conditional_to_early_return),
    Transformation("conditional-to-match", _conditional_to_match),
    Transformation("conditional-to-guard", _conditional_to_guard),
    Transformation("conditional-to-variable", _conditional_to_variable),
    Transformation("result-in-variable", _result_in_variable),
    Transformation("else-after-return", _else_after_return),
    Transformation("negated-tests", _negated),
    Transformation("flipped-comparisons", _flipped),
    Transformation("swapped-factors", _swapped),
    Transformation("operator-functions", _operators, loses=_BY_BUDGET),
    Transformation("pow", _power_call),
    Transformation("constants", _constants),
    Transformation("constants-elsewhere", _constants_elsewhere),
    Transformation("constants-in-class", _constants_in_class),
)
