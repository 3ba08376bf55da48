"""Words of the journeys page: places and lists as the reader's language has them."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from onward.faces.formats import listed
from tests.conftest import World
from tests.faces.desk.conftest import now
from tests.faces.desk.demo_timetables import demo_timetables
from tests.faces.desk.walkers import Walk, make_desks


@pytest.fixture
def walk(desk: World) -> Iterator[Walk]:
    """A walk over the demonstration's timetables."""
    make_desks(now())
    with demo_timetables():
        yield Walk(desk.worker)


def test_what_is_hard_names_the_place_as_the_reader_does(browser: Client, walk: Walk) -> None:
    party = walk.interview(["chicago"])
    walk.offers()
    page = browser.get(reverse("desk:offers", args=[party.pk]), headers={"accept-language": "ar"}).content.decode()
    assert "لم يُكتب أي شخص يعرفونه في شيكاغو" in page
    assert "في Chicago." not in page


def test_places_are_listed_as_the_language_lists_them() -> None:
    with translation.override("ar"):
        assert "," not in listed(["شيكاغو", "أتلانتا", "دنفر"])
    with translation.override("en"):
        assert listed(["Chicago", "Atlanta"]) == "Chicago and Atlanta"
