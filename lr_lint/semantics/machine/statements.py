"""Running statements, all of them or those that bear on some names."""

from __future__ import annotations

import builtins
import enum
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import libcst as cst

from lr_lint.project.effects import LOOP_JUMPS, RETURN, call_of_statement, is_parser
from lr_lint.semantics.libraries import catalogue
from lr_lint.semantics.machine.conditions import compare
from lr_lint.semantics.machine.dead_ends import gives_up
from lr_lint.semantics.machine.decorators import decorated
from lr_lint.semantics.machine.expressions import (
    AUGMENTED,
    bind_target,
    defaults_of,
    evaluate,
    lazily,
    look_up,
    operate,
    part_of,
    waiting,
)
from lr_lint.semantics.machine.forgetting import forget_variables
from lr_lint.semantics.machine.imported import imported_module, is_import, lazy_import
from lr_lint.semantics.machine.settling import settle, settle_variable
from lr_lint.semantics.values.base import Value, key_of
from lr_lint.semantics.values.constants import NOTHING, Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.functions import Bound, Function
from lr_lint.semantics.values.imports import External, ModuleValue
from lr_lint.semantics.values.lazy import Lazy, force
from lr_lint.semantics.values.library_objects import FileReference, Optimizer, Parser
from lr_lint.semantics.values.methods import Method
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.operations import call, iterate, member, truth
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import dotted_name, last_name
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Basis, Quantity

_LONGEST_LOOP = 20_000
# Before a construction, loops that cost more load and print; those that build lists of groups are short.
_SLICED_LOOP_STEPS = 2_500
_OPEN = "open"
_SUPPRESS = "suppress"
# A loop that wraps a value again and again must not nest as deeply as it turns often.
_LONGEST_WAIT = 16

Runner: TypeAlias = "Callable[[Any, Frame, frozenset[str] | None], Completion | None]"


class Ending(enum.Enum):
    """How a block of statements can end other than by running out."""

    RETURN = "return"
    BREAK = "break"
    CONTINUE = "continue"


@dataclass(frozen=True, slots=True)
class Completion:
    """The end of a block: how, with which value, from which returned expression."""

    ending: Ending
    value: Value = NOTHING
    place: Anchor | None = None


_BREAK = Completion(Ending.BREAK)
_CONTINUE = Completion(Ending.CONTINUE)


def run_block(
    statements: Sequence[cst.CSTNode], frame: Frame, relevant: frozenset[str] | None = None
) -> Completion | None:
    """Runs statements in order, those that bear on ``relevant`` only where that is given."""
    chosen = statements if relevant is None else frame.module.block(statements).bearing_on(relevant)
    for statement in chosen:
        completion = run_statement(statement, frame, relevant)
        if completion is not None:
            return completion
    return None


