"""Keeps a slice from changing anything outside its process: it writes no files, starts no programs, reaches nobody.

This is a help against accidents of usual training code (folders for logs, dumps of settings), not a sandbox. What usual
code goes on after is done in vain; what remains is refused where Python itself reports it (``sys.addaudithook``).
"""

from __future__ import annotations

import builtins
import io
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

_WRITING = set("wax+")
_SILENCED = ("makedirs", "mkdir", "remove", "unlink", "rmdir", "removedirs", "rename", "replace", "symlink", "system")
# Of CPython 3.10 to 3.14, as its documentation lists them.
_STARTING = frozenset(
    {"subprocess.Popen", "os.system", "os.posix_spawn", "os.exec", "os.spawn", "os.fork", "os.forkpty"}
)
_CHANGING = frozenset(
    f"os.{name}"
    for name in "truncate remove rmdir rename link symlink mkdir chmod chown utime setxattr removexattr".split()
)
_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# How many slices are at work: the hook cannot be taken out again.
_guarded = 0
_is_hooked = False


@contextmanager
def no_traces() -> Iterator[None]:
    """Files opened for writing lead nowhere, folders are not made, nothing is removed or started, nobody is reached.

    The folder for temporary files is the probe's own, and is left alone.
    """
    global _guarded
    _hook()
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
    saved = torch.save
    builtins.open = open_harmlessly
    io_open, io.open = io.open, open_harmlessly
    socket.socket.connect = refuse  # type: ignore[method-assign]
    torch.save = do_nothing
    for name in kept:
        setattr(os, name, do_nothing)
    _guarded += 1
    try:
        yield
    finally:
        _guarded -= 1
        builtins.open = opened
        io.open = io_open
        socket.socket.connect = connect  # type: ignore[method-assign]
        torch.save = saved
        for name, function in kept.items():
            setattr(os, name, function)


def _hook() -> None:
    global _is_hooked
    if not _is_hooked:
        _is_hooked = True
        sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse what would leave a trace, while a slice is at work."""
    if not _guarded:
        return
    if event in _STARTING:
        raise FileNotFoundError("a slice starts no programs")
    if event == "sqlite3.connect" and arguments[0] != ":memory:":
        raise PermissionError("a slice opens no database")
    writes = event in _CHANGING or (event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITE_FLAGS)
    if writes and not _is_own(arguments[0]):
        raise PermissionError("a slice changes no files")


def _is_own(path: Any) -> bool:
    """Whether a path may be written to: it leads nowhere, or into the probe's own folder."""
    if isinstance(path, int):
        return True
    name = os.path.abspath(os.fsdecode(path)) if isinstance(path, (str, bytes, os.PathLike)) else ""
    own = os.environ.get("TMPDIR", "")
    return name.startswith("/dev/") or (bool(own) and name.startswith(os.path.join(os.path.abspath(own), "")))
