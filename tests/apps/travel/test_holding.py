"""Holding tickets: one set for the whole party on the journey it accepted, or a sentence why not."""

from datetime import UTC, datetime, timedelta

import pytest

from onward.apps.accounts.scopes import centre_scope
from onward.apps.cases.actions import decide, record_answers, record_safety
from onward.apps.cases.models import Consent, Decision, Offer
from onward.apps.funds.models import Fund
from onward.apps.people.actions import describe_person
from onward.apps.people.models import Party, Person
from onward.apps.travel import actions
from onward.apps.travel.models import Ticket, TicketSet
from onward.apps.travel.rules import possible_bands
from onward.core.errors import NotAllowed, NotFound
from tests.apps.refused import refused
from tests.apps.travel.ready import LEAVES, Ready, make_fund, make_ready, usd
from tests.apps.travel.ready_sets import Sets
from tests.conftest import NOW, World

SELF = actions.Payer.THEMSELVES


def test_everyone_of_the_party_gets_a_ticket_of_one_set_at_their_age(sets: Sets) -> None:
    held = sets.held()
    bands = list(Ticket.objects.filter(ticket_set=held).order_by("person__position").values_list("age_band", flat=True))
    assert bands == ["adult", "adult", "child"]
    assert (held.place_id, held.depart_at) == ("chicago", sets.family.offer.depart_at)
    assert sets.party_state() == Party.State.ACCEPTED


def test_pressing_twice_holds_once(sets: Sets) -> None:
    assert sets.held() == sets.held()
    assert sets.books() == {"available": 89_000, "held": 11_000}


def test_a_party_with_tickets_gets_no_second_set(sets: Sets) -> None:
    sets.held()
    with refused("ticket_set.already"):
        actions.hold_tickets(sets.family.offer.pk, payer=SELF, **sets.by())
    assert TicketSet.objects.count() == 1


def test_the_database_itself_refuses_a_second_live_set(sets: Sets) -> None:
    from django.db import IntegrityError, transaction

    held = sets.held()
    held.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        held.save(force_insert=True)


def test_a_journey_they_did_not_choose_is_not_held(sets: Sets) -> None:
    with refused("offer.not_accepted"):
        actions.hold_tickets(sets.family.other.pk, payer=SELF, **sets.by())


def test_a_party_that_decided_otherwise_since_gets_no_tickets(sets: Sets) -> None:
    decide(sets.family.party.pk, Decision.Kind.STAY, **sets.by())
    with refused("offer.not_accepted"):
        sets.held()


def test_a_withheld_journey_is_not_held(sets: Sets) -> None:
    Offer.objects.filter(pk=sets.family.offer.pk).update(withheld="land_border")
    with refused("offer.withheld_land_border"):
        sets.held()


def test_a_journey_that_has_left_is_not_held(sets: Sets) -> None:
    with refused("offer.departed"):
        actions.hold_tickets(sets.family.offer.pk, payer=SELF, **sets.by(LEAVES + timedelta(days=1)))


def test_a_stop_of_the_case_stops_the_tickets(sets: Sets) -> None:
    person = Person.objects.get(party=sets.family.party, position=2)
    record_safety(person.pk, answer="no", is_asked_alone=True, **sets.by())
    with refused("unsafe"):
        sets.held()
    assert sets.books() == {"available": 100_000}


def test_somebody_unfit_to_travel_stops_the_tickets(sets: Sets) -> None:
    record_answers(sets.family.party.pk, {"fit_to_travel": "no"}, **sets.by())
    with refused("unfit"):
        sets.held()


def test_an_unknown_fitness_stops_nothing(sets: Sets) -> None:
    record_answers(sets.family.party.pk, {"fit_to_travel": "unknown", "move_restricted": "declined"}, **sets.by())
    assert sets.held().state == "held"


def test_an_earlier_no_to_a_purchase_does_not_stop_new_tickets(sets: Sets) -> None:
    sets.say(Consent.Step.PURCHASE, is_yes=False)
    assert sets.held().state == "held"


def test_heads_and_people_must_agree(sets: Sets) -> None:
    Party.objects.filter(pk=sets.family.party.pk).update(heads=4)
    with refused("tickets.people_missing") as caught:
        sets.held()
    assert "4 heads and 3 of them described" in str(caught.value)


def test_a_price_found_for_other_ages_is_not_used(sets: Sets) -> None:
    Person.objects.filter(party=sets.family.party, position=3).update(age_band="youth")
    with refused("offer.people_changed"):
        sets.held()


