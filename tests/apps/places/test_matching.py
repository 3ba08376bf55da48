"""A place is found however it is said."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onward.apps.places.loading import find_places_file, read_places
from onward.apps.places.matching import Closeness, NamedPlace, are_alike, rank
from onward.apps.places.spelling import count_slips, fold

PLACES = [
    NamedPlace(one.key, (one.name, *one.names.values(), *one.other_names), one.country, one.region)
    for one in read_places(find_places_file())
]


def first(text: str) -> str:
    found = rank(text, PLACES)
    return found[0].key if found else ""


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Montréal", "montreal"),
        ("MONTREAL", "montreal"),
        ("montreal, QC", "montreal"),
        ("Montreal Canada", "montreal"),
        ("Monreal", "montreal"),
        ("montrael", "montreal"),
        ("مونتريال", "montreal"),
        ("New York City", "new-york"),
        ("Nueva York", "new-york"),
        ("nueva yorq", "new-york"),
        ("newyork", "new-york"),
        ("نيويورك", "new-york"),
        ("NYC", "new-york"),
        ("St Louis", "st-louis"),
        ("saint-louis", "st-louis"),
        ("Québec", "quebec-city"),
        ("Albany New York", "albany"),
        ("Plattsburgh NY", "plattsburgh"),
        ("Platsburg", "plattsburgh"),
        ("Chigago", "chicago"),
        ("Atlanda", "atlanta"),
        ("Mineapolys", "minneapolis"),
        ("أتلانتا", "atlanta"),
        ("اتلانتا", "atlanta"),
        ("Filadelfia", "philadelphia"),
        ("El Paso, Texas", "el-paso"),
        ("Elpaso", "el-paso"),
        ("with my aunt in Denver", "denver"),
        ("con mi primo en Monreal", "montreal"),
        ("Toron", "toronto"),
    ],
)
def test_a_place_is_found_however_it_is_said(said: str, meant: str) -> None:
    assert first(said) == meant


@pytest.mark.parametrize(
    "said", ["", "   ", "somewhere warm", "a la casa de mi tía", "x", "😀" * 400, "?!", "Atlantis City"]
)
def test_words_that_name_no_place_find_none(said: str) -> None:
    assert first(said) == ""


def test_two_places_of_one_name_are_both_offered_and_said_to_be_alike() -> None:
    found = rank("portland", PLACES)
    assert [match.key for match in found[:2]] == ["portland-me", "portland-or"]
    assert are_alike(found)
    assert not are_alike(rank("Portland Maine", PLACES))
    assert not are_alike(rank("Denver", PLACES))


def test_the_exact_name_comes_before_a_longer_one_and_before_a_slip() -> None:
    found = rank("Quebec", PLACES)
    assert found[0].closeness is Closeness.SAME
    assert sorted(found) == found


def test_a_short_name_inside_a_sentence_is_only_a_word() -> None:
    assert first("LA") == "los-angeles"
    assert first("a la playa") == ""


def test_every_place_is_found_by_each_of_its_own_names() -> None:
    lost = [
        (place.key, name)
        for place in PLACES
        for name in place.names
        if place.key not in [match.key for match in rank(name, PLACES)[:3]]
    ]
    assert lost == []


def test_folding_makes_spellings_of_one_name_one() -> None:
    assert fold("ST. JOHN'S") == fold("Saint Johns") == "saint johns"
    assert fold("ألباني") == fold("الباني")
    assert fold("Łódź") == "lodz"


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("denver", "denver", 0), ("denver", "dember", 2), ("denver", "devner", 1), ("ab", "abc", 1)],
)
def test_slips_are_counted_with_a_swap_as_one(one: str, other: str, slips: int) -> None:
    assert count_slips(one, other, 2) == slips
    assert count_slips(other, one, 2) == slips


def test_counting_stops_beyond_the_most() -> None:
    assert count_slips("plattsburgh", "montreal", 2) == 3


def test_a_long_text_is_answered_at_once() -> None:
    begun = time.perf_counter()
    rank("quiero ir con toda mi familia " * 40, PLACES)
    assert time.perf_counter() - begun < 1


@given(st.text("abcde ", max_size=8), st.text("abcde ", max_size=8), st.integers(0, 3))
def test_slips_too_many_to_matter_are_never_counted_short(one: str, other: str, most: int) -> None:
    whole = count_slips(one, other, 99)
    assert count_slips(one, other, most) == min(whole, most + 1)
