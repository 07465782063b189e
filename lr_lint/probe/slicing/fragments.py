"""Small questions about statements that the slicer and the emission of programs both ask."""

from __future__ import annotations

import libcst as cst

from lr_lint.probe.slicing.definitions import Definition, Definitions
from lr_lint.project.binders import SELF
from lr_lint.project.effects import call_of_statement
from lr_lint.source.tree import dotted_name, last_name, walk

Constant = str | int | float | bool | None

_KEPT_DECORATORS = frozenset(
    "staticmethod classmethod property setter getter contextmanager lru_cache cache cached_property wraps "
    "abstractmethod singledispatch register_parser dataclass attrs s define frozen total_ordering unique".split()
)
_NAMED = {"True": True, "False": False, "None": None}
_NO_CONSTANT = object()


def constant(node: cst.CSTNode | None) -> object:
    """The value of a literal; `_NO_CONSTANT`, which equals nothing, for other nodes."""
    if isinstance(node, (cst.SimpleString, cst.ConcatenatedString, cst.Integer, cst.Float)):
        return node.evaluated_value
    if isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus):
        number = constant(node.expression)
        return -number if isinstance(number, (int, float)) else _NO_CONSTANT
    return _NAMED.get(node.value, _NO_CONSTANT) if isinstance(node, cst.Name) else _NO_CONSTANT


def given_whole(call: cst.Call) -> set[str]:
    """The names of the objects that a call is given themselves, rather than something read from them."""
    names = (dotted_name(argument.value) or "" for argument in call.args)
    return {name for name in names if name and ("." not in name or is_attribute_of_self(name))}


def is_attribute_of_self(name: str) -> bool:
    """Whether a dotted name is ``self.x``."""
    return name.startswith(f"{SELF}.") and name.count(".") == 1


def targets_of(statement: cst.CSTNode) -> list[cst.BaseExpression]:
    """What an assignment assigns to, the parts of tuples one by one; nothing for other statements."""
    if isinstance(statement, cst.Assign):
        targets: list[cst.BaseExpression] = [target.target for target in statement.targets]
    else:
        targets = [statement.target] if isinstance(statement, (cst.AnnAssign, cst.AugAssign)) else []
    return [part for target in targets for part in _parts(target)]


def _parts(target: cst.BaseExpression) -> list[cst.BaseExpression]:
    return [each.value for each in target.elements] if isinstance(target, cst.Tuple) else [target]


def part_of(target: cst.Attribute | cst.Subscript) -> str | None:
    """The name of the attribute or key that is set, where it is written out."""
    if isinstance(target, cst.Attribute):
        return target.attr.value
    index = target.slice[0].slice if len(target.slice) == 1 else None
    key = constant(index.value) if isinstance(index, cst.Index) else None
    return key if isinstance(key, str) else None


def changed_attributes(statement: cst.CSTNode) -> list[cst.Attribute]:
    """The attributes of other objects than ``self`` that an assignment sets; none where it sets anything else too."""
    targets = targets_of(statement)
    if not all(isinstance(target, (cst.Attribute, cst.Name)) for target in targets):
        return []
    attributes = [target for target in targets if isinstance(target, cst.Attribute)]
    return [target for target in attributes if not is_attribute_of_self(dotted_name(target) or "")]


def header_of(compound: cst.CSTNode) -> list[cst.CSTNode]:
    """The expressions that a compound statement evaluates itself."""
    if isinstance(compound, (cst.If, cst.While)):
        return [compound.test]
    if isinstance(compound, cst.For):
        return [compound.iter]
    if isinstance(compound, cst.With):
        return [item.item for item in compound.items]
    if isinstance(compound, cst.Match):
        guards = [case.guard for case in compound.cases if case.guard is not None]
        return [compound.subject, *guards, *(case.pattern for case in compound.cases)]
    return [handler.type for handler in getattr(compound, "handlers", ()) if handler.type is not None]


def bound_by_header(compound: cst.CSTNode) -> list[cst.BaseExpression]:
    """The targets that a compound statement binds itself."""
    if isinstance(compound, cst.For):
        return [compound.target]
    if isinstance(compound, cst.With):
        return [item.asname.name for item in compound.items if item.asname is not None]
    return []


