"""A party ready for tickets: explained, described, asked, with journeys offered and one of them accepted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from onward.apps.accounts.models import Centre
from onward.apps.cases.actions import begin_interview, decide, record_consent, record_wish
from onward.apps.cases.models import Consent, Decision, Offer, Wish
from onward.apps.funds.actions import grant, open_fund
from onward.apps.funds.models import Fund
from onward.apps.people import sealing
from onward.apps.people.actions import arrive, describe_person, explain, move_party, review_wording
from onward.apps.people.models import AgeBand, Explanation, Known, Party
from onward.apps.places.models import Place, ReceivingPlace
from onward.core.actor import Actor, ActorKind
from onward.core.keys import KeyId
from onward.core.money import Money
from tests.conftest import NOW
from tests.rows import laid

FAMILY = (AgeBand.ADULT, AgeBand.ADULT, AgeBand.CHILD)
LEAVES = NOW + timedelta(days=2)
"""When offered journeys depart: Wednesday, 10:00 in New York."""


@dataclass
class Ready:
    """A party at the point where tickets are held. offer: accepted. other: to the same place, later. elsewhere: to
    another."""

    party: Party
    offer: Offer
    other: Offer
    elsewhere: Offer


def usd(minor: int) -> Money:
    """US dollars in cents."""
    return Money(minor, "USD")


def make_places() -> None:
    """Chicago and Atlanta, each with a desk that receives."""
    for key, name, region in (("chicago", "Chicago", "US-IL"), ("atlanta", "Atlanta", "US-GA")):
        zone = "America/Chicago" if key == "chicago" else "America/New_York"
        place, _ = Place.objects.get_or_create(
            key=key,
            defaults={"name": name, "country": "US", "region": region, "lat": 41.0, "lon": -80.0, "zone": zone},
        )
        ReceivingPlace.objects.get_or_create(place=place, defaults={"name": f"{name} welcome desk"})


def make_fund(coordinator: Actor, minor: int = 100_000, *, rules: dict[str, object] | None = None) -> Fund:
    """A fund in US dollars with this much granted."""
    fund = open_fund("City", "City of New York", "USD", rules or {}, actor=coordinator, now=NOW)
    grant(fund.pk, usd(minor), cause="letter 1", actor=coordinator, now=NOW)
    return fund


def make_offer(wish: Wish, bands: Sequence[str], *, position: int = 1, **given: Any) -> Offer:
    """A journey by coach offered for a wish; the price is 100.00 fare, 8.00 tax, 2.00 fee for the party."""
    place = given.pop("place", wish.place)
    depart_at = given.pop("depart_at", LEAVES + timedelta(hours=position))
    arrive_at = depart_at + timedelta(hours=18)
    facts: dict[str, Any] = {
        "centre_id": wish.centre_id,
        "party_id": wish.party_id,
        "wish": wish,
        "batch": 1,
        "position": position,
        "place": place,
        "journey": make_journey(depart_at, arrive_at, place),
        "depart_at": depart_at,
        "arrive_at": arrive_at,
        "changes": 0,
        "countries": ["US"],
        "modes": ["coach"],
        "bands": {band: list(bands).count(band) for band in bands},
        "fare_minor": 10_000,
        "tax_minor": 800,
        "fee_minor": 200,
        "currency": "USD",
        "quoted_on": NOW.date(),
        "found_at": NOW,
    }
    return Offer.objects.create(**(facts | given))


def make_journey(depart_at: datetime, arrive_at: datetime, place: Place) -> dict[str, Any]:
    """The JSON form of a journey of one leg."""
    times = {"depart_at": depart_at.isoformat(), "arrive_at": arrive_at.isoformat()}
    start = {"stop_id": "nyc", "name": "New York", "lat": 40.75, "lon": -73.99}
    end = {"stop_id": place.key, "name": place.name, "lat": place.lat, "lon": place.lon}
    leg = {"mode": "coach", "agency": "Example Coaches", "route": "1", "trip_id": "t", "headsign": place.name}
    return times | {"vehicles": 1, "legs": [leg | times | {"from": start, "to": end}], "warnings": []}


def make_ready(centre: Centre, worker: Actor, bands: Sequence[str] = FAMILY, *, is_accepted: bool = True) -> Ready:
    """A new party of a centre, in its scope, with everything asked and a journey to Chicago accepted."""
    make_places()
    review_wording("en", reviewed_by="A. Reader", actor=Actor(ActorKind.OPERATOR, "tests"), now=NOW)
    by: dict[str, Any] = {"actor": worker, "now": NOW}
    party = arrive(len(bands), "en", **by)
    explain(party.pk, language="en", interpreter=Explanation.Interpreter.NOT_NEEDED, **by)
    begin_interview(party.pk, **by)
    for position, band in enumerate(bands, start=1):
        guardian = Known.YES if band == AgeBand.ADULT else Known.NO
        describe_person(
            party.pk, position, name=f"Person {position}", birth_year=None, age_band=band, is_guardian=guardian, **by
        )
    wish = record_wish(party.pk, 1, words="Chicago, my cousin", place_key="chicago", **by)
    offers = [
        make_offer(wish, bands),
        make_offer(wish, bands, position=2),
        make_offer(wish, bands, position=3, place=Place.objects.get(pk="atlanta")),
    ]
    party.refresh_from_db()
    move_party(party, Party.State.OFFERED, **by)
    if is_accepted:
        decide(party.pk, Decision.Kind.ACCEPT, offer_id=offers[0].pk, **by)
    party.refresh_from_db()
    return Ready(party, *offers)


def lay_ready(centre: Centre, worker: Actor) -> Ready:
    """A new family, as `make_ready` makes it, while nobody destroyed its key."""
    return laid(
        f"a family of centre {centre.pk} by {worker.id}",
        lambda: make_ready(centre, worker),
        lambda ready: sealing.ring().find_destruction(KeyId(ready.party.key_id)) is None,
    )


def say(party: Party, step: Consent.Step, *, is_yes: bool, worker: Actor, now: datetime = NOW) -> None:
    """The party answers at one of the moments at which yes is asked."""
    record_consent(party.pk, step, is_yes=is_yes, actor=worker, now=now)
