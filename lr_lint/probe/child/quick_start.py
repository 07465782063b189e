"""Keeps torch from importing its compiler for the first optimizer. Imports torch: for the child only.

Since about torch 2.1, ``Optimizer.add_param_group`` and its like are wrapped so that the compiler does not trace them;
the wrapper imports ``torch._dynamo`` at its first call, which takes as long as ``import torch`` (torch 2.13: 1.6 s).
It looks first whether the function carries a version that is not traced. With nothing compiled, that is the function.
"""

from __future__ import annotations

from torch.optim import Optimizer

_NOT_TRACED = "__dynamo_disable"


def skip_compiler() -> None:
    """Let optimizers be constructed without the compiler. Without effect on versions of torch that do it otherwise."""
    for method in vars(Optimizer).values():
        original = getattr(method, "__wrapped__", None)
        if original is not None and getattr(method, "__module__", "").startswith("torch.optim"):
            setattr(original, _NOT_TRACED, original)
