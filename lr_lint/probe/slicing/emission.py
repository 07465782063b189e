"""From the kept statements of a file to a program that runs by itself.

The program is a syntax tree with the places of the user's file. It speaks to the child process through one name,
`HELPER`: what cannot be run is replaced by a call of one of its methods (see `lr_lint.probe.child.slices.helper`).
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from lr_lint.probe.slicing.effects import FUNCTIONS, SELF, effects_of, imported_names, last_name, target_names
from lr_lint.probe.slicing.file_index import Function, is_static
from lr_lint.probe.slicing.fragments import (
    adds_option,
    assumptions_of,
    bound_by_header,
    cannot_fail,
    changed_attributes,
    command_options,
    defaults_of,
    gives_up,
    is_passed_through,
    keeps_hyperparameters,
    kept_decorators,
)
from lr_lint.probe.slicing.roles import Role, is_withheld
from lr_lint.probe.slicing.route import Leg, is_optimizer
from lr_lint.probe.slicing.slicer import SITE, Slice
from lr_lint.semantics.libraries.torch_optimizers import DEFAULT_LRS

_Node = TypeVar("_Node", bound=ast.AST)

HELPER = "__lr_lint__"
# Arguments of torch's optimizers that the rates do not depend on (torch.optim, torch 2.13.0).
_HYPERPARAMETERS = frozenset(
    "momentum dampening weight_decay nesterov betas eps alpha rho amsgrad centered momentum_decay lambd lr_decay "
    "initial_accumulator_value etas".split()
)
_RECEIVED = "__lr_lint_self__"
_ERROR = "__lr_lint_error__"


@dataclass
class Program:
    """What runs a slice.

    Attributes:
        tree: its code.
        optimizers: the parameters that have to be given an optimizer, each with its function.
        notes: sentences on how its functions are entered.
    """

    tree: ast.Module
    optimizers: list[tuple[str, str]]
    notes: list[str]


def program_of(found: Slice, optimizer_name: str) -> Program:
    """The program that runs a slice.

    Args:
        found: what is kept.
        optimizer_name: the name that the construction gives to its scheduler as the optimizer; empty if it is none.
    """
    emitter = _Emitter(found, optimizer_name)
    body = emitter.scope(found.index.tree)
    tree = ast.fix_missing_locations(ast.Module(body, []))
    return Program(tree, emitter.optimizers, [leg.chosen for leg in found.legs if leg.chosen] + emitter.notes)


def wanted_optimizer(name: str, function: str) -> str:
    """Why an optimizer is missing, with what would help."""
    return f"{name} is a parameter of {function}: probe the script with --run, or --set {name}.lr=0.1"


class _Emitter:
    def __init__(self, found: Slice, optimizer_name: str) -> None:
        self._slice = found
        self._index = found.index
        self._optimizer_name = optimizer_name
        self.optimizers: list[tuple[str, str]] = []
        self.notes: list[str] = []

    # Scopes.

    def scope(self, scope: ast.Module | Function) -> list[ast.stmt]:
        """The statements of a module or function."""
        leg = self._slice.leg(scope)
        guarded = leg is not None and not leg.whole
        block = self._block(scope.body, scope, leg if guarded else None, guarded)
        if leg is not None and leg.target is None:
            block += self._entry(leg)
        future = [node for node in block if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
        rest = [node for node in block if node not in future]
        stand_ins = [
            self._at(ast.Assign([ast.Name(name, ast.Store())], self._stand_in(name, role, scope)), scope)
            for name, role in sorted(self._slice.stand_ins.get(scope, {}).items())
        ]
        return [*future, *stand_ins, *rest] or [ast.Pass()]

    def _stand_in(self, name: str, role: Role, scope: ast.AST) -> ast.expr:
        maker = self._slice.makers.get(scope, {}).get(name) if role is Role.MODEL else None
        call = self._helper(role.value, ast.Constant(name))
        if maker is not None:
            call.args.append(_thunk(maker.func))
            call.args += [_thunk(argument) for argument in maker.args if not isinstance(argument, ast.Starred)]
            call.keywords = [ast.keyword(word.arg, _thunk(word.value)) for word in maker.keywords if word.arg]
        return call

    def _block(self, block: Sequence[ast.stmt], scope: ast.AST, leg: Leg | None, guarded: bool) -> list[ast.stmt]:
        result: list[ast.stmt] = []
        for statement in block:
            if leg is not None and statement in leg.path:
                return result + self._towards(statement, scope, leg)
            if statement not in self._slice.kept:
                continue
            emitted = self._statement(statement, scope)
            result += [self._guard(statement, emitted, scope)] if guarded and emitted else emitted
        return result

    def _towards(self, statement: ast.stmt, scope: ast.AST, leg: Leg) -> list[ast.stmt]:
        """A statement on the way: its block that leads on is run, whatever its conditions say."""
        if isinstance(statement, (ast.If, ast.While)):
            inside = any(part in leg.path for part in statement.body)
            block = statement.body if inside else statement.orelse
            return [self._check(statement, inside, scope), *self._block(block, scope, leg, True)]
        if isinstance(statement, (ast.For, ast.AsyncFor)):
            if not any(part in leg.path for part in statement.body):
                return self._block(statement.orelse, scope, leg, True)
            items = self._helper(
                "items", _thunk(self._pruned(statement.iter, scope)), ast.Constant(ast.unparse(statement.iter))
            )
            body = self._block(statement.body, scope, leg, True)
            return [ast.copy_location(ast.For(statement.target, items, body, []), statement)]
        if isinstance(statement, ast.Try):
            if any(part in leg.path for part in statement.body):
                return self._block(statement.body, scope, leg, True)
            handler = next((handler for handler in statement.handlers if handler in leg.path), None)
            if handler is not None:
                return self._block(handler.body, scope, leg, True)
            before = self._block(statement.body, scope, None, True)
            block = statement.orelse if any(part in leg.path for part in statement.orelse) else statement.finalbody
            return before + self._block(block, scope, leg, True)
        if isinstance(statement, (ast.With, ast.AsyncWith)):
            names = self._slice.wanted(scope)
            items_kept = [
                ast.withitem(self._pruned(item.context_expr, scope), item.optional_vars)
                for item in statement.items
                if item.optional_vars is not None and names & set(target_names(item.optional_vars))
            ]
            body = self._block(statement.body, scope, leg, True)
            return [ast.copy_location(ast.With(items_kept, body), statement)] if items_kept else body
        if isinstance(statement, ast.Match):
            case = next(case for case in statement.cases if case in leg.path or any(p in leg.path for p in case.body))
            return self._block(case.body, scope, leg, True)
        return self._run(leg)

    def _check(self, statement: ast.If | ast.While, expected: bool, scope: ast.AST) -> ast.stmt:
        """Asks whether the branch would have been taken, where all that its test reads is there."""
        test = self._pruned(statement.test, scope)
        assumed = assumptions_of(statement.test, expected)
        names: list[ast.expr | None] = [ast.Constant(name) for name in assumed]
        helper = self._helper(
            "check",
            _thunk(test),
            ast.Constant(expected),
            ast.Constant(statement.lineno),
            ast.Constant(ast.unparse(test)),
            ast.Dict(names, [ast.Constant(value) for value in assumed.values()]),
        )
        return ast.copy_location(ast.Expr(helper), statement)

    # The ends of legs.

    def _run(self, leg: Leg) -> list[ast.stmt]:
        """What takes the place of the statement that holds a leg's target."""
        assert leg.target is not None
        target = _constructing(self._pruned(leg.target, leg.scope))
        if leg.entered is None:
            return [self._at(ast.Expr(target), leg.target)]
        return [
            self._at(ast.Assign([ast.Name(_RECEIVED, ast.Store())], target), leg.target),
            *self._calls_on_received(leg),
        ]

    def _entry(self, leg: Leg) -> list[ast.stmt]:
        """The calls, made up at the end of a scope, that enter a function with supplied arguments."""
        function = leg.entered
        assert function is not None
        cls = leg.receiver
        if cls is None:
            return [self._at(ast.Expr(self._call(ast.Name(function.name, ast.Load()), function, 0)), function)]
        name = ast.Name(cls.name, ast.Load())
        if not self._slice.is_received(cls):
            start = self._index.method(cls, "__init__")
            made = self._call(name, start, 1) if start is not None else ast.Call(name, [], [])
            return [self._at(ast.Expr(made), function)]
        if is_static(function):
            return [self._at(ast.Expr(self._call(_attribute(name, function.name), function, 0)), function)]
        made = self._helper("instance", name)
        statements: list[ast.stmt] = [self._at(ast.Assign([ast.Name(_RECEIVED, ast.Store())], made), function)]
        start = self._index.method(cls, "__init__")
        if start is not None and start is not function:
            call = self._call(_attribute(ast.Name(_RECEIVED, ast.Load()), "__init__"), start, 1)
            statements.append(self._attempt([self._at(ast.Expr(call), start)], [], start, self._attributes(start)))
        return [*statements, *self._calls_on_received(leg)]

    def _calls_on_received(self, leg: Leg) -> list[ast.stmt]:
        assert leg.entered is not None
        assert leg.receiver is not None
        calls: list[ast.stmt] = []
        received = ast.Name(_RECEIVED, ast.Load())
        for method in self._slice.preparations.get(leg.receiver, []):
            call = self._call(_attribute(received, method.name), method, 1)
            calls.append(self._attempt([self._at(ast.Expr(call), method)], [], method, self._attributes(method)))
        call = self._call(_attribute(received, leg.entered.name), leg.entered, 1)
        return [*calls, self._at(ast.Expr(call), leg.entered)]

    def _attributes(self, method: Function) -> list[ast.Attribute]:
        """What a method sets on the made-up instance."""
        received = ast.Name(_RECEIVED, ast.Load())
        names = sorted(self._index.attributes_set(method))
        return [ast.Attribute(received, name, ast.Store()) for name in names]

    def _call(self, callee: ast.expr, function: Function, skipped: int) -> ast.expr:
        """A call with arguments that the child process supplies, for the parameters that are needed."""
        positional: list[ast.expr] = []
        keywords: list[ast.keyword] = []
        options = command_options(function)
        starred = {argument.arg for argument in (function.args.vararg, function.args.kwarg) if argument is not None}
        pairs = defaults_of(function.args)[skipped:]
        for at, (parameter, default) in enumerate(pairs):
            name = parameter.arg
            wanted = self._slice.is_wanted(function, name) and name not in starred
            kind = "optimizer" if is_optimizer(name, self._optimizer_name) else "value"
            value: ast.expr = ast.Constant(None)
            if wanted and kind == "optimizer":
                self.optimizers.append((name, function.name))
            if wanted:
                has_default = default is not None and not (kind == "optimizer" and _is_none(default))
                given = options.get(name) or (default if has_default else None)
                thunk = [_thunk(given)] if name in options or has_default else []
                note = f"no call of {function.name} decides its arguments: it runs with its defaults"
                if thunk and note not in self.notes:
                    self.notes.append(note)
                value = self._helper(
                    "parameter", ast.Constant(name), ast.Constant(function.name), ast.Constant(kind), *thunk
                )
            elif default is not None:
                continue
            if at + skipped < len(function.args.posonlyargs):
                positional.append(value)
            else:
                keywords.append(ast.keyword(name, value))
        return ast.Call(callee, list(positional), keywords)

    # Statements.

    def _statement(self, statement: ast.stmt, scope: ast.AST) -> list[ast.stmt]:
        if isinstance(statement, FUNCTIONS):
            return [self._function(statement, scope)]
        if isinstance(statement, ast.ClassDef):
            return [self._class(statement, scope)]
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            return self._import(statement)
        if isinstance(statement, (ast.If, ast.While)):
            test = self._pruned(statement.test, scope)
            body, orelse = self._inner(statement.body, scope), self._inner(statement.orelse, scope)
            return [ast.copy_location(type(statement)(test, body or [ast.Pass()], orelse), statement)]
        if isinstance(statement, (ast.For, ast.AsyncFor)):
            loop = ast.For(
                statement.target,
                self._pruned(statement.iter, scope),
                self._inner(statement.body, scope) or [ast.Pass()],
                self._inner(statement.orelse, scope),
            )
            return [ast.copy_location(loop, statement)]
        if isinstance(statement, (ast.With, ast.AsyncWith)):
            items = [
                ast.withitem(self._pruned(item.context_expr, scope), item.optional_vars) for item in statement.items
            ]
            body = self._inner(statement.body, scope) or [ast.Pass()]
            return [ast.copy_location(ast.With(items, body), statement)]
        if isinstance(statement, ast.Try):
            return [self._try(statement, scope)]
        if isinstance(statement, ast.Match):
            cases = [
                ast.match_case(case.pattern, case.guard, self._inner(case.body, scope) or [ast.Pass()])
                for case in statement.cases
            ]
            return [ast.copy_location(ast.Match(self._pruned(statement.subject, scope), cases), statement)]
        return [self._simple(statement, scope)]

    def _inner(self, block: Sequence[ast.stmt], scope: ast.AST) -> list[ast.stmt]:
        return self._block(block, scope, None, False)

    def _try(self, statement: ast.Try, scope: ast.AST) -> ast.stmt:
        handlers = [
            ast.copy_location(
                ast.ExceptHandler(handler.type, handler.name, self._inner(handler.body, scope) or [ast.Pass()]), handler
            )
            for handler in statement.handlers
        ]
        made = ast.Try(
            self._inner(statement.body, scope) or [ast.Pass()],
            handlers,
            self._inner(statement.orelse, scope) if handlers else [],
            self._inner(statement.finalbody, scope),
        )
        if not made.handlers and not made.finalbody:
            made.finalbody = [ast.Pass()]
        return ast.copy_location(made, statement)

    def _simple(self, statement: ast.stmt, scope: ast.AST) -> ast.stmt:
        made = self._pruned(statement, scope)
        value = getattr(made, "value", None)
        if isinstance(made, ast.AnnAssign) and not isinstance(scope, ast.ClassDef) and made.value is not None:
            made = ast.copy_location(ast.Assign([made.target], made.value), statement)
        if isinstance(made, ast.Assign) and isinstance(value, ast.Call):
            names = [name for target in made.targets for name in target_names(target)]
            if is_withheld(value) and names:
                shown: ast.expr = ast.Constant(names[0])
                if isinstance(made.targets[0], (ast.Tuple, ast.List)):
                    shown = ast.Tuple([ast.Constant(name) for name in names], ast.Load())
                made.value = self._helper("withheld", shown, _text(value))
            elif is_passed_through(made, value):
                return ast.copy_location(ast.Pass(), statement)
        if isinstance(made, ast.Assign) and not isinstance(made.value, (ast.Tuple, ast.List)):
            self._unpack(made)
        if isinstance(value, ast.Call) and keeps_hyperparameters(made):
            kept = self._helper("hparams", ast.Call(ast.Name("locals", ast.Load()), [], []), *value.args)
            target = ast.Attribute(ast.Name(SELF, ast.Load()), "hparams", ast.Store())
            return ast.copy_location(ast.Assign([target], kept), statement)
        return _constructing(made)

    def _unpack(self, assignment: ast.Assign) -> None:
        """Gives names to the parts of what is not known."""
        target = assignment.targets[0]
        if isinstance(target, ast.Tuple) and not any(isinstance(element, ast.Starred) for element in target.elts):
            names = [ast.Constant(ast.unparse(element)) for element in target.elts]
            assignment.value = self._helper("unpack", assignment.value, *names)
        elif isinstance(assignment.value, ast.Call) and target_names(target) and len(assignment.targets) == 1:
            assignment.value = self._helper("named", ast.Constant(target_names(target)[0]), assignment.value)

    def _import(self, statement: ast.Import | ast.ImportFrom) -> list[ast.stmt]:
        if isinstance(statement, ast.ImportFrom):
            if statement.module == "__future__":
                return [statement]
            if any(alias.name == "*" for alias in statement.names):
                variables = ast.Call(ast.Name("globals", ast.Load()), [], [])
                module, level = ast.Constant(statement.module or ""), ast.Constant(statement.level)
                return [self._at(ast.Expr(self._helper("import_star", module, level, variables)), statement)]
        replace = ast.Constant(not self._has_fallback(statement))
        wanted = self._slice.wanted(self._index.scope_of(statement))
        made: list[ast.stmt] = []
        for alias, name in zip(statement.names, imported_names(statement), strict=True):
            if name not in wanted:
                continue
            if isinstance(statement, ast.Import):
                call = self._helper(
                    "import_module", ast.Constant(alias.name), ast.Constant(alias.asname is not None), replace
                )
            else:
                call = self._helper(
                    "import_from",
                    ast.Constant(statement.module or ""),
                    ast.Constant(statement.level),
                    ast.Constant(alias.name),
                    replace,
                )
            made.append(self._at(ast.Assign([ast.Name(name, ast.Store())], call), statement))
        return made

    def _has_fallback(self, statement: ast.stmt) -> bool:
        """Whether the code goes on by itself where an import fails: ``try: import apex`` with a way out."""
        inner: ast.AST = statement
        for ancestor in self._index.ancestors(statement):
            if isinstance(ancestor, ast.Try) and inner in ancestor.body:
                return not all(gives_up(handler) for handler in ancestor.handlers)
            inner = ancestor
        return False

    def _function(self, function: Function, scope: ast.AST) -> ast.stmt:
        arguments = function.args
        made = ast.arguments(
            posonlyargs=[ast.arg(parameter.arg) for parameter in arguments.posonlyargs],
            args=[ast.arg(parameter.arg) for parameter in arguments.args],
            vararg=ast.arg(arguments.vararg.arg) if arguments.vararg else None,
            kwonlyargs=[ast.arg(parameter.arg) for parameter in arguments.kwonlyargs],
            kw_defaults=[],
            kwarg=ast.arg(arguments.kwarg.arg) if arguments.kwarg else None,
            defaults=[],
        )
        keyword_only = set(arguments.kwonlyargs)
        for parameter, default in defaults_of(arguments):
            value = default
            if value is not None and not self._slice.is_wanted(function, parameter.arg):
                value = ast.Constant(None)
            if parameter in keyword_only:
                made.kw_defaults.append(value)
            elif value is not None:
                made.defaults.append(value)
        body = self.scope(function)
        decorators = [self._pruned(decorator, scope) for decorator in kept_decorators(function, self._slice.index)]
        if self._slice.leg(function) is not None:
            decorators = [
                decorator for decorator in decorators if last_name(decorator) in {"staticmethod", "classmethod"}
            ]
        node: ast.stmt
        if isinstance(function, ast.AsyncFunctionDef) and self._slice.leg(function) is None:
            node = ast.AsyncFunctionDef(function.name, made, body, decorators)
        else:
            node = _Synchronous().visit(ast.FunctionDef(function.name, made, body, decorators))
        return self._at(_generic(node, function), function)

    def _class(self, cls: ast.ClassDef, scope: ast.AST) -> ast.stmt:
        received = self._slice.is_received(cls)
        bases = [
            self._pruned(base, scope)
            for base in cls.bases
            if not (received and (self._slice.is_replaced_base(base) or last_name(base) == "object"))
        ]
        if received:
            bases.insert(0, ast.Attribute(ast.Name(HELPER, ast.Load()), "Receiver", ast.Load()))
        body = self._inner(cls.body, cls) or [ast.Pass()]
        decorators = [self._pruned(decorator, scope) for decorator in kept_decorators(cls, self._slice.index)]
        made = ast.ClassDef(cls.name, bases, cls.keywords, body, decorators)
        return self._at(_generic(made, cls), cls)

    # Guards.

    def _guard(self, statement: ast.stmt, emitted: list[ast.stmt], scope: ast.AST) -> ast.stmt:
        if len(emitted) == 1 and cannot_fail(emitted[0]):
            return emitted[0]
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
            return statement
        effects = effects_of(*emitted, *bound_by_header(statement))
        parts = changed_attributes(statement)
        names = set(effects.binds)
        if not parts and not adds_option(statement):
            # The values that a statement changes cannot be trusted when it fails.
            names |= (effects.touches | effects.passes) - self._index.library_names
        own = self._index.locals(scope)
        # To bind a name of an outer scope would make it a local one.
        names = {name for name in names if name in own or name.startswith(f"{SELF}.")}
        return self._attempt(emitted, sorted(names - {HELPER, _ERROR, SELF}), statement, parts)

    def _attempt(
        self, body: list[ast.stmt], names: list[str], place: ast.AST, parts: Sequence[ast.Attribute] = ()
    ) -> ast.stmt:
        """Runs statements; where they fail, what they bind or change is lost, and the slice goes on without it."""
        error, line = ast.Name(_ERROR, ast.Load()), ast.Constant(getattr(place, "lineno", 0))
        lost = self._helper("lost", error, line, *(ast.Constant(name) for name in names))
        targets: list[ast.stmt] = [
            ast.Expr(
                self._helper("spoil", error, line, part.value, ast.Constant(part.attr), ast.Constant(_shown(part)))
            )
            for part in parts
        ]
        if names:
            targets.append(ast.Assign([ast.Tuple([_store(name) for name in names], ast.Store())], lost))
        if not targets:
            targets = [ast.Expr(lost)]
        failures = ast.Attribute(ast.Name(HELPER, ast.Load()), "failures", ast.Load())
        handler = ast.ExceptHandler(failures, _ERROR, targets)
        return self._at(ast.Try(body, [handler], [], []), place)

    # Small parts.

    def _pruned(self, node: _Node, scope: ast.AST) -> _Node:
        return self._slice.pruned(node, scope)

    @staticmethod
    def _helper(name: str, *arguments: ast.expr) -> ast.Call:
        return ast.Call(ast.Attribute(ast.Name(HELPER, ast.Load()), name, ast.Load()), list(arguments), [])

    @staticmethod
    def _at(node: ast.stmt, place: ast.AST) -> ast.stmt:
        line = getattr(place, "lineno", 1)
        node.lineno, node.col_offset = line, getattr(place, "col_offset", 0)
        node.end_lineno, node.end_col_offset = line, node.col_offset
        return node


