"""All mutants of a program, and a seeded sample of them.

The seed decides on each mutant by itself. So a larger sample contains the smaller one, and a change somewhere in the
code leaves the sample elsewhere as it was.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

from tests.mutation.mutators import MUTATORS, Site, is_left_alone


@dataclass(frozen=True)
class Mutant:
    """One change of one file.

    Attributes:
        path: of the file, from the root of the project.
        function: the qualified name of the function or class it is in; empty for the module's own code.
        kind: the name of the mutator.
        start: of the replaced bytes.
        end: of the replaced bytes.
        text: what stands there instead.
        old: the lines that it changes, as one line; what `explained.toml` calls it by.
        new: what becomes of them.
        nth: how many changes before it in the file read the same.
        lines: the numbers of the lines whose code is changed.
        statement: the first and the last line of the statement around it.
        scope: the first and the last line of the function around it, or of the module.
        names: what the statement binds, where it is run at import.
    """

    path: str
    function: str
    kind: str
    start: int
    end: int
    text: str
    old: str
    new: str
    nth: int
    lines: tuple[int, int]
    statement: tuple[int, int]
    scope: tuple[int, int]
    names: tuple[str, ...]

    def applied(self, source: bytes) -> bytes:
        """The file with the change."""
        return source[: self.start] + self.text.encode() + source[self.end :]

    def draw(self, seed: int) -> str:
        """Its place in the samples of a seed."""
        return hashlib.sha256(repr((seed, *self.key, self.nth)).encode()).hexdigest()

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is known by, wherever its file has moved it to."""
        return self.path, self.function, self.old, self.new

    def __str__(self) -> str:
        where = f"{self.path}:{self.lines[0]} {self.function}".strip()
        return f"{where}\n    - {self.old}\n    + {self.new}"


def sample_of(root: Path, folders: Sequence[str], pattern: str, seed: int, count: int) -> tuple[list[Mutant], int]:
    """So many mutants of the files in folders that fit a pattern, as the seed draws them, and how many there are."""
    files = sorted(path for folder in folders for path in (root / folder).rglob("*.py"))
    paths = [path for path in (file.relative_to(root).as_posix() for file in files) if fnmatch(path, pattern)]
    enums = _enumerations(files)
    everything = [mutant for path in paths for mutant in mutants_of(path, (root / path).read_bytes(), enums)]
    return sorted(everything, key=lambda mutant: mutant.draw(seed))[:count], len(everything)


def _enumerations(files: Sequence[Path]) -> dict[str, list[str]]:
    """The members of each enumeration that is defined in the files."""
    members: dict[str, list[str]] = {}
    for path in files:
        text = path.read_text(encoding="utf-8")
        if "Enum" in text or "Flag" in text:
            for node in cst.parse_module(text).body:
                if isinstance(node, cst.ClassDef) and any(_is_enum(base) for base in node.bases):
                    members[node.name.value] = list(_members(node))
    return members


def _is_enum(base: cst.Arg) -> bool:
    name = base.value.attr if isinstance(base.value, cst.Attribute) else base.value
    return isinstance(name, cst.Name) and name.value in {"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"}


def _members(node: cst.ClassDef) -> Iterator[str]:
    for line in node.body.body:
        for part in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(part, cst.Assign) and isinstance(part.targets[0].target, cst.Name):
                yield part.targets[0].target.value


def mutants_of(path: str, source: bytes, enums: Mapping[str, Sequence[str]]) -> list[Mutant]:
    """All mutants of one file, in the order of the code."""
    wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    spans = wrapper.resolve(ByteSpanPositionProvider)
    collector = _Collector(path, source, {node: (span.start, span.start + span.length) for node, span in spans.items()})
    collector.enums = enums
    wrapper.module.visit(collector)
    return collector.found


class _Collector(cst.CSTVisitor):
    def __init__(self, path: str, source: bytes, spans: Mapping[cst.CSTNode, tuple[int, int]]) -> None:
        super().__init__()
        self.found: list[Mutant] = []
        self.enums: Mapping[str, Sequence[str]] = {}
        self._path, self._source, self._spans = path, source, spans
        self._parents: list[cst.CSTNode] = []
        self._alike: Counter[tuple[str, str, str]] = Counter()

    def on_visit(self, node: cst.CSTNode) -> bool:
        if is_left_alone(node):
            self._parents.append(node)
            return False
        site = Site(self._text, tuple(self._parents), self.enums)
        for mutator in MUTATORS.get(type(node), ()):
            for changed, text in mutator(node, site):
                self.found.append(self._mutant(mutator.__name__, changed, text, (*self._parents, node)))
        self._parents.append(node)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        self._parents.pop()

    def _text(self, node: cst.CSTNode) -> str:
        start, end = self._spans[node]
        return self._source[start:end].decode()

    def _mutant(self, kind: str, changed: cst.CSTNode, text: str, around: Collection[cst.CSTNode]) -> Mutant:
        start, end = self._spans[changed]
        scopes = [node for node in around if isinstance(node, (cst.FunctionDef, cst.ClassDef))]
        functions = [node for node in scopes if isinstance(node, cst.FunctionDef)]
        statement = [node for node in around if isinstance(node, (cst.SimpleStatementLine, *_COMPOUND))][-1]
        # A decorator and a default belong to a function and run outside of it, where it is declared.
        declared = functions[-1] if functions else None
        function = ".".join(node.name.value for node in scopes)
        old, new = self._lines(start, end, text)
        self._alike[function, old, new] += 1
        return Mutant(
            self._path,
            function,
            kind,
            start,
            end,
            text,
            old,
            new,
            self._alike[function, old, new],
            self._numbers(changed),
            self._numbers(statement),
            self._numbers(declared if declared is not None else next(iter(around))),
            () if functions else tuple(_names(statement, scopes)),
        )

    def _numbers(self, node: cst.CSTNode) -> tuple[int, int]:
        start, end = self._spans[node]
        return self._source.count(b"\n", 0, start) + 1, self._source.count(b"\n", 0, end) + 1

    def _lines(self, start: int, end: int, text: str) -> tuple[str, str]:
        first = self._source.rfind(b"\n", 0, start) + 1
        last = self._source.find(b"\n", end)
        before, after = self._source[first:start].decode(), self._source[end:last].decode()
        old, new = (before + middle + after for middle in (self._source[start:end].decode(), text))
        return " ".join(old.split()), " ".join(new.split())


_COMPOUND = (cst.If, cst.For, cst.While, cst.With, cst.Try, cst.Match, cst.FunctionDef, cst.ClassDef)


def _names(statement: cst.CSTNode, scopes: Sequence[cst.FunctionDef | cst.ClassDef]) -> Iterator[str]:
    """What stands for the statement elsewhere: the variable it binds, and the class that it is part of."""
    if isinstance(statement, cst.SimpleStatementLine):
        for part in statement.body:
            targets = [target.target for target in part.targets] if isinstance(part, cst.Assign) else []
            if isinstance(part, cst.AnnAssign):
                targets = [part.target]
            yield from (target.value for target in targets if isinstance(target, cst.Name))
    yield from (scope.name.value for scope in scopes[-1:])
