"""No finding is certain where something on the way was not followed: what may have been missed is told by name."""

from __future__ import annotations

import pytest

from lr_lint.checks.engine import check_text
from lr_lint.source.settings import Settings
from lr_lint.vocabulary.diagnostics import Confidence, Diagnostic

PREAMBLE = """
import contextlib, functools, heapq, operator, sys, threading, types, weakref
from unittest import mock
import numpy as np
import torch
from torch.optim.lr_scheduler import LambdaLR
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=2e-3)
"""

# What makes the factor 1, in ways of which the interpreter follows some and not others. It would be 2e-3 without.
TABLE = 'plan = {"pace": 2e-3}\n'
OF_TABLE = 'LambdaLR(optimizer, lambda epoch: plan["pace"] * 0.9**epoch)\n'
ON_TABLES = {
    "item method": 'plan.__setitem__("pace", 1.0)',
    "function for items": 'operator.setitem(plan, "pace", 1.0)',
    "method in a variable": "renew = plan.update\nrenew(pace=1.0)",
    "method by name": 'getattr(plan, "update")(pace=1.0)',
    "method with its arguments": "functools.partial(plan.update, pace=1.0)()",
    "method handed to map": 'list(map(plan.update, [{"pace": 1.0}]))',
    "in a comprehension": "[plan.update(pace=pace) for pace in (0.5, 1.0)]",
    "in a thread": "t = threading.Thread(target=lambda: plan.update(pace=1.0))\nt.start()\nt.join()",
    "as a key function": "sorted([1], key=lambda each: plan.update(pace=1.0) or 0)",
    "in an assertion": "assert plan.update(pace=1.0) is None",
    "named in a condition": 'if same := plan:\n    same["pace"] = 1.0',
    "starred target": '*_, same = [0, plan]\nsame["pace"] = 1.0',
    "variables of the module": 'vars(sys.modules[__name__])["plan"] = {"pace": 1.0}',
    "default of a parameter": 'def mend(table=plan):\n    table["pace"] = 1.0\nmend()',
    "given back": 'def same(table):\n    return table\nsame(plan)["pace"] = 1.0',
    "kept by an object": (
        "class Keeper:\n    def __init__(self, table):\n        self.table = table\n"
        'keeper = Keeper(plan)\nkeeper.table["pace"] = 1.0'
    ),
    "called from a list": "todo = [lambda: plan.update(pace=1.0)]\nfor each in todo:\n    each()",
    "called from a table": 'todo = {"mend": lambda table: table.update(pace=1.0)}\ntodo["mend"](plan)',
    "called on the way out": "with contextlib.ExitStack() as stack:\n    stack.callback(plan.update, pace=1.0)",
    "handler": 'try:\n    int("x")\nexcept ValueError:\n    plan["pace"] = 1.0',
    "handler of a group": (
        'try:\n    raise ExceptionGroup("", [ValueError()])\nexcept* ValueError:\n    plan["pace"] = 1.0'
    ),
    "body of a class": 'class Setup:\n    plan["pace"] = 1.0',
    "subclass": (
        'class Base:\n    def __init_subclass__(cls):\n        plan["pace"] = 1.0\nclass Derived(Base):\n    pass'
    ),
    "metaclass": (
        'class Meta(type):\n    def __init__(cls, *given):\n        plan["pace"] = 1.0\n'
        "class Made(metaclass=Meta):\n    pass"
    ),
    "operator": 'class Odd:\n    def __add__(self, other):\n        plan["pace"] = 1.0\nOdd() + 1',
    "iteration": (
        'class Odd:\n    def __iter__(self):\n        plan["pace"] = 1.0\n        return iter(())\n'
        "for _ in Odd():\n    pass"
    ),
    "property": 'class Odd:\n    @property\n    def part(self):\n        plan["pace"] = 1.0\nOdd().part',
    "truth": (
        'class Odd:\n    def __bool__(self):\n        plan["pace"] = 1.0\n        return True\nif Odd():\n    pass'
    ),
    "by name in the module": 'def mend():\n    plan["pace"] = 1.0\ngetattr(sys.modules[__name__], "mend")()',
    "evaluated text": 'def mend():\n    plan["pace"] = 1.0\neval("mend()")',
    "by kind": (
        "@functools.singledispatch\ndef mend(each):\n    pass\n@mend.register\n"
        'def _(each: int):\n    plan["pace"] = 1.0\nmend(1)'
    ),
    "registered": (
        "known = {}\ndef register(function):\n    known[function.__name__] = function\n    return function\n"
        '@register\ndef mend(table):\n    table["pace"] = 1.0\nknown["mend"](plan)'
    ),
    "condition on a kind": 'if isinstance(plan["pace"], float):\n    plan["pace"] = 1.0',
    "pattern": 'match {"kind": 1}:\n    case {"kind": 1}:\n        plan["pace"] = 1.0',
    "version": 'if torch.__version__ > "1":\n    plan["pace"] = 1.0',
}
OBJECT = "class Plan:\n    def __init__(self):\n        self.pace = 2e-3\nplan = Plan()\n"
OF_OBJECT = "LambdaLR(optimizer, lambda epoch: plan.pace * 0.9**epoch)\n"
ON_OBJECTS = {
    "method of object": 'object.__setattr__(plan, "pace", 1.0)',
    "its type": "type(plan).pace = 1.0\ndel plan.pace",
    "through a reference": "weakref.ref(plan)().pace = 1.0",
    "patched": 'mock.patch.object(plan, "pace", 1.0).start()',
    "method handed on": (
        "class Odd(Plan):\n    def mend(self, _):\n        self.pace = 1.0\nplan = Odd()\nlist(map(plan.mend, [1]))"
    ),
    "method by its name": (
        "class Odd(Plan):\n    def mend(self):\n        self.pace = 1.0\n"
        'plan = Odd()\noperator.methodcaller("mend")(plan)'
    ),
    "entered": (
        "class Odd(Plan):\n    def __enter__(self):\n        self.pace = 1.0\n    def __exit__(self, *given):\n"
        "        pass\nplan = Odd()\nwith plan:\n    pass"
    ),
    "item of an object": (
        'class Odd(Plan):\n    def __setitem__(self, at, to):\n        self.pace = to\nplan = Odd()\nplan["pace"] = 1.0'
    ),
    "called": "class Odd(Plan):\n    def __call__(self):\n        self.pace = 1.0\nplan = Odd()\nplan()",
    "made otherwise": (
        "class Meta(type):\n    def __call__(cls):\n        made = type.__call__(cls)\n        made.pace = 1.0\n"
        "        return made\nclass Odd(Plan, metaclass=Meta):\n    pass\nplan = Odd()"
    ),
    "decorated class": "def mended(cls):\n    class Odd(cls):\n        pace = 1.0\n    return Odd\n"
    "@mended\nclass Base:\n    pace = 2e-3\nplan = Base()",
    "property by hand": (
        "class Odd:\n    pace = property(lambda self: self.own, lambda self, to: setattr(self, 'own', to / 2e-3))\n"
        "plan = Odd()\nplan.pace = 2e-3"
    ),
    "descriptor": (
        "class Field:\n    def __set__(self, plan, to):\n        plan.own = to / 2e-3\n"
        "    def __get__(self, plan, cls=None):\n        return plan.own\n"
        "class Odd:\n    pace = Field()\n    def __init__(self):\n        self.pace = 2e-3\nplan = Odd()"
    ),
    "body that is left": (
        "plan = types.SimpleNamespace(pace=1.0)\n"
        "with contextlib.suppress(KeyError):\n    {}['x']\n    plan = types.SimpleNamespace(pace=2e-3)"
    ),
}
NUMBER = "pace = 2e-3\n"
OF_NUMBER = "LambdaLR(optimizer, lambda epoch: pace * 0.9**epoch)\n"
ON_NUMBERS = {
    "variable in a thread": (
        "def mend():\n    global pace\n    pace = 1.0\nt = threading.Thread(target=mend)\nt.start()\nt.join()"
    ),
    "variable through map": "def mend(_):\n    global pace\n    pace = 1.0\nlist(map(mend, [1]))",
    "raised before": "try:\n    pace = 1.0\n    raise KeyError\n    pace = 2e-3\nexcept KeyError:\n    pass",
    "raised by a function": (
        "def fail():\n    raise KeyError\ntry:\n    pace = 1.0\n    fail()\n    pace = 2e-3\nexcept KeyError:\n    pass"
    ),
    "view of an array": "whole = np.array([2e-3, 2.0])\npart = whole[:1]\npart[:] = 1.0\npace = whole[0]",
    "array as target": "whole = np.array([2e-3])\nnp.divide(whole, 2e-3, out=whole)\npace = whole[0]",
    "array by a function": "whole = np.array([2e-3])\nnp.put(whole, [0], [1.0])\npace = whole[0]",
    "tensor in place": "whole = torch.tensor(2e-3)\nwhole.div_(2e-3)\npace = whole.item()",
    "heap": "whole = [2e-3, 1.0]\nheapq.heappop(whole)\npace = whole[0]",
}
GROUPS = "optimizer = torch.optim.SGD(model.parameters(), lr=2e-3)\n"
OF_GROUPS = "LambdaLR(optimizer, lambda epoch: 2e-3 * 0.9**epoch)\n"
ON_GROUPS = {
    "group through map": "list(map(lambda group: group.update(lr=1.0), optimizer.param_groups))",
    "group in a comprehension": "[group.update(lr=1.0) for group in optimizer.param_groups]",
    "state of another": (
        "other = torch.optim.SGD(model.parameters(), lr=1.0)\noptimizer.load_state_dict(other.state_dict())"
    ),
    "groups replaced": "optimizer.param_groups[:] = [dict(group, lr=1.0) for group in optimizer.param_groups]",
    "parts of the optimizer": 'vars(optimizer)["param_groups"][0]["lr"] = 1.0',
    "initial rate": "for group in optimizer.param_groups:\n    group['initial_lr'] = 1.0",
    "initial rate from the start": (
        "optimizer = torch.optim.SGD([{'params': model.parameters(), 'initial_lr': 1.0}], lr=2e-3)"
    ),
    "optimizer of its own": (
        "class Relative(torch.optim.SGD):\n    def __init__(self, params, lr):\n"
        "        super().__init__(params, lr=1.0)\noptimizer = Relative(model.parameters(), lr=2e-3)"
    ),
    "optimizer that changes itself": (
        "class Relative(torch.optim.SGD):\n    def __init__(self, *given, **named):\n"
        "        super().__init__(*given, **named)\n        self.param_groups[0]['lr'] = 1.0\n"
        "optimizer = Relative(model.parameters(), lr=2e-3)"
    ),
}
RIGHT = {
    name: start + change + "\n" + end
    for start, changes, end in (
        (TABLE, ON_TABLES, OF_TABLE),
        (OBJECT, ON_OBJECTS, OF_OBJECT),
        (NUMBER, ON_NUMBERS, OF_NUMBER),
        (GROUPS, ON_GROUPS, OF_GROUPS),
    )
    for name, change in changes.items()
}


