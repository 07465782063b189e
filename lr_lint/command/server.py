"""``lr-lint server``: the language server, which speaks with an editor over standard input and output."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

from lr_lint.command.console import CommandParser, RefusalError, complain

# The major version that the server is written for: 1 has other modules than 2.
_PYGLS = 2
_EPILOG = """\
An editor starts it and speaks the Language Server Protocol with it, over standard input and output; docs/editors.md
says how to set up which editor. Exit status: 0 after a shutdown that was asked for, 1 without one, 2 if it cannot
start."""


def serve(arguments: Sequence[str]) -> int:
    """Run the server until the editor ends it, and the process with it.

    Raises:
        RefusalError: if it cannot start.
    """
    parser().parse_args(arguments)
    if not _can_serve():
        raise RefusalError(f"the server needs pygls {_PYGLS}: pip install 'lr-lint[lsp]'")
    if sys.stdin is None or sys.stdout is None:
        raise RefusalError("the server speaks over standard input and output, and one of them is closed")
    if sys.stdin.isatty():
        complain("waiting for an editor, which should have started this; Ctrl-C ends it")
    status = _run()
    # An analysis may go on in its thread, and Python would have it end amid what it does.
    os._exit(status)


def _can_serve() -> bool:
    """Whether pygls is installed, in a version whose interface is the present one."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return int(version("pygls").partition(".")[0]) >= _PYGLS
    except (PackageNotFoundError, ValueError):
        return False


def _run() -> int:
    from lr_lint.server.handlers import serving

    # Whoever reads standard input cannot be interrupted in any other way.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Standard output is the protocol's. Whatever prints, be it a library's C code, prints to the log.
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2 if sys.stderr is not None else os.open(os.devnull, os.O_WRONLY), 1)
    server = serving()
    server.start_io(sys.stdin.buffer, output)
    return 0 if server.was_shut_down else 1


def parser() -> CommandParser:
    """The parser of its options."""
    parser = CommandParser(
        prog="lr-lint server",
        description="Tell an editor what is found while code is written, with hovers and fixes.",
        epilog=_EPILOG,
    )
    parser.add_argument("--stdio", action="store_true", help="what it does anyway; some editors say so")
    return parser
