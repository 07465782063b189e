"""What in a file may change an object as a whole, found by what it is called and not by what it is.

The interpreter follows a value through the statements that bear on it. Whether it has missed one is asked here, where
nothing is known of values: a method that is called on ``cfg``, or somebody who is given it, may change it. Assignments
to attributes and items are in `writes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import libcst as cst

from lr_lint.project.binders import imported_from, target_names
from lr_lint.project.calls_made import outputs_of
from lr_lint.project.knowledge import CHANGING_FUNCTIONS, CHANGING_METHODS, LIBRARIES, READING_METHODS
from lr_lint.project.namings import key_of, namings_of, spelling_of, text_of
from lr_lint.source.tree import last_name, start_of

if TYPE_CHECKING:
    from lr_lint.project.index import Index
    from lr_lint.project.scopes import Binding, Scopes

_ITERATORS = frozenset("iter zip map filter enumerate reversed open".split())
# The nodes that may change something, or say what is held together.
_OF_CHANGES = (
    *(cst.Call, cst.DictElement, cst.Global, cst.Nonlocal, cst.Name, cst.Attribute, cst.Subscript),
    *(cst.Assign, cst.For, cst.CompFor, cst.AnnAssign, cst.NamedExpr),
)
# A variable, or the last name of a chain, which may be anybody's.
_Identity: TypeAlias = "Binding | str"


@dataclass(frozen=True, slots=True)
class PossibleChange:
    """Something that may change an object.

    Attributes:
        node: the target of an assignment, or a call.
        naming: how it calls the object.
        evident: whether it is made to change things; else somebody gets hold of the object who may.
    """

    node: cst.BaseExpression
    naming: cst.BaseExpression
    evident: bool


class Changes:
    """The places of one file that may change something, by the name of what they change.

    Attributes:
        variables: what may set a variable from another scope than its own, by its name.
        iterators: the variables that are given what can be gone through once.
        displays: the entries of dicts that are written out, by their keys.
    """

    def __init__(self, index: Index, scopes: Scopes) -> None:
        """Take a file.

        Args:
            index: its nodes.
            scopes: whose its names are.
        """
        self.variables: dict[str, list[cst.CSTNode]] = {}
        self.displays: dict[str, list[cst.CSTNode]] = {}
        self._index = index
        self._scopes = scopes
        self._objects: dict[str, list[PossibleChange]] = {}
        self._held: dict[str, list[list[cst.BaseExpression]]] = {}
        self._together: dict[frozenset[_Identity], dict[_Identity, str]] = {}
        self._defined = {node.name.value for node in index.definitions}
        self._classes = {node.name.value for node in index.of(cst.ClassDef)} | {"dict", "list", "set"}
        self._methods = {
            target.target.value
            for node in index.of(cst.Assign)
            if last_name(node.value) in CHANGING_METHODS
            for target in node.targets
            if isinstance(target.target, cst.Name)
        }
        self.iterators = {
            target.target.value
            for node in index.of(cst.Assign)
            if _is_iterator(node.value)
            for target in node.targets
            if isinstance(target.target, cst.Name)
        }
        for node in index.among(_OF_CHANGES):
            self._add(node)

    def of_objects(self, namings: Iterable[cst.BaseExpression]) -> Iterator[PossibleChange]:
        """What may change objects that code calls like this, under whatever names they go."""
        for identity, spelling in self._beside(namings).items():
            for change in self._objects.get(spelling, ()):
                if self._identity(change.naming) == identity:
                    yield change

    def of_parts(self, name: str) -> Iterator[PossibleChange]:
        """What may change the attributes and items of a name, under that name."""
        return (change for change in self._objects.get(name, ()) if not isinstance(change.naming, cst.Name))

    def may_hold(self, target: cst.BaseExpression, owners: Iterable[cst.BaseExpression]) -> bool:
        """Whether an assignment to a part of something may change an object that code calls by one of some names.

        It does not where what is assigned to is a variable that only ever holds objects made for it.
        """
        base = target.value if isinstance(target, (cst.Attribute, cst.Subscript)) else None
        binding = self._scopes.resolve(base.value, base) if isinstance(base, cst.Name) else None
        if binding is None or not self._is_made_for(binding):
            return True
        known = list(owners)
        if not self._keeps_to_itself(binding) and not all(map(self._is_of_its_own, known)):
            return True
        return binding in self._beside(known)

    def _is_of_its_own(self, naming: cst.BaseExpression) -> bool:
        """Whether an object is called by a variable that only holds objects made for it."""
        binding = self._identity(naming)
        return not isinstance(binding, str) and self._is_made_for(binding)

    def _is_made_for(self, binding: Binding) -> bool:
        return all(map(self._is_fresh, self._scopes.binders(binding)))

    def _keeps_to_itself(self, binding: Binding) -> bool:
        """Whether nobody else gets hold of what a variable holds."""
        binders = self._scopes.binders(binding)
        parts = (self._index.path_to(node)[-1] for node in self._scopes.uses(binding) if node not in binders)
        return all(isinstance(part, (cst.Attribute, cst.Subscript)) for part in parts)

    def _is_fresh(self, binder: cst.CSTNode) -> bool:
        """Whether a variable is assigned an object that is made there."""
        statement = self._index.assigned_by(binder)
        value = statement.value if isinstance(statement, (cst.Assign, cst.AnnAssign)) else None
        if isinstance(value, cst.Call):
            return isinstance(value.func, cst.Name) and value.func.value in self._classes
        return isinstance(value, (cst.Dict, cst.List, cst.Set, cst.BaseComp, cst.BaseNumber, cst.BaseString))

    def _identity(self, naming: cst.BaseExpression) -> _Identity:
        spelling = spelling_of(naming)
        return (self._scopes.resolve(spelling, naming) or spelling) if isinstance(naming, cst.Name) else spelling

    def _beside(self, namings: Iterable[cst.BaseExpression]) -> dict[_Identity, str]:
        """The identities of objects, of those that hold them and of those that they hold, with their spelling."""
        found = {self._identity(naming): spelling_of(naming) for naming in namings}
        asked = frozenset(found)
        if asked in self._together:
            return self._together[asked]
        pending = list(found)
        while pending:
            identity = pending.pop()
            for together in self._held.get(found[identity], ()):
                known = {self._identity(naming): spelling_of(naming) for naming in together}
                new = known.keys() - found.keys() if identity in known else ()
                found.update((each, known[each]) for each in new)
                pending.extend(new)
        self._together[asked] = found
        return found

    def _add(self, node: cst.CSTNode) -> None:
        if isinstance(node, cst.Call):
            self._add_call(node)
        elif isinstance(node, cst.DictElement):
            self._note(self.displays, text_of(node.key), node)
        elif isinstance(node, (cst.Global, cst.Nonlocal)):
            self._add_outer(node)
        elif isinstance(node, (cst.Name, cst.Attribute, cst.Subscript)):
            self._add_target(node)
        else:
            self._add_held(node)

    @staticmethod
    def _note(index: dict[str, list[cst.CSTNode]], name: str | None, node: cst.CSTNode) -> None:
        if name is not None:
            index.setdefault(name, []).append(node)

    def _add_target(self, node: cst.Name | cst.Attribute | cst.Subscript) -> None:
        statement = self._index.assigned_by(node)
        if statement is None:
            return
        if isinstance(node, cst.Name):
            if isinstance(statement, cst.AugAssign):
                self._add_change(node, node, evident=True)
        elif isinstance(node, cst.Subscript) and key_of(node) is None:
            self._add_change(node, node.value, evident=True)
        elif isinstance(node, cst.Subscript) and not isinstance(start_of(node.value), cst.Name):
            # ``globals()["rate"] = 1.0``
            self._note(self.variables, key_of(node), node)

    def _add_change(self, node: cst.BaseExpression, value: cst.BaseExpression, *, evident: bool) -> None:
        for naming in namings_of(value):
            self._objects.setdefault(spelling_of(naming), []).append(PossibleChange(node, naming, evident))

    def _add_held(self, node: cst.CSTNode) -> None:
        """Notes which names an assignment or a loop gives to one object."""
        targets: list[cst.BaseExpression]
        if isinstance(node, cst.Assign):
            targets, value = [target.target for target in node.targets], node.value
        elif isinstance(node, (cst.For, cst.CompFor)):
            targets, value = [node.target], node.iter
        elif isinstance(node, (cst.AnnAssign, cst.NamedExpr)) and node.value is not None:
            targets, value = [node.target], node.value
        else:
            return
        taken: list[cst.BaseExpression] = [name for target in targets for name in target_names(target)]
        # What is imported or defined is no object that changes.
        given = [each for each in namings_of(value) if not self._is_definition(each)]
        together = [*taken, *(each for each in targets if isinstance(each, cst.Attribute)), *given]
        for spelling in {spelling_of(naming) for naming in together} if len(together) > 1 else ():
            self._held.setdefault(spelling, []).append(together)

    def _is_definition(self, naming: cst.BaseExpression) -> bool:
        return isinstance(naming, cst.Name) and (naming.value in self._defined or self._package_of(naming) is not None)

    def _add_call(self, call: cst.Call) -> None:
        name = last_name(call.func)
        package = self._package_of(call.func)
        if package is None:
            self._add_receiver(call, name)
        changes = name in CHANGING_FUNCTIONS or any(True for _ in outputs_of(call))
        gets_hold = changes or self._may_change_arguments(call, name, package)
        for argument in call.args:
            is_used_up = isinstance(argument.value, cst.Name) and argument.value.value in self.iterators
            is_method = is_used_up or (
                isinstance(argument.value, cst.Attribute) and argument.value.attr.value in CHANGING_METHODS
            )
            if is_method or gets_hold:
                self._add_change(call, argument.value, evident=is_method or changes)

    def _add_receiver(self, call: cst.Call, method: str) -> None:
        """Notes the object that a method is called on, where that may change it."""
        function = call.func
        if isinstance(function, cst.Attribute):
            if method in CHANGING_METHODS or method not in self._defined | READING_METHODS:
                # Those of tensors that change them end in an underscore.
                in_place = method.endswith("_") and not method.startswith("_")
                self._add_change(call, function.value, evident=method in CHANGING_METHODS or in_place)
        elif not isinstance(function, cst.Name):
            if _is_changing_method(function):
                self._add_change(call, function, evident=True)
        elif method not in self._defined and self._scopes.resolve(method, call) is not None:
            # A variable that holds a method, perhaps: ``set_up = cfg.update``.
            self._add_change(call, function, evident=method in self._methods)

    def _may_change_arguments(self, call: cst.Call, name: str, package: str | None) -> bool:
        if name in self._defined or package in LIBRARIES:
            return False
        is_builtin = isinstance(call.func, cst.Name) and self._scopes.resolve(name, call) is None
        start = start_of(call.func)
        is_base = isinstance(start, cst.Call) and last_name(start.func) == "super"
        return package is not None or not (is_builtin or is_base)

    def _package_of(self, callee: cst.BaseExpression) -> str | None:
        """The package that a callee is imported from; None where it is not imported."""
        start = start_of(callee)
        binding = self._scopes.resolve(start.value, callee) if isinstance(start, cst.Name) else None
        if binding is None:
            return None
        packages = (imported_from(self._index.path_to(binder)) for binder in self._scopes.binders(binding))
        return next((package for package in packages if package is not None), None)

    def _add_outer(self, declaration: cst.Global | cst.Nonlocal) -> None:
        scope = self._scopes.scopes_at(declaration)[0]
        for each in declaration.names:
            for binder in self._scopes.names_in(scope).get(each.name.value, ()):
                self._note(self.variables, each.name.value, binder)


def _is_changing_method(value: cst.BaseExpression) -> bool:
    """Whether an expression asks for a method by a text: ``getattr(cfg, "update")``."""
    given = value.args if isinstance(value, cst.Call) and last_name(value.func) == "getattr" else ()
    return any(text_of(each.value) in CHANGING_METHODS for each in given)


def _is_iterator(value: cst.BaseExpression) -> bool:
    """Whether an expression gives what can be gone through once."""
    if isinstance(value, cst.Call):
        return last_name(value.func) in _ITERATORS
    return isinstance(value, cst.GeneratorExp)
