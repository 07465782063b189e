"""The runtime side: the real scheduler, stepped without training. Only its child process imports torch.

Where to look:

* across the border: `records`, `request`, `transport`
* the command's side: `targets`, `launch`, and `slicing`, which makes programs of constructions
* the child process: `child`, with `child.slices` for what those programs meet and `child.hooks` for what scripts meet
* `measuring`: from a scheduler to the rates that it sets, and from these to a verdict
* for tests: `checking` and `pytest_plugin`; ``check_scheduler`` and what it raises are loaded from here on first use
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
