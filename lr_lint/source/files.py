"""From bytes to text to a syntax tree, with every way of failing as a value."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lr_lint.source.abridging import LONGEST_CHAIN, abridged, first_difference, may_choke, with_flat_patterns
from lr_lint.source.collector import without_collections
from lr_lint.vocabulary.diagnostics import Failure
from lr_lint.vocabulary.places import line_in_words

if TYPE_CHECKING:
    import libcst

    from lr_lint.source.notebooks import Notebook

# Whoever walks a tree recurses. More than the longest chain that is left in a text.
_MAX_DEPTH = 500
_MAX_BRACKETS = 50
_MAX_LINE = 1_000
_BRACKETS = re.compile(r"[()\[\]{}]")
_TOO_DEEP = "nested too deeply to be analysed"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file's text, decoded.

    Attributes:
        path: as shown to the user, with "/" on every system.
        data: the bytes that were decoded; of a notebook, the text in UTF-8.
        text: without a byte order mark, line ends as they are in the file.
        concrete: what LibCST is given in its place, where it would choke on some of it; see
            `lr_lint.source.abridging`.
        notebook: the one whose program the text is; None for a plain file.
    """

    path: str
    data: bytes
    text: str
    concrete: str | None = None
    notebook: Notebook | None = None

    def line_in_words(self, line: int) -> str:
        """A line of the text, as its author knows it: ``line 7``, or in a notebook ``line 2 of cell 3``."""
        if self.notebook is None:
            return line_in_words(line, None)
        cell, line, _ = self.notebook.place(line, 0)
        return line_in_words(line, cell)


@dataclass(frozen=True, slots=True)
class Syntax:
    """A file that Python can read.

    Attributes:
        source: the file, with what LibCST may be given.
        tree: what Python's own parser makes of that.
        unread: says that some of the file is left out; None where nothing is.
    """

    source: SourceFile
    tree: ast.Module
    unread: Failure | None = None


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
        return Failure(path, one_line(f"cannot be decoded: {error}"))
    return SourceFile(path, data, text)


def encode(source: SourceFile, text: str) -> bytes:
    """Another text in the encoding of a file, with a byte order mark if that has one.

    Raises:
        UnicodeEncodeError: if the encoding lacks a character.
    """
    return text.encode(_encoding(source.data))


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
    syntax = check_syntax(source)
    return syntax if isinstance(syntax, Failure) else parse_concrete(syntax.source)


def parse_concrete(source: SourceFile) -> libcst.Module | Failure:
    """Parse a file that is known not to be nested too deeply, by `check_syntax` or `may_be_newer`."""
    import libcst

    try:
        with without_collections():
            return libcst.parse_module(source.text if source.concrete is None else source.concrete)
    except libcst.ParserSyntaxError as error:
        return Failure(
            source.path,
            one_line(f"the syntax is not supported by LibCST: {error.message}"),
            line=error.raw_line,
            column=error.raw_column,
        )
    except RecursionError:
        return Failure(source.path, _TOO_DEEP)
    except BaseException as error:
        # A panic of the native parser is no Exception, and its class cannot be imported.
        if type(error).__name__ != "PanicException":
            raise
        return Failure(source.path, one_line(f"LibCST's parser failed: {error}"))


def check_syntax(source: SourceFile) -> Syntax | Failure:
    """Parse a file with Python's own parser, or say why it is no Python or nested deeper than can be analysed."""
    tree = _parsed(source, source.text)
    if isinstance(tree, Failure):
        return tree
    deep = _first_deep_line(tree, LONGEST_CHAIN)
    text = with_flat_patterns(source.text, tree)
    if deep is not None or may_choke(text):
        text = abridged(text)
    unread = None
    if text != source.text:
        line = first_difference(source.text, text)
        unread = Failure(source.path, f"{_TOO_DEEP}; the rest of the file is", line)
        source, tree = replace(source, concrete=text), _parsed(source, text)
    if isinstance(tree, Failure):
        return Failure(source.path, _TOO_DEEP, line=deep)
    # What has nothing deeper than a chain may be long has nothing deeper than that.
    if (deep is not None or unread is not None) and _first_deep_line(tree, _MAX_DEPTH) is not None:
        return Failure(source.path, _TOO_DEEP, line=deep)
    return Syntax(source, tree, unread)


def _parsed(source: SourceFile, text: str) -> ast.Module | Failure:
    try:
        with warnings.catch_warnings(), without_collections():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        return _syntax_failure(source, error)
    except (RecursionError, MemoryError):
        return Failure(source.path, _TOO_DEEP)
    except ValueError as error:
        return Failure(source.path, one_line(str(error)))


def may_be_newer(source: SourceFile, failure: Failure) -> bool:
    """Whether a text that Python refuses may have a newer syntax, which LibCST's parser may know.

    Whether that parser is safe from it is judged from the brackets and the length of the lines alone, since there is
    no tree to judge from.
    """
    if not failure.is_syntax:
        return False
    depth = deepest = 0
    for letter in _BRACKETS.findall(source.text):
        depth += 1 if letter in "([{" else -1
        deepest = max(deepest, depth)
    return deepest < _MAX_BRACKETS and max(map(len, split_lines(source.text))) < _MAX_LINE


def _syntax_failure(source: SourceFile, error: SyntaxError) -> Failure:
    column = None if not error.offset or error.offset < 1 else error.offset - 1
    message = one_line(f"syntax error: {error.msg}")
    return Failure(source.path, message, line=error.lineno or None, column=column, is_syntax=True)


def _first_deep_line(tree: ast.Module, depth: int) -> int | None:
    """The line of the first node found to be deeper than that.

    A node on one line is no deeper than that line is long, so nearly all of a usual file is never entered.
    """
    stack: list[tuple[ast.AST, int]] = [(tree, 0)]
    while stack:
        node, at = stack.pop()
        if isinstance(node, (ast.expr, ast.stmt)):
            if at > depth:
                return node.lineno
            if _is_short(node, depth):
                continue
        stack.extend((child, at + _links(node)) for child in ast.iter_child_nodes(node))
    return None


def _links(node: ast.AST) -> int:
    """How many levels there are from a node to its last child in LibCST's tree.

    It nests the operands of `a and b and c`, which Python's tree holds side by side.
    """
    return len(node.values) if isinstance(node, ast.BoolOp) else 1


def _is_short(node: ast.expr | ast.stmt, depth: int) -> bool:
    end = node.end_col_offset
    return node.lineno == node.end_lineno and end is not None and end - node.col_offset < depth


def one_line(text: str) -> str:
    """A message of somebody else's, in one line."""
    return " ".join(text.split())
