"""A LightningModule whose rates come from its hyperparameters."""

import pytorch_lightning as pl
import timm
import torch
from torch.optim.lr_scheduler import LambdaLR


class Task(pl.LightningModule):
    def __init__(self, arch: str = "resnet50", lr: float = 0.02, warmup_epochs: int = 4):
        super().__init__()
        self.save_hyperparameters()
        self.net = timm.create_model(arch, pretrained=True)
        self.loss = torch.nn.CrossEntropyLoss()

    def training_step(self, batch, index):
        images, labels = batch
        return self.loss(self.net(images), labels)

    def factor(self, epoch):
        return min(1.0, (epoch + 1) / self.hparams.warmup_epochs)

    def configure_optimizers(self):
        optimizer = torch.optim.AdamW(self.parameters(), lr=self.hparams.lr)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": LambdaLR(optimizer, self.factor)}}
