"""``f(epoch)`` becomes ``f``, and a constant becomes a function that returns it."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lr_lint.checks.fixes.comparison import Versions
from lr_lint.checks.fixes.drafts import Change, Draft, NoFixError
from lr_lint.checks.fixes.problem import Problem
from lr_lint.checks.fixes.remedy import Remedy
from lr_lint.source.tree import code_of, dotted_name
from lr_lint.vocabulary.contracts import Contract, Meaning


class PassCallable(Remedy):
    """For a number that is passed where a callable is wanted."""

    name = "pass-callable"

    def drafts(self, problem: Problem) -> Iterator[Draft]:
        """The function instead of its call, or a lambda around the constant."""
        contract = problem.construction.contract
        argument = problem.construction.argument(contract.callable)
        if isinstance(argument, cst.Call) and dotted_name(argument.func) is not None:
            if len(argument.args) != 1 or argument.args[0].star:
                raise NoFixError("the function takes more than the step")
            yield Draft(f"pass `{code_of(argument.func)}` itself", (Change(argument, instead=code_of(argument.func)),))
        elif isinstance(argument, (cst.Float, cst.Integer, cst.Name, cst.Attribute)) and _may_stay(contract):
            yield Draft("pass a function of the step", (Change(argument, before="lambda epoch: "),))
        raise NoFixError("what is to be called cannot be told")

    def is_confirmed(self, versions: Versions) -> bool:
        """Whether there is a rate at all: the old program had none to compare it with."""
        return True


def _may_stay(contract: Contract) -> bool:
    """Whether a constant makes a schedule: a factor of each step, or a rate; a factor of the first rate is none."""
    return bool(contract.of_initial) or contract.meaning is Meaning.RATE
