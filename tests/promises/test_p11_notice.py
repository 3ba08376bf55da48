"""P11: the default notice is day, six-hour window, heads, bed, unit sizes, step-free, interpreter, and nothing finer.

The traveller may refuse it, and may take it back; a place can be cut to day totals.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from onward.apps.accounts.scopes import centre_scope
from onward.apps.cases.actions import record_answers, record_consent
from onward.apps.cases.models import Consent
from onward.apps.notices.actions import acknowledge, deliver_due, follow_consent
from onward.apps.notices.models import Answer, Delivery, Notice
from onward.apps.notices.queries import find_notice, notice_status
from onward.apps.notices.rules import Facts
from onward.apps.notices.showing import Told
from onward.apps.people.actions import record_contact
from onward.apps.people.models import Contact, Known, Person
from onward.apps.places.models import ReceivingPlace
from onward.apps.record.actions import case_chain
from onward.apps.record.queries import list_entries
from onward.apps.travel.actions import Payer, hold_tickets, issue, record_purchase, void
from onward.apps.travel.models import TicketSet
from tests.apps.notices.world import Pigeon, carrier_of, receiver_of
from tests.apps.travel.ready import Ready, lay_ready, say, usd
from tests.conftest import NOW, World
from tests.faces.receiver.doors import text, url

FACTS = {"day", "window_start_h", "heads", "bed_tonight", "unit_sizes", "step_free", "interpreter"}
LATER = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def ready(world: World) -> Iterator[Ready]:
    """A family described in full, in New York's scope: names, years, a contact, wishes in their own words, needs."""
    with centre_scope(world.new_york.pk):
        made = lay_ready(world.new_york, world.worker)
        record_contact(
            made.party.pk,
            place_key="chicago",
            name="Cousin Amparo",
            phone="+1 312 555 0177",
            address="12 Elm Street",
            state=Contact.State.AGREED,
            actor=world.worker,
            now=NOW,
        )
        needs = {"bed_on_arrival": Known.YES, "step_free": Known.NO, "interpreter": Known.DECLINED}
        record_answers(made.party.pk, needs, actor=world.worker, now=NOW)
        yield made


def _issue(ready: Ready, world: World) -> TicketSet:
    say(ready.party, Consent.Step.PURCHASE, is_yes=True, worker=world.worker)
    held = hold_tickets(ready.offer.pk, payer=Payer.THEMSELVES, actor=world.worker, now=NOW)
    price = {"fare": usd(9_500), "tax": usd(800), "fee": usd(200)}
    bought = record_purchase(held.pk, confirmation="ABC123", actor=world.worker, now=NOW, **price)
    return issue(bought.pk, actor=world.worker, now=NOW)


def _refuse(ready: Ready, world: World, *, is_yes: bool = False) -> list[Notice]:
    record_consent(ready.party.pk, Consent.Step.NOTICE, is_yes=is_yes, actor=world.worker, now=LATER)
    return follow_consent(ready.party.pk, actor=world.worker, now=LATER)


def _acts(ready: Ready) -> list[str]:
    return [entry.act for entry in list_entries(case_chain(ready.party.pk)) if entry.act.startswith("notice.")]


def test_every_field_that_is_stored_of_a_notice_is_named_here() -> None:
    assert {field.name for field in fields(Facts)} == FACTS
    assert {field.name for field in Notice._meta.local_fields} == FACTS | {
        "id", "centre", "ticket_set", "place", "kind", "serial", "reference",
        "issued_at", "expires_at", "superseded_by", "first_seen_at", "acknowledged_at",
    }  # fmt: skip
    assert {field.name for field in Delivery._meta.local_fields} == {
        "id", "centre", "notice", "address", "due_at", "tries", "delivered_at", "problem", "dropped_at",
    }  # fmt: skip
    assert {field.name for field in Answer._meta.local_fields} == {
        "id", "centre", "notice", "code", "words", "answered_at", "read_out_at",
    }  # fmt: skip


def test_every_field_that_a_place_is_shown_is_named_here() -> None:
    assert {field.name for field in fields(Told)} == FACTS | {
        "reference", "kind", "place", "sender", "sender_phone", "day_heads", "issued_at", "expires_at",
    }  # fmt: skip


def test_the_letter_says_these_lines_and_no_others(ready: Ready, world: World) -> None:
    tickets = _issue(ready, world)
    pigeon = Pigeon()
    deliver_due(carrier_of(pigeon), now=NOW)
    notice = find_notice(tickets.pk)
    assert notice is not None
    lines = [line for line in pigeon.letters[0].body.splitlines() if line]
    assert lines == [
        "3 people are coming on Thu 5 Mar.",
        "When: Thu 5 Mar, between midnight and 06:00, Chicago time",
        "How many: 3 people",
        "Sleep together: 3 people",
        "Bed on the night of arrival: yes",
        "Way without steps: no",
        "Interpreter: they did not want to say",
        "Told by: New York, telephone +1 212 555 0100",
        f"Reference: {notice.reference}",
        "Please say whether you can receive them. You need no account:",
        f"http://127.0.0.1:8000{url(notice)}",
        "Your answer is read to the travellers before they leave. It does not stop their journey. "
        "The same page shows everybody known to come in the next 14 days.",
        "The link ends after Sat 4 Apr. Anyone who has it can answer, so pass it on with care.",
    ]


