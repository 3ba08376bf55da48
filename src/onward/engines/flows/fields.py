"""One table of a scenario's TOML read field by field: each fault is noted with its line, and reading goes on."""

import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import cast

from onward.engines.flows.faults import File, Path
from onward.engines.flows.parameters import PRIORS, Amount, Parameter, Prior
from onward.engines.flows.written import POSITIVE, REAL, SHARE, Range

ID = re.compile(r"[a-z0-9][a-z0-9_.-]*")
NO_DAY = date(2000, 1, 1)
"""Stands where a day cannot be read, so that reading goes on."""
FITTING: dict[Range, tuple[Prior, ...]] = {
    REAL: PRIORS,
    POSITIVE: ("lognormal", "logitnormal"),
    SHARE: ("logitnormal",),
}
FORMS = {
    "text": ("is missing or no text", '"..."'),
    "number": ("is missing or no number", "1.5 or the like"),
    "date": ("is missing or no date", "2022-08-23, without quotes"),
    "texts": ("is no list of texts", '["...", "..."]'),
    "wholes": ("is no list of whole numbers", "[1, 2]"),
    "shares": ("is no list of shares", "[0.7, 0.3]"),
    "truth": ("is neither true nor false", "true"),
}


class Table:
    """One table, its place in the file, and which of its keys have been read. label: what its parameters begin with.

    A default of None says that a key must be there.
    """

    def __init__(self, file: File, path: Path, given: object, label: str = "") -> None:
        self.file, self.path, self.label = file, path, label
        if not isinstance(given, Mapping):
            self.note("", "A table is expected here.", "Write it as { key = value } or under a header in brackets.")
            given = {}
        self.given = cast(Mapping[str, object], given)
        self.read: set[str] = set()
        self.within: dict[str, list[Table]] = {}

    def note(self, key: str, what: str, remedy: str = "") -> None:
        """Keep a fault on the line of `key`, or of the table."""
        self.file.note((*self.path, key.split(".")[0]) if key else self.path, what, remedy)

    def _note_form(self, key: str, form: str) -> None:
        wrong, right = FORMS[form]
        self.note(key, f"“{key}” {wrong}.", f"Write {key} = {right}.")

    def take(self, key: str) -> object:
        """What stands there, None where nothing does; the key counts as read."""
        self.read.add(key)
        return self.given.get(key)

    def text(self, key: str, default: str | None = "") -> str:
        """A string."""
        value = self.take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value:
            self._note_form(key, "text")
            return default or ""
        return value

    def id(self) -> str:
        """The table's own id."""
        value = self.text("id", None)
        if value and not ID.fullmatch(value):
            self.note("id", f"“{value}” cannot be an id.", "Use small letters, digits, “-”, “_” and “.”.")
        self.file.name(self.path, value)
        return value

    def number(self, key: str, default: float | None, within: Range = POSITIVE) -> float:
        """A fixed number within a range."""
        value = self.take(key)
        return default if value is None and default is not None else self._checked(key, value, within)

    def _checked(self, key: str, value: object, within: Range) -> float:
        low, high = within
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self._note_form(key, "number")
            return max(low, 0.0)
        if not low <= value <= high:
            bounds = {SHARE: "a share is from 0 to 1", POSITIVE: "it cannot be below zero"}
            said = bounds.get(within, f"it is from {low:g} to {high:g}")
            self.note(key, f"“{key}” is {value:g}: {said}.", "Correct the number.")
        return float(min(max(value, low), high))

    def whole(self, key: str, default: int | None) -> int:
        """A whole number of 0 or more."""
        value = self.number(key, default)
        if value != int(value):
            self.note(key, f"“{key}” is {value:g}: whole days or seeds only.", "Round it.")
        return int(value)

    def truth(self, key: str) -> bool:
        """True or false; false where absent."""
        value = self.take(key)
        if not isinstance(value, bool | None):
            self._note_form(key, "truth")
        return value is True

    def day(self, key: str, default: date | None = None) -> date:
        """A date."""
        if default and key not in self.given:
            return default
        return self.find_day(key) or default or NO_DAY

    def find_day(self, key: str) -> date | None:
        """A date; None, with a fault noted, where it is absent or cannot be read."""
        value = self.take(key)
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self._note_form(key, "date")
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings, empty where absent."""
        return self._list(key, str, "texts")

    def wholes(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers, empty where absent."""
        return self._list(key, int, "wholes")

    def _list[Item](self, key: str, kind: type[Item], form: str) -> tuple[Item, ...]:
        value = self.take(key)
        if value is None or (isinstance(value, list) and all(isinstance(item, kind) for item in value)):
            return tuple(value or ())
        self._note_form(key, form)
        return ()

    def shares(self, key: str, default: tuple[float, ...]) -> tuple[float, ...]:
        """A list of shares that sum to 1."""
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, list) or not value:
            self._note_form(key, "shares")
            return default
        shares = tuple(self._checked(key, item, SHARE) for item in value)
        if not is_whole(shares):
            self.note(key, f"The shares of “{key}” sum to {sum(shares):g}, not to 1.", "Correct one of them.")
        return shares

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """One of a few words."""
        value = self.text(key, default)
        if value not in allowed:
            self.note(key, f"“{key}” is “{value}”.", f"Choose one of {', '.join(allowed)}.")
            return allowed[0]
        return value

    def inner(self, key: str) -> "Table | None":
        """A table within, always the same, or None."""
        value = self.take(key)
        if value is not None and key not in self.within:
            self.within[key] = [Table(self.file, (*self.path, key), value, self._name(key))]
        return self.within[key][0] if value is not None else None

    def tables(self, key: str) -> "list[Table]":
        """A list of tables within, empty where absent."""
        value = self.take(key)
        if not isinstance(value, list | None):
            self.note(key, f"“{key}” is no list of tables.", f"Write [[{key}]] before each.")
        self.within[key] = [
            Table(self.file, (*self.path, key, n), item, self._name(f"{key}.{_called(item, n)}"))
            for n, item in enumerate(value if isinstance(value, list) else ())
        ]
        return self.within[key]

    def done(self) -> None:
        """Note every key that nothing reads, here and within: mostly a slip of spelling."""
        for key in self.given.keys() - self.read:
            self.note(key, f"Nothing reads “{key}” here.", "Check its spelling against the scenario's reference.")
        for table in (table for tables in self.within.values() for table in tables):
            table.done()

    def amount(self, key: str, default: Amount | None, within: Range = POSITIVE) -> Amount:
        """A number, a prior in place, or "$name"."""
        value = self.take(key)
        return default if value is None and default is not None else self.amount_of(key, value, within)

    def amount_of(self, key: str, value: object, within: Range = POSITIVE) -> Amount:
        """An amount from a value already taken; key: for its name and its line."""
        if isinstance(value, str) and value.startswith("$"):
            parameter = self.file.parameters.get(value[1:])
            if parameter is None:
                what, remedy = f"There is no parameter “{value[1:]}”.", f"Declare it as [parameters.{value[1:]}]."
                self.note(key, what, remedy)
        elif isinstance(value, Mapping):
            inner = Table(self.file, (*self.path, key), value)
            parameter = inner.parameter(self._name(key))
            inner.done()
            if parameter:
                self.file.parameters.setdefault(parameter.name, parameter)
        else:
            return Amount(self._checked(key, value, within))
        if parameter is None:
            return Amount(max(within[0], 0.0))
        if parameter.prior not in FITTING[within]:
            allowed = " or ".join(FITTING[within])
            self.note(key, f"A {parameter.prior} prior does not fit “{key}”.", f"Use {allowed}.")
        return Amount(parameter.centre, parameter.name)

    def _name(self, key: str) -> str:
        return f"{self.label}.{key}" if self.label else key

    def parameter(self, name: str) -> Parameter | None:
        """This table as a prior; None, with its faults noted, where it is none."""
        before = len(self.file.found)
        prior = cast(Prior, self.one_of("prior", PRIORS))
        is_skewed = prior in ("lognormal", "logitnormal")
        centre = self.number("median" if is_skewed else "mean", None, REAL)
        sd, df = self.number("sd", None), self.number("df", 4.0)
        if len(self.file.found) == before:
            if is_skewed and (centre <= 0 or (prior == "logitnormal" and centre >= 1)):
                self.note("median", f"A {prior} prior cannot have the median {centre:g}.", "Correct the median.")
            if sd <= 0 or df <= 0:
                self.note("sd", "A prior needs an sd (and a df) above zero.", "Write a plain number to fix the amount.")
        note = self.text("note")
        return Parameter(name, prior, centre, sd, df, note) if len(self.file.found) == before else None


def is_whole(shares: tuple[float, ...]) -> bool:
    """Whether shares sum to 1."""
    return abs(sum(shares) - 1.0) <= 1e-6


def _called(item: object, number: int) -> str:
    """What a table in a list is called in the names of its parameters: its id or name, else its number."""
    if isinstance(item, Mapping):
        return str(item.get("id") or item.get("name") or item.get("on") or number)
    return str(number)
