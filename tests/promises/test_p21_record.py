"""P21: what happened is append-only and hash-chained; the database itself refuses to rewrite it."""

import sqlite3

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, models, transaction

from onward.apps.record import guards
from onward.apps.record.actions import anchor_day, append
from onward.apps.record.models import Entry
from onward.apps.record.queries import find_broken_link, list_broken_chains
from onward.core.actor import job
from tests.conftest import NOW

REPLACE = (
    "REPLACE INTO record_entry (id, chain, seq, at, actor_kind, actor_id, act, facts, prev_hash, hash) "
    "SELECT id, chain, seq, at, actor_kind, actor_id, 'party.rewritten', facts, prev_hash, hash FROM record_entry"
)
REPLACE_BY_PLACE = REPLACE.replace("(id, chain", "(chain").replace("SELECT id, chain", "SELECT chain")


def _happen() -> None:
    with transaction.atomic():
        append("case:1", "party.arrived", {"heads": 4}, actor=job("tests"), now=NOW)
        append("case:1", "party.explained", {}, actor=job("tests"), now=NOW)
        anchor_day(NOW.date(), now=NOW)


def _refused(statement: str) -> None:
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def _all_ways_refused() -> None:
    _refused("UPDATE record_entry SET act = 'party.rewritten' WHERE seq = 1")
    _refused("DELETE FROM record_entry")
    _refused("UPDATE record_anchor SET digest = 'x'")
    _refused("UPDATE record_head SET seq = 1, hash = 'x'")
    _refused("DELETE FROM record_head")
    if connection.vendor == "postgresql":
        _refused("TRUNCATE record_entry")
    else:
        _refused(REPLACE)
        _refused(REPLACE_BY_PLACE)
    assert list(Entry.objects.values_list("act", flat=True)) == ["party.arrived", "party.explained"]


def test_the_record_refuses_every_way_of_rewriting_it(transactional_db: None) -> None:
    _happen()
    _all_ways_refused()


def test_the_record_still_refuses_after_a_column_was_altered_and_migrated(transactional_db: None) -> None:
    _happen()
    old = Entry._meta.get_field("act")
    new = models.CharField(max_length=61)
    new.set_attributes_from_name("act")
    new.model = Entry
    with connection.schema_editor() as editor:
        editor.alter_field(Entry, old, new, strict=True)
    call_command("migrate", verbosity=0)
    try:
        assert guards.list_missing() == []
        _all_ways_refused()
    finally:
        with connection.schema_editor() as editor:
            editor.alter_field(Entry, new, old)
        call_command("migrate", verbosity=0)


def test_replace_is_refused_even_on_a_connection_that_fires_no_delete_triggers(transactional_db: None) -> None:
    _happen()
    if connection.vendor == "postgresql":
        _refused(f"{REPLACE_BY_PLACE.replace('REPLACE', 'INSERT')} ON CONFLICT (chain, seq) DO UPDATE SET act = 'x'")
        return
    other = sqlite3.connect(str(connection.settings_dict["NAME"]))
    try:
        with pytest.raises(sqlite3.IntegrityError, match="refused"):
            other.execute(REPLACE_BY_PLACE)
    finally:
        other.close()


def test_a_rewritten_entry_is_found_by_anyone_who_checks(transactional_db: None) -> None:
    _happen()
    guards.lift()
    Entry.objects.filter(seq=1).update(facts='{"heads":5}')
    guards.install()
    assert find_broken_link("case:1") == 1
    assert list_broken_chains() == ["case:1"]


def test_a_removed_last_entry_is_found_by_its_head(transactional_db: None) -> None:
    _happen()
    guards.lift()
    Entry.objects.filter(seq=2).delete()
    guards.install()
    assert find_broken_link("case:1") is not None
