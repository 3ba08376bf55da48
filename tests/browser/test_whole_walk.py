"""The whole walk in a real browser: from the door to the answer read out, another journey, and the money asked back."""

from collections.abc import Callable
from typing import Any

import pytest

from onward.apps.accounts.scopes import centre_scope
from onward.apps.funds.models import Fund
from onward.apps.funds.queries import is_balanced
from onward.apps.places.models import ReceivingPlace
from onward.apps.travel.models import RefundTask, TicketSet
from tests.browser.steps import Hands, Letterbox, keep
from tests.conftest import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WISH = "donde mi hermana, en Chicago"


def answer(page: Any, code: str, words: str) -> None:
    """The place answers by its link."""
    page.locator(f"[name=code][value={code}]").check()
    page.fill("[name=words]", words)
    page.click(".button-primary")


def walk(hands: Hands, letters: Letterbox, open_link: Callable[..., Any]) -> None:
    """Everything that happens to one family; the pages say it as they go."""
    page = hands.page
    hands.interview(wish=WISH, place="Chicago")
    hands.choose_journey()
    hands.hold("City fund")
    hands.buy("k7m2 qx")
    hands.issue()
    tickets = page.url
    assert page.locator(".says-waiting").count() == 1, "the notice is on its way"

    first = letters.carry()
    place = open_link(first.link)
    keep(place, f"{hands.shots}-receiver")
    answer(place, "can", "Two cots are ready.")
    page.goto(tickets)
    assert page.locator(".says-told").count() == 1 and page.locator(".says-done").count() == 1, "delivered, and opened"
    assert "Two cots are ready." in page.inner_text("main .message-warn")
    hands.see("tickets-answered")
    page.click("main .message-warn button")
    assert "Two cots are ready." in page.inner_text("main .message-told")

    page.click("a[href$='/packet/']")
    hands.see("packet")
    assert page.locator(".packet-number").count() >= 1
    page.goto(tickets)
    hands.change("k7m2 qy")
    second = letters.carry()
    place.goto(first.link)
    assert place.get_attribute(".button-primary", "href") in second.link, "the old link leads to the newest notice"
    keep(place, f"{hands.shots}-receiver-replaced")

    hands.void()
    hands.see("offers-after")
    letters.carry()
    place.goto(second.link)
    place.click(".button-primary")
    assert place.locator("[name=code]").count() == 0, "nobody is asked about a journey that is off"
    keep(place, f"{hands.shots}-receiver-cancelled")
    place.click("main .button-primary")
    assert place.locator(".message-done").count() == 1


def check_books(world: World, fund: Fund) -> None:
    """Two sets void, both to be asked back in full, and the books balance."""
    with centre_scope(world.new_york.pk):
        sets = TicketSet.objects.all()
        assert {one.state for one in sets} == {TicketSet.State.VOID}
        paid = sorted(one.fare_minor + one.tax_minor + one.fee_minor for one in sets)
        assert paid == sorted(one.amount_minor for one in RefundTask.objects.all()) and len(paid) == 2
        assert is_balanced()


def test_a_family_walks_from_the_door_to_the_refund_in_english(
    open_desk: Callable[..., Any], open_link: Callable[..., Any], letters: Letterbox, desk: World, fund: Fund
) -> None:
    page = open_desk()
    walk(Hands(page, "en"), letters, open_link)
    page.goto("/refunds/")
    assert "in 2 refunds" in page.inner_text(".lede")
    check_books(desk, fund)
    assert page.complaints == []


def test_the_same_walk_in_spanish_on_both_sides_and_without_script(
    open_desk: Callable[..., Any], open_link: Callable[..., Any], letters: Letterbox, desk: World, fund: Fund
) -> None:
    ReceivingPlace.objects.update(language="es")
    page = open_desk(language="es", java_script_enabled=False)
    walk(Hands(page, "es"), letters, lambda address: open_link(address, java_script_enabled=False))
    assert page.get_attribute("html", "lang") == "es"
    page.goto("/refunds/")
    assert "2 reembolsos" in page.inner_text(".lede")
    check_books(desk, fund)
