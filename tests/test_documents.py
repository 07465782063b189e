"""Settings files are read as their loaders would read them, or not at all; and only as far as they may be opened."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lr_lint.project.documents import find_document
from lr_lint.project.imports import Project
from lr_lint.source.discovery import read_if_there
from lr_lint.source.documents import LARGEST_DOCUMENT, UNREAD, UnreadableError, parse_document
from lr_lint.source.surroundings import Surroundings

# What texts are put together from; "~" stands for a space, and "$" for the end of a line.
PIECES = [
    piece.replace("~", " ").replace("$", "\n")
    for piece in r"""
    a lr k: : :~ ~ ~~ - -~ # ~#~x 1 0.1 1e-3 1_0 " ' [ ] { } ,~ | > *x &x~ !t~ true null "q" 's' lr:~0.1 ?~ --- ... 0x1
    010 1:2 <<:~ x~y % @ .5 2020-01-01 = -1 "a\n" [1,~2] {a:~1} \ $ $~~ $~~~~ $-~ $~~-~""".split()
]


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", None),
        ("lr: 0.001\nepochs: 10\n", {"lr": 0.001, "epochs": 10}),
        ("# settings\n---\nlr: 1e-3  # the rate\n", {"lr": 1e-3}),
        ("a:\n  b:\n    c: .5\n  d: -2\n", {"a": {"b": {"c": 0.5}, "d": -2}}),
        ("steps:\n- 30\n- 60\nname: x y\n", {"steps": [30, 60], "name": "x y"}),
        ("steps:\n  - 30\n  - a: 1\n    b: 2\n  -\n    c: 3\n", {"steps": [30, {"a": 1, "b": 2}, {"c": 3}]}),
        ("a: [1, 'two', {b: 3}]\n", {"a": [1, "two", {"b": 3}]}),
        ("a: [1,  # one\n  2]\nb: {}\n", {"a": [1, 2], "b": {}}),
        ("a: 'it''s'\nb: \"x: # y\"\n\"c d\": null\n", {"a": "it's", "b": "x: # y", "c d": None}),
        ("on: yes\noff: False\n", {True: True, False: False}),
        ("url: http://x.y/z#w\n", {"url": "http://x.y/z#w"}),
        ("a: &one\n  b: 1\nc: *one\n", {"a": {"b": 1}, "c": UNREAD}),
        ("a: |\n  lr: 5\nb: first\n  second\nc: !!float 1\n", {"a": UNREAD, "b": UNREAD, "c": UNREAD}),
        ("a: 1:30\nb: 010\nc: 1_000\nd: .inf\ne: 2020-01-01\nf: ${x}\n", dict.fromkeys("abcdef", UNREAD)),
    ],
)
def test_yaml_is_read(text: str, data: Any) -> None:
    assert parse_document("yaml", text) == data


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n\tb: 2",
        "a: b: c",
        "a: [1, 2",
        "a: 'x",
        "a:\n    b: 1\n  c: 2\n",
        "--- a\n--- b\n",
        "- 1\na: 2",
        "a: @x",
        "x: }",
        "a: " + "[" * 50 + "]" * 50,
        "- " * 50,
        "{" * 100_000,
        "- " * 100_000,
        "a" + " " * 100_000 + "b:",
    ],
)
def test_what_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        parse_document("yaml", text)


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@example("a: it's # x")
@example("a: [k:1\n\n  #]")
def test_yaml_is_never_read_as_something_else(text: str) -> None:
    """What is read at all is what the reference implementation reads, but for numbers that it takes for strings."""
    yaml = pytest.importorskip("yaml")
    try:
        ours = parse_document("yaml", text)
    except UnreadableError:
        return
    try:
        theirs = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, TypeError):
        return
    assert agree(ours, theirs), (ours, theirs)


def agree(ours: Any, theirs: Any) -> bool:
    if ours is UNREAD:
        return True
    if isinstance(ours, dict):
        return isinstance(theirs, dict) and all(
            any(agree(key, other) and agree(value, theirs[other]) for other in theirs) for key, value in ours.items()
        )
    if isinstance(ours, list):
        return isinstance(theirs, list) and len(ours) == len(theirs) and all(map(agree, ours, theirs))
    if isinstance(ours, float) and isinstance(theirs, str):
        return float(theirs) == ours
    return type(ours) is type(theirs) and bool(ours == theirs)


@given(st.binary(max_size=60), st.sampled_from(["json", "toml", "yaml"]))
def test_any_bytes_are_read_or_refused(data: bytes, notation: str) -> None:
    with contextlib.suppress(UnreadableError):
        parse_document(notation, data)


@pytest.mark.parametrize("notation", ["json", "toml", "yaml"])
def test_large_and_deep_documents_are_refused(notation: str) -> None:
    for text in ("x" * (LARGEST_DOCUMENT + 1), "[" * 60_000, '{"a":' * 40_000, '{"a": [' + "1," * 5_000 + "1]}"):
        with pytest.raises(UnreadableError):
            parse_document(notation, text)


def test_json_and_toml_are_read() -> None:
    assert parse_document("json", b'\xef\xbb\xbf{"lr": 1e-3}') == {"lr": 1e-3}
    assert parse_document("toml", "[optimizer]\nlr = 1e-3\n") == {"optimizer": {"lr": 1e-3}}


class Disk(Surroundings):
    """Files in memory that count how often they are asked for."""

    def __init__(self, **files: bytes) -> None:
        self.files = {name.replace("__", "/").replace("_dot_", "."): data for name, data in files.items()}
        self.asked: list[str] = []

    def read(self, path: str) -> bytes | None:
        self.asked.append(path)
        return self.files.get(path)


@pytest.mark.parametrize(
    ("importer", "named", "found"),
    [
        ("pkg/sub/train.py", "c.yaml", "pkg/sub/c.yaml"),
        ("pkg/train.py", "configs/c.yaml", "configs/c.yaml"),
        ("pkg/train.py", "../configs/c.yaml", "configs/c.yaml"),
        ("/abs/pkg/train.py", "configs/c.yaml", "configs/c.yaml"),
    ],
)
def test_a_file_is_looked_for_beside_the_code_and_above(importer: str, named: str, found: str) -> None:
    disk = Disk(pkg__sub__c_dot_yaml=b"lr: 1", configs__c_dot_yaml=b"lr: 2")
    document = find_document(Project(disk, files_left=1), importer, named)
    assert (document.path, bool(document.data)) == (found, True)


@pytest.mark.parametrize(
    "named", ["/etc/c.yaml", "~/c.yaml", "C:/c.yaml", "\\\\host\\c.yaml", "c.txt", "c", "", "/dev/zero", "a\0.yaml"]
)
def test_nothing_else_is_opened(named: str) -> None:
    disk = Disk()
    assert find_document(Project(disk, files_left=9), "train.py", named).reason
    assert disk.asked == []


def test_a_file_is_read_once_and_counts_as_one() -> None:
    disk = Disk(a_dot_yaml=b"lr: 1", b_dot_yaml=b"lr: 2")
    project = Project(disk, files_left=1)
    assert find_document(project, "train.py", "a.yaml").data == {"lr": 1}
    assert find_document(project, "train.py", "b.yaml").reason
    assert find_document(project, "train.py", "a.yaml").data == {"lr": 1}
    assert disk.asked == ["a.yaml"]
    project.files_left = 1
    assert find_document(project, "train.py", "b.yaml").data == {"lr": 2}


def test_a_missing_file_is_looked_for_once() -> None:
    disk = Disk()
    project = Project(disk, files_left=5)
    for _ in range(3):
        assert find_document(project, "pkg/train.py", "a.yaml").reason
    assert disk.asked == ["pkg/a.yaml", "a.yaml"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "c.yaml")
    assert read_if_there(str(tmp_path / "c.yaml")) is None
