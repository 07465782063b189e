"""What import statements name, by their text alone, and where such a module may lie."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

# What ends a line is found many times as fast as the beginning of one.
_STATEMENTS = re.compile(rb"\n([ \t]*(?:from|import)\b(?:[^\n(]*\([^)]*\)|[^\n]*))")
# In JSON, a line of code ends where its string does, or at an escape. What is searched for begins with letters, not
# with what may stand before it, since that is many times as fast in megabytes of images.
_IN_JSON = re.compile(rb"import\b(?:[ \t]*\([^)]{0,2000}\)|[^\"\\\n]*)")
_BEFORE_IN_JSON = re.compile(rb"(?:^|[\";\r\n]|\\[nrt])[ \t]*(from[ \t]+[\w.]+[ \t]+)?$")
_BETWEEN_LINES = re.compile(rb"\\[nrt]|[\"\r\n]")
_LONGEST_BEFORE = 200
_HIGHEST_ANCESTOR = 8
# Files of one project import much the same, and lie in the same folders.
_MOST_KEPT = 4_096
# Of files that are imported.
SUFFIX = ".py"
_CACHE = "__pycache__"


def may_be_imported(name: str) -> bool:
    """Whether a file or a folder of a name is one that an import statement can spell."""
    return name.removesuffix(SUFFIX).isidentifier() and name != _CACHE


def import_statements(data: bytes) -> list[bytes]:
    """The import statements of a file, and what looks like one in its texts."""
    return _STATEMENTS.findall(b"\n" + data)


def import_statements_in_json(data: bytes) -> Iterator[bytes]:
    """The import statements in the texts of a JSON file, such as a notebook, and what looks like one."""
    for found in _IN_JSON.finditer(data):
        before = _BEFORE_IN_JSON.search(data[max(0, found.start() - _LONGEST_BEFORE) : found.start()])
        if before is not None:
            yield _BETWEEN_LINES.sub(b" ", (before[1] or b"") + found[0])


@lru_cache(maxsize=_MOST_KEPT)
def modules_named(statement: bytes) -> tuple[str, ...]:
    """The modules that an import statement may import; what it imports from a package may be one too."""
    return tuple(_modules_named(statement))


def _modules_named(statement: bytes) -> Iterator[str]:
    text = statement.decode(errors="replace")
    words = re.sub(r"#[^\n]*|[(),\\;]", " ", text).split()
    if words[:1] == ["import"]:
        yield from (word for before, word in pairwise(words) if before != "as" and word != "as")
    elif len(words) > 3:
        package = words[1]
        yield package
        joint = "" if package.endswith(".") else "."
        yield from (f"{package}{joint}{word}" for word in words[3:] if word.isidentifier())


def places_of(importer: str, dotted: str) -> Iterator[str]:
    """The paths at which a module may lie, the likeliest first.

    Args:
        importer: the path of the file that imports it.
        dotted: its name as written, with leading dots for relative imports.
    """
    for root in roots_of(importer, dotted):
        yield from places_below(root, dotted)


def roots_of(importer: str, dotted: str) -> Iterator[str]:
    """The folders from which a module may be imported by its name."""
    folder = posixpath.dirname(importer)
    relative = len(dotted) - len(dotted.lstrip("."))
    if relative:
        yield posixpath.join(folder, *[".."] * (relative - 1))
        return
    for ancestor in _ancestors(folder):
        yield ancestor
        yield posixpath.join(ancestor, "src")


def places_below(root: str, dotted: str) -> Iterator[str]:
    """The paths of a module that is imported from a folder: a package hides a file of its name, as it does in Python.

    Source: importlib's ``FileFinder.find_spec``, which looks for a package first.
    """
    path = posixpath.join(root, dotted.lstrip(".").replace(".", "/"))
    if dotted.startswith("."):
        path = posixpath.normpath(path)
    yield f"{path}/__init__.py"
    yield f"{path}.py"


@lru_cache(maxsize=_MOST_KEPT)
def _ancestors(folder: str) -> tuple[str, ...]:
    found = [folder]
    while len(found) < _HIGHEST_ANCESTOR and folder not in ("", ".", posixpath.dirname(folder)):
        folder = posixpath.dirname(folder)
        found.append(folder)
    return tuple(found)
