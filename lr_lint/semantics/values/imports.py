"""What import statements bind: modules of the project, and what libraries define."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lr_lint.project.modules import Module
from lr_lint.semantics.values.base import BaseValue, Unknown
from lr_lint.vocabulary.paths import AccessPath

if TYPE_CHECKING:
    from lr_lint.semantics.values.base import Value


@dataclass(frozen=True, slots=True)
class External(BaseValue):
    """Something that the code imports and the project does not define, by its dotted name."""

    name: str

    @property
    def identity(self) -> AccessPath:
        """Its dotted name."""
        return AccessPath.external(self.name)


@dataclass(frozen=True, slots=True)
class ModuleValue(BaseValue):
    """A module of the project."""

    module: Module
    name: str


def as_option(value: Value) -> Value:
    """A library's attribute read as a value: ``absl.flags.FLAGS.lr`` is an option, known by its name."""
    if not isinstance(value, External):
        return value
    return Unknown("it is set outside the project", value.identity, value.name.rpartition(".")[2])
