"""What people know better about links: which stops one may walk between, and which not, in a table anyone can read.

The table is a CSV with the columns from, to, action, minutes, why, by and on. A correction holds both ways, and a
station's for every stop in it. The last of two about the same stops holds.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from onward.core.errors import BadInput, message
from onward.engines.journeys.gtfs.archive import Table
from onward.engines.journeys.gtfs.findings import Finding
from onward.engines.journeys.journey import StopKey

COLUMNS = ("from", "to", "action", "minutes", "why", "by", "on")
LINK, UNLINK = "link", "unlink"
LONGEST_WALK_MIN = 120


class CorrectionsRefused(BadInput):
    """A table of corrections of which nothing was kept; `findings` has every fault."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(
            "links.corrections_refused",
            message("The corrections cannot be used, and none of them was kept: %(findings)s."),
            remedy=message("Mend the lines named and give the whole file again; what was kept before still holds."),
            field="path",
            values={"findings": "; ".join(map(str, findings[:5])), "count": len(findings)},
        )
        self.findings = findings


@dataclass(frozen=True, slots=True)
class LinkCorrection:
    """One row. minutes: of the walk, None where the distance says. why, by, on: for whoever reads it later."""

    from_stop: StopKey
    to_stop: StopKey
    action: str
    minutes: int | None
    why: str
    by: str
    on: date
    line: int


@dataclass(frozen=True, slots=True)
class Corrections:
    """The rows of a table and the bytes they were read from, which are kept as they are."""

    rows: tuple[LinkCorrection, ...] = ()
    data: bytes = b""

    def digest(self) -> str:
        """A name that differs where the table does: part of the key of whatever is compiled under it."""
        return sha256(self.data).hexdigest()


NO_CORRECTIONS = Corrections()


def read_corrections(data: bytes, file: str) -> Corrections:
    """The corrections in a table's bytes (UTF-8). Raises CorrectionsRefused naming every line that cannot be used."""
    try:
        table = Table(file, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CorrectionsRefused((Finding(file, line, "", "", "The file is not UTF-8."),)) from error
    missing = [column for column in COLUMNS if column not in table.columns]
    if missing:
        raise CorrectionsRefused((Finding(file, 1, ", ".join(missing), "", "The column is missing."),))
    rows: list[LinkCorrection] = []
    faults: list[Finding] = []
    for line, values in table.rows(*COLUMNS):
        row = dict(zip(COLUMNS, values, strict=True))
        wrong = list(_faults(row))
        faults += [Finding(file, line, field, row[field], f"{why} The row cannot be used.") for field, why in wrong]
        if not wrong:
            rows.append(_correction(row, line))
    if faults:
        raise CorrectionsRefused(tuple(faults))
    return Corrections(tuple(rows), data)


def require_known(corrections: Corrections, stops: Container[StopKey], file: str) -> None:
    """Raise CorrectionsRefused naming every row whose stops no feed has."""
    faults = [
        Finding(file, row.line, field, key, "No feed has this stop; write it as FEED:ID.")
        for row in corrections.rows
        for field, key in (("from", row.from_stop), ("to", row.to_stop))
        if key not in stops
    ]
    if faults:
        raise CorrectionsRefused(tuple(faults))


def _faults(row: Mapping[str, str]) -> list[tuple[str, str]]:
    """(field, what is wrong with it) of a row."""
    faults = [(field, "Write it as FEED:ID.") for field in ("from", "to") if ":" not in row[field].strip(":")]
    if row["from"] and row["from"] == row["to"]:
        faults.append(("to", "A stop is not linked to itself."))
    if row["action"] not in (LINK, UNLINK):
        faults.append(("action", f"It is neither {LINK} nor {UNLINK}."))
    if row["minutes"] and not _is_minutes(row["minutes"]):
        faults.append(("minutes", f"It is no whole number of minutes from 0 to {LONGEST_WALK_MIN}."))
    if row["minutes"] and row["action"] == UNLINK:
        faults.append(("minutes", "What is not linked takes no time."))
    faults += [(field, "Say it, for whoever wonders later.") for field in ("why", "by") if not row[field]]
    if _date(row["on"]) is None:
        faults.append(("on", "It is no date such as 2025-06-11."))
    return faults


def _correction(row: Mapping[str, str], line: int) -> LinkCorrection:
    on = _date(row["on"])
    assert on is not None  # noqa: S101 - _faults has seen to it
    minutes = int(row["minutes"]) if row["minutes"] else None
    ends = StopKey(row["from"]), StopKey(row["to"])
    return LinkCorrection(*ends, row["action"], minutes, row["why"], row["by"], on, line)


def _is_minutes(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= LONGEST_WALK_MIN


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2025-06-11") else None
    except ValueError:
        return None
