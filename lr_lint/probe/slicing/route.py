"""The way from the top of a file to a construction: which function is called where, up to the module.

A function that is called once in the file is entered by that call. Any other is entered by a call that is made up at
the end of the scope around it, with arguments that the child process supplies.
"""

from __future__ import annotations

import ast
from contextlib import suppress
from dataclasses import dataclass, field

from lr_lint.probe.slicing.effects import FUNCTIONS, SELF, dotted, last_name, parameters_of
from lr_lint.probe.slicing.file_index import FileIndex, Function, Scope, is_static

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_DEEPEST = 6
# Decorators whose functions are called with other arguments than they are defined with.
_COMMANDS = frozenset({"command", "main", "option", "argument", "automain", "capture", "record"})


class NoPathError(Exception):
    """A construction that no slice can reach. The text says why, in one line."""


@dataclass
class Leg:
    """One scope on the way, and what is run in it at last.

    Attributes:
        scope: the function or module.
        target: the expression that the way leads to; None where all of the scope comes first.
        entered: the function of the leg before, that is called with supplied arguments; None where ``target`` does it.
        receiver: the class of the object whose method ``entered`` is; None for plain functions.
        path: what stands around the target in the scope.
        chosen: a sentence on the choice of the target among several, if there were several.
        whole: whether the scope is run to its end, as the constructor of a scheduler's subclass is.
    """

    scope: Scope
    target: ast.expr | None
    entered: Function | None = None
    receiver: ast.ClassDef | None = None
    whole: bool = False
    path: set[ast.AST] = field(default_factory=set)
    chosen: str = ""


def way_to(index: FileIndex, site: ast.Call, base_call: bool, optimizer: str) -> list[Leg]:
    """The legs from the construction outwards; the last one is the module's.

    Args:
        index: the file.
        site: the construction.
        base_call: whether it is a call of the base's constructor in a subclass of a scheduler.
        optimizer: the name that the construction gives to its scheduler as the optimizer; empty if it is none.

    Raises:
        NoPathError: if the construction stands where no slice leads.
    """
    legs = [_leg(index, site, _outermost_comprehension(index, site))]
    legs[0].whole = base_call
    seen: set[ast.AST] = set()
    while not isinstance(legs[-1].scope, ast.Module):
        function = legs[-1].scope
        assert isinstance(function, FUNCTIONS)
        seen.add(function)
        calls = _calls_of(index, function, seen) if len(legs) < _DEEPEST else []
        if len(calls) > 1 and any(is_optimizer(parameter.arg, optimizer) for parameter in parameters_of(function.args)):
            calls = []
        if calls:
            legs.append(_leg(index, calls[0], calls[0]))
            if len(calls) > 1:
                legs[-1].chosen = f"{function.name} is called in {len(calls)} ways; as on line {calls[0].lineno} here"
        else:
            legs.append(_supplied(index, function, base_call and len(legs) == 1, seen))
    return legs


def _leg(index: FileIndex, node: ast.expr, target: ast.expr) -> Leg:
    scope = index.scope_of(node)
    path: set[ast.AST] = set()
    for ancestor in index.ancestors(target):
        if ancestor is scope:
            break
        if isinstance(ancestor, ast.Lambda):
            raise NoPathError("what stands in a lambda cannot be sliced: probe the script with --run")
        if isinstance(ancestor, ast.ClassDef):
            raise NoPathError("what stands in the body of a class cannot be sliced: probe the script with --run")
        path.add(ancestor)
    return Leg(scope, target, path=path)


def _outermost_comprehension(index: FileIndex, site: ast.expr) -> ast.expr:
    """What is run to run a construction: itself, or the comprehension that it stands in."""
    outermost = site
    for ancestor in index.ancestors(site):
        if isinstance(ancestor, ast.stmt):
            break
        if isinstance(ancestor, _COMPREHENSIONS):
            outermost = ancestor
    return outermost


