"""Values that a slice does not know: they pass for anything until a number is asked of them.

Then they name themselves, with the setting that would supply them. Counts such as ``total_steps`` are assumed instead,
and that is said; `lr_lint.probe.child.slices.supposed_rates` says when rates are. Nothing else is ever guessed. No
torch here.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from lr_lint.probe.slicing.roles import is_data_name
from lr_lint.project.knowledge import COPYING_METHODS, FLUENT_METHODS, MODULE_PARTS
from lr_lint.vocabulary.names import Suggestion, suggestion_of, words_of

# As many as the static side assumes at first; a loader is taken to be as long as a run.
ASSUMED_LENGTH = 100
_ASSUMED = {Suggestion.HORIZON: 100, Suggestion.WARM_UP: 10, Suggestion.PERIOD: 30}
# Words that make a count the one that a run begins with.
_BEGINNINGS = frozenset(
    {"start", "begin", "last", "current", "cur", "global", "resume", "resumed", "offset", "first", "base"}
)
_SUBSCRIPT = re.compile(r"\[['\"]?([^\]'\"]+)['\"]?\]")


class NeedsValue(Exception):
    """A value was needed that nothing supplies. The text names it, and the setting that would.

    Attributes:
        setting: the name of that setting; empty where none would do.
    """

    def __init__(self, text: str, setting: str = "") -> None:
        super().__init__(text)
        self.setting = setting


@dataclass
class Supplies:
    """What is given to one program, and what had to be said about it.

    Attributes:
        settings: values of the ``--set`` pairs, by normalised name.
        model: gives the stand-in for the model of a name.
        assumptions: which of the settings nobody made: they lead to the construction.
        rates: which of the settings nobody made: they are learning rates that are supposed.
        notes: what was assumed or replaced, each sentence once.
        scale: by how much all counts that are assumed are multiplied.
        used: names of settings that something asked for.
        assumed: names of the counts that were assumed.
        needed: what was needed and not supplied, in the order in which it was asked for.
        groups_unread: whether an optimizer was given what is not known in the place of parameters: it may hold groups,
            with rates of their own.
    """

    lr_lint_recording: ClassVar[bool] = True

    settings: dict[str, Any]
    model: Callable[[str], Any]
    assumptions: frozenset[str] = frozenset()
    rates: frozenset[str] = frozenset()
    scale: float = 1.0
    notes: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    assumed: list[str] = field(default_factory=list)
    needed: list[NeedsValue] = field(default_factory=list)
    groups_unread: bool = False

    def note(self, sentence: str) -> None:
        """Says something once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def assume(self, name: str, usual: int) -> int:
        """A count that is assumed, which is said."""
        count = max(1, round(usual * self.scale)) if usual else 0
        if name not in self.assumed:
            self.assumed.append(name)
            self.note(f"{name} taken as {count}; --set {quoted(name)}=N")
        return count

    def lacking(self, error: str) -> str:
        """The setting for want of which something went wrong; empty if it went wrong for another reason."""
        return next((needed.setting for needed in reversed(self.needed) if str(needed) in error), "")

    def has(self, name: str) -> bool:
        """Whether a setting gives the value of a name."""
        return name in self.settings

    def value(self, name: str) -> Any:
        """The value that a setting gives to a name."""
        self.used.add(name)
        if name in self.assumptions:
            self.note(f"{name} taken as {self.settings[name]!r}: the construction is only run with that")
        if name in self.rates:
            self.note(f"{name} taken as {self.settings[name]!r}, which makes no difference; --set {quoted(name)}=VALUE")
        return self.settings[name]

    def unknown(self, name: str, reason: NeedsValue | None = None, cause: str = "") -> Any:
        """The value of a name that the slice does not know: a setting's if there is one."""
        return self.value(name) if self.has(name) else Placeholder(self, name, reason, cause)


def parse_settings(pairs: dict[str, str]) -> dict[str, Any]:
    """The values of ``--set`` pairs: Python literals where they are ones, else text."""
    return {normalised(name): _parsed(text) for name, text in pairs.items()}


def normalised(name: str) -> str:
    """A name with its subscripts written as attributes: ``cfg["lr"]`` is ``cfg.lr``."""
    return _SUBSCRIPT.sub(r".\1", name.replace(" ", ""))


