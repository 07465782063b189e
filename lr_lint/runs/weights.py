"""Whether more processes pay for the work that is left after the gates.

What one file takes is known when it is done: a file that only names a scheduler takes milliseconds, one that constructs
some in a long function takes seconds. The number and the length of the files that are left say what they come to
together, well enough to tell a package from a file.
"""

from __future__ import annotations

import os

# In seconds of one processor, on a machine of two at 2.8 GHz: what a file that passes the gates takes, and a byte more.
_PER_FILE = 0.02
_PER_BYTE = 2e-6
# Where two processes begin to be faster than one. Measured there, best of three, with files of six lines: 48 of them
# (1.0 by this count) take one process 0.96 s and two 1.18 s, 96 of them (1.9) take one 1.26 s and two 1.14 s.
BREAK_EVEN = 1.6
# More would be memory for little: few projects have so many files that construct schedulers.
_MOST = 16


def weight(content: bytes) -> float:
    """What the analysis of a file may take that has passed the gates, in seconds of one processor."""
    return _PER_FILE + _PER_BYTE * len(content)


def most_processes() -> int:
    """How many processes may work at once where nobody says how many: as many as this one may have processors."""
    return min(_MOST, _processors())


def _processors() -> int:
    allowed = getattr(os, "sched_getaffinity", None)
    count = len(allowed(0)) if allowed is not None else os.cpu_count() or 1
    return max(1, min(count, _share_of_control_group() or count))


def _share_of_control_group() -> int | None:
    """The processors that a container gives, in version 2 of Linux's control groups; None where there is no bound.

    The file has the time that its processes may take together in each period, and the length of the period.
    Source: https://docs.kernel.org/admin-guide/cgroup-v2.html (cpu.max), read 2026-11.
    """
    try:
        with open("/sys/fs/cgroup/cpu.max", encoding="ascii") as file:
            quota, period = file.read().split()
        return max(1, int(quota) // int(period))
    except (OSError, ValueError):
        return None
