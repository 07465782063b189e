"""Where a scheduler goes after its construction, and where it is stepped there.

An object is followed through variables, attributes, containers, arguments and results, in whatever file of the project.
Where it goes somewhere that cannot be followed and may be stepped there, that is said: then nothing is known of its
clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from lr_lint.project.binders import SELF, parameters_of
from lr_lint.project.holders import function_of
from lr_lint.project.imports import may_import
from lr_lint.project.knowledge import ENGINE_MAKERS, PREPARING, STEP, STEP_OF_UPDATES
from lr_lint.project.modules import Module
from lr_lint.project.namings import text_of
from lr_lint.project.scopes import Binding
from lr_lint.semantics.machine.class_members import CONSTRUCTOR
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.source.tree import BLOCKS, LOOPS, code_of, dotted_name, last_name
from lr_lint.timing.evaluator import Evaluator
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.names import words_of

_STEPS = frozenset({STEP, STEP_OF_UPDATES})
# An object that is held by more variables than this is not followed further.
_MOST_HOLDERS = 40
# Through how many calls it is followed.
_LONGEST_WAY = 4
# What may be given a scheduler and does not step it, by its last name.
_HARMLESS = frozenset(
    "print len isinstance str repr type id hasattr bool info debug warning error log format save write dict append "
    "add_scalar add_scalars log_dict log_metrics set_description set_postfix deepcopy any all load_state_dict "
    "register_for_checkpointing next iter enumerate zip reversed items values".split()
)
# What functions are called that write a scheduler's state, or read it back.
_KEEPING = frozenset({"save", "load", "checkpoint", "resume", "restore", "log", "dump"})
_CONTAINERS = frozenset("list tuple dict set enumerate zip reversed values items deepcopy iter".split())
_APPENDING = frozenset({"append", "extend", "add", "insert", "update"})


@dataclass(frozen=True, slots=True)
class Crossing:
    """A call that leads from one function into another.

    Attributes:
        module: the file of the call.
        call: the call.
    """

    module: Module
    call: cst.Call


@dataclass(frozen=True, slots=True)
class Step:
    """A call of the scheduler's ``step``.

    Attributes:
        module: the file.
        call: the call.
        crossings: the calls by which the scheduler came where it is stepped, outermost first.
    """

    module: Module
    call: cst.Call
    crossings: tuple[Crossing, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A place where somebody else takes the scheduler over.

    Attributes:
        module: the file.
        node: the dict that it stands in, the call that it is given to, the list or tuple that is returned.
        role: under which key or keyword, where there is one.
    """

    module: Module
    node: cst.CSTNode
    role: str = ""


@dataclass(slots=True)
class Flow:
    """What becomes of a scheduler.

    Attributes:
        steps: where it is stepped.
        birth: what is around its construction, and around the calls through which it was handed up.
        held: the dicts, lists and calls that it was put into.
        prepared: the calls that wrapped it.
        lost: why it may be stepped elsewhere too; empty where it is not.
        altered: whether attributes of it are set: its count among them, or its ``step``.
    """

    steps: list[Step] = field(default_factory=list)
    birth: set[cst.CSTNode] = field(default_factory=set)
    held: list[Held] = field(default_factory=list)
    prepared: list[Crossing] = field(default_factory=list)
    lost: str = ""
    altered: bool = False


def flow_of(construction: Construction, evaluator: Evaluator) -> Flow:
    """Follows a scheduler from its construction."""
    follower = _Follower(evaluator)
    follower.flow.birth.update(construction.path)
    follower.value(construction.module, construction.call, _Where())
    follower.add_makers(construction.module, construction.call)
    return follower.flow


@dataclass(frozen=True, slots=True)
class _Where:
    """Where in a value the scheduler is, and how it got into the function.

    Attributes:
        crossings: the calls by which it came, outermost first.
        at: the index or key of the item that it is; None where it is the value itself, or any of its items.
    """

    crossings: tuple[Crossing, ...] = ()
    at: int | str | None = None

    def itself(self) -> _Where:
        """The same for the item by itself."""
        return _Where(self.crossings)

    def item(self, at: int | str | None) -> _Where:
        """The same for a container with the scheduler at a place."""
        return _Where(self.crossings, at)


