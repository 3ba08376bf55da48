"""One table of a scenario's TOML read field by field: each fault is noted with its line, and reading goes on."""

import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import cast

from onward.engines.flows.faults import Faults, Path
from onward.engines.flows.parameters import PRIORS, Amount, Parameter, Prior

ID = re.compile(r"[a-z0-9][a-z0-9_.-]*")
REAL = (-math.inf, math.inf)
POSITIVE = (0.0, math.inf)
SHARE = (0.0, 1.0)
Range = tuple[float, float]
FITTING: dict[Range, tuple[Prior, ...]] = {
    REAL: PRIORS,
    POSITIVE: ("lognormal", "logitnormal"),
    SHARE: ("logitnormal",),
}


class Parameters:
    """The parameters met so far, in order; `declared` are those of [parameters.*]."""

    def __init__(self, known: tuple[Parameter, ...] = ()) -> None:
        self.by_name = {parameter.name: parameter for parameter in known}

    def all(self) -> tuple[Parameter, ...]:
        """Every parameter, in the order of theta."""
        return tuple(self.by_name.values())


class Table:
    """One table, its place in the file, and which of its keys have been read. label: what its parameters begin with."""

    def __init__(self, reader: "tuple[Faults, Parameters]", path: Path, given: object, label: str = "") -> None:
        self.reader, self.path, self.label = reader, path, label
        self.faults, self.parameters = reader
        if not isinstance(given, Mapping):
            self.note("", "A table is expected here.", "Write it as { key = value } or under a header in brackets.")
            given = {}
        self.given = cast(Mapping[str, object], given)
        self.read: set[str] = set()

    def note(self, key: str, what: str, remedy: str = "") -> None:
        """Keep a fault on the line of `key`, or of the table."""
        self.faults.note((*self.path, key.split(".")[0]) if key else self.path, what, remedy)

    def has(self, key: str) -> bool:
        """Whether the key stands there."""
        return key in self.given

    def _take(self, key: str) -> object:
        self.read.add(key)
        return self.given.get(key)

    def text(self, key: str, default: str | None = "") -> str:
        """A string; default None: it must be there."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value:
            self.note(key, f"“{key}” is missing or no text.", f'Write {key} = "...".')
            return default or ""
        return value

    def id(self) -> str:
        """The table's own id."""
        value = self.text("id", None)
        if value and not ID.fullmatch(value):
            self.note("id", f"“{value}” cannot be an id.", "Use small letters, digits, “-”, “_” and “.”.")
        self.faults.name(self.path, value)
        return value

    def number(self, key: str, default: float | None, within: Range = POSITIVE) -> float:
        """A fixed number within a range; default None: it must be there."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        return self._checked(key, value, within)

    def _checked(self, key: str, value: object, within: Range) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.note(key, f"“{key}” is missing or no number.", f"Write {key} = 1.5 or the like.")
            return max(within[0], 0.0)
        if not within[0] <= value <= within[1]:
            bounds = "a share is from 0 to 1" if within == SHARE else "it cannot be below zero"
            self.note(key, f"“{key}” is {value:g}: {bounds}.", "Correct the number.")
            return min(max(value, within[0]), within[1])
        return float(value)

    def whole(self, key: str, default: int) -> int:
        """A whole number of 0 or more."""
        value = self.number(key, float(default))
        if value != int(value):
            self.note(key, f"“{key}” is {value:g}: whole days or seeds only.", "Round it.")
        return int(value)

    def day(self, key: str, default: date | None = None, *, needed: bool = True) -> date | None:
        """A date; None where it is absent and not needed, or cannot be read."""
        value = self._take(key)
        if value is None and (default or not needed):
            return default
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self.note(key, f"“{key}” is missing or no date.", f"Write {key} = 2022-08-23, without quotes.")
        return default

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings, empty where absent."""
        value = self._take(key)
        if value is None:
            return ()
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.note(key, f"“{key}” is no list of texts.", f'Write {key} = ["...", "..."].')
        return ()

    def shares(self, key: str, default: tuple[float, ...]) -> tuple[float, ...]:
        """A list of shares that sum to 1."""
        value = self._take(key)
        if value is None:
            return default
        if not isinstance(value, list) or not value:
            self.note(key, f"“{key}” is no list of shares.", f"Write {key} = [0.7, 0.3].")
            return default
        shares = tuple(self._checked(key, item, SHARE) for item in value)
        self.sums_to_one(key, shares)
        return shares

    def sums_to_one(self, key: str, shares: tuple[float, ...]) -> None:
        """Note a fault where shares do not sum to 1."""
        if abs(sum(shares) - 1.0) > 1e-6:
            self.note(key, f"The shares of “{key}” sum to {sum(shares):g}, not to 1.", "Correct one of them.")

    def one_of(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        """One of a few words; default None: it must be there."""
        value = self.text(key, default)
        if value not in allowed:
            self.note(key, f"“{key}” is “{value}”.", f"Choose one of {', '.join(allowed)}.")
            return allowed[0]
        return value

    def inner(self, key: str) -> "Table | None":
        """A table within, or None."""
        value = self._take(key)
        return None if value is None else Table(self.reader, (*self.path, key), value, self._name(key))

    def tables(self, key: str) -> list["Table"]:
        """A list of tables within, empty where absent."""
        value = self._take(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.note(key, f"“{key}” is no list of tables.", f"Write [[{key}]] before each.")
            return []
        return [
            Table(self.reader, (*self.path, key, n), item, self._name(f"{key}.{_called(item, n)}"))
            for n, item in enumerate(value)
        ]

    def keys_left(self) -> list[str]:
        """Keys not read yet, each now read."""
        left = [key for key in self.given if key not in self.read]
        self.read.update(left)
        return left

    def done(self) -> None:
        """Note every key that nothing reads: mostly a slip of spelling."""
        for key in self.keys_left():
            self.note(key, f"Nothing reads “{key}” here.", "Check its spelling against the scenario's reference.")

    def optional_amount(self, key: str, within: Range = POSITIVE) -> Amount | None:
        """An amount, or None where absent."""
        return self.amount(key, None, within) if self.has(key) else None

    def amount(self, key: str, default: float | None, within: Range = POSITIVE) -> Amount:
        """A number, a prior in place, or "$name"; default None: it must be there."""
        value = self._take(key)
        if value is None and default is not None:
            return Amount(default)
        return self.amount_of(key, value, within)

    def amount_of(self, key: str, value: object, within: Range = POSITIVE) -> Amount:
        """An amount from a value already taken; key: for its name and its line."""
        if isinstance(value, str) and value.startswith("$"):
            return self._named(key, value[1:], within)
        if isinstance(value, Mapping):
            parameter = self._parameter(key, cast(Mapping[str, object], value))
            if parameter is None:
                return Amount(max(within[0], 0.0))
            self.parameters.by_name.setdefault(parameter.name, parameter)
            return self._fitting(key, parameter, within)
        return Amount(self._checked(key, value, within))

    def _named(self, key: str, name: str, within: Range) -> Amount:
        parameter = self.parameters.by_name.get(name)
        if parameter is None:
            self.note(key, f"There is no parameter “{name}”.", f"Declare it as [parameters.{name}].")
            return Amount(max(within[0], 0.0))
        return self._fitting(key, parameter, within)

    def _fitting(self, key: str, parameter: Parameter, within: Range) -> Amount:
        if parameter.prior not in FITTING[within]:
            allowed = " or ".join(FITTING[within])
            self.note(key, f"A {parameter.prior} prior does not fit “{key}”.", f"Use {allowed}.")
        return Amount(parameter.centre, parameter.name)

    def _parameter(self, key: str, value: Mapping[str, object]) -> Parameter | None:
        inner = Table(self.reader, (*self.path, key), value)
        parameter = inner.parameter(self._name(key))
        inner.done()
        return parameter

    def _name(self, key: str) -> str:
        return f"{self.label}.{key}" if self.label else key

    def parameter(self, name: str) -> Parameter | None:
        """This table as a prior; None, with its faults noted, where it is none."""
        before = len(self.faults.found)
        prior = cast(Prior, self.one_of("prior", PRIORS))
        is_skewed = prior in ("lognormal", "logitnormal")
        centre = self.number("median" if is_skewed else "mean", None, REAL)
        sd, df = self.number("sd", None), self.number("df", 4.0)
        is_outside = is_skewed and (centre <= 0 or (prior == "logitnormal" and centre >= 1))
        if is_outside and len(self.faults.found) == before:
            self.note("median", f"A {prior} prior cannot have the median {centre:g}.", "Correct the median.")
        if (sd <= 0 or df <= 0) and len(self.faults.found) == before:
            self.note("sd", "A prior needs an sd (and a df) above zero.", "Write a plain number to fix the amount.")
        note = self.text("note")
        return Parameter(name, prior, centre, sd, df, note) if len(self.faults.found) == before else None


def _called(item: object, number: int) -> str:
    """What a table in a list is called in the names of its parameters: its id or name, else its number."""
    if isinstance(item, Mapping):
        return str(item.get("id") or item.get("name") or item.get("on") or number)
    return str(number)
