"""The demonstration's world is true: walked by the real acts, whole, made up."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from onward.apps.accounts.models import Account, Centre, Membership
from onward.apps.accounts.scopes import every_centre
from onward.apps.cases.models import Decision, Offer, Wish
from onward.apps.funds.models import Fund
from onward.apps.funds.queries import is_balanced
from onward.apps.notices.models import Answer, Delivery, Notice
from onward.apps.people import sealing
from onward.apps.people.models import Contact, Party, Person, WordingReview
from onward.apps.places.models import CapacityStatement, ReceivingPlace
from onward.apps.record.models import Entry
from onward.apps.record.queries import list_broken_chains
from onward.apps.travel.models import RefundTask, TicketSet
from onward.core.actor import Role
from onward.core.errors import Conflict
from onward.engines.journeys.near import distance_m
from tests.tools.demo_worlds import facts_of_the_world, make_world
from tools.demo_setting import PASSWORD
from tools.demo_stories import read_stories
from tools.demo_world import DATA, load_world

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 3, 8, 7, 5, tzinfo=UTC)
"""Five minutes after New York put its clocks forward."""


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, ring: Any, handed_in: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The world on the night clocks change, made for all tests here and taken back after them; gives what is in it."""
    with django_db_blocker.unblock(), transaction.atomic(), every_centre("the demonstration is looked over"):
        make_world(tmp_path_factory.mktemp("demo"), now=NOW)
        yield facts_of_the_world()
        transaction.set_rollback(True)


def test_parties_stand_at_every_stage(world: str) -> None:
    states = Counter(Party.objects.values_list("state", flat=True))
    assert set(states) == set(Party.State.values) - {Party.State.CLOSED}
    assert Party.objects.count() == len(read_stories()) + 1, "one woman left her party on her own word"
    sets = Counter(TicketSet.objects.values_list("state", flat=True))
    assert set(sets) == set(TicketSet.State.values)
    assert set(Counter(Decision.objects.values_list("kind", flat=True))) == set(Decision.Kind.values)


def test_tickets_are_paid_in_every_way_and_refunds_are_owed_and_received(world: str) -> None:
    assert set(TicketSet.objects.values_list("payer", flat=True)) == set(TicketSet.Payer.values)
    assert {RefundTask.State.OWED, RefundTask.State.RECEIVED} <= set(RefundTask.objects.values_list("state", flat=True))


def test_places_were_told_within_five_minutes_and_answered_in_every_way(world: str) -> None:
    for delivery in Delivery.objects.select_related("notice"):
        assert delivery.delivered_at is not None
        assert delivery.delivered_at - delivery.notice.issued_at <= timedelta(minutes=5)
    assert set(Answer.objects.values_list("code", flat=True)) == set(Answer.Code.values)
    assert {Notice.Kind.COMING, Notice.Kind.CHANGED, Notice.Kind.CANCELLED} <= set(
        Notice.objects.values_list("kind", flat=True)
    )
    assert Answer.objects.exclude(read_out_at=None).exists()
    assert Notice.objects.filter(first_seen_at=None).exists()


def test_one_traveller_refused_notice_and_no_place_was_told_of_them(world: str) -> None:
    issued = TicketSet.objects.filter(state=TicketSet.State.ISSUED)
    assert issued.filter(notices=None).count() == 1


def test_books_balance_and_every_chain_is_whole(world: str) -> None:
    assert is_balanced()
    assert list_broken_chains() == []


def test_nothing_happens_after_the_moment_it_is_seen_at_and_nothing_long_before(world: str) -> None:
    moments = list(Entry.objects.values_list("at", flat=True))
    assert max(moments) <= NOW
    assert min(moments) >= NOW - timedelta(days=13)


def test_journeys_over_a_land_border_are_shown_and_withheld(world: str) -> None:
    withheld = Offer.objects.exclude(withheld="")
    assert {offer.place_id for offer in withheld} == {"montreal", "toronto"}
    assert not TicketSet.objects.filter(offer__in=withheld).exists()


def test_each_centre_has_an_account_for_each_role_and_funds_with_different_rules(world: str) -> None:
    at_a_centre = {role.value for role in Role if role is not Role.RECEIVING_OFFICER}
    for centre in Centre.objects.all():
        roles = Membership.objects.filter(centre=centre).values_list("role", flat=True)
        assert sorted(roles) == sorted(at_a_centre)
        rules = [json.dumps(fund.rules, sort_keys=True) for fund in Fund.objects.filter(centre=centre)]
        assert len(set(rules)) == len(rules) >= 3
    assert all(account.check_password(PASSWORD) for account in Account.objects.all())


