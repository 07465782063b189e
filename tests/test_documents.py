"""Settings files are read as their loaders would read them, or not at all; and only as far as they may be opened."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lr_lint.project.imports import Project
from lr_lint.project.settings_files import find_document
from lr_lint.source import yaml_reader
from lr_lint.source.discovery import read_if_there
from lr_lint.source.disk import Disk as OnDisk
from lr_lint.source.documents import parse_document
from lr_lint.source.plain_data import DEEPEST, LARGEST_DOCUMENT, MOST_VALUES, UNREAD, UnreadableError
from lr_lint.source.surroundings import Surroundings

# The module that the reader has: what PyYAML is called depends on the version of Python.
YAML: Any = vars(yaml_reader)["yaml"]

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
        ("_: _\ne_1: E_\na_b: .\n", {"_": "_", "e_1": "E_", "a_b": "."}),
        ("a: +_1\nb: ._1\nc: -1_0.5\n", dict.fromkeys("abc", UNREAD)),
        ("a: &one\n  b: 1\nc: *one\n", {"a": {"b": 1}, "c": {"b": 1}}),
        ("a: |\n  lr: 5\nb: first\n  second\nc: !!float 1\n", {"a": "lr: 5\n", "b": "first second", "c": 1.0}),
        ("a: 1:30\nb: 010\nc: 1_000\nd: .inf\ne: 2020-01-01\nf: ${x}\n", dict.fromkeys("abcdef", UNREAD)),
    ],
)
def test_yaml_is_read(text: str, data: Any) -> None:
    assert parse_document("yaml", text) == data


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: &x 1\nb: *x\nc: &x 2\nd: *x\n", {"a": 1, "b": 1, "c": 2, "d": 2}),
        ("- &x [1, 2]\n- {y: *x}\n", [[1, 2], {"y": [1, 2]}]),
        ("&key a: 1\nb: *key\n", {"a": 1, "b": "a"}),
        ("a: &a [1, *a]\nb: *a\n", {"a": [1, UNREAD], "b": [1, UNREAD]}),
    ],
)
def test_aliases_stand_for_what_they_name(text: str, data: Any) -> None:
    assert parse_document("yaml", text) == data


BASES = "x: &x {lr: 1, k: 2}\ny: &y {lr: 3, m: 4}\n"


@pytest.mark.parametrize(
    ("merging", "data"),
    [
        ("<<: *x", {"lr": 1, "k": 2}),
        ("{lr: 5, <<: *x}", {"lr": 5, "k": 2}),
        ("{<<: *x, lr: 5}", {"lr": 5, "k": 2}),
        ("<<: [*x, *y]", {"lr": 1, "k": 2, "m": 4}),
        ("{<<: *x, <<: *y}", {"lr": 3, "k": 2, "m": 4}),
        ("{<<: {<<: *x, k: 7}}", {"lr": 1, "k": 7}),
        ("{'<<': 1}", {"<<": 1}),
        ("{!!merge x: *x}", {"lr": 1, "k": 2}),
        ("{lr: 5, <<: !mine {k: 2}}", UNREAD),
    ],
)
def test_merged_mappings_give_what_is_not_there(merging: str, data: Any) -> None:
    document = parse_document("yaml", BASES + "z:\n  " + merging)
    assert document["z"] == data
    assert document["x"] == {"lr": 1, "k": 2}


@pytest.mark.parametrize("text", ["<<: 1", "<<: [1]", "<<: [{a: 1}, 2]", "<<:", "a: *b", "a: &b 1\n---\nc: *b"])
def test_merges_and_aliases_of_nothing_are_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        parse_document("yaml", text)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: >-\n  one\n  two\n\n  three\n", "one two\nthree"),
        ("a: |+\n  one\n    two\n\n", "one\n  two\n\n"),
        ('a: "one\n  two \\\n  three"\n', "one two three"),
        ("a: 'one\n\n  two'\n", "one\ntwo"),
        ("a:\n  0.1\n", 0.1),
        ("a: 1\n  2\n", "1 2"),
        ("a: long " + "words " * 200, ("long " + "words " * 200).strip()),
        ("a: 1" + "0" * 400, UNREAD),
        ('a: "tab\\t\\u00e9\\x41"\n', "tab\t\u00e9A"),
        ("a: '${b}'\n", UNREAD),
    ],
)
def test_texts_over_several_lines(text: str, data: Any) -> None:
    assert parse_document("yaml", text) == {"a": data}


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("!!float 5e-5", 5e-5),
        ("!!float 5", 5.0),
        ("!!float '0.1'", 0.1),
        ("!!int '3'", 3),
        ("!!int 3.5", UNREAD),
        ("!!str 3.5", "3.5"),
        ("!!str on", "on"),
        ("!!bool on", True),
        ("!!bool 1", UNREAD),
        ("!!null ''", None),
        ("!!float many", UNREAD),
        ("!!float .inf", UNREAD),
        ("!!float 010", UNREAD),
        ("!!seq [1]", [1]),
        ("!!map {b: 1}", {"b": 1}),
        ("!!map [1]", UNREAD),
        ("!!set {b}", UNREAD),
        ("!!python/tuple [1, 2]", UNREAD),
        ("!!python/object/apply:os.system ['true']", UNREAD),
        ("!!timestamp 2020-01-01", UNREAD),
        ("!mine 1", UNREAD),
        ("!<tag:yaml.org,2002:float> 1", 1.0),
        ("! 1", UNREAD),
    ],
)
def test_a_tag_is_read_as_what_it_says(text: str, data: Any) -> None:
    read = parse_document("yaml", f"a: {text}\nb: 1\n")
    assert read == {"a": data, "b": 1}
    assert type(read["a"]) is type(data)


def test_of_two_equal_keys_the_last_counts() -> None:
    assert parse_document("yaml", "a: 1\nb: 2\na: 3\n") == {"a": 3, "b": 2}


def test_keys_that_are_no_names_are_left_out() -> None:
    assert parse_document("yaml", "? [a, b]\n: 1\n010: 2\n? {x: y}\n: 3\nc: 4\n1.5: 5\n") == {"c": 4, 1.5: 5}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: c: d\n", "line 2: mapping values are not allowed here"),
        ("a: *b\n", "line 1: an alias of nothing"),
        ("a: 1\n---\nb: 2\n", "several documents"),
        ("a: [" * 60, "nested too deeply"),
        ('a: "\\U00ffffff"\n', "an escaped letter is none"),
        ("a: \0", "special characters are not allowed"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(text: str, message: str) -> None:
    with pytest.raises(UnreadableError, match=message) as refused:
        parse_document("yaml", text)
    assert "\n" not in str(refused.value)


def laughs(first: str, more: str) -> str:
    """A document in which every line has nine times the values of the line before."""
    lines = [first, *(f"a{at}: &a{at} " + more.format(", ".join([f"*a{at - 1}"] * 9)) for at in range(1, 10))]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        laughs("a0: &a0 [x]", "[{}]"),
        laughs("a0: &a0 {x: 1}", "{{<<: [{}]}}"),
        "a: &a [" + "1, " * 3000 + "]\nb: [" + "*a, " * 3000 + "]",
        "a: &a {" + ", ".join(f"k{at}: 1" for at in range(1500)) + "}\n" + "b: {<<: [" + "*a, " * 1000 + "]}",
        "\n".join(["- &a0 x", *(f"- &a{at} [*a{at - 1}]" for at in range(1, DEEPEST + 5))]),
    ],
    ids=["values", "merges", "wide", "wide merge", "deep"],
)
def test_aliases_count_as_what_they_stand_for(text: str) -> None:
    with pytest.raises(UnreadableError, match="more values"):
        parse_document("yaml", text)


def test_a_document_is_given_up_where_it_becomes_too_deep_or_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = 0
    parse = YAML.parse

    def counted(*args: Any, **options: Any) -> Iterator[Any]:
        nonlocal taken
        for event in parse(*args, **options):
            taken += 1
            yield event

    monkeypatch.setattr(YAML, "parse", counted)
    for text, most in (("- " * 100_000, 2 * DEEPEST), ("- a\n" * 60_000, 3 * MOST_VALUES)):
        taken = 0
        with pytest.raises(UnreadableError):
            parse_document("yaml", text)
        assert taken <= most


@pytest.mark.parametrize(
    ("data", "read"),
    [
        (b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
        (b"a: 1\rb: 2\r", {"a": 1, "b": 2}),
        ("a: \u00fc\u4e2d\U0001f600".encode(), {"a": "\u00fc\u4e2d\U0001f600"}),
        ("a: 1\u0085b: 2\u2028c: 3".encode(), {"a": 1, "b": 2, "c": 3}),
    ],
)
def test_yaml_is_utf8(data: bytes, read: Any) -> None:
    assert parse_document("yaml", data) == read


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "latin-1"])
def test_other_encodings_are_refused(encoding: str) -> None:
    with pytest.raises(UnreadableError, match="can't decode"):
        parse_document("yaml", "a: \u00fc".encode(encoding))


# Texts that no version of YAML takes for anything else without quotes, and that nobody replaces.
TEXTS = st.text(max_size=20).filter(lambda text: text[:1] not in "+-.0123456789" and "${" not in text)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
DATA = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(TEXTS, inner, max_size=4)
        | inner.map(lambda shared: {"first": shared, "second": [shared, shared]})
    ),
    max_leaves=12,
)


@pytest.mark.slow
@given(DATA, st.booleans() | st.none(), st.sampled_from([10, 80]))
def test_plain_data_comes_back_as_it_was_dumped(data: Any, flow: bool | None, width: int) -> None:
    text = YAML.safe_dump(data, default_flow_style=flow, width=width)
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
    try:
        ours = parse_document("yaml", text)
    except UnreadableError:
        return
    try:
        theirs = YAML.safe_load(text)
    except (YAML.YAMLError, ValueError, TypeError):
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
        with contextlib.suppress(ValueError):
            return float(theirs) == ours
        return False
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


@pytest.mark.parametrize(
    "text", ["a" + ".a" * 90_000 + " = 1", "[" + '"a".' * 50_000 + "a]", "x = {" + "a." * 50_000 + "a = 1}"]
)
def test_keys_of_many_parts_are_refused(text: str) -> None:
    """`tomllib` takes gigabytes for them."""
    with pytest.raises(UnreadableError, match="a key has more parts"):
        parse_document("toml", text)


def test_dots_outside_of_keys_are_no_parts() -> None:
    text = "a.b = [" + '"c==1.2.3", ' * 300 + '1.5]\nd = """\n' + "e. f. g.\n" * 300 + '"""\n'
    assert len(parse_document("toml", text)["a"]["b"]) == 301


@pytest.mark.parametrize(("notation", "text"), [("json", '{"a": ' + "9" * 5_000 + "}"), ("toml", "a = " + "9" * 5_000)])
@pytest.mark.skipif(not hasattr(sys, "get_int_max_str_digits"), reason="numbers may be as long as they like")
def test_numbers_too_long_for_python_are_refused(notation: str, text: str) -> None:
    with pytest.raises(UnreadableError, match="a number is too long"):
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
    assert find_document(project.within(1), "train.py", "b.yaml").data == {"lr": 2}
    assert find_document(project, "train.py", "b.yaml").data == {"lr": 2}
    assert project.files_left == 0


def test_a_missing_file_is_looked_for_once() -> None:
    disk = Disk()
    project = Project(disk, files_left=5)
    for _ in range(3):
        assert find_document(project, "pkg/train.py", "a.yaml").reason
    assert disk.asked == ["pkg/a.yaml", "a.yaml"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "c.yaml")
    assert read_if_there(str(tmp_path / "c.yaml")) is None


def test_no_more_of_a_file_is_read_than_settings_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data.json").touch()
    os.truncate("data.json", 1 << 40)  # takes no room, and all of it would need a terabyte of memory
    (tmp_path / "small.json").write_text('{"lr": 1}')

    project = Project(OnDisk(), files_left=9)
    assert find_document(project, "train.py", "data.json").reason == "it is too large for a settings file"
    assert find_document(project, "train.py", "small.json").data == {"lr": 1}
