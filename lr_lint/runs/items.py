"""The files of a run, on their way from the gates to what is found in them."""

from __future__ import annotations

from collections.abc import Callable

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from typing import Any, TypeAlias, TypeVar

    from lr_lint.source.settings import Settings
    from lr_lint.source.surroundings import Surroundings
    from lr_lint.vocabulary.diagnostics import Failure

    Result = TypeVar("Result")
    # A file with what is in it if it is to be analysed, what is known of it, why it cannot be analysed, or None where
    # there is nothing to find in it.
    Item: TypeAlias = tuple[str, "bytes | KnownResult | Failure | None", Settings]
    Analyse: TypeAlias = Callable[[str, bytes, Settings, Surroundings], Result]
    # Is told the path of a file whose result is waited for.
    Begun: TypeAlias = Callable[[str], None]


def unheard(path: str) -> None:
    """Nobody wants to know which file a run is at."""


class KnownResult:
    """What is known of a file without an analysis.

    Attributes:
        found: the result.
    """

    def __init__(self, found: Any) -> None:
        self.found = found


def told(content: KnownResult | Failure | None, failed: Callable[[Failure], Result]) -> Result | None:
    """What there is to say of a file that is not analysed.

    Args:
        content: what is known of it.
        failed: makes a result of a reason why there is none.
    """
    if isinstance(content, KnownResult):
        found: Result = content.found
        return found
    return None if content is None else failed(content)
