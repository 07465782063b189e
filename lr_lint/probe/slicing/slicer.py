"""Which statements of a file the construction of a scheduler needs.

A backward slice by names: a statement before the construction is kept when it binds or changes something that is
wanted, and then all that it reads is wanted too. Functions that kept code calls are sliced by what they return,
constructors by the attributes that are asked for. Models and data are never wanted; something stands in for them.
"""

from __future__ import annotations

import ast
import builtins
import copy
from collections.abc import Iterator, Sequence
from typing import TypeVar

from lr_lint.probe.slicing.effects import (
    FUNCTIONS,
    SELF,
    blocks_of,
    dotted,
    effects_of,
    imported_names,
    last_name,
    parameters_of,
    root_of,
)
from lr_lint.probe.slicing.file_index import FileIndex, Function, Scope, is_static
from lr_lint.probe.slicing.fragments import (
    bound_by_header,
    defaults_of,
    header_of,
    keeps_hyperparameters,
    kept_decorators,
    part_of,
)
from lr_lint.probe.slicing.roles import FLUENT, MODEL_PARTS, Role
from lr_lint.probe.slicing.route import Leg
from lr_lint.vocabulary.names import words_of

# Marks the construction through all copies of it.
SITE = "lr_lint_site"
# Calls that change nothing which a schedule starts from.
_IDLE = frozenset(
    "load_state_dict zero_grad step backward info debug warning warn error log write close flush print print_help "
    "add_scalar add_text add_graph watch barrier register_hook".split()
)
_IDLE_WORDS = frozenset(
    "log logger logging logs seed dist distributed wandb print save dir dirs experiment cuda writer check assert "
    "validate train test evaluate eval fit plot show".split()
)
_SETTINGS_WORDS = frozenset(
    "parser args arg opt opts options cfg config conf hparams params param flags settings groups kwargs".split()
)
# Packages whose classes bring a model or a trainer along; a slice asks nothing of them that a stand-in does not give.
_FRAMEWORKS = frozenset("pytorch_lightning lightning pl transformers fastai ignite mmcv mmengine composer".split())

_Node = TypeVar("_Node", bound=ast.AST)


