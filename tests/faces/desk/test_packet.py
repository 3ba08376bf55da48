"""The packet: in the traveller's language, with nothing personal in its code, on paper without a network."""

import re
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import segno
from django.test import Client

from onward.apps.cases.models import Offer
from onward.apps.funds.models import Fund
from onward.apps.notices.models import Notice
from onward.apps.places.rules import parse_hours
from onward.apps.travel.models import TicketSet
from onward.faces.desk import packet_pdf
from onward.faces.desk.journey_words import find_open_span, list_legs
from onward.faces.desk.packet_words import list_paper_legs, make_qr, say_next
from tests.faces.desk.conftest import url
from tests.faces.desk.walkers import Walk, first_open

EVERY_DAY = {str(day): ["08:00", "20:00"] for day in range(1, 8)}


def issued(walk: Walk, fund: Fund, language: str) -> int:
    walk.interview(["chicago"], language=language)
    walk.meet()
    return int(walk.issue(first_open(walk.offers()), fund).pk)


def leg(mode: str, start: str, end: str, **more: str) -> dict[str, Any]:
    names = {"agency": "Carrier", "route": "Line 7", "headsign": "", "from": "Here", "to": "There"} | more
    stops = {"from": {"name": names.pop("from")}, "to": {"name": names.pop("to")}}
    return {"mode": mode, **names, **stops, "depart_at": f"2025-06-11T{start}", "arrive_at": f"2025-06-11T{end}"}


def test_the_packet_speaks_the_traveller_s_language_and_the_card_english(
    browser: Client, walk: Walk, fund: Fund
) -> None:
    number = issued(walk, fund, "ar")
    page = browser.get(url("packet", number)).content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert '<section class="driver-card" lang="en" dir="ltr">' in page
    assert "These 3 passengers are travelling to" in page
    assert "They speak Arabic." in page
    assert "style=" not in page
    assert '<div class="paper-tools" lang="en" dir="ltr"><button type="button" data-print hidden>Print<' in page


def test_the_driver_s_card_and_the_code_name_nobody(browser: Client, walk: Walk, fund: Fund) -> None:
    number = issued(walk, fund, "es")
    card = browser.get(url("driver-card", number)).content.decode()
    assert "Rosa" not in card
    assert "Núñez" not in card
    whole = browser.get(url("packet", number)).content.decode()
    expected = make_qr(f"{walk.party.label} +1 212 555 0100")
    assert expected.path in whole


def test_the_code_is_drawn_as_it_was_made() -> None:
    made = make_qr("NEW-0001 +1 212 555 0100")
    dark = set()
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", made.path):
        dark |= {(int(x) - 4 + step, int(y) - 4) for step in range(int(run))}
    matrix = segno.make("NEW-0001 +1 212 555 0100", error="m", micro=False).matrix
    assert dark == {(x, y) for y, row in enumerate(matrix) for x, cell in enumerate(row) if cell}
    assert made.side == len(matrix) + 8


def test_there_is_no_packet_before_the_tickets_are_issued(browser: Client, walk: Walk, fund: Fund) -> None:
    walk.interview(["chicago"])
    held = walk.hold(first_open(walk.offers()), fund)
    answer = browser.get(url("packet", held.pk))
    assert answer.status_code == 409
    assert "There is no packet for these tickets" in answer.content.decode()


def test_who_refused_notice_reads_that_the_place_was_not_told(browser: Client, walk: Walk, fund: Fund) -> None:
    number = issued(walk, fund, "en")
    assert "Chicago was told that people come, and when; not who you are." in text(browser, number)
    browser.post(url("telling", number), {"notice": "no"})
    assert Notice.objects.filter(kind="withdrawn").exists()
    assert "Chicago was not told of you, as you wished." in text(browser, number)


def text(browser: Client, number: int) -> str:
    return browser.get(url("packet", number)).content.decode()


