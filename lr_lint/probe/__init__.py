"""The runtime side: the real scheduler, stepped without training. Only its child process imports torch.

The way of one probe:

1. **Request** (`request`, `targets`). What the user names is a file, a function that makes a scheduler, or a script.
2. **Slice** (`slicing`). Of a file nothing else is run than a program made for each construction: the statements that
   its optimizer and its scheduler need. A factory and a script are run as they are.
3. **Child** (`launch`, `child`). One process for each request, with bounds on time and memory, so that no program can
   harm the command. `child.slices` supplies what a slice leaves out: models, data, options. `child.hooks` looks on
   while a script constructs its schedulers, and `child.delivery` sends what was seen. Across the border go plain data
   only (`records`, `transport`).
4. **Measuring** (`measuring.observe`, in the child). The scheduler is stepped with its optimizer, and the rates that it
   sets are read; the rest of the program notices nothing (`measuring.preservation`). `measuring.purity` finds callables
   that depend on more than the time.
5. **Verdict** (`measuring.verdicts`, on the command's side). The rates are a curve, and the classifier of
   `lr_lint.vocabulary.families` says what it proves, as it does for the static side. `measuring.group_verdicts` asks in
   the order of how much an answer proves; the first answer is the verdict on the group.
6. **Consultation** (`consultation`). The check is asked about the same construction, and what it finds is confirmed,
   refuted or left open by the rates: the two never say opposite things.

An example of the last step: an optimizer that starts from 0.1, and a callable that returns the decayed rate instead of
a factor, so that PyTorch sets 0.1 x 0.1 at first.

>>> from lr_lint.probe.measuring.verdicts import judge
>>> from lr_lint.probe.records import Mode, Observation, ObservedGroup
>>> library_class = "torch.optim.lr_scheduler.LambdaLR"
>>> rates = [0.1 * (0.1 * 0.95**epoch) for epoch in range(10)]
>>> seen = Observation(None, library_class, library_class, Mode.DIRECT, [ObservedGroup(initial_lr=0.1, lrs=rates)])
>>> verdict = judge(seen)
>>> verdict.outcome.value
'contradicts'
>>> verdict.message
'the rate starts at 0.01, not at 0.1: the callable returns a rate, and LambdaLR multiplies it by the initial lr'

For tests there are `checking` and `pytest_plugin`: ``check_scheduler`` observes a scheduler in the test's own process
and judges it the same way. It and what it raises are loaded from here on first use.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the command imports this package too
if TYPE_CHECKING:
    from lr_lint.probe.checking import ScheduleError, check_scheduler

__all__ = ["ScheduleError", "check_scheduler"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from lr_lint.probe import checking

    return getattr(checking, name)
