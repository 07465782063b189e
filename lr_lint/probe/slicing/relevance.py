"""Which statements bear on what is wanted, so far as a slice has come.

What a statement does to names is for `lr_lint.project.effects` to say, and which variable a name means for
`lr_lint.project.scopes`. What is decided here is how much of that can matter to a schedule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import libcst as cst

from lr_lint.probe.slicing.definitions import Definitions, Scope, all_in, block_of, parameters, passing
from lr_lint.probe.slicing.evaluated_roles import Roles
from lr_lint.probe.slicing.fragments import (
    bound_by_header,
    given_whole,
    header_of,
    is_attribute_of_self,
    keeps_hyperparameters,
    part_of,
    targets_of,
)
from lr_lint.project.aliases import behind
from lr_lint.project.binders import SELF
from lr_lint.project.effects import root_of
from lr_lint.project.scopes import Binding
from lr_lint.semantics.values.functions import Bound, Function
from lr_lint.semantics.values.library_objects import Parser
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import dotted_name, last_name
from lr_lint.vocabulary.names import words_of

# Calls that change nothing which a schedule starts from.
_IDLE = frozenset(
    "load_state_dict zero_grad step backward info debug warning warn error log write close flush print print_help "
    "add_scalar add_text add_graph watch barrier register_hook".split()
)
_IDLE_WORDS = frozenset(
    "log logger logging logs seed dist distributed wandb print save dir dirs experiment cuda writer check assert "
    "validate train test evaluate eval fit plot show".split()
)
# Words of functions that cannot be read and may well change what they are given.
_CHANGING_WORDS = frozenset("add set update merge parse load fill setup process override".split())
# Optimizers and schedulers read these of the groups by themselves (torch.optim, torch 2.13.0).
_ALWAYS_READ = frozenset({"lr", "initial_lr", "params"})


@dataclass
class Needs:
    """What kept code needs.

    Attributes:
        definitions: those of the file.
        variables: those whose values it reads; an attribute of ``self`` for each class that has it.
        parts: attributes and keys that it reads of whatever object.
        escaped: names of objects that code outside of this file is given as a whole.
        made_up: classes whose objects come from nowhere else than the slice's own way.
    """

    definitions: Definitions
    variables: set[Binding] = field(default_factory=set)
    parts: set[str] = field(default_factory=lambda: set(_ALWAYS_READ))
    escaped: set[str] = field(default_factory=set)
    made_up: set[cst.ClassDef] = field(default_factory=set)
    _meant: dict[tuple[str, cst.CSTNode], Binding | None] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """How much it is; it only grows."""
        return len(self.variables) + len(self.parts) + len(self.escaped)

    def meant(self, name: str, scope: cst.CSTNode) -> Binding | None:
        """The variable that a name means in the body of a scope."""
        place = (name, scope)
        if place not in self._meant:
            self._meant[place] = self.definitions.module.scopes.resolve_within(name, scope)
        return self._meant[place]

    def has(self, name: str, scope: cst.CSTNode) -> bool:
        """Whether what a name means in a scope is needed; so is an attribute that is read of any object of a class."""
        binding = self.meant(name, scope)
        if binding is None or binding in self.variables:
            return binding is not None
        owner = binding.scope
        if not isinstance(owner, cst.ClassDef) or not is_attribute_of_self(name) or owner in self.made_up:
            return False
        return name.removeprefix(f"{SELF}.") in self.parts

    def has_any(self, names: Iterable[str], scope: cst.CSTNode) -> bool:
        """Whether one of some names is needed."""
        return any(self.has(name, scope) for name in names)


class Relevance:
    """Tells the statements that bear on the needs of a slice.

    Args:
        needs: the needs; they grow while the slice does.
        roles: what the interpreter knows of values.
        site: the construction.
    """

    def __init__(self, needs: Needs, roles: Roles, site: cst.Call) -> None:
        self._needs = needs
        self._definitions = needs.definitions
        self._module = needs.definitions.module
        self._roles = roles
        self._site = site
        self._aliases: dict[cst.CSTNode, dict[str, set[str]]] = {}

    def of_compound(self, statement: cst.CSTNode, scope: Scope) -> bool:
        """Whether the header of a compound statement binds something that is needed."""
        bound = {name for target in bound_by_header(statement) for name in self._module.effects(target).reads}
        bound |= {name for part in header_of(statement) for name in self._module.effects(part).binds}
        root = root_of(statement.iter) if isinstance(statement, cst.For) else None
        if root is not None and root in self._module.effects(statement).touches and self._needs.has(root, scope):
            # A loop that changes its items changes what it goes through: ``for g in groups: g["lr"] = ...``.
            meant = (self._needs.meant(name, scope) for name in bound)
            self._needs.variables.update(binding for binding in meant if binding is not None)
        return self._needs.has_any(bound, scope)

    def of_change(self, statement: cst.CSTNode, scope: Scope, helper: bool) -> bool:
        """Whether a simple statement or a definition binds or changes something that is needed.

        Args:
            statement: the statement.
            scope: the scope that it stands in.
            helper: whether that is run to its end for others: to change a parameter is to change something of theirs.
        """
        effects = self._module.effects(statement)
        if self._needs.has_any(effects.binds, scope) and not isinstance(statement, cst.Del):
            return True
        if self._touches(effects.touches, scope, helper):
            return not self._sets_unread_part(statement)
        if self._touches(self._module.consequences.changed_by(statement), scope, helper):
            return True
        call = getattr(statement, "value", None)
        if not isinstance(call, cst.Call):
            return False
        return self._sets_by_calling(call, scope) or self._changes_arguments(call, scope, helper, guess=False)

    def of_call(self, statement: cst.Expr, call: cst.Call, scope: Scope, helper: bool) -> bool:
        """Whether a call that stands by itself changes something that is needed; the arguments are those above."""
        last = last_name(call.func)
        if call is self._site or dotted_name(call.func) in {"sys.path.append", "sys.path.insert"}:
            return True
        if keeps_hyperparameters(statement):
            return self._needs.has(f"{SELF}.hparams", scope)
        if last in _IDLE:
            return False
        declares = last.startswith("DEFINE_") and self._needs.has(root_of(call.func) or "", scope)
        touches = self._module.effects(statement).touches | self._module.consequences.changed_by(statement)
        if self._touches(touches, scope, helper):
            self._need_what_changes(call, scope)
            return True
        return (
            declares
            # Whoever gave the function may have given it something that changes what is needed.
            or (isinstance(call.func, cst.Name) and call.func.value in self._given(scope, helper))
            or self._sets_by_calling(call, scope)
            or self._changes_arguments(call, scope, helper, guess=True)
        )

    def _need_what_changes(self, call: cst.Call, scope: Scope) -> None:
        """Asks for the attributes in which a method of this file changes what its object was given."""
        found = self._definitions.callee(call, scope)
        if found is not None:
            names = self._module.consequences.of(found[0]).changes_in_place
            meant = (self._needs.meant(name, found[0]) for name in names)
            self._needs.variables.update(binding for binding in meant if binding is not None)

    def _touches(self, touched: frozenset[str], scope: Scope, helper: bool) -> bool:
        aliases = self._aliases_in(scope)
        reached = touched.union(*(behind(name, aliases) for name in touched)) - self._definitions.library_names
        return bool(reached & self._given(scope, helper)) or self._needs.has_any(reached, scope)

    @staticmethod
    def _given(scope: Scope, helper: bool) -> set[str]:
        return {each.name.value for each in parameters(scope)} if helper else set()

    def _aliases_in(self, scope: Scope) -> dict[str, set[str]]:
        """The names of a scope that stand for a part of another's value: ``group = optimizer.param_groups[0]``."""
        known = self._aliases.get(scope)
        if known is None:
            known = self._aliases[scope] = {}
            for statement, _ in all_in(block_of(scope)):
                for name, root in self._module.held_by(statement):
                    known.setdefault(name, set()).add(root)
        return known

    def _sets_unread_part(self, statement: cst.CSTNode) -> bool:
        """Whether all that a statement changes are attributes that no kept code reads: ``args.save_dir = ...``."""
        targets = targets_of(statement)
        return bool(targets) and all(
            isinstance(target, (cst.Attribute, cst.Subscript))
            and isinstance(target.value, cst.Name)
            and target.value.value not in self._needs.escaped | {SELF}
            and part_of(target) is not None
            and part_of(target) not in self._needs.parts
            for target in targets
        )

    def _sets_by_calling(self, call: cst.Call, scope: Scope) -> bool:
        """Whether a call of a method or function of this file sets something that is needed."""
        found = self._definitions.callee(call, scope)
        if found is None:
            return False
        function = found[0]
        names = self._module.outer_names(function).keys() & self._module.effects(function.body).binds
        if function.name.value != "__init__":
            names |= self._module.consequences.of(function).attributes
        return self._needs.has_any(names, function)

    def _changes_arguments(self, call: cst.Call, scope: Scope, helper: bool, *, guess: bool) -> bool:
        """Whether a call changes an object that it is given: ``add_options(parser)``.

        Args:
            call: the call.
            scope: the scope that it stands in.
            helper: whether that is run to its end for others.
            guess: whether functions that cannot be read are taken to, where they say so or are given a parser.
        """
        words = set(words_of(last_name(call.func)))
        if words & _IDLE_WORDS or (root_of(call.func) or "") in self._definitions.library_names:
            return False
        own = self._given(scope, helper)
        roots = [(each, root_of(each.value) or "") for each in call.args]
        arguments = [each for each, root in roots if root in own or self._needs.has(root, scope)]
        if not arguments:
            return False
        callee = self._roles.value_of(call.func)
        skipped = int(isinstance(callee, Bound))
        callee = callee.function if isinstance(callee, Bound) else callee
        if isinstance(callee, Function) and isinstance(callee.node, cst.FunctionDef):
            changed = callee.frame.module.consequences.of(callee.node).parameters
            names = passing(call.args, callee.node, skipped)
            return any(name in changed for each, name in zip(call.args, names, strict=True) if each in arguments)
        whole = [each for each in arguments if dotted_name(each.value) in given_whole(call)]
        values = [self._roles.value_of(each.value) for each in whole] if guess else []
        if any(isinstance(value, Parser) for value in values):
            return True
        return any(value is None or isinstance(value, Unknown) for value in values) and bool(words & _CHANGING_WORDS)
