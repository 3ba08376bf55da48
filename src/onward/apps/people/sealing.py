"""Sealing and opening personal words with the case's key; opening leaves a look behind (P19)."""

from datetime import datetime

from onward.apps.people.models import Look, Party
from onward.core.actor import Actor
from onward.core.errors import Unavailable, message
from onward.core.keys import KeyId, KeyRing

_held: list[KeyRing] = []


def hand_in(ring: KeyRing) -> None:
    """Give the product its open key ring; the site does so once at start."""
    _held[:] = [ring]


def ring() -> KeyRing:
    """The open key ring; raises Unavailable while there is none."""
    if not _held:
        raise Unavailable(
            "keys.closed",
            message("The key ring is closed, so nothing personal can be read or written."),
            remedy=message("The operator opens it with its passphrase."),
        )
    return _held[0]


def seal(party: Party, column: str, words: str) -> bytes:
    """Words sealed with the party's key for one column ("people.Person.name"); empty words stay empty."""
    return ring().seal(KeyId(party.key_id), column, words) if words else b""


def unseal(party: Party, column: str, sealed: bytes) -> str:
    """The words of a sealed column. Callers log the look once a page or act with `log_look`."""
    return ring().unseal(KeyId(party.key_id), column, bytes(sealed)) if sealed else ""


def log_look(party: Party, what: str, *, actor: Actor, now: datetime) -> None:
    """Keep that somebody opened something personal: `what` is a code such as "case_page"."""
    Look.objects.create(
        centre_id=party.centre_id, party=party, at=now, actor_kind=actor.kind.value, actor_id=actor.id, what=what
    )
