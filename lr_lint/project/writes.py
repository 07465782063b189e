"""Where a file writes to attributes and items, by the name of the field: ``x.lr = 1``, ``x["lr"] = 1``.

Slices follow variables, and what they know of who holds which object. A write that they do not find may change what
they read all the same, so whoever reads a field asks here who else writes one of that name, to an object that may be
the same one.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any

import libcst as cst

from lr_lint.project.binders import imported_from, parameters_of
from lr_lint.project.knowledge import LIBRARIES
from lr_lint.project.scopes import Binding, Scopes
from lr_lint.source.tree import last_name, start_of, walk

# The field of a write to whichever field: ``setattr(args, name, value)``.
ANY_FIELD = None
_SETTING = frozenset({"setattr", "delattr"})
_SETTING_METHODS = frozenset({"__setattr__", "__delattr__"})
_ITEM_FUNCTIONS = frozenset({"setitem", "delitem"})
_ITEM_METHODS = frozenset({"__setitem__", "__delitem__", "setdefault", "pop"})
# What calls are called that may write a field.
WRITING = _SETTING | _SETTING_METHODS | _ITEM_FUNCTIONS | _ITEM_METHODS | {"update"}
_GROUPS = "param_groups"
_DISPLAYS = (cst.Dict, cst.List, cst.Set, cst.BaseComp, cst.BaseNumber, cst.BaseString)
_FRESH_CALLS = frozenset(
    {"deepcopy", "dict", "list", "set", "OrderedDict", "defaultdict", "Counter", "deque", "Namespace"}
)


class Part(enum.Enum):
    """What of an object is written."""

    ATTRIBUTE = "attribute"
    ITEM = "item"
    EITHER = "either"
    VARIABLE = "variable of the module"


class Whose(enum.Enum):
    """What is known of the object that is written to."""

    GROUP = "a param group of an optimizer"
    RECEIVER = "the object of a method, or its class"
    NEW = "what was made for one variable"
    LIBRARY = "something in a library"
    IMPORTED = "what was imported from another file"
    RESULT = "what a call gave"
    LOCAL = "what a variable holds"
    ANYBODY = "anything"


# Those of which it is known which variable holds them.
HELD = frozenset({Whose.NEW, Whose.RESULT, Whose.LOCAL})


@dataclass(frozen=True, slots=True)
class Write:
    """One place that writes a field.

    Attributes:
        place: the target of the assignment, or the call.
        field: the name of the attribute, or the key or index; `ANY_FIELD` where it may be any.
        part: whether it is an attribute or an item.
        whose: what is known of the object.
        within: the class whose method it is, where the object is the method's own.
        variable: what holds the object, where that is a variable and not a part of what one holds.
        calls: what gives the object, or what it is a part of, where that are calls.
    """

    place: cst.CSTNode
    field: Hashable
    part: Part
    whose: Whose
    within: cst.ClassDef | None = None
    variable: Binding | None = None
    calls: tuple[cst.Call, ...] = ()


class Writes:
    """All of one file."""

    def __init__(self, scopes: Scopes) -> None:
        """Take a file by the scopes of its names."""
        self._scopes = scopes
        self._of_field: dict[Hashable, list[Write]] = {}
        self._within: dict[cst.CSTNode, frozenset[Hashable]] | None = None
        for node in scopes.index.among(_FINDERS):
            for place, target, field, part in _FINDERS[type(node)](node):
                whose, within, variable = self._whose(target, part) if part is not Part.VARIABLE else _OWN_VARIABLE
                if whose is not Whose.LIBRARY:
                    write = Write(place, field, part, whose, within, variable, self._calls_behind(target))
                    self._of_field.setdefault(field, []).append(write)

    def within(self, node: cst.CSTNode) -> frozenset[Hashable]:
        """The fields that code in a node writes to what may be anybody's object."""
        if self._within is None:
            found: dict[cst.CSTNode, set[Hashable]] = {}
            for field, writes in self._of_field.items():
                for write in writes if field is not ANY_FIELD else ():
                    if write.whose not in (Whose.GROUP, Whose.RECEIVER):
                        for around in self._scopes.index.path_to(write.place):
                            found.setdefault(around, set()).add(field)
            self._within = {each: frozenset(fields) for each, fields in found.items()}
        return self._within.get(node, frozenset())

    def of(self, field: Hashable) -> list[Write]:
        """Those to a field of that name, and those to fields whose name is not known."""
        named = self._of_field.get(field, [])
        anywhere = self._of_field.get(ANY_FIELD)
        return [*named, *anywhere] if anywhere else named

    def _whose(self, target: cst.BaseExpression, part: Part) -> tuple[Whose, cst.ClassDef | None, Binding | None]:
        """What the object is, with the class whose method has it for its own, or with the variable that it is in."""
        if _is_in_groups(target):
            return Whose.GROUP, None, None
        root = start_of(target)
        binding = self._scopes.resolve(root.value, root) if isinstance(root, cst.Name) else None
        if binding is None:
            return Whose.ANYBODY, None, None
        owner = _class_of_receiver(binding, self._scopes) if root is target else None
        if owner is not None:
            return Whose.RECEIVER, owner, None
        whose = self._of_variable(binding, part, is_whole=root is target, has_items=_has_items(target))
        return whose, None, binding if root is target and whose in HELD else None

    def _calls_behind(self, target: cst.BaseExpression) -> tuple[cst.Call, ...]:
        """The calls that give what a target starts from, or the variable there."""
        root = start_of(target)
        binding = self._scopes.resolve(root.value, root) if isinstance(root, cst.Name) else None
        if binding is None:
            return (root,) if isinstance(root, cst.Call) else ()
        paths = [(binder, self._scopes.index.path_to(binder)) for binder in self._scopes.binders(binding)]
        values = [_value_given(binder, path) for binder, path in paths]
        return tuple(value for value in values if isinstance(value, cst.Call))

    def _of_variable(self, binding: Binding, part: Part, *, is_whole: bool, has_items: bool) -> Whose:
        """What the variable at the root of a target tells; the parts of a new object need not be new."""
        paths = [(binder, self._scopes.index.path_to(binder)) for binder in self._scopes.binders(binding)]
        packages = [imported_from(path) for _, path in paths]
        if packages and None not in packages:
            if has_items:
                # ``sys.modules["settings"].lr = 1.0``
                return Whose.ANYBODY
            # A library that is known has no settings of the program's own.
            return Whose.LIBRARY if LIBRARIES.issuperset(packages) else Whose.IMPORTED
        if any(_goes_through_groups(path) for _, path in paths):
            return Whose.GROUP
        values = [_value_given(binder, path) for binder, path in paths]
        if part is not Part.ATTRIBUTE and any(
            isinstance(value, cst.Call) and not _is_container(value) for value in values
        ):
            # A wrapper may write through to what it was given: ``ChainMap(settings)["lr"] = 1.0``.
            return Whose.ANYBODY
        if is_whole and values and all(map(_is_new, values)):
            return Whose.NEW
        return Whose.RESULT if values and all(isinstance(value, cst.Call) for value in values) else Whose.LOCAL


