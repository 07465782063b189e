"""Command lines of a slice: parsed for real and empty, so that every option has its default.

An argument that is required and has none is not known until it is used; then it names the setting that gives it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lr_lint.probe.child.slices.unknowns import NeedsValue, Placeholder, Supplies


@contextmanager
def empty_command_line(script: str, supplies: Supplies) -> Iterator[None]:
    """Parsers find an empty command line, and require nothing."""
    parse_known, error, arguments = argparse.ArgumentParser.parse_known_args, argparse.ArgumentParser.error, sys.argv

    def parse(parser: argparse.ArgumentParser, args: Any = None, namespace: Any = None) -> Any:
        relaxed = _relax(parser)
        if isinstance(args, Placeholder):
            args = []
        found, rest = parse_known(parser, args, namespace)
        for action in relaxed:
            if getattr(found, action.dest, None) is None:
                setattr(found, action.dest, _Required(supplies, f"args.{action.dest}"))
        return found, rest

    def refuse(parser: argparse.ArgumentParser, message: str) -> Any:
        raise NeedsValue(f"the command line was refused: {message}")

    argparse.ArgumentParser.parse_known_args = parse  # type: ignore[assignment, method-assign]
    argparse.ArgumentParser.error = refuse  # type: ignore[assignment, method-assign]
    sys.argv = [script]
    try:
        yield
    finally:
        argparse.ArgumentParser.parse_known_args = parse_known  # type: ignore[method-assign]
        argparse.ArgumentParser.error = error  # type: ignore[method-assign]
        sys.argv = arguments


class _Required(Placeholder):
    """An argument without which the script does not start."""

    def _needed(self) -> NeedsValue:
        return NeedsValue(f"{self._name} is required: --set {self._name}=VALUE", self._name)


def _relax(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Makes all arguments of a parser optional: those that were not."""
    relaxed = []
    for action in parser._actions:
        positional = not action.option_strings and not isinstance(action, argparse._SubParsersAction)
        if (action.required or positional) and action.default in (None, argparse.SUPPRESS):
            relaxed.append(action)
        action.required = False
        if positional and action.nargs in (None, argparse.ONE_OR_MORE):
            action.nargs = argparse.OPTIONAL if action.nargs is None else argparse.ZERO_OR_MORE
    for group in parser._mutually_exclusive_groups:
        group.required = False
    return relaxed
