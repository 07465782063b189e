"""What becomes of a scheduler and its optimizer after the construction, as far as the code around it shows.

Only what stands in one file is looked at, variable by variable: whoever returns or stores a scheduler, or hands
it on to another file, leaves the rest to others, and nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

import libcst as cst

from lr_lint.checks.facts.lifecycle_events import NOTHING_KNOWN, Lifecycle, OptimizerChange
from lr_lint.checks.facts.step_orders import STEP, Trainings, early_step, is_training
from lr_lint.project.binders import FUNCTIONS, SELF
from lr_lint.project.holders import Holders, function_of
from lr_lint.project.knowledge import DEFAULT_RATES, RATE_ARGUMENTS
from lr_lint.project.modules import Module
from lr_lint.project.scopes import Binding
from lr_lint.semantics.values.context import Anchor
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.source.tree import BLOCKS, LOOPS, dotted_name, last_name, walk
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import Clock

_ADD_GROUP = "add_param_group"
# Where a scheduler keeps its time, in steps.
_TIME = "last_epoch"
# What may be asked of a scheduler without stepping it.
_ASKED = frozenset(
    "get_last_lr get_lr print_lr state_dict load_state_dict last_epoch base_lrs lr_lambdas optimizer".split()
)
# Who is called with these is stepped by its user.
_STEPPED = frozenset({Clock.STEP, Clock.PROGRESS})
# A variable that is used more often than this in one file is not followed.
_MOST_USES = 200
_JUMPS = (cst.Return, cst.Raise, cst.Break, cst.Continue)


def lifecycle_of(construction: Construction) -> Lifecycle:
    """What becomes of the scheduler of a construction."""
    return replace(_lifecycle_of(construction), adopted=_is_adopted(construction))


def _is_adopted(construction: Construction) -> bool:
    """Whether the scheduler, or a variable that holds it, is given to a scheduler that is made of others."""
    module = construction.module
    held = [_variable(construction, name) for name in _held_by(construction) or ()]
    places = [place for each in held if each is not None for place in _uses(module, each).places]
    paths = [construction.path, *(module.path_to(place) for place in places)]
    calls = (node for path in paths for node in path if isinstance(node, cst.Call))
    return any(last_name(call.func) in BUILT_IN.adopting for call in calls)


def _lifecycle_of(construction: Construction) -> Lifecycle:
    module, contract = construction.module, construction.contract
    argument = construction.argument(contract.optimizer) if contract.clock in _STEPPED else None
    optimizer = dotted_name(argument) if argument is not None else None
    names = _held_by(construction)
    if optimizer is None or names is None or len(names) > 1:
        return NOTHING_KNOWN
    found = [_variable(construction, name) for name in (optimizer, *names)]
    uses = [_uses(module, each) for each in found if each is not None]
    if len(uses) < len(found) or any(len(each.places) > _MOST_USES for each in uses):
        return NOTHING_KNOWN
    if names:
        return _followed(construction, uses[1], uses[0])
    return NOTHING_KNOWN if _may_be_meant_to_fail(construction) else _abandoned("", construction, uses[0])


def _variable(construction: Construction, name: str) -> Binding | None:
    """A variable as a construction sees it; None where it is a class's own, or nobody's in this file."""
    home = function_of(construction.path)
    binding = construction.module.scopes.resolve(name, construction.call)
    if binding is None or isinstance(home, cst.Lambda):
        return None
    return None if isinstance(binding.scope, cst.ClassDef) and not name.startswith(f"{SELF}.") else binding


def _held_by(construction: Construction) -> list[str] | None:
    """The variables that a construction is assigned to; none where it is dropped, None where it goes elsewhere."""
    statement = next((node for node in reversed(construction.path) if isinstance(node, cst.BaseSmallStatement)), None)
    if isinstance(statement, cst.Expr) and statement.value is construction.call:
        return []
    if isinstance(statement, cst.Assign) and statement.value is construction.call:
        names = [dotted_name(target.target) for target in statement.targets]
    elif isinstance(statement, cst.AnnAssign) and statement.value is construction.call:
        names = [dotted_name(statement.target)]
    else:
        return None
    return None if None in names else [name for name in names if name is not None]


def _may_be_meant_to_fail(construction: Construction) -> bool:
    """Whether the construction stands where an exception is waited for."""
    return any(isinstance(node, (cst.With, cst.Try, cst.TryStar)) for node in construction.path)


class _Uses:
    """What the code of a file does with one variable."""

    def __init__(self, module: Module, binding: Binding) -> None:
        """Take in where it is used.

        Args:
            module: the file.
            binding: the variable.
        """
        self.module, self.binding = module, binding
        self.places = module.scopes.uses(binding)

    @cached_property
    def assignments(self) -> dict[cst.CSTNode, cst.CSTNode]:
        """Where it is assigned, with the statement."""
        assigning = {node: self.module.assigned_by(node) for node in self.places}
        return {node: by for node, by in assigning.items() if by is not None}

    @cached_property
    def is_only_asked(self) -> bool:
        """Whether nothing is done with it but to ask for its state."""
        return all(node in self.assignments or self._asks(node) for node in self.places)

    def _asks(self, node: cst.CSTNode) -> bool:
        parent = self.module.path_to(node)[-1]
        return isinstance(parent, cst.Attribute) and parent.value is node and parent.attr.value in _ASKED

    @cached_property
    def holders(self) -> Holders:
        """The variables that hold what it holds."""
        return Holders(self.module, self.binding)

    @cached_property
    def trainings(self) -> Trainings:
        """All that steps it, where it is an optimizer."""
        return Trainings(self.holders)

    def calls(self, method: str, home: cst.CSTNode) -> Iterator[cst.Call]:
        """The calls of one of its methods in a function, or in the methods of its class if it is an attribute."""
        for function in self.holders.variables:
            if function is home or self._is_in_its_class(function):
                yield from self.holders.calls(method, function)

    def _is_in_its_class(self, function: cst.CSTNode) -> bool:
        return isinstance(self.binding.scope, cst.ClassDef) and self.binding.scope in self.module.path_to(function)

    @cached_property
    def handed_on(self) -> list[cst.CSTNode]:
        """Where it is returned, or given to a function that trains."""
        return [node for node in self.places if _is_handed_on(self.module.path_to(node))]


def _uses(module: Module, binding: Binding) -> _Uses:
    """The uses of a variable, found once for all schedulers of a file."""
    place = ("uses", binding)
    if place not in module.memo:
        module.memo[place] = _Uses(module, binding)
    uses: _Uses = module.memo[place]
    return uses


def _is_handed_on(path: Sequence[cst.CSTNode]) -> bool:
    if isinstance(path[-1], cst.Arg) and isinstance(path[-2], cst.Call):
        return is_training(path[-2])
    return isinstance(path[-1], (cst.Return, cst.Element)) and any(isinstance(each, cst.Return) for each in path)


def _followed(construction: Construction, scheduler: _Uses, optimizer: _Uses) -> Lifecycle:
    """What becomes of a scheduler that a variable holds."""
    name, home = scheduler.binding.name, function_of(construction.path)
    if "." not in name and scheduler.is_only_asked and not _is_seen_elsewhere(construction, scheduler):
        return _abandoned(name, construction, optimizer)
    all_steps = list(scheduler.calls(STEP, home))
    steps = [call for call in all_steps if not call.args]
    as_made = all(map(_constructs, scheduler.assignments.values())) and not _is_put_back(scheduler.module)
    early = early_step(construction.path, scheduler.holders, optimizer.trainings) if as_made else None
    change = _change(construction, scheduler, optimizer, steps)
    return Lifecycle(name, early=early, change=change, renewed=_is_renewed(construction, all_steps))


def _is_put_back(module: Module) -> bool:
    """Whether the file sets the time of a scheduler: once it is put back, the first step takes the first rate."""
    return any(write.field == _TIME for write in module.writes.of(_TIME))


def _is_renewed(construction: Construction, steps: Sequence[cst.Call]) -> bool:
    """Whether each turn of a loop makes the scheduler, and steps it in the loop itself."""
    loop = _loop_around(construction.path)
    return (
        loop is not None
        and bool(steps)
        and all(_loop_around(construction.module.path_to(step)) is loop for step in steps)
    )


def _loop_around(path: Sequence[cst.CSTNode]) -> cst.CSTNode | None:
    """The innermost loop around a place, within the function that the place is in."""
    around = next((node for node in reversed(path) if isinstance(node, (*LOOPS, *FUNCTIONS))), None)
    return around if isinstance(around, LOOPS) else None


def _constructs(statement: cst.CSTNode) -> bool:
    """Whether an assignment gives a variable what is constructed there and then, or None."""
    if isinstance(statement, cst.Assign) and any(isinstance(each.target, cst.Tuple) for each in statement.targets):
        return False
    value = getattr(statement, "value", None)
    return isinstance(value, cst.Call) or (isinstance(value, cst.Name) and value.value == "None")


def _is_seen_elsewhere(construction: Construction, scheduler: _Uses) -> bool:
    """Whether other code may use the variable: whoever imports it, or whoever a function makes it ``global`` for."""
    if function_of(construction.path) is not scheduler.module.tree:
        return scheduler.binding.scope is not function_of(construction.path)
    return bool(construction.project.importers(scheduler.module, scheduler.binding.name))


def _abandoned(name: str, construction: Construction, optimizer: _Uses) -> Lifecycle:
    """What becomes of a scheduler that nobody steps."""
    module, call = construction.module, construction.call
    home = function_of(construction.path)
    steps = (
        training.call
        for function, trainings in optimizer.trainings.by_function.items()
        for training in trainings
        # What another function does is done when it is called.
        if training.is_step and (function is not home or module.is_before(call, training.call))
    )
    step = next(steps, None)
    if step is not None:
        return Lifecycle(name, abandoned=True, training=Anchor(module, step), stepped=True)
    handed = next((node for node in optimizer.handed_on if module.is_before(call, node)), None)
    return Lifecycle(name, abandoned=True, training=None if handed is None else Anchor(module, handed))


def _change(
    construction: Construction, scheduler: _Uses, optimizer: _Uses, steps: Sequence[cst.Call]
) -> OptimizerChange | None:
    """A change of the optimizer after which the old scheduler is stepped."""
    module, call = construction.module, construction.call
    if any(module.is_before(call, node) for node in scheduler.assignments):
        return None
    rebuilt = [
        (node, True) for node, made in optimizer.assignments.items() if _is_another(made, optimizer.binding.name)
    ]
    grown = [(each, False) for each in optimizer.calls(_ADD_GROUP, function_of(construction.path))]
    for node, is_rebuilt in (*rebuilt, *grown):
        if _follows(module, node, call):
            later = next((step for step in steps if _follows(module, step, node)), None)
            if later is not None:
                return OptimizerChange(Anchor(module, node), is_rebuilt, Anchor(module, later))
    return None


def _is_another(statement: cst.CSTNode, optimizer: str) -> bool:
    """Whether an assignment constructs an optimizer that has nothing to do with the one before."""
    value = getattr(statement, "value", None)
    if not isinstance(value, cst.Call) or any(dotted_name(node) == optimizer for node in walk(value)):
        return False
    keywords = {argument.keyword.value for argument in value.args if argument.keyword is not None}
    return last_name(value.func) in DEFAULT_RATES or not keywords.isdisjoint(RATE_ARGUMENTS)


def _follows(module: Module, later: cst.CSTNode, earlier: cst.CSTNode) -> bool:
    """Whether one thing happens after another on one way through a function."""
    first, second = module.path_to(earlier), module.path_to(later)
    if function_of(first) is not function_of(second) or not module.is_before(earlier, later):
        return False
    shared = [node for node, other in zip(first, second, strict=False) if node is other]
    # Where it is no block that holds both, they are different branches of one statement.
    below = first[len(shared) :]
    return isinstance(shared[-1], BLOCKS) and not any(map(_leaves, below))


def _leaves(block: cst.CSTNode) -> bool:
    """Whether a block of statements ends by leaving."""
    body = block.body if isinstance(block, BLOCKS) else ()
    last = body[-1] if body else None
    small = last.body[-1] if isinstance(last, cst.SimpleStatementLine) else last
    return isinstance(small, _JUMPS)
