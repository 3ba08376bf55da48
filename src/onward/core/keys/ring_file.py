"""The ring file: the ring key under a passphrase."""

import base64
import hashlib
import hmac
import json
import os
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from onward.core.errors import BadInput, Unavailable, message
from onward.core.keys.envelope import KEY_BYTES, Kind, SealBroken, lock, unlock
from onward.core.keys.private_files import read_file, replace_file

RING_NAME = "ring.json"
RING_VERSION = 1
PASSPHRASE_LEAST = 15
"""Characters a new passphrase has at least (NIST SP 800-63B-4, August 2025, section 3.1.1.2: a secret used alone)."""

_SALT_BYTES = 16
_MEMORY_MOST_KIB = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess at the passphrase costs under Argon2id: passes, lanes, memory in KiB."""

    passes: int
    lanes: int
    memory_kib: int

    def __post_init__(self) -> None:
        if not (1 <= self.passes <= 100 and 1 <= self.lanes <= 64):
            raise ValueError("passes are 1 to 100, lanes 1 to 64")
        if not 8 * self.lanes <= self.memory_kib <= _MEMORY_MOST_KIB:
            raise ValueError("memory is at least 8 KiB a lane and at most 4 GiB")


RFC_9106_SECOND = Cost(passes=3, lanes=4, memory_kib=64 * 1024)
"""RFC 9106 (September 2021), section 4, second recommended option: 3 passes, 4 lanes, 64 MiB, 128-bit salt."""


@dataclass(frozen=True, slots=True)
class RingFile:
    """What the ring file holds: nothing in it opens anything without the passphrase."""

    ring_id: str
    cost: Cost
    salt: bytes
    check: bytes
    wrapped: bytes


def lock_ring_key(ring_key: bytes, ring_id: str, passphrase: str, cost: Cost) -> RingFile:
    """Put a ring key under a passphrase, with a fresh salt. BadInput for a passphrase that is too short."""
    secret = _prepared(passphrase)
    if len(secret) < PASSPHRASE_LEAST:
        raise BadInput(
            "ring.passphrase_short",
            message("The passphrase is shorter than %(least)s characters."),
            remedy=message("Take several words that do not belong together."),
            field="passphrase",
            values={"least": PASSPHRASE_LEAST},
        )
    salt = os.urandom(_SALT_BYTES)
    wrapping, check = _derive(secret, salt, cost)
    return RingFile(ring_id, cost, salt, check, lock(AESGCM(wrapping), Kind.RING_KEY, ring_id, ring_key))


def unlock_ring_key(ring: RingFile, passphrase: str) -> bytes:
    """The ring key, 32 bytes. BadInput for a wrong passphrase, Unavailable when the file was altered."""
    wrapping, check = _derive(_prepared(passphrase), ring.salt, ring.cost)
    if not hmac.compare_digest(check, ring.check):
        raise BadInput(
            "ring.passphrase_wrong",
            message("The passphrase does not open the key ring."),
            remedy=message("Check capital letters, spaces and the keyboard's language, then try again."),
            field="passphrase",
        )
    try:
        return unlock(AESGCM(wrapping), Kind.RING_KEY, ring.ring_id, ring.wrapped)
    except SealBroken:
        raise _damaged() from None


def read_ring(folder: Path) -> RingFile:
    """The ring file of a folder. Unavailable when it is absent, damaged, open to others or from a later version."""
    try:
        stored = json.loads(read_file(folder / RING_NAME))
        version = int(stored["version"])
    except (ValueError, KeyError, TypeError):
        raise _damaged() from None
    if version != RING_VERSION:
        raise Unavailable(
            "ring.version_unknown",
            message("The key ring was written by another version of Onward (format %(version)s)."),
            remedy=message("Run the version that wrote it."),
            values={"version": version},
        )
    return _parsed(stored)


def write_ring(folder: Path, ring: RingFile) -> None:
    """Write the ring file so that a crash leaves the whole old one or the whole new one. Call inside `alone_in`."""
    replace_file(folder / RING_NAME, _as_json(ring))


def _prepared(passphrase: str) -> str:
    """One form for one passphrase however it was typed: Unicode NFC. A line break or the like is refused, not cut."""
    secret = unicodedata.normalize("NFC", passphrase)
    # Cc: control characters; Cs: halves of characters, which a terminal with another encoding leaves behind.
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in secret):
        raise BadInput(
            "ring.passphrase_unreadable",
            message("The passphrase holds a line break, a tab or an unreadable character."),
            remedy=message("Give the passphrase alone, on one line, in UTF-8."),
            field="passphrase",
        )
    return secret


def _derive(secret: str, salt: bytes, cost: Cost) -> tuple[bytes, bytes]:
    """The key that wraps the ring key, and the check value that tells a wrong passphrase from a damaged file."""
    argon2 = Argon2id(
        salt=salt, length=2 * KEY_BYTES, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
    )
    derived = argon2.derive(secret.encode())
    return derived[:KEY_BYTES], hashlib.sha256(derived[KEY_BYTES:]).digest()


def _as_json(ring: RingFile) -> str:
    stored = {
        "version": RING_VERSION,
        "ring_id": ring.ring_id,
        "derivation": {"name": "argon2id", **asdict(ring.cost)},
        "salt": base64.b64encode(ring.salt).decode(),
        "check": base64.b64encode(ring.check).decode(),
        "wrapped": base64.b64encode(ring.wrapped).decode(),
    }
    return json.dumps(stored, indent=2) + "\n"


def _parsed(stored: dict[str, object]) -> RingFile:
    try:
        derivation = stored["derivation"]
        if not isinstance(derivation, dict) or derivation.pop("name") != "argon2id":
            raise ValueError("another derivation")
        salt, check, wrapped = (base64.b64decode(str(stored[name]), validate=True) for name in _BINARY)
        if len(salt) != _SALT_BYTES:
            raise ValueError("another salt")
        return RingFile(str(stored["ring_id"]), Cost(**derivation), salt, check, wrapped)
    except (ValueError, KeyError, TypeError):
        raise _damaged() from None


_BINARY = ("salt", "check", "wrapped")


def _damaged() -> Unavailable:
    return Unavailable(
        "ring.damaged",
        message("The key ring's file is damaged."),
        remedy=message("Put back the copy of %(name)s that is kept apart."),
        values={"name": RING_NAME},
    )