class _Follower:
    def __init__(self, evaluator: Evaluator) -> None:
        self.flow = Flow()
        self._evaluator = evaluator
        self._known: set[tuple[str, Binding, cst.CSTNode | None, int | str | None]] = set()
        self._seen: set[tuple[cst.CSTNode, int | str | None]] = set()
        self._stepped: set[cst.CSTNode] = set()

    def add_makers(self, module: Module, node: cst.CSTNode) -> None:
        """What is around the calls that lead to a place counts as around the construction."""
        for _ in range(_LONGEST_WAY):
            function = function_of(module.path_to(node))
            if not isinstance(function, cst.FunctionDef):
                return
            callers = list(callers_of(module, function, self._evaluator))
            for each in callers:
                self.flow.birth.update(each.module.path_to(each.call))
            if len(callers) != 1:
                return
            module, node = callers[0].module, callers[0].call

    def value(self, module: Module, node: cst.CSTNode, where: _Where) -> None:
        """What becomes of the value of an expression that is the scheduler, or holds it."""
        if (node, where.at) in self._seen or self.flow.lost:
            return
        self._seen.add((node, where.at))
        path = module.path_to(node)
        parent = path[-1] if path else None
        if isinstance(parent, cst.Attribute) and parent.value is node:
            self._member(module, parent, path, where)
        elif isinstance(parent, (cst.Assign, cst.AnnAssign, cst.NamedExpr)) and parent.value is node:
            targets = [each.target for each in parent.targets] if isinstance(parent, cst.Assign) else [parent.target]
            for target in targets:
                self._target(module, target, where)
        elif isinstance(parent, cst.Arg) and isinstance(path[-2], cst.Call):
            self._argument(module, parent, path[-2], where)
        elif isinstance(parent, (cst.Element, cst.DictElement)):
            self._element(module, parent, path[-2], where)
        elif isinstance(parent, (cst.IfExp, cst.BooleanOperation, cst.StarredElement)):
            if not (isinstance(parent, cst.IfExp) and parent.test is node):
                self.value(module, parent, where)
        elif isinstance(parent, cst.Subscript) and parent.value is node:
            self._part(module, parent, where)
        elif isinstance(parent, cst.Return):
            self._result(module, parent, path, where)
        elif isinstance(parent, (cst.For, cst.CompFor)) and parent.iter is node:
            self._target(module, parent.target, where.itself())
        elif isinstance(parent, (cst.Yield, cst.Lambda, cst.From)):
            self.flow.lost = "it is handed on by a generator or a lambda"

    def _part(self, module: Module, part: cst.Subscript, where: _Where) -> None:
        """An item of what holds it: the scheduler, unless it is known to be at another place."""
        at = _constant_index(part)
        if where.at is None or at is None or at == where.at:
            self.value(module, part, where.itself())

    def _member(self, module: Module, member: cst.Attribute, path: Sequence[cst.CSTNode], where: _Where) -> None:
        """An attribute of it: a method that is called, or handed on."""
        name = member.attr.value
        call = path[-2] if len(path) > 1 else None
        if module.assigned_by(member) is not None:
            self.flow.altered = True
        elif isinstance(call, cst.Call) and call.func is member:
            if name in _CONTAINERS or (name == "get" and call.args):
                self.value(module, call, where.itself())
            elif name in _STEPS and where.at is None and call not in self._stepped:
                self._stepped.add(call)
                self.flow.steps.append(Step(module, call, where.crossings))
        elif name in _STEPS and where.at is None:
            self.flow.lost = "its step is handed on"

    def _target(self, module: Module, target: cst.CSTNode, where: _Where) -> None:
        if isinstance(target, (cst.Tuple, cst.List)):
            # Which of the targets it is may not be known; then each may be.
            for index, element in enumerate(target.elements):
                if where.at is None or index == where.at:
                    self._target(module, element.value, where.itself())
        elif isinstance(target, cst.Subscript):
            self._hold(module, target.value, where.item(_constant_index(target)))
        else:
            self._hold(module, target, where)

    def _hold(self, module: Module, target: cst.CSTNode, where: _Where) -> None:
        """A variable or attribute holds it from here on."""
        text = dotted_name(target)
        binding = None if text is None else module.scopes.resolve(text, target)
        if binding is None:
            if not (isinstance(target, cst.Name) and target.value == "_"):
                self.flow.lost = "what it is assigned to cannot be followed"
        elif isinstance(binding.scope, cst.ClassDef) and binding.name.startswith(f"{SELF}."):
            self._attribute(module, binding, where)
        elif "." in binding.name:
            # All attributes of that name in the file may be it, whatever the object is called.
            self._attributes_named(module, binding.name.rpartition(".")[2], None, where)
        else:
            self._variable(module, binding, where, target)

    def _variable(self, module: Module, binding: Binding, where: _Where, since: cst.CSTNode | None = None) -> None:
        """What is done with a variable that holds it."""
        key = (module.path, binding, since, where.at)
        if key in self._known:
            return
        self._known.add(key)
        if len(self._known) > _MOST_HOLDERS:
            self.flow.lost = "it is held by too many variables"
            return
        for node in module.scopes.uses(binding):
            if module.assigned_by(node) is None and not _is_replaced(module, binding, since, node):
                # A function that sees a variable of another scope is entered by calls that do not hand it over.
                seen_from_inside = function_of(module.path_to(node)) is binding.scope
                self.value(module, node, where if seen_from_inside else _Where(at=where.at))
        if isinstance(binding.scope, cst.Module):
            for other in self._evaluator.project.importing_modules(module, binding.name):
                if may_import(other, module) and _imports(other, binding.name):
                    self._variable(other, Binding(other.tree, binding.name), _Where(at=where.at))

    def _attribute(self, module: Module, binding: Binding, where: _Where) -> None:
        """An attribute of ``self``: in all methods of the class, of its bases and of classes that derive from it."""
        name = binding.name.partition(".")[2]
        key = (module.path, binding, None, where.at)
        if key in self._known:
            return
        self._known.add(key)
        scope = binding.scope
        if not isinstance(scope, cst.ClassDef) or "." in name:
            self.flow.lost = "the class that keeps it cannot be followed"
            return
        line = self._evaluator.line_of(module, scope)
        related = {cls for _, cls in line}
        modules = {home.path: home for home, _ in line}
        for other in self._evaluator.project.users(module, scope.name.value):
            modules.setdefault(other.path, other)
        for each in modules.values():
            classes = related | _derived(each, {cls.name.value for cls in related})
            self._attributes_named(each, name, classes, where)

    def _attributes_named(self, module: Module, name: str, classes: set[cst.ClassDef] | None, where: _Where) -> None:
        for node in attributes_of(module).get(name, ()):
            if module.assigned_by(node) is not None:
                continue
            if _is_self(node.value) and classes is not None:
                around = next((each for each in reversed(module.path_to(node)) if isinstance(each, cst.ClassDef)), None)
                if around not in classes:
                    continue
            self.value(module, node, _Where(at=where.at))

    def _argument(self, module: Module, argument: cst.Arg, call: cst.Call, where: _Where) -> None:
        name = last_name(call.func)
        at = next(index for index, each in enumerate(call.args) if each is argument)
        keyword = argument.keyword.value if argument.keyword is not None else ""
        if name in PREPARING:
            self.flow.prepared.append(Crossing(module, call))
            self.value(module, call, where.item(at if len(call.args) > 1 else None))
            return
        if name in _APPENDING and isinstance(call.func, cst.Attribute):
            self._hold(module, call.func.value, where.itself())
            return
        if name == "dict" and keyword:
            self.flow.held.append(Held(module, call, keyword))
            self.value(module, call, where.item(keyword))
            return
        if name in _CONTAINERS:
            self.value(module, call, where.itself())
            return
        self.flow.held.append(Held(module, call, keyword))
        if name in _HARMLESS or not _KEEPING.isdisjoint(words_of(name)):
            return
        if name in BUILT_IN.adopting:
            self.value(module, call, where.itself())
            return
        if dotted_name(call.func) in ENGINE_MAKERS:
            self.value(module, call, where.item(0))
            return
        entered = self._evaluator.definition_of(module, call)
        parameter = None if entered is None else parameter_of(*entered, call, at, keyword)
        if entered is None or parameter is None:
            self.flow.lost = f"it is handed to `{code_of(call.func)}`"
            return
        crossings = (*where.crossings, Crossing(module, call))
        if len(crossings) <= _LONGEST_WAY:
            self._variable(entered[0], Binding(entered[1], parameter), _Where(crossings, where.at))

    def _element(
        self, module: Module, element: cst.Element | cst.DictElement, container: cst.CSTNode, where: _Where
    ) -> None:
        """An item of a list, tuple or dict that is written down."""
        if isinstance(element, cst.DictElement):
            role = text_of(element.key) or ""
            self.flow.held.append(Held(module, container, role))
            self.value(module, container, where.item(role or None))
            return
        self.flow.held.append(Held(module, container))
        elements = getattr(container, "elements", ())
        index = next((at for at, each in enumerate(elements) if each is element), None)
        self.value(module, container, where.item(index))

    def _result(self, module: Module, statement: cst.Return, path: Sequence[cst.CSTNode], where: _Where) -> None:
        function = function_of(path)
        if not isinstance(function, cst.FunctionDef):
            return
        self.flow.held.append(Held(module, statement))
        crossings = where.crossings
        callers = [crossings[-1]] if crossings else list(callers_of(module, function, self._evaluator))
        for caller in callers:
            self.flow.birth.update(caller.module.path_to(caller.call))
            self.value(caller.module, caller.call, _Where(crossings[:-1], where.at))


