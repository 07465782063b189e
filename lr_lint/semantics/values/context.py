"""Where code is evaluated: the place, the variables there, and the exception that may end it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from lr_lint.project.modules import Module
from lr_lint.semantics.values.world import World
from lr_lint.vocabulary.quantities import Basis

if TYPE_CHECKING:
    from lr_lint.semantics.values.base import Value
    from lr_lint.semantics.values.objects import ClassValue


class Raised(Exception):
    """The interpreted code raises an exception.

    Attributes:
        kind: class name of the exception, as ``ZeroDivisionError``.
        basis: what the numbers that led there rest on.
        of: its class, where that is one of the code under check.
        place: the returned expression that raises; None where it is none.
    """

    def __init__(self, kind: str, basis: Basis = Basis.PROVED, of: ClassValue | None = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.basis = basis
        self.of = of
        self.place: Anchor | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """A syntax node together with the file that it stands in."""

    module: Module
    node: cst.CSTNode


@dataclass(slots=True, eq=False)
class Frame:
    """The variables of one scope at run time.

    Attributes:
        module: the file.
        scope: the module, function, lambda, class or comprehension whose names these are.
        parent: the frame around it for name lookup; None for a module.
        world: the run that it belongs to.
        names: the variables assigned so far.
        receiver: the object whose method runs, and
        owner: the class that defines the method; None outside methods.
        depth: how many calls are under way.
        handled: the exception that was handled last; None where there was none.
    """

    module: Module
    scope: cst.CSTNode
    parent: Frame | None
    world: World
    names: dict[str, Value] = field(default_factory=dict)
    receiver: Value | None = None
    owner: ClassValue | None = None
    depth: int = 0
    handled: Raised | None = None

    def copy(self) -> Frame:
        """The same variables, whatever is assigned to them later."""
        return Frame(
            self.module,
            self.scope,
            self.parent,
            self.world,
            dict(self.names),
            self.receiver,
            self.owner,
            self.depth,
            self.handled,
        )
