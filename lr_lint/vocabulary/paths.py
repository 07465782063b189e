"""Access paths: the identities of values. Two values with one path are the same value, whatever it is.

The grammar::

    path      = root | part | operation | call | condition
    root      = time | state | current | any group                      of the run itself
              | node(place)                                             made at a place of the code, known only there
              | literal(place) | number(n) | constant(c) | default(of)  written in the code, or by a library
              | variable(module, name) | unbound(scope, name) | undefined(name) | parameter(scope, name)
              | receiver(class) | external(dotted) | import(file, package, name)
              | file(path) | flag(name) | options(place)
    part      = path . attribute | path [ item ] | overridable(path, default)
    operation = symbol(path, ...)                                       computed, by its structure
    call      = call(place, arguments) | object(place, arguments)       what a call gave for these arguments
    condition = truth(path) | compare(symbol, path, path) | case(...)   what a world decides on

A place is a syntax node, so that equal text elsewhere is another value. Paths are interned: each is made once, and
equality is identity, however large they are. One of more than `LARGEST` parts is not made at all, since programs build
such paths turn by turn in loops; a value without a path equals no other.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Hashable, Iterable
from weakref import WeakValueDictionary

# How many parts a path may have; those that are shared count each time.
LARGEST = 60
# The operation that gives how many items something has.
LENGTH = "len"


class PathKind(enum.Enum):
    """What a path is, with its parts."""

    TIME = "the time index"
    STATE = "the state of a trainer"
    CURRENT_RATE = "the lr that a scheduler passes to its callable"
    GROUP_RATE = "the lr of whatever group"
    NODE = "made at a place: node, more"
    LITERAL = "a literal: node"
    NUMBER = "a number: itself"
    CONSTANT = "a constant: itself"
    DEFAULT_RATE = "the lr of an optimizer that is given none: name of its class"
    VARIABLE = "a variable of a module: path of the file, name"
    UNBOUND = "a local variable that nothing has assigned on the way: scope, name"
    UNDEFINED = "a name that nothing defines: path of the file, name"
    PARAMETER = "a parameter: scope, name"
    RECEIVER = "the object whose method runs: class"
    EXTERNAL = "of a library: dotted name"
    IMPORT = "an imported name: path of the file, package, name"
    FILE = "a file: path, more"
    FLAG = "a flag of the command line: name"
    OPTIONS = "options, or one of them: place"
    OVERRIDABLE = "an entry that may be overridden: path of the entry, path or number of its default"
    ATTRIBUTE = "an attribute: whole, name"
    ITEM = "an item: whole, index"
    OPERATION = "computed: symbol, operands"
    ARGUMENTS = "paths and names of arguments"
    CALL = "what a call gave: place, arguments"
    OBJECT = "what a call made: place, arguments"
    TRUTH = "whether it is true: path"
    COMPARISON = "whether it holds: symbol, left, right"
    CASE = "a choice that a world makes: what is chosen from"


# What is the same wherever it stands: two of them being equal says nothing about where they come from.
NAMELESS = frozenset({PathKind.NUMBER, PathKind.CONSTANT})
# Numbers and constants that are written, those among them that are told by their place.
WRITTEN = NAMELESS | {PathKind.LITERAL}


class AccessPath:
    """The identity of a value: see the grammar above. Made by the named constructors only.

    Attributes:
        kind: which production of the grammar.
        parts: what it consists of: paths, names, numbers, places.
        size: how many parts it has in all.
    """

    __slots__ = ("__weakref__", "kind", "parts", "size")

    kind: PathKind
    parts: tuple[Hashable, ...]
    size: int

    def __repr__(self) -> str:
        return f"{self.kind.name.lower()}({', '.join(map(repr, self.parts))})"

    # The roots.

    @staticmethod
    def node(place: Hashable, *more: Hashable) -> AccessPath:
        """What one place of the code makes, told apart by more where it makes several things."""
        return _root(PathKind.NODE, place, *more)

    @staticmethod
    def literal(place: Hashable) -> AccessPath:
        """A number that stands at a place."""
        return _root(PathKind.LITERAL, place)

    @staticmethod
    def number(number: complex | None) -> AccessPath:
        """A number, wherever it comes from."""
        return _root(PathKind.NUMBER, number)

    @staticmethod
    def constant(value: Hashable) -> AccessPath:
        """A string, bytes, a number that something is compared with, ``None``."""
        return _root(PathKind.CONSTANT, value)

    @staticmethod
    def default_rate(optimizer: str) -> AccessPath:
        """The lr with which a library's optimizer starts unless it is given one."""
        return _root(PathKind.DEFAULT_RATE, optimizer)

    @staticmethod
    def variable(file: str, name: str) -> AccessPath:
        """A variable of a module."""
        return _root(PathKind.VARIABLE, file, name)

    @staticmethod
    def unbound(scope: Hashable, name: str) -> AccessPath:
        """A local variable on a way that does not assign it."""
        return _root(PathKind.UNBOUND, scope, name)

    @staticmethod
    def undefined(file: str, name: str) -> AccessPath:
        """A name that is neither defined nor imported."""
        return _root(PathKind.UNDEFINED, file, name)

    @staticmethod
    def parameter(scope: Hashable, name: str) -> AccessPath:
        """A parameter of a function whose callers are not known."""
        return _root(PathKind.PARAMETER, scope, name)

    @staticmethod
    def receiver(cls: Hashable) -> AccessPath:
        """``self`` in the methods of a class, where nobody knows how the object was made."""
        return _root(PathKind.RECEIVER, cls)

    @staticmethod
    def external(dotted: str) -> AccessPath:
        """Something of a library, by its dotted name."""
        return _root(PathKind.EXTERNAL, dotted)

    @staticmethod
    def imported(file: str, package: str, name: str) -> AccessPath:
        """A name that a file imports, not looked for yet."""
        return _root(PathKind.IMPORT, file, package, name)

    @staticmethod
    def file(path: str, *more: Hashable) -> AccessPath:
        """A file, or what it holds."""
        return _root(PathKind.FILE, path, *more)

    @staticmethod
    def flag(name: str) -> AccessPath:
        """A flag of the command line, one for the whole program."""
        return _root(PathKind.FLAG, name)

    @staticmethod
    def options(place: Hashable, *more: Hashable) -> AccessPath:
        """The options that a parser, a namespace or a class made at a place holds."""
        return _root(PathKind.OPTIONS, place, *more)

    @property
    def whole(self) -> AccessPath | None:
        """What this is a part of; None for what is no part."""
        whole = self.parts[0] if self.kind in _PARTS else None
        return whole if isinstance(whole, AccessPath) else None

    @property
    def last(self) -> Hashable:
        """The last of the parts: of an attribute its name, of an item its index."""
        return self.parts[-1] if self.parts else None


