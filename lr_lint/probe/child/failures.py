"""One line for the user on what kept a child from observing a scheduler."""

from __future__ import annotations

import linecache
import re
import traceback
from collections.abc import Iterator

from lr_lint.probe.child.frames import UserCode
from lr_lint.probe.records import Mode, Place
from lr_lint.probe.request import Request

_LONGEST_MESSAGE = 300
_CUDA = re.compile(r"cuda|cudnn|nccl|nvidia|\bgpus?\b|\bhip\b|pin_memory", re.IGNORECASE)


def raised(request: Request, error: BaseException, user_code: UserCode) -> str:
    """What an exception of the user's code means for the probe."""
    if isinstance(error, ModuleNotFoundError) and error.name:
        advice = "install it" if request.mode is not Mode.RUN else "install it, or probe a slice"
        return f"no module named {error.name.partition('.')[0]!r}: {advice}"
    if isinstance(error, SystemExit):
        return _exited(request, error)
    if type(error).__name__ == "NeedsValue" and request.mode is Mode.RUN:
        lacked = str(error).partition(" is not known")[0]
        return f"{request.target} needs {lacked}, of a package that is not installed: install it, or probe a slice"
    if isinstance(error, ImportError) and "relative import" in str(error) and request.mode is Mode.RUN:
        return f"{request.target} is a module of a package: name it as python -m does (--run package.module)"
    place = user_code.raised_at(error.__traceback__)
    if isinstance(error, SyntaxError) and error.filename and user_code.owns(error.filename):
        place = Place(user_code.display(error.filename), error.lineno or 1)
    where = f" ({place})" if place else ""
    return f"{request.target} raised {in_one_line(error)}{where}"


def show_traceback(error: BaseException, user_code: UserCode) -> None:
    """Prints the part of a traceback that is the user's business: from their first frame on, nothing without one."""
    at = error.__traceback__
    while at is not None and not user_code.owns(at.tb_frame.f_code.co_filename):
        at = at.tb_next
    if at is not None:
        traceback.print_exception(type(error), error, at)


def _exited(request: Request, error: SystemExit) -> str:
    if error.code is None or error.code == 0:
        return ended(request)
    if not isinstance(error.code, int):
        return f"{request.target} exited before it constructed a scheduler: {_shorten(str(error.code))}"
    # What argparse exits with when it refuses its arguments.
    hint = "; its arguments go after --" if error.code == 2 and not request.arguments else ""
    return f"{request.target} exited with status {error.code} before it constructed a scheduler{hint}"


def ended(request: Request) -> str:
    """What is said of a script that came to its end."""
    return f"{request.target} ended without constructing a scheduler"


def in_one_line(error: BaseException) -> str:
    """An exception as ``TypeError: message``, its message's first line, and that not too long."""
    message = _shorten(error.msg if isinstance(error, SyntaxError) else str(error))
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def _shorten(message: str) -> str:
    first = next((line.strip() for line in message.splitlines() if line.strip()), "")
    return first if len(first) <= _LONGEST_MESSAGE else f"{first[:_LONGEST_MESSAGE]}..."


def would_help(request: Request, error: BaseException | None, user_code: UserCode) -> bool:
    """Whether a second attempt, with CUDA redirected to the CPU, may come further. Imports torch.

    Args:
        request: what was tried.
        error: what ended it; None if it just ended.
        user_code: which files are the user's.
    """
    if request.redirect or not _looks_like_cuda(error, user_code):
        return False
    import torch

    return not torch.cuda.is_available()


def _looks_like_cuda(error: BaseException | None, user_code: UserCode) -> bool:
    """Whether the message of an exception, or the line that raised it, speaks of GPUs.

    A script that ended by itself may have asked for a GPU and found none: there its files are looked at.
    """
    if isinstance(error, (ModuleNotFoundError, FileNotFoundError)):
        return False
    if error is not None and not isinstance(error, SystemExit):
        return any(_CUDA.search(f"{each} {_raising_line(each)}") for each in chain(error))
    return any(_CUDA.search("".join(linecache.getlines(filename))) for filename in user_code.files())


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An exception, and those that it came from."""
    seen: list[BaseException] = []
    while error is not None and not any(error is earlier for earlier in seen):
        seen.append(error)
        yield error
        error = error.__cause__ or error.__context__


def _raising_line(error: BaseException) -> str:
    at = error.__traceback__
    if at is None:
        return ""
    while at.tb_next is not None:
        at = at.tb_next
    return linecache.getline(at.tb_frame.f_code.co_filename, at.tb_lineno)
