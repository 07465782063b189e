"""Settings files that code loads by a path that can be read off: found beside the code, read once, kept as data.

A path in a program is relative to wherever the program is started from, which nobody can read off. It is looked for
beside the file that names it and in the folders above that, as imports are, and at last from the current directory.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lr_lint.project.imports import Project
from lr_lint.source.documents import NOTATIONS, parse_document
from lr_lint.source.plain_data import LARGEST_DOCUMENT, UnreadableError

_HIGHEST_ANCESTOR = 8
# Folders for settings files, and files with the suffix of one that are for tools.
_SETTINGS_FOLDERS = frozenset("config configs conf confs cfg cfgs settings experiments hparams params options".split())
_SETTINGS_OF_TOOLS = frozenset(
    "environment environments conda env mkdocs docker-compose compose package package-lock tsconfig pyproject poetry "
    "pipfile renovate codecov action manifest labels cargo".split()
)
# Each is a world of its own.
_MOST_SETTINGS = 4


@dataclass(frozen=True, slots=True)
class Document:
    """A settings file.

    Attributes:
        path: where it is; as named in the code, where it was not found.
        data: what it holds; None where that cannot be read.
        reason: why it cannot.
    """

    path: str
    data: Any = None
    reason: str = ""


def find_document(project: Project, importer: str, named: str, anchored: bool = False) -> Document:
    """The settings file of a name.

    Only files with the suffix of a notation that is known here are opened, and only those of the importer's project:
    none by an absolute path, nor where ".." or a link leads out of it.

    Args:
        project: reads files, within a budget.
        importer: path of the file that names it.
        named: the path as the code has it.
        anchored: whether the path is already relative to where ``importer`` is relative to.
    """
    place = (importer, named, anchored)
    known = project.documents.get(place)
    if isinstance(known, Document):
        return known
    document = _found(project, importer, named, anchored)
    if document is None:
        return Document(named, reason="more files are in the way than one construction is worth")
    project.documents[place] = document
    return document


def settings_beside(project: Project, importer: str) -> tuple[str, ...]:
    """The settings files that a command line may name: those beside the code, or in a folder for them beside it.

    None where there are more than a few: what all of them say alike can then not be told.
    """
    folder = posixpath.dirname(importer)
    names = project.files.names_in(folder)
    found = [posixpath.join(folder, name) for name in sorted(names) if _may_hold_settings(name)]
    for name in sorted(names & _SETTINGS_FOLDERS):
        inner = posixpath.join(folder, name)
        found += [
            posixpath.join(inner, each) for each in sorted(project.files.names_in(inner)) if _may_hold_settings(each)
        ]
    return tuple(found) if len(found) <= _MOST_SETTINGS else ()


def _may_hold_settings(name: str) -> bool:
    stem, suffix = posixpath.splitext(name.lower())
    return suffix in NOTATIONS and not stem.startswith((".", "_")) and stem not in _SETTINGS_OF_TOOLS


def _found(project: Project, importer: str, named: str, anchored: bool) -> Document | None:
    """What is known of a file for good; None where the budget does not suffice to find out."""
    notation = NOTATIONS.get(posixpath.splitext(named)[1].lower())
    if notation is None or "\0" in named:
        return Document(named, reason="it is no settings file that is looked for")
    if not anchored and (named.startswith(("/", "~", "\\")) or ":" in named):
        return Document(named, reason="its path is absolute, and only files of the project are read")
    reason = "there is no such file beside the code"
    for path in [posixpath.normpath(named)] if anchored else _candidates(importer, named):
        if project.files.lies_outside(importer, path):
            reason = "it lies outside the project"
            continue
        known = project.documents.get(path)
        if isinstance(known, Document):
            return known
        if project.files_left <= 0:
            return None
        data = project.files.beginning(path, LARGEST_DOCUMENT + 1)
        if data is not None:
            project.files_left -= 1
            document = project.documents[path] = _parsed(path, notation, data)
            return document
    return Document(named, reason=reason)


def _parsed(path: str, notation: str, data: bytes) -> Document:
    try:
        return Document(path, parse_document(notation, data))
    except UnreadableError as error:
        return Document(path, reason=str(error))


def _candidates(importer: str, named: str) -> Iterator[str]:
    """The paths at which a file may lie, the likeliest first."""
    folder = posixpath.dirname(importer)
    yield posixpath.normpath(posixpath.join(folder, named))
    for _ in range(_HIGHEST_ANCESTOR):
        parent = posixpath.dirname(folder)
        if parent == folder:
            break
        folder = parent
        yield posixpath.normpath(posixpath.join(folder, named))
    if folder:
        yield posixpath.normpath(named)
