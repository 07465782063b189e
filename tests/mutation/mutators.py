"""What is changed in code: each mutator says, for one node of a syntax tree, by which texts it could be replaced.

Left alone is what no test could see or nobody would write: docstrings, annotations, code for type checkers, prose (a
text with a space in it, f-strings), ``__repr__``, assertions, decorators that only make faster, only speak to type
checkers or change nothing for who calls by way of the class (``staticmethod``), and arguments that only guard against
slips (``frozen``, ``slots``, ``strict``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import libcst as cst

Replacement: TypeAlias = "tuple[cst.CSTNode, str]"
Mutator: TypeAlias = "Callable[[Any, Site], Iterator[Replacement]]"

_CODE = re.compile(r"""[rub]*(["'])([^\s"'\\{}\[\]/]{1,40})\1""")
_UNSEEN_DECORATORS = frozenset(
    "overload override abstractmethod abc.abstractmethod cache functools.cache functools.lru_cache lru_cache final "
    "functools.wraps runtime_checkable staticmethod".split()
)
_UNSEEN_ARGUMENTS = frozenset({"frozen", "slots", "kw_only", "strict", "source", "checked", "maxsize"})
_UNSEEN_VARIABLES = frozenset({"__all__", "__slots__", "__match_args__"})
_UNSEEN_FUNCTIONS = frozenset({"__repr__", "__dir__"})

# Functions whose first two arguments mean the same in either order, or can stand in one order only.
_UNORDERED = frozenset("min max math.isclose isinstance issubclass hasattr getattr next".split())

_COMPARISONS: dict[type[cst.BaseCompOp], tuple[str, ...]] = {
    cst.LessThan: ("<=", ">="),
    cst.LessThanEqual: ("<", ">"),
    cst.GreaterThan: (">=", "<="),
    cst.GreaterThanEqual: (">", "<"),
    cst.Equal: ("!=",),
    cst.NotEqual: ("==",),
    cst.Is: ("is not",),
    cst.IsNot: ("is",),
    cst.In: ("not in",),
    cst.NotIn: ("in",),
}
_OPERATORS: dict[type[cst.CSTNode], str] = {
    cst.Add: "-",
    cst.Subtract: "+",
    cst.Multiply: "/",
    cst.Divide: "*",
    cst.FloorDivide: "/",
    cst.Modulo: "*",
    cst.Power: "*",
    cst.BitOr: "&",
    cst.BitAnd: "|",
    cst.LeftShift: ">>",
    cst.RightShift: "<<",
    cst.AddAssign: "-=",
    cst.SubtractAssign: "+=",
    cst.MultiplyAssign: "/=",
    cst.DivideAssign: "*=",
    cst.BitOrAssign: "&=",
    cst.BitAndAssign: "|=",
}


@dataclass(frozen=True)
class Site:
    """Where a node stands.

    Attributes:
        text: the source of a node, without the parentheses around it.
        parents: the nodes around it, outermost first.
        enums: the members of each enumeration of the program, in order.
    """

    text: Callable[[cst.CSTNode], str]
    parents: Sequence[cst.CSTNode]
    enums: Mapping[str, Sequence[str]]

    @property
    def in_function(self) -> bool:
        """Whether it is in a function and not in a table of the module or of a class."""
        return any(isinstance(parent, (cst.FunctionDef, cst.Lambda)) for parent in self.parents)


MUTATORS: dict[type[cst.CSTNode], list[Mutator]] = defaultdict(list)


def _mutates(*kinds: type[cst.CSTNode]) -> Callable[[Mutator], Mutator]:
    def declare(mutator: Mutator) -> Mutator:
        for kind in kinds:
            MUTATORS[kind].append(mutator)
        return mutator

    return declare


def is_left_alone(node: cst.CSTNode) -> bool:
    """Whether nothing in a node is changed."""
    match node:
        case cst.Annotation() | cst.FormattedString() | cst.Assert() | cst.Import() | cst.ImportFrom():
            return True
        case cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString()):
            return True
        case cst.FunctionDef():
            return node.name.value in _UNSEEN_FUNCTIONS or any(map(_is_unseen_overload, node.decorators))
        case cst.If(test=cst.Name(value="TYPE_CHECKING")):
            return True
        case cst.AnnAssign(annotation=cst.Annotation(annotation=cst.Name(value="TypeAlias"))):
            return True
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))]):
            return name in _UNSEEN_VARIABLES
        case cst.Arg(keyword=cst.Name(value=name)):
            return name in _UNSEEN_ARGUMENTS
        case cst.Raise(exc=cst.Name(value=name) | cst.Call(func=cst.Name(value=name))):
            return name in {"AssertionError", "NotImplementedError"}
        case cst.Call(func=cst.Name(value=name)):
            return name in {"cast", "TypeVar"}
    return False


def _is_unseen_overload(decorator: cst.Decorator) -> bool:
    return isinstance(decorator.decorator, cst.Name) and decorator.decorator.value == "overload"


@_mutates(cst.ComparisonTarget)
def comparison(node: cst.ComparisonTarget, site: Site) -> Iterator[Replacement]:
    for other in _COMPARISONS[type(node.operator)]:
        yield node.operator, other


@_mutates(cst.BinaryOperation, cst.AugAssign)
def operator(node: cst.BinaryOperation | cst.AugAssign, site: Site) -> Iterator[Replacement]:
    if type(node.operator) in _OPERATORS:
        yield node.operator, _OPERATORS[type(node.operator)]


