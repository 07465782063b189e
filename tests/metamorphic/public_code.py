"""Programs of projects in a folder, each in a folder of its own, as `--corpus` takes them. None of them is run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from lr_lint.source.gate import mentions_scheduler
from lr_lint.vocabulary.contract_rows import BUILT_IN
from tests.metamorphic.programs import Program

# Settings that a program may read; larger ones are data.
_SETTINGS = frozenset({".yaml", ".yml", ".json", ".toml"})
_LARGEST = 300_000
# A file that takes longer to write anew than to check again and again.
_LARGEST_PROGRAM = 60_000


def programs_in(folder: Path, labels: Path | None) -> Iterator[tuple[str, Program]]:
    """The Python files of a folder's projects that mention a scheduler, by name.

    Args:
        folder: one folder in it for each project, called ``owner+name``, with ``@`` and a commit or without.
        labels: a file of JSON lines with ``repo`` and ``path``: only those files are taken. All if None.
    """
    wanted = None if labels is None else {(row["repo"], row["path"]) for row in _rows(labels)}
    for project in sorted(path for path in folder.iterdir() if path.is_dir()):
        repository = project.name.partition("@")[0].replace("+", "/", 1)
        paths = [path for path in sorted(project.rglob("*.py")) if path.is_file()]
        chosen = [path for path in paths if _is_wanted(path, project, repository, wanted)]
        files = _files_of(project) if chosen else {}
        for path in chosen:
            own = path.relative_to(project).as_posix()
            others = {other: data for other, data in files.items() if other != own}
            yield f"{project.name}/{own}", Program(own, files[own], others)


def _rows(labels: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines() if line.strip()]


def _is_wanted(path: Path, project: Path, repository: str, wanted: set[tuple[str, str]] | None) -> bool:
    if wanted is not None and (repository, path.relative_to(project).as_posix()) not in wanted:
        return False
    data = path.read_bytes()
    return len(data) <= _LARGEST_PROGRAM and mentions_scheduler(data, BUILT_IN)


def _files_of(project: Path) -> dict[str, bytes]:
    files = {}
    for path in project.rglob("*"):
        is_settings = path.suffix in _SETTINGS and path.is_file() and path.stat().st_size <= _LARGEST
        if is_settings or (path.suffix == ".py" and path.is_file()):
            files[path.relative_to(project).as_posix()] = path.read_bytes()
    return files
