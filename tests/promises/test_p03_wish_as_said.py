"""P3: the wish stays as they said it. The ticketed place never overwrites it; the gap is reported."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from onward.apps.cases import actions as cases
from onward.apps.cases.models import Wish
from onward.apps.cases.queries import get_case
from onward.apps.people import actions as people
from onward.apps.people import sealing
from onward.apps.record import guards
from onward.apps.travel.actions import hold_tickets
from onward.apps.travel.models import TicketSet
from tests.apps.cases.walking import Desk, described, explained, offered, place
from tests.apps.refused import refused

WORDS = "A Chicago, con mi hermana, donde haya trabajo 🙏"


def wish_of(desk: Desk) -> Wish:
    party = explained(desk)
    return cases.record_wish(party.pk, 1, words=WORDS, place_key="chicago", **desk.worker)


def as_it_stands(wish: Wish) -> dict[str, Any]:
    return Wish.objects.filter(pk=wish.pk).values().get()


@pytest.mark.parametrize(
    "change",
    [
        {"words": b"other words"},
        {"rank": 2},
        {"place_id": "denver"},
        {"place_id": None},
        {"said_at": "2020-01-01T00:00:00Z"},
    ],
)
def test_the_database_itself_refuses_to_write_over_a_wish(desk: Desk, change: dict[str, Any]) -> None:
    wish = wish_of(desk)
    before = as_it_stands(wish)
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        Wish.objects.filter(pk=wish.pk).update(**change)
    assert as_it_stands(wish) == before


def test_the_database_refuses_to_remove_a_wish_or_to_bring_back_one_withdrawn(desk: Desk) -> None:
    wish = wish_of(desk)
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        wish.delete()
    cases.withdraw_wish(wish.pk, **desk.worker)
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        Wish.objects.filter(pk=wish.pk).update(withdrawn_at=None)


def test_writing_over_a_wish_by_inserting_it_again_is_refused_too(desk: Desk) -> None:
    wish = wish_of(desk)
    columns = "id, centre_id, party_id, rank, words, place_id, said_at, withdrawn_at"
    source = f"SELECT {columns} FROM cases_wish WHERE id = %s"  # noqa: S608  (names of ours)
    said_by = [f"INSERT INTO cases_wish ({columns}) {source} ON CONFLICT (id) DO UPDATE SET rank = 7"]
    if connection.vendor == "sqlite":
        said_by.append(f"REPLACE INTO cases_wish ({columns}) {source}")
    for statement in said_by:
        with pytest.raises(DatabaseError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [wish.pk])


def test_the_guards_of_wishes_stand(desk: Desk) -> None:
    names = {guard.name for guard in guards.list_guards() if guard.table == Wish._meta.db_table}
    assert {"guard_cases_wish_as_said", "guard_cases_wish_kept"} <= names
    assert not names & set(guards.list_missing())


def test_no_act_writes_over_a_wish(desk: Desk) -> None:
    wish = wish_of(desk)
    with refused("wish.rank_taken"):
        cases.record_wish(wish.party_id, 1, words="Denver", place_key="denver", **desk.worker)
    with refused("wish.placed"):
        cases.place_wish(wish.pk, place_key="denver", **desk.worker)
    assert as_it_stands(wish)["place_id"] == "chicago"


def test_a_changed_mind_is_a_new_wish_and_the_old_words_stay(desk: Desk) -> None:
    wish = wish_of(desk)
    cases.withdraw_wish(wish.pk, **desk.worker)
    cases.record_wish(wish.party_id, 1, words="Denver", place_key="denver", **desk.worker)
    assert [one.words for one in get_case(wish.party_id, **desk.worker).wishes] == ["Denver"]
    old = Wish.objects.get(pk=wish.pk)
    assert old.withdrawn_at == desk.now
    assert sealing.unseal(old.party, "cases.Wish.words", old.words) == WORDS


def test_a_wish_without_a_place_gets_one_once_and_its_words_stay(desk: Desk) -> None:
    party = explained(desk)
    wish = cases.record_wish(party.pk, 1, words="where my sister is", **desk.worker)
    before = as_it_stands(wish)
    cases.place_wish(wish.pk, place_key="chicago", **desk.worker)
    cases.place_wish(wish.pk, place_key="chicago", **desk.worker)
    assert as_it_stands(wish) == before | {"place_id": "chicago"}


def test_a_ticket_to_another_place_leaves_the_wish_and_the_gap_is_told(desk: Desk) -> None:
    party = described(desk)
    first = cases.record_wish(party.pk, 1, words=WORDS, place_key="chicago", **desk.worker)
    second = cases.record_wish(party.pk, 2, words="o Albany", place_key="albany", **desk.worker)
    before = [as_it_stands(first), as_it_stands(second)]
    offer = offered(desk, second)
    cases.decide(party.pk, "accept", offer_id=offer.pk, **desk.worker)
    tickets = hold_tickets(offer.pk, payer=TicketSet.Payer.THEMSELVES, **desk.worker)
    assert tickets.place == place("albany")
    assert [as_it_stands(first), as_it_stands(second)] == before
    case = get_case(party.pk, **desk.worker)
    assert case.wishes[0].words == WORDS
    assert case.gap is not None
    assert (case.gap.wished_place, case.gap.journey_place, case.gap.rank) == ("chicago", "albany", 2)


def test_a_ticket_to_the_first_wish_leaves_no_gap(desk: Desk) -> None:
    party = described(desk)
    wish = cases.record_wish(party.pk, 1, words=WORDS, place_key="chicago", **desk.worker)
    cases.decide(party.pk, "accept", offer_id=offered(desk, wish).pk, **desk.worker)
    assert get_case(party.pk, **desk.worker).gap is None


def test_somebody_who_leaves_the_party_leaves_its_wishes_as_they_were_said(desk: Desk) -> None:
    party = described(desk)
    wish = cases.record_wish(party.pk, 1, words=WORDS, place_key="chicago", **desk.worker)
    before = as_it_stands(wish)
    people.leave_party(party.persons.get(position=2).pk, **desk.worker)
    assert as_it_stands(wish) == before
