"""Methods as they are found on an object: decorated, bound, or called where they are properties."""

from __future__ import annotations

import libcst as cst

from lr_lint.semantics.machine.class_members import is_decorated, method_function, of_class
from lr_lint.semantics.machine.decorators import decorated
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.context import Anchor, Frame
from lr_lint.semantics.values.functions import Bound, Function, Partial
from lr_lint.semantics.values.memoised import Memoised
from lr_lint.semantics.values.objects import ClassValue, Instance
from lr_lint.semantics.values.operations import call


def bound_method(instance: Instance, node: cst.FunctionDef, owner: ClassValue, frame: Frame) -> Value:
    """What an object gives for the name of a method.

    Args:
        instance: the object.
        node: the method.
        owner: the class that defines it.
        frame: where it is asked for.
    """
    known = owner.frame.world.memory.methods
    place = (node, owner.frame)
    if place not in known:
        known[place] = decorated(method_function(node, owner), node, owner.frame)
    function = known[place]
    if is_decorated(node, "classmethod"):
        return of_class(function, instance.cls)
    if isinstance(function, Memoised):
        return Partial(function, (instance,), ())
    if not isinstance(function, Function):
        # What is no function any more is not bound to the object either.
        return function
    if is_decorated(node, "staticmethod"):
        return Function(function.node, function.frame, function.defaults)
    bound = Bound(function, instance)
    if is_decorated(node, "property", "cached_property"):
        return call(bound, [], {}, Anchor(owner.frame.module, node), frame)
    return bound
