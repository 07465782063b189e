"""Lets a script that wants CUDA run on the CPU up to its first training step. Imports torch: for the child only.

Two parts, both needed (tried on torch 2.13 without CUDA): a ``TorchFunctionMode`` turns CUDA devices in the arguments
of torch functions into the CPU, and the names of ``torch.cuda`` that ask for a driver are replaced.

Known limits: ``x.device.type`` reads ``cpu`` and ``x.is_cuda`` is False, so a script that insists on them fails. One
GPU is pretended: a script that insists on two fails, and ``torch.multiprocessing.spawn`` runs its function in this
process. Threads are covered where they are started through ``threading``; extensions that call CUDA themselves are not.
"""

from __future__ import annotations

import functools
import re
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import ModuleType, SimpleNamespace
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

_CUDA = re.compile(r"cuda(:\d+)?")
_MOST_NAMES = 8
_MEMORY = 16 << 30
_NAME = "CPU in place of a CUDA device"
# That of an A100: enough for what scripts ask of a GPU.
_CAPABILITY = (8, 0)
_NOTHING = """
    _lazy_init cudart empty_cache init ipc_collect manual_seed manual_seed_all reset_accumulated_memory_stats
    reset_max_memory_allocated reset_max_memory_cached reset_peak_memory_stats seed seed_all set_device
    set_per_process_memory_fraction set_rng_state set_rng_state_all set_stream set_sync_debug_mode synchronize
""".split()
_ZERO = """
    current_blas_handle current_device get_sync_debug_mode initial_seed max_memory_allocated max_memory_cached
    max_memory_reserved memory_allocated memory_cached memory_reserved power_draw temperature utilization
""".split()
_PARALLEL = ("torch.nn.parallel.data_parallel", "torch.nn.parallel.distributed")
_TENSOR_TYPES = """
    BFloat16Tensor BoolTensor ByteTensor CharTensor DoubleTensor FloatTensor HalfTensor IntTensor LongTensor ShortTensor
""".split()


class Redirect:
    """What has been redirected.

    Attributes:
        used: the names of what the script called, in the order of their first use.
    """

    def __init__(self) -> None:
        self.used: list[str] = []

    def note(self, name: str) -> None:
        """Remember that something was redirected. What torch calls by itself has a private name."""
        if name not in self.used and "._" not in name:
            self.used.append(name)

    def summary(self) -> str:
        """A note for the report."""
        if not self.used:
            return "CUDA was redirected to the CPU, but not called"
        more = len(self.used) - _MOST_NAMES
        return f"CUDA was redirected to the CPU in {', '.join(self.used[:_MOST_NAMES])}" + (
            f" and {more} more" if more > 0 else ""
        )


def install() -> Redirect:
    """Redirect CUDA to the CPU, in all threads, for the rest of the process."""
    # The first optimizer imports it, and it does not work once the names below are replaced.
    with suppress(ImportError):
        import torch._dynamo  # noqa: F401

    redirect = Redirect()
    for patch in (_patch_queries, _patch_objects, _patch_training, _patch_placement, _patch_processes):
        patch(redirect)
    _enter_mode_in_every_thread(redirect)
    return redirect


