"""Python's collector of garbage, which rests where nothing is garbage yet.

It goes through what there is again and again while much is made. While a tree grows nothing of it is garbage; what the
runs of one construction make is of no use to anybody, but only once that has been judged, and little until then. So it
rests while a file is analysed, and is asked between two parts of that, once much was made, to go through what is new.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# New objects that are worth a look for garbage: they take some 20 MB.
_MUCH = 150_000


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
