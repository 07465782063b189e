"""What code does with the scheduler itself that is no step: it asks for the rate, or writes the object to a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import libcst as cst

from lr_lint.lifecycle.events import Event, Happening
from lr_lint.lifecycle.lives import Life
from lr_lint.project.binders import imported_from
from lr_lint.project.holders import function_of
from lr_lint.project.knowledge import ASKED_WITHIN_STEP, OTHER_PICKLER, PICKLING_PACKAGES
from lr_lint.source.tree import last_name
from lr_lint.vocabulary.contract_rows import BUILT_IN

_NEXT_RATES = "get_lr"


def readings_of_next_rates(lives: Iterable[Life]) -> Iterator[Event]:
    """Where the rates are asked for that the next step would set, each place once.

    A scheduler around another one has to ask that for them, in the method by which it is asked itself.
    """
    read = (event for life in lives if not _is_told(life) for event in life.scheduler.of(Happening.RATES_READ))
    asked = (event for event in read if event.name == _NEXT_RATES and event.via is None)
    return _each_once(event for event in asked if not _is_in_a_scheduler(event))


def _is_told(life: Life) -> bool:
    """Whether a scheduler is told by whoever asks that it is asked as if it made a step."""
    return any(event.name == ASKED_WITHIN_STEP for event in life.scheduler.of(Happening.SET))


def _is_in_a_scheduler(event: Event) -> bool:
    function = function_of(event.module.path_to(event.node))
    return isinstance(function, cst.FunctionDef) and function.name.value == _NEXT_RATES


def savings_by_pickle(lives: Iterable[Life]) -> Iterator[Event]:
    """Where the object itself, or what is made of it or keeps it, is written by Python's pickle, each place once."""
    kinds = (Happening.SAVED, Happening.OWNER_SAVED)
    return _each_once(filter(_is_pickled, (event for life in lives for event in life.scheduler.of(*kinds))))


def is_of_an_owner(event: Event) -> bool:
    """Whether what is written is an object that keeps the scheduler."""
    return event.happening is Happening.OWNER_SAVED


def _each_once(events: Iterable[Event]) -> Iterator[Event]:
    """The first event at each place: lives may have them in common."""
    seen = set()
    for event in events:
        if event.node not in seen:
            seen.add(event.node)
            yield event


def _is_pickled(event: Event) -> bool:
    of_several = event.via is None or last_name(event.via.func) in BUILT_IN.adopting
    keywords = {each.keyword.value for each in event.call.args if each.keyword is not None}
    return of_several and OTHER_PICKLER not in keywords and _package_of(event) in PICKLING_PACKAGES


def _package_of(event: Event) -> str:
    """The package that what writes it is imported from; empty where nobody imports it."""
    root = event.name.partition(".")[0]
    binding = event.module.scopes.resolve(root, event.node)
    binders = () if binding is None else event.module.scopes.binders(binding)
    packages = {imported_from(event.module.path_to(each)) for each in binders}
    return next(iter(packages)) or "" if len(packages) == 1 else ""
