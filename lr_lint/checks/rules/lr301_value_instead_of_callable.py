"""LR301: a number is passed instead of what computes it."""

from __future__ import annotations

from collections.abc import Iterator

from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Ground, Rule
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import FACTORS, Meaning
from lr_lint.vocabulary.diagnostics import Confidence
from lr_lint.vocabulary.quantities import Basis, real, told


def _asked_with(site: SiteFacts) -> str:
    return "the epoch to get the rate" if site.contract.meaning is Meaning.RATE else "the step to get the factor"


def _may_be_given_a_rate(site: SiteFacts) -> bool:
    """Whether a contract that the user has added takes rates: what calls for them may well take one that stays."""
    return site.contract.meaning is Meaning.RATE and site.contract.name not in BUILT_IN.by_name


def _check(site: SiteFacts) -> Iterator[Finding]:
    numbers = [shape.number for shape in site.shapes if shape.number is not None]
    if not numbers or len(numbers) < len(site.shapes) or _may_be_given_a_rate(site):
        return
    number = told(numbers[0])
    # What is computed is a number, whatever the counts in it are.
    computed = (Basis.PROVED, Basis.ASSUMED_COUNT)
    proved = all(real(each) is not None and each.basis in computed for each in numbers)
    # Where something had to be assumed, the worlds assume different things.
    same = proved and number is not None and {told(each) for each in numbers} == {number}
    what = f"the number {number:g}" if same else "a number"
    yield Finding(
        RULE,
        site,
        f"{what} is passed where {site.contract.short_name} wants a callable: it calls it with {_asked_with(site)}",
        Confidence.CERTAIN if proved else Confidence.LIKELY,
        ground=Ground.TEXT if all(shape.literal for shape in site.shapes) else None,
    )


RULE = Rule(
    code="LR301",
    name="value-instead-of-callable",
    summary="a number is passed as the callable: `LambdaLR(opt, f(epoch))`, `MultiplicativeLR(opt, 0.95)`",
    default=True,
    check=_check,
    meanings=frozenset({*FACTORS, Meaning.RATE}),
    rests_on=Ground.SHAPE,
    remedy="pass-callable",
)
