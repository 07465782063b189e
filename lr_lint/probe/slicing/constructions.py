"""Which constructions of a file have a slice: those of all known schedulers, but for the parts of others.

A part is seen together with the whole that steps it, in its own part of the time; by itself it would be followed beyond
its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.checks.analysis import constructions_in
from lr_lint.probe.slicing.elsewhere import Elsewhere
from lr_lint.project.imports import Project
from lr_lint.project.modules import Module
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.source.files import SourceFile, parse_concrete
from lr_lint.source.own_schedulers import with_own_schedulers
from lr_lint.source.positions import locate
from lr_lint.source.surroundings import Surroundings
from lr_lint.vocabulary.budgets import DEFAULT_BUDGET
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import Contract, ContractTable, Meaning
from lr_lint.vocabulary.diagnostics import Failure, Span

_TORCH = "torch.optim.lr_scheduler."
_DOCUMENTATION = "https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler."


def _plain(name: str, *aliases: str) -> Contract:
    return Contract(
        name=_TORCH + name,
        meaning=Meaning.CURVE,
        callable=None,
        optimizer=(0, "optimizer"),
        source=f"{_DOCUMENTATION}{name}.html",
        checked="torch 2.13.0",
        aliases=tuple(_TORCH + alias for alias in aliases),
    )


# Rules have nothing to say about what waits for a metric, and about classes that compute everything themselves; their
# rates can be looked at all the same.
_LOOKED_AT = ContractTable((*BUILT_IN.rows, _plain("ReduceLROnPlateau"), _plain("LRScheduler", "_LRScheduler")))


@dataclass(frozen=True, slots=True)
class Sliced:
    """A construction that has a slice.

    Attributes:
        construction: the construction.
        span: where its call stands.
        parts: where the schedulers are constructed that it is made of, in its order; none where some are not known.
        made: what a function of another file constructs, where the construction is a call of such a function.
    """

    construction: Construction
    span: Span
    parts: tuple[Span, ...] = ()
    made: Construction | None = None

    def is_on(self, line: int) -> bool:
        """Whether it, or a part of it, stands on a line."""
        return any(span.line <= line <= span.end_line for span in (self.span, *self.parts))


def sliced_in(path: str, source: SourceFile, files: Surroundings) -> list[Sliced] | Failure:
    """The constructions of a file that have a slice, in source order.

    Args:
        path: the file, as shown to the user.
        source: its text.
        files: those around it.
    """
    found = constructions_in(source, files, contracts=with_own_schedulers(path, source.data, files, _LOOKED_AT))
    if isinstance(found, Failure):
        return found
    # What other files construct with a class of this one is theirs.
    here = [construction for construction in found if construction.module.path == path]
    if not here:
        return _made_elsewhere(source, files)
    spans = locate(here[0].module.tree, [construction.call for construction in here])
    calls = {construction.call: construction for construction in here}
    parts = {construction.call: _parts(construction, calls) for construction in here}
    inner = {part for each in parts.values() for part in each}
    return [
        Sliced(each, spans[each.call], tuple(spans[part] for part in parts[each.call]))
        for each in here
        if each.call not in inner
    ]


def _made_elsewhere(source: SourceFile, files: Surroundings) -> list[Sliced] | Failure:
    """The calls of functions of other files that construct a scheduler."""
    tree = parse_concrete(source)
    if isinstance(tree, Failure):
        return tree
    module = Module(source, tree)
    project = Project(files).within(DEFAULT_BUDGET.files)
    project.add(module)
    found = list(Elsewhere(module, project, _LOOKED_AT).calls())
    spans = locate(tree, [call.call for call, _ in found]) if found else {}
    return [Sliced(call, spans[call.call], made=made) for call, made in found]


def _parts(whole: Construction, calls: Mapping[cst.Call, Construction]) -> Sequence[cst.Call]:
    """The constructions of the schedulers that one is made of; none where one of them is not known."""
    given = whole.argument(whole.contract.parts)
    if not isinstance(given, (cst.List, cst.Tuple)):
        return []
    made = [_made(whole.module, element.value, calls) for element in given.elements]
    known = [call for call in made if call is not None]
    return known if len(known) == len(made) else []


def _made(module: Module, value: cst.BaseExpression, calls: Mapping[cst.Call, Construction]) -> cst.Call | None:
    """The construction that a value comes from: it is one, or a variable that one alone is assigned to."""
    if isinstance(value, cst.Call):
        return value if value in calls else None
    assigned = list(_assigned(module, value)) if isinstance(value, cst.Name) else []
    known = [each for each in assigned if isinstance(each, cst.Call) and each in calls]
    return known[0] if len(assigned) == len(known) == 1 else None


def _assigned(module: Module, name: cst.Name) -> Iterator[cst.BaseExpression | None]:
    binding = module.scopes.resolve(name.value, name)
    for binder in module.scopes.binders(binding) if binding is not None else ():
        statement = module.assigned_by(binder)
        yield statement.value if isinstance(statement, (cst.Assign, cst.AnnAssign)) else None
