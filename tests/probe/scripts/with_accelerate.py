"""accelerate, with a callable that returns the rate itself."""

import torch
from accelerate import Accelerator
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, TensorDataset

LR = 0.01
accelerator = Accelerator()
model = torch.nn.Linear(2, 1)
optimizer = torch.optim.AdamW(model.parameters(), lr=LR)
scheduler = LambdaLR(optimizer, lambda step: LR * 0.9**step)
loader = DataLoader(TensorDataset(torch.ones(8, 2)), batch_size=2)
model, optimizer, loader, scheduler = accelerator.prepare(model, optimizer, loader, scheduler)
for (batch,) in loader:
    accelerator.backward(model(batch).sum())
    optimizer.step()
    scheduler.step()
torch.save(model.state_dict(), "model.pt")
