"""The command that measures how many small mistakes the tests tell, on a program of a few lines."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.mutation.coverage_map import CoverageMap, akin
from tests.mutation.explanations import EXPLAINED, read_explanations
from tests.mutation.mutants import mutants_of, sample_of
from tests.support import run_python

ROOT = Path(__file__).parent.parent
GRADES = """\
def grade(points):
    if points >= 90:
        return "good"
    return "poor"


def down(count):
    while count > 0:
        count -= 3
    return count
"""
# Nothing is said of 90 itself, nor of counts that are no multiple of 3.
TESTS = """\
from marks.grades import down, grade

def test_grade():
    assert [grade(95), grade(40)] == ["good", "poor"]

def test_down():
    assert down(6) == 0
"""


@pytest.fixture(scope="module")
def marks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a program and its tests."""
    root = tmp_path_factory.mktemp("project")
    (root / "marks").mkdir()
    (root / "checks").mkdir()
    (root / "marks" / "__init__.py").write_text("")
    (root / "marks" / "grades.py").write_text(GRADES)
    (root / "checks" / "test_grades.py").write_text(TESTS)
    return root


def mutate(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    given = (
        "--seed",
        "0",
        "--root",
        str(root),
        "--folders",
        "marks",
        "--tests",
        "checks",
        "--delay",
        "0",
        "--nice",
        "0",
        *arguments,
    )
    return run_python("-m", "tests.mutation", *given, cwd=ROOT)


def test_tests_kill_what_they_can_tell(marks: Path) -> None:
    done = mutate(marks, "--explained", "none.toml")
    survivors = [line.strip() for line in done.stdout.splitlines() if line.lstrip().startswith("+ ")]

    assert sorted(survivors) == [
        "+ count -= (2)",
        "+ if points > 90:",
        "+ if points >= (89):",
        "+ if points >= 91:",
        "+ while count > 1:",
    ]
    assert done.stdout.startswith("seed 0: 17 of 17 mutants\n")
    assert done.stdout.splitlines()[-2].split() == ["all", "11", "1", "0", "5"]
    assert done.stdout.splitlines()[-1].startswith("70.6% killed")
    assert done.returncode == 1
    assert (marks / "marks" / "grades.py").read_text() == GRADES


def test_survivors_may_be_explained_one_by_one(marks: Path, tmp_path: Path) -> None:
    explained = tmp_path / "explained.toml"
    kept = [
        ("grade", "if points >= 90:", "if points > 90:"),
        ("grade", "if points >= 90:", "if points >= (89):"),
        ("grade", "if points >= 90:", "if points >= 91:"),
        ("down", "while count > 0:", "while count > 1:"),
        ("down", "count -= 3", "count -= (2)"),
    ]
    explained.write_text(
        "".join(
            f'[[mutant]]\nmodule = "marks/grades.py"\nfunction = "{function}"\nold = "{old}"\nnew = "{new}"\n'
            'reason = "Nobody asks."\n'
            for function, old, new in kept
        )
    )
    done = mutate(marks, "--explained", str(explained))

    assert done.stdout.splitlines()[-2].split() == ["all", "11", "1", "5", "0"]
    assert done.returncode == 0


def test_tests_that_fail_anyway_tell_nothing(marks: Path) -> None:
    right, wrong = marks / "checks" / "test_grades.py", marks / "checks" / "test_wrong.py"
    wrong.write_text("from marks.grades import grade\n\ndef test_it():\n    assert grade(95) == 'fine'\n")
    right.unlink()
    done = mutate(marks)
    right.write_text(TESTS)
    both = mutate(marks, "--mutants", "6")
    wrong.unlink()

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "no test passes on the program as it is\n"
    assert both.stdout.splitlines()[-2].split() == ["all", "5", "0", "0", "1"]


def test_a_seed_draws_a_sample_that_other_code_does_not_change(marks: Path, tmp_path: Path) -> None:
    few, total = sample_of(marks, ("marks",), "*", seed=3, count=4)
    more, _ = sample_of(marks, ("marks",), "*", seed=3, count=9)
    others, _ = sample_of(marks, ("marks",), "*", seed=4, count=4)
    (tmp_path / "marks").mkdir()
    (tmp_path / "marks" / "grades.py").write_text("LEAST = 7\n\n\n" + GRADES)
    longer, _ = sample_of(tmp_path, ("marks",), "*", seed=3, count=100)

    assert total == 17
    assert more[:4] == few != others
    everything, _ = sample_of(marks, ("marks",), "*", seed=3, count=100)
    assert [mutant.key for mutant in longer if mutant.function] == [mutant.key for mutant in everything]


def test_what_is_known_of_a_file_goes_with_its_lines_and_with_the_file(tmp_path: Path) -> None:
    (tmp_path / "kept.py").write_text("import math\na = 1\n")
    known = CoverageMap(
        lines={"kept.py": {1: {"t::a"}}, "gone.py": {1: {"t::a"}}}, texts={"kept.py": ["a = 1"], "gone.py": ["b = 2"]}
    )

    known.follow(tmp_path)

    assert known.lines.keys() == known.texts.keys() == {"kept.py"}
    assert known.lines["kept.py"][2] == {"t::a"}


def test_who_happens_to_import_a_file_tells_nothing_of_it(tmp_path: Path) -> None:
    """What runs at import is run by whoever comes first; of a decorator those tell who call what it declares."""
    source = b"@declares\ndef resumed():\n    return load()\n"
    (tmp_path / "kept.py").write_bytes(source)
    importing = {f"test_{name}.py" for name in "abcd"} | {"test_a.py::test_first"}
    calling, other = "test_b.py::test_it_is_resumed", "test_b.py::test_another"
    known = CoverageMap(
        costs={"test_a.py::test_first": 0.1, calling: 0.3, other: 0.2},
        lines={"kept.py": {1: importing, 2: importing, 3: {calling, other}}},
    )
    (mutant,) = (each for each in mutants_of("kept.py", source, {}) if each.kind == "decorator")

    assert known.tests_of(mutant, tmp_path) == [other, calling]
    assert akin(mutant, [other, calling], tmp_path) == [calling, other]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b", {"a <= b", "a >= b"}),
        ("a is not b", {"a is b"}),
        ("a + b // c", {"a - b // c", "a + b / c"}),
        ("a and not b", {"a or not b", "a and (b)"}),
        ("x[-1]", {"x[(1)]", "x[-2]", "x[-(0)]"}),
        ("a if b else c", {"a if not (b) else c"}),
        ("[a for a in b if a > c]", {"[a for a in b if a >= c]", "[a for a in b if a <= c]"}),
        ("f(a, b, c=d)", {"f(b, a, c=d)", "pass"}),
        ("max(a, b)", {"pass"}),
        ("f(True)", {"f(False)", "pass"}),
        ('x = {"a": b}', {'x = {"mutated": b}'}),
        ('x = f(frozen=True, source="a")', set()),
        ('x = "in words"', set()),
        ('x = "a b".split()', {"x = 'a'.split()", "x = 'b'.split()"}),
        ("x = {a, b}", {"x = {b,}", "x = {a,}"}),
        ("x = (a, b)", {"x = (b,)", "x = (a,)"}),
        ("def f(): return a, b", {"def f(): return None"}),
        ("def f(): return True", {"def f(): return False"}),
        ("x.y = a", {"pass"}),
        ("x += a", {"x -= a"}),
        ("x = Grade.GOOD", {"x = Grade.FAIR"}),
        ("x = Grade.POOR", {"x = Grade.GOOD"}),
        ("raise a", {"pass"}),
        ("raise NotImplementedError", set()),
        ("assert a < 3", set()),
        ("def f(a: Literal[1] = 2): ...", {"def f(a: Literal[1] = 3): ...", "def f(a: Literal[1] = (1)): ..."}),
        ("class C:\n    def __repr__(self): return a", set()),
        ("if TYPE_CHECKING:\n    x = 1", set()),
        ("for a in b:\n    if c:\n        break", {"if not (c):", "if False:", "continue"}),
    ],
)
def test_what_is_changed(source: str, expected: set[str]) -> None:
    found = mutants_of("file.py", source.encode() + b"\n", {"Grade": ["GOOD", "FAIR", "POOR"]})

    assert {mutant.new for mutant in found} == expected
    for mutant in found:
        compile(mutant.applied(source.encode() + b"\n"), "file.py", "exec", dont_inherit=True)


def test_what_is_explained_is_a_mutant_still() -> None:
    """An explanation of code that is gone would excuse whatever comes to stand there."""
    for path in {explanation.key[0] for explanation in read_explanations(EXPLAINED)}:
        known = {mutant.key for mutant in sample_of(ROOT, (path.rpartition("/")[0],), path, 0, 10**6)[0]}
        explained = [each for each in read_explanations(EXPLAINED) if each.key[0] == path]
        assert [each for each in explained if each.key not in known or not each.reason] == []
