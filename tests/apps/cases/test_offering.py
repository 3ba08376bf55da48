"""Journeys to each wish over a real, small timetable, side by side; what is withheld; what is chosen."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onward.apps.cases import actions as cases
from onward.apps.cases.models import Decision, Offer
from onward.apps.cases.queries import find_decision, get_case, list_offers, list_stops
from onward.apps.cases.warnings import WARNINGS
from onward.apps.people import actions as people
from onward.apps.people.models import AgeBand, Party
from onward.apps.people.rules import BEFORE_TICKETS, NO_JOURNEY
from onward.apps.places.models import ReceivingPlace
from onward.core.errors import OnwardError
from tests.apps.cases.walking import Desk, acts_of, described, fresh, offered, person_at, timetable_of
from tests.apps.refused import refused
from tests.apps.timetables.small_feed import SmallTrip

NORTH = SmallTrip("81", [("ny", "08:00"), ("alb", "11:00"), ("pla", "14:00"), ("mtl", "16:00")])
LATE = SmallTrip("83", [("ny", "20:00"), ("alb", "23:10")])
WEST = SmallTrip("61", [("alb", "03:30"), ("buf", "08:30")])
TODAY = date(2026, 3, 2)


@pytest.fixture
def timetable(desk: Desk, tmp_path: Path) -> Iterator[None]:
    with timetable_of(tmp_path, [NORTH, LATE, WEST]):
        yield


def party_wishing(desk: Desk, *keys: str | None) -> Party:
    party = described(desk)
    for rank, key in enumerate(keys, start=1):
        cases.record_wish(party.pk, rank, words=f"to {key}", place_key=key, **desk.worker)
    return party


def find(desk: Desk, party: Party, **given_: Any) -> list[Offer]:
    return cases.find_offers(party.pk, **({"earliest_on": TODAY} | given_), **desk.worker)


def test_journeys_to_every_wish_with_a_place_are_laid_side_by_side(desk: Desk, timetable: None) -> None:
    party = party_wishing(desk, "albany", None, "buffalo")
    found = find(desk, party)
    assert {(offer.wish.rank, offer.place_id) for offer in found} == {(1, "albany"), (3, "buffalo")}
    assert [offer.position for offer in list_offers(party.pk)] == list(range(1, len(found) + 1))
    assert all(offer.bands == {"child": 1, "adult": 2} and offer.withheld == "" for offer in found)
    assert all(offer.countries == ["US"] and offer.modes == ["coach"] for offer in found)
    assert fresh(party).state == Party.State.OFFERED
    assert [wish.rank for wish in get_case(party.pk, **desk.worker).unplaced] == [2]


def test_what_is_hard_about_a_journey_is_told_on_it(desk: Desk, timetable: None) -> None:
    ReceivingPlace.objects.create(place_id="buffalo", name="Buffalo desk", hours={"3": ["09:00", "17:00"]})
    party = party_wishing(desk, "buffalo")
    cases.record_obligation(party.pk, kind="hearing", on=date(2026, 6, 11), place_key="newark", **desk.worker)
    offer = find(desk, party)[0]
    told = [WARNINGS[one["code"]] % one["values"] for one in offer.warnings]
    assert told[0] == "Hearing on 2026-06-11 in Newark: this journey leaves before it, and goes elsewhere."
    assert told[1] == "Arrives at 08:30, when Buffalo desk is closed; it next opens on 2026-03-04 at 09:00."
    assert told[2].startswith("A wait of 4 h 20 at night with children in Albany Coach Station, from 23:10 to 03:30.")
    assert told[3] == (
        "In Albany Coach Station they board at 03:30, the last way on that day: the next one leaves 24 h 00 after it."
    )
    assert told[4] == "Nobody they know in Buffalo is written down."


def test_looking_again_makes_a_new_batch_and_the_old_one_is_not_chosen_from(desk: Desk, timetable: None) -> None:
    party = party_wishing(desk, "albany")
    old = find(desk, party)[0]
    new = find(desk, party, earliest_on=date(2026, 3, 4))
    assert {offer.batch for offer in list_offers(party.pk)} == {2}
    with refused("offer.superseded"):
        cases.decide(party.pk, "accept", offer_id=old.pk, **desk.worker)
    assert cases.decide(party.pk, "accept", offer_id=new[0].pk, **desk.worker).offer == new[0]


def test_a_journey_over_the_border_is_shown_withheld_and_cannot_be_chosen(desk: Desk, timetable: None) -> None:
    party = party_wishing(desk, "montreal", "plattsburgh", "albany")
    found = {offer.place_id: offer.withheld for offer in find(desk, party)}
    assert found == {"montreal": "land_border", "plattsburgh": "land_border", "albany": ""}
    for offer in list_offers(party.pk)[:2]:
        with refused("offer.land_border") as problem:
            cases.decide(party.pk, "accept", offer_id=offer.pk, **desk.worker)
        assert "land border" in str(problem.value)
    assert [wish.place.key for wish in get_case(party.pk, **desk.worker).wishes if wish.place][0] == "montreal"


def test_a_border_town_is_offered_to_who_wishes_to_live_there(desk: Desk, timetable: None) -> None:
    party = party_wishing(desk, "plattsburgh")
    assert {offer.withheld for offer in find(desk, party)} == {""}


def test_a_wish_beyond_the_border_said_after_accepting_a_border_town_stops_the_ticket(
    desk: Desk, timetable: None
) -> None:
    party = party_wishing(desk, "plattsburgh")
    cases.decide(party.pk, "accept", offer_id=find(desk, party)[0].pk, **desk.worker)
    cases.record_consent(party.pk, "purchase", is_yes=True, **desk.worker)
    assert list_stops(party.pk) == []
    cases.record_wish(party.pk, 2, words="Montréal, my brother", place_key="montreal", **desk.worker)
    assert [stop.code for stop in list_stops(party.pk)] == ["land_border"]


def test_a_wish_that_no_coach_reaches_leaves_the_others_theirs(desk: Desk, timetable: None) -> None:
    party = party_wishing(desk, "el-paso", "albany")
    assert {offer.place_id for offer in find(desk, party)} == {"albany"}
    lost = party_wishing(desk, "el-paso")
    with refused("journeys.no_station"):
        find(desk, lost)
    assert fresh(lost).state == Party.State.IN_INTERVIEW
    assert not Offer.objects.filter(party=lost).exists()


def test_offers_need_wishes_places_people_and_a_day_ahead(desk: Desk, timetable: None) -> None:
    with refused("offers.no_wish"):
        find(desk, party_wishing(desk))
    with refused("offers.no_place") as problem:
        find(desk, party_wishing(desk, None, None))
    assert problem.value.values == {"ranks": "1, 2"}
    party = party_wishing(desk, "albany")
    people.change_heads(party.pk, 4, **desk.worker)
    with refused("offers.people_missing"):
        find(desk, party)
    for day in (date(2026, 3, 1), date(2026, 6, 1)):
        with refused("offers.earliest_on"):
            find(desk, party, earliest_on=day)


def test_an_offer_made_for_other_people_or_gone_is_not_chosen(desk: Desk) -> None:
    party = party_wishing(desk, "chicago")
    wish = party.wishes.get()
    gone = offered(desk, wish, depart_at=desk.now)
    with refused("offer.departed"):
        cases.decide(party.pk, "accept", offer_id=gone.pk, **desk.worker)
    offer = offered(desk, wish, bands={"adult": 3})
    with refused("offer.party_changed"):
        cases.decide(party.pk, "accept", offer_id=offer.pk, **desk.worker)
    with refused("decision.no_offer"):
        cases.decide(party.pk, "accept", **desk.worker)
    other = party_wishing(desk, "chicago")
    with refused("offer.unknown"):
        cases.decide(party.pk, "accept", offer_id=offered(desk, other.wishes.get()).pk, **desk.worker)


def test_a_decision_pressed_twice_is_one(desk: Desk) -> None:
    party = party_wishing(desk, "chicago")
    offer = offered(desk, party.wishes.get())
    for kind, given_ in (
        ("accept", {"offer_id": offer.pk}),
        ("later", {"ask_again_on": date(2026, 3, 9)}),
        ("stay", {}),
    ):
        for _ in range(2):
            cases.decide(party.pk, kind, **given_, **desk.worker)  # type: ignore[arg-type]
    kinds = [one.kind for one in Decision.objects.filter(party=party)]
    assert kinds == ["accept", "later", "stay"]
    found = find_decision(party.pk)
    assert found is not None
    assert found.kind == "stay"


def test_asking_again_is_never_for_a_day_gone_by(desk: Desk) -> None:
    party = party_wishing(desk, "chicago")
    with refused("decision.ask_again"):
        cases.decide(party.pk, "later", ask_again_on=date(2026, 3, 1), **desk.worker)


KINDS = ["accept", "stay", "later", "decline", "begin", "offer", "older", "park", "wish"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(KINDS), max_size=14))
def test_any_sequence_of_deciding_keeps_every_decision_and_every_way_open(desk: Desk, acts: list[str]) -> None:
    party = described(desk, [AgeBand.ADULT, AgeBand.CHILD])
    wish = cases.record_wish(party.pk, 1, words="Chicago", place_key="chicago", **desk.worker)
    rank = made = 0
    for act in acts:
        before = Decision.objects.filter(party=party).count()
        newest = Offer.objects.filter(party=party).order_by("-batch").first()
        try:
            if act in ("stay", "later", "decline"):
                cases.decide(party.pk, act, **desk.worker)
            elif act == "accept":
                cases.decide(party.pk, act, offer_id=newest.pk if newest else None, **desk.worker)
            elif act == "begin":
                cases.begin_interview(party.pk, **desk.worker)
            elif act == "offer":
                made += 1
                offered(desk, wish, batch=made)
            elif act == "older":
                band = AgeBand.YOUTH if person_at(party, 2).age_band == AgeBand.CHILD else AgeBand.CHILD
                people.describe_person(
                    party.pk, 2, name="", birth_year=None, age_band=band, is_guardian="no", **desk.worker
                )
            elif act == "park":
                until, owner = desk.now + timedelta(hours=1), int(desk.world.worker.id)
                people.park(party.pk, until=until, owner_id=owner, why="rest", **desk.worker)
            else:
                rank += 1
                cases.record_wish(party.pk, 1 + rank, words=f"wish {rank}", **desk.worker)
        except OnwardError:
            assert act not in NO_ANSWER_REFUSED
        now = fresh(party)
        assert now.state in BEFORE_TICKETS
        assert Decision.objects.filter(party=party).count() >= before
        newest_decision = find_decision(party.pk)
        if now.state in NO_JOURNEY or now.state == Party.State.ACCEPTED:
            assert newest_decision is not None
        if now.state == Party.State.ACCEPTED:
            assert newest_decision is not None
            assert newest_decision.offer is not None
            assert newest_decision.offer.bands == {"adult": 1, person_at(party, 2).age_band: 1}
    assert acts_of(party)


NO_ANSWER_REFUSED = {"stay", "later", "decline", "wish", "begin"}
"""What is never refused, whatever came before (P2)."""
