"""The key ring: opens with a passphrase, seals personal fields under their case's key, destroys keys for good."""

import os
import threading
import uuid
from collections import OrderedDict
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from onward.core.errors import Conflict, message
from onward.core.keys.envelope import KEY_BYTES, Kind, lock, padded, require_sealable, unlock, unpadded
from onward.core.keys.private_files import alone_in, make_private_folder
from onward.core.keys.ring_file import (
    RFC_9106_SECOND,
    RING_NAME,
    Cost,
    lock_ring_key,
    read_ring,
    unlock_ring_key,
    write_ring,
)
from onward.core.keys.store import Destruction, KeyId, KeyStore

STORE_NAME = "keys.sqlite3"
OPENED_MOST = 16_384
"""Opened keys kept in memory, the latest used: 2.6 KB each, so at most 43 MB, and a centre's 10,000 names stay warm."""


class KeyRing:
    """Seals and unseals under the keys of a store. One ring serves all threads of a process.

    Made by `create` or `open`. Whether a key still exists is asked of the store at every use: a key destroyed in one
    process opens nothing in any other from that moment.
    """

    def __init__(self, ring_id: str, ring_key: bytes, store: KeyStore) -> None:
        self.ring_id = ring_id
        self._cipher = AESGCM(ring_key)
        self._store = store
        self._opened = _OpenedKeys(OPENED_MOST)

    def __repr__(self) -> str:
        return f"KeyRing({self.ring_id!r})"

    @classmethod
    def create(cls, folder: Path, passphrase: str, *, cost: Cost = RFC_9106_SECOND) -> Self:
        """Make a ring and its empty store in `folder` (0700, files 0600) and open it.

        Conflict when the folder holds a ring or keys; BadInput for a passphrase under 15 characters.
        """
        ring_key, ring_id = os.urandom(KEY_BYTES), uuid.uuid4().hex
        ring = lock_ring_key(ring_key, ring_id, passphrase, cost)
        make_private_folder(folder)
        with alone_in(folder):
            if (folder / RING_NAME).exists():
                raise Conflict(
                    "ring.exists",
                    message("There is a key ring in this folder already."),
                    remedy=message("Open it with its passphrase, or choose another folder."),
                )
            # The ring file comes last: a crash before it leaves an empty store, and `create` may simply run again.
            store = KeyStore.create(folder / STORE_NAME)
            write_ring(folder, ring)
        return cls(ring_id, ring_key, store)

    @classmethod
    def open(cls, folder: Path, passphrase: str) -> Self:
        """Open the ring in `folder`. BadInput for a wrong passphrase; Unavailable when a file is absent, damaged or
        open to others."""
        ring = read_ring(folder)
        ring_key = unlock_ring_key(ring, passphrase)
        return cls(ring.ring_id, ring_key, KeyStore(folder / STORE_NAME))

    @staticmethod
    def change_passphrase(folder: Path, old: str, new: str, *, cost: Cost = RFC_9106_SECOND) -> None:
        """Put the same ring key under a new passphrase; rings that are open stay open, keys stay as they are.

        A crash leaves the whole old file or the whole new one. BadInput for a wrong old or a short new passphrase.
        """
        with alone_in(folder):
            ring = read_ring(folder)
            write_ring(folder, lock_ring_key(unlock_ring_key(ring, old), ring.ring_id, new, cost))

    def new_key(self, *, now: datetime) -> KeyId:
        """Make a case's data key, 256 random bits, and keep it wrapped. On the disk when this returns."""
        key_id, data_key = KeyId(uuid.uuid4().hex), os.urandom(KEY_BYTES)
        self._store.add(key_id, lock(self._cipher, Kind.DATA_KEY, key_id, data_key), now=now)
        return key_id

    def seal(self, key_id: KeyId, purpose: str, text: str) -> bytes:
        """Seal text under a case's key for one purpose, such as "person.name". KeyGone after erasure.

        Its length in UTF-8 shows in steps of 32 bytes only. BadInput over 10 MiB, or for half a character.
        """
        plain = padded(text)
        require_sealable(len(plain))
        return lock(self._key(key_id), Kind.TEXT, _field(key_id, purpose), plain)

    def unseal(self, key_id: KeyId, purpose: str, sealed: bytes | memoryview) -> str:
        """The text sealed for this key and purpose. KeyGone after erasure, SealBroken if altered or moved."""
        return unpadded(unlock(self._key(key_id), Kind.TEXT, _field(key_id, purpose), bytes(sealed)))

    def seal_bytes(self, key_id: KeyId, purpose: str, content: bytes) -> bytes:
        """Seal a file of up to 10 MiB; its length stays to be seen. Errors as `seal`."""
        require_sealable(len(content))
        return lock(self._key(key_id), Kind.BYTES, _field(key_id, purpose), content)

    def unseal_bytes(self, key_id: KeyId, purpose: str, sealed: bytes | memoryview) -> bytes:
        """The file sealed for this key and purpose. Errors as `unseal`."""
        return unlock(self._key(key_id), Kind.BYTES, _field(key_id, purpose), bytes(sealed))

    def unseal_many(self, fields: Sequence[tuple[KeyId, str, bytes | memoryview]]) -> list[str | None]:
        """The texts of many (key, purpose, sealed), in their order; None where the key is not in the store.

        SealBroken if any was altered or moved: one altered field is not passed over in silence.
        """
        keys = self._keys({key_id for key_id, _, _ in fields})
        return [
            unpadded(unlock(keys[key_id], Kind.TEXT, _field(key_id, purpose), bytes(sealed)))
            if key_id in keys
            else None
            for key_id, purpose, sealed in fields
        ]

    def destroy(self, key_id: KeyId, *, legal_holds: Collection[str], now: datetime) -> Destruction:
        """Destroy a case's key for good and return the certificate; a second call returns the same one.

        legal_holds: the holds in force on the case; any stops it (Conflict). They are read under the lock of the
        case, by the caller. KeyMissing for a key the store never held; Unavailable, with nothing changed, when the
        store stays busy.
        """
        if legal_holds:
            raise Conflict(
                "key.held",
                message("A legal hold is in force on this case: nothing may be erased (%(holds)s)."),
                remedy=message("Erase it after the hold is lifted."),
                values={"holds": ", ".join(sorted(legal_holds))},
            )
        certificate = self._store.destroy(key_id, now=now)
        self._opened.drop(key_id)
        return certificate

    def find_destruction(self, key_id: KeyId) -> Destruction | None:
        """The certificate of a destroyed key, or None while the key exists."""
        return self._store.find_destruction(key_id)

    def close(self) -> None:
        """Forget the opened keys and close the store's connections."""
        self._opened.clear()
        self._store.close()

    def _key(self, key_id: KeyId) -> AESGCM:
        since = self._opened.changes
        wrapped = self._store.find_wrapped(key_id)
        if wrapped is None:
            self._opened.drop(key_id)
            raise self._store.why_absent(key_id)
        return self._opened.find(key_id) or self._open_key(key_id, wrapped, since)

    def _keys(self, key_ids: set[KeyId]) -> dict[KeyId, AESGCM]:
        keys = self._opened.find_all(key_ids)
        # Asking only for what is absent spares reading back 10,000 rows that are already open.
        for key_id in self._store.list_absent(keys.keys()):
            self._opened.drop(key_id)
            del keys[key_id]
        since = self._opened.changes
        for key_id, wrapped in self._store.list_wrapped(key_ids - keys.keys()).items():
            keys[key_id] = self._open_key(key_id, wrapped, since)
        return keys

    def _open_key(self, key_id: KeyId, wrapped: bytes, since: int) -> AESGCM:
        opened = AESGCM(unlock(self._cipher, Kind.DATA_KEY, key_id, wrapped))
        self._opened.keep(key_id, opened, since)
        return opened


