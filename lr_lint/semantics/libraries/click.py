"""Command lines that decorators and parameters declare: Click and its kin, Typer, Cyclopts.

What an option gives may be overridden; see `lr_lint.semantics.values.overridable`.
"""

from __future__ import annotations

from collections.abc import Sequence

from lr_lint.semantics.libraries.argparse import option_default, option_name
from lr_lint.semantics.libraries.signatures import Call, function
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.constants import Constant
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.quantities import literal
from lr_lint.vocabulary.reasons import Reason

_LIBRARIES = ("click", "rich_click", "asyncclick", "cloup")
# The names by which the decorators are called.
DECLARING = frozenset({"option", "argument"})
_PARAMETERS = ("typer.Option", "typer.Argument", "cyclopts.Parameter")


@function(*(f"{library}.{kind}(*flags, **options)" for library in _LIBRARIES for kind in sorted(DECLARING)))
def _decorated_option(call: Call, flags: Sequence[Value], options: dict[str, Value]) -> Value:
    """``@click.option("--alpha", default=0.1)``: an option by the name of the parameter that it fills."""
    texts = [flag.value for flag in flags if isinstance(flag, Constant) and isinstance(flag.value, str)]
    plain = [text for text in texts if not text.startswith("-") and text.isidentifier()]
    name = plain[0] if plain else option_name([text.partition("/")[0] for text in texts])
    default = option_default(options.get("default"))
    if default is None and "is_flag" in options:
        # A flag that nobody gives is off (https://click.palletsprojects.com/en/stable/options/).
        default = literal(False)
    return Unknown(Reason.COMMAND_LINE, AccessPath.options(call.anchor.node), name.lower(), default=default)


@function(*(f"{name}(default=..., *flags, **options)" for name in _PARAMETERS))
def _parameter_option(call: Call, default: Value | None, *options: object) -> Value:
    """``def main(alpha: float = typer.Option(0.1))``."""
    return Unknown(Reason.COMMAND_LINE, AccessPath.options(call.anchor.node), default=option_default(default))
