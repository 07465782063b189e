"""Says that it needs a GPU, and ends; with one, it builds its parts in threads and in a spawned process."""

import sys
import threading

import torch
import torch.multiprocessing

if not torch.cuda.is_available():
    print("this needs a GPU")
    sys.exit(0)


def worker(rank, lr):
    parameters = []
    thread = threading.Thread(target=lambda: parameters.append(torch.ones(1, device="cuda").requires_grad_()))
    thread.start()
    thread.join()
    optimizer = torch.optim.SGD(parameters, lr=lr)
    torch.optim.lr_scheduler.LambdaLR(optimizer, lambda epoch: 0.5**epoch)
    (parameters[0] * 2).sum().backward()
    open("trained_on_cuda.txt", "w").close()


if __name__ == "__main__":
    torch.multiprocessing.spawn(worker, args=(0.25,), nprocs=torch.cuda.device_count())
