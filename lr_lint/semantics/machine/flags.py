"""Flags that a program declares anywhere and reads from one object: ``FLAGS.alpha``."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lr_lint.project.modules import Module
from lr_lint.semantics.libraries.absl import FLAG_DEFINITIONS, flag_key
from lr_lint.semantics.libraries.argparse import option_default
from lr_lint.semantics.machine.expressions import evaluate
from lr_lint.semantics.machine.slices import module_frame
from lr_lint.semantics.values.base import Value, constant_key
from lr_lint.semantics.values.context import Frame, Raised
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.source.tree import dotted_name
from lr_lint.vocabulary.reasons import Reason

_DEFAULT_POSITION = 1
# Declarations that are passed over cost next to nothing.
_CALLS_PER_STEP = 20


def flag(holder: str, name: str, frame: Frame) -> Unknown:
    """The value of a flag, with the default that its declaration in this file, or in one that it imports, gives it."""
    world = frame.world
    known = world.memory.flags.get(name)
    if known is not None:
        return known
    option = Unknown(Reason.COMMAND_LINE, flag_key(holder, name), name)
    # Reads of the flag in its own default see no default.
    world.memory.flags[name] = option
    defaults = [default for module in _modules(frame) for default in _defaults(module, name, frame)]
    if len({constant_key(default) for default in defaults}) == 1:
        option = Unknown(option.reason, option.key, name, default=defaults[0])
    world.memory.flags[name] = option
    return option


def _modules(frame: Frame) -> Iterator[Module]:
    """The file that reads a flag, and the project's files that it imports."""
    yield frame.module
    for statement in frame.module.tree.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            for dotted in _imported(small):
                module = frame.world.machine.find(frame.module, dotted)
                if module is not None:
                    yield module


def _imported(statement: cst.CSTNode) -> Iterator[str]:
    """The names of the modules that a statement may import."""
    if isinstance(statement, cst.Import):
        yield from (dotted_name(alias.name) or "" for alias in statement.names)
    elif isinstance(statement, cst.ImportFrom):
        package = "." * len(statement.relative) + (dotted_name(statement.module) or "")
        yield package
        if not isinstance(statement.names, cst.ImportStar):
            separator = "" if package.endswith(".") else "."
            yield from (f"{package}{separator}{dotted_name(alias.name)}" for alias in statement.names)


def _defaults(module: Module, name: str, frame: Frame) -> Iterator[Value]:
    """The defaults in the declarations of a flag in one file."""
    home = module_frame(module, frame.world)
    for function in FLAG_DEFINITIONS:
        calls = module.calls().get(function, ())
        frame.world.spend(1 + len(calls) // _CALLS_PER_STEP)
        for call in calls:
            texts = [argument.value for argument in call.args]
            if not texts or not isinstance(texts[0], cst.SimpleString) or name not in texts[0].value:
                continue
            if texts[0].evaluated_value != name:
                continue
            by_name = {argument.keyword.value: argument.value for argument in call.args if argument.keyword}
            given = by_name.get("default") or (texts[_DEFAULT_POSITION] if len(texts) > _DEFAULT_POSITION else None)
            try:
                default = option_default(evaluate(given, home)) if given is not None else None
            except Raised:
                default = None
            if default is not None:
                yield default
