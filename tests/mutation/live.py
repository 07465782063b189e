"""Mutating a program that is loaded: the code of its functions is replaced where they are.

That takes a hundredth of what loading the program anew takes. It is possible for what runs inside functions alone:
what runs at import has run, and what it left cannot be found.
"""

from __future__ import annotations

import functools
import gc
import inspect
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from types import CodeType, FunctionType
from typing import TypeAlias

from tests.mutation.mutants import Mutant

Change: TypeAlias = "tuple[FunctionType, CodeType]"


class LiveProgram:
    """The functions of the program that exist in this process, and what they have cached.

    Attributes:
        root: the folder of the project.
        packages: the packages whose caches have to be cleared for a mutant.
    """

    def __init__(self, root: Path, packages: Iterable[str]) -> None:
        self._root = root
        self._functions: dict[tuple[str, CodeType], list[FunctionType]] = defaultdict(list)
        self._caches: list[functools._lru_cache_wrapper[object]] = []
        known = set(packages)
        for value in gc.get_objects():
            if isinstance(value, FunctionType):
                self._functions[value.__code__.co_filename, value.__code__].append(value)
            elif isinstance(value, functools._lru_cache_wrapper) and _package_of(value) in known:
                self._caches.append(value)

    def changes(self, mutant: Mutant) -> list[Change] | None:
        """What makes the program the mutant; None where the program has to be loaded anew."""
        path = self._root / mutant.path
        source = path.read_bytes()
        before, after = (
            compile(text, str(path), "exec", dont_inherit=True) for text in (source, mutant.applied(source))
        )
        found: list[Change] = []
        return found if self._compare(before, after, str(path), found) else None

    def apply(self, changes: Iterable[Change]) -> None:
        """Turns the program into the mutant. There is no way back."""
        for function, code in changes:
            function.__code__ = code
        for cache in self._caches:
            cache.cache_clear()

    def _compare(self, before: CodeType, after: CodeType, path: str, found: list[Change]) -> bool:
        """Collects the functions whose code changes; false where that is not all that changes."""
        if before == after:
            return True
        inner, changed = _nested(before), _nested(after)
        if len(inner) != len(changed):
            return False
        if before.co_flags & inspect.CO_OPTIMIZED:
            functions = self._functions.get((path, before), [])
            if len(before.co_freevars) != len(after.co_freevars) or not (
                functions or before.co_flags & inspect.CO_NESTED
            ):
                return False
            found += ((function, after) for function in functions)
        elif _own(before) != _own(after):
            return False
        return all(self._compare(old, new, path, found) for old, new in zip(inner, changed, strict=True))


def _package_of(value: object) -> str:
    return str(getattr(value, "__module__", "")).partition(".")[0]


def _nested(code: CodeType) -> list[CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def _own(code: CodeType) -> tuple[object, ...]:
    """What a module or a class does itself, whatever is defined in it."""
    constants = tuple(repr(constant) for constant in code.co_consts if not isinstance(constant, CodeType))
    return code.co_code, code.co_names, constants
