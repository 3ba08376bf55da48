"""The store of wrapped keys: one SQLite file of its own, whose destroyed keys leave no bytes behind."""

import hashlib
import json
import os
import sqlite3
import threading
import weakref
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NewType, Self

from onward.core.errors import BrokenPromise, Conflict, NotFound, Unavailable, message
from onward.core.keys.private_files import require_private

KeyId = NewType("KeyId", str)
"""Names a case's data key: 32 hexadecimal digits of a random UUID (RFC 9562, version 4)."""

_APPLICATION_ID = 0x4F4E574B
_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS keys
    (key_id TEXT PRIMARY KEY, wrapped BLOB NOT NULL, made_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS destroyed
    (key_id TEXT PRIMARY KEY, destroyed_at TEXT NOT NULL, wrapped_sha256 TEXT NOT NULL) STRICT, WITHOUT ROWID;
PRAGMA application_id = {_APPLICATION_ID};
PRAGMA user_version = 1;
COMMIT;
"""


class KeyGone(NotFound):
    """The key was destroyed: the case was erased, and nothing sealed under it can be read again."""

    def __init__(self, key_id: KeyId) -> None:
        super().__init__(
            "key.gone",
            message("The personal part of this case was erased."),
            remedy=message("Nothing can bring it back; its payments and figures remain."),
            values={"key_id": key_id},
        )


class KeyMissing(BrokenPromise):
    """The store never held this key: it is the wrong store, or an older copy was put back."""

    def __init__(self, key_id: KeyId) -> None:
        super().__init__(
            "key.missing",
            message("The key store holds no key %(key_id)s, and no trace of its erasure."),
            remedy=message("Check that this key store belongs to this database and is not an older copy."),
            values={"key_id": key_id},
        )


@dataclass(frozen=True, slots=True)
class Destruction:
    """The certificate of a destroyed key: which, when (UTC), and the SHA-256 of the wrapped bytes, in hex."""

    key_id: KeyId
    destroyed_at: datetime
    wrapped_sha256: str


class KeyStore:
    """Wrapped keys by id, for several threads and processes at once; each thread has a connection of its own.

    The rollback journal is truncated and synced at every commit (journal_mode TRUNCATE, synchronous FULL) and freed
    bytes are overwritten with zeros (secure_delete): docs/decisions/0003-keys.md says why no write-ahead log.
    """

    def __init__(self, path: Path, *, patience_s: float = 10.0) -> None:
        """Open a store that exists. patience_s: how long to wait for another process before Unavailable."""
        require_private(path)
        self._path = path
        self._patience_s = patience_s
        self._of_thread = threading.local()
        self._handles: weakref.WeakSet[_Handle] = weakref.WeakSet()
        with _told_plainly():
            found = self._connection().execute("PRAGMA application_id").fetchone()
        if found != (_APPLICATION_ID,):
            raise _not_a_store()

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make an empty store (0600), or finish one that a crash left unmade. Conflict when it holds keys."""
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with _told_plainly(), closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.executescript(_SCHEMA)
            held = connection.execute("SELECT 1 FROM keys UNION ALL SELECT 1 FROM destroyed LIMIT 1").fetchall()
        if held:
            raise Conflict(
                "key_store.exists",
                message("There is a key store with keys in it here already."),
                remedy=message("Put back the ring file that belongs to it, or choose another folder."),
            )
        return cls(path)

    def add(self, key_id: KeyId, wrapped: bytes, *, now: datetime) -> None:
        """Keep a wrapped key; when this returns it is on the disk."""
        with self._writing() as connection:
            connection.execute("INSERT INTO keys VALUES (?, ?, ?)", (key_id, wrapped, _instant(now)))

    def find_wrapped(self, key_id: KeyId) -> bytes | None:
        """The wrapped key as the store holds it at this moment, or None."""
        with _told_plainly():
            rows = self._connection().execute("SELECT wrapped FROM keys WHERE key_id = ?", (key_id,)).fetchall()
        return rows[0][0] if rows else None

    def list_wrapped(self, key_ids: Collection[KeyId]) -> dict[KeyId, bytes]:
        """The wrapped keys among `key_ids` that the store holds at this moment, by id."""
        asked = "SELECT keys.key_id, wrapped FROM json_each(?) CROSS JOIN keys ON keys.key_id = json_each.value"
        with _told_plainly():
            return dict(self._connection().execute(asked, (json.dumps(list(key_ids)),)).fetchall())

    def list_absent(self, key_ids: Collection[KeyId]) -> list[KeyId]:
        """Those of `key_ids` that the store does not hold at this moment."""
        asked = "SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM keys WHERE key_id = value)"
        with _told_plainly():
            return [key_id for (key_id,) in self._connection().execute(asked, (json.dumps(list(key_ids)),))]

    def destroy(self, key_id: KeyId, *, now: datetime) -> Destruction:
        """Destroy a wrapped key and keep its certificate; a second call gives the first one's certificate.

        When this returns, the wrapped bytes are in no file of the store and a power cut does not bring them back.
        Unavailable, with the key still there, when a reader stays longer than `patience_s`. KeyMissing for a key
        the store never held.
        """
        with self._writing() as connection:
            rows = connection.execute("SELECT wrapped FROM keys WHERE key_id = ?", (key_id,)).fetchall()
            if not rows:
                return self._destruction(key_id)
            digest = hashlib.sha256(rows[0][0]).hexdigest()
            connection.execute("DELETE FROM keys WHERE key_id = ?", (key_id,))
            connection.execute("INSERT INTO destroyed VALUES (?, ?, ?)", (key_id, _instant(now), digest))
        return Destruction(key_id, now.astimezone(UTC), digest)

    def find_destruction(self, key_id: KeyId) -> Destruction | None:
        """The certificate of a destroyed key, or None when it is not destroyed."""
        asked = "SELECT destroyed_at, wrapped_sha256 FROM destroyed WHERE key_id = ?"
        with _told_plainly():
            rows = self._connection().execute(asked, (key_id,)).fetchall()
        return Destruction(key_id, datetime.fromisoformat(rows[0][0]), rows[0][1]) if rows else None

    def why_absent(self, key_id: KeyId) -> KeyGone | KeyMissing:
        """The error to raise for a key that is not in the store: destroyed, or never there."""
        return KeyGone(key_id) if self.find_destruction(key_id) else KeyMissing(key_id)

    def close(self) -> None:
        """Close every thread's connection; the store opens again when it is next used."""
        for handle in list(self._handles):
            handle.close()
        self._of_thread = threading.local()

    def _destruction(self, key_id: KeyId) -> Destruction:
        found = self.find_destruction(key_id)
        if found is None:
            raise KeyMissing(key_id)
        return found

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with _told_plainly():
            connection = self._connection()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def _connection(self) -> sqlite3.Connection:
        handle: _Handle | None = getattr(self._of_thread, "handle", None)
        if handle is None or handle.pid != os.getpid():
            handle = self._of_thread.handle = _Handle(self._path, self._patience_s)
            self._handles.add(handle)
        return handle.connection


_left_by_parent: list[sqlite3.Connection] = []


class _Handle:
    """One thread's connection, closed when the thread ends.

    A connection must not be used across a fork (sqlite.org/howtocorrupt.html, 2.6): a child leaves its parent's
    alone, unclosed, and opens its own.
    """

    __slots__ = ("__weakref__", "connection", "pid")

    def __init__(self, path: Path, patience_s: float) -> None:
        self.pid = os.getpid()
        # mode=rw: a store that went missing is an error, never silently an empty new one.
        address = f"{path.absolute().as_uri()}?mode=rw"
        self.connection = sqlite3.connect(
            address, uri=True, timeout=patience_s, isolation_level=None, check_same_thread=False
        )
        self.connection.execute("PRAGMA secure_delete = ON").fetchall()
        self.connection.execute("PRAGMA synchronous = FULL")
        if self.connection.execute("PRAGMA journal_mode = TRUNCATE").fetchone() != ("truncate",):
            raise _not_a_store()

    def close(self) -> None:
        if self.pid == os.getpid():
            self.connection.close()
        else:
            _left_by_parent.append(self.connection)

    def __del__(self) -> None:
        if hasattr(self, "connection"):
            self.close()


@contextmanager
def _told_plainly() -> Iterator[None]:
    """Turn what SQLite raises into the error tree."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Unavailable(
                "key_store.busy",
                message("The key store is in use by another process; nothing was changed."),
                remedy=message("Try again in a moment."),
            ) from error
        raise Unavailable(
            "key_store.unreachable",
            message("The key store cannot be read or written; nothing was changed."),
            remedy=message("Look at the disk it is on: is there room, may this account write there?"),
        ) from error
    except sqlite3.DatabaseError as error:
        raise _not_a_store() from error


def _not_a_store() -> Unavailable:
    return Unavailable(
        "key_store.unreadable",
        message("The key store's file is damaged, or is no key store."),
        remedy=message("Put back the file that belongs to this installation."),
    )


def _instant(now: datetime) -> str:
    if now.tzinfo is None:
        raise ValueError("a key's times are aware")
    return now.astimezone(UTC).isoformat()
