"""The rules and the contracts, told to the user: the tables, and the explanation of one rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lr_lint.checks.rules.pages import page_of
from lr_lint.reports.json_text import json_text
from lr_lint.reports.links import rule_page
from lr_lint.reports.pieces import PLAIN, line
from lr_lint.vocabulary.contracts import Meaning

if TYPE_CHECKING:
    from typing import Any

    from lr_lint.checks.rules.base import Rule
    from lr_lint.reports.pieces import Piece
    from lr_lint.vocabulary.contracts import Contract, Place


def explanation(rule: Rule) -> str:
    """All about a rule, as Markdown: its page below what the registry says about it."""
    state = "on" if rule.default else "off"
    return f"# {rule.code} {rule.name}\n\n{rule.summary} ({state} by default)\n\n{page_of(rule).text}"


def rules_table(rules: Sequence[Rule]) -> Iterator[Piece]:
    """One line per rule."""
    width = max((len(rule.name) for rule in rules), default=0)
    for rule in rules:
        yield rule.code, f"bold link {rule_page(rule.code, rule.name)}"
        yield f"  {rule.name:{width}}  ", PLAIN
        yield "on   " if rule.default else "off  ", "green" if rule.default else "dim"
        yield from line(rule.summary)


def rules_json(rules: Sequence[Rule]) -> str:
    """The rules without their examples, as JSON."""
    return json_text([_described(rule) for rule in rules])


def _described(rule: Rule) -> dict[str, Any]:
    page = page_of(rule)
    return {
        "code": rule.code,
        "name": rule.name,
        "summary": rule.summary,
        "default": rule.default,
        "confidence": {confidence.label: when for confidence, when in page.grades.items()},
        "docs": page.prose,
    }


def contracts_table(contracts: Sequence[Contract]) -> Iterator[Piece]:
    """A few lines per contract, with an empty one between two."""
    for at, contract in enumerate(contracts):
        yield from line("") if at else ()
        yield from line(contract.name, "bold")
        for label, text in _rows_of(contract):
            yield f"  {label:10} ", "dim"
            yield from line(text)


def _rows_of(contract: Contract) -> list[tuple[str, str]]:
    rows = [("sets lr to", contract.meaning.value)]
    if contract.callable is None:
        rows += [("counts", f"{_argument(each.place)}, {each.extent.value}") for each in contract.horizons]
    elif contract.meaning is Meaning.NOT_JUDGED:
        rows = [("remark", contract.remark), ("argument", _argument(contract.callable))]
    else:
        entry = f"entry `{contract.entry}` of " if contract.entry else ""
        called = " or ".join(map(_signature, contract.signatures))
        rows.append(("callable", f"{entry}{_argument(contract.callable)}, called {called}"))
        rows.append(("time", f"{contract.clock.value}, from {contract.first_time}"))
        rows += [("remark", contract.remark)] if contract.remark else []
    if contract.members:
        rows.append(("members", ", ".join(contract.members)))
    if contract.optimizer is not None:
        rows.append(("optimizer", _argument(contract.optimizer)))
    if contract.rate is not None:
        rows.append(("initial lr", _argument(contract.rate)))
    if contract.overridden_by:
        rows.append(("exempt", f"subclasses with their own {' or '.join(contract.overridden_by)}"))
    rows += [("also", alias) for alias in contract.aliases]
    rows += [("checked", contract.checked), ("source", contract.source)]
    return rows


def _argument(place: Place) -> str:
    position, keyword = place
    return f"`{keyword}`" if position is None else f"`{keyword}`, argument {position + 1}"


def _signature(arguments: Sequence[str]) -> str:
    return f"f({', '.join('t' if name == 'time' else name for name in arguments)})"


def contracts_markdown(contracts: Sequence[Contract]) -> str:
    """The contracts as a table in Markdown, one line each."""
    rows = ["| scheduler | sets the lr to | callable | initial lr from | checked on |", "|---|---|---|---|---|"]
    for contract in contracts:
        base = contract.optimizer or contract.rate
        family = " (a family)" if contract.members else ""
        given = contract.callable
        called = f"`{given[1]}`" if given is not None else "none"
        sets = "not judged" if contract.meaning is Meaning.NOT_JUDGED else contract.meaning.value
        rows.append(
            f"| [`{contract.name}`]({contract.source}){family} | {sets} | {called} "
            f"| {f'`{base[1]}`' if base is not None else 'the model'} | {contract.checked} |"
        )
    return "\n".join(rows)


def contracts_json(contracts: Sequence[Contract]) -> str:
    """The contracts with all that is known about them, as JSON. Positions of arguments are 0-based, without `self`."""
    return json_text([_entry(contract) for contract in contracts])


def _entry(contract: Contract) -> dict[str, Any]:
    return {
        "name": contract.name,
        "aliases": list(contract.aliases),
        "members": list(contract.members),
        "meaning": contract.meaning.value,
        "judged": contract.meaning is not Meaning.NOT_JUDGED,
        "callable": None if contract.callable is None else list(contract.callable),
        "horizons": [list(each.place) for each in contract.horizons],
        "optimizer": None if contract.optimizer is None else list(contract.optimizer),
        "lr": None if contract.rate is None else list(contract.rate),
        "signatures": [list(signature) for signature in contract.signatures],
        "time": contract.clock.value,
        "first_time": contract.first_time,
        "overridden_by": list(contract.overridden_by),
        "source": contract.source,
        "checked": contract.checked,
        "remark": contract.remark,
    }