def test_a_child_who_is_no_child_on_the_day_of_travel_is_found_by_the_year_of_birth(new_york: World) -> None:
    by = {"actor": new_york.worker, "now": NOW}
    family = make_ready(new_york.new_york, new_york.worker, is_accepted=False)
    words = {"name": "Ana", "birth_year": 2014, "age_band": "child", "is_guardian": "no"}
    describe_person(family.party.pk, 3, **words, **by)
    new_year = datetime(2027, 1, 2, 15, tzinfo=UTC)
    journey = family.offer.journey | {"depart_at": new_year.isoformat()}
    Offer.objects.filter(pk=family.offer.pk).update(depart_at=new_year, journey=journey)
    decide(family.party.pk, Decision.Kind.ACCEPT, offer_id=family.offer.pk, **by)
    with refused("tickets.age") as caught:
        actions.hold_tickets(family.offer.pk, payer=SELF, **by)
    assert caught.value.values["position"] == 3


@pytest.mark.parametrize(
    ("born", "bands"),
    [
        (2026, {"infant"}),
        (2024, {"infant", "child"}),
        (2023, {"child"}),
        (2014, {"child", "youth"}),
        (2008, {"youth", "adult"}),
        (1900, {"adult"}),
    ],
)
def test_a_year_of_birth_leaves_one_or_two_age_bands(born: int, bands: set[str]) -> None:
    assert possible_bands(born, 2026) == bands


def test_an_unknown_price_is_asked_of_the_carrier_by_the_field(sets: Sets) -> None:
    Offer.objects.filter(pk=sets.family.offer.pk).update(fare_minor=None, tax_minor=None, fee_minor=None, currency="")
    with refused("price.unknown") as caught:
        sets.held()
    assert caught.value.field == "fare"
    held = actions.hold_tickets(
        sets.family.offer.pk,
        payer=actions.Payer.FUND,
        fund_id=sets.fund.pk,
        fare=usd(20_000),
        tax=usd(500),
        **sets.by(),
    )
    assert (held.fare_minor, held.tax_minor, held.fee_minor) == (20_000, 500, 0)
    assert sets.books() == {"available": 79_500, "held": 20_500}


def test_a_fund_whose_rules_refuse_pays_nothing_and_nothing_is_held(sets: Sets) -> None:
    strict = make_fund(sets.world.coordinator, rules={"max_per_head_minor": 3_000})
    with refused("fund.max_per_head") as caught:
        actions.hold_tickets(sets.family.offer.pk, payer=actions.Payer.FUND, fund_id=strict.pk, **sets.by())
    assert caught.value.field == "fund_id"
    assert not TicketSet.objects.exists()
    assert sets.party_state() == Party.State.ACCEPTED


def test_a_fund_kept_in_another_currency_is_a_sentence_by_the_field(sets: Sets) -> None:
    Offer.objects.filter(pk=sets.family.offer.pk).update(currency="CAD")
    with refused("fund.currency") as caught:
        sets.held()
    assert caught.value.field == "fund_id"


@pytest.mark.parametrize("payer", [actions.Payer.RELATIVE, SELF])
def test_who_pays_themselves_gets_the_same_tickets_and_no_fund_moves(sets: Sets, payer: str) -> None:
    held = actions.hold_tickets(sets.family.offer.pk, payer=payer, **sets.by())
    assert (held.payer, held.fund_id, held.fare_minor) == (payer, None, 10_000)
    assert sets.books() == {"available": 100_000}


def test_who_pays_must_be_chosen(sets: Sets) -> None:
    for payer, fund_id, field in (("bank", None, "payer"), ("fund", None, "fund_id"), ("relative", 1, "fund_id")):
        with refused("payer.unknown" if field == "payer" else "payer.fund_missing") as caught:
            actions.hold_tickets(sets.family.offer.pk, payer=payer, fund_id=fund_id, **sets.by())
        assert caught.value.field == field


def test_an_auditor_holds_no_tickets(family: Ready, new_york: World) -> None:
    with pytest.raises(NotAllowed):
        actions.hold_tickets(family.offer.pk, payer=SELF, actor=new_york.auditor, now=NOW)


def test_another_centre_finds_no_such_journey_fund_or_tickets(sets: Sets, world: World) -> None:
    held = sets.held()
    theirs = {"actor": world.denver_worker, "now": NOW}
    with centre_scope(world.denver.pk):
        with pytest.raises(NotFound):
            actions.hold_tickets(sets.family.offer.pk, payer=SELF, **theirs)
        with pytest.raises(NotFound):
            actions.hold_tickets(sets.family.offer.pk, payer=actions.Payer.FUND, fund_id=sets.fund.pk, **theirs)
        for act in (actions.issue, actions.void):
            with pytest.raises(NotFound):
                act(held.pk, **theirs, **({"why": "mistake"} if act is actions.void else {}))
    with pytest.raises(NotAllowed):
        actions.void(held.pk, why="mistake", **theirs)


def test_two_funds_do_not_share_what_is_held(sets: Sets, fund: Fund) -> None:
    other = make_fund(sets.world.coordinator, 500)
    sets.held()
    assert sets.books()["held"] == 11_000
    sets.fund = other
    assert sets.books() == {"available": 500}
