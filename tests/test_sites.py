"""Which calls construct a scheduler, however they are spelled, and which only look so."""

from __future__ import annotations

import textwrap

import pytest

from lr_lint.checks.sites import constructions
from lr_lint.project.imports import Project
from lr_lint.semantics.worlds.construction import Construction
from lr_lint.vocabulary.budgets import Budget
from tests.harness import module_of

LAMBDA = "torch.optim.lr_scheduler.LambdaLR"
MULTIPLICATIVE = "torch.optim.lr_scheduler.MultiplicativeLR"

CONSTRUCTIONS = {
    "a from-import": ("from torch.optim.lr_scheduler import LambdaLR\ns = LambdaLR(o, f)", [LAMBDA]),
    "an import with an alias": ("from torch.optim.lr_scheduler import LambdaLR as L\ns = L(o, f)", [LAMBDA]),
    "the module by a from-import": ("from torch.optim import lr_scheduler\ns = lr_scheduler.LambdaLR(o, f)", [LAMBDA]),
    "the module by an alias": ("import torch.optim.lr_scheduler as ls\ns = ls.LambdaLR(o, f)", [LAMBDA]),
    "a parent package by an alias": ("from torch import optim\ns = optim.lr_scheduler.LambdaLR(o, f)", [LAMBDA]),
    "the package by an alias": ("import torch as t\ns = t.optim.lr_scheduler.LambdaLR(o, f)", [LAMBDA]),
    "the whole path": ("import torch\ns = torch.optim.lr_scheduler.LambdaLR(o, f)", [LAMBDA]),
    "a submodule import that binds the package": (
        "import torch.optim.lr_scheduler\ns = torch.optim.lr_scheduler.MultiplicativeLR(o, f)",
        [MULTIPLICATIVE],
    ),
    "a star import": ("from torch.optim.lr_scheduler import *\ns = LambdaLR(o, f)", [LAMBDA]),
    "an import inside a function": (
        "def g(o):\n    from torch.optim.lr_scheduler import LambdaLR\n    return LambdaLR(o, f)",
        [LAMBDA],
    ),
    "an import that may fail": (
        """
        try:
            from torch.optim.lr_scheduler import LambdaLR
        except ImportError:
            LambdaLR = None
        s = LambdaLR(o, f)
        """,
        [LAMBDA],
    ),
    "an alias by assignment": (
        "import torch\nLR = torch.optim.lr_scheduler.LambdaLR\ns = LR(o, f)",
        [LAMBDA],
    ),
    "an alias of an alias": (
        "from torch.optim import lr_scheduler as ls\nA = ls.LambdaLR\nB = A\ns = B(o, f)",
        [LAMBDA],
    ),
    "keyword arguments only": (
        "from torch.optim.lr_scheduler import LambdaLR\ns = LambdaLR(lr_lambda=f, optimizer=o)",
        [LAMBDA],
    ),
    "an expression that is not assigned": ("from torch.optim.lr_scheduler import LambdaLR\nLambdaLR(o, f)", [LAMBDA]),
    "an item of a list, an argument and a dict value": (
        """
        from torch.optim.lr_scheduler import LambdaLR
        x = [LambdaLR(o, f)]
        y = g(LambdaLR(o, f))
        z = {"scheduler": LambdaLR(o, f), "interval": "step"}
        """,
        [LAMBDA, LAMBDA, LAMBDA],
    ),
    "a comprehension over optimizers": (
        "from torch.optim.lr_scheduler import LambdaLR\ns = [LambdaLR(o, f) for o in optimizers]",
        [LAMBDA],
    ),
    "a lambda that makes one": (
        "from torch.optim.lr_scheduler import LambdaLR\nmake = lambda o: LambdaLR(o, f)",
        [LAMBDA],
    ),
    "a method of a class": (
        """
        import torch
        class Net:
            def configure_optimizers(self):
                return torch.optim.lr_scheduler.LambdaLR(self.o, self.f)
        """,
        [LAMBDA],
    ),
    "a subclass that calls super().__init__": (
        """
        from torch.optim.lr_scheduler import LambdaLR
        class W(LambdaLR):
            def __init__(self, optimizer):
                super().__init__(optimizer, self.f)
        """,
        [LAMBDA],
    ),
    "a subclass that calls super(W, self).__init__": (
        """
        from torch.optim.lr_scheduler import LambdaLR
        class W(LambdaLR):
            def __init__(self, optimizer):
                super(W, self).__init__(optimizer, self.f)
        """,
        [LAMBDA],
    ),
    "a subclass that calls the base by name": (
        """
        from torch.optim.lr_scheduler import LambdaLR
        class W(LambdaLR):
            def __init__(self, optimizer):
                LambdaLR.__init__(self, optimizer, self.f)
        """,
        [LAMBDA],
    ),
    "a subclass without a constructor of its own": (
        """
        from torch.optim.lr_scheduler import MultiplicativeLR
        class Mine(MultiplicativeLR):
            pass
        s = Mine(o, f)
        """,
        [MULTIPLICATIVE],
    ),
    "a conditional expression that chooses the class": (
        """
        from torch.optim import lr_scheduler
        cls = lr_scheduler.LambdaLR if True else lr_scheduler.MultiplicativeLR
        s = cls(o, f)
        """,
        [LAMBDA],
    ),
    "both schedulers, in the order of the text": (
        """
        from torch.optim.lr_scheduler import LambdaLR, MultiplicativeLR
        b = MultiplicativeLR(o, f)
        a = LambdaLR(o, f)
        """,
        [MULTIPLICATIVE, LAMBDA],
    ),
}

