"""Slices: the module-level statements behind a name, and the statements up to a construction."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext, suppress

import libcst as cst

from lr_lint.project.binders import run_outside
from lr_lint.project.blocks import Precondition
from lr_lint.project.modules import Module
from lr_lint.semantics.libraries import builtins, torch_optimizers
from lr_lint.semantics.machine.beside import as_seen_from_home
from lr_lint.semantics.machine.context_managers import bind_contexts
from lr_lint.semantics.machine.expressions import evaluate_within
from lr_lint.semantics.machine.imported import module_member
from lr_lint.semantics.machine.operators import constraints
from lr_lint.semantics.machine.settling import discover_variables
from lr_lint.semantics.machine.statements import run_block, run_statement
from lr_lint.semantics.machine.targets import bind_target
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.context import Frame, Raised
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.imports import External, ModuleValue
from lr_lint.semantics.values.library_objects import FileReference
from lr_lint.semantics.values.operations import iterate
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.semantics.values.world import World
from lr_lint.source.tree import dotted_name
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Basis

# What a loop around a construction goes over is often a data loader; its first item is all that is asked for.
_LOOP_HEADER_STEPS = 1_000


def module_frame(module: Module, world: World) -> Frame:
    """The frame of a module's own names in a world."""
    frame = world.memory.module_frames.get(module.path)
    if frame is None:
        frame = world.memory.module_frames[module.path] = Frame(module, module.tree, None, world)
    return frame


def module_value(module: Module, name: str, world: World) -> Value:
    """The value of a module-level name once the module has run, or the builtin of that name."""
    if name == "__name__":
        return Constant("__main__")
    if name == "__file__":
        return FileReference(module.path, anchored=True)
    frame = module_frame(module, world)
    place = (module.path, name)
    if place in world.memory.variables:
        return world.memory.variables[place]
    if name not in module.locals_of(module.tree):
        return _not_bound_here(module, name, frame)
    if place in world.memory.running:
        return Unknown("its definition needs itself", AccessPath.variable(*place), name)
    before = frozenset(frame.names)
    _run_module_for(name, frame)
    value = as_seen_from_home(module, name, _bound_in_module(name, frame), world)
    world.memory.variables[place] = value
    discover_variables(module, {name, *frame.names.keys() - before}, world)
    if world.seen.sampling is not None:
        world.seen.sampling.stale = True
    return value


def _run_module_for(name: str, frame: Frame) -> None:
    """Runs what a variable of a module depends on."""
    module, world = frame.module, frame.world
    place = (module.path, name)
    world.memory.running.add(place)
    try:
        relevant = _relevant_to(name, module)
        with world.seen.study.paused() if world.seen.study is not None else nullcontext():
            run_block(module.tree.body, frame, relevant)
    except Raised as raised:
        frame.names.setdefault(name, _not_assigned(raised, AccessPath.variable(*place), name))
    finally:
        world.memory.running.discard(place)


def _bound_in_module(name: str, frame: Frame) -> Value:
    """What a module that was run has by a name; where nobody knows what that is, the variable stands for it."""
    place = (frame.module.path, name)
    value = frame.names.get(name)
    if value is None:
        is_open = _may_bind_elsewhere(frame.module, name)
        key = AccessPath.variable(*place) if is_open else AccessPath.unbound(*place)
        return Unknown("it is not assigned on this path", key, name)
    if isinstance(value, Unknown) and value.key is None:
        key = AccessPath.variable(*place)
        return Unknown(value.reason, key, name, value.default, value.invocation, value.parameters)
    return value


def _may_bind_elsewhere(module: Module, name: str) -> bool:
    """Whether a function of a file binds a variable of the module."""
    declarations = module.scopes.index.outer_declarations
    return any(each.name.value == name for declaration in declarations for each in declaration.names)


def _relevant_to(name: str, module: Module) -> frozenset[str]:
    """The names that have to be known for that of a variable of a module.

    What only a definition binds is known without what its body reads, which is looked up when the body runs.
    """
    block = module.block(module.tree.body)
    bearing = block.bearing_on(frozenset({name}))
    if len(bearing) == 1 and isinstance(bearing[0], (cst.FunctionDef, cst.ClassDef)):
        read = (module.effects(node).reads for node in run_outside(bearing[0]))
        return block.closure(frozenset().union(*read)) | {name}
    return block.closure(frozenset({name}))


def _not_assigned(raised: Raised, key: AccessPath, name: str) -> Value:
    """What a variable is that the module does not come to; its name says nothing where nothing but code raises."""
    reason = f"the module raises {raised.kind}"
    return Forgotten(reason) if raised.basis is Basis.PROVED else Unknown(reason, key, name)


