"""Notebooks for tests: made of the sources of their cells, in the shapes that files of this kind have."""

from __future__ import annotations

import json
from typing import Any

MARKDOWN = "markdown: "


def cell(source: str, *, lines: bool = True) -> dict[str, Any]:
    """A cell, of code unless its source begins as `MARKDOWN` does; its source is a list of lines, or one text."""
    if source.startswith(MARKDOWN):
        return {"cell_type": "markdown", "metadata": {}, "source": _source(source.removeprefix(MARKDOWN), lines)}
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": _source(source, lines),
    }


def _source(text: str, lines: bool) -> str | list[str]:
    return text.splitlines(keepends=True) if lines else text


def notebook(*sources: str, lines: bool = True, **metadata: Any) -> dict[str, Any]:
    """A notebook of format 4, in Python unless its metadata say something else."""
    return {
        "cells": [cell(source, lines=lines) for source in sources],
        "metadata": metadata or {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def notebook_bytes(*sources: str, **layout: Any) -> bytes:
    """The file that Jupyter writes of a notebook with these cells."""
    return json.dumps(notebook(*sources), indent=1, ensure_ascii=False, **layout).encode() + b"\n"
