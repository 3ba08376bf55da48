"""The file of a compiled feed: bytes out, bytes in, refused where damaged.

    MAGIC | length of the summary | summary (JSON) | length of the rest's head | head (JSON) | arrays | CRC-32

Numbers are little-endian. The summary stands first so that a list of feeds reads a few hundred bytes of each. The head
holds tables and texts and says of each array its type and length; arrays start on eight-byte boundaries counted from
the first, so that a later reader may map them where they lie. Nothing in the file is ever executed.
"""

import json
import sys
import zlib
from array import array
from dataclasses import asdict, astuple, fields
from datetime import date
from typing import Any, BinaryIO

from onward.core.errors import BadInput, message
from onward.engines.journeys.fares.tables import FORM as FARES_FORM
from onward.engines.journeys.fares.tables import FareTables, from_values, to_values
from onward.engines.journeys.feed import Feed, FeedSummary, Patterns, Trips
from onward.engines.journeys.gtfs.routes import Route
from onward.engines.journeys.gtfs.stops import StopRow
from onward.engines.journeys.gtfs.transfers import Transfer

_ARRAY_TABLES = {"patterns": Patterns, "trips": Trips}
_FORM = "; ".join(
    f"{table.__name__} {' '.join(field.name for field in fields(table))}"
    for table in (FeedSummary, StopRow, Route, Transfer, Patterns, Trips)
)
MAGIC = f"onward feed 1 {zlib.crc32((_FORM + FARES_FORM).encode()):08x}\n".encode()
"""Differs where any column does: a file of another form is not read wrongly but asked for again."""


def to_bytes(feed: Feed) -> bytes:
    """The whole file of a compiled feed."""
    arrays: dict[str, array[int]] = {}
    for table in _ARRAY_TABLES:
        part = getattr(feed, table)
        names = [field.name for field in fields(part) if field.name != "texts"]
        arrays |= {f"{table}.{name}": getattr(part, name) for name in names}
    head = {
        "stops": [astuple(stop) for stop in feed.stops],
        "routes": [astuple(route) for route in feed.routes],
        "services": [f"{days:x}" for days in feed.services],
        "transfers": [astuple(transfer) for transfer in feed.transfers],
        "texts": feed.trips.texts,
        "fares": to_values(feed.fares),
        "arrays": [[name, values.typecode, len(values)] for name, values in arrays.items()],
    }
    body = b"".join([MAGIC, _block(summary_values(feed.summary)), _block(head), *map(_padded, arrays.values())])
    return body + zlib.crc32(body).to_bytes(4, "little")


def from_bytes(data: bytes, name: str) -> Feed:
    """The compiled feed in a file's bytes; raises BadInput with its name where they are damaged or of another form."""
    _require_intact(data, name)
    summary, at = _read_block(data, len(MAGIC))
    head, at = _read_block(data, at)
    arrays: dict[str, dict[str, array[int]]] = {table: {} for table in _ARRAY_TABLES}
    for name, typecode, length in head["arrays"]:
        table, _, column = name.partition(".")
        arrays[table][column], at = _read_array(data, at, (typecode, length))
    return Feed(
        _summary(summary),
        tuple(StopRow(*row) for row in head["stops"]),
        tuple(Route(*row) for row in head["routes"]),
        tuple(int(days, 16) for days in head["services"]),
        tuple(Transfer(*row) for row in head["transfers"]),
        Patterns(**arrays["patterns"]),
        Trips(**arrays["trips"], texts=tuple(head["texts"])),
        from_values(head["fares"]),
    )


def fares_in(data: bytes, name: str) -> FareTables:
    """The fares alone of a compiled feed, sooner than all of it; raises as `from_bytes`."""
    _require_intact(data, name)
    _, at = _read_block(data, len(MAGIC))
    return from_values(_read_block(data, at)[0]["fares"])


def read_summary(file: BinaryIO, name: str) -> FeedSummary:
    """The summary at the start of an opened file; raises BadInput where there is none."""
    start = file.read(len(MAGIC) + 8)
    if not start.startswith(MAGIC) or len(start) < len(MAGIC) + 8:
        raise damaged(name)
    length = int.from_bytes(start[len(MAGIC) :], "little")
    try:
        return _summary(json.loads(file.read(length)))
    except (ValueError, TypeError, KeyError) as error:
        raise damaged(name) from error


def summary_values(summary: FeedSummary) -> dict[str, object]:
    """A summary as plain values, dates as ISO text."""
    return asdict(summary) | {"first_on": summary.first_on.isoformat(), "last_on": summary.last_on.isoformat()}


def damaged(name: str) -> BadInput:
    """What to say of a file that is damaged or was written by another version."""
    return BadInput(
        "feed.file_damaged",
        message("The stored timetable %(name)s is damaged or was written by another version of Onward."),
        remedy=message(
            "Add its feed again with “onward feed add”, or take it away with “onward feed remove %(name)s”."
        ),
        field="name",
        values={"name": name},
    )


def _require_intact(data: bytes, name: str) -> None:
    if not data.startswith(MAGIC) or zlib.crc32(memoryview(data)[:-4]) != int.from_bytes(data[-4:], "little"):
        raise damaged(name)


def _summary(values: dict[str, Any]) -> FeedSummary:
    days = {key: date.fromisoformat(str(values[key])) for key in ("first_on", "last_on")}
    return FeedSummary(**(values | days))


def _block(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return len(text).to_bytes(8, "little") + text


def _read_block(data: bytes, at: int) -> tuple[dict[str, Any], int]:
    length = int.from_bytes(data[at : at + 8], "little")
    return json.loads(data[at + 8 : at + 8 + length]), at + 8 + length


def _padded(values: array[int]) -> bytes:
    if sys.byteorder == "big":
        values = array(values.typecode, values)
        values.byteswap()
    raw = values.tobytes()
    return raw + bytes(-len(raw) % 8)


def _read_array(data: bytes, at: int, shape: tuple[str, int]) -> tuple[array[int], int]:
    values = array(shape[0])
    size = shape[1] * values.itemsize
    values.frombytes(data[at : at + size])
    if sys.byteorder == "big":
        values.byteswap()
    return values, at + size + -size % 8
