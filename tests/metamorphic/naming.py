"""Other names for what a file itself names.

A name is renamed wherever the file has it, so two things of one name are called alike afterwards, too. What somebody
else knows by its name stays: imported names, keywords and attributes of libraries, words of texts (options, keys),
built-in functions, and all that other files of the project mention.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import libcst as cst

from lr_lint.vocabulary.names import Suggestion, suggestion_of
from tests.metamorphic.programs import Program, Promise, Rewriting, Transformation
from tests.metamorphic.trees import BUILT_INS, CONTRACTS, bindings, last_name, names_in, nodes, parents_of

_SIGHTED = ("globals()", "locals()", "vars(", "exec(", "eval(", "getattr(", "setattr(", "__dict__", "__code__")
_KEPT = frozenset({"self", "cls", "main", "kwargs", "args"})

# Names that suggest the same as one another.
_ALIKE = {
    Suggestion.RATE: ("start_lr", "peak_lr", "top_learning_rate", "initial_lr", "critic_lr", "max_lr", "lr0"),
    Suggestion.HORIZON: ("num_epochs", "total_steps", "max_iters", "n_epochs", "train_epochs"),
    Suggestion.WARM_UP: ("warmup_epochs", "warm_up", "rampup_steps", "n_warmup"),
    Suggestion.PERIOD: ("decay_steps", "lr_drop_epoch", "decay_every"),
    Suggestion.FACTOR: ("gamma", "decay_factor", "lr_mult", "ratio", "alpha"),
}
_NEUTRAL = ("quince", "medlar", "damson", "sorrel", "tansy", "yarrow", "lovage", "fennel", "borage", "chervil")


class _Names:
    """Which identifiers of a file may be renamed."""

    def __init__(self, program: Program, tree: cst.Module) -> None:
        self.tree = tree
        self.parents = parents_of(tree)
        bound = bindings(tree)
        imported = {name for name, node in bound if isinstance(node, cst.ImportAlias)}
        imported |= {last_name(node.name) for node in nodes(tree) if isinstance(node, cst.ImportAlias)}
        imported |= {name for name, node in bound if isinstance(node, cst.AsName) and self._is_of_import(node)}
        texts = re.findall(r"[A-Za-z_]\w*", " ".join(self._texts()).replace("-", "_"))
        self.functions = {name for name, node in bound if isinstance(node, cst.FunctionDef)}
        self.classes = {name for name, node in bound if isinstance(node, cst.ClassDef)}
        self.members = {name for name, node in bound if self._is_member(node)}
        fixed = imported | set(texts) | program.words_elsewhere | BUILT_INS | _KEPT | set(CONTRACTS)
        fixed |= self._foreign_keywords()
        everything = {name for name, _ in bound} - fixed
        self.free = {name for name in everything if not name.startswith("__")}

    def _is_of_import(self, node: cst.CSTNode) -> bool:
        return isinstance(self.parents.get(node), cst.ImportAlias)

    def _texts(self) -> list[str]:
        found = []
        for node in nodes(self.tree):
            if isinstance(node, (cst.SimpleString, cst.FormattedStringText)):
                found += [] if isinstance(self.parents[node], cst.Expr) else [node.value]
        return found

    def _is_member(self, node: cst.CSTNode) -> bool:
        while node in self.parents:
            node = self.parents[node]
            if isinstance(node, (cst.FunctionDef, cst.Lambda)):
                return False
            if isinstance(node, cst.ClassDef):
                return True
        return False

    def _foreign_keywords(self) -> set[str]:
        """Keywords of calls whose callee is not, by its name, a function or a class of the file."""
        own = self.functions | self.classes
        found = set()
        for node in nodes(self.tree):
            if isinstance(node, cst.Call) and last_name(node.func) not in own:
                found |= {arg.keyword.value for arg in node.args if arg.keyword is not None}
        return found

    def attributes(self) -> set[str]:
        """Names of attributes."""
        return {node.attr.value for node in nodes(self.tree) if isinstance(node, cst.Attribute)}

    def own_attributes(self) -> set[str]:
        """Attributes that only ``self``, ``cls`` and instances that the file makes by name have, in the file."""
        if any(base for node in nodes(self.tree) if isinstance(node, cst.ClassDef) for base in self._bases(node)):
            return set()
        bound = bindings(self.tree)
        made = {
            name
            for name, node in bound
            if isinstance(node, cst.AssignTarget)
            and isinstance(assigned := self.parents[node], cst.Assign)
            and isinstance(assigned.value, cst.Call)
            and last_name(assigned.value.func) in self.classes
            and [each for each, _ in bound].count(name) == 1
        }
        uses: dict[str, bool] = {}
        for node in nodes(self.tree):
            if isinstance(node, cst.Attribute):
                owner = node.value
                is_made = isinstance(owner, cst.Call) and last_name(owner.func) in self.classes
                is_own = is_made or last_name(owner) in {"self", "cls"} | made | self.classes
                uses[node.attr.value] = (
                    uses.get(node.attr.value, True) and is_own and not isinstance(owner, cst.Attribute)
                )
        own = {name for name, is_own in uses.items() if is_own}
        text = self.tree.code
        return {
            name for name in own if re.search(rf"(self\.{name}\s*[=:,]|def {name}\b|^\s+{name}\s*[=:])", text, re.M)
        }

    def _bases(self, node: cst.ClassDef) -> list[str]:
        return [name for base in node.bases if (name := last_name(base.value)) not in self.classes | {"object"}]

    def plain(self) -> set[str]:
        """Variables, parameters, functions and classes that are no members and are no attribute of anything."""
        return self.free - self.members - self.attributes() - {"_"}


def _renamed(tree: cst.Module, names: Mapping[str, str]) -> cst.Module:
    class Rename(cst.CSTTransformer):
        def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> Any:
            return updated_node.with_changes(value=names.get(updated_node.value, updated_node.value))

    return tree.visit(Rename())


def _renaming(chosen: Callable[[_Names], set[str]], new: Callable[[str, int], list[str]]) -> Rewriting:
    """Some names are exchanged.

    Args:
        chosen: which.
        new: candidates for the new name, given the old one and its number.
    """

    def rewrite(program: Program, tree: cst.Module, random: Random) -> Program | None:
        if any(word in program.text for word in _SIGHTED):
            return None
        taken = names_in(tree)
        names: dict[str, str] = {}
        for at, name in enumerate(sorted(chosen(_Names(program, tree)))):
            candidates = [each for each in new(name, at) if each not in taken and not each.startswith(name)]
            if candidates:
                names[name] = random.choice(candidates)
                taken.add(names[name])
        return program.with_tree(_renamed(tree, names)) if names else None

    return rewrite


def _alike(name: str, at: int) -> list[str]:
    """Names that suggest what the name suggests, and are of no other use to what rests on names."""
    suggestion = suggestion_of(name)
    if suggestion is Suggestion.NOTHING:
        return _nondescript(name, at)
    return [each for each in _ALIKE[suggestion] if suggestion_of(each) is suggestion]


def _nondescript(name: str, at: int) -> list[str]:
    """Names that say nothing, for one that says nothing about numbers."""
    if suggestion_of(name) is not Suggestion.NOTHING:
        return []
    return _neutral(name, at)


def _neutral(name: str, at: int) -> list[str]:
    """Names that say nothing, whatever the old one said. A class stays one by its first letter."""
    new = [f"{each}{at}" if at >= len(_NEUTRAL) else each for each in _NEUTRAL]
    return [each.capitalize() for each in new] if name[:1].isupper() else new


def _long(name: str, at: int) -> list[str]:
    return [f"{each}_of_the_orchard_{at}" for each in _nondescript(name, at)]


def _foreign(name: str, at: int) -> list[str]:
    return [f"größe_{at}"] if suggestion_of(name) is Suggestion.NOTHING and not name[:1].isupper() else []


def _shadowing(name: str, at: int) -> list[str]:
    """Names of functions of Python, for lambdas and parameters of schedules."""
    return ["iter", "sum", "input", "id", "type", "next", "round"] if suggestion_of(name) is Suggestion.NOTHING else []


def _parameters_of_time(names: _Names) -> set[str]:
    found = set()
    for node in nodes(names.tree):
        if isinstance(node, cst.Lambda):
            found |= {param.name.value for param in node.params.params if param.default is None}
    used = names_in(names.tree) & BUILT_INS
    return found & names.plain() if not used else set()


def _functions(names: _Names) -> set[str]:
    return names.plain() & names.functions


def _classes(names: _Names) -> set[str]:
    return names.plain() & names.classes


def _variables(names: _Names) -> set[str]:
    return names.plain() - names.functions - names.classes


def _attributes(names: _Names) -> set[str]:
    return names.own_attributes() & names.free | (names.own_attributes() - _fixed(names))


def _fixed(names: _Names) -> set[str]:
    """The names that the file binds and that may not be renamed."""
    return {name for name, _ in bindings(names.tree)} - names.free


def _everything(names: _Names) -> set[str]:
    return names.plain()


def _module_of_project(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """Another file of the project gets another name, if that name is used for nothing else."""
    stems = [path.rpartition("/")[2].removesuffix(".py") for path in program.others if path.endswith(".py")]
    texts = {program.path: program.text, **{path: data.decode() for path, data in program.others.items()}}
    for stem in sorted(stems):
        mentions = [line for text in texts.values() for line in text.splitlines() if re.search(rf"\b{stem}\b", line)]
        if stem == "__init__" or stems.count(stem) > 1 or not mentions:
            continue
        if all(re.match(r"\s*(from|import)\s", line) for line in mentions) and not _imports_name(texts, stem):
            new = {
                path.replace(f"{stem}.py", "quince.py") if path.endswith(f"{stem}.py") else path: re.sub(
                    rf"\b{stem}\b", "quince", text
                )
                for path, text in texts.items()
            }
            data = new.pop(program.path).encode()
            return Program(program.path, data, {path: text.encode() for path, text in new.items()}, program.codes)
    return None


def _imports_name(texts: Mapping[str, str], stem: str) -> bool:
    """Whether the stem is also the name of something that is imported from a file."""
    return any(re.search(rf"(def|class)\s+{stem}\b|^{stem}\s*=", text, re.M) for text in texts.values())


# That what is passed is a number is sure where all that it is computed from are counts, which names say.
_BY_COUNTS = frozenset({"LR301"})

TRANSFORMATIONS = (
    Transformation("rename-functions", _renaming(_functions, _alike)),
    Transformation("rename-classes", _renaming(_classes, _alike)),
    Transformation("rename-variables", _renaming(_variables, _nondescript)),
    Transformation("rename-variables-alike", _renaming(_variables, _alike)),
    Transformation("rename-attributes", _renaming(_attributes, _nondescript)),
    Transformation("rename-attributes-alike", _renaming(_attributes, _alike)),
    Transformation("rename-long", _renaming(_everything, _long)),
    Transformation("rename-not-ascii", _renaming(_everything, _foreign)),
    Transformation("rename-time-like-functions", _renaming(_parameters_of_time, _shadowing)),
    Transformation("rename-module", _module_of_project),
    Transformation("rename-everything-neutrally", _renaming(_everything, _neutral), Promise.CERTAIN, _BY_COUNTS),
    Transformation("rename-attributes-neutrally", _renaming(_attributes, _neutral), Promise.CERTAIN),
)