class Slice:
    """The kept part of a file.

    Attributes:
        legs: the way to the construction, innermost first.
        kept: statements, definitions and the compound statements around them.
        stand_ins: per scope, the names that something stands in for.
        makers: per scope, the calls that make those models of which more than their parameters is asked.
        preparations: per class, methods that are called on a fresh instance, since they set what is wanted of it.
    """

    def __init__(self, index: FileIndex, legs: Sequence[Leg]) -> None:
        self.index = index
        self.legs = legs
        self.kept: set[ast.AST] = set()
        self.stand_ins: dict[ast.AST, dict[str, Role]] = {}
        self.preparations: dict[ast.ClassDef, list[Function]] = {}
        self.makers: dict[ast.AST, dict[str, ast.Call]] = {}
        self._model_classes: set[ast.ClassDef] = set()
        self._leg_of: dict[ast.AST, Leg] = {leg.scope: leg for leg in legs}
        self._wanted: dict[ast.AST, set[str]] = {}
        self._attributes: dict[ast.ClassDef, set[str]] = {}
        # Optimizers and schedulers read these of the groups by themselves (torch.optim, torch 2.13.0).
        self._attribute_names: set[str] = {"lr", "initial_lr", "params"}
        # Names of objects that code outside of this file is given as a whole.
        self._escaped: set[str] = set()
        self._active: list[ast.AST] = [leg.scope for leg in legs]
        self._size = -1
        self._run()

    def wanted(self, scope: ast.AST) -> set[str]:
        """The names of a scope that are wanted."""
        return self._wanted.setdefault(scope, set())

    def is_wanted(self, function: Function, parameter: str) -> bool:
        """Whether a function needs a parameter."""
        return parameter in self.wanted(function)

    def leg(self, scope: ast.AST) -> Leg | None:
        """The leg of a scope on the way."""
        return self._leg_of.get(scope)

    def is_received(self, cls: ast.ClassDef) -> bool:
        """Whether a class is one whose instance is made up: its methods lie on the way, and it is no scheduler."""
        return any(not leg.whole and self.index.class_of(leg.scope) is cls for leg in self.legs)

    # The fixed point.

    def _run(self) -> None:
        while True:
            for leg in self.legs:
                self._want_leg(leg)
            for scope in self._active:
                self._scan(scope)
            if not self._grown():
                self._prepare()
                if not self._grown():
                    return

    def _grown(self) -> bool:
        size = (
            len(self.kept)
            + len(self._active)
            + len(self._attribute_names)
            + len(self._escaped)
            + sum(map(len, self._wanted.values()))
            + sum(map(len, self._attributes.values()))
            + sum(map(len, self.stand_ins.values()))
            + sum(map(len, self.preparations.values()))
        )
        grown, self._size = size != self._size, size
        return grown

    def _want_leg(self, leg: Leg) -> None:
        if leg.target is not None:
            self._want_reads(leg.target, leg.scope)
            for ancestor in leg.path:
                # Tests decide nothing on the way, but whether they hold is told.
                if isinstance(ancestor, (ast.For, ast.AsyncFor, ast.If, ast.While)):
                    self._want_header(ancestor, leg.scope)
        if leg.entered is None:
            return
        if leg.receiver is None:
            self._want(leg.entered.name, leg.scope)
            return
        self._want(leg.receiver.name, leg.scope)
        start = self.index.method(leg.receiver, "__init__")
        if start is not None:
            self._activate(start)

    def _activate(self, scope: ast.AST) -> None:
        if scope not in self._active:
            self._active.append(scope)

    def _want(self, name: str, scope: ast.AST) -> None:
        if name.startswith(f"{SELF}."):
            cls = self.index.class_around(scope)
            if cls is not None and self.index.role(name, scope) is Role.VALUE:
                self._want_attribute(name.partition(".")[2], cls)
            return
        binder = self.index.binder(name, scope)
        if binder is None:
            if not (hasattr(builtins, name) or name.startswith("__") or self.index.has_star_import):
                # A part of a larger text, perhaps: what it needs can be supplied all the same.
                self.stand_ins.setdefault(self.index.tree, {})[name] = self.index.role(name, self.index.tree)
            return
        role = self.index.role(name, binder)
        if role is Role.VALUE or isinstance(binder, ast.ClassDef):
            self.wanted(binder).add(name)
        else:
            self.stand_ins.setdefault(binder, {})[name] = role

    def _want_attribute(self, name: str, cls: ast.ClassDef) -> None:
        for owner in self.index.bases(cls):
            self._attributes.setdefault(owner, set()).add(name)
        method = self.index.method(cls, name)
        if method is not None:
            self.kept.add(method)
            self._activate(method)
        start = self.index.method(cls, "__init__")
        if start is not None:
            self._activate(start)

    def _want_reads(self, node: ast.AST, scope: ast.AST) -> None:
        pruned = self.pruned(node, scope)
        for name in effects_of(pruned).reads:
            self._want(name, scope)
        for inner in ast.walk(pruned):
            if isinstance(inner, ast.Attribute):
                self._attribute_names.add(inner.attr)
            elif isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                self._attribute_names.add(inner.value)
            if isinstance(inner, ast.Call):
                self._want_maker(inner, scope)
            if isinstance(inner, ast.Call) and self.index.callee(inner, scope) is None:
                given = (*inner.args, *(keyword.value for keyword in inner.keywords))
                self._escaped.update(argument.id for argument in given if isinstance(argument, ast.Name))

    def _want_maker(self, call: ast.Call, scope: ast.AST) -> None:
        """Wants the class of a model that is asked for something which no model has by itself."""
        function = call.func
        if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
            return
        name = function.value.id
        binder = self.index.binder(name, scope)
        if binder is None or function.attr in MODEL_PARTS | FLUENT or self.index.role(name, binder) is not Role.MODEL:
            return
        maker = self.index.maker(name, binder)
        if maker is not None and dotted(maker.func) is not None:
            self.makers.setdefault(binder, {})[name] = maker
            root = root_of(maker.func)
            if root is not None:
                self._want(root, binder)
                made = self.index.cls(root)
                if made is not None:
                    self._model_classes.add(made)

    # Scopes.

    def _scan(self, scope: ast.AST) -> None:
        if isinstance(scope, ast.ClassDef):
            self._scan_class(scope)
            return
        assert isinstance(scope, (ast.Module, *FUNCTIONS))
        leg = self.leg(scope)
        if leg is not None and not leg.whole:
            for statement, around in self._before(scope.body, leg, ()):
                self._consider(statement, around, scope, False)
        else:
            for statement, around in self._all(scope.body, ()):
                self._consider(statement, around, scope, True)
        if isinstance(scope, FUNCTIONS):
            self._want_defaults(scope)

    def _want_defaults(self, function: Function) -> None:
        around = self.index.scope_of(function)
        for parameter, default in defaults_of(function.args):
            if default is not None and self.is_wanted(function, parameter.arg):
                self._want_reads(default, around)

    def _before(
        self, block: Sequence[ast.stmt], leg: Leg, around: tuple[ast.AST, ...]
    ) -> Iterator[tuple[ast.stmt, tuple[ast.AST, ...]]]:
        """The statements that come before the target, with the compound statements around each that are off the way."""
        for statement in block:
            if statement not in leg.path:
                yield from self._all([statement], around)
                continue
            if isinstance(statement, ast.Try) and leg.path.isdisjoint((*statement.body, *statement.handlers)):
                yield from self._all(statement.body, around)
            for inner in blocks_of(statement):
                if any(part in leg.path for part in inner):
                    yield from self._before(inner, leg, around)
            return

    def _all(
        self, block: Sequence[ast.stmt], around: tuple[ast.AST, ...]
    ) -> Iterator[tuple[ast.stmt, tuple[ast.AST, ...]]]:
        for statement in block:
            yield statement, around
            for inner in blocks_of(statement):
                yield from self._all(inner, (*around, statement))

    def _consider(self, statement: ast.stmt, around: tuple[ast.AST, ...], scope: Scope, helper: bool) -> None:
        if statement in self.kept:
            # What its calls need may have grown.
            self._want_what_it_needs(statement, scope)
        elif self._is_relevant(statement, around, scope, helper):
            self.kept.add(statement)
            self._want_what_it_needs(statement, scope)
            for compound in around:
                if compound not in self.kept:
                    self.kept.add(compound)
                    self._want_header(compound, scope)

    def _want_what_it_needs(self, statement: ast.stmt, scope: Scope) -> None:
        if isinstance(statement, FUNCTIONS):
            for decorator in kept_decorators(statement, self.index):
                self._want_reads(decorator, scope)
            self._activate(statement)
        elif isinstance(statement, ast.ClassDef):
            self._activate(statement)
        elif any(True for _ in blocks_of(statement)):
            self._want_header(statement, scope)
        else:
            self._want_reads(statement, scope)
            if isinstance(scope, FUNCTIONS) and keeps_hyperparameters(statement):
                self.wanted(scope).update(self._given(scope) - {SELF})

    def _want_header(self, compound: ast.AST, scope: ast.AST) -> None:
        for part in header_of(compound):
            self._want_reads(part, scope)

    def _is_relevant(self, statement: ast.stmt, around: tuple[ast.AST, ...], scope: Scope, helper: bool) -> bool:
        if isinstance(statement, ast.Return):
            return helper
        if isinstance(statement, (ast.Break, ast.Continue)):
            loop = next((outer for outer in reversed(around) if isinstance(outer, (ast.For, ast.While))), None)
            return loop in self.kept
        if isinstance(statement, ast.Raise):
            return bool(around) and around[-1] in self.kept
        if isinstance(statement, (ast.Global, ast.Nonlocal)):
            return not isinstance(scope, ast.Module)
        if isinstance(statement, ast.Import):
            return bool(self.index.effects(statement).binds & self._effective(scope))
        if isinstance(statement, ast.ImportFrom):
            star = any(alias.name == "*" for alias in statement.names)
            return star or bool(self.index.effects(statement).binds & self._effective(scope))
        if isinstance(statement, ast.Expr):
            return self._is_relevant_call(statement, scope, helper)
        if isinstance(statement, (ast.Pass, ast.Assert)):
            return False
        if isinstance(statement, ast.Delete):
            return bool(self.index.effects(statement).touches & self._effective(scope))
        leg = self.leg(scope)
        if isinstance(statement, FUNCTIONS) and self.leg(statement) is not None:
            return True
        if isinstance(statement, ast.ClassDef) and any(
            self.index.class_of(other.scope) is statement for other in self.legs
        ):
            return True
        if leg is not None and leg.whole and not isinstance(statement, ast.ClassDef):
            return True
        return self._changes_wanted(statement, scope, helper)

    def _changes_wanted(self, statement: ast.stmt, scope: Scope, helper: bool) -> bool:
        wanted = self._effective(scope)
        if any(True for _ in blocks_of(statement)):
            effects = effects_of(*bound_by_header(statement))
            if isinstance(statement, (ast.For, ast.AsyncFor)) and root_of(statement.iter) in wanted:
                # A loop that changes its items changes what it goes through: ``for g in groups: g["lr"] = ...``.
                changed = effects.binds & effects_of(*statement.body).touches
                self.wanted(scope).update(changed)
                return bool(changed) or bool(effects.binds & wanted)
        else:
            effects = self.index.effects(statement)
        if effects.binds & wanted:
            return True
        touched = effects.touches - self.index.library_names
        aliases = self.index.aliases(scope)
        touched |= {aliases[name] for name in touched if name in aliases}
        if touched & wanted or (helper and touched & self._given(scope)):
            return not self._sets_unread_attribute(statement)
        value = getattr(statement, "value", None)
        return isinstance(value, ast.Call) and self._sets_attributes(value, scope)

    def _sets_unread_attribute(self, statement: ast.stmt) -> bool:
        """Whether all that a statement changes are attributes that no kept code reads: ``args.save_dir = ...``."""
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        return all(
            isinstance(target, (ast.Attribute, ast.Subscript))
            and isinstance(target.value, ast.Name)
            and target.value.id != SELF
            and target.value.id not in self._escaped
            and part_of(target) is not None
            and part_of(target) not in self._attribute_names
            for target in targets
        )

    def _effective(self, scope: ast.AST) -> set[str]:
        """The wanted names, with those of the module that the scope sets and the attributes of ``self``."""
        wanted = set(self.wanted(scope))
        if isinstance(scope, FUNCTIONS):
            for name in self.index.declared_outer(scope):
                binder = self.index.binder(name, self.index.scope_of(scope))
                if binder is not None and name in self.wanted(binder):
                    wanted.add(name)
        cls = self.index.class_around(scope)
        if cls is not None:
            names = set(self._attributes.get(cls, ()))
            if not self.is_received(cls) or any(leg.receiver is None for leg in self.legs[1:]):
                names |= self._attribute_names
            wanted |= {f"{SELF}.{name}" for name in names}
        return wanted

    @staticmethod
    def _given(scope: ast.AST) -> set[str]:
        """The parameters of a function: to change one is to change something of the caller's."""
        return {parameter.arg for parameter in parameters_of(scope.args)} if isinstance(scope, FUNCTIONS) else set()

    def _is_relevant_call(self, statement: ast.Expr, scope: Scope, helper: bool) -> bool:
        value = statement.value.value if isinstance(statement.value, ast.Await) else statement.value
        if isinstance(value, (ast.Yield, ast.YieldFrom)):
            return helper
        if not isinstance(value, ast.Call):
            return isinstance(value, ast.NamedExpr) and self._changes_wanted(statement, scope, helper)
        name = dotted(value.func) or ""
        last = last_name(value.func)
        if name in {"sys.path.append", "sys.path.insert"} or getattr(value, SITE, False):
            return True
        if keeps_hyperparameters(statement):
            return f"{SELF}.hparams" in self._effective(scope)
        if isinstance(value.func, ast.Attribute) and last == "__init__":
            return self._is_relevant_base_call(scope)
        if last in _IDLE:
            return False
        if self._sets_attributes(value, scope):
            return True
        effects = self.index.effects(statement)
        wanted = self._effective(scope)
        if helper:
            wanted |= self._given(scope)
        touched = effects.touches - (self.index.library_names if not last.startswith("DEFINE_") else set())
        if touched & wanted:
            return True
        return self._may_change_arguments(value, effects.passes & wanted, scope)

    def _is_relevant_base_call(self, scope: Scope) -> bool:
        """Whether a call of the base's constructor matters: it does where the project defines the base."""
        cls = self.index.class_around(scope)
        if cls is None:
            return False
        leg = self.leg(scope)
        if (leg is not None and leg.whole) or len(self.index.bases(cls)) > 1:
            return True
        return not self.is_received(cls) or any(
            (root_of(base) or "") not in self.index.library_names for base in cls.bases
        )

    def _sets_attributes(self, call: ast.Call, scope: Scope) -> bool:
        """Whether a call of a method or function of this file sets something that is wanted."""
        found = self.index.callee(call, scope)
        if found is None:
            return False
        function = found[0]
        names = {f"{SELF}.{name}" for name in self.index.attributes_set(function)}
        if self.index.class_of(function) is not None and names & self._effective(scope) and function.name != "__init__":
            return True
        return bool(self.index.globals_set(function) & self.wanted(self.index.tree))

    def _may_change_arguments(self, call: ast.Call, passed: set[str], scope: Scope) -> bool:
        """Whether a call statement may change the settings that it is given: ``add_options(parser)``."""
        passed = {name for name in passed if _SETTINGS_WORDS & set(words_of(name.removeprefix(f"{SELF}.")))}
        if not passed or (root_of(call.func) or "") in self.index.library_names:
            return False
        found = self.index.callee(call, scope)
        if found is not None:
            function, skipped = found
            parameters = [parameter.arg for parameter in parameters_of(function.args)][skipped:]
            given = dict(zip(parameters, call.args, strict=False))
            given.update({keyword.arg: keyword.value for keyword in call.keywords if keyword.arg})
            touched = self.index.touched_parameters(function)
            return any(root_of(given[name]) in passed for name in touched if name in given)
        words = set(words_of(last_name(call.func)))
        return not words & _IDLE_WORDS and (
            any("parser" in words_of(name) for name in passed)
            or bool(words & {"add", "set", "update", "merge", "parse", "load", "fill", "setup", "process", "override"})
        )

    def _scan_class(self, cls: ast.ClassDef) -> None:
        around = self.index.scope_of(cls)
        received = self.is_received(cls)
        for decorator in kept_decorators(cls, self.index):
            self._want_reads(decorator, around)
        for base in (*cls.bases, *(keyword.value for keyword in cls.keywords)):
            if not (received and self.is_replaced_base(base)):
                self._want_reads(base, around)
        for base_class in self.index.bases(cls)[1:]:
            self._activate(base_class)
        foreign = (
            not received
            and cls not in self._model_classes
            and any(
                not (isinstance(base, ast.Name) and (base.id == "object" or self.index.cls(base.id)))
                for base in cls.bases
            )
        )
        for statement, outer in self._all(cls.body, ()):
            if isinstance(statement, FUNCTIONS):
                name = statement.name
                needed = (
                    self.leg(statement) is not None
                    or foreign
                    or name in self._attribute_names
                    or name in self._attributes.get(cls, ())
                    or (
                        name.startswith("__")
                        and cls not in self._model_classes
                        and (not received or name == "__init__")
                    )
                )
                if needed and statement not in self.kept:
                    self.kept.update((statement, *outer))
                    self._activate(statement)
                if needed:
                    for decorator in kept_decorators(statement, self.index):
                        self._want_reads(decorator, cls)
            elif isinstance(statement, (ast.Assign, ast.AnnAssign, ast.ClassDef)):
                self.kept.update((statement, *outer))
                if isinstance(statement, ast.ClassDef):
                    self._activate(statement)
                else:
                    self._want_reads(statement, cls)
                    if isinstance(statement, ast.AnnAssign) and kept_decorators(cls, self.index):
                        self._want_reads(ast.Expr(statement.annotation), cls)
                for compound in outer:
                    self._want_header(compound, cls)

    def is_replaced_base(self, base: ast.expr) -> bool:
        """Whether a base of a made-up instance is left out, for what it imports."""
        root = root_of(base)
        return root is not None and self._package_of(root) in _FRAMEWORKS

    def _package_of(self, name: str) -> str:
        for statement in ast.walk(self.index.tree):
            if isinstance(statement, ast.Import):
                for alias in statement.names:
                    if (alias.asname or alias.name.partition(".")[0]) == name:
                        return alias.name.partition(".")[0]
            elif isinstance(statement, ast.ImportFrom) and not statement.level and name in imported_names(statement):
                return (statement.module or "").partition(".")[0]
        return ""

    def _prepare(self) -> None:
        """Finds the methods that set what a made-up instance is asked for and no constructor sets."""
        for leg in self.legs:
            cls = leg.receiver
            if cls is None or leg.entered is None or not self.is_received(cls):
                continue
            on_the_way = {other.scope for other in self.legs}
            set_before: set[str] = set()
            for owner in self.index.bases(cls):
                set_before |= self.index.locals(owner)
                start = self.index.method(owner, "__init__")
                if start is not None:
                    set_before |= self.index.attributes_set(start)
            for other in self.legs:
                if other.target is not None and self.index.class_of(other.scope) is cls:
                    assert isinstance(other.scope, FUNCTIONS)
                    for statement, _ in self._before(other.scope.body, other, ()):
                        effects = self.index.effects(statement)
                        set_before |= {name.partition(".")[2] for name in effects.binds if name.startswith(f"{SELF}.")}
            prepared = self.preparations.setdefault(cls, [])
            for name in sorted(self._attributes.get(cls, set()) - set_before):
                setters = [
                    method
                    for method in self.index.methods(cls)
                    if method not in on_the_way
                    and not is_static(method)
                    and f"{SELF}.{name}" in effects_of(*method.body).binds
                ]
                if len(setters) == 1 and setters[0] not in prepared:
                    prepared.append(setters[0])
                    self.kept.add(setters[0])
                    self._activate(setters[0])
            prepared.sort(key=lambda method: method.lineno)

    # Pruning of arguments.

    def pruned(self, node: _Node, scope: ast.AST) -> _Node:
        """A copy of a node without the arguments that the functions of this file do not need."""
        pruned: _Node = _Pruner(self, scope).visit(copy.deepcopy(node))
        return pruned


class _Pruner(ast.NodeTransformer):
    def __init__(self, owner: Slice, scope: ast.AST) -> None:
        self._slice = owner
        self._scope = scope

    def visit_Call(self, node: ast.Call) -> ast.AST:
        found = self._slice.index.callee(node, self._scope)
        if found is not None and not any(isinstance(argument, ast.Starred) for argument in node.args):
            self._prune(node, *found)
        return self.generic_visit(node)

    def _prune(self, call: ast.Call, function: Function, skipped: int) -> None:
        positional = [*function.args.posonlyargs, *function.args.args][skipped:]
        for at, parameter in enumerate(positional[: len(call.args)]):
            if not self._slice.is_wanted(function, parameter.arg):
                call.args[at] = ast.copy_location(ast.Constant(None), call.args[at])
        names = {parameter.arg for parameter in (*positional, *function.args.kwonlyargs)}
        for keyword in call.keywords:
            if keyword.arg in names and not self._slice.is_wanted(function, keyword.arg or ""):
                keyword.value = ast.copy_location(ast.Constant(None), keyword.value)
