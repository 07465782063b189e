"""Nodes of the file as they stand in a program."""

from __future__ import annotations

from collections.abc import Set

import libcst as cst

from lr_lint.probe.slicing.definitions import passing
from lr_lint.probe.slicing.protocol import HELPER
from lr_lint.probe.slicing.relevance import Needs
from lr_lint.source.tree import walk


class Adapter:
    """Adapts nodes to what a slice needs so far.

    Args:
        needs: the needs; they grow while the slice does.
        site: the construction.
    """

    def __init__(self, needs: Needs, site: cst.Call) -> None:
        self._needs = needs
        self._site = site

    def adapted(self, node: cst.CSTNode, scope: cst.CSTNode) -> cst.CSTNode:
        """A node as it stands in the program.

        The construction of the scheduler goes through the helper, and the functions of this file are not given what
        they do not need.

        Args:
            node: a statement or an expression.
            scope: where its names are looked up.
        """
        calls = [each for each in walk(node) if isinstance(each, cst.Call)]
        unneeded = {argument for call in calls for argument in self._unneeded_arguments(call, scope)}
        made = node.visit(_Adaptation(self._site, unneeded)) if unneeded or self._site in calls else node
        assert isinstance(made, cst.CSTNode)
        return made

    def _unneeded_arguments(self, call: cst.Call, scope: cst.CSTNode) -> list[cst.Arg]:
        found = self._needs.definitions.callee(call, scope)
        if found is None or call is self._site or any(argument.star for argument in call.args):
            return []
        names = zip(call.args, passing(call.args, *found), strict=True)
        return [argument for argument, name in names if name and not self._needs.has(name, found[0])]


class _Adaptation(cst.CSTTransformer):
    """Lets the construction go through the helper, and puts None in the place of unneeded arguments."""

    def __init__(self, site: cst.Call, unneeded: Set[cst.Arg]) -> None:
        super().__init__()
        self._site = site
        self._unneeded = unneeded

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: N802
        """The call by way of the helper, where it is the construction."""
        if original_node is not self._site:
            return updated_node
        construct = cst.Attribute(cst.Name(HELPER), cst.Name("construct"))
        return updated_node.with_changes(func=construct, args=[cst.Arg(updated_node.func), *updated_node.args])

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:  # noqa: N802
        """The argument, or None in its place."""
        return updated_node.with_changes(value=cst.Name("None")) if original_node in self._unneeded else updated_node
