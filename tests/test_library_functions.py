"""Functions of libraries against the libraries: the same result or exception, or an honest "unknown"."""

from __future__ import annotations

import importlib.util
import inspect
import math
import warnings
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lr_lint.semantics.libraries.catalogue import MODULES, find
from lr_lint.semantics.libraries.signatures import FUNCTIONS, LibraryFunction
from lr_lint.vocabulary.quantities import Quantity
from tests.harness import Outcome, contradicts, execute, interpret


def declared_in(module: str) -> list[str]:
    return sorted(
        name for name, known in FUNCTIONS.items() if known.handler.__module__ == f"lr_lint.semantics.libraries.{module}"
    )


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_handlers_take_what_their_signatures_give(name: str) -> None:
    """The call and one value for each parameter, in that order."""
    known = FUNCTIONS[name]
    inspect.signature(known.handler).bind(None, *known.signature.parameters)


@pytest.mark.parametrize("name", [name for name, known in FUNCTIONS.items() if known.exact and "." in name])
def test_signatures_of_python_are_pythons(name: str) -> None:
    """The parameters that can be named have Python's names, and as many may be left out."""
    try:
        theirs = inspect.signature(_function_of(name))
    except ValueError:
        pytest.skip("it does not tell its signature")
    ours = FUNCTIONS[name].signature

    assert _named(ours) <= _named(theirs) or _takes_any(theirs)
    assert _required(ours) == _required(theirs)


def _function_of(name: str) -> Any:
    parts = name.split(".")
    for end in range(len(parts) - 1, 0, -1):
        try:
            found = __import__(".".join(parts[:end]), fromlist=["_"])
        except ImportError:
            continue
        for part in parts[end:]:
            found = getattr(found, part)
        return found
    raise AssertionError(name)


def _named(signature: inspect.Signature) -> set[str]:
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return {parameter.name for parameter in signature.parameters.values() if parameter.kind in kinds} - {"self"}


def _takes_any(signature: inspect.Signature) -> bool:
    return any(parameter.kind is parameter.VAR_KEYWORD for parameter in signature.parameters.values())


def _required(signature: inspect.Signature) -> int:
    variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return sum(
        parameter.default is parameter.empty and parameter.kind not in variable
        for parameter in signature.parameters.values()
    )


def test_modules_all_declare_something() -> None:
    declaring = {known.handler.__module__ for known in FUNCTIONS.values()}

    assert {module.__name__ for module in MODULES} == declaring


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("jax.numpy.exp", "numpy.exp"),
        ("torch.optim.sgd.SGD", "torch.optim.SGD"),
        ("torch.optim.SGD", "torch.optim.SGD"),
    ],
)
def test_functions_are_found_by_all_their_names(name: str, same: str) -> None:
    assert isinstance(find(name), LibraryFunction)
    assert find(name) is FUNCTIONS[same]


# Values of every kind, by the name of a variable that holds each.
KINDS = {
    "number": "0.5",
    "huge": "10 ** 400",
    "imaginary": "2j",
    "text": "'0.1'",
    "nothing": "None",
    "items": "[0.5, 'a', [1]]",
    "pairs": "[('a', 1), ('b', 2)]",
    "once": "{1, 2}",
    "table": "{'a': 0.1, 2: [1]}",
    "call": "lambda x: x",
    "thing": "Thing(0.1)",
    "Thing": "Thing",
    "parser": "argparse.ArgumentParser()",
    "path": "pathlib.Path('a') / 'b.yaml'",
    "optimizer": "torch.optim.SGD([{'params': []}], lr=0.1)",
    "array": "np.array([0.1, 1])",
    "scalar": "np.float64(2)",
    "namespace": "argparse.Namespace(a=1)",
    "options": "argparse.ArgumentParser().parse_args()",
    "unknown": "somewhere.value",
    "library": "somewhere",
    "partial": "functools.partial(Thing, 1)",
    "parameters": "somewhere.Model().parameters()",
}
ANY_OF_THEM = """
import argparse, functools, pathlib, somewhere, torch
import {top}
import numpy as np
class Thing:
    a: float = 0.5
    def __init__(self, a):
        self.b = a
def f(t):
    {variables}
    return {expression}
"""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_call_ends_in_an_error_of_ours(name: str) -> None:
    """Whatever a function is given, and on whatever a method is called."""
    owner, _, method = name.rpartition(".")
    top = "builtins" if owner.startswith("<") else name.partition(".")[0]
    variables = "; ".join(f"{variable} = {value}" for variable, value in KINDS.items() if variable != value)
    count = max(len(FUNCTIONS[name].signature.parameters), 1)
    random = Random(name)
    for kind in random.sample([*KINDS], k=5):
        given = ", ".join([kind, *random.choices([*KINDS], k=count)][: random.randint(1, count)])
        called = [f"{kind}.{method}({given.partition(', ')[2]})"] if FUNCTIONS[name].is_method else []
        for expression in [f"{name}({given})"] * (not owner.startswith("<")) + called:
            interpret(ANY_OF_THEM.format(top=top, variables=variables, expression=expression), 0)


