"""Loading a mutant in place of a module of the program."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, ModuleType

from tests.mutation.mutants import Mutant


class Served(importlib.abc.MetaPathFinder):
    """Gives the mutated code for one module. The file stays as it is, and so does what Python keeps of it."""

    def __init__(self, mutant: Mutant, root: Path) -> None:
        self._path = root / mutant.path
        self._module = mutant.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        self._source = mutant.applied(self._path.read_bytes())

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._module:
            return None
        loader = _Loader(fullname, self._path, self._source)
        return importlib.util.spec_from_file_location(fullname, self._path, loader=loader)


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, fullname: str, path: Path, source: bytes) -> None:
        super().__init__(fullname, str(path))
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        code = compile(self._source, self.path, "exec", dont_inherit=True)
        assert isinstance(code, CodeType)
        return code
