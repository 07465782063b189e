"""Transformations of programs that are said to keep what these do, held against PyTorch."""

from __future__ import annotations

import os

import pytest

pytest.importorskip("torch")

from tests.metamorphic.catalogue import TRANSFORMATIONS
from tests.metamorphic.comparing import Comparing, fixtures
from tests.metamorphic.programs import Promise
from tests.metamorphic.rates import rates_of

pytestmark = pytest.mark.slow


@pytest.mark.skipif(not hasattr(os, "fork"), reason="many programs are run in forks of one process")
def test_rates_stay_what_they_are() -> None:
    keeping = [each for each in TRANSFORMATIONS if each.promise is not Promise.BECOMES_RATE]
    programs = dict(fixtures())
    compared = [(each, each.changed) for each in Comparing(programs, 5).some(keeping, 1) if each.changed is not None]
    # A file of a package, with relative imports, is no script.
    pairs = [(each, changed) for each, changed in compared if changed.path == programs[each.name].path]

    before = rates_of([programs[comparison.name] for comparison, _ in pairs])
    after = rates_of([changed for _, changed in pairs])

    ran = [(*pair, rates, others) for pair, rates, others in zip(pairs, before, after, strict=True) if rates]
    assert [(each.name, each.transformation.name) for each, _, rates, others in ran if rates != others] == []
    assert len(ran) > len(pairs) / 3
