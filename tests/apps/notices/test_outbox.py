"""The outbox: tries, delays, leases, and what never leaves it."""

from datetime import timedelta

from onward.apps.accounts.scopes import centre_scope
from onward.apps.notices.actions import deliver_due, tell_changed, tell_coming
from onward.apps.notices.models import Delivery
from onward.apps.notices.outbox import Carrier
from onward.apps.notices.queries import notice_status
from onward.apps.notices.rules import LEASE
from onward.apps.record.actions import case_chain
from onward.apps.record.queries import list_entries
from tests.apps.notices.world import Pigeon, carrier_of, change_set, make_place, make_set
from tests.conftest import NOW, World

SECOND = timedelta(seconds=1)


def test_a_delivered_notice_is_delivered_once_and_recorded_once(world: World) -> None:
    tickets = make_set(world.new_york, make_place())
    with centre_scope(world.new_york.pk):
        tell_coming(tickets, actor=world.worker, now=NOW)
    pigeon = Pigeon()
    assert deliver_due(carrier_of(pigeon), now=NOW + SECOND) == 1
    assert deliver_due(carrier_of(pigeon), now=NOW + timedelta(days=1)) == 0
    assert len(pigeon.letters) == 1
    with centre_scope(world.new_york.pk):
        assert notice_status(tickets).delivered_at == NOW + SECOND
    assert [entry.act for entry in list_entries(case_chain(tickets.party_id))][-1] == "notice.delivered"


def test_a_failed_try_waits_and_says_why_without_secrets(world: World) -> None:
    tickets = make_set(world.new_york, make_place(notice_address="smtp:desk@montreal.example"))
    with centre_scope(world.new_york.pk):
        tell_coming(tickets, actor=world.worker, now=NOW)
    pigeon = Pigeon(is_lost=True)
    assert deliver_due(carrier_of(pigeon), now=NOW) == 1
    assert deliver_due(carrier_of(pigeon), now=NOW + 4 * SECOND) == 0
    with centre_scope(world.new_york.pk):
        status = notice_status(tickets)
        assert status.delivery is not None and status.delivery.problem == "mail.unreachable"
        assert (status.delivered_at, status.delivery.tries) == (None, 1)
    pigeon.is_lost = False
    assert deliver_due(carrier_of(pigeon), now=NOW + 5 * SECOND) == 1
    with centre_scope(world.new_york.pk):
        status = notice_status(tickets)
        assert status.delivery is not None and status.delivery.problem == "" and status.delivered_at is not None


def test_one_letter_that_cannot_be_written_does_not_hold_up_the_next(world: World) -> None:
    place = make_place()
    first, second = make_set(world.new_york, place), make_set(world.denver, place)
    with centre_scope(world.new_york.pk):
        bad = tell_coming(first, actor=world.worker, now=NOW)
    with centre_scope(world.denver.pk):
        tell_coming(second, actor=world.denver_worker, now=NOW + SECOND)
    pigeon = Pigeon()
    whole = carrier_of(pigeon)

    def compose(notice, to):  # type: ignore[no-untyped-def]
        if notice == bad:
            raise KeyError("a fault of ours")
        return whole.compose(notice, to)

    assert deliver_due(Carrier(whole.channels, compose), now=NOW + SECOND) == 2
    assert len(pigeon.letters) == 1
    with centre_scope(world.new_york.pk):
        assert Delivery.objects.get(notice=bad).problem == "letter.unwritable"


def test_an_address_nobody_knows_is_said(world: World) -> None:
    tickets = make_set(world.new_york, make_place(notice_address="pigeon:loft"))
    with centre_scope(world.new_york.pk):
        tell_coming(tickets, actor=world.worker, now=NOW)
        deliver_due(carrier_of(Pigeon()), now=NOW)
        assert Delivery.objects.get().problem == "address.unknown"


def test_a_replaced_notice_that_had_not_left_never_leaves(world: World) -> None:
    old = make_set(world.new_york, make_place())
    with centre_scope(world.new_york.pk):
        tell_coming(old, actor=world.worker, now=NOW)
        tell_changed(change_set(old, heads=3), actor=world.worker, now=NOW)
    pigeon = Pigeon()
    deliver_due(carrier_of(pigeon), now=NOW)
    assert [letter.reference[-2:] for letter in pigeon.letters] == ["-2"]
    assert "3 people" in pigeon.letters[0].subject


def test_a_notice_whose_link_has_ended_is_not_tried_any_more(world: World) -> None:
    tickets = make_set(world.new_york, make_place())
    with centre_scope(world.new_york.pk):
        told = tell_coming(tickets, actor=world.worker, now=NOW)
    assert told is not None
    pigeon = Pigeon()
    deliver_due(carrier_of(pigeon), now=told.expires_at)
    assert pigeon.tries == 0
    assert deliver_due(carrier_of(pigeon), now=told.expires_at + timedelta(days=1)) == 0


def test_a_try_in_progress_is_left_alone_until_its_lease_is_over(world: World) -> None:
    tickets = make_set(world.new_york, make_place())
    with centre_scope(world.new_york.pk):
        tell_coming(tickets, actor=world.worker, now=NOW)
    pigeon = Pigeon()
    inner = carrier_of(pigeon)

    class Slow:
        """While it sends, another worker looks."""

        def send(self, letter):  # type: ignore[no-untyped-def]
            assert deliver_due(inner, now=NOW + LEASE - SECOND) == 0
            pigeon.send(letter)

    assert deliver_due(carrier_of(Slow()), now=NOW) == 1
    assert len(pigeon.letters) == 1


def test_an_idle_outbox_writes_nothing(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(1):
        assert deliver_due(carrier_of(Pigeon()), now=NOW) == 0
