"""Which function of the project a call enters, as far as names tell: those of definitions, imports and classes.

What a variable holds is left to the interpreter, which is asked where the names do not tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import libcst as cst

from lr_lint.project.binders import SELF, import_around, imported_from
from lr_lint.project.imports import Project
from lr_lint.project.knowledge import LIBRARIES
from lr_lint.project.modules import Module
from lr_lint.semantics.machine.class_members import CONSTRUCTOR
from lr_lint.source.tree import dotted_name, last_name

Definition: TypeAlias = "tuple[Module, cst.ClassDef]"

# Through how many files a name is followed that a package exports again.
_LONGEST_CHAIN = 3


class Callees:
    """The definitions of a project, by what calls call."""

    def __init__(self, project: Project) -> None:
        """Take the project, with what may be opened of it."""
        self._project = project

    def entered(self, module: Module, call: cst.Call) -> tuple[Module, cst.FunctionDef] | None:
        """The function that a call enters; None where names do not tell."""
        function = call.func
        if isinstance(function, cst.Name):
            return self._constructed(self.definition(module, function.value, call))
        if not isinstance(function, cst.Attribute):
            return None
        if isinstance(function.value, cst.Name) and function.value.value == SELF:
            return self._method(module, call, function.attr.value)
        return self._constructed(self._member(module, function, call)) or self._method_of(module, function, call)

    def _method_of(
        self, module: Module, function: cst.Attribute, call: cst.Call
    ) -> tuple[Module, cst.FunctionDef] | None:
        """The method of an object that is made there and then, or where a variable or an attribute was given it."""
        made: cst.BaseExpression | None = function.value
        if not isinstance(made, cst.Call):
            text = dotted_name(function.value)
            given = [] if text is None else module.assignments_of(text, call)
            made = given[0].value if len(given) == 1 and isinstance(given[0], (cst.Assign, cst.AnnAssign)) else None
        if not isinstance(made, cst.Call) or not isinstance(made.func, cst.Name):
            return None
        found = self.definition(module, made.func.value, made)
        if found is None or not isinstance(found[1], cst.ClassDef):
            return None
        return next(self._methods(found[0], found[1], function.attr.value), None)

    def is_elsewhere(self, module: Module, call: cst.Call) -> bool:
        """Whether names tell that no function of the project is entered: a library's, or a builtin."""
        root = (dotted_name(call.func) or "").partition(".")[0]
        binding = module.scopes.resolve(root, call) if root else None
        if binding is None:
            return bool(root) and not module.star_imports()
        packages = [imported_from(module.path_to(binder)) for binder in module.scopes.binders(binding)]
        return bool(packages) and all(package in LIBRARIES for package in packages)

    def definition(
        self, module: Module, name: str, at: cst.CSTNode, left: int = _LONGEST_CHAIN
    ) -> tuple[Module, cst.CSTNode] | None:
        """The function or class that a name means somewhere."""
        binding = module.scopes.resolve(name, at)
        binders = () if binding is None else module.scopes.binders(binding)
        if len(binders) != 1:
            return None
        path = module.path_to(binders[0])
        if isinstance(path[-1], (cst.FunctionDef, cst.ClassDef)):
            return module, path[-1]
        return self._imported(module, binders[0], path, left)

    def _imported(
        self, module: Module, binder: cst.CSTNode, path: tuple[cst.CSTNode, ...], left: int
    ) -> tuple[Module, cst.CSTNode] | None:
        alias, statement = import_around(path) or (None, None)
        if alias is None or not isinstance(statement, cst.ImportFrom) or not left:
            return None
        dotted = "." * len(statement.relative) + (dotted_name(statement.module) or "")
        found = self._project.find(module, dotted)
        return None if found is None else self._exported(found, last_name(alias.name), left - 1)

    def _exported(self, module: Module, name: str, left: int) -> tuple[Module, cst.CSTNode] | None:
        definitions = module.definitions(name)
        if definitions:
            return module, definitions[-1]
        return self.definition(module, name, module.tree, left) if left else None

    def _member(self, module: Module, function: cst.Attribute, call: cst.Call) -> tuple[Module, cst.CSTNode] | None:
        """``package.module.function``."""
        text = dotted_name(function.value)
        binding = None if text is None else module.scopes.resolve(text.partition(".")[0], call)
        binders = () if binding is None else module.scopes.binders(binding)
        if text is None or len(binders) != 1:
            return None
        imported = import_around(module.path_to(binders[0]))
        if imported is None:
            return None
        alias, statement = imported
        name = dotted_name(alias.name) or ""
        if isinstance(statement, cst.ImportFrom):
            package = "." * len(statement.relative) + (dotted_name(statement.module) or "")
            name = f"{package}{'' if package.endswith('.') or not package else '.'}{name}"
        elif alias.asname is None:
            name = text
        found = self._project.find(module, name)
        return None if found is None else self._exported(found, function.attr.value, _LONGEST_CHAIN)

    def _constructed(self, found: tuple[Module, cst.CSTNode] | None) -> tuple[Module, cst.FunctionDef] | None:
        if found is None:
            return None
        module, node = found
        if isinstance(node, cst.FunctionDef):
            return module, node
        return next(self._methods(module, node, CONSTRUCTOR), None) if isinstance(node, cst.ClassDef) else None

    def _method(self, module: Module, call: cst.Call, name: str) -> tuple[Module, cst.FunctionDef] | None:
        around = next((each for each in reversed(module.path_to(call)) if isinstance(each, cst.ClassDef)), None)
        return None if around is None else next(self._methods(module, around, name), None)

    def line_of(self, module: Module, cls: cst.ClassDef, left: int = _LONGEST_CHAIN) -> list[Definition]:
        """A class with its bases in the project, as far as names tell, the class itself first."""
        found: list[Definition] = [(module, cls)]
        for base in cls.bases if left else ():
            text = dotted_name(base.value)
            known = None if text is None or "." in text else self.definition(module, text, cls)
            if known is not None and isinstance(known[1], cst.ClassDef) and known[1] is not cls:
                found += self.line_of(known[0], known[1], left - 1)
        return found

    def _methods(self, module: Module, cls: cst.ClassDef, name: str) -> Iterator[tuple[Module, cst.FunctionDef]]:
        """The methods of a name, that of the class itself first, then those of its bases."""
        for home, each in self.line_of(module, cls):
            for statement in reversed(each.body.body):
                if isinstance(statement, cst.FunctionDef) and statement.name.value == name:
                    yield home, statement
