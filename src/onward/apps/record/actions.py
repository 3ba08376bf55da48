"""Writing the record: append an entry, anchor the day."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime

from django.db import connection

from onward.apps.record.chain import GENESIS, Fact, Link, canonical, digest
from onward.apps.record.models import Anchor, Entry, Head
from onward.core.actor import Actor
from onward.core.errors import BrokenPromise, message


def case_chain(party_id: int) -> str:
    """The name of a case's chain."""
    return f"case:{party_id}"


def centre_chain(centre_id: int) -> str:
    """The name of a centre's chain."""
    return f"centre:{centre_id}"


def append(chain: str, act: str, facts: Mapping[str, Fact], *, actor: Actor, now: datetime) -> Entry:
    """Add what happened to a chain, inside the caller's transaction; locks the chain's head, last of all locks.

    Raises BrokenPromise outside a transaction: an act and its record stand or fall together.
    """
    if not connection.in_atomic_block:
        raise BrokenPromise("record.no_transaction", message("An act was to be recorded outside a transaction."))
    Head.objects.bulk_create([Head(chain=chain, seq=0, hash=GENESIS)], ignore_conflicts=True)
    head = Head.objects.select_for_update().get(chain=chain)
    link = Link(
        chain=chain,
        seq=head.seq + 1,
        at=now.astimezone(UTC),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
        act=act,
        facts=canonical(facts),
        prev_hash=head.hash,
    )
    entry = Entry.objects.create(**{name: getattr(link, name) for name in link.__slots__}, hash=digest(link))
    head.seq, head.hash = link.seq, entry.hash
    head.save(update_fields=["seq", "hash"])
    return entry


def anchor_day(on: date, *, now: datetime) -> Anchor:
    """Digest the heads of all chains for `on`; the same day again returns the anchor already made."""
    existing = Anchor.objects.filter(on=on).first()
    if existing is not None:
        return existing
    lines = "\n".join(f"{head.chain} {head.seq} {head.hash}" for head in Head.objects.order_by("chain"))
    anchor, _ = Anchor.objects.get_or_create(
        on=on,
        defaults={"made_at": now, "heads": lines, "digest": hashlib.sha256(lines.encode()).hexdigest()},
    )
    return anchor
