"""What the names of a file stand for in a slice: by the values that the interpreter finds for them.

What it does not know is told by what is done to a variable, and at last by the variable's name.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

import libcst as cst

from lr_lint.probe.slicing.definitions import Definitions
from lr_lint.probe.slicing.roles import Role, is_data_name, is_model_name
from lr_lint.project.knowledge import COPYING_METHODS, FLUENT_METHODS, MODEL_PARTS, WRAPPER_NAMES
from lr_lint.project.scopes import Binding
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import NOTHING, Constant
from lr_lint.semantics.values.containers import ListValue
from lr_lint.semantics.values.functions import Bound, Function, Partial
from lr_lint.semantics.values.lazy import force
from lr_lint.semantics.values.library_objects import Optimizer, Parser
from lr_lint.semantics.values.objects import ClassValue
from lr_lint.semantics.values.unknown import Unknown, default_of
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.semantics.worlds.evaluation import Evaluation
from lr_lint.source.tree import dotted_name, last_name
from lr_lint.vocabulary.names import words_of
from lr_lint.vocabulary.quantities import Quantity

# What finding out about one variable may cost, in steps of the interpreter and in files that are opened.
_STEPS = 5_000
_MOST_FILES = 4
# Values that are known to be no model and no data, whatever the variable that holds them is called.
_NEITHER = (Optimizer, Parser, Quantity, Constant, Function, Bound, Partial, ClassValue)
_FLUENT = FLUENT_METHODS | COPYING_METHODS
# What is read from something else, as an option is, goes by another name there.
_PARTS = (cst.Attribute, cst.Subscript)
_PARAMETER_WORDS = frozenset({"parameters", "params", "parameter"})


class Roles:
    """The roles of the variables of one file, each found once.

    Args:
        construction: the one that the slice leads to.
        definitions: those of its file.
        optimizer: what it gives to its scheduler as the optimizer; None where that is not to be seen.
    """

    def __init__(
        self, construction: Construction, definitions: Definitions, optimizer: cst.BaseExpression | None
    ) -> None:
        self._definitions = definitions
        self._module = construction.module
        self._evaluation = Evaluation(construction.module, construction.project, _STEPS, _MOST_FILES)
        self._optimizer = None
        if isinstance(optimizer, (cst.Name, cst.Attribute)):
            self._optimizer = self._module.scopes.resolve(dotted_name(optimizer) or "", optimizer)
        self._roles: dict[Binding, Role] = {}
        self._values: dict[cst.CSTNode, Value | None] = {}

    def role_of(self, binding: Binding) -> Role:
        """The role of a variable."""
        known = self._roles.get(binding)
        if known is None:
            # What a variable is assigned may depend on itself.
            self._roles[binding] = Role.VALUE
            known = self._roles[binding] = self._found(binding)
        return known

    def maker_of(self, binding: Binding) -> cst.Call | None:
        """The call that makes what a variable holds, without the ``.to(device)`` around it.

        The last one, if all of them have the same callee.
        """
        made: list[cst.Call] = []
        for value, _ in self._assigned(binding):
            call = _unwrapped(value)
            if isinstance(call, cst.Call) and dotted_name(call.func) and last_name(call.func) not in WRAPPER_NAMES:
                made.append(call)
        return made[-1] if len({dotted_name(call.func) for call in made}) == 1 else None

    def value_of(self, node: cst.BaseExpression) -> Value | None:
        """What an expression of the file is worth where it stands; None where that cannot be told."""
        if node not in self._values:
            self._values[node] = self._evaluation.value_of(node)
        return self._values[node]

    def default_of(self, binding: Binding) -> str | None:
        """The code of the value that a parameter has unless somebody gives another, as an option of a command has."""
        for use in self._module.scopes.uses(binding)[:1]:
            value = default_of(self.value_of(use)) if isinstance(use, cst.BaseExpression) else None
            if isinstance(value, Quantity) and value.number is not None:
                return repr(value.number)
            if isinstance(value, Constant):
                return repr(value.value)
        return None

    def _found(self, binding: Binding) -> Role:
        if binding == self._optimizer or self._is_defined(binding):
            return Role.VALUE
        assigned = list(self._assigned(binding))
        only_calls = bool(assigned) and all(isinstance(value, cst.Call) for value, _ in assigned)
        if self._is_used_as_model(binding, only_calls):
            return Role.MODEL
        named = Role.VALUE
        if is_model_name(binding.name) and not any(isinstance(each, _PARTS) for each, _ in assigned):
            named = Role.MODEL
        elif is_data_name(binding.name) and (only_calls or not assigned):
            named = Role.DATA
        # Following what makes a model may open half of the project, so that is only asked where a name may mislead.
        misleads = named is not Role.VALUE and any(self._is_neither(value, at) for value, at in assigned)
        return Role.VALUE if misleads else named

    def _is_used_as_model(self, binding: Binding, only_calls: bool) -> bool:
        """Whether something is asked of a variable, or done to it, that only models are good for."""
        for node in self._module.scopes.uses(binding):
            path = self._module.path_to(node)
            attributes = list(takewhile(lambda each: isinstance(each, cst.Attribute), reversed(path)))
            around = path[-1 - len(attributes)]
            if isinstance(around, cst.Arg) and not attributes:
                call = path[-2]
                if isinstance(call, cst.Call) and call.args[0] is around and last_name(call.func) in WRAPPER_NAMES:
                    return True
            if not attributes or not isinstance(around, cst.Call) or around.func is not attributes[-1]:
                continue
            method, is_own = last_name(attributes[-1]), len(attributes) == 1
            if method in MODEL_PARTS and (is_own or is_model_name(binding.name)):
                return True
            # Not a method of torch's, such as ``get_parameters``: of a model, if a call makes it.
            if is_own and only_calls and "." not in binding.name and _PARAMETER_WORDS & set(words_of(method)):
                return True
        return False

    def _is_defined(self, binding: Binding) -> bool:
        """Whether a variable is that of a definition or an import."""
        parents = (self._module.path_to(node)[-1] for node in self._module.scopes.binders(binding))
        return any(isinstance(each, (cst.FunctionDef, cst.ClassDef, cst.ImportAlias, cst.AsName)) for each in parents)

    def _assigned(self, binding: Binding) -> Iterator[tuple[cst.BaseExpression, int | None]]:
        """What is assigned to a variable, with its position where several are assigned at once."""
        for node in self._module.scopes.binders(binding):
            statement = self._module.assigned_by(node)
            value = getattr(statement, "value", None)
            if isinstance(value, cst.BaseExpression):
                parent = self._module.path_to(node)[-1]
                several = self._module.path_to(parent)[-1] if isinstance(parent, cst.Element) else None
                elements = several.elements if isinstance(several, (cst.Tuple, cst.List)) else ()
                yield value, next((at for at, each in enumerate(elements) if each is parent), None)

    def _is_neither(self, node: cst.BaseExpression, at: int | None) -> bool:
        """Whether the value of an expression, or a part of it, is known and is no model and no data."""
        value = self.value_of(node)
        if at is not None:
            known = isinstance(value, ListValue) and not value.unordered and at < len(value.values)
            value = force(value.values[at]) if known and isinstance(value, ListValue) else None
        if isinstance(value, Unknown):
            return value.default is not None
        return isinstance(value, _NEITHER) and value != NOTHING


def _unwrapped(value: cst.BaseExpression) -> cst.BaseExpression:
    """What a chain such as ``make().to(device).train()`` begins with."""
    while isinstance(value, cst.Call) and isinstance(value.func, cst.Attribute) and value.func.attr.value in _FLUENT:
        value = value.func.value
    return value
