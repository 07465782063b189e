"""``lr-lint --show-settings`` and ``--show-files``: what a check would go by, and what it would look at."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Mapping, Sequence

from lr_lint.command.console import complain, failure_line, wants_colour, write
from lr_lint.reports.pieces import LINE_END, PLAIN, coloured, line, plain
from lr_lint.reports.summary import FAILED
from lr_lint.source.checked_files import checked_paths
from lr_lint.source.discovery import read_if_there
from lr_lint.source.file_paths import display_path
from lr_lint.source.project_settings import ConfiguredProject, ProjectSettings
from lr_lint.source.settings import ConfigurationError
from lr_lint.source.settings_table import SETTINGS, TABLE, Setting
from lr_lint.vocabulary.visible import visible

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from lr_lint.reports.pieces import Piece

_HEADER = re.compile(r"""\s*\[\s*(?P<names>[^\[\]]+?)\s*\]""")
_OWN_TABLE = ("tool", "lr-lint")
_WIDEST_VALUE = 60
_ABOUT = "dim"


def show_settings(paths: Sequence[str], projects: ProjectSettings, options: argparse.Namespace) -> int:
    """Print the settings that hold at some paths, as a table of a settings file, each with where it comes from.

    Args:
        paths: files and folders; of a folder, those of the files right in it.
        projects: the settings of each.
        options: those of the command line, some of which make settings.

    Raises:
        ConfigurationError: if the settings file is not understood.
    """
    pieces: list[Piece] = []
    for path in paths:
        project = projects.project_at(path)
        if project.problem:
            raise ConfigurationError(f"{project.file}: {project.problem}")
        pieces += [LINE_END] if pieces else []
        pieces += _as_table(display_path(path), project, vars(options))
    return write((coloured if wants_colour(options.color, None) else plain)(pieces), None, 0)


def show_files(paths: Sequence[str], projects: ProjectSettings) -> int:
    """Print the paths of the files that would be checked, a line each."""
    status, shown = 0, []
    for path, failure in checked_paths(paths, projects):
        if failure is None:
            shown.append(f"{visible(path)}\n")
        else:
            status = FAILED
            complain(failure_line(failure))
    return write("".join(shown), None, status)


def _as_table(path: str, project: ConfiguredProject, given: Mapping[str, object]) -> Iterator[Piece]:
    yield from line(f"# {path}: {project.file or 'no settings file'}", _ABOUT)
    yield from line(TABLE, "bold")
    data = read_if_there(project.file) if project.file else None
    places: dict[str, int] = {}
    for key, number in _places((data or b"").decode(errors="replace")):
        places.setdefault(key, number)
    for row in SETTINGS:
        value = row.value(project.settings)
        text = f"# {row.key}: not set" if value is None else f"{row.key} = {_toml(value)}"
        yield f"{text:{_WIDEST_VALUE}}", _ABOUT if value is None else PLAIN
        yield f"  # {', '.join(_origins(row, project, places, given))}", _ABOUT
        yield LINE_END


def _origins(
    row: Setting, project: ConfiguredProject, places: Mapping[str, int], given: Mapping[str, object]
) -> Iterator[str]:
    option = given.get(row.key.replace("-", "_"))
    if row.key in project.keys and (option is None or row.adds):
        yield f"{project.file}:{places[row.key]}" if row.key in places else project.file
    if option is not None:
        yield f"--{row.key}"
    elif row.key not in project.keys:
        yield "default"


def _places(text: str) -> Iterator[tuple[str, int]]:
    """The settings in a settings file with the number of the line where each begins, as far as that can be read off."""
    names: tuple[str, ...] = ()
    for number, written in enumerate(text.splitlines(), 1):
        header = _HEADER.match(written)
        key = re.match(r"\s*([^=#]+?)\s*=", written)
        if header:
            names = _parts(header["names"])
        whole = names if header else (*names, *_parts(key[1])) if key else ()
        if whole[: len(_OWN_TABLE)] == _OWN_TABLE and len(whole) > len(_OWN_TABLE):
            yield whole[len(_OWN_TABLE)], number


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))


def _toml(value: object) -> str:
    """A value as TOML writes it, in one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value)
