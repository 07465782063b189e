"""What stands for parameters and for ``self`` where nobody knows who calls."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lr_lint.semantics.libraries.click import DECLARING
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.context import Frame, Raised
from lr_lint.semantics.values.functions import Function, Partial
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import last_name
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.reasons import Reason


def symbolic_parameter(scope: cst.CSTNode, param: cst.Param, frame: Frame) -> Value:
    """A parameter about which only the signature speaks."""
    name = param.name.value
    key = AccessPath.parameter(scope, name)
    outside = frame.parent or frame
    if name in frame.module.documented_fractions(scope):
        frame.world.assumptions.dimensionless.add(key)
    default = _declared_default(scope, name, outside)
    if param.default is not None:
        default = evaluate(param.default, outside)
        if isinstance(default, Constant) and default.value is None:
            default = None
    if param.annotation is not None and isinstance(param.annotation.annotation, (cst.Name, cst.Attribute)):
        annotated = evaluate(param.annotation.annotation, outside)
        if isinstance(annotated, ClassValue):
            return Instance(annotated, key, symbolic=True)
    if isinstance(default, (Function, ClassValue, Partial)):
        return default
    return Unknown("it is a parameter", key, name, default=default)


def _declared_default(scope: cst.CSTNode, name: str, outside: Frame) -> Value | None:
    """The default that a decorator declares for a parameter: ``@click.option("--alpha", default=0.1)``."""
    if not isinstance(scope, cst.FunctionDef) or not scope.decorators:
        return None
    declared = outside.world.memory.declared_options
    options = declared.get(scope)
    if options is None:
        options = declared[scope] = dict(_declared_options(scope, outside))
    return options.get(name)


def _declared_options(scope: cst.FunctionDef, outside: Frame) -> Iterator[tuple[str, Value]]:
    for decorator in scope.decorators:
        node = decorator.decorator
        if isinstance(node, cst.Call) and last_name(node.func) in DECLARING:
            try:
                option = evaluate(node, outside)
            except Raised:
                continue
            if isinstance(option, Unknown) and option.reason is Reason.COMMAND_LINE and option.default is not None:
                yield option.name, option.default


def symbolic_instance(cls: ClassValue) -> Instance:
    """``self`` in a method of an object that somebody else made."""
    receivers = cls.frame.world.memory.receivers
    known = receivers.get(cls.node)
    if known is None:
        known = receivers[cls.node] = Instance(cls, own_key(cls), symbolic=True)
    return known


def own_key(cls: ClassValue) -> AccessPath:
    """The identity of ``self`` in methods of a class."""
    return AccessPath.receiver(cls.node)
