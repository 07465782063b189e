"""Running statements, functions and classes, whole or sliced.

Whole bodies run for functions that are called. Everything else runs sliced: only the statements that bear on the
names in question, up to the construction in question.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.project.bindings import (
    SELF,
    Module,
    body_of,
    parameters_of,
    relevant_names,
    star_imports,
)
from lr_lint.project.imports import Project
from lr_lint.semantics import library_calls, optimizers
from lr_lint.semantics.expressions import (
    AUGMENTED,
    assume,
    bind_target,
    call_arguments,
    defaults_of,
    defer,
    evaluate,
    force,
    iterate,
    operate,
    truth,
)
from lr_lint.semantics.values import (
    NOTHING,
    Anchor,
    Bound,
    ClassValue,
    External,
    Frame,
    Function,
    Horizons,
    Instance,
    Invocation,
    Items,
    Known,
    Method,
    ModuleValue,
    Opaque,
    Optimizer,
    Parser,
    Partial,
    Raised,
    SuperValue,
    Table,
    Value,
    World,
    arguments_key,
    child_key,
    key_of,
)
from lr_lint.source.tree import dotted_name
from lr_lint.vocabulary.quantities import Basis, Key, Quantity

_DEEPEST_CALL = 24
_DEEPEST_CALLER = 3
_LONGEST_LOOP = 20_000
# Before a construction, long loops load and print; those that build lists of groups are short.
_LONGEST_SLICED_LOOP = 64


class Ending(enum.Enum):
    """How a block of statements can end other than by running out."""

    RETURN = "return"
    BREAK = "break"
    CONTINUE = "continue"


@dataclass(frozen=True, slots=True)
class Completion:
    """The end of a block: how, with which value, from which returned expression."""

    ending: Ending
    value: Value = NOTHING
    place: Anchor | None = None


_BREAK = Completion(Ending.BREAK)
_CONTINUE = Completion(Ending.CONTINUE)


def new_world(horizons: Horizons, project: Project) -> World:
    """A world with the interpreter plugged in."""
    return World(horizons, call=call, member=member, module_value=module_value, find=project.find)


# Statements


def run_block(
    statements: Sequence[cst.CSTNode], frame: Frame, relevant: frozenset[str] | None = None
) -> Completion | None:
    """Runs statements in order, those that bear on ``relevant`` only where that is given."""
    for statement in statements:
        if relevant is not None and relevant.isdisjoint(frame.module.facts(statement).affects):
            continue
        completion = run_statement(statement, frame, relevant)
        if completion is not None:
            return completion
    return None


def run_statement(statement: cst.CSTNode, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    """Runs one statement."""
    frame.world.spend()
    if isinstance(statement, cst.SimpleStatementLine):
        return run_block(statement.body, frame, relevant)
    runner = _RUNNERS.get(type(statement))
    return runner(statement, frame, relevant) if runner is not None else None


def _run_assign(node: cst.Assign, frame: Frame, relevant: frozenset[str] | None) -> None:
    single = len(node.targets) == 1 and isinstance(node.targets[0].target, (cst.Name, cst.Attribute))
    if relevant is not None and single and isinstance(node.value, cst.Call):
        bind_target(node.targets[0].target, defer(node.value, frame), frame)
        return
    value = evaluate(node.value, frame)
    for target in node.targets:
        bind_target(target.target, value, frame)


def _run_annotated_assign(node: cst.AnnAssign, frame: Frame, relevant: frozenset[str] | None) -> None:
    if node.value is not None:
        bind_target(node.target, evaluate(node.value, frame), frame)


def _run_augmented_assign(node: cst.AugAssign, frame: Frame, relevant: frozenset[str] | None) -> None:
    left, right = evaluate(node.target, frame), evaluate(node.value, frame)
    operator = AUGMENTED.get(type(node.operator))
    if operator is None:
        bind_target(node.target, Opaque("the operator is not interpreted"), frame)
        return
    if operator is cst.Add and isinstance(left, Items):
        library_calls.call_method(Method(left, "extend"), [right], {}, frame, Anchor(frame.module, node))
        return
    bind_target(node.target, operate(operator, left, right, node, frame), frame)


def _run_return(node: cst.Return, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    if relevant is not None:
        return None
    if node.value is None:
        return Completion(Ending.RETURN)
    value = evaluate(node.value, frame)
    return Completion(Ending.RETURN, value, Anchor(frame.module, node.value))


def _run_expression(node: cst.Expr, frame: Frame, relevant: frozenset[str] | None) -> None:
    if isinstance(node.value, cst.Yield):
        _run_yield(node.value, frame)
    else:
        evaluate(node.value, frame)


def _run_yield(node: cst.Yield, frame: Frame) -> None:
    produced = frame.names.setdefault("<yielded>", Items([], "list", open=True))
    if not isinstance(produced, Items) or node.value is None:
        return
    if isinstance(node.value, cst.From):
        items, _ = iterate(evaluate(node.value.item, frame), frame)
        produced.values.extend(items)
    else:
        produced.values.append(evaluate(node.value, frame))


def _run_raise(node: cst.Raise, frame: Frame, relevant: frozenset[str] | None) -> None:
    if relevant is None:
        kind = node.exc.func if isinstance(node.exc, cst.Call) else node.exc
        raise Raised((dotted_name(kind) or "Exception").rpartition(".")[2], Basis.DEFAULT)


def _run_break(node: cst.Break, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    return _BREAK if relevant is None else None


def _run_continue(node: cst.Continue, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    return _CONTINUE if relevant is None else None


def _run_delete(node: cst.Del, frame: Frame, relevant: frozenset[str] | None) -> None:
    if isinstance(node.target, cst.Name):
        frame.names.pop(node.target.value, None)


def _run_if(node: cst.If, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    if truth(evaluate(node.test, frame), frame, node.test):
        return run_block(node.body.body, frame, relevant)
    if isinstance(node.orelse, cst.If):
        return _run_if(node.orelse, frame, relevant)
    return run_block(node.orelse.body.body, frame, relevant) if node.orelse is not None else None


def _run_for(node: cst.For, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    items, _ = iterate(evaluate(node.iter, frame), frame)
    for item in items[: _LONGEST_LOOP if relevant is None else _LONGEST_SLICED_LOOP]:
        frame.world.spend()
        bind_target(node.target, item, frame)
        completion = run_block(node.body.body, frame, relevant)
        if completion is not None and completion.ending is Ending.BREAK:
            return None
        if completion is not None and completion.ending is Ending.RETURN:
            return completion
    return run_block(node.orelse.body.body, frame, relevant) if node.orelse is not None else None


def _run_while(node: cst.While, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    for _ in range(_LONGEST_LOOP):
        test = evaluate(node.test, frame)
        if not truth(test, frame, node.test):
            break
        completion = run_block(node.body.body, frame, relevant)
        if completion is not None and completion.ending is Ending.BREAK:
            return None
        if completion is not None and completion.ending is Ending.RETURN:
            return completion
        if not _is_settled(test):
            # Nothing here decides how often the loop turns; once shows what it does.
            return None
    return run_block(node.orelse.body.body, frame, relevant) if node.orelse is not None else None


def _is_settled(value: Value) -> bool:
    return isinstance(value, Known) or (
        isinstance(value, Quantity) and value.number is not None and value.basis is Basis.PROVED
    )


def _run_with(node: cst.With, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    _bind_contexts(node, frame)
    return run_block(node.body.body, frame, relevant)


def _bind_contexts(node: cst.With, frame: Frame) -> None:
    for item in node.items:
        if item.asname is not None and isinstance(item.asname.name, cst.BaseExpression):
            key = ("node", id(item))
            bind_target(item.asname.name, Opaque("a context manager gave it", key), frame)


def _run_try(node: cst.Try, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    try:
        completion = run_block(node.body.body, frame, relevant)
    except Raised as raised:
        handler = next((handler for handler in node.handlers if _handles(handler, raised)), None)
        if handler is None:
            raise
        completion = run_block(handler.body.body, frame, relevant)
    else:
        if completion is None and node.orelse is not None:
            completion = run_block(node.orelse.body.body, frame, relevant)
    if node.finalbody is not None:
        return run_block(node.finalbody.body.body, frame, relevant) or completion
    return completion


def _handles(handler: cst.ExceptHandler, raised: Raised) -> bool:
    kinds = handler.type.elements if isinstance(handler.type, cst.Tuple) else ()
    names = [dotted_name(kind.value) for kind in kinds] if kinds else [dotted_name(handler.type)]
    general = {None, "Exception", "BaseException", "ArithmeticError", raised.kind}
    return handler.type is None or any(name in general for name in names)


def _run_definition(node: cst.FunctionDef, frame: Frame, relevant: frozenset[str] | None) -> None:
    defaults = defaults_of(node.params, frame)
    owner = frame.owner if isinstance(frame.scope, cst.ClassDef) else None
    function = Function(node, frame, defaults, owner)
    # Decorators that replace a schedule function are rare, those that pass it through common.
    frame.names[node.name.value] = function


def _run_class(node: cst.ClassDef, frame: Frame, relevant: frozenset[str] | None) -> None:
    frame.names[node.name.value] = ClassValue(node, frame)


def _run_import(node: cst.Import, frame: Frame, relevant: frozenset[str] | None) -> None:
    for alias in node.names:
        dotted = dotted_name(alias.name) or ""
        if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
            frame.names[alias.asname.name.value] = imported_module(dotted, frame)
        else:
            top = dotted.partition(".")[0]
            frame.names[top] = imported_module(top, frame)


def _run_import_from(node: cst.ImportFrom, frame: Frame, relevant: frozenset[str] | None) -> None:
    if isinstance(node.names, cst.ImportStar):
        return
    package = "." * len(node.relative) + (dotted_name(node.module) or "")
    for alias in node.names:
        name = dotted_name(alias.name) or ""
        bound = alias.asname.name.value if alias.asname and isinstance(alias.asname.name, cst.Name) else name
        if relevant is None or bound in relevant:
            frame.names[bound] = imported_name(package, name, frame)


def imported_module(dotted: str, frame: Frame) -> Value:
    """A module by its name: the project's own where it has it."""
    module = frame.world.find(frame.module, dotted)
    return External(dotted) if module is None else ModuleValue(module, dotted)


