"""What a notebook's cell says in Python: IPython's own syntax is replaced, and all else stands where it stood.

IPython has lines of its own (``%magic``, ``!shell``, ``help?``) and, for whole cells, other languages (``%%bash``). The
rules are those of ``IPython.core.inputtransformer2`` (read in 9.18). Every line of a cell stays a line, so that what is
found in the Python text is found in the cell; columns move where IPython removes indentation or prompts, and by how
much is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lr_lint.source.files import split_lines

# Magics of cells that hold Python, which runs in the notebook; of IPython, ipytest, memory_profiler, SnakeViz,
# ipyparallel and sparkmagic. All others hold something else, or run elsewhere.
_PYTHON_MAGICS = frozenset("capture debug ipytest local memit prun px snakeviz time timeit".split())
# What IPython takes for a magic though no % is before it (its ``automagic``), and what notebooks of Databricks write in
# front of a cell of another language. A cell that begins so and is no Python is none that is broken.
_WITHOUT_PERCENT = frozenset(
    "alias alias_magic autoawait autocall automagic bookmark cat cd cls code_wrap colors conda config cp debug dhist "
    "dirs doctest_mode ed edit env gui hist history less load load_ext loadpy ls ll logoff logon logstart logstate "
    "logstop lsmagic macro magic mamba man matplotlib micromamba mkdir more mv notebook page pastebin pdb pdef pdoc "
    "pfile pinfo pinfo2 pip popd pprint precision prun psearch psource pushd pwd pycat pylab quickref recall rehashx "
    "reload_ext rerun reset reset_selective rm rmdir run save sc set_env store sx system tb unalias unload_ext uv who "
    "who_ls whos xdel xmode %sql %md %md-sandbox %scala %sh %r %fs %python".split()
)
_PROMPTS = re.compile(r"(?:>>>|\.\.\.)(?: |$)|In \[\d+\]: ?|[ \t]*\.{3,}: ?", re.MULTILINE)
_FIRST_PROMPT = re.compile(r"\s*(?:>>>(?: |$)|In \[\d+\]: ?)")
_CELL_MAGIC = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*(%%[ \t]*([\w.!-]+)[^\n]*)")
# From the beginning of a statement to the end of a line: a command, which a backslash at its end continues ...
_COMMAND = re.compile(r"([ \t]*)([%!?,;/](?:[^\\\n]|\\\n|\\)*)")
# ... or a question about a name.
_QUESTION = re.compile(r"([ \t]*)([^\s#'\"?][^\n#'\"?]*\?{1,2}[ \t;]*(?:#[^\n]*)?)(?=\n|$)")
_ASSIGNED_COMMAND = re.compile(r"=[ \t]*([%!](?:[^\\\n]|\\\n|\\)+)")
_TIMED = re.compile(r"%(?:time|prun)[ \t](?=[ \t]*[^-\s])")
_RUN = re.compile(r"%run[ \t]+(?:-\w+[ \t]+)*(?:\./)?((?:\w+/)*\w+)\.py\b")
_PIECE = re.compile(
    r"(?P<skipped>\"\"\"(?:[^\\]|\\.)*?\"\"\"|'''(?:[^\\]|\\.)*?'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
    r"|#[^\n]*|\\\n)"
    r"|(?P<end>\n)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<comparison>[=!<>]=)|(?P<equals>=)"
    r"|[^\"'#\\\n()\[\]{}=!<>]+|.",
    re.DOTALL,
)
# As wide as "%time " and "%prun " are, so that what follows stays where it is.
_IN_PLACE_OF_TIMED = "pass; "
_NOTHING = "pass"
_NO_CODE = "#"
# Nothing is known of what a call of a name gives that nobody defines.
_UNKNOWN = "get_ipython().run()"


@dataclass(frozen=True, slots=True)
class CellCode:
    """The Python of a cell.

    Attributes:
        text: with as many lines as the cell has, each ended by a line feed.
        shifts: for each line by how many columns it was moved to the left; empty where none was.
    """

    text: str
    shifts: tuple[int, ...] = ()


def python_of(cell: str) -> CellCode | None:
    """The Python of a cell; None where it holds another language, or what runs elsewhere."""
    text, shifts = _unindented(split_lines(cell))
    while found := _CELL_MAGIC.match(text):
        if found[2] not in _PYTHON_MAGICS:
            return None
        text = text[: found.start(1)] + _NO_CODE + text[found.end(1) :]
    return CellCode("".join(_without_commands(text)), shifts)


def may_be_commands(cell: str) -> bool:
    """Whether a cell that is no Python begins with what may be a command all the same: ``pip install torch``."""
    words = cell.split(maxsplit=1)
    return bool(words) and words[0] in _WITHOUT_PERCENT


def _unindented(lines: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """The text without the indentation of its first line, or the prompts, that IPython removes from all lines."""
    first = next((line for line in lines if line.strip()), "")
    indentation = first[: len(first) - len(first.lstrip(" \t"))]
    prompted = _FIRST_PROMPT.match(first) is not None
    if not indentation and not prompted:
        return "\n".join(lines), ()
    shifts = tuple(_removed(line, indentation, prompted) for line in lines)
    return "\n".join(line[shift:] for line, shift in zip(lines, shifts, strict=True)), shifts


def _removed(line: str, indentation: str, prompted: bool) -> int:
    start = len(indentation) if line.startswith(indentation) else 0
    prompt = _PROMPTS.match(line, start) if prompted else None
    return start if prompt is None else prompt.end()


def _without_commands(text: str) -> Iterator[str]:
    """The pieces of a text, Python in place of commands. Commands begin where statements do, or behind an ``=``."""
    at, depth, begins = 0, 0, True
    while at < len(text):
        found = (_COMMAND.match(text, at) or _QUESTION.match(text, at)) if begins and not depth else None
        if found is not None:
            yield found[1] + _statement(found[2])
        else:
            found = _PIECE.match(text, at)
            assert found is not None
            command = _ASSIGNED_COMMAND.match(text, at) if found["equals"] and not depth else None
            if command is not None:
                found = command
                yield text[at : command.start(1)] + _with_line_ends(_UNKNOWN, command[1])
            else:
                depth = max(0, depth + bool(found["open"]) - bool(found["close"]))
                yield found[0]
        begins = found.re is _PIECE and bool(found["end"])
        at = found.end()


def _statement(command: str) -> str:
    """The statement that does what a command does to the names of the notebook."""
    if timed := _TIMED.match(command):
        return _IN_PLACE_OF_TIMED + command[timed.end() :]
    if run := _RUN.match(command):
        return _with_line_ends(f"from {run[1].replace('/', '.')} import *", command)
    return _with_line_ends(_NOTHING, command)


def _with_line_ends(instead: str, command: str) -> str:
    return instead + "\n" * command.count("\n")
