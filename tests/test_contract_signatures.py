"""The rows of contracts against the libraries: each argument has the position and the name that a row says.

What is not installed is held against its signature as it was read in its source.
"""

from __future__ import annotations

import ast
import functools
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from lr_lint.source.contract_settings import contracts_from
from lr_lint.vocabulary.contracts import Contract, ContractTable, Extent, Place

# All rows, beside one of a project.
TABLE: ContractTable = contracts_from({"a.build": {"callable": [0, "f"], "returns": "rate"}}, "pyproject.toml")
ROWS = [single for row in TABLE.sought if row.name not in TABLE.own for _, single in row.singles()]
_OPTIMIZER = "optimizer, t_initial, "
_CYCLES = "lr_min=0.0, cycle_mul=1.0, cycle_decay=1.0, cycle_limit=1, warmup_t=0"
_DECAYS = "optimizer, decay_t, decay_rate=1.0, warmup_t=0, warmup_lr_init=0.0"
# timm 1.0.31, diffusers 0.42.1, lightning-bolts 0.7.0, fastai 2.8.12; warmup_scheduler as projects have copied it.
READ = {
    "timm.scheduler.CosineLRScheduler": _OPTIMIZER + _CYCLES,
    "timm.scheduler.TanhLRScheduler": _OPTIMIZER + "lb=-7.0, ub=3.0, " + _CYCLES,
    "timm.scheduler.PolyLRScheduler": _OPTIMIZER + "power=0.5, " + _CYCLES,
    "timm.scheduler.StepLRScheduler": _DECAYS,
    "timm.scheduler.MultiStepLRScheduler": _DECAYS,
    "timm.scheduler.WSDLRScheduler": _OPTIMIZER
    + "decay_t, lr_min=0.0, stable_fn='constant', stable_timescale=None, stable_power=0.5, decay_fn='1-sqrt'",
    "diffusers.optimization.get_scheduler": "name, optimizer, step_rules=None, num_warmup_steps=None, "
    "num_training_steps=None, num_cycles=1, power=1.0, last_epoch=-1",
    "diffusers.optimization.get_cosine_schedule_with_warmup": "optimizer, num_warmup_steps, num_training_steps, "
    "num_cycles=0.5, last_epoch=-1",
    "diffusers.optimization.get_linear_schedule_with_warmup": "optimizer, num_warmup_steps, num_training_steps, "
    "last_epoch=-1",
    "pl_bolts.optimizers.lr_scheduler.LinearWarmupCosineAnnealingLR": "optimizer, warmup_epochs, max_epochs, "
    "warmup_start_lr=0.0, eta_min=0.0, last_epoch=-1",
    "warmup_scheduler.GradualWarmupScheduler": "optimizer, multiplier, total_epoch, after_scheduler=None",
    "fastai.callback.schedule.ParamScheduler": "scheds",
}
# Where the sources of a library are that defines what it exports elsewhere.
_SOURCES = {"torch": "optim/lr_scheduler.py", "transformers": "optimization.py"}
# Their time is not counted by an argument.
WITHOUT_TIME = {"LRScheduler", "ReduceLROnPlateau", "SWALR"}
# It has the argument as well, but the rates are those of its parts.
_RESTARTED = {"SequentialLR"}


@functools.cache
def _source(package: str, inner: str) -> ast.Module | None:
    """A file of a package that is installed. Nothing is imported: that would take longer than all tests here."""
    found = importlib.util.find_spec(package)
    path = None if found is None or found.origin is None else Path(found.origin).parent / inner
    return None if path is None or not path.is_file() else ast.parse(path.read_text(encoding="utf-8"))


def _definition(name: str) -> ast.arguments | None:
    package, last = name.partition(".")[0], name.rpartition(".")[2]
    inner = _SOURCES.get(package) or ("src/callbacks/learning_rate_scheduler.py" if package == "keras" else "")
    source = _source(package, inner) if inner else None
    for node in [] if source is None else source.body:
        if isinstance(node, ast.FunctionDef) and node.name == last:
            return node.args
        if isinstance(node, ast.ClassDef) and node.name == last:
            return next(
                (each.args for each in node.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"), None
            )
    return None


def signature_of(name: str) -> list[tuple[str, str]] | None:
    """The parameters and their defaults, as they are written; None where they are not known here."""
    read = READ.get(name)
    if read is None:
        arguments = _definition(name)
    else:
        made = ast.parse(f"def f({read}): ...").body[0]
        assert isinstance(made, ast.FunctionDef)
        arguments = made.args
    if arguments is None:
        return None
    positional = [each.arg for each in (*arguments.posonlyargs, *arguments.args) if each.arg != "self"]
    missing = len(positional) - len(arguments.defaults)
    return list(zip(positional, [""] * missing + [ast.unparse(each) for each in arguments.defaults], strict=True))


def places_of(row: Contract) -> Iterator[Place]:
    """All arguments that a row names by position or by name alone."""
    given = (row.callable, row.optimizer, row.rate, row.parts, row.resumed)
    yield from (place for place in given if place is not None)
    for horizon in row.horizons:
        yield horizon.place
        yield from (horizon.times,) if horizon.times is not None else ()
        yield from (horizon.decays[0],) if horizon.decays is not None else ()


KNOWN = [row for row in {row.name: row for row in ROWS}.values() if signature_of(row.name) is not None]


def test_rows_of_installed_libraries_and_those_that_were_read_are_known() -> None:
    names = {row.name for row in KNOWN}

    assert READ.keys() <= names
    assert len(names) > len(READ) + 20 or importlib.util.find_spec("transformers") is None


@pytest.mark.parametrize("row", KNOWN, ids=lambda row: str(row.name))
def test_arguments_stand_where_the_library_has_them(row: Contract) -> None:
    parameters = [name for name, _ in signature_of(row.name) or ()]

    for position, name in places_of(row):
        assert parameters.index(name) == position or (position is None and name in parameters)


@pytest.mark.parametrize("row", KNOWN, ids=lambda row: str(row.name))
def test_defaults_are_those_of_the_library(row: Contract) -> None:
    defaults = dict(signature_of(row.name) or ())

    for horizon in row.horizons:
        if horizon.decays is not None:
            (_, name), default = horizon.decays
            assert repr(default) == defaults[name]
        if horizon.extent is Extent.EACH_STEP:
            assert defaults[horizon.place[1]] == ""


def test_every_scheduler_of_torch_has_a_row() -> None:
    source = _source("torch", _SOURCES["torch"])
    if source is None:
        pytest.skip("no torch")
    classes = {node.name for node in source.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")}
    schedulers = {name for name in classes if name.endswith(("LR", "Restarts", "Plateau", "Scheduler"))}
    known = {row.short_name for row in TABLE.rows if row.name.startswith("torch.optim.lr_scheduler.")}

    assert schedulers - WITHOUT_TIME == known
    assert _resumable(source) - WITHOUT_TIME == {row.short_name for row in ROWS if row.resumed is not None} | _RESTARTED


def _resumable(source: ast.Module) -> set[str]:
    """The classes whose constructor may be told which step was the last one."""
    classes = [node for node in source.body if isinstance(node, ast.ClassDef)]
    made = {
        node.name: each.args
        for node in classes
        for each in node.body
        if isinstance(each, ast.FunctionDef) and each.name == "__init__"
    }
    return {name for name, arguments in made.items() if "last_epoch" in [each.arg for each in arguments.args]}
