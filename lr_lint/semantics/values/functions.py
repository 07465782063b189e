"""What can be called: functions, and functions with some of their arguments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from lr_lint.semantics.values.base import BaseValue
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.context import Raised
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.operations import call
from lr_lint.source.tree import last_name
from lr_lint.vocabulary.quantities import Basis

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lr_lint.semantics.values.base import Value
    from lr_lint.semantics.values.context import Anchor, Frame
    from lr_lint.semantics.values.objects import ClassValue


class FunctionLike(BaseValue):
    """What is called itself when its ``__call__`` is."""

    __slots__ = ()

    def member(self, name: str, frame: Frame) -> Value | None:
        """``__call__`` is the same again; what else it has is not known."""
        return self if name == "__call__" else None


@dataclass(frozen=True, slots=True)
class Function(FunctionLike):
    """A ``def`` or a lambda, with the frame that it closes over."""

    node: cst.FunctionDef | cst.Lambda
    frame: Frame
    defaults: Mapping[str, Value] = field(default_factory=dict)
    owner: ClassValue | None = None

    @property
    def name(self) -> str:
        """The name in the ``def``, or ``<lambda>``."""
        return self.node.name.value if isinstance(self.node, cst.FunctionDef) else "<lambda>"

    @property
    def definition(self) -> tuple[cst.CSTNode, Frame]:
        """What tells functions apart: a ``def`` that runs twice makes two."""
        return self.node, self.frame

    @property
    def attributes(self) -> dict[str, Value]:
        """What was assigned to its attributes."""
        return self.frame.world.memory.function_attributes.setdefault(self.definition, {})

    def call(self, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame) -> Value:
        """What it returns."""
        return frame.world.machine.run(self, arguments, keywords, frame)

    def member(self, name: str, frame: Frame) -> Value | None:
        """What was assigned to it.

        Raises:
            Raised: AttributeError where nothing was, as far as all that happens is followed.
        """
        if name in self.attributes:
            return self.attributes[name]
        if name == "__call__":
            return self
        if name == "__name__" and isinstance(self.node, cst.FunctionDef) and not self._may_be_renamed():
            return Constant(self.name)
        if name.startswith("__"):
            frame.world.doubt("what a function is made of is not followed")
        elif frame.world.seen.sampling is not None:
            raise Raised("AttributeError", Basis.DEFAULT)
        return None

    def _may_be_renamed(self) -> bool:
        """Whether it may go by the name of another function that it wraps."""
        decorators = self.node.decorators if isinstance(self.node, cst.FunctionDef) else ()
        wrapping = any(isinstance(each.decorator, cst.Call) and _is_wraps(each.decorator) for each in decorators)
        return wrapping or "update_wrapper" in self.frame.module.calls()

    def held(self) -> Iterable[Value]:
        """The default values of its parameters, and what was assigned to it."""
        return (*self.defaults.values(), *self.attributes.values())

    def code(self) -> tuple[cst.CSTNode, Frame]:
        """The whole definition."""
        return self.node, self.frame


def _is_wraps(decorator: cst.Call) -> bool:
    return last_name(decorator.func) == "wraps"


@dataclass(frozen=True, slots=True)
class Bound(FunctionLike):
    """A method with its receiver."""

    function: Function
    receiver: Value

    def call(self, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame) -> Value:
        """What it returns of its receiver."""
        return frame.world.machine.run(self.function, [self.receiver, *arguments], keywords, frame)

    def held(self) -> Iterable[Value]:
        """Its function and its receiver."""
        return (self.function, self.receiver)


@dataclass(frozen=True, slots=True)
class Partial(FunctionLike):
    """``functools.partial``."""

    function: Value
    arguments: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]

    def call(self, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame) -> Value:
        """What its function gives for all the arguments."""
        return call(self.function, [*self.arguments, *arguments], {**dict(self.keywords), **keywords}, anchor, frame)

    def member(self, name: str, frame: Frame) -> Value | None:
        """What functions have; its own attributes may be assigned, and are not followed."""
        return FunctionLike.member(self, name, frame) or Forgotten("the parts of a partial function are not followed")

    def held(self) -> Iterable[Value]:
        """Its function and what that is given."""
        return (self.function, *self.arguments, *(given for _, given in self.keywords))


def definition_of(value: Value) -> Value:
    """The function behind partials and bound methods."""
    while isinstance(value, (Partial, Bound)):
        value = value.function
    return value
