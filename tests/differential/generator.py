"""Whole programs: a callable of the time, made of expressions, statements and idioms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.differential.idioms import BY_TABLE, Idiom
from tests.differential.texts import EXCEPTIONS, INTEGERS, NUMBERS, OPERATORS, Chance, filled

HEAD = """\
import bisect, collections, contextlib, copy, dataclasses, decimal, enum, fractions, functools, heapq, itertools, math
import operator, statistics, typing
import numpy as np
"""
# The name of the callable in every program.
NAME = "schedule"
_DEEPEST = 3


@dataclass
class _Scope:
    """The variables that an expression may read, by what they hold."""

    numbers: list[str] = field(default_factory=lambda: ["t"])
    lists: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)

    def inner(self) -> _Scope:
        """The same variables, for a block that may add some."""
        return _Scope(list(self.numbers), list(self.lists), list(self.tables))

    @property
    def own(self) -> list[str]:
        """The numbers that may be assigned."""
        return [name for name in self.numbers if name.startswith("v")]


class Generator:
    """Makes one program of a seed."""

    def __init__(self, seed: object) -> None:
        self._chance = Chance(seed)

    def program(self) -> str:
        """The program; its callable is called `NAME`."""
        chance, scope = self._chance, _Scope()
        module: list[str] = []
        after: list[str] = []
        body: list[str] = []
        values: list[str] = []
        for _ in range(chance.one_of([0, 1, 1, 2, 2, 3])):
            body += self._statements(scope, 2, chance.between(0, 1))
            head, lines, value, late = self._idiom(scope)
            module += head
            body += lines
            after += late
            values.append(value)
            scope.numbers.append(value)
        body += self._statements(scope, 2, chance.between(0 if values else 1, 2))
        values.append(self._number(scope, 2))
        total = " + ".join(f"({value})" for value in values) if chance.happens(0.7) else f"({values[0]})"
        return HEAD + "\n".join([*module, *self._callable([*body, f"return {total}"]), *after]) + "\n"

    def program_of(self, idiom: Idiom) -> str:
        """A program that is one idiom and nothing else."""
        head, body, value, after = self._filled(idiom, _Scope())
        return HEAD + "\n".join([*head, *_function(NAME, [*body, f"return {value}"]), *after]) + "\n"

    def _callable(self, body: list[str]) -> list[str]:
        """The body as what the scheduler is given: mostly a function, or what stands for one."""
        chance = self._chance
        shape = chance.one_of(["function"] * 6 + ["object", "method", "partial", "closure", "wrapped", "static"])
        if shape == "object":
            return ["class Schedule:", "    def __call__(self, t):", *_indented(body, 2), f"{NAME} = Schedule()"]
        if shape == "method":
            return ["class Schedule:", "    def at(self, t):", *_indented(body, 2), f"{NAME} = Schedule().at"]
        if shape == "static":
            lines = ["class Schedule:", "    @staticmethod", "    def at(t):", *_indented(body, 2)]
            return [*lines, f"{NAME} = Schedule.at"]
        if shape == "partial":
            return ["def base(k, t):", *_indented(body), f"{NAME} = functools.partial(base, {chance.one_of(NUMBERS)})"]
        if shape == "closure":
            return [
                "def make(k):",
                f"    def {NAME}(t):",
                *_indented(body, 2),
                f"    return {NAME}",
                f"{NAME} = make(2)",
            ]
        if shape == "wrapped":
            wrap = ["def wrap(f):", "    @functools.wraps(f)", "    def inner(*args, **more):"]
            return [*wrap, "        return f(*args, **more)", "    return inner", "@wrap", *_function(NAME, body)]
        return _function(NAME, body)

    # Idioms, in some surroundings.

    def _idiom(self, scope: _Scope) -> tuple[list[str], list[str], str, list[str]]:
        """The lines of an idiom before the callable and in it, the variable with what comes of it, and those after."""
        chance = self._chance
        idiom = chance.one_of(BY_TABLE[chance.one_of(tuple(BY_TABLE))])
        head, body, value, after = self._filled(idiom, scope)
        name = chance.name("r")
        lines = [*body, f"{name} = {value}"]
        return head, [f"{name} = {chance.one_of(INTEGERS)}", *self._surrounded(lines, name, scope)], name, after

    def _filled(self, idiom: Idiom, scope: _Scope) -> tuple[list[str], list[str], str, list[str]]:
        text = filled(
            f"{idiom.head}\0{idiom.body}\0{idiom.value}\0{idiom.after}",
            self._chance,
            lambda: self._number(_Scope(list(scope.numbers)), 1),
            lambda: self._condition(_Scope(list(scope.numbers)), 1),
        )
        head, body, value, after = text.split("\0")
        return head.splitlines(), body.splitlines(), value, after.splitlines()

    def _surrounded(self, lines: list[str], name: str, scope: _Scope) -> list[str]:
        """Lines in a branch, a loop, a handler, or a function of their own."""
        chance = self._chance
        shape = chance.one_of(["plain"] * 6 + ["if", "try", "try", "for", "while", "with", "def", "finally"])
        if shape == "if":
            return [
                f"if {self._condition(scope, 2)}:",
                *_indented(lines),
                "else:",
                f"    {name} = {self._number(scope, 1)}",
            ]
        if shape == "try":
            handler = f"except {chance.one_of(EXCEPTIONS)}:"
            return ["try:", *_indented(lines), handler, f"    {name} = {chance.one_of(NUMBERS)}"]
        if shape == "finally":
            return ["try:", *_indented(lines), "finally:", f"    {name} = {self._number(scope, 1)}"]
        if shape == "for":
            return [f"for {chance.name('i')} in range({chance.one_of('123')}):", *_indented(lines)]
        if shape == "while":
            count = chance.name("c")
            loop = [f"{count} = 0", f"while {count} < {chance.one_of('123')}:", f"    {count} += 1"]
            stop = f"if {self._condition(scope, 1)}: {chance.one_of(['break', 'continue'])}"
            return [*loop, *_indented([stop, *lines] if chance.happens(0.5) else lines)]
        if shape == "with":
            return [f"with contextlib.suppress({chance.one_of(EXCEPTIONS)}):", *_indented(lines)]
        if shape == "def":
            function = chance.name("g")
            return [f"def {function}():", *_indented([*lines, f"return {name}"]), f"{name} = {function}()"]
        return lines

    # Statements.

    def _statements(self, scope: _Scope, depth: int, count: int, in_loop: bool = False) -> list[str]:
        return [line for _ in range(count) for line in self._statement(scope, depth, in_loop)]

    def _block(self, scope: _Scope, depth: int, in_loop: bool) -> list[str]:
        return _indented(self._statements(scope.inner(), depth - 1, self._chance.between(1, 2), in_loop))

    def _statement(self, scope: _Scope, depth: int, in_loop: bool) -> list[str]:
        chance = self._chance
        simple = [self._assign, self._assign, self._augment, self._make_list, self._change_list, self._change_table]
        compound = [self._if, self._for, self._while, self._try]
        if in_loop and chance.happens(0.15):
            return [f"if {self._condition(scope, 1)}: {chance.one_of(['break', 'continue'])}"]
        if chance.happens(0.06):
            return [f"if {self._condition(scope, 1)}: return {self._number(scope, 1)}"]
        if depth > 0 and chance.happens(0.4):
            return chance.one_of(compound)(scope, depth, in_loop)
        return chance.one_of(simple)(scope)

    def _assign(self, scope: _Scope) -> list[str]:
        value = self._number(scope, 2)
        name = self._chance.one_of(scope.own) if scope.own and self._chance.happens(0.4) else self._chance.name()
        scope.numbers.append(name)
        return [f"{name} = {value}"]

    def _augment(self, scope: _Scope) -> list[str]:
        if not scope.own:
            return self._assign(scope)
        return [f"{self._chance.one_of(scope.own)} {self._chance.one_of(OPERATORS)}= {self._number(scope, 1)}"]

    def _make_list(self, scope: _Scope) -> list[str]:
        if self._chance.happens(0.4):
            name = self._chance.name("D")
            value = f"{{0: {self._number(scope, 1)}, 'k': {self._number(scope, 1)}}}"
            scope.tables.append(name)
            return [f"{name} = {value}"]
        name, value = self._chance.name("L"), self._list(scope, 2)
        scope.lists.append(name)
        return [f"{name} = {value}"]

    def _change_list(self, scope: _Scope) -> list[str]:
        if not scope.lists:
            return self._make_list(scope)
        chance, name, value = self._chance, self._chance.one_of(scope.lists), self._number(scope, 1)
        index = chance.one_of(INTEGERS)
        changes = [
            f"{name}.append({value})",
            f"{name}.extend([{value}, 1])",
            f"{name}.insert({index}, {value})",
            f"{name}[{index}] = {value}",
            f"{name}[-1] += {value}",
            f"{name}.reverse()",
            f"{name}.sort(reverse={chance.one_of(['True', 'False'])})",
            f"{name} = {name}[{chance.one_of(['::-1', '1:', ':-1', '-2:', '::2', '5:0:-2'])}] or [0]",
            f"{name} += [{value}]",
            f"{name}.pop({index})",
            f"del {name}[{index}]",
            f"{name}[0], {name}[-1] = {name}[-1], {name}[0]",
        ]
        return [chance.one_of(changes)]

    def _change_table(self, scope: _Scope) -> list[str]:
        if not scope.tables:
            return self._make_list(scope)
        name, value = self._chance.one_of(scope.tables), self._number(scope, 1)
        changes = [
            f"{name}['k'] = {value}",
            f"{name}[t % 3] = {value}",
            f"{name}.update(k={value})",
            f"{name}.setdefault({self._chance.one_of(INTEGERS)}, {value})",
            f"{name} |= {{1: {value}}}",
            f"{name}.pop({self._chance.one_of(INTEGERS)}, None)",
        ]
        return [self._chance.one_of(changes)]

    def _if(self, scope: _Scope, depth: int, in_loop: bool) -> list[str]:
        lines = [f"if {self._condition(scope, 2)}:", *self._block(scope, depth, in_loop)]
        if self._chance.happens(0.3):
            lines += [f"elif {self._condition(scope, 1)}:", *self._block(scope, depth, in_loop)]
        return lines + (["else:", *self._block(scope, depth, in_loop)] if self._chance.happens(0.5) else [])

    def _for(self, scope: _Scope, depth: int, in_loop: bool) -> list[str]:
        name, inner = self._chance.name("i"), scope.inner()
        sources = [
            "range(4)",
            "range(t % 5)",
            "range(5, 0, -2)",
            self._list(scope, 1),
            f"reversed({self._list(scope, 1)})",
        ]
        inner.numbers.append(name)
        lines = [f"for {name} in {self._chance.one_of(sources)}:", *self._block(inner, depth, True)]
        return lines + (["else:", *self._block(scope, depth, in_loop)] if self._chance.happens(0.25) else [])

    def _while(self, scope: _Scope, depth: int, in_loop: bool) -> list[str]:
        count, inner = self._chance.name("c"), scope.inner()
        inner.numbers.append(count)
        test = f"{count} < {self._chance.one_of('35')}" + (
            f" and {self._condition(scope, 1)}" if self._chance.happens(0.3) else ""
        )
        lines = [f"{count} = 0", f"while {test}:", f"    {count} += 1", *self._block(inner, depth, True)]
        return lines + (["else:", *self._block(scope, depth, in_loop)] if self._chance.happens(0.25) else [])

    def _try(self, scope: _Scope, depth: int, in_loop: bool) -> list[str]:
        chance = self._chance
        lines = ["try:", *self._block(scope, depth, in_loop)]
        if chance.happens(0.3):
            fault = [
                f"raise {chance.one_of(EXCEPTIONS)}",
                f"assert {self._condition(scope, 1)}",
                f"1 / {self._number(scope, 1)}",
            ]
            lines += _indented([chance.one_of(fault)])
        for caught in chance.some_of(EXCEPTIONS, chance.between(1, 2)):
            lines += [f"except {caught}:", *self._block(scope, depth, in_loop)]
        if chance.happens(0.3):
            lines += ["else:", *self._block(scope, depth, in_loop)]
        return lines + (["finally:", *self._block(scope, 1, False)] if chance.happens(0.3) else [])

    # Expressions.

    def _number(self, scope: _Scope, depth: int) -> str:
        chance = self._chance
        if depth <= 0 or chance.happens(0.2):
            return chance.one_of([*scope.numbers * 3, "t", "t", chance.one_of(NUMBERS), *self._items(scope)])
        first, second = self._number(scope, depth - 1), self._number(scope, depth - 1)
        text = chance.one_of(_EXPRESSIONS)
        return (
            text.replace("A", first)
            .replace("B", second)
            .replace("#", chance.one_of(OPERATORS))
            .replace("?", self._condition(scope, depth - 1))
            .replace("@", self._list(scope, depth - 1))
            .replace("W", chance.name("w") if "W" in text else "")
        )

    def _items(self, scope: _Scope) -> list[str]:
        return [*(f"{name}[0]" for name in scope.lists), *(f"{name}['k']" for name in scope.tables)]

    def _condition(self, scope: _Scope, depth: int) -> str:
        chance = self._chance
        if depth <= 0:
            return chance.one_of(["t > 3", "t < 10", "t % 2 == 0", "t == 0", "t >= 30", "not t", "1 < t <= 8", "True"])
        first, second = self._number(scope, depth - 1), self._number(scope, depth - 1)
        inner = self._condition(scope, depth - 1)
        return chance.one_of(
            [
                f"({first} {chance.one_of(['<', '<=', '>', '>=', '==', '!='])} {second})",
                f"({first} < {second} <= {self._number(scope, 0)})",
                f"({inner} {chance.one_of(['and', 'or'])} {self._condition(scope, 0)})",
                f"(not {inner})",
                f"({first} {chance.one_of(['in', 'not in'])} {chance.one_of(_GROUPS)})",
                f"any(m < {first} for m in (3, 9))",
                f"bool({first})",
                f"isinstance({first}, {chance.one_of(['int', 'float', 'bool', '(int, str)', 'complex'])})",
            ]
        )

    def _list(self, scope: _Scope, depth: int) -> str:
        chance = self._chance
        first, second = self._number(scope, depth - 1), self._number(scope, depth - 1)
        own = chance.one_of(scope.lists) if scope.lists else f"[{second}]"
        if depth <= 0:
            return own if scope.lists and chance.happens(0.6) else f"[{first}, {second}]"
        return chance.one_of(
            [
                own,
                f"[{first}, {second}, t]",
                f"[{first} for _ in range(3)]",
                f"[q * {second} for q in range(4) if q > {first}]",
                f"({own} + [{first}])",
                f"sorted([{first}, {second}, 1])",
                f"([{first}] * {chance.one_of(['2', '(t % 3 + 1)'])})",
                f"[a + b for a, b in zip([1, 2, 3], [{first}, {second}])]",
                f"list(map(lambda q: q + 1, [{first}, {second}]))",
                f"[*{own}, {first}]",
                f"list(filter(None, [{first}, {second}, 1]))",
            ]
        )


_GROUPS = ("(0, 3, 8)", "{0, 5}", "range(0, 50, 7)", "[t, 2]", "{1: 2, t: 3}")
_EXPRESSIONS = (
    *["(A # B)"] * 8,
    "((A) ** 2)",
    "((A) ** -1)",
    "((A) ** 0.5)",
    "((A) ** (t % 3))",
    "min(A, B)",
    "max(A, B)",
    "abs(A)",
    "round(A)",
    "round(A, 1)",
    "round(A, -1)",
    "(A if ? else B)",
    "(? and A or B)",
    "sum(@)",
    "len(@)",
    "math.floor(A)",
    "math.sqrt(A)",
    "math.exp(A)",
    "math.tanh(A)",
    "math.log1p(A)",
    "math.copysign(A, B)",
    "math.fmod(A, B)",
    "int(A)",
    "float(A)",
    "-(A)",
    "+(A)",
    "@[t % 2]",
    "divmod(A, B)[0]",
    "max(@, default=A)",
    "sum(A for _ in range(2))",
    "(lambda z, y=B: z * 2 + y)(A)",
    "((W := A) + W)",
    "bisect.bisect([3, 10, 30], A)",
    "(not A)",
    "(t & 3)",
    "(t >> 1)",
    "functools.reduce(lambda p, q: p + q, @)",
    "next((q for q in @ if q > B), A)",
    "np.minimum(A, B)",
    "np.exp(A)",
    "float(np.sqrt(A))",
    "(A / np.float64(B))",
)


def _indented(lines: Sequence[str], levels: int = 1) -> list[str]:
    return ["    " * levels + line for line in lines]


def _function(name: str, body: Sequence[str]) -> list[str]:
    return [f"def {name}(t):", *_indented(body)]