HUGE = ("10**400", "-(10**30)", "2**62")
NUMBERS = st.one_of(
    st.sampled_from(["0", "1", "2", "3", "-1", "-2", "-0.0", "0.5", "2.5", "True", "1e-320", "2.0**53", *HUGE]),
    st.sampled_from(["math.inf", "-math.inf", "math.nan", "1e308", "710", "-750.0", "2j"]),
    st.integers(-40, 40).map(str),
    st.floats(-20, 20).map(repr),
)
LISTS = st.lists(NUMBERS, max_size=4).map(lambda items: f"[{', '.join(items)}]")
OTHERS = st.sampled_from(
    ["None", "'1.5'", "'ff'", "'7'", "()", "{}", "{1: 2}", "'ab'", "(1, 2)", "[[1], [2]]", "lambda x: -x"]
)
ARGUMENTS = st.one_of(NUMBERS, NUMBERS, NUMBERS, LISTS, OTHERS)
# CPython itself never ends there.
ENDLESS_IF_HUGE = ("pow", "round")


@st.composite
def calls(draw: st.DrawFn, name: str) -> str:
    """A call of a function, most often one that fits its signature."""
    parameters = list(FUNCTIONS[name].signature.parameters.values())
    first = LISTS if parameters and parameters[0].name in {"a", "_iterable"} else ARGUMENTS
    count = draw(st.sampled_from([len(parameters), 1, 1, 2, 2, 3, 0]))
    given = [draw(first)] * (count > 0) + [draw(ARGUMENTS) for _ in range(count - 1)]
    keywords = draw(st.lists(st.sampled_from([p.name.lstrip("_") for p in parameters] or ["x"]), max_size=1))
    given += [f"{keyword}={draw(ARGUMENTS)}" for keyword in keywords if keyword.isidentifier()]
    return f"{name.removeprefix('builtins.')}({', '.join(given)})"


def assert_right_or_unknown(
    texts: st.SearchStrategy[str], agree: Callable[[Outcome, Outcome], bool], examples: int
) -> Counter[str]:
    """Draws expressions and compares; returns how often what came out."""
    counts: Counter[str] = Counter()

    @settings(
        deadline=None,
        derandomize=True,
        database=None,
        max_examples=examples,
        suppress_health_check=list(HealthCheck),
    )
    @given(texts)
    def check(text: str) -> None:
        body = text if "return" in text else f"return {text}"
        program = f"import bisect, copy, itertools, math, types\ndef f(t):\n    {body}\n"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            truth = execute(program, 0)[0]
        ours = interpret(program, 0)[0]
        counts[ours.kind] += 1
        assert agree(ours, truth), f"{text}: {ours}, but {truth}"

    check()
    return counts


def exactly(ours: Outcome, truth: Outcome) -> bool:
    return truth.kind == "unknown" or not contradicts(ours, truth)


