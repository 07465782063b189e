"""From bytes to text to a syntax tree, with every way of failing as a value."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lr_lint.vocabulary.diagnostics import Failure

if TYPE_CHECKING:
    import libcst

# LibCST takes time cubic in the depth of an expression, and whoever walks the tree recurses.
_MAX_DEPTH = 500
_TOO_DEEP = "nested too deeply to be analysed"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file's text, decoded.

    Attributes:
        path: as shown to the user, with "/" on every system.
        data: the bytes that were decoded.
        text: without a byte order mark, line ends as they are in the file.
    """

    path: str
    data: bytes
    text: str


def split_lines(text: str) -> list[str]:
    r"""The lines of a text as Python counts them: ended by ``\n``, ``\r\n`` or ``\r`` and by nothing else."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def decode(path: str, data: bytes) -> SourceFile | Failure:
    """Decode the bytes of a file as Python would (PEP 263)."""
    null = data.find(b"\0")
    if null >= 0:
        return Failure(path, "contains a null byte", line=data.count(b"\n", 0, null) + 1)
    try:
        text = data.decode(_encoding(data))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        byte = error.object[error.start]
        return Failure(path, f"byte 0x{byte:02x} is not valid {error.encoding}", line=line)
    except (SyntaxError, LookupError, UnicodeError) as error:
        return Failure(path, _one_line(f"cannot be decoded: {error}"))
    return SourceFile(path, data, text)


def _encoding(data: bytes) -> str:
    try:
        return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError:
        data.decode()  # says which byte is wrong, where the error above does not
        raise


def parse(source: SourceFile) -> libcst.Module | Failure:
    """Parse a file into a concrete syntax tree.

    Python's own parser goes first: it is ten times as fast, its messages are those that people know, and what it
    refuses for its depth would overflow the stack of LibCST's parser, which kills the process.
    """
    failure = check_syntax(source)
    if failure is not None:
        return failure
    import libcst

    try:
        return libcst.parse_module(source.text)
    except libcst.ParserSyntaxError as error:
        return Failure(
            source.path,
            _one_line(f"the syntax is not supported by LibCST: {error.message}"),
            line=error.raw_line,
            column=error.raw_column,
        )
    except RecursionError:
        return Failure(source.path, _TOO_DEEP)
    except BaseException as error:
        # A panic of the native parser is no Exception, and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        return Failure(source.path, _one_line(f"LibCST's parser failed: {error}"))


def check_syntax(source: SourceFile) -> Failure | None:
    """Say why a text is no Python, or is nested deeper than can be analysed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source.text)
    except SyntaxError as error:
        return _syntax_failure(source, error)
    except (RecursionError, MemoryError):
        return Failure(source.path, _TOO_DEEP)
    except ValueError as error:
        return Failure(source.path, _one_line(str(error)))
    line = _first_deep_line(tree)
    return None if line is None else Failure(source.path, _TOO_DEEP, line=line)


def _syntax_failure(source: SourceFile, error: SyntaxError) -> Failure:
    column = None if not error.offset or error.offset < 1 else error.offset - 1
    return Failure(source.path, _one_line(f"syntax error: {error.msg}"), line=error.lineno or None, column=column)


def _first_deep_line(tree: ast.Module) -> int | None:
    """The line of the first node found to be too deep.

    A node on one line is no deeper than that line is long, so nearly all of a usual file is never entered.
    """
    stack: list[tuple[ast.AST, int]] = [(tree, 0)]
    while stack:
        node, depth = stack.pop()
        if depth > _MAX_DEPTH:
            return getattr(node, "lineno", None)
        if isinstance(node, (ast.expr, ast.stmt)) and _is_short(node):
            continue
        # LibCST nests the operands of `a and b and c`, which Python's tree holds side by side.
        below = depth + (len(node.values) if isinstance(node, ast.BoolOp) else 1)
        stack.extend((child, below) for child in ast.iter_child_nodes(node))
    return None


def _is_short(node: ast.expr | ast.stmt) -> bool:
    end = node.end_col_offset
    return node.lineno == node.end_lineno and end is not None and end - node.col_offset < _MAX_DEPTH


def _one_line(text: str) -> str:
    return " ".join(text.split())
