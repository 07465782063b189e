"""What a callee is, asked as a scheduler: a class of a library, a row of the user, or a subclass of one of these."""

from __future__ import annotations

import libcst as cst

from lr_lint.checks.overrides import is_replaced
from lr_lint.project.imports import Project
from lr_lint.project.modules import Module
from lr_lint.semantics.machine.class_members import bases_of, external_bases, find_method
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.imported import module_member
from lr_lint.semantics.machine.interpreter import new_world
from lr_lint.semantics.machine.slices import module_frame
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.context import Frame
from lr_lint.semantics.values.functions import Function
from lr_lint.semantics.values.imports import External, ModuleValue
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.objects import ClassValue
from lr_lint.semantics.values.unknown import Unknown, default_of
from lr_lint.semantics.worlds.explore import ASSUMED_COUNTS
from lr_lint.source.tree import dotted_name
from lr_lint.vocabulary.contracts import Contract, ContractTable

# What gives an attribute by its name.
_LOOK_UP = "builtins.getattr"


class Contracts:
    """The table of contracts, asked about values: a row of the user may name what the project itself defines."""

    def __init__(self, table: ContractTable, project: Project, module: Module) -> None:
        self.project = project
        self.module = module
        self.own_words = frozenset(name.rpartition(".")[2] for name in table.own)
        self._table = table

    def within(self, files: int) -> Contracts:
        """The same table, asked with a budget of files to open."""
        return Contracts(self._table, self.project.within(files), self.module)

    def named(self, name: str) -> Contract | None:
        """The row of a library's class by its dotted name, or by the last part of that."""
        if "." in name:
            return self._table.by_name.get(name)
        return next((row for row in self._table.sought if row.overridden_by and row.short_name == name), None)

    def of(self, value: Value) -> Contract | None:
        """The row that describes a value."""
        if isinstance(value, External):
            return self._table.by_name.get(value.name)
        if isinstance(value, Unknown):
            return self._looked_up(value)
        if isinstance(value, (ClassValue, Function)):
            return next((self._table.by_name[name] for name in self._table.own if self._is(name, value)), None)
        return None

    def _looked_up(self, value: Unknown) -> Contract | None:
        """The row of a class that a parameter is by default, or that is got from a module by a name.

        It is that of the module, where nobody knows the name.

        By default it may be the name of a scheduler that calls what it is given: other classes would be given
        something else.
        """
        usual_class = default_of(value)
        if isinstance(usual_class, External):
            # ``def __init__(self, scheduler=LambdaLR)``
            return self.of(usual_class)
        made = value.invocation
        if made is None or made.callee != External(_LOOK_UP) or not made.arguments:
            return None
        home, *names = map(force, made.arguments)
        row = self._table.by_name.get(home.name) if isinstance(home, External) else None
        if row is None or not row.looked_up:
            return None
        name = default_of(names[0]) if names else None
        usual = self._table.by_name.get(f"{row.name}.{name.value}") if isinstance(name, Constant) else None
        return usual if usual is not None and usual.callable is not None else row

    def _is(self, name: str, value: ClassValue | Function) -> bool:
        """Whether a dotted name means a class or a function of the project, wherever that is defined.

        The name may be that of the definition or of a module that exports it again.
        """
        package, _, last = name.rpartition(".")
        home = value.frame
        if home.scope is not home.module.tree:
            return False
        if last == value.name and _is_module(home.module.path, package):
            return True
        found = self.project.find(self.module, package)
        if found is None:
            return False
        frame = module_frame(found, new_world(ASSUMED_COUNTS[0], self.project))
        named = force(module_member(ModuleValue(found, package), last, frame))
        return isinstance(named, (ClassValue, Function)) and named.node is value.node


def _is_module(path: str, dotted: str) -> bool:
    """Whether a file is the module of that name, whichever folder the package lies in."""
    wanted = dotted.replace(".", "/")
    stem = path.removesuffix(".py").removesuffix("/__init__")
    return stem == wanted or stem.endswith(f"/{wanted}")


def contract_of(callee: Value, contracts: Contracts) -> tuple[Contract, int] | None:
    """The contract of what is called, with the number of its leading arguments that are not the constructor's."""
    contract = contracts.of(callee)
    if contract is None and isinstance(callee, ClassValue) and find_method(callee, "__init__") is None:
        # A subclass without a constructor of its own is constructed like its base.
        contract = inherited_contract(callee, contracts)
    return None if contract is None else (contract, 0)


def inherited_contract(cls: ClassValue, contracts: Contracts) -> Contract | None:
    """The contract of a scheduler subclass; None where it overrides what the contract rests on."""
    for base in external_bases(cls):
        contract = contracts.of(base)
        if contract is not None:
            overridden = any(is_replaced(cls, name) for name in contract.overridden_by)
            return None if overridden else contract
    return None


def base_call(function: cst.Attribute, frame: Frame, contracts: Contracts) -> tuple[Contract, int] | None:
    """``super().__init__(...)`` or ``LambdaLR.__init__(self, ...)`` in a subclass."""
    owner = frame.owner
    if owner is None or inherited_contract(owner, contracts) is None:
        return None
    if dotted_name(function.value) is not None:
        contract = contract_of(evaluate(function.value, frame), contracts)
        return None if contract is None else (contract[0], 1)
    for base in bases_of(owner):
        contract = contract_of(base, contracts)
        if contract is not None:
            return contract
    return None
