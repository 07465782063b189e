"""The fields of a dataclass, in the order in which its constructor takes them.

See https://docs.python.org/3/library/dataclasses.html.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from lr_lint.semantics.machine.class_members import ancestry, class_frame
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.context import Anchor, Frame
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.objects import ClassValue
from lr_lint.semantics.values.operations import call
from lr_lint.source.tree import dotted_name, last_name

_DECORATOR = "dataclasses.dataclass"
_FIELD = "dataclasses.field"
# Arguments of the decorator and of ``field`` that change nothing of what objects hold.
_HARMLESS = frozenset(
    {"order", "eq", "repr", "unsafe_hash", "slots", "hash", "compare", "metadata", "doc", "match_args"}
)


@dataclass(frozen=True)
class Field:
    """A field of a dataclass.

    Attributes:
        name: what it is called.
        owner: the class that declares it.
        options: what ``field(...)`` is given by keyword.
        default: the default value's expression; None where there is none.
        variable: whether it is a parameter of ``__post_init__`` alone.
        keyword: whether the constructor takes it by keyword only.
    """

    name: str
    owner: ClassValue
    options: dict[str, cst.BaseExpression]
    default: cst.BaseExpression | None
    variable: bool
    keyword: bool

    @property
    def given(self) -> bool:
        """Whether the constructor takes it."""
        return dotted_name(self.options.get("init")) != "False"

    def fallback(self, frame: Frame) -> Value | None:
        """The value that it has where the constructor is not given it; None where it has none."""
        factory = self.options.get("default_factory")
        if factory is not None:
            place = Anchor(self.owner.frame.module, factory)
            return call(evaluate(factory, class_frame(self.owner)), [], {}, place, frame)
        if self.default is None:
            return None
        if "default" in self.options:
            return evaluate(self.default, class_frame(self.owner))
        held = class_frame(self.owner).names.get(self.name)
        return held if held is not None else evaluate(self.default, class_frame(self.owner))


def decorator_of(cls: ClassValue) -> dict[str, cst.BaseExpression] | None:
    """The arguments of the dataclass decorator of a class; None for a class that has none, or has others too."""
    if len(cls.node.decorators) != 1:
        return None
    node = cls.node.decorators[0].decorator
    callee = force(evaluate(node.func if isinstance(node, cst.Call) else node, cls.frame))
    if not isinstance(callee, External) or callee.name != _DECORATOR:
        return None
    return _keywords(node) if isinstance(node, cst.Call) else {}


def fields_of(cls: ClassValue) -> list[Field] | None:
    """All fields, those of bases first; None where something about them is not followed."""
    found: dict[str, Field] = {}
    for current in reversed(list(ancestry(cls))):
        options = decorator_of(current)
        if options is None:
            if current.node.decorators:
                return None
            continue
        if any(name not in _HARMLESS | {"frozen", "kw_only"} for name in options):
            return None
        for each in _declared(current, keyword=dotted_name(options.get("kw_only")) == "True"):
            if each is None:
                return None
            found[each.name] = each
    return sorted(found.values(), key=lambda field: field.keyword)


def _declared(cls: ClassValue, *, keyword: bool) -> Iterator[Field | None]:
    for statement in cls.node.body.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if not isinstance(small, cst.AnnAssign) or not isinstance(small.target, cst.Name):
                continue
            kind = small.annotation.annotation
            name = last_name(kind.value if isinstance(kind, cst.Subscript) else kind)
            if name == "KW_ONLY":
                keyword = True
            elif isinstance(kind, (cst.SimpleString, cst.ConcatenatedString)):
                yield None
            elif name != "ClassVar":
                yield _field(cls, small.target.value, small.value, variable=name == "InitVar", keyword=keyword)


def _field(cls: ClassValue, name: str, value: cst.BaseExpression | None, *, variable: bool, keyword: bool) -> Field:
    if not isinstance(value, cst.Call):
        return Field(name, cls, {}, value, variable, keyword)
    callee = force(evaluate(value.func, cls.frame))
    if not isinstance(callee, External) or callee.name != _FIELD:
        return Field(name, cls, {}, value, variable, keyword)
    options = _keywords(value)
    if "kw_only" in options:
        keyword = dotted_name(options["kw_only"]) == "True"
    return Field(name, cls, options, options.get("default"), variable, keyword)


def _keywords(call: cst.Call) -> dict[str, cst.BaseExpression]:
    return {each.keyword.value: each.value for each in call.args if each.keyword is not None}
