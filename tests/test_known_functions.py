"""Every function of Python and NumPy that is known: an ordinary call of it is computed, as CPython computes it."""

from __future__ import annotations

import importlib.util
import warnings

import pytest

from lr_lint.semantics.libraries.signatures import FUNCTIONS
from tests.harness import contradicts, execute, interpret
from tests.test_library_functions import declared_in

# Arguments, and the functions that take them.
CALLS = {
    "(0.3)": (
        "math.cos math.sin math.tan math.acos math.asin math.atan math.cosh math.sinh math.tanh math.exp math.expm1 "
        "math.log10 math.log2 math.log1p math.erf math.erfc math.gamma math.log math.sqrt math.asinh math.atanh "
        "math.cbrt math.degrees math.exp2 math.lgamma math.radians math.ulp cmath.exp cmath.sqrt cmath.cos cmath.sin "
        "cmath.phase builtins.complex operator.neg"
    ),
    "(-2.7)": (
        "math.fabs math.floor math.ceil math.trunc builtins.abs builtins.round builtins.float builtins.int "
        "builtins.bool math.isfinite math.isinf math.isnan cmath.isnan operator.not_"
    ),
    "(7, 2)": (
        "builtins.pow math.pow math.comb math.perm math.gcd math.lcm math.atan2 math.copysign math.fmod math.hypot "
        "math.remainder math.nextafter math.isclose math.ldexp math.log builtins.min builtins.max operator.add "
        "operator.sub operator.mul operator.truediv operator.floordiv operator.mod operator.pow operator.lt "
        "operator.le operator.gt operator.ge operator.eq operator.ne"
    ),
    "(5)": "math.factorial math.isqrt math.acosh",
    "([1, 2, 2, 4])": (
        "builtins.sum math.prod math.fsum statistics.mean statistics.fmean statistics.median statistics.mode "
        "statistics.pstdev statistics.stdev statistics.variance statistics.pvariance builtins.len builtins.min "
        "builtins.max builtins.any builtins.all"
    ),
    "([1, 2, 2, 4], 2)": "bisect.bisect bisect.bisect_right bisect.bisect_left",
    "('-0.5')": "builtins.float",
    "('12', 5)": "builtins.int",
    "(2.675, 2)": "builtins.round",
    "([1, 2], [4, 6])": "math.dist",
}
# What has to be looked at in some way.
EXPRESSIONS = """\
divmod(7, 2)[0] * 10 + divmod(7, 2)[1]
types.MappingProxyType({"a": 4})["a"] + ({"a": 1} | {"a": 2, "b": 5})["b"] * 10
math.frexp(3.0)[1] + math.modf(2.5)[0]
cmath.polar(1j)[0]
list((3, 1))[0] + tuple([3, 1])[1] + len(set([3, 3])) + dict(a=1)["a"] + range(2, 9, 3)[2] + sorted([3, 1, 2])[0]
sorted([3, 1, 2], reverse=True)[0] * 10
copy.copy([5])[0] + copy.deepcopy([[5]])[0][0]
[3, 1].__getitem__(1) + (4, 2).__getitem__(0)
next(iter([7])) + next(iter([]), 2)
[7].__iter__().__next__() if False else 1
sum(zip([1, 2], [3, 4]).__next__())
sum(at * each for at, each in enumerate([5, 6, 7], 1))
next(reversed([1, 2, 3])) + sum(map(abs, [-1, -2])) + sum(filter(None, [0, 3])) + sum(map(pow, [2, 3], [3, 2]))
sum(itertools.filterfalse(None, [0, 3]))
sum(itertools.chain([1], [2])) + sum(itertools.chain.from_iterable([[1], [2]]))
sum(itertools.islice(itertools.count(3, 2), 4)) + sum(itertools.islice(itertools.cycle([1, 2]), 5))
sum(itertools.repeat(3, 4)) + sum(itertools.takewhile(lambda x: x < 3, [1, 2, 3, 1]))
sum(itertools.dropwhile(lambda x: x < 3, [1, 2, 3, 1])) + sum(itertools.starmap(pow, [(2, 3), (3, 2)]))
sum(itertools.compress([1, 2, 4], [1, 0, 1])) + sum(a * b for a, b in itertools.pairwise([1, 2, 3]))
sum(a + b for a, b in itertools.zip_longest([1, 2], [3], fillvalue=10)) + len(list(itertools.product([1, 2], repeat=3)))
sum(a * b for a, b in itertools.combinations([1, 2, 3], 2)) + len(list(itertools.permutations([1, 2, 3], 2)))
functools.reduce(lambda a, b: a * b, [2, 3, 4])
{"a": 1}.get("a", 5) + {"a": 1}.get("b", 5) + {"a": 1}.pop("a") + {}.setdefault("c", 7) + len({"a": 1}.copy())
sum(each for _, each in {"a": 1, "b": 2}.items()) + sum({"a": 1, "b": 2}.values()) + len(list({"a": 1}.keys()))
{"a": 1}.popitem()[1]
len("Ab".lower() + "Ab".upper() + " a ".strip() + " a ".lstrip() + " a ".rstrip() + str(12))
("ab".lower() == "AB".lower()) + ("1".isdigit()) + ("abc".startswith("ab")) + ("abc".endswith("bc"))
len("xab".removeprefix("x") + "abx".removesuffix("x") + "aab".replace("a", "cc"))
float("0.1,0.2".split(",")[1]) + float("0.1 0.2".rsplit(None, 1)[0])
len("ab".capitalize() + "AB".casefold() + "ab".swapcase() + "ab cd".title() + "-".join(["a", "b"]))
len("ab".center(5) + "ab".ljust(5) + "ab".rjust(6) + "7".zfill(4)) + len("a\\tb".expandtabs(4)) + len("ab".encode())
"ab".isalnum() + "ab".isalpha() + "ab".isascii() + "1".isdecimal() + "ab".isidentifier() + "ab".islower() * 2
"1".isnumeric() + "a".isprintable() * 2 + " ".isspace() * 4 + "Ab".istitle() * 8 + "AB".isupper() * 16
len("a=b".partition("=")[2]) + len("a=b".rpartition("=")[0]) + len("a\\nb".splitlines()) + "abab".count("ab")
"abab".find("b") + "abab".index("b") + "abab".rfind("b") * 10 + "abab".rindex("b") * 10
(10).bit_length() + (10).bit_count() + (10).conjugate() + (10).as_integer_ratio()[1]
(0.5).as_integer_ratio()[1] + (0.5).conjugate() + (2.0).is_integer() + len((0.5).hex())
len(bin(10) + hex(255) + oct(8) + ascii("a") + repr(1.5) + format(1.5, ".3f") + "{:.2f}".format(0.5)) + ord(chr(97))
[1, 2, 2].count(2) + [1, 2].index(2) + (1, 2, 2).count(2) + (1, 2).index(2)
operator.getitem([4, 5], 1)
getattr(math, "pi") + functools.partial(pow, 2)(3) + functools.partial(int, base=2)("101")
"""
# Methods that change what they are called on.
CHANGES = """\
x.append(4)
x.extend([4, 5])
x.insert(1, 9)
x.pop()
x.pop(0)
x.sort()
x.sort(reverse=True)
x.reverse()
x.clear()
y = x.copy(); y.append(1)
d.update({"b": 5})
d.update(c=5)
d |= {"b": 5}
d = d | {"a": 7}
d.setdefault("k", 3)
d.pop("a")
d.popitem()
d.clear()
e = d.copy(); e["a"] = 100
setattr(c, "a", 5)
object.__setattr__(c, "a", 6)
operator.setitem(d, "a", 8)
"""
# What changes a set, or a list by its values, is forgotten.
FORGOTTEN = """\
x.extend(itertools.tee([1, 2])[0])
x.extend(itertools.accumulate([1, 2]))
x.remove(1)
s.add(8)
s.discard(1)
s.remove(2)
s.update([7, 8])
s.intersection_update({1})
s.difference_update({1})
s.symmetric_difference_update({1, 9})
s.clear()
s.pop()
"""
ARRAYS = {
    "({})": (
        "cos sin tan cosh sinh tanh exp expm1 log log10 log2 log1p arccos arcsin arctan fabs abs absolute floor ceil "
        "trunc fix sqrt float64 int64 array asarray"
    ),
    "([{}, 0.1])": "max amax min amin prod",
    "({}, 2)": "power maximum fmax minimum fmin",
    "({}, 0.2, 0.3)": "clip",
    "({}, [0, 1, 2], [1, 3, 2])": "interp",
}
HEAD = "import bisect, cmath, copy, functools, itertools, math, operator, statistics, types\n"
TEXTS = [f"{name.removeprefix('builtins.')}{given}" for given, names in CALLS.items() for name in names.split()]


