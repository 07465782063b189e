"""How long the training takes that a file describes: the loops around the step of a scheduler.

Only what can be read where the scheduler is made is counted: a bound that is a parameter of another function is not,
nor is a loop over data, nor one that may be left out by a condition.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.probe.slicing.definitions import Definitions
from lr_lint.project.binders import SELF
from lr_lint.project.holders import Holders
from lr_lint.project.scopes import Binding
from lr_lint.source.tree import code_of, dotted_name, last_name, walk
from lr_lint.vocabulary.names import words_of
from lr_lint.vocabulary.time_units import EPOCH, STEP

_STEP = "step"
_RANGES = frozenset({"range", "trange", "xrange"})
# What only shows that a loop goes on, by its first argument.
_WRAPPERS = frozenset({"tqdm", "track"})
_EPOCH_WORDS = frozenset({"epoch", "epochs"})


@dataclass(frozen=True, slots=True)
class TrainingLoops:
    """The loops in which a scheduler is stepped.

    Attributes:
        bounds: of each loop around the step, the outermost first, where its count begins (None for 0) and ends.
        scope: where the names in these are looked up.
        unit: what one step is, in a word.
    """

    bounds: tuple[tuple[cst.BaseExpression | None, cst.BaseExpression], ...]
    scope: cst.CSTNode
    unit: str

    @property
    def codes(self) -> list[cst.BaseExpression]:
        """All code in the bounds."""
        return [code for bound in self.bounds for code in bound if code is not None]

    @property
    def spelled(self) -> list[list[str]]:
        """The bounds as text: where a count begins and ends."""
        return [["0" if begin is None else code_of(begin), code_of(end)] for begin, end in self.bounds]


def training_of(definitions: Definitions, site: cst.Call) -> TrainingLoops | None:
    """The training that steps a scheduler; None where the file does not tell its length.

    Args:
        definitions: those of the file.
        site: the construction.
    """
    module = definitions.module
    held = _held(definitions, site)
    if held is None:
        return None
    holders = Holders(module, held)
    steps = [call for function in holders.variables for call in holders.calls(_STEP, function)]
    if len(steps) != 1 or steps[0].args:
        return None
    path = module.path_to(steps[0])
    around = [node for node in path if node not in module.path_to(site)]
    if not any(isinstance(node, cst.For) for node in around) or any(isinstance(n, (cst.While, cst.If)) for n in around):
        return None
    loops = [node for node in around if isinstance(node, cst.For)]
    bounds = [_bound(loop.iter) for loop in loops]
    known = tuple(bound for bound in bounds if bound is not None)
    scope = definitions.scope_of(steps[0])
    training = TrainingLoops(known, scope, _unit(loops[-1]))
    visible = all(_is_visible(code, scope, definitions, site) for code in training.codes)
    return training if len(known) == len(loops) and visible else None


def _held(definitions: Definitions, site: cst.Call) -> Binding | None:
    """The one variable that a scheduler is assigned to."""
    module = definitions.module
    statement = next((node for node in reversed(module.path_to(site)) if isinstance(node, cst.Assign)), None)
    if statement is None or statement.value is not site or len(statement.targets) != 1:
        return None
    name = dotted_name(statement.targets[0].target)
    return None if name is None else module.scopes.resolve(name, site)


def _bound(iterated: cst.BaseExpression) -> tuple[cst.BaseExpression | None, cst.BaseExpression] | None:
    """Where a loop's count begins and ends; None for a loop over something else than a range."""
    if not isinstance(iterated, cst.Call) or not iterated.args or iterated.args[0].star:
        return None
    name = last_name(iterated.func)
    if name in _WRAPPERS:
        return _bound(iterated.args[0].value)
    given = [argument.value for argument in iterated.args if argument.keyword is None]
    if name not in _RANGES or not 1 <= len(given) <= 2:
        return None
    return (None, given[0]) if len(given) == 1 else (given[0], given[1])


def _is_visible(code: cst.BaseExpression, scope: cst.CSTNode, definitions: Definitions, site: cst.Call) -> bool:
    """Whether what code reads is there under the same names where the scheduler is made."""
    made_in = definitions.scope_of(site)
    same_class = definitions.class_around(scope) is definitions.class_around(made_in)
    for name in _names_in(code):
        binding = definitions.module.scopes.resolve(name, code)
        own = name == SELF and same_class
        if not own and binding is not None and binding.scope not in (made_in, definitions.module.tree):
            return False
    return True


def _names_in(code: cst.CSTNode) -> Iterator[str]:
    attributes = {node.attr for node in walk(code) if isinstance(node, cst.Attribute)}
    yield from (node.value for node in walk(code) if isinstance(node, cst.Name) and node not in attributes)


def _unit(loop: cst.For) -> str:
    words: Sequence[str] = [word for name in _names_in(loop.target) for word in words_of(name)]
    words = [*words, *(word for node in walk(loop.iter) if isinstance(node, cst.Name) for word in words_of(node.value))]
    return EPOCH if _EPOCH_WORDS & set(words) else STEP
