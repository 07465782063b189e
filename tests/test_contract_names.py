"""Each scheduler and optimizer of each library, by every name and in every form in which programs use it."""

from __future__ import annotations

import pytest

from lr_lint.api import check_source

# Wrong as it stands, since it returns the rate.
FACTORS = """\
torch.optim.lr_scheduler.LambdaLR(optimizer, f)
torch.optim.lr_scheduler.LambdaLR(lr_lambda=f, optimizer=optimizer)
torch.optim.lr_scheduler.MultiplicativeLR(optimizer, f)
torch.optim.lr_scheduler.MultiplicativeLR(lr_lambda=f, optimizer=optimizer)
paddle.optimizer.lr.LambdaDecay(lr, f)
paddle.optimizer.lr.LambdaDecay(lr_lambda=f, learning_rate=lr)
paddle.optimizer.lr.MultiplicativeDecay(lr, f)
paddle.optimizer.lr.MultiplicativeDecay(lr_lambda=f, learning_rate=lr)
oneflow.optim.lr_scheduler.LambdaLR(optimizer, f)
oneflow.optim.lr_scheduler.LambdaLR(lr_lambda=f, optimizer=optimizer)
oneflow.nn.optimizer.lambda_lr.LambdaLR(optimizer, f)
mindspore.experimental.optim.lr_scheduler.LambdaLR(optimizer, f)
mindspore.experimental.optim.lr_scheduler.LambdaLR(lr_lambda=f, optimizer=optimizer)
mindspore.experimental.optim.lr_scheduler.MultiplicativeLR(optimizer, f)
mindspore.experimental.optim.lr_scheduler.MultiplicativeLR(lr_lambda=f, optimizer=optimizer)
detectron2.solver.lr_scheduler.LRMultiplier(optimizer, f, 100)
detectron2.solver.LRMultiplier(max_iter=100, multiplier=f, optimizer=optimizer)
"""
# Wrong as it stands, since it returns a factor.
RATES = """\
keras.callbacks.LearningRateScheduler(f)
keras.callbacks.LearningRateScheduler(schedule=f)
keras.src.callbacks.LearningRateScheduler(f)
tensorflow.keras.callbacks.LearningRateScheduler(f)
tensorflow.compat.v1.keras.callbacks.LearningRateScheduler(f)
tensorflow.compat.v2.keras.callbacks.LearningRateScheduler(f)
tensorflow.python.keras.callbacks.LearningRateScheduler(f)
tf_keras.callbacks.LearningRateScheduler(f)
mxnet.gluon.Trainer(model.parameters(), "sgd", {"lr_scheduler": f})
mxnet.gluon.Trainer(model.parameters(), "sgd", optimizer_params={"lr_scheduler": f})
mxnet.optimizer.create("sgd", lr_scheduler=f)
fastai.callback.schedule.ParamScheduler({"lr": f})
fastai.callback.schedule.ParamScheduler(scheds={"lr": f})
fastai.callback.all.ParamScheduler({"lr": f})
fastai.collab.ParamScheduler({"lr": f})
fastai.tabular.all.ParamScheduler({"lr": f})
fastai.text.all.ParamScheduler({"lr": f})
fastai.vision.all.ParamScheduler({"lr": f})
"""
# keras 3.15.1, optax 0.2.8 and mxnet 1.9.1: what takes a callable as its rate.
OPTIMIZERS = {
    "keras.optimizers.{}(learning_rate=f)": (
        "Adadelta Adafactor Adagrad Adam AdamW Adamax Ftrl Lamb Lion Muon Nadam RMSprop SGD"
    ),
    "{}.Adam(learning_rate=f)": (
        "keras.optimizers.legacy keras.src.optimizers tensorflow.keras.optimizers tensorflow.keras.optimizers.legacy "
        "tensorflow.keras.optimizers.experimental tensorflow.compat.v2.keras.optimizers "
        "tensorflow.python.keras.optimizers tf_keras.optimizers tf_keras.optimizers.legacy"
    ),
    "optax.{}(f)": (
        "adabelief adadelta adafactor adagrad adam adamax adamaxw adamw adan amsgrad fromage lamb lars lbfgs lion "
        "nadam nadamw noisy_sgd novograd radam rmsprop scale_by_learning_rate sgd sign_sgd signum sm3 yogi"
    ),
    "optax.{}(learning_rate=f)": "adam sgd",
    "mxnet.optimizer.{}(lr_scheduler=f)": (
        "AdaDelta AdaGrad Adam Adamax DCASGD FTML Ftrl LAMB LBSGD NAG Nadam RMSProp SGD SGLD Signum"
    ),
}
USES = [use.format(name) for use, names in OPTIMIZERS.items() for name in names.split()]


def _codes(schedule: str, use: str, package: str = "") -> list[tuple[int, str]]:
    lines = (
        f"import {package or use.partition('.')[0]}",
        "import torch",
        "lr = 1e-3",
        "optimizer = torch.optim.SGD(model.parameters(), lr)",
        f"f = lambda time: {schedule}",
        use,
    )
    return [(found.site.line, found.code) for found in check_source("\n".join(lines)).diagnostics if found.site]


@pytest.mark.parametrize("use", FACTORS.splitlines())
def test_a_rate_is_no_factor(use: str) -> None:
    assert _codes("lr * 0.95**time", use) == [(6, "LR101")]
    assert _codes("0.95 if time in (30, 60) else 1.0", use) == []


@pytest.mark.parametrize("use", [*RATES.splitlines(), *USES])
def test_a_factor_is_no_rate(use: str) -> None:
    assert _codes("0.95**time", use) == [(6, "LR104")]
    assert _codes("1e-3 * 0.95**time", use) == []


OVERRIDDEN = {
    "torch.optim.lr_scheduler.LambdaLR": "get_lr _get_closed_form_lr step",
    "torch.optim.lr_scheduler.MultiplicativeLR": "get_lr _get_closed_form_lr step",
    "paddle.optimizer.lr.LambdaDecay": "get_lr step",
    "paddle.optimizer.lr.MultiplicativeDecay": "get_lr step",
    "oneflow.optim.lr_scheduler.LambdaLR": "get_lr step",
    "mindspore.experimental.optim.lr_scheduler.LambdaLR": "get_lr step",
    "mindspore.experimental.optim.lr_scheduler.MultiplicativeLR": "get_lr step",
    "detectron2.solver.lr_scheduler.LRMultiplier": "get_lr step",
    "keras.callbacks.LearningRateScheduler": "on_epoch_begin",
}


@pytest.mark.parametrize("name", OVERRIDDEN)
def test_a_class_that_does_something_else_is_another_scheduler(name: str) -> None:
    """One that only logs is the scheduler still."""
    package = name.partition(".")[0]
    schedule = "0.95**time" if package == "keras" else "lr * 0.95**time"
    given = "f" if package == "keras" else "lr, f" if package == "paddle" else "optimizer, f"
    found = {}
    for method in (*OVERRIDDEN[name].split(), "log"):
        use = f"class Own({name}):\n    def {method}(self):\n        pass\nOwn({given})"
        found[method] = [code for _, code in _codes(schedule, use, package)]
    assert found.pop("log") in (["LR101"], ["LR104"])
    assert set(map(tuple, found.values())) == {()}