def test_wordings_are_reviewed_in_three_languages_and_arabic_in_none(world: str) -> None:
    assert set(WordingReview.objects.values_list("language", flat=True)) == {"en", "es", "fr"}
    assert Party.objects.filter(language="ar", explanations__language="en").exists()


def test_nobody_and_nothing_can_be_mistaken_for_real(world: str) -> None:
    names = tomllib.loads((DATA / "demo" / "setting.toml").read_text(encoding="utf-8"))["names"]
    families = {family for pool in names.values() for family in pool["family"]}
    for person in Person.objects.select_related("party"):
        name = sealing.unseal(person.party, "people.Person.name", person.name)
        assert name.rpartition(" ")[2] in families
    fiction = re.compile(r"\+1 \d{3} 555 01\d\d")
    phones = [one.phone for one in (*Centre.objects.all(), *ReceivingPlace.objects.all())]
    phones += [
        sealing.unseal(one.party, "people.Contact.phone", one.phone) for one in Contact.objects.select_related("party")
    ]
    assert all(fiction.fullmatch(phone) for phone in phones)
    assert all(account.email.endswith(".example") for account in Account.objects.all())
    assert all("made up" in desk.name for desk in ReceivingPlace.objects.all())
    assert all("made up" in fund.payer for fund in Fund.objects.all())


def test_wishes_stand_in_the_languages_they_were_said_in(world: str) -> None:
    words = [sealing.unseal(one.party, "cases.Wish.words", one.words) for one in Wish.objects.select_related("party")]
    assert "Con mi hermana en Chicago" in words
    assert "تورونتو، عند أخي" in words


def test_receiving_places_have_hours_and_some_said_what_room_they_have(world: str) -> None:
    desks = {desk.place_id: desk for desk in ReceivingPlace.objects.all()}
    assert set(desks) == {"montreal", "toronto", "chicago", "minneapolis", "plattsburgh", "atlanta"}
    assert all(desk.hours and desk.notice_address == "file:" for desk in desks.values())
    assert set(CapacityStatement.objects.values_list("code", flat=True)) == {"can", "cannot", "ask_us"}


def test_the_door_of_every_receiving_place_is_within_a_walk_of_a_station(world: str) -> None:
    stations = load_world().stations
    for desk in ReceivingPlace.objects.all():
        assert desk.lat is not None and desk.lon is not None, desk.place_id
        there = [one for one in stations if one.place == desk.place_id]
        assert min(distance_m(desk.lat, desk.lon, one.lat, one.lon) for one in there) < 1_000, desk.place_id


def test_an_installation_with_centres_of_its_own_is_left_alone(world: str, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="centres of its own"):
        make_world(tmp_path, now=NOW)
    assert not (tmp_path / "feeds").exists()


def run_in(home: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "ONWARD_HOME": str(home),
        "ONWARD_PASSPHRASE": "demonstration only, nobody real is in here",
        "ONWARD_DATABASE": "",
        "ONWARD_DEMONSTRATION": "yes",
        "DJANGO_SETTINGS_MODULE": "onward.site.settings_test",
        **more,
    }
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False)


TELL = """
import django; django.setup()
from django.conf import settings
from onward.apps.accounts.scopes import every_centre
from onward.site.start import hand_in_all
from tests.tools.demo_worlds import facts_of_the_world
hand_in_all(settings.ENVIRONMENT)
with every_centre('the demonstration is looked over'):
    print(facts_of_the_world())
"""


def test_run_twice_it_makes_the_world_once_and_the_same_from_the_same_seed_and_moment(
    world: str, tmp_path: Path
) -> None:
    home = tmp_path / "a home with spaces"
    demo = (sys.executable, "tools/make_demo.py", "--seed", "2023", "--now", NOW.isoformat())
    refused = run_in(home, *demo, ONWARD_DEMONSTRATION="")
    assert refused.returncode == 1
    assert "ONWARD_DEMONSTRATION=yes" in refused.stderr
    made = run_in(home, str(Path(sys.executable).with_name("onward")), "init")
    assert made.returncode == 0, made.stderr
    first = run_in(home, *demo)
    assert first.returncode == 0, first.stderr
    assert PASSWORD in first.stdout
    assert "worker@newyork.example" in first.stdout
    told = run_in(home, sys.executable, "-c", TELL, PYTHONPATH=os.pathsep.join([str(ROOT / "src"), str(ROOT)]))
    assert told.stdout.rstrip("\n") == world and len(world) > 10_000, told.stderr
    state = (home / "onward.sqlite3").read_bytes()
    second = run_in(home, *demo)
    assert second.returncode == 0, second.stderr
    assert "there already; nothing was changed" in second.stdout
    assert (home / "onward.sqlite3").read_bytes() == state
