"""What names suggest: a rate, a count, a factor, or nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lr_lint.vocabulary.names import Suggestion, suggestion_of, words_of

RATES = {
    "lr": "the usual name",
    "LR": "the usual constant",
    "learning_rate": "spelled out",
    "LEARNING_RATE": "spelled out, a constant",
    "learningRate": "spelled out in camel case",
    "baseLR": "camel case with capitals at the end",
    "base_lr": "the rate that others derive from",
    "init_lr": "the first rate",
    "initial_lr": "torch's own name for it",
    "lr0": "the first rate, numbered",
    "lrs": "several rates",
    "base_lrs": "torch's list of initial rates",
    "min_lr": "a floor in rates",
    "lr_min": "a floor in rates, the other way round",
    "max_lr": "a peak in rates",
    "peak_learning_rate": "a peak in rates, spelled out",
    "lr_end": "the last rate",
    "decay_lr": "the rate to decay to, not how it decays",
    "warmup_lr": "the rate that a warm-up starts from",
    "lr_g": "the generator's rate",
    "backbone_lr": "the rate of a part of the model",
    "lr_head": "the rate of a part of the model, the other way round",
}
FACTORS = {
    "lr_decay": "by how much the rate decays",
    "lr_decay_rate": "by how much the rate decays, in two words",
    "lr_gamma": "a base of powers",
    "lr_mult": "a multiple of the rate",
    "lr_multiplier": "a multiple of the rate, spelled out",
    "lr_scale": "a scale of the rate",
    "lr_factor": "says so",
    "lrf": "the final rate as a fraction",
    "min_lr_ratio": "a floor as a fraction of the rate",
    "final_lr_fraction": "an end as a fraction of the rate",
    "warmup_factor": "a fraction in the warm-up",
    "gamma": "a base of powers",
    "decay_rate": "a rate, but none of learning",
    "dropout_rate": "a rate, but none of learning",
    "momentum": "another parameter of the optimizer",
    "weight_decay": "another parameter of the optimizer",
    "power": "an exponent",
    "alpha": "a share",
}
ASSUMED_COUNTS = {
    "n_epochs": "how many epochs",
    "num_epochs": "how many epochs",
    "max_epoch": "the last epoch",
    "total_steps": "how many steps",
    "num_training_steps": "how many steps",
    "max_iter": "how many iterations",
    "T_max": "torch's name for half a period of the cosine",
}
WARM_UPS = {
    "warmup_steps": "how long the warm-up is",
    "num_warmup_steps": "how long the warm-up is",
    "warm_up": "how long the warm-up is, in two words",
    "WarmUpSteps": "how long the warm-up is, in camel case",
    "lr_warmup": "how long the rate's warm-up is",
    "rampup_length": "how long the ramp is",
    "burn_in": "how long the burn-in is",
}
PERIODS = {
    "step_size": "epochs between drops",
    "lr_step_size": "epochs between drops of the rate",
    "lr_steps": "where the rate drops",
    "decay_steps": "steps between decays",
    "lr_decay_epochs": "epochs between decays",
    "decay_every": "steps between decays",
}
NOTHINGS = {
    "x": "a letter",
    "args": "a container of options",
    "hyp": "a container of options",
    "batch_size": "a size, but not of time",
    "has_lr": "a flag",
    "relative_lr": "relative to another rate",
    "lr_policy": "the name of a policy",
    "warmup_end_value": "where a warm-up ends, in whatever unit",
    "warmup_mode": "the name of a kind of warm-up",
    "lr_lambda": "a function",
    "eta_min": "torch's floor, a rate there and a fraction elsewhere",
    "": "no name at all",
}
TABLE = [
    pytest.param(name, suggestion, id=f"{name or '(empty)'}: {why}")
    for suggestion, names in (
        (Suggestion.RATE, RATES),
        (Suggestion.FACTOR, FACTORS),
        (Suggestion.HORIZON, ASSUMED_COUNTS),
        (Suggestion.WARM_UP, WARM_UPS),
        (Suggestion.PERIOD, PERIODS),
        (Suggestion.NOTHING, NOTHINGS),
    )
    for name, why in names.items()
]


@pytest.mark.parametrize(("name", "suggestion"), TABLE)
def test_what_a_name_suggests(name: str, suggestion: Suggestion) -> None:
    """A name that is taken for a rate by mistake makes a false alarm; one that is overlooked makes a miss."""
    assert suggestion_of(name) is suggestion


# The other words of which such names are made, one name each.
MORE = {
    Suggestion.RATE: (
        "lr_max lr_init lr_initial lr_base lr_start lr_final lr_peak lr_low lr_high lr_lower lr_upper lr_hold "
        "lr_target lr_value lr_current lr_cur lr_last lr_first lr_old lr_new lr_actor lr_critic lr_generator "
        "lr_discriminator lr_encoder lr_decoder lr_backbone lr_body lr_bias lr_d lr_e lr_q lr_pi lr_v lr_a lr_b "
        "lr_s lr_t lr_f lr1 lr_2 lr_3 lr_default lr_absolute lr_abs lr_ref lr_reference lr_pretrain lr_finetune "
        "lr_train lr_model lr_net lr_ft learn_rate_min learningrate l_r"
    ),
    Suggestion.NOTHING: (
        "use_lr is_lr auto_lr find_lr scale_lr adjust_lr log_lr mult_lr multiplier_lr num_lr n_lr no_lr step_lr "
        "steps_lr reset_lr with_lr fixed_lr const_lr rel_lr ratio_lr factor_lr warmup_value warmup_values "
        "warmup_type warmup_kind warmup_method warmup_strategy warmup_policy warmup_schedule warmup_scheduler "
        "lr_name eta_max batch_period drop period_of cycle frequency"
    ),
    Suggestion.FACTOR: (
        "decay factor ratio mult multiplier frac fraction coef coeff coefficient percent pct scale rate weight "
        "progress beta exponent lr_power lr_ratio lr_frac lr_percent warmup_ratio lr_warmup_frac"
    ),
    Suggestion.HORIZON: (
        "epochs step steps iter iters iteration iterations batches updates niter nepoch nepochs tmax total "
        "duration horizon horizon_length total_batches"
    ),
    Suggestion.WARM_UP: ("warm warmups rampup ramp burnin lr_warmup_start"),
    Suggestion.PERIOD: (
        "every period interval log_every batches_every step_freq epoch_frequency epoch_cycle drop_epochs "
        "drop_step iter_size lr_epochs lr_iters step_decay stepsize save_interval cycle_steps"
    ),
}


@pytest.mark.parametrize("suggestion", MORE)
def test_what_the_other_words_suggest(suggestion: Suggestion) -> None:
    assert {name: suggestion_of(name) for name in MORE[suggestion].split()} == dict.fromkeys(
        MORE[suggestion].split(), suggestion
    )


@pytest.mark.parametrize("name", ["base_lr", "lr_decay", "warmup_steps", "total_steps", "min_lr_ratio"])
@pytest.mark.parametrize("spelled", [str.upper, str.title, lambda name: name.title().replace("_", "")])
def test_spelling_makes_no_difference(name: str, spelled: Callable[[str], str]) -> None:
    """snake_case, CONSTANTS, Title_Case and CamelCase say the same."""
    assert suggestion_of(spelled(name)) is suggestion_of(name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("baseLR2", ("base", "lr", "2")),
        ("learning_rate_decay", ("lr", "decay")),
        ("LearningRateDecay", ("lr", "decay")),
        ("warm_up_steps", ("warmup", "steps")),
        ("step_size", ("stepsize",)),
        ("_private__name_", ("private", "name")),
        ("HTTPServer", ("http", "server")),
        ("___", ()),
    ],
)
def test_words_of_a_name(name: str, words: tuple[str, ...]) -> None:
    """Names come apart at underscores, capitals and digits; words that belong together are joined."""
    assert words_of(name) == words