@_mutates(cst.BooleanOperation)
def connective(node: cst.BooleanOperation, site: Site) -> Iterator[Replacement]:
    yield node.operator, "or" if isinstance(node.operator, cst.And) else "and"


@_mutates(cst.UnaryOperation)
def sign(node: cst.UnaryOperation, site: Site) -> Iterator[Replacement]:
    if isinstance(node.operator, (cst.Not, cst.Minus)):
        yield node, f"({site.text(node.expression)})"


@_mutates(cst.If, cst.While, cst.IfExp, cst.CompIf)
def condition(node: cst.If | cst.While | cst.IfExp | cst.CompIf, site: Site) -> Iterator[Replacement]:
    """Its negation, where no other mutator makes the same."""
    test = node.test
    negated = isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not)
    if not negated and not isinstance(test, cst.Comparison):
        yield test, f"not ({site.text(test)})"


@_mutates(cst.If)
def guard(node: cst.If, site: Site) -> Iterator[Replacement]:
    """Taken away, where all that it does is to leave."""
    match node.body:
        case cst.IndentedBlock(body=[cst.SimpleStatementLine(body=[only])]) if node.orelse is None:
            if isinstance(only, (cst.Return, cst.Raise, cst.Break, cst.Continue)):
                yield node.test, "False"


@_mutates(cst.Integer, cst.Float)
def number(node: cst.Integer | cst.Float, site: Site) -> Iterator[Replacement]:
    value = node.evaluated_value
    yield node, repr(value + 1)
    yield node, f"({value - 1!r})"


@_mutates(cst.Name)
def truth(node: cst.Name, site: Site) -> Iterator[Replacement]:
    if node.value in {"True", "False"}:
        yield node, "False" if node.value == "True" else "True"


@_mutates(cst.SimpleString)
def code(node: cst.SimpleString, site: Site) -> Iterator[Replacement]:
    """A text that is a code or a key, that is, no prose."""
    if _CODE.fullmatch(node.value) and not isinstance(site.parents[-1], cst.ConcatenatedString):
        yield node, '"mutated"'


@_mutates(cst.Return)
def result(node: cst.Return, site: Site) -> Iterator[Replacement]:
    """None in its place; where that is true or false, `truth` changes it."""
    if node.value is not None and site.text(node.value) not in {"None", "True", "False"}:
        yield node, "return None"


@_mutates(cst.Raise, cst.Del)
def statement(node: cst.Raise | cst.Del, site: Site) -> Iterator[Replacement]:
    yield node, "pass"


@_mutates(cst.Expr)
def call(node: cst.Expr, site: Site) -> Iterator[Replacement]:
    if isinstance(node.value, (cst.Call, cst.Yield, cst.Await)):
        yield node, "pass"


@_mutates(cst.Assign)
def assignment(node: cst.Assign, site: Site) -> Iterator[Replacement]:
    """Of an attribute or an item; without one of a variable the code would not run at all."""
    if all(isinstance(target.target, (cst.Attribute, cst.Subscript)) for target in node.targets):
        yield node, "pass"


@_mutates(cst.Break, cst.Continue)
def jump(node: cst.Break | cst.Continue, site: Site) -> Iterator[Replacement]:
    yield node, "continue" if isinstance(node, cst.Break) else "break"


@_mutates(cst.Call)
def arguments(node: cst.Call, site: Site) -> Iterator[Replacement]:
    """The first two, swapped, where that makes a difference other than an error of type."""
    if len(node.args) < 2 or any(arg.keyword is not None or arg.star for arg in node.args[:2]):
        return
    function, (first, second, *rest) = site.text(node.func), map(site.text, node.args)
    if function not in _UNORDERED and first != second:
        yield node, f"{function}({', '.join((second, first, *rest))})"


@_mutates(cst.Decorator)
def decorator(node: cst.Decorator, site: Site) -> Iterator[Replacement]:
    name = node.decorator.func if isinstance(node.decorator, cst.Call) else node.decorator
    if site.text(name) not in _UNSEEN_DECORATORS:
        yield node, ""


@_mutates(cst.Dict, cst.Set, cst.Tuple, cst.List)
def entry(node: cst.Dict | cst.Set | cst.Tuple | cst.List, site: Site) -> Iterator[Replacement]:
    """Of a table; what a function puts into a tuple or a list is no table."""
    if len(node.elements) < 2 or (site.in_function and isinstance(node, (cst.Tuple, cst.List))):
        return
    opening, closing = ("[", "]") if isinstance(node, cst.List) else ("", "") if isinstance(node, cst.Tuple) else "{}"
    texts = [site.text(element) for element in node.elements]
    for left_out in range(len(texts)):
        rest = ", ".join(text for at, text in enumerate(texts) if at != left_out)
        yield node, f"{opening}{rest},{closing}"


@_mutates(cst.Call)
def word(node: cst.Call, site: Site) -> Iterator[Replacement]:
    """Of a table that is written as one text: ``"min max".split()``."""
    match node:
        case cst.Call(func=cst.Attribute(value=cst.SimpleString() | cst.ConcatenatedString() as text), args=[]):
            words = str(text.evaluated_value).split()
            for left_out in range(len(words)):
                rest = " ".join(one for at, one in enumerate(words) if at != left_out)
                yield text, repr(rest)


@_mutates(cst.Attribute)
def member(node: cst.Attribute, site: Site) -> Iterator[Replacement]:
    """The next one of an enumeration: another grade, another reason."""
    if isinstance(node.value, cst.Name) and node.value.value in site.enums:
        members = site.enums[node.value.value]
        if node.attr.value in members:
            yield node.attr, members[(members.index(node.attr.value) + 1) % len(members)]
