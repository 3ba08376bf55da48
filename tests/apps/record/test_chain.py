"""The record: what it holds, and that it cannot be rewritten (P21's machinery; the promise is in tests/promises)."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from onward.apps.record.actions import anchor_day, append
from onward.apps.record.chain import GENESIS, Link, canonical, digest, find_break
from onward.apps.record.models import Entry
from onward.apps.record.queries import find_broken_link, list_entries
from onward.core.actor import job
from onward.core.errors import BrokenPromise
from tests.conftest import NOW

FACTS = st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=8) | st.booleans() | st.none())


def _link(seq: int, previous: str, facts: str = "{}") -> Link:
    return Link("case:1", seq, NOW, "staff", "7", "party.arrived", facts, previous)


def test_an_act_outside_a_transaction_is_not_recorded(transactional_db: None) -> None:
    with pytest.raises(BrokenPromise):
        append("case:1", "party.arrived", {}, actor=job("tests"), now=NOW)
    assert not Entry.objects.exists()


def test_entries_follow_each_other_and_the_chain_is_whole(db: None) -> None:
    with transaction.atomic():
        for count in range(3):
            append("case:1", "party.arrived", {"heads": count}, actor=job("tests"), now=NOW)
        append("case:2", "party.arrived", {}, actor=job("tests"), now=NOW)
    assert [entry.seq for entry in list_entries("case:1")] == [1, 2, 3]
    assert find_broken_link("case:1") is None
    assert list_entries("case:2")[0].prev_hash == GENESIS


def test_a_rolled_back_act_leaves_no_entry(db: None) -> None:
    with pytest.raises(ValueError, match="changed her mind"), transaction.atomic():
        append("case:1", "party.arrived", {}, actor=job("tests"), now=NOW)
        raise ValueError("changed her mind")
    assert list_entries("case:1") == []


def test_a_day_is_anchored_once(db: None) -> None:
    with transaction.atomic():
        append("case:1", "party.arrived", {}, actor=job("tests"), now=NOW)
        first = anchor_day(NOW.date(), now=NOW)
        append("case:1", "party.explained", {}, actor=job("tests"), now=NOW)
        again = anchor_day(NOW.date(), now=NOW + timedelta(hours=1))
    assert (again.pk, again.digest) == (first.pk, first.digest)
    assert first.heads.startswith("case:1 1 ")


@given(FACTS)
def test_canonical_facts_do_not_depend_on_their_order(facts: dict[str, object]) -> None:
    assert canonical(facts) == canonical(dict(reversed(facts.items())))


@pytest.mark.parametrize("value", [1.5, {"inner": 0.1}, [0.2]])
def test_a_float_is_no_fact(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"value": value})


@given(st.integers(1, 6), st.data())
def test_a_change_anywhere_breaks_the_chain_there(length: int, data: st.DataObject) -> None:
    links, previous = [], GENESIS
    for seq in range(1, length + 1):
        link = _link(seq, previous)
        previous = digest(link)
        links.append((link, previous))
    assert find_break(links) is None
    at = data.draw(st.integers(1, length))
    links[at - 1] = (_link(at, links[at - 1][0].prev_hash, '{"heads":9}'), links[at - 1][1])
    assert find_break(links) == at
