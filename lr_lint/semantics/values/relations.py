"""How two numbers are compared, by the operator as it is spelled."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
RELATIONS: Mapping[str, Callable[[Any, Any], bool]] = {**ORDERS, "==": operator.eq, "!=": operator.ne}
