"""The child's side of slices: runs each program, and observes the scheduler that it constructs."""

from __future__ import annotations
import __future__

import ast
import linecache
import re
import signal
import sys
import threading
import types
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from torch import optim

from lr_lint.probe.child.hooks import cuda_redirect
from lr_lint.probe.child.slices import missing
from lr_lint.probe.child.slices.command_lines import empty_command_line
from lr_lint.probe.child.slices.harmless import no_traces
from lr_lint.probe.child.slices.helper import ConstructionFailed, Helper, Reached
from lr_lint.probe.child.slices.parameters import parameters_supplied
from lr_lint.probe.child.slices.programs import parameter_names, parsed, show_lines
from lr_lint.probe.child.slices.sizes import SliceRun, hold_against_counts
from lr_lint.probe.child.slices.stand_ins import StandInModel
from lr_lint.probe.child.slices.supposed_rates import SUPPOSED, holds_for_any_rate, is_rate, supposed
from lr_lint.probe.child.slices.unknowns import NeedsValue, Supplies, parse_settings
from lr_lint.probe.measuring.epoch_callables import observe_callable
from lr_lint.probe.measuring.observe import observe_with_parts
from lr_lint.probe.records import NOT_SUPPLIED, ChildReport, Mode, Observation, ObservedGroup, Pace, Place
from lr_lint.probe.slicing.protocol import HELPER, line_of

_SECONDS_EACH = 20.0
_MOST_ROUNDS = 3
# What only holds for some counts is held against nobody: those that are assumed are tried in other sizes too.
_OTHER_SCALES = (0.05, 20.0)
_WANTS_GPU = re.compile("cuda|nvidia", re.IGNORECASE)


class _TimeIsUp(BaseException):
    """One program takes longer than its share."""


def run_slices(
    programs: list[dict[str, Any]], device: str, steps: int | None, report: ChildReport, seconds: float = _SECONDS_EACH
) -> None:
    """Run the programs one after the other; each adds one observation.

    Where a program lacks a value, the observation's error begins with `NOT_SUPPLIED` and names what would supply it.
    Programs that fail for want of a GPU are run again with CUDA calls redirected to the CPU, after all others.

    Args:
        programs: what `lr_lint.probe.slicing.slices.slices_of` made.
        device: where the parameters of the stand-ins are.
        steps: how many rates to read.
        report: gets the observations.
        seconds: what each program may take; not enforced outside the main thread and on Windows.
    """
    seen: list[list[Observation]] = []
    for program in programs:
        seen.append(run_with_parts(program, device, steps, seconds))
        report.observations += seen[-1]
    wanting = [at for at, (whole, *_) in enumerate(seen) if device == "cpu" and _WANTS_GPU.search(whole.error)]
    if wanting:
        redirect = cuda_redirect.install()
        for at in wanting:
            seen[at] = run_with_parts(programs[at], device, steps, seconds)
        report.observations[:] = [observation for each in seen for observation in each]
        report.notes.append(redirect.summary())


def run_slice(
    program: Mapping[str, Any], device: str, steps: int | None, seconds: float = _SECONDS_EACH
) -> Observation:
    """What the scheduler of one program does; the parts of it left out. The arguments are those of `run_with_parts`."""
    return run_with_parts(program, device, steps, seconds)[0]


def run_with_parts(
    program: Mapping[str, Any], device: str, steps: int | None, seconds: float = _SECONDS_EACH
) -> list[Observation]:
    """What the scheduler of one program does, and each part of it that has callables. Never raises on the user's code.

    Where the settings do not lead to the construction, the program is run again with values that do, so that what
    else depends on them fits.

    Args:
        program: the program.
        device: where the parameters are.
        steps: how many rates to read.
        seconds: what it may take.
    """
    trial = _Trial(program, device, steps, seconds)
    run = _led_to_the_construction(trial)
    if is_rate(run.lacking):
        run = _with_supposed_rates(trial, run) or run
    return [run.observation, *run.parts]


def _led_to_the_construction(trial: _Trial) -> SliceRun:
    """Runs a program with what its conditions want, and holds it against other sizes of the counts that it assumes."""
    run = _run_once(trial)
    assumptions: dict[str, Any] = {}
    wanted = run.wanted
    for _ in range(_MOST_ROUNDS):
        new = {name: value for name, value in wanted.items() if name not in assumptions}
        if not new:
            break
        assumptions.update(new)
        again = _run_once(trial, assumptions)
        if again.observation.error and not run.observation.error:
            break
        run, wanted = again, again.wanted
        run.observation.off_default = True
    if run.observation.assumed:
        others = (_run_once(trial, assumptions, scale) for scale in _OTHER_SCALES)
        hold_against_counts(run, others, trial.program["cells"])
    return run


