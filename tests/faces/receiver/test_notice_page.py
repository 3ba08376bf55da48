"""The notice page: opened by link alone, answered, answered again, and plain about links that do not open."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from onward.apps.accounts.scopes import centre_scope, every_centre
from onward.apps.notices.actions import deliver_due, follow_consent, tell_cancelled, tell_changed, tell_coming
from onward.apps.notices.models import Answer, Notice
from onward.apps.notices.queries import list_answers
from onward.apps.places.models import ReceivingPlace
from onward.apps.travel.models import TicketSet
from tests.apps.notices.world import Pigeon, carrier_of, change_set, make_place, make_set, say_on_notice
from tests.conftest import NOW, World
from tests.faces.receiver.doors import fresh, text, url

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def tickets(world: World) -> TicketSet:
    return make_set(world.new_york, make_place())


@pytest.fixture
def notice(world: World, tickets: TicketSet) -> Notice:
    with centre_scope(world.new_york.pk):
        told = tell_coming(tickets, actor=world.worker, now=NOW)
        assert told is not None
        return told


def test_the_link_opens_the_notice_for_someone_without_account_or_cookie(client: Client, notice: Notice) -> None:
    page = client.get(url(notice))
    assert page.status_code == 200
    assert "4 people are coming on Wed 4 Mar" in text(page)
    assert "between 18:00 and midnight, Montréal time" in text(page)
    assert fresh(notice).first_seen_at == LATER
    assert "no-store" in page["Cache-Control"]


def test_an_answer_is_kept_and_may_be_changed(client: Client, notice: Notice, world: World, tickets: TicketSet) -> None:
    sent = Client(enforce_csrf_checks=True).post(url(notice, "answer"), {"code": "can", "words": ""})
    assert sent.status_code == 302 and sent["Location"] == url(notice)
    client.post(url(notice, "answer"), {"code": "ask_us", "words": "Call before noon.\r\nThank you."})
    page = text(client.get(url(notice)))
    assert "You answered “Ask us first”" in page and "Call before noon.<br>Thank you." in page
    with centre_scope(world.new_york.pk):
        assert [(one.code, one.words) for one in list_answers(tickets.party_id)] == [
            ("can", ""),
            ("ask_us", "Call before noon.\nThank you."),
        ]


def test_the_same_answer_sent_twice_is_one_answer(client: Client, notice: Notice) -> None:
    for _ in range(2):
        client.post(url(notice, "answer"), {"code": "object", "words": "We were not asked."})
    with every_centre("the test looks"):
        assert Answer.objects.count() == 1


def test_an_answer_without_a_choice_comes_back_with_its_words(client: Client, notice: Notice) -> None:
    page = client.post(url(notice, "answer"), {"words": "Please telephone."})
    assert page.status_code == 422
    assert "Choose one of the answers." in text(page) and "Please telephone." in text(page)


def test_401_characters_are_refused_by_the_field_and_nothing_typed_is_lost(client: Client, notice: Notice) -> None:
    page = client.post(url(notice, "answer"), {"code": "can", "words": "\U0001f68c" * 401})
    assert page.status_code == 422
    assert "401 characters long" in text(page) and "\U0001f68c" * 401 in text(page)
    assert client.post(url(notice, "answer"), {"code": "can", "words": "\U0001f68c" * 400}).status_code == 302


def test_markup_in_an_answer_stays_text(client: Client, notice: Notice) -> None:
    client.post(url(notice, "answer"), {"code": "can", "words": "<script>alert(1)</script>"})
    assert "<script>alert" not in text(client.get(url(notice)))


@pytest.mark.parametrize("cut", [lambda url: url[:-4] + "/", lambda url: url.replace("/receive/W", "/receive/X")])
def test_an_altered_link_says_so(client: Client, notice: Notice, cut) -> None:  # type: ignore[no-untyped-def]
    page = client.get(cut(url(notice)))
    assert page.status_code == 404 and "This link is not whole" in text(page)


def test_an_expired_link_says_so(client: Client, notice: Notice) -> None:
    with time_machine.travel(notice.expires_at, tick=False):
        page = client.get(url(notice))
    assert page.status_code == 410 and "This link has ended" in text(page)
    with time_machine.travel(notice.expires_at - timedelta(seconds=1), tick=False):
        assert client.get(url(notice)).status_code == 200


def test_a_replaced_link_says_so_and_leads_to_the_newest(
    client: Client, notice: Notice, world: World, tickets: TicketSet
) -> None:
    with centre_scope(world.new_york.pk):
        newest = tell_changed(change_set(tickets, heads=3), actor=world.worker, now=LATER)
    page = client.get(url(notice))
    assert page.status_code == 410 and "the journey has changed" in text(page) and url(newest) in text(page)
    assert "4 people" not in text(page)
    assert "3 people are coming" in text(client.get(url(newest)))


def test_an_answer_to_a_notice_replaced_meanwhile_is_given_back(
    client: Client, notice: Notice, world: World, tickets: TicketSet
) -> None:
    with centre_scope(world.new_york.pk):
        tell_changed(change_set(tickets, heads=3), actor=world.worker, now=LATER)
    page = client.post(url(notice, "answer"), {"code": "can", "words": "Four beds are ready."})
    assert page.status_code == 410 and "Four beds are ready." in text(page) and "It was not sent." in text(page)
    with every_centre("the test looks"):
        assert not Answer.objects.exists()


def test_a_cancelled_notice_says_so_and_is_confirmed(
    client: Client, notice: Notice, world: World, tickets: TicketSet
) -> None:
    with centre_scope(world.new_york.pk):
        cancelled = tell_cancelled(tickets, actor=world.worker, now=LATER)
    assert "nobody is coming on this journey" in text(client.get(url(notice)))
    assert "4 people are not coming on Wed 4 Mar" in text(client.get(url(cancelled)))
    client.post(url(cancelled, "acknowledge"))
    assert fresh(cancelled).acknowledged_at == LATER
    assert "You confirmed this" in text(client.get(url(cancelled)))


def test_a_withdrawn_notice_says_so_and_shows_nothing_it_had_said(
    client: Client, notice: Notice, world: World, tickets: TicketSet
) -> None:
    deliver_due(carrier_of(Pigeon()), now=NOW)
    with centre_scope(world.new_york.pk):
        say_on_notice(tickets.party, False)
        (recall,) = follow_consent(tickets.party_id, actor=world.worker, now=LATER)
    old, new = text(client.get(url(notice))), text(client.get(url(recall)))
    assert "taken back by the travellers" in old and "was taken back" in new
    for page in (old, new):
        assert "people" not in unescape(page).split("<main")[1].replace("next 14 days", "") and "18:00" not in page


def test_the_page_speaks_the_place_s_language_until_the_reader_chooses(client: Client, notice: Notice) -> None:
    ReceivingPlace.objects.update(language="ar")
    assert 'dir="rtl"' in text(client.get(url(notice), headers={"accept-language": "fr"}))
    client.cookies["django_language"] = "fr"
    assert 'lang="fr"' in text(client.get(url(notice)))


def test_a_link_is_not_written_to_the_log(
    client: Client, notice: Notice, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    from django.conf import settings
    from django.utils.log import configure_logging

    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    with caplog.at_level(logging.WARNING):
        client.post(url(notice, "answer"), {})
    written = capfd.readouterr().err
    assert "/receive/(link)" in written
    assert url(notice).split("/")[2] not in written


def test_a_look_by_head_is_no_look(client: Client, notice: Notice) -> None:
    client.head(url(notice))
    assert fresh(notice).first_seen_at is None
