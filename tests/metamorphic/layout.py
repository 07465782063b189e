"""The text laid out differently: nothing but white space, comments, annotations and docstrings changes."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Callable
from random import Random
from typing import Any

import black
import black.parsing
import libcst as cst

from tests.metamorphic.programs import Program, Rewriting, Transformation
from tests.metamorphic.trees import Changes, Parents, nodes, parents_of, replaced


def _of_text(change: Callable[[str], str]) -> Rewriting:
    def rewrite(program: Program, tree: cst.Module, random: Random) -> Program | None:
        return program.with_text(change(tree.code))

    return rewrite


def _of_bytes(change: Callable[[str], bytes]) -> Rewriting:
    def rewrite(program: Program, tree: cst.Module, random: Random) -> Program | None:
        return Program(program.path, change(tree.code), program.others, program.codes)

    return rewrite


def _black(line_length: int, **more: Any) -> Rewriting:
    mode = black.Mode(line_length=line_length, **more)

    def rewrite(program: Program, tree: cst.Module, random: Random) -> Program | None:
        try:
            return program.with_text(black.format_str(tree.code, mode=mode))
        except black.parsing.InvalidInput:
            return None

    return rewrite


def _tabs(program: Program, tree: cst.Module, random: Random) -> Program | None:
    return program.with_tree(_indented_by(tree, "\t"))


def _wide(program: Program, tree: cst.Module, random: Random) -> Program | None:
    return program.with_tree(_indented_by(tree, " " * 7))


def _indented_by(tree: cst.Module, indent: str) -> cst.Module:
    """Blocks that say their own indentation differ from the module's, and keep it."""
    return tree.with_changes(default_indent=indent)


