"""Random small programs: Python source for hypothesis to draw, arithmetic and control flow only.

Every program ends by itself and computes no large integers, so that CPython can run it as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from hypothesis import strategies as st

Names: TypeAlias = "tuple[str, ...]"

_NUMBERS = ["0", "1", "2", "3", "7", "10", "100", "-1", "-3", "0.0", "0.1", "0.5", "1.5", "2.5", "-0.5", "1e-3", "1e-8"]
_CONSTANTS = ["True", "False", "math.pi", "math.inf", "math.nan", "1e300", "12_000", "0x1f", "1_0.5e1"]
_MATH = "cos sin tan exp sqrt log log2 log10 log1p expm1 tanh floor ceil trunc fabs erf atan acos".split()
_BINARY = ["+", "-", "*", "/", "//", "%"]
_BITWISE = ["&", "|", "^", "<<", ">>"]
_COMPARISONS = ["<", "<=", ">", ">=", "==", "!="]
_EXCEPTIONS = [
    "ZeroDivisionError",
    "(ZeroDivisionError, TypeError)",
    "(OverflowError, ValueError)",
    "ArithmeticError",
    "LookupError",
    "Exception",
    "",
]

# What every program has before its first statement, besides the time t.
_START = ("a = 1", "b = 0.5", "n = 0", "xs = [1, 2.5, -3]", "table = {'a': 0.1, 2: 5}")
_VARIABLES = ("t", "a", "b", "n")


@st.composite
def expressions(draw: st.DrawFn, names: Names = _VARIABLES, depth: int = 3) -> str:
    """An expression whose variables are the given names, ``xs`` and ``table``."""
    if depth == 0:
        return _leaf(draw, names)
    kind = draw(st.sampled_from(_KINDS_OF_EXPRESSION))
    return kind(draw, names, depth - 1)


def _leaf(draw: st.DrawFn, names: Names) -> str:
    source = draw(st.sampled_from(["name", "name", "number", "number", "other"]))
    if source == "name":
        return draw(st.sampled_from(names))
    if source == "number":
        return draw(st.sampled_from(_NUMBERS))
    return draw(st.sampled_from([*_CONSTANTS, "xs[0]", "xs[-1]", "table['a']", "table[2]", "len(xs)", "max(xs)"]))


def _sub(draw: st.DrawFn, names: Names, depth: int) -> str:
    return draw(expressions(names, depth))


def _leaf_expression(draw: st.DrawFn, names: Names, depth: int) -> str:
    return _leaf(draw, names)


def _binary(draw: st.DrawFn, names: Names, depth: int) -> str:
    operator = draw(st.sampled_from(_BINARY))
    return f"({_sub(draw, names, depth)} {operator} {_sub(draw, names, depth)})"


def _power(draw: st.DrawFn, names: Names, depth: int) -> str:
    exponent = draw(st.sampled_from(["2", "3", "-1", "-2", "0", "0.5", "-0.5", "1.0", "(n % 3)", "True", "0.9"]))
    return f"({_sub(draw, names, min(depth, 1))}) ** {exponent}"


def _bitwise(draw: st.DrawFn, names: Names, depth: int) -> str:
    operator = draw(st.sampled_from(_BITWISE))
    return f"({_sub(draw, names, depth)} {operator} ({_sub(draw, names, depth)}) % 9)"


def _unary(draw: st.DrawFn, names: Names, depth: int) -> str:
    return f"({draw(st.sampled_from(['-', '+', 'not ', '-', '~']))}{_sub(draw, names, depth)})"


def _comparison(draw: st.DrawFn, names: Names, depth: int) -> str:
    count = draw(st.sampled_from(["1", "1", "2"]))
    text = _sub(draw, names, depth)
    for _ in range(int(count)):
        text += f" {draw(st.sampled_from(_COMPARISONS))} {_sub(draw, names, min(depth, 1))}"
    return f"({text})"


def _membership(draw: st.DrawFn, names: Names, depth: int) -> str:
    operator = draw(st.sampled_from(["in", "not in"]))
    return f"({_sub(draw, names, min(depth, 1))} {operator} [1, 2.5, {_leaf(draw, names)}])"


def _boolean(draw: st.DrawFn, names: Names, depth: int) -> str:
    return f"({_sub(draw, names, depth)} {draw(st.sampled_from(['and', 'or']))} {_sub(draw, names, depth)})"


def _conditional(draw: st.DrawFn, names: Names, depth: int) -> str:
    parts = [_sub(draw, names, depth) for _ in range(3)]
    return f"({parts[0]} if {parts[1]} else {parts[2]})"


def _call(draw: st.DrawFn, names: Names, depth: int) -> str:
    first = _sub(draw, names, depth)
    second = _sub(draw, names, min(depth, 1))
    third = _leaf(draw, names)
    return draw(
        st.sampled_from(
            [
                f"min({first}, {second})",
                f"max({first}, {second})",
                f"max({first}, {second}, {third})",
                f"min([{first}, {second}])",
                f"abs({first})",
                f"round({first})",
                f"round({first}, {draw(st.sampled_from(['0', '1', '3', '-1']))})",
                f"int({first})",
                f"float({first})",
                f"bool({first})",
                f"sum([{first}, {second}, {third}])",
                f"sum(({first}, {second}))",
                f"pow({second}, {draw(st.sampled_from(['2', '-1', '0.5']))})",
                f"divmod({first}, {second})[{draw(st.sampled_from(['0', '1']))}]",
                f"math.{draw(st.sampled_from(_MATH))}({first})",
                f"any([{first}, {second}])",
                f"all([{first}, {second}])",
            ]
        )
    )


def _sequence(draw: st.DrawFn, names: Names, depth: int) -> str:
    first = _sub(draw, names, min(depth, 1))
    second = _sub(draw, names, min(depth, 1))
    return draw(
        st.sampled_from(
            [
                f"[{first}, {second}, 4][{draw(st.sampled_from(['0', '1', '-1', '3', 'n', 'int(t) % 3']))}]",
                f"(xs + [{first}])[-1]",
                f"len(xs + [{first}] * 2)",
                "sum(xs[1:])",
                "xs[::-1][0]",
                f"sorted([{first}, {second}])[0]",
                f"table.get('a', {first})",
                f"table.get('c', {first})",
                f"{{'k': {first}}}['k']",
                "sum(table.values())",
            ]
        )
    )


def _comprehension(draw: st.DrawFn, names: Names, depth: int) -> str:
    inner = ("i", *names)
    element = _sub(draw, inner, min(depth, 2))
    test = _sub(draw, inner, 1)
    source = draw(st.sampled_from(["range(4)", "range(1, 6, 2)", "xs", "[a, b, n]", "range(n)"]))
    shape = draw(
        st.sampled_from(
            [
                f"[{element} for i in {source}]",
                f"[{element} for i in {source} if {test}]",
                f"[{element} for i in {source} if {test} if i]",
                f"[{element} * j for i in {source} for j in range(2)]",
                f"[{element} + j for j, i in enumerate({source})]",
                f"[{element} - j for i, j in zip({source}, xs)]",
            ]
        )
    )
    return draw(st.sampled_from([f"sum({shape})", f"len({shape})", f"sum({shape[1:-1]})", f"max([0, *{shape}])"]))


def _function(draw: st.DrawFn, names: Names, depth: int) -> str:
    inner = ("u", *names)
    body = _sub(draw, (*inner, "k"), min(depth, 2))
    argument = _sub(draw, names, min(depth, 1))
    default = _leaf(draw, names)
    return draw(
        st.sampled_from(
            [
                f"(lambda u, k={default}: {body})({argument})",
                f"(lambda u, *, k={default}: {body})({argument})",
                f"(lambda u, k: {body})({argument}, k={default})",
                f"(lambda *u, k={default}: len(u) + k)({argument}, {default})",
                f"(lambda k: (lambda u: {body}))({default})({argument})",
            ]
        )
    )


def _walrus(draw: st.DrawFn, names: Names, depth: int) -> str:
    return f"((a := {_sub(draw, names, depth)}) + {_sub(draw, names, min(depth, 1))})"


_KINDS_OF_EXPRESSION: tuple[Callable[[st.DrawFn, Names, int], str], ...] = (
    *[_binary] * 5,
    *[_leaf_expression] * 2,
    *[_call] * 3,
    _power,
    _bitwise,
    _unary,
    _unary,
    _comparison,
    _membership,
    _boolean,
    _conditional,
    _conditional,
    _sequence,
    _comprehension,
    _function,
    _walrus,
)


def _indented(block: list[str]) -> list[str]:
    return [f"    {line}" for line in block]


@st.composite
def _statements(draw: st.DrawFn, depth: int, in_loop: bool, in_function: bool = True) -> list[str]:
    count = int(draw(st.integers(1, 3)))
    lines: list[str] = []
    for _ in range(count):
        lines += draw(_statement(depth, in_loop, in_function))
    return lines


@st.composite
def _statement(draw: st.DrawFn, depth: int, in_loop: bool, in_function: bool = True) -> list[str]:
    def text(level: int = 2) -> str:
        return str(draw(expressions(_VARIABLES, level)))

    def choose(*options: str) -> str:
        return str(draw(st.sampled_from(options)))

    def block(inside: bool = in_loop) -> list[str]:
        return _indented(draw(_statements(depth - 1, inside, in_function)))

    simple = ["assign", "assign", "augment", "augment", "unpack", "item", "append", "return"]
    compound = ["if", "if", "for", "while", "try", "def", "nonlocal"]
    kind = choose(*simple, *(["break"] if in_loop else []), *(compound if depth else []))
    if kind == "assign":
        return [f"{choose('a', 'b')} = {text()}"]
    if kind == "augment":
        return [f"{choose('a', 'b')} {choose('+=', '-=', '*=', '/=', '//=', '%=')} {text()}"]
    if kind == "unpack":
        return [choose(f"a, b = {text(1)}, {text(1)}", "a, b = b, a", f"(a, (b, c)) = {text(1)}, (a, b)")]
    if kind == "item":
        return [
            choose(f"xs[{choose('0', '-1', '2', '5', 'n')}] = {text(1)}", f"table['a'] {choose('=', '+=')} {text(1)}")
        ]
    if kind == "append":
        return [choose(f"xs.append({text(1)})", f"xs += [{text(1)}]", f"xs = xs + [{text(1)}]", "xs = xs[1:] or [0]")]
    if kind == "return":
        return [f"if {text(1)}:", f"    return {text()}"]
    if kind == "break":
        return [f"if {text(1)}:", f"    {choose('break', 'continue')}"]
    if kind == "if":
        lines = [f"if {text()}:", *block()]
        if choose("yes", "no") == "yes":
            lines += [f"elif {text(1)}:", *block()]
        return lines + (["else:", *block()] if choose("yes", "no") == "yes" else [])
    if kind == "for":
        head = choose(
            "for n in range(4):", "for n in range(1, 8, 3):", "for n in [2, 0, 1]:", "for n, b in enumerate(xs[:4]):"
        )
        lines = [head, *block(inside=True)]
        return lines + (["else:", *block()] if choose("yes", "no", "no") == "yes" else [])
    if kind == "while":
        # A counter of its own for each depth, so that nothing inside can keep the loop from ending.
        count = f"count_{depth}"
        return [f"{count} = 0", f"while {count} < {choose('3', '5')}:", f"    {count} += 1", *block(inside=True)]
    if kind == "try":
        lines = ["try:", *block(), f"except {choose(*_EXCEPTIONS)}".rstrip() + ":", *block()]
        lines += ["else:", *block()] if choose("yes", "no") == "yes" else []
        return lines + (["finally:", f"    a = {text(1)}"] if choose("yes", "no") == "yes" else [])
    if kind == "nonlocal":
        return ["def g(u):", "    nonlocal b", f"    b = {text()}", "    return u + b", f"a = g({text(1)}) - g(a)"]
    return [
        f"def g(u, k={text(1)}):",
        "    a = u",
        f"    return {text()} + a * k",
        f"b = g({text(1)})",
        "a = g(b, k=2)",
    ]


@st.composite
def functions(draw: st.DrawFn) -> str:
    """A program with a function ``f(t)``."""
    body = [*_START, *draw(_statements(2, False)), f"return {draw(expressions())}"]
    return "\n".join(["import math", "", "def f(t):", *_indented(body), ""])


@st.composite
def single_expressions(draw: st.DrawFn) -> str:
    """A program with a function ``f(t)`` that returns one expression."""
    body = [*_START, f"return {draw(expressions(depth=4))}"]
    return "\n".join(["import math", "", "def f(t):", *_indented(body), ""])
