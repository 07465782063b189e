"""Who binds a name, against what CPython's compiler says: `symtable` is the truth."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import enum
import random
import symtable
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import libcst as cst
import pytest

from lr_lint.project.binders import SCOPES
from lr_lint.project.modules import Module
from lr_lint.source.tree import children, code_of, walk
from tests.harness import module_of, source_of

ROOT = Path(__file__).parent.parent
LIBRARY = [Path(module.__file__ or "") for module in (argparse, contextlib, dataclasses, enum)]
COMPREHENSIONS = {
    cst.ListComp: "listcomp",
    cst.SetComp: "setcomp",
    cst.DictComp: "dictcomp",
    cst.GeneratorExp: "genexpr",
}
by_symtable = pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="the tables of comprehensions are merged into those of the functions around"
)
# What the compiler adds by itself: the first iterable of a comprehension, and cells for ``super()``.
MADE_UP = {".0", "__class__", "__classdict__", "super", "__conditional_annotations__"}

# The kind and the name of a scope, with what each name in it is: local, free or global.
Verdict = tuple[str, frozenset[tuple[str, str]]]


def told_by_python(text: str) -> Counter[Verdict]:
    """The verdicts of the compiler on all scopes but the module."""
    verdicts: Counter[Verdict] = Counter()
    pending = symtable.symtable(text, "program.py", "exec").get_children()
    while pending:
        table = pending.pop()
        pending += table.get_children()
        name = table.get_name()
        if str(getattr(table, "_table", None)).startswith("<symtable entry _annotation"):
            continue
        symbols = [each for each in table.get_symbols() if is_mentioned(each) and each.get_name() not in MADE_UP]
        verdicts[name, frozenset((each.get_name(), kind_of(each)) for each in symbols)] += 1
    return verdicts


def is_mentioned(symbol: symtable.Symbol) -> bool:
    """Not so for what a scope only passes on to one within it."""
    return symbol.is_referenced() or symbol.is_assigned() or symbol.is_nonlocal() or not symbol.is_free()


def kind_of(symbol: symtable.Symbol) -> str:
    if symbol.is_free():
        return "free"
    return "local" if symbol.is_local() else "global"


def told_by_model(module: Module, postponed: bool) -> Counter[Verdict]:
    """Our verdicts on them."""
    # What ``:=`` binds is bound further out than it stands.
    mentioned = {node: set(module.scopes.names_in(node)) for node in walk(module.tree) if is_scope(node)}
    for node in variables(module.tree, postponed):
        mentioned[module.scopes.scopes_at(node)[0]].add(node.value)
    del mentioned[module.tree]
    return Counter(
        (name_of(scope), frozenset((name, our_kind(module, scope, name)) for name in names - MADE_UP))
        for scope, names in mentioned.items()
    )


def is_scope(node: cst.CSTNode) -> bool:
    return isinstance(node, (*SCOPES, cst.TypeParameters))


def variables(root: cst.CSTNode, postponed: bool) -> Iterator[cst.Name]:
    """The nodes that name variables: no keywords, attributes and parts of imports."""
    if isinstance(root, cst.Annotation) and postponed:
        return
    if isinstance(root, cst.Name):
        if root.value not in {"True", "False", "None"}:
            yield root
    elif isinstance(root, (cst.Import, cst.ImportFrom)):
        for alias in () if isinstance(root.names, cst.ImportStar) else root.names:
            bound: cst.BaseExpression = alias.name if alias.asname is None else alias.asname.name
            while isinstance(bound, cst.Attribute):
                bound = bound.value
            yield cst.ensure_type(bound, cst.Name)
    else:
        for child in children(root):
            if not is_label(root, child):
                yield from variables(child, postponed)


def is_label(parent: cst.CSTNode, child: cst.CSTNode) -> bool:
    if isinstance(parent, cst.Attribute):
        return child is parent.attr
    if isinstance(parent, cst.Arg):
        return child is parent.keyword
    return isinstance(parent, cst.MatchKeywordElement) and child is parent.key


def name_of(scope: cst.CSTNode) -> str:
    if isinstance(scope, cst.Lambda):
        return "lambda"
    if isinstance(scope, (cst.FunctionDef, cst.ClassDef)):
        return scope.name.value
    return COMPREHENSIONS[type(scope)]


def our_kind(module: Module, scope: cst.CSTNode, name: str) -> str:
    binding = module.scopes.resolve_within(name, scope)
    if binding is None or binding.scope is module.tree:
        return "global"
    return "local" if binding.scope is scope else "free"


def disagreements(text: str) -> tuple[Counter[Verdict], Counter[Verdict]]:
    """What only Python says, and what only we say."""
    postponed = "from __future__ import annotations" in text
    module = module_of(text)
    python, ours = told_by_python(text), told_by_model(module, postponed)
    top = symtable.symtable(text, "program.py", "exec").get_symbols()
    bound = {each.get_name() for each in top if each.is_assigned() or each.is_imported() or each.is_annotated()}
    # Functions that declare names ``global`` put them into the table of the module, and so does ``:=`` in it.
    assert bound <= module.scopes.names_in(module.tree).keys() <= {each.get_name() for each in top}
    return python - ours, ours - python


@pytest.mark.slow
@by_symtable
@pytest.mark.parametrize("folder", ["lr_lint", "tests", "fixtures"])
def test_scopes_of_our_own_files_are_those_of_python(folder: str) -> None:
    different = {
        str(path): found
        for path in sorted((ROOT / folder).rglob("*.py"))
        if any(found := disagreements(path.read_text(encoding="utf-8")))
    }

    assert different == {}


@by_symtable
@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_scopes_of_the_standard_library_are_those_of_python(path: Path) -> None:
    assert disagreements(path.read_text(encoding="utf-8")) == (Counter(), Counter())


class Generator:
    """Programs of all that binds names, nested at random; not all of them compile."""

    names = "abcd"

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.scopes = 0

    def name(self) -> str:
        return self.random.choice(self.names)

    def fresh(self) -> str:
        self.scopes += 1
        return f"scope{self.scopes}"

    def expression(self, depth: int = 2) -> str:
        def inner() -> str:
            return self.expression(depth - 1) if depth else self.name()

        made: list[Callable[[], str]] = [
            self.name,
            lambda: f"({self.name()} := {inner()})",
            lambda: f"(lambda {self.name()}, z={inner()}: {inner()})",
            lambda: f"[{inner()} for {self.name()} in {self.name()} if {inner()}]",
            lambda: f"{{{inner()}: {inner()} for {self.name()}, q in f({self.name()}) for {self.name()} in c}}",
            lambda: f"f({inner()}, {self.name()}={inner()}, *{inner()}).{self.name()}[{inner()}]",
            lambda: f"({inner()} if {inner()} else {inner()})",
        ]
        return self.random.choice(made)()

    def block(self, depth: int) -> list[str]:
        outer = [[], [], [], ["global a"], ["nonlocal b"]]
        lines = [line for _ in range(self.random.randint(1, 3)) for line in self.statement(depth)]
        lines = [*self.random.choice(outer), *lines]
        return [f"    {line}" for line in lines]

    def statement(self, depth: int) -> list[str]:
        simple = [
            f"{self.name()} = {self.expression()}",
            f"{self.name()}, ({self.name()}, *{self.name()}) = {self.expression()}",
            f"{self.name()} += {self.expression()}",
            f"{self.name()}: int",
            f"{self.name()}: {self.name()} = {self.expression()}",
            f"del {self.name()}",
            f"import {self.name()}.x",
            f"import x.y as {self.name()}",
            f"from x import {self.name()}, y as {self.name()}",
            f"{self.expression()}",
            f"{self.name()}.{self.name()} = {self.expression()}",
        ]
        if depth == 0 or self.random.random() < 0.4:
            return [self.random.choice(simple)]
        return self.compound(depth - 1)

    def compound(self, depth: int) -> list[str]:
        head = self.random.choice(
            [
                f"def {self.fresh()}({self.name()}, v={self.expression()}, *w: {self.name()}) -> {self.name()}:",
                f"def {self.fresh()}():",
                f"class {self.fresh()}({self.name()}, k={self.expression()}):",
                f"@{self.name()}({self.expression()})\nclass {self.fresh()}:",
                f"for {self.name()}, y in {self.expression()}:",
                f"with {self.expression()} as {self.name()}, f as ({self.name()}, u):",
                f"if {self.expression()}:",
                f"while {self.expression()}:",
            ]
        )
        tail = self.random.choice([[], [], self.handler(depth), self.match(depth)])
        return [*head.split("\n"), *self.block(depth), *tail]

    def handler(self, depth: int) -> list[str]:
        return ["try:", *self.block(depth), f"except {self.name()} as {self.name()}:", *self.block(depth)]

    def match(self, depth: int) -> list[str]:
        n = self.name
        pattern = f"{{'k': {n()}, **r}} | [C({n()}=r), *k]" if self.random.random() < 0.3 else f"[{n()}, *_] as m"
        return [f"match {n()}:", f"    case {pattern}:", *(f"    {line}" for line in self.block(depth))]


def programs(count: int) -> Iterator[str]:
    """Programs of some statements that compile."""
    generator = Generator(1)
    for _ in range(count):
        statements: list[str] = []
        while len(statements) < 4:
            statement = "\n".join(generator.statement(2))
            with contextlib.suppress(SyntaxError):
                compile("\n".join([*statements, statement]), "program.py", "exec")
                statements.append(statement)
        yield "\n".join(statements) + "\n"


@pytest.mark.slow
@by_symtable
def test_scopes_of_generated_programs_are_those_of_python() -> None:
    for text in programs(150):
        assert disagreements(text) == (Counter(), Counter()), text


PROGRAM = """\
import torch
lr = 0.1

