"""Schedulers however they come to be. The marks at the ends of lines are what the test looks for."""

import atexit
import contextlib
import copy
import functools
import inspect

import torch
from torch import optim
from torch.optim import lr_scheduler
from torch.optim.lr_scheduler import LambdaLR


class Derived(LambdaLR):
    pass


class WithoutSuper(lr_scheduler.LRScheduler):
    """Never calls the constructor of its base."""

    def __init__(self, optimizer):
        self.optimizer = optimizer
        self.last_epoch = 0
        self.base_lrs = [group["lr"] for group in optimizer.param_groups]

    def step(self, epoch=None):
        self.last_epoch += 1
        for group, base in zip(self.optimizer.param_groups, self.base_lrs, strict=True):
            group["lr"] = base / (1 + self.last_epoch)


def optimizer(lr=0.5):
    return optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=lr)


def half(epoch):
    return 0.5**epoch


def forgotten():
    LambdaLR(optimizer(), half)  # forgotten


def in_a_library_function(build):
    return build()


assert list(inspect.signature(LambdaLR).parameters)[:2] == ["optimizer", "lr_lambda"]
early = LambdaLR(optimizer(), half)  # early import
derived = Derived(optimizer(), half)  # subclass
foreign = WithoutSuper(optimizer())  # without super
partial = functools.partial(LambdaLR, lr_lambda=half)(optimizer())  # partial
forgotten()

both = optimizer()
sequence = lr_scheduler.SequentialLR(  # sequence
    both,
    [
        LambdaLR(both, lambda epoch: (epoch + 1) / 4),  # first part
        lr_scheduler.ExponentialLR(both, 0.5),
    ],
    milestones=[4],
)
chained_optimizer = optimizer()
chained = lr_scheduler.ChainedScheduler(  # chained
    [lr_scheduler.ExponentialLR(chained_optimizer, 0.5), lr_scheduler.ConstantLR(chained_optimizer, 0.5, 2)]
)
plateau = lr_scheduler.ReduceLROnPlateau(optimizer())  # plateau

copied = copy.deepcopy(early)
assert not any("lint" in name for name in early.state_dict())

with contextlib.suppress(ZeroDivisionError):
    LambdaLR(optimizer(), lambda epoch: 1 / epoch)

# Before the training step, the state is changed: the schedule is the one that began at construction.
stepped = LambdaLR(optimizer(), half)  # stepped
stepped.optimizer.step = lambda: None
stepped.step()
stepped.step()
written = lr_scheduler.MultiplicativeLR(optimizer(), lambda epoch: 0.5)  # written
written.optimizer.param_groups[0]["lr"] = 7.0

divisor = 2
late = LambdaLR(optimizer(), lambda epoch: 1 / divisor)  # late bound
divisor = 4

atexit.register(lambda: open("at_exit.txt", "w").close())
second_optimizer = optimizer()
for parameter in second_optimizer.param_groups[0]["params"]:
    parameter.grad = torch.ones(1)
try:
    second_optimizer.step()
except:  # noqa: E722
    pass
finally:
    open("after_the_stop.txt", "w").close()
