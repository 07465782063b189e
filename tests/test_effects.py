"""What statements do to names."""

from __future__ import annotations

import libcst as cst
import pytest

from lr_lint.project.effects import Effects, effects_of


def effects(statement: str) -> Effects:
    """The effects of a statement, in a function where it can stand only there."""
    if "await" not in statement and "yield" not in statement:
        return effects_of(cst.parse_module(f"{statement}\n").body[0])
    function = cst.ensure_type(cst.parse_module(f"async def f():\n    {statement}\n").body[0], cst.FunctionDef)
    return effects_of(function.body.body[0])


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


BINDS = {
    "x = y = 1": "x y",
    "x, (y, *z) = 1": "x y z",
    "x: int = 1": "x",
    "x: int": "",
    "x += 1": "x",
    "del x, y[0]": "x",
    "self.x = 1": "self.x",
    "a.x = b[0] = 1": "",
    "import a.b, c.d as e": "a e",
    "from m import a, b as c": "a c",
    "from m import *": "",
    "f(x := 1)": "x",
    "y = [z for z in (x := w)]": "y x",
    "y = [(x := z) for z in w]": "y x",
    "y = lambda: (x := 1)": "y",
    "def f(a=(x := 1)): b = 1": "f x",
    "class A:\n    b = 1": "A",
    "class A:\n    global b\n    b = 1": "A b",
    "for x, y in z: w = 1": "x y w",
    "with a as x, b as (y, z): pass": "x y z",
    "try: pass\nexcept E as e: x = 1": "e x",
    "match v:\n    case [x, *y] | {'k': z, **r}: pass\n    case C(p=q) as w: pass": "x y z r q w",
    "type A[T] = T": "A",
}


@pytest.mark.parametrize("statement", BINDS)
def test_names_that_are_bound(statement: str) -> None:
    assert effects(statement).binds == names(BINDS[statement])


TOUCHES = {
    "x.append(1)": "x",
    "x['a'].b = 1": "x",
    "x.a().b = 1": "x",
    "del x['a']": "x",
    "x += [1]": "x",
    "x['lr'] *= 2": "x",
    "vars(x)['lr'] = 1": "x",
    "getattr(x, 'y').z = 1": "x",
    "setattr(x, 'lr', 1)": "x",
    "delattr(x.y, 'lr')": "x",
    "self.x['lr'] = 1": "self.x",
    "self.x.clear()": "self.x",
    "self.train()": "self",
    "await x.update()": "x",
    "add_options(parser)": "parser",
    "for g in x.groups: g['lr'] = 1": "g x",
    "for g in x: g += [1]": "g x",
    "for x['a'] in y: pass": "x",
    "with a as x.b: pass": "x",
    "class A:\n    x.append(1)": "x",
    "class A:\n    x = []\n    x.append(1)": "x",
    "def f(): x.append(1)": "",
    "y = x.pop()": "",
}


@pytest.mark.parametrize("statement", TOUCHES)
def test_names_whose_values_are_changed(statement: str) -> None:
    assert effects(statement).touches == names(TOUCHES[statement])


PASSES = {
    "f(x, k=y, *z, **w)": "x y z w",
    "v = f(x.a, y[i].b)": "x y",
    "f([x, {'k': y}], (z, *w), {**v})": "x y z w v",
    "f(x or y, z if c else w, u + v)": "x y z w u v",
    "f(-x, x < y, f'{z}', 'w')": "",
    "f(g(x), y.copy())": "x y",
    "f(lambda a: a + x, [b for b in y])": "x y",
    "f(self, self.x)": "self self.x",
    "f(await x, (y := z))": "x z",
    "if f(x): pass": "x",
    "v = [f(a, x) for a in y for b in z]": "x y z",
    "v = [f(x) for a in y]": "x y",
    "for a in x: f(a)": "a x",
    "yield x": "x",
    "v = yield from x": "x",
    "assert f(x)": "x",
    "x.append(y)": "x y",
    "def f(a=g(x)): h(y)": "x",
    "class A(B, k=x):\n    f(x)": "x",
    "@f(x)\ndef g(): pass": "x",
    "y = x.get('lr')": "x",
    "y = f(x.pop())": "x",
    "y = x.a.b[0].c(1).d()": "x",
    "for a in x.y: pass": "x",
    "y = [a for a in x for b in a.z]": "x",
    "a, b = x": "x",
    "with x.y as z: pass": "x",
    "y = torch.zeros(2)": "torch",
    "y = x": "",
}


@pytest.mark.parametrize("statement", PASSES)
def test_names_that_are_handed_on(statement: str) -> None:
    assert effects(statement).passes == names(PASSES[statement])


READS = {
    "x = y": "y",
    "x += y": "x y",
    "x.a = y": "x y",
    "f(k=x)": "f x",
    "y = [a + x for a in z if a]": "x z",
    "y = [a for a in a]": "a",
    "y = lambda a, b=x: a + c": "x c",
    "def f(e, lr=lr): return lr * x": "lr x",
    "def f(self): return self.lr": "self.lr",
    "def f():\n    global n\n    n = x": "n x",
    "def f():\n    def g(): return a\n    a = 1": "",
    "class A(B):\n    x = x\n    def f(self): return y": "B x y",
    "match v:\n    case C(k=a) if a > x: pass": "v C a x",
    "from m import x": "",
    "x: T = y": "T y",
}


@pytest.mark.parametrize("statement", READS)
def test_names_that_are_needed(statement: str) -> None:
    assert effects(statement).reads == names(READS[statement])


def test_jumps_affect_what_comes_after_them() -> None:
    assert effects("if a: return_ = 1").affects == {"return_"}
    assert effects("while a:\n    if b: break\n    continue").affects == set()
    assert effects("def f():\n    return 1").affects == {"f"}


def test_nested_functions_as_arguments_cost_what_they_hold() -> None:
    nested = "x"
    for _ in range(60):
        nested = f"f(lambda: {nested})"

    assert effects(nested).passes == {"f", "x"}