_PARTS = frozenset({PathKind.ATTRIBUTE, PathKind.ITEM})
# What only a user or a run decides, or a part of the project that is not read.
_LEFT_OPEN = frozenset(
    {
        PathKind.STATE,
        PathKind.CURRENT_RATE,
        PathKind.GROUP_RATE,
        PathKind.DEFAULT_RATE,
        PathKind.UNDEFINED,
        PathKind.PARAMETER,
        PathKind.RECEIVER,
        PathKind.IMPORT,
        PathKind.FILE,
        PathKind.FLAG,
        PathKind.OPTIONS,
        PathKind.OVERRIDABLE,
    }
)
# Choices by which the machine finds its way to the construction.
_CALLER, _DERIVED = "caller", "class of an object"
_OF_OTHERS = frozenset({_CALLER, _DERIVED})
_WAYS = _OF_OTHERS | {"import"}
_interned: WeakValueDictionary[tuple[PathKind, tuple[Hashable, ...]], AccessPath] = WeakValueDictionary()


def _made(kind: PathKind, parts: tuple[Hashable, ...], largest: int = LARGEST) -> AccessPath | None:
    """The one path of a kind and parts; None where it would be too large."""
    known = _interned.get((kind, parts))
    if known is not None:
        return known
    size = 1 + sum(part.size if isinstance(part, AccessPath) else 0 for part in parts)
    if size > largest:
        return None
    path = AccessPath()
    path.kind, path.parts, path.size = kind, parts, size
    _interned[kind, parts] = path
    return path


def _root(kind: PathKind, *parts: Hashable) -> AccessPath:
    """A path that no limit forbids."""
    path = _made(kind, parts)
    if path is None:
        raise ValueError("a root has no paths in it")
    return path


TIME = _root(PathKind.TIME)
STATE = _root(PathKind.STATE)
CURRENT_RATE = _root(PathKind.CURRENT_RATE)
GROUP_RATE = _root(PathKind.GROUP_RATE)


