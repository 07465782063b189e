"""A training of four batches an epoch, with a schedule for each batch, one for each epoch, and one out of order."""

import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LambdaLR, StepLR
from torch.utils.data import DataLoader, TensorDataset

net, other = torch.nn.Linear(3, 1), torch.nn.Linear(3, 1)
data = TensorDataset(torch.ones(32, 3), torch.ones(32, 1))
loader, test = DataLoader(data, batch_size=8), DataLoader(data, batch_size=16)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
epochs = 10
each_batch = CosineAnnealingLR(optimizer, T_max=epochs * len(loader))  # each batch
each_epoch = LambdaLR(torch.optim.SGD(other.parameters(), lr=0.1), lambda epoch: 0.5**epoch)  # each epoch
first = StepLR(torch.optim.SGD(net.parameters(), lr=0.1), 5)  # before its optimizer
each_epoch.load_state_dict(each_epoch.state_dict())
for _ in range(epochs):
    for x, y in loader:
        first.step()
        first.optimizer.step()
        each_epoch.optimizer.zero_grad()
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(net(x) + other(x), y).backward()
        optimizer.step()
        each_epoch.optimizer.step()
        each_batch.step()
    for batch in test:
        net(batch[0])
    each_epoch.step()
