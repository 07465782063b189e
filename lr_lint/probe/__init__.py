"""The runtime side: the real scheduler, stepped without training. Only its child process imports torch.

Where to look:

* across the border: `records`, `request`, `transport`; what numbers say: `verdicts`, `tables`
* the command's side: `targets`, `launch`
* the command's side of slices: `slices`, then in order `file_index` with `effects`, `paths` (the way to a
  construction), `roles` (what is not run), `slicing` (which statements are kept) and `emission` (the program), with
  `fragments` and `trees`
* the child: `child` with `delivery`, `failures`, `frames`, `devices`, `quick_start`, and one module for each kind of
  work: `slice_runner`, `factories`, `runs`
* what the programs of slices meet: `slice_helper`, `stand_ins`, `unknowns`, `missing`, `own_methods`, `command_lines`,
  `harmless`
* what a running script meets: `hooks`, `stops`, `snapshots`, `keras_callbacks`, `cuda_redirect`
* measuring: `measure`, `purity`, `preservation`
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
