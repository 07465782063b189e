"""What lr-lint says about public code, and what changed: a command for the developers of lr-lint.

    python -m tests.corpus CHECKOUTS                                  what fixtures/corpus.toml expects, against reality
    python -m tests.corpus CHECKOUTS --old ../old/bin/lr-lint          and what changed since another version

CHECKOUTS is a folder of work trees (owner+name, or owner+name@commit with the first ten digits or more) or of git
directories (owner+name/repo, owner+name, owner/name), from which the files of a commit are taken. No code is run.

Prints one line per difference: ``+`` a finding that only the new command has, ``-`` one that only the old has,
``missing`` a finding that corpus.toml calls true and the new command does not report, ``false`` one that it calls false
and the new command does report. Exit status: 0 without missing and false ones, 1 with, 2 when a run failed.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CORPUS = Path(__file__).parent.parent / "fixtures" / "corpus.toml"
VERDICTS = ("true", "false", "unsure")
_FEWEST_DIGITS = 7
_LARGEST_FILE = 8_000_000
_READ_FILES = (".py", ".pyi", ".ipynb", ".toml", ".cfg", ".ini", ".json", ".yaml", ".yml")
_LAST_STATUS = 3
_TIMEOUT = 600
# Isolated, since Python would otherwise import modules of the checkout that the command runs in.
THIS = f"{shlex.quote(sys.executable)} -I -m lr_lint"


class CorpusError(Exception):
    """A checkout or a command that cannot be used. Its text is one line."""


@dataclass(frozen=True, order=True)
class Finding:
    """Where something is reported, and by which rule."""

    repository: str
    commit: str
    path: str
    line: int
    code: str

    def __str__(self) -> str:
        at = f"@{self.commit[:10]}" if self.commit else ""
        return f"{self.repository}{at} {self.path}:{self.line} {self.code}"


@dataclass(frozen=True)
class Expectation:
    """A finding with our verdict on it."""

    finding: Finding
    verdict: str
    note: str


@dataclass(frozen=True)
class Checkout:
    """A folder with the files of a repository, or a git directory from which they can be taken."""

    repository: str
    folder: Path
    commit: str = ""
    bare: bool = False


def read_corpus(path: Path) -> list[Expectation]:
    """The expectations in a file."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["finding"]
    return [
        Expectation(
            Finding(row["repository"], row["commit"], row["path"], row["line"], row["code"]),
            row["verdict"],
            row["note"],
        )
        for row in rows
    ]


def checkouts_in(folder: Path) -> Iterator[Checkout]:
    """The repositories in a folder, whatever of the known layouts each has."""
    for entry in sorted(path for path in folder.iterdir() if path.is_dir()):
        owner, plus, rest = entry.name.partition("+")
        if plus:
            name, _, commit = rest.partition("@")
            yield _checkout(f"{owner}/{name}", entry, commit)
        else:
            for inner in sorted(path for path in entry.iterdir() if path.is_dir()):
                yield _checkout(f"{entry.name}/{inner.name}", inner, "")


def _checkout(repository: str, folder: Path, commit: str) -> Checkout:
    for candidate in (folder / "repo" / ".git", folder / "repo", folder / ".git", folder):
        if (candidate / "HEAD").is_file() and (candidate / "objects").is_dir():
            return Checkout(repository, candidate, commit, bare=True)
    return Checkout(repository, folder, commit)


@contextmanager
def work_tree(checkout: Checkout, commit: str) -> Iterator[Path]:
    """A folder with the files of a commit; the folder itself where it is a work tree."""
    if not checkout.bare:
        yield checkout.folder
        return
    with tempfile.TemporaryDirectory(prefix="lr-lint-corpus-") as scratch:
        _write_files(checkout.folder, commit, Path(scratch))
        yield Path(scratch)


