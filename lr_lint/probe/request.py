"""What the child process is asked to do, as plain data that JSON can carry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lr_lint.probe.records import Mode

DEFAULT_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class CellToRun:
    """A cell of a notebook that is to be run.

    Attributes:
        number: counted from one over all cells.
        text: its Python.
        shifts: by how many columns each line was moved to the left; empty where none was.
    """

    number: int
    text: str
    shifts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """One job for one child process.

    Attributes:
        mode: SLICE, FACTORY or RUN.
        target: the script of a run, ``package.module:function`` of a factory, the file of slices; as the user wrote
            it, since failures name it.
        steps: how many rates to read: those in force before step 0, 1, ..., steps - 1. None for as many as the training
            has, or as the scheduler speaks of.
        device: ``auto`` (the first GPU if there is one), ``cpu``, ``cuda`` or ``cuda:N``.
        module: the dotted name of a script that is run as ``python -m`` does; empty for one that is run by its path.
        arguments: what a script finds in ``sys.argv[1:]``.
        settings: the ``--set NAME=VALUE`` pairs, both as text.
        programs: the slices, as ``lr_lint.probe.slicing.slices`` makes them.
        timeout: seconds of wall-clock time for the user's code in one child, once torch is imported; what is repeated
            with CUDA redirected has them twice.
        memory: bytes of resident memory for the child and its children; None for three quarters of the machine's.
        cells: those of a script that is a notebook; none of any other.
        batches: how many batches of a run's training are gone through; with none, it stops before the first.
        paces: how a run's training steps the schedulers of its file, as the code has it: for each its file and line,
            how many epochs there are, and how many steps each of them takes.
        redirect: whether CUDA calls go to the CPU. Set by ``launch`` for the second attempt at a run.
    """

    mode: Mode
    target: str = ""
    steps: int | None = None
    device: str = "auto"
    module: str = ""
    arguments: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    programs: list[dict[str, Any]] = field(default_factory=list)
    timeout: float = DEFAULT_TIMEOUT
    memory: int | None = None
    redirect: bool = False
    batches: int = 0
    paces: tuple[tuple[str, int, int, float], ...] = ()
    cells: tuple[CellToRun, ...] = ()