def imported_name(package: str, name: str, frame: Frame) -> Value:
    """``from package import name``: a name in the project's module, a submodule, or a library's."""
    separator = "" if package.endswith(".") or not package else "."
    module = frame.world.find(frame.module, package)
    if module is not None:
        return _module_member(ModuleValue(module, package), name, frame)
    return imported_module(f"{package}{separator}{name}", frame)


def _module_member(value: ModuleValue, name: str, frame: Frame) -> Value:
    module, world = value.module, frame.world
    if name in module.locals_of(module.tree):
        return module_value(module, name, world)
    for source in star_imports(module.tree):
        package = "." * len(source.relative) + (dotted_name(source.module) or "")
        star = world.find(module, package)
        place = ("star", module.path, package, name)
        if star is not None and place not in world.running:
            world.running.add(place)
            found = _module_member(ModuleValue(star, package), name, frame)
            world.running.discard(place)
            if not isinstance(found, Opaque):
                return found
    submodule = world.find(module, f".{name}") if module.path.endswith("__init__.py") else None
    if submodule is not None:
        return ModuleValue(submodule, f"{value.name}.{name}")
    return Opaque(f"{value.name} does not define it", ("global", module.path, name), name)


def _run_match(node: cst.Match, frame: Frame, relevant: frozenset[str] | None) -> Completion | None:
    subject = evaluate(node.subject, frame)
    for case in node.cases:
        if _matches(case.pattern, subject, case, frame):
            return run_block(case.body.body, frame, relevant)
    return None


