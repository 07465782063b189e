"""The remedies, one file each. A remedy is added by its file and a row here; a rule names it in ``Rule.remedy``.

`divide` takes the rate out of what is returned, `divide_part` out of one operand or branch, and `multiply` puts it in.
`use_initial` takes the sibling scheduler, `pass_callable` the function in place of its result, and `bind_variable`
makes a loop's variable a default. Of time, `fit_time` has the horizon or the step to choose from, `count_updates`
divides a horizon by the batches of an update, and `fit_interval` puts a trainer's interval where it is read. Of what is
done with a scheduler, `ask_last_rates` asks it for the rates that it has set, `save_state` saves its state alone, and
`step_after` steps it behind its optimizer.
"""

from __future__ import annotations

from lr_lint.checks.fixes.remedies.ask_last_rates import AskLastRates
from lr_lint.checks.fixes.remedies.bind_variable import BindVariable
from lr_lint.checks.fixes.remedies.count_updates import CountUpdates
from lr_lint.checks.fixes.remedies.divide import Divide
from lr_lint.checks.fixes.remedies.divide_part import DividePart
from lr_lint.checks.fixes.remedies.fit_interval import FitInterval
from lr_lint.checks.fixes.remedies.fit_time import FitTime
from lr_lint.checks.fixes.remedies.multiply import Multiply
from lr_lint.checks.fixes.remedies.pass_callable import PassCallable
from lr_lint.checks.fixes.remedies.save_state import SaveState
from lr_lint.checks.fixes.remedies.step_after import StepAfter
from lr_lint.checks.fixes.remedies.use_initial import UseInitial
from lr_lint.checks.fixes.remedy import Remedy

_ALL: tuple[Remedy, ...] = (
    Divide(),
    DividePart(),
    Multiply(),
    UseInitial(),
    PassCallable(),
    BindVariable(),
    FitTime(),
    CountUpdates(),
    FitInterval(),
    AskLastRates(),
    SaveState(),
    StepAfter(),
)
REMEDIES = {remedy.name: remedy for remedy in _ALL}
