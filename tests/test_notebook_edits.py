"""Changes of cells: the JSON around them, and how they are spelled in it, stay what they were."""

from __future__ import annotations

import json

import pytest

from lr_lint.source.edits import EditError
from lr_lint.source.notebooks import Notebook, read_notebook
from lr_lint.source.opening import with_edits
from lr_lint.vocabulary.diagnostics import Edit, Span

# Indented by hand, with keys in an order of its own, letters as escapes and as they are, and numbers that Python would
# write in another way.
ODD = """\
{ "nbformat_minor": 5,   "nbformat" : 4,
  "cells": [
\t{"cell_type": "code", "outputs": [{"data": {"text/plain": "caf\\u00e9 \\/ é"}}],
\t "source": ["a = '\\u00e9\\ud83d\\udcc9é' \\u002b b\\n",
            "c = 1\\n" , "d = '\\/'"], "execution_count": 1.50e3},
    {"cell_type":"code","source":"x = \\"\\u00e9\\"\\ny = 2\\r\\nz","metadata":{}}
  ], "metadata": {}}"""


def changed(text: str, *edits: Edit) -> str:
    return with_edits("x.ipynb", text.encode(), edits).decode()


def edit(cell: int, line: int, column: int, end_line: int, end_column: int, text: str) -> Edit:
    return Edit(Span(line, column, end_line, end_column), text, cell)


@pytest.mark.parametrize(
    ("edits", "old", "new"),
    [
        ([], "", ""),
        ([edit(1, 2, 4, 2, 5, "10")], '"c = 1\\n"', '"c = 10\\n"'),
        ([edit(1, 1, 9, 1, 13, "")], "é' \\u002b b", "é'"),
        ([edit(1, 1, 0, 1, 1, "A")], '"a = ', '"A = '),
        ([edit(1, 3, 7, 3, 7, " + 'é'")], "'\\/'\"]", "'\\/' + 'é'\"]"),
        ([edit(1, 2, 0, 3, 0, "")], '            "c = 1\\n" , ', "            "),
        ([edit(1, 2, 0, 2, 0, "new\n")], '            "c = 1', '            "new\\n",\n            "c = 1'),
        ([edit(1, 1, 13, 2, 5, "")], 'b\\n",\n            "c = 1\\n" , ', 'b\\n" , '),
        ([edit(2, 2, 4, 2, 5, '"\t"')], "y = 2\\r", 'y = \\"\\t\\"\\r'),
        ([edit(2, 1, 5, 1, 6, "e")], 'x = \\"\\u00e9', 'x = \\"e'),
        ([edit(2, 1, 7, 2, 0, "; ")], '\\"\\ny', '\\"; y'),
        ([edit(2, 1, 0, 1, 0, "w\n")], '"x = ', '"w\\nx = '),
        ([edit(1, 2, 4, 2, 5, "2"), edit(1, 3, 0, 3, 1, "D")], '"c = 1\\n" , "d', '"c = 2\\n" , "D'),
    ],
)
def test_only_what_is_changed_changes(edits: list[Edit], old: str, new: str) -> None:
    assert ODD.count(old) == 1 or not old

    assert changed(ODD, *edits) == ODD.replace(old, new)


def test_cells_are_changed_together() -> None:
    done = changed(ODD, edit(2, 3, 0, 3, 1, "zz"), edit(1, 2, 0, 2, 1, "cc"), edit(1, 2, 0, 2, 1, "cc"))

    assert done == ODD.replace('"c = 1', '"cc = 1').replace("\\r\\nz", "\\r\\nzz")


def test_a_byte_order_mark_stays() -> None:
    data = b"\xef\xbb\xbf" + ODD.encode()

    assert with_edits("x.ipynb", data, [edit(1, 2, 4, 2, 5, "2")]) == data.replace(b"c = 1", b"c = 2")


def test_letters_are_spelled_in_ascii_where_all_others_are() -> None:
    document = {"cells": [{"cell_type": "code", "source": ["x = 1"]}]}

    assert changed(json.dumps(document), edit(1, 1, 4, 1, 5, "'é'")).count("'\\u00e9'") == 1


def test_the_only_line_of_a_list_is_followed_by_others_like_it() -> None:
    indented = json.dumps({"cells": [{"cell_type": "code", "source": ["x"]}]}, indent=1)
    added = edit(1, 1, 0, 1, 0, "w\n")

    assert json.loads(changed(indented, added))["cells"][0]["source"] == ["w\n", "x"]
    assert changed(indented, added) == json.dumps({"cells": [{"cell_type": "code", "source": ["w\n", "x"]}]}, indent=1)
    assert changed('{"cells": [{"cell_type": "code", "source": ["x"]}]}', added).endswith('["w\\n", "x"]}]}')


def test_a_list_that_is_not_one_of_lines_stays_so() -> None:
    text = '{"cells": [{"cell_type": "code", "source": ["a", "", "b\\nc\\n", "d"]}]}'

    assert changed(text, edit(1, 1, 0, 1, 0, "w\n")) == text.replace('["a"', '["w\\na"')
    assert changed(text, edit(1, 1, 1, 1, 2, "")) == text.replace('"b\\n', '"\\n')


@pytest.mark.parametrize(
    ("edits", "problem"),
    [
        ([edit(3, 1, 0, 1, 1, "")], "there is no code in cell 3"),
        ([edit(1, 9, 0, 9, 1, "")], "there is no line 9"),
        ([edit(1, 2, 0, 2, 3, ""), edit(1, 2, 1, 2, 4, "")], "the changes overlap"),
        ([edit(1, 2, 4, 2, 5, "(")], "the changed notebook would not be read as it is meant"),
    ],
)
def test_what_cannot_be_done_is_refused(edits: list[Edit], problem: str) -> None:
    with pytest.raises(EditError, match=problem):
        changed(ODD, *edits)


def test_a_change_of_the_program_is_one_of_its_cell() -> None:
    cells = [
        {"cell_type": "code", "source": "    x = 1\n    if x:\n        y = [\n1]"},
        {"cell_type": "code", "source": "%time z = 2\n!ls\nw = %pwd"},
    ]
    read = read_notebook("x.ipynb", json.dumps({"cells": cells}).encode())
    assert isinstance(read, Notebook)
    assert read.program == "x = 1\nif x:\n    y = [\n1]\npass; z = 2\npass\nw = get_ipython().run()"

    def placed(line: int, column: int, end_line: int, end_column: int, text: str) -> Edit | None:
        return read.edit(Edit(Span(line, column, end_line, end_column), text))

    assert placed(1, 4, 1, 5, "2") == edit(1, 1, 8, 1, 9, "2")
    assert placed(1, 4, 1, 5, "(\n2)") == edit(1, 1, 8, 1, 9, "(\n    2)")
    assert placed(4, 0, 4, 1, "3") == edit(1, 4, 0, 4, 1, "3")
    assert placed(4, 0, 5, 0, "") == edit(1, 4, 0, 4, 2, "")
    assert placed(5, 10, 5, 11, "3") == edit(2, 1, 10, 1, 11, "3")
    assert placed(5, 0, 5, 4, "w") is None
    assert placed(6, 0, 6, 4, "w") is None
    assert placed(7, 4, 7, 5, "w") is None
