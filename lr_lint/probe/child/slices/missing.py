"""Packages that are not installed: importing them gives something that passes for anything.

Only what an import has failed for is replaced, so that ``try: import apex`` keeps its fallback elsewhere.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import re
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any

from lr_lint.probe.child.slices.unknowns import Placeholder, Supplies

_MOST_ATTEMPTS = 25
_NO_NAME = re.compile(r"cannot import name '([^']+)' from (?:partially initialized module )?'([^']+)'")
_NO_ATTRIBUTE = re.compile(r"module '([^']+)' has no attribute '([^']+)'")


class Missing(Placeholder):
    """A name of a package that is not installed. Modules outlive programs, so it speaks for the one that runs."""

    @property
    def _supplies(self) -> Supplies:
        return _current[0]

    @_supplies.setter
    def _supplies(self, _: Supplies) -> None:
        """Those of the program that has met it first are nobody's any more when another one runs."""

    @property
    def _held(self) -> dict[str, Any]:
        """Its parts, as far as the program that runs has asked for them or set them."""
        kept = self.__dict__.get("_kept")
        if kept is None or kept[0] is not _current[0]:
            kept = self.__dict__["_kept"] = (_current[0], {})
        held: dict[str, Any] = kept[1]
        return held

    @_held.setter
    def _held(self, _: dict[str, Any]) -> None:
        """Begins empty with each program."""

    def _of_part(self, name: str) -> Placeholder:
        return Missing(self._supplies, name, self._reason, self._cause)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """What the call would give: an optimizer where it looks like one, else nothing that is known."""
        if len(arguments) == 1 and not keywords and isinstance(arguments[0], (type, types.FunctionType)):
            return arguments[0]  # a decorator
        optimizer = _as_optimizer(self, arguments, keywords)
        if optimizer is not None:
            return optimizer
        passed = (*arguments, *keywords.values())
        return Placeholder(self._supplies, f"{self._name}()", self._reason, self._cause, passed)

    # As in ``colorama.Fore.GREEN + text``.
    def __add__(self, other: Any) -> Any:
        return other if isinstance(other, str) else self._number() + other

    def __radd__(self, other: Any) -> Any:
        return other if isinstance(other, str) else other + self._number()

    # As in the annotation ``package.Thing | None``.
    def __or__(self, other: Any) -> Any:
        return self

    __ror__ = __or__


def _as_optimizer(missing: Missing, arguments: Sequence[Any], keywords: dict[str, Any]) -> Any:
    """SGD in the place of an optimizer that is not installed; the wrapped one for what wraps an optimizer."""
    from torch import optim

    wrapped = [value for value in (*arguments, *keywords.values()) if isinstance(value, optim.Optimizer)]
    if len(wrapped) == 1 and len(arguments) + len(keywords) < 4:
        missing._supplies.note(f"{missing._name} is not installed: the optimizer that it wraps is taken")
        return wrapped[0]
    name = missing._name.rpartition(".")[2].lower()
    lr = keywords.get("lr", arguments[1] if len(arguments) > 1 else None)
    if not arguments or not ("lr" in keywords or re.search(r"optim|adam|sgd|lamb|lars|lion|adafactor|prop$", name)):
        return None
    if not isinstance(lr, (int, float)):
        return None
    missing._supplies.note(f"{missing._name} is not installed: torch.optim.SGD in its place")
    return optim.SGD(arguments[0], lr=lr)


class _MissingModule(types.ModuleType):
    # What asks for a version asks for a recent one.
    __version__ = "9999.0"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = Missing(_current[0], f"{self.__name__}.{name}") if _current else None
        setattr(self, name, value)
        return value


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the modules that are replaced, and what lies below them; asked after everybody else."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        parts = name.split(".")
        if any(".".join(parts[:count]) in self.names for count in range(1, len(parts) + 1)):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        module = _MissingModule(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing is in it."""


_finder = _Finder()
# The supplies of the program that runs: modules outlive programs.
_current: list[Supplies] = []


def use(supplies: Supplies) -> None:
    """From now on, what is missing speaks through these supplies."""
    _current[:] = [supplies]
    if _finder not in sys.meta_path:
        sys.meta_path.append(_finder)


def imported(what: Callable[[], Any], supplies: Supplies) -> Any:
    """The result of an import, repeated with whatever package it lacks replaced."""
    before = set(sys.modules)
    for _ in range(_MOST_ATTEMPTS):
        try:
            return what()
        except ImportError as error:
            if not replace(error, supplies):
                raise
        except AttributeError as error:
            if not _replace_attribute(error, supplies):
                raise
        # A module that failed half-way is left out of sys.modules, but what it imported before is there already.
        for name in set(sys.modules) - before:
            if getattr(sys.modules[name], "__spec__", None) is None:
                del sys.modules[name]
    return what()


def replace(error: ImportError, supplies: Supplies) -> bool:
    """Put something in the place of what an import failed for; whether there is any sense in importing again.

    Args:
        error: what the import raised.
        supplies: is told of it, and gives the parts.
    """
    if isinstance(error, ModuleNotFoundError) and error.name and error.name not in _finder.names:
        if "is not a package" in str(error):
            return False
        _finder.names.add(error.name)
        importlib.invalidate_caches()
        supplies.note(f"{error.name} is not installed: replaced")
        return True
    found = _NO_NAME.search(str(error))
    if found is None or found[2] not in sys.modules:
        return False
    name, module = found.groups()
    if name in vars(sys.modules[module]):
        return False
    setattr(sys.modules[module], name, Missing(supplies, f"{module}.{name}"))
    supplies.note(f"{module} has no {name} here: replaced")
    return True


def _replace_attribute(error: AttributeError, supplies: Supplies) -> bool:
    """Old names of libraries that a module reads while it is imported, such as ``numpy.float``."""
    found = _NO_ATTRIBUTE.search(str(error))
    if found is None:
        return False
    module, name = found.groups()
    if module not in sys.modules or name in vars(sys.modules[module]):
        return False
    setattr(sys.modules[module], name, Missing(supplies, f"{module}.{name}"))
    supplies.note(f"{module} has no {name} here: replaced")
    return True
