"""Parsed files of a project, kept for those of its files that are checked next.

Files of one project mostly import the same few others, and what is found out about a parsed file by itself is the same
whoever asks. A parsed file takes a hundred times the memory of its text, so only so much text is kept.
"""

from __future__ import annotations

from collections import OrderedDict

from lr_lint.project.modules import Module
from lr_lint.source.surroundings import Surroundings

# In bytes of text.
_MOST_KEPT = 400_000


class KeptModules:
    """Parsed files by their paths, those that were asked for last."""

    def __init__(self) -> None:
        self._modules: OrderedDict[str, Module] = OrderedDict()
        self._size = 0

    def get(self, path: str, data: bytes) -> Module | None:
        """The file at a path, if it was kept and still has that content."""
        module = self._modules.get(path)
        if module is None or module.source.data != data:
            return None
        self._modules.move_to_end(path)
        return module

    def keep(self, module: Module) -> None:
        """Keep a file, and let go of those that nobody has asked for longest."""
        self._drop(module.path)
        self._modules[module.path] = module
        self._size += len(module.source.data)
        while self._size > _MOST_KEPT:
            self._drop(next(iter(self._modules)))

    def _drop(self, path: str) -> None:
        module = self._modules.pop(path, None)
        self._size -= 0 if module is None else len(module.source.data)


def kept_modules(files: Surroundings) -> KeptModules:
    """Those of some files."""
    kept: KeptModules = files.memo.setdefault("modules", KeptModules())
    return kept
