"""Searching a centre's cases; opening words; each opening leaves a look."""

from onward.apps.accounts.scopes import centre_scope
from onward.apps.people import actions as people
from onward.apps.people import sealing
from onward.apps.people.models import AgeBand, Look, Party
from onward.apps.people.queries import find_parties, get_party, list_wordings, open_words
from onward.core.keys import KeyId
from tests.apps.cases.walking import Desk, described
from tests.apps.refused import refused
from tests.conftest import World


def looks_at(party: Party) -> list[tuple[str, str]]:
    return list(Look.objects.filter(party=party).order_by("pk").values_list("what", "actor_id"))


def test_a_case_is_found_by_its_number_its_label_and_a_name(desk: Desk) -> None:
    described(desk, [AgeBand.ADULT], names=["Marie Dupont"])
    party = described(desk, [AgeBand.ADULT, AgeBand.CHILD], names=["Ana Núñez", "Mía Núñez"])
    for text in ("2", " 0002 ", "NEW-0002", "new-2"):
        assert [one.party for one in find_parties(text, **desk.worker)] == [party], text
    for text in ("DEN-2", "-2-", "2222222222", "²"):
        assert find_parties(text, **desk.worker) == [], text
    found = find_parties("mia nunes", **desk.worker)
    assert [(one.party, one.name) for one in found] == [(party, "Mía Núñez")]
    assert find_parties("  ", **desk.worker) == []


def test_a_search_leaves_a_look_at_each_case_it_shows_and_at_no_other(desk: Desk) -> None:
    met = described(desk, [AgeBand.ADULT], names=["Ana Núñez"])
    other = described(desk, [AgeBand.ADULT], names=["Marie Dupont"])
    find_parties("nunez", **desk.worker)
    assert looks_at(met) == [("search", desk.world.worker.id)]
    assert looks_at(other) == []


def test_a_search_stops_at_its_limit_and_so_do_its_looks(desk: Desk) -> None:
    for _ in range(5):
        described(desk, [AgeBand.ADULT], names=["Ana Núñez"])
    assert len(find_parties("ana", limit=3, **desk.worker)) == 3
    assert Look.objects.count() == 3


def test_another_centres_people_are_not_found(desk: Desk, world: World) -> None:
    party = described(desk, [AgeBand.ADULT], names=["Ana Núñez"])
    with centre_scope(world.denver.pk):
        assert find_parties("ana", **desk.stranger) == []
        assert find_parties("1", **desk.stranger) == []
        with refused("party.unknown"):
            get_party(party.pk)


def test_a_case_whose_words_were_erased_is_found_by_its_number_only(desk: Desk) -> None:
    party = described(desk, [AgeBand.ADULT], names=["Ana Núñez"])
    sealing.ring().destroy(KeyId(party.key_id), legal_holds=(), now=desk.now)
    assert find_parties("ana", **desk.worker) == []
    assert [one.party for one in find_parties("1", **desk.worker)] == [party]


def test_an_auditor_neither_searches_nor_opens_words(desk: Desk) -> None:
    party = described(desk, [AgeBand.ADULT])
    with refused("actor.role_missing"):
        find_parties("ana", **desk.auditor)
    with refused("actor.role_missing"):
        open_words(party, what="test", **desk.auditor)
    with refused("actor.other_centre"):
        open_words(party, what="test", **desk.stranger)
    assert looks_at(party) == []


def test_a_search_takes_three_queries_however_many_cases_there_are(
    desk: Desk, django_assert_num_queries: object
) -> None:
    for _ in range(4):
        described(desk, [AgeBand.ADULT], names=["Ana Núñez"])
    with django_assert_num_queries(3):  # type: ignore[operator]
        find_parties("ana", **desk.worker)


def test_wordings_say_who_reviewed_them(desk: Desk) -> None:
    reviewed = {one.wording.language: one.reviewed_by for one in list_wordings()}
    assert reviewed == {"en": "A. Reader", "es": "A. Reader", "fr": "", "ar": ""}
    assert people.review_wording("es", reviewed_by="Another", **desk.lead).reviewed_by == "A. Reader"
