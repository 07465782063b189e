"""What the real schedulers of programs do: each runs in a fork of one process that has imported PyTorch."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.soundness.pieces import MAIN

_STEPS = 3
_SECONDS_EACH = 20


@dataclass(frozen=True)
class Made:
    """A LambdaLR that a program has made.

    Attributes:
        bases: the lr of each group that it starts from.
        factors: what the callable of the first group returned, in turn.
        rates: the rates of the first group, before each step.
    """

    bases: list[float]
    factors: list[float]
    rates: list[float]


def run_all(programs: Sequence[Mapping[str, str]]) -> list[list[Made] | None]:
    """The schedulers that each program makes; None for one that does not end rightly."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder, "work.json")
        work.write_text(json.dumps([dict(each) for each in programs]), encoding="utf-8")
        command = [sys.executable, "-m", __name__, str(work)]
        environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "", "PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run(command, check=True, env=environment, cwd=Path(__file__).parents[2], stdin=subprocess.DEVNULL)
        results = json.loads(Path(f"{work}.out").read_text(encoding="utf-8"))
    return [None if each is None else [Made(**made) for made in each] for each in results]


def main() -> None:
    """Runs the programs in a file, and writes what came of each beside it."""
    import torch

    weights = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(weights.parameters(), lr=0.1)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 1.0)
    # What is imported by the first step is imported once for all.
    optimizer.step()
    scheduler.step()
    programs = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    results = [_in_fork(program) for program in programs]
    Path(f"{sys.argv[1]}.out").write_text(json.dumps(results), encoding="utf-8")


def _in_fork(program: Mapping[str, str]) -> list[dict[str, Any]] | None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            signal.alarm(_SECONDS_EACH)
            text = json.dumps(_run(program))
            os.write(writing, text.encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    result: list[dict[str, Any]] | None = json.loads(data) if data else None
    return result


def _run(program: Mapping[str, str]) -> list[dict[str, Any]] | None:
    """What the schedulers of a program do, in the order in which they are made."""
    warnings.simplefilter("ignore")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    folder = tempfile.mkdtemp()
    for name, text in program.items():
        Path(folder, name).write_text(text, encoding="utf-8")
    os.chdir(folder)
    sys.path.insert(0, folder)
    sys.argv = [MAIN]
    made = _watch()
    try:
        exec(compile(program[MAIN], MAIN, "exec"), {"__name__": "__main__", "__file__": MAIN})
    except Exception:
        return None
    return [finish() for finish in made]


def _watch() -> list[Callable[[], dict[str, Any]]]:
    """Notes each LambdaLR that is made from now on; what is called of each steps it, and tells what it did."""
    from torch.optim.lr_scheduler import LambdaLR

    made: list[Callable[[], dict[str, Any]]] = []
    construct: Callable[..., None] = LambdaLR.__init__

    def init(self: Any, optimizer: Any, lr_lambda: Any, *more: Any, **options: Any) -> None:
        factors: list[float] = []
        given = list(lr_lambda) if isinstance(lr_lambda, (list, tuple)) else [lr_lambda] * len(optimizer.param_groups)

        def first(step: int) -> float:
            factors.append(float(given[0](step)))
            return factors[-1]

        construct(self, optimizer, [first, *given[1:]], *more, **options)
        bases = [float(base) for base in self.base_lrs]
        rates = [float(optimizer.param_groups[0]["lr"])]

        def finish() -> dict[str, Any]:
            for _ in range(_STEPS):
                optimizer.step()
                self.step()
                rates.append(float(optimizer.param_groups[0]["lr"]))
            return {"bases": bases, "factors": factors, "rates": rates}

        made.append(finish)

    setattr(LambdaLR, "__init__", init)  # noqa: B010
    return made


if __name__ == "__main__":
    main()
