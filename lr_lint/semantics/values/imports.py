"""What import statements bind: modules of the project, and what libraries define."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from lr_lint.project.modules import Module
from lr_lint.semantics.values.base import BaseValue, constant_key
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lr_lint.semantics.values.base import Value
    from lr_lint.semantics.values.context import Anchor, Frame

# What a module calls the dict of all that it defines.
_NAMES = "__dict__"


@dataclass(frozen=True, slots=True)
class External(BaseValue):
    """Something that the code imports and the project does not define, by its dotted name."""

    name: str

    @property
    def identity(self) -> AccessPath:
        """Its dotted name."""
        return AccessPath.external(self.name)

    @property
    def label(self) -> str:
        """Its name, as code spells it."""
        return self.name.removeprefix("builtins.")

    def as_option(self) -> Unknown:
        """A library's attribute read as a value: ``absl.flags.FLAGS.lr`` is an option, known by its name."""
        return Unknown("it is set outside the project", self.identity, self.name.rpartition(".")[2])

    def truth(self, node: cst.CSTNode, frame: Frame) -> bool:
        """That of the option that it may be."""
        return self.as_option().truth(node, frame)

    def item(self, index: Value, node: cst.CSTNode, frame: Frame) -> Value | None:
        """An item of known index is an option of that name."""
        at = constant_key(index)
        if at is None:
            return None
        return Unknown("it is set outside the project", paths.item(self.identity, at), str(at))

    def member(self, name: str, frame: Frame) -> Value:
        """What was assigned to it, a flag, or what the library or the project has by that name."""
        if name == _NAMES:
            return ModuleNames(self)
        return frame.world.machine.library_member(self, name, frame)

    def call(self, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame) -> Value | None:
        """What the library's function gives, as far as that is known."""
        return frame.world.machine.call_library(self, arguments, keywords, anchor, frame)


@dataclass(frozen=True, slots=True)
class ModuleValue(BaseValue):
    """A module of the project."""

    module: Module
    name: str

    def member(self, name: str, frame: Frame) -> Value:
        """A variable of the module."""
        if name == _NAMES:
            return ModuleNames(self)
        return frame.world.machine.module_member(self, name, frame)


@dataclass(frozen=True, slots=True)
class ModuleNames(BaseValue):
    """What a module defines, as a dict: ``vars(module)``, ``module.__dict__``."""

    module: External | ModuleValue

    def item(self, index: Value, node: cst.CSTNode, frame: Frame) -> Value | None:
        """What the module has by a name that is known."""
        name = constant_key(index)
        return self.module.member(name, frame) if isinstance(name, str) else None

    def held(self) -> Iterable[Value]:
        """The module."""
        return (self.module,)


def as_option(value: Value) -> Value:
    """What a library's attribute may be, an option; any other value itself."""
    return value.as_option() if isinstance(value, External) else value