class _OnCpu(TorchFunctionMode):
    """Turns CUDA devices in arguments into the CPU."""

    def __init__(self, redirect: Redirect) -> None:
        super().__init__()
        self._redirect = redirect

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Call a function of torch with the CPU in place of CUDA devices."""
        kwargs = kwargs or {}
        if func in (torch.Tensor.cuda, torch.Tensor.pin_memory):
            self._redirect.note(f"Tensor.{func.__name__}")
            return args[0]
        if func is torch.Tensor.record_stream:
            return None
        if func is torch.device:
            # It stays a CUDA device, which is what scripts ask it for; it is redirected where it is used.
            return func(*args, **kwargs)
        new_args, new_kwargs = _on_cpu(args, kwargs, integers=func is torch.Tensor.to)
        if new_args is not args or new_kwargs is not kwargs:
            self._redirect.note(_name(func))
        return func(*new_args, **new_kwargs)


def _name(func: Any) -> str:
    owner = "Tensor" if getattr(torch.Tensor, getattr(func, "__name__", ""), None) is func else "torch"
    return f"{owner}.{getattr(func, '__name__', func)}"


def _on_cpu(args: Any, kwargs: Any, integers: bool = False) -> tuple[Any, Any]:
    """Arguments with the CPU in place of CUDA; the very same objects if there was none.

    Args:
        args: the positional ones.
        kwargs: the others.
        integers: whether a positional integer is the number of a GPU.
    """
    new_args = [_device(each, integers and index > 0) for index, each in enumerate(args)]
    new_kwargs = {name: _device(value, name == "device") for name, value in kwargs.items()}
    same_args = all(new is old for new, old in zip(new_args, args, strict=True))
    same_kwargs = all(new_kwargs[name] is kwargs[name] for name in kwargs)
    return args if same_args else tuple(new_args), kwargs if same_kwargs else new_kwargs


def _device(value: Any, integer: bool = False) -> Any:
    if isinstance(value, torch.device):
        return torch.device("cpu") if value.type == "cuda" else value
    if isinstance(value, str):
        if _CUDA.fullmatch(value):
            return "cpu"
        return value.replace("torch.cuda.", "torch.") if value.startswith("torch.cuda.") else value
    if integer and isinstance(value, int) and not isinstance(value, bool):
        return "cpu"
    return value


def _enter_mode_in_every_thread(redirect: Redirect) -> None:
    """Enter the mode here and in the threads to come, since a mode belongs to one thread."""
    mode: Any = _OnCpu(redirect)
    mode.__enter__()
    bootstrap: Any = vars(threading.Thread)["_bootstrap_inner"]

    def in_mode(thread: threading.Thread) -> None:
        with _OnCpu(redirect):
            bootstrap(thread)

    threading.Thread._bootstrap_inner = in_mode  # type: ignore[attr-defined]


def _replace(redirect: Redirect, owner: Any, name: str, replacement: Callable[..., Any]) -> None:
    """Put a function in the place of another, if there is one, and have its calls noted."""
    original = getattr(owner, name, None)
    if original is None:
        return
    full = f"{owner.__name__}.{name}"

    @functools.wraps(original)
    def noting(*args: Any, **kwargs: Any) -> Any:
        redirect.note(full)
        return replacement(*args, **kwargs)

    setattr(owner, name, noting)


def _patch_queries(redirect: Redirect) -> None:
    """What scripts ask and tell the driver."""
    constants: dict[str, Any] = {
        **dict.fromkeys(_NOTHING),
        **dict.fromkeys(_ZERO, 0),
        "can_device_access_peer": False,
        "device_count": 1,
        "get_arch_list": ["sm_80"],
        "get_device_capability": _CAPABILITY,
        "get_device_name": _NAME,
        "is_available": True,
        "is_bf16_supported": True,
        "is_current_stream_capturing": False,
        "is_tf32_supported": True,
        "mem_get_info": (_MEMORY, _MEMORY),
        "memory_snapshot": [],
        "memory_summary": "",
    }
    answers: dict[str, Callable[..., Any]] = {name: _answer(value) for name, value in constants.items()}
    answers["memory_stats"] = answers["memory_stats_as_nested_dict"] = lambda *_, **__: defaultdict(int)
    answers["get_device_properties"] = lambda *_, **__: SimpleNamespace(
        name=_NAME,
        major=_CAPABILITY[0],
        minor=_CAPABILITY[1],
        total_memory=_MEMORY,
        multi_processor_count=108,
        warp_size=32,
        is_integrated=False,
        is_multi_gpu_board=False,
        gcnArchName="",
    )
    answers["get_rng_state"] = lambda *_, **__: torch.get_rng_state()
    answers["get_rng_state_all"] = lambda *_, **__: [torch.get_rng_state()]
    for name, answer in answers.items():
        _replace(redirect, torch.cuda, name, answer)
    for module in (torch.cuda.memory, torch.cuda.random):
        for name in set(answers) & set(vars(module)):
            _replace(redirect, module, name, answers[name])
    for name in ("range_push", "range_pop", "range_start", "range_end", "mark"):
        _replace(redirect, torch.cuda.nvtx, name, _answer(0))


def _answer(value: Any) -> Callable[..., Any]:
    return lambda *_, **__: value


class _Handle:
    """A stream, an event, a graph or a context of the driver's: does nothing, whatever it is asked.

    Attributes:
        device: the device that it belongs to.
    """

    device = torch.device("cpu")
    device_index = 0
    cuda_stream = 0
    idx = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def query(self) -> bool:
        """All work is done."""
        return True

    def elapsed_time(self, end_event: object) -> float:
        """Milliseconds between two events: none."""
        return 0.0

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        return function  # used as a decorator

    def _nothing(self, *args: Any, **kwargs: Any) -> None:
        pass

    record = record_event = wait = wait_event = wait_stream = synchronize = _nothing
    capture_begin = capture_end = replay = reset = enable_debug_mode = debug_dump = _nothing

    def pool(self) -> tuple[int, int]:
        """The memory pool of a graph."""
        return 0, 0


def _patch_objects(redirect: Redirect) -> None:
    """Objects of the driver, and tensor types. Types stay types, since annotations and ``isinstance`` use them."""
    for name in ("CUDAGraph", "Event", "ExternalStream", "Stream", "StreamContext", "device", "device_of", "graph"):
        if hasattr(torch.cuda, name):
            setattr(torch.cuda, name, type(name, (_Handle,), {"__module__": "torch.cuda"}))
    for name in ("current_stream", "default_stream"):
        _replace(redirect, torch.cuda, name, lambda *_, **__: _Handle())
    _replace(redirect, torch.cuda, "stream", lambda *_, **__: _Handle())
    _replace(redirect, torch.cuda, "graph_pool_handle", _answer((0, 0)))
    for name in _TENSOR_TYPES:
        if hasattr(torch.cuda, name):
            setattr(torch.cuda, name, getattr(torch, name))

    original: Any = torch.Generator

    def new(cls: Any, device: Any = "cpu") -> Any:
        return original.__new__(cls, _device(device, integer=True))

    setattr(torch, "Generator", type("Generator", (original,), {"__new__": new}))  # noqa: B010


def _patch_training(redirect: Redirect) -> None:
    """Mixed precision, compilation and data parallelism: each as if it were switched off."""
    import torch.nn.parallel

    autocast: Any = torch.amp.autocast_mode.autocast
    scaler: Any = torch.amp.grad_scaler.GradScaler

    def autocast_init(self: Any, device_type: Any = "cuda", *args: Any, **kwargs: Any) -> None:
        if device_type == "cuda":
            redirect.note("torch.autocast")
            autocast.__init__(self, "cpu", enabled=False)
        else:
            autocast.__init__(self, device_type, *args, **kwargs)

    def cuda_autocast_init(self: Any, *args: Any, **kwargs: Any) -> None:
        redirect.note("torch.cuda.amp.autocast")
        autocast.__init__(self, "cpu", enabled=False)

    def scaler_init(self: Any, *args: Any, **kwargs: Any) -> None:
        redirect.note("torch.amp.GradScaler")
        scaler.__init__(self, "cpu", enabled=False)

    new_autocast = type("autocast", (autocast,), {"__init__": autocast_init})
    cuda_autocast = type("autocast", (new_autocast,), {"__init__": cuda_autocast_init})
    new_scaler = type("GradScaler", (scaler,), {"__init__": scaler_init})
    for owner, name, new in (
        (torch, "autocast", new_autocast),
        (torch.amp, "autocast", new_autocast),
        (torch.amp.autocast_mode, "autocast", new_autocast),
        (torch.cuda.amp, "autocast", cuda_autocast),
        (torch.cuda.amp.autocast_mode, "autocast", cuda_autocast),
        (torch.amp, "GradScaler", new_scaler),
        (torch.amp.grad_scaler, "GradScaler", new_scaler),
        (torch.cuda.amp, "GradScaler", new_scaler),
        (torch.cuda.amp.grad_scaler, "GradScaler", new_scaler),
    ):
        setattr(owner, name, new)

    def compile_(model: Any = None, **options: Any) -> Any:
        return model if model is not None else lambda each: each

    _replace(redirect, torch, "compile", compile_)
    _replace(redirect, nn.Module, "compile", _answer(None))
    owners: list[Any] = [nn, nn.parallel, *map(sys.modules.get, _PARALLEL)]
    for name in ("DataParallel", "DistributedDataParallel"):
        wrapper = _wrapper(redirect, getattr(nn.parallel, name))
        for owner in owners:
            if hasattr(owner, name):
                setattr(owner, name, wrapper)


def _wrapper(redirect: Redirect, original: Any) -> Any:
    """A class for a model on one device, in the place of one for a model on several."""

    def init(self: Any, module: Any, *args: Any, **kwargs: Any) -> None:
        redirect.note(original.__name__)
        nn.Module.__init__(self)
        self.module = module
        self.device_ids = []

    def forward(self: Any, *args: Any, **kwargs: Any) -> Any:
        return self.module(*args, **kwargs)

    @contextmanager
    def no_sync(self: Any) -> Iterator[None]:
        yield

    names = {
        "__init__": init,
        "forward": forward,
        "no_sync": no_sync,
        "train": nn.Module.train,
        "__getstate__": lambda self: vars(self),
        "__setstate__": nn.Module.__setstate__,
    }
    return type(original.__name__, (original,), names)


def _patch_placement(redirect: Redirect) -> None:
    """Ways to name a device that the mode does not see."""
    to, load = nn.Module.to, torch.load
    set_default_device, set_default_tensor_type = torch.set_default_device, torch.set_default_tensor_type

    def module_to(module: Any, *args: Any, **kwargs: Any) -> Any:
        args, kwargs = _on_cpu((module, *args), kwargs, integers=True)
        return to(*args, **kwargs)

    def load_on_cpu(f: Any, map_location: Any = None, *args: Any, **kwargs: Any) -> Any:
        return load(f, "cpu", *args, **kwargs)

    def default_tensor_type(t: Any) -> None:
        set_default_tensor_type(_device(t))

    _replace(redirect, nn.Module, "to", module_to)
    _replace(redirect, nn.Module, "cuda", lambda module, *_, **__: module)
    _replace(redirect, torch, "load", load_on_cpu)
    _replace(redirect, torch, "set_default_device", lambda device: set_default_device(_device(device, integer=True)))
    _replace(redirect, torch, "set_default_tensor_type", default_tensor_type)
    for storage in (torch.UntypedStorage, torch.TypedStorage):
        _replace(redirect, storage, "cuda", lambda each, *_, **__: each)
        _replace(redirect, storage, "pin_memory", lambda each, *_, **__: each)


def _patch_processes(redirect: Redirect) -> None:
    """Process groups go from NCCL to Gloo; several processes become this one."""
    import torch.multiprocessing

    def spawn(fn: Callable[..., Any], args: Any = (), nprocs: int = 1, *_: Any, **__: Any) -> None:
        fn(0, *args)

    _replace(redirect, torch.multiprocessing, "spawn", spawn)
    if not torch.distributed.is_available():
        return
    distributed: ModuleType = torch.distributed
    for owner in (distributed, distributed.distributed_c10d):
        for name in ("init_process_group", "new_group"):
            _replace(redirect, owner, name, _with_gloo(getattr(owner, name)))
        _replace(redirect, owner, "is_nccl_available", _answer(True))


def _with_gloo(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        kwargs.pop("device_id", None)
        args = tuple(_gloo(each) for each in args)
        return function(*args, **{name: _gloo(value) for name, value in kwargs.items()})

    return call


def _gloo(backend: Any) -> Any:
    return "gloo" if isinstance(backend, str) and "nccl" in backend else backend
