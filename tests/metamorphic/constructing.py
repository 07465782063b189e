"""The construction spelled in other ways: another name of the class, its arguments given otherwise, a function around.

Arguments are evaluated once and before the constructor runs, as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import libcst as cst

from lr_lint.vocabulary.contracts import Contract
from tests.metamorphic.programs import Program, Rewriting, Transformation
from tests.metamorphic.trees import (
    Changes,
    bindings,
    code_of,
    constructions,
    expression,
    fresh,
    last_name,
    parents_of,
    remembers,
    replaced,
    statement_around,
    with_helpers,
    with_imports,
)


def _simple(tree: cst.Module) -> Iterator[tuple[cst.Call, Contract]]:
    """Constructions without stars, of classes that are called by their names."""
    for call, contract in constructions(tree):
        if call.args and not any(arg.star for arg in call.args):
            yield call, contract


def _given(call: cst.Call, contract: Contract) -> dict[str, str] | None:
    """The code of the arguments by keyword; None where a position has no known name."""
    keywords = dict(filter(None, (contract.optimizer, contract.rate, contract.callable)))
    found: dict[str, str] = {}
    for at, arg in enumerate(call.args):
        keyword = keywords.get(at) if arg.keyword is None else arg.keyword.value
        if keyword is None:
            return None
        found[keyword] = code_of(arg.value)
    return found


def _respelled(spell: Callable[[str, dict[str, str]], str], imports: str = "", helper: str = "") -> Rewriting:
    """Each construction is what ``spell`` makes of the class and of the arguments by keyword."""

    def rewrite(program: Program, tree: cst.Module, random: Random) -> Program | None:
        changes: Changes = {}
        for call, contract in _simple(tree):
            given = _given(call, contract)
            if given is not None and not any(inner in changes for inner in call.args):
                changes[call] = expression(spell(code_of(call.func), given))
        if not changes:
            return None
        changed = replaced(tree, changes)
        changed = with_helpers(changed, helper) if helper else changed
        return program.with_tree(with_imports(changed, imports) if imports else changed)

    return rewrite


def _keywords(given: dict[str, str]) -> str:
    return ", ".join(f"{name}={code}" for name, code in given.items())


def _display(given: dict[str, str]) -> str:
    return "{" + ", ".join(f"'{name}': {code}" for name, code in given.items()) + "}"


def _partly(name: str, given: dict[str, str]) -> str:
    first, *rest = given
    later = _keywords({key: given[key] for key in rest})
    return f"functools.partial({name}, {first}={given[first]})({later})"


def _positional(name: str, given: dict[str, str]) -> str:
    order = sorted(given, key=list(_ORDER).index) if set(given) <= set(_ORDER) else []
    places = [key for at, key in enumerate(order) if _ORDER[key] == at]
    rest = {key: code for key, code in given.items() if key not in places}
    return f"{name}({', '.join([*(given[key] for key in places), *filter(None, [_keywords(rest)])])})"


# Where PyTorch's schedulers take their arguments.
_ORDER = {"optimizer": 0, "lr_lambda": 1, "last_epoch": 2}


def _backwards(name: str, given: dict[str, str]) -> str:
    return f"{name}({_keywords(dict(reversed(given.items())))})"


def _before(code: Callable[[str, cst.Call, Contract], tuple[str, str] | None]) -> Rewriting:
    """A statement before the one that constructs; the construction uses the name that it binds.

    ``code`` is given that name and gives the statement and the construction.
    """

    def rewrite(program: Program, tree: cst.Module, random: Random) -> Program | None:
        changes: Changes = {}
        additions: list[tuple[cst.SimpleStatementLine, str]] = []
        parents = parents_of(tree)
        for at, (call, contract) in enumerate(_simple(tree)):
            line = None if remembers(tree) else statement_around(call, parents)
            spelled = None if line is None else code(fresh(tree, f"before{at}"), call, contract)
            if line is not None and spelled is not None:
                additions.append((line, spelled[0]))
                changes[call] = expression(spelled[1])
        return program.with_tree(replaced(tree, changes, additions)) if changes else None

    return rewrite


def _alias(name: str, call: cst.Call, contract: Contract) -> tuple[str, str] | None:
    return f"{name} = {code_of(call.func)}", code_of(call.with_changes(func=cst.Name(name)))


def _subclass(name: str, call: cst.Call, contract: Contract) -> tuple[str, str] | None:
    return f"class {name}({code_of(call.func)}):\n    pass", code_of(call.with_changes(func=cst.Name(name)))


def _subclass_with_constructor(name: str, call: cst.Call, contract: Contract) -> tuple[str, str] | None:
    body = "    def __init__(self, *args, **kwargs):\n        super().__init__(*args, **kwargs)"
    return f"class {name}({code_of(call.func)}):\n{body}", code_of(call.with_changes(func=cst.Name(name)))


def _table(name: str, call: cst.Call, contract: Contract) -> tuple[str, str] | None:
    table = f"{name} = {{'lambda': {code_of(call.func)}}}"
    return table, code_of(call.with_changes(func=expression(f"{name}['lambda']")))


def _arguments_first(name: str, call: cst.Call, contract: Contract) -> tuple[str, str] | None:
    given = _given(call, contract)
    return None if given is None else (f"{name} = {_display(given)}", f"{code_of(call.func)}(**{name})")


def _made_by_dict(name: str, call: cst.Call, contract: Contract) -> tuple[str, str] | None:
    given = _given(call, contract)
    return None if given is None else (f"{name} = dict({_keywords(given)})", f"{code_of(call.func)}(**{name})")


def _filled_dict(name: str, call: cst.Call, contract: Contract) -> tuple[str, str] | None:
    given = _given(call, contract)
    if given is None:
        return None
    lines = [f"{name} = {{}}", *(f"{name}['{key}'] = {code}" for key, code in given.items())]
    return "\n".join(lines), f"{code_of(call.func)}(**{name})"


def _callable_first(name: str, call: cst.Call, contract: Contract) -> tuple[str, str] | None:
    given = _given(call, contract)
    wanted = "" if contract.callable is None else contract.callable[1]
    if given is None or wanted not in given:
        return None
    return f"{name} = {given[wanted]}", f"{code_of(call.func)}({_keywords({**given, wanted: name})})"


def _maker(name: str, call: cst.Call, contract: Contract) -> tuple[str, str] | None:
    given = _given(call, contract)
    if given is None:
        return None
    inner = f"{code_of(call.func)}({', '.join(f'{key}={key}' for key in given)})"
    return f"def {name}({', '.join(given)}):\n    return {inner}", f"{name}({_keywords(given)})"


def _maker_of_the_class(name: str, call: cst.Call, contract: Contract) -> tuple[str, str] | None:
    made = f"def {name}():\n    return {code_of(call.func)}"
    return made, code_of(call.with_changes(func=expression(f"{name}()")))


def _by_getattr(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """``getattr(module, "LambdaLR")(...)``."""
    changes: Changes = {}
    for call, contract in _simple(tree):
        if isinstance(call.func, cst.Attribute):
            owner, name = code_of(call.func.value), call.func.attr.value
            changes[call] = expression(code_of(call.with_changes(func=expression(f"getattr({owner}, '{name}')"))))
        elif contract.name.startswith("torch.") and _is_imported(tree, last_name(call.func)):
            owner = contract.name.rpartition(".")[0]
            use = f"getattr({owner}, '{contract.short_name}')"
            changes[call] = expression(code_of(call.with_changes(func=expression(use))))
    if not changes or "torch" not in program.text:
        return None
    return program.with_tree(with_imports(replaced(tree, changes), "import torch"))


def _is_imported(tree: cst.Module, name: str) -> bool:
    binders = [node for other, node in bindings(tree) if other == name]
    return len(binders) == 1 and isinstance(binders[0], cst.ImportAlias)


# What becomes of a scheduler is told by the variables of scheduler and optimizer, where the construction names both.
_BY_VARIABLE = frozenset({"LR401", "LR402", "LR403"})

TRANSFORMATIONS = (
    Transformation("construct-alias", _before(_alias)),
    Transformation("construct-subclass", _before(_subclass)),
    Transformation("construct-subclass-with-constructor", _before(_subclass_with_constructor), loses=_BY_VARIABLE),
    Transformation("construct-from-table", _before(_table)),
    Transformation("construct-callable-first", _before(_callable_first)),
    Transformation("construct-options-first", _before(_arguments_first)),
    Transformation("construct-options-by-dict", _before(_made_by_dict)),
    Transformation("construct-options-filled", _before(_filled_dict), loses=_BY_VARIABLE),
    Transformation("construct-in-function", _before(_maker), loses=_BY_VARIABLE),
    Transformation("construct-class-from-function", _before(_maker_of_the_class)),
    Transformation("construct-getattr", _by_getattr),
    Transformation("construct-keywords", _respelled(lambda name, given: f"{name}({_keywords(given)})")),
    Transformation("construct-keywords-backwards", _respelled(_backwards)),
    Transformation("construct-positional", _respelled(_positional)),
    Transformation("construct-display", _respelled(lambda name, given: f"{name}(**{_display(given)})")),
    Transformation("construct-dict", _respelled(lambda name, given: f"{name}(**dict({_keywords(given)}))")),
    Transformation("construct-partial", _respelled(_partly, "import functools"), loses=_BY_VARIABLE),
    Transformation("construct-parentheses", _respelled(lambda name, given: f"(({name})({_keywords(given)}))")),
)
