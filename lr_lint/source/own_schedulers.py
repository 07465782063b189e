"""Scheduler classes that a project defines for itself, by the texts of its files.

``from bases import WarmLR`` names no scheduler that any contract knows, and ``WarmLR(optimizer, f)`` constructs one all
the same. So a file that the text gate would let go is asked what it imports, and the files that it imports which
classes they derive from schedulers. Nothing is parsed: whether such a class is one is found out by whoever reads on.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from lr_lint.source.file_paths import is_notebook
from lr_lint.source.gate import has_stem
from lr_lint.source.import_statements import (
    SUFFIX,
    import_statements,
    import_statements_in_json,
    modules_named,
    places_below,
    roots_of,
)

TYPE_CHECKING = False  # `typing` is not imported at start
if TYPE_CHECKING:
    from lr_lint.source.surroundings import Surroundings
    from lr_lint.vocabulary.contracts import ContractTable

# Where the files around keep what was found out about them here.
MEMO = "own schedulers"
_LARGEST_FILE = 1_000_000
# Through how many files a class is followed to the scheduler that it derives from.
_LONGEST_CHAIN = 4
_MOST_TEXTS = 64
# What begins with letters is found many times as fast as what stands at the beginning of a line.
_CLASS = re.compile(rb"\nclass[ \t]+(\w+)[ \t]*\(([^)]*)\)")
_CONSTRUCTOR = re.compile(rb"^[ \t]+def[ \t]+__init__\b", re.MULTILINE)
_NEXT_STATEMENT = re.compile(rb"^[^\s#)]", re.MULTILINE)
_LAST_NAME = re.compile(rb"(\w+)[ \t]*(?:,|$)")


class MuchToReadError(Exception):
    """To tell what a file imports takes more files than it is allowed to."""


def with_own_schedulers(path: str, data: bytes, files: Surroundings | None, contracts: ContractTable) -> ContractTable:
    """The contracts with the classes of a file's project that the file constructs like schedulers.

    Args:
        path: of the file.
        data: its content.
        files: those around it; none if None.
        contracts: the schedulers that are known; with such classes already, these are all.
    """
    if files is None or contracts.derived:
        return contracts
    return contracts.knowing(own_schedulers(files, contracts).named_in(path, data))


def own_schedulers(files: Surroundings, contracts: ContractTable) -> OwnSchedulers:
    """Those of some files: whoever asks for them, about whichever file, each of these is read once.

    Args:
        files: those around the ones that are asked about.
        contracts: the schedulers that are known.
    """
    # By the identity of the contracts, which each of these keeps: projects may have rows of their own.
    tables: dict[int, OwnSchedulers] = files.memo.setdefault(MEMO, {})
    known = tables.get(id(contracts))
    if known is None:
        known = tables[id(contracts)] = OwnSchedulers(files, contracts)
    return known


class OwnSchedulers:
    """The scheduler classes of projects, found when somebody asks. In what order files are asked about is all the same.

    Attributes:
        contracts: the schedulers that are known.
    """

    def __init__(self, files: Surroundings, contracts: ContractTable) -> None:
        """Nothing is known yet. The arguments are those of `own_schedulers`."""
        self.contracts = contracts
        self._files = files
        self._words = contracts.derivable
        self._texts: OrderedDict[str, bytes] = OrderedDict()
        self._names: dict[str, frozenset[str]] = {}
        self._places: dict[tuple[str, str], str | None] = {}
        self._read: dict[str, _Imported | None] = {}
        self._most: int | None = None
        self._defined: dict[tuple[str, int], Mapping[str, frozenset[str]]] = {}

    def named_in(self, path: str, data: bytes, most: int | None = None) -> dict[str, frozenset[str]]:
        """The classes that a file names and that a file which it imports derives from a scheduler.

        Args:
            path: of the file.
            data: its content.
            most: how many files may be read, with those that were read before.

        Returns:
            For the name of each class, the last parts of the names of the schedulers that it derives from. A class with
            a constructor of its own is none of them: what that constructs stands in there.

        Raises:
            MuchToReadError: if it takes more files. What has been found out so far is kept.
        """
        if self._files.names_no_own(path, data):
            return {}
        self._most = most
        found = self._imported_by(tuple(self._imports(path, data)), _LONGEST_CHAIN)
        return _named_in(data, found)

    def _imported_by(self, imports: tuple[str, ...], left: int) -> dict[str, frozenset[str]]:
        """What is defined in the files that a file imports."""
        defined = (self._defined_in(place, left - 1) for place in imports) if left else ()
        return {name: words for each in defined for name, words in each.items()}

    def _imports(self, path: str, data: bytes) -> Iterator[str]:
        for statement in import_statements_in_json(data) if is_notebook(path) else import_statements(data):
            for dotted in modules_named(statement):
                place = self._place_of(path, dotted)
                if place is not None and place != path:
                    yield place

    def _place_of(self, path: str, dotted: str) -> str | None:
        asked = (path.rpartition("/")[0], dotted)
        if asked not in self._places:
            self._places[asked] = next(filter(partial(self._is_there, path), self._likely_places(path, dotted)), None)
        return self._places[asked]

    def _likely_places(self, path: str, dotted: str) -> Iterator[str]:
        """Where a module may lie; not below folders in which nothing has the name of the package at its top."""
        top = dotted.lstrip(".").partition(".")[0]
        for root in roots_of(path, dotted):
            names = self._names_in(root)
            if not top or top in names or f"{top}{SUFFIX}" in names:
                yield from (place for place in places_below(root, dotted) if self._is_listed(place))

    def _is_listed(self, place: str) -> bool:
        folder, _, name = place.rpartition("/")
        return name in self._names_in(folder or ("/" if place.startswith("/") else ""))

    def _names_in(self, folder: str) -> frozenset[str]:
        known = self._names.get(folder)
        if known is None:
            known = self._names[folder] = self._files.names_in(folder)
        return known

    def _is_there(self, path: str, place: str) -> bool:
        return not self._files.lies_outside(path, place) and self._files.beginning(place, 1) is not None

    def _defined_in(self, path: str, left: int) -> Mapping[str, frozenset[str]]:
        """The scheduler classes that a file defines, and those that it imports, which others may import from it."""
        known = self._defined.get((path, left))
        if known is None:
            known = self._defined[path, left] = self._classes(path, left)
        return known

    def _classes(self, path: str, left: int) -> dict[str, frozenset[str]]:
        file = self._file(path)
        if file is None:
            return {}
        imported = self._imported_by(file.imports, left)
        if not imported and not file.has_stem:
            return {}
        data = self._text(path)
        found = _named_in(data, imported)
        for name, bases, is_made_like_them in classes_in(data) if found or file.has_stem else ():
            words = frozenset[str]().union(*(self._behind(base, found) for base in bases))
            if words and is_made_like_them():
                found[name] = words
        return found

    def _file(self, path: str) -> _Imported | None:
        if path not in self._read:
            if self._most is not None and len(self._read) >= self._most:
                raise MuchToReadError
            data = self._text(path)
            fits = len(data) <= _LARGEST_FILE
            imports = tuple(self._imports(path, data)) if fits else ()
            self._read[path] = _Imported(imports, has_stem(data, self.contracts)) if fits else None
        return self._read[path]

    def _text(self, path: str) -> bytes:
        """The content of a file. Of many files, the first are read anew when they are asked for once more."""
        known = self._texts.get(path)
        if known is None:
            known = self._texts[path] = self._files.beginning(path, _LARGEST_FILE + 1) or b""
            while len(self._texts) > _MOST_TEXTS:
                self._texts.popitem(last=False)
        return known

    def _behind(self, base: str, found: Mapping[str, frozenset[str]]) -> frozenset[str]:
        return frozenset({base}) if base in self._words else found.get(base, frozenset())


@dataclass(frozen=True, slots=True)
class _Imported:
    """A file that others import.

    Attributes:
        imports: the paths of the files that it imports.
        has_stem: whether it may name a scheduler.
    """

    imports: tuple[str, ...]
    has_stem: bool


def derived_from(names: Collection[str], data: bytes) -> Iterator[str]:
    """The classes of a file that are constructed like a class of one of some names, from which they derive.

    Args:
        names: those of schedulers, or of classes that derive from one.
        data: the content of the file.
    """
    for name, bases, is_made_like_them in classes_in(data):
        if any(base in names for base in bases) and is_made_like_them():
            yield name


def classes_in(data: bytes) -> Iterator[tuple[str, list[str], Callable[[], bool]]]:
    """The classes of a file: their names, those of their bases, and whether they have no constructor of their own."""
    for each in _CLASS.finditer(b"\n" + data):
        yield _text(each[1]), [_text(name) for name in _LAST_NAME.findall(each[2])], partial(_lacks_constructor, each)


def _named_in(data: bytes, classes: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    return {name: words for name, words in classes.items() if name.encode() in data}


def _text(name: bytes) -> str:
    return name.decode(errors="replace")


def _lacks_constructor(found: re.Match[bytes]) -> bool:
    data = found.string
    end = _NEXT_STATEMENT.search(data, data.find(b"\n", found.end()) + 1)
    return _CONSTRUCTOR.search(data, found.end(), end.start() if end else len(data)) is None