def _matches(pattern: cst.MatchPattern, subject: Value, case: cst.MatchCase, frame: Frame) -> bool:
    if isinstance(pattern, cst.MatchAs) and pattern.pattern is None and case.guard is None:
        if pattern.name is not None:
            frame.names[pattern.name.value] = subject
        return True
    if isinstance(pattern, cst.MatchOr):
        return any(_matches(part.pattern, subject, case, frame) for part in pattern.patterns)
    if isinstance(pattern, cst.MatchValue) and isinstance(subject, Known):
        constant = evaluate(pattern.value, frame)
        if isinstance(constant, Known):
            return bool(constant.value == subject.value)
    subject_key = key_of(subject)
    if isinstance(pattern, cst.MatchValue) and subject_key is not None:
        constant_key = key_of(evaluate(pattern.value, frame))
        if constant_key is not None:
            return frame.world.decide(("compare", "==", subject_key, constant_key))
    return frame.world.decide(("node", id(pattern)))


def _run_nothing(node: cst.CSTNode, frame: Frame, relevant: frozenset[str] | None) -> None:
    return None


_RUNNERS = {
    cst.Assign: _run_assign,
    cst.AnnAssign: _run_annotated_assign,
    cst.AugAssign: _run_augmented_assign,
    cst.Return: _run_return,
    cst.Expr: _run_expression,
    cst.Raise: _run_raise,
    cst.Break: _run_break,
    cst.Continue: _run_continue,
    cst.Del: _run_delete,
    cst.If: _run_if,
    cst.For: _run_for,
    cst.While: _run_while,
    cst.With: _run_with,
    cst.Try: _run_try,
    cst.FunctionDef: _run_definition,
    cst.ClassDef: _run_class,
    cst.Import: _run_import,
    cst.ImportFrom: _run_import_from,
    cst.Match: _run_match,
    cst.Pass: _run_nothing,
    cst.Global: _run_nothing,
    cst.Nonlocal: _run_nothing,
    cst.Assert: _run_nothing,
}


# Slices


def module_frame(module: Module, world: World) -> Frame:
    """The frame of a module's own names in a world."""
    frame = world.module_frames.get(module.path)
    if frame is None:
        frame = world.module_frames[module.path] = Frame(module, module.tree, None, world)
    return frame


def module_value(module: Module, name: str, world: World) -> Value:
    """The value of a module-level name once the module has run, or the builtin of that name."""
    if name == "__name__":
        return Known("__main__")
    frame = module_frame(module, world)
    place = (module.path, name)
    if place in world.globals:
        return world.globals[place]
    if name not in module.locals_of(module.tree):
        return _not_bound_here(module, name, frame)
    if place in world.running:
        return Opaque("its definition needs itself", ("global", *place), name)
    world.running.add(place)
    try:
        relevant = relevant_names(module, module.tree.body, frozenset({name}))
        run_block(module.tree.body, frame, relevant)
    except Raised as raised:
        frame.names.setdefault(name, Opaque(f"the module raises {raised.kind}", ("global", *place), name))
    finally:
        world.running.discard(place)
    value = frame.names.get(name)
    if value is None:
        value = Opaque("it is not assigned on this path", ("global", *place), name)
    elif isinstance(value, Opaque) and value.key is None:
        value = Opaque(value.reason, ("global", *place), name, value.default, value.invocation, value.parameters)
    world.globals[place] = value
    return value


