"""The pages that explain a package: their worked examples run as they say, and the modules that they name are there."""

from __future__ import annotations

import doctest
import importlib.util
import re
from types import ModuleType

import pytest

import lr_lint.probe
import lr_lint.semantics

PAGES = (lr_lint.probe, lr_lint.semantics)
# A whole module, or a class in one.
REFERENCE = re.compile(r"`((?:\w+\.)*[a-z_]+)(?:\.[A-Z]\w+)?`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_the_worked_example_runs_as_it_says(page: ModuleType) -> None:
    done = doctest.testmod(page, raise_on_error=False)

    assert done.attempted > 0
    assert done.failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_the_modules_that_a_page_names_are_there(page: ModuleType) -> None:
    text = re.sub(r"``.*?``", "", page.__doc__ or "", flags=re.DOTALL)
    named = set(REFERENCE.findall(text))

    assert named
    assert {name for name in named if not _is_module(name, page)} == set()


def _is_module(name: str, page: ModuleType) -> bool:
    """Whether a module has that name, in full, within the page's package, or within the whole package."""
    homes = ("", f"{page.__name__}.", "lr_lint.")
    return any(_exists(f"{home}{name}") for home in homes)


def _exists(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
