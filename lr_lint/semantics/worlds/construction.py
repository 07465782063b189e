"""A place where a scheduler is constructed, and the arguments that it gets there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.project.imports import Project
from lr_lint.project.modules import Module
from lr_lint.project.namings import entries_of, is_dict
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.frames import frame_at
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.containers import DictValue
from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.values.functions import Partial
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.semantics.values.world import World
from lr_lint.vocabulary.budgets import Budget
from lr_lint.vocabulary.contracts import Contract, Place


@dataclass(frozen=True, slots=True)
class Construction:
    """Where a scheduler is constructed.

    Attributes:
        project: the files around it.
        module: the file.
        call: the call that constructs it.
        path: its ancestors, outermost first.
        contract: what the scheduler does with its callable.
        budget: what following it may cost; one world has a budget of its own besides.
        skipped: leading arguments that are not the constructor's (``self`` in ``LambdaLR.__init__(self, ...)``).
        bound: whether what is called has some of the arguments already: ``partial(LambdaLR, optimizer)(f)``.
        within: the call in the code that `call` runs which does construct it: code that was handed the class. It may be
            `call` itself, in some worlds; None where it is, in all.
        named: where the file under check names the class, if another one constructs it.
        turns: of loops around the call, which of their items it is made with, if not with the first.
    """

    project: Project
    module: Module
    call: cst.Call
    path: tuple[cst.CSTNode, ...]
    contract: Contract
    budget: Budget
    skipped: int = 0
    bound: bool = False
    within: cst.Call | None = None
    named: Anchor | None = None
    turns: tuple[tuple[cst.CSTNode, int], ...] = ()

    @property
    def anchor(self) -> Anchor:
        """The place of the call."""
        return Anchor(self.module, self.call)

    @property
    def site(self) -> Anchor:
        """The place in the file under check that speaks for the construction: the call, or where the class is named."""
        return self.named or self.anchor

    def argument(self, place: Place | None) -> cst.BaseExpression | None:
        """The expression that is passed at a position or under a keyword; None where there is none."""
        if place is None or self.within not in (None, self.call):
            return None
        position, keyword = place
        named = dict(self._named())
        if keyword in named:
            return named[keyword]
        # Which position an argument has depends on how many there are before it.
        positional = [] if self.bound else list(self._positional())
        if position is None or len(positional) <= position + self.skipped:
            return None
        return positional[position + self.skipped]

    def _positional(self) -> Iterator[cst.BaseExpression]:
        """The arguments that are passed by position, up to what cannot be told apart."""
        for argument in self.call.args:
            if argument.star == "*":
                if not isinstance(argument.value, (cst.List, cst.Tuple)):
                    return
                yield from (element.value for element in argument.value.elements)
            elif argument.keyword is None and not argument.star:
                yield argument.value

    def _named(self) -> Iterator[tuple[str, cst.BaseExpression]]:
        """The arguments that are passed by name, those of dicts that are written down among them."""
        for argument in self.call.args:
            if argument.keyword is not None:
                yield argument.keyword.value, argument.value
            elif argument.star == "**":
                written = self._written(argument.value)
                yield from entries_of(written) if is_dict(written) else ()

    def _written(self, value: cst.BaseExpression) -> cst.BaseExpression:
        """What a variable was assigned that is bound once and used here alone; anything else itself."""
        binding = self.module.scopes.resolve(value.value, self.call) if isinstance(value, cst.Name) else None
        binders = self.module.scopes.binders(binding) if binding is not None else ()
        if binding is None or len(self.module.scopes.uses(binding)) > len(binders) + 1:
            return value
        statement = self.module.assigned_by(binders[0]) if len(binders) == 1 else None
        return statement.value if isinstance(statement, cst.Assign) and len(statement.targets) == 1 else value


def bare(callee: Value) -> Value:
    """What is called, without the arguments that it was given before."""
    while isinstance(callee, Partial):
        callee = callee.function
    return callee


def entry_of(value: Value, key: str) -> Value:
    """The entry of a dict, where a scheduler takes its callable in one; else the value itself."""
    if not key:
        return value
    if isinstance(value, DictValue) and key in value.entries:
        return force(value.entries[key])
    return Unknown("the argument has no such entry")


def argument_around(construction: Construction, world: World) -> Value | None:
    """The lr that the call around a construction is given: by its keyword, or as an entry of a dict."""
    module, contract = construction.module, construction.contract
    names = (contract.around,) if contract.around else contract.replaces
    arguments = [each for node in reversed(construction.path) if isinstance(node, cst.Call) for each in node.args]

    def value_of(argument: cst.Arg) -> Value:
        frame = frame_at(module, argument.value, module.path_to(argument.value), world)
        return force(evaluate(argument.value, frame))

    for argument in arguments:
        if argument.keyword is not None and argument.keyword.value in names:
            return value_of(argument)
    for argument in arguments if contract.replaces else ():
        given = value_of(argument) if argument not in construction.path and not argument.star else None
        if isinstance(given, DictValue):
            return next((given.entries[key] for key in names if key in given.entries), None)
    return None


def argument_at(place: Place | None, arguments: Sequence[Value], keywords: dict[str, Value]) -> Value | None:
    """The value that is passed at a position or under a keyword; None where there is none."""
    if place is None:
        return None
    position, keyword = place
    value = keywords.get(keyword)
    if position is not None and len(arguments) > position:
        value = arguments[position]
    return None if value is None else force(value)
