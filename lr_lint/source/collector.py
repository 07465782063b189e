"""Python's collector of garbage, which rests where nothing is garbage yet.

It goes through what there is again and again while much is made. While a tree grows nothing of it is garbage; what the
runs of one construction make is of no use to anybody, but only once that has been judged, and little until then.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


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
