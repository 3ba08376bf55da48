"""P20: staff see their own centre's parties and nothing else; no key leads out; an unscoped read raises."""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction

from onward.apps.accounts.fences import list_scoped_models
from onward.apps.accounts.scopes import NoScope, OutOfScope, centre_scope, every_centre, no_scope, place_scope
from onward.apps.notices.models import Notice
from onward.apps.people.models import Contact, Look, Party, Person
from tests.conftest import NOW, World


def _party(centre: Any, number: int = 1) -> Party:
    return Party.objects.create(
        centre=centre,
        number=number,
        label=f"{centre.key}-{number}",
        arrived_at=NOW,
        heads=2,
        language="es",
        key_id="k" * 32,
        changed_at=NOW,
    )


@pytest.fixture
def parties(world: World) -> tuple[Party, Party]:
    with centre_scope(world.new_york.pk):
        ours = _party(world.new_york)
    with centre_scope(world.denver.pk):
        theirs = _party(world.denver)
    return ours, theirs


@pytest.mark.parametrize("model", list_scoped_models(), ids=lambda model: model.__name__)
def test_every_read_without_a_scope_raises(model: Any, db: None) -> None:
    with no_scope():
        for read in (model.objects.all, model.objects.count, model._base_manager.first, model._default_manager.exists):
            with pytest.raises(NoScope):
                read()


def test_a_centre_finds_its_own_parties_only(world: World, parties: tuple[Party, Party]) -> None:
    ours, theirs = parties
    with centre_scope(world.new_york.pk):
        assert list(Party.objects.all()) == [ours]
        assert not Party.objects.filter(pk=theirs.pk).exists()


def test_refresh_save_and_delete_do_not_reach_another_centre(world: World, parties: tuple[Party, Party]) -> None:
    _, theirs = parties
    with centre_scope(world.new_york.pk):
        with pytest.raises(Party.DoesNotExist):
            theirs.refresh_from_db()
        with pytest.raises(OutOfScope):
            theirs.save()
        with pytest.raises(OutOfScope):
            theirs.delete()
        with pytest.raises(OutOfScope):
            Party.objects.bulk_update([theirs], ["heads"])
        with pytest.raises(OutOfScope):
            Party.objects.update(centre=world.denver)
        assert Party.objects.filter(pk=theirs.pk).update(heads=9) == 0
    with every_centre("the test looks"):
        assert Party.objects.get(pk=theirs.pk).heads == 2


def test_a_row_cannot_be_written_for_another_centre(world: World) -> None:
    with centre_scope(world.new_york.pk):
        with pytest.raises(OutOfScope):
            _party(world.denver, 7)
        with pytest.raises(OutOfScope):
            Party.objects.bulk_create([Party(centre=world.denver, number=8)])


def test_a_forward_key_does_not_lead_out_of_the_centre(world: World, parties: tuple[Party, Party]) -> None:
    ours, _ = parties
    with centre_scope(world.new_york.pk):
        person = Person.objects.create(centre=world.new_york, party=ours, position=1, age_band="adult")
    with centre_scope(world.denver.pk):
        stray = Person(pk=person.pk, centre=world.denver, party_id=ours.pk, position=1, age_band="adult")
        with pytest.raises(Party.DoesNotExist):
            _ = stray.party


def test_the_database_refuses_a_key_into_another_centre(world: World, parties: tuple[Party, Party]) -> None:
    ours, theirs = parties
    with every_centre("even a job cannot"):
        with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
            Person.objects.create(centre=world.new_york, party=theirs, position=1, age_band="adult")
        contact = Contact.objects.create(centre=world.new_york, party=ours, changed_at=NOW)
        contact.party = theirs
        with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
            contact.save()


def test_the_database_refuses_to_move_a_row_to_another_centre(world: World, parties: tuple[Party, Party]) -> None:
    statement = "UPDATE people_party SET centre_id = %s WHERE id = %s"
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [world.denver.pk, parties[0].pk])


def test_a_receivers_door_opens_on_nothing_but_what_is_addressed_to_it(
    world: World, parties: tuple[Party, Party]
) -> None:
    with place_scope("montreal"):
        assert list(Notice.objects.all()) == []
        for model in (Party, Person, Contact, Look):
            with pytest.raises(NoScope):
                model.objects.all()
        with pytest.raises(OutOfScope):
            parties[0].save()


def test_a_scope_ends_with_its_block(world: World) -> None:
    with centre_scope(world.new_york.pk):
        with centre_scope(world.denver.pk):
            assert Party.objects.count() == 0
        _party(world.new_york, 3)
    with no_scope(), pytest.raises(NoScope):
        Party.objects.count()


def test_every_scoped_model_keeps_the_scoped_base_manager(db: None) -> None:
    assert len(list_scoped_models()) >= 15
    assert [found for found in run_checks() if found.id == "onward.E001"] == []


def test_a_worker_acts_for_her_own_centre_only(world: World) -> None:
    from onward.core.errors import NotAllowed

    with pytest.raises(NotAllowed):
        world.worker.require_centre(world.denver.pk)
    assert world.worker.require_centre(world.new_york.pk) is None
