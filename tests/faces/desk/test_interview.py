"""The interview's screens: kept as said, nothing typed lost, nothing written twice."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.test import Client

from onward.apps.cases.models import Answer, Interview, Obligation, SafetyAnswer, Wish
from onward.apps.cases.queries import get_case
from onward.apps.people.models import Contact, Look, Person
from tests.conftest import World
from tests.faces.desk.conftest import now

Make = Callable[..., Any]


def read(desk: World, party: Any) -> Any:
    """The case with its words open."""
    return get_case(party.pk, actor=desk.worker, now=now(), what="test")


def test_p03_words_are_kept_as_they_said_them_and_a_named_place_is_found(
    browser: Client, make_party: Make, desk: World
) -> None:
    party = make_party()
    browser.post(f"/case/{party.pk}/interview/wishes/", {"words": "montreal", "rank": "1"})
    wish = read(desk, party).wishes[0]
    assert (wish.words, wish.place.key) == ("montreal", "montreal")


def test_several_places_that_fit_are_asked_about_and_what_was_said_stays(
    browser: Client, make_party: Make, desk: World
) -> None:
    party = make_party()
    given = {"words": "Portland, by the sea", "rank": "1"}
    answer = browser.post(f"/case/{party.pk}/interview/wishes/", given)
    page = answer.content.decode()
    assert (
        answer.status_code == 422 and page.count('name="place_key"') == 3 and "Portland, by the sea</textarea>" in page
    )
    assert not Wish.objects.exists()
    key = answer.context["form"].fields["place_key"].choices[0][0]
    chosen = {**given, "place_key": key, "place_for": given["words"]}
    browser.post(f"/case/{party.pk}/interview/wishes/", chosen)
    wish = read(desk, party).wishes[0]
    assert (wish.words, wish.place.key) == (given["words"], key)


def test_p03_words_no_list_knows_are_kept_without_a_place(browser: Client, make_party: Make, desk: World) -> None:
    party = make_party()
    answer = browser.post(f"/case/{party.pk}/interview/wishes/", {"words": "somewhere warm", "rank": "1"}, follow=True)
    assert read(desk, party).wishes[0].place is None
    assert "No journey can be looked for" in answer.content.decode()


def test_a_place_typed_that_no_list_knows_is_asked_about_before_anything_is_dropped(
    browser: Client, make_party: Make
) -> None:
    party = make_party()
    given = {"words": "to my aunt", "place": "Zzyzxville", "rank": "1"}
    answer = browser.post(f"/case/{party.pk}/interview/wishes/", given)
    assert answer.status_code == 422
    assert "No place in our list is called that." in answer.content.decode()
    browser.post(f"/case/{party.pk}/interview/wishes/", {**given, "place_key": "none", "place_for": "Zzyzxville"})
    assert Wish.objects.get().place is None


def test_a_wish_without_a_place_gets_it_later_and_its_words_stay(
    browser: Client, make_party: Make, desk: World
) -> None:
    party = make_party()
    browser.post(f"/case/{party.pk}/interview/wishes/", {"words": "to my aunt", "rank": "1"})
    wish = Wish.objects.get()
    browser.post(f"/case/{party.pk}/interview/wish-{wish.pk}/", {"place": "Chicago"})
    found = read(desk, party).wishes[0]
    assert (found.words, found.place.key) == ("to my aunt", "chicago")


def test_a_withdrawn_wish_frees_its_rank_and_is_kept(browser: Client, make_party: Make) -> None:
    party = make_party()
    browser.post(f"/case/{party.pk}/interview/wishes/", {"words": "Denver", "rank": "1"})
    wish = Wish.objects.get()
    browser.post(f"/case/{party.pk}/take-back/wish-{wish.pk}/")
    browser.post(f"/case/{party.pk}/interview/wishes/", {"words": "Atlanta", "rank": "1"})
    assert Wish.objects.filter(withdrawn_at=None).count() == 1 and Wish.objects.count() == 2


def test_four_hundred_and_one_emoji_are_refused_beside_the_field_and_come_back(
    browser: Client, make_party: Make
) -> None:
    words = "🌞" * 401
    answer = browser.post(f"/case/{make_party().pk}/interview/wishes/", {"words": words, "rank": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "This has 401 characters; at most 400 fit." in page and words in page
    assert not Wish.objects.exists()


def test_a_birth_year_to_come_is_refused_beside_the_field(browser: Client, make_party: Make) -> None:
    given = {"name": "Rosa", "birth_year": "2990", "is_guardian": "not_asked"}
    answer = browser.post(f"/case/{make_party().pk}/interview/person-1/", given)
    page = answer.content.decode()
    assert answer.status_code == 422 and "2990 has not come yet." in page and 'value="Rosa"' in page
    assert not Person.objects.exists()


def test_a_person_is_described_and_corrected_in_place(browser: Client, make_party: Make, desk: World) -> None:
    party = make_party()
    for year in ("1987", "1988"):
        given = {"name": "Rosa Inés", "birth_year": year, "is_guardian": "yes"}
        browser.post(f"/case/{party.pk}/interview/person-1/", given)
    (person,) = read(desk, party).persons
    assert (person.name, person.birth_year, person.is_guardian) == ("Rosa Inés", 1988, "yes")


def test_origin_and_where_they_meant_to_go_are_kept_side_by_side(
    browser: Client, make_party: Make, desk: World
) -> None:
    party = make_party()
    browser.post(f"/case/{party.pk}/interview/origin/", {"chose_to_come": "no"})
    browser.post(f"/case/{party.pk}/interview/meant/", {"meant_words": "to Denver, with my aunt", "place": "Denver"})
    said = read(desk, party).interview
    assert (said.chose_to_come, said.meant_words) == ("no", "to Denver, with my aunt")
    assert said.meant_place.key == "denver"


def test_p09_a_question_left_as_it_was_stays_not_asked(browser: Client, make_party: Make) -> None:
    party = make_party()
    browser.post(f"/case/{party.pk}/interview/need-phone/", {"answer": "not_asked"})
    assert not Answer.objects.exists()
    for answer in ("unknown", "declined"):
        browser.post(f"/case/{party.pk}/interview/need-phone/", {"answer": answer})
        assert Answer.objects.get().answer == answer


def test_a_contact_sent_twice_is_one_contact(browser: Client, make_party: Make) -> None:
    party = make_party()
    given = {"state": "reached", "name": "Luis", "phone": "+1 514 555 0142", "place": "Montréal", "once": "x"}
    for _ in range(2):
        browser.post(f"/case/{party.pk}/interview/contact/", given)
    assert Contact.objects.get().place_id == "montreal"


def test_a_contact_claims_no_more_than_is_written_down(browser: Client, make_party: Make) -> None:
    answer = browser.post(f"/case/{make_party().pk}/interview/contact/", {"state": "address_confirmed", "name": "Luis"})
    assert answer.status_code == 422 and "No address is written down" in answer.content.decode()


def test_a_date_that_binds_is_kept_with_its_town_as_the_paper_says_it(
    browser: Client, make_party: Make, desk: World
) -> None:
    party = make_party()
    on = date.today() + timedelta(days=20)  # noqa: DTZ011  (any day ahead will do)
    given = {"has_dates": "not_asked", "kind": "hearing", "on": on.isoformat(), "place": "Springfield Gardens Annex"}
    browser.post(f"/case/{party.pk}/interview/dates/", given)
    case = read(desk, party)
    assert case.obligations[0].place_words == "Springfield Gardens Annex"
    assert case.answers["binding_dates"] == "yes"
    browser.post(f"/case/{party.pk}/take-back/date-{case.obligations[0].id}/")
    assert not Obligation.objects.exists()


def test_a_date_gone_by_is_refused_in_a_sentence(browser: Client, make_party: Make) -> None:
    given = {"has_dates": "yes", "kind": "hearing", "on": "2020-01-01"}
    answer = browser.post(f"/case/{make_party().pk}/interview/dates/", given)
    assert answer.status_code == 422 and "has passed or lies too far ahead" in answer.content.decode()


def test_each_adult_is_asked_alone_and_a_no_is_seen_on_their_own_screen_only(browser: Client, make_party: Make) -> None:
    party = make_party(people=2)
    first, second = party.persons.order_by("position")
    browser.post(f"/case/{party.pk}/interview/safety-{first.pk}/", {"is_asked_alone": "on", "answer": "no"})
    assert SafetyAnswer.objects.get().is_asked_alone
    aloud = "do not feel safe"
    pages = ("", "interview/", "interview/safety/", f"interview/safety-{second.pk}/", "interview/people/")
    for page in pages:
        assert aloud not in browser.get(f"/case/{party.pk}/{page}").content.decode()
    assert aloud in browser.get(f"/case/{party.pk}/interview/safety-{first.pk}/").content.decode()


def test_parking_in_the_middle_of_a_screen_keeps_what_was_typed(browser: Client, make_party: Make, desk: World) -> None:
    party = make_party()
    answer = browser.post(f"/case/{party.pk}/interview/wishes/", {"words": "somewhere warm", "rank": "1", "park": "1"})
    assert answer["Location"] == f"/case/{party.pk}/park/"
    assert read(desk, party).wishes[0].words == "somewhere warm"
    untouched = browser.post(f"/case/{party.pk}/interview/contact/", {"park": "1"})
    assert untouched["Location"] == f"/case/{party.pk}/park/"


def test_a_screen_leaves_one_look_and_titles_name_nobody(browser: Client, make_party: Make) -> None:
    party = make_party(people=1)
    before = Look.objects.count()
    page = browser.get(f"/case/{party.pk}/interview/person-1/").content.decode()
    assert Look.objects.count() == before + 1
    assert "Rosa" not in page[: page.index("</title>")]


def test_a_post_after_sign_out_comes_back_with_its_words(make_party: Make) -> None:
    party = make_party()
    answer = Client().post(f"/case/{party.pk}/interview/wishes/", {"words": "to my aunt", "rank": "1"})
    assert answer.status_code == 401 and 'name="held.words" value="to my aunt"' in answer.content.decode()


def test_a_decision_taken_earlier_gives_way_to_a_new_interview(browser: Client, make_party: Make) -> None:
    party = make_party()
    browser.post(f"/case/{party.pk}/decide/", {"kind": "stay"})
    assert "Take up the interview" in browser.get(f"/case/{party.pk}/interview/").content.decode()
    browser.post(f"/case/{party.pk}/interview/")
    party.refresh_from_db()
    assert party.state == "in_interview" and Interview.objects.count() == 1


def test_a_wish_typed_before_pressing_next_is_written_down(browser: Client, make_party: Make, desk: World) -> None:
    party = make_party()
    here = f"/case/{party.pk}/interview/wishes/"
    browser.post(here, {"words": "Montreal", "rank": "1"})
    answer = browser.post(here, {"words": "or Denver", "place": "Denver", "rank": "2", "next": "1"})
    assert answer["Location"] == f"/case/{party.pk}/interview/contact/"
    assert [wish.words for wish in read(desk, party).wishes] == ["Montreal", "or Denver"]


def test_pressing_next_with_nothing_typed_goes_on_and_writes_nothing(browser: Client, make_party: Make) -> None:
    party = make_party()
    for step, following in (("wishes", "contact"), ("contact", "dates"), ("dates", "need-")):
        given = {"wishes": {"rank": "1"}, "contact": {}, "dates": {"has_dates": "not_asked"}}[step]
        answer = browser.post(f"/case/{party.pk}/interview/{step}/", {**given, "next": "1"})
        assert f"/interview/{following}" in answer["Location"], step
    assert not (Wish.objects.exists() or Contact.objects.exists() or Obligation.objects.exists())