def _not_bound_here(module: Module, name: str, frame: Frame) -> Value:
    known = library_calls.builtin(name)
    if known is not None:
        return known
    if star_imports(module.tree):
        found = _module_member(ModuleValue(module, module.path), name, frame)
        if not isinstance(found, Opaque):
            return found
    packages = [dotted_name(node.module) for node in star_imports(module.tree) if not node.relative]
    if len(packages) == 1:
        return External(f"{packages[0]}.{name}")
    for package in packages:
        if package is not None and package.startswith("torch."):
            return External(f"{package}.{name}")
    return Opaque(f"{name} is not defined in this file", ("undefined", module.path, name), name)


def run_until(statements: Sequence[cst.CSTNode], frame: Frame, relevant: frozenset[str], path: frozenset[int]) -> bool:
    """Runs the relevant statements up to the one on the path, and into it; whether it was there."""
    for statement in statements:
        if id(statement) in path:
            _enter(statement, frame, relevant, path)
            return True
        if not relevant.isdisjoint(frame.module.facts(statement).affects):
            try:
                run_statement(statement, frame, relevant)
            except Raised:
                # The code under check went on from here, or the construction would not be reached.
                continue
    return False


def _enter(statement: cst.CSTNode, frame: Frame, relevant: frozenset[str], path: frozenset[int]) -> None:
    if isinstance(statement, cst.SimpleStatementLine):
        run_until(statement.body, frame, relevant, path)
    elif isinstance(statement, cst.If):
        if id(statement.body) in path:
            assume(statement.test, True, frame)
            run_until(statement.body.body, frame, relevant, path)
        elif statement.orelse is not None and id(statement.orelse) in path:
            assume(statement.test, False, frame)
            if isinstance(statement.orelse, cst.If):
                _enter(statement.orelse, frame, relevant, path)
            else:
                run_until(statement.orelse.body.body, frame, relevant, path)
    elif isinstance(statement, cst.For):
        items, _ = iterate(evaluate(statement.iter, frame), frame)
        bind_target(statement.target, items[0] if items else Opaque("the loop may not run"), frame)
        _enter_blocks(statement, frame, relevant, path)
    else:
        if isinstance(statement, cst.With):
            _bind_contexts(statement, frame)
        _enter_blocks(statement, frame, relevant, path)


def _enter_blocks(statement: cst.CSTNode, frame: Frame, relevant: frozenset[str], path: frozenset[int]) -> None:
    """Goes on in whichever block of a compound statement the path leads to."""
    if isinstance(statement, (cst.FunctionDef, cst.ClassDef)):
        return
    body = getattr(statement, "body", None)
    if isinstance(body, (cst.IndentedBlock, cst.SimpleStatementSuite)):
        if id(body) in path:
            run_until(body.body, frame, relevant, path)
            return
        if isinstance(statement, (cst.Try, cst.TryStar)):
            run_block(body.body, frame, relevant)
    parts = [
        *getattr(statement, "handlers", ()),
        *getattr(statement, "cases", ()),
        getattr(statement, "orelse", None),
        getattr(statement, "finalbody", None),
    ]
    for part in parts:
        if part is not None and id(part) in path:
            run_until(part.body.body, frame, relevant, path)


def frame_at(module: Module, node: cst.CSTNode, ancestors: Sequence[cst.CSTNode], world: World, depth: int = 0) -> Frame:
    """The frame in which a node is evaluated, with the statements before it run as far as it needs them.

    Parameters of the functions around it are bound from the one call of the function in the file, where there is one;
    else they are unknown.
    """
    frame = module_frame(module, world)
    scopes = [at for at, ancestor in enumerate(ancestors) if isinstance(ancestor, _SCOPES)]
    owner: ClassValue | None = None
    outer: cst.CSTNode = module.tree
    for order, at in enumerate(scopes):
        scope = ancestors[at]
        if isinstance(scope, cst.ClassDef):
            owner = ClassValue(scope, frame)
            continue
        if outer is not module.tree:
            _run_towards(frame, outer, scope, ancestors)
        frame = _scope_frame(scope, frame, owner, ancestors[:at], depth)
        outer = scope
        owner = None
    if owner is not None:
        frame = _class_frame(owner)
    _run_towards(frame, outer, node, ancestors)
    return frame


_COMPREHENSIONS = (cst.ListComp, cst.GeneratorExp, cst.SetComp, cst.DictComp)
_SCOPES = (cst.ClassDef, cst.FunctionDef, cst.Lambda, *_COMPREHENSIONS)


def _run_towards(frame: Frame, scope: cst.CSTNode, node: cst.CSTNode, ancestors: Sequence[cst.CSTNode]) -> None:
    statements = body_of(scope)
    if not statements:
        return
    path = frozenset(id(ancestor) for ancestor in ancestors)
    wanted = frame.module.facts(node).reads
    relevant = relevant_names(frame.module, statements, wanted)
    if isinstance(node, (cst.FunctionDef, cst.Lambda)):
        # A nested function sees what its variables hold when it runs, not when it is defined.
        run_until(statements, frame, relevant, path)
        if isinstance(node, cst.FunctionDef):
            after = [statement for statement in statements if id(statement) not in path]
            _run_rest(after, frame, relevant)
        return
    run_until(statements, frame, relevant, path)


