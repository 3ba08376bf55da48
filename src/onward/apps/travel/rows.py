"""Rows of the walk taken with their locks, in the one order: fund, party, ticket set."""

from onward.apps.cases.models import Offer
from onward.apps.funds.books import lock_fund
from onward.apps.people.models import Party
from onward.apps.travel.models import TicketSet
from onward.apps.travel.rules import LIVE, State
from onward.core.actor import Actor
from onward.core.errors import NotFound, message


def lock_party(party_id: int, actor: Actor) -> Party:
    """A party of the actor's centre, locked."""
    party = Party.objects.select_for_update(no_key=True).get(pk=party_id)
    actor.require_centre(party.centre_id)
    return party


def lock_set(ticket_set_id: int, actor: Actor) -> TicketSet:
    """Locks the fund that pays, the party, the set; NotFound when there is no such set."""
    seen = TicketSet.objects.filter(pk=ticket_set_id).values("fund_id", "party_id").first()
    if seen is None:
        raise NotFound("ticket_set.unknown", message("There are no such tickets."))
    if seen["fund_id"] is not None:
        lock_fund(seen["fund_id"])
    party = lock_party(seen["party_id"], actor)
    ticket_set = TicketSet.objects.select_for_update(no_key=True).get(pk=ticket_set_id)
    ticket_set.party = party
    return ticket_set


def lock_live_set(party_id: int) -> TicketSet | None:
    """The party's held, bought or issued set, locked, if there is one."""
    return TicketSet.objects.select_for_update(no_key=True).filter(party_id=party_id, state__in=LIVE).first()


def lock_told_void(party_id: int) -> list[TicketSet]:
    """The sets of a party that are void and that a place still counts on: none or one."""
    return list(
        TicketSet.objects.select_for_update(no_key=True).filter(party_id=party_id, state=State.VOID, is_told=True)
    )


def get_offer(offer_id: int) -> Offer:
    """An offer with its place; NotFound."""
    offer = Offer.objects.select_related("place").filter(pk=offer_id).first()
    if offer is None:
        raise NotFound("offer.unknown", message("There is no such journey."), field="offer")
    return offer