_OWN_VARIABLE: tuple[Whose, None, None] = (Whose.ANYBODY, None, None)
_Found = tuple[cst.CSTNode, cst.BaseExpression, Hashable, Part]


def _of_target(target: cst.CSTNode) -> Iterator[_Found]:
    """The fields that an assignment to a target writes."""
    if isinstance(target, cst.Attribute):
        yield target, target.value, target.attr.value, Part.ATTRIBUTE
    elif isinstance(target, cst.Subscript):
        index = target.slice[0].slice if len(target.slice) == 1 else None
        field = _constant(index.value) if isinstance(index, cst.Index) else ANY_FIELD
        yield target, target.value, field, Part.EITHER if _is_attributes(target.value) else Part.ITEM
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from _of_target(element.value)
    elif isinstance(target, cst.StarredElement):
        yield from _of_target(target.value)


def _of_binding(node: Any) -> Iterator[_Found]:
    if not isinstance(node, cst.AnnAssign) or node.value is not None:
        yield from _of_target(node.target)


def _of_context(node: cst.AsName) -> Iterator[_Found]:
    yield from _of_target(node.name)


def _of_call(node: cst.Call) -> Iterator[_Found]:
    """The fields that a call writes by the name of what it calls, or hands on."""
    name = last_name(node.func)
    given = [each.value for each in node.args if each.keyword is None and not each.star]
    if name in _SETTING and given:
        yield node, given[0], _constant(given[1]) if len(given) > 1 else ANY_FIELD, Part.ATTRIBUTE
    elif name in _ITEM_FUNCTIONS and given:
        yield node, given[0], _constant(given[1]) if len(given) > 1 else ANY_FIELD, Part.ITEM
    elif isinstance(node.func, cst.Attribute):
        yield from _of_method(node, node.func, given)
    for argument in given:
        if isinstance(argument, cst.Attribute) and argument.attr.value == "update":
            # ``stack.callback(cfg.update, lr=1.0)``
            yield from _of_update(node, argument.value, given[given.index(argument) + 1 :])


def _of_method(call: cst.Call, method: cst.Attribute, given: list[cst.BaseExpression]) -> Iterator[_Found]:
    name = method.attr.value
    if name in _SETTING_METHODS and given:
        through_class = len(given) + (name == "__delattr__") > 2
        target = given[0] if through_class else method.value
        yield call, target, _constant(given[1] if through_class else given[0]), Part.ATTRIBUTE
    elif name in _ITEM_METHODS and given:
        yield call, method.value, _constant(given[0]), Part.ITEM
    elif name == "update":
        yield from _of_update(call, method.value, given)


