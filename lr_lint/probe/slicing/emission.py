"""From the kept statements of a file to a program that runs by itself.

The program is text, with the line of the user's file for each of its lines. It speaks to the child process through one
name, `HELPER`: what cannot be run is replaced by a call of one of its methods, and what may fail is guarded. What the
child does to the program in turn is in `lr_lint.probe.child.slices.programs`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from lr_lint.probe.slicing.definitions import Scope, block_of, blocks_in
from lr_lint.probe.slicing.entries import Entries
from lr_lint.probe.slicing.fragments import (
    adds_option,
    assumptions_of,
    bound_by_header,
    cannot_fail,
    changed_attributes,
    given_whole,
    is_attribute_of_self,
    kept_decorators,
)
from lr_lint.probe.slicing.lines import Line, attempted, helper, indented
from lr_lint.probe.slicing.protocol import HELPER, RECEIVED
from lr_lint.probe.slicing.roles import Role
from lr_lint.probe.slicing.route import Leg
from lr_lint.probe.slicing.slicer import Slice
from lr_lint.project.binders import SELF, import_binders, target_names
from lr_lint.project.effects import call_of_statement
from lr_lint.source.files import split_lines
from lr_lint.source.tree import code_of, last_name

_INDENT = "    "


@dataclass(frozen=True)
class Program:
    """What runs a slice.

    Attributes:
        code: its text.
        lines: for each line of it the one in the user's file.
        optimizers: the parameters that have to be given an optimizer, each with its function.
        notes: sentences on how its functions are entered.
    """

    code: str
    lines: list[int]
    optimizers: list[tuple[str, str]]
    notes: list[str]


def program_of(found: Slice, optimizer_name: str, line_of: Mapping[cst.CSTNode, int]) -> Program:
    """The program that runs a slice.

    Args:
        found: what is kept.
        optimizer_name: the name that the construction gives to its scheduler as the optimizer; empty if it is none.
        line_of: gives the lines of all that is kept.
    """
    emitter = _Emitter(found, optimizer_name, line_of)
    code: list[str] = []
    lines: list[int] = []
    for line in emitter.scope(found.module.tree):
        parts = split_lines(line.text)
        code += [_INDENT * line.depth + parts[0], *parts[1:]]
        lines += range(line.at, line.at + len(parts))
    chosen = [leg.chosen for leg in found.legs if leg.chosen]
    return Program("\n".join([*code, ""]), lines, emitter.entries.optimizers, chosen + emitter.entries.notes)


class _Emitter:
    def __init__(self, found: Slice, optimizer_name: str, line_of: Mapping[cst.CSTNode, int]) -> None:
        self._slice = found
        self._definitions = found.definitions
        self._module = found.module
        self._line_of = line_of
        self.entries = Entries(found, optimizer_name, self._code, self._at)

    # Scopes.

    def scope(self, scope: Scope) -> list[Line]:
        """The statements of a module or function."""
        leg = self._slice.leg(scope)
        guarded = leg is not None and not leg.whole
        lines = self._block(block_of(scope), scope, leg if guarded else None, guarded)
        if leg is not None and leg.target is None:
            lines += self.entries.entry(leg)
        future = [line for line in lines if line.text.startswith("from __future__ ")]
        at = self._at(scope)
        stand_ins = [
            Line(f"{name} = {self._stand_in(name, role, scope)}", at)
            for name, role in sorted(self._slice.stand_ins.get(scope, {}).items())
        ]
        return [*future, *stand_ins, *(line for line in lines if line not in future)] or [Line("pass", at)]

    def _stand_in(self, name: str, role: Role, scope: cst.CSTNode) -> str:
        maker = self._slice.makers.get(scope, {}).get(name) if role is Role.MODEL else None
        given: list[str] = []
        if maker is not None:
            given.append(self._thunk(maker.func))
            given += [_keyword(each) + self._thunk(each.value) for each in maker.args if not each.star]
        return helper(role.value, repr(name), *given)

    def _block(
        self, block: Iterable[cst.CSTNode], scope: Scope | cst.ClassDef, leg: Leg | None, guarded: bool
    ) -> list[Line]:
        lines: list[Line] = []
        for statement in block:
            if leg is not None and statement in leg.path:
                return lines + self._towards(statement, leg)
            if statement in self._slice.kept:
                emitted = self._statement(statement, scope)
                lines += self._guard(statement, emitted, scope) if guarded and emitted else emitted
        return lines

    def _inner(self, block: Iterable[cst.CSTNode], scope: Scope | cst.ClassDef) -> list[Line]:
        return indented(self._block(block, scope, None, False) or [Line("pass", 1)])

    def _towards(self, statement: cst.CSTNode, leg: Leg) -> list[Line]:
        """A statement on the way: its block that leads on is run, whatever its conditions say."""
        blocks = blocks_in(statement)
        on_the_way = next((block for block in blocks if not leg.path.isdisjoint(block)), None)
        if on_the_way is None:
            return self._run(leg)
        lines = self._block(on_the_way, leg.scope, leg, True)
        at = self._at(statement)
        if isinstance(statement, (cst.If, cst.While)):
            return [self._check(statement, on_the_way is blocks[0]), *lines]
        if isinstance(statement, cst.For) and on_the_way is blocks[0]:
            items = helper("items", self._thunk(statement.iter), repr(code_of(statement.iter)))
            return [Line(f"for {self._code(statement.target)} in {items}:", at), *indented(lines)]
        if isinstance(statement, cst.Try) and leg.path.isdisjoint((*blocks[0], *statement.handlers)):
            return self._block(blocks[0], leg.scope, None, True) + lines
        if isinstance(statement, cst.With):
            items = ", ".join(self._code(_alone(item)) for item in self._needed_contexts(statement, leg))
            return [Line(f"with {items}:", at), *indented(lines)] if items else lines
        return lines

    def _needed_contexts(self, statement: cst.With, leg: Leg) -> list[cst.WithItem]:
        return [
            item
            for item in statement.items
            if item.asname is not None
            and any(self._slice.needs.has(name.value, leg.scope) for name in target_names(item.asname.name))
        ]

    def _check(self, statement: cst.If | cst.While, expected: bool) -> Line:
        """Asks whether the branch would have been taken, where all that its test reads is there."""
        at = self._at(statement)
        assumed = assumptions_of(statement.test, expected)
        test = self._thunk(statement.test)
        return Line(helper("check", test, repr(expected), repr(at), repr(code_of(statement.test)), repr(assumed)), at)

    # The ends of legs.

    def _run(self, leg: Leg) -> list[Line]:
        """What takes the place of the statement that holds a leg's target."""
        assert leg.target is not None
        at = self._at(leg.target)
        code = self._code(leg.target, leg.scope)
        if leg.entered is None:
            return [Line(code, at)]
        return [Line(f"{RECEIVED} = {code}", at), *self.entries.calls_on_received(leg)]

    # Statements.

    def _statement(self, statement: cst.CSTNode, scope: Scope | cst.ClassDef) -> list[Line]:
        if isinstance(statement, cst.FunctionDef):
            return self._function(statement)
        if isinstance(statement, cst.ClassDef):
            return self._class(statement)
        if isinstance(statement, (cst.Import, cst.ImportFrom)):
            return self._import(statement, scope)
        if blocks_in(statement):
            return self._compound(statement, scope)
        return [Line(self._small(statement), self._at(statement))]

    def _compound(self, statement: cst.CSTNode, scope: Scope | cst.ClassDef) -> list[Line]:
        lines: list[Line] = []
        for header, block in self._parts(statement):
            lines += [Line(header, self._at(statement)), *self._inner(block, scope)]
        if isinstance(statement, cst.Match):
            lines = [Line(f"match {self._code(statement.subject)}:", self._at(statement)), *indented(lines)]
        return lines

    def _parts(self, statement: cst.CSTNode) -> list[tuple[str, list[cst.CSTNode]]]:
        """The blocks of a compound statement, each with the line before it."""
        blocks = blocks_in(statement)
        if isinstance(statement, cst.Match):
            guards = [f" if {self._code(case.guard)}" if case.guard is not None else "" for case in statement.cases]
            headers = [
                f"case {self._code(c.pattern)}{guard}:" for c, guard in zip(statement.cases, guards, strict=True)
            ]
        else:
            headers = [self._header(statement), *map(self._handler, getattr(statement, "handlers", ()))]
            headers += ["else:"] * (getattr(statement, "orelse", None) is not None)
            headers += ["finally:"] * (getattr(statement, "finalbody", None) is not None)
        return list(zip(headers, blocks, strict=True))

    def _header(self, statement: cst.CSTNode) -> str:
        if isinstance(statement, (cst.If, cst.While)):
            return f"{'if' if isinstance(statement, cst.If) else 'while'} {self._code(statement.test)}:"
        if not isinstance(statement, (cst.For, cst.With)):
            return "try:"
        waits = "async " if statement.asynchronous is not None else ""
        if isinstance(statement, cst.For):
            return f"{waits}for {self._code(statement.target)} in {self._code(statement.iter)}:"
        return f"{waits}with {', '.join(self._code(_alone(each)) for each in statement.items)}:"

    def _handler(self, handler: cst.CSTNode) -> str:
        star = "*" if isinstance(handler, cst.ExceptStarHandler) else ""
        assert isinstance(handler, (cst.ExceptHandler, cst.ExceptStarHandler))
        kind = f" {self._code(handler.type)}" if handler.type is not None else ""
        name = f" as {self._code(handler.name.name)}" if handler.name is not None else ""
        return f"except{star}{kind}{name}:"

    def _import(self, statement: cst.Import | cst.ImportFrom, scope: Scope | cst.ClassDef) -> list[Line]:
        at = self._at(statement)
        text = self._small(statement)
        if isinstance(statement.names, cst.ImportStar) or text.startswith("from __future__"):
            return [Line(text, at)]
        origin = "import"
        if isinstance(statement, cst.ImportFrom):
            module = self._code(statement.module) if statement.module is not None else ""
            origin = f"from {'.' * len(statement.relative)}{module} import"
        names = zip(statement.names, import_binders(statement), strict=True)
        wanted = [each for each, name in names if self._slice.needs.has(name.value, scope)]
        return [Line(f"{origin} {self._code(_alone(each))}", at) for each in wanted]

    def _function(self, function: cst.FunctionDef) -> list[Line]:
        leads_on = self._slice.leg(function) is not None
        decorators = kept_decorators(function, self._definitions)
        if leads_on:
            decorators = [each for each in decorators if last_name(each.decorator) in {"staticmethod", "classmethod"}]
        synchronous = function.asynchronous is None or leads_on
        types = self._code(function.type_parameters) if function.type_parameters is not None else ""
        names = self._code(self._pruned(function))
        header = f"{'' if synchronous else 'async '}def {function.name.value}{types}({names}):"
        return [*self._decorators(decorators), Line(header, self._at(function)), *indented(self.scope(function))]

    def _pruned(self, function: cst.FunctionDef) -> cst.Parameters:
        """The parameters without annotations, and without the defaults of those that are not needed."""

        def plain(parameter: cst.Param) -> cst.Param:
            default = parameter.default
            if default is not None and not self._slice.needs.has(parameter.name.value, function):
                default = cst.Name("None")
            return parameter.with_changes(annotation=None, default=default)

        of = function.params
        return of.with_changes(
            posonly_params=[plain(each) for each in of.posonly_params],
            params=[plain(each) for each in of.params],
            star_arg=plain(of.star_arg) if isinstance(of.star_arg, cst.Param) else of.star_arg,
            kwonly_params=[plain(each) for each in of.kwonly_params],
            star_kwarg=plain(of.star_kwarg) if of.star_kwarg is not None else None,
        )

    def _class(self, cls: cst.ClassDef) -> list[Line]:
        received = self._slice.classes.is_received(cls)
        bases = [
            each.star + self._code(each.value)
            for each in cls.bases
            if not (
                received and (self._slice.classes.is_replaced_base(each.value) or last_name(each.value) == "object")
            )
        ]
        given = [f"{HELPER}.Receiver"] * received + bases
        given += [_keyword(each) + each.star + self._code(each.value) for each in cls.keywords]
        types = self._code(cls.type_parameters) if cls.type_parameters is not None else ""
        header = Line(f"class {cls.name.value}{types}({', '.join(given)}):", self._at(cls))
        decorators = self._decorators(kept_decorators(cls, self._definitions))
        return [*decorators, header, *self._inner(block_of(cls), cls)]

    def _decorators(self, decorators: Sequence[cst.Decorator]) -> list[Line]:
        return [Line(f"@{self._code(each.decorator)}", self._at(each.decorator)) for each in decorators]

    # Guards.

    def _guard(self, statement: cst.CSTNode, emitted: list[Line], scope: Scope | cst.ClassDef) -> list[Line]:
        if cannot_fail(statement) or emitted[0].text.startswith("from __future__ "):
            return emitted
        parts = changed_attributes(statement)
        names = {name for each in self._kept_in(statement) for name in self._lost_with(each, scope, bool(parts))}
        # To bind a name of an outer scope would make it a local one.
        resolve = self._module.scopes.resolve_within
        own = {name for name in names if (b := resolve(name, scope)) is not None and b.scope is scope}
        own |= {name for name in names if is_attribute_of_self(name)}
        spoiled = [(self._code(part.value), part.attr.value, code_of(part)) for part in parts]
        return attempted(emitted, sorted(own - {SELF}), self._at(statement), spoiled)

    def _kept_in(self, statement: cst.CSTNode) -> list[cst.CSTNode]:
        """A statement, the kept ones in its blocks, and what their headers bind."""
        inner = [each for block in blocks_in(statement) for each in block if each in self._slice.kept]
        return [statement, *bound_by_header(statement), *(found for each in inner for found in self._kept_in(each))]

    def _lost_with(self, node: cst.CSTNode, scope: cst.CSTNode, sets_parts: bool) -> set[str]:
        """The names whose values cannot be trusted when a statement fails."""
        if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            return {node.name.value}
        if isinstance(node, (cst.Import, cst.ImportFrom)):
            return {name.value for name in import_binders(node) if self._slice.needs.has(name.value, scope)}
        if blocks_in(node):
            return set()
        effects = self._module.effects(node)
        if isinstance(node, cst.BaseExpression):
            return {name.value for name in target_names(node)}
        if sets_parts or adds_option(node):
            return set(effects.binds)
        call = call_of_statement(node)
        changed = effects.touches | (given_whole(call) if call is not None else set())
        return set(effects.binds) | changed - self._definitions.library_names

    # Small parts.

    def _at(self, node: cst.CSTNode) -> int:
        return self._line_of.get(node, 1)

    def _code(self, node: cst.CSTNode, scope: cst.CSTNode | None = None) -> str:
        """The code of a node, the construction of the scheduler going through the helper, nothing unneeded passed on.

        Args:
            node: the node.
            scope: where its names are looked up, if it is not where it stands in the tree.
        """
        adapted = self._slice.adapter.adapted(node, self._definitions.scope_of(node) if scope is None else scope)
        return self._module.tree.code_for_node(adapted)

    def _small(self, statement: cst.CSTNode) -> str:
        """The code of a simple statement without the semicolon that may follow it."""
        return self._code(statement).rstrip().removesuffix(";")

    def _thunk(self, node: cst.CSTNode) -> str:
        return f"lambda: ({self._code(node)})"


def _keyword(argument: cst.Arg) -> str:
    return f"{argument.keyword.value}=" if argument.keyword is not None else ""


def _alone(node: cst.ImportAlias | cst.WithItem) -> cst.CSTNode:
    """A part of a list without the comma behind it."""
    return node.with_changes(comma=cst.MaybeSentinel.DEFAULT)
