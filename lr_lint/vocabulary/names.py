"""What a name says about a number: a rate, a horizon, a plain factor, or nothing.

A name is weak evidence. ``min_lr`` is usually a rate and sometimes a fraction, so what a name suggests gives way to
what numbers and other operands show.
"""

from __future__ import annotations

import enum
import functools


class Suggestion(enum.Enum):
    """What a name suggests about the number that it holds."""

    RATE = "rate"
    HORIZON = "horizon"
    WARM_UP = "warm-up"
    PERIOD = "period"
    FACTOR = "factor"
    NOTHING = "nothing"


# Words in the names of optimizers.
OPTIMIZER_WORDS = frozenset({"opt", "optim", "optimizer", "optimizers", "optimiser"})
_RATE_WORDS = frozenset({"lr", "lrs", "learningrate"})
# Words beside "lr" that leave it a rate wherever they stand: lr_min, lr_max, critic_lr, lr_d.
_RATE_QUALIFIERS = frozenset(
    "min max init initial base start end final peak low high lower upper hold target value current cur last first old "
    "new actor critic generator discriminator encoder decoder head backbone body bias g d e q pi v a b s t f 0 1 2 3 "
    "default absolute abs ref reference pretrain finetune train model net ft".split()
)
_AT_FIRST = frozenset({"init", "initial", "start", "starting", "base"})
# Words that make a name about a rate something else, unless "lr" comes last: lr_decay, lr_gamma, lr_mult, lr_steps.
_NOT_A_RATE_BEFORE = frozenset(
    "use is has auto find scale adjust log mult multiplier num n no step steps reset with fixed const rel relative "
    "ratio factor".split()
)
_WARM_UP_WORDS = frozenset({"warm", "warmup", "warmups", "rampup", "ramp", "burnin", "burn"})
# What ends a training: a part of it, as a period is.
_COOL_DOWN_WORDS = frozenset({"cool", "cooldown", "cooldowns", "rampdown", "anneal", "annealing"})
# Last words of names that are about a warm-up and count nothing: warmup_end_value, warmup_mode.
_NO_COUNT = frozenset("value values mode type kind method strategy policy schedule scheduler".split())
_PERIOD_WORDS = frozenset({"period", "every", "interval", "freq", "frequency", "size", "stepsize", "drop", "cycle"})
_TIME_UNITS = frozenset(
    "epoch epochs step steps iter iters iteration iterations batches updates niter nepoch nepochs tmax horizon".split()
)
_FACTOR_WORDS = frozenset(
    "gamma decay factor ratio mult multiplier power frac fraction coef coeff coefficient lrf percent pct scale "
    "rate momentum weight progress alpha beta exponent".split()
)


@functools.lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """The lower-case words of a snake-case or camel-case name, digits apart: ``baseLR2`` gives base, lr, 2."""
    words: list[str] = []
    word = ""
    previous = ""
    for position, letter in enumerate(name):
        follows = name[position + 1 : position + 2]
        if not letter.isalnum():
            boundary, letter = True, ""
        elif letter.isdigit() != previous.isdigit() and previous:
            boundary = True
        else:
            boundary = letter.isupper() and (previous.islower() or (previous.isupper() and follows.islower()))
        if boundary and word:
            words.append(word.lower())
            word = ""
        word += letter
        previous = letter
    if word:
        words.append(word.lower())
    return tuple(_joined(words))


def _joined(words: list[str]) -> list[str]:
    """Joins the words that mean one thing only together: learning rate, warm up, step size."""
    joined: list[str] = []
    for word in words:
        pair = (joined[-1], word) if joined else ("", word)
        if (pair[0] in ("learning", "learn") and word in ("rate", "rates")) or pair == ("l", "r"):
            joined[-1] = "lr"
        elif pair in (("warm", "up"), ("ramp", "up"), ("burn", "in")):
            joined[-1] = "warmup"
        elif pair == ("step", "size"):
            joined[-1] = "stepsize"
        elif word in _RATE_WORDS:
            joined.append("lr")
        else:
            joined.append(word)
    return joined


@functools.lru_cache(maxsize=4096)
def suggestion_of(name: str) -> Suggestion:
    """What the name suggests about its number."""
    words = words_of(name)
    if not words:
        return Suggestion.NOTHING
    if "lr" in words:
        return _about_lr(words)
    if words == ("eta", "min") or words == ("eta", "max"):
        return Suggestion.NOTHING
    if not _WARM_UP_WORDS.isdisjoint(words):
        if words[-1] in _NO_COUNT:
            return Suggestion.NOTHING
        return Suggestion.FACTOR if not _FACTOR_WORDS.isdisjoint(words) else Suggestion.WARM_UP
    if _is_period(words) or (not _COOL_DOWN_WORDS.isdisjoint(words) and not _TIME_UNITS.isdisjoint(words)):
        return Suggestion.PERIOD
    if not _TIME_UNITS.isdisjoint(words):
        return Suggestion.PERIOD if "decay" in words or "drop" in words else Suggestion.HORIZON
    if words[0] in {"total", "horizon", "duration"} or words == ("t", "max"):
        return Suggestion.HORIZON
    if not _FACTOR_WORDS.isdisjoint(words):
        return Suggestion.FACTOR
    return Suggestion.NOTHING


def means_initial_rate(name: str) -> bool:
    """Whether a name is that of the rate that a training starts from, which nobody calls a fraction of it."""
    return suggestion_of(name) is Suggestion.RATE and not _AT_FIRST.isdisjoint(words_of(name))


def _is_period(words: tuple[str, ...]) -> bool:
    if _PERIOD_WORDS.isdisjoint(words) or "batch" in words:
        return False
    return "stepsize" in words or not _TIME_UNITS.isdisjoint(words) or words[-1] in {"every", "period", "interval"}


def _about_lr(words: tuple[str, ...]) -> Suggestion:
    others = [word for word in words if word != "lr"]
    if words[-1] == "lr":
        return Suggestion.NOTHING if not _NOT_A_RATE_BEFORE.isdisjoint(others) else Suggestion.RATE
    if all(word in _RATE_QUALIFIERS for word in others):
        return Suggestion.RATE
    if not _WARM_UP_WORDS.isdisjoint(words) and _FACTOR_WORDS.isdisjoint(words):
        return Suggestion.WARM_UP
    if "stepsize" in words or not _TIME_UNITS.isdisjoint(words):
        return Suggestion.PERIOD
    if not _FACTOR_WORDS.isdisjoint(words):
        return Suggestion.FACTOR
    return Suggestion.NOTHING
