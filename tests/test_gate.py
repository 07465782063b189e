"""The text gate: files that cannot construct a scheduler are let go unread."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from lr_lint.api import check_paths, inspect_each
from lr_lint.checks.sites import candidates
from lr_lint.source.disk import Disk
from lr_lint.source.gate import mentions_scheduler
from lr_lint.source.gated_files import SingleFiles
from lr_lint.source.own_schedulers import OwnSchedulers, own_schedulers
from lr_lint.source.project_settings import ProjectSettings
from lr_lint.source.scheduler_names import Aliases
from lr_lint.source.settings import Settings
from lr_lint.source.surroundings import InMemory
from lr_lint.source.syntax_gate import may_construct
from lr_lint.source.tree import code_of
from lr_lint.vocabulary.contract_rows import BUILT_IN
from lr_lint.vocabulary.contracts import Contract, Meaning
from tests.harness import module_of


@pytest.mark.parametrize(
    ("data", "mentions"),
    [
        pytest.param(b"", False, id="an empty file"),
        pytest.param(b"import torch\n", False, id="a file that uses torch and no scheduler"),
        pytest.param(
            b"from torch.optim.lr_scheduler import ReduceLROnPlateau\n", False, id="a scheduler without a horizon"
        ),
        pytest.param(b"# lambdalr\n", False, id="the name in the wrong case"),
        pytest.param(b"Lambda LR, Lambda\nLR", False, id="the halves of the name"),
        pytest.param(b"from torch.optim.lr_scheduler import LambdaLR\n", True, id="an import"),
        pytest.param(b"from torch.optim.lr_scheduler import StepLR\n", True, id="a scheduler with a curve of its own"),
        pytest.param(b"class StepLR: ...\n", False, id="the name of one, and no word of where it comes from"),
        pytest.param(b"s = lr_scheduler.MultiplicativeLR(o, f)\n", True, id="an attribute"),
        pytest.param(b"class MyLambdaLRWithWarmup(Base): ...\n", True, id="a part of a longer name"),
        pytest.param(b"# see LambdaLR\n", True, id="a comment, which the parser will sort out"),
        pytest.param(b"\xff\xfe\x00 LambdaLR \x00", True, id="bytes that are no text"),
        pytest.param("LambdaLR".encode("utf-16"), False, id="UTF-16, which is no encoding of Python source"),
    ],
)
def test_what_passes_the_gate(data: bytes, mentions: bool) -> None:
    """The gate looks at bytes and nothing else."""
    assert mentions_scheduler(data) is mentions


@pytest.mark.parametrize("contract", BUILT_IN.rows, ids=lambda contract: contract.name)
def test_every_contract_passes_the_gate(contract: Contract) -> None:
    """A scheduler that is in the table can be found in a file, if there is anything to find."""
    judged = contract.meaning is not Meaning.NOT_JUDGED
    # Who names another scheduler stands in a file that names that.
    needs = " ".join((*contract.needs, "LambdaLR" if contract.delegates_to else ""))
    for word in contract.words:
        assert mentions_scheduler(f"# {needs}\nx = {word}(optimizer, f)".encode()) is judged


def test_the_stems_are_fewer_than_the_patterns_and_let_all_of_them_pass() -> None:
    """Every search of every file costs time."""
    assert len(BUILT_IN.stems) <= 5
    assert all(any(stem in b" ".join(words) for stem in BUILT_IN.stems) for words in BUILT_IN.patterns)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("s = LambdaLR(o, f)", True, id="a call"),
        pytest.param("s = lr_scheduler.LambdaLR(o, f)", True, id="an attribute"),
        pytest.param("from x import LambdaLR as L\ns = L(o, f)", True, id="an alias that is used"),
        pytest.param("from x import LambdaLR as L\nclass S(L): pass\ns = S(o, f)", True, id="a subclass of an alias"),
        pytest.param(
            "class S(LambdaLR):\n def __init__(self): super().__init__(o, f)", True, id="a base's constructor"
        ),
        pytest.param("s = trace(LambdaLR)(o, f)", True, id="a wrapped class"),
        pytest.param("kind = LambdaLR if a else StepLR\ns = kind(o, f)", True, id="a chosen class"),
        pytest.param("kinds = {'lambda': LambdaLR}", True, id="a table for others"),
        pytest.param("later = Later(LambdaLR, {})", True, id="an argument"),
        pytest.param("def f(kind=LambdaLR): ...", True, id="a default"),
        pytest.param("c = {'class': 'torch.optim.lr_scheduler.LambdaLR'}", True, id="a dotted name in a config"),
        pytest.param("vars(ls)['LambdaLR'](o, f)", True, id="a key of a module"),
        pytest.param("assert isinstance(s, LambdaLR)", False, id="a test of the type"),
        pytest.param("def f(s: LambdaLR): ...", False, id="an annotation"),
        pytest.param("from x import LambdaLR", False, id="an import that is not used"),
        pytest.param("kinds = {'LambdaLR': 3}", False, id="a text"),
        pytest.param('"""Use LambdaLR."""\nx = 1  # LambdaLR', False, id="a docstring and a comment"),
    ],
)
def test_syntax_gate_sees_constructions(text: str, expected: bool) -> None:
    """LibCST is spared files that only write a scheduler's name."""
    assert may_construct(ast.parse(text)) is expected


