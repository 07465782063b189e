"""Statements of one line: assignments, calls for their effects, what ends a function, and what does nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import libcst as cst

from lr_lint.project.effects import RETURN, call_of_statement, is_parser
from lr_lint.semantics.libraries import catalogue
from lr_lint.semantics.machine.expressions import evaluate, evaluate_returned, lazily, part_of, waiting
from lr_lint.semantics.machine.forgetting import forget_variables
from lr_lint.semantics.machine.generators import is_generator
from lr_lint.semantics.machine.made_objects import delete_attribute
from lr_lint.semantics.machine.operators import AUGMENTED, NAMES, operate
from lr_lint.semantics.machine.references import attribute_of, entry_of, index_in, look_up
from lr_lint.semantics.machine.settling import settle, settle_variable
from lr_lint.semantics.machine.special_methods import NOT_IMPLEMENTED, ask, special_method
from lr_lint.semantics.machine.statements import Completion, Ending, runs
from lr_lint.semantics.machine.targets import assign_attribute, bind_target, note_part_of_function, set_item
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.functions import Function
from lr_lint.semantics.values.imports import External, ModuleValue
from lr_lint.semantics.values.lazy import Lazy, force, is_import, known
from lr_lint.semantics.values.library_objects import Optimizer, Parser
from lr_lint.semantics.values.methods import Method
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.overridable import havoc
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import last_name
from lr_lint.vocabulary.quantities import Basis, Quantity

_MAKING_ITERATORS = frozenset(
    "zip map filter iter enumerate reversed chain items values keys count cycle repeat tee islice starmap accumulate "
    "takewhile dropwhile compress groupby pairwise product next".split()
)
# A loop that wraps a value again and again must not nest as deeply as it turns often.
_LONGEST_WAIT = 16


@runs(cst.Assign)
def _run_assign(node: cst.Assign, frame: Frame, relevant: frozenset[str] | None) -> None:
    _assign([target.target for target in node.targets], node.value, frame, relevant)
    _forget_all_after(node, frame)


def _assign(
    targets: Sequence[cst.BaseExpression], given: cst.BaseExpression, frame: Frame, relevant: frozenset[str] | None
) -> None:
    if relevant is not None and len(targets) == 1 and _can_wait(given, frame):
        _bind_lazily(targets[0], given, frame)
        return
    value = evaluate(given, frame)
    if frame.world.seen.sampling is not None:
        frame.world.seen.sampling.note_source(value, Anchor(frame.module, given))
    for target in targets:
        bind_target(target, value, frame)


def _can_wait(value: cst.BaseExpression, frame: Frame) -> bool:
    """Whether an expression may be evaluated later or never: calls, and parts of what is lazy itself.

    Not so for methods that change a container or a parser, and for what assigns a name on its way.
    """
    module = frame.module
    if module.effects(value).binds or module.consequences.changed_by(value) or waiting(value, frame) >= _LONGEST_WAIT:
        return False
    receiver = root_variable(value, frame)
    if isinstance(value, cst.Call):
        functions = module.consequences.callees.called_by(value)
        if last_name(value.func) in _MAKING_ITERATORS or any(is_generator(each, frame.world) for each in functions):
            # Whether it is gone through in several places is seen where the variable is read.
            return False
        return not isinstance(receiver, (ListValue, DictValue, Parser, Optimizer))
    return isinstance(value, (cst.Attribute, cst.Subscript)) and isinstance(receiver, Lazy)


def root_variable(node: cst.BaseExpression, frame: Frame) -> Value | None:
    """What the variable at the root of a chain of calls, attributes and subscripts holds here."""
    root = _root(node)
    return frame.names.get(root.value) if isinstance(root, cst.Name) else None


def _root(node: cst.BaseExpression) -> cst.BaseExpression:
    while True:
        if type(node) is cst.Call:
            node = node.func
        elif type(node) is cst.Attribute or type(node) is cst.Subscript:
            node = node.value
        else:
            return node


def _bind_lazily(target: cst.BaseExpression, value: cst.BaseExpression, frame: Frame) -> None:
    """Binds a call's result, or the parts of it, each to be computed when it is asked for."""
    whole = lazily(value, frame)
    elements = target.elements if isinstance(target, (cst.Tuple, cst.List)) else ()
    if isinstance(target, cst.Subscript) or any(isinstance(element, cst.StarredElement) for element in elements):
        bind_target(target, force(whole), frame)
    elif elements:
        for position, element in enumerate(elements):
            bind_target(element.value, part_of(whole, position, len(elements), frame.world), frame)
    else:
        bind_target(target, whole, frame)


@runs(cst.AnnAssign)
def _run_annotated_assign(node: cst.AnnAssign, frame: Frame, relevant: frozenset[str] | None) -> None:
    if node.value is not None:
        _assign([node.target], node.value, frame, relevant)
        _forget_all_after(node, frame)


