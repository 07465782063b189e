"""Puts a scheduler back as it was after it has been stepped: its parts, its optimizer's rates, its callables' state.

Everything that the scheduler holds is walked and remembered in place, so that aliases that the user keeps stay valid.
A deep copy would not do: functions are not copied, and a callable that reads its optimizer would read the real one.
Parameters, their state and other large tensors are never copied. What cannot be put back is a position in an iterator.
"""

from __future__ import annotations

import dis
import random
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import torch
from torch.optim import Optimizer

# Objects reached from a scheduler by way of its callables can be many: a bound method leads to a whole trainer.
_MOST_OBJECTS = 5_000
_MOST_ITEMS = 10_000
_MOST_NUMBERS = 1_000
_ATOMS = (str, bytes, int, float, complex, type, type(None), ModuleType, CodeType, BuiltinFunctionType)
# A class with this attribute is the probe's own: its objects note what was asked of them, and go on knowing it.
RECORDING = "lr_lint_recording"
_MODULE_TABLES = frozenset({"_parameters", "_buffers", "_modules"})

Undo = Callable[[], object]


@contextmanager
def preserved(scheduler: object) -> Iterator[None]:
    """On leaving, the scheduler and what it holds are as they were on entering, and so are the random generators."""
    snapshot = _Snapshot(scheduler)
    try:
        yield
    finally:
        snapshot.restore()


class _Snapshot:
    """How to put back what can be reached from an object, nearest objects first."""

    def __init__(self, root: object) -> None:
        self._undo: list[Undo] = [*_random_states()]
        self._seen: dict[int, object] = {}
        self._queue: deque[object] = deque([root])
        while self._queue and len(self._seen) < _MOST_OBJECTS:
            found = self._queue.popleft()
            if id(found) not in self._seen and not isinstance(found, _ATOMS) and not hasattr(type(found), RECORDING):
                self._seen[id(found)] = found
                self._remember(found)

    def restore(self) -> None:
        """Put everything back."""
        for undo in reversed(self._undo):
            undo()

    def _remember(self, found: Any) -> None:
        if isinstance(found, torch.Tensor):
            self._remember_tensor(found)
        elif isinstance(found, Optimizer):
            self._remember_optimizer(found)
        elif isinstance(found, dict):
            self._remember_dict(found)
        elif isinstance(found, (list, set, deque)):
            self._remember_items(found)
        elif isinstance(found, (tuple, frozenset)):
            self._queue.extend(found if len(found) <= _MOST_ITEMS else ())
        elif isinstance(found, FunctionType):
            self._remember_function(found)
        elif isinstance(found, MethodType):
            self._queue += [found.__self__, found.__func__]
        else:
            self._remember_object(found)

    def _remember_tensor(self, tensor: torch.Tensor) -> None:
        if tensor.numel() > _MOST_NUMBERS or tensor.requires_grad:
            return
        saved = tensor.detach().clone()

        def undo() -> None:
            # A write that changes nothing would still tell autograd that the tensor was changed.
            if not torch.equal(tensor, saved):
                with torch.no_grad():
                    tensor.copy_(saved)

        self._undo.append(undo)

    def _remember_optimizer(self, optimizer: Optimizer) -> None:
        self._undo.append(partial(_refill, vars(optimizer), dict(vars(optimizer))))
        groups = optimizer.param_groups
        self._remember_list(groups)
        for group in groups:
            self._seen[id(group)] = group
            self._undo.append(partial(_refill, group, dict(group)))
            self._queue += [value for key, value in group.items() if key != "params"]
        self._queue.append(getattr(optimizer, "defaults", None))

    def _remember_dict(self, table: dict[Any, Any], without: frozenset[str] = frozenset()) -> None:
        if len(table) > _MOST_ITEMS:
            return
        self._undo.append(partial(_refill, table, dict(table)))
        self._queue += [value for key, value in table.items() if key not in without]

    def _remember_items(self, items: list[Any] | set[Any] | deque[Any]) -> None:
        if len(items) > _MOST_ITEMS:
            return
        if isinstance(items, list):
            self._remember_list(items)
        else:
            self._undo.append(partial(_refill_items, items, list(items)))
        self._queue += items

    def _remember_list(self, items: list[Any]) -> None:
        saved = list(items)

        def undo() -> None:
            if not _same(items, saved):
                items[:] = saved

        self._undo.append(undo)

    def _remember_function(self, function: FunctionType) -> None:
        self._queue += [function.__defaults__, function.__kwdefaults__]
        self._remember_dict(vars(function))
        for cell in function.__closure__ or ():
            try:
                saved = cell.cell_contents
            except ValueError:  # not filled yet
                continue
            self._undo.append(partial(setattr, cell, "cell_contents", saved))
            self._queue.append(saved)
        if (function.__module__ or "").partition(".")[0] in ("torch", "numpy"):
            return
        names, stored = _global_names(function.__code__)
        table = function.__globals__
        self._queue += [table[name] for name in names if name in table]
        self._undo += [partial(_rebind, table, name, table.get(name, _rebind)) for name in stored]

    def _remember_object(self, found: Any) -> None:
        if isinstance(found, random.Random):
            self._undo.append(partial(found.setstate, found.getstate()))
        elif isinstance(found, torch.Generator):
            self._undo.append(partial(found.set_state, found.get_state()))
        elif isinstance(found, partial):
            self._queue += [found.func, found.args, found.keywords]
        elif _is_array(found):
            if found.size <= _MOST_NUMBERS and not found.dtype.hasobject:
                self._undo.append(partial(_refill_array, found, found.copy()))
            return
        # An object may answer for its attributes itself, and badly.
        with suppress(Exception):
            attributes = vars(found)
            if isinstance(attributes, dict):
                self._remember_dict(attributes, _MODULE_TABLES)
        for name in _slots(type(found)):
            with suppress(Exception):
                saved = getattr(found, name)
                self._undo.append(partial(object.__setattr__, found, name, saved))
                self._queue.append(saved)