def _run_rest(statements: Sequence[cst.CSTNode], frame: Frame, relevant: frozenset[str]) -> None:
    unbound = frozenset(name for name in relevant if name not in frame.names)
    try:
        run_block(statements, frame, unbound)
    except Raised:
        return


def _scope_frame(
    scope: cst.CSTNode, parent: Frame, owner: ClassValue | None, ancestors: Sequence[cst.CSTNode], depth: int
) -> Frame:
    frame = Frame(parent.module, scope, parent, parent.world, receiver=parent.receiver, owner=owner or parent.owner)
    if isinstance(scope, _COMPREHENSIONS):
        _bind_comprehension(scope.for_in, frame)
    elif isinstance(scope, cst.Lambda):
        for param in parameters_of(scope.params):
            frame.names[param.name.value] = symbolic_parameter(scope, param, frame)
    elif isinstance(scope, cst.FunctionDef):
        _bind_symbolically(scope, frame, owner, ancestors, depth)
    return frame


def _bind_comprehension(loop: cst.CompFor, frame: Frame) -> None:
    items, _ = iterate(evaluate(loop.iter, frame), frame)
    bind_target(loop.target, items[0] if items else Opaque("the loop may not run"), frame)
    if loop.inner_for_in is not None:
        _bind_comprehension(loop.inner_for_in, frame)


def _bind_symbolically(
    scope: cst.FunctionDef, frame: Frame, owner: ClassValue | None, ancestors: Sequence[cst.CSTNode], depth: int
) -> None:
    parameters = list(parameters_of(scope.params))
    receiver: Value | None = None
    if owner is not None and not _is_decorated(scope, "staticmethod") and parameters:
        receiver = owner if _is_decorated(scope, "classmethod") else symbolic_instance(owner)
        frame.receiver = receiver
    for param in parameters:
        frame.names[param.name.value] = symbolic_parameter(scope, param, frame)
    if receiver is not None:
        frame.names[parameters[0].name.value] = receiver
    arguments = _arguments_of_only_call(scope, owner, frame, depth)
    if arguments is not None:
        frame.names.update(arguments)


def _arguments_of_only_call(
    scope: cst.FunctionDef, owner: ClassValue | None, frame: Frame, depth: int
) -> dict[str, Value] | None:
    """The arguments of the function's only call in the file, by parameter; None where there is no such call."""
    if depth >= _DEEPEST_CALLER:
        return None
    module = frame.module
    calls = [
        node
        for node in module.calls().get(scope.name.value, ())
        if isinstance(node.func, cst.Name) is (owner is None) and scope not in module.path_to(node)
    ]
    if len(calls) != 1 or ("caller", id(scope)) in frame.world.running:
        return None
    node = calls[0]
    if owner is not None and dotted_name(node.func) != f"{SELF}.{scope.name.value}":
        return None
    frame.world.running.add(("caller", id(scope)))
    try:
        caller = frame_at(module, node, module.path_to(node), frame.world, depth + 1)
        arguments, keywords, exact = call_arguments(node, caller)
        if not exact:
            return None
        function = Function(scope, frame.parent or frame, defaults_of(scope.params, frame.parent or frame), owner)
        first = [frame.receiver] if owner is not None and frame.receiver is not None else []
        return bind_arguments(function, [*first, *arguments], keywords)
    except Raised:
        return None
    finally:
        frame.world.running.discard(("caller", id(scope)))


def symbolic_parameter(scope: cst.CSTNode, param: cst.Param, frame: Frame) -> Value:
    """A parameter about which only the signature speaks."""
    name = param.name.value
    key: Key = ("parameter", id(scope), name)
    default = None
    outside = frame.parent or frame
    if param.default is not None:
        default = evaluate(param.default, outside)
        if isinstance(default, Known) and default.value is None:
            default = None
    if param.annotation is not None and isinstance(param.annotation.annotation, (cst.Name, cst.Attribute)):
        annotated = evaluate(param.annotation.annotation, outside)
        if isinstance(annotated, ClassValue):
            return Instance(annotated, key, symbolic=True)
    if isinstance(default, (Function, ClassValue, Partial)):
        return default
    return Opaque("it is a parameter", key, name, default=default)


def symbolic_instance(cls: ClassValue) -> Instance:
    """``self`` in a method of an object that somebody else made."""
    frame = cls.frame
    known = frame.world.globals.get(("self", str(id(cls.node))))
    if isinstance(known, Instance):
        return known
    instance = Instance(cls, ("self", id(cls.node)), symbolic=True)
    frame.world.globals[("self", str(id(cls.node)))] = instance
    return instance


# Calls


