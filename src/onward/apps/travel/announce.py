"""Who tells the receiving place: the notices app hands itself in, and acts on tickets call it inside their transaction.

travel comes before notices and may not know it, so it says here what it needs. With nobody handed in, nothing is
issued: a place that is not told is worse than a ticket that waits (P10).
"""

from datetime import datetime
from typing import Protocol

from onward.apps.travel.models import TicketSet
from onward.core.actor import Actor
from onward.core.errors import BrokenPromise, message


class Announcer(Protocol):
    """Writes the notice and its outbox row in the caller's transaction; sends nothing itself."""

    def coming(self, ticket_set: TicketSet, *, actor: Actor, now: datetime) -> object:
        """The set was issued, and the place knows of no other set of this party."""

    def changed(self, ticket_set: TicketSet, *, actor: Actor, now: datetime) -> object:
        """The set was issued in place of one the same place was told of: travel.queries.get_told_set(ticket_set)."""

    def cancelled(self, ticket_set: TicketSet, *, actor: Actor, now: datetime) -> object:
        """The place was told of this set, and nobody comes on it."""


_held: list[Announcer] = []


def hand_in(announcer: Announcer) -> None:
    """Give the product its announcer; the notices app does so once at start."""
    _held[:] = [announcer]


def announcer() -> Announcer:
    """The announcer; raises BrokenPromise while there is none."""
    if not _held:
        raise BrokenPromise(
            "announcer.missing",
            message("Nobody would tell the receiving place, so nothing was issued."),
            remedy=message("The operator looks at how the notices are set up."),
        )
    return _held[0]