def _supplied(index: FileIndex, function: Function, constructs: bool, seen: set[ast.AST]) -> Leg:
    """The leg that enters a function with supplied arguments."""
    cls = index.class_of(function)
    if cls is None:
        return Leg(index.scope_of(function), None, function)
    if not constructs and not is_static(function) and function.name != "__init__":
        made = [
            call for call in index.calls(cls.name) if isinstance(call.func, ast.Name) and not _within(index, call, cls)
        ]
        if len(made) == 1 and index.scope_of(made[0]) not in seen:
            try:
                leg = _leg(index, made[0], made[0])
            except NoPathError:
                return Leg(index.scope_of(cls), None, function, cls)
            leg.entered, leg.receiver = function, cls
            return leg
    return Leg(index.scope_of(cls), None, function, cls)


def is_optimizer(name: str, known: str) -> bool:
    """Whether a parameter takes an optimizer: the one of the construction, or one by its name."""
    return name == known or name in {"optimizer", "optim", "optimiser", "opt_g", "opt_d", "optimizers"}


def _calls_of(index: FileIndex, function: Function, seen: set[ast.AST]) -> list[ast.Call]:
    """The calls by which a function may be entered, those that look the same counted once."""
    if any(last_name(_unwrapped(decorator)) in _COMMANDS for decorator in function.decorator_list):
        return []
    cls = index.class_of(function)
    if cls is None:
        calls = [call for call in index.calls(function.name) if isinstance(call.func, ast.Name)]
    elif function.name == "__init__":
        calls = [call for call in index.calls(cls.name) if isinstance(call.func, ast.Name)]
    else:
        calls = _method_calls(index, cls, function)
    calls = [call for call in calls if index.scope_of(call) not in seen and not _within(index, call, function)]
    if cls is None and not calls:
        calls = _handed_over(index, function)
    different: dict[str, ast.Call] = {}
    for call in sorted(calls, key=lambda call: (call.lineno, call.col_offset)):
        with suppress(NoPathError):
            _leg(index, call, call)
            different.setdefault(ast.dump(call), call)
    return list(different.values())


def _method_calls(index: FileIndex, cls: ast.ClassDef, method: Function) -> list[ast.Call]:
    calls = [call for call in index.calls(method.name) if isinstance(call.func, ast.Attribute)]
    own = [call for call in calls if dotted(call.func) == f"{SELF}.{method.name}" and _within(index, call, cls)]
    if own:
        return own
    # ``trainer.fit(...)``, where the trainer is made by the class in the same scope.
    outside = []
    for call in calls:
        receiver = call.func.value if isinstance(call.func, ast.Attribute) else None
        if not isinstance(receiver, ast.Name):
            continue
        binder = index.binder(receiver.id, index.scope_of(call))
        if binder is not None and _is_made_by(binder, receiver.id, cls.name):
            outside.append(call)
    return outside


def _is_made_by(scope: ast.AST, name: str, cls: str) -> bool:
    return any(
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == cls
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
        for node in ast.walk(scope)
    )


def _handed_over(index: FileIndex, function: Function) -> list[ast.Call]:
    """``spawn(main, args=(...))`` and ``launch(main, ..., args=(...))`` as the calls that they make."""
    found: list[ast.Call] = []
    for call in index.all_calls():
        given = [argument for argument in call.args if isinstance(argument, ast.Name) and argument.id == function.name]
        target = next((k.value for k in call.keywords if k.arg in ("target", "fn")), None)
        if isinstance(target, ast.Name) and target.id == function.name:
            given.append(target)
        arguments = next((k.value for k in call.keywords if k.arg == "args"), None)
        if not given or not isinstance(arguments, ast.Tuple):
            continue
        # torch.multiprocessing.spawn puts the number of the process in front.
        first = [ast.Constant(0)] if last_name(call.func) == "spawn" else []
        made = ast.copy_location(ast.Call(given[0], [*first, *arguments.elts], []), call)
        index.adopt(made, call)
        found.append(ast.fix_missing_locations(made))
    return found


def _within(index: FileIndex, node: ast.AST, scope: ast.AST) -> bool:
    return any(ancestor is scope for ancestor in index.ancestors(node))


def _unwrapped(decorator: ast.expr) -> ast.expr:
    return decorator.func if isinstance(decorator, ast.Call) else decorator
