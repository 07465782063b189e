"""Objects of libraries of which the machine knows the parts: optimizers, parsers of command lines, files."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lr_lint.semantics.values.base import BaseValue
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import INITIAL_RATE, RATE, DictValue, ListValue
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.methods import Method
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary.paths import AccessPath

if TYPE_CHECKING:
    from lr_lint.semantics.values.base import Value
    from lr_lint.semantics.values.context import Anchor, Frame


_MOST_PARENTS = 8
_PARTS: dict[str, Callable[[str], str]] = {
    "name": posixpath.basename,
    "suffix": lambda path: posixpath.splitext(path)[1],
    "stem": lambda path: posixpath.splitext(posixpath.basename(path))[0],
}


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
    def base(self) -> Value:
        """The lr that a scheduler starts from: that of the first scheduler before it, or the one that the group has."""
        entries = self.options.entries
        return entries.get(INITIAL_RATE) or entries.get(RATE) or Forgotten("the group has no lr of its own")


ADDING_GROUPS = "add_param_group"
# Methods of optimizers that leave the rates of their groups alone.
_HARMLESS = frozenset(
    "step zero_grad state_dict train eval register_state_dict_pre_hook register_state_dict_post_hook "
    "register_load_state_dict_pre_hook register_load_state_dict_post_hook".split()
)


@dataclass(slots=True, eq=False)
class Optimizer(BaseValue):
    """An optimizer whose construction was read.

    Attributes:
        name: what messages call it.
        made: the param groups that it was constructed with.
        defaults: its options, which a group that states none has.
        anchor: the construction.
        listed: whether these are all the groups that it was constructed with.
        assumed: whether it is only taken to start from the lr that it was given, since its class is not known.
        counted: whether there are as many groups as these, and nothing was seen that may have added one.
        tables: its list of param groups, once somebody had hold of it.
    """

    name: str
    made: list[Group]
    defaults: DictValue
    anchor: Anchor | None
    listed: bool = False
    assumed: bool = False
    counted: bool = False
    tables: Value | None = None

    @property
    def groups(self) -> list[Group]:
        """Its param groups as they are now."""
        if self.tables is None:
            return self.made
        tables = self.tables.values if isinstance(self.tables, ListValue) else []
        if not isinstance(self.tables, ListValue) or self.tables.unordered or not tables:
            return [Group(DictValue({RATE: Forgotten("its list of groups is changed")}), settled=False)]
        known = {id(group.options): group for group in self.made}
        return [
            known.get(id(table)) or Group(table, own=True)
            if isinstance(table, DictValue)
            else Group(DictValue({RATE: Forgotten("a group is replaced")}), settled=False)
            for table in tables
        ]

    def member(self, name: str, frame: Frame) -> Value:
        """Its groups and defaults; whoever has the groups may add some."""
        if name in {"param_groups", "__dict__"}:
            self.counted = False
        if name == "param_groups":
            return self.listing()
        if name == "defaults":
            return self.defaults
        if name == "__dict__":
            return DictValue({"param_groups": self.listing(), "defaults": self.defaults}, incomplete=True)
        return Unknown("it is a part of the optimizer", None, name) if name in _HARMLESS else Method(self, name)

    def listing(self) -> Value:
        """The list of its groups, the same each time."""
        if self.tables is None:
            self.tables = ListValue([group.options for group in self.made])
        return self.tables

    def held(self) -> Iterable[Value]:
        """The dicts of its groups."""
        held = [group.options for group in self.made]
        return [*held, self.defaults] if self.tables is None else [self.tables, *held, self.defaults]

    def method_owners(self) -> tuple[str, ...]:
        """Methods of optimizers."""
        return ("<optimizer>",)


@dataclass(slots=True, eq=False)
class Parser(BaseValue):
    """A command-line parser.

    Attributes:
        key: identity; subparsers have that of the parser they belong to, since they fill the same namespace.
        options: the options declared so far, by destination.
        flags: how each of them is given, by destination; those of a parent are left out.
        numbers: those of which one word is read as a number: ``float`` or ``int``, by destination.
        classes: what it makes from the options, where it is a parser of dataclasses.
        root: the parser that this is a subparser of.
        children: all subparsers, however deep.
        acts: whether an option has an action of the code under check, which may set any option.
    """

    key: AccessPath
    options: dict[str, Value] = field(default_factory=dict)
    flags: dict[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: dict[str, type[float] | type[int]] = field(default_factory=dict)
    classes: tuple[Value, ...] = ()
    root: Parser | None = None
    children: list[Parser] = field(default_factory=list)
    acts: bool = False

    @property
    def identity(self) -> AccessPath | None:
        """Its key."""
        return self.key

    def member(self, name: str, frame: Frame) -> Method:
        """Parsers are asked for methods only."""
        return Method(self, name)

    def held(self) -> Iterable[Value]:
        """Its options."""
        return self.options.values()

    def method_owners(self) -> tuple[str, ...]:
        """Methods of parsers."""
        return ("<parser>",)


@dataclass(frozen=True, slots=True)
class FileReference(BaseValue):
    """A file that the code names: its path, an open handle on it, or its text.

    Which of these it is shows in what the code does with it, and whoever loads settings may be given any of them.

    Attributes:
        path: the path, with ``/``.
        anchored: whether it is relative to what the paths of modules are relative to, as whatever starts from
            ``__file__``; else it is relative to wherever the program runs.
        chosen: whether it is one of several that a user may name, as a world has it.
    """

    path: str
    anchored: bool = False
    chosen: bool = False

    @property
    def identity(self) -> AccessPath:
        """Its path."""
        return AccessPath.file(self.path, "named", self.anchored)

    @property
    def parent(self) -> FileReference:
        """The folder of a file. What is above the top of the paths that are known is not lost: ``..``."""
        folder, name = posixpath.split(posixpath.normpath(self.path))
        above = name in ("", ".", "..")
        return FileReference(posixpath.join(folder, name, "..") if above else folder, self.anchored)

    def member(self, name: str, frame: Frame) -> Value:
        """A part of the path, or a method."""
        if name == "parent":
            return self.parent
        if name == "parents":
            above = [self.parent]
            while len(above) < _MOST_PARENTS:
                above.append(above[-1].parent)
            return ListValue(list(above), "tuple", incomplete=True)
        part = _PARTS.get(name)
        return Method(self, name) if part is None else Constant(part(self.path))

    def method_owners(self) -> tuple[str, ...]:
        """Methods of paths and of open files."""
        return ("<file>",)
