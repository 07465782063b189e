"""A callable of the module, with all that it needs, moved to another file and imported from there.

What moves are functions, classes and constants that are bound once, at the top of the file, by statements that do
nothing else. What they need moves with them, or is imported there as well; where that is not possible the program stays
as it is.
"""

from __future__ import annotations

from collections import Counter
from random import Random

import libcst as cst

from tests.metamorphic.programs import Program, Rewriting, Transformation
from tests.metamorphic.trees import (
    BUILT_INS,
    Changes,
    Statement,
    bindings,
    callables,
    expression,
    is_future,
    is_import,
    names_in,
    nodes,
    parents_of,
    replaced,
    statements,
    walk,
)

# What the value of a constant that moves is made of.
_PURE = (
    cst.Name,
    cst.Integer,
    cst.Float,
    cst.SimpleString,
    cst.Tuple,
    cst.Element,
    cst.UnaryOperation,
    cst.Minus,
    cst.BinaryOperation,
    cst.BaseBinaryOp,
    cst.Lambda,
    cst.Parameters,
    cst.Param,
    cst.Attribute,
)


def _parts(tree: cst.Module) -> tuple[list[Statement], list[Statement], set[str]] | None:
    """The statements that move, the imports that they need, and the names that are defined there."""
    bound = Counter(name for name, _ in bindings(tree))
    at_top: dict[str, Statement] = {}
    for statement in tree.body:
        for name in _defined_by(statement):
            at_top[name] = statement
    given = {value for each in callables(tree) for value in names_in(each)} & set(at_top)
    wanted = sorted(name for name in given if not is_import(at_top[name]))
    moved: dict[str, Statement] = {}
    imports: list[Statement] = []
    while wanted:
        name = wanted.pop()
        statement = at_top[name]
        if is_import(statement):
            imports += [statement] if statement not in imports else []
        elif bound[name] != 1 or not _may_move(statement):
            return None
        elif name not in moved:
            moved[name] = statement
            wanted += sorted(names_in(statement) & set(at_top) - {name})
    order = [each for each in tree.body if each in moved.values()]
    if not any(isinstance(each, (cst.FunctionDef, cst.ClassDef)) for each in order):
        return None
    if any(last not in at_top and last not in BUILT_INS for each in order for last in _free_names(each)):
        return None
    return order, [each for each in tree.body if each in imports], set(moved)


def _defined_by(statement: Statement) -> list[str]:
    if isinstance(statement, (cst.FunctionDef, cst.ClassDef)):
        return [statement.name.value]
    if is_import(statement) and not is_future(statement):
        return [name for name, _ in bindings(cst.Module([statement]))]
    if isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1:
        only = statement.body[0]
        if isinstance(only, cst.Assign) and len(only.targets) == 1 and isinstance(only.targets[0].target, cst.Name):
            return [only.targets[0].target.value]
    return []


def _may_move(statement: Statement) -> bool:
    if isinstance(statement, cst.SimpleStatementLine):
        only = statement.body[0]
        assert isinstance(only, cst.Assign)
        return all(isinstance(each, _PURE) or not _is_code(each) for each in walk(only.value))
    return not any(isinstance(each, (cst.Global, cst.Decorator)) for each in walk(statement))


def _is_code(node: cst.CSTNode) -> bool:
    return isinstance(node, (cst.BaseExpression, cst.BaseSmallStatement, cst.Arg))


def _free_names(statement: Statement) -> set[str]:
    """Names that a statement reads and does not bind anywhere inside of it."""
    parents = parents_of(cst.Module([statement]))
    own = {name for name, _ in bindings(cst.Module([statement]))}
    found = set()
    for node in walk(statement):
        parent = parents.get(node)
        if isinstance(node, cst.Name) and node.value not in own:
            is_label = isinstance(parent, cst.Attribute) and parent.attr is node
            is_keyword = isinstance(parent, cst.Arg) and parent.keyword is node
            if not is_label and not is_keyword:
                found.add(node.value)
    return found


