"""Today and the case page once there are tickets: the next act each time, within the same queries."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from onward.apps.cases.actions import record_safety
from onward.apps.cases.queries import list_stops
from onward.apps.notices.actions import answer
from onward.apps.notices.models import Notice
from onward.apps.travel.actions import issue
from onward.apps.travel.models import TicketSet
from onward.core.actor import Actor, ActorKind
from onward.core.errors import Stopped
from tests.conftest import World
from tests.faces.desk.conftest import QUERIES_MOST, now
from tests.faces.desk.walkers import Walk, first_open, make_fund


def main_of(answer: Any) -> str:
    """The work of a page, without its header."""
    return str(answer.content.decode().split("<main")[1])


def test_the_case_leads_on_at_every_stage_within_its_queries(
    browser: Client, walk: Walk, desk: World, django_assert_max_num_queries: Any
) -> None:
    browser.get("/")
    party = walk.interview(["chicago", "atlanta"])
    walk.meet()

    def look() -> str:
        with django_assert_max_num_queries(QUERIES_MOST):
            return main_of(browser.get(f"/case/{party.pk}/"))

    offer = first_open(walk.offers())
    assert "Choose a journey" in look()
    walk.accept(offer)
    assert "Check and pay" in look()
    ticket_set = walk.hold(offer, make_fund(desk.coordinator, now()))
    assert "Record the purchase" in look() and "Tickets held: $" in look()
    walk.buy(ticket_set)
    assert "Check and issue" in look()
    issue(ticket_set.pk, **walk.by)
    page = look()
    assert "The tickets and the packet" in page and "Chicago was told that they are coming" in page
    assert "They stay" not in page


def test_today_lists_what_is_owed_once_there_are_tickets(
    browser: Client, walk: Walk, desk: World, django_assert_max_num_queries: Any
) -> None:
    browser.get("/")
    fund = make_fund(desk.coordinator, now())
    sets = []
    for _ in range(3):
        walk.interview(["chicago"])
        sets.append(walk.issue(first_open(walk.offers()), fund))
    TicketSet.objects.filter(pk=sets[0].pk).update(depart_at=now() - timedelta(hours=2))
    TicketSet.objects.filter(pk=sets[1].pk).update(depart_at=now() + timedelta(minutes=5))
    notice = Notice.objects.get(ticket_set=sets[2])
    answer(notice.pk, "can", "", actor=Actor(ActorKind.RECEIVER, notice.reference), now=now())
    with django_assert_max_num_queries(QUERIES_MOST):
        page = main_of(browser.get("/"))
    assert "1 party leaves today; 2 notices unanswered." in page
    for said in ("Late: did they leave?", "Leaving today", "Answers to read out", "Notices without an answer"):
        assert said in page
    for address in (f"/departures/{sets[0].pk}/", f"/tickets/{sets[2].pk}/"):
        assert f'href="{address}"' in page and browser.get(address).status_code == 200


def test_somebody_who_does_not_feel_safe_stops_the_leaving_and_no_shared_page_says_who(
    browser: Client, walk: Walk, desk: World
) -> None:
    browser.get("/")
    party = walk.interview(["chicago"])
    walk.meet()
    ticket_set = walk.issue(first_open(walk.offers()), make_fund(desk.coordinator, now()))
    adult = party.persons.filter(age_band="adult").first()
    record_safety(adult.pk, answer="no", is_asked_alone=True, **walk.by)
    page = main_of(browser.get(f"/departures/{ticket_set.pk}/"))
    assert "Before they leave, this has to be settled" in page
    assert "The protection lead speaks with this party" in page
    for shared in (f"/departures/{ticket_set.pk}/", f"/case/{party.pk}/", f"/tickets/{ticket_set.pk}/"):
        assert "feel safe" not in main_of(browser.get(shared))


def test_a_party_takes_back_its_yes_to_being_written_down(browser: Client, walk: Walk) -> None:
    browser.get("/")
    party = walk.interview(["chicago"])
    browser.post(f"/case/{party.pk}/end/", {"act": "no-more"})
    assert "consent_record" in {stop.code for stop in list_stops(party.pk)}
    with pytest.raises(Stopped):
        walk.hold(first_open(walk.offers()), None)
