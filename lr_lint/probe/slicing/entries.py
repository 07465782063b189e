"""The calls that enter functions on the way which nobody in the file calls, with arguments that the child supplies."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from lr_lint.probe.slicing.definitions import is_static, plain_parameters
from lr_lint.probe.slicing.lines import Line, attempted, helper
from lr_lint.probe.slicing.protocol import RECEIVED
from lr_lint.probe.slicing.route import Leg, is_optimizer
from lr_lint.probe.slicing.slicer import Slice
from lr_lint.project.binders import SELF


class Entries:
    """Makes those calls.

    Attributes:
        optimizers: the parameters that have to be given an optimizer, each with its function.
        notes: sentences on how functions are entered.
    """

    def __init__(
        self,
        found: Slice,
        optimizer_name: str,
        code_of: Callable[[cst.CSTNode], str],
        line_of: Callable[[cst.CSTNode], int],
    ) -> None:
        """Take what emission knows.

        Args:
            found: the slice.
            optimizer_name: the name that the construction gives to its scheduler as the optimizer; empty if it is none.
            code_of: gives the code of a node.
            line_of: gives its line.
        """
        self._slice = found
        self._optimizer_name = optimizer_name
        self._code_of = code_of
        self._line_of = line_of
        self.optimizers: list[tuple[str, str]] = []
        self.notes: list[str] = []

    def entry(self, leg: Leg) -> list[Line]:
        """The calls, made up at the end of a scope, that enter a function with supplied arguments."""
        function = leg.entered
        assert function is not None
        cls, name, at = leg.receiver, function.name.value, self._line_of(function)
        if cls is None:
            return [Line(self._call(name, function, 0), at)]
        start = self._slice.definitions.method(cls, "__init__")
        if not self._slice.classes.is_received(cls):
            return [Line(self._call(cls.name.value, start, 1) if start is not None else f"{cls.name.value}()", at)]
        if is_static(function):
            return [Line(self._call(f"{cls.name.value}.{name}", function, 0), at)]
        made = [Line(f"{RECEIVED} = {helper('instance', cls.name.value)}", at)]
        if start is not None and start is not function:
            made += self._attempted_call(start)
        return [*made, *self.calls_on_received(leg)]

    def calls_on_received(self, leg: Leg) -> list[Line]:
        """The call of the method that a leg enters, after those that prepare its object."""
        assert leg.entered is not None
        assert leg.receiver is not None
        prepared = self._slice.classes.preparations.get(leg.receiver, [])
        lines = [line for method in prepared for line in self._attempted_call(method)]
        call = self._call(f"{RECEIVED}.{leg.entered.name.value}", leg.entered, 1)
        return [*lines, Line(call, self._line_of(leg.entered))]

    def _attempted_call(self, method: cst.FunctionDef) -> list[Line]:
        """A call of a method of the made-up instance, and the loss of what it sets where it fails."""
        at = self._line_of(method)
        call = Line(self._call(f"{RECEIVED}.{method.name.value}", method, 1), at)
        names = sorted(self._slice.module.consequences.of(method).attributes)
        return attempted([call], [], at, [(RECEIVED, name.removeprefix(f"{SELF}."), name) for name in names])

    def _call(self, callee: str, function: cst.FunctionDef, skipped: int) -> str:
        """A call with arguments that the child process supplies, for the parameters that are needed."""
        given: list[str] = []
        for at, parameter in enumerate(plain_parameters(function)[skipped:], skipped):
            name = parameter.name.value
            default = self._code_of(parameter.default) if parameter.default is not None else None
            if self._slice.needs.has(name, function):
                value = self._supplied(name, function, default or self._slice.default_of(name, function))
            elif parameter.default is not None:
                continue
            else:
                value = "None"
            given.append(value if at < len(function.params.posonly_params) else f"{name}={value}")
        return f"{callee}({', '.join(given)})"

    def _supplied(self, name: str, function: cst.FunctionDef, default: str | None) -> str:
        """What the child process gives to a parameter."""
        kind = "optimizer" if is_optimizer(name, self._optimizer_name) else "value"
        if kind == "optimizer":
            self.optimizers.append((name, function.name.value))
            default = None if default == "None" else default
        note = f"no call of {function.name.value} decides its arguments: it runs with its defaults"
        if default is not None and note not in self.notes:
            self.notes.append(note)
        thunk = [f"lambda: ({default})"] if default is not None else []
        return helper("parameter", repr(name), repr(function.name.value), repr(kind), *thunk)
