"""What a callable returns at the times that matter: some that are always tried, and those around each breakpoint."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

import libcst as cst

from lr_lint.project.modules import Module
from lr_lint.semantics.libraries.rate_sources import measure
from lr_lint.semantics.machine.calls import run_function
from lr_lint.semantics.machine.receivers import is_declared_only
from lr_lint.semantics.values.base import Container, Value
from lr_lint.semantics.values.constants import NOTHING, Constant
from lr_lint.semantics.values.containers import ListValue
from lr_lint.semantics.values.context import Anchor, Frame, Raised
from lr_lint.semantics.values.forgotten import Forgotten
from lr_lint.semantics.values.functions import Bound, Function, Partial, definition_of
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.methods import Method
from lr_lint.semantics.values.objects import Instance
from lr_lint.semantics.values.operations import call, member
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.semantics.values.world import Observations, Sampling
from lr_lint.semantics.worlds.earlier_calls import reads_what_is_left
from lr_lint.semantics.worlds.late_changes import reads_what_changes
from lr_lint.semantics.worlds.presumptions import without_claims
from lr_lint.semantics.worlds.runs import Point
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.contracts import Clock, Contract
from lr_lint.vocabulary.names import Suggestion, suggestion_of
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import Origin, Quantity, real
from lr_lint.vocabulary.units import RATE

_MOST_BREAKPOINTS = 16
# Into how many parts a run is divided where the callable is given the part that is over.
_PARTS = 20
_REMEMBERS = "what it gives depends on all calls before"
_TIMES = (0, 1, 2, 3, 5, 8, 10, 15, 20, 30, 40, 50, 70, 99, 100, 150, 300, 1_000, 5_000, 25_000, 49_999, 100_000)


def sample(
    function: Value,
    contract: Contract,
    frame: Frame,
    anchor: Anchor,
    *,
    alone: bool = True,
    rate: float | None = None,
) -> list[Point]:
    """What a callable returns at the times that matter, in order; one point where it is nothing that can be run.

    Args:
        function: the callable.
        contract: what it is given.
        frame: where it is handed over.
        anchor: the construction.
        alone: whether nothing else is called between two calls of it.
        rate: what it is given as the current lr; None for one that is not known.
    """
    before = frame.world.seen.sampling
    sampling = frame.world.seen.sampling = Sampling(function, doubt=before.doubt if before is not None else "")
    if _warnings_raise(anchor.module):
        frame.world.doubt("the code says what becomes of warnings")
    points = _without_undefined(_sampled(function, contract, frame, anchor, rate))
    if reads_what_changes(sampling.called or (), anchor):
        points = [*points[:1], *(replace(point, outdated=True) for point in points[1:])]
    if not sampling.remembers and not reads_what_is_left(sampling.called, sampling.left):
        return points
    known = _called_in_a_row([point.time for point in points], contract) if alone else 0
    # What a call has changed by the time that it raises is not followed.
    raised = next((at for at, point in enumerate(points) if point.raised is not None), len(points))
    known = min(known, raised + 1)
    return [point if at < known else without_claims(point, _REMEMBERS) for at, point in enumerate(points)]


def _warnings_raise(module: Module) -> bool:
    """Whether a file may have warnings raised: NumPy's of a division by zero among them."""
    calls = module.calls()
    filters = [call for name in ("simplefilter", "filterwarnings") for call in calls.get(name, ())]
    return bool(calls.get("seterr")) or any(_says_error(call) for call in filters)


def _says_error(call: cst.Call) -> bool:
    action = call.args[0].value if call.args else None
    return not isinstance(action, cst.SimpleString) or action.evaluated_value == "error"


def _without_undefined(points: Sequence[Point]) -> list[Point]:
    """The points, without what is claimed where only some calls read a name that nothing defines.

    To read it raises, unless somebody else defines it. Where each call does so somebody does, or none would work.
    """
    always = frozenset[str]().union(*(point.undefined for point in points))
    always = always.intersection(*(point.undefined for point in points))
    return [_without_claims_for(sorted(point.undefined - always), point) for point in points]


def _without_claims_for(undefined: Sequence[str], point: Point) -> Point:
    return without_claims(point, f"{undefined[0]} is not defined in this file") if undefined else point


def _called_in_a_row(times: Sequence[int], contract: Contract) -> int:
    """How many of the first times come one after the other: a scheduler leaves none out, and each call counts."""
    first = contract.first_time
    if contract.clock is Clock.PROGRESS:
        return 0
    return next((at for at, time in enumerate(times) if time != first + at or time not in _TIMES), len(times))


def multiples(function: Value, contract: Contract, frame: Frame, anchor: Anchor) -> list[Point]:
    """What a callable multiplies the current lr by at the times that matter; none where it does something else with it.

    The arguments are those of `sample`.
    """
    once, twice = (sample(function, contract, frame, anchor, rate=rate) for rate in (1.0, 2.0))
    numbers = [
        (real(one.value), real(two.value)) for one, two in zip(once, twice, strict=False) if one.value and two.value
    ]
    scales = all(one is not None and two is not None and math.isclose(two, 2 * one) for one, two in numbers)
    return once if scales and len(numbers) == len(once) == len(twice) else []


def _sampled(function: Value, contract: Contract, frame: Frame, anchor: Anchor, rate: float | None) -> list[Point]:
    world = frame.world
    if contract.clock is Clock.PROGRESS:
        return [_evaluate_at(function, contract, time, frame, anchor, rate) for time in range(_PARTS + 1)]
    times = [time for time in _TIMES if time >= contract.first_time]
    points = {time: _evaluate_at(function, contract, time, frame, anchor, rate) for time in times}
    if not callable_is_readable(function):
        return list(points.values())[:1]
    for time in _around(world.seen.breakpoints):
        if time not in points and time >= contract.first_time:
            points[time] = _evaluate_at(function, contract, time, frame, anchor, rate)
    return [points[time] for time in sorted(points)]


