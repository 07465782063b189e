"""The docstrings of packages are maps of them: they name the modules that are there, and their examples run."""

from __future__ import annotations

import doctest
import importlib.util
import pkgutil
import re
from pathlib import Path
from types import ModuleType

import pytest

import lr_lint
import lr_lint.probe
import lr_lint.semantics

ROOT = Path(lr_lint.__file__).parent
PACKAGES = sorted(".".join(path.parent.relative_to(ROOT.parent).parts) for path in ROOT.rglob("__init__.py"))
PAGES = (lr_lint.probe, lr_lint.semantics)
# A whole module, or a class in one.
REFERENCE = re.compile(r"`((?:\w+\.)*[a-z_][a-z_0-9]*)(?:\.[A-Z]\w+)?`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_the_worked_example_runs_as_it_says(page: ModuleType) -> None:
    done = doctest.testmod(page, raise_on_error=False)

    assert done.attempted > 0
    assert done.failed == 0


@pytest.mark.parametrize("package", PACKAGES)
def test_the_modules_that_a_page_names_are_there(package: str) -> None:
    page = importlib.import_module(package)
    named = _named(page)

    assert named
    assert {name for name in named if not _is_module(name, page)} == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_a_page_names_all_its_modules(package: str) -> None:
    """Who looks for something finds it on the page of its folder. The registry lists the rules."""
    page = importlib.import_module(package)
    modules = {module.name for module in pkgutil.iter_modules(page.__path__)}
    named = {part for name in _named(page) for part in name.split(".")}

    assert {name for name in modules - named if not re.match(r"lr\d", name)} == set(), "name it in the docstring"


def _named(page: ModuleType) -> set[str]:
    text = re.sub(r"``.*?``", "", page.__doc__ or "", flags=re.DOTALL)
    return set(REFERENCE.findall(text))


def _is_module(name: str, page: ModuleType) -> bool:
    """Whether a module has that name, in full, within the page's package, or within the whole package."""
    homes = (f"{page.__name__}.", "lr_lint.", "")
    return any(_exists(f"{home}{name}") for home in homes)


def _exists(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:
        return False
