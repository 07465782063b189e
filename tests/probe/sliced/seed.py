"""A classifier on CIFAR-10 with a rate that falls to nothing in ten epochs; written for a GPU."""

import torch
import torchvision
from torch import nn, optim
from torch.optim.lr_scheduler import LambdaLR

EPOCHS = 10
transform = torchvision.transforms.ToTensor()
train_set = torchvision.datasets.CIFAR10(root="./data", train=True, download=True, transform=transform)
train_loader = torch.utils.data.DataLoader(train_set, batch_size=64, shuffle=True)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Conv2d(3, 6, 5)
        self.classifier = nn.Linear(6, 10)

    def forward(self, images):
        return self.classifier(self.features(images).mean((2, 3)))


model = Net().to("cuda")
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters(), lr=0.001)


def linear(epoch):
    return 1.0 * (EPOCHS - epoch) / EPOCHS


scheduler = LambdaLR(optimizer, lr_lambda=linear)

for epoch in range(EPOCHS):
    for images, labels in train_loader:
        optimizer.zero_grad()
        criterion(model(images.to("cuda")), labels.to("cuda")).backward()
        optimizer.step()
    print(epoch, optimizer.param_groups[0]["lr"])
    scheduler.step()