def _constant_index(part: cst.Subscript) -> int | str | None:
    """The index or key of an item, where that is written."""
    index = part.slice[0].slice if len(part.slice) == 1 else None
    value = index.value if isinstance(index, cst.Index) else None
    if isinstance(value, (cst.SimpleString, cst.Integer)):
        constant = value.evaluated_value
        return constant if isinstance(constant, (int, str)) else None
    return None


def _is_replaced(module: Module, binding: Binding, since: cst.CSTNode | None, use: cst.CSTNode) -> bool:
    """Whether the variable holds something else by then: another assignment lies between, on every way to the use."""
    if since is None:
        return False
    if not module.is_before(since, use):
        # Another turn of a loop, or another function, may come to it later.
        return function_of(module.path_to(use)) is function_of(module.path_to(since)) and not _share_a_loop(
            module, since, use
        )
    around = module.path_to(use)
    for node in module.scopes.binders(binding):
        if node is since or not (module.is_before(since, node) and module.is_before(node, use)):
            continue
        block = next((each for each in reversed(module.path_to(node)) if isinstance(each, BLOCKS)), None)
        statement = next((each for each in module.path_to(node) if isinstance(each, cst.SimpleStatementLine)), None)
        if block in around and statement not in around:
            return True
    return False


def _share_a_loop(module: Module, first: cst.CSTNode, second: cst.CSTNode) -> bool:
    return any(isinstance(node, LOOPS) and node in module.path_to(second) for node in module.path_to(first))


