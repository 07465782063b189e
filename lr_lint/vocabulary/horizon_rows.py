"""Schedulers with a curve of their own: which of their arguments count time. Each row is an API fact."""

from __future__ import annotations

from lr_lint.vocabulary.contracts import Contract, Extent, Horizon, Meaning

_TORCH = "torch.optim.lr_scheduler."
_TORCH_DOCUMENTATION = "https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler."
_TRANSFORMERS = "https://huggingface.co/docs/transformers/main_classes/optimizer_schedules"
_TIMM = "https://huggingface.co/docs/timm/reference/schedulers"


# Schedulers whose `get_lr` computes the next rate from the one at hand: from outside it gives another one than that of
# the moment, at each step or where the rate drops (torch 2.13.0, run).
_RECURSIVE = frozenset("StepLR MultiStepLR ExponentialLR ConstantLR LinearLR PolynomialLR CosineAnnealingLR".split())
# Those whose rate follows from the initial one and the number of steps, whatever the group has (torch 2.13.0, run).
_FROM_START = frozenset({"CosineAnnealingWarmRestarts", "CyclicLR", "OneCycleLR"})
# Where they are told which step was the last one.
_LAST_EPOCH = "last_epoch"
_RESUMED = {
    "StepLR": 3,
    "MultiStepLR": 3,
    "ExponentialLR": 2,
    "ConstantLR": 3,
    "LinearLR": 4,
    "PolynomialLR": 3,
    "CosineAnnealingLR": 3,
    "CosineAnnealingWarmRestarts": 4,
    "CyclicLR": 12,
    "OneCycleLR": 13,
}
# Schedulers that are made of others.
_PARTS = {"SequentialLR": (1, "schedulers"), "ChainedScheduler": (0, "schedulers")}


def _torch(name: str, *horizons: Horizon) -> Contract:
    return Contract(
        name=_TORCH + name,
        meaning=Meaning.CURVE,
        callable=None,
        # A chain of schedulers is given no optimizer besides theirs.
        optimizer=None if _PARTS.get(name, (1, ""))[0] == 0 else (0, "optimizer"),
        horizons=horizons,
        parts=_PARTS.get(name),
        recursive=name in _RECURSIVE,
        from_start=name in _FROM_START,
        at_once=name == "ChainedScheduler",
        resumed=(_RESUMED[name], _LAST_EPOCH) if name in _RESUMED else None,
        overridden_by=("get_lr", "_get_closed_form_lr", "step"),
        source=f"{_TORCH_DOCUMENTATION}{name}.html",
        checked="torch 2.13.0",
        needs=("lr_scheduler", name),
    )


def _transformers(name: str, *horizons: Horizon, optimizer: int = 0) -> Contract:
    return Contract(
        name=f"transformers.{name}",
        meaning=Meaning.CURVE,
        callable=None,
        optimizer=(optimizer, "optimizer"),
        horizons=horizons,
        # They give a LambdaLR.
        from_start=True,
        source=_TRANSFORMERS,
        checked="transformers 5.24.0",
        aliases=(f"transformers.optimization.{name}",),
        needs=("transformers", name),
    )


def _timm(name: str, *horizons: Horizon) -> Contract:
    return Contract(
        name=f"timm.scheduler.{name}",
        meaning=Meaning.CURVE,
        callable=None,
        optimizer=(0, "optimizer"),
        horizons=horizons,
        by_argument=True,
        source=_TIMM,
        checked="not run; source of timm 1.0 read",
        aliases=(f"timm.scheduler.{_TIMM_MODULES[name]}.{name}", f"timm.scheduler.scheduler.{name}"),
        needs=("timm", name),
    )


_TIMM_MODULES = {
    "CosineLRScheduler": "cosine_lr",
    "MultiStepLRScheduler": "multistep_lr",
    "PolyLRScheduler": "poly_lr",
    "StepLRScheduler": "step_lr",
    "TanhLRScheduler": "tanh_lr",
}


def _whole(position: int | None, name: str) -> Horizon:
    return Horizon((position, name), Extent.WHOLE)


def _warm_up(position: int | None, name: str) -> Horizon:
    return Horizon((position, name), Extent.WARM_UP)


def _period(position: int | None, name: str) -> Horizon:
    return Horizon((position, name), Extent.PERIOD)


_TRAINING = (_warm_up(1, "num_warmup_steps"), _whole(2, "num_training_steps"))
_NAMED = (_warm_up(2, "num_warmup_steps"), _whole(3, "num_training_steps"))

