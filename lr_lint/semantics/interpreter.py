"""The interpreter, put together: a world with calls, members and module values plugged in."""

from __future__ import annotations

from collections.abc import Sequence

from lr_lint.project.bindings import Module
from lr_lint.project.documents import Document, find_document
from lr_lint.project.imports import Project
from lr_lint.semantics.calls import call
from lr_lint.semantics.contexts import arguments_of_caller
from lr_lint.semantics.objects import member
from lr_lint.semantics.slices import module_value
from lr_lint.semantics.values import (
    FileReference,
    Horizons,
    World,
)


def new_world(horizons: Horizons, project: Project, *, everywhere: bool = False) -> World:
    """A world with the interpreter plugged in.

    Args:
        horizons: the counts that are assumed.
        project: the files around the one that is analysed.
        everywhere: whether callers are looked for in other files too.
    """

    def document(module: Module, file: FileReference) -> Document:
        return find_document(project, module.path, file.path, file.anchored)

    return World(
        horizons,
        call=call,
        member=member,
        module_value=module_value,
        find=project.find,
        users=project.users if everywhere else _nobody,
        caller=arguments_of_caller,
        document=document,
    )


def _nobody(module: Module, name: str) -> Sequence[Module]:
    return ()
