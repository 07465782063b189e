"""Where things are defined and called in one file, for the slicer."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lr_lint.probe.slicing.effects import (
    FUNCTIONS,
    SELF,
    Effects,
    effects_of,
    last_name,
    locals_of,
    outer_names,
    parameters_of,
    root_of,
    target_names,
)
from lr_lint.probe.slicing.roles import Role, Roles
from lr_lint.project.imports import LIBRARIES

Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class FileIndex:
    """One file: parents, definitions, calls, and the effects and roles of its parts, each found once.

    Attributes:
        tree: the file.
        has_star_import: whether names may come from where they cannot be seen.
        library_names: names that are bound to well-known libraries or to what is imported from them.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.library_names: set[str] = set()
        self.has_star_import = False
        self._parents: dict[ast.AST, ast.AST] = {}
        self._calls: dict[str, list[ast.Call]] = {}
        self._functions: dict[str, list[Function]] = {}
        self._classes: dict[str, list[ast.ClassDef]] = {}
        self._imported: set[str] = set()
        self._globals: set[str] = set()
        self._effects: dict[ast.AST, Effects] = {}
        self._locals: dict[ast.AST, set[str]] = {}
        self._aliases: dict[ast.AST, dict[str, str]] = {}
        self._roles: dict[ast.AST, Roles] = {}
        self._outer: dict[Function, set[str]] = {}
        self._attributes_set: dict[Function, set[str]] = {}
        for node in ast.walk(tree):
            for child in ast.iter_child_nodes(node):
                self._parents[child] = node
            self._note(node)

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, ast.Call):
            self._calls.setdefault(last_name(node.func), []).append(node)
        elif isinstance(node, FUNCTIONS):
            self._functions.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.ClassDef):
            self._classes.setdefault(node.name, []).append(node)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self._note_import(node)
        elif isinstance(node, ast.Global):
            self._globals.update(node.names)

    def _note_import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            module = node.module or "" if isinstance(node, ast.ImportFrom) else alias.name
            name = alias.asname or (alias.name if isinstance(node, ast.ImportFrom) else alias.name.partition(".")[0])
            self._imported.add(name)
            self.has_star_import |= name == "*"
            if module.partition(".")[0] in LIBRARIES and not getattr(node, "level", 0):
                self.library_names.add(name)

    def parent(self, node: ast.AST) -> ast.AST:
        """The node around a node; the module is its own."""
        return self._parents.get(node, self.tree)

    def adopt(self, node: ast.AST, like: ast.AST) -> None:
        """Make a new node known, as standing where another one stands."""
        self._parents[node] = self._parents[like]

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, innermost first, the module last."""
        while node is not self.tree:
            node = self._parents[node]
            yield node

    def scope_of(self, node: ast.AST) -> Scope:
        """The innermost function or module around a node."""
        for ancestor in self.ancestors(node):
            if isinstance(ancestor, (*FUNCTIONS, ast.Module)):
                return ancestor
        return self.tree

    def class_of(self, function: ast.AST) -> ast.ClassDef | None:
        """The class that a method belongs to; None for other functions and for modules."""
        for ancestor in self.ancestors(function) if function is not self.tree else ():
            if isinstance(ancestor, ast.ClassDef):
                return ancestor
            if isinstance(ancestor, FUNCTIONS):
                return None
        return None

    def class_around(self, scope: ast.AST) -> ast.ClassDef | None:
        """The class whose ``self`` a scope sees: of a method, or of the method that a nested function is in."""
        while scope is not self.tree:
            owner = self.class_of(scope)
            if owner is not None:
                return owner
            scope = self.scope_of(scope)
        return None

    def effects(self, node: ast.AST) -> Effects:
        """The effects of a statement."""
        known = self._effects.get(node)
        if known is None:
            known = self._effects[node] = effects_of(node)
        return known

    def aliases(self, scope: ast.AST) -> dict[str, str]:
        """The names of a scope that stand for a part of another name's value: ``group = optimizer.param_groups[0]``."""
        known = self._aliases.get(scope)
        if known is None:
            known = self._aliases[scope] = {}
            for node in ast.walk(scope):
                if isinstance(node, ast.Assign) and isinstance(node.value, (ast.Attribute, ast.Subscript)):
                    root = root_of(node.value)
                    if root is not None and not any(isinstance(part, ast.Call) for part in ast.walk(node.value)):
                        known.update((name, root) for target in node.targets for name in target_names(target))
        return known

    def locals(self, scope: ast.AST) -> set[str]:
        """The names that a scope binds."""
        known = self._locals.get(scope)
        if known is None:
            known = self._locals[scope] = locals_of(scope)
            if scope is self.tree:
                known |= self._globals
        return known

    def binder(self, name: str, scope: ast.AST) -> Scope | None:
        """The scope that binds a name as seen from a scope; None for builtins and unknown names."""
        at: ast.AST = scope
        while True:
            if (not isinstance(at, ast.ClassDef) or at is scope) and name in self.locals(at):
                return at  # type: ignore[return-value]
            if at is self.tree:
                return None
            at = next(a for a in self.ancestors(at) if isinstance(a, (*FUNCTIONS, ast.ClassDef, ast.Module)))

    def role(self, name: str, scope: ast.AST) -> Role:
        """The role of a name in the scope that binds it."""
        if name in self._functions or name in self._classes or name in self._imported:
            return Role.VALUE
        roles = self._roles.get(scope)
        if roles is None:
            roles = self._roles[scope] = Roles(scope)
        return roles.role_of(name)

    def maker(self, name: str, scope: ast.AST) -> ast.Call | None:
        """The call that makes what a scope binds a name to, if all of them are of one callee."""
        self.role(name, scope)
        return self._roles[scope].maker_of(name) if scope in self._roles else None

    def calls(self, name: str) -> list[ast.Call]:
        """The calls whose callee ends in a name."""
        return self._calls.get(name, [])

    def all_calls(self) -> Iterator[ast.Call]:
        """All calls."""
        for calls in self._calls.values():
            yield from calls

    def function(self, name: str) -> Function | None:
        """The only function of that name that is no method."""
        found = [function for function in self._functions.get(name, ()) if self.class_of(function) is None]
        return found[0] if len(found) == 1 else None

    def cls(self, name: str) -> ast.ClassDef | None:
        """The only class of that name."""
        found = self._classes.get(name, [])
        return found[0] if len(found) == 1 else None

    def bases(self, cls: ast.ClassDef) -> list[ast.ClassDef]:
        """The classes of this file that a class derives from, itself first."""
        found = [cls]
        for known in found:
            for base in known.bases:
                parent = self.cls(base.id) if isinstance(base, ast.Name) else None
                if parent is not None and parent not in found:
                    found.append(parent)
        return found

    def method(self, cls: ast.ClassDef, name: str) -> Function | None:
        """The method that a class of this file has under a name, inherited ones included."""
        for owner in self.bases(cls):
            for function in self._functions.get(name, ()):
                if self.class_of(function) is owner:
                    return function
        return None

    def methods(self, cls: ast.ClassDef) -> list[Function]:
        """The methods that a class defines itself."""
        return [node for node in ast.walk(cls) if isinstance(node, FUNCTIONS) and self.class_of(node) is cls]

    def callee(self, call: ast.Call, scope: ast.AST) -> tuple[Function, int] | None:
        """The function of this file that a call calls, and how many of its parameters come before the arguments."""
        function = call.func
        if isinstance(function, ast.Name):
            found = self.function(function.id)
            if found is not None:
                return found, 0
            cls = self.cls(function.id)
            start = self.method(cls, "__init__") if cls is not None else None
            return None if start is None else (start, 1)
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            owner = self.class_around(scope)
            if function.value.id == SELF and owner is not None:
                method = self.method(owner, function.attr)
                if method is not None:
                    return method, 0 if is_static(method) else 1
        return None

    def attributes_set(self, function: Function) -> set[str]:
        """The attributes of ``self`` that a method may set or change, those of the methods it calls included."""
        known = self._attributes_set.get(function)
        if known is not None:
            return known
        self._attributes_set[function] = set()
        effects = effects_of(*function.body)
        names = {name.partition(".")[2] for name in effects.binds | effects.touches if name.startswith(f"{SELF}.")}
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                found = self.callee(node, function)
                if found is not None and self.class_of(found[0]) is not None:
                    names |= self.attributes_set(found[0])
        self._attributes_set[function] = names
        return names

    def declared_outer(self, function: Function) -> set[str]:
        """The names that a function declares ``global`` or ``nonlocal``."""
        known = self._outer.get(function)
        if known is None:
            known = self._outer[function] = outer_names(function.body)
        return known

    def globals_set(self, function: Function) -> set[str]:
        """The names of the module that a function sets."""
        declared = self.declared_outer(function)
        return declared & effects_of(*function.body).binds if declared else declared

    def touched_parameters(self, function: Function) -> set[str]:
        """The parameters whose values a function may change in place."""
        return effects_of(*function.body).touches & {param.arg for param in parameters_of(function.args)}


def is_static(function: Function) -> bool:
    """Whether a method is a static one."""
    return any(last_name(decorator) == "staticmethod" for decorator in function.decorator_list)
