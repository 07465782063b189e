"""Parsed files of a project, kept for those of its files that are checked next.

Files of one project mostly import the same few others, and what is found out about a parsed file by itself is the same
whoever asks. A parsed file takes a hundred times the memory of its text, so only so much text is kept. What is not kept
is let go by hand as soon as nobody needs it, since the collector of garbage would have to go through all trees to see.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager

from lr_lint.project.modules import Module
from lr_lint.source.surroundings import Surroundings

# In bytes of text.
_MOST_KEPT = 400_000
# How many files wait for the end of an analysis to be let go.
_MOST_PASSING = 32


class KeptModules:
    """Parsed files by their paths, those that were asked for last."""

    def __init__(self) -> None:
        self._modules: OrderedDict[str, Module] = OrderedDict()
        self._size = 0
        self._passing: deque[Module] = deque(maxlen=0)

    @contextmanager
    def one_analysis(self) -> Iterator[None]:
        """An analysis: files that were in use meanwhile, and are not kept, are let go at its end."""
        passing = self._passing = deque[Module]()
        try:
            yield
        finally:
            self._passing = deque(maxlen=0)
            for module in passing:
                module.let_go()

    def note(self, module: Module) -> None:
        """Note a file that is in use, and not kept. Of many, the first are let go at once."""
        self._passing.append(module)
        if len(self._passing) > _MOST_PASSING:
            self._passing.popleft().let_go()

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
        if module is not None:
            self._size -= len(module.source.data)
            self.note(module)


def kept_modules(files: Surroundings) -> KeptModules:
    """Those of some files."""
    kept: KeptModules = files.memo.setdefault("modules", KeptModules())
    return kept