def _git(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    done = subprocess.run(["git", "--git-dir", folder, *arguments], input=stdin, capture_output=True, check=False)
    if done.returncode:
        raise CorpusError(f"git {arguments[0]} failed in {folder.name}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def _write_files(git: Path, commit: str, into: Path) -> None:
    """Writes those files of a commit that lr-lint may read. What the copy of the repository lacks is left out."""
    for row in _git(git, "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
        description, _, name = row.decode(errors="surrogateescape").partition("\t")
        if not name.endswith(_READ_FILES) or ".." in PurePosixPath(name).parts or not description.startswith("100"):
            continue
        try:
            data = _git(git, "cat-file", "blob", description.split()[2])
        except CorpusError:
            continue
        if len(data) <= _LARGEST_FILE:
            target = into / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


def findings_of(command: str, folder: Path, repository: str, commit: str) -> set[Finding]:
    """What a command reports in a folder."""
    program, *options = shlex.split(command)
    # The command runs in the checkout, where a relative path would mean something else.
    program = os.path.abspath(shutil.which(program) or program)
    arguments = [program, *options, "check", ".", "--output-format", "json", "--isolated"]
    try:
        done = subprocess.run(arguments, cwd=folder, capture_output=True, timeout=_TIMEOUT, check=False)
        if not 0 <= done.returncode <= _LAST_STATUS:
            raise CorpusError(f"{command} ended with status {done.returncode} on {repository}")
        reported = json.loads(done.stdout)["diagnostics"]
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        raise CorpusError(f"{command} failed on {repository}: {error}") from error
    return {Finding(repository, commit, found["path"], found["line"], found["code"]) for found in reported}


def compare(checkouts: Iterable[Checkout], expected: Sequence[Expectation], old: str | None, new: str) -> int:
    """Prints the differences and gives the exit status."""
    wrong = failed = 0
    seen: set[tuple[str, str]] = set()
    for checkout in checkouts:
        for commit in _commits(checkout, expected, everything=old is not None):
            mine = [
                item
                for item in expected
                if (item.finding.repository, item.finding.commit) == (checkout.repository, commit)
            ]
            seen.add((checkout.repository, commit))
            try:
                with work_tree(checkout, commit or "HEAD") as folder:
                    found = findings_of(new, folder, checkout.repository, commit)
                    before = findings_of(old, folder, checkout.repository, commit) if old is not None else found
            except CorpusError as error:
                print(error, file=sys.stderr)
                failed += 1
                continue
            lines = [*_changes(before, found), *_disagreements(mine, found)]
            wrong += sum(not line.startswith(("+", "-")) for line in lines)
            print("".join(f"{line}\n" for line in lines), end="")
    absent = {(item.finding.repository, item.finding.commit) for item in expected} - seen
    for repository, commit in sorted(absent):
        print(f"absent   {repository}@{commit[:10]}")
    print(f"{len(seen)} checkouts, {len(absent)} absent, {wrong} disagreements, {failed} failed runs")
    return 2 if failed else 1 if wrong else 0


def _commits(checkout: Checkout, expected: Sequence[Expectation], *, everything: bool) -> list[str]:
    """The commits of a checkout to look at: those with expectations, else the one at hand if all are wanted."""
    commits = sorted(
        {
            item.finding.commit
            for item in expected
            if item.finding.repository == checkout.repository and _is_at(checkout, item.finding.commit)
        }
    )
    return commits or ([checkout.commit] if everything else [])


def _is_at(checkout: Checkout, commit: str) -> bool:
    """Whether the files of a commit are to be had. A work tree without a commit in its name is taken as right."""
    if checkout.commit:
        return len(checkout.commit) >= _FEWEST_DIGITS and commit.startswith(checkout.commit)
    return True


def _changes(before: set[Finding], after: set[Finding]) -> list[str]:
    return [f"{'+' if found in after else '-'} {found}" for found in sorted(before ^ after)]


def _disagreements(expected: Iterable[Expectation], found: set[Finding]) -> Iterator[str]:
    for item in expected:
        if item.verdict == "true" and item.finding not in found:
            yield f"missing  {item.finding}  ({item.note})"
        elif item.verdict == "false" and item.finding in found:
            yield f"false    {item.finding}  ({item.note})"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.corpus", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("checkouts", type=Path, help="folder of work trees or git directories")
    parser.add_argument("--old", metavar="COMMAND", help="an lr-lint to compare with")
    parser.add_argument("--new", metavar="COMMAND", default=THIS)
    parser.add_argument("--corpus", type=Path, default=CORPUS, metavar="FILE", help="the expectations")
    options = parser.parse_args(arguments)
    return compare(checkouts_in(options.checkouts), read_corpus(options.corpus), options.old, options.new)


if __name__ == "__main__":
    sys.exit(main())
