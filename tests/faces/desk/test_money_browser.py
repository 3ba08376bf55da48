"""The money end of the walk in a real Chromium: with script off, in Arabic, at 320 pixels, under the content policy."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from onward.apps.funds.models import Fund
from onward.apps.travel.models import TicketSet
from tests.conftest import World
from tests.faces.desk.conftest import CHROMIUM, now, sign_in
from tests.faces.desk.demo_timetables import demo_timetables
from tests.faces.desk.walkers import Walk, first_open, make_desks, make_fund
from tests.faces.look.test_look import OVERFLOWING, find_barriers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROSY = b"\x89PNG\r\n\x1a\n" + b"0" * 100


def url(name: str, *args: object) -> str:
    return reverse(f"desk:{name}", args=args)


@pytest.fixture
def walk(transactional_db: None, desk: World) -> Iterator[Walk]:
    make_desks(now())
    with demo_timetables():
        yield Walk(desk.worker)


@pytest.fixture
def fund(walk: Walk, desk: World) -> Fund:
    return make_fund(desk.coordinator, now())


@pytest.fixture
def open_window(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    """A window of somebody signed in: open_window("coordinator", language="ar", width=320)."""
    if not CHROMIUM.exists():
        pytest.skip("not run: there is no Chromium at /usr/bin/chromium")
    from playwright.sync_api import sync_playwright

    # Playwright keeps a loop running in this thread, in which Django would refuse the test's own reads.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])

        def opened(client: Client, *, language: str = "en", width: int = 1280, **more: Any) -> Any:
            context = browser.new_context(viewport={"width": width, "height": 900}, base_url=live_server.url, **more)
            kept = {"sessionid": client.cookies["sessionid"].value, "django_language": language}
            context.add_cookies(
                [{"name": name, "value": value, "url": live_server.url} for name, value in kept.items()]
            )
            page = context.new_page()
            page.complaints = []
            page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
            return page

        yield opened
        browser.close()


def test_a_worker_takes_a_family_from_the_journeys_to_the_packet_without_script(
    walk: Walk, fund: Fund, open_window: Callable[..., Any], tmp_path: Path
) -> None:
    party = walk.interview(["chicago", "atlanta", ""])
    walk.meet()
    client = sign_in()
    page = open_window(client, java_script_enabled=False)
    page.goto(url("offers", party.pk))
    page.get_by_role("button", name="Find journeys").click()
    page.get_by_role("button", name="Choose this 3").click()
    for box in page.locator('input[name="heard"]').all():
        box.check()
    page.locator('input[name="consent"][value="yes"]').check()
    page.locator('input[name="notice"][value="yes"]').check()
    page.get_by_label("City fund").check()
    page.get_by_role("button", name="Hold 3 tickets").click()
    page.get_by_label("Confirmation number").fill("k7m2 qx")
    receipt = tmp_path / "receipt.png"
    receipt.write_bytes(ROSY)
    page.get_by_label("Receipt").set_input_files(receipt)
    page.get_by_role("button", name="Record this purchase").click()
    page.get_by_role("button", name="Issue 3 tickets").click()
    page.get_by_role("link", name="Print the packet").click()
    assert page.locator(".packet-number").inner_text() == party.label
    assert TicketSet.objects.get().state == TicketSet.State.ISSUED
    page.goto(url("void", TicketSet.objects.get().pk))
    page.get_by_role("button", name="will be asked back").click()
    page.goto(url("refunds"))
    assert "in 1 refund" in page.locator(".lede").inner_text()
    page.goto(url("fund", fund.pk))
    assert "Asked back from the carrier" in page.locator(".statement").inner_text()
    assert page.complaints == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_fits_320_pixels_and_has_no_barrier(
    language: str,
    walk: Walk,
    fund: Fund,
    open_window: Callable[..., Any],
) -> None:
    party = walk.interview(["chicago", "atlanta", "montreal", ""], language=language)
    walk.meet()
    offer = first_open(walk.offers())
    phone = open_window(sign_in("coordinator"), language=language, width=320, bypass_csp=True)

    def fits(name: str, *args: object, query: str = "") -> None:
        phone.goto(url(name, *args) + query)
        assert phone.evaluate("document.documentElement.scrollWidth") == 320, name
        assert phone.evaluate(OVERFLOWING) == [], name
        assert find_barriers(phone) == [], name

    fits("offers", party.pk)
    walk.accept(offer)
    fits("pay", party.pk)
    held = walk.hold(offer, fund)
    fits("purchase", held.pk)
    fits("issue", walk.buy(held).pk)
    from onward.apps.travel.actions import issue

    issue(held.pk, **walk.by)
    for name in ("tickets", "void", "change", "departure", "packet", "driver-card"):
        fits(name, held.pk)
    fits("departures", query="?on=tomorrow")
    fits("fund", fund.pk)
    for name in ("refunds", "funds", "fund-open"):
        fits(name)
    wide = open_window(sign_in(), language=language)
    for name in ("tickets", "change", "packet", "departure"):
        wide.goto(url(name, held.pk))
    wide.goto(url("offers", party.pk))
    wide.goto(url("departures") + "?on=tomorrow")
    assert wide.complaints == []
