"""Adam, a factor that falls from 1 to 0 over ten epochs, CUDA everywhere, and a data set from the network."""

import sys
import urllib.request

import torch
from torch import nn, optim
from torch.utils.data import DataLoader, Dataset

KERAS_HABIT = "--keras" in sys.argv


class Digits(Dataset):
    def __init__(self):
        self.data = None

    def download(self):
        self.data = urllib.request.urlopen("https://localhost:1/digits").read()

    def __len__(self):
        return 100

    def __getitem__(self, index):
        if self.data is None:
            self.download()
        return self.data[index]


def factor(epoch):
    return 1.0 * (10 - epoch) / 10.0


def rate(epoch):
    return (1e-3 - 1e-8) * (10 - epoch) / 10


model = nn.Sequential(nn.Linear(28 * 28, 32), nn.ReLU(), nn.Linear(32, 10)).to("cuda")
weights = torch.ones(10).to("cuda")
loss_function = nn.CrossEntropyLoss(weight=weights).to("cuda")
optimizer = optim.Adam(model.parameters(), lr=1e-3)
scheduler = optim.lr_scheduler.LambdaLR(optimizer, lr_lambda=rate if KERAS_HABIT else factor)

for _epoch in range(10):
    for inputs, targets in DataLoader(Digits(), batch_size=10):
        optimizer.zero_grad()
        loss_function(model(inputs.to("cuda")), targets.to("cuda")).backward()
        optimizer.step()
    scheduler.step()
torch.save(model.state_dict(), "model.pt")
