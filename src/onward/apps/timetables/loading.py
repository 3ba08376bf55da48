"""Writes of fares: quotes read from a CSV file, all of it or none."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from onward.apps.timetables.models import FareQuote
from onward.core.errors import BadInput, message
from onward.core.money import MINOR_DIGITS

TEXTS = {"feed": 60, "agency_id": 60, "from_stop_id": 80, "to_stop_id": 80, "source": 200}
"""Columns that name something, with their longest length."""
AMOUNTS = ("adult_minor", "child_minor", "infant_minor", "tax_minor", "fee_minor")
DAYS = ("quoted_on", "valid_from", "valid_to")
COLUMNS = ("feed", "agency_id", "from_stop_id", "to_stop_id", *AMOUNTS, "currency", *DAYS, "source")
MOST_MINOR = 1_000_000
"""A seat dearer than 10,000.00 is a slip of the keyboard."""
SHOWN_FINDINGS = 20
"""Findings kept of a file; one with more is wrong as a whole."""

_OPTIONAL = {"agency_id"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong in one cell: its line (the header is line 1), its column, a sentence and what fills it."""

    line: int
    field: str
    text: str
    values: Mapping[str, str]

    def __str__(self) -> str:
        return f"line {self.line}, {self.field}: {self.text % self.values}"


class FaresUnreadable(BadInput):
    """A file of fares that cannot be used; nothing of it was taken. findings: each cell that is wrong."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = tuple(findings[:SHOWN_FINDINGS])
        super().__init__(
            "fares.unreadable",
            message("The fares were not taken, none of them: %(first)s"),
            remedy=message("Correct the file and add it again. Its columns are %(columns)s."),
            field="path",
            values={"first": str(findings[0]), "columns": ", ".join(COLUMNS)},
        )


@dataclass(frozen=True, slots=True)
class AddedFares:
    """What adding came to, in quotes. already_held: rows the database had, word for word."""

    added: int
    already_held: int


@transaction.atomic
def add_fares(text: str, *, now: datetime) -> AddedFares:
    """Keep the quotes of a CSV text with the columns COLUMNS; a quote already held is not kept twice.

    Amounts are whole minor units (cents), days YYYY-MM-DD. Raises FaresUnreadable naming line and column of every
    fault; then nothing is kept.
    """
    findings: list[Finding] = []
    quotes = [quote for quote in _read(text, now.date(), findings) if quote is not None]
    if findings:
        raise FaresUnreadable(findings)
    feeds = {quote.feed for quote in quotes}
    held = {_facts(quote) for quote in FareQuote.objects.filter(feed__in=feeds)}
    new = {_facts(quote): quote for quote in quotes if _facts(quote) not in held}
    FareQuote.objects.bulk_create(new.values(), batch_size=500)
    return AddedFares(len(new), len(quotes) - len(new))


def _facts(quote: FareQuote) -> tuple[object, ...]:
    return tuple(getattr(quote, field.attname) for field in FareQuote._meta.local_fields if not field.primary_key)


def _read(text: str, today: date, findings: list[Finding]) -> Iterator[FareQuote | None]:
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ()) and name not in _OPTIONAL]
    if missing:
        findings += [Finding(1, name, message("the column is missing"), {}) for name in missing]
        return
    try:
        for row in rows:
            cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
            faults = _faults(cells, rows.line_num, today)
            findings += faults
            yield None if faults else _quote(cells)
    except csv.Error:
        findings.append(Finding(rows.line_num, "feed", message("the line cannot be read as CSV"), {}))
    if rows.line_num < 2:
        findings.append(Finding(1, "feed", message("there is no fare under the header"), {}))


def _faults(cells: Mapping[str, str], line: int, today: date) -> list[Finding]:
    found = []
    for name, text in (*_text_faults(cells), *_amount_faults(cells), *_day_faults(cells, today)):
        found.append(Finding(line, name, text, {"what": cells[name][:40], "known": ", ".join(sorted(MINOR_DIGITS))}))
    return found


def _text_faults(cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, longest in TEXTS.items():
        if not cells[name] and name not in _OPTIONAL:
            yield name, message("it is empty")
        if len(cells[name]) > longest:
            yield name, message("“%(what)s…” is too long")
    if cells["from_stop_id"] and cells["from_stop_id"] == cells["to_stop_id"]:
        yield "to_stop_id", message("“%(what)s” is where the journey starts")


def _amount_faults(cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in AMOUNTS:
        if not (cells[name].isascii() and cells[name].isdigit()):
            yield name, message("“%(what)s” is no whole number of minor units (148.50 is written 14850)")
        elif len(cells[name]) > 7 or int(cells[name]) > MOST_MINOR:
            yield name, message("%(what)s is more than 10,000.00 a seat")
    if cells["currency"] not in MINOR_DIGITS:
        yield "currency", message("“%(what)s” is none of the currencies kept here (%(known)s)")


def _day_faults(cells: Mapping[str, str], today: date) -> Iterator[tuple[str, str]]:
    days = {name: _day(cells[name]) for name in DAYS}
    for name, day in days.items():
        if day is None:
            yield name, message("“%(what)s” is no day written YYYY-MM-DD")
    quoted, first, last = (days[name] for name in DAYS)
    if first and last and last < first:
        yield "valid_to", message("%(what)s is before valid_from")
    # A day's grace: where the file is made it may already be tomorrow.
    if quoted and (quoted - today).days > 1:
        yield "quoted_on", message("%(what)s has not come yet")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-03-02") else None
    except ValueError:
        return None


def _quote(cells: Mapping[str, str]) -> FareQuote:
    return FareQuote(
        feed=cells["feed"],
        agency_id=cells["agency_id"],
        from_stop=cells["from_stop_id"],
        to_stop=cells["to_stop_id"],
        currency=cells["currency"],
        source=cells["source"],
        **{name: int(cells[name]) for name in AMOUNTS},
        **{name: date.fromisoformat(cells[name]) for name in DAYS},
    )
