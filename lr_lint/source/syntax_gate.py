"""The syntax gate: does a file that mentions a scheduler do anything with it?

Many only name it in a string, a comment or an import. Python's own parser tells, at a tenth of what LibCST costs.
"""

from __future__ import annotations

import ast

from lr_lint.vocabulary.contracts import GATE_WORDS


def uses_scheduler(tree: ast.Module) -> bool:
    """Whether a file does anything with a scheduler's name but import it or write it in a text."""
    names = set(GATE_WORDS)
    nodes = list(ast.walk(tree))
    for node in nodes:
        if isinstance(node, ast.alias) and node.asname is not None and node.name.rpartition(".")[2] in names:
            names.add(node.asname)
    return any(
        (isinstance(node, ast.Name) and node.id in names) or (isinstance(node, ast.Attribute) and node.attr in names)
        for node in nodes
    )
