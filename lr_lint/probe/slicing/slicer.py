"""Which statements of a file the construction of a scheduler needs.

A closure of names over the scope model of `lr_lint.project`: a statement is kept when it binds or changes something
that is needed, and then all that it reads is needed too. In the scopes on the way only what comes before the
construction counts; functions that kept code calls are kept by what they return, classes by what is asked of them (see
`lr_lint.probe.slicing.classes`). Models and data are never needed; something stands in for them.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Sequence

import libcst as cst

from lr_lint.probe.slicing.adaptation import Adapter
from lr_lint.probe.slicing.classes import Classes
from lr_lint.probe.slicing.definitions import (
    Around,
    Definitions,
    Scope,
    all_in,
    block_of,
    blocks_in,
    parameters,
)
from lr_lint.probe.slicing.evaluated_roles import Roles
from lr_lint.probe.slicing.fragments import (
    constant,
    given_whole,
    header_of,
    is_attribute_of_self,
    keeps_hyperparameters,
    kept_decorators,
)
from lr_lint.probe.slicing.relevance import Needs, Relevance
from lr_lint.probe.slicing.roles import Role
from lr_lint.probe.slicing.route import Leg
from lr_lint.probe.slicing.training import TrainingLoops
from lr_lint.project.binders import SELF
from lr_lint.project.blocks import may_raise
from lr_lint.project.effects import call_of_statement, effects_of, root_of
from lr_lint.project.knowledge import COPYING_METHODS, FLUENT_METHODS, MODEL_PARTS
from lr_lint.project.reach import names_mentioned
from lr_lint.project.scopes import Binding
from lr_lint.source.tree import LOOPS, dotted_name, walk


class Slice:
    """The kept part of a file.

    Attributes:
        definitions: those of the file.
        module: the file.
        site: the construction.
        legs: the way to it, innermost first.
        kept: statements, definitions and the compound statements around them.
        needs: what they need.
        classes: which parts of classes are among them.
        adapter: gives nodes as they stand in the program.
        stand_ins: per scope, the names that something stands in for.
        makers: per scope, the calls that make those models of which more than their parameters is asked.
        training: the loops that step the scheduler, whose bounds are needed too.
    """

    def __init__(
        self,
        definitions: Definitions,
        site: cst.Call,
        legs: Sequence[Leg],
        roles: Roles,
        training: TrainingLoops | None = None,
    ) -> None:
        self.definitions = definitions
        self.module = definitions.module
        self.site = site
        self.legs = legs
        self.training = training
        self.kept: set[cst.CSTNode] = set()
        self.stand_ins: dict[cst.CSTNode, dict[str, Role]] = {}
        self.makers: dict[cst.CSTNode, dict[str, cst.Call]] = {}
        self._roles = roles
        self._leg_of: dict[cst.CSTNode, Leg] = {leg.scope: leg for leg in legs}
        self.needs = Needs(definitions)
        self.classes = Classes(self.needs, legs)
        self.adapter = Adapter(self.needs, site)
        self._relevance = Relevance(self.needs, roles, site)
        self._active: list[Scope | cst.ClassDef] = [leg.scope for leg in legs]
        self._close()

    def leg(self, scope: cst.CSTNode) -> Leg | None:
        """The leg of a scope on the way."""
        return self._leg_of.get(scope)

    def default_of(self, parameter: str, function: cst.FunctionDef) -> str | None:
        """The code of a default that the definition itself does not give, as the option of a command has one."""
        return self._roles.default_of(Binding(function, parameter))

    # The fixed point.

    def _close(self) -> None:
        size = -1
        while size != self._size():
            size = self._size()
            for leg in self.legs:
                self._want_leg(leg)
            self._want_training()
            for scope in self._active:
                self._scan(scope)
            if size == self._size():
                self._prepare()

    def _size(self) -> int:
        names = sum(map(len, self.stand_ins.values()))
        return names + len(self.kept) + len(self._active) + self.needs.size

    def _want_leg(self, leg: Leg) -> None:
        if leg.target is not None:
            self._want_reads(leg.target, leg.scope)
            for ancestor in leg.path:
                # Tests decide nothing on the way, but whether they hold is told.
                if isinstance(ancestor, (cst.For, cst.If, cst.While)):
                    self._want_header(ancestor, leg.scope)
        if leg.entered is not None:
            self._want((leg.receiver or leg.entered).name.value, leg.scope)
            start = self.definitions.method(leg.receiver, "__init__") if leg.receiver is not None else None
            self._activate(start)

    def _want_training(self) -> None:
        if self.training is not None:
            for code in self.training.codes:
                self._want_reads(code, self.training.scope)

    def _prepare(self) -> None:
        """Takes in the methods that set what a made-up instance lacks."""
        for leg in self.legs:
            if leg.receiver is not None and leg.entered is not None and self.classes.is_received(leg.receiver):
                before = {name for each in self.legs for name in self._set_on_the_way(each, leg.receiver)}
                for method in self.classes.prepare(leg.receiver, before):
                    self.kept.add(method)
                    self._activate(method)

    def _set_on_the_way(self, leg: Leg, cls: cst.ClassDef) -> Iterator[str]:
        """The attributes that a method of a class on the way sets before it leads on."""
        if leg.target is not None and self.definitions.class_of(leg.scope) is cls:
            for statement, _ in self._before(block_of(leg.scope), leg):
                yield from (name for name in self.module.effects(statement).binds if is_attribute_of_self(name))

    def _activate(self, scope: Scope | cst.ClassDef | None) -> None:
        if scope is not None and scope not in self._active:
            self._active.append(scope)

    # Names.

    def _want(self, name: str, scope: cst.CSTNode) -> None:
        binding = self.needs.meant(name, scope)
        if binding is None:
            known = hasattr(builtins, name) or name.startswith("__") or self.module.star_imports()
            if not known and "." not in name:
                # A part of a larger text, perhaps: what it needs can be supplied all the same.
                role = self._roles.role_of(Binding(self.module.tree, name))
                self.stand_ins.setdefault(self.module.tree, {})[name] = role
            return
        role = self._roles.role_of(binding)
        if is_attribute_of_self(name):
            if role is Role.VALUE and isinstance(binding.scope, cst.ClassDef):
                self._want_attribute(name, binding.scope)
        elif role is Role.VALUE or isinstance(binding.scope, cst.ClassDef):
            self.needs.variables.add(binding)
        else:
            self.stand_ins.setdefault(binding.scope, {})[name] = role

    def _want_attribute(self, name: str, cls: cst.ClassDef) -> None:
        self.needs.variables.update(Binding(owner, name) for owner in self.definitions.bases(cls))
        method = self.definitions.method(cls, name.removeprefix(f"{SELF}."))
        if method is not None:
            self.kept.add(method)
        for each in (method, self.definitions.method(cls, "__init__")):
            self._activate(each)

    def _want_reads(self, node: cst.CSTNode, scope: cst.CSTNode) -> None:
        """Wants all that a statement or an expression reads; an annotation is not read."""
        for part in (node.target, node.value) if isinstance(node, cst.AnnAssign) else (node,):
            adapted = self.adapter.adapted(part, scope) if part is not None else None
            if adapted is not None:
                effects = self.module.effects(part) if adapted is part else effects_of(adapted)
                for name in effects.reads:
                    self._want(name, scope)
                for inner in walk(adapted):
                    self._note_read(inner, scope)

    def _note_read(self, node: cst.CSTNode, scope: cst.CSTNode) -> None:
        if isinstance(node, cst.Attribute):
            self.needs.parts.add(node.attr.value)
        elif isinstance(node, cst.SimpleString):
            text = constant(node)
            self.needs.parts.update({text} if isinstance(text, str) else ())
        elif isinstance(node, cst.Call):
            self._want_maker(node, scope)
            if self.definitions.callee(node, scope) is None:
                self.needs.escaped |= given_whole(node)

    def _want_maker(self, call: cst.Call, scope: cst.CSTNode) -> None:
        """Wants the class of a model that is asked for something which no model has by itself."""
        function = call.func
        if not isinstance(function, cst.Attribute) or not isinstance(function.value, cst.Name):
            return
        name = function.value.value
        binding = self.needs.meant(name, scope)
        if binding is None or function.attr.value in MODEL_PARTS | FLUENT_METHODS | COPYING_METHODS or name == SELF:
            return
        maker = self._roles.maker_of(binding) if self._roles.role_of(binding) is Role.MODEL else None
        if maker is not None:
            self.makers.setdefault(binding.scope, {})[name] = maker
            root = root_of(maker.func) or ""
            self._want(root, binding.scope)
            self.classes.note_model(self.definitions.defined_as(root, binding.scope))

    # Scopes.

    def _scan(self, scope: Scope | cst.ClassDef) -> None:
        if isinstance(scope, cst.ClassDef):
            self._scan_class(scope)
            return
        leg = self.leg(scope)
        on_the_way = leg is not None and not leg.whole
        statements = self._before(block_of(scope), leg) if leg is not None and on_the_way else all_in(block_of(scope))
        for statement, around in statements:
            self._consider(statement, around, scope, not on_the_way)
        for parameter in parameters(scope):
            if parameter.default is not None and self.needs.has(parameter.name.value, scope):
                self._want_reads(parameter.default, self.definitions.scope_of(scope))

    def _before(
        self, block: Sequence[cst.CSTNode], leg: Leg, around: Around = ()
    ) -> Iterator[tuple[cst.CSTNode, Around]]:
        """The statements that come before the target, with the compound statements around each that are off the way."""
        for statement in block:
            if statement not in leg.path:
                yield from all_in([statement], around)
                continue
            blocks = blocks_in(statement)
            if isinstance(statement, cst.Try) and leg.path.isdisjoint((*blocks[0], *statement.handlers)):
                yield from all_in(blocks[0], around)
            for inner in blocks:
                if not leg.path.isdisjoint(inner):
                    yield from self._before(inner, leg, around)
            return

    def _consider(self, statement: cst.CSTNode, around: Around, scope: Scope, helper: bool) -> None:
        if statement not in self.kept:
            # What ends a guarded block decides what of it is run.
            guarded = any(isinstance(outer, (cst.Try, cst.With)) and outer in self.kept for outer in around)
            if not (guarded and may_raise(statement)) and not self._is_relevant(statement, around, scope, helper):
                return
            self.kept.update((statement, *around))
        # What its calls need may have grown.
        for compound in around:
            self._want_header(compound, scope)
        if isinstance(statement, (cst.FunctionDef, cst.ClassDef)):
            for decorator in kept_decorators(statement, self.definitions):
                self._want_reads(decorator, scope)
            self._activate(statement)
        elif blocks_in(statement):
            self._want_header(statement, scope)
        else:
            self._want_reads(statement, scope)
            if keeps_hyperparameters(statement):
                self.needs.variables.update(Binding(scope, each.name.value) for each in parameters(scope))

    def _want_header(self, compound: cst.CSTNode, scope: cst.CSTNode) -> None:
        for part in header_of(compound):
            self._want_reads(part, scope)

    def _is_relevant(self, statement: cst.CSTNode, around: Around, scope: Scope, helper: bool) -> bool:
        if isinstance(statement, cst.Return):
            return helper
        if isinstance(statement, (cst.Global, cst.Nonlocal)):
            return scope is not self.module.tree
        if isinstance(statement, (cst.Break, cst.Continue)):
            loops = [outer for outer in around if isinstance(outer, LOOPS)]
            return bool(loops) and loops[-1] in self.kept
        if isinstance(statement, cst.Raise):
            return bool(around) and around[-1] in self.kept
        if isinstance(statement, (cst.Pass, cst.Assert)):
            return False
        if isinstance(statement, cst.ImportFrom) and isinstance(statement.names, cst.ImportStar):
            return True
        if isinstance(statement, cst.Expr):
            return self._is_relevant_expression(statement, scope, helper)
        leg = self.leg(scope)
        if leg is not None and leg.whole and not isinstance(statement, cst.ClassDef):
            return True
        if blocks_in(statement):
            return self._relevance.of_compound(statement, scope) or self._writes_part(statement)
        leads_on = any(each is statement or self.definitions.class_of(each) is statement for each in self._leg_of)
        return leads_on or self._relevance.of_change(statement, scope, helper) or self._writes_part(statement)

    def _writes_part(self, statement: cst.CSTNode) -> bool:
        """Whether a statement, or a function that it mentions, writes a field by the name of one that is read."""
        if isinstance(statement, (cst.FunctionDef, cst.ClassDef)):
            return False
        writes = self.module.writes
        if not self.needs.parts.isdisjoint(writes.within(statement)):
            return True
        definitions = (
            each for name in names_mentioned(statement) for each in self.module.scopes.index.defined_as(name)
        )
        return any(not self.needs.parts.isdisjoint(writes.within(each)) for each in definitions)

    def _is_relevant_expression(self, statement: cst.Expr, scope: Scope, helper: bool) -> bool:
        call = call_of_statement(statement)
        if call is None:
            is_yield = isinstance(statement.value, cst.Yield)
            return (
                helper
                if is_yield
                else self._relevance.of_change(statement, scope, helper) or self._writes_part(statement)
            )
        is_start = isinstance(call.func, cst.Attribute) and call.func.attr.value == "__init__" and call is not self.site
        cls = self.definitions.class_around(scope) if is_start else None
        if not is_start:
            if _hands_on(call, scope):
                return True
            return self._relevance.of_call(statement, call, scope, helper) or self._writes_part(statement)
        leg = self.leg(scope)
        return cls is not None and (self.classes.has_base_of_project(cls) or (leg is not None and leg.whole))

    def _scan_class(self, cls: cst.ClassDef) -> None:
        around = self.definitions.scope_of(cls)
        for node in self.classes.evaluated(cls):
            self._want_reads(node, around)
        for base in self.definitions.bases(cls)[1:]:
            self._activate(base)
        for statement, outer in all_in(block_of(cls)):
            if isinstance(statement, cst.FunctionDef):
                if statement not in self.kept and not self.classes.is_asked_for(statement, cls):
                    continue
                self._activate(statement)
                for decorator in kept_decorators(statement, self.definitions):
                    self._want_reads(decorator, cls)
            elif isinstance(statement, cst.ClassDef):
                self._activate(statement)
            elif isinstance(statement, (cst.Assign, cst.AnnAssign)):
                self._want_reads(statement, cls)
                if isinstance(statement, cst.AnnAssign) and kept_decorators(cls, self.definitions):
                    self._want_reads(statement.annotation.annotation, cls)
            else:
                continue
            self.kept.update((statement, *outer))
            for compound in outer:
                self._want_header(compound, cls)


def _hands_on(call: cst.Call, scope: Scope) -> bool:
    """Whether a method lets the one that it overrides do the work: ``super().step()``, ``Base.step(self)``."""
    function = call.func
    if not isinstance(scope, cst.FunctionDef) or not isinstance(function, cst.Attribute):
        return False
    if function.attr.value != scope.name.value:
        return False
    given = dotted_name(call.args[0].value) if call.args else ""
    return isinstance(function.value, cst.Call) or given == SELF
