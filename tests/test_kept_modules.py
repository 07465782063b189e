"""Parsed files are kept for those that are checked next, and go for good when nobody needs them."""

from __future__ import annotations

import weakref

import libcst as cst

from lr_lint.checks.engine import check_bytes
from lr_lint.project.kept_modules import KeptModules, kept_modules
from lr_lint.project.modules import Module
from lr_lint.source.collector import without_collections
from lr_lint.source.files import SourceFile
from lr_lint.source.settings import Settings
from lr_lint.source.surroundings import InMemory

TEXT = "def add(names):\n    names.append(1)\n\n\nnames = []\nadd(names)\n"
SHARED = "def lr_lambda(epoch):\n    return 0.5\n"
MAIN = """\
import torch
from shared import lr_lambda
from torch.optim.lr_scheduler import LambdaLR

optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
scheduler = LambdaLR(optimizer, lr_lambda)
"""


def asked(path: str) -> Module:
    """A parsed file of which much has been found out that refers to it in turn."""
    module = Module(SourceFile(path, TEXT.encode(), TEXT), cst.parse_module(TEXT))
    assert "names" in module.affected(module.tree.body[-1])
    assert module.block(module.tree.body).bearing_on(frozenset({"names"}))
    assert not module.volatile.variables
    return module


def test_a_file_goes_with_its_analysis_without_a_look_for_garbage() -> None:
    kept = KeptModules()
    with without_collections():
        with kept.one_analysis():
            module = asked("a.py")
            kept.note(module)
        scopes = weakref.ref(module.scopes)
        del module

        assert scopes() is None


def test_a_file_that_makes_room_for_others_is_of_use_until_the_analysis_ends() -> None:
    kept = KeptModules()
    with kept.one_analysis():
        module = asked("a.py")
        known = module.consequences
        kept.keep(module)
        kept.keep(asked("a.py"))

        assert module.consequences is known

    assert module.consequences is not known
    assert "names" in module.affected(module.tree.body[-1])


def test_what_a_file_imports_is_kept_with_what_is_known_of_it() -> None:
    files = InMemory({"main.py": MAIN.encode(), "shared.py": SHARED.encode()})
    check_bytes("main.py", MAIN.encode(), Settings(), files)

    shared = kept_modules(files).get("shared.py", SHARED.encode())

    assert shared is not None
    assert kept_modules(files).get("main.py", MAIN.encode()) is None
