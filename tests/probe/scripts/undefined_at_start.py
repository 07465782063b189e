"""A construction that raises, in the second scheduler."""

import torch
from torch.optim.lr_scheduler import LambdaLR


def build():
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.5)
    LambdaLR(optimizer, lambda epoch: 1.0)
    return LambdaLR(optimizer, lambda epoch: epoch**-0.5)  # raises


if __name__ == "__main__":
    build()
