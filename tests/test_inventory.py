"""``lr-lint sites``: every construction with its schedule, its verdict and the reason where there is none."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest

from lr_lint.checks.engine import check_and_inspect_bytes, check_bytes, inspect_bytes
from lr_lint.checks.facts.site_facts import SiteFacts
from lr_lint.checks.rules.base import Finding, Rule
from lr_lint.reports.listing import ASCII_LEVELS, BLOCK_LEVELS, sites_json, sparkline
from lr_lint.source.settings import Settings
from lr_lint.source.surroundings import InMemory
from lr_lint.vocabulary.diagnostics import Confidence, Failure
from lr_lint.vocabulary.site_records import GroupRate, Schedule, ScheduleCallable, SiteRecord, SiteVerdict
from tests.support import BUG, FIXED, NO_SCHEDULER, document_of, lr_lint, lr_lint_process, run_on_terminal

HEAD = """\
import functools, math, torch
from torch.optim.lr_scheduler import LambdaLR, MultiplicativeLR
optimizer = torch.optim.SGD(model.parameters(), lr=0.001)
"""


def sites_of(text: str) -> tuple[SiteRecord, ...]:
    inventory = inspect_bytes("train.py", (HEAD + textwrap.dedent(text)).encode())
    assert inventory.failure is None
    return inventory.sites


def site_of(text: str) -> SiteRecord:
    (site,) = sites_of(text)
    return site


def test_consistent_schedule_with_its_curve() -> None:
    schedule = site_of("LambdaLR(optimizer, lambda epoch: 0.5**epoch)").schedule

    assert (schedule.verdict, schedule.reason, schedule.unit) == (SiteVerdict.CONSISTENT, "", "factor")
    assert schedule.groups == (GroupRate(0.001, "0.001"),)
    assert (schedule.first_factor, schedule.peak_factor) == (1.0, 1.0)
    assert schedule.curve[:4] == ((0, 1.0), (1, 0.5), (2, 0.25), (3, 0.125))


@pytest.mark.parametrize(
    ("call", "unit", "reason"),
    [
        ("LambdaLR(optimizer, lambda epoch: 0.001 * 0.5**epoch)", "rate", "LR101 rate-returned-as-factor"),
        (
            "LambdaLR(optimizer, lambda epoch: max(optimizer.defaults['lr'], 0.5**epoch))",
            "mixed",
            "LR103 rate-mixed-into-factor",
        ),
        ("LambdaLR(optimizer, lambda epoch: 0.0005 * 0.5**epoch)", "free", "LR102 tiny-factor"),
        ("LambdaLR(optimizer, lambda epoch: 1 / epoch)", "factor", "LR201 undefined-at-start"),
        ("MultiplicativeLR(optimizer, lambda epoch: 0.5**epoch)", "factor", "LR105 cumulative-factor"),
    ],
)
def test_what_is_reported_contradicts(call: str, unit: str, reason: str) -> None:
    schedule = site_of(call).schedule

    assert (schedule.verdict, schedule.unit, schedule.reason) == (SiteVerdict.CONTRADICTS, unit, reason)


_GEOMETRIC = """
def geometric(optimizer, first_lr, last_lr, total):
    def rate(step):
        return {}((1 - step / total) * {log}(first_lr) + {log}(last_lr) * step / total)
    return LambdaLR(optimizer, lambda step: rate(step) / first_lr)
"""
_OVER_ITS_OWN_RATE = """
def make(lr):
    sgd = torch.optim.SGD(model.parameters(), lr=lr)
    return LambdaLR(sgd, lambda step: min(0.02, 1.0 / math.sqrt(step + 1)) / lr)
"""
_OVER_A_RATE = """
def make(other, cfg):
    share, end = cfg.floor / cfg.base_lr, 0.0
    return LambdaLR(other, lambda step: share + (1 - share) * 0.9**step if step < 9 else end / cfg.base_lr)
