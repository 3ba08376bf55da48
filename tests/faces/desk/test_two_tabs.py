"""One case in two tabs, and on another centre's screen: what is old is said to be, what is not theirs is not there."""

from django.test import Client

from onward.apps.cases.models import Consent, Decision, Offer
from onward.apps.funds.models import Fund
from onward.apps.funds.queries import is_balanced
from onward.apps.notices.models import Notice
from onward.apps.travel.models import TicketSet
from tests.faces.desk.conftest import check, sign_in, text_of, url
from tests.faces.desk.test_relay import change_tomorrow
from tests.faces.desk.walkers import Walk, first_open


def choose(browser: Client, offer: Offer) -> None:
    browser.post(url("decide", offer.party_id), {"kind": "accept", "offer": offer.pk})


def test_a_check_page_of_a_journey_no_longer_chosen_holds_nothing_and_leads_to_the_one_chosen(
    browser: Client, walk: Walk, fund: Fund
) -> None:
    party = walk.interview(["chicago"])
    one, other = [offer for offer in walk.offers() if not offer.withheld][:2]
    choose(browser, one)
    choose(browser, other)
    answer = browser.post(url("pay", party.pk), check(one, f"fund:{fund.pk}"), follow=True)
    assert "Another journey was chosen since" in text_of(answer)
    assert not TicketSet.objects.exists()
    assert not Consent.objects.filter(step=Consent.Step.PURCHASE).exists(), "their yes was to the other journey"
    assert f'name="offer" value="{other.pk}"' in answer.content.decode()
    assert "checked" not in answer.content.decode().split('name="heard"')[1][:200]
    assert (
        url("purchase", 0)[:9]
        in browser.post(url("pay", party.pk), check(other, f"fund:{fund.pk}")).headers["Location"]
    )


def test_going_back_after_choosing_and_choosing_another_keeps_both_and_the_last_stands(
    browser: Client, walk: Walk, fund: Fund
) -> None:
    party = walk.interview(["chicago"])
    one, other = [offer for offer in walk.offers() if not offer.withheld][:2]
    for offer in (one, one, other, one):
        choose(browser, offer)
    assert list(Decision.objects.order_by("pk").values_list("offer", flat=True)) == [one.pk, other.pk, one.pk]
    browser.post(url("pay", party.pk), check(one, f"fund:{fund.pk}"))
    assert TicketSet.objects.get().offer_id == one.pk


def test_the_same_issue_page_in_two_tabs_issues_once(browser: Client, walk: Walk, fund: Fund) -> None:
    walk.interview(["chicago"])
    bought = walk.buy(walk.hold(first_open(walk.offers()), fund))
    pages = [browser.get(url("issue", bought.pk)) for _ in range(2)]
    assert [page.status_code for page in pages] == [200, 200]
    for _ in pages:
        answer = browser.post(url("issue", bought.pk), follow=True)
        assert answer.redirect_chain[-1][0] == url("tickets", bought.pk)
    assert Notice.objects.count() == 1 and is_balanced()


def test_another_centre_sees_neither_journeys_nor_relay_sheets(walk: Walk, fund: Fund) -> None:
    party = walk.interview(["chicago"])
    change_tomorrow(walk.issue(first_open(walk.offers()), fund), walk.at)
    denver = sign_in(place="denver")
    for name in ("offers", "pay", "party"):
        assert denver.get(url(name, party.pk)).status_code == 404, name
    before = Decision.objects.count()
    assert denver.post(url("decide", party.pk), {"kind": "stay"}, follow=True).status_code == 404
    assert Decision.objects.count() == before
    relay = denver.get(url("relay") + "?on=tomorrow")
    assert relay.status_code == 200 and "Cleveland" not in relay.content.decode()
    assert denver.get(url("relay") + "?on=tomorrow&sheet=1").status_code == 404
