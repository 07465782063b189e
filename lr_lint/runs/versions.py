"""What a result depends on besides files: versions and settings, as texts that are the same in every run."""

from __future__ import annotations

import enum
import os
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from hashlib import blake2b
from importlib.machinery import PathFinder
from typing import Any

import lr_lint


def canonical(value: Any) -> Any:
    """A value whose text is the same in every run, for what settings are made of."""
    if is_dataclass(value) and not isinstance(value, type):
        return type(value).__name__, [(field.name, canonical(getattr(value, field.name))) for field in fields(value)]
    if isinstance(value, Mapping):
        return sorted((repr(key), canonical(item)) for key, item in value.items())
    if isinstance(value, (set, frozenset)):
        return sorted(map(repr, value))
    if isinstance(value, (tuple, list)):
        return [canonical(item) for item in value]
    return str(value) if isinstance(value, enum.Enum) else value


def versions() -> list[str]:
    """What else a result depends on: lr-lint, Python and LibCST.

    The version of lr-lint alone would not do for whoever changes it, so its files are told by their sizes and times.
    """
    libcst = PathFinder.find_spec("libcst")
    folders = [] if libcst is None else list(libcst.submodule_search_locations or ())
    own = [folder for folder, _, _ in os.walk(os.path.dirname(lr_lint.__file__)) if not folder.endswith("__pycache__")]
    return [lr_lint.__version__, sys.version, *map(_state, [*folders, *sorted(own)])]


def _state(folder: str) -> str:
    """The modules in a folder, as far as that can be told without reading them."""
    with os.scandir(folder) as entries:
        modules = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith((".py", ".so", ".pyd"))]
    return repr(sorted((name, status.st_size, status.st_mtime_ns) for name, status in modules))


def digest_of(*parts: str | bytes) -> bytes:
    """A digest of parts, whose ends are told."""
    digest = blake2b(digest_size=24)
    for part in parts:
        data = part.encode(errors="surrogateescape") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.digest()
