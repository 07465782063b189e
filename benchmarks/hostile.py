"""Programs that are as unpleasant as programs can be in one way or another, of any size."""

from __future__ import annotations

from benchmarks.shapes import HEAD, MAIN, Shape


def import_cycle(size: int) -> dict[str, str]:
    """Modules that import a name from one another in a circle."""
    modules = {
        f"m{at}.py": f"from m{(at + 1) % size} import value as other\n\ndef value(epoch):\n    return other(epoch)\n"
        for at in range(size)
    }
    return modules | {MAIN: f"{HEAD}from m0 import value\nLambdaLR(torch.optim.SGD(net, lr=0.1), value)\n"}


def mutual_recursion(size: int) -> dict[str, str]:
    """Functions that call two others each."""
    functions = "".join(
        f"def f{at}(e):\n    return f{(at * 7 + 1) % size}(e) + f{(at * 3 + 2) % size}(e) if e > {at} else 1.0\n"
        for at in range(size)
    )
    return {MAIN: f"{HEAD}{functions}LambdaLR(torch.optim.SGD(net, lr=0.1), f0)\n"}


def long_function(size: int) -> dict[str, str]:
    """A function of so many statements that have nothing to do with the scheduler in it."""
    lines = "".join(f"    log({at}, args.a{at % 7})\n    y{at} = compute(args, {at})\n" for at in range(size // 2))
    last = "    return LambdaLR(torch.optim.SGD(net.parameters(), lr=lr), lambda epoch: lr * 0.9**epoch)\n"
    return {MAIN: f"{HEAD}def main(args, net, lr):\n{lines}{last}"}


def long_dependence(size: int) -> dict[str, str]:
    """A rate that depends on so many statements, each with a condition."""
    lines = "".join(f"    x{at} = x{at - 1} + {at} if args.a{at % 7} else x{at - 1}\n" for at in range(1, size))
    last = f"    return LambdaLR(torch.optim.SGD(net.parameters(), lr=x{size - 1}), lambda epoch: 1 / (1 + epoch))\n"
    return {MAIN: f"{HEAD}def main(args, net):\n    x0 = args.lr\n{lines}{last}"}


def deep_hierarchy(size: int) -> dict[str, str]:
    """A method that is inherited over so many classes."""
    classes = "".join(f"class C{at}(C{at - 1}):\n    pass\n" for at in range(1, size))
    base = "class C0:\n    def rate(self, epoch):\n        return 0.9**epoch\n"
    return {MAIN: f"{HEAD}{base}{classes}LambdaLR(torch.optim.SGD(net, lr=0.1), C{size - 1}().rate)\n"}


def deep_subclasses(size: int) -> dict[str, str]:
    """A scheduler that is derived from so many times."""
    classes = "".join(f"class C{at}(C{at - 1}):\n    pass\n" for at in range(1, size))
    last = f"C{size - 1}(torch.optim.SGD(net, lr=0.1), lambda epoch: 0.9**epoch)\n"
    return {MAIN: f"{HEAD}class C0(LambdaLR):\n    pass\n{classes}{last}"}


def many_sites(size: int) -> dict[str, str]:
    """So many schedulers, each with its optimizer."""
    lines = "".join(
        f"o{at} = torch.optim.SGD(net, lr=0.1)\ns{at} = LambdaLR(o{at}, lambda epoch: 0.9**epoch)\n"
        for at in range(size)
    )
    return {MAIN: HEAD + lines}


def many_sites_in_one_function(size: int) -> dict[str, str]:
    """So many schedulers of one optimizer in one function."""
    lines = "".join(f"    s{at} = LambdaLR(optimizer, lambda epoch: 0.9**epoch)\n" for at in range(size))
    return {MAIN: f"{HEAD}def main(net):\n    optimizer = torch.optim.SGD(net, lr=0.1)\n{lines}"}


def many_callers(size: int) -> dict[str, str]:
    """A function that makes a scheduler, called by so many."""
    build = "def build(optimizer, pace):\n    return LambdaLR(optimizer, lambda epoch: pace)\n"
    callers = "".join(f"def c{at}(net):\n    return build(torch.optim.SGD(net, lr=0.1), 0.1)\n" for at in range(size))
    return {MAIN: HEAD + build + callers}


def steps_in_many_functions(size: int) -> dict[str, str]:
    """A step that is taken at the end of so many calls, from each of so many places."""
    made = "".join(f"def f{at}(opt, sched):\n    f{at + 1}(opt, sched)\n" for at in range(size))
    last = f"def f{size}(opt, sched):\n    sched.step()\n    opt.step()\n"
    use = "optimizer = torch.optim.SGD(net, lr=0.1)\nscheduler = LambdaLR(optimizer, lambda epoch: 0.9**epoch)\n"
    calls = "".join(f"    f{at}(optimizer, scheduler)\n" for at in range(size))
    return {MAIN: f"{HEAD}{made}{last}{use}for epoch in range(9):\n{calls}"}


def methods_that_call_each_other(size: int) -> dict[str, str]:
    """A chain of methods that set fields."""
    methods = "".join(f"    def m{at}(self):\n        self.a{at} = self.m{at + 1}()\n" for at in range(size))
    last = "    def __call__(self, epoch):\n        return self.a0\n"
    return {MAIN: f"{HEAD}class C:\n{methods}{last}LambdaLR(torch.optim.SGD(net, lr=0.1), C())\n"}


def methods_of_one_name(size: int) -> dict[str, str]:
    """A chain of methods that call that of their base class."""
    classes = "".join(
        f"class C{at}(C{at - 1}):\n    def rate(self, epoch):\n        return super().rate(epoch)\n"
        for at in range(1, size)
    )
    base = "class C0:\n    def rate(self, epoch):\n        return 0.9**epoch\n"
    return {MAIN: f"{HEAD}{base}{classes}LambdaLR(torch.optim.SGD(net, lr=0.1), C{size - 1}().rate)\n"}


def aliases_of_the_scheduler(size: int) -> dict[str, str]:
    """A class that goes by so many names."""
    names = "".join(f"L{at - 1} = L{at}\n" for at in range(1, size))
    last = f"L{size - 1} = LambdaLR\nL0(torch.optim.SGD(net, lr=0.1), lambda epoch: 0.9**epoch)\n"
    return {MAIN: HEAD + names + last}


def attributes_of_one_scheduler(size: int) -> dict[str, str]:
    """An object that keeps its scheduler under so many names."""
    names = "".join(f"        self.s{at} = self.plan\n" for at in range(size))
    made = f"        self.rule = rule\n        self.plan = LambdaLR(rule, lambda epoch: 0.9**epoch)\n{names}"
    step = f"    def step(self):\n        self.rule.step()\n        self.s{size - 1}.step()\n"
    return {MAIN: f"{HEAD}class Trainer:\n    def __init__(self, rule):\n{made}{step}"}


def parts_of_one_array(size: int) -> dict[str, str]:
    """An array with so many views, each of which changes."""
    parts = "".join(f"part{at} = table[1:]\npart{at}[0] = 1.0\n" for at in range(size))
    made = "LambdaLR(torch.optim.SGD(net, lr=0.1), lambda epoch: table[1])\n"
    return {MAIN: f"{HEAD}import numpy as np\ntable = np.full(9, 0.1)\n{parts}{made}"}


def changes_of_one_variable(size: int) -> dict[str, str]:
    """A variable that changes in so many blocks, each of which raises."""
    block = "try:\n    total += 1\n    raise ValueError\nexcept ValueError:\n    total -= 1\n"
    made = "LambdaLR(torch.optim.SGD(net, lr=0.1), lambda epoch: total + 0.9**epoch)\n"
    return {MAIN: f"{HEAD}total = 0\n{block * size}{made}"}


def decisions_in_the_callable(size: int) -> dict[str, str]:
    """A callable with so many conditions that nobody knows."""
    tests = "".join(f"    if mode == {at}:\n        factor += 1\n" for at in range(size))
    schedule = f"def schedule(epoch):\n    factor = 1.0\n{tests}    return factor\n"
    return {MAIN: f"{HEAD}{schedule}LambdaLR(torch.optim.SGD(net, lr=0.1), schedule)\n"}


def brackets_in_brackets(size: int) -> dict[str, str]:
    """Lists in lists, on so many lines."""
    lines = "".join(f"x{at} = {'[' * 60}a{at}{']' * 60}\n" for at in range(size))
    return {MAIN: f"{HEAD}{lines}LambdaLR(torch.optim.SGD(net, lr=0.1), lambda epoch: 0.9**epoch)\n"}


def patterns_in_patterns(size: int) -> dict[str, str]:
    """Patterns in patterns, in so many cases."""
    cases = "".join(f"    case {'[' * 30}a{at}{']' * 30}:\n        pass\n" for at in range(size))
    return {MAIN: f"{HEAD}match mode:\n{cases}LambdaLR(torch.optim.SGD(net, lr=0.1), lambda epoch: 0.9**epoch)\n"}


# With each, a size at which twice as much tells what twice as much costs.
HOSTILE: dict[Shape, int] = {
    import_cycle: 40,
    mutual_recursion: 500,
    long_function: 2_500,
    long_dependence: 600,
    deep_hierarchy: 200,
    deep_subclasses: 200,
    many_sites: 60,
    many_sites_in_one_function: 60,
    many_callers: 150,
    steps_in_many_functions: 40,
    methods_that_call_each_other: 60,
    methods_of_one_name: 60,
    aliases_of_the_scheduler: 400,
    attributes_of_one_scheduler: 300,
    parts_of_one_array: 200,
    changes_of_one_variable: 200,
    decisions_in_the_callable: 10,
    brackets_in_brackets: 30,
    patterns_in_patterns: 60,
}
