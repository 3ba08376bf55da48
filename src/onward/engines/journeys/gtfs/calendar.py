"""calendar.txt and calendar_dates.txt: on which days a service runs, as one whole number a service.

Bit n of a service's days is set where it runs n days after FIRST_DAY. Service days are the feed's own: a trip that
starts at 25:10 belongs to the day before.
"""

from datetime import date

from onward.engines.journeys.gtfs.archive import Archive
from onward.engines.journeys.gtfs.findings import Findings

FILE, DATES_FILE = "calendar.txt", "calendar_dates.txt"
FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2099, 12, 31)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = (LAST_DAY - FIRST_DAY).days + 1
_EVERY_SEVENTH = sum(1 << at for at in range(0, _SPAN, 7))


def day_number(on: date) -> int:
    """Days since FIRST_DAY."""
    return on.toordinal() - FIRST_DAY.toordinal()


def read_days(archive: Archive, findings: Findings) -> dict[str, int]:
    """Days by service_id, calendar_dates.txt applied; a feed may have only the one or only the other file."""
    days = _read_weekly(archive, findings)
    table = archive.table(DATES_FILE)
    for line, (service, on_text, kind) in table.rows("service_id", "date", "exception_type") if table else ():
        on = parse_date(on_text)
        kind = kind.removesuffix(".0")
        if on is None or kind not in ("1", "2"):
            field = ("date", on_text) if on is None else ("exception_type", kind)
            findings.note((DATES_FILE, line), field, "The exception is passed over: it cannot be read.")
            continue
        bit = 1 << day_number(on)
        before = days.get(service, 0)
        days[service] = before | bit if kind == "1" else before & ~bit
    return days


def _read_weekly(archive: Archive, findings: Findings) -> dict[str, int]:
    table = archive.table(FILE)
    days: dict[str, int] = {}
    for line, row in table.rows("service_id", "start_date", "end_date", *WEEKDAYS) if table else ():
        service, start_text, end_text, *flags = row
        start, end = parse_date(start_text), parse_date(end_text)
        if start is None or end is None or end < start:
            which = "it ends before it begins" if start and end else "its dates cannot be read"
            why = f"The service runs on no day but those in calendar_dates.txt: {which}."
            findings.note((FILE, line), ("start_date, end_date", f"{start_text}, {end_text}"), why)
            findings.undated.add(service)
            continue
        weekdays = [at for at, flag in enumerate(flags) if flag.removesuffix(".0") == "1"]
        days[service] = days.get(service, 0) | _weekly_days(weekdays, start, end)
    return days


def _weekly_days(weekdays: list[int], start: date, end: date) -> int:
    first, last = day_number(start), day_number(end)
    every = 0
    for weekday in weekdays:
        every |= _EVERY_SEVENTH << ((weekday - FIRST_DAY.weekday()) % 7)
    return every & ((1 << (last + 1)) - (1 << first))


def parse_date(text: str) -> date | None:
    """YYYYMMDD as a date between FIRST_DAY and LAST_DAY, else None."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        return None
    try:
        on = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
    return on if FIRST_DAY <= on <= LAST_DAY else None
