"""Fields that a class body declares, and what the construction of an object gives for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from lr_lint.semantics.libraries.settings_objects import SETTINGS_BASES
from lr_lint.semantics.machine.class_members import ancestry, external_bases, find_method
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.source.tree import dotted_name


def is_filled_in(cls: ClassValue) -> bool:
    """Whether a library fills in the fields of a class's objects."""
    return any(base.name in SETTINGS_BASES for base in external_bases(cls))


def given_to_field(instance: Instance, name: str) -> Value | None:
    """What the construction of an object gave for a field, by keyword or by position."""
    given = dict(instance.keywords)
    if name in given or not instance.arguments or find_method(instance.cls, "__init__") is not None:
        return given.get(name)
    names = [field for cls in reversed(list(ancestry(instance.cls))) for field in _positional_fields(cls)]
    at = names.index(name) if name in names else len(instance.arguments)
    return instance.arguments[at] if at < len(instance.arguments) else None


def _positional_fields(cls: ClassValue) -> Iterator[str]:
    """The fields that a dataclass's constructor takes by position, in order."""
    for statement in cls.node.body.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if not isinstance(small, cst.AnnAssign) or not isinstance(small.target, cst.Name):
                continue
            annotation = small.annotation.annotation
            kind = dotted_name(annotation.value if isinstance(annotation, cst.Subscript) else annotation) or ""
            if kind.rpartition(".")[2] == "ClassVar" or _is_left_out(small.value):
                continue
            yield small.target.value


def _is_left_out(default: cst.BaseExpression | None) -> bool:
    """``field(init=False)`` and ``field(kw_only=True)``: the constructor takes no such argument by position."""
    if not isinstance(default, cst.Call):
        return False
    given = {each.keyword.value: dotted_name(each.value) for each in default.args if each.keyword is not None}
    return given.get("init") == "False" or given.get("kw_only") == "True"


def _annotated_fields(cls: ClassValue) -> Iterator[tuple[str, cst.BaseExpression]]:
    """The annotated names of a class body with their annotations."""
    for statement in cls.node.body.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name):
                yield small.target.value, small.annotation.annotation


def _annotated_in(cls: ClassValue) -> Sequence[tuple[str, cst.BaseExpression]]:
    """Those of a class, of each of whose objects each attribute is asked."""
    return cls.frame.module.once(("annotated fields", cls.node), lambda: tuple(_annotated_fields(cls)))


def annotated_class(cls: ClassValue, name: str) -> ClassValue | None:
    """The class of the code under check that a field is annotated with."""
    for current in ancestry(cls):
        for field, annotation in _annotated_in(current):
            if field == name and isinstance(annotation, (cst.Name, cst.Attribute)):
                of = evaluate(annotation, current.frame)
                return of if isinstance(of, ClassValue) else None
    return None
