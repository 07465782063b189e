"""A model that gives its own groups; what it is built of is not installed."""

import some_layers_that_nobody_has as layers
from torch import nn


class Base(nn.Module):
    def __init__(self, backbone, finetune=True):
        super().__init__()
        self.backbone = backbone
        self.bottleneck = layers.Bottleneck(backbone.out_features)
        self.finetune = finetune

    def get_parameters(self, base_lr=1.0):
        return [
            {"params": self.backbone.parameters(), "lr": 0.1 * base_lr if self.finetune else 1.0 * base_lr},
            {"params": self.bottleneck.parameters(), "lr": 1.0 * base_lr},
        ]


class Classifier(Base):
    def __init__(self, backbone, classes=10, **keywords):
        super().__init__(backbone, **keywords)
        self.head = nn.Linear(8, classes)
