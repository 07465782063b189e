"""A program as transformations see it, and what a transformation is."""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import TypeAlias

import libcst as cst


class Promise(enum.Enum):
    """What holds of the verdict on the transformed program.

    Attributes:
        SAME: codes and confidences are those of the original.
        CERTAIN: so are those of confidence ``certain``, and nothing that is ``likely`` or better is new. Names are
            evidence, so what rests on them may be lost, or be less sure, once they say nothing.
        BECOMES_RATE: the program had no finding about units; now each construction has LR101.
    """

    SAME = "same"
    CERTAIN = "certain"
    BECOMES_RATE = "becomes a rate"


@dataclass(frozen=True)
class Program:
    """One file that is checked, with the files of its project.

    Attributes:
        path: of the file, in its project.
        data: its content.
        others: the other files, by path.
        codes: what is found in it before it is transformed.
    """

    path: str
    data: bytes
    others: Mapping[str, bytes]
    codes: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        """The content as text."""
        return self.data.decode(errors="replace")

    @functools.cached_property
    def words_elsewhere(self) -> frozenset[str]:
        """All words of the other files."""
        return frozenset(
            word for data in self.others.values() for word in re.findall(r"[A-Za-z_]\w*", data.decode(errors="replace"))
        )

    @property
    def is_alone(self) -> bool:
        """Whether there is no other code that may use what the file defines."""
        return not any(path.endswith((".py", ".ipynb")) for path in self.others)

    def with_text(self, text: str, others: Mapping[str, str] | None = None) -> Program:
        """The program with another text, and with further files."""
        added = {path: content.encode() for path, content in (others or {}).items()}
        return replace(self, data=text.encode(), others={**self.others, **added})

    def with_tree(self, tree: cst.Module, others: Mapping[str, str] | None = None) -> Program:
        """The program with the code of a syntax tree."""
        return self.with_text(tree.code, others)


# So many programs are parsed once and looked through once: somewhat more than there are fixtures.
REMEMBERED = 300


@functools.lru_cache(maxsize=REMEMBERED)
def _parsed(data: bytes) -> cst.Module:
    return cst.parse_module(data)


Rewriting: TypeAlias = "Callable[[Program, cst.Module, Random], Program | None]"


@dataclass(frozen=True)
class Transformation:
    """A way to write the same program differently.

    Attributes:
        name: how reports call it.
        rewrite: gives the program as it is then; None where there is nothing to transform, or where the program would
            not be the same. It is given the syntax tree of the file and a source of chance.
        promise: what holds of the verdict.
        loses: codes of findings that may be lost all the same, never won.
    """

    name: str
    rewrite: Rewriting
    promise: Promise = Promise.SAME
    loses: frozenset[str] = frozenset()

    def apply(self, program: Program, random: Random) -> Program | None:
        """The program as it is then; None where the transformation does not apply."""
        changed = self.rewrite(program, _parsed(program.data), random)
        return None if changed is None or changed == program else changed
