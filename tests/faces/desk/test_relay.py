"""Relay sheets as pages: hubs of a day, one sheet to print, for those who do the walk."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from onward.apps.funds.models import Fund
from onward.apps.travel.models import TicketSet
from tests.apps.travel.test_relay import with_change
from tests.conftest import World
from tests.faces.desk.conftest import QUERIES_MOST, sign_in
from tests.faces.desk.walkers import Walk, first_open

NEW_YORK = ZoneInfo("America/New_York")


def change_tomorrow(issued: TicketSet, at: datetime) -> TicketSet:
    """The set moved so that it changes vehicles at noon tomorrow."""
    journey, offer = issued.offer.journey, issued.offer
    journey["legs"] = [{**journey["legs"][0], "mode": "coach"}]
    offer.save()
    noon = datetime.combine(at.astimezone(NEW_YORK).date() + timedelta(days=1), time(12), NEW_YORK)
    moved = noon - issued.depart_at - timedelta(hours=6)
    issued.depart_at, issued.arrive_at = issued.depart_at + moved, issued.arrive_at + moved
    issued.save()
    return with_change(issued)


@pytest.fixture
def sheet(walk: Walk, fund: Fund) -> TicketSet:
    walk.interview(["chicago"])
    return change_tomorrow(walk.issue(first_open(walk.offers()), fund), walk.at)


def test_the_hubs_of_a_day_and_one_sheet_within_few_queries(
    browser: Client, sheet: TicketSet, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(QUERIES_MOST):
        page = browser.get(reverse("desk:relay") + "?on=tomorrow").content.decode()
    assert "Cleveland Coach Station" in page
    assert "1 child under 12" in page
    paper = browser.get(reverse("desk:relay") + "?on=tomorrow&sheet=1").content.decode()
    assert "Cleveland Coach Station" in paper
    for text in (page, paper):
        assert sheet.party.label not in text
        assert "Rosa" not in text


def test_an_empty_day_says_what_would_stand_here(browser: Client, sheet: TicketSet) -> None:
    assert "each with its sheet to print" in browser.get(reverse("desk:relay")).content.decode()
    assert browser.get(reverse("desk:relay") + "?sheet=1").status_code == 404
    assert browser.get(reverse("desk:relay") + "?on=never&sheet=x").status_code == 404


def test_the_number_to_look_for_stands_apart_from_the_line(browser: Client, sheet: TicketSet) -> None:
    vehicle = " ".join(sheet.offer.journey["legs"][0][part] for part in ("agency", "route"))
    line, _, number = vehicle.rpartition(" ")
    assert any(sign.isdigit() for sign in number)
    for address in ("?on=tomorrow", "?on=tomorrow&sheet=1"):
        page = browser.get(reverse("desk:relay") + address).content.decode()
        assert f'<strong class="relay-number"><bdi>{number}</bdi></strong> <bdi>{line}</bdi>' in page


def test_a_volunteer_reads_what_about_steps_is_not_known(browser: Client, sheet: TicketSet) -> None:
    page = browser.get(reverse("desk:relay") + "?on=tomorrow&sheet=1").content.decode()
    assert "1 child under 12 · whether steps are hard for them is not known" in page


def test_a_coordinator_opens_it_and_an_auditor_does_not(desk: World) -> None:
    assert sign_in("coordinator").get(reverse("desk:relay")).status_code == 200
    assert sign_in("auditor").get(reverse("desk:relay")).status_code == 403
