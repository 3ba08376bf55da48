"""A desk in New York with reviewed wordings and places, and a party brought as far along the walk as a test needs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from onward.apps.accounts.scopes import centre_scope
from onward.apps.cases.models import Consent, Offer, Wish
from onward.apps.people import actions as people
from onward.apps.people.models import AgeBand, Explanation, Known, Party, Person
from onward.apps.places.models import Place
from onward.apps.record.actions import case_chain
from onward.apps.record.queries import find_broken_link, list_entries
from onward.apps.timetables import loaded
from tests.apps.timetables.small_feed import SmallTrip, write_feed
from tests.conftest import NOW, World, lay_places

FAMILY = (AgeBand.ADULT, AgeBand.ADULT, AgeBand.CHILD)


@dataclass
class Desk:
    """Who acts when: `desk.worker` and the others are the keywords every act takes."""

    world: World
    now: datetime = NOW

    def _by(self, actor: Any) -> dict[str, Any]:
        return {"actor": actor, "now": self.now}

    @property
    def worker(self) -> dict[str, Any]:
        return self._by(self.world.worker)

    @property
    def lead(self) -> dict[str, Any]:
        return self._by(self.world.lead)

    @property
    def coordinator(self) -> dict[str, Any]:
        return self._by(self.world.coordinator)

    @property
    def auditor(self) -> dict[str, Any]:
        return self._by(self.world.auditor)

    @property
    def stranger(self) -> dict[str, Any]:
        """A case worker of Denver."""
        return self._by(self.world.denver_worker)

    def wait(self, **time: float) -> None:
        """Let time pass: `desk.wait(hours=2)`."""
        self.now += timedelta(**time)


@contextmanager
def at_desk(world: World) -> Iterator[Desk]:
    """New York's scope, with the places loaded and English and Spanish reviewed."""
    lay_places()
    desk = Desk(world)
    with centre_scope(world.new_york.pk):
        for language in ("en", "es"):
            people.review_wording(language, reviewed_by="A. Reader", **desk.coordinator)
        yield desk


def explained(desk: Desk, heads: int = 1) -> Party:
    """A party to whom the purpose was read out."""
    party = people.arrive(heads, "es", **desk.worker)
    people.explain(party.pk, language="es", interpreter=Explanation.Interpreter.NOT_NEEDED, **desk.worker)
    return party


def described(desk: Desk, bands: Sequence[str] = FAMILY, *, names: Sequence[str] = ()) -> Party:
    """A party whose people are described; its adults are guardians."""
    party = explained(desk, len(bands))
    for position, band in enumerate(bands, start=1):
        people.describe_person(
            party.pk,
            position,
            name=names[position - 1] if names else f"Person {position}",
            birth_year=None,
            age_band=band,
            is_guardian=Known.YES if band == AgeBand.ADULT else Known.NO,
            **desk.worker,
        )
    return fresh(party)


def fresh(party: Party) -> Party:
    """The party as it stands now."""
    return Party.objects.get(pk=party.pk)


def person_at(party: Party, position: int) -> Person:
    """The person at a position."""
    return Person.objects.get(party=party, position=position)


def offered(desk: Desk, wish: Wish, **given: Any) -> Offer:
    """A journey by coach found for a wish of a described party, which is then offered it; US only, USD 110.00."""
    party = Party.objects.get(pk=wish.party_id)
    place = given.pop("place", wish.place)
    leaves = desk.now + timedelta(days=2)
    times = {"depart_at": leaves.isoformat(), "arrive_at": (leaves + timedelta(hours=18)).isoformat()}
    ends = {"from": {"name": "New York"}, "to": {"name": place.name}}
    bands = list(Person.objects.filter(party=party).values_list("age_band", flat=True))
    facts: dict[str, Any] = {
        "centre_id": party.centre_id,
        "party": party,
        "wish": wish,
        "batch": 1,
        "position": 1,
        "place": place,
        "journey": {**times, "vehicles": 1, "legs": [{"mode": "coach", **times, **ends}], "warnings": []},
        "depart_at": leaves,
        "arrive_at": leaves + timedelta(hours=18),
        "changes": 0,
        "countries": ["US"],
        "modes": ["coach"],
        "bands": {band: bands.count(band) for band in bands},
        "fare_minor": 10_000,
        "tax_minor": 800,
        "fee_minor": 200,
        "currency": "USD",
        "found_at": desk.now,
    }
    offer = Offer.objects.create(**(facts | given))
    if party.state == Party.State.WAITING:
        people.move_party(party, Party.State.IN_INTERVIEW, **desk.worker)
    people.move_party(party, Party.State.OFFERED, **desk.worker)
    return offer


@contextmanager
def timetable_of(folder: Path, trips: Sequence[SmallTrip]) -> Iterator[None]:
    """A real, small timetable handed in for as long as the block lasts."""
    before = list(loaded._stores)
    loaded.hand_in(folder / "feeds")
    loaded.store().add(write_feed(folder / "small.zip", trips))
    yield
    loaded._stores[:] = before
    loaded._held.clear()


def acts_of(party: Party) -> list[str]:
    """What the record of a case says was done, in order; the chain must be whole."""
    chain = case_chain(party.pk)
    assert find_broken_link(chain) is None
    return [entry.act for entry in list_entries(chain)]


def consents_of(party: Party, step: Consent.Step) -> list[bool]:
    """Every answer at a step, oldest first."""
    return list(Consent.objects.filter(party=party, step=step).values_list("is_yes", flat=True))


def place(key: str) -> Place:
    """A place of the list."""
    return Place.objects.get(pk=key)
