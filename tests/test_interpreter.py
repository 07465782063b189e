"""The interpreter against CPython: the same numbers and exceptions, or an honest "unknown"."""

from __future__ import annotations

import warnings
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.harness import contradicts, execute, interpret
from tests.programs import functions, single_expressions

# Negative, fractional and past any horizon: the time is an int in practice, a float under the deprecated step(epoch).
TIMES = (0, 1, 3, 2.5, 40)


def assert_equal_everywhere(text: str, *times: float) -> None:
    """The interpreter's outcome is CPython's at all times; saying "unknown" is not good enough."""
    ours, truth = interpret(text, *times), execute(text, *times)
    assert [str(outcome) for outcome in ours] == [str(outcome) for outcome in truth]
    assert not any(outcome.assumed for outcome in ours)


@pytest.mark.slow
@pytest.mark.parametrize("programs", [single_expressions(), functions()], ids=["expressions", "functions"])
def test_random_programs_give_the_numbers_of_cpython(programs: st.SearchStrategy[str]) -> None:
    """Whatever the interpreter claims is so in CPython, to the last bit; and it claims something nearly always."""
    counts: Counter[str] = Counter()

    @settings(
        deadline=None,
        derandomize=True,
        database=None,
        max_examples=150,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
    )
    @given(programs)
    def agrees(text: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            truth = execute(text, *TIMES)
        for time, ours, expected in zip(TIMES, interpret(text, *TIMES), truth, strict=True):
            counts["assumed" if ours.assumed else ours.kind] += 1
            assert not contradicts(ours, expected), f"at {time}: {ours}, but {expected} in CPython"

    agrees()
    assert counts["number"] + counts["raised"] >= 0.95 * counts.total()
    assert counts["raised"] > 0


ORDINARY = {
    "exponential decay": "def f(epoch):\n    return 0.95 ** epoch\n",
    "step decay by integer division": "def f(epoch):\n    return 0.1 ** (epoch // 30)\n",
    "linear decay to nothing": "def f(epoch):\n    return 1 - epoch / 100\n",
    "polynomial decay, complex past its end": "def f(epoch):\n    return (1 - epoch / 20) ** 0.9\n",
    "cosine": """
        import math
        def f(epoch):
            return 0.5 * (1 + math.cos(math.pi * epoch / 50))
        """,
    "cosine with numpy-free helpers and a floor": """
        from math import cos, pi
        FLOOR = 1e-2
        def share(step, total):
            return min(max(step / total, 0.0), 1.0)
        def f(step):
            return FLOOR + (1 - FLOOR) * (1 + cos(pi * share(step, 30))) / 2
        """,
    "linear warm-up and decay": """
        WARMUP, TOTAL = 5, 30
        def f(step):
            if step < WARMUP:
                return float(step) / float(max(1, WARMUP))
            return max(0.0, float(TOTAL - step) / float(max(1, TOTAL - WARMUP)))
        """,
    "the transformer's schedule, which fails at step 0": """
        def f(step):
            return 512 ** -0.5 * min(step ** -0.5, step * 4000 ** -1.5)
        """,
    "milestones by bisection": """
        from bisect import bisect_right
        def f(epoch):
            return 0.1 ** bisect_right([2, 30, 60], epoch)
        """,
    "milestones by a sum over comparisons": """
        def f(epoch):
            return 0.1 ** sum(epoch >= m for m in (2, 30, 60))
        """,
    "milestones by a loop": """
        def f(epoch):
            factor = 1.0
            for milestone in [2, 30, 60]:
                if epoch >= milestone:
                    factor *= 0.1
            return factor
        """,
    "an if/elif chain": """
        def f(epoch):
            if epoch < 2:
                return 1
            elif epoch < 30:
                return 0.1
            else:
                return 0.01
        """,
    "a triangle wave": """
        import math
        def f(step):
            cycle = math.floor(1 + step / 20)
            x = abs(step / 10 - 2 * cycle + 1)
            return max(0, 1 - x)
        """,
    "a table by list index": """
        TABLE = [1, 0.5, 0.25]
        def f(epoch):
            return TABLE[min(int(epoch), len(TABLE) - 1)]
        """,
    "a table by dict": """
        DROPS = {0: 1.0, 2: 0.5}
        def f(epoch):
            value = 1.0
            for start, factor in DROPS.items():
                if epoch >= start:
                    value = factor
            return value
        """,
    "a class with settings and __call__": """
        class Schedule:
            def __init__(self, warmup, power=0.5):
                self.warmup = warmup
                self.power = -power
            def __call__(self, step):
                step = max(step, 1)
                return self.warmup ** 0.5 * min(step ** self.power, step * self.warmup ** -1.5)
        schedule = Schedule(4)
        def f(step):
            return schedule(step)
        """,
    "a method that calls another": """
        class Linear:
            total = 40
            def left(self, epoch):
                return self.total - epoch
            def factor(self, epoch):
                return self.left(epoch) / self.total
        f = Linear().factor
        """,
    "a factory that returns a closure": """
        def make(warmup, gamma=0.9):
            def factor(step):
                return (step + 1) / warmup if step < warmup else gamma ** (step - warmup)
            return factor
        f = make(3)
        """,
    "a partial": """
        import functools
        def decay(gamma, every, epoch):
            return gamma ** (epoch // every)
        f = functools.partial(decay, 0.5, every=2)
        """,
    "a sawtooth by remainder": "def f(step):\n    return 1 - (step % 7) / 7\n",
    "an exponential with its own constant": """
        import math
        def f(epoch):
            return math.exp(-0.1 * (epoch - 10)) if epoch >= 10 else 1.0
        """,
    "a logarithm of the step": """
        import math
        def f(step):
            return 1 / math.log(step + math.e)
        """,
    "a search in a while loop": """
        def f(step):
            length, start = 2, 0
            while step >= start + length:
                start += length
                length *= 2
            return 1 - (step - start) / length
        """,
    "a guarded division": """
        def f(step):
            try:
                return 1 / step
            except ZeroDivisionError:
                return 1.0
        """,
    "a nested function with a nonlocal": """
        def f(step):
            total = 0.0
            def add(x):
                nonlocal total
                total += x
            for k in range(3):
                add(k * 0.1)
            return total
        """,
    "a sum of floats by the builtin": "def f(step):\n    return sum([0.1] * 10)\n",
    "a recursion": "def f(step):\n    return 1.0 if step <= 0 else 0.9 * f(step - 8)\n",
}


@pytest.mark.parametrize("text", ORDINARY.values(), ids=ORDINARY.keys())
def test_ordinary_schedules_are_never_unknown(text: str) -> None:
    """Schedules as people write them are computed exactly, their exceptions included."""
    assert_equal_everywhere(text, *TIMES)


SCOPES = {
    "a closure sees the variable's last value": """
        def f(t):
            k = 1
            def g():
                return k
            k = 2
            return g()
        """,
    "lambdas in a list comprehension share its variable": """
        def f(t):
            return [lambda: i for i in range(3)][0]()
        """,
    "lambdas made in a loop share the loop's variable": """
        def f(t):
            made = []
            for i in range(3):
                made.append(lambda: i)
            return made[0]() * 10 + made[2]()
        """,
    "a default argument is evaluated where the function is made": """
        def f(t):
            made = []
            for i in range(3):
                made.append(lambda k=i: k)
            return made[0]() * 10 + made[2]()
        """,
    "a default argument keeps the value of its time": """
        k = 1
        def g(x=k):
            return x
        k = 2
        def f(t):
            return g() * 10 + k
        """,
    "a mutable default argument is made once": """
        def g(x, seen=[]):
            seen.append(x)
            return len(seen)
        def f(t):
            return g(1) * 10 + g(2)
        """,
    "a module's variable is read when the function runs": """
        k = 1
        def f(t):
            return k
        k = 2
        """,
    "nonlocal changes the enclosing function's variable": """
        def f(t):
            n = 0
            def g():
                nonlocal n
                n += 1
                return n
            return g() * 10 + g()
        """,
    "nonlocal skips functions that do not bind the name": """
        def f(t):
            n = 1
            def g():
                def h():
                    nonlocal n
                    n = 5
                h()
            g()
            return n
        """,
    "global changes the module's variable": """
        n = 0
        def g():
            global n
            n = 7
        def f(t):
            g()
            return n
        """,
    "an assignment without global stays local": """
        n = 3
        def g():
            n = 7
            return n
        def f(t):
            return g() * 10 + n
        """,
    "methods do not see names of the class": """
        k = 1
        class A:
            k = 2
            def g(self):
                return k
        def f(t):
            return A().g()
        """,
    "lambdas in a class do not see names of the class": """
        k = 1
        class A:
            k = 2
            g = staticmethod(lambda: k)
            h = k
        def f(t):
            return A.h
        """,
    "methods see class attributes through self": """
        class A:
            k = 2
            def g(self):
                return self.k
        def f(t):
            return A().g()
        """,
    "an instance attribute hides the class attribute": """
        class A:
            k = 2
            def __init__(self):
                self.k = 3
        def f(t):
            return A().k * 10 + A.k
        """,
    "two objects of a class have attributes of their own": """
        class A:
            def __init__(self, k):
                self.k = k
        def f(t):
            return A(1).k * 10 + A(2).k
        """,
    "a comprehension's variable is its own": """
        def f(t):
            i = 9
            total = sum([i for i in range(3)])
            return total * 10 + i
        """,
    "the first iterable of a comprehension is evaluated outside": """
        def f(t):
            x = [1, 2]
            return sum([x for x in x])
        """,
    "a walrus in a comprehension binds outside of it": """
        def f(t):
            total = 0
            [total := total + i for i in range(4)]
            return total
        """,
    "a loop's variable lives on after the loop": """
        def f(t):
            for i in range(3):
                pass
            return i
        """,
    "a parameter hides a module's variable": """
        k = 1
        def g(k):
            return k
        def f(t):
            return g(5) * 10 + k
        """,
    "super() goes on to the base": """
        class A:
            def g(self, x):
                return x + 1
        class B(A):
            def g(self, x):
                return super().g(x) * 10
        def f(t):
            return B().g(2)
        """,
    "a closure keeps its own copy for each call of the factory": """
        def make(k):
            return lambda: k
        one, two = make(1), make(2)
        def f(t):
            return one() * 10 + two()
        """,
}


@pytest.mark.parametrize("text", SCOPES.values(), ids=SCOPES.keys())
def test_names_mean_what_they_mean_in_python(text: str) -> None:
    """Closures, defaults, global, nonlocal, classes and comprehensions scope as in CPython."""
    assert_equal_everywhere(text, 0)


DETAILS = {
    "finally runs and may return": "try:\n    return 1 / t\nfinally:\n    return 5",
    "finally runs when no handler matches": """
        x = 1
        try:
            try:
                return 1 / t
            finally:
                x = 7
        except ZeroDivisionError:
            return x
        """,
    "ArithmeticError is no IndexError": """
        try:
            try:
                return [1][t + 3]
            except ArithmeticError:
                return 1
        except IndexError:
            return 2
        """,
    "LookupError is the base of IndexError": "try:\n    return [1][t + 3]\nexcept LookupError:\n    return 1",
    "a handler may raise the same again": "try:\n    return 1 / t\nexcept ZeroDivisionError:\n    raise",
    "all conditions of a comprehension guard those after them": "return sum([1 / x for x in [0, 1] if x if 1 / x > 0])",
    "any stops at the first true item": "return any(x > 1 or 1 / x > 0 for x in [2, 0])",
    "round takes its digits by keyword": "return round(1.2345, ndigits=2)",
    "sum has a start": "return sum([1, 2], 10)",
    "max of nothing has a default": "return max([], default=3)",
    "enumerate has a start": "return sum([i * x for i, x in enumerate([1, 2], 1)])",
    "enumerate has a start by keyword": "return sum([i * x for i, x in enumerate([1, 2], start=1)])",
    "sorted can be reversed": "return sorted([1, 3, 2], reverse=True)[0]",
    "sort changes the list": "xs = [3, 1]\nxs.sort()\nreturn xs[0]",
    "reverse changes the list": "xs = [3, 1]\nxs.reverse()\nreturn xs[0]",
    "insert moves the items": "xs = [3, 1]\nxs.insert(0, 9)\nreturn xs[0]",
    "pop takes an item away": "xs = [3, 1]\nxs.pop(0)\nreturn xs[0]",
    "remove takes an item away": "xs = [3, 1]\nxs.remove(3)\nreturn xs[0]",
    "del takes an item away": "xs = [3, 1]\ndel xs[0]\nreturn xs[0]",
    "a slice can be assigned": "xs = [3, 1]\nxs[:1] = [8]\nreturn xs[0]",
    "a tuple is made anew where it grows": "a = b = (3, 1)\na += (5,)\nreturn len(a) * 10 + len(b)",
    "a list grows where it is": "a = b = [3, 1]\na += [5]\nreturn len(a) * 10 + len(b)",
    "an item beyond the end cannot be assigned": "xs = [3]\nxs[5] = 1\nreturn xs[0]",
    "filter leaves items out": "return list(filter(lambda x: x > 2, [1, 3]))[0]",
    "a set has no duplicates": "return len({1, 1, 2}) * 10 + sum(set([1, 1, 2]))",
    "del takes a key away": "d = {'a': 3}\ndel d['a']\nreturn 1 if 'a' in d else 2",
    "pop takes a key away": "d = {'a': 1}\nd.pop('a')\nreturn len(d)",
    "setdefault adds a key": "d = {'a': 1}\nd.setdefault('b', 5)\nreturn d['b'] + len(d)",
    "a while loop may end when a list is empty": """
        xs, n = [1, 2, 3], 0
        while xs:
            n += xs[0]
            xs = xs[1:]
        return n
        """,
    "math.pow gives floats": "return math.pow(2, 3)",
    "math.pow refuses negative bases": "return math.pow(-8, 1 / 3)",
    "math.pow refuses zero to a negative power": "return math.pow(0, -1)",
    "a fractional range is an error": "n = 0\nfor i in range(1.5):\n    n += 1\nreturn n",
    "a range without a step is an error": "n = 0\nfor i in range(1, 5, 0):\n    n += 1\nreturn n",
    "complex has two parts": "return complex(1, 2)",
    "int has a base": "return int('10', 2)",
    "int refuses fractions in strings": "return int('1.5')",
    "a list is no number": "return [3] + 2",
    "a positional-only parameter has no name": "return (lambda a, /, b: a - b)(a=1, b=2)",
    "a walrus in a lambda binds a local of the lambda": "a = 1\nreturn (lambda u: (a := 1 + a))(3)",
    "sum consumes its generator, exceptions included": "n = 0\nreturn (lambda u: 3)(sum(1 // n for i in range(4)))",
    "suppressed exceptions end the block": """
        import contextlib
        with contextlib.suppress(ZeroDivisionError):
            return 1 / t
        return 4
        """,
    "zero has a sign": "return -0.0 + 0 * -1.0",
    "a bool is a number": "return (1, 2, 3)[True] + True",
    "comparisons chain": "return 1 < 2 < 2",
    "powers bind tighter than signs": "return -2 ** 2",
    "big integers to small ones": "return (10 ** 30) % 7",
    "an integer too large for a float": "return (10 ** 400) / 3.0",
    "nan equals nothing": "return max(math.nan, 1) != max(1, math.nan)",
    "in compares numbers of all kinds": "return (1.0 in [1]) + (True in (1,)) + (2 not in {1})",
    "continue goes on with finally": """
        n = 0
        for i in range(4):
            try:
                n += 1 / i
            except ZeroDivisionError:
                continue
            finally:
                n += 100
        return n
        """,
    "else of a loop runs unless it breaks": """
        for i in range(3):
            if i == t + 5:
                break
        else:
            return 10
        return 5
        """,
    "arguments spread from lists and dicts": "return (lambda *a, **k: len(a) + k['z'])(*[1, 2], **{'z': 3})",
    "items come in the order of the dict": "return [k * v for k, v in {1: 2, 3: 4}.items()][1]",
}


@pytest.mark.parametrize("text", DETAILS.values(), ids=DETAILS.keys())
def test_details_of_python_are_right_or_unknown(text: str) -> None:
    """What the interpreter knows of a feature it knows rightly; a feature may be unknown to it."""
    body = "\n".join(f"    {line}" for line in _dedented(text))
    program = f"import math\ndef f(t):\n{body}\n"
    ours, truth = interpret(program, 0), execute(program, 0)
    assert not contradicts(ours[0], truth[0]), f"{ours[0]}, but {truth[0]} in CPython"


def _dedented(text: str) -> list[str]:
    lines = text.strip("\n").split("\n")
    margin = len(lines[0]) - len(lines[0].lstrip())
    return [line[margin:] for line in lines]


MODULES = {
    "break ends a loop of the module": """
        x = 0
        for i in range(10):
            if i > 3:
                break
            x = i
        def f(t):
            return x
        """,
    "continue skips the rest of a turn": """
        x = 0
        for i in range(10):
            if i > 3:
                continue
            x = i
        def f(t):
            return x
        """,
    "return ends a constructor": """
        class A:
            def __init__(self, k):
                self.k = 1
                if k > 2:
                    return
                self.k = 9
        def f(t):
            return A(3).k
        """,
    "a class attribute can be changed from outside": """
        class A:
            k = 1
        A.k = 5
        def f(t):
            return A.k
        """,
    "a comprehension in a class does not see the class": """
        x = 5
        class A:
            x = 1
            y = [x for _ in range(3)]
        def f(t):
            return A.y[0]
        """,
    "a decorator replaces a function": """
        def twice(g):
            return lambda t: 2 * g(t)
        @twice
        def f(t):
            return 3
        """,
    "an exception of the file is caught by its base": """
        class Odd(ValueError):
            pass
        def f(t):
            try:
                raise Odd("x")
            except ValueError:
                return 3
        """,
    "a property is computed": """
        class A:
            @property
            def x(self):
                return 4
        def f(t):
            return A().x
        """,
    "attributes depend on each other": """
        class A:
            def __init__(self, k):
                self.k = k
                self.k = self.k + 1
                self.m = self.k * 2
        def f(t):
            return A(3).m
        """,
    "an object remembers its calls": """
        class A:
            def __init__(self):
                self.n = 0
            def __call__(self, t):
                self.n += 1
                return self.n
        a = A()
        def f(t):
            a(t)
            return a(t)
        """,
    "a variable of the module is what the last assignment says": """
        x = 1
        x += 2
        if x > 2:
            x = x * 10
        else:
            x = 0
        def f(t):
            return x
        """,
    "a variable of the module is filled by a loop": """
        xs = []
        for i in range(4):
            xs.append(i * 0.5)
        def f(t):
            return xs[3] + len(xs)
        """,
    "a variable of the module comes from a call with side effects": """
        xs = [1, 2, 3]
        x = xs.pop(0)
        y = xs.pop(0)
        def f(t):
            return y * 10 + x
        """,
}


@pytest.mark.parametrize("text", MODULES.values(), ids=MODULES.keys())
def test_what_runs_before_the_function_is_right_or_unknown(text: str) -> None:
    """Statements of modules and classes are run in slices; what is left out must not matter."""
    ours, truth = interpret(text, 0), execute(text, 0)
    assert not contradicts(ours[0], truth[0]), f"{ours[0]}, but {truth[0]} in CPython"


ENDLESS = {
    "a tower of powers": "return 10 ** 10 ** 10",
    "a power of a power in a loop": "x = 3\nfor i in range(64):\n    x **= x\nreturn x",
    "squares of squares": "x = 3\nfor i in range(64):\n    x = x * x\nreturn x",
    "pow": "return pow(3, 10 ** 9)",
    "a negative base": "return (-3) ** 10 ** 9",
    "a huge shift": "return 1 << 10 ** 12",
    "a shift of a shift": "x = 1\nfor i in range(64):\n    x <<= 4000\nreturn x",
    "a huge factorial": "return math.factorial(10 ** 8)",
    "a product of many integers": "return math.prod([2 ** 4000] * 9000)",
    "rounding to a huge number of digits": "return round(10 ** 300, -10 ** 9)",
    "an endless loop that counts": "while True:\n    t += 1\nreturn t",
    "an endless loop that does nothing": "while True:\n    pass\nreturn t",
    "an endless loop that collects": "xs = []\nwhile True:\n    xs.append(xs)\nreturn 1",
    "an endless recursion": "return f(t + 1)",
    "an endless recursion in two branches": "return f(t + 1) + f(t + 2)",
    "an endless recursion inside other calls": "return 1 + max(1, min(2, abs(f(t + 1))))",
    "an endless generator": "def g():\n    while True:\n        yield 1\nreturn sum(g())",
    "a long loop": "n = 0\nfor i in range(10 ** 12):\n    n += 1\nreturn n",
    "a sum over a long range": "return sum(range(10 ** 12))",
    "a long comprehension": "return sum([1 for a in range(300) for b in range(300) for c in range(300)])",
    "many sums over long ranges": "n = 0\nfor i in range(1000):\n    n += sum(range(100000))\nreturn n",
    "a long list": "return len([0] * 10 ** 12)",
    "a long text": "return len('a' * 10 ** 12)",
    "a list that doubles by adding": "xs = [1, 2]\nfor i in range(60):\n    xs = xs + xs\nreturn len(xs)",
    "a list that doubles in place": "xs = [1, 2]\nfor i in range(60):\n    xs += xs\nreturn len(xs)",
    "a list that extends itself": "xs = [1, 2]\nfor i in range(60):\n    xs.extend(xs)\nreturn len(xs)",
    "a list that is spread twice": "xs = [1, 2]\nfor i in range(60):\n    xs = [*xs, *xs]\nreturn len(xs)",
    "a list that is repeated again and again": "xs = [0]\nfor i in range(20):\n    xs = xs * 9000\nreturn len(xs)",
    "a text that doubles": "s = 'a'\nfor i in range(60):\n    s = s.replace('a', 'aa')\nreturn len(s)",
    "a value that is made of itself twice": """
        x = 0.5
        for i in range(20_000):
            x = (1.5 - x) * (1.5 - x) % 1
        return x
        """,
    "functions that call themselves by map": "g = lambda x: list(map(g, [x, x]))\nreturn len(g(t))",
    "an object that calls itself": "class A:\n    def __call__(self, t):\n        return self(t)\nreturn A()(t)",
    "a property that reads itself": "class A:\n    @property\n    def x(self):\n        return self.x\nreturn A().x",
}


@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS.keys())
def test_what_would_never_end_is_given_up(text: str) -> None:
    """Programs that run for ever, or eat all memory, end in "unknown" or in a spent budget."""
    body = "\n".join(f"    {line}" for line in _dedented(text))
    outcome = interpret(f"import math\ndef f(t):\n{body}\n", 3)[0]
    assert outcome.kind in {"unknown", "budget"}, str(outcome)