def callable_is_readable(value: Value) -> bool:
    """Whether a value is a callable whose body can be run here."""
    if isinstance(value, Partial):
        return callable_is_readable(value.function)
    if isinstance(value, Method):
        # Of a table that is known, as its ``__getitem__``.
        return isinstance(value.receiver, Container)
    return isinstance(value, (Function, Bound, Instance, External))


def _around(breakpoints: Iterable[float]) -> list[int]:
    """The times just before, at and after each breakpoint, and halfway to it."""
    times: list[int] = []
    for mark in sorted(breakpoints)[:_MOST_BREAKPOINTS]:
        if 0 < mark < 10_000_000:
            at = math.ceil(mark)
            times += [at // 2, at - 1, at, at + 1]
    return [time for time in times if time >= 0]


def _evaluate_at(
    function: Value, contract: Contract, time: int, frame: Frame, anchor: Anchor, rate: float | None
) -> Point:
    sampling = frame.world.seen.sampling
    assert sampling is not None
    frame.world.seen.guessed = frame.world.seen.assumed = False
    frame.world.seen.unknown = ""
    sampling.start()
    point = _outcome_at(function, contract, time, frame, anchor, rate)
    presumed, undefined = frozenset(sampling.presumed), frozenset(sampling.undefined)
    point = replace(point, presumed=presumed, undefined=undefined, assumed=frame.world.seen.assumed)
    return without_claims(point, sampling.doubt) if sampling.doubt else point


def _outcome_at(
    function: Value, contract: Contract, time: int, frame: Frame, anchor: Anchor, rate: float | None
) -> Point:
    index = time / _PARTS if contract.clock is Clock.PROGRESS else time
    given: dict[str, Value] = {
        "time": Quantity(index, varies=True, key=paths.TIME, ticks=True),
        "state": Unknown("it is the state of the trainer", paths.STATE),
        "ratio": Quantity(1.0),
        "lr": Quantity(rate, RATE, varies=True, origins=(Origin(paths.CURRENT_RATE, anchor, "lr"),)),
    }
    raised = Raised("TypeError")
    for signature in contract.signatures:
        try:
            value, place = _apply(function, [given[name] for name in signature], {}, frame, anchor)
        except Raised as error:
            raised = error
            if error.kind == "TypeError":
                continue
        else:
            return _as_point(function, value, place, time, frame, anchor)
        break
    return Point(time, raised=(raised.kind, raised.basis), place=raised.place)


def _as_point(function: Value, value: Value, place: Anchor | None, time: int, frame: Frame, anchor: Anchor) -> Point:
    if value == NOTHING:
        certain = not frame.world.seen.guessed and not _asks_a_stub(function, frame)
        return Point(time, reason="it returns None", place=place, nothing=certain)
    nameless = isinstance(value, Unknown) and suggestion_of(value.name) is Suggestion.NOTHING and value.default is None
    if isinstance(value, Unknown) and nameless and frame.world.seen.study is None:
        return Point(time, reason=str(value.reason), place=place)
    if isinstance(value, Forgotten):
        return Point(time, reason=value.reason, place=place)
    if isinstance(value, Constant):
        return Point(time, reason="it returns a text", place=place)
    if not isinstance(value, (Quantity, Unknown, ListValue)):
        return Point(time, reason="it returns no number that can be followed", place=place)
    quantity = measure(value, frame.world, place or anchor)
    if quantity.number is not None and quantity.number != quantity.number:
        return Point(time, reason="it returns NaN", place=place)
    reason = frame.world.seen.unknown if quantity.number is None else ""
    return Point(time, quantity, reason=reason, place=place, source=_source_of(value, frame) or place)


def _source_of(value: Value, frame: Frame) -> Anchor | None:
    sampling = frame.world.seen.sampling
    return None if sampling is None else sampling.source_of(value)


def rates_read_in(seen: Observations) -> frozenset[AccessPath]:
    """The rates that are read in the bodies of functions that the callable enters, so each time that it is called."""
    entered = seen.entered
    if not entered:
        return frozenset()
    return frozenset(
        key
        for key, places in seen.current_reads.items()
        if any(not entered.isdisjoint(place.module.path_to(place.node)) for place in places)
    )


def _asks_a_stub(function: Value, frame: Frame) -> bool:
    """Whether the callable is, or has called, a function that only declares what others define."""
    definition = definition_of(function)
    own = [definition.node] if isinstance(definition, Function) else []
    asked = (*own, *frame.world.seen.entered)
    return any(isinstance(each, cst.FunctionDef) and is_declared_only(each) for each in asked)


def _apply(
    function: Value, arguments: list[Value], keywords: dict[str, Value], frame: Frame, anchor: Anchor
) -> tuple[Value, Anchor | None]:
    """Calls the callable and tells which returned expression gave the value."""
    if isinstance(function, Partial):
        merged = {**dict(function.keywords), **keywords}
        return _apply(function.function, [*function.arguments, *arguments], merged, frame, anchor)
    if isinstance(function, Instance):
        method = member(function, "__call__", frame)
        if isinstance(method, Bound):
            return _apply(method, arguments, keywords, frame, anchor)
    if isinstance(function, Bound):
        return _apply(function.function, [function.receiver, *arguments], keywords, frame, anchor)
    if isinstance(function, Function):
        completion = run_function(function, arguments, keywords, frame)
        return completion.value, completion.place
    return call(function, arguments, keywords, anchor, frame), None
