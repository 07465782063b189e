"""One small program for each part of the language: what it gives is known, and is what CPython gives."""

from __future__ import annotations

import textwrap
import warnings

import pytest

from tests.harness import contradicts, execute, interpret

EXPRESSIONS = """\
6 & 3
6 | 3
6 ^ 3
1 << 3
9 >> 1
~5
+5
-t
not t
7 // 2
7 % 3
2 ** 3
7 / 2
t and 5
t or 5
1 if t else 2
1 < 2 < 3
[1, 2] < [1, 3]
[1, 2] <= [1, 2]
[2] > [1, 5]
[2] >= [2]
[1] == [1.0]
[1] != [2]
(1, 2) == (1, 2)
"a" < "b"
"a" == "a"
"a" in "abc"
2 in [1, 2]
3 not in (1, 2)
"k" in {"k": 1}
None is None
t is not None
"ab" == "a" + "b"
len("ab" * 3)
len([1] * 3)
len("a" "b")
float("%.2f" % 1.239)
float(f"{1.239:.2f}")
float(f"{1.5}")
len(f"{'a'!r}")
int(f"{7:{3}d}")
[1, 2, 3][1]
[1, 2, 3][-1]
sum([1, 2, 3][1:])
sum([1, 2, 3, 4][::2])
sum([1, 2, 3][:-1])
len("abcd"[1:3])
{"a": 1, **{"b": 2}}["b"]
[*[1, 2], 3][1]
max(*[1, 5], 2)
sum(x * y for x in (1, 2) for y in (3, 4) if x * y > 3)
sum([x for x in range(5) if x % 2])
len({x % 2 for x in range(5)}) if False else 2
{x: x * 2 for x in range(3)}[2]
(lambda x, y=2, *z, k=3: x + y + len(z) + k)(1, 2, 3, 4, k=5)
(y := 5) + y
0x10 + 0b11 + 0o7 + 1_000
1e3 + 1.5
"""
PROGRAMS = {
    "special methods": """
        class V:
            def __init__(self, x): self.x = x
            def __add__(self, o): return self.x + o
            def __radd__(self, o): return o + self.x * 2
            def __sub__(self, o): return self.x - o
            def __mul__(self, o): return self.x * o
            def __truediv__(self, o): return self.x / o
            def __pow__(self, o): return self.x ** o
            def __neg__(self): return -self.x
            def __getitem__(self, k): return self.x + k
            def __call__(self, k): return self.x * k
            def __len__(self): return 3
            def __bool__(self): return False
            def __contains__(self, k): return k == 1
        def f(t):
            v = V(5)
            return v[3] + v(2) + (7 if v else 9)
        """,
    "a dataclass": """
        from dataclasses import dataclass, field
        from typing import ClassVar
        @dataclass
        class C:
            a: float
            b: float = 2.0
            c: list = field(default_factory=lambda: [3])
            d: float = field(init=False)
            e: ClassVar[float] = 5.0
            def __post_init__(self):
                self.d = self.a * 10
        c = C(1.0, b=4.0)
        def f(t):
            return c.a + c.b + c.c[0] + c.d + c.e + C(2.0, 3.0).b
        """,
    "keywords only": """
        from dataclasses import dataclass
        @dataclass(kw_only=True)
        class C:
            a: float = 1.0
            b: float
        def f(t):
            return C(b=2.0).b + C(a=5.0, b=1.0).a
        """,
    "methods of classes": """
        class A:
            k = 2
            @classmethod
            def make(cls): return cls()
            @staticmethod
            def twice(x): return x * 2
            @property
            def p(self): return self.k + 1
        class B(A):
            k = 5
            def p2(self): return super().p
        def f(t):
            return A.make().k + B.make().k + A.twice(3) + B().p + B.twice(4)
        """,
    "a property that is set": """
        class A:
            def __init__(self): self.v = 1
            @property
            def x(self): return self.v
            @x.setter
            def x(self, new): self.v = new * 2
        a = A()
        a.x = 5
        def f(t):
            return a.x + a.v
        """,
    "inheritance in Python's order": """
        class A:
            def m(self): return 1
        class B(A):
            def m(self): return 2 + super().m()
        class C(A):
            def m(self): return 4 + super().m()
        class D(B, C): pass
        def f(t):
            return D().m()
        """,
    "an exception that goes on": """
        def g():
            try:
                raise KeyError("a")
            except KeyError:
                raise
        def f(t):
            try:
                g()
            except LookupError:
                return 5
            return 6
        """,
    "assertions": """
        def f(t):
            try:
                assert t < 0, "no"
            except AssertionError:
                return 3
            return 4
        """,
    "a generator that is ended": """
        def g():
            while True:
                for x in (1, 2, 3):
                    if x == 3:
                        return
                    yield x
        def f(t):
            return sum(g()) * 10 + len(list(g()))
        """,
    "match": """
        def g(x):
            match x:
                case 0: return 1
                case 1 | 2: return 2
                case "a": return 3
                case [1, *rest]: return 10 + len(rest)
                case [a, b]: return a + b
                case {"k": v}: return v
                case None: return 7
                case float() as y if y > 2: return y
                case _: return 9
        def f(t):
            return g(0) + g(2) * 10 + g("a") * 100 + g(None) + g(2.5) + g(1.5)
        """,
    "loops": """
        def f(t):
            total = 0
            for i in range(5):
                if i == 1:
                    continue
                if i == 4:
                    break
                total += i
            else:
                total += 100
            for i, (a, b) in enumerate([(1, 2), (3, 4)]):
                total += i * a * b
            else:
                total += 1000
            while total > 1010:
                total -= 3
            return total
        """,
    "targets": """
        def f(t):
            a, (b, c) = 1, [2, 3]
            x, *y = [4, 5, 6]
            d = {"k": [1, 2]}
            d["k"][0] = 7
            d["n"] = 8
            d["k"][1] += 5
            e = g = 9
            del d["n"]
            return a + b * 10 + c * 100 + x + sum(y) + d["k"][0] + d["k"][1] + e + g + len(d)
        """,
    "nonlocal and global": """
        n = 1
        def f(t):
            m = 1
            def up():
                nonlocal m
                global n
                m += 1
                n = m * 10
                return m
            up()
            up()
            return m + n
        """,
    "decorators": """
        import functools
        def twice(g):
            @functools.wraps(g)
            def inner(*args, **kwargs):
                return g(*args, **kwargs) * 2
            return inner
        def times(k):
            def decorate(g):
                return lambda x: g(x) * k
            return decorate
        @twice
        def g(x, y=1): return x + y
        @times(5)
        def h(x): return x
        def f(t):
            return g(1) + g(1, y=3) + h(2)
        """,
    "attributes of functions": """
        def g(x):
            g.count += 1
            return x
        g.count = 5
        def f(t):
            return g.count
        """,
    "strings chosen": """
        def f(t):
            name = "co" + "s"
            table = {"cos": 1.5, "lin": 2.5}
            return table[name] + (5 if name.startswith("c") else 0) + (7 if name in ("cos", "x") else 0)
        """,
    "operators in place": """
        def f(t):
            x = 7
            x += 1; x -= 2; x *= 3; x //= 2; x %= 5; x **= 2; x <<= 2; x |= 1; x &= 63; x ^= 2; x >>= 1; x /= 4
            y = [1]
            z = y
            y += [2]
            return x + len(z) * 100
        """,
}