@runs(cst.AugAssign)
def _run_augmented_assign(node: cst.AugAssign, frame: Frame, relevant: frozenset[str] | None) -> None:
    left, assign = _left_side(node.target, frame)
    right = evaluate(node.value, frame)
    operator = AUGMENTED.get(type(node.operator))
    if operator is None:
        assign(Unknown("the operator is not interpreted"))
        return
    if isinstance(left, (ListValue, DictValue)) and not _is_replaced(left, operator):
        _change_in_place(left, operate(operator, left, right, node, frame), frame)
        return
    if not _changed_in_place(operator, left, right, node, frame):
        special = special_method(left, f"__i{NAMES[operator]}__", frame) if frame.world.seen.sampling else None
        result = None if special is None else special.call([right], {}, Anchor(frame.module, node), frame)
        if result is None or result == NOT_IMPLEMENTED:
            result = operate(operator, left, right, node, frame)
        assign(result)


def _left_side(target: cst.BaseExpression, frame: Frame) -> tuple[Value, Callable[[Value], None]]:
    """What the target of an augmented assignment holds, and what assigns to it: its parts are evaluated once."""
    if isinstance(target, cst.Subscript) and all(isinstance(each.slice, cst.Index) for each in target.slice):
        owner, index = evaluate(target.value, frame), index_in(target, frame)
        return entry_of(owner, index, target, frame), lambda value: set_item(target, owner, index, value, frame)
    if isinstance(target, cst.Attribute) and not isinstance(target.value, cst.Name):
        owner, name, place = evaluate(target.value, frame), target.attr.value, Anchor(frame.module, target)
        return attribute_of(owner, target, frame), lambda value: assign_attribute(owner, name, value, place, frame)
    return evaluate(target, frame), lambda value: bind_target(target, value, frame)


def _changed_in_place(
    operator: type[cst.BaseBinaryOp], left: Value, right: Value, node: cst.AugAssign, frame: Frame
) -> bool:
    """Does what an operator does to an object that changes in place, for all that hold it; whether it is one."""
    place = Anchor(frame.module, node)
    if isinstance(left, ListValue) and left.kind == "list" and operator is cst.Add:
        catalogue.call_method(Method(left, "extend"), [right], {}, frame, place)
        return True
    if isinstance(left, DictValue) and operator is cst.BitOr:
        catalogue.call_method(Method(left, "update"), [right], {}, frame, place)
        return True
    if not isinstance(left, (ListValue, DictValue)) or (isinstance(left, ListValue) and left.kind == "tuple"):
        return False
    frame.world.machine.forget((left,), "an operator changes it", frame.world)
    return True


def _is_replaced(left: ListValue | DictValue, operator: type[cst.BaseBinaryOp]) -> bool:
    """Whether ``left += right`` makes a new object, or is followed by itself: the list that is extended."""
    return isinstance(left, ListValue) and (left.kind == "tuple" or (left.kind == "list" and operator is cst.Add))


def _change_in_place(left: ListValue | DictValue, result: Value, frame: Frame) -> None:
    """``left |= right``: what an operator gives becomes the content of the object."""
    if isinstance(left, ListValue) and left.kind == "array":
        _change_array(left, result, frame)
        return
    settle(left, frame.world)
    if isinstance(left, ListValue) and isinstance(result, ListValue) and result.kind == left.kind:
        left.values, left.incomplete, left.unordered = result.values, result.incomplete, result.unordered
    elif isinstance(left, DictValue) and isinstance(result, DictValue):
        left.entries.clear()
        left.entries.update(result.entries)
        left.incomplete = left.incomplete or result.incomplete
    else:
        frame.world.doubt("how an object changes in place is not followed")
        if isinstance(left, ListValue):
            left.forget_order()
        else:
            havoc(left, "it changes in a way that is not followed")


def _change_array(array: ListValue, result: Value, frame: Frame) -> None:
    """``array += other``: the array itself changes, and it keeps its type."""
    for each in (array, *array.sharers):
        settle(each, frame.world)
    held = result.values if isinstance(result, ListValue) and len(result.values) == len(array.values) else None
    if held is None or array.sharing or _is_float(held) is not _is_float(array.values):
        array.forget_order()
        frame.world.doubt("how an array changes in place is not followed")
    else:
        array.values = list(held)


def _is_float(items: Sequence[Value]) -> bool:
    return any(isinstance(item, Quantity) and isinstance(item.number, float) for item in items)


