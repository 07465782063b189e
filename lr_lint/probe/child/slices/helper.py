"""What the programs of slices call: the one name that `lr_lint.probe.slicing.emission` writes into them."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from types import FrameType
from typing import Any

import torch
from torch import nn, optim

from lr_lint.probe.child.slices.missing import imported
from lr_lint.probe.child.slices.own_methods import OwnMethods
from lr_lint.probe.child.slices.stand_ins import StandInModel
from lr_lint.probe.child.slices.unknowns import Data, NeedsValue, Placeholder, Supplies, assumed_count, quoted
from lr_lint.probe.measuring.within import scheduler_in
from lr_lint.probe.slicing.protocol import line_of, wanted_optimizer
from lr_lint.probe.slicing.roles import is_data_name, is_model_name
from lr_lint.project.knowledge import MODULE_PARTS


class Reached(BaseException):
    """The scheduler was constructed. No handler of the user's code is meant to catch it."""


class ConstructionFailed(BaseException):
    """The construction raised, for a reason of its own: the exception is the cause."""


class Helper:
    """One program's way back to the probe.

    Attributes:
        failures: what a statement off the way may raise without ending the slice.
        constructed: the scheduler, once it is there.
        optimizer: the optimizer that the construction was given.
        training: the steps of the training, where the code tells.
        off_default: whether the code would not have gone to the construction by itself.
        wanted_assumptions: values of names with which the code would go to the construction by itself.
        decisions: the conditions that were decided before the construction, by the line of each.
        Receiver: a base for the classes whose instances are made up.
    """

    failures = (Exception, SystemExit)

    def __init__(self, supplies: Supplies, program: Mapping[str, Any]) -> None:
        self._supplies = supplies
        self._position, self._keyword = program["optimizer"]
        self._package: str = program["package"]
        self._base_call: bool = program["base_call"]
        self._bounds: list[list[str]] = program["training"]
        self._schedule: list[Any] | None = program["schedule"]
        self.wanted_assumptions: dict[str, Any] = {}
        self.off_default = False
        self.constructed: Any = None
        self.optimizer: Any = None
        self.training: int | None = None
        self.decisions: list[tuple[int, bool]] = []
        self._lines: list[int] = program["lines"]
        self._cells: list[list[int]] = program["cells"]
        self._is_deciding = True
        self._made: optim.Optimizer | None = None
        self.Receiver = _receiver(supplies)

    # What is not run.

    def model(self, name: str, cls: Callable[[], Any] | None = None, *given: Any, **named: Any) -> Any:
        """The stand-in for a model; methods that its own class defines are run, on an instance that was not built.

        Args:
            name: how the code calls it.
            cls: gives its class, where more than its parameters is asked for.
            given: give the arguments that the code makes it with.
            named: likewise, by keyword.
        """
        if self._supplies.has(name):
            return self._supplies.value(name)
        stand_in = self._supplies.model(name)
        if cls is not None:
            stand_in.__dict__["lr_lint_own"] = OwnMethods(self._supplies, name, cls, given, named)
        return stand_in

    def data(self, name: str) -> Any:
        """The stand-in for a dataset or a loader."""
        return self._supplies.value(name) if self._supplies.has(name) else Data(self._supplies, name)

    def value(self, name: str) -> Any:
        """A name that nothing in the file binds."""
        return self._supplies.unknown(name, cause="nothing in the file binds it")

    def withheld(self, names: str | tuple[str, ...], callee: str) -> Any:
        """What a call would have given that loads data or builds a model."""
        if isinstance(names, str):
            return self._stand_in(names, callee)
        return tuple(self._stand_in(name, callee) for name in names)

    def _stand_in(self, name: str, callee: str) -> Any:
        if self._supplies.has(name):
            return self._supplies.value(name)
        if is_data_name(name) or is_data_name(callee):
            return Data(self._supplies, name)
        if is_model_name(name):
            return self._supplies.model(name)
        return Placeholder(self._supplies, name)

    def unpack(self, value: Any, *names: str) -> Any:
        """The parts of a value; of one that is not known, under the names that they are assigned to."""
        if not isinstance(value, Placeholder):
            return value
        optimizers = [part for part in value._passed if isinstance(part, optim.Optimizer)]
        if optimizers and len(value._passed) >= len(names):
            return value._passed[: len(names)]
        return tuple(self._stand_in(name, "") for name in names)

    def named(self, name: str, value: Any) -> Any:
        """A value that a call gave; one that is not known goes by the name that it is assigned to."""
        if isinstance(value, Placeholder) and value._name.endswith("()") and not value._passed:
            return self._supplies.unknown(name, value._reason, value._cause or f"it comes from {value._name}")
        return value

    def lost(self, error: BaseException, line: int, *names: str) -> list[Any]:
        """What is left of the names that a failing statement would have bound."""
        return [self._lost(error, line, name) for name in names]

    def spoil(self, error: BaseException, line: int, owner: Any, attribute: str, name: str) -> None:
        """Marks the attribute that a failing statement would have set."""
        if isinstance(owner, self.Receiver) and attribute in vars(owner):
            return  # set before the method failed
        with suppress(Exception):
            setattr(owner, attribute, self._lost(error, line, name))

    def _lost(self, error: BaseException, line: int, name: str) -> Any:
        if isinstance(error, NeedsValue):
            return self._supplies.unknown(name, error)
        text = f"{type(error).__name__}: {error}".rstrip(": ")
        return self._supplies.unknown(name, cause=f"{line_of(line, self._cells)}: {text}")

    def hyperparameters(self, **given: Callable[[], Any]) -> dict[str, Any]:
        """What an optimizer is given beside its rate, without what is not known: the rates do not depend on it."""
        known: dict[str, Any] = {}
        for name, thunk in given.items():
            value = thunk()
            parts = value if isinstance(value, (tuple, list)) else [value]
            if any(isinstance(part, Placeholder) for part in parts):
                self._supplies.note(f"the optimizer's {name} is not known: its default is taken")
            else:
                known[name] = value
        if "momentum" in given and "momentum" not in known:
            known.pop("nesterov", None)
        return known

    # What is supplied.

    def parameter(self, name: str, function: str, kind: str, default: Callable[[], Any] | None = None) -> Any:
        """The argument for a parameter of a function that the slice enters by itself."""
        supplies = self._supplies
        if supplies.has(name):
            return supplies.value(name)
        if kind == "optimizer":
            wanted = NeedsValue(wanted_optimizer(name, function))
            return self._supplied_optimizer(name) or Placeholder(supplies, name, wanted)
        if default is not None:
            return default()
        return self._stand_in(name, "")

    def _supplied_optimizer(self, name: str) -> optim.Optimizer | None:
        for setting in (f"{name}.lr", "optimizer.lr"):
            if self._supplies.has(setting):
                lr = self._supplies.value(setting)
                self._supplies.note(f"the optimizer is torch.optim.SGD with lr={lr}, as --set says")
                self._made = optim.SGD(self._supplies.model("model").fc.parameters(), lr=lr)
                return self._made
        return None

    def _give_groups(self, given: list[Any], keywords: dict[str, Any]) -> None:
        """Gives the optimizer that was made here a group for each callable of a list, which stands for one each."""
        lists = [each for each in (*given, *keywords.values()) if isinstance(each, (list, tuple))]
        wanted = max((len(each) for each in lists if all(map(callable, each))), default=0)
        if self._made is None or wanted <= len(self._made.param_groups):
            return
        self._supplies.note(f"it has {wanted} param groups, one for each callable")
        (like, *_) = self._made.param_groups[0]["params"]
        while len(self._made.param_groups) < wanted:
            self._made.add_param_group({"params": [nn.Parameter(torch.zeros_like(like))]})

    def instance(self, cls: type) -> Any:
        """An instance whose constructor has not run; abstract methods are no hindrance."""
        made = type(cls.__name__, (cls,), {"__module__": cls.__module__})
        made.__abstractmethods__ = frozenset()  # type: ignore[attr-defined]
        return object.__new__(made)

    def hparams(self, variables: dict[str, Any], *selected: Any) -> Any:
        """What ``save_hyperparameters`` of Lightning keeps: all arguments, those named, or the contents of the one."""
        names = [name for name in selected if isinstance(name, str)]
        kept = {name: value for name, value in variables.items() if name != "self" and not name.startswith("__")}
        if names:
            kept = {name: kept[name] for name in names if name in kept}
        for item in selected:
            if isinstance(item, Mapping):
                kept = dict(item)
            elif isinstance(item, Placeholder):
                return item
            elif not isinstance(item, str):
                kept = dict(vars(item))
        return Hyperparameters(self._supplies, kept)

    def bound(self, name: str, value: Any) -> Any:
        """A value that was just bound, with the settings for it and for its parts."""
        supplies = self._supplies
        if supplies.has(name):
            return supplies.value(name)
        for setting in list(supplies.settings):
            if setting.startswith(f"{name}.") and not isinstance(value, Placeholder):
                with suppress(Exception):
                    _set_part(value, setting[len(name) + 1 :].split("."), supplies.settings[setting])
                    supplies.value(setting)
        return value

    # The way.

    def check(self, test: Callable[[], Any], expected: bool, line: int, text: str, assumptions: dict[str, Any]) -> None:
        """Notes where the code would not have gone to the construction by itself, and what would make it go there."""
        try:
            held = bool(test())
            if held == expected:
                return
            found = f"is {held} here"
        except NeedsValue:
            found = "is not known"
        except Exception:
            return
        self._supplies.note(f"{line_of(line, self._cells)}: `{text}` {found}; the construction was run all the same")
        self.wanted_assumptions.update(assumptions)
        self.off_default = True

    def items(self, iterable: Callable[[], Any], text: str) -> Iterator[Any]:
        """The items of a loop that leads to the construction; at least one."""
        empty = True
        try:
            for item in iterable():
                empty = False
                yield item
        except NeedsValue:
            pass
        if empty:
            yield Placeholder(self._supplies, f"an item of {text}")

    def decided(self, line: int, condition: Any) -> bool:
        """A condition, and note of it, as long as it may decide on what is constructed.

        Args:
            line: where it stands in the program.
            condition: what is tested.
        """
        holds = bool(condition)
        if self._is_deciding:
            self.decisions.append((self._lines[line - 1], holds))
        return holds

    def construct(self, callee: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
        """Constructs the scheduler, and ends the slice."""
        given = list(arguments)
        self._is_deciding = False
        if self._schedule is not None:
            self.constructed = self._handed_over(given, keywords, *self._schedule)
            raise Reached
        optimizer = self._given_optimizer(given, keywords)
        self.optimizer = optimizer
        self._give_groups(given, keywords)
        try:
            made = self._called(callee, given, keywords)
        except NeedsValue:
            raise
        except Exception as error:
            raise ConstructionFailed from error
        if not self._base_call:
            if isinstance(callee, Placeholder):
                raise NeedsValue(f"{callee._name} is of a package that is not installed: install it")
            self.constructed = scheduler_in(made)
            self.training = self._training(sys._getframe(1))
            raise Reached
        receiver = getattr(callee, "__self__", None)
        self.constructed = receiver if receiver is not None else arguments[0]
        return made

    def _handed_over(self, given: list[Any], keywords: dict[str, Any], position: int, keyword: str) -> Any:
        """The callable that is given to what asks it epoch by epoch, which is not made."""
        found = keywords.get(keyword, given[position] if len(given) > position else None)
        if isinstance(found, Placeholder):
            raise found._need()
        if not callable(found):
            raise ConstructionFailed from TypeError(f"{type(found).__name__} object is not callable")
        return found

    def _training(self, frame: FrameType) -> int | None:
        """How many steps the loops make whose bounds can be read where the scheduler is made; None where one cannot."""
        steps = 1
        for bound in self._bounds:
            values = []
            for code in bound:
                try:
                    values.append(eval(code, frame.f_globals, frame.f_locals))
                except Exception:  # code of the user's, at another place than its own
                    return None
            begin, end = values
            if not isinstance(begin, int) or not isinstance(end, int) or end <= begin:
                return None
            steps *= end - begin
        return steps if self._bounds else None

    def _given_optimizer(self, given: list[Any], keywords: dict[str, Any]) -> Any:
        if self._keyword in keywords:
            value = keywords[self._keyword] = self._real_optimizer(keywords[self._keyword])
        elif len(given) > self._position:
            value = given[self._position] = self._real_optimizer(given[self._position])
        else:
            return None
        return value

    def _real_optimizer(self, value: Any) -> Any:
        if isinstance(value, StandInModel):
            # Its name spoke for a model; what a scheduler is given is none.
            value = Placeholder(self._supplies, value.lr_lint_name, cause="a slice does not run what makes it")
        if not isinstance(value, Placeholder):
            return value
        found = self._supplied_optimizer(value._name)
        if found is None and not value._reason:
            cause = f" ({value._cause})" if value._cause else ""
            raise NeedsValue(f"{value._name} is not known{cause}: --set {quoted(value._name + '.lr')}=0.1")
        return found or _raise(value)

    def _called(self, callee: Callable[..., Any], given: list[Any], keywords: dict[str, Any]) -> Any:
        # Some schedulers ask whether a count is a plain number.
        given, keywords = [*map(_as_count, given)], {name: _as_count(value) for name, value in keywords.items()}
        try:
            return callee(*given, **keywords)
        except KeyError as error:
            # A run that goes on from a checkpoint has its groups from there.
            if "initial_lr" not in str(error) or not self._supplies.assumed or "last_epoch" not in keywords:
                raise
            self._supplies.note(f"last_epoch={keywords['last_epoch']} was left out: probed from the start")
            return callee(*given, **{name: value for name, value in keywords.items() if name != "last_epoch"})
        except TypeError as error:
            # Removed in torch 2.7; it only printed.
            if "verbose" in keywords and "verbose" in str(error):
                self._supplies.note("the argument verbose was left out: this torch no longer takes it")
                return callee(*given, **{name: value for name, value in keywords.items() if name != "verbose"})
            raise

    # Imports.

    def import_module(self, name: str, named: bool, replace: bool) -> Any:
        """``import name as x`` (named), or what ``import name`` binds: the topmost package."""

        def what() -> Any:
            module = importlib.import_module(name)
            return module if named else importlib.import_module(name.partition(".")[0])

        return self._imported(what, replace)

    def import_from(self, module: str, level: int, name: str, replace: bool) -> Any:
        """``from module import name``."""

        def what() -> Any:
            found = self._import(module, level, name)
            if not hasattr(found, name):
                raise ImportError(f"cannot import name '{name}' from '{found.__name__}'")
            return getattr(found, name)

        return self._imported(what, replace)

    def import_star(self, module: str, level: int, variables: dict[str, Any]) -> None:
        """``from module import *``."""

        def what() -> None:
            found = self._import(module, level, "*")
            names = getattr(found, "__all__", None) or [name for name in vars(found) if not name.startswith("_")]
            variables.update({name: getattr(found, name) for name in names})

        self._imported(what, True)

    def _import(self, module: str, level: int, name: str) -> Any:
        scope = {"__package__": self._package or None, "__name__": "__main__"}
        return __import__(module, scope, None, [name], level)

    def _imported(self, what: Callable[[], Any], replace: bool) -> Any:
        found = imported(what, self._supplies) if replace else what()
        flags = sys.modules.get("absl.flags")
        if flags is not None:
            flags.FLAGS.mark_as_parsed()  # `app.run`, which a slice does not reach, would parse them
        return found


def _as_count(value: Any) -> Any:
    """The count that is assumed for a value that is not known, if it is one."""
    is_count = isinstance(value, Placeholder) and assumed_count(value._name) is not None
    return value._number() if is_count else value


def _raise(value: Placeholder) -> Any:
    raise value._need()


class Hyperparameters(dict[str, Any]):
    """Settings that can be read as attributes too; a missing one is named."""

    def __init__(self, supplies: Supplies, values: dict[str, Any]) -> None:
        super().__init__(values)
        object.__setattr__(self, "_supplies", supplies)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __missing__(self, name: str) -> Any:
        return self._supplies.unknown(f"self.hparams.{name}")


def _set_part(value: Any, path: list[str], given: Any) -> None:
    for part in path[:-1]:
        value = value[part] if isinstance(value, Mapping) else getattr(value, part)
    if isinstance(value, (Mapping, dict)):
        value[path[-1]] = given  # type: ignore[index]
    else:
        setattr(value, path[-1], given)


def _receiver(supplies: Supplies) -> type:
    """The base of made-up instances: what they lack is not known, and they can pass for models."""

    class Receiver:
        def __init__(self, *arguments: Any, **keywords: Any) -> None:
            # Comes before the real bases: what they set is taken along, what they lack is not known.
            with suppress(Exception):
                super().__init__(*arguments, **keywords)

        def __getattr__(self, name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)
            held = vars(self).get("_modules") or {}
            return held[name] if name in held else _unknown_attribute(supplies, name)

        def __setattr__(self, name: str, value: Any) -> None:
            object.__setattr__(self, name, value)

    for part in MODULE_PARTS:
        setattr(Receiver, part, _part_of_self(supplies, part))
    return Receiver


def _unknown_attribute(supplies: Supplies, name: str) -> Any:
    full = f"self.{name}"
    if supplies.has(full):
        return supplies.value(full)
    if is_data_name(name):
        return Data(supplies, full)
    return supplies.model(full) if is_model_name(name) else Placeholder(supplies, full)


def _part_of_self(supplies: Supplies, part: str) -> Callable[..., Any]:
    def give(self: Any, *arguments: Any, **keywords: Any) -> Any:
        return getattr(supplies.model("self"), part)(*arguments, **keywords)

    return give