def test_many_aliases_cost_little() -> None:
    """Each name is looked at once, in whatever order the aliases stand, and no chain is followed for long."""
    in_a_row = [(f"a{number}", f"a{number + 1}") for number in reversed(range(3_000))]
    side_by_side = [("a0", f"b{number}") for number in range(3_000)]

    assert len(Aliases(in_a_row).added_to({"a0"})) == 65
    assert len(Aliases(side_by_side).added_to({"a0"})) == 3_001
    assert Aliases(in_a_row).added_to({"other"}) == {"other"}


def test_the_search_for_constructions_knows_the_aliases_that_the_gate_knows() -> None:
    text = """\
        class Late(Base):
            pass
        def make(optimizer):
            return Late(optimizer, lambda e: 0.9**e)
        from torch.optim.lr_scheduler import LambdaLR as Base
        """
    module = module_of(text)

    assert may_construct(ast.parse(module.source.text))
    assert [code_of(each.func) for each in candidates(module, BUILT_IN.words)] == ["Late"]


BASES = b"from torch.optim.lr_scheduler import LambdaLR\n\nclass WarmLR(LambdaLR):\n    pass\n"


@pytest.mark.parametrize(
    ("text", "derived"),
    [
        pytest.param("from bases import WarmLR\ns = WarmLR(o, f)", {"WarmLR"}, id="by its name"),
        pytest.param("from bases import WarmLR as W\ns = W(o, f)", {"WarmLR"}, id="under another name"),
        pytest.param("import bases\ns = bases.WarmLR(o, f)", {"WarmLR"}, id="as a part of its module"),
        pytest.param("from .bases import WarmLR\ns = WarmLR(o, f)", {"WarmLR"}, id="relatively"),
        pytest.param("from package import Warmer\ns = Warmer(o, f)", {"Warmer"}, id="a subclass, through a package"),
        pytest.param("import bases\ns = bases.Other(o, f)", set(), id="another name of that module"),
        pytest.param("s = WarmLR(o, f)", set(), id="without an import"),
        pytest.param("from package import Made\ns = Made(o)", set(), id="a class with a constructor of its own"),
        pytest.param("from package.inner import Plain\ns = Plain(o, f)", set(), id="a class of another kind"),
        pytest.param("from round_one import A\ns = A(o, f)", set(), id="files that import each other"),
        pytest.param("from missing import WarmLR\ns = WarmLR(o, f)", set(), id="a file that is not there"),
    ],
)
def test_scheduler_classes_of_the_project(text: str, derived: set[str]) -> None:
    """A file that names no scheduler may construct one all the same, of a class that the project defines."""
    files = {
        "bases.py": BASES,
        "package/__init__.py": b"from .inner import Warmer, Made, Plain\n",
        "package/inner.py": (
            b"from bases import WarmLR\n"
            b"class Warmer(WarmLR):\n    gentle = True\n\n"
            b"class Made(WarmLR):\n    def __init__(self, o):\n        super().__init__(o, f)\n\n"
            b"class Plain(object):\n    pass\n"
        ),
        "round_one.py": b"from round_two import B\nclass A(B):\n    pass\n",
        "round_two.py": b"from round_one import A\nclass B(A):\n    pass\n",
    }

    found = own_schedulers(InMemory(files), BUILT_IN).named_in("train.py", text.encode())

    assert found == dict.fromkeys(derived, frozenset({"LambdaLR"}))


def test_scheduler_classes_do_not_depend_on_which_file_was_asked_about_before() -> None:
    files = {
        "one.py": b"import two\nfrom torch.optim.lr_scheduler import LambdaLR\nclass WarmLR(LambdaLR):\n    pass\n",
        "two.py": b"from one import WarmLR\nclass Deep(WarmLR):\n    pass\n",
    }
    texts = {"WarmLR": b"from one import WarmLR\n", "Deep": b"from two import Deep\n"}

    for order in (list(texts), list(texts)[::-1]):
        own = own_schedulers(InMemory(files), BUILT_IN)
        assert [list(own.named_in("train.py", texts[name])) for name in order] == [[name] for name in order]