def _is_self(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Name) and node.value == SELF


def _derived(module: Module, names: set[str]) -> set[cst.ClassDef]:
    """The classes of a file that derive from one of some classes, by their names."""
    found: set[cst.ClassDef] = set()
    for definition in module.scopes.index.definitions:
        if isinstance(definition, cst.ClassDef) and (
            definition.name.value in names or any(last_name(base.value) in names for base in definition.bases)
        ):
            found.add(definition)
    return found


def attributes_of(module: Module) -> dict[str, list[cst.Attribute]]:
    """The attributes in a file, of whatever object, by their names."""
    known: dict[str, list[cst.Attribute]] | None = module.memo.get("attributes by name")
    if known is None:
        known = {}
        for node in module.scopes.index.nodes:
            if isinstance(node, cst.Attribute):
                known.setdefault(node.attr.value, []).append(node)
        module.memo["attributes by name"] = known
    return known


def parameter_of(module: Module, function: cst.FunctionDef, call: cst.Call, at: int, keyword: str) -> str | None:
    """The parameter that gets an argument of a call; None where that cannot be told."""
    names = [each.name.value for each in parameters_of(function.params)]
    if keyword:
        return keyword if keyword in names else None
    if any(each.star for each in call.args[:at]) or call.args[at].star:
        return None
    positional = [*function.params.posonly_params, *function.params.params]
    static = any(last_name(each.decorator) == "staticmethod" for each in function.decorators)
    index = at + (_class_of(module, function) is not None and not static)
    return positional[index].name.value if index < len(positional) else None


