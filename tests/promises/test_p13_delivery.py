"""P13: notices survive lost connections, repeats and crashes: each is delivered at least once and shown once."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_string
from email.policy import default
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import Client

from onward.apps.accounts.scopes import centre_scope, every_centre
from onward.apps.notices.actions import deliver_due, tell_changed, tell_coming
from onward.apps.notices.channels import Mail, parse_mail_server
from onward.apps.notices.models import Delivery, Notice
from onward.apps.notices.queries import find_notice
from onward.apps.notices.rules import LEASE
from onward.apps.record.actions import case_chain
from onward.apps.record.queries import list_broken_chains, list_entries
from onward.apps.travel.models import TicketSet
from tests.apps.notices.mail_server import MailServer, mail_server
from tests.apps.notices.world import Pigeon, carrier_of, change_set, make_place, make_set
from tests.conftest import NOW, World
from tests.faces.receiver.doors import text, url
from tests.faults.process import Call, Stage

MANY = 12
SENT = "onward.apps.notices.outbox:_send"
SETTLED = "onward.apps.notices.outbox:_settle"


@pytest.fixture
def stage(django_db_setup: None, key_folder: Path) -> Iterator[Stage]:
    """Processes of their own on the tests' database."""
    opened = Stage(str(connection.settings_dict["NAME"]), key_folder)
    yield opened
    opened.close()


def _tell(world: World, heads: int = 4) -> TicketSet:
    tickets = make_set(world.new_york, make_place(), heads=heads)
    with centre_scope(world.new_york.pk):
        tell_coming(tickets, actor=world.worker, now=NOW)
    return tickets


def _delivered(tickets: TicketSet) -> int:
    """How often the record says that a set's notice was delivered."""
    return Counter(entry.act for entry in list_entries(case_chain(tickets.party_id)))["notice.delivered"]


def _deliver(folder: Path, **more: object) -> Call:
    given = {"folder": str(folder), "after_min": more.pop("after_min", 0)}
    return Call("deliver", given, **more)  # type: ignore[arg-type]


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_worker_killed_between_sending_and_saying_so_sends_again_and_it_is_one(
    transactional_db: None, world: World, stage: Stage, tmp_path: Path, client: Client
) -> None:
    tickets = _tell(world)
    assert stage.run(_deliver(tmp_path, function=SENT, is_after=True)).is_killed
    assert len(_files(tmp_path)) == 1 and _delivered(tickets) == 0
    # Nobody else takes it before the dead worker's time is over; then it is sent again, and is the same letter.
    before = (tmp_path / _files(tmp_path)[0]).read_bytes()
    assert stage.run(_deliver(tmp_path)).value == 0
    assert stage.run(_deliver(tmp_path, after_min=2)).value == 1
    assert len(_files(tmp_path)) == 1 and (tmp_path / _files(tmp_path)[0]).read_bytes() == before
    assert _delivered(tickets) == 1
    with centre_scope(world.new_york.pk):
        notice = find_notice(tickets.pk)
    with time_machine.travel(NOW, tick=False):
        assert "4 people are known to come" in text(client.get(url(notice, "picture")))


def test_a_worker_killed_at_any_point_of_delivering_loses_no_notice(
    transactional_db: None, world: World, stage: Stage, tmp_path: Path
) -> None:
    points = 0
    while True:
        points += 1
        tickets, folder = _tell(world), tmp_path / str(points)
        folder.mkdir()
        if not stage.run(_deliver(folder, point=points)).is_killed:
            break
        outcome = stage.run(_deliver(folder, after_min=2 * points))
        assert outcome.error == "", outcome
        assert len(_files(folder)) == 1 and _delivered(tickets) == 1, f"killed at point {points}"
    assert points > 4
    with every_centre("the test looks"):
        assert not Delivery.objects.filter(delivered_at=None).exists()
    assert list_broken_chains() == []


def test_two_workers_at_once_deliver_each_notice_once(
    transactional_db: None, world: World, stage: Stage, tmp_path: Path
) -> None:
    sets = [_tell(world) for _ in range(MANY)]
    outcomes = stage.run_at_once(_deliver(tmp_path), _deliver(tmp_path), _deliver(tmp_path))
    assert [outcome.error for outcome in outcomes] == ["", "", ""]
    assert sum(outcome.value for outcome in outcomes) == MANY
    assert len(_files(tmp_path)) == MANY
    assert [_delivered(tickets) for tickets in sets] == [1] * MANY
    with every_centre("the test looks"):
        assert set(Delivery.objects.values_list("tries", flat=True)) == {1}


def test_a_connection_lost_after_the_letter_was_taken_brings_the_same_letter_again(world: World) -> None:
    make_place(notice_address="smtp:desk@montreal.example")
    tickets = make_set(world.new_york, make_place(notice_address="smtp:desk@montreal.example"))
    with centre_scope(world.new_york.pk):
        tell_coming(tickets, actor=world.worker, now=NOW)
    with mail_server() as server:
        server.losses = 2
        for minute in range(4):
            deliver_due(_mail(server), now=NOW + timedelta(minutes=minute))
    taken = [message_from_string(one, policy=default) for one in server.taken]
    assert len(taken) == 3 and len(set(server.taken)) == 1
    assert len({mail["Message-ID"] for mail in taken}) == 1
    assert _delivered(tickets) == 1


def _mail(server: MailServer):  # type: ignore[no-untyped-def]
    return carrier_of(Mail(parse_mail_server(server.address), "onward@example.org"))


def test_a_worker_slower_than_its_lease_settles_once(world: World) -> None:
    tickets = _tell(world)
    late = Pigeon()

    class Slow:
        """While it sends, its time runs out and another worker sends too."""

        def send(self, letter):  # type: ignore[no-untyped-def]
            deliver_due(carrier_of(late), now=NOW + LEASE)
            late.send(letter)

    deliver_due(carrier_of(Slow()), now=NOW)
    assert len(late.letters) == 2 and late.letters[0] == late.letters[1]
    assert _delivered(tickets) == 1


def test_telling_repeated_shows_people_once(world: World, client: Client) -> None:
    tickets = _tell(world)
    with centre_scope(world.new_york.pk):
        for hour in range(3):
            tell_coming(tickets, actor=world.worker, now=NOW + timedelta(hours=hour))
        newest = tell_changed(change_set(tickets, heads=5), actor=world.worker, now=NOW)
        assert Notice.objects.count() == 2
    with time_machine.travel(NOW, tick=False):
        assert "5 people are known to come" in text(client.get(url(newest, "picture")))
