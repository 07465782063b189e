"""The folders are layers: a file imports from those below it, and framework names stay in a few modules."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from lr_lint.project.knowledge import DEFAULT_RATES, LIBRARIES, TRAINERS
from lr_lint.vocabulary.contract_rows import BUILT_IN

PACKAGE = Path(__file__).parent.parent / "lr_lint"
# From the bottom up. The package's own __init__ holds the version and loads its public names on demand.
LAYERS = (
    "__init__",
    "vocabulary",
    "source",
    "project",
    "semantics",
    "lifecycle",
    "timing",
    "checks",
    "runs",
    "probe",
    "reports",
    "api",
    "server",
    "command",
    "__main__",
)

# Third-party libraries but for those that are used here, and their schedulers and optimizers.
FRAMEWORKS = (
    (LIBRARIES - sys.stdlib_module_names - {"matplotlib", "yaml"})
    | TRAINERS
    | DEFAULT_RATES.keys()
    | {row.short_name for row in BUILT_IN.rows if not row.short_name.islower()}
    | {"tf", "lr_scheduler", "DataParallel"}
)
MAY_NAME_FRAMEWORKS = re.compile(
    r"vocabulary\.(contract|horizon)_rows|project\.knowledge|semantics\.libraries\..*|probe(\..*)?|reports\.probe"
)


def modules() -> dict[str, ast.Module]:
    """Every module of the package by its name below it."""
    return {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


MODULES = modules()


def layer(module: str) -> int:
    return LAYERS.index(module.partition(".")[0])


def imported(tree: ast.Module) -> Iterator[str]:
    """The modules of the package that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "lr_lint":
            for alias in node.names:
                full = f"{node.module}.{alias.name}".partition(".")[2]
                candidates = (full, f"{full}.__init__", full.rpartition(".")[0], f"{full.rpartition('.')[0]}.__init__")
                yield next((name for name in candidates if name in MODULES), "__init__")
        elif isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[2] for alias in node.names if alias.name.startswith("lr_lint."))


@pytest.mark.parametrize("module", [name for name in MODULES if name != "__init__"])
def test_no_import_goes_upwards(module: str) -> None:
    assert [name for name in imported(MODULES[module]) if layer(name) > layer(module)] == []


