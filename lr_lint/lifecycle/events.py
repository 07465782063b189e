"""What happens to a scheduler or an optimizer, as frozen data about places in the code."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst

from lr_lint.project.modules import Module
from lr_lint.project.scopes import Binding
from lr_lint.semantics.values.context import Anchor


class Happening(enum.Enum):
    """A kind of event."""

    MADE = "it is constructed, or what gives it is called"
    STEPPED = "it is stepped"
    STATE_READ = "its `state_dict` is asked for"
    STATE_LOADED = "its `load_state_dict` is called"
    RATES_READ = "its rates are read: `get_last_lr`, `get_lr`"
    OPTIMIZER_READ = "its optimizer is reached through it"
    RATE_WRITTEN = "a rate is written into one of its param groups"
    GROUP_ADDED = "it gets another param group"
    CALLED = "another method of it is called"
    SET = "one of its attributes is set"
    SCHEDULED = "a scheduler is made for it"
    ADOPTED = "another scheduler is made of it, or an engine, which steps it"
    SAVED = "the object itself is written to a file"
    OWNER_SAVED = "the object that keeps it in an attribute is written to a file, with all that it keeps"
    HANDED = "it is handed to something that is not followed"
    RETURNED = "it is returned to nobody in sight"
    REPLACED = "what held it is given something else"
    DELETED = "what held it is deleted"


@dataclass(frozen=True, slots=True)
class Crossing:
    """A call that leads from one function into another.

    Attributes:
        module: the file of the call.
        call: the call.
    """

    module: Module
    call: cst.Call


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens to an object.

    Attributes:
        happening: what.
        module: the file.
        node: the call, the assigned target, the returned statement, the deleted name.
        crossings: the calls by which the object came where this happens, outermost first.
        name: of a call, the method or the dotted name of the function; of an attribute that is set its name.
        role: under which keyword a call is given the object, if under any.
        via: the call that made what is stepped of the object: an engine, a scheduler of several; None for itself.
        loose: whether it may be another object of that kind: an attribute of that name of whatever object.
        kept: whether a function does it that writes states or reads them back, by its name.
    """

    happening: Happening
    module: Module
    node: cst.CSTNode
    crossings: tuple[Crossing, ...] = ()
    name: str = ""
    role: str = ""
    via: cst.Call | None = None
    loose: bool = False
    kept: bool = False

    @property
    def call(self) -> cst.Call:
        """The call that it is."""
        assert isinstance(self.node, cst.Call)
        return self.node

    @property
    def anchor(self) -> Anchor:
        """Its place."""
        return Anchor(self.module, self.node)


@dataclass(frozen=True, slots=True)
class Held:
    """A place where somebody else takes the object over.

    Attributes:
        module: the file.
        node: the dict that it stands in, the call that it is given to, the list or tuple that is returned.
        role: under which key or keyword, where there is one.
    """

    module: Module
    node: cst.CSTNode
    role: str = ""


@dataclass(slots=True)
class Trail:
    """What becomes of an object.

    Attributes:
        events: what happens to it, in the order in which it was found, which is none of time.
        birth: what is around its construction, and around the calls through which it was handed up.
        held: the dicts, lists and calls that it was put into.
        prepared: the calls that wrapped it.
        entered: the functions that are given it, each with the calls that do so.
        names: the variables and attributes that hold it, each with its file.
        lost: why it may be stepped elsewhere too; empty where it is not.
        shared: whether what made it is called from several places, so that there are several of them.
    """

    events: list[Event] = field(default_factory=list)
    birth: set[cst.CSTNode] = field(default_factory=set)
    held: list[Held] = field(default_factory=list)
    prepared: list[Crossing] = field(default_factory=list)
    entered: dict[cst.CSTNode, dict[cst.Call, Crossing]] = field(default_factory=dict)
    names: list[tuple[Module, Binding]] = field(default_factory=list)
    lost: str = ""
    shared: bool = False

    def of(self, *happenings: Happening) -> Iterator[Event]:
        """The events of some kinds."""
        return (event for event in self.events if event.happening in happenings)

    @property
    def steps(self) -> list[Event]:
        """Where training steps it."""
        return [event for event in self.of(Happening.STEPPED) if not event.kept]

    @property
    def altered(self) -> bool:
        """Whether attributes of it are set: its count among them, or its ``step``."""
        return any(True for _ in self.of(Happening.SET))