@pytest.mark.parametrize("name", declared_in("numeric"))
def test_numbers_are_those_of_python(name: str) -> None:
    """Whatever is claimed of a call is so in CPython, exceptions for what does not fit included."""
    texts = calls(name)
    if name.partition(".")[2] in ENDLESS_IF_HUGE:
        texts = texts.filter(lambda text: not any(huge in text for huge in HUGE))
    counts = assert_right_or_unknown(texts, exactly, 40)

    assert counts["number"] + counts["raised"] > 0


RECEIVERS = {
    "list": ["[]", "[3]", "[3, 1, 2]", "[2.5, 3, 3]", "[1, 'a']", "[[1], [2]]"],
    "set": ["set()", "{1}", "{3, 1, 2}"],
    "dict": ["{}", "{'a': 1}", "{'a': 1, 2: 3}", "{1: [2]}"],
    "str": ["''", "'ab'", "' a,b '", "'Ab1'", "'12'"],
}
OF_RECEIVER = "len(x) x[0] x[-1] sum(x) x[1] x['a'] x[2] (1)in(x) ('a')in(x) list(x)[-1] sum(y) len(y)".split()
OF_RESULT = "r len(r) r[0] r[-1] sum(r) r['a'] r[0][1] len(r[0]) r=='ab' list(r)[0] (r)is(None) r==x bool(r)".split()
ITEMS = st.sampled_from(
    "0 1 -1 2 5 2.5 True t 'a' 'b' ',' 'ab' None [1,2] (3,'a') {'a':5} {4,4} [('a',7),(2,8)] [[1,2],[3,4]] range(3) "
    "('a','b') [] {} abs".split()
)


@st.composite
def uses(draw: st.DrawFn, name: str) -> str:
    """Statements that call a function or method, and look at what came of it."""
    parameters = list(FUNCTIONS[name].signature.parameters.values())
    owner, _, method = name.removeprefix("builtins.").rpartition(".")
    count = draw(st.sampled_from([len(parameters) - bool(owner), 1, 1, 2, 0]))
    given = [draw(ITEMS) for _ in range(max(count, 0))]
    keywords = draw(st.lists(st.sampled_from([p.name.lstrip("_") for p in parameters] or ["x"]), max_size=1))
    given += [f"{keyword}={draw(ITEMS)}" for keyword in keywords if draw(st.booleans())]
    receiver = draw(st.sampled_from(RECEIVERS.get(owner, ["[1]"])))
    called = f"x.{method}" if owner in RECEIVERS else name.removeprefix("builtins.")
    observed = draw(st.sampled_from([*OF_RECEIVER, *OF_RESULT]))
    return f"x = {receiver}\n    y = x\n    r = {called}({', '.join(given)})\n    return {observed}"


COLLECTING = [
    name
    for module in ("containers", "dicts", "strings", "builtins")
    for name in declared_in(module)
    if FUNCTIONS[name].exact and name not in {"builtins.super", "builtins.vars", "typing.cast", "functools.partial"}
]


@pytest.mark.parametrize("name", COLLECTING)
def test_containers_hold_what_pythons_hold(name: str) -> None:
    """What a call gives, what it does to its receiver and how it fails: as in CPython, or unknown."""
    counts = assert_right_or_unknown(uses(name), but_for_types, 60)

    assert counts["number"] + counts["raised"] > 0


def but_for_types(ours: Outcome, truth: Outcome) -> bool:
    """As `exactly`, but that nothing is known of a call that is given what it cannot take, and the program goes on."""
    return truth.text in {"TypeError", "AttributeError", "ValueError"} or exactly(ours, truth)


numpy_needed = pytest.mark.skipif(importlib.util.find_spec("numpy") is None, reason="no NumPy")
SMALL = st.one_of(
    st.sampled_from(["0", "1", "2", "-1", "-2", "0.0", "-0.0", "0.5", "-1.5", "3.0", "1e-320", "1e308", "800", "7"]),
    st.sampled_from(["math.inf", "-math.inf", "math.nan"]),
    st.integers(-9, 9).map(str),
    st.floats(-5, 5).map(repr),
)


