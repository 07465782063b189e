"""What ``--device`` stands for on this machine. Imports torch: for the child only."""

from __future__ import annotations

import re

from lr_lint.probe.records import Mode


class DeviceError(Exception):
    """A device that is not there. Its text is one line for the user."""


def resolve(device: str, mode: Mode = Mode.SLICE) -> str:
    """The device as torch names it: ``cpu`` or ``cuda:N``.

    Args:
        device: ``auto`` (the first GPU if there is one), ``cpu``, ``cuda`` or ``cuda:N``.
        mode: a run with ``auto`` stays ``auto``: the script chooses, and asking torch here would settle for the script
            which GPUs it can see. For a run, the parent has made the wanted GPU the only one.

    Raises:
        DeviceError: if the name is none of these, or there is no such GPU.
    """
    if device == "cpu" or (device == "auto" and mode is Mode.RUN):
        return device
    match = re.fullmatch(r"auto|cuda(?::(\d+))?", device)
    if match is None:
        raise DeviceError(f"--device {device}: it must be auto, cpu, cuda or cuda:N")
    import torch

    if not torch.cuda.is_available():
        if device == "auto":
            return "cpu"
        built = "" if torch.version.cuda else f", and torch {torch.__version__} is built without CUDA"
        raise DeviceError(f"--device {device}: no CUDA device can be used here{built}")
    number = 0 if mode is Mode.RUN else int(match[1] or 0)
    count = torch.cuda.device_count()
    if number >= count:
        devices = "is 1 CUDA device" if count == 1 else f"are {count} CUDA devices"
        raise DeviceError(f"--device {device}: there {devices} here, counted from cuda:0")
    return f"cuda:{number}"