HORIZON_ROWS: tuple[Contract, ...] = (
    _torch("StepLR", Horizon((1, "step_size"), Extent.PERIOD, decays=((2, "gamma"), 0.1))),
    _torch("MultiStepLR", Horizon((1, "milestones"), Extent.WHOLE, decays=((2, "gamma"), 0.1))),
    _torch("ExponentialLR", Horizon((1, "gamma"), Extent.EACH_STEP)),
    _torch("ConstantLR", _warm_up(2, "total_iters")),
    _torch("LinearLR", _warm_up(3, "total_iters")),
    _torch("PolynomialLR", _whole(1, "total_iters")),
    _torch("CosineAnnealingLR", _whole(1, "T_max")),
    _torch("CosineAnnealingWarmRestarts", _period(1, "T_0")),
    _torch("CyclicLR", _period(3, "step_size_up"), _period(4, "step_size_down")),
    _torch(
        "OneCycleLR",
        _whole(2, "total_steps"),
        Horizon((3, "epochs"), Extent.WHOLE, times=(4, "steps_per_epoch")),
    ),
    _torch("ChainedScheduler"),
    _torch("SequentialLR", _whole(2, "milestones")),
    _transformers("get_linear_schedule_with_warmup", *_TRAINING),
    _transformers("get_cosine_schedule_with_warmup", *_TRAINING),
    _transformers("get_cosine_with_hard_restarts_schedule_with_warmup", *_TRAINING),
    _transformers("get_cosine_with_min_lr_schedule_with_warmup", *_TRAINING),
    _transformers("get_polynomial_decay_schedule_with_warmup", *_TRAINING),
    _transformers("get_constant_schedule_with_warmup", _warm_up(1, "num_warmup_steps")),
    _transformers("get_inverse_sqrt_schedule", _warm_up(1, "num_warmup_steps")),
    _transformers("get_scheduler", *_NAMED, optimizer=1),
    Contract(
        name="diffusers.optimization.get_scheduler",
        meaning=Meaning.CURVE,
        callable=None,
        optimizer=(1, "optimizer"),
        horizons=(_warm_up(3, "num_warmup_steps"), _whole(4, "num_training_steps")),
        source="https://huggingface.co/docs/diffusers/api/utilities",
        checked="not run; source of diffusers 0.35 read",
        needs=("diffusers", "get_scheduler"),
    ),
    Contract(
        name="diffusers.optimization",
        members=("get_cosine_schedule_with_warmup", "get_linear_schedule_with_warmup"),
        meaning=Meaning.CURVE,
        callable=None,
        optimizer=(0, "optimizer"),
        horizons=_TRAINING,
        source="https://huggingface.co/docs/diffusers/api/utilities",
        checked="not run; source of diffusers 0.35 read",
        needs=("diffusers", "schedule_with_warmup"),
    ),
    _timm("CosineLRScheduler", _whole(1, "t_initial"), _warm_up(None, "warmup_t")),
    _timm("TanhLRScheduler", _whole(1, "t_initial"), _warm_up(None, "warmup_t")),
    _timm("PolyLRScheduler", _whole(1, "t_initial"), _warm_up(None, "warmup_t")),
    _timm("StepLRScheduler", _period(1, "decay_t"), _warm_up(None, "warmup_t")),
    _timm("MultiStepLRScheduler", _whole(1, "decay_t"), _warm_up(None, "warmup_t")),
    Contract(
        name="warmup_scheduler.GradualWarmupScheduler",
        meaning=Meaning.CURVE,
        callable=None,
        optimizer=(0, "optimizer"),
        horizons=(_warm_up(2, "total_epoch"),),
        parts=(3, "after_scheduler"),
        source="https://github.com/ildoonet/pytorch-gradual-warmup-lr",
        checked="not run; source read",
        aliases=("warmup_scheduler.scheduler.GradualWarmupScheduler",),
    ),
    Contract(
        name="pl_bolts.optimizers.lr_scheduler.LinearWarmupCosineAnnealingLR",
        meaning=Meaning.CURVE,
        callable=None,
        optimizer=(0, "optimizer"),
        horizons=(_warm_up(1, "warmup_epochs"), _whole(2, "max_epochs")),
        source="https://lightning-bolts.readthedocs.io/en/latest/schedulers/warmup_cosine_annealing.html",
        checked="not run; source of lightning-bolts 0.7 read",
        aliases=("pl_bolts.optimizers.LinearWarmupCosineAnnealingLR",),
        needs=("pl_bolts.optimizers.lr_scheduler", "LinearWarmupCosineAnnealingLR"),
    ),
)