"""


@pytest.mark.parametrize(
    "text",
    [
        "LambdaLR(optimizer, lambda epoch: (epoch + 20) ** -0.6)",
        "import math" + _OVER_ITS_OWN_RATE,
        _OVER_A_RATE,
        "import math" + _GEOMETRIC.format("math.exp", log="math.log"),
        "import numpy as np" + _GEOMETRIC.format("np.exp", log="np.log"),
        "import math" + _GEOMETRIC.format("10 ** ", log="math.log10"),
    ],
)
def test_what_is_left_of_rates_is_a_factor(text: str) -> None:
    schedule = site_of(text).schedule

    assert (schedule.verdict, schedule.unit, schedule.reason) == (SiteVerdict.CONSISTENT, "factor", "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("LambdaLR(optimizer, schedules[kind])", "what the call returns is not known"),
        ("LambdaLR(other, lambda epoch: base_lr * 0.5**epoch)", "the groups' rates could not be read"),
        (
            "o = torch.optim.SGD(model.parameters(), lr=0.1)\nLambdaLR(o, lambda epoch: base_lr * 0.5**epoch)",
            "the groups' rates are bare numbers, which may be relative",
        ),
        ("LambdaLR(optimizer, lambda epoch: 0.1)", "its factor peaks at 0.1"),
        ("LambdaLR(optimizer, lambda epoch: max(min_lr, 0.5**epoch))", "only a name says that it returns a rate"),
        ("def f():\n    raise ValueError\nLambdaLR(f(), lambda epoch: 1.0)", "the code before it raises ValueError"),
    ],
)
def test_reason_why_it_is_undecided(text: str, reason: str) -> None:
    schedule = site_of(text).schedule

    assert (schedule.verdict, schedule.reason) == (SiteVerdict.UNDECIDED, reason)


def test_what_takes_too_many_steps_is_undecided() -> None:
    text = """
    def slow(epoch):
        total = 0
        while total < 10_000_000:
            total += 1
        return 0.5**total
    LambdaLR(optimizer, slow)
    """

    schedule = site_of(text).schedule

    assert schedule.verdict is SiteVerdict.UNDECIDED
    assert "more steps than one construction is worth" in schedule.reason


def test_branch_that_raises_decides_nothing() -> None:
    flags = "".join(f"    if settings.flag{number}:\n        decay = 0.{number + 1}\n" for number in range(9))
    text = (
        "def optimizer_of(kind):\n"
        "    if kind == 'sgd':\n"
        "        return optimizer\n"
        "    raise NotImplementedError\n"
        "def build(settings):\n"
        "    decay = 0.5\n"
        f"{flags}"
        "    return LambdaLR(optimizer_of(settings.kind), lambda epoch: decay**epoch)\n"
    )

    assert site_of(text).schedule.verdict is SiteVerdict.CONSISTENT


@pytest.mark.parametrize(("default", "verdict"), [(True, SiteVerdict.UNDECIDED), (False, SiteVerdict.CONSISTENT)])
def test_weak_claim_of_a_rule_that_is_on(default: bool, verdict: SiteVerdict, monkeypatch: pytest.MonkeyPatch) -> None:
    def check(site: SiteFacts) -> list[Finding]:
        return [Finding(rule, site, "perhaps", Confidence.POSSIBLE)]

    rule = Rule("LR999", "perhaps-wrong", "", default, check)
    monkeypatch.setattr("lr_lint.checks.examination.RULES", (rule,))
    schedule = site_of("LambdaLR(optimizer, lambda epoch: 0.5**epoch)").schedule

    assert schedule.verdict is verdict
    assert ("perhaps-wrong" in schedule.reason) is default


CALLABLES = {
    "a lambda": ("f = lambda epoch: 1.0", "lambda", 4),
    "a function": ("def f(epoch):\n    return 1.0", "function", 4),
    "a lambda in a method": (
        "class F:\n    def g(self):\n        self.h = lambda epoch: 1.0\n        return self.h\nf = F().g()",
        "factory",
        6,
    ),
    "a decay made by a function": ("def make():\n    return lambda epoch: 1.0\nf = make()", "factory", 5),
    "a partial": ("def g(rate, epoch):\n    return rate\nf = functools.partial(g, 1.0)", "partial", 4),
    "an instance": ("class F:\n    def __call__(self, epoch):\n        return 1.0\nf = F()", "instance", 4),
    "a method": ("class F:\n    def g(self, epoch):\n        return 1.0\nf = F().g", "method", 5),
}


@pytest.mark.parametrize("name", CALLABLES)
def test_kind_and_place_of_the_callable(name: str) -> None:
    code, kind, line = CALLABLES[name]

    assert site_of(f"{code}\nLambdaLR(optimizer, f)").callable == ScheduleCallable(kind, "train.py", line)


def test_callable_that_the_project_does_not_define() -> None:
    assert site_of("LambdaLR(optimizer, math.exp)").callable == ScheduleCallable("library")
    assert site_of("LambdaLR(optimizer, unknown)").callable is None


def test_callable_of_another_file() -> None:
    text = "from decay import f\n" + HEAD + "LambdaLR(optimizer, f)\n"
    files = InMemory({"decay.py": b"\n\ndef f(epoch):\n    return 0.5**epoch\n"})
    (site,) = inspect_bytes("train.py", text.encode(), files).sites

    assert site.callable == ScheduleCallable("function", "decay.py", 3)


def test_lambda_beside_its_construction_is_not_called_a_factory() -> None:
    text = "def build(optimizer):\n    return LambdaLR(optimizer, lambda epoch: 1.0)\n"

    assert site_of(text).callable == ScheduleCallable("lambda", "train.py", 5)


def test_groups_with_their_spelling() -> None:
    text = """
    base_lr = 0.01
    optimizer = torch.optim.SGD([{"params": a, "lr": base_lr}, {"params": b}], lr=0.1)
    LambdaLR(optimizer, lambda epoch: 0.5**epoch)
    """
    groups = site_of(text).schedule.groups

    assert [group.lr for group in groups] == [0.01, 0.1]
    assert groups[1].source == "0.1"


def test_curve_ends_with_the_run() -> None:
    cosine = site_of("LambdaLR(optimizer, lambda e: 0.5 * (1 + math.cos(math.pi * e / total_steps)))").schedule
    linear = site_of("LambdaLR(optimizer, lambda e: 1 - e / 40)").schedule

    assert [cosine.curve[-1][0], round(cosine.curve[-1][1], 9)] == [100, 0.0]
    assert linear.curve[-1] == (40, 0.0)


def test_warm_up_longer_than_the_assumed_run_is_seen_to_its_peak() -> None:
    schedule = site_of("LambdaLR(optimizer, lambda step: min(1.0, step / 4000))").schedule

    assert (schedule.first_factor, schedule.peak_factor, schedule.curve[-1]) == (0.0, 1.0, (4000, 1.0))


def test_unknown_and_infinite_numbers_are_left_out_of_the_curve() -> None:
    unknown = site_of("LambdaLR(optimizer, lambda epoch: table[epoch])").schedule
    infinite = site_of("LambdaLR(optimizer, lambda epoch: math.inf if epoch == 2 else 1.0)").schedule

    assert (unknown.curve, unknown.first_factor, unknown.peak_factor) == ((), None, None)
    assert 2 not in dict(infinite.curve)
    assert infinite.peak_factor is None


def test_sites_are_in_source_order_with_their_places() -> None:
    sites = sites_of("first = LambdaLR(optimizer, lambda e: 1.0)\nif x:\n    second = MultiplicativeLR(optimizer, f)\n")

    assert [(site.line, site.column, site.contract.rpartition(".")[2]) for site in sites] == [
        (4, 8, "LambdaLR"),
        (6, 13, "MultiplicativeLR"),
    ]


@pytest.mark.parametrize(
    "end",
    [
        "def halve(epoch):\n    return 0.5**epoch",
        "def halve(epoch): return 0.5**epoch",
        "def halve(epoch):\n    return 0.5**epoch  # each time",
        "def halve(epoch):\n    if epoch:\n        return 0.5**epoch\n    return 1",
        "class Halve:\n    def __call__(self, epoch):\n        return 0.5**epoch\nhalve = Halve()",
        "halve = lambda epoch: 0.5**epoch",
    ],
)
@pytest.mark.parametrize("last", ["", "\n"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_callable_at_the_end_of_a_file(end: str, last: str, line_end: str) -> None:
    text = f"{HEAD}def build():\n    return LambdaLR(optimizer, halve)\n{end}{last}".replace("\n", line_end)
    inventory = inspect_bytes("train.py", text.encode())

    assert inventory.failure is None
    assert [site.schedule.verdict for site in inventory.sites] == [SiteVerdict.CONSISTENT]


def test_files_without_an_inventory() -> None:
    assert inspect_bytes("train.py", b"\xff\0").failure is None
    assert inspect_bytes("train.py", b"LambdaLR\0").failure == Failure("train.py", "contains a null byte", line=1)
    assert inspect_bytes("train.py", b"LambdaLR(\n").failure is not None
    assert inspect_bytes("train.py", b"KINDS = ['LambdaLR']\n").sites == ()


def test_bug_of_ours_is_reported_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(source: object, files: object, *_: object) -> Any:
        raise ValueError("of sorts")

    monkeypatch.setattr("lr_lint.checks.inventory.take_inventory", broken)
    failure = inspect_bytes("train.py", HEAD.encode() + b"LambdaLR(optimizer, f)\n").failure

    assert failure == Failure("train.py", "internal error in lr-lint: ValueError: of sorts; please report")


def test_json(project: Path) -> None:
    document = document_of(lr_lint("sites", "--output-format", "json", cwd=project))
    (site,) = document["sites"]
    curve = site.pop("curve")

    assert document["schema_version"] == 1
    assert site == {
        "path": "train.py",
        "cell": None,
        "line": 6,
        "column": 13,
        "contract": "torch.optim.lr_scheduler.LambdaLR",
        "callable": {"kind": "lambda", "path": "train.py", "cell": None, "line": 6},
        "groups": [{"lr": 0.001, "source": "lr"}],
        "unit": "rate",
        "first_factor": 0.001,
        "peak_factor": 0.001,
        "verdict": "contradicts",
        "reason": "LR101 rate-returned-as-factor",
        "assumed": {},
        "clock": {"unit": "unknown", "source": "nothing steps it in sight"},
        "horizon": None,
        "epochs": None,
    }
    assert curve[0] == [0, 0.001]


def test_json_of_what_is_not_known() -> None:
    schedule = Schedule((GroupRate(None, ""),), "unknown", None, None, (), SiteVerdict.UNDECIDED, "it is")
    text = sites_json([SiteRecord("train.py", 1, 0, "LambdaLR", None, schedule)])

    assert '"callable": null' in text
    assert '"lr": null' in text


def test_text_for_people(project: Path) -> None:
    (project / "train.py").write_text(
        BUG + "other = LambdaLR(optimizer, unknown)\nthird = LambdaLR(optimizer, unknown)\n"
    )
    (project / "plain.py").write_text(NO_SCHEDULER)
    done = lr_lint("sites", cwd=project)

    assert done.returncode == 0
    assert done.stdout.startswith(
        "train.py:6:13 LambdaLR  contradicts\n"
        "  callable   lambda, train.py:6\n"
        "  lr         0.001 (lr)\n"
        "  returns    rate, 0.001 at first, 0.001 at its peak\n"
        "  found      LR101 rate-returned-as-factor\n\n"
        "train.py:7:9 LambdaLR  undecided\n"
        "  callable   not known\n"
    )
    assert done.stdout.endswith(
        "\n\n3 schedulers in 2 files: 1 contradicts, 2 undecided.\n"
        "Undecided because\n     2  what unknown returns is not known\n"
    )


def test_quiet_and_output_file(project: Path) -> None:
    done = lr_lint("sites", "--quiet", "--output-file", "sites.txt", cwd=project)

    assert (done.returncode, done.stdout) == (0, "")
    assert "schedulers" not in (project / "sites.txt").read_text()
    assert "contradicts" in (project / "sites.txt").read_text()


def test_files_can_be_excluded_by_option_and_by_the_project(project: Path) -> None:
    (project / "old.py").write_text(FIXED)
    (project / "pyproject.toml").write_text('[tool.lr-lint]\nexclude = ["old.py"]\n')

    def paths(*options: str) -> list[str]:
        document = document_of(lr_lint("sites", "--output-format", "json", *options, cwd=project))
        return [site["path"] for site in document["sites"]]

    assert paths() == ["train.py"]
    assert paths("--isolated") == ["old.py", "train.py"]
    assert paths("--isolated", "--exclude", "train.py") == ["old.py"]


def test_what_cannot_be_analysed_is_said_and_the_rest_is_listed(project: Path) -> None:
    (project / "broken.py").write_text("LambdaLR(\n")
    done = lr_lint("sites", ".", "gone", cwd=project)

    assert done.returncode == 2
    assert "broken.py:1" in done.stderr
    assert "gone" in done.stderr
    assert "train.py:6:13" in done.stdout
    assert "Not analysed: 2 paths." in done.stdout


def test_usage_error(project: Path) -> None:
    assert lr_lint("sites", "--config", "x.toml", "--isolated", cwd=project).returncode == 2
    assert lr_lint("sites", "--select", "LR101", cwd=project).returncode == 2


def test_sparkline_when_colours_are_asked_for(project: Path) -> None:
    unicode_text = lr_lint_process("sites", "--color", "always", cwd=project, PYTHONIOENCODING="utf-8").stdout
    ascii_text = lr_lint_process("sites", "--color", "always", cwd=project, PYTHONIOENCODING="ascii").stdout

    assert "██" in unicode_text
    assert "██" not in ascii_text
    assert "##" in ascii_text


def test_sparkline_on_a_terminal_without_colours(project: Path) -> None:
    text = run_on_terminal("sites", "--color", "never", cwd=project, PYTHONIOENCODING="utf-8")

    assert "at its peak  ██" in text
    assert "\x1b" not in text


def test_no_sparkline_in_a_pipe(project: Path) -> None:
    assert "█" not in lr_lint("sites", cwd=project, PYTHONIOENCODING="utf-8").stdout


def test_shape_of_a_sparkline() -> None:
    rising = [(time, float(time)) for time in (0, 1, 5, 100)]

    line = sparkline(rising, BLOCK_LEVELS)

    assert (line[0], line[-1]) == ("▁", "█")
    assert list(line) == sorted(line)
    assert set(sparkline([(0, 1.0), (100, 1.0)], ASCII_LEVELS)) == {"#"}
    assert set(sparkline([(0, 0.0), (100, 0.0)], ASCII_LEVELS)) == {"_"}


def test_curve_is_that_of_the_defaults() -> None:
    """A warm-up of 0 steps by default is none, in the curve that is shown."""
    site = site_of(
        """
        import argparse
        parser = argparse.ArgumentParser()
        parser.add_argument("--warmup-steps", type=int, default=0)
        warmup = parser.parse_args().warmup_steps
        f = lambda step: step / warmup if step < warmup else 0.5 ** (step - warmup)
        LambdaLR(torch.optim.SGD(net.parameters(), lr=0.1), f)
        """
    )

    assert [factor for time, factor in site.schedule.curve[:3]] == [1.0, 0.5, 0.25]


def test_early_returns_for_senseless_counts_are_not_taken() -> None:
    site = site_of(
        """
        def build(optimizer, total_steps):
            return LambdaLR(optimizer, lambda step: 0.0 if total_steps <= 0 else 0.5**step)
        """
    )

    assert site.schedule.first_factor == 1.0


MENTIONS = {
    "a table": ("kinds = {'multiply': MultiplicativeLR}", (4, 21)),
    "an argument of what the project does not define": ("register('multiply', MultiplicativeLR)", (4, 21)),
    "a default": ("def build(kind=MultiplicativeLR):\n    return [kind]", (4, 15)),
    "a class attribute": ("class Settings:\n    scheduler = MultiplicativeLR", (5, 16)),
    "a dotted name in a config": ("c = {'class': 'torch.optim.lr_scheduler.MultiplicativeLR'}", (4, 14)),
    "a text in a config that has the callable": ("c = dict(type='MultiplicativeLR', lr_lambda=f)", (4, 14)),
    "such a text around the arguments": ("c = {'name': 'MultiplicativeLR', 'args': {'lr_lambda': f}}", (4, 13)),
    "what a function gives": ("def kind():\n    return MultiplicativeLR", (5, 11)),
}


LOOKED_UP = {
    "where it is called": "getattr(torch.optim.lr_scheduler, config['name'])(optimizer)",
    "by way of a variable": "kind = getattr(torch.optim.lr_scheduler, config['name'])\nkind(optimizer, **config)",
    "by way of a function": (
        "def build(optimizer, name):\n    cls = getattr(torch.optim.lr_scheduler, name)\n    return cls(optimizer)"
    ),
}


@pytest.mark.parametrize("name", LOOKED_UP)
def test_class_that_is_looked_up_by_a_name_that_nobody_knows(name: str) -> None:
    """That is some scheduler, and not none."""
    site = site_of(LOOKED_UP[name])

    assert (site.contract, site.callable) == ("torch.optim.lr_scheduler", None)
    assert site.schedule.verdict is SiteVerdict.UNDECIDED
    assert site.schedule.reason == "its class is looked up by a name that is not known"


def test_class_that_is_looked_up_by_a_name_that_is_known() -> None:
    """It is the scheduler of that name, whatever the variable is called that holds it."""
    site = site_of("cls = getattr(torch.optim.lr_scheduler, 'LambdaLR')\ncls(optimizer, lambda epoch: 0.5**epoch)")

    assert (site.contract, site.schedule.verdict) == ("torch.optim.lr_scheduler.LambdaLR", SiteVerdict.CONSISTENT)


def test_modules_of_others_that_are_asked_for_an_attribute_are_no_schedulers() -> None:
    assert (
        sites_of("import lr_scheduler\ngetattr(lr_scheduler, name)(optimizer)\ngetattr(torch.optim, name)(model)") == ()
    )


def test_reason_tells_what_callers_in_other_files_give() -> None:
    """What is missing besides is told, though it decides nothing."""
    plan = """
    from torch.optim.lr_scheduler import LambdaLR

    def attach(optimizer, width):
        return LambdaLR(optimizer, lambda step: width**-0.5 * min((step + 1) ** -0.5, (step + 1) * 900**-1.5))
    """
    train = """
    import torch
    from plan import attach

    optimizer = torch.optim.Adam(torch.nn.Linear(2, 1).parameters(), lr=0.2)
    scheduler = attach(optimizer, 512)
    """
    files = {name: textwrap.dedent(text).encode() for name, text in (("plan.py", plan), ("train.py", train))}

    (site,) = inspect_bytes("plan.py", files["plan.py"], InMemory(files)).sites

    assert (site.schedule.verdict, site.schedule.groups[0].lr) == (SiteVerdict.UNDECIDED, 0.2)
    assert site.schedule.reason == "only the size of its numbers says that it returns a rate"


@pytest.mark.parametrize("name", MENTIONS)
def test_class_that_is_handed_over_and_called_by_nobody(name: str) -> None:
    """No scheduler is said to be there, and neither that there is none."""
    code, place = MENTIONS[name]

    site = site_of(code)

    assert (site.line, site.column) == place
    assert (site.contract, site.callable) == ("torch.optim.lr_scheduler.MultiplicativeLR", None)
    assert site.schedule.verdict is SiteVerdict.UNDECIDED
    assert site.schedule.reason == "its class is named here, and nobody was found who constructs it"


@pytest.mark.parametrize(
    "code",
    [
        "isinstance(scheduler, (LambdaLR, MultiplicativeLR))",
        "def show(scheduler: LambdaLR, kind: 'type[LambdaLR]') -> MultiplicativeLR: ...",
        "class Other(LambdaLR):\n    def get_lr(self):\n        return [0.1]",
        "type(scheduler) is LambdaLR",
        "LambdaLR.step(scheduler)",
        "kinds = {LambdaLR: 1}",
        "config = {'name': 'LambdaLR', 'args': {}}",
        "parser.add_argument('--kind', choices=['LambdaLR', 'StepLR'])",
        "import lr_table\nlr_table.LambdaLR = LambdaLR.__name__",
    ],
)
def test_class_that_is_only_looked_at(code: str) -> None:
    assert sites_of(code) == ()


def test_class_with_a_curve_of_its_own_that_is_handed_over() -> None:
    site = site_of("from torch.optim.lr_scheduler import StepLR\nkinds = [StepLR]")

    assert (site.line, site.contract) == (5, "torch.optim.lr_scheduler.StepLR")
    assert site.schedule.verdict is SiteVerdict.UNDECIDED


def test_classes_that_are_handed_over_are_counted(tmp_path: Path) -> None:
    """Zero schedulers says that there are none, in every command."""
    (tmp_path / "kinds.py").write_text(f"{HEAD}KINDS = {{'one': LambdaLR, 'other': MultiplicativeLR}}\n")

    listed, checked = lr_lint("sites", "kinds.py", cwd=tmp_path), lr_lint("kinds.py", cwd=tmp_path)
    document = document_of(lr_lint("sites", "--output-format", "json", "kinds.py", cwd=tmp_path))

    assert "kinds.py:4:17 LambdaLR  undecided" in listed.stdout
    assert "2 schedulers in 1 file: 2 undecided." in listed.stdout
    assert "(2 schedulers in 1 file)" in checked.stdout
    assert [(site["line"], site["column"], site["groups"], site["curve"]) for site in document["sites"]] == [
        (4, 17, [], []),
        (4, 36, [], []),
    ]


def test_class_that_another_file_constructs_is_listed_where_it_is_named() -> None:
    settings = (
        f"{HEAD}class Plan:\n    kind = LambdaLR\n    options = dict(lr_lambda=lambda epoch: 0.003 * 0.9**epoch)\n"
    )
    files = {
        "settings.py": settings.encode(),
        "build.py": b"def build(plan, given):\n    return plan.kind(given, **plan.options)\n",
        "run.py": (
            b"import torch\nfrom build import build\nfrom settings import Plan\n"
            b"build(Plan, torch.optim.SGD(net.parameters(), lr=0.003))\n"
        ),
    }

    (site,) = inspect_bytes("settings.py", files["settings.py"], InMemory(files)).sites

    assert (site.path, site.line, site.column) == ("settings.py", 5, 11)
    assert site.schedule.groups == (GroupRate(0.003, "0.003"),)
    assert site.schedule.verdict is SiteVerdict.CONTRADICTS


@pytest.mark.parametrize(
    ("scheduler", "returned", "rates", "meant"),
    [
        ("LambdaLR", "0.5**epoch", [0.001, 0.0005, 0.00025], []),
        ("LambdaLR", "0.001 * 0.5**epoch", [1e-6, 5e-7, 2.5e-7], [0.001, 0.0005, 0.00025]),
        ("MultiplicativeLR", "0.5", [0.001, 0.0005, 0.00025], []),
        ("MultiplicativeLR", "0.5 if epoch < 2 else 1.0", [0.001, 0.0005, 0.0005], []),
        ("MultiplicativeLR", "unknown(epoch)", [], []),
    ],
)
def test_rates_of_a_group(scheduler: str, returned: str, rates: list[float], meant: list[float]) -> None:
    """The rates that PyTorch sets, and those that a rate in place of a factor was meant to be."""
    (curve,) = site_of(f"{scheduler}(optimizer, lambda epoch: {returned})").schedule.by_group

    assert [rate for _, rate in curve.rates[:3]] == pytest.approx(rates)
    assert [time for time, _ in curve.rates[:3]] == list(range(len(rates)))
    assert [rate for _, rate in curve.meant[:3]] == pytest.approx(meant)


def test_each_group_has_a_schedule() -> None:
    groups = "[{'params': a, 'lr': 0.1}, {'params': b, 'lr': unknown}]"
    schedule = site_of(
        f"LambdaLR(torch.optim.SGD({groups}), [lambda epoch: 0.5**epoch, lambda epoch: 0.9**epoch])"
    ).schedule

    first, second = schedule.by_group
    assert first.rates[:2] == ((0, 0.1), (1, 0.05))
    assert (second.returned[:2], second.rates) == (((0, 1.0), (1, 0.9)), ())
    assert first.returned == schedule.curve


@pytest.mark.parametrize("text", [BUG, FIXED, NO_SCHEDULER, "LambdaLR(", HEAD + "KINDS = {'a': LambdaLR}\n"])
def test_check_and_inventory_at_once_are_the_same_as_one_by_one(text: str) -> None:
    data, settings = text.encode(), Settings(fixes=True)

    report, inventory = check_and_inspect_bytes("train.py", data, settings)

    assert report == check_bytes("train.py", data, settings)
    assert inventory == inspect_bytes("train.py", data)
