"""Reading the record: a chain's entries, and whether it is whole. Callers hold the right to the chain they name."""

from collections.abc import Iterator

from onward.apps.record.chain import GENESIS, Link, find_break
from onward.apps.record.models import Entry, Head


def list_entries(chain: str) -> list[Entry]:
    """All of a chain, oldest first."""
    return list(Entry.objects.filter(chain=chain).order_by("seq"))


def _links(chain: str) -> Iterator[tuple[Link, str]]:
    for entry in Entry.objects.filter(chain=chain).order_by("seq").iterator():
        yield Link(**{name: getattr(entry, name) for name in Link.__slots__}), entry.hash


def find_broken_link(chain: str) -> int | None:
    """Where a chain stops being whole: a sequence number, or None when every hash and the head agree."""
    broken = find_break(_links(chain))
    if broken is not None:
        return broken
    head = Head.objects.filter(chain=chain).first()
    last = Entry.objects.filter(chain=chain).order_by("-seq").first()
    stands_at = (last.seq, last.hash) if last else (0, GENESIS)
    if head is None:
        return None if last is None else last.seq + 1
    return None if (head.seq, head.hash) == stands_at else stands_at[0] + 1


def list_broken_chains() -> list[str]:
    """Every chain that is not whole."""
    chains = set(Head.objects.values_list("chain", flat=True)) | set(
        Entry.objects.values_list("chain", flat=True).distinct()
    )
    return sorted(chain for chain in chains if find_broken_link(chain) is not None)
