"""Rows that acts wrote once in this process, laid into their tables again for each test that begins with them."""

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction

WRITES = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"(\w+)"', re.IGNORECASE)
type Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What some acts did to a table: the rows they found there, counted, those they added, those they changed.

    changed: pairs of a row as found and as left.
    """

    name: str
    found: int
    added: list[Row]
    changed: list[tuple[Row, Row]]

    def is_as_found(self) -> bool:
        """Whether the table holds as many rows as it did, and those that were changed stand as they stood."""
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT COUNT(*) FROM "{self.name}"')  # noqa: S608  (a name of our own models)
            count = cursor.fetchone()[0]
        return bool(count == self.found) and (
            not self.changed or {old for old, _ in self.changed} <= set(read(self.name))
        )

    def lay(self) -> None:
        """Add the rows again, their numbers included, and change those that were changed."""
        key, columns = _key_of(self.name), _columns_of(self.name)
        at = columns.index(key)
        values = ", ".join(["%s"] * len(columns))
        changes = ", ".join(f'"{column}" = %s' for column in columns)
        with connection.cursor() as cursor:
            if self.added:
                cursor.executemany(f'INSERT INTO "{self.name}" VALUES ({values})', self.added)  # noqa: S608
            for _, row in self.changed:
                cursor.execute(f'UPDATE "{self.name}" SET {changes} WHERE "{key}" = %s', (*row, row[at]))  # noqa: S608


@dataclass(frozen=True, slots=True)
class Kept:
    """What acts left: rows of tables, and what they gave back."""

    tables: list[Table]
    given: Any


_kept: dict[str, Kept] = {}


def laid[T](name: str, make: Callable[[], T], is_good: Callable[[T], bool] = lambda _: True) -> T:
    """What `make` gives, its rows in the database: written by its acts the first time, and laid in again after that.

    name: of what is made; the same for the same acts only. is_good: whether what was given is still of use. Where it
    is not, or tables do not stand as the acts found them, the acts are done anew.
    """
    kept = _kept.get(name)
    if kept is None or not is_good(kept.given):
        return _made(name, make)
    if not all(table.is_as_found() for table in kept.tables):
        return make()
    with transaction.atomic():
        for table in kept.tables:
            table.lay()
    return copy.deepcopy(kept.given)


def _made[T](name: str, make: Callable[[], T]) -> T:
    found: dict[str, list[Row]] = {}

    def note(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        written = WRITES.match(sql)
        if written and written[1] not in found:
            found[written[1]] = read(written[1])
        return execute(sql, *rest)

    with transaction.atomic(), connection.execute_wrapper(note):
        given = make()
    _kept[name] = Kept([_done(table, rows) for table, rows in found.items()], copy.deepcopy(given))
    return given


def _done(name: str, found: list[Row]) -> Table:
    at = _columns_of(name).index(_key_of(name))
    before, after = {row[at]: row for row in found}, {row[at]: row for row in read(name)}
    assert before.keys() <= after.keys(), f"rows of {name} were deleted"
    added = [row for key, row in after.items() if key not in before]
    return Table(name, len(found), added, [(row, after[key]) for key, row in before.items() if row != after[key]])


def read(name: str) -> list[Row]:
    """All rows of a table, as the database gives them."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{name}"')  # noqa: S608  (a name of our own models)
        return [tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row) for row in cursor]


def _columns_of(name: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{name}" LIMIT 0')  # noqa: S608  (a name of our own models)
        return [column[0] for column in cursor.description]


def _key_of(name: str) -> str:
    (model,) = [model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == name]
    assert model._meta.pk is not None
    return model._meta.pk.column
