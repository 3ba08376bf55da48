"""Every page of the desk in a real browser at 320 pixels, in English and in Arabic: it fits, and axe is content.

axe reads what no language changes, and takes longer than all else: it reads the Arabic pages, the harder ones.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from onward.apps.funds.models import Fund
from onward.apps.travel.actions import issue, void
from onward.apps.travel.models import RefundTask, TicketSet
from tests.browser.steps import OVERFLOW, keep
from tests.conftest import World
from tests.faces.desk.test_relay import change_tomorrow
from tests.faces.desk.walkers import Walk, first_open
from tests.faces.look.test_look import OVERFLOWING, find_barriers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BEFORE_TICKETS = (
    "/",
    "/arrive/",
    "/arrive/bus/",
    "/arrived/1/2/",
    "/find/",
    "/wordings/",
    "/wordings/ar/",
    "/case/{party}/",
    "/case/{party}/correct/",
    "/case/{party}/end/",
    "/case/{party}/explain/",
    "/case/{party}/explain/?in=ar",
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
    "/case/{party}/offers/",
)
WITH_TICKETS = ("tickets", "void", "change", "departure", "packet", "driver-card")


class Reader:
    """Opens pages one after another and notes what does not fit or cannot be reached."""

    def __init__(self, page: Any, language: str) -> None:
        self.page, self.language, self.found = page, language, list[tuple[str, object]]()

    def read(self, address: str) -> None:
        """One page: its direction (the driver's card is English), its width, what axe finds."""
        assert self.page.goto(address).status == 200, address
        keep(self.page, f"page-{self.language}-{address.strip('/').replace('/', '-').replace('?', '-') or 'today'}")
        direction = "rtl" if self.language == "ar" and "driver-card" not in address else "ltr"
        wrong = [self.page.evaluate(OVERFLOW), self.page.evaluate(OVERFLOWING)]
        if self.language == "ar":
            wrong.append(find_barriers(self.page))
        self.found += [(address, one) for one in wrong if one]
        if self.page.evaluate("document.documentElement.dir") != direction:
            self.found.append((address, "direction"))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_fits_320_pixels_and_has_no_barrier(
    language: str, open_desk: Callable[..., Any], make_party: Callable[..., Any], desk: World, fund: Fund
) -> None:
    make_party(heads=12, language="ar", explained=False)
    walk = Walk(desk.worker)
    party = walk.interview(["chicago", "atlanta", "montreal", ""], language=language)
    walk.meet()
    reader = Reader(open_desk(width=320, language=language, role="coordinator"), language)
    for address in BEFORE_TICKETS:
        reader.read(address.format(party=party.pk, person=party.persons.get(position=1).pk))
    offer = first_open(walk.offers())
    reader.read(reverse("desk:offers", args=[party.pk]))
    walk.accept(offer)
    reader.read(reverse("desk:pay", args=[party.pk]))
    held = walk.hold(offer, fund)
    reader.read(reverse("desk:purchase", args=[held.pk]))
    reader.read(reverse("desk:issue", args=[walk.buy(held).pk]))
    issue(held.pk, **walk.by)
    for name in WITH_TICKETS:
        reader.read(reverse(f"desk:{name}", args=[held.pk]))
    reader.read(reverse("desk:party", args=[party.pk]))
    reader.read(reverse("desk:departures") + "?on=tomorrow")
    change_tomorrow(TicketSet.objects.get(pk=held.pk), walk.at)
    reader.read(reverse("desk:relay") + "?on=tomorrow")
    reader.read(reverse("desk:relay") + "?on=tomorrow&sheet=1")
    reader.read(reverse("desk:fund", args=[fund.pk]))
    void(held.pk, why="mistake", **walk.by)
    assert RefundTask.objects.exists()
    for name in ("refunds", "funds", "fund-open"):
        reader.read(reverse(f"desk:{name}"))
    assert reader.found == []
    assert reader.page.complaints == []