def call(callee: Value, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame) -> Value:
    """The result of calling anything."""
    callee = force(callee)
    if isinstance(callee, Function):
        return call_function(callee, arguments, keywords, anchor, frame)
    if isinstance(callee, Bound):
        return call_function(callee.function, [callee.receiver, *arguments], keywords, anchor, frame)
    if isinstance(callee, Partial):
        merged = {**dict(callee.keywords), **keywords}
        return call(callee.function, [*callee.arguments, *arguments], merged, anchor, frame)
    if isinstance(callee, ClassValue):
        return instantiate(callee, arguments, keywords, anchor, frame)
    if isinstance(callee, Instance):
        method = member(callee, "__call__", frame)
        if isinstance(method, Bound):
            return call(method, arguments, keywords, anchor, frame)
    if isinstance(callee, Method):
        if callee.name in optimizers.PARAMETER_METHODS:
            return _parameters(callee, arguments, keywords, anchor)
        arguments, keywords = [force(value) for value in arguments], {key: force(v) for key, v in keywords.items()}
        result = library_calls.call_method(callee, arguments, keywords, frame, anchor)
        return result if result is not None else _unknown_result(callee, arguments, keywords, anchor)
    if isinstance(callee, External):
        return _call_external(callee, arguments, keywords, anchor, frame)
    if isinstance(callee, Opaque) and callee.name in optimizers.PARAMETER_METHODS:
        return _parameters(callee, arguments, keywords, anchor)
    return _unknown_result(callee, arguments, keywords, anchor)


def _call_external(
    callee: External, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame
) -> Value:
    if callee.name == "builtins.super":
        receiver, owner = _method_context(frame)
        if receiver is not None and owner is not None:
            return SuperValue(receiver, owner)
    if callee.name in optimizers.MODEL_WRAPPERS and arguments:
        return arguments[0]
    if callee.name in library_calls.FUNCTIONS or optimizers.library_class(callee.name) is not None:
        arguments, keywords = [force(value) for value in arguments], {key: force(v) for key, v in keywords.items()}
    optimizer = optimizers.construct(callee, arguments, keywords, anchor)
    if optimizer is not None:
        return optimizer
    if callee.name == "builtins.map" and len(arguments) == 2:
        items, is_open = iterate(force(arguments[1]), frame)
        return Items([call(arguments[0], [item], {}, anchor, frame) for item in items], "list", is_open)
    result = library_calls.call_external(callee.name, arguments, keywords, frame, anchor)
    return result if result is not None else _unknown_result(callee, arguments, keywords, anchor)


def _method_context(frame: Frame) -> tuple[Value | None, ClassValue | None]:
    return frame.receiver, frame.owner


def _parameters(callee: Value, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor) -> Opaque:
    return Opaque(
        "it is a model's parameters",
        ("node", id(anchor.node)),
        invocation=_invocation(callee, arguments, keywords, anchor),
        parameters=True,
    )


def _unknown_result(callee: Value, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor) -> Opaque:
    for argument in (*arguments, *keywords.values()):
        # Whoever is given a container may fill it.
        if isinstance(argument, (Items, Table)) and not isinstance(callee, External):
            argument.open = True
    passed = arguments_key(arguments, keywords)
    varies = any(isinstance(value, Quantity) and value.varies for value in (*arguments, *keywords.values()))
    key = ("call", id(anchor.node), passed) if passed is not None and not varies else None
    return Opaque(
        f"what {_name_of(callee)} returns is not known",
        key,
        invocation=_invocation(callee, arguments, keywords, anchor),
    )


def _invocation(callee: Value, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor) -> Invocation:
    return Invocation(callee, tuple(arguments), tuple(keywords.items()), anchor)


def _name_of(callee: Value) -> str:
    if isinstance(callee, External):
        return callee.name.removeprefix("builtins.")
    if isinstance(callee, (Opaque, Method)) and callee.name:
        return callee.name
    return "the call"


def call_function(
    function: Function, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame
) -> Value:
    """The result of calling a function of the code under check."""
    return run_function(function, arguments, keywords, frame).value


def run_function(
    function: Function, arguments: list[Value], keywords: dict[str, Value], caller: Frame
) -> Completion:
    """Runs a function and tells what it returned from where.

    Raises:
        Raised: what the function raises; TypeError when the arguments do not fit its signature.
    """
    world = caller.world
    if caller.depth >= _DEEPEST_CALL:
        return Completion(Ending.RETURN, Opaque("the calls nest too deeply"))
    world.spend()
    scope = function.node
    frame = Frame(function.frame.module, scope, function.frame, world, depth=caller.depth + 1)
    frame.names.update(bind_arguments(function, arguments, keywords))
    frame.receiver, frame.owner = function.frame.receiver, function.owner or function.frame.owner
    if function.owner is not None and arguments:
        frame.receiver = arguments[0]
    if isinstance(scope, cst.Lambda):
        return Completion(Ending.RETURN, evaluate(scope.body, frame), Anchor(frame.module, scope.body))
    completion = run_block(scope.body.body, frame)
    if "<yielded>" in frame.names:
        return Completion(Ending.RETURN, frame.names["<yielded>"])
    return completion if completion is not None else Completion(Ending.RETURN)


