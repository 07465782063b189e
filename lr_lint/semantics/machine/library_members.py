"""What libraries have by a name, as far as code decides that."""

from __future__ import annotations

from lr_lint.semantics.libraries.absl import FLAG_HOLDERS
from lr_lint.semantics.machine.flags import flag
from lr_lint.semantics.machine.imported import imported_module
from lr_lint.semantics.values.base import Value
from lr_lint.semantics.values.context import Frame
from lr_lint.semantics.values.imports import External
from lr_lint.semantics.values.unknown import Unknown

# In parts. What is longer is no name of a library, but a chain that a loop makes turn by turn.
_LONGEST_NAME = 30


def library_member(value: External, name: str, frame: Frame) -> Value:
    """An attribute of a library: assigned before, a flag, or what is imported by that name."""
    if value.name.count(".") >= _LONGEST_NAME:
        return Unknown("it is a part of a part of a library, and so on", None, name)
    assigned = frame.world.memory.library_attributes.get(f"{value.name}.{name}")
    if assigned is not None:
        return assigned
    if value.name in FLAG_HOLDERS:
        return flag(value.name, name, frame) or External(f"{value.name}.{name}")
    # A package without __init__.py is no module itself, but its modules are.
    return imported_module(f"{value.name}.{name}", frame)