# What is not followed to its end, and so is not known, or no more than assumed.
UNDECIDED = {
    "comparing methods": """
        class V:
            def __init__(self, x): self.x = x
            def __lt__(self, o): return self.x < o.x
            def __le__(self, o): return self.x <= o.x
            def __gt__(self, o): return self.x > o.x
            def __ge__(self, o): return self.x >= o.x
            def __eq__(self, o): return self.x == o.x
        a, b = V(1), V(2)
        def f(t):
            return (a < b) + 2 * (a <= b) + 4 * (a > b) + 8 * (a >= b) + 16 * (a == V(1)) + 32 * (a != b)
        """,
    "equal dataclasses": """
        from dataclasses import dataclass
        @dataclass
        class C:
            a: float
        def f(t):
            return (C(1.0) == C(1.0)) + 2 * (C(1.0) == C(2.0)) + 4 * (C(1.0) is C(1.0))
        """,
    "exceptions by their classes": """
        class Mine(ValueError): pass
        def f(t):
            total = 0
            try:
                raise Mine("x")
            except KeyError:
                total += 1
            except ValueError:
                total += 2
            else:
                total += 4
            finally:
                total += 8
            try:
                1 / 0
            except (KeyError, ArithmeticError):
                total += 16
            try:
                total += 32
            except ValueError:
                total += 64
            else:
                total += 128
            return total
        """,
    "a generator": """
        def g(n):
            k = 0
            while True:
                if k >= n:
                    break
                k += 1
                if k == 2:
                    continue
                yield k
            yield from [10, 20]
            for x in range(2):
                yield x
            try:
                yield 100
            finally:
                k = 0
            return
        def f(t):
            return sum(g(4)) + next(g(3))
        """,
    "with": """
        import contextlib
        class M:
            def __init__(self): self.n = 0
            def __enter__(self):
                self.n += 1
                return self
            def __exit__(self, *args):
                self.n += 10
                return False
        def f(t):
            m = M()
            with m as same:
                same.n += 100
            with contextlib.suppress(ZeroDivisionError):
                m.n += 1000
                1 / 0
                m.n += 5
            return m.n
        """,
    "memoised functions": """
        import functools
        calls = []
        @functools.lru_cache(maxsize=None)
        def g(x):
            calls.append(x)
            return x * 2
        def f(t):
            calls.clear()
            g.cache_clear()
            return g(1) + g(1) + g(2) + len(calls) * 100
        """,
    "enums": """
        import enum
        class E(enum.Enum):
            A = 1
            B = 2
        def f(t):
            return (E.A is E.A) + 2 * (E.A == E.B) + E.B.value * 10
        """,
    "special methods": """
        class V:
            def __init__(self, x): self.x = x
            def __add__(self, o): return self.x + o
            def __radd__(self, o): return o + self.x * 2
            def __neg__(self): return -self.x
        def f(t):
            v = V(5)
            return v + 1 + (1 + v) * 10 + (-v)
        """,
    "patterns of containers": """
        def g(x):
            match x:
                case [1, *rest]: return 10 + len(rest)
                case [a, b]: return a + b
                case {"k": v}: return v
        def f(t):
            return g([1, 2, 3]) + g([5, 6]) + g({"k": 50})
        """,
}


def assert_computed(program: str, *times: float) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ours, truth = interpret(program, *times), execute(program, *times)

    assert [str(outcome) for outcome in ours] == [str(outcome) for outcome in truth]
    assert not any(outcome.assumed for outcome in ours)


@pytest.mark.parametrize("expression", EXPRESSIONS.splitlines())
def test_expressions(expression: str) -> None:
    assert_computed(f"def f(t):\n    return {expression}\n", 3, 0)


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_programs(text: str) -> None:
    assert_computed(textwrap.dedent(text), 3)


@pytest.mark.parametrize("text", UNDECIDED.values(), ids=UNDECIDED.keys())
def test_programs_that_are_not_decided(text: str) -> None:
    (ours,), (truth,) = interpret(text, 3), execute(text, 3)

    assert truth.kind == "number"
    assert not contradicts(ours, truth)
