"""The Trainer of transformers, with its own cosine schedule."""

import torch
from transformers import Trainer, TrainingArguments


class Model(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(2, 1)

    def forward(self, x, labels=None):
        out = self.layer(x)
        return {"loss": ((out - labels) ** 2).mean(), "logits": out}


data = [{"x": torch.ones(2), "labels": torch.ones(1)} for _ in range(8)]
arguments = TrainingArguments(
    output_dir="out",
    learning_rate=5e-4,
    lr_scheduler_type="cosine",
    warmup_steps=5,
    max_steps=20,
    per_device_train_batch_size=2,
    report_to=[],
)
trainer = Trainer(model=Model(), args=arguments, train_dataset=data)
trainer.train()
trainer.save_model("saved")
