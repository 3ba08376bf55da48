"""P19: a personal field has a purpose, a basis, who sees it, how long; it is sealed with its case's key; every look is
logged; a destroyed key takes the words with it; a copy of the database alone cannot be read."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from onward.apps.accounts.scopes import CentreModel
from onward.apps.cases import actions as cases
from onward.apps.cases.queries import get_case
from onward.apps.people import actions as people
from onward.apps.people import sealing
from onward.apps.people.models import Look, Party
from onward.apps.people.queries import find_parties, get_party, list_parties, list_queue, open_words
from onward.apps.people.sealed import SealedField, list_personal_fields
from onward.apps.record.models import Entry
from onward.core.errors import OnwardError
from onward.core.keys import KeyId, KeyRing
from tests.apps.cases.walking import Desk, at_desk, described, fresh, offered, person_at
from tests.apps.refused import refused
from tests.conftest import World

SAID = {
    "name": "Xiomara Qzvwname",
    "contact": "Rosa Qzvwcontact",
    "phone": "+1 312 Qzvwphone",
    "address": "1 Qzvwaddress Street",
    "wish": "Chicago, Qzvwwish",
    "meant": "Boston, Qzvwmeant",
    "court": "Newark, Qzvwcourt",
    "why": "spoke with her, Qzvwwhy",
}
"""Everything personal a family says in these tests; each word of it can be looked for."""
MARK = "Qzvw"
BORN = 1987


@dataclass
class Told:
    """A party that has said everything in SAID."""

    desk: Desk
    party: Party


def tell_everything(desk: Desk) -> Told:
    party = described(desk, names=[SAID["name"], "", ""])
    person: dict[str, Any] = {"birth_year": BORN, "age_band": None, "is_guardian": "yes"}
    people.describe_person(party.pk, 1, name=SAID["name"], **person, **desk.worker)
    contact = {"name": SAID["contact"], "phone": SAID["phone"], "address": SAID["address"], "state": "agreed"}
    people.record_contact(party.pk, place_key="chicago", **contact, **desk.worker)
    origin: dict[str, Any] = {"chose_to_come": "no", "meant_place_key": "boston"}
    cases.record_origin(party.pk, meant_words=SAID["meant"], **origin, **desk.worker)
    wish = cases.record_wish(party.pk, 1, words=SAID["wish"], place_key="chicago", **desk.worker)
    hearing: dict[str, Any] = {"kind": "hearing", "on": date(2026, 6, 11)}
    cases.record_obligation(party.pk, place_words=SAID["court"], **hearing, **desk.worker)
    person_id = person_at(party, 1).pk
    cases.record_safety(person_id, answer="no", is_asked_alone=True, **desk.worker)
    cases.lift_safety_stop(person_id, why=SAID["why"], **desk.lead)
    cases.decide(party.pk, "accept", offer_id=offered(desk, wish).pk, **desk.worker)
    return Told(desk, fresh(party))


@pytest.fixture
def told(desk: Desk) -> Told:
    return tell_everything(desk)


# A purpose, a basis, who sees it, how long.


@pytest.mark.parametrize("field", [name for name, _ in list_personal_fields()])
def test_every_sealed_field_says_why_it_exists(field: str) -> None:
    reason = dict(list_personal_fields())[field]
    assert reason is not None, f"{field} has no Reason"
    assert all(part.strip() for part in (reason.purpose, reason.basis, reason.seen_by, reason.kept)), field


def test_the_words_of_people_and_cases_are_all_sealed() -> None:
    """What is left open are codes and their like: a text column that is neither sealed nor named here is a leak."""
    codes = {
        "people.Party.label",
        "people.Party.language",
        "people.Party.key_id",
        "people.Party.parked_why",
        "people.WordingReview.wording",
        "people.WordingReview.version",
        "people.WordingReview.language",
        "people.WordingReview.reviewed_by",
        "people.Explanation.wording",
        "people.Explanation.version",
        "people.Explanation.language",
        "people.Look.actor_kind",
        "people.Look.actor_id",
        "people.Look.what",
        "cases.Offer.currency",
        "cases.Offer.withheld",
        "cases.Offer.journey",
        "cases.Offer.warnings",
        "cases.Offer.countries",
        "cases.Offer.modes",
        "cases.Offer.bands",
    }
    found = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in {"people", "cases"}
        for field in model._meta.local_fields
        if isinstance(field, models.CharField | models.TextField | models.JSONField) and not field.choices
    }
    assert found == codes


def test_nothing_is_asked_for_that_must_never_be_kept() -> None:
    forbidden = ("nationality", "religion", "claim", "photo", "biometric", "fingerprint", "passport", "birth_date")
    names = [
        f"{model.__name__}.{field.name}".lower()
        for model in apps.get_models()
        if model._meta.app_label in {"people", "cases", "travel", "notices"}
        for field in model._meta.get_fields()
    ]
    assert not [name for name in names for word in forbidden if word in name]


# Sealed with the case's key.


def rows_of_everything() -> Iterator[tuple[str, str]]:
    """Every value in the database, as text, with its column."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  (the database's own names)
            columns = [one[0] for one in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    is_bytes = isinstance(value, bytes | memoryview)
                    yield f"{table}.{column}", bytes(value).decode("latin-1") if is_bytes else str(value)


def test_no_word_that_was_said_stands_open_anywhere_in_the_database(told: Told) -> None:
    open_ = [column for column, value in rows_of_everything() if MARK in value or value == str(BORN)]
    assert open_ == []


def test_no_word_that_was_said_is_in_the_record(told: Told) -> None:
    assert Entry.objects.exists()
    assert not [entry.act for entry in Entry.objects.all() if MARK in entry.facts]


def test_the_same_words_in_two_cases_are_sealed_unlike_and_open_with_their_own_key_only(desk: Desk) -> None:
    one, other = tell_everything(desk).party, tell_everything(desk).party
    first, second = person_at(one, 1), person_at(other, 1)
    assert bytes(first.name) != bytes(second.name)
    with pytest.raises(OnwardError):
        sealing.unseal(other, "people.Person.name", first.name)
    with pytest.raises(OnwardError):
        sealing.unseal(one, "people.Person.birth_year", first.name)


def test_with_the_key_ring_closed_nothing_personal_is_read_or_written(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "_held", [])
    with refused("keys.closed"):
        get_case(told.party.pk, **told.desk.worker)
    with refused("keys.closed"):
        people.arrive(1, "es", **told.desk.worker)
    assert Party.objects.count() == 1


# Every look is logged.


LOOKS: dict[str, Callable[[Told], object]] = {
    "case_page": lambda t: get_case(t.party.pk, **t.desk.worker),
    "interview": lambda t: get_case(t.party.pk, what="interview", **t.desk.worker),
    "packet": lambda t: open_words(t.party, what="packet", **t.desk.worker),
    "search": lambda t: find_parties("xiomara", **t.desk.worker),
}


@pytest.mark.parametrize("what", sorted(LOOKS))
def test_every_look_is_logged_with_who_when_and_what(told: Told, what: str) -> None:
    told.desk.wait(minutes=7)
    before = Look.objects.count()
    LOOKS[what](told)
    looks = Look.objects.order_by("pk")[before:]
    assert [(look.party, look.what, look.actor_id, look.at) for look in looks] == [
        (told.party, what, told.desk.world.worker.id, told.desk.now)
    ]


def test_reading_a_queue_opens_nothing(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_held", [])
    before = Look.objects.count()
    list_queue()
    list_parties(Party.State.ACCEPTED)
    get_party(told.party.pk)
    assert Look.objects.count() == before


# A destroyed key takes the words with it; a copy of the database alone cannot be read.


def sealed_values(party: Party) -> list[tuple[str, bytes]]:
    """Every sealed value of a case, with its column."""
    found = []
    for model in apps.get_models():
        if issubclass(model, CentreModel):
            to_party = {"Person": "party", "SafetyAnswer": "person__party"}.get(model.__name__, "party")
            for field in model._meta.local_fields:
                if isinstance(field, SealedField) and model._meta.app_label in {"people", "cases"}:
                    column = f"{model._meta.app_label}.{model.__name__}.{field.name}"
                    rows = model.objects.filter(**{to_party: party}).values_list(field.name, flat=True)
                    found += [(column, bytes(value)) for value in rows if value]
    return found


def test_a_destroyed_key_takes_every_word_of_the_case_and_of_no_other(desk: Desk) -> None:
    erased, kept = tell_everything(desk).party, tell_everything(desk).party
    values = sealed_values(erased)
    assert {column for column, _ in values} == {
        name for name, _ in list_personal_fields() if name.startswith(("people.", "cases."))
    }
    opened = [sealing.unseal(erased, column, sealed) for column, sealed in values]
    assert all(any(word in text for text in opened) for word in SAID.values())
    sealing.ring().destroy(KeyId(erased.key_id), legal_holds=(), now=desk.now)
    for column, sealed in values:
        with refused("key.gone"):
            sealing.unseal(erased, column, sealed)
    assert get_case(kept.pk, **desk.worker).wishes[0].words == SAID["wish"]


@pytest.mark.django_db(transaction=True)
def test_a_restored_copy_of_the_database_alone_cannot_be_read(world: World, tmp_path: Path) -> None:
    """Another ring, even one made with the same passphrase, opens nothing; the bytes hold no word of what was said."""
    with at_desk(world) as desk:
        told = tell_everything(desk)
        values = sealed_values(told.party)
        other = KeyRing.create(tmp_path / "other", "a passphrase for tests only")
        other.new_key(now=desk.now)
        for column, sealed in values:
            with pytest.raises(OnwardError):
                other.unseal(KeyId(told.party.key_id), column, sealed)
        if connection.vendor == "sqlite":
            restored = restore_sqlite(tmp_path)
            assert restored.count(told.party.label.encode()) > 0
            assert MARK.encode() not in restored


def restore_sqlite(folder: Path) -> bytes:
    """The bytes of a backup of the test's own database, restored somewhere else."""
    backup = sqlite3.connect(folder / "backup.sqlite3")
    with connection.cursor() as cursor:
        cursor.connection.backup(backup)
    backup.close()
    shutil.copy(folder / "backup.sqlite3", folder / "restored.sqlite3")
    return (folder / "restored.sqlite3").read_bytes()
