"""Arrays lent to searches come back clean, or not at all."""

import random
from contextlib import suppress

import pytest

from onward.engines.journeys.fares import lent
from onward.engines.journeys.fares.lent import lent_never
from onward.engines.journeys.fast.kernel_arrays import NEVER
from tests.engines.journeys.fares.test_what_a_party_pays import QUOTE, find
from tests.engines.journeys.small_feeds import tables


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch) -> None:
    monkeypatch.setattr(lent, "_free", [])


def test_a_search_leaves_what_it_was_lent_as_it_found_it() -> None:
    trips = {
        "t": [("A", "09:00"), ("B", "10:00")],
        "u": [("A", "09:10"), ("C", "09:40")],
        "v": [("C", "09:50"), ("B", "10:20")],
    }
    assert find(tables(trips), "A B", (QUOTE,))
    (kept,) = lent._free
    assert (kept == NEVER).all()


def test_whoever_comes_next_is_lent_the_same_and_two_at_once_never_are() -> None:
    with lent_never(4, 3) as (first, second), lent_never(2, 2) as (third, _):
        first[:], second[:] = 1, 2
        assert (third == NEVER).all()
        first[:], second[:] = NEVER, NEVER
    assert len(lent._free) == 2
    sizes = random.Random(3).choices(range(1, 9), k=20)
    for size in sizes:
        with lent_never(size, 2) as (first, second):
            assert first.shape == second.shape == (size, 2)
            assert (first == NEVER).all()
            assert (second == NEVER).all()
    assert len(lent._free) <= lent.MOST_KEPT


def test_what_an_error_may_have_left_unclean_is_not_lent_again() -> None:
    with suppress(ZeroDivisionError), lent_never(4, 3) as (first, _):
        first[:] = 1
        raise ZeroDivisionError
    assert lent._free == []
