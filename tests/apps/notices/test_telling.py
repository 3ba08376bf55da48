"""Telling: what is written when tickets are issued, changed, voided, and who may."""

from datetime import UTC, datetime, timedelta

import pytest

from onward.apps.accounts.scopes import centre_scope
from onward.apps.notices.actions import follow_consent, record_will, tell_cancelled, tell_changed, tell_coming
from onward.apps.notices.models import Delivery, Notice
from onward.apps.notices.queries import find_notice, list_unanswered, notice_status
from onward.apps.people.models import Known
from onward.apps.places.models import ReceivingPlace
from onward.apps.record.actions import case_chain
from onward.apps.record.queries import find_broken_link, list_entries
from onward.apps.travel import announce
from onward.core.errors import NotAllowed
from tests.apps.notices.world import change_set, make_place, make_set, say_needs, say_on_notice
from tests.conftest import NOW, World

LATER = NOW + timedelta(hours=2)


def test_a_notice_says_day_window_heads_and_needs_on_the_place_s_clock(world: World) -> None:
    tickets = make_set(world.new_york, make_place())
    with centre_scope(world.new_york.pk):
        say_needs(tickets.party, bed_on_arrival=Known.YES, interpreter=Known.DECLINED)
        notice = tell_coming(tickets, actor=world.worker, now=NOW)
        assert notice is not None
        assert (str(notice.day), notice.window_start_h, notice.heads) == ("2026-03-04", 18, 4)
        assert (notice.bed_tonight, notice.step_free, notice.interpreter) == ("yes", "not_asked", "declined")
        assert notice.unit_sizes == [4]
        delivery = Delivery.objects.get(notice=notice)
        assert (delivery.address, delivery.due_at, delivery.delivered_at) == ("file:", NOW, None)


def test_the_announcer_that_stands_is_the_notices_app(world: World) -> None:
    tickets = make_set(world.new_york, make_place())
    with centre_scope(world.new_york.pk):
        announce.announcer().coming(tickets, actor=world.worker, now=NOW)
        announce.announcer().cancelled(tickets, actor=world.worker, now=LATER)
        kinds = list(Notice.objects.order_by("serial").values_list("kind", flat=True))
    assert kinds == ["coming", "cancelled"]


def test_the_same_tickets_told_again_write_nothing_more(world: World) -> None:
    tickets = make_set(world.new_york, make_place())
    with centre_scope(world.new_york.pk):
        first = tell_coming(tickets, actor=world.worker, now=NOW)
        assert tell_coming(tickets, actor=world.worker, now=LATER) == first
        assert Notice.objects.count() == 1


def test_a_changed_journey_replaces_the_notice_under_the_same_reference(world: World) -> None:
    old = make_set(world.new_york, make_place())
    with centre_scope(world.new_york.pk):
        first = tell_coming(old, actor=world.worker, now=NOW)
        new = change_set(old, arrive_at=datetime(2026, 3, 6, 15, 0, tzinfo=UTC))
        second = tell_changed(new, actor=world.worker, now=LATER)
        assert first is not None and second is not None
        first.refresh_from_db()
        assert first.superseded_by == second and second.kind == Notice.Kind.CHANGED
        assert first.reference.split("-")[0] == second.reference.split("-")[0]
        assert find_notice(new.pk) == second
        # What had not been delivered of the first never is: the second says all of it.
        assert Delivery.objects.get(notice=first).dropped_at == LATER
        assert Delivery.objects.get(notice=second).dropped_at is None


def test_a_journey_that_now_goes_elsewhere_is_two_notices(world: World) -> None:
    montreal, toronto = make_place(), make_place("toronto")
    old = make_set(world.new_york, montreal)
    with centre_scope(world.new_york.pk):
        tell_coming(old, actor=world.worker, now=NOW)
        new = change_set(old, place=toronto)
        tell_cancelled(old, actor=world.worker, now=LATER)
        there = tell_coming(new, actor=world.worker, now=LATER)
        assert there is not None and there.kind == Notice.Kind.COMING
        standing = Notice.objects.filter(superseded_by=None).values_list("place_id", "kind")
        assert set(standing) == {("montreal", "cancelled"), ("toronto", "coming")}


def test_cancelling_twice_tells_once(world: World) -> None:
    tickets = make_set(world.new_york, make_place())
    with centre_scope(world.new_york.pk):
        tell_coming(tickets, actor=world.worker, now=NOW)
        assert tell_cancelled(tickets, actor=world.worker, now=LATER) is not None
        assert tell_cancelled(tickets, actor=world.worker, now=LATER) is None


def test_a_place_without_a_desk_has_a_notice_but_no_letter(world: World) -> None:
    place = make_place()
    ReceivingPlace.objects.all().delete()
    place = type(place).objects.get(pk=place.pk)
    tickets = make_set(world.new_york, place)
    with centre_scope(world.new_york.pk):
        assert tell_coming(tickets, actor=world.worker, now=NOW) is not None
        status = notice_status(tickets)
    assert status.told_at == NOW and status.delivery is None and status.delivered_at is None


def test_the_record_of_the_case_holds_every_telling_and_stays_whole(world: World) -> None:
    tickets = make_set(world.new_york, make_place())
    with centre_scope(world.new_york.pk):
        tell_coming(tickets, actor=world.worker, now=NOW)
        say_on_notice(tickets.party, False, LATER)
        follow_consent(tickets.party_id, actor=world.worker, now=LATER)
        say_on_notice(tickets.party, True, LATER)
        follow_consent(tickets.party_id, actor=world.worker, now=LATER)
    chain = case_chain(tickets.party_id)
    acts = [entry.act for entry in list_entries(chain)]
    assert acts == ["party.arrived", "notice.coming", "notice.withdrawn", "notice.coming"]
    assert find_broken_link(chain) is None


def test_only_those_who_do_the_walk_follow_a_consent(world: World) -> None:
    tickets = make_set(world.new_york, make_place())
    with centre_scope(world.new_york.pk), pytest.raises(NotAllowed):
        follow_consent(tickets.party_id, actor=world.auditor, now=NOW)
    with centre_scope(world.new_york.pk), pytest.raises(NotAllowed):
        record_will(tickets.pk, may_tell=False, actor=world.auditor, now=NOW)


def test_staff_of_another_centre_cannot_tell_of_this_one(world: World) -> None:
    tickets = make_set(world.new_york, make_place())
    with centre_scope(world.new_york.pk), pytest.raises(NotAllowed):
        tell_coming(tickets, actor=world.denver_worker, now=NOW)


def test_unanswered_notices_are_those_of_parties_not_yet_gone(world: World) -> None:
    place = make_place()
    here, gone = make_set(world.new_york, place), make_set(world.new_york, place, state="left")
    with centre_scope(world.new_york.pk):
        notice = tell_coming(here, actor=world.worker, now=NOW)
        tell_coming(gone, actor=world.worker, now=NOW)
        assert list_unanswered() == [notice]
