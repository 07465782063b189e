"""Programs that nobody wrote, checked: a command for the developers of lr-lint.

    python -m tests.fuzz --seed 1 --files 2000                       broken and changed programs of fixtures
    python -m tests.fuzz --seed 1 --files 2000 --from CHECKOUTS      and of a folder of public code

Real files are damaged (cut off, bytes and tokens changed, lines swapped and repeated, other encodings and line ends,
brackets put around), and programs are made from Python's grammar; with its seed, each file can be had again. Every one
is checked with its fixes and listed. Nobody may see an internal error or an exception, a file may not take longer than
its budget or ten times its LibCST parse, and a file that was only spliced into a program with a mistake keeps that
finding, if it can be read. Prints what is not so, then how many files came to what, and the one that took longest.
Exit status: 0 if all is well, 1 if not, 2 for wrong usage. No code is run.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import libcst

from lr_lint.checks.engine import check_bytes, inspect_bytes
from lr_lint.source.files import SourceFile, Syntax, check_syntax, decode
from lr_lint.source.gate import mentions_scheduler
from lr_lint.source.settings import Settings

FIXTURES = Path(__file__).parent.parent / "fixtures"
_LARGEST = 60_000
_MOST_TIMES_PARSE = 10
# In seconds of the processor: what a file may cost that parses in no time, for each of its constructions.
_BUDGET = 2.0
_TOKEN = re.compile(rb"\w+|\s+|[^\w\s]")
_PATH = "train.py"

Mutation = Callable[[bytes, random.Random], bytes]
MUTATIONS: dict[str, Mutation] = {}


def mutation(function: Mutation) -> Mutation:
    """Declares a way of damaging a file."""
    MUTATIONS[function.__name__.strip("_")] = function
    return function


@mutation
def _cut_off(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


@mutation
def _cut_out(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.randrange(200) :]


@mutation
def _bytes_changed(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 2, 5, 20))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.choice(b"\0\t\n\r\f\x1b ()[]{}:,.'\"\\#=*-0aZ\x7f\xc3\xff")
    return bytes(changed)


@mutation
def _bit_flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 10)) if changed else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


@mutation
def _lines_swapped(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    for _ in range(chance.choice((1, 2, 5))):
        one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


@mutation
def _lines_repeated(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    until = at + chance.choice((1, 2, 10))
    return b"\n".join(lines[:until] + lines[at:until] * chance.choice((1, 3, 30)) + lines[until:])


@mutation
def _lines_left_out(data: bytes, chance: random.Random) -> bytes:
    share = chance.choice((0.02, 0.1, 0.4))
    return b"\n".join(line for line in data.split(b"\n") if chance.random() > share)


@mutation
def _tokens_swapped(data: bytes, chance: random.Random) -> bytes:
    tokens = _TOKEN.findall(data)
    for _ in range(chance.choice((1, 2, 8)) if tokens else 0):
        one, other = chance.randrange(len(tokens)), chance.randrange(len(tokens))
        tokens[one], tokens[other] = tokens[other], tokens[one]
    return b"".join(tokens)


@mutation
def _names_exchanged(data: bytes, chance: random.Random) -> bytes:
    """All uses of a name become those of another one: self-references, recursion and odd types, but still Python."""
    names = sorted({token for token in _TOKEN.findall(data) if token[:1].isalpha()})
    if len(names) < 2:
        return data
    for _ in range(chance.choice((1, 2, 4))):
        old, new = chance.sample(names, 2)
        data = re.sub(rb"\b%s\b" % re.escape(old), new, data)
    return data


@mutation
def _numbers_exchanged(data: bytes, chance: random.Random) -> bytes:
    odd = b"0 -1 1e308 1e-320 10**400 10**9 2**0.5 1j None '1' [] {} ()".split()
    return re.sub(rb"\b\d+(\.\d*)?\b", lambda found: chance.choice(odd) if chance.random() < 0.3 else found[0], data)


@mutation
def _operators_exchanged(data: bytes, chance: random.Random) -> bytes:
    odd = b"+ * / // % ** @ << and in is == ,".split()
    signs = re.compile(rb"(?<= )[-+*/%<>=]=?(?= )")
    return signs.sub(lambda found: chance.choice(odd) if chance.random() < 0.3 else found[0], data)


@mutation
def _brackets_around(data: bytes, chance: random.Random) -> bytes:
    depth = chance.choice((3, 12, 45, 150))
    opening, closing = chance.choice(((b"(", b")"), (b"[", b"]"), (b"f(a=", b")"), (b"(1 + ", b")"), (b"{1: ", b"}")))
    places = [found.start() for found in re.finditer(rb"(?<=[=(,] )\w+", data)]
    if not places:
        return data
    at = chance.choice(places)
    end = re.compile(rb"\w+").match(data, at).end()  # type: ignore[union-attr]
    return data[:at] + opening * depth + data[at:end] + closing * depth + data[end:]


@mutation
def _other_encoding(data: bytes, chance: random.Random) -> bytes:
    name = chance.choice(("latin-1", "utf-8-sig", "utf-16", "utf-7", "cp1252", "ascii", "rot13", "hex", "idna", "x"))
    cookie = b"# coding: %s\n" % name.encode()
    text = data.decode(errors="replace") + "# \u00e9\u202e\ud800"
    try:
        return chance.choice((cookie, b"")) + text.encode(name, errors="ignore")
    except (LookupError, UnicodeError, ValueError):
        return cookie + data


@mutation
def _other_layout(data: bytes, chance: random.Random) -> bytes:
    layouts = ("\n", "\r\n"), ("\n", "\r"), ("    ", "\t"), ("\n", "\n\f"), (" = ", " = \\\n    "), ("\n", "\n\n")
    old, new = chance.choice(layouts)
    return data.replace(old.encode(), new.encode())


@dataclass
class Tally:
    """What a run came to.

    Attributes:
        outcomes: how many files came to what.
        complaints: what must not be, a line for each.
        longest: the file that took longest against its parse: how many times, seconds, and its name.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)
    longest: tuple[float, float, str] = (0.0, 0.0, "")