def _commented(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """A comment before every line that begins a statement, and one at its end."""
    lines = tree.code.split("\n")
    inside = _rows_inside(tree.code)
    result: list[str] = []
    for row, line in enumerate(lines, 1):
        if line.strip() and row not in inside:
            result.append(f"{line[: len(line) - len(line.lstrip())]}# lr = 0.5 is what it was before (TODO: {row})")
        plain = line.strip() and row + 1 not in inside and "#" not in line and not line.rstrip().endswith("\\")
        result.append(f"{line}  # 1e-3 * 0.9 ** epoch" if plain else line)
    return program.with_text("\n".join(result))


def _rows_inside(code: str) -> set[int]:
    """The rows that go on with what an earlier row began."""
    inside: set[int] = set()
    start = None
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type in {tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT}:
            continue
        start = token.start[0] if start is None else start
        inside.update(range(start + 1, token.end[0] + 1))
        if token.type == tokenize.NEWLINE:
            inside.discard(token.end[0] + 1)
            start = None
    return inside


def _without_comments(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """The comments are gone; what stood after code leaves its blanks behind."""
    lines = tree.code.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(tree.code).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    return program.with_text("\n".join(lines))


def _blank_lines(code: str) -> str:
    """Blank lines of blanks between statements, where no string goes over several lines."""
    inside = _rows_inside(code)
    rows = enumerate(code.split("\n"), 1)
    return "\n".join(line if row in inside else f"   \n\n\x0c\n{line}" for row, line in rows)


def _broken_lines(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """A backslash and a new line around every binary operator."""
    blank = cst.SimpleWhitespace(" \\\n        ")
    changes: Changes = {}
    for node in nodes(tree):
        if isinstance(node, (cst.Add, cst.Multiply, cst.Power, cst.Divide, cst.Subtract, cst.LessThan)):
            changes[node] = node.with_changes(whitespace_before=blank, whitespace_after=blank)
        elif isinstance(node, cst.AssignEqual) and isinstance(parents_of(tree)[node], cst.AssignTarget):
            changes[node] = node.with_changes(whitespace_after=blank)
    changed = replaced(tree, changes).code
    return program.with_text(changed) if _is_valid(changed) else None


def _is_valid(code: str) -> bool:
    try:
        compile(code, "changed.py", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


def _parenthesised(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """Parentheses, over several lines, around operations, calls, numbers and names that are operands or values."""

    class Parenthesise(cst.CSTTransformer):
        def leave_BinaryOperation(self, original_node: cst.BinaryOperation, updated_node: cst.BinaryOperation) -> Any:
            left, right = _in_parentheses(updated_node.left), _in_parentheses(updated_node.right)
            return updated_node.with_changes(left=left, right=right)

        def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> Any:
            if updated_node.star or isinstance(updated_node.value, (cst.GeneratorExp, cst.Yield)):
                return updated_node
            return updated_node.with_changes(value=_in_parentheses(updated_node.value))

        def leave_Lambda(self, original_node: cst.Lambda, updated_node: cst.Lambda) -> Any:
            return updated_node.with_changes(body=_in_parentheses(updated_node.body))

        def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> Any:
            return updated_node.with_changes(value=_in_parentheses(updated_node.value))

    return program.with_tree(tree.visit(Parenthesise()))


def _in_parentheses(value: cst.BaseExpression) -> cst.BaseExpression:
    blank = cst.ParenthesizedWhitespace(indent=True, last_line=cst.SimpleWhitespace("    "))
    opened = cst.LeftParen(whitespace_after=blank)
    return value.with_changes(lpar=[opened, *value.lpar], rpar=[*value.rpar, cst.RightParen()])


def _annotated(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """Annotations, in quotes, on parameters, results and variables; not in classes, where they would make fields."""
    note = cst.Annotation(cst.SimpleString('"float"'))
    changes: Changes = {}
    for node in nodes(tree):
        if isinstance(node, cst.Param) and node.annotation is None and not isinstance(node.star, str):
            continue
        if isinstance(node, cst.FunctionDef) and node.returns is None:
            params = [_with_note(param, note) for param in node.params.params]
            changes[node] = node.with_changes(
                returns=note.with_changes(whitespace_before_indicator=cst.SimpleWhitespace(" ")),
                params=node.params.with_changes(params=params),
            )
    return program.with_tree(replaced(tree, changes)) if changes else None


def _with_note(param: cst.Param, note: cst.Annotation) -> cst.Param:
    return (
        param
        if param.annotation is not None or param.name.value in {"self", "cls"}
        else param.with_changes(annotation=note)
    )


def _annotated_variables(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """``x: float = 1`` for ``x = 1`` outside of classes, where the name is not declared global or nonlocal."""
    declared = {node.name.value for node in nodes(tree) if isinstance(node, cst.NameItem)}
    parents = parents_of(tree)
    changes: Changes = {}
    for node in nodes(tree):
        if not isinstance(node, cst.Assign) or len(node.targets) != 1:
            continue
        target = node.targets[0].target
        block = parents[parents[node]]
        if isinstance(target, cst.Name) and target.value not in declared and not _is_class(block, parents):
            note = cst.Annotation(cst.SimpleString('"float"'))
            changes[node] = cst.AnnAssign(target, note, node.value)
    return program.with_tree(replaced(tree, changes)) if changes else None


def _is_class(block: cst.CSTNode, parents: Parents) -> bool:
    return isinstance(parents.get(block), cst.ClassDef)


def _type_comments(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """A type comment after every assignment that has no comment."""
    changes: Changes = {}
    for node in nodes(tree):
        if not isinstance(node, cst.SimpleStatementLine) or not isinstance(node.body[-1], cst.Assign):
            continue
        if node.trailing_whitespace.comment is None:
            comment = cst.TrailingWhitespace(cst.SimpleWhitespace("  "), cst.Comment("# type: float"))
            changes[node] = node.with_changes(trailing_whitespace=comment)
    return program.with_tree(replaced(tree, changes)) if changes else None


def _documented(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """A docstring in every function and class that has none."""

    class Document(cst.CSTTransformer):
        def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> Any:
            return self._documented(updated_node)

        def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> Any:
            return self._documented(updated_node)

        def _documented(self, node: cst.FunctionDef | cst.ClassDef) -> Any:
            if not isinstance(node.body, cst.IndentedBlock) or node.get_docstring() is not None:
                return node
            text = cst.parse_statement('"""What it is for: lr * 0.1 ** epoch.\n\n    LambdaLR(optimizer, f)\n    """\n')
            return node.with_changes(body=node.body.with_changes(body=[text, *node.body.body]))

    return program.with_tree(tree.visit(Document()))


def _joined(program: Program, tree: cst.Module, random: Random) -> Program | None:
    """Two simple statements in a row become one line, with a semicolon."""

    class Join(cst.CSTTransformer):
        def leave_Module(self, original_node: cst.Module, updated_node: cst.Module) -> Any:
            start = int(updated_node.get_docstring() is not None)
            return updated_node.with_changes(body=_pairs(updated_node.body, start))

        def leave_IndentedBlock(self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock) -> Any:
            return updated_node.with_changes(body=_pairs(updated_node.body, 1))

    return program.with_tree(tree.visit(Join()))


def _may_share_a_line(first: Any, second: Any) -> bool:
    if not isinstance(first, cst.SimpleStatementLine) or not isinstance(second, cst.SimpleStatementLine):
        return False
    return len(first.body) == 1 and first.trailing_whitespace.comment is None


def _pairs(body: Any, start: int) -> list[Any]:
    result: list[Any] = list(body[:start])
    for each in body[start:]:
        last: Any = result[-1] if len(result) > start else None
        if _may_share_a_line(last, each):
            first = last.body[0].with_changes(semicolon=cst.Semicolon(whitespace_after=cst.SimpleWhitespace(" ")))
            result[-1] = each.with_changes(body=[first, *each.body], leading_lines=last.leading_lines)
        else:
            result.append(each)
    return result


TRANSFORMATIONS = (
    Transformation("black", _black(88)),
    Transformation("black-narrow", _black(20)),
    Transformation("black-wide", _black(400, magic_trailing_comma=False)),
    Transformation("black-preview", _black(60, preview=True, string_normalization=True)),
    Transformation("tabs", _tabs),
    Transformation("wide-indent", _wide),
    Transformation("crlf", _of_bytes(lambda code: code.replace("\n", "\r\n").encode())),
    Transformation("byte-order-mark", _of_bytes(lambda code: code.encode("utf-8-sig"))),
    Transformation("coding-cookie", _of_bytes(lambda code: ("# -*- coding: utf-8 -*-\n" + code).encode())),
    Transformation("other-encoding", _of_bytes(lambda code: ("# coding: cp1251\n" + code).encode("cp1251", "replace"))),
    Transformation("no-last-line-end", _of_text(lambda code: code.rstrip())),
    Transformation("blank-lines", _of_text(_blank_lines)),
    Transformation("comments", _commented),
    Transformation("no-comments", _without_comments),
    Transformation("backslashes", _broken_lines),
    Transformation("parentheses", _parenthesised),
    Transformation("annotations", _annotated),
    Transformation("annotated-variables", _annotated_variables),
    Transformation("type-comments", _type_comments),
    Transformation("docstrings", _documented),
    Transformation("semicolons", _joined),
)
