"""Which settings hold for a file: those of the nearest settings file above it that has a table ``[tool.lr-lint]``.

A project may hold other projects, each with a table of its own, so the question is asked for each file, and answered
once for each folder. Who walks through folders says what is in them, so that nothing is looked for twice.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, replace

from lr_lint.source.discovery import is_in_folder_of_others
from lr_lint.source.file_paths import display_path
from lr_lint.source.settings import ConfigurationError, Settings

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from lr_lint.source.settings import RuleSource

FILE_NAME = "pyproject.toml"
# In bytes. A file that holds settings among other things may be larger than one that holds nothing else.
_LARGEST_FILE = 1_000_000
# Names by which somebody may have meant our table; as it stood, it would change nothing.
_MISTYPED = ("lr_lint", "lrlint")


@dataclass(frozen=True, slots=True)
class ConfiguredProject:
    """What holds for the files of a folder.

    Attributes:
        settings: those in force.
        file: the settings file, as it is shown; empty where there is none.
        keys: the settings that it makes.
        problem: why it is not understood, in one line that does not name it. Then nothing is known of the settings.
    """

    settings: Settings
    file: str = ""
    keys: tuple[str, ...] = ()
    problem: str = ""


class ProjectSettings:
    """The settings of every file, for one run from one current directory."""

    def __init__(
        self,
        rules: RuleSource,
        *,
        config: str | None = None,
        isolated: bool = False,
        adjust: Callable[[Settings], Settings] = lambda settings: settings,
    ) -> None:
        """Nothing is read before somebody asks about a file, unless a settings file is named.

        Args:
            rules: gives all rules.
            config: the file that holds for all, in place of those that are found.
            isolated: whether no file is read.
            adjust: makes of the settings of a project those in force, which a host has a say in.

        Raises:
            ConfigurationError: if the file that is named cannot be read, has no table, or one that is not understood.
        """
        self._rules = rules
        self._adjust = adjust
        self._default = ConfiguredProject(adjust(Settings()))
        self._everywhere: ConfiguredProject | None = self._default if isolated else None
        if config is not None:
            self._everywhere = self._named(config)
        self._by_shown: dict[str, ConfiguredProject] = {}
        self._by_folder: dict[str, ConfiguredProject] = {}

    @classmethod
    def everywhere(cls, settings: Settings) -> ProjectSettings:
        """The same settings for every file; no file is read."""
        return cls(tuple, isolated=True, adjust=lambda _: settings)

    def settings_for(self, path: str) -> Settings:
        """The settings of a file, which need not be there.

        Raises:
            ConfigurationError: if its settings file cannot be read, or says something that is not understood.
        """
        project = self.project_of(path)
        if project.problem:
            raise ConfigurationError(f"{project.file}: {project.problem}")
        return project.settings

    def project_of(self, path: str) -> ConfiguredProject:
        """What holds for a file, relative to the current directory with "/" or absolute; for a folder, around it."""
        folder = _holder(path)
        known = self._everywhere or self._by_shown.get(folder)
        if known is None:
            known = self._by_shown[folder] = self._project_in(os.path.abspath(folder or "."))
        return known

    def project_at(self, path: str) -> ConfiguredProject:
        """What holds at a path as the user wrote it: of a folder, for the files right in it."""
        shown = display_path(path)
        if not os.path.isdir(path):
            return self.project_of(shown)
        return self.project_of("file" if shown == "." else f"{shown}/file")

    def enter(self, folder: str, names: Container[str]) -> None:
        """Take note of what is in a folder, before anybody asks about a file in it.

        Args:
            folder: relative to the current directory with "/".
            names: those of the files and folders in it.
        """
        shown = "" if folder == "." else f"{folder}/"
        if self._everywhere is not None or shown in self._by_shown or FILE_NAME in names:
            return  # what is not known yet is looked for when somebody asks
        around = None if shown.endswith("../") else self._by_shown.get(_holder(shown))
        self._by_shown[shown] = around or self._project_above(os.path.abspath(folder))

    def leaves_out(self, path: str) -> bool:
        """Whether a file, or a folder with "/" at its end, is not to be looked for.

        What is in a folder is judged by the settings of that folder, and a folder by those around it: where a project
        holds another one, it says whether that is entered, and that says what is left out of it.
        """
        settings = self.project_of(path).settings
        return bool(settings.exclude) and settings.excludes(path)

    def forces_out(self, path: str) -> bool:
        """Whether a file is left out even though somebody names it, or a folder above it."""
        if not self.project_of(path).settings.force_exclude:
            return False
        files = [project.file for _, project in self._projects_around(path) if project.file]
        root = os.path.dirname(os.path.abspath(files[-1])) if files else os.getcwd()
        return self.is_excluded(path) or is_in_folder_of_others(path, root)

    def is_excluded(self, path: str) -> bool:
        """Whether a file is excluded by its project, or its project by one around that."""
        return any(project.settings.excludes(each) for each, project in self._projects_around(path))

    def _projects_around(self, path: str) -> Iterator[tuple[str, ConfiguredProject]]:
        """A file with its project, then the folder of that with the project which it is in, and so on."""
        project = self.project_of(path)
        yield path, project
        while project.file and self._everywhere is None:
            root = os.path.dirname(os.path.abspath(project.file))
            if os.path.dirname(root) == root:
                break
            project = self._project_in(os.path.dirname(root))
            yield display_path(root) + "/", project

    def _named(self, config: str) -> ConfiguredProject:
        table = _table_in(config)
        if table is None:
            from lr_lint.source.settings_table import TABLE

            raise ConfigurationError(f"{config}: no table {TABLE}")
        return self._from(table, config)

    def _project_in(self, folder: str) -> ConfiguredProject:
        """What holds for the files right in a folder, by its absolute path."""
        known = self._by_folder.get(folder)
        if known is None:
            there = os.path.isfile(os.path.join(folder, FILE_NAME))
            known = self._by_folder[folder] = (self._read(folder) if there else None) or self._project_above(folder)
        return known

    def _project_above(self, folder: str) -> ConfiguredProject:
        parent = os.path.dirname(folder)
        return self._default if parent == folder else self._project_in(parent)

    def _read(self, folder: str) -> ConfiguredProject | None:
        """What the settings file in a folder says; None where it says nothing to lr-lint."""
        file = display_path(os.path.join(folder, FILE_NAME))
        try:
            table = _table_in(file)
            return None if table is None else self._from(table, file)
        except ConfigurationError as error:
            return replace(self._default, file=file, problem=str(error).removeprefix(f"{file}: "))

    def _from(self, table: Mapping[str, object], file: str) -> ConfiguredProject:
        from lr_lint.source.settings_table import settings_from

        settings = settings_from(table, file, os.path.dirname(os.path.abspath(file)), self._rules)
        return ConfiguredProject(self._adjust(settings), file, tuple(table))


def _holder(path: str) -> str:
    """The folder of a file, or of a folder with "/" at its end: with a "/" itself, and empty for the current one."""
    return path[: path.rfind("/", 0, -1) + 1]


def _table_in(path: str) -> Mapping[str, object] | None:
    data = _bytes_of(path)
    if b"lr-lint" not in data and not any(name.encode() in data for name in _MISTYPED):
        return None
    from lr_lint.source.documents import parse_toml
    from lr_lint.source.plain_data import UnreadableError
    from lr_lint.source.settings_table import TABLE

    try:
        document = parse_toml(data)
    except UnreadableError as error:
        raise ConfigurationError(f"{path}: not valid TOML: {error}") from None
    tool = document.get("tool", {})
    tables = tool if isinstance(tool, dict) else {}
    mistyped = next((name for name in _MISTYPED if name in tables), None)
    if mistyped is not None:
        raise ConfigurationError(f"{path}: [tool.{mistyped}] is read by nobody; did you mean {TABLE}?")
    table = tables.get("lr-lint")
    if table is None or isinstance(table, dict):
        return table
    raise ConfigurationError(f"{path}: {TABLE} must be a table")


def _bytes_of(path: str) -> bytes:
    """The bytes of a file. Neither a pipe that nobody writes to nor a disk image is read for settings."""
    try:
        status = os.stat(path)
        data = b""
        if stat.S_ISREG(status.st_mode) and status.st_size <= _LARGEST_FILE:
            with open(path, "rb") as file:
                data = file.read(_LARGEST_FILE)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    if not stat.S_ISREG(status.st_mode):
        raise ConfigurationError(f"{path}: not a file")
    if status.st_size > _LARGEST_FILE:
        raise ConfigurationError(f"{path}: too large for settings (more than {_LARGEST_FILE:,} bytes)")
    return data
