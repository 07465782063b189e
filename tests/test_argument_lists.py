"""Command lines that code writes itself, held against the parser of the standard library."""

from __future__ import annotations

import argparse
import contextlib
import io

from hypothesis import given
from hypothesis import strategies as st

from lr_lint.semantics.libraries.argument_lists import given_in

FLAGS = {
    "lr": ("--lr",),
    "lr_min": ("--lr-min",),
    "epochs": ("-e", "--epochs"),
    "gamma": ("-g",),
    "scale": ("-scale",),
    "verbose": ("-v", "--verbose"),
}
SWITCHES = {"verbose"}
_WORDS = [
    *("--lr", "--lr=2", "--lr-min", "--lr-m", "--l=3", "-e", "-e4", "--epochs", "--ep", "--epochs=7", "-g", "-g5"),
    *("-scale", "-s", "-ve3", "-v", "--verb", "1", "0.5", "-2", "-.5", "1e-3", "--"),
]


def parsed(words: list[str]) -> argparse.Namespace | None:
    """What the standard library reads in a command line; None for what it refuses."""
    parser = argparse.ArgumentParser()
    for name, flags in FLAGS.items():
        parser.add_argument(*flags, dest=name, action="store_true" if name in SWITCHES else "store", default="")
    with contextlib.redirect_stderr(io.StringIO()):
        try:
            return parser.parse_args(words)
        except SystemExit:
            return None


@given(words=st.lists(st.sampled_from(_WORDS), max_size=6))
def test_what_is_given_is_what_argparse_reads(words: list[str]) -> None:
    """No option that a command line gives is taken for one with its default, or for another word."""
    namespace = parsed(words)
    if namespace is None:
        return
    found = given_in(words, FLAGS)
    for name in FLAGS:
        read = getattr(namespace, name)
        if name not in found:
            assert read == ""
        elif found[name] is not None and name not in SWITCHES:
            assert read == found[name]


def test_the_usual_ways_are_read() -> None:
    """An option with its word beside it or attached is known, and so is that all others are left alone."""
    assert given_in(["--lr", "0.1", "-e", "30", "-g=0.9"], FLAGS) == {"lr": "0.1", "epochs": "30", "gamma": "0.9"}
    assert given_in(["--lr", "-2"], FLAGS) == {"lr": "-2"}
    assert given_in([], FLAGS) == {}


def test_what_is_not_clear_is_left_open() -> None:
    """Abbreviations, letters together and options that are given twice have no word; what has no flag may be given."""
    assert given_in(["--ep", "3"], FLAGS) == {"epochs": None}
    assert given_in(["-ve3"], FLAGS) == {"epochs": None, "verbose": None}
    assert given_in(["--lr", "1", "--lr", "2"], FLAGS) == {"lr": None}
    assert given_in(["-v"], {**FLAGS, "data": ("data",)}) == {"verbose": None, "data": None}
