"""The pieces of programs: changes of a value in every spelling, with the files that they need beside them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "programs"
_HEAD = """\
import argparse, collections, contextlib, copy, dataclasses, enum, functools, importlib, itertools, math, operator, os
import pickle, sys, threading, types
import torch
from torch.optim import SGD, Adam
from torch.optim.lr_scheduler import LambdaLR, MultiplicativeLR
model = torch.nn.Linear(2, 1)
other = torch.nn.Linear(2, 1)
opt = SGD(model.parameters(), lr=1e-3)
"""
MAIN = "train.py"


@dataclass(frozen=True)
class Piece:
    """A part of a program.

    Attributes:
        name: what is done in it.
        text: the code.
        beside: the files that it imports, by name.
    """

    name: str
    text: str
    beside: tuple[tuple[str, str], ...] = ()

    def program(self, before: str = "", after: str = "") -> dict[str, str]:
        """The files of the program around it.

        Args:
            before: code that runs first.
            after: code that makes the scheduler.
        """
        return {MAIN: f"{_HEAD}{before}{self.text}{after}", **dict(self.beside)}


def pieces(name: str) -> list[Piece]:
    """The pieces in one of the files of the folder."""
    _, *sections = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("\n=== ")
    return [_piece(section) for section in sections]


def _piece(section: str) -> Piece:
    title, _, rest = section.partition("\n")
    text, *files = rest.split("\n--- ")
    beside = (each.partition("\n") for each in files)
    return Piece(title, f"{text.rstrip()}\n", tuple((path, code) for path, _, code in beside))
