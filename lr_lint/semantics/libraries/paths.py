"""Paths of files as code computes them: ``os.path``, ``pathlib``, ``open`` and the methods of what they give."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence

from lr_lint.semantics.libraries.builtins import Handler
from lr_lint.semantics.values.domain import Anchor, Constant, FileReference, Frame, ListValue, Value, default_of
from lr_lint.vocabulary.quantities import Quantity

_LONGEST_PATH = 1_000
_HERE = FileReference("")


def as_file(value: Value | None) -> FileReference | None:
    """The file that a value names; an option's default is as good a name as any."""
    value = default_of(value)
    if isinstance(value, FileReference):
        return value
    if isinstance(value, Constant) and isinstance(value.value, str) and len(value.value) < _LONGEST_PATH:
        return FileReference(value.value)
    return None


def join(parts: Sequence[Value]) -> FileReference | None:
    """Several parts of a path as one."""
    files = [as_file(part) for part in parts]
    if not files or None in files:
        return None
    path, anchored = "", False
    for file in files:
        if file is not None:
            fresh = file.anchored or file.path.startswith("/")
            path = posixpath.join(path, file.path)
            path, anchored = (file.path, file.anchored) if fresh else (path, anchored)
    return FileReference(path, anchored) if len(path) < _LONGEST_PATH else None


def _joined(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    return join(arguments)


def _path(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    return join(arguments) if arguments else _HERE


def _same(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    return as_file(arguments[0] if arguments else keywords.get("file", keywords.get("path")))


def _dirname(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    file = as_file(arguments[0] if arguments else None)
    return None if file is None else _parent(file)


def _parent(file: FileReference) -> FileReference:
    """The folder of a file. What is above the top of the paths that are known is not lost: ``..``."""
    folder, name = posixpath.split(posixpath.normpath(file.path))
    above = name in ("", ".", "..")
    return FileReference(posixpath.join(folder, name, "..") if above else folder, file.anchored)


def _working_folder(
    arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor
) -> Value | None:
    return _HERE


def _text(arguments: Sequence[Value], keywords: Mapping[str, Value], frame: Frame, anchor: Anchor) -> Value | None:
    value = arguments[0] if len(arguments) == 1 else None
    return value if isinstance(value, (FileReference, Constant)) and value != Constant(None) else None


FUNCTIONS: dict[str, Handler] = {
    "builtins.open": _same,
    "builtins.str": _text,
    "io.open": _same,
    "codecs.open": _same,
    "os.fspath": _same,
    "os.getcwd": _working_folder,
    "os.path.join": _joined,
    "os.path.dirname": _dirname,
    **dict.fromkeys(("os.path.abspath", "os.path.realpath", "os.path.normpath", "os.path.expanduser"), _same),
    **dict.fromkeys(("pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath"), _path),
    **dict.fromkeys(("pathlib.Path.cwd",), _working_folder),
}

# Methods that give the same file in another form: opened, read, resolved.
_SAME = frozenset("open read read_text read_bytes resolve absolute expanduser as_posix decode encode strip".split())

_PARTS: dict[str, Callable[[str], str]] = {
    "name": posixpath.basename,
    "suffix": lambda path: posixpath.splitext(path)[1],
    "stem": lambda path: posixpath.splitext(posixpath.basename(path))[0],
}


def attribute(file: FileReference, name: str) -> Value | None:
    """An attribute of a path; None for methods."""
    if name == "parent":
        return _parent(file)
    if name == "parents":
        above = [_parent(file)]
        while len(above) < 8:
            above.append(_parent(above[-1]))
        return ListValue(list(above), "tuple", incomplete=True)
    return Constant(_PARTS[name](file.path)) if name in _PARTS else None


def call_method(file: FileReference, name: str, arguments: Sequence[Value]) -> Value | None:
    """The result of a method of a path or an open file."""
    if name in _SAME:
        return file
    if name == "joinpath":
        return join([file, *arguments])
    if name in {"with_name", "with_suffix"} and len(arguments) == 1 and isinstance(arguments[0], Constant):
        given = str(arguments[0].value)
        base = posixpath.dirname(file.path) if name == "with_name" else posixpath.splitext(file.path)[0]
        return FileReference(posixpath.join(base, given) if name == "with_name" else base + given, file.anchored)
    if name in {"endswith", "startswith"} and len(arguments) == 1 and isinstance(arguments[0], Constant):
        ending = arguments[0].value
        if isinstance(ending, str) and name == "endswith":
            return Quantity(file.path.endswith(ending))
    return None
