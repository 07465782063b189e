"""Requests and reports as text: how parent and child tell each other what they want and what they saw.

Floats survive exactly (JSON writes their ``repr``), non-finite ones as the names that Python's ``json`` gives them, and
complex ones as ``{"real": ..., "imag": ...}``.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from lr_lint.probe.records import ChildReport, EventKind, Mode, Observation, ObservedGroup, Place, Rate, RunEvent
from lr_lint.probe.request import CellToRun, Request


def request_to_text(request: Request) -> str:
    """A request as JSON.

    Raises:
        TypeError: if a slice program holds something that JSON cannot carry.
    """
    return json.dumps(asdict(request))


def request_from_text(text: str) -> Request:
    """The request that ``request_to_text`` wrote."""
    fields = json.loads(text)
    cells = tuple(CellToRun(**{**cell, "shifts": tuple(cell["shifts"])}) for cell in fields["cells"])
    arguments = tuple(fields["arguments"])
    more = {"arguments": arguments, "cells": cells, "paces": tuple(map(tuple, fields["paces"]))}
    return Request(**{**fields, "mode": Mode(fields["mode"]), **more})


def report_to_text(report: ChildReport) -> str:
    """A report as JSON."""
    return json.dumps(asdict(report), default=_complex)


def report_from_text(text: str) -> ChildReport:
    """The report that ``report_to_text`` wrote.

    Raises:
        ValueError: if the text is none, or only the beginning of one.
    """
    try:
        fields = json.loads(text)
        observations = [_observation(observation) for observation in fields["observations"]]
        events = [_event(event) for event in fields["events"]]
        return ChildReport(**{**fields, "observations": observations, "events": events})
    except (KeyError, TypeError) as error:
        raise ValueError(f"no report of the probe: {error!r}") from error


def _complex(value: object) -> dict[str, float]:
    if isinstance(value, complex):
        return {"real": value.real, "imag": value.imag}
    raise TypeError(f"{type(value).__name__} is no plain data")


def _observation(fields: dict[str, Any]) -> Observation:
    site = fields["site"]
    return Observation(
        **{
            **fields,
            "site": None if site is None else Place(**site),
            "mode": Mode(fields["mode"]),
            "groups": [_group(group) for group in fields["groups"]],
        }
    )


def _event(fields: dict[str, Any]) -> RunEvent:
    place = fields["place"]
    return RunEvent(**{**fields, "what": EventKind(fields["what"]), "place": None if place is None else Place(**place)})


def _group(fields: dict[str, Any]) -> ObservedGroup:
    rates = {
        "initial_lr": _rate(fields["initial_lr"]),
        "lrs": [_rate(rate) for rate in fields["lrs"]],
        "later": [(step, _rate(rate)) for step, rate in fields["later"]],
    }
    return ObservedGroup(**{**fields, **rates})


def _rate(value: Any) -> Rate:
    return complex(value["real"], value["imag"]) if isinstance(value, dict) else float(value)
