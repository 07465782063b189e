"""Where the commands that are measured are installed: one environment for each revision of lr-lint and for each peer.

They are made in the cache, by venv and pip, when they are first asked for. What runs in the quick mode is in the
environment that the benchmarks themselves run in.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import FailedError

ROOT = Path(__file__).parent.parent
_FLAKE8 = "flake8==7.5.0"
_RUFF = "ruff==0.17.6"
# What lr-lint brings along: flake8 reads of each package that is there whether it has a plugin.
_BESIDE = (_FLAKE8, _RUFF, "libcst", "pathspec", "pygls>=2", "pyyaml", "rich")
_TORCHFIX = ("torchfix==0.7.0", _FLAKE8)
_INSIDE = Path(__file__).parent / "inside.py"


@dataclass(frozen=True)
class Environment:
    """A Python with what is installed beside it.

    Attributes:
        python: the interpreter.
        name: what the lr-lint in it is called in tables.
    """

    python: Path
    name: str = "lr-lint"

    def program(self, name: str, *arguments: str) -> tuple[str, ...]:
        """A command that is installed in it."""
        return (str(self.python.parent / name), *arguments)

    def script(self, path: Path, *arguments: str) -> tuple[str, ...]:
        """A program of ours, run by it."""
        return (str(self.python), str(path), *arguments)

    def inside(self, work: str, *arguments: str) -> tuple[str, ...]:
        """Work that is measured from within. Nothing beside the program is in the way of what is installed."""
        return (str(self.python), "-I", str(_INSIDE), work, *arguments)

    def versions(self, *names: str) -> Mapping[str, str]:
        """The versions of some packages that are installed in it; none of those that are not."""
        program = (
            "import sys\nfrom importlib.metadata import distributions as d\n"
            "there = {each.name.lower(): each.version for each in d()}\n"
            "print(*(f'{name}={there[name]}' for name in sys.argv[1:] if name in there))"
        )
        told = subprocess.run([str(self.python), "-c", program, *names], capture_output=True, text=True, check=False)
        return dict(pair.split("=") for pair in told.stdout.split())


@dataclass(frozen=True)
class Environments:
    """What there is to measure.

    Attributes:
        subjects: lr-lint as it is here, and beside it at another revision if one is asked for.
        flake8: without the plugin; None where nothing may be installed.
        torchfix: flake8 with TorchFix; None as well.
    """

    subjects: tuple[Environment, ...]
    flake8: Environment | None = None
    torchfix: Environment | None = None

    @property
    def subject(self) -> Environment:
        """Lr-lint as it is here."""
        return self.subjects[0]


def environment_here() -> Environment:
    """That of this process, in which lr-lint is installed as for its tests."""
    return Environment(Path(sys.executable))


def environments(cache: Path, against: str | None) -> Environments:
    """All of them, made where they are not there.

    Args:
        cache: where they are made.
        against: another revision of lr-lint, as Git names it.

    Raises:
        FailedError: if Git does not know the revision, or pip cannot install something.
    """
    subjects = [_installed(cache, "lr-lint", ROOT)]
    if against is not None:
        subjects.append(_installed(cache, against, _checkout(cache, against)))
    flake8 = _made(cache, "flake8", _BESIDE)
    return Environments(tuple(subjects), flake8, _made(cache, "torchfix", _TORCHFIX))


def _installed(cache: Path, name: str, tree: Path) -> Environment:
    """An environment with a tree of lr-lint, whose files it uses where they lie."""
    declared = hashlib.sha256((tree / "pyproject.toml").read_bytes()).hexdigest()
    return _made(cache, name, ("-e", f"{tree}[lsp]", _FLAKE8, _RUFF), declared)


def _made(cache: Path, name: str, wanted: Sequence[str], key: str = "") -> Environment:
    text = "\0".join((sys.version, *wanted, key))
    folder = cache / "environments" / hashlib.sha256(text.encode()).hexdigest()[:16]
    python = folder / "bin" / "python"
    done = folder / "done"
    if not done.exists():
        print(f"installing {name}", file=sys.stderr)
        _run(sys.executable, "-m", "venv", "--clear", "--without-pip", str(folder))
        _run(sys.executable, "-m", "pip", "--python", str(python), "install", "-q", *wanted)
        done.touch()
    return Environment(python, name)


def _checkout(cache: Path, revision: str) -> Path:
    """The files of a revision, in a worktree of their own."""
    commit = _run("git", "-C", str(ROOT), "rev-parse", "--verify", "-q", f"{revision}^{{commit}}").strip()
    folder = cache / "revisions" / commit
    if not folder.exists():
        _run("git", "-C", str(ROOT), "worktree", "prune")
        _run("git", "-C", str(ROOT), "worktree", "add", "-q", "--detach", str(folder), commit)
    return folder


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        words = done.stderr.strip().splitlines()[-1:] or ["it says nothing"]
        raise FailedError(f"{' '.join(command[:5])} ... failed: {words[0]}")
    return done.stdout
