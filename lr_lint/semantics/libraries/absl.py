"""Flags of Abseil and gflags. Their values are read in `lr_lint.semantics.machine.flags`."""

from __future__ import annotations

from lr_lint.semantics.libraries.argparse import option_default
from lr_lint.semantics.libraries.signatures import Call, function
from lr_lint.semantics.values.base import Value, constant_key
from lr_lint.semantics.values.containers import DictValue
from lr_lint.semantics.values.unknown import Unknown
from lr_lint.vocabulary.paths import AccessPath
from lr_lint.vocabulary.reasons import Reason

FLAG_HOLDERS = frozenset({"absl.flags.FLAGS", "gflags.FLAGS"})
FLAG_DEFINITIONS = tuple(
    f"DEFINE_{kind}"
    for kind in "float integer string bool boolean enum list multi_float multi_integer multi_string".split()
)


@function(
    *(
        f"{holder.rpartition('.')[0]}.{name}(name, default=..., *help, **options)"
        for holder in sorted(FLAG_HOLDERS)
        for name in FLAG_DEFINITIONS
    )
)
def _define(call: Call, name: Value, default: Value | None, *options: object) -> Value | None:
    """What ``flags.DEFINE_float("alpha", 0.1, "help")`` returns: an object whose ``value`` is the flag's."""
    known = constant_key(name)
    if not isinstance(known, str):
        return None
    option = Unknown(Reason.COMMAND_LINE, flag_key("absl.flags.FLAGS", known), known, default=option_default(default))
    return DictValue({"value": option}, incomplete=True, key=AccessPath.flag(known))


def flag_key(holder: str, name: str) -> AccessPath:
    """The identity of a flag: that of the library's attribute."""
    return AccessPath.external(f"{holder}.{name}")
