"""Contracts that a project declares for wrappers of its own, in its settings file."""

from __future__ import annotations

from lr_lint.source.near_misses import did_you_mean
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import Contract, ContractTable, Meaning

RETURNS = {
    "factor": Meaning.FACTOR_OF_INITIAL,
    "factor-of-previous": Meaning.FACTOR_OF_PREVIOUS,
    "rate": Meaning.RATE,
}
_KEYS = ("callable", "optimizer", "lr", "returns")
_CHECKED = "yours"
_ARGUMENT = {
    "type": "array",
    "items": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": r"^[^\W\d]\w*$"}],
    "minItems": 2,
    "maxItems": 2,
}
# What a settings file may have under ``contracts``, in JSON Schema.
SCHEMA = {
    "type": "object",
    "propertyNames": {"pattern": r"^[^\W\d]\w*(\.[^\W\d]\w*)+$"},
    "additionalProperties": {
        "type": "object",
        "properties": {
            "callable": {**_ARGUMENT, "description": "position (from 0, without `self`) and keyword of the callable"},
            "optimizer": {**_ARGUMENT, "description": "position and keyword of the optimizer"},
            "lr": {**_ARGUMENT, "description": "position and keyword of the initial rate, in place of an optimizer"},
            "returns": {"enum": list(RETURNS), "description": "what the callable has to return"},
        },
        "required": ["callable", "returns"],
        "additionalProperties": False,
        "not": {"required": ["optimizer", "lr"]},
        "anyOf": [
            {"properties": {"returns": {"const": "rate"}}},
            {"required": ["optimizer"]},
            {"required": ["lr"]},
        ],
    },
}


class ContractError(ValueError):
    """A row that cannot be followed. Its text says which and why."""


def contracts_from(value: object, source: str) -> ContractTable:
    """The table of contracts with the rows of a settings file.

    Args:
        value: what the file has under ``contracts``.
        source: what to name as the source of the rows.

    Raises:
        ContractError: if a row is not understood.
    """
    if not isinstance(value, dict):
        raise ContractError("must be a table of dotted names and rows")
    return BUILT_IN.extended(tuple(_row(name, row, source) for name, row in value.items()))


def rows_of(table: ContractTable) -> dict[str, dict[str, object]]:
    """The rows of the project in a table, as they would stand in its settings file."""
    own = frozenset(table.own)
    return {row.name: _written(row) for row in table.rows if row.name in own}


def _written(row: Contract) -> dict[str, object]:
    places = {"callable": row.callable, "optimizer": row.optimizer, "lr": row.rate}
    returns = next(word for word, meaning in RETURNS.items() if meaning is row.meaning)
    return {**{key: list(place) for key, place in places.items() if place is not None}, "returns": returns}


def _row(name: str, row: object, source: str) -> Contract:
    place = f"{name!r}: "
    parts = name.split(".")
    if len(parts) < 2 or not all(part.isidentifier() for part in parts):
        raise ContractError(f"{place}must be the dotted name of a function or class, with its module")
    if not isinstance(row, dict):
        raise ContractError(f"{place}must be a table with the keys {', '.join(_KEYS)}")
    unknown = sorted(set(row) - set(_KEYS))
    if unknown:
        known = f" (known: {', '.join(_KEYS)})"
        raise ContractError(f"{place}unknown key {unknown[0]!r}{did_you_mean(unknown[0], _KEYS, known)}")
    missing = [key for key in ("callable", "returns") if key not in row]
    if missing:
        raise ContractError(f"{place}{missing[0]} is missing")
    meaning = RETURNS.get(row["returns"]) if isinstance(row["returns"], str) else None
    if meaning is None:
        near = did_you_mean(row["returns"], RETURNS) if isinstance(row["returns"], str) else ""
        raise ContractError(f"{place}returns must be one of {', '.join(RETURNS)}{near}")
    if "optimizer" in row and "lr" in row:
        raise ContractError(f"{place}optimizer and lr exclude each other")
    if meaning is not Meaning.RATE and "optimizer" not in row and "lr" not in row:
        raise ContractError(f"{place}optimizer is missing (or lr, where the initial lr itself is an argument)")
    places = {key: _argument(row[key], f"{place}{key}") for key in ("callable", "optimizer", "lr") if key in row}
    if any(len(set(parts)) < len(places) for parts in zip(*places.values(), strict=True)):
        raise ContractError(f"{place}two arguments cannot have one place")
    return Contract(
        name=name,
        meaning=meaning,
        callable=places["callable"],
        optimizer=places.get("optimizer"),
        rate=places.get("lr"),
        first_time=1 if meaning is Meaning.FACTOR_OF_PREVIOUS else 0,
        source=source,
        checked=_CHECKED,
    )


def _argument(value: object, place: str) -> tuple[int, str]:
    if isinstance(value, list) and len(value) == 2:
        position, keyword = value
        counts = isinstance(position, int) and not isinstance(position, bool) and position >= 0
        if counts and isinstance(keyword, str) and keyword.isidentifier():
            return position, keyword
    raise ContractError(f'{place} must be a position and a name, as [1, "fn"]')
