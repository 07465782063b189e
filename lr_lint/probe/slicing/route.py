"""The way from the top of a file to a construction: which function is called where, up to the module.

A function that is called once in the file is entered by that call. Any other is entered by a call that is made up at
the end of the scope around it, with arguments that the child process supplies.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import libcst as cst

from lr_lint.probe.slicing.definitions import Definitions, Scope, is_static, parameters
from lr_lint.project.binders import SELF
from lr_lint.source.tree import code_of, dotted_name, last_name

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
    target: cst.BaseExpression | None
    entered: cst.FunctionDef | None = None
    receiver: cst.ClassDef | None = None
    whole: bool = False
    path: set[cst.CSTNode] = field(default_factory=set)
    chosen: str = ""


def way_to(
    definitions: Definitions, site: cst.Call, base_call: bool, optimizer: str, line_of: Callable[[cst.CSTNode], int]
) -> list[Leg]:
    """The legs from the construction outwards; the last one is the module's.

    Args:
        definitions: those of the file.
        site: the construction.
        base_call: whether it is a call of the base's constructor in a subclass of a scheduler.
        optimizer: the name that the construction gives to its scheduler as the optimizer; empty if it is none.
        line_of: gives the line of a node.

    Raises:
        NoPathError: if the construction stands where no slice leads.
    """
    legs = [_leg(definitions, site, _outermost_comprehension(definitions, site))]
    legs[0].whole = base_call
    seen: set[cst.CSTNode] = set()
    while not isinstance(legs[-1].scope, cst.Module):
        function = legs[-1].scope
        seen.add(function)
        calls = _calls_of(definitions, function, seen) if len(legs) < _DEEPEST else {}
        if len(calls) > 1 and any(is_optimizer(each.name.value, optimizer) for each in parameters(function)):
            calls = {}
        if calls:
            place, target = next(iter(calls.items()))
            legs.append(_leg(definitions, place, target))
            if len(calls) > 1:
                name, where = function.name.value, definitions.module.source.line_in_words(line_of(place))
                legs[-1].chosen = f"{name} is called in {len(calls)} ways; as on {where} here"
        else:
            legs.append(_supplied(definitions, function, base_call and len(legs) == 1, seen))
    return legs


def is_optimizer(name: str, known: str) -> bool:
    """Whether a parameter takes an optimizer: the one of the construction, or one by its name."""
    return name == known or name in {"optimizer", "optim", "optimiser", "opt_g", "opt_d", "optimizers"}


def _leg(definitions: Definitions, place: cst.CSTNode, target: cst.BaseExpression) -> Leg:
    """The leg that leads to an expression, which stands at a place or is made up to stand there."""
    scope = definitions.scope_of(place)
    path = definitions.module.path_to(target) or definitions.module.path_to(place)
    inside = path[path.index(scope) + 1 :]
    for ancestor in reversed(inside):
        if isinstance(ancestor, cst.Lambda):
            raise NoPathError("what stands in a lambda cannot be sliced: probe the script with --run")
        if isinstance(ancestor, cst.ClassDef):
            raise NoPathError("what stands in the body of a class cannot be sliced: probe the script with --run")
    return Leg(scope, target, path=set(inside))


def _is_around(definitions: Definitions, node: cst.CSTNode, place: cst.CSTNode) -> bool:
    return node in definitions.module.path_to(place)


def _outermost_comprehension(definitions: Definitions, site: cst.BaseExpression) -> cst.BaseExpression:
    """What is run to run a construction: itself, or the comprehension that it stands in."""
    outermost = site
    for ancestor in reversed(definitions.module.path_to(site)):
        if isinstance(ancestor, (cst.BaseSmallStatement, cst.BaseCompoundStatement)):
            break
        if isinstance(ancestor, cst.BaseComp):
            outermost = ancestor
    return outermost


def _supplied(definitions: Definitions, function: cst.FunctionDef, constructs: bool, seen: set[cst.CSTNode]) -> Leg:
    """The leg that enters a function with supplied arguments."""
    cls = definitions.class_of(function)
    if cls is None:
        return Leg(definitions.scope_of(function), None, function)
    if not constructs and not is_static(function) and function.name.value != "__init__":
        made = [call for call in _named_calls(definitions, cls.name.value) if not _is_around(definitions, cls, call)]
        if len(made) == 1 and definitions.scope_of(made[0]) not in seen:
            with suppress(NoPathError):
                leg = _leg(definitions, made[0], made[0])
                leg.entered, leg.receiver = function, cls
                return leg
    return Leg(definitions.scope_of(cls), None, function, cls)


def _named_calls(definitions: Definitions, name: str) -> list[cst.Call]:
    """The calls of a plain name."""
    return [call for call in definitions.module.calls().get(name, ()) if isinstance(call.func, cst.Name)]


def _calls_of(definitions: Definitions, function: cst.FunctionDef, seen: set[cst.CSTNode]) -> dict[cst.Call, cst.Call]:
    """The calls by which a function may be entered, by where they stand; those that look the same counted once."""
    if any(last_name(_unwrapped(each.decorator)) in _COMMANDS for each in function.decorators):
        return {}
    cls = definitions.class_of(function)
    if cls is None:
        found = _named_calls(definitions, function.name.value)
    elif function.name.value == "__init__":
        found = _named_calls(definitions, cls.name.value)
    else:
        found = _method_calls(definitions, cls, function)
    calls = {
        call: call
        for call in found
        if definitions.scope_of(call) not in seen and not _is_around(definitions, function, call)
    }
    if cls is None and not calls:
        calls = _handed_over(definitions, function)
    different: dict[str, cst.Call] = {}
    for place in sorted(calls, key=definitions.module.place):
        with suppress(NoPathError):
            _leg(definitions, place, calls[place])
            different.setdefault(code_of(calls[place]), place)
    return {place: calls[place] for place in different.values()}


def _method_calls(definitions: Definitions, cls: cst.ClassDef, method: cst.FunctionDef) -> list[cst.Call]:
    calls = [c for c in definitions.module.calls().get(method.name.value, ()) if isinstance(c.func, cst.Attribute)]
    own = f"{SELF}.{method.name.value}"
    within = [call for call in calls if dotted_name(call.func) == own and _is_around(definitions, cls, call)]
    # ``trainer.fit(...)``, where the trainer is made by the class.
    return within or [call for call in calls if _is_made_by(definitions, call.func, cls)]


def _is_made_by(definitions: Definitions, method: cst.BaseExpression, cls: cst.ClassDef) -> bool:
    """Whether the receiver of a method is a variable that a class of the file is assigned to an instance of."""
    receiver = method.value if isinstance(method, cst.Attribute) else None
    scopes = definitions.module.scopes
    binding = scopes.resolve(receiver.value, receiver) if isinstance(receiver, cst.Name) else None
    if binding is None:
        return False
    made = (getattr(definitions.module.assigned_by(binder), "value", None) for binder in scopes.binders(binding))
    calls = (each for each in made if isinstance(each, cst.Call))
    return any(definitions.defined_as(last_name(call.func), binding.scope) is cls for call in calls)


def _handed_over(definitions: Definitions, function: cst.FunctionDef) -> dict[cst.Call, cst.Call]:
    """``spawn(main, args=(...))``, ``spawn(main, (...))`` and ``launch(main, ..., args=(...))`` as what they call."""
    found: dict[cst.Call, cst.Call] = {}
    for call in (each for calls in definitions.module.calls().values() for each in calls):
        words = {each.keyword.value: each.value for each in call.args if each.keyword is not None}
        given = [each.value for each in call.args if each.keyword is None] + [words.get("target"), words.get("fn")]
        at = next(
            (at for at, n in enumerate(given) if isinstance(n, cst.Name) and n.value == function.name.value), None
        )
        if at is None:
            continue
        name, arguments = given[at], words.get("args") or next(iter(given[at + 1 :]), None)
        if isinstance(name, cst.Name) and isinstance(arguments, cst.Tuple):
            # torch.multiprocessing.spawn puts the number of the process in front, as those of XLA do.
            numbered = last_name(call.func) == "spawn" or _wants_one_more(function, arguments)
            first = [cst.Arg(cst.Integer("0"))] if numbered else []
            rest = [
                cst.Arg(each.value, star="*" if isinstance(each, cst.StarredElement) else "")
                for each in arguments.elements
            ]
            found[call] = cst.Call(name, [*first, *rest])
    return found


def _wants_one_more(function: cst.FunctionDef, arguments: cst.Tuple) -> bool:
    """Whether a function has one parameter without a default more than it is handed arguments."""
    params = (*function.params.posonly_params, *function.params.params)
    starred = any(isinstance(each, cst.StarredElement) for each in arguments.elements)
    return not starred and sum(each.default is None for each in params) == len(arguments.elements) + 1


def _unwrapped(decorator: cst.BaseExpression) -> cst.BaseExpression:
    return decorator.func if isinstance(decorator, cst.Call) else decorator
