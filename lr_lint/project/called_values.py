"""What a call may change whose callee is a value: a variable, an item, a result that any function may be behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.project.calls_made import roots_in
from lr_lint.project.effects import root_of
from lr_lint.project.functions_called import FunctionsCalled
from lr_lint.project.own_changes import Consequences
from lr_lint.project.scopes import Scopes
from lr_lint.source.tree import last_name

# Functions that make a callable of what they are given.
_MAKING_CALLABLES = frozenset("partial methodcaller attrgetter itemgetter getattr".split())


@dataclass(frozen=True, slots=True)
class _Any:
    """What the functions change that any variable may hold.

    Attributes:
        names: variables around them, and those of whose objects they are methods.
        change_their_object: whether objects that are called change themselves.
        change_arguments: whether some of them change what they are given.
    """

    names: frozenset[str]
    change_their_object: bool
    change_arguments: bool


class CalledValues:
    """What calls of values change, by what is known of the functions of the file so far."""

    def __init__(
        self, callees: FunctionsCalled, consequences: Mapping[cst.FunctionDef, Consequences], scopes: Scopes
    ) -> None:
        """Take a file.

        Args:
            callees: its functions.
            consequences: what calling each of them changes, as far as it is known.
            scopes: tells whose a name is.
        """
        self._callees = callees
        self._consequences = consequences
        self._scopes = scopes
        self._any: _Any | None = None

    def more_is_known(self) -> None:
        """To be told when more was found out about what a function changes."""
        self._any = None

    def changed_by(self, call: cst.Call) -> Iterator[str]:
        """The names whose objects a call changes whose callee may be a function that was handed on."""
        if self._any is None:
            self._any = self._of_any()
        yield from self._any.names
        root = root_of(call.func) if self._any.change_their_object else None
        if root is not None:
            yield root
        if self._any.change_arguments:
            yield from _given_to_value(call)
        yield from self._changed_by_held(call)

    def _of_any(self) -> _Any:
        """What any callee changes that may be a function which was handed on, or an object that can be called."""
        of = self._consequences
        handed_on = [(of[function], receivers) for function, receivers in self._callees.handed_on.items()]
        called = [of[each] for each in self._callees.of_objects]
        names = {name for known, receivers in handed_on if known.attributes for name in receivers}
        both = [*(known for known, _ in handed_on), *called]
        return _Any(
            frozenset(names.union(*(known.outer for known in both))),
            any(known.attributes for known in called),
            any(known.parameters for known in both),
        )

    def _changed_by_held(self, call: cst.Call) -> Iterator[str]:
        """What a method changes that a variable or an item holds, or a partial function of one."""
        if isinstance(call.func, cst.Name):
            home = self._scopes.resolve(call.func.value, call)
            binders = () if home is None else self._scopes.binders(home)
            given = [_callable_given(self._scopes.index.path_to(binder)) for binder in binders]
            if any(value is not None and not self._is_harmless_partial(value) for value in given):
                yield call.func.value
        elif not self._is_harmless_partial(call.func):
            root = root_of(call.func)
            yield from [] if root is None else [root]
            yield from _given_to_value(call)

    def _is_harmless_partial(self, value: cst.CSTNode) -> bool:
        """Whether a value is a partial function of one of this file that changes nothing."""
        if not isinstance(value, cst.Call) or last_name(value.func) not in _MAKING_CALLABLES or not value.args:
            return False
        functions = self._callees.meant_by(value.args[0].value)
        return bool(functions) and all(self._consequences[each].size == 0 for each in functions)


def _given_to_value(call: cst.Call) -> Iterator[str]:
    for argument in call.args:
        yield from roots_in(argument.value)
    if isinstance(call.func, cst.Call):
        for argument in call.func.args:
            yield from roots_in(argument.value)


def _callable_given(path: Sequence[cst.CSTNode]) -> cst.CSTNode | None:
    """What a name, given by the ancestors of what binds it, is assigned, where it may be a method or a partial."""
    assigned = next((node for node in reversed(path) if isinstance(node, (cst.Assign, cst.For, cst.NamedExpr))), None)
    value = assigned.iter if isinstance(assigned, cst.For) else getattr(assigned, "value", None)
    if isinstance(value, cst.Call):
        return value if last_name(value.func) in _MAKING_CALLABLES else None
    holds = isinstance(value, (cst.Attribute, cst.Subscript, cst.List, cst.Tuple, cst.Dict, cst.IfExp))
    return value if holds else None