def run(tree: ast.Module) -> ast.Module:
    """The statements that run; imports for the type checker alone do not."""
    statements = [
        node
        for node in tree.body
        if not (isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING")
    ]
    return ast.Module(statements, [])


def folder(module: str) -> str:
    return module.rpartition(".")[0]


def test_no_imports_go_in_a_circle() -> None:
    """Types may refer to one another within a folder; between folders even those go one way."""
    graph = {
        name: {other for other in imported(tree) if folder(other) != folder(name)} | set(imported(run(tree))) - {name}
        for name, tree in MODULES.items()
        if name != "__init__"
    }

    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


# The rooms within a layer, and which rooms of it each asks for. A file that stands in none is one of the layer itself.
ROOMS: dict[str, dict[str, set[str]]] = {
    "semantics": {
        "values": set(),
        "machine": {"values", "libraries"},
        "libraries": {"values", "machine"},
        "worlds": {"values", "machine", "libraries"},
    },
    "checks": {
        "facts": set(),
        "rules": {"facts"},
        "fixes.remedies": {"fixes", "facts", "rules"},
        "fixes": {"fixes.remedies", "facts", "rules", ""},
        "": {"facts", "rules", "fixes"},
    },
    "probe": {
        "slicing": set(),
        "measuring": {""},
        "": {"measuring"},
        "child.hooks": {"", "measuring", "child"},
        "child.slices": {"", "measuring", "slicing", "child.hooks"},
        "child": {"", "measuring", "child.hooks", "child.slices"},
    },
}
# Two rooms need each other: what the code under check calls may be a library's, and some libraries compute as the
# machine does. These are the files that the other room may ask; all other libraries are found by the catalogue.
DOORS = {
    ("libraries", "machine"): {
        "arithmetic",
        "array_numbers",
        "class_members",
        "conditions",
        "expressions",
        "frames",
        "implementations",
        "iteration",
        "operators",
        "recording",
        "rounding",
        "settling",
    },
    ("machine", "libraries"): {
        "absl",
        "argparse",
        "arrays",
        "builtins",
        "catalogue",
        "click",
        "paths",
        "rate_sources",
        "settings_objects",
        "torch_optimizers",
        "types",
    },
}


def room(module: str) -> str:
    """The room of its layer that a module stands in; the layer itself is the empty one."""
    return folder(module).partition(".")[2]


def asked(module: str) -> set[str]:
    """The modules of its own layer, but of another room, that a module loads; types alone may be of any."""
    top = module.partition(".")[0]
    loaded = imported(run(MODULES[module]))
    return {name for name in loaded if name.partition(".")[0] == top and room(name) != room(module)}


@pytest.mark.parametrize("top", ROOMS)
def test_rooms_of_a_layer_ask_in_one_direction(top: str) -> None:
    """What is allowed is what there is: a way that nobody goes any more is taken from the table."""
    ways: dict[str, set[str]] = {}
    for module in MODULES:
        if module.partition(".")[0] == top and module not in {f"{top}.__init__", "probe.__init__"}:
            ways.setdefault(room(module), set()).update(room(name) for name in asked(module))

    assert ways == ROOMS[top]


@pytest.mark.parametrize(("asking", "answering"), DOORS)
def test_rooms_that_need_each_other_have_doors(asking: str, answering: str) -> None:
    behind = {
        name.rpartition(".")[2]
        for module in MODULES
        if folder(module) == f"semantics.{asking}"
        for name in asked(module)
        if room(name) == answering
    }

    assert behind == DOORS[asking, answering]


def test_child_process_imports_no_analysis() -> None:
    """What is decided about a program is decided before the child starts, which therefore loads no parser."""
    beyond = {
        name
        for module in MODULES
        if module.startswith(("probe.child.", "probe.measuring."))
        for name in imported(MODULES[module])
        if name.partition(".")[0] not in {"probe", "vocabulary"} and name != "project.knowledge"
    }

    assert beyond == set()


def test_no_relative_imports() -> None:
    relative = [
        name
        for name, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]

    assert relative == []


def test_a_class_name_stands_for_one_thing() -> None:
    """Whoever reads a name finds what it stands for."""
    homes: dict[str, list[str]] = {}
    for module, tree in MODULES.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(module)

    assert {name: at for name, at in homes.items() if len(at) > 1} == {}


def words(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The names in the code, and all words of strings that hold nothing else: tables such as ``"SGD Adam".split()``."""
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.alias):
            yield node.lineno, node.name
        elif isinstance(node, ast.Constant) and node not in texts and re.fullmatch(r"[\w.\s]+", str(node.value)):
            yield from ((node.lineno, word) for word in str(node.value).split())


@pytest.mark.parametrize("module", [name for name in MODULES if not MAY_NAME_FRAMEWORKS.fullmatch(name)])
def test_frameworks_are_named_in_their_modules_only(module: str) -> None:
    named = [(line, word) for line, word in words(MODULES[module]) if not FRAMEWORKS.isdisjoint(word.split("."))]

    assert named == []


def test_nothing_but_the_probe_imports_torch() -> None:
    importing = {
        name
        for name, tree in MODULES.items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "torch" for alias in node.names))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "torch")
    }

    assert {name for name in importing if not name.startswith("probe")} == set()


# The modules that may read or list files. Those of the probe may too, and its child process runs code; except these.
OF_THE_PROBE_BUT_PURE = {
    "probe.measuring.cases",
    "probe.measuring.group_verdicts",
    "probe.measuring.tables",
    "probe.measuring.verdicts",
    "probe.records",
    "probe.transport",
}
TOUCH_THE_DISK = {name for name in MODULES if name.partition(".")[0] in {"__main__", "command", "server"}} | {
    "api",
    "checks.rules.pages",  # our own, when somebody asks for one
    "reports.page.document",  # our own template, style and script
    "runs.crew",  # starts processes
    "runs.gates",
    "runs.plan",  # whether a folder is named
    "runs.remembered",  # the current directory
    "runs.versions",  # the files of lr-lint
    "runs.store",
    "runs.weights",  # the processors that a container gives
    "source.baseline",  # paths only: it reads through `source.discovery`
    "source.disk",
    "source.discovery",
    "source.project_settings",
    "source.settings_table",  # joins paths
    "source.ignorefiles",
    "source.file_paths",
}


PURE = {name for name in MODULES if not name.startswith("probe.")} - TOUCH_THE_DISK | OF_THE_PROBE_BUT_PURE


@pytest.mark.parametrize("module", sorted(PURE))
def test_analysis_neither_touches_the_disk_nor_runs_code(module: str) -> None:
    """It gets the bytes of other files through a reader, so that it can be tested without a disk."""
    nodes = list(ast.walk(MODULES[module]))
    calls = {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    loads = {alias.name.partition(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names}

    assert calls.isdisjoint({"open", "exec", "eval", "compile", "__import__"})
    assert loads.isdisjoint({"os", "pathlib", "shutil", "subprocess", "importlib", "runpy"})
