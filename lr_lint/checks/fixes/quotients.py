"""Dividing an expression by the learning rate: cancelling it where it is a factor, writing a quotient elsewhere.

The trees that come out are LibCST's, so that all that stays keeps its layout and its comments.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import libcst as cst

from lr_lint.source.tree import code_of

_CHOICES = frozenset({"max", "min"})
_ONE = cst.Integer("1")
# What needs no parentheses as the left operand of a division.
_TIGHT = (cst.Name, cst.Attribute, cst.Subscript, cst.Call, cst.Integer, cst.Float)
_TIGHT_OPERATORS = (cst.Multiply, cst.Divide, cst.FloorDivide, cst.Modulo, cst.MatrixMultiply, cst.Power)


def divides_tightly(node: cst.BaseExpression) -> bool:
    """Whether ``node / x`` divides the whole node without further parentheses."""
    if node.lpar or isinstance(node, _TIGHT):
        return True
    if isinstance(node, cst.UnaryOperation):
        return not isinstance(node.operator, cst.Not)
    return isinstance(node, cst.BinaryOperation) and isinstance(node.operator, _TIGHT_OPERATORS)


@dataclass(frozen=True, slots=True)
class Division:
    """A division by one rate.

    Attributes:
        is_rate: whether an expression is that very rate.
        divisor: how the rate is spelled; None where nothing but cancelling will do.
    """

    is_rate: Callable[[cst.BaseExpression], bool]
    divisor: cst.BaseExpression | None

    def shortened(self, node: cst.BaseExpression) -> cst.BaseExpression | None:
        """The quotient where the rate cancels at least somewhere in it; None where it does not."""
        result = self._cancelled(node)
        return cst.Float("1.0") if result is _ONE else result

    def _cancelled(self, node: cst.BaseExpression) -> cst.BaseExpression | None:
        if self.is_rate(node):
            return _ONE
        result: cst.BaseExpression | None = None
        if isinstance(node, cst.BinaryOperation):
            result = self._operation(node)
        elif isinstance(node, cst.IfExp):
            result = self._conditional(node)
        elif isinstance(node, cst.UnaryOperation) and isinstance(node.operator, (cst.Minus, cst.Plus)):
            inner = self._cancelled(node.expression)
            result = None if inner is None else node.with_changes(expression=inner)
        elif isinstance(node, cst.Call):
            result = self._choice(node)
        return result

    def _operation(self, node: cst.BinaryOperation) -> cst.BaseExpression | None:
        if isinstance(node.operator, cst.Multiply):
            left = self._cancelled(node.left)
            if left is not None:
                return _standing_for(node, node.right) if left is _ONE else node.with_changes(left=left)
            right = self._cancelled(node.right)
            if right is not None:
                return _standing_for(node, node.left) if right is _ONE else node.with_changes(right=right)
        elif isinstance(node.operator, cst.Divide):
            left = self._cancelled(node.left)
            return None if left is None else node.with_changes(left=left)
        elif isinstance(node.operator, (cst.Add, cst.Subtract)):
            left, right = self._cancelled(node.left), self._cancelled(node.right)
            return None if left is None or right is None else node.with_changes(left=left, right=right)
        return None

    def _conditional(self, node: cst.IfExp) -> cst.BaseExpression | None:
        branches = self._all_divided([node.body, node.orelse])
        return None if branches is None else node.with_changes(body=branches[0], orelse=branches[1])

    def _choice(self, node: cst.Call) -> cst.BaseExpression | None:
        """``max(lr * a, b)``: the rate is positive, so the greatest stays the greatest."""
        is_choice = isinstance(node.func, cst.Name) and node.func.value in _CHOICES and len(node.args) > 1
        if not is_choice or any(argument.star or argument.keyword is not None for argument in node.args):
            return None
        values = self._all_divided([argument.value for argument in node.args])
        if values is None:
            return None
        pairs = zip(node.args, values, strict=True)
        return node.with_changes(args=[argument.with_changes(value=value) for argument, value in pairs])

    def _all_divided(self, nodes: list[cst.BaseExpression]) -> list[cst.BaseExpression] | None:
        """Each of some expressions divided, if the rate cancels in one of them at least."""
        quotients = [self.shortened(node) for node in nodes]
        if all(quotient is None for quotient in quotients) or (None in quotients and self.divisor is None):
            return None
        return [self._quotient(node) if short is None else short for node, short in zip(nodes, quotients, strict=True)]

    def _quotient(self, node: cst.BaseExpression) -> cst.BaseExpression:
        if self.divisor is None:
            raise ValueError("there is nothing to divide by")
        left = node if divides_tightly(node) else _parenthesised(node)
        return cst.BinaryOperation(left=left, operator=cst.Divide(), right=self.divisor)


def _standing_for(old: cst.BaseExpression, new: cst.BaseExpression) -> cst.BaseExpression:
    """An operand in the place of the operation around it, with the parentheses of that."""
    if old.lpar and not new.lpar and not isinstance(new, _TIGHT):
        return new.with_changes(lpar=old.lpar, rpar=old.rpar)
    return new


def _parenthesised(node: cst.BaseExpression) -> cst.BaseExpression:
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def unwrapped(node: cst.BaseExpression) -> cst.BaseExpression:
    """An expression that stands alone without the parentheses that it does not need there."""
    if not node.lpar or isinstance(node, (cst.Tuple, cst.GeneratorExp, cst.NamedExpr, cst.Yield)):
        return node
    bare = node.with_changes(lpar=[], rpar=[])
    text = cst.Module([]).code_for_node(bare)
    return node if "\n" in text or "\r" in text else bare


def spelled(text: str) -> cst.BaseExpression | None:
    """The expression of a text; None where it is none."""
    try:
        node = cst.parse_expression(text)
    except cst.ParserSyntaxError:
        return None
    return node if code_of(node) == text else None
