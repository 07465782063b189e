"""The values that the interpreter computes with, and the world that one run of it lives in.

Numbers are `Quantity`; everything else that code can hold is one of the classes here. What is not known is an
`Unknown` value with an identity and a reason: two reads of ``args.lr`` give the same unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import libcst as cst

from lr_lint.project.modules import Module
from lr_lint.semantics.values.world import BudgetExceeded, World
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.paths import AccessPath, PathKind
from lr_lint.vocabulary.quantities import Basis, Quantity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LONGEST_LIST = 100_000


class Raised(Exception):
    """The interpreted code raises an exception.

    Attributes:
        kind: class name of the exception, as ``ZeroDivisionError``.
        basis: what the numbers that led there rest on.
    """

    def __init__(self, kind: str, basis: Basis = Basis.PROVED) -> None:
        super().__init__(kind)
        self.kind = kind
        self.basis = basis


@dataclass(frozen=True, slots=True)
class Anchor:
    """A syntax node together with the file that it stands in."""

    module: Module
    node: cst.CSTNode


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant that is no number: a string, bytes, ``None``, an ellipsis."""

    value: Any
    key: AccessPath | None = None


NOTHING = Constant(None)


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call whose result is not known, with what went into it."""

    callee: Value
    arguments: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    anchor: Anchor

    def keyword(self, *names: str) -> Value | None:
        """The value of the first of these keyword arguments that is present."""
        return next((value for name, value in self.keywords if name in names), None)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is not known.

    Attributes:
        reason: why, in words that fit after "because".
        key: identity; None where two evaluations may differ.
        name: the last name that it went by.
        default: the value it has unless something overrides it, where that is known.
        invocation: the call that made it, if a call did.
        parameters: whether it is a model's parameters (or one of them), as from ``model.parameters()``.
        cls: the class that it is annotated with, where that is known.
    """

    reason: str
    key: AccessPath | None = None
    name: str = ""
    default: Value | None = None
    invocation: Invocation | None = None
    parameters: bool = False
    cls: ClassValue | None = None


@dataclass(slots=True)
class ListValue:
    """A list, tuple or set.

    Attributes:
        values: the items, as far as they are known.
        kind: ``list``, ``tuple`` or ``set``.
        incomplete: whether there may be more items than those known.
        unordered: whether the items may stand at other positions than here.
    """

    values: list[Value]
    kind: str = "list"
    incomplete: bool = False
    unordered: bool = False

    def __post_init__(self) -> None:
        self.check_length()

    def check_length(self) -> None:
        """Ends a run that makes lists grow without bound.

        Raises:
            BudgetExceeded: when there are more items than any schedule needs.
        """
        if len(self.values) > _LONGEST_LIST:
            raise BudgetExceeded

    def forget_order(self) -> None:
        """Notes that something happened to the items that was not followed."""
        self.incomplete = self.unordered = True


@dataclass(slots=True)
class DictValue:
    """A dict with constant keys, or a namespace.

    Attributes:
        entries: the values by key.
        incomplete: whether there may be more keys than those known.
        key: identity; one that has an identity lets its entries be read as attributes.
        overridable: whether what is written into it is a default that a settings file may override.
    """

    entries: dict[Any, Value]
    incomplete: bool = False
    key: AccessPath | None = None
    overridable: bool = False


@dataclass(frozen=True, slots=True)
class Function:
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
class Bound:
    """A method with its receiver."""

    function: Function
    receiver: Value


