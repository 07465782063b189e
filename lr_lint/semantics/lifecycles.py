"""What becomes of a scheduler and its optimizer after the construction, as far as the code around it shows.

Only what stands in one function (or in the file outside of functions) is looked at, by the spelling of variables:
whoever returns, stores or hands a scheduler on leaves the rest to others, and nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import libcst as cst

from lr_lint.project.bindings import Module
from lr_lint.project.facts import SELF
from lr_lint.semantics.optimizers import DEFAULT_LRS, RATE_ARGUMENTS
from lr_lint.semantics.scenarios import Construction
from lr_lint.semantics.values import Anchor
from lr_lint.source.tree import dotted_name, last_name, walk
from lr_lint.vocabulary.contracts import Clock
from lr_lint.vocabulary.lifecycles import NOTHING_KNOWN, Change, EarlyStep, Lifecycle
from lr_lint.vocabulary.names import words_of

_STEP, _ADD_GROUP = "step", "add_param_group"
# What may be asked of a scheduler without stepping it.
_ASKED = frozenset(
    "get_last_lr get_lr print_lr state_dict load_state_dict last_epoch base_lrs lr_lambdas optimizer".split()
)
_FUNCTIONS = (cst.FunctionDef, cst.Lambda)
_BLOCKS = (cst.Module, cst.IndentedBlock, cst.SimpleStatementSuite)
# What functions that train are called.
_TRAINING = frozenset({"train", "training", "trainer", "fit", "learn", "epoch", "epochs", "finetune"})
# Who is called with these is stepped by its user.
_STEPPED = frozenset({Clock.STEP, Clock.PROGRESS})
# A variable that is used more often than this in one file is not followed.
_MOST_USES = 200
_JUMPS = (cst.Return, cst.Raise, cst.Break, cst.Continue)


def lifecycle_of(construction: Construction) -> Lifecycle:
    """What becomes of the scheduler of a construction."""
    module, contract = construction.module, construction.contract
    argument = construction.argument(contract.optimizer) if contract.clock in _STEPPED else None
    optimizer = dotted_name(argument) if argument is not None else None
    names = _held_by(construction)
    scope = _scope(construction, names[0] if names else "")
    if optimizer is None or names is None or len(names) > 1 or scope is None:
        return NOTHING_KNOWN
    if any(len(module.spelled(name)) > _MOST_USES for name in (optimizer, *names)):
        return NOTHING_KNOWN
    if names:
        return _followed(construction, _uses(module, scope, names[0]), _uses(module, scope, optimizer))
    return (
        NOTHING_KNOWN
        if _may_be_meant_to_fail(construction)
        else _abandoned("", construction, _uses(module, scope, optimizer))
    )


def _scope(construction: Construction, name: str) -> cst.CSTNode | None:
    """Where a variable is to be looked for: in its function, in the file, or in its class if it is an attribute."""
    kinds = (cst.ClassDef,) if name.startswith(f"{SELF}.") else (*_FUNCTIONS, cst.ClassDef, cst.Module)
    scope = next((node for node in reversed(construction.path) if isinstance(node, kinds)), None)
    in_class_body = isinstance(scope, cst.ClassDef) and not name.startswith(f"{SELF}.")
    return None if isinstance(scope, cst.Lambda) or in_class_body else scope


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
    """What one function (or the file outside of functions) does with one variable."""

    def __init__(self, module: Module, scope: cst.CSTNode, text: str) -> None:
        """Take in what is spelled like the variable, in the functions within the function too.

        Args:
            module: the file.
            scope: the function, or the module where there is none.
            text: how the variable is spelled.
        """
        self.module, self.scope, self.text = module, scope, text
        self.places = [node for node in module.spelled(text) if self._is_within(node)]

    def _is_within(self, node: cst.CSTNode) -> bool:
        return self.scope is self.module.tree or self.scope in self.module.path_to(node)

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

    def calls(self, method: str) -> Iterator[cst.Call]:
        """The calls of one of its methods, those in the functions within the function left out."""
        for node in self.module.spelled(f"{self.text}.{method}"):
            path = self.module.path_to(node)
            if isinstance(path[-1], cst.Call) and path[-1].func is node and self._is_home(path):
                yield path[-1]

    def _is_home(self, path: Sequence[cst.CSTNode]) -> bool:
        """Whether a path leads through this very function, or through a method of this class."""
        return self.scope in path if isinstance(self.scope, cst.ClassDef) else _function(path) is self.scope

    @cached_property
    def steps(self) -> list[cst.Call]:
        """Its steps, and whatever is called ``step`` and is given it, as the step of a gradient scaler is."""
        steps = list(self.calls(_STEP))
        for call in self.module.calls().get(_STEP, ()):
            given = [dotted_name(argument.value) for argument in call.args]
            if self.text in given and self._is_home(self.module.path_to(call)):
                steps.append(call)
        return steps

    @cached_property
    def handed_on(self) -> list[cst.CSTNode]:
        """Where it is returned, or given to a function that trains."""
        return [node for node in self.places if _is_handed_on(self.module.path_to(node))]


def _uses(module: Module, scope: cst.CSTNode, text: str) -> _Uses:
    """The uses of a variable, found once for all schedulers of a file."""
    place = ("uses", scope, text)
    if place not in module.kept:
        module.kept[place] = _Uses(module, scope, text)
    uses: _Uses = module.kept[place]
    return uses


def _function(path: Sequence[cst.CSTNode]) -> cst.CSTNode | None:
    return next((node for node in reversed(path) if isinstance(node, (*_FUNCTIONS, cst.Module))), None)


def _is_handed_on(path: Sequence[cst.CSTNode]) -> bool:
    if isinstance(path[-1], cst.Arg) and isinstance(path[-2], cst.Call):
        return not _TRAINING.isdisjoint(words_of(last_name(path[-2].func)))
    return isinstance(path[-1], (cst.Return, cst.Element)) and any(isinstance(each, cst.Return) for each in path)


def _followed(construction: Construction, scheduler: _Uses, optimizer: _Uses) -> Lifecycle:
    """What becomes of a scheduler that a variable holds."""
    if "." not in scheduler.text and scheduler.is_only_asked and not _is_seen_elsewhere(construction, scheduler):
        return _abandoned(scheduler.text, construction, optimizer)
    steps = [call for call in scheduler.calls(_STEP) if not call.args]
    early = (
        _early_step(construction, steps, optimizer) if all(map(_constructs, scheduler.assignments.values())) else None
    )
    return Lifecycle(scheduler.text, early=early, change=_change(construction, scheduler, optimizer, steps))


def _constructs(statement: cst.CSTNode) -> bool:
    """Whether an assignment gives a variable what is constructed there and then, or None."""
    if isinstance(statement, cst.Assign) and any(isinstance(each.target, cst.Tuple) for each in statement.targets):
        return False
    value = getattr(statement, "value", None)
    return isinstance(value, cst.Call) or (isinstance(value, cst.Name) and value.value == "None")


def _is_seen_elsewhere(construction: Construction, scheduler: _Uses) -> bool:
    """Whether other code may use the variable: whoever imports it, or a function that it is global in."""
    if isinstance(scheduler.scope, cst.FunctionDef):
        return scheduler.text in scheduler.module.outer_names(scheduler.scope)
    return bool(construction.project.importers(scheduler.module, scheduler.text))


def _abandoned(name: str, construction: Construction, optimizer: _Uses) -> Lifecycle:
    """What becomes of a scheduler that nobody steps."""
    module, call = construction.module, construction.call
    step = next((each for each in optimizer.steps if module.is_before(call, each)), None)
    if step is not None:
        return Lifecycle(name, abandoned=True, training=Anchor(module, step), stepped=True)
    handed = next((node for node in optimizer.handed_on if module.is_before(call, node)), None)
    return Lifecycle(name, abandoned=True, training=None if handed is None else Anchor(module, handed))


def _early_step(construction: Construction, steps: Sequence[cst.Call], optimizer: _Uses) -> EarlyStep | None:
    """A step of the scheduler that every turn of some loop makes before one of the optimizer."""
    module = construction.module
    for step in steps:
        # One that was made before, in the loop or for its sake, makes the order right.
        if any(module.is_before(earlier, step) for earlier in optimizer.steps):
            continue
        for later in optimizer.steps:
            loop = _common_loop(module, step, later)
            if loop is not None and loop not in construction.path and _is_unconditional(module.path_to(step), loop):
                return EarlyStep(Anchor(module, step), Anchor(module, later))
    return None


def _common_loop(module: Module, first: cst.CSTNode, second: cst.CSTNode) -> cst.CSTNode | None:
    """The innermost loop around both."""
    around = module.path_to(second)
    loops = [node for node in module.path_to(first) if isinstance(node, (cst.For, cst.While))]
    return next((node for node in reversed(loops) if node in around), None)


def _is_unconditional(path: Sequence[cst.CSTNode], loop: cst.CSTNode) -> bool:
    """Whether every turn of a loop comes to the end of a path."""
    inside = path[path.index(loop) + 1 :]
    return all(isinstance(node, (*_BLOCKS, cst.SimpleStatementLine, cst.Expr, cst.With)) for node in inside)


def _change(construction: Construction, scheduler: _Uses, optimizer: _Uses, steps: Sequence[cst.Call]) -> Change | None:
    """A change of the optimizer after which the old scheduler is stepped."""
    module, call = construction.module, construction.call
    if any(module.is_before(call, node) for node in scheduler.assignments):
        return None
    rebuilt = [(node, True) for node, made in optimizer.assignments.items() if _is_another(made, optimizer.text)]
    grown = [(each, False) for each in optimizer.calls(_ADD_GROUP)]
    for node, is_rebuilt in (*rebuilt, *grown):
        if _follows(module, node, call):
            later = next((step for step in steps if _follows(module, step, node)), None)
            if later is not None:
                return Change(Anchor(module, node), is_rebuilt, Anchor(module, later))
    return None


def _is_another(statement: cst.CSTNode, optimizer: str) -> bool:
    """Whether an assignment constructs an optimizer that has nothing to do with the one before."""
    value = getattr(statement, "value", None)
    if not isinstance(value, cst.Call) or any(dotted_name(node) == optimizer for node in walk(value)):
        return False
    keywords = {argument.keyword.value for argument in value.args if argument.keyword is not None}
    return last_name(value.func) in DEFAULT_LRS or not keywords.isdisjoint(RATE_ARGUMENTS)


def _follows(module: Module, later: cst.CSTNode, earlier: cst.CSTNode) -> bool:
    """Whether one thing happens after another on one way through a function."""
    first, second = module.path_to(earlier), module.path_to(later)
    if _function(first) is not _function(second) or not module.is_before(earlier, later):
        return False
    shared = [node for node, other in zip(first, second, strict=False) if node is other]
    # Where it is no block that holds both, they are different branches of one statement.
    below = first[len(shared) :]
    return isinstance(shared[-1], _BLOCKS) and not any(map(_leaves, below))


def _leaves(block: cst.CSTNode) -> bool:
    """Whether a block of statements ends by leaving."""
    body = block.body if isinstance(block, _BLOCKS) else ()
    last = body[-1] if body else None
    small = last.body[-1] if isinstance(last, cst.SimpleStatementLine) else last
    return isinstance(small, _JUMPS)
