"""Every page of the walk's first half stays within its queries, also with long lists."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from onward.apps.people.models import Party
from tests.conftest import World
from tests.faces.desk.conftest import QUERIES_MOST, now, sign_in

PAGES = (
    "/",
    "/arrive/",
    "/arrive/bus/",
    "/find/",
    "/wordings/",
    "/wordings/es/",
    "/case/{party}/",
    "/case/{party}/correct/",
    "/case/{party}/end/",
    "/case/{party}/explain/",
    "/case/{party}/park/",
    "/case/{party}/interview/",
    "/case/{party}/interview/people/",
    "/case/{party}/interview/person-1/",
    "/case/{party}/interview/origin/",
    "/case/{party}/interview/meant/",
    "/case/{party}/interview/wishes/",
    "/case/{party}/interview/contact/",
    "/case/{party}/interview/dates/",
    "/case/{party}/interview/needs/",
    "/case/{party}/interview/need-step_free/",
    "/case/{party}/interview/safety/",
    "/case/{party}/interview/safety-{person}/",
    "/person/{person}/own-number/",
)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_opens_within_its_queries(
    address: str, browser: Client, make_party: Callable[..., Any], django_assert_max_num_queries: Any
) -> None:
    party = make_party(heads=2, people=2)
    browser.get("/")
    person = party.persons.first().pk
    with django_assert_max_num_queries(QUERIES_MOST) as seen:
        answer = browser.get(address.format(party=party.pk, person=person))
    assert answer.status_code == 200
    print(f"{len(seen)} queries: {address}")  # noqa: T201  (the figure, when asked for with -s)


def test_today_with_many_cases_asks_no_more_and_counts_the_rest(
    desk: World, browser: Client, django_assert_max_num_queries: Any
) -> None:
    at = now()
    Party.objects.bulk_create(
        Party(
            centre=desk.new_york,
            number=number,
            label=f"NEW-{number:04d}",
            arrived_at=at - timedelta(minutes=number % 200),
            heads=2,
            language="es",
            state=Party.State.values[number % len(Party.State.values)],
            key_id="none",
            changed_at=at,
        )
        for number in range(1, 1101)
    )
    browser.get("/")
    with django_assert_max_num_queries(QUERIES_MOST):
        page = browser.get("/").content.decode()
    assert "100 waiting" in page and "and 88 more" in page


def test_the_protection_lead_opens_the_page_that_lifts(make_party: Callable[..., Any], desk: World) -> None:
    from onward.apps.cases.actions import record_safety

    party = make_party(heads=1, people=1)
    person = party.persons.get()
    record_safety(person.pk, answer="no", is_asked_alone=True, actor=desk.worker, now=now())
    assert sign_in("protection_lead").get(f"/person/{person.pk}/lift/").status_code == 200
    assert sign_in().get(f"/person/{person.pk}/lift/").status_code == 403
