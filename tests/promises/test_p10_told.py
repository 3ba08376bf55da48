"""P10: the receiving place is told within five minutes of the ticket, and nobody has to type it."""

from datetime import timedelta

import pytest

from onward.apps.accounts.scopes import centre_scope
from onward.apps.cases.models import Consent
from onward.apps.notices import announcer as notices_announcer
from onward.apps.notices.actions import deliver_due
from onward.apps.notices.models import Delivery, Notice
from onward.apps.notices.queries import notice_status
from onward.apps.travel import announce
from onward.apps.travel.actions import Payer, hold_tickets, issue, record_purchase, void
from onward.apps.travel.models import TicketSet
from onward.core.errors import BrokenPromise
from tests.apps.notices.world import Pigeon, carrier_of, make_place, make_set
from tests.apps.travel.ready import lay_ready, say, usd
from tests.conftest import NOW, World

FIVE_MINUTES = timedelta(minutes=5)


def _bought(world: World) -> TicketSet:
    """A family of New York whose tickets are bought and not issued yet. In its centre's scope."""
    ready = lay_ready(world.new_york, world.worker)
    say(ready.party, Consent.Step.PURCHASE, is_yes=True, worker=world.worker)
    held = hold_tickets(ready.offer.pk, payer=Payer.THEMSELVES, actor=world.worker, now=NOW)
    price = {"fare": usd(9_500), "tax": usd(800), "fee": usd(200)}
    return record_purchase(held.pk, confirmation="ABC123", actor=world.worker, now=NOW, **price)


def _deliver_every_second(pigeon: Pigeon, lost_s: int, until_s: int) -> None:
    """What the job does, second by second, while the line is down for the first `lost_s` seconds."""
    for second in range(until_s + 1):
        pigeon.is_lost = second < lost_s
        deliver_due(carrier_of(pigeon), now=NOW + timedelta(seconds=second))


def test_issuing_tells_the_place_and_nobody_types_it(world: World) -> None:
    with centre_scope(world.new_york.pk):
        tickets = issue(_bought(world).pk, actor=world.worker, now=NOW)
        pigeon = Pigeon()
        deliver_due(carrier_of(pigeon), now=NOW)
        status = notice_status(tickets)
    assert status.told_at == NOW and status.delivered_at == NOW
    assert pigeon.letters[0].subject.startswith("3 people are coming on Thu 5 Mar")


def test_a_ticket_and_its_notice_are_written_together_or_not_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with centre_scope(world.new_york.pk):
        bought = _bought(world)

        def told_and_lost(*given: object, **more: object) -> None:
            raise BrokenPromise("test.lost", "The disk was full.")

        monkeypatch.setattr(notices_announcer, "tell_coming", told_and_lost)
        with pytest.raises(BrokenPromise):
            issue(bought.pk, actor=world.worker, now=NOW)
        bought.refresh_from_db()
        assert bought.state == TicketSet.State.BOUGHT
        assert not Notice.objects.exists() and not Delivery.objects.exists()


def test_with_nobody_to_tell_the_place_nothing_is_issued(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announce, "_held", [])
    with centre_scope(world.new_york.pk):
        bought = _bought(world)
        with pytest.raises(BrokenPromise):
            issue(bought.pk, actor=world.worker, now=NOW)
        bought.refresh_from_db()
        assert bought.state == TicketSet.State.BOUGHT


def test_voiding_tells_the_place_too(world: World) -> None:
    with centre_scope(world.new_york.pk):
        tickets = issue(_bought(world).pk, actor=world.worker, now=NOW)
        void(tickets.pk, why="changed_mind", actor=world.worker, now=NOW)
        pigeon = Pigeon()
        deliver_due(carrier_of(pigeon), now=NOW)
    assert [letter.subject for letter in pigeon.letters] == [
        f"3 people are not coming on Thu 5 Mar after all ({pigeon.letters[0].reference})"
    ]


@pytest.mark.parametrize("lost_s", [0, 1, 30, 120])
def test_a_line_that_is_down_for_two_minutes_delays_no_notice_past_five(world: World, lost_s: int) -> None:
    tickets = make_set(world.new_york, make_place())
    with centre_scope(world.new_york.pk):
        announce.announcer().coming(tickets, actor=world.worker, now=NOW)
        _deliver_every_second(Pigeon(), lost_s, 300)
        status = notice_status(tickets)
    assert status.told_at is not None and status.delivered_at is not None
    assert status.delivered_at - status.told_at <= FIVE_MINUTES


def test_after_a_long_loss_a_notice_is_there_within_five_minutes_of_the_line(world: World) -> None:
    tickets = make_set(world.new_york, make_place())
    back = 3600
    with centre_scope(world.new_york.pk):
        announce.announcer().coming(tickets, actor=world.worker, now=NOW)
        _deliver_every_second(Pigeon(), back, back + 300)
        status = notice_status(tickets)
    assert status.delivered_at is not None
    assert status.delivered_at - (NOW + timedelta(seconds=back)) <= FIVE_MINUTES


def test_the_letter_speaks_the_place_s_language(world: World) -> None:
    tickets = make_set(world.new_york, make_place(language="fr"))
    with centre_scope(world.new_york.pk):
        announce.announcer().coming(tickets, actor=world.worker, now=NOW)
    pigeon = Pigeon()
    deliver_due(carrier_of(pigeon), now=NOW)
    (letter,) = pigeon.letters
    assert letter.language == "fr" and "mer. 4 mars" in letter.body
