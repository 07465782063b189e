"""Groups with relative rates from the model's own method, and a callable that brings the rate: right as it is."""

import argparse

from relative_model import Classifier
from some_layers_that_nobody_has import load_backbone, train
from torch.optim import SGD
from torch.optim.lr_scheduler import LambdaLR


def main(args):
    model = Classifier(load_backbone(args.arch), finetune=not args.scratch).cuda()
    optimizer = SGD(model.get_parameters(), args.lr, momentum=args.momentum, nesterov=True)
    scheduler = LambdaLR(optimizer, lambda step: args.lr * (1.0 + args.gamma * step) ** -0.75)
    train(model, optimizer, scheduler)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--arch", default="resnet18")
    parser.add_argument("--scratch", action="store_true")
    parser.add_argument("--lr", type=float, default=0.01)
    parser.add_argument("--momentum", type=float, default=0.9)
    parser.add_argument("--gamma", type=float, default=1.0)
    main(parser.parse_args())
