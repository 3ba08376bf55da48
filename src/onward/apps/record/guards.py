"""Guards the database itself keeps: triggers that refuse what no code may do, on SQLite and PostgreSQL.

An app registers its guards when it is ready; they are put up after every migrate.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

type Model = type[models.Model]


@dataclass(frozen=True, slots=True)
class Guard:
    """A trigger: name, table, the statements that make it, by vendor ("sqlite", "postgresql")."""

    name: str
    table: str
    sqlite: str
    postgresql: str


_makers: list[Callable[[], list[Guard]]] = []


def register(maker: Callable[[], list[Guard]]) -> None:
    """Add guards; `maker` runs when they are put up, when every model is known."""
    _makers.append(maker)


def list_guards() -> list[Guard]:
    """Every guard of every app."""
    return [guard for maker in _makers for guard in maker()]


def _refusal(name: str, table: str, event: str, condition: str) -> tuple[str, str]:
    """SQL of one refusing row trigger, for SQLite and PostgreSQL. condition: "" or SQL over OLD and NEW."""
    label = name.replace("'", "")
    lite_when = f"WHEN {condition}" if condition else ""
    lite = (
        f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH ROW {lite_when} '
        f"BEGIN SELECT RAISE(ABORT, 'refused: {label}'); END"
    )
    body = (
        f"IF {condition} THEN RAISE EXCEPTION 'refused: {label}'; END IF;"
        if condition
        else (f"RAISE EXCEPTION 'refused: {label}';")
    )
    result = "RETURN NEW;" if event.startswith(("INSERT", "UPDATE")) else "RETURN OLD;"
    post = (
        f'CREATE OR REPLACE FUNCTION "{name}_f"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} {result} END $$; '
        f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION "{name}_f"()'
    )
    return lite, post


def refuse(name: str, model: Model, event: str, condition: str = "") -> Guard:
    """A guard that refuses `event` (INSERT, UPDATE, DELETE) on a model's rows where `condition` holds."""
    table = model._meta.db_table
    full = f"guard_{table}_{name}"[:60]
    lite, post = _refusal(full, table, event, condition)
    return Guard(full, table, lite, post)


def append_only(model: Model, *, unique: tuple[str, ...] = ()) -> list[Guard]:
    """Guards under which rows can only be added: no UPDATE, DELETE, REPLACE, TRUNCATE.

    unique: columns of a unique constraint, so that REPLACE is refused even on a connection that does not fire
    delete triggers for it.
    """
    meta = model._meta
    assert meta.pk is not None
    table, pk = meta.db_table, meta.pk.column
    same = f'EXISTS (SELECT 1 FROM "{table}" r WHERE r."{pk}" = NEW."{pk}"'  # noqa: S608  (names of our own models)
    if unique:
        same += " OR (" + " AND ".join(f'r."{column}" = NEW."{column}"' for column in unique) + ")"
    truncate = f"guard_{table}_truncate"[:60]
    return [
        refuse("update", model, "UPDATE"),
        refuse("delete", model, "DELETE"),
        refuse("replace", model, "INSERT", same + ")"),
        Guard(
            truncate,
            table,
            "",
            f'CREATE OR REPLACE FUNCTION "{truncate}_f"() RETURNS trigger LANGUAGE plpgsql AS '
            f"$$ BEGIN RAISE EXCEPTION 'refused: {truncate}'; END $$; "
            f'CREATE TRIGGER "{truncate}" BEFORE TRUNCATE ON "{table}" '
            f'FOR EACH STATEMENT EXECUTE FUNCTION "{truncate}_f"()',
        ),
    ]


def _drop(connection: BaseDatabaseWrapper, guard: Guard) -> str:
    if connection.vendor == "sqlite":
        return f'DROP TRIGGER IF EXISTS "{guard.name}"'
    return f'DROP TRIGGER IF EXISTS "{guard.name}" ON "{guard.table}"'


def _present(connection: BaseDatabaseWrapper) -> list[Guard]:
    tables = set(connection.introspection.table_names())
    return [guard for guard in list_guards() if guard.table in tables]


def lift(alias: str = "default") -> None:
    """Take every guard down. For the tests' flush between databases only."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        for guard in _present(connection):
            cursor.execute(_drop(connection, guard))


def install(alias: str = "default") -> None:
    """Put every guard up afresh on the tables that exist."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        for guard in _present(connection):
            cursor.execute(_drop(connection, guard))
            statement = guard.sqlite if connection.vendor == "sqlite" else guard.postgresql
            if statement:
                cursor.execute(re.sub(r"\s+", " ", statement))


def list_missing(alias: str = "default") -> list[str]:
    """Names of guards that should stand in this database and do not."""
    connection = connections[alias]
    source = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    if connection.vendor == "postgresql":
        source = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    with connection.cursor() as cursor:
        cursor.execute(source)
        standing = {row[0] for row in cursor.fetchall()}
    wanted = [g for g in _present(connection) if (g.sqlite if connection.vendor == "sqlite" else g.postgresql)]
    return sorted(guard.name for guard in wanted if guard.name not in standing)


def install_after_migrate(*, using: str, **_: object) -> None:
    """Signal receiver: after every migrate, whichever apps it touched."""
    install(using)