def found_in(program: str) -> tuple[Diagnostic, ...]:
    return check_text("train.py", PREAMBLE + program, Settings(min_confidence="possible")).diagnostics


@pytest.mark.parametrize("program", RIGHT.values(), ids=RIGHT)
def test_nothing_is_told_of_right_schedules_that_change_out_of_sight(program: str) -> None:
    assert [each.message for each in found_in(program) if each.confidence > Confidence.POSSIBLE] == []


@pytest.mark.parametrize("program", [TABLE + OF_TABLE, OBJECT + OF_OBJECT, NUMBER + OF_NUMBER, GROUPS + OF_GROUPS])
def test_the_same_is_certain_where_nothing_changes(program: str) -> None:
    assert [(each.code, each.confidence) for each in found_in(program)] == [("LR101", Confidence.CERTAIN)]


@pytest.mark.parametrize(
    "harmless",
    [
        "print(plan)",
        'print(plan["pace"])',
        'log = {}\nlog["pace"] = 1.0',
        'def later():\n    plan["pace"] = 1.0',
        "def show(table):\n    print(table)\nshow(plan)",
        "torch.manual_seed(0)",
        "size = len(plan)",
        "class Log:\n    def note(self):\n        self.pace = 1.0\nLog().note()",
    ],
)
def test_what_cannot_change_anything_leaves_it_certain(harmless: str) -> None:
    assert [each.confidence for each in found_in(f"{TABLE}{harmless}\n{OF_TABLE}")] == [Confidence.CERTAIN]