def assert_computed(program: str, *times: float) -> None:
    ours, truth = interpret(program, *times), execute(program, *times)

    assert [str(outcome) for outcome in ours] == [str(outcome) for outcome in truth]
    assert {outcome.kind for outcome in truth} == {"number"}


@pytest.mark.parametrize("text", [*TEXTS, *EXPRESSIONS.splitlines()])
def test_functions_of_python(text: str) -> None:
    assert_computed(f"{HEAD}def f(t):\n    return {text}\n", 0)


def program_with(change: str) -> str:
    seen = (
        "sum(x) + len(x) * 100 + (x[0] if x else 0) * 1000 + sum(s) + len(s) * 7 + sum(d.values()) + len(d) * 13 + c.a"
    )
    body = (
        f'x = [3, 1, 2]\n    s = {{1, 2}}\n    d = {{"a": 1, "k": 2}}\n    c = C()\n    {change}\n    return {seen}\n'
    )
    return f"import itertools\nimport operator\nclass C:\n    a = 0\ndef f(t):\n    {body}"


@pytest.mark.parametrize("change", CHANGES.splitlines())
def test_changes(change: str) -> None:
    """All that can be seen of the containers afterwards is as in CPython."""
    assert_computed(program_with(change), 0)


@pytest.mark.parametrize("change", FORGOTTEN.splitlines())
def test_changes_that_are_not_followed(change: str) -> None:
    (ours,), (truth,) = interpret(program_with(change), 0), execute(program_with(change), 0)

    assert not contradicts(ours, truth)
    assert str(ours) != str(execute(program_with("pass"), 0)[0])


