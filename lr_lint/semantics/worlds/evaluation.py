"""What single expressions of a file are worth, for whoever asks about values and not about schedules."""

from __future__ import annotations

import libcst as cst

from lr_lint.project.imports import Project
from lr_lint.project.modules import Module
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.frames import frame_at
from lr_lint.semantics.machine.interpreter import new_world
from lr_lint.semantics.machine.slices import module_frame
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.context import Frame, Raised
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.world import BudgetExceeded
from lr_lint.semantics.worlds.explore import ASSUMED_COUNTS
from lr_lint.source.tree import dotted_name


class Evaluation:
    """One file in the first of the worlds that `explore` runs: the one where every option has its default."""

    def __init__(self, module: Module, project: Project, steps: int, files: int) -> None:
        """Take the file and what may be spent on it.

        Args:
            module: the file.
            project: the files around it.
            steps: what one expression may take.
            files: how many other files may be opened, for all of them together.
        """
        self._module = module
        self._steps = steps
        self._world = new_world(ASSUMED_COUNTS[0], project.within(files))

    def value_of(self, node: cst.BaseExpression) -> Value | None:
        """The value of an expression where it stands; None where the code raises first or it takes too long."""
        self._world.steps = self._steps
        try:
            return force(evaluate(node, self._frame_of(node)))
        except (Raised, BudgetExceeded, RecursionError):
            return None

    def _frame_of(self, node: cst.BaseExpression) -> Frame:
        """The frame of a node. A chain of attributes of something global needs none of the functions around it."""
        root = (dotted_name(node) or "").partition(".")[0]
        binding = self._module.scopes.resolve(root, node) if root else None
        if binding is not None and binding.scope is self._module.tree and self._module.scopes.scopes_at(node)[1:]:
            return module_frame(self._module, self._world)
        return frame_at(self._module, node, self._module.path_to(node), self._world)