def bind_arguments(function: Function, arguments: Sequence[Value], keywords: dict[str, Value]) -> dict[str, Value]:
    """The arguments by parameter name.

    Raises:
        Raised: TypeError when they do not fit the signature.
    """
    parameters = function.node.params
    names: dict[str, Value] = {}
    given = dict(keywords)
    more = given.pop("**", None)
    positional = [param.name.value for param in (*parameters.posonly_params, *parameters.params)]
    for name, value in zip(positional, arguments, strict=False):
        names[name] = value
    rest = list(arguments[len(positional) :])
    if isinstance(parameters.star_arg, cst.Param):
        names[parameters.star_arg.name.value] = Items(rest, "tuple")
    elif rest:
        raise Raised("TypeError")
    keyword_only = [param.name.value for param in parameters.kwonly_params]
    for name in (*positional, *keyword_only):
        if name in names:
            if name in given:
                raise Raised("TypeError")
        elif name in given:
            names[name] = given.pop(name)
        elif name in function.defaults:
            names[name] = function.defaults[name]
        elif more is not None:
            names[name] = Opaque("it is a parameter", ("parameter", id(function.node), name), name)
        else:
            raise Raised("TypeError")
    if parameters.star_kwarg is not None:
        extra: dict[object, Value] = dict(given)
        names[parameters.star_kwarg.name.value] = Table(extra, open=more is not None)
    elif given:
        raise Raised("TypeError")
    return names


# Classes


def instantiate(
    cls: ClassValue, arguments: list[Value], keywords: dict[str, Value], anchor: Anchor, frame: Frame
) -> Value:
    """A new object of a class of the code under check. Its ``__init__`` runs when an attribute is asked for."""
    key = ("object", id(anchor.node), arguments_key(arguments, keywords))
    return Instance(cls, key, tuple(arguments), tuple(keywords.items()), anchor=anchor)


def bases_of(cls: ClassValue) -> Iterator[Value]:
    """The base classes, evaluated where the class is defined."""
    for base in cls.node.bases:
        try:
            yield evaluate(base.value, cls.frame)
        except Raised:
            continue


def ancestry(cls: ClassValue) -> Iterator[ClassValue]:
    """The class and its bases in the code under check, depth first; cycles survive."""
    seen: set[int] = set()
    stack = [cls]
    while stack:
        current = stack.pop()
        if id(current.node) in seen:
            continue
        seen.add(id(current.node))
        yield current
        stack.extend(reversed([base for base in bases_of(current) if isinstance(base, ClassValue)]))


def external_bases(cls: ClassValue) -> Iterator[External]:
    """The library classes that a class derives from, at any depth."""
    for current in ancestry(cls):
        yield from (base for base in bases_of(current) if isinstance(base, External))


def find_method(cls: ClassValue, name: str) -> tuple[cst.FunctionDef, ClassValue] | None:
    """A method by name, from the class or the nearest base that defines it."""
    for current in ancestry(cls):
        for statement in current.node.body.body:
            if isinstance(statement, cst.FunctionDef) and statement.name.value == name:
                return statement, current
    return None


def _is_decorated(function: cst.FunctionDef, *names: str) -> bool:
    return any((dotted_name(decorator.decorator) or "").rpartition(".")[2] in names for decorator in function.decorators)


def method_function(node: cst.FunctionDef, owner: ClassValue) -> Function:
    """A method as a function that knows its class."""
    return Function(node, owner.frame, defaults_of(node.params, owner.frame), owner)


def member(value: Value, name: str, frame: Frame) -> Value:
    """``value.name``."""
    if isinstance(value, External):
        return _external_member(value, name, frame)
    if isinstance(value, ModuleValue):
        return _module_member(value, name, frame)
    if isinstance(value, Instance):
        return instance_attribute(value, name, frame)
    if isinstance(value, ClassValue):
        return _class_attribute(value, name) or Opaque("the class has no such attribute", None, name)
    if isinstance(value, SuperValue):
        return _inherited(value, name)
    if isinstance(value, Table):
        return _table_attribute(value, name)
    if isinstance(value, Optimizer):
        return _optimizer_attribute(value, name)
    if isinstance(value, Opaque):
        return _opaque_attribute(value, name)
    if isinstance(value, (Items, Known, Quantity, Parser)):
        return Method(value, name)
    return Opaque("the attribute is not known", None, name)


def _external_member(value: External, name: str, frame: Frame) -> Value:
    dotted = f"{value.name}.{name}"
    constant = library_calls.CONSTANTS.get(dotted)
    # A package without __init__.py is no module itself, but its modules are.
    return Quantity(constant) if constant is not None else imported_module(dotted, frame)


def _table_attribute(value: Table, name: str) -> Value:
    if name in value.entries and value.key is not None:
        return value.entries[name]
    if value.key is not None and value.open:
        return Opaque("the option is not declared where it can be read", (value.key, "attribute", name), name)
    return Method(value, name)


def _optimizer_attribute(value: Optimizer, name: str) -> Value:
    if name == "param_groups":
        return optimizers.group_views(value)
    if name == "defaults":
        return optimizers.defaults_view(value)
    return Opaque("it is a part of the optimizer", None, name)