class _OpenedKeys:
    """The keys opened last, bounded, shared by the threads of a process.

    changes: how many keys were dropped. A key read from the store before a drop is not kept after it, so that a
    destroyed key is not put back by a thread that was reading it at that moment.
    """

    def __init__(self, most: int) -> None:
        self.changes = 0
        self._most = most
        self._keys: OrderedDict[KeyId, AESGCM] = OrderedDict()
        self._guard = threading.Lock()

    def find(self, key_id: KeyId) -> AESGCM | None:
        with self._guard:
            found = self._keys.get(key_id)
            if found is not None:
                self._keys.move_to_end(key_id)
            return found

    def find_all(self, key_ids: set[KeyId]) -> dict[KeyId, AESGCM]:
        with self._guard:
            return {key_id: self._keys[key_id] for key_id in key_ids if key_id in self._keys}

    def keep(self, key_id: KeyId, opened: AESGCM, since: int) -> None:
        with self._guard:
            if self.changes != since:
                return
            self._keys[key_id] = opened
            if len(self._keys) > self._most:
                self._keys.popitem(last=False)

    def drop(self, key_id: KeyId) -> None:
        with self._guard:
            self.changes += 1
            self._keys.pop(key_id, None)

    def clear(self) -> None:
        with self._guard:
            self.changes += 1
            self._keys.clear()


def _field(key_id: KeyId, purpose: str) -> str:
    if not purpose:
        raise ValueError("a sealed field has a purpose")
    return f"{key_id}:{purpose}"
