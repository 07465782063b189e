"""Stand-ins for libraries that a program imports and nobody has installed: everything is there, and calls are kept."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any


@dataclass
class Calls:
    """What a program called in libraries that stand-ins took the place of.

    Attributes:
        values: what stand-ins have that is none, by dotted name.
        made: in order: the dotted name of what was called, the arguments by position and those by name.
    """

    values: Mapping[str, Any]
    made: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)

    def of(self, name: str) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
        """The arguments of all calls of something, by the end of its name."""
        return [(args, kwargs) for made, args, kwargs in self.made if made.endswith(name)]


class StandIn(ModuleType):
    """Has every attribute, can be called, and can be derived from."""

    def __init__(self, name: str, calls: Calls) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self._calls = calls

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        path = f"{self.__name__}.{name}"
        found = self._calls.values.get(path, StandIn(path, self._calls))
        setattr(self, name, found)
        return found

    def __call__(self, *args: Any, **kwargs: Any) -> StandIn:
        self._calls.made.append((self.__name__, args, kwargs))
        return StandIn(f"{self.__name__}()", self._calls)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type, ...]:
        return ()


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, libraries: Sequence[str], calls: Calls) -> None:
        self._libraries = libraries
        self._calls = calls

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] not in self._libraries:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return StandIn(spec.name, self._calls)

    def exec_module(self, module: ModuleType) -> None:
        pass


@contextmanager
def stand_ins(libraries: Sequence[str], values: Mapping[str, Any]) -> Iterator[Calls]:
    """Lets stand-ins take the place of libraries, by the names of their top packages.

    Args:
        libraries: the top packages.
        values: what they have that is no stand-in, by dotted name.
    """
    calls = Calls(values)
    hidden = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in libraries}
    for name in hidden:
        del sys.modules[name]
    finder = _Finder(libraries, calls)
    sys.meta_path.insert(0, finder)
    try:
        yield calls
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.partition(".")[0] in libraries]:
            del sys.modules[name]
        sys.modules.update(hidden)