def _with_supposed_rates(trial: _Trial, first: SliceRun) -> SliceRun | None:
    """Runs a program that lacks a rate with one that is supposed; None where the verdict rests on which one that is."""
    names = [first.lacking]
    usual, *others = SUPPOSED
    while True:
        run = _led_to_the_construction(trial.supposing(names, usual))
        if not is_rate(run.lacking) or run.lacking in names or len(names) == len(usual):
            break
        names.append(run.lacking)
    if run.observation.error:
        return None
    if not holds_for_any_rate(run, (_led_to_the_construction(trial.supposing(names, row)) for row in others)):
        return None
    for observation in (run.observation, *run.parts):
        observation.assumed += names
    # What is replaced once stays so.
    run.observation.notes[:0] = [note for note in first.observation.notes if note not in run.observation.notes]
    return run


@dataclass(frozen=True, slots=True)
class _Trial:
    """A program, and how it is to be run.

    Attributes:
        program: the program.
        device: where the parameters are.
        steps: how many rates to read.
        seconds: what each run may take.
        rates: the learning rates that are supposed.
    """

    program: Mapping[str, Any]
    device: str
    steps: int | None
    seconds: float
    rates: Mapping[str, float] = field(default_factory=dict)

    def supposing(self, names: Sequence[str], row: Sequence[float]) -> _Trial:
        """The same with rates that are supposed."""
        return replace(self, rates=supposed(names, row))


def _run_once(trial: _Trial, assumptions: Mapping[str, Any] = MappingProxyType({}), scale: float = 1.0) -> SliceRun:
    """One run of a program.

    Args:
        trial: the program.
        assumptions: values of names that lead to the construction.
        scale: by how much the counts that are assumed are multiplied.
    """
    program = trial.program
    given = parse_settings(program["settings"])
    observation = Observation(
        site=_site(program),
        contract=program["contract"],
        class_name=program["contract"],
        mode=Mode.SLICE,
    )
    try:
        tree = parsed(program, {**assumptions, **trial.rates, **given})
    except (SyntaxError, ValueError) as failed:
        observation.error = f"{NOT_SUPPLIED}: what was cut out of the file is no program: {_described(failed)}"
        return SliceRun(observation)
    supplies = _supplies(parameter_names(tree), trial.device, given, assumptions, trial.rates)
    supplies.scale = scale
    helper = Helper(supplies, program)
    parts: list[Observation] = []
    with _prepared(program, supplies), parameters_supplied(trial.device), _within(trial.seconds):
        try:
            error = _error_of_run(program, tree, helper, supplies)
            if not error and helper.constructed is not None:
                # A count that was assumed tells no length.
                training = None if supplies.assumed else helper.training
                observation, *parts = _observed(program, helper, trial.steps, training)
                observation.error = _blamed_on_assumptions(observation.error, supplies)
        except _TimeIsUp:
            error = f"{NOT_SUPPLIED}: the slice was not done within {trial.seconds:g} s"
        except Exception as failed:
            # What the code makes may answer any question of ours by raising.
            error = f"{NOT_SUPPLIED}: the scheduler could not be observed: {_described(failed)}"
    if helper.constructed is None and not error:
        error = f"{NOT_SUPPLIED}: the construction was not reached"
    if error:
        observation.error = error
        observation.groups = _groups(helper.optimizer)
    unused = sorted(given.keys() - supplies.used)
    observation.notes += [
        *program["notes"],
        *supplies.notes,
        *(f"--set {name}: the slice has no such value" for name in unused),
    ]
    observation.off_default = helper.off_default
    observation.assumed = list(supplies.assumed)
    lacking = supplies.lacking(observation.error)
    return SliceRun(
        observation, parts, helper.wanted_assumptions, helper.decisions, lacking, groups_unread=supplies.groups_unread
    )


def _observed(program: Mapping[str, Any], helper: Helper, steps: int | None, training: int | None) -> list[Observation]:
    """A constructed scheduler and its parts, each with its place; or what is asked epoch by epoch."""
    whole = _site(program)
    if program["schedule"] is not None:
        return [observe_callable(helper.constructed, program["contract"], program["rate"], steps, whole)]
    parts = list(getattr(helper.constructed, "_schedulers", ()))
    places = {id(part): Place(program["path"], *place) for part, place in zip(parts, program["parts"], strict=False)}
    found = observe_with_parts(
        helper.constructed,
        steps,
        Mode.SLICE,
        whole,
        lambda part: places.get(id(part), whole),
        training,
        _pace(program),
    )
    for each in found:
        each.unit = program["unit"] or each.unit
    return found