@st.composite
def of_numpy(draw: st.DrawFn, depth: int = 3) -> str:
    """An expression of numbers, some of which NumPy makes."""
    if depth == 0:
        return draw(SMALL)
    kind = draw(st.sampled_from(["leaf", "function", "function", "operator", "operator", "python"]))
    first, second = draw(of_numpy(depth - 1)), draw(of_numpy(max(depth - 2, 0)))
    if kind == "leaf":
        return draw(st.sampled_from([first, f"np.float64({second})"]))
    if kind == "function":
        name = draw(st.sampled_from(NUMPY_FUNCTIONS))
        count = len(FUNCTIONS[f"numpy.{name}"].signature.parameters)
        return f"np.{name}({first})" if count == 1 else f"np.{name}({first}, {second})"
    if kind == "operator":
        return f"({first} {draw(st.sampled_from(['+', '-', '*', '/', '//', '%', '**']))} {second})"
    name = draw(st.sampled_from(["min", "max", "abs", "float", "round", "int", "math.sqrt", "pow", "bool", "sum", "-"]))
    if name in {"min", "max", "pow"}:
        return f"{name}({first}, {second})"
    return f"sum([{first}, {second}])" if name == "sum" else f"{name}({first})"


NUMPY_FUNCTIONS = [
    name.partition(".")[2]
    for name in declared_in("array_functions")
    if name.startswith("numpy.") and not {"a", "xp"} & {*FUNCTIONS[name].signature.parameters}
]


@numpy_needed
def test_numbers_are_those_of_numpy() -> None:
    """Where Python's numbers raise, NumPy's are infinite or no numbers; its functions may differ in the last digits."""
    counts: Counter[str] = Counter()

    @settings(
        deadline=None,
        derandomize=True,
        database=None,
        max_examples=300,
        suppress_health_check=list(HealthCheck),
    )
    @given(of_numpy())
    def check(text: str) -> None:
        program = f"import math\nimport numpy as np\ndef f(t):\n    return {text}\n"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            truth = _evaluated(program)
        ours = interpret(program, 0)[0]
        counts[ours.kind] += 1
        if ours.kind == "number":
            assert isinstance(ours.value, Quantity)
            assert _nearly(ours.value.number, truth), f"{text}: {ours}, but {truth!r}"
        elif ours.kind == "raised":
            assert ours.text == truth, f"{text}: {ours}, but {truth!r}"

    check()
    assert counts["number"] > 0.7 * counts.total()
    assert counts["raised"] > 0


PLAIN = st.one_of(st.sampled_from(["0", "1", "0.5", "1e-3", "3", "-2", "10"]), st.integers(-6, 12).map(str))
POSITIVE = st.sampled_from(["1", "0.5", "1e-3", "3", "10", "2.5e-5"])
COUNTS = st.integers(0, 7).map(str)
FLAGS = st.sampled_from(["", "", ", endpoint=False", ", endpoint=True"])