@pytest.mark.skipif(importlib.util.find_spec("numpy") is None, reason="no NumPy")
@pytest.mark.parametrize("number", ["np.float64(0.4)", "0.4"])
def test_functions_of_numpy(number: str) -> None:
    for given, names in ARRAYS.items():
        for name in names.split():
            program = f"import numpy as np\ndef f(t):\n    return float(np.{name}{given.format(number)})\n"
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                (ours,), (truth,) = interpret(program, 0), execute(program, 0)
            assert ours.kind == "number", name
            assert float(ours.text) == pytest.approx(float(truth.text), rel=1e-9), name


def test_all_that_are_known_are_called() -> None:
    """One that is not called here could be lost without notice."""
    modules = "numeric iterators containers dicts strings operator_functions plain_functions builtins".split()
    known = {
        name
        for module in modules
        for name in declared_in(module)
        if not name.startswith(("<", "numpy.")) and name not in {"builtins.vars", "builtins.super", "typing.cast"}
    }
    text = "\n".join([*TEXTS, EXPRESSIONS, CHANGES, FORGOTTEN])

    assert [name for name in sorted(known) if f"{name.rpartition('.')[2]}(" not in text] == []
    # Those of whole tables are drawn at random in `test_library_functions`, `where` is among the awkward programs.
    drawn = {*declared_in("tables"), "numpy.where"}
    numpy = {name for name in FUNCTIONS if name.startswith("numpy.") and name.count(".") == 1 and name not in drawn}
    assert numpy - {f"numpy.{name}" for names in ARRAYS.values() for name in names.split()} <= {
        "numpy.product",  # A name that NumPy 2 does not have.
        "numpy.acos",  # Names that NumPy 1 does not have.
        "numpy.asin",
        "numpy.atan",
        "numpy.pow",
        "numpy.float32",  # What is kept in fewer bits is not known.
        "numpy.float16",
        "numpy.int32",
    }