def _parsed(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return {"true": True, "false": False, "none": None, "null": None}.get(text.lower(), text)


def assumed_count(name: str) -> int | None:
    """The count that is assumed for a name; None for a name that speaks of no count."""
    last = name.rpartition(".")[2]
    if last.endswith(("()", "]")):
        return None
    suggestion = suggestion_of(last)
    if suggestion is Suggestion.HORIZON and _BEGINNINGS & set(words_of(last)):
        return 0
    return _ASSUMED.get(suggestion)


class Placeholder:
    """A value that the slice does not know.

    Args:
        supplies: what is given to the program.
        name: how the code gets to the value.
        reason: what is to be said when it is needed, where that is not its own name and the setting for it.
        cause: why it is not known.
        passed: what the call was given that it came from.
    """

    def __init__(
        self,
        supplies: Supplies,
        name: str,
        reason: NeedsValue | None = None,
        cause: str = "",
        passed: tuple[Any, ...] = (),
    ) -> None:
        values = {"_supplies": supplies, "_name": name, "_reason": reason, "_cause": cause, "_passed": passed}
        object.__setattr__(self, "_held", {})
        for key, value in values.items():
            object.__setattr__(self, key, value)

    def _need(self) -> NeedsValue:
        needed = self._needed()
        self._supplies.needed.append(needed)
        return needed

    def _needed(self) -> NeedsValue:
        if self._reason is not None:
            return NeedsValue(str(self._reason), self._reason.setting)
        cause = f" ({self._cause})" if self._cause else ""
        if self._name.endswith("()"):
            return NeedsValue(f"{self._name} is not known{cause}: probe the script with --run")
        return NeedsValue(f"{self._name} is not known{cause}: --set {quoted(self._name)}=VALUE", self._name)

    def _number(self) -> Any:
        count = assumed_count(self._name)
        if count is None:
            raise self._need()
        return self._supplies.assume(self._name, count)

    def _part(self, name: str) -> Any:
        if name in self._held:
            return self._held[name]
        full = normalised(f"{self._name}{name}" if name.startswith("[") else f"{self._name}.{name}")
        if self._supplies.has(full):
            return self._supplies.value(full)
        part = self._held[name] = self._of_part(full)
        return part

    def _of_part(self, name: str) -> Placeholder:
        cls = Data if is_data_name(name.rpartition(".")[2]) else Placeholder
        return cls(self._supplies, name, self._reason, self._cause)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in MODULE_PARTS:
            return getattr(self._supplies.model(self._name), name)
        if name in FLUENT_METHODS | COPYING_METHODS:
            return lambda *arguments, **keywords: self
        return self._part(name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._held[name] = value

    def __getitem__(self, key: Any) -> Any:
        return self._part(key if isinstance(key, str) else f"[{key!r}]")

    def __setitem__(self, key: Any, value: Any) -> None:
        self._held[key if isinstance(key, str) else f"[{key!r}]"] = value

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """What the call would give; not known either."""
        return self._supplies.unknown(f"{self._name}()", self._reason, self._cause)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *error: object) -> None:
        """An exception inside goes on."""

    def __bool__(self) -> bool:
        raise self._need()

    def __len__(self) -> int:
        length = f"len({self._name})"
        if self._supplies.has(length):
            return int(self._supplies.value(length))
        raise NeedsValue(f"{length} is not known: --set {quoted(length)}=N")

    def __iter__(self) -> Iterator[Any]:
        raise self._need()

    def __contains__(self, item: object) -> bool:
        raise self._need()

    def __eq__(self, other: object) -> bool:
        return self is other or bool(self._number() == _plain(other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return id(self)

    def __float__(self) -> float:
        return float(self._number())

    def __int__(self) -> int:
        return int(self._number())

    def __index__(self) -> int:
        return operator.index(self._number())

    def __round__(self, digits: int | None = None) -> Any:
        return round(self._number(), digits)

    def __repr__(self) -> str:
        return f"<{self._name}>"

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[Any, ...]:
        return ()

    def __instancecheck__(self, instance: object) -> bool:
        return False

    def __subclasscheck__(self, cls: object) -> bool:
        return False


def _plain(value: Any) -> Any:
    return value._number() if isinstance(value, Placeholder) else value


def _binary(compute: Callable[[Any, Any], Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    def forward(self: Placeholder, other: Any, *rest: Any) -> Any:
        return compute(self._number(), _plain(other))

    def backward(self: Placeholder, other: Any, *rest: Any) -> Any:
        return compute(_plain(other), self._number())

    return forward, backward


def _unary(compute: Callable[[Any], Any]) -> Callable[[Placeholder], Any]:
    return lambda self: compute(self._number())


for _name in "add sub mul truediv floordiv mod pow matmul lshift rshift and or xor".split():
    _forward, _backward = _binary(getattr(operator, f"__{_name}__"))
    setattr(Placeholder, f"__{_name}__", _forward)
    setattr(Placeholder, f"__r{_name}__", _backward)
for _name in "lt le gt ge".split():
    setattr(Placeholder, f"__{_name}__", _binary(getattr(operator, _name))[0])
for _name in "neg pos abs invert".split():
    setattr(Placeholder, f"__{_name}__", _unary(getattr(operator, _name)))


class Data(Placeholder):
    """A dataset or a loader: its length is assumed, its contents are never asked for."""

    def __len__(self) -> int:
        length = f"len({self._name})"
        if self._supplies.has(length):
            return int(self._supplies.value(length))
        return int(self._supplies.assume(length, ASSUMED_LENGTH))


def quoted(name: str) -> str:
    """A name as it has to be written on a command line."""
    return f"'{name}'" if re.search(r"[^\w.]", name) else name
