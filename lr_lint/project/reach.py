"""Which code of a project may run before a place in it is reached, told by names alone.

A function may have run where code that may have run mentions its name: whether it calls it, decorates with it or hands
it on makes no difference here. Mentioning a class is mentioning what Python calls of itself: its special methods, and
those that are decorated. Of the functions that lead to the place, what comes after the last mention of the next one on
the way is left out; so is what a loop does after the place before it turns again.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cached_property

import libcst as cst

from lr_lint.project.binders import body_of
from lr_lint.project.imports import Project
from lr_lint.project.modules import Module
from lr_lint.source.tree import blocks_of, children, last_name

_Definition = cst.FunctionDef | cst.ClassDef
# Methods without underscores that Python calls of itself: ``{**settings}``.
_CALLED_BY_PYTHON = frozenset({"keys"})
# The marks of mentions: of a variable, which may hold a function or a class; and of an attribute or a text, which may
# name a method, or what another file defines.
_NAME, _MEMBER = "", "."
# Builtins that run a text as code.
_RUNNING_TEXT = frozenset({"eval", "exec"})
_IDENTIFIER = re.compile(r"[^\W\d]\w*")


class ProjectReach:
    """What may run before a scheduler is constructed, in its file and in those that this one imports.

    Attributes:
        module: the file.
        site: the construction.
        begin: what has to have run before; None where anything may.
    """

    def __init__(self, project: Project, module: Module, site: cst.CSTNode, begin: cst.CSTNode | None = None) -> None:
        """Nothing is read before it is asked for.

        Args:
            project: the files around it.
            module: the file of the construction.
            site: the construction.
            begin: what has to have run before.
        """
        self.module = module
        self.site = site
        self.begin = begin
        self._project = project
        self._later: dict[cst.CSTNode, ProjectReach] = {}
        self._reaches: dict[str, Reach] = {}
        self._writing: dict[object, list[Module]] = {}

    def since(self, begin: cst.CSTNode) -> ProjectReach:
        """What may run between a node of the file and the construction: nothing else changes what is made there."""
        known = self._later.get(begin)
        if known is None:
            known = self._later[begin] = ProjectReach(self._project, self.module, self.site, begin)
            known._writing = self._writing  # which files write a field does not depend on when
        return known

    def modules_writing(self, field: object) -> list[Module]:
        """The file itself, and those of the files that it imports that may write an attribute or an item by a name."""
        known = self._writing.get(field)
        if known is None:
            imported = self._project.imported_writing(self.module, field) if isinstance(field, str) else []
            known = self._writing[field] = [self.module, *imported]
        return known

    def may_run(self, module: Module, node: cst.CSTNode) -> bool:
        """Whether a node of a file may be evaluated before the construction is."""
        known = self._reaches.get(module.path)
        if known is None:
            is_own = module is self.module
            known = self._own if is_own else Reach(module, None, self._own.leads, self._mentions)
            self._reaches[module.path] = known
        return known.may_run(node)

    @cached_property
    def _own(self) -> Reach:
        return Reach(self.module, self.site, begin=self.begin)

    @cached_property
    def _mentions(self) -> frozenset[str]:
        """The names that what may run mentions, in all files that define something of these names."""
        mentions = self._own.mentions
        entered = {self.module.path}
        while True:
            defining = self._project.imported_defining(self.module, mentions)
            new = [module for module in defining if module.path not in entered]
            if not new:
                return mentions
            for module in new:
                entered.add(module.path)
                mentions |= Reach(module, None, (), mentions).mentions


class Reach:
    """The code of one file that may run before a node of it, or of another file.

    Attributes:
        leads: the names by which somebody comes to the node.
    """

    def __init__(
        self,
        module: Module,
        site: cst.CSTNode | None,
        leads: Iterable[str] = (),
        mentions: frozenset[str] = frozenset(),
        begin: cst.CSTNode | None = None,
    ) -> None:
        """Take a file.

        Args:
            module: the file.
            site: the node; None where it is in another file.
            leads: for another file, the names of what leads to the node.
            mentions: the names that the code of other files mentions that may run.
            begin: what has to have run before.
        """
        self._module = module
        path = () if site is None else (*module.path_to(site), site)
        self._path = frozenset(path)
        self._scopes = [each for each in path if isinstance(each, cst.FunctionDef)]
        # Functions that may run as a whole, those of which some statements may, and these.
        self._functions: set[cst.CSTNode] = set()
        self._led_through: set[cst.CSTNode] = set(self._scopes)
        self._statements: set[cst.CSTNode] = set()
        self._pending: list[cst.CSTNode] = []
        self.leads: set[str] = set(leads)
        self._mentioned: set[str] = set()
        self._answers: dict[int, bool] = {}
        self._start(frozenset() if begin is None else frozenset((*module.path_to(begin), begin)))
        self._take_mentioned(mentions)
        self._follow()

    @property
    def mentions(self) -> frozenset[str]:
        """The names that the code mentions that may run."""
        return frozenset(self._mentioned)

    def may_run(self, node: cst.CSTNode) -> bool:
        """Whether a node may be evaluated before the place is reached."""
        known = self._answers.get(id(node))
        if known is None:
            known = self._answers[id(node)] = self._may_run(node)
        return known

    def _may_run(self, node: cst.CSTNode) -> bool:
        inside: list[cst.CSTNode] = [node]
        for each in reversed(self._module.path_to(node)):
            if isinstance(each, cst.FunctionDef):
                if each in self._functions:
                    return True
                return each in self._led_through and not self._statements.isdisjoint(inside)
            inside.append(each)
        return not self._statements.isdisjoint(inside)

    def _start(self, begin: frozenset[cst.CSTNode]) -> None:
        body = self._module.tree.body
        scope = self._scopes[-1] if self._scopes else self._module.tree
        if begin and scope in begin and not any(isinstance(each, cst.FunctionDef) for each in begin - self._path):
            statements = list(_up_to(body_of(scope), self._path))
            first = next((at for at, statement in enumerate(statements) if statement in begin), 0)
            self._add(statements[first:])
            return
        if not self._scopes and self._path:
            self._add(_up_to(body, self._path))
            return
        for scope in self._scopes:
            self._add(_up_to(body_of(scope), self._path))
        callers = self._leading()
        self._led_through |= callers
        for function in callers:
            self._add(_up_to_mention(body_of(function), self.leads))
        self._add(_up_to_mention(body, self.leads))

    def _leading(self) -> set[cst.CSTNode]:
        """The functions that lead to the place; adds the names of what leads there."""
        callers: set[cst.CSTNode] = set()
        pending = [*self.leads, *map(self._called_by, self._scopes)]
        seen: set[str] = set()
        while pending:
            name = pending.pop()
            if name in seen:
                continue
            seen.add(name)
            for function in self._module.scopes.index.functions_mentioning(name):
                if function not in self._path:
                    callers.add(function)
                    pending.append(self._called_by(function))
            pending += (each.name.value for each in self._derived_from(name))
        self.leads |= seen
        return callers

    def _called_by(self, function: cst.FunctionDef) -> str:
        """The name whose mention makes a function run: of what Python calls by itself, that of the class."""
        if _runs_by_itself(function) and self._is_method(function):
            around = self._module.path_to(function)[-2]
            return around.name.value if isinstance(around, cst.ClassDef) else function.name.value
        return function.name.value

    def _is_method(self, definition: _Definition) -> bool:
        around = self._module.path_to(definition)
        return isinstance(definition, cst.FunctionDef) and len(around) > 1 and isinstance(around[-2], cst.ClassDef)

    def _derived_from(self, name: str) -> Iterator[cst.ClassDef]:
        known = self._module.once(_derived_classes, lambda: _derived_classes(self._module))
        yield from known.get(name, ())

    def _add(self, statements: Iterable[cst.CSTNode]) -> None:
        for statement in statements:
            self._statements.add(statement)
            self._pending.append(statement)

    def _take(self, definition: _Definition) -> None:
        """Notes that a definition may be used: a function runs, of a class what Python calls by itself."""
        if isinstance(definition, cst.ClassDef):
            for each in definition.body.body:
                if isinstance(each, cst.FunctionDef) and _runs_by_itself(each):
                    self._take(each)
            self._pending += [*definition.bases, *definition.keywords, *definition.decorators]
        elif definition not in self._functions and definition not in self._led_through:
            self._functions.add(definition)
            self._pending += [definition.params, *body_of(definition)]

    def _take_mentioned(self, mentions: frozenset[str]) -> None:
        """Notes what code of other files mentions: it may mean a method as well as what stands outside of classes."""
        names = {_unmarked(mention) for mention in mentions}
        self._mentioned.update(names, (_MEMBER + name for name in names))
        for name in names & self._module.scopes.index.names_defined:
            for definition in self._module.scopes.index.defined_as(name):
                self._take(definition)

    def _follow(self) -> None:
        while self._pending:
            for mention, caller in _mentions_of(self._pending.pop(), self._module):
                if mention not in self._mentioned and caller not in self.leads:
                    self._mention(mention)

    def _mention(self, mention: str) -> None:
        self._mentioned.add(mention)
        for definition in self._module.scopes.index.defined_as(_unmarked(mention)):
            if self._is_method(definition) == mention.startswith(_MEMBER):
                self._take(definition)


def _derived_classes(module: Module) -> dict[str, list[cst.ClassDef]]:
    """The classes of a file by the names that their bases mention."""
    found: dict[str, list[cst.ClassDef]] = {}
    for definition in module.scopes.index.definitions:
        if isinstance(definition, cst.ClassDef):
            for name in set[str]().union(*map(names_mentioned, definition.bases)):
                found.setdefault(name, []).append(definition)
    return found


def _runs_by_itself(method: cst.FunctionDef) -> bool:
    return bool(method.decorators) or method.name.value.startswith("__") or method.name.value in _CALLED_BY_PYTHON


def _up_to(statements: Iterable[cst.CSTNode], path: frozenset[cst.CSTNode]) -> Iterator[cst.CSTNode]:
    """The statements before the one on a path, and of that one what leads on."""
    for statement in statements:
        if statement not in path:
            yield statement
            continue
        inside = blocks_of(statement)
        if any(each in path for each in inside):
            yield from (each for each in children(statement) if not _holds_block(each))
            yield from _up_to(inside, path)
        else:
            yield statement
        return


def _holds_block(node: cst.CSTNode) -> bool:
    return isinstance(node, (cst.BaseSuite, cst.Else, cst.Finally, cst.ExceptHandler, cst.ExceptStarHandler, cst.If))


def _up_to_mention(statements: Sequence[cst.CSTNode], names: Container[str]) -> Sequence[cst.CSTNode]:
    """The statements up to the last one that mentions one of some names; all, where none does."""
    for at in range(len(statements) - 1, -1, -1):
        if any(name in names for name in names_mentioned(statements[at])):
            return statements[: at + 1]
    return statements


def names_mentioned(node: cst.CSTNode) -> set[str]:
    """The names of variables, attributes and texts that running a node may need."""
    return {_unmarked(mention) for mention, _ in _mentions_in(node)}


def _unmarked(mention: str) -> str:
    return mention.removeprefix(_MEMBER)


def _mentions_of(node: cst.CSTNode, module: Module) -> Sequence[tuple[str, str | None]]:
    """Those in a node of a file; each construction in it asks for them."""
    return module.once(("mentions", node), lambda: tuple(dict.fromkeys(_mentions_in(node))))


def _mentions_in(node: cst.CSTNode) -> Iterator[tuple[str, str | None]]:
    """The names that running a node may need, those in lambdas included; imports and bodies of functions are left out.

    With each comes what is called before: where that leads to the place, as in ``Trainer(args).fit()``, the name is
    that of something that is called after it.
    """
    stack = [node]
    while stack:
        current = stack.pop()
        if type(current) is cst.FunctionDef:
            stack += [*current.decorators, current.params]
            if current.decorators:
                # Whoever decorates it may call it.
                yield _NAME + current.name.value, None
        elif type(current) is cst.Attribute:
            owner = current.value
            yield _MEMBER + current.attr.value, last_name(owner.func) if isinstance(owner, cst.Call) else None
            stack.append(current.value)
        elif type(current) is cst.SimpleString:
            # ``getattr(self, "prepare")()``
            yield _MEMBER + current.raw_value, None
            yield _NAME + current.raw_value, None
        elif type(current) is cst.Call and last_name(current.func) in _RUNNING_TEXT:
            texts = (each.value for each in current.args if isinstance(each.value, cst.SimpleString))
            yield from ((_NAME + word, None) for text in texts for word in _IDENTIFIER.findall(text.raw_value))
            stack += children(current)
        elif type(current) is cst.Name:
            yield _NAME + current.value, None
        elif type(current) is not cst.Import and type(current) is not cst.ImportFrom:
            stack += children(current)
