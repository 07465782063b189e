"""What the user asked for: which rules, which files, how sure a finding must be.

The rules themselves live in a layer above, so whoever calls gives the list of them. It is asked for only where a
setting names a rule: a run without settings does not load the rules to find that all is well.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from lr_lint.source.file_paths import PathPattern, display_path
from lr_lint.source.near_misses import did_you_mean
from lr_lint.source.selectors import EVERY_RULE, closest, specificity
from lr_lint.vocabulary.budgets import DEFAULT_BUDGET, Budget
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import ContractTable

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from typing import Protocol

    class KnownRule(Protocol):
        """The part of a rule that settings are about."""

        @property
        def code(self) -> str:
            """As ``LR101``."""

        @property
        def name(self) -> str:
            """As ``rate-returned-as-factor``."""

        @property
        def default(self) -> bool:
            """Whether the rule is on without being asked for."""

    RuleSource = Callable[[], Iterable[KnownRule]]

CONFIDENCES = ("possible", "likely", "certain")
SETTINGS = (
    "select",
    "extend-select",
    "ignore",
    "exclude",
    "per-file-ignores",
    "min-confidence",
    "max-steps",
    "max-files",
    "contracts",
)
_TABLE = "[tool.lr-lint]"
_FILE_NAME = "pyproject.toml"
# In bytes. A file that holds settings among other things may be larger than one that holds nothing else.
_LARGEST_FILE = 1_000_000
# Every path is compared with each.
_MOST_PATTERNS = 1_000
# Beyond it, a budget bounds nothing.
_LARGEST_COUNT = 1_000_000_000


class ConfigurationError(Exception):
    """A setting that cannot be followed. Its text is one line for the user."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Which findings are reported.

    Attributes:
        select: selectors of the only rules to run, or None for the rules that are on by default.
        extend_select: selectors of rules to run besides these.
        ignore: selectors of rules not to run.
        per_file_ignores: pairs of a pattern and the selectors of rules that are never reported in such files.
        exclude: patterns of files and folders that are not looked for.
        min_confidence: the weakest grade that is reported.
        budget: what following one construction may cost.
        comments: whether comments in the checked files suppress findings.
        contracts: the schedulers that are known, lr-lint's own and the project's.
        fixes: whether fixes are looked for, which takes further analyses of the files that have findings.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[PathPattern, tuple[str, ...]], ...] = ()
    exclude: tuple[PathPattern, ...] = ()
    min_confidence: str = "likely"
    budget: Budget = DEFAULT_BUDGET
    comments: bool = True
    contracts: ContractTable = BUILT_IN
    fixes: bool = False

    def excludes(self, path: str) -> bool:
        """Whether files at this path are not to be looked for."""
        return any(pattern.matches(path) for pattern in self.exclude)

    def selectors(self) -> Iterable[str]:
        """Every selector in use."""
        yield from self.select or ()
        yield from self.extend_select
        yield from self.ignore
        for _, selectors in self.per_file_ignores:
            yield from selectors


def is_enabled(settings: Settings, rule: KnownRule) -> bool:
    """Whether the settings ask for a rule.

    As in flake8, what is said explicitly beats the default, and of two selectors the longer one wins; if both are
    equally long, the rule is off.
    """
    wanted = closest((*(settings.select or ()), *settings.extend_select), rule.code, rule.name)
    unwanted = closest(settings.ignore, rule.code, rule.name)
    if wanted is None:
        return settings.select is None and rule.default and unwanted is None
    return unwanted is None or wanted > unwanted


def is_reported_in(settings: Settings, rule: KnownRule, path: str) -> bool:
    """Whether a rule's findings in this file are reported. A per-file ignore beats every selection."""
    return is_enabled(settings, rule) and not any(
        pattern.matches(path)
        for pattern, selectors in settings.per_file_ignores
        if closest(selectors, rule.code, rule.name) is not None
    )


def check_selectors(selectors: Iterable[str], rules: RuleSource, place: str) -> None:
    """Refuse selectors that describe no rule: a typing error would switch a rule off unnoticed.

    Args:
        selectors: as given by the user.
        rules: gives all rules.
        place: where the selectors were found, for the message.

    Raises:
        ConfigurationError: if a selector describes no rule.
    """
    known: tuple[KnownRule, ...] | None = None
    for selector in selectors:
        known = tuple(rules()) if known is None else known
        if selector != EVERY_RULE and all(specificity(selector, rule.code, rule.name) is None for rule in known):
            raise ConfigurationError(f"{place}: {unknown_rule(selector, known)}")


def unknown_rule(text: str, rules: Iterable[KnownRule]) -> str:
    """What to say about what names no rule, with what may have been meant."""
    rules = tuple(rules)
    words = [EVERY_RULE, *(word for rule in rules for word in (rule.code, rule.name))]
    if any(specificity(text.upper(), rule.code, rule.name) is not None for rule in rules):
        words = [text.upper()]  # the beginning of a code, but for its case
    return f"no rule is called {text!r}{did_you_mean(text, words, ' (lr-lint rules lists them)')}"


def load_settings(paths: Iterable[str], rules: RuleSource, config: str | None = None) -> Settings:
    """The settings of a project.

    Args:
        paths: the paths to check. Without ``config``, the nearest pyproject.toml with a table ``[tool.lr-lint]`` is
            used, from the folder that holds all paths upwards.
        rules: gives all rules.
        config: the file to read instead.

    Raises:
        ConfigurationError: if the file cannot be read, or says something that lr-lint does not understand.
    """
    if config is not None:
        table = _read_table(config)
        if table is None:
            raise ConfigurationError(f"{config}: no table {_TABLE}")
        return _settings_from(table, config, rules)
    folder = _common_folder(paths)
    while True:
        candidate = os.path.join(folder, _FILE_NAME)
        table = _read_table(display_path(candidate)) if os.path.isfile(candidate) else None
        if table is not None:
            return _settings_from(table, display_path(candidate), rules)
        parent = os.path.dirname(folder)
        if parent == folder:
            return Settings()
        folder = parent


