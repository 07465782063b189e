"""What can be called: functions, and functions with some of their arguments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from lr_lint.semantics.values.base import BaseValue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lr_lint.semantics.values.base import Value
    from lr_lint.semantics.values.context import Frame
    from lr_lint.semantics.values.objects import ClassValue


@dataclass(frozen=True, slots=True)
class Function(BaseValue):
    """A ``def`` or a lambda, with the frame that it closes over."""

    node: cst.FunctionDef | cst.Lambda
    frame: Frame
    defaults: Mapping[str, Value] = field(default_factory=dict)
    owner: ClassValue | None = None

    @property
    def name(self) -> str:
        """The name in the ``def``, or ``<lambda>``."""
        return self.node.name.value if isinstance(self.node, cst.FunctionDef) else "<lambda>"


@dataclass(frozen=True, slots=True)
class Bound(BaseValue):
    """A method with its receiver."""

    function: Function
    receiver: Value


@dataclass(frozen=True, slots=True)
class Partial(BaseValue):
    """``functools.partial``."""

    function: Value
    arguments: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Method(BaseValue):
    """A method of a value that is not user code, such as ``list.append`` or ``dict.get``."""

    receiver: Value
    name: str
