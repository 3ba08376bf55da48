"""From the journeys to the issued tickets: every page opens, within its queries, and each step is saved as sent."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from onward.apps.cases.models import Consent, Decision, Offer
from onward.apps.funds.models import Fund, Transfer
from onward.apps.funds.queries import balances, is_balanced
from onward.apps.notices.models import Answer, Notice
from onward.apps.people.models import Look, Party
from onward.apps.travel.actions import issue
from onward.apps.travel.models import RefundTask, TicketSet
from tests.conftest import World
from tests.faces.desk.conftest import QUERIES_MOST, check, now, sign_in, text_of, url
from tests.faces.desk.walkers import Walk, first_open, make_fund

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 200
State = TicketSet.State


def paid(ticket_set: TicketSet, number: str = "K7M2", **more: object) -> dict[str, object]:
    price = {f"{name}": f"{getattr(ticket_set, f'{name}_minor') / 100:.2f}" for name in ("fare", "tax", "fee")}
    return {"confirmation": number, **price, **more}


def test_journeys_are_found_and_stand_beside_staying_deciding_later_and_saying_no(browser: Client, walk: Walk) -> None:
    party = walk.interview(["chicago", "montreal", ""])
    empty = text_of(browser.get(url("offers", party.pk)))
    assert "No place is known yet for wish 3" in empty
    on = (walk.at + timedelta(days=1)).date().isoformat()
    answer = browser.post(url("offers", party.pk), {"earliest_on": on}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count('class="offer"') == Offer.objects.count() + 2 + 3
    for act in ("Stay", "Decide later", "Say no", "Choose this"):
        assert f">{act}<" in page
    assert 'role="img"' in page
    assert "says it has no room now" in text_of(answer)
    assert " style=" not in page


def test_a_journey_over_a_land_border_is_shown_with_its_reason_and_cannot_be_chosen(
    browser: Client, walk: Walk
) -> None:
    party = walk.interview(["montreal"])
    offers = walk.offers()
    assert {one.withheld for one in offers} == {"land_border"}
    page = browser.get(url("offers", party.pk))
    assert "This journey leads to or across a land border." in text_of(page)
    assert b'value="accept"' not in page.content
    answer = browser.post(url("decide", party.pk), {"kind": "accept", "offer": offers[0].pk}, follow=True)
    assert "This journey leads to or across a land border." in text_of(answer)
    assert not Decision.objects.exists()


@pytest.mark.parametrize(("kind", "state"), [("stay", "stays"), ("later", "decides_later"), ("decline", "declined")])
def test_staying_deciding_later_and_saying_no_take_one_press_and_a_second_press_changes_nothing(
    browser: Client, walk: Walk, kind: str, state: str
) -> None:
    party = walk.interview(["chicago"])
    walk.offers()
    for _ in range(2):
        browser.post(url("decide", party.pk), {"kind": kind})
    party.refresh_from_db()
    assert (party.state, Decision.objects.count()) == (state, 1)


def test_a_day_that_cannot_be_read_is_said_and_nothing_is_decided(browser: Client, walk: Walk) -> None:
    party = walk.interview(["chicago"])
    walk.offers()
    answer = browser.post(url("decide", party.pk), {"kind": "later", "ask_again_on": "tomorrow"}, follow=True)
    assert "“tomorrow” is not a day." in text_of(answer)
    assert not Decision.objects.exists()


def test_the_walk_from_choosing_to_the_issued_tickets(browser: Client, walk: Walk, fund: Fund) -> None:
    party = walk.interview(["chicago"])
    offer = first_open(walk.offers())
    answer = browser.post(url("decide", party.pk), {"kind": "accept", "offer": offer.pk}, follow=True)
    assert answer.redirect_chain[-1][0] == url("pay", party.pk)
    assert "Rosa Núñez 1" in text_of(answer)
    assert "Hold 3 tickets" in text_of(answer)
    answer = browser.post(url("pay", party.pk), check(offer, f"fund:{fund.pk}"), follow=True)
    held = TicketSet.objects.get()
    assert answer.redirect_chain[-1][0] == url("purchase", held.pk)
    assert f'value="{held.fare_minor / 100:.2f}"' in answer.content.decode()
    from django.core.files.uploadedfile import SimpleUploadedFile

    receipt = SimpleUploadedFile("r.png", PNG, content_type="image/png")
    answer = browser.post(url("purchase", held.pk), paid(held, receipt=receipt), follow=True)
    assert answer.redirect_chain[-1][0] == url("issue", held.pk)
    assert "Issue 3 tickets" in text_of(answer)
    answer = browser.post(url("issue", held.pk), follow=True)
    assert answer.redirect_chain[-1][0] == url("tickets", held.pk)
    held.refresh_from_db()
    assert held.state == State.ISSUED
    assert Notice.objects.count() == 1
    assert is_balanced()
    kept = browser.get(url("receipt", held.pk))
    assert (kept.content, kept["Content-Type"]) == (PNG, "image/png")


def test_pressing_twice_holds_buys_and_issues_once(browser: Client, walk: Walk, fund: Fund) -> None:
    party = walk.interview(["chicago"])
    offer = first_open(walk.offers())
    for _ in range(2):
        browser.post(url("decide", party.pk), {"kind": "accept", "offer": offer.pk})
    for _ in range(2):
        browser.post(url("pay", party.pk), check(offer, f"fund:{fund.pk}"))
    held = TicketSet.objects.get()
    for _ in range(2):
        browser.post(url("purchase", held.pk), paid(held))
    for _ in range(2):
        answer = browser.post(url("issue", held.pk), follow=True)
    assert "issued already" in text_of(answer)
    total = held.fare_minor + held.tax_minor + held.fee_minor
    assert balances(fund)["available"].minor == 1_000_000 - total
    assert (Notice.objects.count(), Decision.objects.count()) == (1, 1)
    assert Consent.objects.filter(step=Consent.Step.PURCHASE).count() == 1


def test_another_confirmation_number_for_bought_tickets_is_refused_in_words(
    browser: Client, walk: Walk, fund: Fund
) -> None:
    walk.interview(["chicago"])
    bought = walk.buy(walk.hold(first_open(walk.offers()), fund))
    answer = browser.post(url("purchase", bought.pk), paid(bought, "OTHER"))
    assert answer.status_code == 422
    assert "A purchase with another number was recorded" in text_of(answer)


def test_a_no_at_the_check_page_is_kept_and_buys_nothing(browser: Client, walk: Walk, fund: Fund) -> None:
    party = walk.interview(["chicago"])
    offer = first_open(walk.offers())
    browser.post(url("decide", party.pk), {"kind": "accept", "offer": offer.pk})
    answer = browser.post(url("pay", party.pk), check(offer, f"fund:{fund.pk}", consent="no"), follow=True)
    assert "they do not want these tickets" in text_of(answer)
    assert not TicketSet.objects.exists()
    answer = browser.post(url("pay", party.pk), check(offer, f"fund:{fund.pk}"), follow=True)
    assert TicketSet.objects.get().state == State.HELD


def test_every_warning_has_to_be_told_before_anything_is_held(browser: Client, walk: Walk, fund: Fund) -> None:
    party = walk.interview(["chicago"])
    offer = first_open(walk.offers())
    browser.post(url("decide", party.pk), {"kind": "accept", "offer": offer.pk})
    given = check(offer, f"fund:{fund.pk}")
    assert len(given["heard"]) >= 2  # type: ignore[arg-type]
    answer = browser.post(url("pay", party.pk), {**given, "heard": ["0"]})
    assert answer.status_code == 422
    assert "Tell them each of these" in text_of(answer)
    assert not TicketSet.objects.exists()


def test_a_fund_that_may_not_pay_stands_there_with_its_reason_and_cannot_be_chosen(
    browser: Client, walk: Walk, desk: World, fund: Fund
) -> None:
    narrow = make_fund(desk.coordinator, now(), name="Rail only", rules={"modes": ["ferry"]})
    party = walk.interview(["chicago"])
    offer = first_open(walk.offers())
    browser.post(url("decide", party.pk), {"kind": "accept", "offer": offer.pk})
    page = text_of(browser.get(url("pay", party.pk)))
    assert "Rail only : This fund pays for ferry" in page
    answer = browser.post(url("pay", party.pk), check(offer, f"fund:{narrow.pk}"))
    assert answer.status_code == 422
    assert not TicketSet.objects.exists()


def test_what_stops_a_ticket_stands_on_the_check_page_without_a_button(browser: Client, walk: Walk) -> None:
    from onward.apps.cases.actions import record_answers

    party = walk.interview(["chicago"])
    offer = first_open(walk.offers())
    browser.post(url("decide", party.pk), {"kind": "accept", "offer": offer.pk})
    record_answers(party.pk, {"fit_to_travel": "no"}, **walk.by)
    page = text_of(browser.get(url("pay", party.pk)))
    assert "Somebody of the party is not fit to travel. Let them see a nurse or a doctor" in page
    assert "Hold 3 tickets" not in page


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"GIF89a not a receipt", "neither a picture (PNG, JPEG) nor a PDF"), (b"0" * (10 * 1024 * 1024 + 1), "10 MB")],
)
def test_a_receipt_that_cannot_be_kept_is_said_by_its_field_and_nothing_is_bought(
    browser: Client, walk: Walk, fund: Fund, content: bytes, said: str
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    walk.interview(["chicago"])
    held = walk.hold(first_open(walk.offers()), fund)
    sent = paid(held, receipt=SimpleUploadedFile("r.png", content, content_type="image/png"))
    answer = browser.post(url("purchase", held.pk), sent)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert 'value="K7M2"' in answer.content.decode()
    held.refresh_from_db()
    assert held.state == State.HELD


def test_an_amount_that_cannot_be_read_is_said_by_its_field_and_what_was_typed_stays(
    browser: Client, walk: Walk, fund: Fund
) -> None:
    walk.interview(["chicago"])
    held = walk.hold(first_open(walk.offers()), fund)
    answer = browser.post(url("purchase", held.pk), paid(held, fare="twelve"))
    assert answer.status_code == 422
    assert "“twelve” is not an amount of money." in text_of(answer)
    assert 'value="twelve"' in answer.content.decode()


def test_voiding_says_what_is_asked_back_and_opens_a_refund(browser: Client, walk: Walk, fund: Fund) -> None:
    walk.interview(["chicago"])
    issued = walk.issue(first_open(walk.offers()), fund)
    total = issued.fare_minor + issued.tax_minor + issued.fee_minor
    assert f"Void: ${total / 100:,.2f} will be asked back" in text_of(browser.get(url("void", issued.pk)))
    for _ in range(2):
        answer = browser.post(url("void", issued.pk), {"why": "changed_mind"}, follow=True)
    assert "void already" in text_of(answer)
    assert RefundTask.objects.get().amount_minor == total
    page = text_of(browser.get(url("refunds")))
    assert f"${total / 100:,.2f} to be asked back, in 1 refund." in page


def test_a_refund_comes_back_in_part_or_an_amount_too_large_is_said(browser: Client, walk: Walk, fund: Fund) -> None:
    walk.interview(["chicago"])
    issued = walk.issue(first_open(walk.offers()), fund)
    browser.post(url("void", issued.pk), {"why": "mistake"})
    refund = RefundTask.objects.get()
    field = f"refund-{refund.pk}-received"
    wrong = browser.post(url("refund", refund.pk), {"state": "received", field: "99999"})
    assert wrong.status_code == 422
    assert "What came back is more than nothing and at most" in text_of(wrong)
    browser.post(url("refund", refund.pk), {"state": "received", field: "1.00"})
    refund.refresh_from_db()
    assert (refund.state, refund.received_minor) == ("received", 100)
    assert is_balanced()


def test_a_change_voids_the_old_set_and_holds_the_new_one_once(browser: Client, walk: Walk, fund: Fund) -> None:
    walk.interview(["chicago"])
    offers = walk.offers()
    first = first_open(offers)
    other = next(one for one in offers if one.pk != first.pk and one.fare_minor is not None and not one.withheld)
    issued = walk.issue(first, fund)
    page = browser.get(url("change", issued.pk) + f"?offer={other.pk}")
    assert f'value="{other.pk}"' in page.content.decode()
    assert "checked" in page.content.decode()
    for _ in range(2):
        answer = browser.post(url("change", issued.pk), {"offer": other.pk, "consent": "yes"}, follow=True)
    new = TicketSet.objects.get(state=State.HELD)
    assert answer.redirect_chain[-1][0] == url("purchase", new.pk)
    assert TicketSet.objects.count() == 2
    assert Notice.objects.filter(kind="cancelled").count() == 0


def test_a_departure_is_recorded_with_their_word_on_leaving(browser: Client, walk: Walk, fund: Fund) -> None:
    walk.interview(["chicago"])
    issued = walk.issue(first_open(walk.offers(days=0)), fund)
    TicketSet.objects.filter(pk=issued.pk).update(depart_at=now() + timedelta(minutes=20))
    Offer.objects.filter(pk=issued.offer_id).update(depart_at=now() + timedelta(minutes=20))
    refused = browser.post(url("departure", issued.pk), {"outcome": "left"})
    assert refused.status_code == 422
    assert "Ask them and choose their answer." in text_of(refused)
    browser.post(url("departure", issued.pk), {"outcome": "left", "leave": "yes"})
    issued.refresh_from_db()
    assert issued.state == State.LEFT
    assert Party.objects.get().state == Party.State.LEFT


def test_a_no_on_leaving_is_kept_and_leads_to_voiding(browser: Client, walk: Walk, fund: Fund) -> None:
    walk.interview(["chicago"])
    issued = walk.issue(first_open(walk.offers()), fund)
    answer = browser.post(url("departure", issued.pk), {"outcome": "left", "leave": "no"})
    assert answer["Location"] == url("void", issued.pk)
    assert Consent.objects.filter(step=Consent.Step.LEAVE, is_yes=False).count() == 1


def test_a_place_s_answer_is_read_to_the_family_and_marked(browser: Client, walk: Walk, fund: Fund) -> None:
    walk.interview(["chicago"])
    issued = walk.issue(first_open(walk.offers()), fund)
    said = Answer.objects.create(
        centre_id=issued.centre_id, notice=Notice.objects.get(), code="cannot", words="No cots left.", answered_at=now()
    )
    page = text_of(browser.get(url("tickets", issued.pk)))
    assert "Read this to them before they leave" in page
    assert "“No cots left.”" in page
    browser.post(url("read-out", issued.pk), {"answer": said.pk})
    said.refresh_from_db()
    assert said.read_out_at is not None


def test_taking_back_the_yes_to_telling_recalls_the_notice(browser: Client, walk: Walk, fund: Fund) -> None:
    walk.interview(["chicago"])
    issued = walk.issue(first_open(walk.offers()), fund)
    page = text_of(browser.post(url("telling", issued.pk), {"notice": "no"}, follow=True))
    assert "They do not want Chicago to be told." in page
    assert Notice.objects.filter(kind="withdrawn").count() == 1


def test_funds_read_like_a_statement_also_for_the_auditor_who_opens_no_case(
    browser: Client, walk: Walk, fund: Fund
) -> None:
    party = walk.interview(["chicago"])
    issued = walk.issue(first_open(walk.offers()), fund)
    auditor = sign_in("auditor")
    page = auditor.get(url("fund", fund.pk))
    assert f"· {party.label}" in text_of(page).replace(" ,", ",")
    assert url("tickets", issued.pk) not in page.content.decode()
    assert url("tickets", issued.pk) in browser.get(url("fund", fund.pk)).content.decode()
    assert auditor.get(url("tickets", issued.pk)).status_code == 403
    assert auditor.get(url("packet", issued.pk)).status_code == 403
    assert auditor.get(url("funds")).status_code == 200


def test_a_coordinator_opens_a_fund_and_records_a_grant_once(desk: World) -> None:
    coordinator = sign_in("coordinator")
    once = re.search(r'name="once" value="([^"]+)"', coordinator.get(url("fund-open")).content.decode())
    assert once is not None
    rules = {"most": "250", "countries": "us, ca", "modes": ["coach"], "until": "2031-06-30"}
    given = {"name": "Winter", "payer": "A foundation", "kept_in": "USD", "once": once.group(1), **rules}
    for _ in range(2):
        coordinator.post(url("fund-open"), given)
    fund = Fund.objects.get(name="Winter")
    assert fund.rules == {
        "max_per_head_minor": 25_000,
        "countries": ["US", "CA"],
        "modes": ["coach"],
        "until": "2031-06-30",
    }
    for _ in range(2):
        coordinator.post(url("fund", fund.pk), {"amount": "1,500.00", "cause": "letter: 9"})
    assert balances(fund)["available"].minor == 150_000
    assert Transfer.objects.count() == 1
    assert "Granted, letter: 9" in coordinator.get(url("fund", fund.pk)).content.decode()
    assert sign_in().get(url("fund-open")).status_code == 403


def test_another_centre_s_tickets_are_not_there(walk: Walk, fund: Fund) -> None:
    walk.interview(["chicago"])
    issued = walk.issue(first_open(walk.offers()), fund)
    denver = sign_in(place="denver")
    for name in ("tickets", "purchase", "issue", "void", "change", "packet", "driver-card", "departure"):
        assert denver.get(url(name, issued.pk)).status_code == 404, name


def test_every_page_opens_within_its_queries(walk: Walk, fund: Fund, desk: World) -> None:
    browser = sign_in("coordinator")
    browser.get("/")
    seen: dict[str, int] = {}

    def opens(name: str, *args: object, query: str = "") -> None:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(url(name, *args) + query).status_code == 200, name
        seen[name] = len(asked)

    walk.interview(["chicago"])
    first = first_open(walk.offers())
    for _ in range(3):
        gone = walk.issue(first, fund)
        browser.post(url("void", gone.pk), {"why": "mistake"})
    party = walk.interview(["chicago", "atlanta", "montreal", ""])
    walk.meet()
    offer = first_open(walk.offers())
    opens("offers", party.pk)
    browser.post(url("decide", party.pk), {"kind": "accept", "offer": offer.pk})
    opens("pay", party.pk)
    held = walk.hold(offer, fund)
    opens("purchase", held.pk)
    opens("issue", walk.buy(held).pk)
    issue(held.pk, **walk.by)
    for name in ("tickets", "void", "change", "departure", "packet", "driver-card"):
        opens(name, held.pk)
    opens("departures", query="?on=tomorrow")
    opens("fund", fund.pk)
    for name in ("refunds", "funds", "fund-open"):
        opens(name)
    assert {name: count for name, count in seen.items() if count > QUERIES_MOST} == {}
    print(seen)  # noqa: T201  (the figures, when asked for with -s)


def test_the_packet_leaves_one_look(browser: Client, walk: Walk, fund: Fund) -> None:
    walk.interview(["chicago"])
    issued = walk.issue(first_open(walk.offers()), fund)
    before = Look.objects.count()
    browser.get(url("packet", issued.pk))
    assert Look.objects.count() == before + 1
    assert Look.objects.order_by("-pk").first().what == "packet"  # type: ignore[union-attr]
