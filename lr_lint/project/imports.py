"""Other files of the project, found by the names that code imports them by.

Nothing is searched in advance. A module is looked for when the interpreter needs a name from it: beside the importing
file, then in the folders above it (each also as the parent of a ``src`` folder), so that packages with and without
``__init__.py``, scripts beside their helpers and src layouts all resolve without any configuration.

The files come through an injected reader; this module never touches a disk.
"""

from __future__ import annotations

import posixpath
import re
from collections import OrderedDict, deque
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from lr_lint.project.kept_modules import kept_modules
from lr_lint.project.knowledge import LIBRARIES, PATCH
from lr_lint.project.modules import Module
from lr_lint.source.files import SourceFile, decode, parse
from lr_lint.source.import_statements import import_statements, modules_named, places_of
from lr_lint.source.surroundings import Surroundings
from lr_lint.vocabulary.diagnostics import Failure

_LARGEST_FILE = 1_000_000
_MOST_KEPT = 64
_MOST_TEXTS = 32
_PACKAGE = "__init__.py"
_MOST_USERS = 6
_MOST_DEFINING = 8
_MOST_BESIDE = 40
# What looks like a change of a variable.
_CHANGING = (
    rb"\b%(name)s\b(?:\.\w+|\[[^\]\n]*\])*\s*(?:[-+*/|&@]|//|\*\*)?=(?!=)"
    rb"|\b%(name)s\.(?:update|append|extend|insert|pop|popitem|setdefault|clear|remove|sort|reverse|add|discard|merge)\w*\("
    rb"|\bsetattr\([^)\n]*\b%(name)s\b"
)
# An assignment to an attribute (of another object than ``self``) or an item, by its name; and what stands behind a call
# that may make one, or declares variables.
_ASSIGNING = rb"\s*(?:[-+*/%|&^@]|//|\*\*|<<|>>)?=(?!=)"
_ASSIGNED = (
    re.compile(rb"(?<!\bself)\.(\w+)" + _ASSIGNING),
    re.compile(rb"[\"'](\w+)[\"']\s*\]" + _ASSIGNING),
)
_GIVEN = (
    re.compile(rb"\b(?:setattr|update|setdefault|setitem)\b([^\n]*)"),
    re.compile(rb"^\s*global\b([^\n]*)", re.MULTILINE),
)
_WORD = re.compile(rb"\w+")
_DEFINITIONS = re.compile(rb"^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)


@dataclass(slots=True, eq=False)
class Project:
    """The files around those that are checked, read and parsed when a name in them is asked for.

    Whoever asks takes a view of the project with a budget of its own (`within`); what one view has read or missed, all
    know.

    Attributes:
        files: those around the ones that are checked.
        files_left: how many files may still be opened through this view, which alone lowers it.
        documents: settings files that were read or sought; see `lr_lint.project.settings_files`.
    """

    files: Surroundings = field(default_factory=Surroundings)
    files_left: int = 0
    documents: dict[Any, Any] = field(default_factory=dict)
    _modules: OrderedDict[str, Module] = field(default_factory=OrderedDict)
    _missing: set[str] = field(default_factory=set)
    _found: dict[tuple[str, str], str | None] = field(default_factory=dict)
    _importing: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _texts: OrderedDict[str, bytes] = field(default_factory=OrderedDict)
    _absent: set[str] = field(default_factory=set)
    _imports_of: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    _writing: dict[str, frozenset[bytes]] = field(default_factory=dict)
    _beside: dict[str, list[tuple[str, bytes]]] = field(default_factory=dict)
    _changed_beside: dict[tuple[str, str, str], bool] = field(default_factory=dict)

    def within(self, files: int) -> Project:
        """A view of the project through which a number of files may be opened."""
        return replace(self, files_left=files)

    def find(self, importer: Module, dotted: str) -> Module | None:
        """The project's module of that name, seen from a file that imports it.

        Args:
            importer: the file that imports.
            dotted: the module's name as written, with leading dots for relative imports.
        """
        if not dotted or dotted.partition(".")[0] in LIBRARIES:
            return None
        place = (importer.path, dotted)
        if self.files_left <= 0 and place not in self._found:
            return None
        if place not in self._found:
            candidates = places_of(importer.path, dotted)
            self._found[place] = next((path for path in candidates if self._is_there(importer, path)), None)
        path = self._found[place]
        return None if path is None else self._load(path)

    def _is_there(self, importer: Module, path: str) -> bool:
        return (
            path not in self._missing
            and not self.files.lies_outside(importer.path, path)
            and self._load(path) is not None
        )

    def is_changed_beside(self, home: Module, module: Module, name: str) -> bool:
        """Whether a file that another one imports looks as if it changed a variable of a third.

        Args:
            home: the file that imports both.
            module: the file whose variable it is.
            name: the variable.
        """
        asked = (home.path, module.path, name)
        known = self._changed_beside.get(asked)
        if known is None:
            word = _encoded(name)
            texts = [text for path, text in self._texts_beside(home) if path != module.path and word in text]
            changing = re.compile(_CHANGING % {b"name": re.escape(word)}) if texts else None
            known = self._changed_beside[asked] = changing is not None and any(map(changing.search, texts))
        return known

    def defeated_beside(self, home: Module) -> str:
        """Why nothing can be said about a file, since one that it imports replaces what it uses; else empty."""
        found = any(PATCH.search(text) for _, text in self._texts_beside(home))
        return "a file that it imports replaces a part of a library, or of the script" if found else ""

    def _texts_beside(self, home: Module) -> list[tuple[str, bytes]]:
        """The files of the project that a file imports for what they do, unparsed."""
        known = self._beside.get(home.path)
        if known is None:
            known = self._beside[home.path] = list(self._read_beside(home))
        return known

    def _read_beside(self, home: Module) -> Iterator[tuple[str, bytes]]:
        for dotted in islice(home.imported_for_effect(), _MOST_BESIDE):
            for path in places_of(home.path, dotted) if dotted.partition(".")[0] not in LIBRARIES else ():
                data = self.files.read(path)
                if data is not None:
                    if path != home.path and len(data) <= _LARGEST_FILE:
                        yield path, data
                    break

    def users(self, module: Module, name: str) -> list[Module]:
        """The nearest other files that may import something from a file, and call it."""
        return self._loaded(self._importing_files(module, name, f"{name}("))

    def calling(self, module: Module, name: str) -> list[Module]:
        """The nearest other files that call a method by its name, of whatever object."""
        place = (module.path, f".{name}(")
        if place not in self._importing:
            mentioning = self.files.mentioning(module.path, _encoded(place[1]))
            self._importing[place] = list(islice(mentioning, _MOST_USERS))
        return self._loaded(self._importing[place])

    def is_used(self, module: Module, name: str) -> bool:
        """Whether some other file may call what a file defines; none is parsed to tell."""
        return bool(self._importing_files(module, name, f"{name}("))

    def defining(self, module: Module, name: str) -> list[Module] | None:
        """The other files that define a function by a name; None where there are more of them than may be opened."""
        mentioning = self.files.mentioning(module.path, _encoded(f"def {name}("))
        if len(mentioning) > min(_MOST_DEFINING, self.files_left):
            return None
        loaded = self._loaded(mentioning)
        return loaded if len(loaded) == len(mentioning) else None

    def importers(self, module: Module, name: str) -> list[str]:
        """The nearest other files that may import what a file defines by a name, whatever they do with it."""
        return self._importing_files(module, name, name)

    def importing_modules(self, module: Module, name: str) -> list[Module]:
        """Those files, parsed, as many of them as the question may still open."""
        return self._loaded(self.importers(module, name))

    def _loaded(self, paths: Iterable[str]) -> list[Module]:
        loaded = (self._load(path) if self.files_left > 0 else None for path in paths)
        return [module for module in loaded if module is not None]

    def _importing_files(self, module: Module, name: str, mentioned: str) -> list[str]:
        """The nearest files that mention something and import the name, or the file it is in."""
        place = (module.path, mentioned)
        if place not in self._importing:
            folder, file = posixpath.split(module.path)
            stem = file.removesuffix(".py")
            words = {name, posixpath.basename(folder) if stem == "__init__" else stem}
            wanted = re.compile(rb"\b(?:%s)\b" % b"|".join(re.escape(_encoded(word)) for word in sorted(words)))
            mentioning = self.files.mentioning(module.path, _encoded(mentioned))
            importing = (path for path in mentioning if self._imports(path, wanted))
            self._importing[place] = list(islice(importing, _MOST_USERS))
        return self._importing[place]

    def _imports(self, path: str, wanted: re.Pattern[bytes]) -> bool:
        return any(wanted.search(text) for text in import_statements(self.files.read(path) or b""))

    def imported_writing(self, module: Module, field: str) -> list[Module]:
        """The files that a file imports, and those that these import, that may write something by a name."""
        return self._loaded(path for path in self._imported(module) if self._may_write(path, field))

    def _may_write(self, path: str, field: str) -> bool:
        """Whether a file may write something by a name; runs of constructions ask for one name after the other."""
        known = self._writing.get(path)
        if known is None:
            known = self._writing[path] = _written_in(self._text(path) or b"")
        return _encoded(field) in known

    def imported_defining(self, module: Module, mentions: Container[str]) -> list[Module]:
        """Those of them that define a function or a class by one of some names, with a dot before it or not."""
        imported = self._imported(module)
        return self._loaded(path for path in imported if self._defines(path, mentions))

    def _defines(self, path: str, mentions: Container[str]) -> bool:
        names = (name.decode(errors="replace") for name in _DEFINITIONS.findall(self._text(path) or b""))
        return any(name in mentions or f".{name}" in mentions for name in names)

    def _imported(self, module: Module) -> list[str]:
        """The files of the project that a file imports, directly or not, the nearest first; none is parsed to tell.

        They are read, as many of them as may still be opened.
        """
        most = max(self.files_left, 0)
        known = self._imports_of.get((module.path, most))
        if known is None:
            known = self._imports_of[module.path, most] = list(islice(self._nearest_imported(module), most))
        return known

    def _nearest_imported(self, module: Module) -> Iterator[str]:
        # The file itself is asked for its own text, which need not lie on a disk.
        pending, seen = deque([(module.path, module.source.data)]), {module.path}
        while pending:
            for other in self._named_by_imports(*pending.popleft()):
                if other not in seen:
                    seen.add(other)
                    pending.append((other, self._text(other) or b""))
                    yield other

    def _named_by_imports(self, path: str, data: bytes) -> Iterator[str]:
        for text in import_statements(data):
            for dotted in modules_named(text):
                if dotted.partition(".")[0] in LIBRARIES:
                    continue
                found = next((each for each in places_of(path, dotted) if self._text(each) is not None), None)
                if found is not None:
                    yield found

    def _text(self, path: str) -> bytes | None:
        """The bytes of a file that others import, no more than are parsed; None where there is none."""
        if path in self._texts:
            self._texts.move_to_end(path)
            return self._texts[path]
        data = None if path in self._absent else self.files.beginning(path, _LARGEST_FILE)
        if data is None:
            # Most places at which a module may lie hold no file.
            self._absent.add(path)
            return None
        self._texts[path] = data
        while len(self._texts) > _MOST_TEXTS:
            self._texts.popitem(last=False)
        return data

    def add(self, module: Module) -> None:
        """Makes a module known that was parsed elsewhere."""
        self._modules[module.path] = module

    def _load(self, path: str) -> Module | None:
        if path in self._modules:
            self._modules.move_to_end(path)
            return self._modules[path]
        if path in self._missing:
            return None
        module = self._parsed(path)
        if module is None:
            self._missing.add(path)
            return None
        self._modules[path] = module
        while len(self._modules) > _MOST_KEPT:
            self._modules.popitem(last=False)
        return module

    def _parsed(self, path: str) -> Module | None:
        data = self.files.beginning(path, _LARGEST_FILE + 1)
        if data is None or len(data) > _LARGEST_FILE:
            return None
        self.files_left -= 1
        kept = kept_modules(self.files)
        known = kept.get(path, data)
        if known is not None:
            return known
        source = decode(path, data)
        tree = parse(source) if isinstance(source, SourceFile) else source
        if isinstance(source, Failure) or isinstance(tree, Failure):
            return None
        module = Module(source, tree)
        kept.keep(module)
        return module


def _written_in(text: bytes) -> frozenset[bytes]:
    """The names of what a text may write to, by how it is spelled."""
    found = {name for pattern in _ASSIGNED for name in pattern.findall(text)}
    return frozenset(found.union(*(_WORD.findall(rest) for pattern in _GIVEN for rest in pattern.findall(text))))


def _encoded(text: str) -> bytes:
    """A name as it stands in files; that of a file may hold any bytes."""
    return text.encode(errors="surrogateescape")


def may_import(module: Module, home: Module) -> bool:
    """Whether a file imports from another one, or from a package around that, which may give on what it defines."""
    return names_file(module.path, module.source.data, home.path)


def names_file(path: str, data: bytes, home: str) -> bool:
    """Whether the imports of a text name another file, or a package around that.

    Args:
        path: where the text lies.
        data: the text.
        home: the other file.
    """
    named = (dotted for each in import_statements(data) for dotted in modules_named(each))
    places = (place for dotted in named for place in places_of(path, dotted))
    packages = ((place, place.removesuffix(_PACKAGE)) for place in places)
    return any(place == home or (package != place and home.startswith(package)) for place, package in packages)
