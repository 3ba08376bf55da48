"""The picture of a place: several senders by day, its coverage, its file, its room."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from onward.apps.accounts.models import Centre
from onward.apps.accounts.scopes import centre_scope
from onward.apps.notices.actions import tell_cancelled, tell_coming
from onward.apps.notices.models import Notice
from onward.apps.people.models import Known
from onward.apps.places.models import CapacityStatement, ReceivingPlace
from onward.faces.receiver.spreadsheet import plain_cell
from tests.apps.notices.world import ARRIVES, make_place, make_set, say_needs
from tests.conftest import NOW, World
from tests.faces.receiver.doors import text, url

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def notice(world: World) -> Notice:
    """Four from New York and ten from Denver on Wednesday; two from Denver on Friday; others elsewhere or nowhere."""
    place = make_place()
    wednesday = make_set(world.new_york, place, heads=4)
    denver = [
        make_set(world.denver, place, heads=10),
        make_set(world.denver, place, heads=2, arrive_at=ARRIVES + 2 * DAY),
    ]
    far = make_set(world.new_york, place, heads=7, arrive_at=ARRIVES + 14 * DAY)
    elsewhere = make_set(world.new_york, make_place("toronto"), heads=20)
    off = make_set(world.new_york, place, heads=30)
    with centre_scope(world.denver.pk):
        for one in denver:
            tell_coming(one, actor=world.denver_worker, now=NOW)
    with centre_scope(world.new_york.pk):
        say_needs(wednesday.party, bed_on_arrival=Known.YES)
        for one in (far, elsewhere, off):
            tell_coming(one, actor=world.worker, now=NOW)
        tell_cancelled(off, actor=world.worker, now=NOW)
        told = tell_coming(wednesday, actor=world.worker, now=NOW)
    assert told is not None
    return told


def test_the_picture_sums_what_stands_over_all_senders(client: Client, notice: Notice) -> None:
    page = text(client.get(url(notice, "picture")))
    assert "16 people are known to come in the next 14 days, most on Wed 4 Mar: 14." in page
    assert "<bdi>Denver</bdi> 10" in page and "<bdi>New York</bdi> 4" in page
    assert page.count('class="ticketed"') == 14


def test_the_picture_says_that_its_coverage_is_not_known(client: Client, notice: Notice) -> None:
    assert "Coverage not known yet: nobody has counted arrivals here" in text(client.get(url(notice, "picture")))


def test_the_file_holds_counts_only(client: Client, notice: Notice) -> None:
    sent = client.get(url(notice, "picture-csv"))
    assert sent["Content-Disposition"] == 'attachment; filename="onward-montreal-2026-03-02.csv"'
    rows = list(csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig"))))
    assert [(row["day"], row["sender"], row["people"], row["bed_yes"]) for row in rows] == [
        ("2026-03-04", "Denver", "10", "0"),
        ("2026-03-04", "New York", "4", "4"),
        ("2026-03-06", "Denver", "2", "0"),
    ]
    assert {row["coverage"] for row in rows} == {"not known"}
    assert set(rows[0]) == {
        "day", "sender", "people", "parties", "bed_yes", "step_free_yes", "interpreter_yes", "coverage",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", " =1+1", "＝1"])
def test_no_cell_starts_a_formula(client: Client, notice: Notice, name: str) -> None:
    assert plain_cell(name).startswith("'")
    Centre.objects.filter(key="DEN").update(name=name)
    rows = list(csv.reader(io.StringIO(client.get(url(notice, "picture-csv")).content.decode("utf-8-sig"), newline="")))
    assert all(not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "＝")) for row in rows for cell in row)


def test_a_place_with_nobody_known_says_what_would_be_here(client: Client, world: World) -> None:
    tickets = make_set(world.new_york, make_place(), arrive_at=ARRIVES + 20 * DAY)
    with centre_scope(world.new_york.pk):
        told = tell_coming(tickets, actor=world.worker, now=NOW)
    page = text(client.get(url(told, "picture")))
    assert "Nobody is known to come in the next 14 days." in page and "will stand here" in page


def test_a_place_says_its_room_and_senders_find_it(client: Client, notice: Notice) -> None:
    sent = client.post(url(notice, "capacity"), {"code": "cannot", "words": "Full until Friday."})
    assert sent.status_code == 302
    page = text(client.get(url(notice, "picture")))
    assert "You said “We have no room”" in page and "Full until Friday." in page
    said = CapacityStatement.objects.get()
    assert (said.code, said.said_by, said.said_at) == ("cannot", notice.reference, NOW)


def test_a_statement_that_is_too_long_comes_back(client: Client, notice: Notice) -> None:
    page = client.post(url(notice, "capacity"), {"code": "can", "words": "x" * 401})
    assert page.status_code == 422 and "x" * 401 in text(page)
    assert not CapacityStatement.objects.exists()


def test_a_place_cut_to_day_totals_sees_days_and_sums(client: Client, notice: Notice) -> None:
    ReceivingPlace.objects.update(is_day_totals_only=True)
    page = text(client.get(url(notice, "picture")))
    assert "16 people" in page and "Denver" not in page and "Ask for a bed" not in page
    rows = list(csv.DictReader(io.StringIO(client.get(url(notice, "picture-csv")).content.decode("utf-8-sig"))))
    assert set(rows[0]) == {"day", "people", "coverage"} and rows[2]["people"] == "14"


def test_the_picture_costs_few_queries(client: Client, notice: Notice, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_max_num_queries(6):
        client.get(url(notice, "picture"))
    with django_assert_max_num_queries(12):
        client.get(url(notice))
