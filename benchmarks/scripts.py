"""A repository of many similar scripts: each trains in its own way, with what they share in a module beside them.

That is how collections of methods are written, each as a copy of the one before: the same arguments, the same loop, the
same schedule with the same mistake, and models, losses and meters that a check of the schedule has no need to follow.
"""

from __future__ import annotations

SCRIPTS = 111

_SHARED = '''\
"""What the scripts share."""

import torch
from torch.optim.lr_scheduler import LambdaLR


def cosine_with_warm_up(optimizer, total, warm_up=0):
    def factor(step):
        if step < warm_up:
            return float(step + 1) / float(max(1, warm_up))
        progress = float(step - warm_up) / float(max(1, total - warm_up))
        return max(0.0, 0.5 * (1.0 + torch.cos(torch.tensor(3.14159 * progress)).item()))

    return LambdaLR(optimizer, factor)


class Meter:
    def __init__(self, name):
        self.name, self.total, self.count = name, 0.0, 0

    def update(self, value, n=1):
        self.total += value * n
        self.count += n


class Endless:
    def __init__(self, loader):
        self.loader, self.turn = loader, iter(loader)

    def __next__(self):
        try:
            return next(self.turn)
        except StopIteration:
            self.turn = iter(self.loader)
            return next(self.turn)


def datasets(name, root, seed=0):
    module = __import__("torchvision.datasets", fromlist=[name])
    return getattr(module, name)(root, train=True), getattr(module, name)(root, train=False)


def validate(loader, model, args, device):
    model.eval()
    right = Meter("right")
    with torch.no_grad():
        for images, target in loader:
            output = model(images.to(device))
            right.update((output.argmax(1) == target.to(device)).float().mean().item(), len(images))
    return right.total / right.count
'''

_SCRIPT = '''\
"""Method {at}."""

import argparse
import random

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.optim import SGD
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader

import shared

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


class Classifier(nn.Module):
    def __init__(self, backbone, classes, width={width}):
        super().__init__()
        self.backbone = backbone
        self.bottleneck = nn.Sequential(nn.Linear(backbone.out_features, width), nn.BatchNorm1d(width), nn.ReLU())
        self.head = nn.Linear(width, classes)
        self.loss = Consistency(temperature={temperature})

    def forward(self, images):
        features = self.bottleneck(self.backbone(images))
        return self.head(features), features

    def get_parameters(self, base_lr=1.0):
        return [
            {{"params": self.backbone.parameters(), "lr": 0.1 * base_lr}},
            {{"params": self.bottleneck.parameters(), "lr": 1.0 * base_lr}},
            {{"params": self.head.parameters(), "lr": 1.0 * base_lr}},
        ]


class Consistency(nn.Module):
    def __init__(self, temperature):
        super().__init__()
        self.temperature = temperature

    def forward(self, weak, strong):
        target = F.softmax(weak.detach() / self.temperature, dim=1)
        certain = target.max(1).values.ge({threshold}).float()
        return (F.cross_entropy(strong, target.argmax(1), reduction="none") * certain).mean()


def main(args):
    if args.seed is not None:
        random.seed(args.seed)
        torch.manual_seed(args.seed)
    train_set, test_set = shared.datasets(args.data, args.root, seed=args.seed)
    train_loader = DataLoader(train_set, batch_size=args.batch_size, shuffle=True, drop_last=True)
    test_loader = DataLoader(test_set, batch_size=args.batch_size)
    turn = shared.Endless(train_loader)
    backbone = torch.hub.load("pytorch/vision", args.arch)
    model = Classifier(backbone, len(train_set.classes)).to(device)

    optimizer = SGD({parameters}, args.lr, momentum=args.momentum, weight_decay=args.wd)
    {schedule}

    best = 0.0
    for epoch in range(args.epochs):
        train(turn, model, optimizer, lr_scheduler, epoch, args)
        now = shared.validate(test_loader, model, args, device)
        if now > best:
            torch.save(model.state_dict(), f"{{args.log}}/best.pth")
        best = max(best, now)
    print(f"best = {{best:3.1f}}")


def train(turn, model, optimizer, lr_scheduler, epoch, args):
    losses, right = shared.Meter("loss"), shared.Meter("right")
    model.train()
    for step in range(args.iters_per_epoch):
        (weak, strong), target = next(turn)
        weak, strong, target = weak.to(device), strong.to(device), target.to(device)
        scores, features = model(weak)
        strong_scores, _ = model(strong)
        loss = F.cross_entropy(scores, target)
        loss = loss + args.trade_off * model.loss(scores, strong_scores)
        if epoch >= args.{option}:
            loss = loss + {weight} * features.pow(2).mean()
        losses.update(loss.item(), len(weak))
        right.update((scores.argmax(1) == target).float().mean().item(), len(weak))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        lr_scheduler.step()
        if step % args.print_freq == 0:
            print(f"[{{epoch}}] {{step}} {{losses.total / losses.count:.3f}} {{right.total / right.count:.3f}}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Method {at}")
    parser.add_argument("root", metavar="DIR")
    parser.add_argument("-d", "--data", default="CIFAR10")
    parser.add_argument("-a", "--arch", default="resnet{layers}")
    parser.add_argument("-b", "--batch-size", default={batch}, type=int)
    parser.add_argument("--lr", "--learning-rate", default={lr}, type=float, dest="lr")
    parser.add_argument("--lr-gamma", default={gamma}, type=float)
    parser.add_argument("--lr-decay", default=0.75, type=float)
    parser.add_argument("--momentum", default=0.9, type=float)
    parser.add_argument("--wd", "--weight-decay", default=1e-3, type=float, dest="wd")
    parser.add_argument("--epochs", default=20, type=int)
    parser.add_argument("-i", "--iters-per-epoch", default=1000, type=int)
    parser.add_argument("--trade-off", default=1.0, type=float)
    parser.add_argument("--{option_text}", default=10, type=int)
    parser.add_argument("-p", "--print-freq", default=100, type=int)
    parser.add_argument("--seed", default=None, type=int)
    parser.add_argument("--log", default="logs/{at}")
    main(parser.parse_args())
'''

