"""P12: a place answers by an expiring link, without an account; the answer is read out and never vetoes."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from onward.apps.accounts.scopes import NoScope, centre_scope, place_scope
from onward.apps.cases.models import Consent
from onward.apps.cases.queries import list_stops
from onward.apps.notices.actions import answer, mark_read_out
from onward.apps.notices.links import make_token, read_token
from onward.apps.notices.models import Answer, Notice
from onward.apps.notices.queries import find_notice, list_answers, list_unanswered, list_unread, notice_status
from onward.apps.people.models import Party
from onward.apps.places.actions import state_capacity
from onward.apps.places.queries import find_capacity, find_places, get_place
from onward.apps.record.actions import case_chain
from onward.apps.record.queries import find_broken_link, list_entries
from onward.apps.travel.actions import Payer, hold_tickets, issue, record_departure, record_purchase
from onward.apps.travel.models import TicketSet
from onward.core.actor import Actor, ActorKind
from onward.core.errors import Conflict, NotAllowed, NotFound
from tests.apps.notices.world import make_place, make_set, receiver_of
from tests.apps.travel.ready import lay_ready, say, usd
from tests.conftest import NOW, World
from tests.faces.receiver.doors import text, url

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def tickets(world: World) -> Iterator[TicketSet]:
    """A family of New York, ticketed to Chicago; in New York's scope."""
    with centre_scope(world.new_york.pk):
        ready = lay_ready(world.new_york, world.worker)
        say(ready.party, Consent.Step.PURCHASE, is_yes=True, worker=world.worker)
        held = hold_tickets(ready.offer.pk, payer=Payer.THEMSELVES, actor=world.worker, now=NOW)
        price = {"fare": usd(9_500), "tax": usd(800), "fee": usd(200)}
        bought = record_purchase(held.pk, confirmation="ABC123", actor=world.worker, now=NOW, **price)
        yield issue(bought.pk, actor=world.worker, now=NOW)


@pytest.fixture
def notice(tickets: TicketSet) -> Notice:
    found = find_notice(tickets.pk)
    assert found is not None
    return found


@pytest.mark.parametrize("code", Answer.Code.values)
def test_each_answer_reaches_the_desk_from_a_link_alone(
    client: Client, world: World, tickets: TicketSet, notice: Notice, code: str
) -> None:
    assert list_unanswered() == [notice]
    client.post(url(notice, "answer"), {"code": code, "words": "From the desk in Chicago."})
    assert not client.cookies
    assert list_unanswered() == []
    status = notice_status(tickets)
    assert status.answer is not None and status.answer.code == code and status.answered_at == LATER
    act = next(entry for entry in list_entries(case_chain(tickets.party_id)) if entry.act == "notice.answered")
    assert act.actor_kind == ActorKind.RECEIVER and "Chicago" not in act.facts  # words stay out of the record


@pytest.mark.parametrize("code", [Answer.Code.CANNOT, Answer.Code.OBJECT])
def test_no_answer_stops_a_journey(world: World, tickets: TicketSet, notice: Notice, code: str) -> None:
    answer(notice.pk, code, "We are full.", actor=receiver_of(notice.reference), now=LATER)
    tickets.refresh_from_db()
    assert tickets.state == TicketSet.State.ISSUED and list_stops(tickets.party_id) == []
    say(tickets.party, Consent.Step.LEAVE, is_yes=True, worker=world.worker)
    left = record_departure(tickets.pk, "left", actor=world.worker, now=tickets.depart_at)
    assert left.state == TicketSet.State.LEFT


def test_room_takes_no_place_off_the_list(world: World, notice: Notice) -> None:
    with place_scope("chicago"):
        state_capacity("chicago", "cannot", "", actor=receiver_of(notice.reference), now=LATER)
    said = find_capacity(get_place("chicago"), now=LATER)
    assert said is not None and said.code == "cannot"
    assert [place.key for place in find_places("Chicago")][:1] == ["chicago"]


def test_only_a_place_itself_says_its_room(world: World, notice: Notice) -> None:
    with pytest.raises(NotAllowed):
        state_capacity("chicago", "can", "", actor=world.worker, now=LATER)
    with place_scope("atlanta"), pytest.raises(NotAllowed):
        state_capacity("chicago", "can", "", actor=receiver_of(notice.reference), now=LATER)


