"""When a receiving place is told of which set, so that it never expects people on tickets that are gone."""

from datetime import datetime

from onward.apps.travel.announce import announcer
from onward.apps.travel.models import TicketSet
from onward.apps.travel.rows import lock_told_void
from onward.core.actor import Actor


def tell_coming(ticket_set: TicketSet, *, actor: Actor, now: datetime) -> None:
    """Tell the place of a set just issued: coming, or changed where it still counts on one that was taken back."""
    told = next(iter(lock_told_void(ticket_set.party_id)), None)
    if told is None:
        announcer().coming(ticket_set, actor=actor, now=now)
    else:
        announcer().changed(ticket_set, actor=actor, now=now)
        told.is_told = False
        told.save(update_fields=["is_told"])
    ticket_set.is_told = True
    ticket_set.save(update_fields=["is_told"])


def tell_cancelled(ticket_set: TicketSet, *, actor: Actor, now: datetime) -> None:
    """Tell the place of a set it counts on that nobody comes."""
    announcer().cancelled(ticket_set, actor=actor, now=now)
    ticket_set.is_told = False
    ticket_set.save(update_fields=["is_told"])