def _not_bound_here(module: Module, name: str, frame: Frame) -> Value:
    known = builtins.builtin(name)
    if known is not None:
        return known
    if module.star_imports():
        found = module_member(ModuleValue(module, module.path), name, frame)
        if not isinstance(found, Unknown):
            return found
    packages = [dotted_name(node.module) for node in module.star_imports() if not node.relative]
    if len(packages) == 1:
        return External(f"{packages[0]}.{name}")
    # With several libraries imported whole, a name that a contract or an optimizer has is that library's.
    for package in packages:
        if f"{package}.{name}" in BUILT_IN.by_name or torch_optimizers.library_class(f"{package}.{name}") is not None:
            return External(f"{package}.{name}")
    return Unknown(f"{name} is not defined in this file", AccessPath.undefined(module.path, name), name)


def run_until(statements: Sequence[cst.CSTNode], frame: Frame, relevant: frozenset[str], path: frozenset[int]) -> bool:
    """Runs the relevant statements up to the one on the path, and into it; whether it was there."""
    coverage = frame.world.coverage
    block = frame.module.block(statements)
    before, entered = block.bearing_before(relevant, path)
    bearing = frozenset(before)
    preconditions = block.preconditions_before(entered, relevant) if entered is not None else {}
    with coverage.within(statements) as at:
        for statement in block.in_order((*before, *preconditions)) if preconditions else before:
            if statement in preconditions:
                _pass(preconditions[statement], frame)
            if statement in bearing:
                at(statement)
                _run_past(statement, frame, relevant)
    if entered is not None:
        coverage.stop_at(entered, statements)
        _enter(entered, frame, relevant, path)
    return entered is not None


def _pass(precondition: Precondition, frame: Frame) -> None:
    """Records what holds since the code got past a check, and that this is a matter of course."""
    assumptions = frame.world.assumptions
    with suppress(Raised):
        for condition, holds in constraints(precondition.test, precondition.holds, frame):
            if condition not in assumptions.decisions:
                assumptions.passed.add(condition)
            frame.world.constrain(condition, holds)


def _take(branch: cst.If, frame: Frame, *, expected: bool) -> None:
    """Records what holds where the way leads into a branch, or past it to what else there is."""
    for condition, holds in constraints(branch.test, expected, frame):
        frame.world.constrain(condition, holds)


def _run_past(statement: cst.CSTNode, frame: Frame, relevant: frozenset[str]) -> None:
    try:
        run_statement(statement, frame, relevant)
    except Raised as raised:
        _leave_unassigned(statement, raised, frame)


def _leave_unassigned(statement: cst.CSTNode, raised: Raised, frame: Frame) -> None:
    """Notes that a statement on the way raises: the code goes on elsewhere, or the model is at fault.

    Where nothing but the code made it raise, what it would have assigned has no value, so its name says nothing.
    """
    if raised.basis is not Basis.PROVED:
        return
    frame.world.seen.exits_early = True
    for name in sorted(frame.module.effects(statement).binds):
        frame.names.setdefault(name, Forgotten(f"the code before it raises {raised.kind}"))


def _enter(statement: cst.CSTNode, frame: Frame, relevant: frozenset[str], path: frozenset[int]) -> None:
    if isinstance(statement, cst.SimpleStatementLine):
        run_until(statement.body, frame, relevant, path)
    elif isinstance(statement, cst.If):
        if id(statement.body) in path:
            _take(statement, frame, expected=True)
            run_until(statement.body.body, frame, relevant, path)
        elif statement.orelse is not None and id(statement.orelse) in path:
            _take(statement, frame, expected=False)
            if isinstance(statement.orelse, cst.If):
                _enter(statement.orelse, frame, relevant, path)
            else:
                run_until(statement.orelse.body.body, frame, relevant, path)
    elif isinstance(statement, cst.For):
        items, _ = iterate(evaluate_within(_LOOP_HEADER_STEPS, statement.iter, frame))
        item = frame.world.assumptions.item_in(statement, items)
        bind_target(statement.target, item or Unknown("the loop may not run"), frame)
        _enter_blocks(statement, frame, relevant, path)
    else:
        if isinstance(statement, cst.With):
            bind_contexts(statement, frame)
        _enter_blocks(statement, frame, relevant, path)


def _enter_blocks(statement: cst.CSTNode, frame: Frame, relevant: frozenset[str], path: frozenset[int]) -> None:
    """Goes on in whichever block of a compound statement the path leads to."""
    if isinstance(statement, (cst.FunctionDef, cst.ClassDef)):
        return
    body = getattr(statement, "body", None)
    if isinstance(body, (cst.IndentedBlock, cst.SimpleStatementSuite)):
        if id(body) in path:
            run_until(body.body, frame, relevant, path)
            return
        if isinstance(statement, (cst.Try, cst.TryStar)):
            run_block(body.body, frame, relevant)
    parts = [
        *getattr(statement, "handlers", ()),
        *getattr(statement, "cases", ()),
        getattr(statement, "orelse", None),
        getattr(statement, "finalbody", None),
    ]
    for part in parts:
        if part is not None and id(part) in path:
            run_until(part.body.body, frame, relevant, path)
