"""Looking for lawful journeys to each wish and laying them side by side."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from onward.apps.cases.actions.binding import today_at
from onward.apps.cases.actions.interviewing import open_interview
from onward.apps.cases.models import Answer, Obligation, Offer, Wish
from onward.apps.cases.rules import check_earliest, find_withheld
from onward.apps.cases.warnings import BindingDate, Circumstances, Destination, Warned, list_warnings
from onward.apps.people import keepers
from onward.apps.people.actions import lock_open_party, move_party, require_open
from onward.apps.people.models import AgeBand, Contact, Known, Party, Person
from onward.apps.people.queries import get_party, require_explanation
from onward.apps.people.rules import WALKERS, count_bands
from onward.apps.places.models import Place, ReceivingPlace
from onward.apps.places.rules import open_hours, parse_hours
from onward.apps.record.actions import append, case_chain
from onward.apps.timetables.queries import Needs, PricedJourney, find_journeys
from onward.apps.timetables.rules import WARNING_TEXTS, WAY_TEXTS
from onward.core.actor import Actor
from onward.core.errors import BadInput, Conflict, NotFound, message
from onward.core.money import Money
from onward.engines.journeys.lastmile import Spot

OFFERS_MOST = 12
"""Journeys side by side, shared among the wishes: more than a tired family can weigh helps nobody."""
OFFERS_LEAST = 4
"""Journeys to each wish, however many wishes there are."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A journey found for a wish, and the place of that wish."""

    wish: Wish
    place: Place
    journey: PricedJourney


def find_offers(party_id: int, *, earliest_on: date, actor: Actor, now: datetime) -> list[Offer]:
    """Look for journeys to every wish that has a place, from `earliest_on` on, and offer them as one batch.

    The search runs outside any transaction, so that nobody waits for it; the offers are written at once. Those that
    lead to or over a land border are kept, shown and withheld (P8). Conflict where the people are not described or no
    wish has a place; the search's own NotFound or Unavailable where no wish can be reached at all.
    """
    actor.require(*WALKERS)
    party = get_party(party_id)
    actor.require_centre(party.centre_id)
    require_explanation(party)
    require_open(party)
    _require_not_parked(party)
    check_earliest(earliest_on, today_at(party, now))
    bands, wishes = _require_people(party), _require_places(party)
    earliest_at = max(now, datetime.combine(earliest_on, time(), ZoneInfo(party.centre.zone)))
    found = list(_search(party, wishes, earliest_at, bands))
    return _write(party_id, found, bands, earliest_on=earliest_on, actor=actor, now=now)


def _require_not_parked(party: Party) -> None:
    if party.state == Party.State.PARKED:
        raise Conflict(
            "party.parked",
            message("This case is parked."),
            remedy=message("Take it up again, then look for journeys."),
        )


def _require_people(party: Party) -> dict[str, int]:
    bands = count_bands(Person.objects.filter(party=party).values_list("age_band", flat=True))
    described = sum(bands.values())
    if described != party.heads:
        raise Conflict(
            "offers.people_missing",
            message("%(heads)s people came in and %(described)s are described; the price depends on their ages."),
            remedy=message("Describe everyone who travels, or correct the number of people."),
            field="persons",
            values={"heads": party.heads, "described": described},
        )
    return bands


def _require_places(party: Party) -> list[tuple[Wish, Place]]:
    wishes = list(Wish.objects.filter(party=party, withdrawn_at=None).select_related("place").order_by("rank"))
    placed = [(wish, wish.place) for wish in wishes if wish.place is not None]
    if not wishes:
        raise Conflict(
            "offers.no_wish",
            message("No wish is written down yet."),
            remedy=message("Ask where they want to go and write it down in their words."),
            field="wishes",
        )
    if not placed:
        raise Conflict(
            "offers.no_place",
            message("No place is known yet for wish %(ranks)s."),
            remedy=message("Ask which town that is near, and choose it beside their words."),
            field="wishes",
            values={"ranks": ", ".join(str(wish.rank) for wish in wishes)},
        )
    return placed


