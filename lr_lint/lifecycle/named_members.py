"""Attributes that code reads by names that it has as texts: ``getattr(self, f"{kind}_scheduler").step()``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import takewhile

import libcst as cst

from lr_lint.lifecycle.callers import class_around, is_self
from lr_lint.project.modules import Module
from lr_lint.project.namings import text_of


def members_read_by_name(
    module: Module, name: str, classes: Collection[cst.ClassDef] | None
) -> Iterator[cst.BaseExpression]:
    """The expressions that may give an attribute by its name, each where a member of what it gives is used.

    Args:
        module: the file.
        name: the attribute.
        classes: those whose objects have it; None for any object.
    """
    for call in module.calls().get("getattr", ()):
        if len(call.args) < 2 or not isinstance(call.func, cst.Name) or not _may_spell(call.args[1].value, name):
            continue
        if classes is None or not is_self(call.args[0].value) or class_around(module, call) in classes:
            yield from _where_asked(module, call)


def _where_asked(module: Module, call: cst.Call) -> Iterator[cst.BaseExpression]:
    """A call, or the uses of the variable that is assigned what it gives, where a member of that is asked for."""
    parent = module.path_to(call)[-1]
    if isinstance(parent, cst.Attribute):
        yield call
    elif isinstance(parent, cst.Assign) and isinstance(parent.targets[0].target, cst.Name):
        target = parent.targets[0].target
        binding = module.scopes.resolve(target.value, target)
        for use in () if binding is None else module.scopes.uses(binding):
            if isinstance(use, cst.Name) and isinstance(module.path_to(use)[-1], cst.Attribute):
                yield use


def _may_spell(text: cst.BaseExpression, name: str) -> bool:
    """Whether an expression may give a text, by the constants that it begins and ends with."""
    parts = list(_parts(text))
    if None not in parts:
        return _known_start(parts) == name
    start, end = _known_start(parts), _known_start(part and part[::-1] for part in reversed(parts))[::-1]
    return len(start) + len(end) <= len(name) and name.startswith(start) and name.endswith(end)


def _known_start(parts: Iterable[str | None]) -> str:
    return "".join(part or "" for part in takewhile(lambda part: part is not None, parts))


def _parts(text: cst.BaseExpression) -> Iterator[str | None]:
    """What a text is put together from; None for what is not written out."""
    pending: list[cst.CSTNode] = [text]
    while pending:
        node = pending.pop()
        if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
            pending += [node.right, node.left]
        elif isinstance(node, cst.FormattedString):
            pending += reversed(node.parts)
        elif isinstance(node, cst.FormattedStringText):
            yield node.value
        else:
            yield text_of(node) if isinstance(node, cst.BaseExpression) else None
