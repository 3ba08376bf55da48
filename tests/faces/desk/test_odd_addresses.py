"""Numbers no row has, however long: a plain page, never a failure of ours."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

HUGE = "9" * 30
ENDLESS = "9" * 5000


@pytest.mark.parametrize(
    "path",
    [
        f"/case/{HUGE}/",
        f"/case/{HUGE}/interview/",
        f"/case/{HUGE}/pay/",
        f"/case/{HUGE}/offers/",
        f"/case/{HUGE}/end/",
        f"/person/{HUGE}/own-number/",
        f"/tickets/{HUGE}/",
        f"/tickets/{HUGE}/packet/",
        f"/departures/{HUGE}/",
        f"/funds/{HUGE}/",
        f"/arrived/{HUGE}/{HUGE}/",
    ],
)
def test_a_number_no_row_can_have_is_a_page_that_does_not_exist(browser: Client, path: str) -> None:
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize("number", [HUGE, ENDLESS])
def test_a_form_that_names_a_row_nobody_can_have_is_refused(browser: Client, make_party: Callable, number: str) -> None:
    party = make_party(1, people=1)
    decided = browser.post(reverse("desk:decide", args=[party.pk]), {"kind": "accept", "offer": number})
    read = browser.post(reverse("desk:read-out", args=[1]), {"answer": number})
    centre = browser.post(reverse("desk:choose-centre"), {"centre": number})
    parked = browser.post(reverse("desk:park", args=[party.pk]), {"until": "hour", "why": "rest", "owner_id": number})
    found = browser.post(reverse("desk:search"), {"q": number})
    codes = [one.status_code for one in (decided, read, centre, parked, found)]
    assert codes == [302, 404, 403, 422, 200]
