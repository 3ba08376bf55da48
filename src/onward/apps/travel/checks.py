"""What must hold before tickets are held, recorded as bought, issued, and before a party leaves (P4, P5, P6)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Max

from onward.apps.cases.models import Consent, Decision, Offer
from onward.apps.cases.queries import Stop, list_stops
from onward.apps.cases.stops import NO_PURCHASE_CONSENT
from onward.apps.people.models import AgeBand, Party, Person
from onward.apps.people.sealing import log_look, unseal
from onward.apps.travel.models import Ticket, TicketSet
from onward.apps.travel.rules import possible_bands
from onward.core.actor import Actor
from onward.core.errors import Conflict, Stopped, message


def require_holdable(party_id: int) -> None:
    """Raise Stopped with the first stop in force on a case before tickets are held (P6, P8).

    A no at an earlier purchase does not stop a new one: yes is asked again before anything is bought.
    """
    _raise_first(stop for stop in list_stops(party_id) if stop.code != NO_PURCHASE_CONSENT)


def require_no_stop(party_id: int) -> None:
    """Raise Stopped with the first stop in force on a case (P6, P8)."""
    _raise_first(list_stops(party_id))


def _raise_first(stops: Iterable[Stop]) -> None:
    stop = next(iter(stops), None)
    if stop is not None:
        raise Stopped(stop.code, stop.text, remedy=stop.remedy, values=stop.values)


def find_consent(party_id: int, step: Consent.Step) -> Consent | None:
    """The newest answer at a step; it is the one that counts."""
    return Consent.objects.filter(party_id=party_id, step=step).last()


def require_purchase_consent(ticket_set: TicketSet) -> None:
    """Raise Stopped unless they said yes to this purchase: a yes to tickets since taken back is not one (P4)."""
    earlier = TicketSet.objects.filter(party_id=ticket_set.party_id).exclude(pk=ticket_set.pk)
    _require_consent(ticket_set, Consent.Step.PURCHASE, since=earlier.aggregate(at=Max("ended_at"))["at"])


def require_leave_consent(ticket_set: TicketSet) -> None:
    """Raise Stopped unless they said yes on leaving, since these tickets were issued (P4)."""
    _require_consent(ticket_set, Consent.Step.LEAVE, since=ticket_set.issued_at)


def _require_consent(ticket_set: TicketSet, step: Consent.Step, *, since: datetime | None) -> None:
    """Not asked and no are two different answers (P9)."""
    consent = find_consent(ticket_set.party_id, step)
    if consent is None or (since is not None and consent.given_at < since):
        raise Stopped(
            f"consent_{step.value}",
            message("They were not asked yet whether they still want these tickets."),
            remedy=message("Ask them now and write down the answer."),
            field="consent",
        )
    if not consent.is_yes:
        raise Stopped(
            f"consent_{step.value}",
            message("They said no to these tickets."),
            remedy=message("Void the tickets: it costs them nothing. If they change their mind, ask again."),
            field="consent",
        )


def is_accepted(offer: Offer) -> bool:
    """Whether the party's newest decision is to take this very offer."""
    newest = Decision.objects.filter(party_id=offer.party_id).last()
    return newest is not None and (newest.kind, newest.offer_id) == (Decision.Kind.ACCEPT, offer.pk)


def require_accepted(offer: Offer) -> None:
    """Raise Conflict unless the party's newest decision is to take this very offer."""
    if not is_accepted(offer):
        raise Conflict(
            "offer.not_accepted",
            message("The party has not accepted this journey."),
            remedy=message("Ask them which journey they choose, and press it."),
            field="offer",
        )


def require_offer_open(offer: Offer, now: datetime) -> None:
    """Raise unless this offer can still be chosen: not withheld (P8), not departed."""
    if offer.withheld:
        raise Stopped(
            f"offer.withheld_{offer.withheld}",
            message("This journey is withheld: no ticket can be held for it."),
            remedy=message("Choose another journey."),
            field="offer",
        )
    if offer.depart_at <= now:
        raise Conflict(
            "offer.departed",
            message("This journey has left already."),
            remedy=message("Look for journeys again."),
            field="offer",
        )


def require_priced_for(offer: Offer, persons: Sequence[Person]) -> None:
    """Raise Conflict unless the offer's price was found for these very ages."""
    if offer.bands and Counter(offer.bands) != Counter(one.age_band for one in persons):
        raise Conflict(
            "offer.people_changed",
            message("The price of this journey was found for other people than the party has now."),
            remedy=message("Look for journeys again."),
            field="offer",
        )


def require_people_described(party: Party) -> list[Person]:
    """The party's persons; Stopped unless every head counted at the door is described (P5)."""
    persons = list(Person.objects.filter(party=party).order_by("position"))
    if len(persons) != party.heads:
        raise Stopped(
            "tickets.people_missing",
            message("The party has %(heads)s heads and %(described)s of them described."),
            remedy=message("Describe everyone who travels, or correct the number of heads."),
            field="persons",
            values={"heads": party.heads, "described": len(persons)},
        )
    return persons


def require_ages(party: Party, persons: Sequence[Person], year: int, *, actor: Actor, now: datetime) -> None:
    """Stopped when an age band cannot be right in the year of travel, by the year of birth where one was given (P5).

    Opens years of birth, and leaves one look behind when there was any.
    """
    born = [(one, unseal(party, "people.Person.birth_year", one.birth_year)) for one in persons]
    if any(words for _, words in born):
        log_look(party, "ticket_ages", actor=actor, now=now)
    for one, words in born:
        if words.isdigit() and AgeBand(one.age_band) not in possible_bands(int(words), year):
            raise Stopped(
                "tickets.age",
                message("Person %(position)s is written down as %(band)s, which the year of birth does not give."),
                remedy=message("Correct the age or the year of birth."),
                field="persons",
                values={"position": one.position, "band": AgeBand(one.age_band).label},
            )


def require_tickets_match(ticket_set: TicketSet, persons: Sequence[Person]) -> None:
    """Stopped unless the set is for exactly these people, at these ages, to the city and on the date of its offer
    (P5)."""
    tickets = Ticket.objects.filter(ticket_set=ticket_set)
    bought_for = Counter((one.person_id, one.age_band) for one in tickets)
    if bought_for != Counter((one.pk, one.age_band) for one in persons) or ticket_set.heads != len(persons):
        raise Stopped(
            "tickets.people_differ",
            message("These tickets were bought for other people than the party has now, or for other ages."),
            remedy=message("Change or void the tickets; both are free of penalty."),
            field="persons",
        )
    offer = ticket_set.offer
    if (ticket_set.place_id, ticket_set.depart_at, ticket_set.arrive_at) != (
        offer.place_id,
        offer.depart_at,
        offer.arrive_at,
    ):
        raise Stopped(
            "tickets.journey_differs",
            message("These tickets are for another city or date than the journey chosen."),
            remedy=message("Change or void the tickets; both are free of penalty."),
            field="offer",
        )
