"""Work that is measured from within its process, so that no start counts: ``inside.py WORK ARGUMENT ...``.

A program of its own: it runs in the environment of the revision that is measured, and imports nothing from beside it.
What the work took is printed last, as ``{"wall": ..., "cpu": ...}``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_EDITS = 10
# A program with one scheduler: after it all is imported.
_FIRST = """\
import torch
from torch.optim.lr_scheduler import LambdaLR

optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lambda epoch: 0.9**epoch)
for epoch in range(10):
    optimizer.step()
    scheduler.step()
"""


@contextmanager
def _told(turns: int = 1) -> Iterator[None]:
    """Print what the work within takes, or each of its turns."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    print(json.dumps({"wall": (time.perf_counter() - wall) / turns, "cpu": (time.process_time() - cpu) / turns}))


def parse_by_ast(names: Sequence[str]) -> None:
    """Python's own parser, on each file."""
    import ast

    _parse(ast.parse, names)


def parse_by_libcst(names: Sequence[str]) -> None:
    """LibCST's parser, on each file; its trees are let go."""
    import libcst

    libcst.parse_module(_FIRST)
    _parse(libcst.parse_module, names)


def _parse(parse: Callable[[bytes], object], names: Sequence[str]) -> None:
    contents = [Path(name).read_bytes() for name in names]
    with _told():
        for data in contents:
            try:
                parse(data)
            except Exception:  # what cannot be parsed costs what it costs
                continue


def check(names: Sequence[str]) -> None:
    """The check of files and folders."""
    import lr_lint

    lr_lint.check_source(_FIRST)
    with _told():
        lr_lint.check_paths(names)


def edit(names: Sequence[str]) -> None:
    """What an editor waits for after a change in a file: the new text, its check, and what is to be shown."""
    from lsprotocol import types
    from pygls.workspace import PositionCodec

    from lr_lint.checks.rules import RULES
    from lr_lint.server.analyses import Question, check
    from lr_lint.server.columns import Columns
    from lr_lint.server.documents import Documents, OpenDocument, uri_of
    from lr_lint.server.overlay import Trace
    from lr_lint.source.disk import Disk
    from lr_lint.source.project_settings import ProjectSettings

    (name,) = names
    columns, disk, projects = Columns(PositionCodec()), Disk([os.getcwd()]), ProjectSettings(lambda: RULES)
    documents = Documents(columns)
    text = Path(name).read_text(encoding="utf-8")
    opened = documents.open(types.TextDocumentItem(uri_of(name), "python", 1, text))
    half = types.Position(text.count("\n") // 2, 0)

    def ask(document: OpenDocument) -> None:
        check(Question(document, tuple(documents), disk, projects, columns, Trace()))

    ask(opened)
    with _told(turns=_EDITS):
        for version in range(2, _EDITS + 2):
            change = types.TextDocumentContentChangePartial(types.Range(half, half), f"# {version}\n")
            changed = documents.change(types.VersionedTextDocumentIdentifier(version, opened.uri), [change])
            assert changed is not None
            ask(changed)


def plugin(names: Sequence[str]) -> None:
    """What the plugin adds to flake8's work on some files, each of which it is given once."""
    import ast

    from flake8.processor import FileProcessor

    from lr_lint.command.flake8 import Plugin

    options = argparse.Namespace(
        hang_closing=False, indent_size=4, max_doc_length=None, max_line_length=79, verbose=0, stdin_display_name="-"
    )
    processors = [FileProcessor(name, options) for name in names]
    tree = ast.parse("")  # it is not looked at
    with _told():
        for processor in processors:
            list(Plugin(tree, processor.filename, processor.lines).run())


_WORK: dict[str, Callable[[Sequence[str]], None]] = {
    "parse-by-ast": parse_by_ast,
    "parse-by-libcst": parse_by_libcst,
    "check": check,
    "edit": edit,
    "plugin": plugin,
}

if __name__ == "__main__":
    _WORK[sys.argv[1]](sys.argv[2:])
