"""Writing a user's file: as a whole or not at all, with the rights it had, and only if it is what was read."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress

from lr_lint.command.console import RefusalError


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
