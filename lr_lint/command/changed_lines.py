"""``--diff-base``: which lines of the working tree have changed since a revision, as Git tells it.

Changes are those since the common ancestor of the revision and HEAD, committed or not: what a merge request shows. Git
follows renames. What it does not track has changed from the first line to the last. Nothing is run but Git, and that
without the programs that a repository may name for showing differences.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from lr_lint.command.console import RefusalError
from lr_lint.source.discovery import read_if_there

if TYPE_CHECKING:
    from lr_lint.vocabulary.diagnostics import Diagnostic, FileReport

_HUNK = re.compile(rb"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
_OPTIONS = ("--no-color", "--no-ext-diff", "--no-textconv", "--find-renames")


class ChangedLines:
    """The lines that have changed since a revision.

    Attributes:
        left_out: how many findings have nothing to do with them.
    """

    def __init__(self, revision: str, paths: Iterable[str]) -> None:
        """Find the repositories.

        Args:
            revision: as Git names it.
            paths: files and folders that are to be checked.

        Raises:
            RefusalError: if one of them is in no repository, or that does not know the revision.
        """
        self.left_out = 0
        self._revision = revision
        self._bases: dict[str, str] = {}
        self._moved: dict[str, dict[str, tuple[str, str]]] = {}
        self._lines: dict[str, list[range] | None] = {}
        for path in paths:
            if os.path.exists(path):
                self._repository_of(path)

    def narrowed(self, report: FileReport) -> FileReport:
        """The report with the findings that have to do with a changed line, and no others.

        Such a line is in what the finding points at, in the construction, or in a step of the evidence: what makes a
        schedule wrong may be the rate that it is given.
        """
        told = tuple(each for each in report.diagnostics if any(self._touch(*place) for place in _places(each)))
        unfixed = tuple(each for each in report.unfixed if each.diagnostic in told)
        self.left_out += len(report.diagnostics) - len(told)
        return replace(report, diagnostics=told, unfixed=unfixed)

    def _touch(self, path: str, cell: int | None, first: int, last: int) -> bool:
        if path not in self._lines:
            self._lines[path] = self._changed_lines(path)
        changed = self._lines[path]
        if changed is None:
            return True
        if cell is not None and changed:
            first, last = _lines_of_cell(path, cell, first, last)
        return any(lines.start <= last and first < lines.stop for lines in changed)

    def _changed_lines(self, path: str) -> list[range] | None:
        """The lines of a file that have changed; None for all of them."""
        top = self._repository_of(path)
        name = os.path.relpath(os.path.realpath(path), top).replace(os.sep, "/")
        status, old = self._moved[top].get(name, ("", name))
        if status.startswith(("A", "C")):
            return None
        if not status:
            return [] if self._git(top, "ls-files", "-z", "--", name) else None
        names = dict.fromkeys((old, name))
        diff = self._git(
            top, "diff", "--unified=0", "--inter-hunk-context=0", "--text", *_OPTIONS, self._bases[top], "--", *names
        )
        return [range(int(start), int(start) + int(count or 1)) for start, count in _HUNK.findall(diff)]

    def _repository_of(self, path: str) -> str:
        real = os.path.realpath(path)
        folder = real if os.path.isdir(real) else os.path.dirname(real)
        top = os.path.realpath(os.fsdecode(self._git(folder, "rev-parse", "--show-toplevel")).removesuffix("\n"))
        if top not in self._bases:
            self._bases[top] = self._base_in(top)
            self._moved[top] = dict(self._moves_in(top))
        return top

    def _base_in(self, top: str) -> str:
        """The commit to compare with."""
        try:
            known = self._git(
                top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{self._revision}^{{commit}}"
            )
        except RefusalError:
            raise RefusalError(f"--diff-base: git knows no revision {self._revision!r} in {top}") from None
        try:
            return self._git(top, "merge-base", known.decode().strip(), "HEAD").decode().strip()
        except RefusalError:
            raise RefusalError(
                f"--diff-base: {self._revision!r} and HEAD have no common ancestor in {top} (is its history cut off?)"
            ) from None

    def _moves_in(self, top: str) -> Iterator[tuple[str, tuple[str, str]]]:
        """The files that have changed: for each name the status that Git gives it, and the name that it had."""
        fields = iter(self._git(top, "diff", "--raw", "-z", *_OPTIONS, self._bases[top], "--").split(b"\0"))
        for field in fields:
            if not field.startswith(b":"):
                continue
            status = field.rpartition(b" ")[2].decode()
            old = os.fsdecode(next(fields))
            yield (os.fsdecode(next(fields)) if status.startswith(("R", "C")) else old), (status, old)

    def _git(self, folder: str, *arguments: str) -> bytes:
        command = ("git", "-C", folder, "--literal-pathspecs", "-c", "core.fsmonitor=false", *arguments)
        try:
            done = subprocess.run(command, env=_environment(), capture_output=True, check=False)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise RefusalError(f"--diff-base needs git, which cannot be run: {reason}") from error
        if done.returncode != 0:
            raise RefusalError(_refusal(folder, done.stderr.decode(errors="backslashreplace")))
        return done.stdout


def _environment() -> dict[str, str]:
    """The environment for Git: in a hook, which Git itself calls, the repository is still that of each file."""
    kept = dict(os.environ)
    if "GIT_WORK_TREE" not in kept:
        for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_PREFIX"):
            kept.pop(name, None)
    return {**kept, "LC_ALL": "C"}


def _refusal(folder: str, said: str) -> str:
    if "not a git repository" in said:
        return f"--diff-base: {folder} is in no git repository"
    return f"--diff-base: git says in {folder}: {' '.join(said.split())[:300]}"


def _places(diagnostic: Diagnostic) -> Iterator[tuple[str, int | None, int, int]]:
    """The lines that a finding has to do with."""
    site = diagnostic.site
    yield diagnostic.path, diagnostic.cell, diagnostic.span.line, diagnostic.span.end_line
    if site is not None:
        yield site.path, site.cell, site.line, site.line
    for step in diagnostic.evidence:
        yield step.path, step.cell, step.span.line, step.span.end_line


def _lines_of_cell(path: str, cell: int, first: int, last: int) -> tuple[int, int]:
    """The lines of a notebook's file in which lines of a cell stand."""
    from lr_lint.source.notebooks import Notebook, read_notebook

    notebook = read_notebook(path, read_if_there(path) or b"")
    return notebook.lines_in_file(cell, first, last) if isinstance(notebook, Notebook) else (first, last)
