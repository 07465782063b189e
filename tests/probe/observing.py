"""Runs the schedulers of a program in slices, supplying what they ask for."""

from __future__ import annotations

import json
import re

from lr_lint.probe.child.slices.runner import run_slice
from lr_lint.probe.records import Observation
from lr_lint.probe.slicing.slices import slices_of
from lr_lint.source.disk import Disk
from lr_lint.vocabulary.names import Suggestion, suggestion_of
from lr_lint.vocabulary.site_records import SiteRecord

STEPS = 10
_MOST_REQUESTS = 10
_SUPPLIED = {
    Suggestion.RATE: "0.01",
    Suggestion.FACTOR: "0.5",
    Suggestion.HORIZON: "100",
    Suggestion.WARM_UP: "10",
    Suggestion.PERIOD: "30",
    Suggestion.NOTHING: "1",
}


def observe(path: str, site: SiteRecord, given: dict[str, str] | None = None) -> Observation | None:
    """A construction as PyTorch runs it; None where no slice can be cut.

    Args:
        path: the program.
        site: the construction.
        given: the settings that were supplied; what is asked for is added to them.
    """
    observation = None
    given = {} if given is None else given
    for _ in range(_MOST_REQUESTS):
        observation, refusal = observe_unaided(path, site, given)
        said = observation.error if observation is not None else refusal
        wanted = re.search(r"--set '?([\w.]+)=(?:VALUE|0\.1)", said)
        if wanted is None or wanted[1] in given:
            break
        given[wanted[1]] = _SUPPLIED[suggestion_of(wanted[1].rpartition(".")[2])]
    return observation


def observe_unaided(path: str, site: SiteRecord, given: dict[str, str]) -> tuple[Observation | None, str]:
    """A construction as PyTorch runs it with some settings; or why no slice can be cut."""
    sliced, refused = slices_of(path, site.line, Disk(), given)
    here = [program for program in sliced if program["column"] == site.column]
    observation = run_slice(json.loads(json.dumps(here[0])), "cpu", STEPS) if here else None
    return observation, "".join(failure.message for failure in refused)