@st.composite
def tables(draw: st.DrawFn, depth: int = 2) -> str:
    """An expression that is an array of NumPy, of one dimension."""

    def one(source: st.SearchStrategy[str]) -> str:
        return draw(source)

    made: list[Callable[[], str]] = [
        lambda: f"np.linspace({one(PLAIN)}, {one(PLAIN)}, {one(COUNTS)}{one(FLAGS)})",
        lambda: f"np.geomspace({one(POSITIVE)}, {one(POSITIVE)}, {one(COUNTS)}{one(FLAGS)})",
        lambda: f"np.logspace({one(PLAIN)}, {one(PLAIN)}, {one(COUNTS)}{one(FLAGS)})",
        lambda: f"np.logspace({one(PLAIN)}, {one(PLAIN)}, num={one(COUNTS)}, base={one(POSITIVE)})",
        lambda: f"np.arange({one(COUNTS)})",
        lambda: f"np.arange({one(PLAIN)}, {one(PLAIN)}, {one(st.sampled_from(['1', '2', '0.5', '-1', '0.3']))})",
        lambda: f"np.full({one(COUNTS)}, {one(PLAIN)})",
        lambda: f"np.{one(st.sampled_from(['zeros', 'ones']))}({one(COUNTS)})",
        lambda: f"np.array([{one(PLAIN)}, {one(PLAIN)}, {one(POSITIVE)}])",
        lambda: f"np.interp({one(tables(0))}, [0, 1.5, 4], [{one(PLAIN)}, {one(PLAIN)}, {one(PLAIN)}])",
    ]
    if depth == 0:
        return draw(st.sampled_from(made))()
    first, second = tables(depth - 1), tables(depth - 1)
    derived: list[Callable[[], str]] = [
        lambda: f"np.concatenate(({one(first)}, {one(second)}))",
        lambda: f"np.hstack([{one(first)}, {one(PLAIN)}, {one(second)}])",
        lambda: f"np.append({one(first)}, {one(st.one_of(second, PLAIN))})",
        lambda: f"np.flip({one(first)})",
        lambda: f"np.tile({one(first)}, {one(COUNTS)})",
        lambda: f"np.repeat({one(first)}, {one(COUNTS)})",
        lambda: f"np.{one(st.sampled_from(['cumsum', 'cumprod']))}({one(first)})",
        lambda: f"np.{one(st.sampled_from(['cos', 'exp', 'sqrt', 'abs', 'floor', 'log']))}({one(first)})",
        lambda: f"np.{one(st.sampled_from(['maximum', 'minimum', 'power']))}({one(first)}, {one(POSITIVE)})",
        lambda: f"np.clip({one(first)}, {one(PLAIN)}, None)",
        lambda: f"({one(first)} {one(st.sampled_from(['+', '-', '*', '/']))} {one(PLAIN)})",
        lambda: f"({one(PLAIN)} {one(st.sampled_from(['+', '-', '*', '/', '**']))} {one(first)})",
        lambda: f"{one(first)}[{one(st.integers(-4, 4).map(str))}:{one(st.sampled_from(['', '2', '-1', '5']))}]",
        lambda: f"{one(first)}[::{one(st.sampled_from(['-1', '2', '']))}]",
        lambda: f"{one(first)}.astype(float)",
    ]
    return draw(st.sampled_from([*made, *derived, *derived]))()


@numpy_needed
def test_tables_are_those_of_numpy() -> None:
    """Items, length and what is beyond it, whatever a table is made of."""
    counts: Counter[str] = Counter()
    observed = st.sampled_from(
        ["x[0]", "x[-1]", "x[2]", "x[5]", "len(x)", "x.tolist()[1]", "x.__getitem__(3)", "sum(x)"]
    )

    @settings(
        deadline=None,
        derandomize=True,
        database=None,
        max_examples=500,
        suppress_health_check=list(HealthCheck),
    )
    @given(tables(), observed)
    def check(text: str, asked: str) -> None:
        program = f"import numpy as np\ndef f(t):\n    x = {text}\n    return {asked}\n"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            truth = _evaluated(program)
        ours = interpret(program, 0)[0]
        counts[ours.kind] += 1
        if ours.kind == "number":
            assert isinstance(ours.value, Quantity)
            assert _nearly(ours.value.number, truth), f"{asked} of {text}: {ours}, but {truth!r}"
        elif ours.kind == "raised":
            assert ours.text == truth, f"{asked} of {text}: {ours}, but {truth!r}"

    check()
    assert counts["number"] > 0.5 * counts.total()
    assert counts["raised"] > 0


def _evaluated(program: str) -> Any:
    names: dict[str, Any] = {}
    exec(program, names)
    try:
        result = names["f"](0)
    except Exception as error:
        return type(error).__name__
    return result.item() if hasattr(result, "item") else result


def _nearly(ours: Any, truth: Any) -> bool:
    if isinstance(truth, str) or isinstance(ours, complex) or isinstance(truth, complex):
        return repr(ours) == repr(truth)
    return bool(ours == truth) or (math.isnan(ours) and math.isnan(truth)) or math.isclose(ours, truth, rel_tol=1e-9)
