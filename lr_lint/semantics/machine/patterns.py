"""``match`` statements: which case takes a subject, and what its pattern binds.

See https://docs.python.org/3/reference/compound_stmts.html#the-match-statement.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from lr_lint.semantics.libraries.types import is_object_of
from lr_lint.semantics.machine.class_members import class_attribute
from lr_lint.semantics.machine.conditions import compare
from lr_lint.semantics.machine.control_flow import run_branch
from lr_lint.semantics.machine.dataclass_fields import fields_of
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.references import NAMED_CONSTANTS
from lr_lint.semantics.machine.statements import Completion, runs
from lr_lint.semantics.values.base import Value, constant_key, key_of
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.containers import DictValue, ListValue
from lr_lint.semantics.values.context import Frame, Raised
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.methods import type_of_data
from lr_lint.semantics.values.objects import ClassValue
from lr_lint.semantics.values.operations import member, truth
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.quantities import Quantity

# Classes whose patterns take the subject itself as their one part.
_WHOLE = frozenset(
    f"builtins.{name}" for name in "bool bytearray bytes dict float frozenset int list set str tuple".split()
)


@runs(cst.Match)
def _run_match(node: cst.Match, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    subject = evaluate(node.subject, frame)
    for case in node.cases:
        bound: dict[str, Value] = {}
        if not _matches(case.pattern, subject, bound, frame):
            continue
        frame.names.update(bound)
        if case.guard is None or truth(evaluate(case.guard, frame), case.guard, frame):
            return run_branch(case.body.body, frame, relevant)
    return None


def _matches(pattern: cst.MatchPattern, subject: Value, bound: dict[str, Value], frame: Frame) -> bool:
    """Whether a pattern takes a subject; what it binds is added. What is not known is for the world to say."""
    known = _known(pattern, subject, bound, frame)
    if known is not None:
        return known
    for name in _names_in(pattern):
        bound[name] = Unknown("a pattern that is not followed binds it", None, name)
    return frame.world.assume(paths.case("pattern", pattern))


def _known(pattern: cst.MatchPattern, subject: Value, bound: dict[str, Value], frame: Frame) -> bool | None:
    if isinstance(pattern, cst.MatchAs):
        if pattern.pattern is not None and not _matches(pattern.pattern, subject, bound, frame):
            return False
        if pattern.name is not None:
            bound[pattern.name.value] = subject
        return True
    if isinstance(pattern, cst.MatchOr):
        return any(_matches(part.pattern, subject, bound, frame) for part in pattern.patterns)
    if isinstance(pattern, cst.MatchValue):
        return _is_value(pattern, subject, frame)
    if isinstance(pattern, cst.MatchSingleton):
        return _is_singleton(NAMED_CONSTANTS[pattern.value.value], subject)
    if isinstance(pattern, (cst.MatchList, cst.MatchTuple)):
        return _is_sequence(pattern.patterns, subject, bound, frame)
    if isinstance(pattern, cst.MatchMapping):
        return _is_mapping(pattern, subject, bound, frame)
    return _is_object(pattern, subject, bound, frame) if isinstance(pattern, cst.MatchClass) else None


def _is_value(pattern: cst.MatchValue, subject: Value, frame: Frame) -> bool | None:
    value = evaluate(pattern.value, frame)
    if isinstance(value, Constant) and isinstance(subject, Constant):
        return bool(value.value == subject.value)
    if isinstance(subject, Quantity):
        return compare("==", subject, value, pattern, frame)
    subject_key, key = key_of(subject), key_of(value)
    if isinstance(subject, Unknown) and subject_key is not None and key is not None:
        return frame.world.assume(paths.comparison("==", subject_key, key))
    if isinstance(subject, Unknown):
        return None
    return compare("==", subject, value, pattern, frame)


def _is_singleton(singleton: Value, subject: Value) -> bool | None:
    if isinstance(subject, (Unknown, Forgotten)):
        return None
    if isinstance(singleton, Quantity) and isinstance(subject, Quantity):
        if subject.number is None or subject.array:
            return None
        return isinstance(subject.number, bool) and subject.number == singleton.number
    return subject == singleton


def _is_sequence(
    patterns: Sequence[cst.MatchSequenceElement | cst.MatchStar], subject: Value, bound: dict[str, Value], frame: Frame
) -> bool | None:
    if not isinstance(subject, ListValue) or subject.kind not in {"list", "tuple"}:
        return False if type_of_data(subject) is not None else None
    if subject.incomplete or subject.unordered:
        return None
    items = subject.values
    stars = [at for at, each in enumerate(patterns) if isinstance(each, cst.MatchStar)]
    if len(items) < len(patterns) - len(stars) or (not stars and len(items) != len(patterns)):
        return False
    at = stars[0] if stars else len(patterns)
    end = len(items) - (len(patterns) - at - 1) if stars else len(items)
    if stars:
        star = patterns[at]
        if isinstance(star, cst.MatchStar) and star.name is not None:
            bound[star.name.value] = ListValue(list(items[at:end]))
    parts = [*items[:at], *items[end:]]
    plain = [each for each in patterns if isinstance(each, cst.MatchSequenceElement)]
    return all(_matches(each.value, part, bound, frame) for each, part in zip(plain, parts, strict=True))


def _is_mapping(pattern: cst.MatchMapping, subject: Value, bound: dict[str, Value], frame: Frame) -> bool | None:
    if not isinstance(subject, DictValue):
        return False if type_of_data(subject) is not None else None
    if subject.incomplete:
        return None
    rest = dict(subject.entries)
    for element in pattern.elements:
        key = constant_key(evaluate(element.key, frame))
        if key is None:
            return None
        if key not in subject.entries or not _matches(element.pattern, subject.entries[key], bound, frame):
            return False
        rest.pop(key, None)
    if pattern.rest is not None:
        bound[pattern.rest.value] = DictValue(rest)
    return True


def _is_object(pattern: cst.MatchClass, subject: Value, bound: dict[str, Value], frame: Frame) -> bool | None:
    cls = evaluate(pattern.cls, frame)
    known = is_object_of(subject, cls)
    if not known:
        return known
    if isinstance(cls, External):
        if cls.name not in _WHOLE or pattern.kwds or len(pattern.patterns) > 1:
            return None
        return all(_matches(each.value, subject, bound, frame) for each in pattern.patterns)
    names = _positional_names(cls) if pattern.patterns else []
    if names is None or not isinstance(cls, ClassValue):
        return None
    if len(pattern.patterns) > len(names):
        raise Raised("TypeError")
    parts = [(name, each.value) for name, each in zip(names, pattern.patterns, strict=False)]
    parts += [(each.key.value, each.pattern) for each in pattern.kwds]
    return all(_has_part(subject, name, part, bound, frame) for name, part in parts)


def _has_part(subject: Value, name: str, part: cst.MatchPattern, bound: dict[str, Value], frame: Frame) -> bool:
    try:
        value = member(subject, name, frame)
    except Raised as raised:
        if raised.kind != "AttributeError":
            raise
        return False
    return _matches(part, value, bound, frame)


def _positional_names(cls: Value) -> list[str] | None:
    """The attributes that a class matches by position; None where that is not known."""
    if not isinstance(cls, ClassValue):
        return None
    given = class_attribute(cls, "__match_args__")
    if isinstance(given, ListValue) and not given.incomplete:
        names = [each.value for each in given.values if isinstance(each, Constant) and isinstance(each.value, str)]
        return names if len(names) == len(given.values) else None
    fields = fields_of(cls)
    return None if fields is None else [field.name for field in fields if field.given and not field.keyword]


def _names_in(pattern: cst.CSTNode) -> list[str]:
    """The names that a pattern may bind."""
    found: list[str] = []
    stack: list[cst.CSTNode] = [pattern]
    while stack:
        node = stack.pop()
        if isinstance(node, (cst.MatchAs, cst.MatchStar)) and node.name is not None:
            found.append(node.name.value)
        if isinstance(node, cst.MatchMapping) and node.rest is not None:
            found.append(node.rest.value)
        stack += node.children
    return found