def test_without_pango_the_packet_stays_a_page_and_says_so(
    browser: Client, walk: Walk, fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = issued(walk, fund, "en")
    monkeypatch.setattr("onward.faces.desk.packet.can_print", lambda: False)
    answer = browser.get(url("packet", number) + "?format=pdf")
    assert answer["Content-Type"].startswith("text/html")
    assert "PDF cannot be made on this machine" in answer.content.decode()


@pytest.mark.parametrize(("paper", "size"), [("letter", b"612 792"), ("a4", b"595.275591 841.889764")])
def test_the_packet_is_a_pdf_of_two_pages_on_letter_and_a4(
    browser: Client, walk: Walk, fund: Fund, paper: str, size: bytes
) -> None:
    if not packet_pdf.can_print():
        pytest.skip("not run: WeasyPrint needs Pango")
    answer = browser.get(url("packet", issued(walk, fund, "es")) + f"?format=pdf&paper={paper}")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert pages_of(answer.content) == [size, size]


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_a_packet_of_three_legs_leaves_no_page_half_empty(
    browser: Client, walk: Walk, fund: Fund, language: str, paper: str
) -> None:
    if not packet_pdf.can_print():
        pytest.skip("not run: WeasyPrint needs Pango")
    number = issued(walk, fund, language)
    offer = TicketSet.objects.get(pk=number).offer
    legs = [one for one in offer.journey["legs"] if one["mode"] != "walk"]
    Offer.objects.filter(pk=offer.pk).update(journey=offer.journey | {"legs": [legs[0], legs[0], legs[-1]]})
    pdf = browser.get(url("packet", number) + f"?format=pdf&paper={paper}").content
    assert len(pages_of(pdf)) == 2


def pages_of(pdf: bytes) -> list[bytes]:
    """Width and height of every page in points; object streams are packed (ISO 32000-2, 7.5.7)."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S)
    opened = [zlib.decompressobj().decompress(one) for one in packed if one[:1] == b"x"]
    return re.findall(rb"/MediaBox ?\[0 0 ([0-9. ]+)\]", b"".join([pdf, *opened]))


def test_paper_fetches_our_stylesheet_and_nothing_else() -> None:
    if not packet_pdf.can_print():
        pytest.skip("not run: WeasyPrint needs Pango")
    assert packet_pdf.read_our_css("https://onward.invalid/static/onward/packet.css")
    for address in (
        "https://example.org/static/onward/packet.css",
        "https://onward.invalid/static/onward/desk.css",
        "file:///etc/hostname",
        "http://127.0.0.1/",
    ):
        with pytest.raises(packet_pdf.NotFetched):
            packet_pdf.read_our_css(address)


def test_changes_walks_and_other_clocks_are_said_before_and_after_the_legs() -> None:
    legs = list_legs(
        {
            "legs": [
                leg("rail", "07:15:00-04:00", "14:05:00-04:00", to="Plattsburgh"),
                leg("walk", "14:05:00-04:00", "14:12:00-04:00", **{"from": "Plattsburgh", "to": "Coach stop"}),
                leg("coach", "15:15:00-04:00", "19:16:00-05:00", **{"from": "Coach stop"}),
            ]
        }
    )
    assert say_next(legs) == "Next: be at Here by Wed 11 Jun 06:45"
    first, second = list_paper_legs(legs)
    assert first.before == ()
    assert second.before == ("Change at Plattsburgh. You have 1 h 10.", "Walk to Coach stop: 7 min.")
    assert second.clock_note == "The clock at There is 1 h 00 behind. The time above is the time there."
    assert second.ride == "coach, Carrier 7"


@pytest.mark.parametrize(
    ("hours", "arrive", "expected"),
    [
        (EVERY_DAY, 12, (12, 20)),
        (EVERY_DAY, 22, (32, 44)),
        ({"3": ["20:00", "04:00"]}, 23, (23, 28)),
        ({"3": ["20:00", "04:00"]}, 26, (26, 28)),
        ({}, 12, None),
    ],
)
def test_a_desk_is_open_from_the_arrival_or_the_next_opening(
    hours: dict[str, list[str]], arrive: int, expected: tuple[int, int] | None
) -> None:
    wednesday = datetime(2025, 6, 11, tzinfo=UTC)
    span = find_open_span(parse_hours(hours), wednesday + timedelta(hours=arrive))
    assert span == (tuple(wednesday + timedelta(hours=one) for one in expected) if expected else None)
