"""A selection of what `python -m tests.metamorphic` does over all fixtures, and the rules of the game."""

from __future__ import annotations

import dataclasses

import pytest

from lr_lint.vocabulary.diagnostics import Confidence
from tests.metamorphic.catalogue import TRANSFORMATIONS
from tests.metamorphic.comparing import Comparing, fixtures
from tests.metamorphic.programs import Program, Promise, Transformation
from tests.metamorphic.verdicts import Verdict, is_kept, verdict_of
from tests.support import BUG, FIXED

# What every run compares; the command takes others with another seed.
_SEED = 20
# Known to change what they should not: to lose a grade, a rate that is read by way of a variable that is declared
# global, and a factor over the reciprocal of its rate; and to gain a grade, where a rate is multiplied in that cancels.
_LOST = {
    ("rates/beside_huge_numbers.py", "wrap-method-of-instance"),
    ("lifecycle/stepped_beside_handlers.py", "loop-body-in-function"),
    ("rates/bound_to_a_name.py", "main-with-globals"),
    ("rates/builders_by_name.py", "wrap-partial-of-classmethod"),
    ("rates/callable_instance.py", "main-with-globals"),
    ("rates/click_option.py", "over-and-times-the-rate"),
    ("rates/guarded_factories.py", "decorate-by-class"),
    ("rates/guarded_factories.py", "wrap-method-of-instance"),
    ("rates/list_of_callables.py", "main-with-globals-guarded"),
    ("rates/rebuilt_power.py", "main-with-globals"),
    ("shape/late_binding_in_a_callable.py", "decorate"),
    ("shape/not_a_float_for_keras.py", "construct-subclass-with-constructor"),
    ("silent/decays_faster_for_larger_rates.py", "over-its-inverse"),
}
_LIKELY, _CERTAIN = Confidence.LIKELY, Confidence.CERTAIN


@pytest.fixture(scope="module")
def comparing() -> Comparing:
    return Comparing(dict(fixtures()), _SEED)


@pytest.mark.parametrize("transformation", TRANSFORMATIONS, ids=lambda each: each.name)
def test_verdicts_stay_what_they_are(transformation: Transformation, comparing: Comparing) -> None:
    (comparison,) = comparing.some([transformation], 1)

    assert comparison.changed is not None
    compile(comparison.changed.data, comparison.changed.path, "exec", dont_inherit=True)
    known = (comparison.name, transformation.name) in _LOST
    assert comparison.is_kept or known, f"{comparison.name}: {comparison.before} became {comparison.after}"


@pytest.mark.parametrize(("program", "name"), sorted(_LOST))
def test_what_is_lost_is_known(program: str, name: str, comparing: Comparing) -> None:
    """What changes and should not is never a new accusation; a pair that is mended leaves the list."""
    transformation = next(each for each in TRANSFORMATIONS if each.name == name)
    comparison = comparing.compare(program, transformation)

    assert comparison.after is not None
    assert comparison.after.codes <= comparison.before.codes
    assert not comparison.is_kept


def test_names_of_transformations_are_unique() -> None:
    assert len({each.name for each in TRANSFORMATIONS}) == len(TRANSFORMATIONS)


@pytest.mark.parametrize(
    ("promise", "before", "after", "kept"),
    [
        (Promise.SAME, [("LR101", _CERTAIN)], [("LR101", _CERTAIN)], True),
        (Promise.SAME, [("LR101", _CERTAIN)], [("LR101", _LIKELY)], False),
        (Promise.SAME, [("LR101", _CERTAIN)], [], False),
        (Promise.SAME, [], [("LR101", _LIKELY)], False),
        (Promise.CERTAIN, [("LR101", _LIKELY)], [], True),
        (Promise.CERTAIN, [("LR101", _CERTAIN)], [], False),
        (Promise.CERTAIN, [], [("LR101", _LIKELY)], False),
        (Promise.BECOMES_RATE, [], [("LR101", _LIKELY)], True),
        (Promise.BECOMES_RATE, [], [], False),
    ],
)
def test_promises(
    promise: Promise, before: list[tuple[str, Confidence]], after: list[tuple[str, Confidence]], kept: bool
) -> None:
    assert is_kept(promise, Verdict(tuple(before), 1), Verdict(tuple(after), 1)) is kept


def test_a_difference_is_seen() -> None:
    """A transformation that takes the bug away is no transformation, and the comparison says so."""
    mends = Transformation("mends", lambda program, tree, random: program.with_text(FIXED))
    (comparison,) = Comparing({"bug": Program("train.py", BUG.encode(), {})}, 0).every([mends])

    assert (comparison.applies, comparison.is_kept) == (True, False)


def test_the_verdict_on_a_program_is_that_of_the_checker() -> None:
    verdict = verdict_of(Program("train.py", BUG.encode(), {}))

    assert dataclasses.replace(verdict, decided=False) == Verdict((("LR101", _CERTAIN),), 1)
