"""Methods that a model's own class defines, such as one that gives its param groups, without building the model.

They run for real on an instance whose constructor has not run. An attribute that they read is taken from the
constructor where that merely keeps an argument or a constant (``self.finetune = finetune``); any other is a part of the
model that has parameters, and is not known when anything else is asked of it.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lr_lint.probe.child.slices.unknowns import Supplies
from lr_lint.project.knowledge import MODULE_PARTS

_NOTHING = object()


class OwnMethods:
    """What the class of a model gives by itself.

    Args:
        supplies: the settings, and the stand-ins for the parts.
        name: how the code calls the model.
        cls: gives the class.
        given: give the arguments that the code makes the model with.
        named: likewise, by keyword.
    """

    def __init__(
        self,
        supplies: Supplies,
        name: str,
        cls: Callable[[], Any],
        given: Sequence[Callable[[], Any]],
        named: Mapping[str, Callable[[], Any]],
    ) -> None:
        self._supplies = supplies
        self._name = name
        self._make_class = cls
        self._given = given
        self._named = named
        self._instance: Any = None

    def has(self, name: str) -> bool:
        """Whether the class defines something."""
        cls = self._made_class()
        return cls is not None and any(name in vars(base) for base in cls.__mro__ if not _is_library(base))

    def get(self, name: str) -> Any:
        """The method, bound to an instance that was not built; or the value of a property."""
        if self._instance is None:
            cls = self._made_class()
            assert cls is not None
            made = type(
                cls.__name__,
                (cls,),
                {"__getattr__": lambda _, name: self._attribute(name), "__module__": cls.__module__},
            )
            for part in MODULE_PARTS:
                setattr(made, part, self._part(part))
            made.__abstractmethods__ = frozenset()  # type: ignore[attr-defined]
            self._instance = object.__new__(made)
        return getattr(self._instance, name)

    def _made_class(self) -> type | None:
        try:
            cls = self._make_class()
        except Exception:
            return None
        return cls if isinstance(cls, type) else None

    def _part(self, part: str) -> Callable[..., Any]:
        def give(_: Any, *arguments: Any, **keywords: Any) -> Any:
            return getattr(self._supplies.model(self._name), part)(*arguments, **keywords)

        return give

    def _attribute(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        full = f"{self._name}.{name}"
        if self._supplies.has(full):
            return self._supplies.value(full)
        cls = self._made_class()
        for base in cls.__mro__ if cls is not None else ():
            value = self._kept(base, name) if not _is_library(base) else _NOTHING
            if value is not _NOTHING:
                return value
        return self._supplies.unknown(full)

    def _kept(self, cls: type, name: str) -> Any:
        """The argument or constant that a class's constructor keeps under a name."""
        constructor = _constructor(cls)
        values = [value for node in ast.walk(constructor) if (value := _assigned(node, name)) is not None]
        if len(values) != 1:
            return _NOTHING
        if isinstance(values[0], ast.Constant):
            return values[0].value
        return self._argument(cls, values[0].id) if isinstance(values[0], ast.Name) else _NOTHING

    def _argument(self, cls: type, name: str) -> Any:
        parameters = list(inspect.signature(cls.__init__).parameters.values())[1:]  # type: ignore[misc]
        given = self._named.get(name)
        if given is None and cls is self._made_class():
            at = [parameter.name for parameter in parameters].index(name) if name in _names(parameters) else None
            given = self._given[at] if at is not None and at < len(self._given) else None
        if given is not None:
            try:
                return given()
            except Exception:
                return _NOTHING
        default = next(
            (parameter.default for parameter in parameters if parameter.name == name), inspect.Parameter.empty
        )
        return _NOTHING if default is inspect.Parameter.empty else default


def _names(parameters: Sequence[inspect.Parameter]) -> list[str]:
    return [parameter.name for parameter in parameters]


def _is_library(cls: type) -> bool:
    return cls is object or cls.__module__.partition(".")[0] in {"torch", "builtins", "abc", "typing"}


def _constructor(cls: type) -> ast.AST:
    """The tree of a class's own constructor; an empty one where there is none to read."""
    try:
        path = inspect.getsourcefile(vars(cls)["__init__"])
        with open(path or "", "rb") as file:
            tree = ast.parse(file.read())
    except (KeyError, TypeError, OSError, SyntaxError, ValueError):
        return ast.Module([], [])
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == cls.__name__:
            for statement in node.body:
                if isinstance(statement, ast.FunctionDef) and statement.name == "__init__":
                    return statement
    return ast.Module([], [])


def _assigned(node: ast.AST, name: str) -> ast.expr | None:
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return None
    target = node.targets[0]
    return node.value if isinstance(target, ast.Attribute) and target.attr == name else None