@runs(cst.Return)
def _run_return(node: cst.Return, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    if relevant is not None and RETURN not in relevant:
        return None
    if node.value is None or relevant is not None:
        return Completion(Ending.RETURN)
    value = evaluate_returned(node.value, frame)
    return Completion(Ending.RETURN, value, Anchor(frame.module, node.value))


@runs(cst.Expr)
def _run_expression(node: cst.Expr, frame: Frame, relevant: frozenset[str] | None) -> None:
    _run_call_or_other(node, frame, relevant)
    _forget_all_after(node, frame)


def _forget_all_after(node: cst.CSTNode, frame: Frame) -> None:
    """After ``exec`` and ``globals()`` nobody knows what the variables of the module hold. Definitions stand."""
    if frame.module.consequences.changes_all(node):
        names = frame.module.consequences.variables_of_module
        home: Frame | None = frame
        while home is not None:
            held = [name for name in names if name in home.names and not _is_defined(home.names[name])]
            forget_variables(held, home, "the code changes its variables by name")
            home = home.parent


def _is_defined(value: Value) -> bool:
    """Whether a variable holds what a definition or an import gave it."""
    if isinstance(value, Lazy):
        return is_import(value)
    return isinstance(value, (Function, ClassValue, External, ModuleValue))


def _run_call_or_other(node: cst.Expr, frame: Frame, relevant: frozenset[str] | None) -> None:
    call = call_of_statement(node)
    if call is not None and isinstance(call.func, cst.Attribute):
        note_part_of_function(call.func.value, frame)
    if relevant is not None and call is not None and _may_change(node, call, frame, relevant):
        frame.world.machine.run_for_effects(call, frame)
    elif relevant is None or not _changes_nothing_here(node.value, frame):
        evaluate(node.value, frame)


def _may_change(node: cst.Expr, call: cst.Call, frame: Frame, relevant: frozenset[str]) -> bool:
    """Whether a call calls a function of a project, which may change something that a slice asks for."""
    return _is_of_this_file(call, frame) or _hands_out(node, frame, relevant)


def _hands_out(node: cst.Expr, frame: Frame, relevant: frozenset[str]) -> bool:
    """Whether a function of another file is given something that a slice asks for and that can be changed.

    What nobody has asked for yet, a model for instance, is not computed to tell.
    """
    names = frame.module.hands_out(node) & relevant
    given = [value for value in map(frame.names.get, names) if value is not None]
    held = [force(value) if isinstance(value, Lazy) and is_import(value) else known(value) for value in given]
    return any(isinstance(value, (DictValue, ListValue, Instance)) for value in held)


def _changes_nothing_here(node: cst.BaseExpression, frame: Frame) -> bool:
    """Whether a statement only calls something of another file, and hands it nothing that it may change."""
    if frame.module.consequences.changed_by(node) or _declares(node, frame):
        return False
    return _is_about_an_import(node, frame)


def _is_of_this_file(call: cst.Call, frame: Frame) -> bool:
    """Whether a call may call a function of this file, of which is known what it changes."""
    return bool(frame.module.consequences.callees.called_by(call))


def _is_about_an_import(node: cst.BaseExpression, frame: Frame) -> bool:
    """Whether a statement only calls something of another file: ``LOGGER.info(...)``. It changes nothing here."""
    value = root_variable(node, frame)
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


@runs(cst.Del)
def _run_delete(node: cst.Del, frame: Frame, relevant: frozenset[str] | None) -> None:
    if isinstance(node.target, cst.Name):
        _delete_variable(node.target.value, frame)
    elif isinstance(node.target, cst.Subscript):
        _delete_item(evaluate(node.target.value, frame), node.target, frame)
    elif isinstance(node.target, cst.Attribute):
        _delete_attribute(evaluate(node.target.value, frame), node.target.attr.value, frame)


def _delete_variable(name: str, frame: Frame) -> None:
    if frame.world.seen.sampling is not None and isinstance(frame.scope, cst.FunctionDef):
        if name not in frame.module.locals_of(frame.scope):
            frame.world.doubt("what is deleted is not followed")
        elif name not in frame.names:
            raise Raised("UnboundLocalError", Basis.DEFAULT)
    settle_variable(frame, name)
    frame.names.pop(name, None)


def _delete_attribute(owner: Value, name: str, frame: Frame) -> None:
    settle(owner, frame.world)
    if isinstance(owner, Instance) and owner.exact:
        delete_attribute(owner, name, frame)
    elif isinstance(owner, Instance):
        frame.world.machine.complete(owner)
        owner.attributes.pop(name, None)
    elif isinstance(owner, DictValue):
        owner.entries.pop(name, None)
    elif isinstance(owner, Function):
        owner.attributes.pop(name, None)
    else:
        frame.world.doubt("what is deleted is not followed")


def _delete_item(owner: Value, target: cst.Subscript, frame: Frame) -> None:
    part = target.slice[0].slice if len(target.slice) == 1 else None
    if isinstance(owner, (ListValue, DictValue)) and isinstance(part, cst.Index):
        place = Anchor(frame.module, part.value)
        catalogue.call_method(Method(owner, "pop"), [evaluate(part.value, frame)], {}, frame, place)
    elif isinstance(owner, Instance):
        ask(owner, "__delitem__", [index_in(target, frame)], target, frame)
    elif isinstance(owner, ListValue):
        settle(owner, frame.world)
        owner.forget_order()


@runs(cst.Pass, cst.Global, cst.Nonlocal)
def _run_nothing(node: cst.CSTNode, frame: Frame, relevant: frozenset[str] | None) -> None:
    return None
