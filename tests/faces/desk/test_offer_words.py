"""Words of the journeys page: places and lists as the reader's language has them."""

import html
import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from onward.apps.cases.models import Offer
from onward.apps.places.models import CapacityStatement, ReceivingPlace
from onward.apps.travel.models import TicketSet
from onward.faces.desk.journey_words import say_last_mile
from onward.faces.desk.offer_cards import say_room
from onward.faces.desk.packet_words import say_hours
from onward.faces.formats import listed
from tests.faces.desk.walkers import Walk


def test_what_is_hard_names_the_place_as_the_reader_does(browser: Client, walk: Walk) -> None:
    party = walk.interview(["chicago"])
    walk.offers()
    page = browser.get(reverse("desk:offers", args=[party.pk]), headers={"accept-language": "ar"}).content.decode()
    assert "لم يُكتب أي شخص يعرفونه في شيكاغو" in page
    assert "في Chicago." not in page


def test_what_is_said_of_a_journey_runs_as_the_page_does_whatever_name_it_begins_with(
    browser: Client, walk: Walk
) -> None:
    party = walk.interview(["chicago"])
    walk.offers()
    page = browser.get(reverse("desk:offers", args=[party.pk]), headers={"accept-language": "ar"}).content.decode()
    said = re.findall(r'<li class="says-[a-z]+">.*?</li>', page, re.S)
    assert said and not [one for one in said if re.search(r"<bdi>[^<]*[\u0600-\u06ff]", one)]


@pytest.mark.parametrize(
    "mile", [{"by": "foot", "metres": 900, "minutes": 17}, {"by": "nothing", "metres": 9000, "minutes": None}]
)
def test_a_desk_s_name_keeps_its_own_direction_before_arabic_words(mile: dict[str, object]) -> None:
    desk = ReceivingPlace(name="Peach House (made up)", street_address="1 Example Street")
    with translation.override("ar"):
        said = say_last_mile({"last_mile": mile}, desk)
    assert "\u2068Peach House (made up)\u2069" in said
    with translation.override("en"):
        assert say_last_mile({"last_mile": mile}, desk).startswith("Peach House (made up) is ")


def test_what_a_place_said_keeps_its_own_direction_among_arabic_words() -> None:
    said = CapacityStatement(code="cannot", words="No family rooms before Monday.", said_at=datetime.now(UTC))
    with translation.override("ar"):
        assert "\u2068No family rooms before Monday.\u2069" in say_room(said, "تورونتو", datetime.now(UTC))
    with translation.override("en"):
        assert say_room(said, "Toronto", datetime.now(UTC)).endswith("“No family rooms before Monday.”")


def test_a_desk_that_never_closes_is_open_all_day() -> None:
    desk = ReceivingPlace(hours={str(weekday): ["00:00", "24:00"] for weekday in range(1, 8)})
    tickets = TicketSet(offer=Offer(journey={"arrive_at": "2026-03-04T02:30:00-06:00"}))
    with translation.override("en"):
        assert say_hours(desk, tickets) == "open all day, Wed 4 Mar"


def test_places_are_listed_as_the_language_lists_them() -> None:
    with translation.override("ar"):
        assert "," not in listed(["شيكاغو", "أتلانتا", "دنفر"])
    with translation.override("en"):
        assert listed(["Chicago", "Atlanta"]) == "Chicago and Atlanta"


def test_of_several_wishes_one_that_nothing_reaches_says_the_nearest_station_and_how_far(
    browser: Client, walk: Walk
) -> None:
    party = walk.interview(["chicago", "baltimore", "honolulu", "new-york"])
    walk.offers()
    page = text_of(browser.get(reverse("desk:offers", args=[party.pk])).content.decode())
    assert "Wish 1: Chicago" in page
    assert (
        "No timetable reaches Baltimore; the nearest station is Washington Union Station, 55 km away. "
        "Ask for a place nearby, or ask the carriers." in page
    )
    assert "No timetable reaches Honolulu, nor any station within 150 km of it." in page
    assert "New York is where this centre sends people from." in page
    assert "was found for these days" not in page
    page = browser.get(reverse("desk:offers", args=[party.pk]), headers={"accept-language": "ar"}).content.decode()
    assert "بالتيمور" in page and "Baltimore;" not in page


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
