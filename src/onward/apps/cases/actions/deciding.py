"""What the party decides: a journey, or to stay, decide later, decline. None costs anything (P2)."""

from datetime import date, datetime

from django.db import transaction

from onward.apps.cases.actions.binding import today_at
from onward.apps.cases.models import Decision, Offer
from onward.apps.cases.rules import DECIDED, WITHHELD, check_ask_again, check_decision
from onward.apps.people import keepers
from onward.apps.people.actions import lock_party, move_party
from onward.apps.people.models import Party, Person
from onward.apps.people.queries import require_explanation
from onward.apps.people.rules import WALKERS, count_bands
from onward.apps.record.actions import append, case_chain
from onward.core.actor import Actor
from onward.core.errors import BadInput, Conflict, NotFound, Stopped, message


@transaction.atomic
def decide(
    party_id: int,
    kind: str,
    *,
    offer_id: int | None = None,
    ask_again_on: date | None = None,
    actor: Actor,
    now: datetime,
) -> Decision:
    """Keep what a party decided. kind: a Decision.Kind code; accept needs offer_id, of the offers found last.

    Stay, later and decline are taken in any state before tickets and change nothing else; the same again changes
    nothing at all. Conflict while seats are held or issued, or for an offer that no longer holds; Stopped for one that
    is withheld (P8).
    """
    actor.require(*WALKERS)
    party = lock_party(party_id, actor=actor)
    chosen = check_decision(kind)
    _require_free(party)
    offer = _take_offer(party, offer_id, now) if chosen is Decision.Kind.ACCEPT else None
    again = check_ask_again(ask_again_on, today_at(party, now)) if chosen is Decision.Kind.LATER else None
    newest = Decision.objects.filter(party=party).last()
    is_same = newest and (newest.kind, newest.offer, newest.ask_again_on) == (chosen, offer, again)
    if newest and is_same and party.state == DECIDED[chosen]:
        return newest
    move_party(party, DECIDED[chosen], actor=actor, now=now)
    decision = Decision.objects.create(
        centre_id=party.centre_id, party=party, kind=chosen, offer=offer, decided_at=now, ask_again_on=again
    )
    facts = {"kind": chosen.value, "offer": offer.pk if offer else None}
    append(case_chain(party.pk), "decision.made", facts, actor=actor, now=now)
    return decision


def _require_free(party: Party) -> None:
    if party.state == Party.State.TICKETED or keepers.has_live_tickets(party.pk):
        raise Conflict(
            "party.tickets_live",
            message("Seats are held or issued for this party."),
            remedy=message("Void the tickets first: that costs them nothing. Then write down what they decided."),
            field="kind",
        )


def _take_offer(party: Party, offer_id: int | None, now: datetime) -> Offer:
    """The offer, if it was found last, may be sold, has not left, and was priced for these people."""
    require_explanation(party)
    if offer_id is None:
        raise BadInput("decision.no_offer", message("Choose a journey."), field="offer_id")
    offer = Offer.objects.select_related("place").filter(pk=offer_id, party=party).first()
    if offer is None:
        raise NotFound("offer.unknown", message("There is no such journey."), field="offer_id")
    if offer.withheld:
        raise Stopped(f"offer.{offer.withheld}", WITHHELD[offer.withheld], field="offer_id")
    if Offer.objects.filter(party=party, batch__gt=offer.batch).exists():
        raise _outdated("offer.superseded", message("Journeys were looked for again since this one was found."))
    if offer.depart_at <= now:
        raise _outdated("offer.departed", message("This journey has left already."))
    if offer.bands != count_bands(Person.objects.filter(party=party).values_list("age_band", flat=True)):
        raise _outdated("offer.party_changed", message("The party has changed since this journey was priced."))
    return offer


def _outdated(code: str, text: str) -> Conflict:
    return Conflict(code, text, remedy=message("Look for journeys again and choose from those."), field="offer_id")