def _moved_to(
    path: str, imports: str, prefix: str = "", own_path: str = "", more: dict[str, str] | None = None
) -> Rewriting:
    """The parts stand in a file of their own.

    Args:
        path: of that file.
        imports: how they are imported; NAMES are those that moved.
        prefix: what stands before their names, with a dot; empty where the names themselves are imported.
        own_path: where the program itself lies then, if not where it was.
        more: further files; NAMES are those that moved.
    """

    def rewrite(program: Program, tree: cst.Module, random: Random) -> Program | None:
        in_folder = "/" in program.path or not program.is_alone
        parts = None if in_folder and (prefix or own_path or more or "/" in path) else _parts(tree)
        if parts is None or "__file__" in program.text:
            return None
        moved, needed, names = parts
        if "*" in imports + str(more) and any(name.startswith("_") for name in names):
            return None
        used = names & names_in(cst.Module([each for each in tree.body if each not in moved]))
        if prefix and any(Counter(name for name, _ in bindings(tree))[name] != 1 for name in names):
            return None
        # Other files may ask this one for what it has no use for itself.
        listed = ", ".join(sorted(names & used if program.is_alone else names)) or min(names)
        changed = _without(tree, moved, imports.replace("NAMES", listed), names if prefix else set(), prefix)
        future = [each for each in tree.body if is_future(each)]
        file = cst.Module([*future, *needed, *moved]).code
        others = {
            program.path[: program.path.rfind("/") + 1] + path: file,
            **{each: code.replace("NAMES", listed) for each, code in (more or {}).items()},
        }
        data = changed.code.encode()
        added = {each: code.encode() for each, code in others.items()}
        return Program(own_path or program.path, data, {**program.others, **added}, program.codes)

    return rewrite


def _without(tree: cst.Module, moved: list[Statement], imports: str, names: set[str], prefix: str) -> cst.Module:
    """The module without the parts, which it imports where the first of them stood."""
    parents = parents_of(tree)
    changes: Changes = {}
    left = [each for each in nodes(tree) if isinstance(each, cst.Name) and each.value in names]
    for name in left:
        parent = parents[name]
        is_label = isinstance(parent, cst.Attribute) and parent.attr is name
        is_keyword = isinstance(parent, cst.Arg) and parent.keyword is name
        if (
            not is_label
            and not is_keyword
            and not isinstance(parent, (cst.FunctionDef, cst.ClassDef, cst.AssignTarget))
        ):
            changes[name] = expression(prefix + name.value)
    body: list[Statement] = []
    for each in tree.body:
        if each is moved[0]:
            body += statements(imports)
        if each not in moved:
            body.append(replaced(each, changes))
    return tree.with_changes(body=body)


_PART = "schedule_parts.py"
_FILE = "pack/parts.py"
_IN_PACKAGE = {"pack/__init__.py": ""}
_EXPORTED = {"pack/__init__.py": "from .parts import NAMES\n"}
_EXPORTED_BY_STAR = {"pack/__init__.py": "from .parts import *\n"}

TRANSFORMATIONS = (
    Transformation("move-from", _moved_to(_PART, "from schedule_parts import NAMES")),
    Transformation("move-module", _moved_to(_PART, "import schedule_parts", "schedule_parts.")),
    Transformation("move-module-as", _moved_to(_PART, "import schedule_parts as parts", "parts.")),
    Transformation("move-star", _moved_to(_PART, "from schedule_parts import *")),
    Transformation(
        "move-in-try",
        _moved_to(_PART, "try:\n    from schedule_parts import NAMES\nexcept ImportError:\n    raise SystemExit(1)"),
    ),
    Transformation(
        "move-relative-module", _moved_to("pack/parts.py", "from . import parts", "parts.", "pack/main.py", _IN_PACKAGE)
    ),
    Transformation(
        "move-relative", _moved_to("pack/parts.py", "from .parts import NAMES", "", "pack/main.py", _IN_PACKAGE)
    ),
    Transformation(
        "move-relative-star", _moved_to("pack/parts.py", "from .parts import *", "", "pack/main.py", _IN_PACKAGE)
    ),
    Transformation(
        "move-above",
        _moved_to(
            "pack/parts.py",
            "from .. import parts",
            "parts.",
            "pack/sub/main.py",
            {**_IN_PACKAGE, "pack/sub/__init__.py": ""},
        ),
    ),
    Transformation("move-package-dotted", _moved_to(_FILE, "import pack.parts", "pack.parts.", "", _IN_PACKAGE)),
    Transformation("move-package-as", _moved_to("pack/parts.py", "import pack.parts as p", "p.", "", _IN_PACKAGE)),
    Transformation("move-package-from", _moved_to(_FILE, "from pack import parts", "parts.", "", _IN_PACKAGE)),
    Transformation("move-namespace-package", _moved_to("pack/parts.py", "from pack.parts import NAMES")),
    Transformation(
        "move-exported",
        _moved_to("pack/parts.py", "from pack import NAMES", "", "", _EXPORTED),
    ),
    Transformation(
        "move-exported-star",
        _moved_to("pack/parts.py", "from pack import *", "", "", _EXPORTED_BY_STAR),
    ),
    Transformation("move-in-package-file", _moved_to("pack/__init__.py", "from pack import NAMES")),
    Transformation("move-from-as", _moved_to(_PART, "import schedule_parts\nfrom schedule_parts import NAMES")),
)