def _search(
    party: Party, wishes: list[tuple[Wish, Place]], earliest_at: datetime, bands: dict[str, int]
) -> Iterator[_Found]:
    """Journeys for each wish in order. A wish that cannot be reached leaves the others theirs."""
    people = {AgeBand(band): count for band, count in bands.items()}
    failed: NotFound | BadInput | None = None
    count = 0
    limit = max(OFFERS_LEAST, OFFERS_MOST // max(1, len(wishes)))
    said = Answer.objects.filter(party=party, question="step_free").values_list("answer", flat=True).first()
    for wish, place in wishes:
        needs = _needs_there(place, step_free=said == Known.YES)
        try:
            journeys = find_journeys(
                party.centre, place, earliest_at=earliest_at, bands=people, limit=limit, needs=needs
            )
        except (NotFound, BadInput) as problem:
            failed = failed or problem
            continue
        for journey in journeys:
            count += 1
            yield _Found(wish, place, journey)
    if failed is not None and not count:
        raise failed


@transaction.atomic
def _write(
    party_id: int,
    found: list[_Found],
    bands: dict[str, int],
    *,
    earliest_on: date,
    actor: Actor,
    now: datetime,
) -> list[Offer]:
    party = lock_open_party(party_id, actor=actor, now=now)
    if _require_people(party) != bands:
        raise Conflict(
            "offer.party_changed",
            message("The party was changed while journeys were looked for."),
            remedy=message("Look for journeys again."),
        )
    batch = (Offer.objects.filter(party=party).aggregate(last=Max("batch"))["last"] or 0) + 1
    drafts = [_draft(party, batch, position, one, bands=bands, now=now) for position, one in enumerate(found, start=1)]
    _judge(party, drafts, today_at(party, now))
    offers = Offer.objects.bulk_create(drafts)
    interview = open_interview(party, actor=actor, now=now)
    interview.earliest_on = earliest_on
    interview.save(update_fields=["earliest_on"])
    if not keepers.has_live_tickets(party.pk) and party.state != Party.State.TICKETED:
        move_party(party, Party.State.OFFERED, actor=actor, now=now)
    withheld = sum(bool(offer.withheld) for offer in offers)
    facts = {"batch": batch, "offers": len(offers), "withheld": withheld}
    append(case_chain(party.pk), "offers.found", facts, actor=actor, now=now)
    return offers


def _draft(party: Party, batch: int, position: int, one: _Found, *, bands: dict[str, int], now: datetime) -> Offer:
    journey = one.journey
    return Offer(
        centre_id=party.centre_id,
        party=party,
        wish=one.wish,
        batch=batch,
        position=position,
        place=one.place,
        journey=journey.journey,
        depart_at=journey.depart_at,
        arrive_at=journey.arrive_at,
        changes=journey.changes,
        countries=list(journey.countries),
        modes=sorted(journey.modes),
        bands=bands,
        fare_minor=_minor(journey.fare),
        tax_minor=_minor(journey.tax),
        fee_minor=_minor(journey.fee),
        currency=journey.fare.currency if journey.fare else "",
        quoted_on=journey.quoted_on,
        warnings=[{"code": warning.code, "values": dict(warning.values)} for warning in journey.warnings],
        found_at=now,
    )


def _minor(money: Money | None) -> int | None:
    return money.minor if money else None


def _judge(party: Party, drafts: list[Offer], today: date) -> None:
    """Add to each draft what is hard about it for this party, and why it is withheld, if it is."""
    wished = [wish.place.country for wish in _wishes_with_place(party) if wish.place]
    home = Place.objects.filter(pk=party.centre.place_key).values_list("country", flat=True).first()
    ends = {place.key: _destination(place) for place in {draft.place for draft in drafts}}
    dates, answers = _dates(party, today), dict(Answer.objects.filter(party=party).values_list("question", "answer"))
    states = list(Contact.objects.filter(party=party).values_list("place_id", "state"))
    for draft in drafts:
        end = ends[draft.place_id]
        there = [state for place_key, state in states if place_key == end.place_key]
        warned: list[Warned] = list_warnings(draft.journey, end, Circumstances(dates, there, answers))
        draft.warnings = sorted(warned + draft.warnings, key=_weight)
        draft.withheld = find_withheld([*([home] if home else []), *draft.countries], draft.place, wished)


def _weight(warned: Warned) -> int:
    """In which order warnings are read: dates that bind, what is hard on the way, what this party lacks, the price."""
    code = warned["code"]
    if code.startswith("date_"):
        return 0
    return 1 if code in WAY_TEXTS else 3 if code in WARNING_TEXTS else 2


def _wishes_with_place(party: Party) -> list[Wish]:
    return list(Wish.objects.filter(party=party, withdrawn_at=None).exclude(place=None).select_related("place"))


def _needs_there(place: Place, *, step_free: bool) -> Needs:
    """What bears on journeys to a place: of the desk there what is known of it."""
    desk = ReceivingPlace.objects.filter(place=place).first()
    if desk is None:
        return Needs(step_free)
    hours = open_hours(parse_hours(desk.hours), place.zone, desk.name) if desk.hours else None
    spot = Spot(desk.lat, desk.lon) if desk.lat is not None and desk.lon is not None else None
    return Needs(step_free, hours, spot)


def _destination(place: Place) -> Destination:
    desk = ReceivingPlace.objects.filter(place=place).first()
    if desk is None:
        return Destination(place.key, place.name, "", None)
    return Destination(place.key, place.name, desk.name, parse_hours(desk.hours))


def _dates(party: Party, today: date) -> list[BindingDate]:
    return [
        BindingDate(
            one.kind,
            one.on,
            one.place_id,
            one.place.name if one.place else "",
        )
        for one in Obligation.objects.filter(party=party, on__gte=today).select_related("place")
    ]
