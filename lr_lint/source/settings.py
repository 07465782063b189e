"""What the user asked for: which rules, which files, how sure a finding must be.

The rules themselves live in a layer above, so whoever calls gives the list of them. It is asked for only where a
setting names a rule: a run without settings does not load the rules to find that all is well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lr_lint.source.file_paths import PathPattern
from lr_lint.source.near_misses import did_you_mean
from lr_lint.source.selectors import EVERY_RULE, closest, specificity
from lr_lint.vocabulary.budgets import DEFAULT_BUDGET, Budget
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import ContractTable

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from typing import Protocol

    from lr_lint.source.baseline import Baseline

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

# In no machine there are more processors.
MOST_JOBS = 1_024
CONFIDENCES = ("possible", "likely", "certain")


class ConfigurationError(ValueError):
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
        force_exclude: whether that holds for files and folders that are named, too.
        min_confidence: the weakest grade that is reported.
        budget: what following one construction may cost.
        comments: whether comments in the checked files suppress findings.
        contracts: the schedulers that are known, lr-lint's own and the project's.
        baseline: the findings that are known already, and not told again; None for none.
        jobs: how many processes work, in a run from a folder that these settings hold for; if None, as many as pay.
        cache_dir: absolute path of the folder in which results are kept; None for the usual one.
        fixes: whether fixes are looked for, which takes further analyses of the files that have findings.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[PathPattern, tuple[str, ...]], ...] = ()
    exclude: tuple[PathPattern, ...] = ()
    force_exclude: bool = False
    min_confidence: str = "likely"
    budget: Budget = DEFAULT_BUDGET
    comments: bool = True
    contracts: ContractTable = BUILT_IN
    baseline: Baseline | None = None
    jobs: int | None = None
    cache_dir: str | None = None
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
    return is_enabled(settings, rule) and not is_ignored_in(settings, rule, path)


def is_ignored_in(settings: Settings, rule: KnownRule, path: str) -> bool:
    """Whether a rule's findings in this file are ignored, whatever is selected."""
    return any(
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


def unknown_rule(text: str, rules: Iterable[KnownRule], *, one: bool = False) -> str:
    """What to say about what names no rule, with what may have been meant.

    Args:
        text: as it was written.
        rules: all rules.
        one: whether a single rule was to be named, and not any number.
    """
    rules = tuple(rules)
    words = [word for rule in rules for word in (rule.code, rule.name)]
    if not one:
        words.append(EVERY_RULE)
        if any(specificity(text.upper(), rule.code, rule.name) is not None for rule in rules):
            words = [text.upper()]  # the beginning of a code, but for its case
    return f"no rule is called {text!r}{did_you_mean(text, words, ' (lr-lint rules lists them)')}"


def check_settings(settings: Settings, rules: RuleSource) -> None:
    """Refuse settings that a program made and that cannot be followed.

    Args:
        settings: as they were made.
        rules: gives all rules.

    Raises:
        ConfigurationError: if a field holds what it cannot hold, or a selector describes no rule.
    """
    if not isinstance(settings, Settings):
        raise ConfigurationError(f"settings must be Settings, not {_shown(settings)}")
    for name in ("select", "extend_select", "ignore"):
        _check_texts(f"Settings.{name}", getattr(settings, name), none=name == "select")
    _check_items("Settings.exclude", settings.exclude, PathPattern, "PathPattern(root, text)")
    _check_items("Settings.per_file_ignores", settings.per_file_ignores, tuple, "pairs of a PathPattern and selectors")
    for pair in settings.per_file_ignores:
        if len(pair) != 2 or not isinstance(pair[0], PathPattern):
            raise ConfigurationError(f"Settings.per_file_ignores: {_shown(pair)} is no PathPattern and selectors")
        _check_texts("Settings.per_file_ignores", pair[1])
    if settings.min_confidence not in CONFIDENCES:
        near = did_you_mean(str(settings.min_confidence), CONFIDENCES)
        raise ConfigurationError(f"Settings.min_confidence must be one of {', '.join(CONFIDENCES)}{near}")
    jobs = settings.jobs
    if jobs is not None and (not isinstance(jobs, int) or not 1 <= jobs <= MOST_JOBS):
        raise ConfigurationError(f"Settings.jobs must be None or a number from 1 to {MOST_JOBS}, not {_shown(jobs)}")
    if settings.cache_dir is not None and not isinstance(settings.cache_dir, str):
        raise ConfigurationError(f"Settings.cache_dir must be a path, not {_shown(settings.cache_dir)}")
    for name, kind in (
        ("budget", Budget),
        ("contracts", ContractTable),
        ("comments", bool),
        ("fixes", bool),
        ("force_exclude", bool),
    ):
        if not isinstance(getattr(settings, name), kind):
            raise ConfigurationError(
                f"Settings.{name} must be a {kind.__name__}, not {_shown(getattr(settings, name))}"
            )
    if settings.baseline is not None:
        from lr_lint.source.baseline import Baseline

        if not isinstance(settings.baseline, Baseline):
            raise ConfigurationError(f"Settings.baseline must be a Baseline, not {_shown(settings.baseline)}")
    if settings.baseline is not None:
        from lr_lint.source.baseline import Baseline

        if not isinstance(settings.baseline, Baseline):
            raise ConfigurationError(f"Settings.baseline must be a Baseline, not {_shown(settings.baseline)}")
    check_selectors(settings.selectors(), rules, "Settings")


def _check_texts(place: str, value: object, *, none: bool = False) -> None:
    if not (none and value is None):
        _check_items(place, value, str, "strings")


def _check_items(place: str, value: object, kind: type, what: str) -> None:
    if not isinstance(value, (tuple, list)):
        raise ConfigurationError(f"{place} must be a tuple of {what}, not {_shown(value)}")
    for item in value:
        if not isinstance(item, kind):
            raise ConfigurationError(f"{place} must be a tuple of {what}, and {_shown(item)} is none")


def _shown(value: object) -> str:
    return repr(value)[:80]
