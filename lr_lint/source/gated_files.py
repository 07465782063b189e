"""Which of the files to check have anything to do with schedulers, as far as bytes tell.

All files are read once, and one that is not let through costs a search for a few texts. A file that names no scheduler
may still construct one, of a class that its project derives from one. Few projects have such a class, and once all
files of a project have been read it is known where there is none: then nothing there is asked what it imports. Other
files are read once more and asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from lr_lint.source.checked_files import checked_files
from lr_lint.source.discovery import read_file
from lr_lint.source.gate import has_stem, mentions_scheduler
from lr_lint.source.import_statements import may_be_imported
from lr_lint.source.own_schedulers import derives, own_schedulers

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from typing import TypeAlias

    from lr_lint.source.disk import Disk
    from lr_lint.source.project_settings import ProjectSettings
    from lr_lint.source.settings import Settings
    from lr_lint.vocabulary.contracts import ContractTable
    from lr_lint.vocabulary.diagnostics import Failure

    # A file with what is in it if it is to be analysed, why it cannot be, or None where there is nothing to find in it.
    Gated: TypeAlias = tuple[str, "bytes | Failure | None", Settings]
    Interest: TypeAlias = Callable[[bytes, Settings], bool]

# What a walk leaves out may be imported all the same. Where that is more files than these, they are not read for it.
_MOST_LEFT_OUT = 1_000


def gated_files(
    paths: Sequence[str],
    projects: ProjectSettings,
    files: Disk,
    is_of_interest: Interest,
    standard_input: tuple[str, bytes] | None = None,
) -> Iterator[Gated]:
    """The files, each with its content and its settings; None for one with nothing to look at in it.

    Args:
        paths: files and folders, as the user wrote them.
        projects: the settings of each.
        files: those around them.
        is_of_interest: whether there may be anything to say about a file besides its schedulers.
        standard_input: what the standard input is called and what it holds, if it is to be checked before them.
    """
    walk = _Walk(files)
    looked_at: list[tuple[str, bool | bytes | Failure]] = []
    for path, content in checked_files(paths, projects, standard_input, walk.enter):
        if isinstance(content, bytes):
            settings = projects.project_of(path).settings
            is_told = walk.mentions(path, content, settings.contracts) or is_of_interest(content, settings)
            is_given = standard_input is not None and content is standard_input[1]
            looked_at.append((path, content if is_given else is_told))
        else:
            looked_at.append((path, content))
    walk.end()
    for path, found in looked_at:
        settings = projects.project_of(path).settings
        yield path, _content(path, found, files, settings, is_of_interest), settings


def _content(
    path: str, found: bool | bytes | Failure, files: Disk, settings: Settings, is_of_interest: Interest
) -> bytes | Failure | None:
    """What is in a file, if it is to be analysed."""
    if not isinstance(found, (bool, bytes)):
        return found
    if found is False and files.derives_nothing(path):
        return None
    content = read_file(path) if isinstance(found, bool) else found
    if found is True or not isinstance(content, bytes):
        return content
    contracts = settings.contracts
    is_told = (
        mentions_scheduler(content, contracts)
        or is_of_interest(content, settings)
        or own_schedulers(files, contracts).named_in(path, content)
    )
    return content if is_told else None


class _Walk:
    """What a walk has read, and what it has left out that code may import."""

    def __init__(self, files: Disk) -> None:
        self._files = files
        # In the folder that is being looked through: the files that have not been read, so far.
        self._unread: set[str] = set()
        self._folders: set[str] = set()
        self._left_out: set[str] = set()
        self._deriving: list[str] = []
        self._contracts: ContractTable | None = None
        # Where projects know different schedulers, what derives from one is asked file by file.
        self._are_several = False

    def enter(self, folder: str, names: Collection[str]) -> None:
        """Take note of what is in a folder, before anything in it is read."""
        self._leave()
        prefix = "" if folder == "." else f"{folder}/"
        self._folders.add(folder)
        self._left_out.discard(folder)
        self._unread = {prefix + name for name in names if may_be_imported(name)}

    def _leave(self) -> None:
        self._left_out |= self._unread

    def mentions(self, path: str, content: bytes, contracts: ContractTable) -> bool:
        """Whether a file that is read names a scheduler."""
        self._unread.discard(path)
        self._are_several |= self._contracts is not None and contracts is not self._contracts
        self._contracts = contracts
        if not has_stem(content, contracts):
            return False
        if derives(content, contracts):
            self._deriving.append(path)
        return mentions_scheduler(content, contracts)

    def end(self) -> None:
        """Tell the files around what has come out."""
        self._leave()
        if self._contracts is not None and self._folders and not self._are_several:
            self._deriving += self._deriving_outside(self._contracts)
            self._files.take_walk(self._folders, self._deriving)

    def _deriving_outside(self, contracts: ContractTable) -> Iterable[str]:
        """What was left out and derives something, or may."""
        left = _MOST_LEFT_OUT
        for path in sorted(self._left_out):
            below = self._files.importable_at(path, left)
            if below is None:
                yield path
                continue
            left -= len(below)
            yield from (each for each in below if derives(self._files.read(each) or b"", contracts))
