"""Constructs a scheduler, and fails before it trains."""

import torch

optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.5)
scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 0.5**epoch)
raise RuntimeError("no data here")
