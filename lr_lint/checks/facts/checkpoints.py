"""What code has from a checkpoint: the epoch to go on from, as far as the text of one file shows."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import libcst as cst

from lr_lint.project.holders import function_of
from lr_lint.project.modules import Module
from lr_lint.project.namings import key_of, text_of
from lr_lint.source.tree import LOOPS, dotted_name, last_name, start_of, walk
from lr_lint.vocabulary.names import words_of

# What functions are called that read a checkpoint, and what a checkpoint calls its time.
READING = frozenset({"load", "resume", "restore"})
RESTORING = "load_state_dict"
_TIMES = frozenset({"epoch", "epochs", "step", "steps", "iter", "iteration", "iters", "it", "global"})
_MADE_OF = frozenset({"int", "max", "min", "len"})
_DEEPEST = 5


def times_of_checkpoints(module: Module, node: cst.BaseExpression, depth: int = 0) -> Iterator[str]:
    """The variables with the checkpoints that an expression has a time from; the empty name for one without.

    Args:
        module: the file.
        node: the expression, as ``checkpoint["epoch"] + 1``.
        depth: through how many variables it was followed already.
    """
    if depth > _DEEPEST:
        return
    if isinstance(node, cst.BinaryOperation):
        yield from times_of_checkpoints(module, node.left, depth)
        yield from times_of_checkpoints(module, node.right, depth)
    elif isinstance(node, cst.IfExp):
        yield from times_of_checkpoints(module, node.body, depth)
        yield from times_of_checkpoints(module, node.orelse, depth)
    elif isinstance(node, cst.Subscript):
        yield from _of_item(module, node, key_of(node) or "", node.value)
    elif isinstance(node, cst.Call):
        yield from _of_call(module, node, depth)
    elif dotted_name(node) is not None:
        for value in values_of(module, node):
            yield from times_of_checkpoints(module, value, depth + 1)


def values_of(module: Module, node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """What a variable or attribute may have been assigned by then; one of several targets is no value by itself."""
    binding = module.scopes.resolve(dotted_name(node) or "", node)
    for binder in () if binding is None else module.scopes.binders(binding):
        statement = module.assigned_by(binder)
        value = statement.value if isinstance(statement, (cst.Assign, cst.AnnAssign)) else None
        if value is not None and _may_come_before(module, binder, node):
            yield value


def _may_come_before(module: Module, binder: cst.CSTNode, node: cst.CSTNode) -> bool:
    """Whether a variable may be assigned before it is read: further up, in another function, in a turn before."""
    path, other = module.path_to(node), module.path_to(binder)
    if module.is_before(binder, node) or function_of(path) is not function_of(other):
        return True
    return any(isinstance(each, LOOPS) and each in other for each in path)


def _of_item(module: Module, node: cst.CSTNode, key: str, whole: cst.BaseExpression) -> Iterator[str]:
    """The variable of a checkpoint of which an item is a time."""
    root = start_of(whole)
    if _TIMES.isdisjoint(words_of(key)):
        return
    if isinstance(root, cst.Call) and is_reading(root):
        yield ""
    elif isinstance(root, cst.Name) and (any(map(_is_read, values_of(module, root))) or restores(module, {root.value})):
        yield root.value


def _of_call(module: Module, node: cst.Call, depth: int) -> Iterator[str]:
    name = last_name(node.func)
    if name in _MADE_OF:
        for argument in node.args:
            yield from times_of_checkpoints(module, argument.value, depth)
    elif name == "get" and isinstance(node.func, cst.Attribute) and node.args:
        yield from _of_item(module, node, text_of(node.args[0].value) or "", node.func.value)
    elif is_reading(node):
        # ``start = load_checkpoint(path, model, optimizer)``
        yield ""


def restores(module: Module, checkpoints: Collection[str]) -> bool:
    """Whether a file loads a state out of one of some variables."""
    for call in module.calls().get(RESTORING, ()):
        names = (each for argument in call.args for each in walk(argument.value) if isinstance(each, cst.Name))
        if any(each.value in checkpoints for each in names):
            return True
    return False


def _is_read(value: cst.BaseExpression) -> bool:
    return isinstance(value, cst.Call) and is_reading(value)


def is_reading(call: cst.Call) -> bool:
    """Whether a call reads a checkpoint, by its name."""
    return not READING.isdisjoint(words_of(last_name(call.func)))
