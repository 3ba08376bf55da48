"""Rows of a small dataclass (stops, routes) as columns of numbers and texts, and back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from itertools import starmap
from typing import Any

import numpy as np
from numpy.typing import NDArray

from onward.engines.journeys.fast.texts import Texts, TextWriter

UNKNOWN = -1
"""A yes or no that nobody says."""

type Column = NDArray[Any]


class Made[Row](dict[int, Row]):
    """Rows by number, made when first asked for."""

    def __init__(self, make: Callable[[int], Row]) -> None:
        self._make = make

    def __missing__(self, number: int) -> Row:
        row = self[number] = self._make(number)
        return row


def columns_named(prefix: str, columns: Mapping[str, Column]) -> dict[str, Column]:
    """The columns whose names begin so, without that beginning."""
    return {name.removeprefix(prefix): column for name, column in columns.items() if name.startswith(prefix)}


def columns_of(kind: type[Any], rows: Sequence[Any], texts: TextWriter) -> dict[str, Column]:
    """A column for each field: int32 numbers of texts, float64 (NaN for None), or int8 (UNKNOWN for None)."""
    return {
        field.name: _column(str(field.type), [getattr(row, field.name) for row in rows], texts)
        for field in fields(kind)
    }


def rows_of[Row](kind: type[Row], columns: Mapping[str, Column], texts: Texts) -> tuple[Row, ...]:
    """The rows back from their columns."""
    values = [_values(str(field.type), columns[field.name], texts) for field in fields(kind)]  # type: ignore[arg-type]
    return tuple(starmap(kind, zip(*values, strict=True)))


def _column(kind: str, values: list[Any], texts: TextWriter) -> Column:
    if "float" in kind:
        return np.array([np.nan if value is None else value for value in values], np.float64)
    if "bool" in kind:
        return np.array([UNKNOWN if value is None else int(value) for value in values], np.int8)
    return texts.numbers(values)


def _values(kind: str, column: Column, texts: Texts) -> list[Any]:
    if "float" in kind:
        return [None if value != value else value for value in column.tolist()]  # NaN alone differs from itself
    if "bool" in kind:
        return [{UNKNOWN: None, 0: False, 1: True}[value] for value in column.tolist()]
    return [texts[number] for number in column.tolist()]
