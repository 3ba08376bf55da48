"""The pure part: canonical form, hash, and the check of a chain."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = "0" * 64
type Fact = str | int | bool | None | list["Fact"] | dict[str, "Fact"]


@dataclass(frozen=True, slots=True)
class Link:
    """An entry's columns as the hash sees them."""

    chain: str
    seq: int
    at: datetime
    actor_kind: str
    actor_id: str
    act: str
    facts: str
    prev_hash: str


def canonical(facts: Mapping[str, Fact]) -> str:
    """Coded facts as one text: keys sorted, no spaces, no floats (they do not survive a round trip)."""

    def refuse(value: object) -> str:
        raise TypeError(f"a fact may not be a {type(value).__name__}")

    def check(value: object) -> None:
        if isinstance(value, float):
            refuse(value)
        if isinstance(value, Mapping):
            for inner in value.values():
                check(inner)
        if isinstance(value, list | tuple):
            for inner in value:
                check(inner)

    check(facts)
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=refuse)


def digest(link: Link) -> str:
    """SHA-256 (FIPS 180-4) over the link's columns, length-prefixed so that no two links read alike."""
    parts = (
        link.chain,
        str(link.seq),
        link.at.astimezone(UTC).isoformat(timespec="microseconds"),
        link.actor_kind,
        link.actor_id,
        link.act,
        link.facts,
        link.prev_hash,
    )
    packed = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    return hashlib.sha256(packed).hexdigest()


def find_break(links: Iterable[tuple[Link, str]]) -> int | None:
    """The sequence number at which a chain, given in order with stored hashes, stops being whole; None if whole."""
    expected_seq, previous = 1, GENESIS
    for link, stored in links:
        if link.seq != expected_seq or link.prev_hash != previous or digest(link) != stored:
            return expected_seq
        expected_seq, previous = link.seq + 1, stored
    return None
