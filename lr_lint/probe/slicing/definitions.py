"""Where things are defined and called in one file, as the slicer asks for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import libcst as cst

from lr_lint.project.binders import SELF, body_of, import_binders, imported_from, parameters_of
from lr_lint.project.knowledge import LIBRARIES
from lr_lint.project.modules import Module
from lr_lint.source.tree import dotted_name, last_name, walk

Scope = cst.Module | cst.FunctionDef
Definition = cst.FunctionDef | cst.ClassDef
Around = tuple[cst.CSTNode, ...]


class Definitions:
    """One file: its functions, classes and methods, and what they change by being called.

    Attributes:
        module: the file.
    """

    def __init__(self, module: Module) -> None:
        self.module = module
        self._methods: dict[cst.ClassDef, list[cst.FunctionDef]] = {}

    @cached_property
    def library_names(self) -> frozenset[str]:
        """Names that are bound to well-known libraries or to what is imported from them."""
        return frozenset(
            name.value
            for node in walk(self.module.tree)
            if isinstance(node, (cst.Import, cst.ImportFrom))
            for name in import_binders(node)
            if imported_from(self.module.path_to(name)) in LIBRARIES
        )

    # Scopes.

    def scope_of(self, node: cst.CSTNode) -> Scope:
        """The innermost ``def`` around a node; the module outside of functions."""
        around = (each for each in reversed(self.module.path_to(node)) if isinstance(each, cst.FunctionDef))
        return next(around, self.module.tree)

    def class_of(self, function: cst.CSTNode) -> cst.ClassDef | None:
        """The class that a method belongs to; None for other functions and for modules."""
        for ancestor in reversed(self.module.path_to(function)):
            if isinstance(ancestor, (cst.ClassDef, cst.FunctionDef)):
                return ancestor if isinstance(ancestor, cst.ClassDef) else None
        return None

    def class_around(self, scope: cst.CSTNode) -> cst.ClassDef | None:
        """The class whose ``self`` a scope sees: of a method, or of the method that a nested function is in."""
        path = (*self.module.path_to(scope), scope)
        return next((each for each in reversed(path) if isinstance(each, cst.ClassDef)), None)

    # Definitions.

    def defined_as(self, name: str, place: cst.CSTNode) -> Definition | None:
        """The function or class that a name means where a node stands, if nothing else ever binds the name."""
        binding = self.module.scopes.resolve_within(name, place)
        binders = self.module.scopes.binders(binding) if binding is not None else ()
        if len(binders) != 1:
            return None
        parent = self.module.path_to(binders[0])[-1]
        return parent if isinstance(parent, (cst.FunctionDef, cst.ClassDef)) and parent.name is binders[0] else None

    def bases(self, cls: cst.ClassDef) -> list[cst.ClassDef]:
        """The classes of this file that a class derives from, itself first."""
        found = [cls]
        for known in found:
            for base in known.bases:
                parent = self.defined_as(last_name(base.value), self.scope_of(known))
                if isinstance(base.value, cst.Name) and isinstance(parent, cst.ClassDef) and parent not in found:
                    found.append(parent)
        return found

    def methods(self, cls: cst.ClassDef) -> list[cst.FunctionDef]:
        """The methods that a class defines itself, in the order of the source."""
        known = self._methods.get(cls)
        if known is None:
            statements = (statement for statement, _ in all_in(block_of(cls)))
            known = self._methods[cls] = [each for each in statements if isinstance(each, cst.FunctionDef)]
        return known

    def method(self, cls: cst.ClassDef, name: str) -> cst.FunctionDef | None:
        """The method that a class of this file has under a name, inherited ones included."""
        found = (each for owner in self.bases(cls) for each in self.methods(owner) if each.name.value == name)
        return next(found, None)

    def callee(self, call: cst.Call, scope: cst.CSTNode) -> tuple[cst.FunctionDef, int] | None:
        """The function of this file that a call calls, and how many of its parameters come before the arguments.

        Args:
            call: the call; it need not stand in the tree.
            scope: the scope in which its names are looked up.
        """
        function = call.func
        if isinstance(function, cst.Name):
            found = self.defined_as(function.value, scope)
            if isinstance(found, cst.ClassDef):
                start = self.method(found, "__init__")
                return None if start is None else (start, 1)
            return None if found is None or self.class_of(found) is not None else (found, 0)
        owner = self.class_around(scope)
        if owner is not None and isinstance(function, cst.Attribute) and dotted_name(function.value) == SELF:
            method = self.method(owner, function.attr.value)
            return None if method is None else (method, 0 if is_static(method) else 1)
        return None


def parameters(scope: Scope) -> list[cst.Param]:
    """All parameters of a function in the order of the signature, starred ones included; none of a module."""
    return list(parameters_of(scope.params)) if isinstance(scope, cst.FunctionDef) else []


def plain_parameters(function: cst.FunctionDef) -> list[cst.Param]:
    """The parameters that are given one by one: positional ones first, no starred ones."""
    return [*function.params.posonly_params, *function.params.params, *function.params.kwonly_params]


def passing(arguments: Sequence[cst.Arg], function: cst.FunctionDef, skipped: int) -> list[str]:
    """The parameters that take some arguments; empty texts where that is not to be seen."""
    positional = [each.name.value for each in (*function.params.posonly_params, *function.params.params)][skipped:]
    known = {each.name.value for each in plain_parameters(function)}
    named = [argument.keyword.value if argument.keyword is not None else None for argument in arguments]
    return [
        (name if name in known else "") if name is not None else positional[at] if at < len(positional) else ""
        for at, name in enumerate(named)
    ]


def is_static(function: cst.FunctionDef) -> bool:
    """Whether a method is a static one."""
    return any(last_name(decorator.decorator) == "staticmethod" for decorator in function.decorators)


def smalls(block: Sequence[cst.CSTNode]) -> Iterator[cst.CSTNode]:
    """The statements of a block, those on one line one by one."""
    for statement in block:
        if isinstance(statement, cst.SimpleStatementLine):
            yield from statement.body
        else:
            yield statement


def blocks_in(statement: cst.CSTNode) -> list[list[cst.CSTNode]]:
    """The blocks of a compound statement, an ``elif`` as the only statement of an else; none of definitions."""
    if isinstance(statement, (cst.FunctionDef, cst.ClassDef)):
        return []
    suites = [getattr(statement, "body", None)]
    suites += [part.body for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ()))]
    blocks = [list(smalls(suite.body)) for suite in suites if isinstance(suite, cst.BaseSuite)]
    otherwise = (getattr(statement, "orelse", None), getattr(statement, "finalbody", None))
    parts = [part for part in otherwise if part is not None]
    return blocks + [[part] if isinstance(part, cst.If) else list(smalls(part.body.body)) for part in parts]


def block_of(scope: Scope | cst.ClassDef) -> list[cst.CSTNode]:
    """The statements of a scope."""
    return list(smalls(body_of(scope)))


def all_in(block: Sequence[cst.CSTNode], around: Around = ()) -> Iterator[tuple[cst.CSTNode, Around]]:
    """The statements of a block and of the blocks in it, with the compound statements around each; no definition's."""
    for statement in block:
        yield statement, around
        for inner in blocks_in(statement):
            yield from all_in(inner, (*around, statement))