# The parts of a value, and what is made from several. What has no path gives none.


def attribute(whole: AccessPath | None, name: str) -> AccessPath | None:
    """``whole.name``."""
    return None if whole is None else _made(PathKind.ATTRIBUTE, (whole, name))


def item(whole: AccessPath | None, at: Hashable) -> AccessPath | None:
    """``whole[at]``."""
    return None if whole is None else _made(PathKind.ITEM, (whole, at))


def entry(whole: AccessPath | None, at: Hashable) -> AccessPath | None:
    """The entry of a dict or namespace: the same whether code reads it as an item or as an attribute."""
    return attribute(whole, at) if isinstance(at, str) else item(whole, at)


def overridable(place: AccessPath | None, default: Hashable) -> AccessPath | None:
    """An entry that holds a value by default: what a helper does to several dicts, it does at one place."""
    return None if place is None else _made(PathKind.OVERRIDABLE, (place, default))


def operation(symbol: str, *operands: AccessPath | None) -> AccessPath | None:
    """What an operation gives for these operands."""
    return None if None in operands else _made(PathKind.OPERATION, (symbol, *operands))


def rewritten(path: AccessPath | None, other: Callable[[AccessPath], AccessPath | None]) -> AccessPath | None:
    """A computed value with other operands where others are known for them; any other path by itself.

    Args:
        path: the path.
        other: gives what stands for a path; None where that stays what it is.
    """
    if path is None or path.kind is not PathKind.OPERATION:
        return path if path is None else other(path) or path
    symbol, *operands = path.parts
    parts = [rewritten(each, other) for each in operands if isinstance(each, AccessPath)]
    return operation(str(symbol), *parts) if len(parts) == len(operands) else path


def arguments(
    positional: Iterable[AccessPath | None], named: Iterable[tuple[str, AccessPath | None]]
) -> AccessPath | None:
    """The arguments of a call, those by keyword in the order of the alphabet."""
    parts: list[Hashable] = list(positional)
    for name, path in sorted(named, key=lambda each: each[0]):
        parts += (name, path)
    return None if None in parts else _made(PathKind.ARGUMENTS, tuple(parts))


def call(place: Hashable, given: AccessPath | None) -> AccessPath | None:
    """What the call at a place gives for these arguments."""
    return None if given is None else _made(PathKind.CALL, (place, given))


def made_object(place: Hashable, given: AccessPath | None) -> AccessPath:
    """The object that a call at a place makes from these arguments; one without them is known by its place alone."""
    return _made(PathKind.OBJECT, (place, given)) or _root(PathKind.OBJECT, place)


# What a world decides on.


def truth(of: AccessPath) -> AccessPath:
    """Whether a value is true."""
    return _condition(PathKind.TRUTH, of)


def comparison(symbol: str, left: AccessPath, right: AccessPath) -> AccessPath:
    """Whether a comparison holds."""
    return _condition(PathKind.COMPARISON, symbol, left, right)


def case(what: str, *among: Hashable) -> AccessPath:
    """Any other choice: which caller calls a function, whether a handler takes an exception, a pattern a value."""
    return _condition(PathKind.CASE, what, *among)


def caller(call: Hashable) -> AccessPath:
    """Whether it is this call that calls a function, of several that do."""
    return case(_CALLER, call)


def derived(cls: Hashable) -> AccessPath:
    """Whether it is this class that an object is of, of several that derive from one."""
    return case(_DERIVED, cls)


def makes_another(path: AccessPath) -> bool:
    """Whether a path is the choice of a caller or of the class of an object: another one does not change this one."""
    return path.kind is PathKind.CASE and path.parts[0] in _OF_OTHERS


def is_left_open(path: AccessPath) -> bool:
    """Whether somebody or something outside the code that is read has a say in what a path stands for.

    Where nobody has, the code itself decides, in a way that is not followed.
    """
    if path.kind in _LEFT_OPEN or (path.kind is PathKind.CASE and path.parts[0] in _WAYS):
        return True
    return any(is_left_open(part) for part in path.parts if isinstance(part, AccessPath))


def _condition(kind: PathKind, *parts: Hashable) -> AccessPath:
    """A condition on values that have paths is never too large: theirs are not."""
    path = _made(kind, parts, 3 * LARGEST)
    if path is None:
        raise ValueError("a condition has two paths in it at most")
    return path
