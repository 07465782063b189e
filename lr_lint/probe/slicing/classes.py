"""Which parts of the classes of a file a slice keeps: what is asked of their objects, and what makes them whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from lr_lint.probe.slicing.definitions import is_static
from lr_lint.probe.slicing.fragments import is_attribute_of_self, kept_decorators
from lr_lint.probe.slicing.relevance import Needs
from lr_lint.probe.slicing.route import Leg
from lr_lint.project.binders import SELF, imported_from
from lr_lint.project.effects import root_of
from lr_lint.project.knowledge import TRAINERS
from lr_lint.project.scopes import Binding

_START = "__init__"


class Classes:
    """The classes of a file, as a slice sees them.

    Attributes:
        preparations: per class, methods that are called on a fresh instance, since they set what is needed of it.
    """

    def __init__(self, needs: Needs, legs: Sequence[Leg]) -> None:
        """Take what the slice knows; it grows.

        Args:
            needs: what kept code needs.
            legs: the way to the construction.
        """
        self.preparations: dict[cst.ClassDef, list[cst.FunctionDef]] = {}
        self._needs = needs
        self._definitions = needs.definitions
        self._module = needs.definitions.module
        self._models: set[cst.ClassDef] = set()
        self._on_the_way = {leg.scope: leg for leg in legs}
        if all(leg.receiver is not None for leg in legs[1:]):
            needs.made_up |= {cls for leg in legs if (cls := self._definitions.class_of(leg.scope)) and not leg.whole}

    def is_received(self, cls: cst.ClassDef) -> bool:
        """Whether a class is one whose instance is made up: its methods lie on the way, and it is no scheduler."""
        return any(
            not leg.whole and self._definitions.class_of(scope) is cls for scope, leg in self._on_the_way.items()
        )

    def note_model(self, cls: cst.CSTNode | None) -> None:
        """Notes that a class is that of a model, of which some methods are run and none by itself."""
        if isinstance(cls, cst.ClassDef):
            self._models.add(cls)

    def is_replaced_base(self, base: cst.BaseExpression) -> bool:
        """Whether a base of a made-up instance is left out, for what it imports."""
        binding = self._module.scopes.resolve(root_of(base) or "", base)
        binders = () if binding is None else self._module.scopes.binders(binding)
        return any(imported_from(self._module.path_to(name)) in TRAINERS for name in binders)

    def has_base_of_project(self, cls: cst.ClassDef) -> bool:
        """Whether the constructor of a base may do something that matters, since the project defines the base."""
        if len(self._definitions.bases(cls)) > 1 or not self.is_received(cls):
            return True
        return any((root_of(base.value) or "") not in self._definitions.library_names for base in cls.bases)

    def evaluated(self, cls: cst.ClassDef) -> Iterator[cst.BaseExpression]:
        """What the statement of a class evaluates where it stands: decorators, bases, keywords."""
        yield from (decorator.decorator for decorator in kept_decorators(cls, self._definitions))
        for base in cls.bases:
            if not (self.is_received(cls) and self.is_replaced_base(base.value)):
                yield base.value
        yield from (keyword.value for keyword in cls.keywords)

    def is_asked_for(self, method: cst.FunctionDef, cls: cst.ClassDef) -> bool:
        """Whether a method may be called: it is on the way, or asked for by name, or by Python or a library."""
        name = method.name.value
        asked = name in self._needs.parts or Binding(cls, f"{SELF}.{name}") in self._needs.variables
        if asked or method in self._on_the_way:
            return True
        if cls in self._models:
            return False
        if self.is_received(cls):
            return name == _START
        return name.startswith("__") or any(self._is_foreign(base.value, cls) for base in cls.bases)

    def _is_foreign(self, base: cst.BaseExpression, cls: cst.ClassDef) -> bool:
        """Whether code outside of the file may call any method of a class with such a base."""
        if not isinstance(base, cst.Name):
            return True
        known = self._definitions.defined_as(base.value, self._definitions.scope_of(cls))
        return base.value != "object" and not isinstance(known, cst.ClassDef)

    def prepare(self, cls: cst.ClassDef, set_before: set[str]) -> list[cst.FunctionDef]:
        """The methods that set what a made-up instance is asked for and nothing else sets.

        Args:
            cls: its class.
            set_before: the attributes that methods on the way set, as ``self.x``.
        """
        for owner in self._definitions.bases(cls):
            start = self._definitions.method(owner, _START)
            set_before |= {f"{SELF}.{name}" for name in self._module.locals_of(owner)}
            set_before |= self._module.consequences.of(start).attributes if start is not None else set()
        asked = {each.name for each in self._needs.variables if each.scope is cls and is_attribute_of_self(each.name)}
        prepared = self.preparations.setdefault(cls, [])
        for name in sorted(asked - set_before):
            setters = [
                method
                for method in self._definitions.methods(cls)
                if method not in self._on_the_way
                and not is_static(method)
                and name in self._module.effects(method.body).binds
            ]
            if len(setters) == 1 and setters[0] not in prepared:
                prepared.append(setters[0])
        prepared.sort(key=self._module.place)
        return prepared
