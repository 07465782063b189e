"""Objects of libraries of which the machine knows the parts: optimizers, parsers of command lines, files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lr_lint.semantics.values.base import BaseValue
from lr_lint.semantics.values.containers import DictValue
from lr_lint.vocabulary.paths import AccessPath

if TYPE_CHECKING:
    from lr_lint.semantics.values.base import Value
    from lr_lint.semantics.values.context import Anchor


@dataclass(frozen=True, slots=True)
class Group:
    """One param group of an optimizer.

    Attributes:
        options: the dict of the group, which code may change after construction.
        own: whether the group states its lr itself, rather than taking the optimizer's.
        settled: whether nothing that could not be read may give the group another lr.
    """

    options: DictValue
    own: bool = False
    settled: bool = True

    @property
    def lr(self) -> Value:
        """The lr that the group has now."""
        return self.options.entries["lr"]


@dataclass(slots=True, eq=False)
class Optimizer(BaseValue):
    """An optimizer whose construction was read.

    Attributes:
        name: what messages call it.
        groups: its param groups.
        default_lr: the optimizer-wide lr.
        anchor: the construction.
        listed: whether these are all the groups that it was constructed with.
        counted: whether there are as many groups as these, and nothing was seen that may have added one.
    """

    name: str
    groups: list[Group]
    default_lr: Value
    anchor: Anchor | None
    listed: bool = False
    counted: bool = False


@dataclass(slots=True, eq=False)
class Parser(BaseValue):
    """A command-line parser.

    Attributes:
        key: identity; subparsers have that of the parser they belong to, since they fill the same namespace.
        options: the options declared so far, by destination.
        classes: what it makes from the options, where it is a parser of dataclasses.
        root: the parser that this is a subparser of.
        children: all subparsers, however deep.
    """

    key: AccessPath
    options: dict[str, Value] = field(default_factory=dict)
    classes: tuple[Value, ...] = ()
    root: Parser | None = None
    children: list[Parser] = field(default_factory=list)

    @property
    def identity(self) -> AccessPath | None:
        """Its key."""
        return self.key


@dataclass(frozen=True, slots=True)
class FileReference(BaseValue):
    """A file that the code names: its path, an open handle on it, or its text.

    Which of these it is shows in what the code does with it, and whoever loads settings may be given any of them.

    Attributes:
        path: the path, with ``/``.
        anchored: whether it is relative to what the paths of modules are relative to, as whatever starts from
            ``__file__``; else it is relative to wherever the program runs.
    """

    path: str
    anchored: bool = False

    @property
    def identity(self) -> AccessPath:
        """Its path."""
        return AccessPath.file(self.path, "named", self.anchored)