@dataclass(frozen=True, slots=True)
class Partial:
    """``functools.partial``."""

    function: Value
    arguments: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a value that is not user code, such as ``list.append`` or ``dict.get``."""

    receiver: Value
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class ClassValue:
    """A class of the code under check."""

    node: cst.ClassDef
    frame: Frame

    @property
    def name(self) -> str:
        """The name in the ``class`` statement."""
        return self.node.name.value


@dataclass(slots=True, eq=False)
class Instance:
    """An object of a class of the code under check; its attributes are found when asked for.

    Symbolic instances stand for ``self`` where nobody knows how the object was made.

    Attributes:
        cls: its class.
        key: identity.
        arguments: what its constructor was given by position, and
        keywords: by name.
        symbolic: whether it stands for any object of the class.
        attributes: those that were assigned or asked for.
        asked: the names of those that were looked for.
        anchor: where it was made.
        complete: whether all that the constructor assigns is among the attributes, as far as it could be followed.
        under_way: how many of its methods are being run for what they assign.
    """

    cls: ClassValue
    key: AccessPath | None
    arguments: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()
    symbolic: bool = False
    attributes: dict[str, Value] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    anchor: Anchor | None = None
    complete: bool = False
    under_way: int = 0


@dataclass(frozen=True, slots=True)
class SuperValue:
    """``super()`` inside a method."""

    receiver: Value
    owner: ClassValue


@dataclass(frozen=True, slots=True)
class External:
    """Something that the code imports and the project does not define, by its dotted name."""

    name: str


@dataclass(slots=True, eq=False)
class Lazy:
    """The result of a call, or an imported name, that nobody has asked for yet.

    Models and data loaders are built between an optimizer's settings and its construction; following them would open
    half of the project for nothing.

    Attributes:
        compute: gives the value.
        key: identity.
        result: the value, once it was asked for.
        waiting: how many others in a row it asks for in turn.
        node: the expression that it stands for; None where what it needs does not change, as for an import.
        frame: the variables as they were there.
    """

    compute: Callable[[], Value]
    key: AccessPath | None
    result: Value | None = None
    waiting: int = 0
    node: cst.CSTNode | None = None
    frame: Frame | None = None


@dataclass(frozen=True, slots=True)
class ModuleValue:
    """A module of the project."""

    module: Module
    name: str


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
class Optimizer:
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
class Parser:
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


@dataclass(frozen=True, slots=True)
class FileReference:
    """A file that the code names: its path, an open handle on it, or its text.

    Which of these it is shows in what the code does with it, and whoever loads settings may be given any of them.

    Attributes:
        path: the path, with ``/``.
        anchored: whether it is relative to what the paths of modules are relative to, as whatever starts from
            ``__file__``; else it is relative to wherever the program runs.
    """

    path: str
    anchored: bool = False


Value: TypeAlias = (
    Quantity
    | Constant
    | Unknown
    | ListValue
    | DictValue
    | Function
    | Bound
    | Partial
    | Method
    | ClassValue
    | Instance
    | SuperValue
    | External
    | ModuleValue
    | Lazy
    | Optimizer
    | Parser
    | FileReference
)


@dataclass(slots=True, eq=False)
class Frame:
    """The variables of one scope at run time.

    Attributes:
        module: the file.
        scope: the module, function, lambda, class or comprehension whose names these are.
        parent: the frame around it for name lookup; None for a module.
        world: the run that it belongs to.
        names: the variables assigned so far.
        receiver: the object whose method runs, and
        owner: the class that defines the method; None outside methods.
    """

    module: Module
    scope: cst.CSTNode
    parent: Frame | None
    world: World
    names: dict[str, Value] = field(default_factory=dict)
    receiver: Value | None = None
    owner: ClassValue | None = None
    depth: int = 0


# More lazy values than these give one another only in a circle.
_LONGEST_CHAIN = 64
_NEEDS_ITSELF = "its definition needs itself"


def force(value: Value) -> Value:
    """The value itself; what was put off is computed now."""
    asked = value
    for _ in range(_LONGEST_CHAIN):
        if not isinstance(value, Lazy):
            return value
        value = value.result or _computed(value)
    # Two modules that import one name from each other, for instance.
    return Unknown(_NEEDS_ITSELF, key_of(asked))


def _computed(lazy: Lazy) -> Value:
    """The value of a lazy one, which is unknown to itself while it is computed. What it raises, it raises each time."""
    lazy.result = Unknown(_NEEDS_ITSELF, lazy.key)
    try:
        lazy.result = lazy.compute()
    except BaseException:
        lazy.result = None
        raise
    return lazy.result


def is_unbound(value: Value | None) -> bool:
    """Whether a value is that of a local variable that nothing has assigned on the way: Python raises there."""
    return isinstance(value, Unknown) and value.key is not None and value.key.kind is PathKind.UNBOUND


def key_of(value: Value) -> AccessPath | None:
    """The identity of a value, where it has one."""
    if isinstance(value, (Quantity, Unknown, DictValue, Instance, Parser, Lazy)):
        return value.key
    if isinstance(value, Constant):
        return AccessPath.constant(value.value)
    if isinstance(value, External):
        return AccessPath.external(value.name)
    if isinstance(value, FileReference):
        return AccessPath.file(value.path, "named", value.anchored)
    return None


def default_of(value: Value | None) -> Value | None:
    """The value that an unknown has unless something overrides it; of a default that is unknown too, its default."""
    while isinstance(value, Unknown):
        value = value.default
    return value


def as_option(value: Value) -> Value:
    """A library's attribute read as a value: ``absl.flags.FLAGS.lr`` is an option, known by its name."""
    if not isinstance(value, External):
        return value
    return Unknown("it is set outside the project", key_of(value), value.name.rpartition(".")[2])


def arguments_key(given: Sequence[Value], named: Mapping[str, Value]) -> AccessPath | None:
    """An identity for a list of arguments; None when one of them has none."""
    return paths.arguments(map(key_of, given), ((name, key_of(value)) for name, value in named.items()))
