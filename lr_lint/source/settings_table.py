"""The settings that a table ``[tool.lr-lint]`` may hold: each is a row, for whoever reads, shows or describes them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter

from lr_lint.source.contract_settings import SCHEMA as CONTRACTS_SCHEMA
from lr_lint.source.contract_settings import ContractError, contracts_from, rows_of
from lr_lint.source.file_paths import PathPattern, display_path
from lr_lint.source.near_misses import did_you_mean
from lr_lint.source.settings import CONFIDENCES, MOST_JOBS, ConfigurationError, Settings, check_selectors
from lr_lint.vocabulary.contracts import ContractTable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lr_lint.source.baseline import Baseline
    from lr_lint.source.settings import RuleSource

TABLE = "[tool.lr-lint]"
AUTO = "auto"
# Every path is compared with each.
_MOST_PATTERNS = 1_000
# Beyond it, a budget bounds nothing.
_LARGEST_COUNT = 1_000_000_000
_SELECTORS = {"type": "array", "items": {"$ref": "#/definitions/selector"}}
_PATTERN = {"type": "string", "minLength": 1, "maxLength": 500}
_COUNT = {"type": "integer", "minimum": 0, "maximum": _LARGEST_COUNT}


@dataclass(frozen=True, slots=True)
class SettingPlace:
    """Where a value stands.

    Attributes:
        text: for messages.
        file: the settings file, as it is shown.
        root: absolute path of the folder that patterns are relative to.
    """

    text: str
    file: str
    root: str

    def refuse(self, reason: str) -> ConfigurationError:
        """What to raise where the value is not understood."""
        return ConfigurationError(f"{self.text}: {reason}")


@dataclass(frozen=True, slots=True)
class Setting:
    """A row.

    Attributes:
        key: the setting, as it is written.
        meaning: what it does, in one phrase of Markdown.
        schema: what values it may have, in JSON Schema.
        parse: gives what is kept of a value; raises a `ConfigurationError` if that is not understood.
        field: where `Settings` has it: a field, or a field of one.
        written: gives the value as it would stand in the file.
        adds: whether the option of that name adds to it, and does not replace it.
    """

    key: str
    meaning: str
    schema: Mapping[str, object]
    parse: Callable[[object, SettingPlace], object]
    field: str
    written: Callable[[Any], object] = lambda kept: kept
    adds: bool = False

    def put(self, settings: Settings, value: object, place: SettingPlace) -> Settings:
        """The settings with a value of this one."""
        name, _, inner = self.field.partition(".")
        kept: Any = self.parse(value, place)
        return replace(settings, **{name: replace(getattr(settings, name), **{inner: kept}) if inner else kept})

    def value(self, settings: Settings) -> object:
        """Its value, as it would stand in the file."""
        return self.written(attrgetter(self.field)(settings))


def settings_from(table: Mapping[str, object], file: str, root: str, rules: RuleSource) -> Settings:
    """The settings that a table holds.

    Args:
        table: as it was read.
        file: where it was read, as it is shown.
        root: absolute path of the folder that patterns in it are relative to.
        rules: gives all rules.

    Raises:
        ConfigurationError: if something in it is not understood.
    """
    settings = Settings()
    for key, value in table.items():
        place = SettingPlace(f"{file}: {TABLE} {key if key.isprintable() else repr(key)}", file, root)
        row = _BY_KEY.get(key)
        if row is None:
            raise place.refuse(f"unknown setting{did_you_mean(key, _BY_KEY)}")
        settings = row.put(settings, value, place)
    check_selectors(settings.selectors(), rules, f"{file}: {TABLE}")
    return settings


def exclusions(texts: Iterable[str], place: SettingPlace) -> tuple[PathPattern, ...]:
    """Patterns of files and folders that are not looked for.

    Args:
        texts: as the user wrote them.
        place: where they were found.

    Raises:
        ConfigurationError: if one is not understood, or would exclude whatever it does not name.
    """
    patterns = tuple(_pattern(text, place) for text in texts)
    negated = next((pattern for pattern in patterns if pattern.is_negated), None)
    if negated is not None:
        raise place.refuse(f"{negated.text!r} would exclude all other files")
    if len(patterns) > _MOST_PATTERNS:
        raise place.refuse(f"must be at most {_MOST_PATTERNS:,} patterns")
    return patterns


def _strings(value: object, place: SettingPlace) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise place.refuse("must be a list of strings")
    return tuple(value)


def _exclusions(value: object, place: SettingPlace) -> tuple[PathPattern, ...]:
    return exclusions(_strings(value, place), place)


def _pattern(text: str, place: SettingPlace) -> PathPattern:
    try:
        return PathPattern(place.root, text)
    except ValueError as error:
        raise place.refuse(f"{text[:80]!r} {error}") from None


def _per_file_ignores(value: object, place: SettingPlace) -> tuple[tuple[PathPattern, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise place.refuse("must be a table of patterns and lists of rules")
    if len(value) > _MOST_PATTERNS:
        raise place.refuse(f"must be at most {_MOST_PATTERNS:,} patterns")
    return tuple(
        (_pattern(text, place), _strings(selectors, replace(place, text=f"{place.text} {text!r}")))
        for text, selectors in value.items()
    )


def _contracts(value: object, place: SettingPlace) -> ContractTable:
    try:
        return contracts_from(value, place.file)
    except ContractError as error:
        raise place.refuse(str(error)) from None


def _count(value: object, place: SettingPlace) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise place.refuse("must be a whole number, 0 or more")
    if value > _LARGEST_COUNT:
        raise place.refuse(f"must be at most {_LARGEST_COUNT:,}")
    return value


def _confidence(value: object, place: SettingPlace) -> str:
    if value not in CONFIDENCES:
        near = did_you_mean(value, CONFIDENCES) if isinstance(value, str) else ""
        raise place.refuse(f"must be one of {', '.join(CONFIDENCES)}{near}")
    return str(value)


def _flag(value: object, place: SettingPlace) -> bool:
    if not isinstance(value, bool):
        raise place.refuse("must be true or false")
    return value


def _baseline(value: object, place: SettingPlace) -> Baseline:
    if not isinstance(value, str) or not value:
        raise place.refuse("must be the path of a file")
    from lr_lint.source.baseline import BaselineError, read_baseline

    try:
        return read_baseline(os.path.join(place.root, value))
    except BaselineError as error:
        raise place.refuse(str(error)) from None


def _jobs(value: object, place: SettingPlace) -> int | None:
    if value == AUTO:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST_JOBS:
        return value
    raise place.refuse(f'must be "{AUTO}" or a whole number from 1 to {MOST_JOBS}')


def _folder(value: object, place: SettingPlace) -> str:
    if not isinstance(value, str) or not value:
        raise place.refuse("must be the path of a folder")
    return os.path.join(place.root, value)


def _texts(patterns: Iterable[PathPattern]) -> list[str]:
    return [pattern.text for pattern in patterns]


def _ignores_by_text(pairs: Iterable[tuple[PathPattern, tuple[str, ...]]]) -> dict[str, list[str]]:
    return {pattern.text: list(selectors) for pattern, selectors in pairs}


SETTINGS = (
    Setting(
        "select", "the only rules to run; without it, those that are on by default", _SELECTORS, _strings, "select"
    ),
    Setting("extend-select", "rules to run besides these", _SELECTORS, _strings, "extend_select", adds=True),
    Setting("ignore", "rules not to run", _SELECTORS, _strings, "ignore"),
    Setting(
        "per-file-ignores",
        "rules whose findings are not reported in the files of a pattern, whatever selects them",
        {
            "type": "object",
            "maxProperties": _MOST_PATTERNS,
            "propertyNames": _PATTERN,
            "additionalProperties": _SELECTORS,
        },
        _per_file_ignores,
        "per_file_ignores",
        _ignores_by_text,
    ),
    Setting(
        "exclude",
        "files and folders that are not looked for; one that is named is checked",
        {"type": "array", "maxItems": _MOST_PATTERNS, "items": {**_PATTERN, "pattern": "^[^!]"}},
        _exclusions,
        "exclude",
        _texts,
        adds=True,
    ),
    Setting(
        "force-exclude",
        "whether `exclude` holds for files and folders that are named, too (`false` by default)",
        {"type": "boolean", "default": False},
        _flag,
        "force_exclude",
    ),
    Setting(
        "min-confidence",
        "the weakest grade that is reported: `possible`, `likely` (the default) or `certain`",
        {"enum": list(CONFIDENCES), "default": Settings().min_confidence},
        _confidence,
        "min_confidence",
    ),
    Setting(
        "baseline",
        "a file of findings that are known and not told, relative to the settings file: see [old code](adoption.md)",
        {"type": "string", "minLength": 1},
        _baseline,
        "baseline",
        lambda kept: None if kept is None else kept.shown,
    ),
    Setting(
        "jobs",
        'how many processes work in a run from a folder of the project, or `"auto"` (the default): see '
        "[processes](scale.md#processes)",
        {"oneOf": [{"enum": [AUTO]}, {"type": "integer", "minimum": 1, "maximum": MOST_JOBS}], "default": AUTO},
        _jobs,
        "jobs",
        lambda kept: kept or AUTO,
    ),
    Setting(
        "cache-dir",
        "the folder in which results are kept, relative to the settings file: see [the cache](scale.md#the-cache)",
        {"type": "string", "minLength": 1},
        _folder,
        "cache_dir",
        lambda kept: None if kept is None else display_path(kept),
    ),
    Setting(
        "max-steps",
        "steps of the interpreter for one scheduler; where they end, its verdict is unknown and nothing is reported",
        {**_COUNT, "default": Settings().budget.steps},
        _count,
        "budget.steps",
    ),
    Setting(
        "max-files",
        "files of the project that are opened for one scheduler; likewise",
        {**_COUNT, "default": Settings().budget.files},
        _count,
        "budget.files",
    ),
    Setting(
        "contracts",
        "wrappers of your own: see [contracts](contracts.md#wrappers-of-your-own)",
        CONTRACTS_SCHEMA,
        _contracts,
        "contracts",
        rows_of,
    ),
)
_BY_KEY = {row.key: row for row in SETTINGS}
