"""Where an object goes after its construction, and what happens to it there.

An object is followed through variables, attributes, containers, arguments and results, in whatever file of the project.
Where it goes somewhere that cannot be followed and may be stepped there, that is said: then nothing is known of its
clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import libcst as cst

from lr_lint.lifecycle.callers import (
    callers_of,
    class_around,
    fields_of,
    gathered_by,
    is_self,
    parameter_of,
)
from lr_lint.lifecycle.evaluator import Evaluator
from lr_lint.lifecycle.events import Crossing, Event, Happening, Held, Trail
from lr_lint.lifecycle.named_members import members_read_by_name
from lr_lint.lifecycle.relatives import Relatives, relatives_of
from lr_lint.lifecycle.replacements import is_replaced
from lr_lint.lifecycle.saved_owners import savings_of_owners
from lr_lint.lifecycle.subjects import Subject
from lr_lint.lifecycle.whereabouts import Where, constant_index
from lr_lint.lifecycle.written_rates import writes_to
from lr_lint.project.binders import SELF, parameters_of
from lr_lint.project.holders import function_of
from lr_lint.project.imports import may_import
from lr_lint.project.knowledge import ENGINE_MAKERS, PAIRS_GIVEN_BACK, PREPARING
from lr_lint.project.modules import Module
from lr_lint.project.namings import text_of
from lr_lint.project.scopes import Binding
from lr_lint.source.tree import code_of, dotted_name, last_name
from lr_lint.vocabulary.contract_rows import BUILT_IN

# An object that is held by more variables than this is not followed further.
_MOST_HOLDERS = 40
# Nor one that is used more often than this in one file.
_MOST_USES = 200
# Through how many calls it is followed.
_LONGEST_WAY = 4
_CONTAINERS = frozenset("list tuple dict set enumerate zip reversed values items deepcopy iter".split())
# Those that give each item in a tuple: beside those of other arguments, or behind its number.
_TUPLES = frozenset({"zip", "enumerate"})
_APPENDING = frozenset({"append", "extend", "add", "insert", "update"})
# Those that are given a container of what they add.
_JOINING = frozenset({"extend", "update"})
_COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.GeneratorExp)
# What an expression may stand in and be forgotten: conditions, texts, keys, statements of their own, what is called.
_LEAVING_IT = (
    cst.Expr,
    cst.If,
    cst.While,
    cst.Comparison,
    cst.ComparisonTarget,
    cst.UnaryOperation,
    cst.Assert,
    cst.FormattedStringExpression,
    cst.Index,
    cst.Del,
    cst.Decorator,
    cst.Call,
)
_GROUPS, _OPTIMIZER = "param_groups", "optimizer"


class Follower:
    """Follows one object.

    Attributes:
        trail: what has become of it, as far as it was followed.
    """

    def __init__(self, subject: Subject, evaluator: Evaluator, pinned: Mapping[cst.CSTNode, Crossing]) -> None:
        """Nothing is followed yet.

        Args:
            subject: the kind of the object.
            evaluator: the world of the construction.
            pinned: for functions that are called from several places the call that counts.
        """
        self.trail = Trail()
        self._subject = subject
        self._evaluator = evaluator
        self._pinned = pinned
        self._known: set[tuple[str, Binding, cst.CSTNode | None, int | str | None]] = set()
        self._seen: set[tuple[cst.CSTNode, int | str | None]] = set()
        self._noted: set[tuple[Happening, cst.CSTNode]] = set()
        self._given: set[cst.CSTNode] = set()
        self._relatives: dict[cst.ClassDef, Relatives] = {}

    def finished(self) -> Trail:
        """The trail, once everything was followed."""
        # What gives a variable the object itself, or what was made of it, replaces nothing.
        self.trail.events = [
            each
            for each in self.trail.events
            if each.happening is not Happening.REPLACED or each.node not in self._given
        ]
        return self.trail

    def add_makers(self, module: Module, node: cst.CSTNode) -> None:
        """What is around the calls that lead to a place counts as around the construction."""
        for _ in range(_LONGEST_WAY):
            function = function_of(module.path_to(node))
            if not isinstance(function, cst.FunctionDef):
                return
            callers = self.callers(module, function)
            for each in callers:
                self.trail.birth.update(each.module.path_to(each.call))
            if len(callers) != 1:
                return
            module, node = callers[0].module, callers[0].call

    def callers(self, module: Module, function: cst.FunctionDef) -> Sequence[Crossing]:
        """The calls of a function, or the one that counts."""
        pinned = self._pinned.get(function)
        return callers_of(module, function, self._evaluator) if pinned is None else [pinned]

    def value(self, module: Module, node: cst.CSTNode, where: Where) -> None:
        """What becomes of the value of an expression that is the object, or holds it."""
        if (node, where.at) in self._seen:
            return
        self._seen.add((node, where.at))
        path = module.path_to(node)
        parent = path[-1] if path else None
        if isinstance(parent, cst.Attribute) and parent.value is node:
            self._member(module, parent, path, where)
        elif isinstance(parent, (cst.Assign, cst.AnnAssign, cst.NamedExpr)) and parent.value is node:
            targets = [each.target for each in parent.targets] if isinstance(parent, cst.Assign) else [parent.target]
            for target in targets:
                self._target(module, target, where)
        elif isinstance(parent, cst.Arg) and isinstance(path[-2], cst.Call):
            self._argument(module, parent, path[-2], where)
        elif isinstance(parent, (cst.Element, cst.DictElement)):
            self._element(module, parent, path[-2], where)
        elif isinstance(parent, (cst.For, cst.CompFor)) and parent.iter is node:
            self._target(module, parent.target, where.taken_out())
        elif isinstance(parent, cst.Subscript) and parent.value is node:
            self._part(module, parent, where)
        else:
            self._handed_up(module, node, parent, path, where)

    def _handed_up(
        self, module: Module, node: cst.CSTNode, parent: cst.CSTNode | None, path: Sequence[cst.CSTNode], where: Where
    ) -> None:
        """What becomes of the value of an expression that gives it to what is around."""
        if isinstance(parent, cst.IfExp):
            if parent.test is not node:
                self.value(module, parent, where)
        elif isinstance(parent, cst.BooleanOperation):
            self.value(module, parent, replace(where, loose=True))
        elif isinstance(parent, (cst.StarredElement, cst.BinaryOperation, cst.DictComp, *_COMPREHENSIONS)):
            self._gathered(module, parent, where)
        elif isinstance(parent, cst.Return):
            self._result(module, parent, path, where)
        elif isinstance(parent, (cst.Yield, cst.Lambda, cst.From)):
            self._note(Happening.RETURNED, module, parent, where)
            self._lose("it is handed on by a generator or a lambda", where)
        elif not isinstance(parent, _LEAVING_IT):
            self._lose("it is used in a way that is not followed", where)

    def _gathered(self, module: Module, parent: cst.CSTNode, where: Where) -> None:
        """A display is given its items, or a comprehension gives it as one of its own."""
        if isinstance(parent, cst.StarredElement):
            self.value(module, parent, where)
        else:
            self.value(module, parent, where.item() if isinstance(parent, cst.BinaryOperation) else where.put_into())

    def _lose(self, reason: str, where: Where) -> None:
        if not where.kept:
            self.trail.lost = self.trail.lost or reason

    def _note(
        self, happening: Happening, module: Module, node: cst.CSTNode, where: Where, name: str = "", role: str = ""
    ) -> None:
        if (happening, node) not in self._noted:
            self._noted.add((happening, node))
            event = Event(happening, module, node, where.crossings, name, role, where.via, where.loose, where.kept)
            self.trail.events.append(event)

    def _part(self, module: Module, part: cst.Subscript, where: Where) -> None:
        """An item of what holds it: the object, unless it is known to be at another place."""
        at = constant_index(part)
        if where.at is None or at is None or at == where.at:
            self.value(module, part, where.taken_out())

    def _member(self, module: Module, member: cst.Attribute, path: Sequence[cst.CSTNode], where: Where) -> None:
        """An attribute of it: a method that is called, or handed on."""
        name = member.attr.value
        call = path[-2] if len(path) > 1 else None
        if module.assigned_by(member) is not None:
            self._note(Happening.SET, module, member, where, name)
        elif isinstance(call, cst.Call) and call.func is member:
            if name == "items":
                self.value(module, call, where.beside(1))
            elif name in _CONTAINERS or (name == "get" and call.args):
                self.value(module, call, where.taken_out() if name == "get" else where.item())
            else:
                happening = self._subject.happening(name) if where.at is None else None
                if happening is not None:
                    self._note(happening, module, call, where, name)
        elif name in self._subject.steps and where.at is None:
            # ``scheduler.step`` without a call is a statement that does nothing.
            if not isinstance(call, cst.Expr):
                self._lose("its step is handed on", where)
        elif name == _OPTIMIZER and where.at is None:
            self._note(Happening.OPTIMIZER_READ, module, member, where)
        elif name == _GROUPS:
            for target, key in writes_to(module, member):
                self._note(Happening.RATE_WRITTEN, module, target, where, key)

    def _target(self, module: Module, target: cst.CSTNode, where: Where) -> None:
        if isinstance(target, (cst.Tuple, cst.List)):
            # Which of the targets it is may not be known; then each may be.
            for index, element in enumerate(target.elements):
                if where.at is None or index == where.at:
                    self._target(module, element.value, where.taken_out())
        elif isinstance(target, cst.Subscript):
            self.hold(module, target.value, where.put_into(constant_index(target)))
        else:
            self.hold(module, target, where)

    def hold(self, module: Module, target: cst.CSTNode, where: Where) -> None:
        """A variable or attribute holds it from here on."""
        text = dotted_name(target)
        binding = None if text is None else module.scopes.resolve(text, target)
        if binding is None:
            if not (isinstance(target, cst.Name) and target.value == "_"):
                self._lose("what it is assigned to cannot be followed", where)
        elif isinstance(binding.scope, cst.ClassDef) and binding.name.startswith(f"{SELF}."):
            self.attribute(module, binding, where, target)
        elif "." in binding.name:
            # All attributes of that name in the file may be it, whatever the object is called.
            self.trail.names.append((module, binding))
            self._give(target)
            self._attributes_named(module, binding.name.rpartition(".")[2], None, replace(where, loose=True), target)
        else:
            self.variable(module, binding, where, target)

    def variable(self, module: Module, binding: Binding, where: Where, since: cst.CSTNode | None = None) -> None:
        """What is done with a variable that holds it.

        Args:
            module: the file.
            binding: the variable.
            where: where in its value the object is.
            since: what gave it to the variable; None for what always holds it.
        """
        key = (module.path, binding, since, where.at)
        self._give(since)
        if key in self._known:
            return
        self._known.add(key)
        self.trail.names.append((module, binding))
        uses = module.scopes.uses(binding)
        if len(self._known) > _MOST_HOLDERS or len(uses) > _MOST_USES:
            self._lose("it is held by too many variables, or used too often", where)
            return
        for node in uses:
            if module.assigned_by(node) is not None:
                self._reassigned(module, node, since, where)
            elif not is_replaced(module, binding, since, node):
                # A function that sees a variable of another scope is entered by calls that do not hand it over.
                seen_from_inside = function_of(module.path_to(node)) is binding.scope
                self.value(module, node, where if seen_from_inside else where.seen_otherwise())
        if isinstance(binding.scope, cst.Module):
            for other in self._evaluator.project.importing_modules(module, binding.name):
                if may_import(other, module) and _imports(other, binding.name):
                    self.variable(other, Binding(other.tree, binding.name), where.seen_otherwise())

    def _give(self, target: cst.CSTNode | None) -> None:
        if target is not None:
            self._given.add(target)

    def _reassigned(self, module: Module, node: cst.CSTNode, since: cst.CSTNode | None, where: Where) -> None:
        if isinstance(module.assigned_by(node), cst.Del):
            self._note(Happening.DELETED, module, node, where, dotted_name(node) or "")
        elif since is not None and node is not since and where.at is None:
            self._note(Happening.REPLACED, module, node, where, dotted_name(node) or "")

    def attribute(self, module: Module, binding: Binding, where: Where, since: cst.CSTNode | None = None) -> None:
        """An attribute of ``self``: in all methods of the class, of its bases and of classes that derive from it.

        The arguments are those of `variable`.
        """
        name = binding.name.partition(".")[2]
        key = (module.path, binding, None, where.at)
        self._give(since)
        if key in self._known:
            return
        self._known.add(key)
        self.trail.names.append((module, binding))
        scope = binding.scope
        if not isinstance(scope, cst.ClassDef) or "." in name:
            self._lose("the class that keeps it cannot be followed", where)
            return
        if len(self._known) > _MOST_HOLDERS:
            self._lose("it is held by too many variables, or used too often", where)
            return
        relatives = self._relatives.get(scope)
        if relatives is None:
            relatives = self._relatives[scope] = relatives_of(module, scope, self._evaluator)
            self._note_savings(relatives, where.seen_otherwise())
        for home in relatives.homes:
            self._attributes_named(home.module, name, home.classes, where, since, relatives.hidden, home.others)

    def _note_savings(self, relatives: Relatives, where: Where) -> None:
        """Where objects that keep it are written to a file as a whole."""
        for home in relatives.homes:
            for call in savings_of_owners(home.module, relatives.line, home.classes, self._subject, self._evaluator):
                self._note(Happening.OWNER_SAVED, home.module, call, where, dotted_name(call.func) or "")

    def _attributes_named(
        self,
        module: Module,
        name: str,
        classes: set[cst.ClassDef] | None,
        where: Where,
        since: cst.CSTNode | None,
        hidden: frozenset[cst.CSTNode] = frozenset(),
        others: frozenset[cst.CSTNode] = frozenset(),
    ) -> None:
        for node in members_read_by_name(module, name, classes):
            self.value(module, node, replace(where.seen_otherwise(), loose=True))
        for node in module.attributes.get(name, ()):
            own = is_self(node.value)
            if own and classes is not None and class_around(module, node) not in classes:
                continue
            if hidden and not hidden.isdisjoint(module.path_to(node)):
                continue
            if module.assigned_by(node) is not None:
                if own or classes is None:
                    self._reassigned(module, node, since, where)
                continue
            # A class that derives from the one that keeps it may be another scheduler's, if it does the same otherwise.
            loose = where.loose or not own or not others.isdisjoint(module.path_to(node))
            self.value(module, node, replace(where.seen_otherwise(), loose=loose))

    def _argument(self, module: Module, argument: cst.Arg, call: cst.Call, where: Where) -> None:
        name = last_name(call.func)
        at = next(index for index, each in enumerate(call.args) if each is argument)
        keyword = argument.keyword.value if argument.keyword is not None else ""
        if name in PREPARING or dotted_name(call.func) in PAIRS_GIVEN_BACK:
            self.trail.prepared.append(Crossing(module, call))
            given_back = at if name in PREPARING or not keyword else self._subject.given_back
            self.value(module, call, where.item(given_back if len(call.args) > 1 else None))
        elif name in _APPENDING and isinstance(call.func, cst.Attribute):
            self.hold(module, call.func.value, where.item() if name in _JOINING else where.put_into())
        elif name == "dict" and keyword:
            self.trail.held.append(Held(module, call, keyword))
            self.value(module, call, where.put_into(keyword))
        elif name in _TUPLES:
            self.value(module, call, where.beside(at if name == "zip" else 1))
        elif name in _CONTAINERS:
            self.value(module, call, where.item())
        else:
            self.trail.held.append(Held(module, call, keyword))
            self._given_to(module, call, at, keyword, where)

    def _given_to(self, module: Module, call: cst.Call, at: int, keyword: str, where: Where) -> None:
        """A call is given it, or what holds it."""
        subject, name = self._subject, last_name(call.func)
        if subject.saves(call):
            self._note(Happening.SAVED, module, call, where, dotted_name(call.func) or "", keyword)
        elif subject.keeps(call):
            self._enter(module, call, at, keyword, replace(where, keeper=where.keeper or len(where.crossings) + 1))
        elif name in subject.harmless:
            return
        elif name in BUILT_IN.adopting and subject.must_be_known:
            self._note(Happening.ADOPTED, module, call, where, name, keyword)
            self.value(module, call, replace(where.item(), via=call))
        elif dotted_name(call.func) in ENGINE_MAKERS:
            self._note(Happening.ADOPTED, module, call, where, dotted_name(call.func) or "", keyword)
            self.value(module, call, replace(where.item(0), via=call))
            self.value(module, call, where.item(subject.given_back))
        elif subject.is_stepped_by(call):
            self._note(Happening.STEPPED, module, call, where, name, keyword)
        elif subject.is_scheduled_by(call, class_around(module, call)):
            self._note(Happening.SCHEDULED, module, call, where, dotted_name(call.func) or "", keyword)
        else:
            self._enter(module, call, at, keyword, where)

    def _enter(self, module: Module, call: cst.Call, at: int, keyword: str, where: Where) -> None:
        """A function gets it: one of the project, or one that is not followed."""
        evaluator = self._evaluator
        known = self._subject.must_be_known and not where.kept
        entered = evaluator.definition_of(module, call) if known else evaluator.named_definition_of(module, call)
        parameter = None if entered is None else parameter_of(*entered, call, at, keyword)
        if entered is not None and parameter is None:
            parameter = gathered_by(entered[1], keyword)
            where = where.item(keyword) if where.at is None else where
        if entered is None or parameter is None:
            if where.kept or self._fill_field(module, call, at, keyword, where):
                return
            self._note(Happening.HANDED, module, call, where, code_of(call.func), keyword)
            if self._subject.must_be_known:
                self._lose(f"it is handed to `{code_of(call.func)}`", where)
            elif last_name(call.func)[:1].isupper():
                # An optimizer around the optimizer.
                self.value(module, call, where)
            return
        home, function = entered
        crossings = (*where.crossings, Crossing(module, call))
        self.trail.entered.setdefault(function, {})[call] = Crossing(module, call)
        if len(crossings) <= _LONGEST_WAY:
            since = next(each.name for each in parameters_of(function.params) if each.name.value == parameter)
            self.variable(home, Binding(function, parameter), replace(where, crossings=crossings), since)

    def _fill_field(self, module: Module, call: cst.Call, at: int, keyword: str, where: Where) -> bool:
        """A record of the project gets it: then all attributes of the field's name may be it."""
        line = self._evaluator.line_constructed(module, call)
        fields = fields_of(line[0][1]) if len(line) == 1 else ()
        name = keyword or (fields[at] if at < len(fields) else "")
        if name not in fields:
            return False
        home, cls = line[0]
        places = {each.path: each for each in (home, module, *self._evaluator.project.users(home, cls.name.value))}
        for each in places.values():
            self._attributes_named(each, name, None, replace(where.seen_otherwise(), loose=True), None)
        return True

    def _element(
        self, module: Module, element: cst.Element | cst.DictElement, container: cst.CSTNode, where: Where
    ) -> None:
        """An item of a list, tuple or dict that is written down."""
        if isinstance(element, cst.DictElement):
            role = text_of(element.key) or ""
            self.trail.held.append(Held(module, container, role))
            self.value(module, container, where.put_into(role or None))
            return
        self.trail.held.append(Held(module, container))
        elements = getattr(container, "elements", ())
        index = next((at for at, each in enumerate(elements) if each is element), None)
        self.value(module, container, where.put_into(index))

    def _result(self, module: Module, statement: cst.Return, path: Sequence[cst.CSTNode], where: Where) -> None:
        function = function_of(path)
        if not isinstance(function, cst.FunctionDef):
            return
        self.trail.held.append(Held(module, statement))
        callers = [where.crossings[-1]] if where.crossings else self.callers(module, function)
        self.trail.shared = self.trail.shared or len(callers) > 1
        if not callers:
            self._note(Happening.RETURNED, module, statement, where)
        for caller in callers:
            self.trail.birth.update(caller.module.path_to(caller.call))
            self.value(caller.module, caller.call, where.given_back())


def _imports(module: Module, name: str) -> bool:
    """Whether a file imports something by a name."""
    return any(
        isinstance(alias, cst.ImportAlias) and last_name(alias.name) == name
        for statement in module.scopes.index.of(cst.ImportFrom)
        if not isinstance(statement.names, cst.ImportStar)
        for alias in statement.names
    )