def test_each_file_is_read_once_whoever_asks_about_scheduler_classes() -> None:
    class Counting(InMemory):
        def __init__(self) -> None:
            super().__init__({"bases.py": BASES})
            self.whole = 0

        def beginning(self, path: str, size: int) -> bytes | None:
            self.whole += size > 1
            return super().beginning(path, size)

    files = Counting()
    for path in ("one.py", "two.py"):
        assert own_schedulers(files, BUILT_IN).named_in(path, b"from bases import WarmLR\n")

    assert files.whole == 1


def test_file_of_a_derived_scheduler_is_checked_by_the_name_of_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("setup.cfg").touch()
    Path("bases.py").write_bytes(BASES)
    Path("train.py").write_text("from bases import WarmLR\ns = WarmLR(o, f)\n")

    assert [report.sites for report in check_paths(["."])] == [0, 1]
    assert [
        len(inventory.sites)
        for _, inventory in inspect_each(["train.py"], ProjectSettings.everywhere(Settings()))
        if inventory
    ] == [1]


@pytest.mark.parametrize(
    ("home", "named"),
    [
        pytest.param("bases.py", ".", id="a file that is checked too"),
        pytest.param("build/bases.py", ".", id="a folder that nobody looks into"),
        pytest.param("build/deep/er/bases.py", ".", id="a folder in such a folder"),
        pytest.param("ignored/bases.py", ".", id="a folder that is ignored"),
        pytest.param("bases.py", "scripts", id="a folder around the one that is checked"),
        pytest.param(".hidden/bases.py", ".", id="no folder that can be imported from"),
    ],
)
def test_own_schedulers_are_the_same_alone_and_in_a_walk(
    home: str, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A walk that has read a whole project knows what its files may import, also from what it has left out."""
    monkeypatch.chdir(tmp_path)
    Path("setup.cfg").touch()
    Path(".gitignore").write_text("ignored\n")
    Path("scripts").mkdir()
    Path(home).parent.mkdir(parents=True, exist_ok=True)
    Path(home).write_bytes(BASES)
    module = home.removesuffix(".py").replace("/", ".").lstrip(".")
    Path("scripts/train.py").write_text(f"from {module} import WarmLR\ns = WarmLR(o, f)\n")
    Path("scripts/other.py").write_text("import os\n")

    walked = {report.path: report.sites for report in check_paths([named])}

    assert walked["scripts/train.py"] == check_paths(["scripts/train.py"])[0].sites == (not home.startswith("."))
    assert walked["scripts/other.py"] == 0


def test_a_walk_asks_no_file_what_it_imports_where_nothing_derives_from_a_scheduler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("setup.cfg").touch()
    Path("bases.py").write_text("class WarmLR:\n    pass\n")
    for at in range(20):
        Path(f"train_{at}.py").write_text("from bases import WarmLR\ns = WarmLR(o, f)\n")

    def none(path: str, size: int = -1) -> bytes | None:
        raise AssertionError(path)

    monkeypatch.setattr("lr_lint.source.disk.read_if_there", none)

    assert len(check_paths(["."])) == 21


def test_a_walk_asks_only_files_that_name_a_class_that_derives_from_a_scheduler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Directly, or by way of a class in a file that names no scheduler either."""
    monkeypatch.chdir(tmp_path)
    Path("setup.cfg").touch()
    Path("bases.py").write_bytes(BASES)
    Path("further.py").write_text("from bases import WarmLR\n\n\nclass Gentle(WarmLR):\n    pass\n")
    Path("train.py").write_text("from further import Gentle\ns = Gentle(o, f)\n")
    for at in range(20):
        Path(f"plain_{at}.py").write_text("from bases import other\nfrom further import more\n")
    asked: list[str] = []
    imports_of = OwnSchedulers._imports

    def imports(self: OwnSchedulers, path: str, data: bytes) -> Iterator[str]:
        asked.append(path)
        return imports_of(self, path, data)

    monkeypatch.setattr(OwnSchedulers, "_imports", imports)
    reports = check_paths(["."])

    assert {report.path: report.sites for report in reports if report.sites} == {"train.py": 1}
    assert {path for path in asked if path.startswith("plain")} == set()


def test_a_project_of_many_files_is_looked_through_once_for_files_that_come_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("setup.cfg").touch()
    for at in range(60):
        Path(f"part_{at}.py").touch()
    Path("hub.py").write_text("".join(f"import part_{at}\n" for at in range(60)) + "import bases\n")
    Path("bases.py").write_bytes(BASES)
    files, projects = SingleFiles(Disk()), ProjectSettings.everywhere(Settings())
    plain, train = b"import hub\n", b"import hub\nfrom bases import WarmLR\ns = WarmLR(o, f)\n"

    assert not files.constructs("first.py", plain, projects)
    assert files.constructs("train.py", train, projects)

    def none(path: str, size: int = -1) -> bytes | None:
        raise AssertionError(path)

    monkeypatch.setattr("lr_lint.source.disk.read_if_there", none)
    assert not files.constructs("other.py", plain, projects)
    assert files.constructs("again.py", train, projects)
