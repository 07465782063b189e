"""What training scripts do with CUDA before they build a scheduler: each idiom by its number.

Writes a JSON object to the file named by its argument: for each number, an empty text, or what was raised. Then it
trains, which no probe lets it do.
"""

import io
import json
import os
import sys
import tempfile

import numpy
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

IDIOMS = {}


def idiom(number):
    def register(function):
        assert number not in IDIOMS
        IDIOMS[number] = function
        return function

    return register


def tensor():
    return torch.ones(2)


def model():
    return nn.Linear(2, 2)


def is_true(value):
    assert value, value


def saved():
    buffer = io.BytesIO()
    torch.save(tensor(), buffer)
    buffer.seek(0)
    return buffer


SIMPLE = {
    1: lambda: is_true(torch.cuda.is_available() is True),
    2: lambda: is_true(torch.cuda.device_count() >= 1),
    3: lambda: torch.device("cuda"),
    4: lambda: tensor().to("cuda"),
    5: lambda: tensor().to(torch.device("cuda:0")),
    6: lambda: is_true(tensor().to(device="cuda", dtype=torch.float16, non_blocking=True).dtype == torch.float16),
    7: lambda: tensor().cuda(),
    8: lambda: tensor().cuda(0, non_blocking=True),
    9: lambda: tensor().to(0),
    10: lambda: is_true(isinstance(model().cuda(), nn.Linear)),
    11: lambda: is_true(isinstance(model().to("cuda"), nn.Linear)),
    12: lambda: torch.zeros(3, device="cuda"),
    13: lambda: torch.randn(3, device=torch.device("cuda", 0)),
    14: lambda: nn.Linear(2, 2, device="cuda"),
    15: lambda: is_true(torch.tensor([1.0, 2.0], device="cuda").tolist() == [1, 2]),
    16: lambda: is_true(torch.cuda.FloatTensor(3).shape == (3,)),
    17: lambda: torch.cuda.set_device(0),
    20: lambda: torch.cuda.manual_seed_all(1),
    21: lambda: torch.cuda.empty_cache(),
    22: lambda: torch.cuda.synchronize(),
    23: lambda: is_true(isinstance(torch.cuda.get_device_properties(0).name, str)),
    24: lambda: is_true(isinstance(torch.cuda.get_device_name(0), str)),
    25: lambda: is_true(len(torch.cuda.get_device_capability()) == 2),
    26: lambda: torch.cuda.memory_allocated() + torch.cuda.max_memory_allocated(),
    27: lambda: torch.cuda.memory_stats()["allocated_bytes.all.peak"] + 1,
    28: lambda: torch.cuda.Stream(),
    29: lambda: torch.cuda.Event(enable_timing=True).record(),
    31: lambda: is_true(torch.cuda.current_device() == 0),
    32: lambda: is_true(torch.cuda.is_bf16_supported() in (True, False)),
    33: lambda: torch.randn(2, generator=torch.Generator(device="cuda").manual_seed(1), device="cuda"),
    34: lambda: torch.cuda.amp.GradScaler(),
    35: lambda: torch.amp.GradScaler("cuda"),
    39: lambda: is_true(nn.DataParallel(model()).cuda()(tensor()).shape == (2,)),
    40: lambda: is_true(torch.compile(model().cuda())(tensor().cuda()).shape == (2,)),
    41: lambda: torch.optim.AdamW(model().cuda().parameters(), fused=True),
    42: lambda: torch.optim.AdamW(model().cuda().parameters(), capturable=True),
    44: lambda: is_true(tensor().cuda()[0].item() == 1.0),
    45: lambda: tensor().cuda().is_cuda,
    46: lambda: is_true(torch.load(saved(), map_location="cuda").tolist() == [1, 1]),
    47: lambda: is_true(torch.load(saved(), map_location=lambda storage, location: storage.cuda(0)).tolist() == [1, 1]),
    48: lambda: tensor().pin_memory(),
    53: lambda: is_true(tensor().cuda().new_zeros(3).tolist() == [0, 0, 0]),
    54: lambda: is_true(torch.zeros_like(tensor(), device="cuda").tolist() == [0, 0]),
    55: lambda: is_true(torch.from_numpy(numpy.ones(2)).float().cuda().tolist() == [1, 1]),
    56: lambda: torch.cuda.get_rng_state(),
    57: lambda: torch.cuda.CUDAGraph(),
    59: lambda: nn.Conv2d(3, 4, 3).cuda().half()(torch.ones(1, 3, 8, 8).cuda().half()),
}
IDIOMS.update(SIMPLE)


@idiom(18)
def default_device():
    torch.set_default_device("cuda")
    try:
        torch.zeros(3)
    finally:
        torch.set_default_device(None)


@idiom(19)
def default_tensor_type():
    torch.set_default_tensor_type("torch.cuda.FloatTensor")
    torch.zeros(3)


@idiom(30)
def device_context():
    with torch.cuda.device(0):
        tensor().cuda()


@idiom(36)
def scaled_loss():
    net = model().cuda()
    torch.optim.SGD(net.parameters(), lr=0.1)
    scaler = torch.amp.GradScaler("cuda")
    is_true(scaler.scale(net(tensor().cuda()).sum()).requires_grad)


@idiom(37)
def old_autocast():
    with torch.cuda.amp.autocast():
        model().cuda()(tensor().cuda())


@idiom(38)
def autocast():
    with torch.autocast("cuda", dtype=torch.float16):
        model().cuda()(tensor().cuda())


@idiom(43)
def loss():
    net = model().to("cuda")
    torch.optim.Adam(net.parameters(), lr=0.1).zero_grad()
    is_true(net(tensor().to("cuda")).sum().requires_grad)


@idiom(49)
def pinned_batches():
    for (batch,) in DataLoader(TensorDataset(torch.ones(4, 2)), batch_size=2, pin_memory=True):
        batch.to("cuda", non_blocking=True)


@idiom(50)
def process_group():
    with tempfile.TemporaryDirectory() as folder:
        where = "file://" + os.path.join(folder, "rendezvous")
        torch.distributed.init_process_group("nccl", init_method=where, rank=0, world_size=1)
        torch.distributed.destroy_process_group()


@idiom(51)
def cudnn():
    torch.backends.cudnn.benchmark = True
    torch.backends.cudnn.version()


@idiom(52)
def insists():
    assert torch.cuda.is_available()


@idiom(58)
def nvtx():
    torch.cuda.nvtx.range_push("a")
    torch.cuda.nvtx.range_pop()


def outcome(function):
    try:
        function()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def train(trained_to):
    net = model().cuda()
    optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
    net(tensor().cuda()).sum().backward()
    optimizer.step()
    open(trained_to, "w").close()


if __name__ == "__main__":
    with open(sys.argv[1], "w") as file:
        json.dump({number: outcome(function) for number, function in sorted(IDIOMS.items())}, file)
    train(f"{sys.argv[1]}.trained")