def programs(seed: int, count: int, files: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    """Damaged files with their names: a number, the ways in which they are damaged, and the file.

    Args:
        seed: of the chance.
        count: how many.
        files: what is damaged.
    """
    for number in range(count):
        chance = random.Random(f"{seed} {number}")
        path = chance.choice(files)
        data = path.read_bytes()[:_LARGEST]
        ways = chance.sample(sorted(MUTATIONS), chance.choice((1, 1, 2, 3)))
        for way in ways:
            data = MUTATIONS[way](data, chance)
        yield f"{number} {'+'.join(ways)} {path}", data


def grammatical(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Programs from Python's grammar, each in front of one with a mistake."""
    import hypothesis
    import hypothesmith

    made: list[str] = []
    settings = hypothesis.settings(max_examples=count, database=None, deadline=None, phases=[hypothesis.Phase.generate])
    checks = hypothesis.HealthCheck
    quiet = hypothesis.settings(settings, suppress_health_check=list(checks))

    @hypothesis.seed(seed)
    @quiet
    @hypothesis.given(hypothesmith.from_grammar())
    def collect(code: str) -> None:
        made.append(code)

    collect()
    for number, code in enumerate(made[:count]):
        yield f"{number} grammar", code.encode(errors="surrogatepass") + b"\n" + MISTAKE


MISTAKE = b"""\
import torch as torch_
from torch.optim.lr_scheduler import LambdaLR as LambdaLR_
optimizer_ = torch_.optim.SGD([torch_.zeros(1)], lr=0.001)
scheduler_ = LambdaLR_(optimizer_, lambda epoch_: 0.001 * 0.95**epoch_)
"""


def look_at(name: str, data: bytes, tally: Tally, *, timed: bool = True) -> None:
    """Checks one file and counts what comes of it; whether it takes long too, if ``timed``."""
    parse = _time_of_parse(data)
    began = time.process_time()
    try:
        report = check_bytes(_PATH, data, Settings(fixes=True, min_confidence="possible"))
        took = time.process_time() - began
        inventory = inspect_bytes(_PATH, data)
    except Exception as error:
        tally.outcomes["exceptions"] += 1
        tally.complaints.append(f"{name}: {type(error).__name__}: {error}")
        return
    failures = [failure for failure in (report.failure, inventory.failure) if failure is not None]
    for failure in failures:
        if not failure.code:
            tally.outcomes["internal errors"] += 1
            tally.complaints.append(f"{name}: {failure.message}")
    outcome = "partly read" if report.failure and report.sites else "refused" if report.failure else "checked"
    tally.outcomes[outcome] += 1
    tally.outcomes["findings"] += len(report.diagnostics)
    if data.endswith(MISTAKE) and not failures and "LR101" not in {item.code for item in report.diagnostics}:
        tally.complaints.append(f"{name}: the mistake behind it is not found")
    times = took / max(parse, 0.01)
    if timed and took > max(_MOST_TIMES_PARSE * parse, _BUDGET * max(1, report.sites)):
        tally.complaints.append(f"{name}: takes {took:.2f} s, and its parse {parse:.3f} s")
    tally.longest = max(tally.longest, (times, took, name))


def _time_of_parse(data: bytes) -> float:
    """What LibCST alone takes for a file, in seconds of the processor."""
    source = decode(_PATH, data)
    syntax = check_syntax(source) if isinstance(source, SourceFile) and mentions_scheduler(data) else None
    if not isinstance(syntax, Syntax):
        return 0.0
    began = time.process_time()
    with suppress(libcst.ParserSyntaxError):
        libcst.parse_module(syntax.source.concrete or syntax.source.text)
    return time.process_time() - began


def fuzzed(
    seed: int, count: int, folders: Sequence[Path] = (FIXTURES,), grammar: int = 0, *, timed: bool = True
) -> Tally:
    """Checks damaged files and programs from the grammar.

    Args:
        seed: of the chance.
        count: how many files to damage.
        folders: where those lie.
        grammar: how many programs to make from Python's grammar.
        timed: whether to complain of files that take long: a question that a busy machine answers wrongly.
    """
    found = sorted(path for folder in folders for path in folder.rglob("*.py") if path.is_file())
    files = [path for path in found if mentions_scheduler(path.read_bytes())]
    tally = Tally()
    for name, data in programs(seed, count, files):
        look_at(name, data, tally, timed=timed)
    for name, data in grammatical(seed, grammar) if grammar else ():
        look_at(name, data, tally, timed=timed)
    return tally


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--files", type=int, default=500, help="how many files to damage")
    parser.add_argument("--grammar", type=int, default=0, help="how many programs to make from Python's grammar")
    parser.add_argument("--from", dest="folders", type=Path, action="append", metavar="FOLDER", help="whose files")
    options = parser.parse_args(arguments)
    tally = fuzzed(options.seed, options.files, options.folders or [FIXTURES], options.grammar)
    print(*tally.complaints, sep="\n", end="\n" if tally.complaints else "")
    print(", ".join(f"{count} {outcome}" for outcome, count in sorted(tally.outcomes.items())))
    times, took, name = tally.longest
    print(f"longest: {times:.1f} times its parse, {took:.2f} s: {name}")
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    return 1 if tally.complaints else 0


if __name__ == "__main__":
    sys.exit(main())
