"""Paths of files as code computes them: ``os.path``, ``pathlib``, ``open`` and the methods of what they give."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from lr_lint.semantics.libraries.signatures import Call, function
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.library_objects import FileReference
from lr_lint.semantics.values.unknown import Unknown, default_of
from lr_lint.vocabulary import paths
from lr_lint.vocabulary.quantities import Quantity
from lr_lint.vocabulary.reasons import Reason

_LONGEST_PATH = 1_000
_HERE = FileReference("")
# The choice of a settings file.
_SETTINGS = "settings"


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


@function("os.path.join(a, /, *p)")
def _joined(call: Call, first: Value, parts: Sequence[Value]) -> Value | None:
    return join([first, *parts])


@function(*(f"pathlib.{name}(*parts)" for name in ("Path", "PurePath", "PosixPath")))
def _path(call: Call, parts: Sequence[Value]) -> Value | None:
    return join(parts) if parts else _HERE


def named_by_option(call: Call, value: Value | None) -> FileReference | None:
    """The file that an option names which has no default: the one that the world chooses among the settings files."""
    if not isinstance(value, Unknown) or value.key is None or value.reason is not Reason.COMMAND_LINE:
        return None
    candidates = call.world.machine.settings(call.frame.module)
    for path in candidates[:-1]:
        if call.world.assume(paths.case(_SETTINGS, value.key, path)):
            return FileReference(path, anchored=True, chosen=True)
    return FileReference(candidates[-1], anchored=True, chosen=True) if candidates else None


@function(
    "builtins.open(file, *options, **more)",
    "io.open(file, *options, **more)",
    "codecs.open(filename, *options, **more)",
)
def _open(call: Call, file: Value, *options: object) -> Value | None:
    return as_file(file) or named_by_option(call, file)


@function(
    "os.fspath(path)",
    *(f"os.path.{name}(path)" for name in ("abspath", "normpath", "expanduser")),
    "os.path.realpath(filename, *, strict=False)",
)
def _same(call: Call, path: Value, *options: object) -> Value | None:
    return as_file(path)


@function("os.path.dirname(p)")
def _dirname(call: Call, p: Value) -> Value | None:
    file = as_file(p)
    return None if file is None else file.parent


@function("os.getcwd()", "pathlib.Path.cwd()")
def _working_folder(call: Call) -> Value:
    return _HERE


@function(
    *(
        f"<file>.{name}(self, *options, **more)"
        for name in "open read read_text read_bytes resolve absolute expanduser as_posix decode encode strip".split()
    )
)
def _same_file(call: Call, file: FileReference, *options: object) -> Value:
    """The same file in another form: opened, read, resolved."""
    return file


@function("<file>.joinpath(self, *parts)")
def _below(call: Call, file: FileReference, parts: Sequence[Value]) -> Value | None:
    return join([file, *parts])


@function("<file>.with_name(self, name)")
def _with_name(call: Call, file: FileReference, name: Value) -> Value | None:
    given = _text(name)
    return None if given is None else FileReference(posixpath.join(posixpath.dirname(file.path), given), file.anchored)


@function("<file>.with_suffix(self, suffix)")
def _with_suffix(call: Call, file: FileReference, suffix: Value) -> Value | None:
    given = _text(suffix)
    return None if given is None else FileReference(posixpath.splitext(file.path)[0] + given, file.anchored)


@function("<file>.endswith(self, suffix)")
def _ends_with(call: Call, file: FileReference, suffix: Value) -> Value | None:
    ending = _text(suffix)
    return None if ending is None else Quantity(file.path.endswith(ending))


def _text(value: Value) -> str | None:
    return value.value if isinstance(value, Constant) and isinstance(value.value, str) else None