_SCHEDULES = (
    # The mistake: the rate that the optimizer has is in what LambdaLR multiplies by.
    "lr_scheduler = LambdaLR(optimizer, lambda x: args.lr * (1.0 + args.lr_gamma * float(x)) ** (-args.lr_decay))",
    "lr_scheduler = LambdaLR(optimizer, lambda x: args.lr * (1.0 + args.lr_gamma * float(x)) ** (-args.lr_decay))",
    "lr_scheduler = shared.cosine_with_warm_up(optimizer, args.epochs * args.iters_per_epoch)",
)
_PARAMETERS = ("model.get_parameters(base_lr=args.lr)", "model.parameters()")
_OPTIONS = ("start-late", "warm-up-epochs", "freeze-until", "mix-after", "pseudo-after")


def similar_scripts(size: int = SCRIPTS) -> dict[str, str]:
    """So many scripts beside one another. Two of three carry the rate over into the factor."""
    return {"shared.py": _SHARED, **{f"method_{at}.py": _script(at) for at in range(size)}}


def _script(at: int) -> str:
    option = _OPTIONS[at % len(_OPTIONS)]
    return _SCRIPT.format(
        at=at,
        width=256 + 64 * (at % 5),
        temperature=0.5 + 0.1 * (at % 4),
        threshold=0.7 + 0.05 * (at % 6),
        parameters=_PARAMETERS[at % 2],
        schedule=_SCHEDULES[at % len(_SCHEDULES)],
        option=option.replace("-", "_"),
        option_text=option,
        weight=0.01 * (1 + at % 3),
        layers=(18, 34, 50)[at % 3],
        batch=32 * (1 + at % 2),
        lr=(0.01, 0.03, 0.001)[at % 3],
        gamma=(0.001, 0.0003)[at % 2],
    )
