"""Rows laid in again are those the acts wrote, or the acts are done anew."""

import pytest
from django.db import transaction

from onward.apps.accounts.models import Centre
from onward.apps.accounts.scopes import centre_scope
from onward.apps.people import sealing
from onward.apps.people.models import Person
from onward.apps.places.models import Place
from onward.apps.record.models import Entry, Head
from onward.apps.record.queries import list_broken_chains
from onward.core.keys import KeyId
from tests.apps.travel.ready import Ready, lay_ready
from tests.conftest import NOW, World, lay_places
from tests.rows import laid, read

TABLES = [model._meta.db_table for model in (Centre, Entry, Head, Person)]


def lay_and_take_back(world: World) -> tuple[list[object], Ready]:
    with centre_scope(world.new_york.pk), transaction.atomic():
        ready = lay_ready(world.new_york, world.worker)
        seen = [sorted(read(table), key=str) for table in TABLES]
        assert list_broken_chains() == []
        transaction.set_rollback(True)
    return seen, ready


def test_rows_laid_in_again_are_those_the_acts_wrote(world: World) -> None:
    first, ready = lay_and_take_back(world)
    second, again = lay_and_take_back(world)
    assert first == second
    assert again.party.key_id == ready.party.key_id and again.party is not ready.party


def test_a_family_whose_key_was_destroyed_is_made_anew(world: World) -> None:
    _, ready = lay_and_take_back(world)
    sealing.ring().destroy(KeyId(ready.party.key_id), legal_holds=(), now=NOW)
    _, again = lay_and_take_back(world)
    assert again.party.key_id != ready.party.key_id


def test_where_rows_were_changed_before_the_acts_are_done_anew(world: World) -> None:
    def rename() -> str:
        centre = Centre.objects.get(pk=world.denver.pk)
        centre.name += " and Aurora"
        centre.save(update_fields=["name"])
        return centre.name

    for expected in ("Denver and Aurora", "Denver and Aurora and Aurora"):
        assert laid("Denver renamed in a test", rename) == expected
        assert Centre.objects.get(pk=world.denver.pk).name == expected


def test_acts_that_take_rows_away_cannot_be_kept(world: World) -> None:
    lay_places()
    with centre_scope(world.new_york.pk), pytest.raises(AssertionError, match="were deleted"):
        laid("Chicago taken away in a test", lambda: Place.objects.filter(pk="chicago").delete())
