"""The options that say which settings hold, for every command that has them, and what comes of them."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable
from dataclasses import replace

from lr_lint.command.console import CommandParser, RefusalError
from lr_lint.source.file_paths import split_patterns
from lr_lint.source.project_settings import ProjectSettings
from lr_lint.source.settings import CONFIDENCES, Settings, check_selectors

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from typing import Any

    from lr_lint.checks.rules.base import Rule
    from lr_lint.source.baseline import Baseline
    from lr_lint.source.file_paths import PathPattern


def add_rule_options(parser: CommandParser) -> None:
    """The options of a command that reports findings."""
    rules = parser.add_argument_group("which findings", "RULES are codes, beginnings of codes, names, or ALL")
    rules.add_argument("--select", action="append", metavar="RULES", help="run these rules only")
    rules.add_argument("--extend-select", action="append", metavar="RULES", help="run these rules as well")
    rules.add_argument("--ignore", action="append", metavar="RULES", help="do not run these rules")
    rules.add_argument("--min-confidence", choices=CONFIDENCES, help="the weakest grade reported (default: likely)")


def add_file_options(parser: CommandParser) -> argparse._ArgumentGroup:
    """The options of a command that looks for files; the group that they are in."""
    files = parser.add_argument_group("which files")
    files.add_argument("--exclude", action="append", metavar="PATTERNS", help="files and folders not to look for")
    files.add_argument(
        "--force-exclude",
        action=argparse.BooleanOptionalAction,
        help="leave out what is excluded even where it is named, as hooks and editors do",
    )
    add_config_options(files)
    return files


def add_config_options(group: argparse._ActionsContainer) -> None:
    """The options of a command that reads settings files."""
    group.add_argument("--config", metavar="FILE", help="read [tool.lr-lint] from this file, not from pyproject.toml")
    group.add_argument("--isolated", action="store_true", help="read no configuration file")


def project_settings(options: argparse.Namespace, **changes: object) -> ProjectSettings:
    """The settings of every file, by the settings files and the options, of which a command need not have all.

    Args:
        options: those of the command line.
        changes: fields of `Settings` that the command itself decides on.

    Raises:
        RefusalError: if the options contradict each other.
        ConfigurationError: if one is not understood, or the settings file that is named.
    """
    if options.isolated and options.config is not None:
        raise RefusalError("--config and --isolated exclude each other")
    adjust = _adjustment(vars(options), changes)
    return ProjectSettings(all_rules, config=options.config, isolated=options.isolated, adjust=adjust)


def all_rules() -> tuple[Rule, ...]:
    """The rules, loaded only where somebody asks for them."""
    from lr_lint.checks.rules import RULES

    return RULES


def _adjustment(given: dict[str, Any], changes: dict[str, Any]) -> Callable[[Settings], Settings]:
    """Puts what the command line says in the place of what a settings file says, or adds it."""
    if given.get("no_baseline"):
        changes = {**changes, "baseline": None}
    elif given.get("baseline") is not None:
        changes = {**changes, "baseline": named_baseline(given["baseline"])}
    replacing: dict[str, Any] = {
        name: _selectors(given, name) for name in ("select", "ignore") if given.get(name) is not None
    }
    for name in ("min_confidence", "force_exclude"):
        if given.get(name) is not None:
            replacing[name] = given[name]
    more, left_out = _selectors(given, "extend_select"), _exclusions(given.get("exclude"))

    def adjust(settings: Settings) -> Settings:
        extend_select, exclude = (*settings.extend_select, *more), (*settings.exclude, *left_out)
        return replace(settings, **{**changes, **replacing, "extend_select": extend_select, "exclude": exclude})

    return adjust


def named_baseline(path: str) -> Baseline:
    """The baseline that an option names, which need not be there yet.

    Raises:
        RefusalError: if there is a file in its place that is none.
    """
    from lr_lint.source.baseline import BaselineError, read_baseline

    try:
        return read_baseline(path)
    except BaselineError as error:
        raise RefusalError(str(error)) from None


def _selectors(given: dict[str, Any], name: str) -> tuple[str, ...]:
    """The items of an option that may be repeated and takes lists with commas."""
    texts = given.get(name) or ()
    selectors = tuple(item.strip() for text in texts for item in text.split(",") if item.strip())
    option = f"--{name.replace('_', '-')}"
    if texts and not selectors and name == "select":
        raise RefusalError(f"{option}: no rule is named")  # by an empty variable, say, which would call all files clean
    check_selectors(selectors, all_rules, option)
    return selectors


def _exclusions(values: Iterable[str] | None) -> tuple[PathPattern, ...]:
    if values is None:
        return ()
    from lr_lint.source.settings_table import SettingPlace, exclusions

    patterns = [pattern for value in values for pattern in split_patterns(value)]
    return exclusions(patterns, SettingPlace("--exclude", "", os.getcwd()))
