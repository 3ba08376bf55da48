"""What tired or hostile hands send to the money end: said by its field, in the page's language, nothing done."""

import re
import tracemalloc
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext

from onward.apps.accounts.models import Account
from onward.apps.cases.models import Decision
from onward.apps.funds.actions import grant, open_fund
from onward.apps.funds.models import Fund
from onward.apps.funds.queries import balances, is_balanced
from onward.apps.notices.models import Notice
from onward.apps.people.models import AgeBand
from onward.apps.travel.models import TicketSet
from onward.core.money import Money
from tests.conftest import PASSWORD, World
from tests.faces.desk.conftest import now, text_of, url
from tests.faces.desk.walkers import Walk, first_open

BACKEND = "django.contrib.auth.backends.ModelBackend"
LARGE = 200 * 1024 * 1024
EXE = b"MZ\x90\x00" + b"\x00" * 300


@pytest.fixture
def held(walk: Walk, fund: Fund) -> TicketSet:
    """Tickets for which money is set aside."""
    walk.interview(["chicago"])
    return walk.hold(first_open(walk.offers()), fund)


def check(offer: Any, payer: str) -> dict[str, object]:
    """The check page filled in by a worker who has read out everything."""
    from onward.faces.desk.pay import list_heard

    heard = [str(number) for number in range(len(list_heard(offer)))]
    return {"offer": offer.pk, "heard": heard, "consent": "yes", "notice": "yes", "payer": payer}


def paid(ticket_set: TicketSet, **more: object) -> dict[str, object]:
    price = {name: f"{getattr(ticket_set, f'{name}_minor') / 100:.2f}" for name in ("fare", "tax", "fee")}
    return {"confirmation": "K7M2", **price, **more}


class Stream:
    """A form with a huge file in it, made as it is read."""

    def __init__(self, fields: dict[str, object], size: int, boundary: str) -> None:
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()
        ]
        file = f'--{boundary}\r\nContent-Disposition: form-data; name="receipt"; filename="r.png"\r\n\r\n'
        self.head, self.tail = ("".join(parts) + file).encode(), f"\r\n--{boundary}--\r\n".encode()
        self.left, self.size = size, len(self.head) + size + len(self.tail)

    def read(self, most: int = -1) -> bytes:
        """The next bytes, at most `most`."""
        if self.head:
            piece, self.head = self.head[:most], self.head[most:]
        elif self.left:
            piece = bytes(min(self.left, most if most >= 0 else self.left))
            self.left -= len(piece)
        else:
            piece, self.tail = self.tail[:most], self.tail[most:]
        return piece

    readline = read


def test_a_receipt_of_200_mb_is_refused_by_its_field_and_never_lies_in_memory(browser: Client, held: TicketSet) -> None:
    body = Stream(paid(held), LARGE, "cut-here")
    browser.get(url("purchase", held.pk))
    tracemalloc.start()
    answer = browser.request(
        REQUEST_METHOD="POST",
        PATH_INFO=url("purchase", held.pk),
        CONTENT_TYPE="multipart/form-data; boundary=cut-here",
        CONTENT_LENGTH=str(body.size),
        **{"wsgi.input": body},
    )
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.status_code == 422
    assert "This file is larger than 10 MB." in text_of(answer)
    assert 'value="K7M2"' in answer.content.decode()
    assert most < 30 * 1024 * 1024
    held.refresh_from_db()
    assert held.state == TicketSet.State.HELD


def test_a_program_sent_as_receipt_is_refused_in_the_page_s_language(browser: Client, held: TicketSet) -> None:
    browser.cookies["django_language"] = "es"
    receipt = SimpleUploadedFile("receipt.exe", EXE, content_type="application/pdf")
    answer = browser.post(url("purchase", held.pk), paid(held, receipt=receipt))
    with translation.override("es"):
        said = gettext("Choose the receipt again: a file cannot be kept while something else is wrong.")
    assert answer.status_code == 422 and 'lang="es"' in answer.content.decode()
    assert escape(said) in answer.content.decode() and "Choose the receipt again" not in text_of(answer)
    assert "neither a picture" not in text_of(answer)
    held.refresh_from_db()
    assert held.state == TicketSet.State.HELD


