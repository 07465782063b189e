"""Runs scripts in child processes, several at once, since each takes as long as `import torch`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lr_lint.probe.launch import launch
from lr_lint.probe.records import ChildReport, Mode, Observation
from lr_lint.probe.request import Request

SCRIPTS = Path(__file__).parent / "scripts"


def script(name: str, *arguments: str, **fields: Any) -> Request:
    """A request to run one of the scripts beside this module."""
    return Request(Mode.RUN, str(SCRIPTS / name), arguments=arguments, **fields)


@contextmanager
def reports(folder: Path, requests: Mapping[str, Request]) -> Iterator[dict[str, ChildReport]]:
    """The reports on requests that all run in one folder."""
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(2) as pool:
        patch.chdir(folder)
        # Each thread waits for its child: the kernel ends a child with the thread that started it.
        yield dict(zip(requests, pool.map(launch, requests.values()), strict=True))


def rates(observation: Observation) -> list[Any]:
    """The rates of the first group."""
    return observation.groups[0].lrs


def line_of(name: str, mark: str) -> int:
    """The line of a script that ends with a comment."""
    lines = (SCRIPTS / name).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.endswith(f"# {mark}"))