def rate(step, lr=lr):
    return lr * 0.9**step

def unrelated(rate):
    print(rate, lr)

class Trainer:
    lr = 0.2
    halved = [lr for lr in (lr, lr / 2)]
    del lr

    def __init__(self, lr):
        self.lr = lr

    def fit(self):
        def report():
            print(self.lr, lr)
        return report

def make():
    global best
    best = lr
    count = 0
    def step():
        nonlocal count
        count += (last := 1)
        return lambda: count + last
    return step

print(best, rate)
"""


def scope(module: Module, name: str) -> cst.CSTNode:
    found = (node for node in walk(module.tree) if getattr(getattr(node, "name", None), "value", None) == name)
    return next(node for node in found if isinstance(node, (cst.FunctionDef, cst.ClassDef)))


def home(module: Module, name: str, node: cst.CSTNode) -> cst.CSTNode | None:
    binding = module.scopes.resolve(name, node)
    return None if binding is None else binding.scope


def uses_of(module: Module, name: str, within: str = "") -> list[str]:
    """The statements in which the variable is used that a scope, or the module, means by a name."""
    binding = module.scopes.resolve_within(name, scope(module, within) if within else module.tree)
    assert binding is not None
    paths = [module.path_to(node) for node in module.scopes.uses(binding)]
    statements = [[each for each in path if isinstance(each, cst.BaseSmallStatement)] for path in paths]
    return [code_of(each[-1]) for each in statements if each]


def test_uses_are_those_of_one_variable_and_not_of_its_spelling() -> None:
    module = module_of(PROGRAM)

    assert uses_of(module, "rate") == ["print(best, rate)"]
    assert uses_of(module, "rate", "unrelated") == ["print(rate, lr)"]
    assert uses_of(module, "lr", "rate") == ["return lr * 0.9**step"]
    assert uses_of(module, "lr", "__init__") == ["self.lr = lr"]
    assert uses_of(module, "self.lr", "fit") == ["self.lr = lr", "print(self.lr, lr)"]
    assert uses_of(module, "count", "step") == ["count = 0", "count += (last := 1)", "return lambda: count + last"]
    assert uses_of(module, "best") == ["best = lr", "print(best, rate)"]


def test_a_class_is_seen_by_its_own_code_alone() -> None:
    module = module_of(PROGRAM)
    trainer = scope(module, "Trainer")
    comprehension = next(node for node in walk(module.tree) if isinstance(node, cst.ListComp))

    assert uses_of(module, "lr", "Trainer") == ["lr = 0.2"] + ["halved = [lr for lr in (lr, lr / 2)]"] * 2 + ["del lr"]
    # Until the class has a name, it is the one of the module.
    assert uses_of(module, "lr").count("halved = [lr for lr in (lr, lr / 2)]") == 2
    assert home(module, "lr", scope(module, "fit")) is trainer
    assert home(module, "lr", scope(module, "report")) is module.tree
    assert home(module, "lr", comprehension.elt) is comprehension


def test_binders_are_all_nodes_that_bind_a_variable() -> None:
    module = module_of(PROGRAM)

    def binders(name: str, within: str) -> list[str]:
        binding = module.scopes.resolve_within(name, scope(module, within))
        assert binding is not None
        parents = [module.path_to(node)[-1] for node in module.scopes.binders(binding)]
        return [type(parent).__name__ for parent in parents]

    assert binders("rate", "make") == ["FunctionDef"]
    assert binders("lr", "rate") == ["Param"]
    assert binders("count", "step") == ["AssignTarget", "AugAssign"]
    assert binders("best", "make") == ["AssignTarget"]
    assert binders("torch", "make") == ["ImportAlias"]
    assert binders("self.lr", "fit") == ["AssignTarget"]


def test_type_parameters_are_a_scope_between_a_definition_and_what_is_around_it() -> None:
    code = "class A[T](Base[T]):\n    x: T\n    def f[S](self, a: S, b=x) -> T: return S, T, x\ntype L[T] = T\n"
    tree = cst.parse_module(code)
    module = Module(source_of(code), tree)
    names = [node for node in walk(tree) if isinstance(node, cst.Name)]
    parameters = [home(module, node.value, node) for node in names if node.value in {"S", "T"}]

    assert {type(scope) for scope in parameters} == {cst.TypeParameters}
    assert len(set(parameters)) == 3
    default = next(node.default for node in walk(tree) if isinstance(node, cst.Param) and node.default is not None)
    assert home(module, "x", default) is scope(module, "A")
