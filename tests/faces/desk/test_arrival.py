"""The counter: four keys and a number, a bus at once, nothing twice."""

import re

from django.test import Client

from onward.apps.people.models import Known, Party

GIVEN = {"heads": "4", "language": "es", "bed_tonight": "unknown", "once": "a-token"}


def test_a_party_gets_a_number_and_no_name_is_asked(browser: Client) -> None:
    page = browser.get("/arrive/").content.decode()
    assert 'name="name"' not in page
    answer = browser.post("/arrive/", GIVEN, follow=True)
    party = Party.objects.get()
    assert (party.heads, party.language, party.bed_tonight) == (4, "es", Known.UNKNOWN)
    assert f'<p class="big-number">{party.number}</p>' in answer.content.decode()


def test_the_same_arrival_sent_twice_gives_one_number(browser: Client) -> None:
    first, second = browser.post("/arrive/", GIVEN), browser.post("/arrive/", GIVEN)
    assert first["Location"] == second["Location"]
    assert Party.objects.count() == 1


def test_two_arrivals_with_the_same_answers_are_two_parties(browser: Client) -> None:
    browser.post("/arrive/", GIVEN)
    browser.post("/arrive/", GIVEN | {"once": "another-token"})
    assert Party.objects.count() == 2


def test_more_than_eight_and_a_language_beyond_the_keys(browser: Client) -> None:
    given = {"heads": "", "heads_more": "11", "language": "", "other_language": "uk"}
    browser.post("/arrive/", GIVEN | given)
    assert Party.objects.values_list("heads", "language").get() == (11, "uk")


def test_what_is_missing_is_said_beside_its_key_and_what_was_pressed_stays(browser: Client) -> None:
    answer = browser.post("/arrive/", {"bed_tonight": "declined"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Press how many they are." in page and "Press the language they speak." in page
    assert re.search('value="declined"[^>]* checked', page)
    assert not Party.objects.exists()


def test_too_many_heads_are_refused_in_a_sentence_beside_the_field(browser: Client) -> None:
    answer = browser.post("/arrive/", GIVEN | {"heads_more": "99"})
    assert answer.status_code == 422
    assert "A party has from 1 to 60 people." in answer.content.decode()


def test_a_bus_gets_its_numbers_at_once_and_a_language_left_out_is_the_one_above(browser: Client) -> None:
    rows = {"heads_1": "4", "language_1": "es", "heads_2": "1", "heads_4": "2", "language_4": "fr", "once": "bus"}
    answer = browser.post("/arrive/bus/", rows, follow=True)
    browser.post("/arrive/bus/", rows)
    assert list(Party.objects.order_by("number").values_list("heads", "language")) == [(4, "es"), (1, "es"), (2, "fr")]
    assert answer.content.decode().count("big-number") == 3


def test_a_wrong_row_leaves_the_whole_bus_waiting_and_nothing_typed_is_lost(browser: Client) -> None:
    rows = {"heads_1": "4", "language_1": "es", "heads_2": "ninety"}
    page = browser.post("/arrive/bus/", rows).content.decode()
    assert "Write a whole number, such as 4." in page and 'value="ninety"' in page
    assert not Party.objects.exists()


def test_more_rows_keep_what_was_typed(browser: Client) -> None:
    page = browser.post("/arrive/bus/", {"heads_1": "4", "language_1": "es", "rows": "12", "add_rows": "1"})
    assert 'name="heads_24"' in page.content.decode() and 'value="4"' in page.content.decode()


def test_an_arrival_after_sign_out_comes_back_with_its_fields(desk: object) -> None:
    answer = Client().post("/arrive/", GIVEN)
    assert answer.status_code == 401
    assert '<input type="hidden" name="held.heads" value="4">' in answer.content.decode()
