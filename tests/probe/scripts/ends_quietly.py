"""Constructs a scheduler in a function, and never trains."""

import torch


def main():
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.5)
    torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 0.5**epoch)
    open("prepared.txt", "w").close()


main()