def kept_decorators(definition: Definition, definitions: Definitions) -> list[cst.Decorator]:
    """The decorators that change what a definition is, rather than register or measure it.

    Those of this file may do anything; of those of libraries, the ones that do are known.
    """
    kept: list[cst.Decorator] = []
    for decorator in definition.decorators:
        made_by = decorator.decorator.func if isinstance(decorator.decorator, cst.Call) else decorator.decorator
        scope = definitions.scope_of(definition)
        own = isinstance(made_by, cst.Name) and definitions.defined_as(made_by.value, scope) is not None
        if own or last_name(made_by) in _KEPT_DECORATORS:
            kept.append(decorator)
    return kept


def keeps_hyperparameters(statement: cst.CSTNode) -> bool:
    """Whether a statement is Lightning's ``self.save_hyperparameters(...)``."""
    call = call_of_statement(statement)
    return call is not None and dotted_name(call.func) == f"{SELF}.save_hyperparameters"


def adds_option(statement: cst.CSTNode) -> bool:
    """A parser that lacks one option still parses the others."""
    call = call_of_statement(statement)
    name = last_name(call.func) if call is not None else ""
    return name == "add_argument" or name.startswith("DEFINE_")


def cannot_fail(statement: cst.CSTNode) -> bool:
    """Whether nothing can go wrong in a statement, so that it needs no guard."""
    if isinstance(statement, cst.FunctionDef):
        return not statement.decorators
    if isinstance(statement, cst.Assign) and all(isinstance(each.target, cst.Name) for each in statement.targets):
        value = statement.value
        empty = isinstance(value, (cst.List, cst.Dict)) and not value.elements
        simple = isinstance(value, cst.Lambda) and not any(
            isinstance(each, cst.Param) and each.default for each in walk(value.params)
        )
        return empty or simple or constant(value) is not _NO_CONSTANT
    return isinstance(statement, (cst.Pass, cst.Global, cst.Nonlocal))


def assumptions_of(test: cst.BaseExpression, expected: bool) -> dict[str, Constant]:
    """Values of names that make a test come out as expected; empty where it is no simple one.

    The names are written as settings are: ``args.sched``, also for ``args["sched"]``.
    """
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        return assumptions_of(test.expression, not expected)
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And) is expected:
        return {**assumptions_of(test.left, expected), **assumptions_of(test.right, expected)}
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        target = test.comparisons[0]
        return _assumed_of_comparison(test.left, target.operator, target.comparator, expected)
    name = _setting_name(test)
    return {name: expected} if name is not None else {}


def _assumed_of_comparison(
    left: cst.BaseExpression, how: cst.BaseCompOp, right: cst.BaseExpression, expected: bool
) -> dict[str, Constant]:
    if isinstance(how, cst.In) and expected and isinstance(right, (cst.List, cst.Tuple, cst.Set)) and right.elements:
        how, right = cst.Equal(), right.elements[0].value
    if constant(left) is not _NO_CONSTANT:
        left, right = right, left
    if not isinstance(how, (cst.Equal, cst.Is) if expected else (cst.NotEqual, cst.IsNot)):
        return {}
    name, value = _setting_name(left), constant(right)
    if name is None or not (value is None or isinstance(value, (str, int, float, bool))):
        return {}
    return {name: value}


def _setting_name(node: cst.BaseExpression) -> str | None:
    """A chain of names and keys as settings are written; ``x.lower()`` is as good as ``x``."""
    if (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value in {"lower", "upper"}
    ):
        node = node.func.value
    parts: list[str] = []
    while not isinstance(node, cst.Name):
        if isinstance(node, cst.Attribute):
            parts.append(node.attr.value)
        elif isinstance(node, cst.Subscript) and len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
            key = constant(node.slice[0].slice.value)
            if key is _NO_CONSTANT:
                return None
            parts.append(str(key))
        else:
            return None
        node = node.value
    return None if node.value.startswith("__") or node.value in _NAMED else ".".join(reversed([*parts, node.value]))
