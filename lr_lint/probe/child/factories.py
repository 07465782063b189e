"""Calls a user's function that makes a scheduler, and observes what it returns. Imports torch: for the child only."""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch

from lr_lint.probe.child.frames import UserCode
from lr_lint.probe.child.hooks import cuda_redirect, keras_callbacks
from lr_lint.probe.child.hooks.schedulers import SchedulerRecorder
from lr_lint.probe.measuring.observe import is_scheduler
from lr_lint.probe.measuring.within import can_be_stepped, found_in
from lr_lint.probe.records import ChildReport, Mode
from lr_lint.probe.request import Request

ACCEPTED = (
    "a scheduler, (optimizer, scheduler), a list of them, what Lightning's configure_optimizers returns, "
    "or an object that has it"
)


class FactoryError(Exception):
    """A factory that cannot be used. Its text is one line for the user."""


def run_factory(request: Request, device: str, report: ChildReport, user_code: UserCode) -> None:
    """Import and call a factory, and observe the schedulers that it returns.

    Args:
        request: its target is ``package.module:function``; the settings are passed by keyword.
        device: where the tensors that the factory makes lie by default, if a device was asked for.
        report: gets the observations, or the reason why there are none.
        user_code: whose frames are the user's.
    """
    redirect = cuda_redirect.install() if request.redirect else None
    recorder, keras = SchedulerRecorder(user_code), keras_callbacks.CallbackRecorder(user_code)
    recorder.install()
    keras.install()
    try:
        # As for `python -m`: a project's own modules are found from its folder.
        sys.path.insert(0, os.getcwd())
        factory = imported(request.target)
        with _default_device(request, device):
            returned = factory(**arguments(request.target, factory, request.settings))
            found = schedulers(request.target, returned)
    except FactoryError as error:
        report.failure = str(error)
    except Exception as error:
        report.observations += recorder.failed(Mode.FACTORY, error)
        if not report.observations:
            raise
    else:
        for each in found:
            if not keras_callbacks.is_callback(each):
                report.observations += recorder.observe(each, request.steps, Mode.FACTORY)
            else:
                report.observations.append(keras.observe(each, request.steps, Mode.FACTORY, _optimizer(returned)))
    report.device = recorder.device() or "cpu"
    if redirect:
        report.notes.append(redirect.summary())


def _default_device(request: Request, device: str) -> AbstractContextManager[object]:
    # With `auto`, the factory decides. Before torch 2.0, a device is no context.
    if request.device == "auto" or not hasattr(torch.device, "__enter__"):
        return nullcontext()
    context: AbstractContextManager[object] = torch.device(device)
    return context


def imported(target: str) -> Callable[..., Any]:
    """The function that ``package.module:function`` stands for.

    Raises:
        FactoryError: if there is none.
    """
    name, _, attribute = target.partition(":")
    if not name or not attribute:
        raise FactoryError(f"{target}: a factory is named as package.module:function")
    try:
        found: Any = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and f"{name}.".startswith(f"{error.name}."):
            raise FactoryError(f"{target}: there is no module {error.name!r} to import from here") from None
        raise
    for part in attribute.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            raise FactoryError(f"{target}: {name} has no {attribute!r}") from None
    if not callable(found):
        raise FactoryError(f"{target}: a {type(found).__name__} is no function that could be called")
    return found  # type: ignore[no-any-return]


def arguments(target: str, factory: Callable[..., Any], settings: dict[str, str]) -> dict[str, Any]:
    """The settings as keyword arguments.

    Raises:
        FactoryError: if the factory wants others.
    """
    try:
        parameters = list(inspect.signature(factory).parameters.values())
    except (TypeError, ValueError):  # written in C
        return {name: _value(text) for name, text in settings.items()}
    positional = [each for each in parameters if each.kind is each.POSITIONAL_ONLY and each.default is each.empty]
    if positional:
        raise FactoryError(f"{target}: its argument {positional[0].name!r} cannot be passed by keyword")
    named = {each.name: each for each in parameters if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)}
    missing = [name for name, each in named.items() if each.default is each.empty and name not in settings]
    if missing:
        flags = " ".join(f"--set {name}=..." for name in missing)
        raise FactoryError(f"{target} needs {_listed(missing)}: give {flags}")
    unknown = [name for name in settings if name not in named]
    if unknown and not any(each.kind is each.VAR_KEYWORD for each in parameters):
        taken = f"it takes {_listed(list(named))}" if named else "it takes no arguments"
        raise FactoryError(f"--set {unknown[0]}: {target} has no such argument; {taken}")
    return {name: _value(text) for name, text in settings.items()}


def _listed(names: list[str]) -> str:
    return ", ".join(names)


def _value(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text


def schedulers(target: str, returned: Any) -> list[Any]:
    """The schedulers, and callbacks of Keras, in what a factory returned.

    Raises:
        FactoryError: if there is none.
    """
    configure = getattr(returned, "configure_optimizers", None)
    if callable(configure) and not is_scheduler(returned):
        returned = configure()
    found: list[Any] = []
    for each in found_in(returned, _is_wanted):
        if not any(each is other for other in found):
            found.append(each)
    if not found:
        what = "None" if returned is None else f"a {type(returned).__name__} without a scheduler in it"
        raise FactoryError(f"{target} returned {what}: it should return {ACCEPTED}")
    return found


def _is_wanted(found: Any) -> bool:
    return can_be_stepped(found) or keras_callbacks.is_callback(found)


def _optimizer(returned: Any) -> Any:
    """The optimizer that a factory returned beside a callback of Keras."""
    parts = returned.values() if isinstance(returned, dict) else returned if isinstance(returned, (list, tuple)) else ()
    optimizers = (getattr(each, "optimizer", each) for each in parts)
    return next((each for each in optimizers if hasattr(each, "learning_rate")), None)
