"""What the numbers were measured on: no name of the machine and no path is told."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import date

from benchmarks.environments import ROOT, Environments
from benchmarks.measuring import own_peak

_PACKAGE = "lr_lint"


def machine() -> dict[str, str]:
    """Processor, cores, memory, system and Python."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": _processor(),
        "cores": str(cores),
        "memory": f"{memory:.0f} GiB",
        "system": platform.system(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "date": date.today().isoformat(),
        "load": f"{os.getloadavg()[0]:.1f} processes waited for a core at the start",
        "floor of peaks": f"{own_peak():.0f} MiB",
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.partition(":")[2].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def versions(environments: Environments) -> dict[str, str]:
    """What was measured, with versions."""
    told: dict[str, str] = dict(environments.subject.versions("libcst", "flake8", "ruff"))
    others: Mapping[str, str] = {} if environments.torchfix is None else environments.torchfix.versions("torchfix")
    return {"lr-lint": revision(), **told, **others}


def revision() -> str:
    """The last commit that changed lr-lint itself, and whether its files differ from that."""
    commit = _told("log", "-1", "--format=%h", "--", _PACKAGE)
    changed = _told("status", "--porcelain", "--", _PACKAGE)
    return f"{commit or 'outside of a checkout'}{' with changes' if changed else ''}"


def _told(*arguments: str) -> str:
    """What Git prints; nothing outside of a checkout."""
    return subprocess.run(
        ["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False
    ).stdout.strip()
