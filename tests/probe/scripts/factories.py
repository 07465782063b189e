"""Functions that make schedulers, well and badly."""

from types import SimpleNamespace

import torch
from torch.optim import SGD, Adam
from torch.optim.lr_scheduler import LambdaLR, StepLR


def optimizer(lr=0.5, **options):
    return SGD([torch.nn.Parameter(torch.ones(1))], lr=lr, **options)


def scheduler(lr=0.5):
    return LambdaLR(optimizer(lr), lambda epoch: 0.5**epoch)


def pair():
    made = scheduler()
    return made.optimizer, made


def turned_pair():
    return pair()[::-1]


def several():
    return [scheduler(0.5), scheduler(0.25)]


def lightning_dict():
    made = scheduler()
    return {"optimizer": made.optimizer, "lr_scheduler": {"scheduler": made, "interval": "step"}}


def lightning_lists():
    made = scheduler()
    return [made.optimizer], [{"scheduler": made}]


class Module:
    def configure_optimizers(self):
        return lightning_dict()


def wrapped():
    return SimpleNamespace(scheduler=scheduler())


def with_arguments(lr, *, gamma, name="x"):
    assert isinstance(name, str)
    return StepLR(optimizer(lr), 1, gamma)


def nothing():
    scheduler()


def only_optimizer():
    return optimizer()


def raises():
    raise ValueError("no such schedule")


def undefined_at_start():
    return LambdaLR(optimizer(), lambda epoch: 1 / epoch)


def wants_cuda():
    parameter = torch.nn.Parameter(torch.ones(1).cuda())
    return LambdaLR(SGD([parameter], lr=0.5), lambda epoch: 0.5**epoch)


def tensor_rate():
    rate = torch.tensor(0.5)
    return LambdaLR(Adam([torch.nn.Parameter(torch.ones(1))], lr=rate, capturable=True), lambda epoch: 0.5**epoch)


def keras_schedule():
    import keras

    right = keras.callbacks.LearningRateScheduler(lambda epoch, lr: lr * 0.5 if epoch else lr)
    wrong = keras.callbacks.LearningRateScheduler(lambda epoch: 1)
    return keras.optimizers.Adam(0.5), right, wrong


not_callable = 3
