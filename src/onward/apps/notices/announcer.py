"""The notices app as the one who tells: what travel calls inside its own transactions."""

from datetime import datetime

from onward.apps.notices.actions import tell_cancelled, tell_changed, tell_coming
from onward.apps.travel.models import TicketSet
from onward.core.actor import Actor


class Notices:
    """An Announcer (travel.announce)."""

    def coming(self, ticket_set: TicketSet, *, actor: Actor, now: datetime) -> None:
        """The set was issued."""
        tell_coming(ticket_set, actor=actor, now=now)

    def changed(self, ticket_set: TicketSet, *, actor: Actor, now: datetime) -> None:
        """The set was issued in place of one its place was told of."""
        tell_changed(ticket_set, actor=actor, now=now)

    def cancelled(self, ticket_set: TicketSet, *, actor: Actor, now: datetime) -> None:
        """Nobody comes on the set."""
        tell_cancelled(ticket_set, actor=actor, now=now)
