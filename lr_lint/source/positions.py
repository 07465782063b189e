"""Where nodes stand in the text, computed for the few nodes that are asked for.

LibCST computes the positions of all nodes at once, at more than the cost of the parse. Code generation alone costs a
fifth of it, so the places of chosen nodes are read off one generation of the module's text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import accumulate

import libcst as cst
from libcst._nodes.internal import CodegenState

from lr_lint.source.edits import line_starts, position
from lr_lint.vocabulary.diagnostics import Span

_UNRECORDED: AbstractContextManager[None] = nullcontext()


class _Recorder(CodegenState):
    """A code generator that notes between which tokens the wanted nodes stand."""

    wanted: frozenset[int]
    found: dict[int, tuple[int, int]]

    def record_syntactic_position(  # type: ignore[override]  # a cheaper context manager than a generator's
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> AbstractContextManager[None]:
        return self._record(node) if id(node) in self.wanted else _UNRECORDED

    @contextmanager
    def _record(self, node: cst.CSTNode) -> Iterator[None]:
        start = len(self.tokens)
        yield
        self.found[id(node)] = (start, len(self.tokens))


def code_at(node: cst.CSTNode, tree: cst.Module, ancestors: Iterable[cst.CSTNode]) -> str:
    """The code of a node that stands, or is to stand, at a place: lines after the first have the indentation there.

    Args:
        node: the node.
        tree: the module, for its line ends and its indentation.
        ancestors: those of the place.
    """
    state = CodegenState(default_indent=tree.default_indent, default_newline=tree.default_newline)
    for ancestor in ancestors:
        if isinstance(ancestor, cst.IndentedBlock):
            state.increase_indent(tree.default_indent if ancestor.indent is None else ancestor.indent)
    node._codegen(state)
    return "".join(state.tokens)


def locate(tree: cst.Module, nodes: Iterable[cst.CSTNode]) -> dict[cst.CSTNode, Span]:
    """The spans of the given nodes of a tree, without surrounding parentheses and whitespace.

    Expressions and simple statements are found; a compound statement's end would take in its last line break, and
    nodes that record no syntactic position are left out.
    """
    asked = list(nodes)
    state = _Recorder(default_indent=tree.default_indent, default_newline=tree.default_newline)
    state.wanted = frozenset(id(node) for node in asked)
    state.found = {}
    tree._codegen(state)
    offsets = [0, *accumulate(len(token) for token in state.tokens)]
    text = "".join(state.tokens)
    starts = line_starts(text)
    spans: dict[cst.CSTNode, Span] = {}
    for node in asked:
        tokens = state.found.get(id(node))
        if tokens is not None:
            start, end = offsets[tokens[0]], offsets[tokens[1]]
            spans[node] = Span(*position(starts, start), *position(starts, end))
    return spans
