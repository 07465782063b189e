"""From the paths that the user names to the files to check, and to their bytes."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial

from lr_lint.source.file_paths import NOTEBOOK_SUFFIX, PYTHON_SUFFIXES, display_path

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from lr_lint.source.ignorefiles import IgnoreFiles
    from lr_lint.vocabulary.diagnostics import Failure

_SUFFIXES = (*PYTHON_SUFFIXES, NOTEBOOK_SUFFIX)
# In which lr-lint keeps what it has found.
CACHE_FOLDER = ".lr_lint_cache"
_SKIPPED_FOLDERS = frozenset(
    ".bzr .direnv .eggs .git .hg .ipynb_checkpoints .lr_lint_cache .mypy_cache .nox .pyenv .pytest_cache .pytype "
    ".ruff_cache .svn .tox .venv .vscode CVS __pycache__ __pypackages__ _build buck-out build dist node_modules "
    "site-packages venv".split()
)
_VIRTUAL_ENVIRONMENT = "pyvenv.cfg"
_IGNORE_FILE = ".gitignore"
# In bytes; what stands behind is not looked at.
_LARGEST_IGNORE_FILE = 1_000_000
# What takes a third off the time of a walk, in which nearly all files are read and no more: no buffer beside the bytes.
_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_AT_ONCE = 1 << 18


def discover(
    paths: Iterable[str],
    is_excluded: Callable[[str], bool] | None = None,
    enter: Callable[[str, Collection[str]], None] = lambda folder, names: None,
) -> Iterator[str | Failure]:
    """The files to check, each once, in a stable order.

    A file that is named is always checked. In a folder, Python files and notebooks are looked for, except in folders of
    caches, builds and environments and where a .gitignore or ``is_excluded`` says no. Links to folders are not
    followed.

    Args:
        paths: files and folders, as the user wrote them.
        is_excluded: whether a file or folder is to be left out; the path of a folder ends with "/".
        enter: told of each folder that is looked through, and of the names in it, before what is in there.

    Yields:
        Paths relative to the current directory with "/", and failures for paths that cannot be looked at.
    """
    seen: set[str] = set()
    for path in paths:
        for found in _look_at(path, is_excluded, enter):
            if not isinstance(found, str):
                yield found
            elif found not in seen:
                seen.add(found)
                yield found


def is_in_folder_of_others(path: str, root: str) -> bool:
    """Whether a path below a folder is in one of the folders below that in which nothing is looked for."""
    below = os.path.relpath(os.path.abspath(path), root).split(os.sep)
    return below[0] != os.pardir and not _SKIPPED_FOLDERS.isdisjoint(below[:-1])


def is_checked(path: str) -> bool:
    """Whether a file in a folder is checked, by its name."""
    return path.endswith(_SUFFIXES)


def read_file(path: str) -> bytes | Failure:
    """The bytes of a file."""
    try:
        file = os.open(path, _READING)
        try:
            parts = list(iter(partial(os.read, file, _AT_ONCE), b""))
        finally:
            os.close(file)
    except OSError as error:
        return _failure(path, _reason(error))
    return parts[0] if len(parts) == 1 else b"".join(parts)


def read_if_there(path: str, size: int = -1) -> bytes | None:
    """The bytes of a file, or None if there is no such file, or none that can be read.

    Names that code mentions lead here, so a pipe or a device under such a name is not waited for.

    Args:
        path: of the file.
        size: how many bytes to read at most; all, if it is negative.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            return None
        with open(path, "rb") as file:
            return file.read(size)
    except (OSError, ValueError):
        return None


def _look_at(
    path: str, is_excluded: Callable[[str], bool] | None, enter: Callable[[str, Collection[str]], None]
) -> Iterator[str | Failure]:
    shown = display_path(path)
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError) as error:
        yield _failure(shown, _reason(error))
        return
    if stat.S_ISDIR(mode):
        yield from _walk(shown, is_excluded, enter)
    elif stat.S_ISREG(mode):
        yield shown
    else:
        yield _failure(shown, "not a file")


def _walk(
    root: str, is_excluded: Callable[[str], bool] | None, enter: Callable[[str, Collection[str]], None]
) -> Iterator[str | Failure]:
    stack: list[tuple[str, IgnoreFiles | None]] = [(root, _ignore_files_above(root))]
    while stack:
        folder, ignored = stack.pop()
        try:
            with os.scandir(folder) as scan:
                entries = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            yield _failure(folder, _reason(error))
            continue
        names = {entry.name for entry in entries}
        if _VIRTUAL_ENVIRONMENT in names and folder != root:
            continue
        enter(folder, names)
        prefix = "" if folder == "." else folder + "/"
        if _IGNORE_FILE in names:
            ignored = _with_ignore_file(ignored, prefix)
        below: list[tuple[str, IgnoreFiles | None]] = []
        for entry in entries:
            path = prefix + entry.name
            try:
                if _is_searched(entry):
                    if not _is_left_out(path + "/", ignored, is_excluded):
                        below.append((path, ignored))
                elif is_checked(entry.name) and entry.is_file() and not _is_left_out(path, ignored, is_excluded):
                    yield path
            except OSError as error:  # a link that leads to itself
                yield _failure(path, _reason(error))
        stack.extend(reversed(below))


def _is_searched(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False) and entry.name not in _SKIPPED_FOLDERS


def _is_left_out(path: str, ignored: IgnoreFiles | None, is_excluded: Callable[[str], bool] | None) -> bool:
    return (is_excluded is not None and is_excluded(path)) or (ignored is not None and ignored.ignore(path))


def _ignore_files_above(root: str) -> IgnoreFiles | None:
    """The .gitignore files between a folder and the top of the repository that it is in."""
    above: list[str] = []
    folder = os.path.abspath(root)
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
        if os.path.isfile(os.path.join(folder, _IGNORE_FILE)):
            above.append(display_path(folder) + "/")
    ignored: IgnoreFiles | None = None
    for prefix in reversed(above):
        ignored = _with_ignore_file(ignored, prefix)
    # A folder that is named is looked into, even if the rules above it ignore it.
    return None if ignored is None or ignored.ignore(root + "/") else ignored


def _with_ignore_file(outer: IgnoreFiles | None, prefix: str) -> IgnoreFiles | None:
    data = read_if_there(prefix + _IGNORE_FILE, _LARGEST_IGNORE_FILE)
    if data is None:
        return outer
    from lr_lint.source.ignorefiles import IgnoreFiles  # imports pathspec

    return IgnoreFiles(outer, prefix, data)


def _reason(error: OSError | ValueError) -> str:
    return getattr(error, "strerror", None) or str(error)


def _failure(path: str, reason: str) -> Failure:
    from lr_lint.vocabulary.diagnostics import Failure  # most runs have no failure

    return Failure(path, reason, code="")
