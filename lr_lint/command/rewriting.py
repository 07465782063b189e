"""Writing a user's file: as a whole or not at all, with the rights it had, and only if it is what was read."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress

from lr_lint.command.console import RefusalError
from lr_lint.source.disk import Disk
from lr_lint.source.file_paths import display_path


def rewrite(path: str, old: bytes, new: bytes) -> None:
    """Put new content in the place of a file. A link stays a link, and what it leads to is written.

    Args:
        path: the file.
        old: what was read from it.
        new: what it is to hold.

    Raises:
        RefusalError: if it cannot be written, or has changed since it was read; then it is as it was.
    """
    try:
        _replace(os.path.realpath(path), old, new)
    except OSError as error:
        raise RefusalError(f"cannot write {path}: {error.strerror or error}") from error
    except _ChangedError as error:
        raise RefusalError(f"{path}: has changed since it was read, so it is left as it is") from error


def refuse_to_leave_project(path: str, named: Iterable[str]) -> None:
    """Refuse to write where a link leads to: whoever has a folder changed may not know what the links in it lead to.

    Args:
        path: the file that is to be written.
        named: the files and folders that the user named.

    Raises:
        RefusalError: if it is a link out of the project, and not named itself.
    """
    if not os.path.islink(path):
        return
    named = list(named)
    if path not in map(display_path, named) and Disk(named).lies_outside(path, path):
        raise RefusalError(f"{path}: the link leads out of the project, so what it leads to is left as it is")


class _ChangedError(Exception):
    """The file is not what was read."""


def _replace(path: str, old: bytes, new: bytes) -> None:
    before = os.stat(path)
    if not stat.S_ISREG(before.st_mode):
        raise OSError(None, "not a file")
    # Whoever may write into the folder could replace a file that is marked as not to be written.
    with open(path, "r+b"):
        pass
    handle, temporary = tempfile.mkstemp(prefix=".lr-lint-", suffix=".tmp", dir=os.path.dirname(path))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        _give_same_rights(temporary, before)
        with open(path, "rb") as file:
            if file.read() != old:
                raise _ChangedError
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _give_same_rights(path: str, like: os.stat_result) -> None:
    """The owner, as far as one may give a file away, and the mode of another file."""
    if hasattr(os, "chown"):
        with suppress(PermissionError):
            os.chown(path, like.st_uid, like.st_gid)
    os.chmod(path, stat.S_IMODE(like.st_mode))
