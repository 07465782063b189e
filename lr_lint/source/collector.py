"""Python's collector of garbage, which rests where nothing is garbage yet.

It goes through what there is again and again while much is made. While a tree grows nothing of it is garbage; what the
runs of one construction make is of no use to anybody, but only once that has been judged, and little until then. So it
rests while a file is analysed, and is asked between two parts of that, once much was made, to go through what is new.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# New objects that are worth a look for garbage: they take some 10 MB.
_MUCH = 100_000


@contextmanager
def without_collections() -> Iterator[None]:
    """No garbage is collected meanwhile."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def collected_afterwards() -> Iterator[None]:
    """No garbage is collected meanwhile; afterwards what is new is looked through, if that is much."""
    with without_collections():
        yield
        if gc.get_count()[0] > _MUCH:
            gc.collect(0)


@contextmanager
def collected_at_the_end() -> Iterator[None]:
    """No garbage is collected meanwhile but by `collected_afterwards`; what is of no use goes at the end."""
    was_enabled = gc.isenabled()
    with without_collections():
        yield
    if was_enabled:
        gc.collect(1)


def set_aside() -> None:
    """Has what there is left out of the looks that are taken while the collector rests: a tree is no garbage.

    It is as if it had been looked at often. A program that has set things aside itself is left alone.
    """
    if not gc.isenabled() and not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()
