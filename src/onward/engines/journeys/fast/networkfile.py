"""The file of a network: bytes out, and mapped back without copying; refused where damaged.

    MAGIC | length of the head | head (JSON) | arrays | CRC-32 of all before it

Numbers are little-endian. The head says what the network is of, and of each array its name, type, shape and where it
begins; arrays begin on 64-byte boundaries. Nothing in the file is ever executed.
"""

import json
import mmap
import os
import sys
import weakref
import zlib
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from onward.core.errors import BadInput, message
from onward.engines.journeys.fast.compiling import TRIP_COLUMNS
from onward.engines.journeys.fast.kernel_arrays import Shape, Trips
from onward.engines.journeys.fast.network import BOUNDS, Head, Network, Rows
from onward.engines.journeys.fast.tables import Column
from onward.engines.journeys.feed import FeedSummary
from onward.engines.journeys.gtfs.routes import Route
from onward.engines.journeys.journey import Stop
from onward.engines.journeys.links import Linking

BOUNDARY = 64
PART = 1 << 20
"""Bytes checked at a time."""
VERSION = 3
"""Raised where what the arrays mean changes and no column's name does."""

_FORM = " ".join([*Shape._fields, *Trips._fields, *TRIP_COLUMNS, sys.byteorder]) + "".join(
    f" {field.name} {field.type}" for kind in (Head, FeedSummary, Stop, Route) for field in fields(kind)
)
FORM = f"{VERSION}-{zlib.crc32(_FORM.encode()):08x}"
"""Differs where any column does."""

MAGIC = f"onward network {FORM}\n".encode()


def to_bytes(network: Network) -> bytes:
    """The whole file of a network."""
    arrays, length = [], 0
    for name, column in network.columns.items():
        length += -length % BOUNDARY
        arrays.append([name, column.dtype.str, list(column.shape), length])
        length += column.nbytes
    head = asdict(network.head) | {"arrays": arrays}
    text = json.dumps(head, ensure_ascii=False, default=str).encode()
    before = MAGIC + len(text).to_bytes(8, "little") + text
    parts = [before, bytes(-len(before) % BOUNDARY)]
    for column in network.columns.values():
        parts += [np.ascontiguousarray(column).tobytes(), bytes(-column.nbytes % BOUNDARY)]
    body = b"".join(parts)
    return body + zlib.crc32(body).to_bytes(4, "little")


def open_network(path: Path) -> Network:
    """The network in a file, mapped; raises FileNotFoundError, or BadInput where it is damaged or of another form."""
    with path.open("rb") as file:
        if not _is_intact(file, path.stat().st_size):
            raise _damaged(path)
        data: Any = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        values, start = _head(data)
        columns: dict[str, Column] = {}
        bounds: dict[str, Rows] = {}
        for name, kind, shape, at in values.pop("arrays"):
            if name in BOUNDS and hasattr(os, "pread"):
                bounds[name] = StoredRows(os.dup(file.fileno()), (kind, shape), start + at)
            else:
                columns[name] = _array(data, (kind, shape), start + at)
    return Network(_head_of(values), columns, path, bounds)


def _is_intact(file: BinaryIO, size: int) -> bool:
    """Whether the check sum is that of what comes before it. Read, not mapped: what is read stays no part of us."""
    if size < len(MAGIC) + 4 or file.read(len(MAGIC)) != MAGIC:
        return False
    check, left = zlib.crc32(MAGIC), size - len(MAGIC) - 4
    while part := file.read(min(left, PART)):
        check = zlib.crc32(part, check)
        left -= len(part)
    return left == 0 and check == int.from_bytes(file.read(4), "little")


class StoredRows:
    """A table in a file, a row at a time. Read, not mapped: a page mapped may bring two megabytes of others along.

    file: its descriptor, closed with this. form: type and shape. at: where it begins.
    """

    def __init__(self, file: int, form: tuple[str, list[int]], at: int) -> None:
        self._file, self._kind, (self._count, self._width), self._at = file, np.dtype(form[0]), form[1], at
        weakref.finalize(self, os.close, file)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> Column:
        size = self._width * self._kind.itemsize
        return np.frombuffer(os.pread(self._file, size, self._at + number * size), self._kind)


@lru_cache(maxsize=4)
def mapped(path: Path) -> Network:
    """As `open_network`, the same network again where this process has opened it: a file's name tells what is in it."""
    return open_network(path)


def stamps_in(path: Path) -> dict[str, str] | None:
    """What each feed a network's file was compiled from held; None where it is no network of this form."""
    try:
        with path.open("rb") as file:
            start = file.read(len(MAGIC) + 8)
            if not start.startswith(MAGIC) or len(start) < len(MAGIC) + 8:
                return None
            stamps: dict[str, str] = json.loads(file.read(int.from_bytes(start[len(MAGIC) :], "little")))["stamps"]
            return stamps
    except (ValueError, FileNotFoundError):
        return None


def _head(data: Any) -> tuple[dict[str, Any], int]:
    at = len(MAGIC) + 8
    end = at + int.from_bytes(data[len(MAGIC) : at], "little")
    return json.loads(data[at:end]), end + -end % BOUNDARY


def _head_of(values: Mapping[str, Any]) -> Head:
    feeds = []
    for summary in values["feeds"]:
        days = {key: date.fromisoformat(summary[key]) for key in ("first_on", "last_on")}
        feeds.append(FeedSummary(**(summary | days)))
    return Head(
        values["key"],
        Linking(values["linking"]),
        tuple(feeds),
        tuple(values["zones"]),
        values["first_day"],
        values["longest_minutes"],
        values["stamps"],
    )


def _array(data: Any, form: tuple[str, list[int]], at: int) -> Column:
    count = int(np.prod(form[1], dtype=np.int64))
    column: Column = np.frombuffer(data, form[0], count, at) if count else np.zeros(0, form[0])
    return column.reshape(form[1])


def _damaged(path: Path) -> BadInput:
    return BadInput(
        "network.file_damaged",
        message("The compiled timetable %(name)s is damaged or was written by another version of Onward."),
        remedy=message("Remove it: it is made again when it is needed."),
        field="path",
        values={"name": path.name},
    )
