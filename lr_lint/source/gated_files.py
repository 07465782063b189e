"""Which of the files to check have anything to do with schedulers, as far as bytes tell.

All files are read once, and one that is not let through costs a search for a few texts. A file that names no scheduler
may still construct one, of a class that its project derives from one. Once all files of a project have been read, the
names of such classes are known, mostly none: files are read once more where there are any, and those that have one of
these names are asked what they import.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from lr_lint.source.checked_files import checked_files
from lr_lint.source.discovery import read_file
from lr_lint.source.gate import has_stem, mentions_scheduler
from lr_lint.source.import_statements import may_be_imported
from lr_lint.source.own_schedulers import MuchToReadError, derived_from, own_schedulers

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
# To look for more names than these in a file takes as long as to ask it what it imports.
_MOST_NAMES = 200
# Imports are followed through so many files before a project is looked through, unless it has more files and folders.
_FEW = 15
_MOST_WALKED = 20_000


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
    single = SingleFiles(files)
    for path, found in looked_at:
        settings = projects.project_of(path).settings
        yield path, _content(path, found, single, projects, is_of_interest), settings


def _content(
    path: str,
    found: bool | bytes | Failure,
    single: SingleFiles,
    projects: ProjectSettings,
    is_of_interest: Interest,
) -> bytes | Failure | None:
    """What is in a file, if it is to be analysed."""
    if not isinstance(found, (bool, bytes)):
        return found
    if found is False and single.files.derives_nothing(path):
        return None
    content = read_file(path) if isinstance(found, bool) else found
    if found is True or not isinstance(content, bytes):
        return content
    is_told = is_of_interest(content, projects.project_of(path).settings) or single.constructs(path, content, projects)
    return content if is_told else None


class SingleFiles:
    """The same question about files that come one by one, of which nobody says how many there will be.

    What a file imports may be most of its project, and each import takes as long to follow as some files to read. So
    imports are followed through a few files; if that does not tell, the project is looked through once.

    Attributes:
        files: those around them.
    """

    def __init__(self, files: Disk) -> None:
        """Nothing is known yet."""
        self.files = files
        self._looked_through: set[str] = set()

    def constructs(self, path: str, data: bytes, projects: ProjectSettings) -> bool:
        """Whether a file names a scheduler, or a class that its project derives from one.

        Args:
            path: of the file.
            data: its content.
            projects: the settings of each file.
        """
        contracts = projects.project_of(path).settings.contracts
        if mentions_scheduler(data, contracts):
            return True
        own, root = own_schedulers(self.files, contracts), self.files.root_of(path)
        if root in self._looked_through:
            return bool(own.named_in(path, data))
        try:
            return bool(own.named_in(path, data, most=_FEW))
        except MuchToReadError:
            self._looked_through.add(root)
            _look_through(root, projects, self.files)
            return bool(own.named_in(path, data))


def _look_through(root: str, projects: ProjectSettings, files: Disk) -> None:
    """Find out which classes of a project derive from a scheduler, unless it is a very large one."""
    walk = _Walk(files)
    for count, (path, content) in enumerate(checked_files([root], projects, enter=walk.enter)):
        if count + walk.folders > _MOST_WALKED:
            return
        if isinstance(content, bytes):
            walk.mentions(path, content, projects.project_of(path).settings.contracts)
    walk.end()


class _Walk:
    """What a walk has read, and what it has left out that code may import."""

    def __init__(self, files: Disk) -> None:
        self._files = files
        # In the folder that is being looked through: the files that have not been read, so far.
        self._unread: set[str] = set()
        self._folders: set[str] = set()
        self._left_out: set[str] = set()
        self._paths: list[str] = []
        self._own: set[str] = set()
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

    @property
    def folders(self) -> int:
        """How many folders have been looked through."""
        return len(self._folders)

    def _leave(self) -> None:
        self._left_out |= self._unread

    def mentions(self, path: str, content: bytes, contracts: ContractTable) -> bool:
        """Whether a file that is read names a scheduler."""
        self._unread.discard(path)
        self._are_several |= self._contracts is not None and contracts is not self._contracts
        self._contracts = contracts
        self._paths.append(path)
        return self._take(content, contracts) and mentions_scheduler(content, contracts)

    def _take(self, content: bytes, contracts: ContractTable) -> bool:
        """Take note of the classes in a file that derive from a scheduler; whether it may name one."""
        if not has_stem(content, contracts):
            return False
        self._own.update(derived_from(contracts.derivable, content))
        return True

    def end(self) -> None:
        """Tell the files around what has come out."""
        self._leave()
        if self._contracts is not None and self._folders and not self._are_several:
            unread = list(self._beyond(self._contracts))
            own = self._with_derived()
            if len(own) <= _MOST_NAMES:
                self._files.take_walk(self._folders, own, unread)

    def _with_derived(self) -> set[str]:
        """The classes that derive from a scheduler, and those that derive from them, wherever they are."""
        names = new = self._own
        while new and len(names) <= _MOST_NAMES:
            words = [name.encode() for name in new]
            contents = (self._files.read(path) or b"" for path in self._paths)
            having = (data for data in contents if any(word in data for word in words))
            found = {name for data in having for name in derived_from(new, data)}
            new = found - names
            names = names | new
        return names

    def _beyond(self, contracts: ContractTable) -> Iterator[str]:
        """Read what the walk has left out and code may import; tell what is too much for that."""
        left = _MOST_LEFT_OUT
        for path in sorted(self._left_out):
            below = self._files.importable_at(path, left)
            if below is None:
                yield path
                continue
            left -= len(below)
            for each in below:
                self._take(self._files.read(each) or b"", contracts)
            self._paths += below
