"""Places in the text, against LibCST's own (slower) computation and against the text itself."""

from __future__ import annotations

from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from lr_lint.project.modules import Module
from lr_lint.source.edits import line_starts, position
from lr_lint.source.files import split_lines
from lr_lint.source.positions import locate
from lr_lint.source.tree import walk
from lr_lint.vocabulary.diagnostics import Span
from tests.harness import module_of

FIXTURES = Path(__file__).parent.parent / "fixtures"
SOURCES = {
    "line ends of Unix": b"x = f(1)\ny = x + 2\n",
    "line ends of Windows": b"x = f(1)\r\ny = (\r\n    x + 2\r\n)\r\n",
    "line ends of the old Macintosh": b"x = f(1)\ry = x + 2\r",
    "line ends of all kinds in one file": b"x = 1\r\ny = 2\nz = 3\rw = x + y\n",
    "no line end at the end": b"x = f(1)",
    "tabs for indentation": b"def f(t):\n\tif t:\n\t\treturn t * 2\n\treturn\tt\n",
    "a form feed on a line of its own": b"x = 1\n\x0c\ndef f(t):\n    return t\n\x0c\ny = 2\n",
    "characters outside ASCII before the node": "name = 'äöü €'; x = f(name)\nλ = lambda τ: τ ** 2\n".encode(),
    "characters outside the basic plane": "s = '😀'; x = f(s, s)\n".encode(),
    "a line separator that is no line end": "s = 'a\u2028b\x0bc'; x = f(s)\ny = s\n".encode(),
    "a byte order mark": b"\xef\xbb\xbfx = f(1)\ny = x\n",
    "a declared encoding": "# -*- coding: latin-1 -*-\ns = 'é'; x = f(s)\n".encode("latin-1"),
    "parentheses around nodes": b"x = ((a) + (b))\ny = (\n    (c)\n)\n",
    "a call over several lines": b"s = f(\n    a,  # one\n    key=lambda t: (\n        t * 2\n    ),\n)\n",
    "decorators": b"@wraps(f)\n@other\ndef g(x: int = 1, *, y) -> int:\n    return x + y\n",
    "comments and blank lines": b"# first\n\n\nx = 1  # one\n\n    # odd indentation\ny = f(x)\n",
    "continued lines": b"x = 1 + \\\n    2\ny = f(x, \\\n  2)\n",
    "several statements on a line": b"x = 1; y = f(x); z = y\nif x: y = 2; z = 3\n",
    "strings over several lines": b"s = '''one\ntwo''' + f('three')\nt = s\n",
    "nested blocks": b"class A:\n  def f(self):\n    for i in x:\n      with y as z:\n        g(i, z)[1:2].h\n",
    "comprehensions and starred arguments": b"x = [f(*a, **b) for a in c if a for b in d]\n",
    "formatted strings": b"x = f'{a!r:>{width}} {b + 1}' f'{c}'\n",
    "walrus, await and yield": b"async def f():\n    if (n := await g()) > 1:\n        yield n\n",
}


@pytest.mark.parametrize("data", SOURCES.values(), ids=SOURCES.keys())
def test_places_are_those_of_libcst(data: bytes) -> None:
    """Every node stands where LibCST's position provider says."""
    wrapper = MetadataWrapper(module_of(data).tree, unsafe_skip_copy=True)
    text = wrapper.module.code
    last = position(line_starts(text), len(text))
    ranges = wrapper.resolve(PositionProvider)
    nodes = list(walk(wrapper.module))
    spans = locate(wrapper.module, nodes)
    for node in nodes:
        place = ranges[node]
        # LibCST has the last line break of a file that has none.
        start, end = min((place.start.line, place.start.column), last), min((place.end.line, place.end.column), last)
        expected = Span(*start, *end)
        assert spans[node] == expected, wrapper.module.code_for_node(node)


@pytest.mark.parametrize("data", SOURCES.values(), ids=SOURCES.keys())
def test_places_show_the_names_in_the_text(data: bytes) -> None:
    """Cutting a name's place out of the text gives the name."""
    module = module_of(data)
    lines = split_lines(module.source.text)
    names = [node for node in walk(module.tree) if isinstance(node, cst.Name)]
    spans = locate(module.tree, names)
    found = [
        lines[spans[name].line - 1][spans[name].column : spans[name].end_column] for name in names if name in spans
    ]
    assert found == [name.value for name in names if name in spans]
    assert found


def test_only_the_asked_nodes_are_located() -> None:
    """The result has the nodes that were asked for and no others."""
    tree = module_of("x = f(1)\ny = x\n").tree
    call = next(node for node in walk(tree) if isinstance(node, cst.Call))
    assert locate(tree, [call]) == {call: Span(1, 4, 1, 8)}
    assert locate(tree, []) == {}


ENDINGS = {
    "a definition": "def f(t):\n    return t",
    "a definition on a line": "def f(t): return t",
    "a lambda": "f = lambda t: t",
    "a call over several lines": "x = f(\n    1,\n)",
    "a class": "class A:\n    def f(self):\n        if x:\n            return 1",
    "blocks within blocks": "for a in b:\n    while a:\n        with b as c: pass\n    else:\n        pass",
    "a try statement": "try:\n    pass\nexcept E as e:\n    pass\nfinally:\n    x = 1",
    "a match statement": "match x:\n    case [y]: pass\n    case _:\n        z = 1",
    "a semicolon": "x = 1; y = 2;",
    "a comment": "def f(t):\n    return t  # as it is",
    "a comment on a line of its own": "def f(t):\n    return t\n    # as it is",
    "blanks": "def f(t):\n    return t\n    ",
    "a line continuation": "x = 1 + \\\n    2",
    "a string over several lines": "x = '''one\ntwo'''",
    "nothing": "",
}


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS.keys())
def test_every_node_at_the_end_of_a_file_has_a_place_in_it(end: str, line_end: str) -> None:
    """With and without a last line break; without one the places are the same, up to the end of the text."""
    text = end.replace("\n", line_end)
    bare, whole = module_of(text.encode()), module_of((text + line_end).encode())
    spans, others = located(bare), located(whole)

    assert len(spans) == len(others)
    last = position(line_starts(text), len(text))
    for span, other in zip(spans, others, strict=True):
        assert (span.line, span.column) == min((other.line, other.column), last)
        assert (span.end_line, span.end_column) == min((other.end_line, other.end_column), last)


@pytest.mark.parametrize("path", sorted(FIXTURES.rglob("*.py")), ids=lambda path: str(path.relative_to(FIXTURES)))
def test_every_node_of_every_fixture_has_a_place_without_the_last_line_break(path: Path) -> None:
    text = path.read_text(encoding="utf-8").rstrip("\n")
    spans = located(module_of(text.encode()))

    last = position(line_starts(text), len(text))
    assert all((span.end_line, span.end_column) <= last for span in spans)


def located(module: Module) -> list[Span]:
    nodes = list(walk(module.tree))
    spans = locate(module.tree, nodes)
    return [spans[node] for node in nodes]


def test_a_node_of_another_tree_is_left_out() -> None:
    """What does not stand in the text has no place."""
    assert locate(module_of("x = 1\n").tree, [cst.Name("x")]) == {}


def test_surrounding_parentheses_are_no_part_of_a_place() -> None:
    """The place of ``(  a + b )`` is that of ``a + b``."""
    tree = module_of("x = (  a + b )\n").tree
    operation = next(node for node in walk(tree) if isinstance(node, cst.BinaryOperation))
    assert locate(tree, [operation])[operation] == Span(1, 7, 1, 12)
