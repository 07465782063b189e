"""The interpreter, put together: a world with calls, members and module values plugged in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from lr_lint.project.imports import Project
from lr_lint.project.modules import Module
from lr_lint.project.settings_files import Document, find_document, settings_beside
from lr_lint.semantics.libraries.catalogue import has_method
from lr_lint.semantics.machine import (
    call_expressions,
    context_managers,
    control_flow,
    declarations,
    displays,
    exceptions,
    literals,
    operators,
    patterns,
    raising,
    references,
    simple_statements,
)
from lr_lint.semantics.machine.calls import call_library, call_method, run
from lr_lint.semantics.machine.class_members import class_attribute, inherited
from lr_lint.semantics.machine.doubts import doubted
from lr_lint.semantics.machine.forgetting import forget
from lr_lint.semantics.machine.frames import arguments_of_caller
from lr_lint.semantics.machine.imported import module_member
from lr_lint.semantics.machine.library_members import library_member
from lr_lint.semantics.machine.made_objects import make
from lr_lint.semantics.machine.objects import complete, instance_attribute, set_attribute
from lr_lint.semantics.machine.settling import settle
from lr_lint.semantics.machine.side_effects import run_for_effects
from lr_lint.semantics.machine.slices import module_value
from lr_lint.semantics.machine.targets import assign_attribute
from lr_lint.semantics.values.library_objects import FileReference
from lr_lint.semantics.values.world import AssumedCounts, Assumptions, Machine, World

# What evaluates and what runs each kind of syntax node declares itself when these are loaded.
SYNTAX = (
    call_expressions,
    context_managers,
    control_flow,
    declarations,
    displays,
    exceptions,
    literals,
    operators,
    patterns,
    raising,
    references,
    simple_statements,
)

Users: TypeAlias = "Callable[[Module, str], Sequence[Module]]"


def nobody(module: Module, name: str) -> Sequence[Module]:
    """No users of what a file defines."""
    return ()


def new_world(counts: AssumedCounts, project: Project, users: Users = nobody, home: Module | None = None) -> World:
    """A world with the interpreter plugged in.

    Args:
        counts: the counts that are assumed.
        project: the files around the one that is analysed.
        users: gives the other files that may call what a file defines by a name.
        home: the file under check.
    """

    def changed_elsewhere(module: Module, name: str) -> bool:
        return home is not None and project.is_changed_beside(home, module, name)

    def document(module: Module, file: FileReference) -> Document:
        return find_document(project, module.path, file.path, file.anchored)

    machine = Machine(
        run=run,
        call_method=call_method,
        has_method=has_method,
        call_library=call_library,
        attribute=instance_attribute,
        class_attribute=class_attribute,
        inherited=inherited,
        library_member=library_member,
        module_member=module_member,
        module_value=module_value,
        find=project.find,
        users=users,
        defining=project.defining,
        caller=arguments_of_caller,
        run_for_effects=run_for_effects,
        announce=settle,
        make=make,
        complete=complete,
        set_attribute=set_attribute,
        doubted=doubted,
        assign=assign_attribute,
        changed_elsewhere=changed_elsewhere,
        forget=forget,
        document=document,
        settings=lambda module: settings_beside(project, module.path),
    )
    world = World(machine, Assumptions(counts))
    world.memory.home = "" if home is None else home.path
    return world