def test_what_comes_after_the_scheduler_does_not_matter() -> None:
    after = 'same = [plan]\nfor each in same:\n    each["pace"] = 1.0\n'

    assert [each.confidence for each in found_in(TABLE + OF_TABLE + after)] == [Confidence.CERTAIN]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("from somewhere import settle\nkept = settle(plan)", "what is handed on here may be changed out of sight"),
        ('try:\n    plan = {"pace": 2e-3}\nexcept OSError:\n    plan = {}', "whether something is raised"),
    ],
)
def test_the_gap_is_told_as_evidence(statement: str, said: str) -> None:
    [finding] = found_in(f"{TABLE}{statement}\n{OF_TABLE}")

    assert finding.confidence is Confidence.LIKELY
    assert said in finding.evidence[-1].text


def test_an_optimizer_that_nobody_knows_is_taken_to_start_from_its_rate() -> None:
    [finding] = found_in(
        "from somewhere import Ranger\nrate = 2e-3\noptimizer = Ranger(model.parameters(), lr=rate)\n"
        "LambdaLR(optimizer, lambda epoch: rate * 0.9**epoch)\n"
    )

    assert finding.confidence is Confidence.LIKELY
    assert "is taken to start from the lr" in finding.evidence[-1].text


def test_more_cases_than_are_looked_at_leave_it_open() -> None:
    """Each flag doubles the cases, and the shape of what is passed is known in all of them."""
    flags = "".join(f"    if flag{at}:\n        pace = pace\n" for at in range(12))
    names = ", ".join(f"flag{at}" for at in range(12))
    [finding] = found_in(
        f"def build(pace, {names}):\n    optimizer = torch.optim.SGD(model.parameters(), lr=pace)\n{flags}"
        "    return LambdaLR(optimizer, lambda epoch: pace * 0.9**epoch)\n"
    )

    assert finding.confidence is Confidence.LIKELY
    assert finding.evidence[-1].text == "more cases lead here than are looked at"
