"""Keeps a slice from changing anything outside its process: no files are written, no connection is made.

This is a help against accidents of usual training code (folders for logs, dumps of settings), not a sandbox.
"""

from __future__ import annotations

import builtins
import io
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_WRITING = set("wax+")
_SILENCED = ("makedirs", "mkdir", "remove", "unlink", "rmdir", "removedirs", "rename", "replace", "symlink", "system")


@contextmanager
def no_traces() -> Iterator[None]:
    """Files opened for writing lead nowhere, folders are not made, nothing is removed, and no network is reached."""
    opened, connect = builtins.open, socket.socket.connect

    def open_harmlessly(file: Any, mode: str = "r", *arguments: Any, **keywords: Any) -> Any:
        if isinstance(mode, str) and _WRITING & set(mode) and not isinstance(file, int):
            file = os.devnull
            mode = mode.replace("x", "w")
        return opened(file, mode, *arguments, **keywords)

    def do_nothing(*arguments: Any, **keywords: Any) -> Any:
        return 0

    def refuse(*arguments: Any, **keywords: Any) -> Any:
        raise OSError("a slice has no network")

    kept = {name: getattr(os, name) for name in _SILENCED if hasattr(os, name)}
    builtins.open = open_harmlessly
    io_open, io.open = io.open, open_harmlessly
    socket.socket.connect = refuse  # type: ignore[method-assign]
    for name in kept:
        setattr(os, name, do_nothing)
    try:
        yield
    finally:
        builtins.open = opened
        io.open = io_open
        socket.socket.connect = connect  # type: ignore[method-assign]
        for name, function in kept.items():
            setattr(os, name, function)
