"""What happens at a counter: pressed twice, gone back, signed out in another tab, parked and taken up, keys."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from onward.apps.accounts.scopes import centre_scope
from onward.apps.cases.models import Decision, Wish
from onward.apps.funds.models import Fund
from onward.apps.funds.queries import balances, is_balanced
from onward.apps.notices.models import Notice
from onward.apps.people.models import Party
from onward.apps.travel.models import RefundTask, TicketSet
from tests.browser.steps import RECEIPT
from tests.conftest import PASSWORD, World
from tests.faces.desk.walkers import Walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press_twice(page: Any, leads_to: str, button: str = ".button-primary:visible") -> None:
    """Two presses as fast as a nervous hand, then wait for what comes: an address that ends so.

    The second press may cut the first one's answer short, which waiting for a navigation would take for a failure.
    """
    page.locator(button).first.dblclick()
    expect(page).to_have_url(re.compile(f"{leads_to}$"), timeout=30_000)
    page.wait_for_load_state()


@pytest.mark.parametrize("has_script", [True, False])
def test_every_button_of_the_money_end_pressed_twice_acts_once(
    has_script: bool, open_desk: Callable[..., Any], desk: World, fund: Fund
) -> None:
    walk = Walk(desk.worker)
    party = walk.interview(["chicago"])
    walk.offers()
    page = open_desk(java_script_enabled=has_script)
    page.goto(reverse("desk:offers", args=[party.pk]))
    press_twice(page, "/pay/", "button[name=offer]")
    for box in page.locator("[name=heard]").all():
        box.check()
    for name in ("consent", "notice"):
        page.locator(f"[name={name}][value=yes]").check(force=True)
    page.get_by_label("City fund").check()
    press_twice(page, "/purchase/")
    page.fill("[name=confirmation]", "K7M2QX")
    page.set_input_files("[name=receipt]", {"name": "r.png", "mimeType": "image/png", "buffer": RECEIPT})
    press_twice(page, "/issue/")
    press_twice(page, "/tickets/[^/]+/")
    page.goto(reverse("desk:void", args=[TicketSet.objects.get().pk]))
    press_twice(page, "/offers/", "main .button-danger")
    assert (Decision.objects.count(), TicketSet.objects.get().state) == (1, TicketSet.State.VOID)
    assert (RefundTask.objects.count(), Notice.objects.filter(kind="coming").count()) == (1, 1)
    assert balances(fund)["available"].minor == 1_000_000 - RefundTask.objects.get().amount_minor
    assert is_balanced()


def test_going_back_to_a_page_already_sent_and_sending_it_again_leads_to_where_things_stand(
    open_desk: Callable[..., Any], desk: World, fund: Fund
) -> None:
    walk = Walk(desk.worker)
    walk.interview(["chicago"])
    bought = walk.buy(walk.hold(next(one for one in walk.offers() if one.fare_minor and not one.withheld), fund))
    page = open_desk()
    page.goto(reverse("desk:issue", args=[bought.pk]))
    page.click(".button-primary")
    page.wait_for_url("**/tickets/*/")
    page.go_back()
    if "/issue/" in page.url:
        page.locator(".button-primary").first.click()
    page.wait_for_url("**/tickets/*/")
    assert TicketSet.objects.get().state == TicketSet.State.ISSUED
    assert Notice.objects.count() == 1


def test_what_was_typed_when_another_tab_signed_out_is_saved_after_signing_in(
    open_desk: Callable[..., Any], make_party: Callable[..., Any], desk: World
) -> None:
    party = make_party(people=1)
    page = open_desk()
    page.goto(f"/case/{party.pk}/interview/wishes/")
    page.fill("[name=words]", "donde mi tía, en Denver")
    page.fill("[name=place]", "Denver")
    other = page.context.new_page()
    other.goto("/")
    other.click("form[action='/sign-out/'] button")
    page.locator("button[form=step]").first.click()
    assert page.locator(".message-warn").count() == 1
    page.fill("[name=username]", "case_worker@new-york.example")
    page.fill("[name=password]", PASSWORD)
    page.click("main .button-primary")
    page.click("main .button-primary")
    page.wait_for_url("**/interview/**")
    with centre_scope(desk.new_york.pk):
        assert [wish.place_id for wish in Wish.objects.all()] == ["denver"]
    assert "donde mi tía, en Denver" in page.inner_text("main")


def test_an_interview_breaks_off_and_is_taken_up_from_today(
    open_desk: Callable[..., Any], make_party: Callable[..., Any]
) -> None:
    party = make_party(people=2)
    page = open_desk()
    page.goto(f"/case/{party.pk}/")
    assert page.title().startswith(party.label) and "Rosa" not in page.title()
    page.get_by_role("link", name="Park").click()
    page.get_by_label("In an hour").check()
    page.get_by_label("They need to rest or to eat").check()
    page.get_by_role("button", name="Park this case").click()
    page.get_by_role("button", name="Take up again").first.click()
    page.wait_for_url("**/interview/")
    party.refresh_from_db()
    assert party.state == Party.State.IN_INTERVIEW
    page.goto("/")
    page.keyboard.press("n")
    page.wait_for_url("**/arrive/")
    assert page.complaints == []