class _Constructing(ast.NodeTransformer):
    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if last_name(node.func) in DEFAULT_LRS:
            _relax_hyperparameters(node)
        if not getattr(node, SITE, False):
            return node
        construct = ast.Attribute(ast.Name(HELPER, ast.Load()), "construct", ast.Load())
        return ast.copy_location(ast.Call(construct, [node.func, *node.args], node.keywords), node)


def _relax_hyperparameters(call: ast.Call) -> None:
    """Leaves out of an optimizer's construction what is not known and bears on no rate."""
    relaxed = [word for word in call.keywords if word.arg in _HYPERPARAMETERS]
    if not all(isinstance(word.value, ast.Constant) for word in relaxed):
        kept = ast.Attribute(ast.Name(HELPER, ast.Load()), "hyperparameters", ast.Load())
        known = ast.Call(kept, [], [ast.keyword(word.arg, _thunk(word.value)) for word in relaxed])
        call.keywords = [*(word for word in call.keywords if word not in relaxed), ast.keyword(None, known)]


def _constructing(node: _Node) -> _Node:
    """The node with the construction of the scheduler, and what optimizers are given, going through the helper."""
    made: _Node = _Constructing().visit(node)
    return made


class _Synchronous(ast.NodeTransformer):
    """Drops ``await``: on the way to a construction nothing is waited for."""

    def visit_Await(self, node: ast.Await) -> ast.AST:
        return self.generic_visit(node.value)


def _generic(made: ast.stmt, original: ast.AST) -> ast.stmt:
    """The definition with the type parameters of the original; Python 3.12 and later have them."""
    if "type_params" in made._fields:
        setattr(made, "type_params", getattr(original, "type_params", []))  # noqa: B010
    return made


def _thunk(expression: ast.expr | None) -> ast.expr:
    empty = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    return ast.Lambda(empty, expression if expression is not None else ast.Constant(None))


def _attribute(value: ast.expr, name: str) -> ast.expr:
    return ast.Attribute(value, name, ast.Load())


def _store(name: str) -> ast.expr:
    first, _, rest = name.partition(".")
    return ast.Attribute(ast.Name(first, ast.Load()), rest, ast.Store()) if rest else ast.Name(first, ast.Store())


def _shown(part: ast.Attribute) -> str:
    return ast.unparse(part).replace(_RECEIVED, SELF)


def _text(node: ast.expr) -> ast.Constant:
    return ast.Constant(ast.unparse(node.func) if isinstance(node, ast.Call) else ast.unparse(node))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
