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
    """A code generator that notes between which tokens the wanted nodes stand.

    Attributes:
        wanted: the ``id`` of the nodes; those on whose places the place of a wanted node depends are added on the way.
        starts: the number of tokens before a node, its own whitespace and parentheses included.
        found: the numbers of tokens before a node and up to its end: what the node itself calls its place (its
            syntactic position), or all of it where it does not.
    """

    wanted: set[int]
    starts: dict[int, int]
    found: dict[int, tuple[int, int]]

    def before_codegen(self, node: cst.CSTNode) -> None:
        if id(node) in self.wanted:
            self.starts[id(node)] = len(self.tokens)

    def after_codegen(self, node: cst.CSTNode) -> None:
        if id(node) in self.wanted and id(node) not in self.found:
            self.found[id(node)] = (self.starts[id(node)], len(self.tokens))

    def record_syntactic_position(  # type: ignore[override]  # a cheaper context manager than a generator's
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> AbstractContextManager[None]:
        if id(node) not in self.wanted:
            return _UNRECORDED
        self.wanted.update(id(other) for other in (start_node, end_node) if other is not None)
        return self._record(node, start_node, end_node)

    @contextmanager
    def _record(
        self, node: cst.CSTNode, start_node: cst.CSTNode | None, end_node: cst.CSTNode | None
    ) -> Iterator[None]:
        start = len(self.tokens)
        yield
        start = start if start_node is None else self.found[id(start_node)][0]
        self.found[id(node)] = (start, len(self.tokens) if end_node is None else self.found[id(end_node)][1])


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

    Every node of the tree has one; nodes of other trees are left out. A compound statement ends with the last
    statement in it. None ends behind the end of the text: the generator makes a line break at the end of every file
    and takes it back, so that a node that ends the file may seem to end after it.
    """
    asked = list(nodes)
    state = _Recorder(default_indent=tree.default_indent, default_newline=tree.default_newline)
    state.wanted = {id(node) for node in asked}
    state.starts, state.found = {}, {}
    tree._codegen(state)
    offsets = [0, *accumulate(len(token) for token in state.tokens)]
    starts = line_starts("".join(state.tokens))
    spans: dict[cst.CSTNode, Span] = {}
    for node in asked:
        tokens = state.found.get(id(node))
        if tokens is not None:
            start, end = (offsets[min(token, len(offsets) - 1)] for token in tokens)
            spans[node] = Span(*position(starts, start), *position(starts, end))
    return spans
