"""Today, parking, the case page, search, wordings, and what is done with one person alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client

from onward.apps.people.models import Look, Party, Person, WordingReview
from onward.apps.record.models import Entry
from tests.conftest import World
from tests.faces.desk.conftest import now, sign_in

Make = Callable[..., Any]


def test_today_says_who_waits_and_how_long_and_lists_the_urgent_first(browser: Client, make_party: Make) -> None:
    make_party(explained=False)
    urgent = make_party(heads=3, language="ar", explained=False)
    Party.objects.filter(pk=urgent.pk).update(is_urgent=True)
    page = browser.get("/").content.decode()
    assert "2 waiting, the longest 1 h 10." in page
    assert page.index("3 people, Arabic") < page.index("2 people, Spanish")
    assert 'data-shortcut="n"' in page


def test_today_says_nothing_of_who_did_how_much(browser: Client, make_party: Make, desk: World) -> None:
    make_party()
    main = browser.get("/").content.decode().split("<main")[1]
    assert "Case Worker" not in main


def test_today_shows_an_auditor_no_list(desk: World, make_party: Make) -> None:
    make_party(explained=False)
    assert "waiting" not in sign_in("auditor").get("/").content.decode().split("<main")[1]


def test_a_parked_case_is_on_its_owners_list_and_on_everybodys_once_due(
    browser: Client, make_party: Make, desk: World
) -> None:
    party = make_party()
    given = {"until": "hour", "why": "rest", "owner_id": desk.coordinator.id}
    browser.post(f"/case/{party.pk}/park/", given)
    assert "Take up again" not in browser.get("/").content.decode()
    assert "Take up again" in sign_in("coordinator").get("/").content.decode()
    Party.objects.filter(pk=party.pk).update(parked_until=now() - timedelta(minutes=1))
    assert "Take up again" in browser.get("/").content.decode()
    answer = browser.post(f"/case/{party.pk}/resume/")
    party.refresh_from_db()
    assert (party.state, answer["Location"]) == ("in_interview", f"/case/{party.pk}/interview/")


def test_parking_at_a_time_gone_by_is_refused_beside_the_day(browser: Client, make_party: Make) -> None:
    given = {"until": "at", "on": "2020-01-01", "at": "10:00", "why": "rest", "owner_id": ""}
    answer = browser.post(f"/case/{make_party().pk}/park/", given)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Choose who takes it up again." in page and 'value="2020-01-01"' in page


def test_whoever_decides_later_comes_back_on_the_day_they_named(browser: Client, make_party: Make, desk: World) -> None:
    from onward.apps.cases.actions import decide
    from onward.apps.cases.models import Decision

    party = make_party()
    decide(party.pk, "later", ask_again_on=now().date() + timedelta(days=1), actor=desk.worker, now=now())
    assert "Ask again" not in browser.get("/").content.decode()
    Decision.objects.update(ask_again_on=now().date() - timedelta(days=1))
    assert "Ask again" in browser.get("/").content.decode()


def test_the_case_tells_what_happened_in_sentences_with_who_and_why(
    browser: Client, make_party: Make, desk: World
) -> None:
    party = make_party(people=1)
    browser.post(f"/case/{party.pk}/park/", {"until": "hour", "why": "rest", "owner_id": desk.worker.id})
    page = browser.get(f"/case/{party.pk}/").content.decode()
    for said in ("Arrived: 2 people, Spanish", "read out in Spanish", "Interpreted by: A colleague", "Case Worker"):
        assert said in page
    assert "They need to rest or to eat" in page
    assert f"<title>{party.label} ·" in page


def test_an_act_without_a_sentence_is_shown_by_its_code(browser: Client, make_party: Make, desk: World) -> None:
    from django.db import transaction

    from onward.apps.record.actions import append, case_chain

    party = make_party()
    with transaction.atomic():
        append(case_chain(party.pk), "moon.rose", {}, actor=desk.worker, now=now())
        append(case_chain(party.pk), "party.arrived", {}, actor=desk.worker, now=now())
    page = browser.get(f"/case/{party.pk}/")
    assert page.status_code == 200 and "moon.rose" in page.content.decode()


def test_every_act_the_product_records_about_a_case_has_its_sentence() -> None:
    import re
    from pathlib import Path

    import onward.apps as apps
    from onward.faces.desk.timeline import SENTENCES

    recorded = set()
    for source in Path(apps.__path__[0]).rglob("*.py"):
        text = source.read_text(encoding="utf-8")
        recorded |= set(
            re.findall(r'(?:append|_record)\(\s*(?:case_chain\([^)]*\)|chain|\w+), "([a-z]+\.[a-z_]+)"', text)
        )
    elsewhere = {"centre.opened", "role.given", "wording.reviewed", "capacity.stated"}
    assert {act for act in recorded if not act.startswith("fund.")} - elsewhere <= SENTENCES.keys()
    assert len(recorded) > 25


def test_the_case_page_leaves_one_look(browser: Client, make_party: Make) -> None:
    party = make_party(people=1)
    before = Look.objects.filter(party=party).count()
    browser.get(f"/case/{party.pk}/")
    assert list(Look.objects.filter(party=party).values_list("what", flat=True))[before:] == ["case_page"]


def test_the_door_can_be_corrected(browser: Client, make_party: Make) -> None:
    party = make_party(language="en")
    given = {"language": "", "other_language": "uk", "bed_tonight": "yes", "is_urgent": "on"}
    browser.post(f"/case/{party.pk}/correct/", given)
    party.refresh_from_db()
    assert (party.language, party.bed_tonight, party.is_urgent) == ("uk", "yes", True)


def test_search_forgives_spelling_and_keeps_names_out_of_addresses(browser: Client, make_party: Make) -> None:
    party = make_party(people=1)
    answer = browser.post("/find/", {"q": "roza"})
    page = answer.content.decode()
    assert "Rosa Nº1" in page and f"/case/{party.pk}/" in page
    assert Look.objects.filter(party=party, what="search").count() == 1
    assert "Rosa" not in browser.get("/find/?q=roza").content.decode()


def test_a_whole_number_opens_its_case_at_once(browser: Client, make_party: Make) -> None:
    party = make_party()
    assert browser.post("/find/", {"q": party.label.lower()})["Location"] == f"/case/{party.pk}/"


def test_search_by_place_finds_who_wishes_to_go_there(browser: Client, make_party: Make) -> None:
    party = make_party()
    browser.post(f"/case/{party.pk}/interview/wishes/", {"words": "Montréal", "rank": "1"})
    page = browser.post("/find/", {"q": "montreal"}).content.decode()
    assert "They wish to go to Montréal" in page and party.label in page


def test_search_that_finds_nothing_says_so_kindly(browser: Client, desk: World) -> None:
    assert "No case of this centre meets these words." in browser.post("/find/", {"q": "qqqq"}).content.decode()


def test_p01_a_coordinator_lets_a_wording_be_used_and_a_case_worker_cannot(browser: Client, desk: World) -> None:
    given = {"reviewed_by": "Jeanne D.", "is_same": "on"}
    browser.post("/wordings/fr/", given)
    assert not WordingReview.objects.filter(language="fr").exists()
    assert "I have read this" not in browser.get("/wordings/fr/").content.decode()
    coordinator = sign_in("coordinator")
    assert "I have read this" in coordinator.get("/wordings/fr/").content.decode()
    assert coordinator.post("/wordings/fr/", {"reviewed_by": "Jeanne D."}).status_code == 422
    coordinator.post("/wordings/fr/", given)
    assert WordingReview.objects.get(language="fr").reviewed_by == "Jeanne D."
    assert "Saying no does not change your bed." in coordinator.get("/wordings/").content.decode()


def test_p05_one_person_gets_a_number_of_their_own_and_the_case_left_says_only_one_head_less(
    browser: Client, make_party: Make
) -> None:
    party = make_party(people=2)
    person = party.persons.order_by("position").last()
    page = browser.get(f"/person/{person.pk}/own-number/").content.decode()
    assert "safe" not in page and "leave" not in page and "Rosa" not in page
    given = {"is_alone": "on", "once": "t"}
    answer = browser.post(f"/person/{person.pk}/own-number/", given)
    new = Party.objects.order_by("-pk").first()
    assert new and answer["Location"] == f"/case/{new.pk}/explain/"
    again = browser.post(f"/person/{person.pk}/own-number/", given)
    assert again["Location"] == answer["Location"] and Party.objects.count() == 2
    left = browser.get(f"/case/{party.pk}/").content.decode()
    assert new.label not in left and "Now 1 person, before 2 people" in left


def test_p05_it_is_reached_from_the_persons_own_page_only(browser: Client, make_party: Make) -> None:
    party = make_party(people=2)
    for page in ("", "interview/", "interview/people/"):
        assert "own-number" not in browser.get(f"/case/{party.pk}/{page}").content.decode()
    assert "own-number" in browser.get(f"/case/{party.pk}/interview/person-2/").content.decode()


def test_p06_only_the_protection_lead_lifts_the_stop_with_words(make_party: Make, desk: World) -> None:
    from onward.apps.cases.actions import record_safety
    from onward.apps.cases.queries import list_stops

    party = make_party(heads=1, people=1)
    person = Person.objects.get(party=party)
    record_safety(person.pk, answer="no", is_asked_alone=True, actor=desk.worker, now=now())
    lead = sign_in("protection_lead")
    empty = lead.post(f"/person/{person.pk}/lift/", {"why": ""})
    assert empty.status_code == 422
    lead.post(f"/person/{person.pk}/lift/", {"why": "Spoke with her alone; she travels with her sister instead."})
    assert "unsafe" not in {stop.code for stop in list_stops(party.pk)}
    assert Entry.objects.filter(act="safety.lifted").count() == 1


def test_a_case_closes_is_kept_on_demand_and_is_erased_by_the_coordinator_only(
    browser: Client, make_party: Make
) -> None:
    party = make_party(people=1)
    coordinator, address = sign_in("coordinator"), f"/case/{party.pk}/end/"
    browser.post(address, {"act": "close"})
    browser.post(address, {"act": "erase"})
    party.refresh_from_db()
    assert party.state == "closed" and party.erased_at is None
    coordinator.post(address, {"act": "hold"})
    coordinator.post(address, {"act": "erase"})
    party.refresh_from_db()
    assert party.erased_at is None
    coordinator.post(address, {"act": "lift"})
    assert "Erase now" in coordinator.get(address).content.decode()
    coordinator.post(address, {"act": "erase"})
    page = browser.get(f"/case/{party.pk}/").content.decode()
    assert "The personal part of this case was erased" in page and "Rosa" not in page
    assert "Arrived: 2 people, Spanish" in page