def _pace(program: Mapping[str, Any]) -> Pace | None:
    return None if program["pace"] is None else Pace(*program["pace"])


def _site(program: Mapping[str, Any]) -> Place:
    return Place(program["path"], program["line"], program["column"], program["cell"])


def _blamed_on_assumptions(error: str, supplies: Supplies) -> str:
    """An error that counts which nobody gave may have caused is not held against the code."""
    if not error or error.startswith(NOT_SUPPLIED) or not supplies.assumed:
        return error
    return f"{NOT_SUPPLIED}: {error}, with counts that were assumed ({', '.join(supplies.assumed)}): --set them"


def _supplies(
    parameter_names: Sequence[str],
    device: str,
    given: Mapping[str, Any],
    assumptions: Mapping[str, Any],
    rates: Mapping[str, float],
) -> Supplies:
    models: dict[str, StandInModel] = {}

    def model(name: str) -> StandInModel:
        if name not in models:
            models[name] = StandInModel(supplies, name, device, parameter_names)
        return models[name]

    settings = {**assumptions, **rates, **given}
    supplies = Supplies(settings, model, frozenset(assumptions) - given.keys(), frozenset(rates) - given.keys())
    return supplies


def _error_of_run(program: Mapping[str, Any], tree: ast.Module, helper: Helper, supplies: Supplies) -> str:
    """Runs a program up to its construction; what went wrong, as ``Class: message``."""
    module = types.ModuleType("__main__")
    module.__dict__.update({"__file__": program["file"], "__package__": program["package"] or None, HELPER: helper})
    sys.modules["__main__"] = module
    try:
        exec(_compiled(program, tree), module.__dict__)
    except Reached:
        return ""
    except ConstructionFailed as failed:
        if isinstance(failed.__cause__, NameError):
            # What binds the name was left out, or nothing does; only a run can tell.
            return f"{NOT_SUPPLIED}: {_described(failed.__cause__)}"
        return _blamed_on_assumptions(_described(failed.__cause__), supplies)
    except NeedsValue as needed:
        return f"{NOT_SUPPLIED}: {needed}"
    except (Exception, SystemExit) as error:
        if helper.constructed is not None:
            return ""
        return f"{NOT_SUPPLIED}: the code before the construction failed{_line_of(error, program)}: {_described(error)}"
    return ""


def _compiled(program: Mapping[str, Any], tree: ast.Module) -> types.CodeType:
    # Annotations are not evaluated: what they name may not be in the slice.
    flags = __future__.annotations.compiler_flag
    code: types.CodeType = compile(tree, program["file"], "exec", flags, dont_inherit=True)
    return code


def _described(error: BaseException | None) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}".rstrip(": ")


def _line_of(error: BaseException, program: Mapping[str, Any]) -> str:
    """The innermost line of the user's file that an exception came through."""
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == program["file"]:
            line = trace.tb_lineno
        trace = trace.tb_next
    return f" on {line_of(line, program['cells'])}" if line is not None else ""


def _groups(optimizer: Any) -> list[ObservedGroup]:
    """The groups of an optimizer whose scheduler could not be constructed."""
    groups = []
    # A class that derives from PyTorch's may have none, where its constructor leaves that one's out.
    for group in getattr(optimizer, "param_groups", ()) if isinstance(optimizer, optim.Optimizer) else ():
        rate = group.get("initial_lr", group.get("lr")) if isinstance(group, dict) else None
        if isinstance(rate, (int, float)):
            groups.append(ObservedGroup(float(rate)))
    return groups


@contextmanager
def _prepared(program: Mapping[str, Any], supplies: Supplies) -> Iterator[None]:
    """The surroundings of a program: its folders, an empty command line, and no way to leave traces."""
    missing.use(supplies)
    path, main = list(sys.path), sys.modules.get("__main__")
    sys.path[:0] = [folder for folder in program["folders"] if folder not in sys.path]
    linecache.checkcache(program["file"])
    if program["text"]:
        # Whoever looks up a line of a notebook is to find the program, and not its JSON.
        show_lines(program["file"], program["text"])
    try:
        with empty_command_line(program["file"], supplies), no_traces():
            yield
    finally:
        sys.path[:] = path
        if main is not None:
            sys.modules["__main__"] = main


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Interrupts what takes longer, where signals can."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def expire(*_: object) -> None:
        raise _TimeIsUp

    before = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