def test_a_fund_in_another_currency_says_why_and_pays_nothing(
    browser: Client, walk: Walk, desk: World, fund: Fund
) -> None:
    euros = open_fund("Euro fund", "A foundation", "EUR", {}, actor=desk.coordinator, now=now())
    grant(euros.pk, Money(1_000_000, "EUR"), cause="letter", actor=desk.coordinator, now=now())
    party = walk.interview(["chicago"])
    offer = first_open(walk.offers())
    browser.post(url("decide", party.pk), {"kind": "accept", "offer": offer.pk})
    page = text_of(browser.get(url("pay", party.pk)))
    assert "Euro fund : " in page and "EUR" in page
    answer = browser.post(url("pay", party.pk), check(offer, f"fund:{euros.pk}"))
    assert answer.status_code == 422 and 'id="id_payer_error"' in answer.content.decode()
    assert not TicketSet.objects.exists()
    assert balances(euros)["available"].minor == 1_000_000


def test_children_without_an_adult_are_stopped_with_whom_to_call_and_nothing_is_held(
    browser: Client, walk: Walk, fund: Fund
) -> None:
    party = walk.interview(["chicago"], bands=(AgeBand.CHILD, AgeBand.CHILD))
    offer = first_open(walk.offers())
    browser.post(url("decide", party.pk), {"kind": "accept", "offer": offer.pk})
    answer = browser.get(url("pay", party.pk))
    assert "No adult is described in this party. Describe the adult" in text_of(answer)
    refused = browser.post(url("pay", party.pk), check(offer, f"fund:{fund.pk}"))
    assert refused.status_code == 422 and not TicketSet.objects.exists()


def test_a_journey_chosen_anew_in_another_tab_is_not_held_from_the_old_page(
    browser: Client, walk: Walk, fund: Fund
) -> None:
    party = walk.interview(["chicago"])
    offers = [one for one in walk.offers() if not one.withheld and one.fare_minor is not None]
    for offer in offers[:2]:
        browser.post(url("decide", party.pk), {"kind": "accept", "offer": offer.pk})
    for old in (offers[0].pk, "9" * 30, ""):
        answer = browser.post(url("pay", party.pk), {**check(offers[1], f"fund:{fund.pk}"), "offer": old})
        assert answer["Location"] == url("pay", party.pk)
        assert "Another journey was chosen since" in text_of(browser.get(url("pay", party.pk)))
    assert not TicketSet.objects.exists() and is_balanced()


def test_tickets_voided_in_another_tab_are_not_issued_bought_or_changed_from_the_old_pages(
    browser: Client, walk: Walk, fund: Fund
) -> None:
    party = walk.interview(["chicago"])
    offers = [one for one in walk.offers() if not one.withheld and one.fare_minor is not None]
    bought = walk.buy(walk.hold(offers[0], fund))
    browser.post(url("void", bought.pk), {"why": "mistake"})
    before = balances(fund)
    for name, given in (
        ("issue", {}),
        ("purchase", paid(bought)),
        ("change", {"offer": offers[1].pk, "consent": "yes"}),
    ):
        page = browser.post(url(name, bought.pk), given, follow=True).content.decode()
        assert 'class="message' in page or "error-summary" in page, name
    assert [one.state for one in TicketSet.objects.filter(party=party)] == [TicketSet.State.VOID]
    assert balances(fund) == before and not Notice.objects.exists()