OTHERS = {
    "a class of the file": "class LambdaLR:\n    pass\ns = LambdaLR(o, f)",
    "a function of the file": "def LambdaLR(o, f):\n    return 1\ns = LambdaLR(o, f)",
    "a class of the project": "from project.schedulers import LambdaLR\ns = LambdaLR(o, f)",
    "a relative import": "from . import LambdaLR\ns = LambdaLR(o, f)",
    "no import at all": "s = LambdaLR(o, f)",
    "another library's scheduler": "import paddle\ns = paddle.optimizer.lr.LambdaLR(o, f)",
    "another class of torch": "from torch.optim.lr_scheduler import ReduceLROnPlateau\ns = ReduceLROnPlateau(o)",
    "a class from the file that hides the imported one": (
        "from torch.optim.lr_scheduler import LambdaLR\nclass LambdaLR:\n    pass\ns = LambdaLR(o, f)"
    ),
    "the name alone": "from torch.optim.lr_scheduler import LambdaLR\nx = LambdaLR",
    "a type check": "from torch.optim.lr_scheduler import LambdaLR\nx = isinstance(s, LambdaLR)",
    "an annotation": "from torch.optim.lr_scheduler import LambdaLR\ndef f(s: LambdaLR) -> None: ...",
    "a text": "x = 'LambdaLR(o, f)'",
    "a comment": "# LambdaLR(o, f)",
    "a method of that name": "s = factory.LambdaLR(o, f)",
    "a subclass that overrides get_lr": """
        from torch.optim.lr_scheduler import LambdaLR
        class W(LambdaLR):
            def get_lr(self):
                return [f(self.last_epoch) for f in self.lr_lambdas]
        s = W(o, f)
        """,
    "super().__init__ of a subclass that overrides get_lr": """
        from torch.optim.lr_scheduler import LambdaLR
        class W(LambdaLR):
            def __init__(self, o):
                super().__init__(o, lambda _: 0.1)
            def get_lr(self):
                return [0.1]
        """,
    "super().__init__ of another class": """
        from torch.optim.lr_scheduler import LambdaLR
        class Net(Module):
            def __init__(self):
                super().__init__()
                self.kind = LambdaLR
        """,
    "a shadowing parameter": """
        from torch.optim.lr_scheduler import LambdaLR
        def make(LambdaLR, o, f):
            return LambdaLR(o, f)
        """,
}


def constructions_in(text: str) -> list[Construction]:
    module = module_of(textwrap.dedent(text) + "\n")
    project = Project()
    project.add(module)
    return list(constructions(module, project, Budget()))


@pytest.mark.parametrize(("text", "contracts"), CONSTRUCTIONS.values(), ids=CONSTRUCTIONS.keys())
def test_spellings_of_a_construction(text: str, contracts: list[str]) -> None:
    """Each construction is found once, with the contract of its class."""
    assert [construction.contract.name for construction in constructions_in(text)] == contracts


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS.keys())
def test_what_is_no_construction(text: str) -> None:
    """What only shares the name with a scheduler of torch is left alone."""
    assert constructions_in(text) == []


@pytest.mark.parametrize(
    ("call", "skipped"),
    [("super().__init__(optimizer, self.f)", 0), ("LambdaLR.__init__(self, optimizer, self.f)", 1)],
)
def test_self_is_no_argument_of_the_constructor(call: str, skipped: int) -> None:
    """``LambdaLR.__init__(self, ...)`` has its arguments one place further on."""
    text = f"""
    from torch.optim.lr_scheduler import LambdaLR
    class W(LambdaLR):
        def __init__(self, optimizer):
            {call}
    """
    assert [construction.skipped for construction in constructions_in(text)] == [skipped]