def _of_update(call: cst.Call, target: cst.BaseExpression, given: list[cst.BaseExpression]) -> Iterator[_Found]:
    """``x.update({"lr": 1.0}, lr=1.0)``: of a dict, or of the dict of an object."""
    part = Part.EITHER if _is_attributes(target) else Part.ITEM
    for argument in call.args:
        if argument.keyword is not None:
            yield call, target, argument.keyword.value, part
        elif argument.star:
            yield call, target, ANY_FIELD, part
    for value in given:
        if not isinstance(value, cst.Dict):
            yield call, target, ANY_FIELD, part
            continue
        for element in value.elements:
            field = _constant(element.key) if isinstance(element, cst.DictElement) else ANY_FIELD
            yield call, target, field, part


def _of_global(node: cst.Global) -> Iterator[_Found]:
    """A function that declares a variable of the module assigns it."""
    for item in node.names:
        yield node, item.name, item.name.value, Part.VARIABLE


def _is_attributes(target: cst.BaseExpression) -> bool:
    """Whether a dict is that of an object: ``vars(x)``, ``x.__dict__``."""
    return isinstance(target, cst.Call) or last_name(target) == "__dict__"


_FINDERS: dict[type[cst.CSTNode], Callable[[Any], Iterator[_Found]]] = {
    cst.AssignTarget: _of_binding,
    cst.AugAssign: _of_binding,
    cst.AnnAssign: _of_binding,
    cst.For: _of_binding,
    cst.CompFor: _of_binding,
    cst.Del: _of_binding,
    cst.AsName: _of_context,
    cst.Call: _of_call,
    cst.Global: _of_global,
}


def _constant(node: cst.BaseExpression) -> Hashable:
    """A field that is spelled out; `ANY_FIELD` for any other."""
    if isinstance(node, cst.SimpleString):
        return str(node.evaluated_value)
    if isinstance(node, cst.Integer):
        return node.evaluated_value
    if isinstance(node, cst.UnaryOperation) and isinstance(node.expression, cst.Integer):
        return -node.expression.evaluated_value
    return ANY_FIELD


def _has_items(node: cst.CSTNode) -> bool:
    while isinstance(node, cst.Attribute):
        node = node.value
    return isinstance(node, cst.Subscript)


def _is_in_groups(node: cst.CSTNode) -> bool:
    while isinstance(node, (cst.Attribute, cst.Subscript)):
        if isinstance(node, cst.Attribute) and node.attr.value == _GROUPS:
            return True
        node = node.value
    return False


def _class_of_receiver(binding: Binding, scopes: Scopes) -> cst.ClassDef | None:
    """The class of a method whose first parameter a variable is."""
    if not isinstance(binding.scope, cst.FunctionDef):
        return None
    first = next(parameters_of(binding.scope.params), None)
    around = scopes.scopes_at(binding.scope)[0]
    return around if isinstance(around, cst.ClassDef) and first and first.name.value == binding.name else None


def _goes_through_groups(path: tuple[cst.CSTNode, ...]) -> bool:
    """Whether a binder is a loop variable over the groups of an optimizer, or assigned from them."""
    for node in reversed(path):
        if isinstance(node, (cst.For, cst.CompFor)):
            return _names_groups(node.iter)
        if isinstance(node, cst.Assign):
            return _names_groups(node.value)
        if isinstance(node, (cst.BaseSuite, cst.FunctionDef)):
            return False
    return False


def _names_groups(node: cst.CSTNode) -> bool:
    return any(isinstance(each, cst.Attribute) and each.attr.value == _GROUPS for each in walk(node))


def _value_given(binder: cst.CSTNode, path: tuple[cst.CSTNode, ...]) -> cst.BaseExpression | None:
    """What a variable is assigned alone; None where it is bound in another way."""
    assignment = next((node for node in reversed(path) if isinstance(node, (cst.Assign, cst.AnnAssign))), None)
    if isinstance(assignment, cst.Assign):
        return assignment.value if [each.target for each in assignment.targets] == [binder] else None
    return assignment.value if assignment is not None and assignment.target is binder else None


def _is_new(value: cst.BaseExpression | None) -> bool:
    """Whether a value is an object that nothing else holds: a display, or what a constructor makes."""
    if isinstance(value, cst.Call):
        name = last_name(value.func)
        return _is_container(value) or (name[:1].isupper() and not name.isupper())
    return isinstance(value, _DISPLAYS)


def _is_container(call: cst.Call) -> bool:
    """Whether a call makes a container of its own, or a copy."""
    return last_name(call.func) in _FRESH_CALLS