def test_nothing_finer_is_in_letter_page_picture_or_file(ready: Ready, world: World, client: Client) -> None:
    tickets = _issue(ready, world)
    pigeon = Pigeon()
    deliver_due(carrier_of(pigeon), now=NOW)
    notice = find_notice(tickets.pk)
    shown = [pigeon.letters[0].subject, pigeon.letters[0].body]
    shown += [text(client.get(url(notice, name))) for name in ("notice", "picture", "picture-csv")]
    arrives = tickets.arrive_at.astimezone(ZoneInfo("America/Chicago"))
    departs = tickets.depart_at.astimezone(ZoneInfo("America/New_York"))
    finer = [f"{arrives:%H:%M}", f"{departs:%H:%M}", "Example Coaches", "cousin", "Amparo", "555 0177", "Elm Street"]
    finer += [ready.party.label, "Spanish", "ABC123", "105.00", "adult", "child"]
    finer += [f"Person {one.position}" for one in Person.objects.filter(party=ready.party)]
    for page in shown:
        assert [word for word in finer if word in page] == []


def test_a_traveller_who_said_no_is_told_of_to_nobody(ready: Ready, world: World) -> None:
    _refuse(ready, world)
    tickets = _issue(ready, world)
    assert not Notice.objects.exists() and not Delivery.objects.exists()
    assert _acts(ready) == ["notice.refused"]
    assert notice_status(tickets).is_refused
    void(tickets.pk, why="changed_mind", actor=world.worker, now=NOW)
    assert not Notice.objects.exists()


def test_a_traveller_who_was_not_asked_is_told_of(ready: Ready, world: World) -> None:
    _issue(ready, world)
    assert _acts(ready) == ["notice.coming"]


def test_a_recall_is_delivered_and_its_acknowledgement_kept(ready: Ready, world: World) -> None:
    tickets = _issue(ready, world)
    pigeon = Pigeon()
    deliver_due(carrier_of(pigeon), now=NOW)
    (recall,) = _refuse(ready, world)
    deliver_due(carrier_of(pigeon), now=LATER)
    assert [letter.reference for letter in pigeon.letters] == [recall.reference[:-1] + "1", recall.reference]
    assert "was taken back" in pigeon.letters[1].subject and "people" not in pigeon.letters[1].subject
    assert (recall.heads, recall.window_start_h, recall.unit_sizes) == (0, 0, [])
    acknowledge(recall.pk, actor=receiver_of(recall.reference), now=LATER)
    status = notice_status(tickets)
    assert status.notice is not None and status.notice.acknowledged_at == LATER
    assert _acts(ready) == [
        "notice.coming", "notice.delivered", "notice.withdrawn", "notice.delivered", "notice.acknowledged",
    ]  # fmt: skip


def test_what_had_not_left_before_a_recall_never_leaves(ready: Ready, world: World) -> None:
    _issue(ready, world)
    _refuse(ready, world)
    pigeon = Pigeon()
    deliver_due(carrier_of(pigeon), now=LATER + timedelta(days=1))
    assert pigeon.tries == 0


def test_a_yes_after_a_no_tells_the_place_anew(ready: Ready, world: World) -> None:
    tickets = _issue(ready, world)
    _refuse(ready, world)
    (again,) = _refuse(ready, world, is_yes=True)
    assert again.kind == Notice.Kind.COMING and find_notice(tickets.pk) == again


def test_a_place_cut_to_day_totals_is_told_a_day_and_a_sum(ready: Ready, world: World, client: Client) -> None:
    ReceivingPlace.objects.update(is_day_totals_only=True)
    tickets = _issue(ready, world)
    pigeon = Pigeon()
    deliver_due(carrier_of(pigeon), now=NOW)
    (letter,) = pigeon.letters
    notice = find_notice(tickets.pk)
    assert letter.subject.startswith("Thu 5 Mar: 3 people known to come")
    rows = list(csv.DictReader(io.StringIO(text(client.get(url(notice, "picture-csv"))).lstrip("\ufeff"))))
    assert set(rows[0]) == {"day", "people", "coverage"}
    for shown in (letter.body, text(client.get(url(notice)))):
        assert "Bed on the night" not in shown and "between" not in shown and "Sleep together" not in shown