def test_the_newest_answer_is_read_to_the_family_and_a_newer_one_again(
    world: World, tickets: TicketSet, notice: Notice
) -> None:
    receiver = receiver_of(notice.reference)
    first = answer(notice.pk, "can", "", actor=receiver, now=LATER)
    assert list_unread() == [first]
    mark_read_out(first.pk, actor=world.worker, now=LATER)
    assert list_unread() == [] and notice_status(tickets).read_out_at == LATER
    second = answer(notice.pk, "cannot", "", actor=receiver, now=LATER + timedelta(hours=1))
    assert list_unread() == [second] and notice_status(tickets).read_out_at is None
    assert [one.code for one in list_answers(tickets.party_id)] == ["can", "cannot"]
    assert "answer.read_out" in [entry.act for entry in list_entries(case_chain(tickets.party_id))]
    assert find_broken_link(case_chain(tickets.party_id)) is None


def test_a_link_ends_by_itself(client: Client, notice: Notice) -> None:
    token = make_token(notice)
    read_token(token, now=notice.expires_at - timedelta(seconds=1))
    with pytest.raises(Conflict) as told:
        read_token(token, now=notice.expires_at)
    assert told.value.code == "link.ended"
    with time_machine.travel(notice.expires_at, tick=False):
        assert client.post(url(notice, "answer"), {"code": "can"}).status_code == 410
    assert not Answer.objects.exists()


def test_a_link_that_was_altered_in_any_letter_opens_nothing(notice: Notice) -> None:
    token = make_token(notice)
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        altered = token[:place] + other + token[place + 1 :]
        try:
            link = read_token(altered, now=LATER)
        except NotFound:
            continue
        # The last letter of base64 may hold bits nobody reads; then it is the same link.
        assert link == read_token(token, now=LATER)


def test_a_link_of_another_installation_opens_nothing(notice: Notice) -> None:
    from django.core import signing

    forged = signing.Signer(key="another key", salt="onward.notices.link", sep=".").sign_object(
        [notice.reference, notice.place_id, 9_999_999_999]
    )
    with pytest.raises(NotFound):
        read_token(forged, now=LATER)


def test_a_link_opens_one_place_s_door_and_no_centre(client: Client, world: World, notice: Notice) -> None:
    make_place("toronto")
    with place_scope("toronto"):
        assert not Notice.objects.exists()
    with place_scope("chicago"):
        assert Notice.objects.count() == 1
        for model in (Party, TicketSet):
            with pytest.raises(NoScope):
                model.objects.count()
        with pytest.raises(NoScope):
            _ = Notice.objects.get().ticket_set


def test_a_link_made_out_to_another_place_does_not_open_the_notice(client: Client, notice: Notice) -> None:
    make_place("toronto")
    token = make_token(Notice(reference=notice.reference, place_id="toronto", expires_at=notice.expires_at))
    assert client.get(reverse("receiver:notice", args=[token])).status_code == 404


def test_only_the_holder_of_the_link_answers(world: World, notice: Notice) -> None:
    other_notice = Actor(ActorKind.RECEIVER, "B2C3D4-1")
    for actor in (world.worker, world.lead, other_notice):
        with pytest.raises(NotAllowed):
            answer(notice.pk, "can", "", actor=actor, now=LATER)
    with place_scope("toronto"), pytest.raises(NotAllowed):
        answer(notice.pk, "can", "", actor=receiver_of(notice.reference), now=LATER)


def test_only_those_who_do_the_walk_mark_an_answer_as_read(world: World, notice: Notice) -> None:
    said = answer(notice.pk, "can", "", actor=receiver_of(notice.reference), now=LATER)
    with pytest.raises(NotAllowed):
        mark_read_out(said.pk, actor=world.auditor, now=LATER)
    with centre_scope(world.denver.pk), pytest.raises(NotFound):
        mark_read_out(said.pk, actor=world.denver_worker, now=LATER)


def test_a_place_sees_what_several_senders_send_and_no_other_place_does(client: Client, world: World) -> None:
    place = make_place()
    from onward.apps.travel import announce

    for centre, worker in ((world.new_york, world.worker), (world.denver, world.denver_worker)):
        tickets = make_set(centre, place)
        with centre_scope(centre.pk):
            announce.announcer().coming(tickets, actor=worker, now=NOW)
            told = find_notice(tickets.pk)
    assert "8 people are known to come" in text(client.get(url(told, "picture")))