DEEP = {
    "parentheses": "return " + "(" * 90 + "t" + ")" * 90,
    "signs": "return " + "-" * 400 + "t",
    "calls": "return " + "abs(" * 80 + "t" + ")" * 80,
    "lists": "return " + "[" * 90 + "t" + "]" * 90 + "[0]" * 90,
    "lambdas": "return " + "(lambda: " * 60 + "t" + ")()" * 60,
    "a long sum": "return " + " + ".join(["t"] * 400),
    "a long conjunction": "return " + " and ".join(["t"] * 400),
    "nested ifs": "\n".join("    " * depth + "if t < 5:" for depth in range(18)) + "\n" + "    " * 18 + "return 1",
    "wrapped partials": """
        import functools
        g = lambda x: x
        for i in range(2000):
            g = functools.partial(g)
        return g(t)
        """,
    "wrapped closures": "g = lambda x: x\nfor i in range(200):\n    g = (lambda h: lambda x: h(x))(g)\nreturn g(t)",
    "a list that holds itself": "xs = []\nxs.append(xs)\nreturn xs == 1",
    "a dict that holds itself": "d = {}\nd['a'] = d\nreturn 1 if d['a']['a']['a'] else 2",
    "a long chain of subtractions": "x = 0.5\nfor i in range(300):\n    x = 1.5 - x\nreturn 1 if x > 3 else 2",
    "the logistic map": "x = 0.3\nfor i in range(60):\n    x = 3.7 * x * (1 - x)\nreturn x",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP.keys())
def test_deep_nesting_is_survived(text: str) -> None:
    """Depth costs no crash; the value is right or unknown."""
    body = "\n".join(f"    {line}" for line in _dedented(text))
    program = f"def f(t):\n{body}\n"
    ours, truth = interpret(program, 3)[0], execute(program, 3)[0]
    assert not contradicts(ours, truth), f"{ours}, but {truth} in CPython"


def test_a_value_that_is_added_to_a_list_of_itself_is_no_number() -> None:
    """Measuring a list that holds only itself does not go round for ever."""
    assert interpret("def f(t):\n    xs = []\n    xs.append(xs)\n    return abs(xs)\n", 0)[0].kind in {
        "unknown",
        "raised",
    }


def test_the_budget_is_one_for_a_whole_run() -> None:
    """What one call has spent is missing for the next, so that many samples cannot take for ever."""
    text = "def f(t):\n    n = 0\n    for i in range(2000):\n        n += i\n    return n\n"
    kinds = [outcome.kind for outcome in interpret(text, *range(40))]
    assert kinds[0] == "number"
    assert kinds[-1] == "budget"
