"""Files of carriage rules: TOML a person writes, read whole or refused with every line that cannot be used.

[[rule]]
why = "Between two stops in Canada this coach carries nobody."
source = "The carrier, by telephone"
said_on = 2026-03-02
feeds = ["coaches"]            # also agencies, routes, trips (GTFS ids), modes, zones; left out: all
within = ["CA"]                # pairs inside one country, on trips that cross a border; or
pairs = [["ALB", "PLB"]]       # from stop (or station) to stop, in that direction
may_carry = true               # the other way round: opens what other rules close
first_on = 2026-01-01          # service days on which it holds; left out: always
last_on = 2026-12-31
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from onward.core.errors import BadInput, message
from onward.engines.journeys.carriage import CarriageRule

OWN_FILE = "carriage.toml"
"""The operator's own rules, in Onward's home; a rule there that says “may carry” opens what the product's close."""

_KINDS: Mapping[str, str] = {
    "why": "a sentence",
    "source": "who says so",
    "said_on": "a day like 2026-03-02, without quotes",
    "may_carry": "true or false",
    "within": 'a list of countries like ["CA"]',
    "pairs": 'a list of pairs of stop ids like [["ALB", "PLB"]]',
    "feeds": "a list of names",
    "agencies": "a list of ids",
    "routes": "a list of ids",
    "trips": "a list of ids",
    "modes": 'a list of words like ["coach"]',
    "zones": "a list of time zones",
    "first_on": "a day like 2026-03-02, without quotes",
    "last_on": "a day like 2026-03-02, without quotes",
}
assert set(_KINDS) == {field.name for field in fields(CarriageRule)}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one line of a rule file."""

    line: int
    field: str
    why: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.field}: {self.why}" if self.field else f"line {self.line}: {self.why}"


class CarriageUnreadable(BadInput):
    """A rule file that cannot be used; nothing of it holds. faults: every one found, by line."""

    def __init__(self, file: str, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            "carriage.file_unreadable",
            message("The rules of carriage in %(file)s cannot be used: %(faults)s."),
            remedy=message(
                "Correct the file. Until then no timetable is loaded: nobody is offered what may be closed."
            ),
            field="path",
            values={"file": file, "faults": "; ".join(map(str, faults[:20])), "count": len(faults)},
        )


@lru_cache(maxsize=1)
def shipped_carriage() -> tuple[CarriageRule, ...]:
    """The rules that come with the product (carriage.toml beside this module)."""
    file = resources.files("onward.engines.journeys") / "carriage.toml"
    return carriage_from(file.read_text(encoding="utf-8"), "carriage.toml")


def read_carriage(path: Path) -> tuple[CarriageRule, ...]:
    """The rules of a file; raises CarriageUnreadable with its name and every line that cannot be used."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise CarriageUnreadable(path.name, [Fault(1, "", "it cannot be opened, or is not UTF-8")]) from problem
    return carriage_from(text, path.name)


def carriage_from(text: str, file: str) -> tuple[CarriageRule, ...]:
    """The rules of a text, in its order; raises CarriageUnreadable. An empty text has none."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        at = re.search(r"line (\d+)", str(problem))
        raise CarriageUnreadable(file, [Fault(int(at[1]) if at else 1, "", str(problem))]) from problem
    lines = _Lines(text)
    tables = told.get("rule", [])
    faults = [Fault(lines.of_word(name), name, "it is no [[rule]]") for name in told if name != "rule"]
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise CarriageUnreadable(file, [*faults, Fault(lines.of_word("rule"), "rule", "write it as [[rule]]")])
    for number, table in enumerate(tables):
        faults += [Fault(lines.of(number, name), name, why) for name, why in _faults(table)]
    if faults:
        raise CarriageUnreadable(file, sorted(faults, key=lambda fault: fault.line))
    return tuple(_rule(table) for table in tables)


def _faults(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(field, what is wrong) of one rule."""
    for name, value in table.items():
        if name not in _KINDS:
            yield name, f"there is no such field; the fields are {', '.join(_KINDS)}"
        elif not _is_right(name, value):
            yield name, f"write {_KINDS[name]}"
    for name in ("why", "source", "said_on"):
        if name not in table:
            yield name, f"it is missing: write {_KINDS[name]}"
    if "within" not in table and "pairs" not in table:
        yield "within", "say what it is about: within = [countries] or pairs = [[stop, stop]]"
    days = [table.get(name) for name in ("first_on", "last_on") if _is_right(name, table.get(name))]
    if len(days) == 2 and days != sorted(days):  # type: ignore[type-var]  # both were just seen to be days
        yield "last_on", "it is before first_on"


def _is_right(name: str, value: object) -> bool:
    if name in ("said_on", "first_on", "last_on"):
        return isinstance(value, date) and not isinstance(value, datetime)
    if name == "may_carry":
        return isinstance(value, bool)
    if name in ("why", "source"):
        return isinstance(value, str) and bool(value.strip())
    if not isinstance(value, list) or not value:
        return False
    if name == "pairs":
        return all(isinstance(pair, list) and len(pair) == 2 and all(map(_is_text, pair)) for pair in value)
    if name == "within":
        return all(_is_text(one) and re.fullmatch("[A-Z]{2}", one) for one in value)
    return all(map(_is_text, value))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _rule(table: Mapping[str, Any]) -> CarriageRule:
    # What each field holds was looked at before.
    held: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
    if "pairs" in held:
        held["pairs"] = tuple((start, end) for start, end in held["pairs"])
    return CarriageRule(**held)


class _Lines:
    """Where things stand in a text; a line of TOML is found by its words, which is enough to point at it."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._heads = [at for at, line in enumerate(self._lines) if re.match(r"\s*\[\[\s*rule\s*\]\]", line)]

    def of(self, rule: int, field: str) -> int:
        """The line of a field in a rule, the rule's first where the field is not there."""
        if rule >= len(self._heads):
            return 1
        begin = self._heads[rule]
        end = self._heads[rule + 1] if rule + 1 < len(self._heads) else len(self._lines)
        for at in range(begin + 1, end):
            if re.match(rf"\s*[\"']?{re.escape(field)}[\"']?\s*=", self._lines[at]):
                return at + 1
        return begin + 1

    def of_word(self, word: str) -> int:
        """The first line that begins with a word or a table of that name."""
        found = (at for at, line in enumerate(self._lines, 1) if re.match(rf"\s*\[*\s*{re.escape(word)}\b", line))
        return next(found, 1)
