"""P2: stay, decide later, decline are always offered, one press, with no consequence anywhere in the system. No bed
decision beside them. No per-worker figures."""

import inspect
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from onward.apps.accounts.scopes import CentreModel
from onward.apps.cases import actions as cases
from onward.apps.cases import queries as case_queries
from onward.apps.cases.models import Decision
from onward.apps.cases.queries import list_stops
from onward.apps.people import actions as people
from onward.apps.people import queries as people_queries
from onward.apps.people.models import Party
from onward.apps.people.queries import list_queue
from onward.apps.people.rules import BEFORE_TICKETS, MOVES
from onward.apps.travel.actions import hold_tickets, void
from onward.apps.travel.models import TicketSet
from tests.apps.cases.walking import Desk, acts_of, described, fresh, offered
from tests.apps.refused import refused

KINDS = {"stay": Party.State.STAYS, "later": Party.State.DECIDES_LATER, "decline": Party.State.DECLINED}
DECIDING_CHANGES = {"state", "changed_at"}


def brought_to(desk: Desk, state: Party.State) -> Party:
    """A described party with a wish and an offer, moved to a state before tickets."""
    party = described(desk)
    wish = cases.record_wish(party.pk, 1, words="Chicago", place_key="chicago", **desk.worker)
    Party.objects.filter(pk=party.pk).update(state=Party.State.OFFERED)
    offered(desk, wish)
    Party.objects.filter(pk=party.pk).update(state=state)
    return fresh(party)


def everything(party: Party) -> dict[str, list[dict[str, Any]]]:
    """Every row of the product that belongs to a case, but its record and its looks."""
    rows = {}
    for model in apps.get_models():
        if issubclass(model, CentreModel) and model.__name__ != "Look":
            keys = [f.name for f in model._meta.get_fields() if isinstance(f, models.ForeignKey)]
            is_its = {"party": party} if "party" in keys else {"pk": party.pk} if model is Party else None
            if is_its is not None:
                rows[model.__name__] = list(model.objects.filter(**is_its).order_by("pk").values())
    return rows


@pytest.mark.parametrize("state", sorted(BEFORE_TICKETS))
def test_stay_later_and_decline_are_one_press_from_every_state_before_tickets(desk: Desk, state: str) -> None:
    for kind in KINDS:
        party = brought_to(desk, Party.State(state))
        cases.decide(party.pk, kind, **desk.worker)
        assert fresh(party).state == KINDS[kind]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_party_nobody_explained_anything_to_may_say_no_too(desk: Desk, kind: str) -> None:
    party = people.arrive(3, "es", **desk.worker)
    cases.decide(party.pk, kind, **desk.worker)
    assert fresh(party).state == KINDS[kind]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_saying_no_changes_nothing_else_in_the_whole_system(desk: Desk, kind: str) -> None:
    party = brought_to(desk, Party.State.OFFERED)
    before = everything(party)
    decision = cases.decide(party.pk, kind, **desk.worker)
    after = everything(party)
    assert [row["id"] for row in after.pop("Decision")] == [decision.pk]
    before.pop("Decision")
    changed = {
        name
        for was, now in zip(before.pop("Party"), after.pop("Party"), strict=True)
        for name in was
        if was[name] != now[name]
    }
    assert changed <= DECIDING_CHANGES
    assert after == before
    assert list_stops(party.pk) == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_who_said_no_comes_back_and_takes_a_journey_like_anybody(desk: Desk, kind: str) -> None:
    party = brought_to(desk, Party.State.OFFERED)
    cases.decide(party.pk, kind, **desk.worker)
    cases.decide(party.pk, "accept", offer_id=party.offers.get().pk, **desk.worker)
    assert fresh(party).state == Party.State.ACCEPTED
    cases.decide(party.pk, kind, **desk.worker)
    cases.begin_interview(party.pk, **desk.worker)
    assert fresh(party).state == Party.State.IN_INTERVIEW
    assert [one.kind for one in Decision.objects.filter(party=party)] == [kind, "accept", kind]


def test_nothing_in_the_table_knows_how_often_they_said_no() -> None:
    ways = {frozenset(MOVES[state]) for state in KINDS.values()}
    assert len(ways) == 1


def test_who_said_no_keeps_their_place_by_the_time_they_came(desk: Desk) -> None:
    first, second = people.arrive(1, "es", **desk.worker), people.arrive(1, "es", **desk.worker)
    arrived = first.arrived_at
    desk.wait(hours=1)
    cases.decide(first.pk, "decline", **desk.worker)
    assert fresh(first).arrived_at == arrived
    assert list_queue() == [second]


def test_with_seats_held_the_way_out_is_void_then_no_and_the_answer_is_kept(desk: Desk) -> None:
    party = brought_to(desk, Party.State.OFFERED)
    offer = party.offers.get()
    cases.decide(party.pk, "accept", offer_id=offer.pk, **desk.worker)
    tickets = hold_tickets(offer.pk, payer=TicketSet.Payer.THEMSELVES, **desk.worker)
    with refused("party.tickets_live") as problem:
        cases.decide(party.pk, "decline", **desk.worker)
    assert "costs them nothing" in str(problem.value)
    void(tickets.pk, why="changed_mind", **desk.worker)
    cases.decide(party.pk, "decline", **desk.worker)
    assert fresh(party).state == Party.State.DECLINED


def test_no_row_says_which_worker_a_decision_or_a_wish_came_from() -> None:
    """Who pressed what is in the record, for a case at a time; no table can be counted by worker."""
    allowed = {
        "people.Party.parked_for",
        "cases.SafetyAnswer.lifted_by",
        "people.Look.actor_id",
        "people.Look.actor_kind",
    }
    found = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in {"people", "cases"}
        for field in model._meta.local_fields
        if "actor" in field.name or (field.is_relation and field.related_model._meta.model_name == "account")
    }
    assert found == allowed


def test_no_read_of_parties_or_cases_asks_for_a_worker() -> None:
    for module in (people_queries, case_queries):
        for name, read in inspect.getmembers(module, inspect.isfunction):
            if read.__module__ == module.__name__ and not name.startswith("_"):
                assert not {"worker", "account", "account_id", "staff"} & set(inspect.signature(read).parameters), name


def test_a_decision_takes_no_bed_and_the_door_takes_no_decision() -> None:
    assert "bed" not in " ".join(inspect.signature(cases.decide).parameters)
    assert not {"decision", "kind", "offer_id"} & set(inspect.signature(people.correct_arrival).parameters)


def test_the_record_says_what_was_decided_in_codes(desk: Desk) -> None:
    party = brought_to(desk, Party.State.OFFERED)
    cases.decide(party.pk, "stay", **desk.worker)
    assert acts_of(party)[-2:] == ["party.moved", "decision.made"]