def test_a_decision_sent_from_an_old_page_leaves_issued_tickets_alone(browser: Client, walk: Walk, fund: Fund) -> None:
    party = walk.interview(["chicago"])
    offers = [one for one in walk.offers() if not one.withheld and one.fare_minor is not None]
    issued = walk.issue(offers[0], fund)
    for given in ({"kind": "accept", "offer": offers[1].pk}, {"kind": "stay"}, {"kind": "decline"}):
        answer = browser.post(url("decide", party.pk), given, follow=True)
        assert answer.status_code == 200 and 'class="message' in answer.content.decode(), given
    issued.refresh_from_db()
    assert issued.state == TicketSet.State.ISSUED
    assert Decision.objects.filter(party=party).count() == 1


def test_a_purchase_typed_after_a_sign_out_goes_through_the_sign_in_and_is_recorded(held: TicketSet) -> None:
    browser = Client()
    here = url("purchase", held.pk)
    page = browser.post(here, paid(held))
    assert page.status_code == 401
    names = re.findall(r'name="(held[._][^"]+)" value="([^"]*)"', page.content.decode())
    who = {"username": "case_worker@new-york.example", "password": PASSWORD}
    page = browser.post(url("sign-in"), {**dict(names), **who})
    assert f'action="{here}"' in page.content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.content.decode()))
    fields.pop("csrfmiddlewaretoken", None)
    answer = browser.post(here, fields)
    assert answer["Location"] == url("issue", held.pk)
    held.refresh_from_db()
    assert held.state == TicketSet.State.BOUGHT


@pytest.mark.parametrize("name", ["payer", "heard", "consent"])
def test_a_field_nobody_could_have_sent_from_the_page_is_refused(
    browser: Client, walk: Walk, fund: Fund, name: str
) -> None:
    party = walk.interview(["chicago"])
    offer = first_open(walk.offers())
    browser.post(url("decide", party.pk), {"kind": "accept", "offer": offer.pk})
    answer = browser.post(url("pay", party.pk), {**check(offer, f"fund:{fund.pk}"), name: "9" * 30})
    assert answer.status_code == 422
    assert not TicketSet.objects.exists()


@pytest.mark.parametrize("ending", ["0", "9" * 30, "-1", "abc"])
def test_an_address_of_nothing_is_a_plain_page(browser: Client, ending: str) -> None:
    for room in ("case", "tickets", "funds", "departures", "refunds"):
        answer = browser.get(f"/{room}/{ending}/")
        assert answer.status_code in (404, 405), room


def test_a_page_from_before_a_new_sign_in_gives_back_what_was_typed_to_be_sent_again(held: TicketSet) -> None:
    browser, here = Client(enforce_csrf_checks=True), url("purchase", held.pk)
    who = {"username": "case_worker@new-york.example", "password": PASSWORD}

    def token(page: Any) -> str:
        return str(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[-1])

    def enter() -> None:
        browser.post(url("sign-in"), {**who, "csrfmiddlewaretoken": token(browser.get(url("sign-in")))})

    enter()
    old = token(browser.get(here))
    browser.post(url("sign-out"), {"csrfmiddlewaretoken": old})
    enter()
    page = browser.post(here, paid(held, csrfmiddlewaretoken=old))
    assert page.status_code == 403 and 'name="confirmation" value="K7M2"' in page.content.decode()
    held.refresh_from_db()
    assert held.state == TicketSet.State.HELD
    answer = browser.post(here, paid(held, csrfmiddlewaretoken=token(page)))
    assert answer["Location"] == url("issue", held.pk)


def test_a_form_another_site_sent_is_not_offered_to_be_sent_again(held: TicketSet) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(Account.objects.get(email="case_worker@new-york.example"), backend=BACKEND)
    for elsewhere in ({"HTTP_ORIGIN": "https://elsewhere.example"}, {}):
        page = browser.post(url("purchase", held.pk), paid(held, csrfmiddlewaretoken="x"), **elsewhere)
        assert page.status_code == 403 and "K7M2" not in page.content.decode()
