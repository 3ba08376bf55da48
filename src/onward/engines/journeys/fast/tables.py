"""Rows of a small dataclass (stops, routes) as columns of numbers and texts, and back, one row at a time when asked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from onward.engines.journeys.fast.texts import Texts, TextWriter

UNKNOWN = -1
"""A yes or no that nobody says."""

type Column = NDArray[Any]


class Rows[Row](Sequence[Row]):
    """Rows made when first asked for, then kept."""

    def __init__(self, count: int, make: Callable[[int], Row]) -> None:
        self._rows: list[Row | None] = [None] * count
        self._make = make

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        row = self._rows[at]
        if row is None:
            row = self._rows[at] = self._make(at % len(self._rows))
        return row

    def __iter__(self) -> Iterator[Row]:
        return (self[number] for number in range(len(self)))


def columns_named(prefix: str, columns: Mapping[str, Column]) -> dict[str, Column]:
    """The columns whose names begin so, without that beginning."""
    return {name.removeprefix(prefix): column for name, column in columns.items() if name.startswith(prefix)}


def columns_of(kind: type[Any], rows: Sequence[Any], texts: TextWriter) -> dict[str, Column]:
    """A column for each field: int32 numbers of texts, float64 (NaN for None), or int8 (UNKNOWN for None)."""
    return {
        field.name: _column(str(field.type), [getattr(row, field.name) for row in rows], texts)
        for field in fields(kind)
    }


def rows_of[Row](kind: type[Row], columns: Mapping[str, Column], texts: Texts) -> Rows[Row]:
    """The rows back from their columns."""
    readers = [_reader(str(field.type), columns[field.name], texts) for field in fields(kind)]  # type: ignore[arg-type]
    count = len(next(iter(columns.values())))
    return Rows(count, lambda at: kind(*[read(at) for read in readers]))


def _column(kind: str, values: list[Any], texts: TextWriter) -> Column:
    if "float" in kind:
        return np.array([np.nan if value is None else value for value in values], np.float64)
    if "bool" in kind:
        return np.array([UNKNOWN if value is None else int(value) for value in values], np.int8)
    return texts.numbers(values)


def _reader(kind: str, column: Column, texts: Texts) -> Callable[[int], Any]:
    if "float" in kind:
        return lambda at: None if np.isnan(column[at]) else float(column[at])
    if "bool" in kind:
        return lambda at: None if column[at] == UNKNOWN else bool(column[at])
    return lambda at: texts[int(column[at])]