def _common_folder(paths: Iterable[str]) -> str:
    absolute = [os.path.abspath(path) for path in paths] or [os.getcwd()]
    try:
        common = os.path.commonpath(absolute)
    except ValueError:  # several drives
        common = os.getcwd()
    return common if os.path.isdir(common) else os.path.dirname(common)


def _read_table(path: str) -> Mapping[str, object] | None:
    data = _read(path)
    if b"lr-lint" not in data:
        return None
    from lr_lint.source.documents import parse_toml
    from lr_lint.source.plain_data import UnreadableError

    try:
        document = parse_toml(data)
    except UnreadableError as error:
        raise ConfigurationError(f"{path}: not valid TOML: {error}") from None
    tool = document.get("tool", {})
    table = tool.get("lr-lint") if isinstance(tool, dict) else None
    if table is None or isinstance(table, dict):
        return table
    raise ConfigurationError(f"{path}: {_TABLE} must be a table")


def _read(path: str) -> bytes:
    """The bytes of a file. Neither a pipe that nobody writes to nor a disk image is read for settings."""
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise ConfigurationError(f"{path}: not a file")
        if status.st_size > _LARGEST_FILE:
            raise ConfigurationError(f"{path}: too large for settings (more than {_LARGEST_FILE:,} bytes)")
        with open(path, "rb") as file:
            return file.read(_LARGEST_FILE)
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"{path}: {getattr(error, 'strerror', None) or error}") from error


def _settings_from(table: Mapping[str, object], path: str, rules: RuleSource) -> Settings:
    root = os.path.dirname(os.path.abspath(path))
    settings = Settings()
    for key, value in table.items():
        place = f"{path}: {_TABLE} {key if key.isprintable() else repr(key)}"
        if key == "select":
            settings = replace(settings, select=_strings(value, place))
        elif key == "extend-select":
            settings = replace(settings, extend_select=_strings(value, place))
        elif key == "ignore":
            settings = replace(settings, ignore=_strings(value, place))
        elif key == "exclude":
            settings = replace(settings, exclude=exclusions(_strings(value, place), root, place))
        elif key == "per-file-ignores":
            settings = replace(settings, per_file_ignores=_per_file_ignores(value, root, place))
        elif key == "min-confidence":
            settings = replace(settings, min_confidence=_confidence(value, place))
        elif key == "max-steps":
            settings = replace(settings, budget=replace(settings.budget, steps=_count(value, place)))
        elif key == "max-files":
            settings = replace(settings, budget=replace(settings.budget, files=_count(value, place)))
        elif key == "contracts":
            settings = replace(settings, contracts=_contracts(value, path, place))
        else:
            raise ConfigurationError(f"{place}: unknown setting{did_you_mean(key, SETTINGS)}")
    check_selectors(settings.selectors(), rules, f"{path}: {_TABLE}")
    return settings


def _strings(value: object, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ConfigurationError(f"{place}: must be a list of strings")
    return tuple(value)


def exclusions(texts: Iterable[str], root: str, place: str) -> tuple[PathPattern, ...]:
    """Patterns of files and folders that are not looked for.

    Args:
        texts: as the user wrote them.
        root: absolute path of the folder that they are relative to.
        place: where they were found, for the message.

    Raises:
        ConfigurationError: if one is not understood, or would exclude whatever it does not name.
    """
    patterns = tuple(_pattern(text, root, place) for text in texts)
    negated = next((pattern for pattern in patterns if pattern.is_negated), None)
    if negated is not None:
        raise ConfigurationError(f"{place}: {negated.text!r} would exclude all other files")
    if len(patterns) > _MOST_PATTERNS:
        raise ConfigurationError(f"{place}: must be at most {_MOST_PATTERNS:,} patterns")
    return patterns


def _pattern(text: str, root: str, place: str) -> PathPattern:
    try:
        return PathPattern(root, text)
    except ValueError as error:
        raise ConfigurationError(f"{place}: {text[:80]!r} {error}") from None


def _per_file_ignores(value: object, root: str, place: str) -> tuple[tuple[PathPattern, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise ConfigurationError(f"{place}: must be a table of patterns and lists of rules")
    if len(value) > _MOST_PATTERNS:
        raise ConfigurationError(f"{place}: must be at most {_MOST_PATTERNS:,} patterns")
    return tuple(
        (_pattern(text, root, place), _strings(selectors, f"{place} {text!r}")) for text, selectors in value.items()
    )


def _contracts(value: object, path: str, place: str) -> ContractTable:
    from lr_lint.source.contract_settings import ContractError, contracts_from

    try:
        return contracts_from(value, path)
    except ContractError as error:
        raise ConfigurationError(f"{place}: {error}") from None


def _count(value: object, place: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ConfigurationError(f"{place}: must be a whole number, 0 or more")
    if value > _LARGEST_COUNT:
        raise ConfigurationError(f"{place}: must be at most {_LARGEST_COUNT:,}")
    return value


def _confidence(value: object, place: str) -> str:
    if value not in CONFIDENCES:
        near = did_you_mean(value, CONFIDENCES) if isinstance(value, str) else ""
        raise ConfigurationError(f"{place}: must be one of {', '.join(CONFIDENCES)}{near}")
    return str(value)
