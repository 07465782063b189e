"""What names, attributes and subscripts stand for."""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from lr_lint.project.knowledge import MODEL_PARTS
from lr_lint.project.modules import Module
from lr_lint.semantics.libraries.rate_sources import as_loaded, note_current_rate
from lr_lint.semantics.machine.beside import as_seen_from_home, is_shadowed_by_star
from lr_lint.semantics.machine.expressions import evaluate, evaluates
from lr_lint.semantics.values.base import Value, constant_key
from lr_lint.semantics.values.constants import NOTHING, Constant
from lr_lint.semantics.values.containers import VIEW, ListValue
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.imports import External, ModuleValue
from lr_lint.semantics.values.iterators import IteratorValue
from lr_lint.semantics.values.lazy import Lazy, force
from lr_lint.semantics.values.objects import Instance
from lr_lint.semantics.values.operations import item_of, member, sliced
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import code_of, dotted_name
from lr_lint.vocabulary.names import Suggestion, suggestion_of
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Basis, Quantity, literal

_AT_ANY_TIME = "a function changes it that runs when others see fit"
_A_COPY = "a copy of it changes in place, and it with that unless it is a number"
NAMED_CONSTANTS: dict[str, Value] = {"True": literal(True), "False": literal(False), "None": NOTHING}


def unforced(node: cst.BaseExpression, frame: Frame) -> Value:
    """The value of an expression that is only handed on: a lazy value stays lazy."""
    if isinstance(node, cst.Name) and node.value not in NAMED_CONSTANTS:
        value = look_up(node.value, frame)
        if isinstance(value, Lazy):
            frame.world.coverage.read.setdefault(node, (frame.module, None))
            return value if value.result is None else force(value)
    return evaluate(node, frame)


@evaluates(cst.Name)
def _name(node: cst.Name, frame: Frame) -> Value:
    constant = NAMED_CONSTANTS.get(node.value)
    if constant is not None:
        return constant
    frame.world.coverage.read.setdefault(node, (frame.module, None))
    value = force(look_up(node.value, frame))
    if _is_gone_through_elsewhere(node, value, frame):
        return Forgotten("it is gone through, or changed, in several places")
    return as_loaded(value, node.value, Anchor(frame.module, node), frame.world)


def _is_gone_through_elsewhere(node: cst.Name, value: Value, frame: Frame) -> bool:
    """Whether statements that a slice leaves out may use up an iterator, or change what a view of a dict shows."""
    is_view = isinstance(value, ListValue) and value.kind == VIEW
    if not is_view and not isinstance(value, IteratorValue):
        return False
    scopes = frame.module.scopes
    binding = scopes.resolve(node.value, node)
    if binding is None or not (isinstance(binding.scope, cst.Module) or binding.scope in frame.world.memory.entered):
        return False
    if is_view or scopes.scopes_at(node)[0] is not binding.scope:
        return True
    return len(scopes.uses(binding)) > len(scopes.binders(binding)) + 1


def look_up(name: str, frame: Frame) -> Value:
    """The value of a variable by Python's scoping rules: local, enclosing functions, module, builtins."""
    current: Frame | None = frame
    while current is not None:
        value = current.names.get(name)
        if value is not None and (current is frame or not isinstance(current.scope, cst.ClassDef)):
            if current.parent is None and is_shadowed_by_star(current.module, name, frame.world):
                return Forgotten("a star import binds it too")
            if _is_volatile(name, current, value):
                return Forgotten(_AT_ANY_TIME)
            return value if current.parent else as_seen_from_home(current.module, name, value, frame.world)
        if current.parent is None:
            if _is_volatile(name, current, None):
                return Forgotten(_AT_ANY_TIME)
            return _of_module(name, current.module, frame)
        if name in current.module.locals_of(current.scope) and not isinstance(current.scope, cst.ClassDef):
            if current is frame and isinstance(frame.scope, cst.FunctionDef) and frame.world.seen.sampling is not None:
                raise Raised("UnboundLocalError", Basis.DEFAULT)
            return Unknown(f"{name} is not assigned on this path", AccessPath.unbound(current.scope, name), name)
        current = _next_outer(current, name)
    return Unknown(f"{name} is not defined", AccessPath.undefined("", name), name)


def _next_outer(frame: Frame, name: str) -> Frame | None:
    """The frame in which a name is looked for that another one does not hold: the module's for what is global there."""
    if frame.module.outer_names(frame.scope).get(name) != "global":
        return frame.parent
    while frame.parent is not None:
        frame = frame.parent
    return frame


