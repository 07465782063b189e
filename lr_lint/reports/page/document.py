"""The page as a file: the data, the style, the script and the plotting library put into one document.

The document may load nothing and send nothing: its Content-Security-Policy forbids everything but the very styles and
scripts that stand in it, which it names by their hashes. What is shown comes from the data, and the script makes text
of it and never markup.
"""

from __future__ import annotations

import base64
import hashlib
import re
from importlib import resources
from typing import Any

from lr_lint.reports.json_text import json_in_html

_SLOT = re.compile(r"\{\{(\w+)\}\}")


def document(payload: Any) -> str:
    """The page that shows a payload. The same payload gives the same page, byte for byte."""
    style = _asset("uplot/uPlot.min.css") + "\n" + _asset("page.css")
    library = f"/*\n{_asset('uplot/LICENSE')}*/\n{_asset('uplot/uPlot.iife.min.js')}"
    script = _asset("page.js")
    slots = {
        "policy": _policy(style, [library, script]),
        "style": style,
        "library": library,
        "script": script,
        "data": json_in_html(payload),
    }
    return _SLOT.sub(lambda slot: slots[slot[1]], _asset("page.html"))


def _policy(style: str, scripts: list[str]) -> str:
    allowed = " ".join(map(_hash, scripts))
    return f"default-src 'none'; style-src {_hash(style)}; script-src {allowed}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
