"""Programs of any size, in which one thing grows and the rest stays: what costs more than its share shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

# From a size to the files of a project, by their paths.
Shape = Callable[[int], dict[str, str]]

MAIN = "main.py"
HEAD = "import torch\nfrom torch.optim.lr_scheduler import LambdaLR\n"
_TRAINING = """\
import torch
from torch.optim.lr_scheduler import LambdaLR


def train(net, loader, epochs=30):
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    scheduler = LambdaLR(optimizer, lambda epoch: 0.95**epoch)
    for epoch in range(epochs):
        for batch in loader:
            optimizer.zero_grad()
            net(batch).backward()
            optimizer.step()
        scheduler.step()
"""
_PLAIN = """\
def describe_{at}(items, width=80):
    lines = [f"{{key}}: {{value}}" for key, value in items.items() if value is not None]
    total = sum(len(line) for line in lines)
    if total > width:
        return "\\n".join(lines)
    return ", ".join(lines) or "nothing"


"""


def files(size: int) -> dict[str, str]:
    """So many scripts, each of which makes a scheduler and trains."""
    return {f"train_{at}.py": _TRAINING for at in range(size)}


def plain_files(size: int) -> dict[str, str]:
    """So many files that name no scheduler, in folders of a hundred."""
    text = "".join(_PLAIN.format(at=at) for at in range(30))
    return {f"part_{at // 100}/module_{at}.py": text for at in range(size)}


def sites_in_a_file(size: int) -> dict[str, str]:
    """So many schedulers in one file, each with its optimizer."""
    lines = (
        f"o{at} = torch.optim.SGD(net.parameters(), lr=0.1)\ns{at} = LambdaLR(o{at}, lambda epoch: 0.9**epoch)\n"
        for at in range(size)
    )
    return {MAIN: HEAD + "".join(lines)}


def length_of_a_file(size: int) -> dict[str, str]:
    """A file with one scheduler after so many functions that have nothing to do with it."""
    return {MAIN: "".join(_PLAIN.format(at=at) for at in range(size)) + _TRAINING}


def depth_of_calls(size: int) -> dict[str, str]:
    """A factor that so many functions pass on."""
    calls = "".join(f"def f{at}(epoch):\n    return f{at + 1}(epoch)\n\n\n" for at in range(size))
    last = f"def f{size}(epoch):\n    return 0.95**epoch\n\n\n"
    return {MAIN: f"{HEAD}\n\n{calls}{last}LambdaLR(torch.optim.SGD(net.parameters(), lr=0.1), f0)\n"}


def depth_of_the_project(size: int) -> dict[str, str]:
    """A rate that so many modules import from one another."""
    modules = {f"m{at}.py": f"from m{at + 1} import RATE\n" for at in range(size)}
    use = f"{HEAD}from m0 import RATE\n\noptimizer = torch.optim.SGD(net.parameters(), lr=RATE)\n"
    made = "scheduler = LambdaLR(optimizer, lambda epoch: 0.95**epoch)\n"
    return {**modules, f"m{size}.py": "RATE = 0.1\n", MAIN: use + made}


def callers(size: int) -> dict[str, str]:
    """A function that makes a scheduler, with so many callers in files of their own."""
    build = f"{HEAD}\n\ndef build(optimizer, pace):\n    return LambdaLR(optimizer, lambda epoch: pace**epoch)\n"
    use = (
        "import torch\nfrom build import build\n\nscheduler = build(torch.optim.SGD(net.parameters(), lr=0.1), 0.95)\n"
    )
    return {"build.py": build, **{f"use_{at}.py": use for at in range(size)}}


# With each, the smallest size of its series; the others are twice, four and eight times as large.
DIMENSIONS: dict[Shape, int] = {
    files: 25,
    plain_files: 1_000,
    sites_in_a_file: 25,
    length_of_a_file: 100,
    depth_of_calls: 25,
    depth_of_the_project: 4,
    callers: 100,
}


def title(shape: Shape) -> str:
    """What a shape is called in tables."""
    return shape.__name__.replace("_", " ")


def written(project: dict[str, str], folder: Path) -> Path:
    """A folder with the files of a project; nothing is written where it is there."""
    done = folder / ".done"
    if not done.exists():
        for path, text in project.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        # The project ends here: nothing above the folder belongs to it.
        (folder / "pyproject.toml").write_text("")
        done.touch()
    return folder
