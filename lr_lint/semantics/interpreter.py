"""The interpreter, put together: a world with calls, members and module values plugged in."""

from __future__ import annotations

from lr_lint.project.bindings import Module
from lr_lint.project.documents import Document, find_document
from lr_lint.project.imports import Project
from lr_lint.semantics.calls import call
from lr_lint.semantics.objects import member
from lr_lint.semantics.slices import module_value
from lr_lint.semantics.values import (
    FileReference,
    Horizons,
    World,
)


def new_world(horizons: Horizons, project: Project) -> World:
    """A world with the interpreter plugged in."""

    def document(module: Module, file: FileReference) -> Document:
        return find_document(project, module.path, file.path, file.anchored)

    return World(horizons, call=call, member=member, module_value=module_value, find=project.find, document=document)
