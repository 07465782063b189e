"""Functions of installed packages that take one number, found by parsing their files; nothing is imported here.

A function is taken where it can be called with one argument by position: parameters of a ``def`` at the top of a module
or in a class of it, or of a lambda that a name there is given. What it does with a number is for CPython to say.
"""

from __future__ import annotations

import ast
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Importing these starts something, asks for something, or is forbidden.
_LEFT_ALONE = frozenset(
    "antigravity this idlelib turtledemo turtle lib2to3 test tkinter __main__ __phello__ ensurepip site "
    "site-packages".split()
)
_LARGEST_FILE = 400_000


@dataclass(frozen=True)
class FoundFunction:
    """A function of one argument.

    Attributes:
        module: the module that defines it, as it is imported.
        path: its file.
        qualname: its name in the module.
        line: where it begins.
    """

    module: str
    path: Path
    qualname: str
    line: int

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.qualname}"


def library() -> Path:
    """The folder of the standard library."""
    return Path(sysconfig.get_path("stdlib"))


def packages() -> Path:
    """The folder of installed packages."""
    return Path(sysconfig.get_path("purelib"))


def functions_of(name: str) -> Iterator[FoundFunction]:
    """The functions of a package or module, by the name it is imported by; ``stdlib`` is the standard library."""
    if name == "stdlib":
        roots = [each for each in sorted(library().iterdir()) if each.stem not in _LEFT_ALONE]
        for root in roots:
            yield from _functions_below(root, library())
        return
    home = packages() if (packages() / name).exists() or (packages() / f"{name}.py").exists() else library()
    root = home / name if (home / name).is_dir() else home / f"{name}.py"
    yield from _functions_below(root, home)


def _functions_below(root: Path, home: Path) -> Iterator[FoundFunction]:
    files = [root] if root.is_file() else sorted(root.rglob("*.py")) if (root / "__init__.py").is_file() else []
    for path in files:
        parts = path.relative_to(home).with_suffix("").parts
        if path.suffix == ".py" and not _LEFT_ALONE.intersection(parts) and path.stat().st_size <= _LARGEST_FILE:
            module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            yield from _functions_in(path, module)


def _functions_in(path: Path, module: str) -> Iterator[FoundFunction]:
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and _takes_one(node.args):
            yield FoundFunction(module, path, node.name, node.lineno)
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and _is_static(inner) and _takes_one(inner.args):
                    yield FoundFunction(module, path, f"{node.name}.{inner.name}", inner.lineno)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda) and _takes_one(node.value.args):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield FoundFunction(module, path, target.id, node.lineno)


def _is_static(node: ast.FunctionDef) -> bool:
    return any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in node.decorator_list)


def _takes_one(parameters: ast.arguments) -> bool:
    """Whether a call with one argument by position fits."""
    positional = [*parameters.posonlyargs, *parameters.args]
    required = len(positional) - len(parameters.defaults)
    keyword = [default for default in parameters.kw_defaults if default is None]
    return not keyword and required <= 1 and (bool(positional) or parameters.vararg is not None)