def _of_module(name: str, module: Module, frame: Frame) -> Value:
    """A variable of a module, or a builtin; that a callable reads one which is not there is noted."""
    value = frame.world.machine.module_value(module, name, frame.world)
    sampling = frame.world.seen.sampling
    if sampling is None or not isinstance(value, Unknown) or frame.scope not in frame.world.seen.entered:
        return value
    if value.key == AccessPath.unbound(module.path, name):
        frame.world.doubt(value.reason)
    elif value.key == AccessPath.undefined(module.path, name) and not module.star_imports():
        sampling.undefined.add(name)
    return value


def _is_volatile(name: str, frame: Frame, held: Value | None) -> bool:
    """Whether a variable may change at any time; one that no function assigns does not while it holds a number."""
    volatile = frame.module.volatile
    if not volatile.holds(frame.scope, name):
        return False
    return held is None or volatile.is_rebound(frame.scope, name) or _may_change(force(held), frame.scope, frame)


def _may_change(value: Value, place: cst.CSTNode, frame: Frame) -> bool:
    """Whether a value changes where a copy of it is augmented, as lists and tensors do and numbers do not.

    What is called a rate is taken for a number, which is noted as a shortcut.
    """
    if isinstance(value, Unknown) and value.default is not None:
        value = value.default
    if isinstance(value, Constant) or (isinstance(value, Quantity) and value.number is not None and not value.array):
        return False
    if not isinstance(value, (Quantity, Unknown)) or suggestion_of(value.name) is not Suggestion.RATE:
        return True
    frame.world.coverage.cut(Anchor(frame.module, place), _A_COPY)
    return False


def _settled_part(value: Value, name: str, node: cst.BaseExpression, frame: Frame) -> Value:
    """A part of an object, unless copies of what is called like that are augmented, and it changes with them."""
    if name in frame.module.volatile.parts and _may_change(value, node, frame):
        return Forgotten(_AT_ANY_TIME)
    return value


@evaluates(cst.Attribute)
def _attribute(node: cst.Attribute, frame: Frame) -> Value:
    name = node.attr.value
    if isinstance(node.value, cst.Name) and node.value.value == "self":
        assigned = frame.names.get(f"self.{name}")
        if assigned is not None and not isinstance(frame.names.get("self"), Instance):
            return as_loaded(force(assigned), name, Anchor(frame.module, node), frame.world)
    return attribute_of(evaluate(node.value, frame), node, frame)


def attribute_of(owner: Value, node: cst.Attribute, frame: Frame) -> Value:
    """What an expression reads that asks an object for an attribute."""
    name = node.attr.value
    _note_read(node, owner, frame)
    value = force(member(owner, name, frame))
    loaded = as_loaded(value, name, Anchor(frame.module, node), frame.world)
    return spelled(_settled_part(loaded, name, node, frame), node)


def _note_read(node: cst.Attribute | cst.Subscript, owner: Value, frame: Frame) -> None:
    """Notes that a part of an object is asked for: neither what modules define, nor a model's parameters."""
    is_of_model = isinstance(node, cst.Attribute) and node.attr.value in MODEL_PARTS
    if not is_of_model and not isinstance(owner, (External, ModuleValue)):
        frame.world.coverage.read.setdefault(node, (frame.module, owner))


def spelled(value: Value, node: cst.Attribute | cst.Subscript) -> Value:
    """Lets the newest origin of a rate read here say how the code spells it."""
    if isinstance(value, Quantity) and value.origins:
        newest = value.origins[0]
        if newest.anchor is not None and newest.anchor.node is node:
            text = dotted_name(node) or code_of(node)
            return replace(value, origins=(replace(newest, text=text), *value.origins[1:]))
    return value


def index_in(node: cst.Subscript, frame: Frame) -> Value:
    """The index in a subscript; unknown where it is a slice, or several."""
    if len(node.slice) != 1 or not isinstance(node.slice[0].slice, cst.Index):
        return Unknown("the subscript is no single index")
    return evaluate(node.slice[0].slice.value, frame)


@evaluates(cst.Subscript)
def _subscript(node: cst.Subscript, frame: Frame) -> Value:
    owner = evaluate(node.value, frame)
    if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Slice):
        _note_read(node, owner, frame)
        bounds = node.slice[0].slice
        parts = [evaluate(part, frame) if part else NOTHING for part in (bounds.lower, bounds.upper, bounds.step)]
        return sliced(owner, parts)
    return entry_of(owner, index_in(node, frame), node, frame)


def entry_of(owner: Value, index: Value, node: cst.Subscript, frame: Frame) -> Value:
    """What an expression reads that asks an object for what it has at an index."""
    _note_read(node, owner, frame)
    value = force(item_of(owner, index, node, frame))
    key = constant_key(index)
    name = key if isinstance(key, str) else ""
    anchor = Anchor(frame.module, node)
    note_current_rate(owner, key, value, anchor, frame.world)
    if name:
        loaded = as_loaded(value, name, anchor, frame.world)
        return spelled(_settled_part(loaded, name, node, frame), node)
    return value