def _class_of(module: Module, function: cst.FunctionDef) -> cst.ClassDef | None:
    """The class that a function is a method of; None where it is none."""
    path = reversed(module.path_to(function))
    around = next((each for each in path if isinstance(each, (cst.ClassDef, cst.FunctionDef))), None)
    return around if isinstance(around, cst.ClassDef) else None


def callers_of(module: Module, function: cst.FunctionDef, evaluator: Evaluator) -> Iterator[Crossing]:
    """The calls of a function or method in the project, as far as names and what they stand for tell."""
    owner = _class_of(module, function)
    name = function.name.value
    if name == CONSTRUCTOR and owner is not None:
        name = owner.name.value
    elif name in {"forward", "__call__"}:
        return
    bases = [] if owner is None else [home for home, _ in evaluator.line_of(module, owner)]
    others = evaluator.project.users(module, owner.name.value if owner is not None else name)
    homes = {each.path: each for each in (module, *others, *bases)}
    for home in homes.values():
        for call in home.calls().get(name, ()):
            if function not in home.path_to(call) and _may_call(home, call, function, owner, module, evaluator):
                yield Crossing(home, call)


def _may_call(
    home: Module,
    call: cst.Call,
    function: cst.FunctionDef,
    owner: cst.ClassDef | None,
    module: Module,
    evaluator: Evaluator,
) -> bool:
    if owner is None or function.name.value == CONSTRUCTOR:
        if isinstance(call.func, cst.Name) and home is module:
            return module.scopes.resolve(call.func.value, call) == module.scopes.resolve(
                call.func.value, owner if owner is not None else function
            )
        return isinstance(call.func, (cst.Name, cst.Attribute)) and not _is_self(getattr(call.func, "value", call))
    if not isinstance(call.func, cst.Attribute):
        return False
    if _is_self(call.func.value):
        around = next((each for each in reversed(home.path_to(call)) if isinstance(each, cst.ClassDef)), None)
        return around is not None and (around is owner or _are_related(around, owner))
    entered = evaluator.definition_of(home, call)
    return entered is not None and entered[1] is function


def _are_related(one: cst.ClassDef, other: cst.ClassDef) -> bool:
    names = {one.name.value, *(last_name(base.value) for base in one.bases)}
    return not names.isdisjoint({other.name.value, *(last_name(base.value) for base in other.bases)})


def _imports(module: Module, name: str) -> bool:
    """Whether a file imports something by a name."""
    return any(
        isinstance(alias, cst.ImportAlias) and last_name(alias.name) == name
        for statement in module.scopes.index.nodes
        if isinstance(statement, cst.ImportFrom) and not isinstance(statement.names, cst.ImportStar)
        for alias in statement.names
    )