def _opaque_attribute(value: Opaque, name: str) -> Value:
    default = None
    if isinstance(value.default, (Table, Instance)):
        known = value.default.entries if isinstance(value.default, Table) else value.default.attributes
        default = known.get(name)
    key = child_key(value.key, "attribute", name)
    return Opaque(value.reason, key, name, default=default)


def _inherited(value: SuperValue, name: str) -> Value:
    for base in bases_of(value.owner):
        if isinstance(base, ClassValue):
            found = find_method(base, name)
            if found is not None:
                return Bound(method_function(*found), value.receiver)
    return Opaque("the base class is not known", None, name)


def _class_attribute(cls: ClassValue, name: str) -> Value | None:
    for current in ancestry(cls):
        if name in current.frame.module.locals_of(current.node):
            value = _class_frame(current).names.get(name)
            if isinstance(value, Function) and _is_decorated_function(value, "classmethod"):
                return Bound(value, cls)
            return value
    return None


def _is_decorated_function(function: Function, name: str) -> bool:
    return isinstance(function.node, cst.FunctionDef) and _is_decorated(function.node, name)


def _class_frame(cls: ClassValue) -> Frame:
    """The names that the class body binds."""
    world = cls.frame.world
    place = ("class", str(id(cls.node)))
    frame = world.module_frames.get("/".join(place))
    if frame is None:
        frame = Frame(cls.frame.module, cls.node, cls.frame, world, owner=cls)
        world.module_frames["/".join(place)] = frame
        try:
            run_block(cls.node.body.body, frame, cls.frame.module.locals_of(cls.node))
        except Raised:
            return frame
    return frame


def instance_attribute(instance: Instance, name: str, frame: Frame) -> Value:
    """An attribute of an object: set before, a method, assigned in a method, a class variable, or unknown."""
    if name in instance.attributes:
        return instance.attributes[name]
    found = find_method(instance.cls, name)
    if found is not None:
        return _bound_method(instance, found, frame)
    if name not in instance.asked:
        instance.asked.add(name)
        _run_assignments(instance, name, frame)
        if name in instance.attributes:
            return instance.attributes[name]
    default = _class_attribute(instance.cls, name)
    given = dict(instance.keywords)
    if name in given:
        return given[name]
    key: Key = (instance.key, "attribute", name)
    if default is not None and not isinstance(default, (Quantity, Known)):
        return default
    if default is not None and not instance.symbolic and "**" not in given:
        return default
    return Opaque("the attribute is set elsewhere", key, name, default=default)


def _bound_method(instance: Instance, found: tuple[cst.FunctionDef, ClassValue], frame: Frame) -> Value:
    node, owner = found
    function = method_function(node, owner)
    if _is_decorated(node, "staticmethod"):
        return Function(node, owner.frame, function.defaults)
    if _is_decorated(node, "classmethod"):
        return Bound(function, instance.cls)
    bound = Bound(function, instance)
    if _is_decorated(node, "property", "cached_property"):
        return call(bound, [], {}, Anchor(owner.frame.module, node), frame)
    return bound


def _run_assignments(instance: Instance, name: str, frame: Frame) -> None:
    """Runs what the methods of the class assign to an attribute; ``__init__`` speaks first."""
    target = f"{SELF}.{name}"
    for cls in ancestry(instance.cls):
        module = cls.frame.module
        methods = [statement for statement in cls.node.body.body if isinstance(statement, cst.FunctionDef)]
        methods.sort(key=lambda method: method.name.value != "__init__")
        for method in methods:
            affected = [module.facts(statement).binds for statement in method.body.body]
            if any(target in names for names in affected):
                _run_method_slice(instance, method, cls, target, frame)
                if name in instance.attributes:
                    return


def _run_method_slice(
    instance: Instance, method: cst.FunctionDef, cls: ClassValue, target: str, caller: Frame
) -> None:
    module, world = cls.frame.module, cls.frame.world
    place = ("method", id(method), id(instance), target)
    if place in world.running or caller.depth >= _DEEPEST_CALL:
        return
    world.running.add(place)
    frame = Frame(module, method, cls.frame, world, receiver=instance, owner=cls, depth=caller.depth + 1)
    try:
        frame.names.update(_method_arguments(instance, method, cls, frame))
        relevant = relevant_names(module, method.body.body, frozenset({target}))
        run_block(method.body.body, frame, relevant)
    except Raised:
        return
    finally:
        world.running.discard(place)


def _method_arguments(
    instance: Instance, method: cst.FunctionDef, cls: ClassValue, frame: Frame
) -> dict[str, Value]:
    parameters = list(parameters_of(method.params))
    names = {param.name.value: symbolic_parameter(method, param, frame) for param in parameters}
    made_here = method.name.value == "__init__" and not instance.symbolic and cls.node is instance.cls.node
    if made_here:
        function = method_function(method, cls)
        try:
            names.update(bind_arguments(function, [instance, *instance.arguments], dict(instance.keywords)))
        except Raised:
            made_here = False
    if parameters:
        names[parameters[0].name.value] = instance
    return names