def run_statement(statement: cst.CSTNode, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    """Runs one statement."""
    frame.world.spend()
    if isinstance(statement, cst.SimpleStatementLine):
        return run_block(statement.body, frame, relevant)
    runner = _RUNNERS.get(type(statement))
    return runner(statement, frame, relevant) if runner is not None else None


def _run_assign(node: cst.Assign, frame: Frame, relevant: frozenset[str] | None) -> None:
    if relevant is not None and len(node.targets) == 1 and _can_wait(node.value, frame):
        _bind_lazily(node.targets[0].target, node.value, frame)
        return
    value = evaluate(node.value, frame)
    for target in node.targets:
        bind_target(target.target, value, frame)


def _can_wait(value: cst.BaseExpression, frame: Frame) -> bool:
    """Whether an expression may be evaluated later or never: calls, and parts of what is lazy itself.

    Not so for methods that change a container or a parser, and for what assigns a name on its way.
    """
    module = frame.module
    if module.effects(value).binds or module.consequences.changed_by(value) or waiting(value, frame) >= _LONGEST_WAIT:
        return False
    receiver = _root_variable(value, frame)
    if isinstance(value, cst.Call):
        return not isinstance(receiver, (ListValue, DictValue, Parser, Optimizer))
    return isinstance(value, (cst.Attribute, cst.Subscript)) and isinstance(receiver, Lazy)


def _root_variable(node: cst.BaseExpression, frame: Frame) -> Value | None:
    """What the variable at the root of a chain of calls, attributes and subscripts holds here."""
    root = _root(node)
    return frame.names.get(root.value) if isinstance(root, cst.Name) else None


def _root(node: cst.BaseExpression) -> cst.BaseExpression:
    while isinstance(node, (cst.Call, cst.Attribute, cst.Subscript)):
        node = node.func if isinstance(node, cst.Call) else node.value
    return node


def _bind_lazily(target: cst.BaseExpression, value: cst.BaseExpression, frame: Frame) -> None:
    """Binds a call's result, or the parts of it, each to be computed when it is asked for."""
    whole = lazily(value, frame)
    elements = target.elements if isinstance(target, (cst.Tuple, cst.List)) else ()
    if isinstance(target, cst.Subscript) or any(isinstance(element, cst.StarredElement) for element in elements):
        bind_target(target, force(whole), frame)
    elif elements:
        for position, element in enumerate(elements):
            bind_target(element.value, part_of(whole, position, len(elements)), frame)
    else:
        bind_target(target, whole, frame)


def _run_annotated_assign(node: cst.AnnAssign, frame: Frame, relevant: frozenset[str] | None) -> None:
    if node.value is not None:
        bind_target(node.target, evaluate(node.value, frame), frame)


def _run_augmented_assign(node: cst.AugAssign, frame: Frame, relevant: frozenset[str] | None) -> None:
    left, right = evaluate(node.target, frame), evaluate(node.value, frame)
    operator = AUGMENTED.get(type(node.operator))
    if operator is None:
        bind_target(node.target, Unknown("the operator is not interpreted"), frame)
        return
    if operator is cst.Add and isinstance(left, ListValue) and left.kind == "list":
        catalogue.call_method(Method(left, "extend"), [right], {}, frame, Anchor(frame.module, node))
        return
    bind_target(node.target, operate(operator, left, right, node, frame), frame)


def _run_return(node: cst.Return, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    if relevant is not None and RETURN not in relevant:
        return None
    if node.value is None or relevant is not None:
        return Completion(Ending.RETURN)
    value = evaluate(node.value, frame)
    return Completion(Ending.RETURN, value, Anchor(frame.module, node.value))


def _run_expression(node: cst.Expr, frame: Frame, relevant: frozenset[str] | None) -> None:
    call = call_of_statement(node)
    if isinstance(node.value, cst.Yield):
        _run_yield(node.value, frame)
    elif relevant is not None and call is not None and _may_change(node, call, frame, relevant):
        frame.world.machine.run_for_effects(call, frame)
    elif relevant is None or not _is_about_an_import(node.value, frame) or _declares(node.value, frame):
        evaluate(node.value, frame)


def _may_change(node: cst.Expr, call: cst.Call, frame: Frame, relevant: frozenset[str]) -> bool:
    """Whether a call calls a function of a project, which may change something that a slice asks for."""
    return _is_of_this_file(call, frame) or _hands_out(node, frame, relevant)


def _hands_out(node: cst.Expr, frame: Frame, relevant: frozenset[str]) -> bool:
    """Whether a function of another file is given something that a slice asks for and that can be changed."""
    names = frame.module.hands_out(node) & relevant
    held = [force(value) for value in map(frame.names.get, names) if value is not None]
    return any(isinstance(value, (DictValue, ListValue, Instance)) for value in held)


def _is_of_this_file(call: cst.Call, frame: Frame) -> bool:
    """Whether a call may call a function of this file, of which is known what it changes."""
    return bool(frame.module.consequences.functions_called(call))


def _is_about_an_import(node: cst.BaseExpression, frame: Frame) -> bool:
    """Whether a statement only calls something of another file: ``LOGGER.info(...)``. It changes nothing here."""
    value = _root_variable(node, frame)
    if value is None and isinstance(root := _root(node), cst.Name):
        value = look_up(root.value, frame)
    if isinstance(value, External) and value.name.startswith("builtins."):
        return False
    return isinstance(value, (External, ModuleValue)) or (isinstance(value, Lazy) and is_import(value))


def _declares(node: cst.BaseExpression, frame: Frame) -> bool:
    """Whether a statement hands a parser on, as ``add_options(parser)`` does: it may declare options."""
    if not isinstance(node, cst.Call):
        return False
    names = [argument.value.value for argument in node.args if isinstance(argument.value, cst.Name)]
    given = [frame.names[name] for name in names if is_parser(name) and name in frame.names]
    return any(isinstance(force(value), Parser) for value in given)


def _run_yield(node: cst.Yield, frame: Frame) -> None:
    produced = frame.names.setdefault("<yielded>", ListValue([], "list", incomplete=True))
    if not isinstance(produced, ListValue) or node.value is None:
        return
    if isinstance(node.value, cst.From):
        items, _ = iterate(evaluate(node.value.item, frame))
        produced.values.extend(items)
    else:
        produced.values.append(evaluate(node.value, frame))


def _run_raise(node: cst.Raise, frame: Frame, relevant: frozenset[str] | None) -> None:
    if relevant is None:
        current = frame.names.get("<raised>")
        if node.exc is None and isinstance(current, Constant):
            raise Raised(current.value, Basis.DEFAULT)
        kind = node.exc.func if isinstance(node.exc, cst.Call) else node.exc
        raise Raised((dotted_name(kind) or "Exception").rpartition(".")[2], Basis.DEFAULT)


def _run_break(node: cst.Break, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    return _BREAK


def _run_continue(node: cst.Continue, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    return _CONTINUE


def _run_delete(node: cst.Del, frame: Frame, relevant: frozenset[str] | None) -> None:
    if isinstance(node.target, cst.Name):
        settle_variable(frame, node.target.value)
        frame.names.pop(node.target.value, None)
    elif isinstance(node.target, cst.Subscript):
        _delete_item(evaluate(node.target.value, frame), node.target, frame)


def _delete_item(owner: Value, target: cst.Subscript, frame: Frame) -> None:
    part = target.slice[0].slice if len(target.slice) == 1 else None
    if isinstance(owner, (ListValue, DictValue)) and isinstance(part, cst.Index):
        place = Anchor(frame.module, part.value)
        catalogue.call_method(Method(owner, "pop"), [evaluate(part.value, frame)], {}, frame, place)
    elif isinstance(owner, ListValue):
        settle(owner, frame.world)
        owner.forget_order()


def _run_if(node: cst.If, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    if truth(evaluate(node.test, frame), node.test, frame):
        return _run_branch(node.body.body, frame, relevant)
    if isinstance(node.orelse, cst.If):
        return _run_if(node.orelse, frame, relevant)
    return _run_branch(node.orelse.body.body, frame, relevant) if node.orelse is not None else None


def _run_branch(statements: Sequence[cst.CSTNode], frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    """Runs the branch that was chosen. A slice leaves out the statement by which one gives up, so that is noted."""
    if relevant is not None and gives_up(statements, relevant):
        frame.world.seen.exits_early = True
    return run_block(statements, frame, relevant)


def _run_for(node: cst.For, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    items, incomplete = iterate(evaluate(node.iter, frame))
    inside = relevant if relevant is None else relevant | LOOP_JUMPS
    floor = frame.world.steps - _SLICED_LOOP_STEPS
    completion: Completion | None = None
    for item in items:
        frame.world.spend()
        bind_target(node.target, item, frame)
        completion = run_block(node.body.body, frame, inside)
        if completion is not None and completion.ending is Ending.RETURN:
            return completion
        if completion is not None and completion.ending is Ending.BREAK:
            break
        if relevant is not None and frame.world.steps < floor:
            incomplete = True
            break
    if incomplete:
        _forget_numbers(node, frame)
    broken = completion is not None and completion.ending is Ending.BREAK
    return run_block(node.orelse.body.body, frame, relevant) if node.orelse is not None and not broken else None


def _run_while(node: cst.While, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    for _ in range(_LONGEST_LOOP):
        test = evaluate(node.test, frame)
        if not truth(test, node.test, frame):
            break
        completion = run_block(node.body.body, frame, relevant if relevant is None else relevant | LOOP_JUMPS)
        if completion is not None and completion.ending is Ending.RETURN:
            return completion
        if not _is_settled(test):
            # Nothing here decides how often the loop turns; once shows what it does.
            _forget_numbers(node, frame)
            return None
        if completion is not None and completion.ending is Ending.BREAK:
            return None
    return run_block(node.orelse.body.body, frame, relevant) if node.orelse is not None else None


def _is_settled(value: Value) -> bool:
    if isinstance(value, Quantity):
        return value.number is not None and value.basis is Basis.PROVED
    return isinstance(value, Constant) or (isinstance(value, (ListValue, DictValue)) and not value.incomplete)


def _forget_numbers(loop: cst.For | cst.While, frame: Frame) -> None:
    """After a loop whose turns nobody can count, what it assigned has a unit but no number."""
    frame.world.seen.guessed = True
    effects = frame.module.effects(loop)
    for name in effects.affects:
        value = frame.names.get(name)
        if isinstance(value, Quantity):
            frame.names[name] = replace(value, number=None, key=None)
        elif isinstance(value, (ListValue, DictValue)):
            value.incomplete = True


def _run_with(node: cst.With, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    bind_contexts(node, frame)
    try:
        return run_block(node.body.body, frame, relevant)
    except Raised as raised:
        for item in reversed(node.items):
            ended = _is_ended_by(item.item, raised, frame)
            if ended is None and relevant is None:
                return Completion(Ending.RETURN, Unknown("a context manager may have dealt with an exception"))
            if ended is not False:
                return None
        raise


def _is_ended_by(manager: cst.BaseExpression, raised: Raised, frame: Frame) -> bool | None:
    """Whether a context manager ends an exception: ``contextlib.suppress`` does, and what says so as it is left.

    None where that is not known. Those of other libraries let exceptions pass.
    """
    if isinstance(manager, cst.Call) and last_name(manager.func) == _SUPPRESS:
        return _is_caught_by([argument.value for argument in manager.args], raised, frame)
    value = evaluate(manager, frame)
    if not isinstance(value, Instance):
        return None if frame.module.consequences.functions_called_in(manager) else False
    method = member(value, "__exit__", frame)
    if not isinstance(method, Bound):
        return None
    arguments: list[Value] = [Unknown("it is an exception") for _ in range(3)]
    said = call(method, arguments, {}, Anchor(frame.module, manager), frame)
    return bool(said.number if isinstance(said, Quantity) else None) if _is_settled(said) else None


def bind_contexts(node: cst.With, frame: Frame) -> None:
    """Binds the targets of a ``with`` statement; of what context managers give, only files are known."""
    for item in node.items:
        if item.asname is not None and isinstance(item.asname.name, cst.BaseExpression):
            key = AccessPath.node(item)
            given: Value = Unknown("a context manager gave it", key)
            if isinstance(item.item, cst.Call) and last_name(item.item.func) == _OPEN:
                file = evaluate(item.item, frame)
                given = file if isinstance(file, FileReference) else given
            bind_target(item.asname.name, given, frame)
        # When a context manager changes something, on the way in or out, is not followed.
        forget_variables(frame.module.consequences.changed_by(item.item), frame, "a context manager may change it")


def _run_try(node: cst.Try, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    completion: Completion | None = None
    pending: Raised | None = None
    try:
        completion = _run_guarded(node, frame, relevant)
    except Raised as raised:
        pending = raised
    if node.finalbody is not None:
        final = run_block(node.finalbody.body.body, frame, relevant)
        if final is not None:
            return final
    if pending is not None:
        raise pending
    return completion


def _run_guarded(node: cst.Try, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    """The body of a ``try`` with its handlers and its ``else``."""
    try:
        # Whatever is raised there may be handled.
        with frame.world.seen.detour() if node.handlers else nullcontext():
            completion = run_block(node.body.body, frame, relevant)
    except Raised as raised:
        handler = next((handler for handler in node.handlers if _handles(handler, raised, frame)), None)
        if handler is None:
            raise
        frame.names["<raised>"] = Constant(raised.kind)
        if handler.name is not None and isinstance(handler.name.name, cst.Name):
            frame.names[handler.name.name.value] = Unknown("it is an exception")
        return run_block(handler.body.body, frame, relevant)
    if completion is None and node.orelse is not None:
        return run_block(node.orelse.body.body, frame, relevant)
    return completion


def _handles(handler: cst.ExceptHandler, raised: Raised, frame: Frame) -> bool:
    """Whether a handler takes an exception, by the hierarchy of the builtin ones."""
    if handler.type is None:
        return True
    kinds = [element.value for element in handler.type.elements] if isinstance(handler.type, cst.Tuple) else []
    return _is_caught_by(kinds or [handler.type], raised, frame)


def _is_caught_by(kinds: Sequence[cst.BaseExpression], raised: Raised, frame: Frame) -> bool:
    """Whether an exception is of one of some classes."""
    names = [dotted_name(kind) or "" for kind in kinds]
    if raised.kind in names or not {"Exception", "BaseException"}.isdisjoint(names):
        return True
    actual = getattr(builtins, raised.kind, None)
    caught = [getattr(builtins, name, None) for name in names]
    if isinstance(actual, type) and all(isinstance(kind, type) for kind in caught):
        return any(issubclass(actual, kind) for kind in caught if isinstance(kind, type))
    # A class of the code under check: which of the two derives from the other is not followed.
    return frame.world.assume(paths.case("handler", *kinds, raised.kind))


def _run_definition(node: cst.FunctionDef, frame: Frame, relevant: frozenset[str] | None) -> None:
    defaults = defaults_of(node.params, frame)
    owner = frame.owner if isinstance(frame.scope, cst.ClassDef) else None
    function = Function(node, frame, defaults, owner)
    # Methods are decorated where they are looked up, since a property or a static method is no function.
    bind_target(node.name, function if owner is not None else decorated(function, node, frame), frame)


def _run_class(node: cst.ClassDef, frame: Frame, relevant: frozenset[str] | None) -> None:
    frame.names[node.name.value] = ClassValue(node, frame)


def _run_import(node: cst.Import, frame: Frame, relevant: frozenset[str] | None) -> None:
    for alias in node.names:
        dotted = dotted_name(alias.name) or ""
        if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
            frame.names[alias.asname.name.value] = imported_module(dotted, frame)
        else:
            top = dotted.partition(".")[0]
            frame.names[top] = imported_module(top, frame)


def _run_import_from(node: cst.ImportFrom, frame: Frame, relevant: frozenset[str] | None) -> None:
    if isinstance(node.names, cst.ImportStar):
        return
    package = "." * len(node.relative) + (dotted_name(node.module) or "")
    for alias in node.names:
        name = dotted_name(alias.name) or ""
        bound = alias.asname.name.value if alias.asname and isinstance(alias.asname.name, cst.Name) else name
        if relevant is None or bound in relevant:
            frame.names[bound] = lazy_import(package, name, frame)


def _run_match(node: cst.Match, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    subject = evaluate(node.subject, frame)
    for case in node.cases:
        if _matches(case.pattern, subject, case, frame):
            return _run_branch(case.body.body, frame, relevant)
    return None


def _matches(pattern: cst.MatchPattern, subject: Value, case: cst.MatchCase, frame: Frame) -> bool:
    if isinstance(pattern, cst.MatchAs) and pattern.pattern is None and case.guard is None:
        if pattern.name is not None:
            frame.names[pattern.name.value] = subject
        return True
    if isinstance(pattern, cst.MatchOr):
        return any(_matches(part.pattern, subject, case, frame) for part in pattern.patterns)
    if isinstance(pattern, cst.MatchValue) and isinstance(subject, Constant):
        constant = evaluate(pattern.value, frame)
        if isinstance(constant, Constant):
            return bool(constant.value == subject.value)
    if isinstance(pattern, cst.MatchValue) and isinstance(subject, Quantity):
        return compare("==", subject, evaluate(pattern.value, frame), pattern, frame)
    subject_key = key_of(subject)
    if isinstance(pattern, cst.MatchValue) and subject_key is not None:
        constant_key = key_of(evaluate(pattern.value, frame))
        if constant_key is not None:
            return frame.world.assume(paths.comparison("==", subject_key, constant_key))
    return frame.world.assume(paths.case("pattern", pattern))


def _run_nothing(node: cst.CSTNode, frame: Frame, relevant: frozenset[str] | None) -> None:
    return None


_RUNNERS: dict[type[cst.CSTNode], Runner] = {
    cst.Assign: _run_assign,
    cst.AnnAssign: _run_annotated_assign,
    cst.AugAssign: _run_augmented_assign,
    cst.Return: _run_return,
    cst.Expr: _run_expression,
    cst.Raise: _run_raise,
    cst.Break: _run_break,
    cst.Continue: _run_continue,
    cst.Del: _run_delete,
    cst.If: _run_if,
    cst.For: _run_for,
    cst.While: _run_while,
    cst.With: _run_with,
    cst.Try: _run_try,
    cst.FunctionDef: _run_definition,
    cst.ClassDef: _run_class,
    cst.Import: _run_import,
    cst.ImportFrom: _run_import_from,
    cst.Match: _run_match,
    cst.Pass: _run_nothing,
    cst.Global: _run_nothing,
    cst.Nonlocal: _run_nothing,
    cst.Assert: _run_nothing,
}