def _refill(table: dict[Any, Any], saved: dict[Any, Any]) -> None:
    if list(table) != list(saved) or any(table[key] is not saved[key] for key in saved):
        table.clear()
        table.update(saved)


def _refill_items(items: set[Any] | deque[Any], saved: list[Any]) -> None:
    if _same(items, saved):
        return
    items.clear()
    if isinstance(items, set):
        items.update(saved)
    else:
        items.extend(saved)


def _refill_array(array: Any, saved: Any) -> None:
    if array.tobytes() != saved.tobytes():
        array[...] = saved


def _rebind(table: dict[str, Any], name: str, saved: object) -> None:
    """Give a global name its value back; a name that had none, which is marked by this function, has none again."""
    if saved is _rebind:
        table.pop(name, None)
    elif table.get(name, _rebind) is not saved:
        table[name] = saved


def _same(items: list[Any] | set[Any] | deque[Any], saved: list[Any]) -> bool:
    return len(items) == len(saved) and all(item is other for item, other in zip(items, saved, strict=True))


def _is_array(found: object) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(found, numpy.ndarray)


def _slots(kind: type) -> Iterator[str]:
    for base in kind.__mro__:
        slots = base.__dict__.get("__slots__", ())
        yield from (name for name in ((slots,) if isinstance(slots, str) else slots) if not name.startswith("__"))


def _global_names(code: CodeType) -> tuple[set[str], set[str]]:
    """The global names that a function mentions, and those that it stores, functions within it included."""
    names = set(code.co_names)
    stored = {
        str(instruction.argval)
        for instruction in dis.get_instructions(code)
        if instruction.opname in ("STORE_GLOBAL", "DELETE_GLOBAL")
    }
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            inner_names, inner_stored = _global_names(constant)
            names |= inner_names
            stored |= inner_stored
    return names, stored


def _random_states() -> Iterator[Undo]:
    """How to put the random generators of Python, NumPy and torch back."""
    yield partial(random.setstate, random.getstate())
    # NumPy imports this part of it when it is asked for; before that, there is no state to keep.
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        yield partial(numpy_random.set_state, numpy_random.get_state())
    yield partial(torch.set_rng_state, torch.get_rng_state())
    if torch.cuda.is_initialized():
        yield partial(torch.cuda.set_rng_state_all, torch.cuda.get_rng_state_all())
