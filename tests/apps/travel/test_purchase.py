"""Writing down the purchase made at the carrier: once, with a yes, with a receipt that is one."""

from datetime import timedelta

import pytest
from django.db import connection

from onward.apps.cases.models import Consent
from onward.apps.travel import actions
from onward.apps.travel.models import Receipt, TicketSet
from onward.apps.travel.queries import open_confirmation, open_receipt
from onward.apps.travel.receipts import RECEIPT_MOST_BYTES, read_media_type
from onward.core.errors import NotAllowed
from onward.core.money import Money
from tests.apps.refused import refused
from tests.apps.travel.ready import make_fund, usd
from tests.apps.travel.ready_sets import PAID, Sets
from tests.conftest import NOW

PNG, JPEG, PDF = b"\x89PNG\r\n\x1a\n....", b"\xff\xd8\xff\xe0....", b"%PDF-1.7 ...."


def test_the_same_confirmation_again_changes_nothing(sets: Sets) -> None:
    first = sets.bought()
    again = actions.record_purchase(first.pk, confirmation=f" abc{first.pk} ", **PAID, **sets.by(NOW + timedelta(1)))
    assert (again.bought_at, again.state) == (NOW, "bought")
    assert sets.books() == {"available": 89_500, "fare": 9_500, "tax": 800, "fee": 200}


def test_another_confirmation_is_refused_and_shows_when_the_first_was_recorded(sets: Sets) -> None:
    first = sets.bought()
    with refused("purchase.recorded") as caught:
        actions.record_purchase(first.pk, confirmation="XYZ", **PAID, **sets.by())
    assert "2026-03-02 10:00" in str(caught.value)
    assert sets.books()["fare"] == 9_500


def test_the_confirmation_can_still_be_pressed_again_after_issue(sets: Sets) -> None:
    issued = sets.issued()
    assert actions.record_purchase(issued.pk, confirmation=f"ABC{issued.pk}", **PAID, **sets.by()).state == "issued"


def test_nothing_is_bought_for_people_who_were_not_asked(sets: Sets) -> None:
    held = sets.held()
    with refused("consent_purchase") as caught:
        actions.record_purchase(held.pk, confirmation="ABC", **PAID, **sets.by())
    assert "not asked yet" in str(caught.value)
    assert sets.books()["held"] == 11_000


def test_nothing_is_bought_for_people_who_said_no(sets: Sets) -> None:
    held = sets.held()
    sets.say(Consent.Step.PURCHASE)
    sets.say(Consent.Step.PURCHASE, is_yes=False)
    with refused("consent_purchase") as caught:
        actions.record_purchase(held.pk, confirmation="ABC", **PAID, **sets.by())
    assert "said no" in str(caught.value)


def test_a_yes_to_tickets_taken_back_is_no_yes_to_the_next(sets: Sets) -> None:
    first, later = sets.bought(), sets.by(NOW + timedelta(hours=1))
    second = actions.change(first.pk, offer_id=sets.family.other.pk, **later)
    with refused("consent_purchase"):
        actions.record_purchase(second.pk, confirmation="ABC", **PAID, **later)
    sets.say(Consent.Step.PURCHASE, now=later["now"])
    assert actions.record_purchase(second.pk, confirmation="ABC", **PAID, **later).state == "bought"


@pytest.mark.parametrize("number", ["", "   ", "x" * 41])
def test_a_confirmation_number_is_needed_by_its_field(sets: Sets, number: str) -> None:
    held = sets.held()
    with refused("confirmation.missing") as caught:
        actions.record_purchase(held.pk, confirmation=number, **PAID, **sets.by())
    assert caught.value.field == "confirmation"


@pytest.mark.parametrize(("content", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg"), (PDF, "application/pdf")])
def test_a_receipt_is_what_its_bytes_say(sets: Sets, content: bytes, kind: str) -> None:
    held = sets.held()
    sets.say(Consent.Step.PURCHASE)
    claimed = "text/html"
    bought = actions.record_purchase(
        held.pk, confirmation="ABC", receipt=content, media_type=claimed, **PAID, **sets.by()
    )
    assert open_receipt(bought, **sets.by()) == (kind, content)


@pytest.mark.parametrize("content", [b"<html>", b"GIF89a", b"MZ\x90", b"\x89PNG", b" %PDF-1.7", "☃".encode() * 9])
def test_a_receipt_that_is_no_picture_or_pdf_is_refused_whatever_it_is_called(sets: Sets, content: bytes) -> None:
    held = sets.held()
    sets.say(Consent.Step.PURCHASE)
    with refused("receipt.not_a_receipt") as caught:
        actions.record_purchase(
            held.pk, confirmation="ABC", receipt=content, media_type="image/png", **PAID, **sets.by()
        )
    assert caught.value.field == "receipt"
    assert TicketSet.objects.get().state == "held"


def test_a_receipt_of_ten_megabytes_fits_and_one_byte_more_does_not(sets: Sets) -> None:
    held = sets.held()
    sets.say(Consent.Step.PURCHASE)
    largest = PDF.ljust(RECEIPT_MOST_BYTES, b"x")
    with refused("receipt.too_large") as caught:
        read_media_type(largest + b"x")
    assert "10 MB" in str(caught.value)
    bought = actions.record_purchase(held.pk, confirmation="ABC", receipt=largest, **PAID, **sets.by())
    assert open_receipt(bought, **sets.by()) == ("application/pdf", largest)


def test_confirmation_and_receipt_are_sealed_in_the_database(sets: Sets) -> None:
    held = sets.held()
    sets.say(Consent.Step.PURCHASE)
    bought = actions.record_purchase(held.pk, confirmation="SECRETNUMBER", receipt=PDF, **PAID, **sets.by())
    with connection.cursor() as cursor:
        cursor.execute("SELECT confirmation FROM travel_ticketset")
        assert b"SECRETNUMBER" not in bytes(cursor.fetchone()[0])
        cursor.execute("SELECT content FROM travel_receipt")
        assert PDF not in bytes(cursor.fetchone()[0])
    assert Receipt.objects.get().sha256 == bought.receipt_sha256


def test_each_opening_of_a_confirmation_or_receipt_leaves_a_look(sets: Sets) -> None:
    bought = sets.bought()
    looks = sets.family.party.looks.filter(what__in=("confirmation", "receipt"))
    open_confirmation(bought, **sets.by())
    open_receipt(bought, **sets.by())
    assert [look.what for look in looks.order_by("pk")] == ["confirmation"]


def test_a_higher_price_than_the_fund_may_pay_is_refused_whole(sets: Sets) -> None:
    sets.fund = make_fund(sets.world.coordinator, rules={"max_per_head_minor": 4_000})
    held = sets.held()
    sets.say(Consent.Step.PURCHASE)
    dear = {"fare": usd(12_000), "tax": usd(0), "fee": usd(1)}
    with refused("fund.max_per_head"):
        actions.record_purchase(held.pk, confirmation="ABC", **dear, **sets.by())
    assert sets.books() == {"available": 89_000, "held": 11_000}
    at_most = dear | {"fee": usd(0)}
    actions.record_purchase(held.pk, confirmation="ABC", **at_most, **sets.by())
    assert sets.books() == {"available": 88_000, "fare": 12_000}


def test_a_price_in_another_currency_is_refused(sets: Sets) -> None:
    held = sets.held()
    sets.say(Consent.Step.PURCHASE)
    canadian = {part: Money(100, "CAD") for part in ("fare", "tax", "fee")}
    with refused("purchase.currency") as caught:
        actions.record_purchase(held.pk, confirmation="ABC", **canadian, **sets.by())
    assert caught.value.field == "fare"


def test_tickets_that_cost_nothing_are_tickets(sets: Sets) -> None:
    free = {part: usd(0) for part in ("fare", "tax", "fee")}
    held = actions.hold_tickets(
        sets.family.offer.pk, payer=actions.Payer.FUND, fund_id=sets.fund.pk, **free, **sets.by()
    )
    sets.say(Consent.Step.PURCHASE)
    actions.record_purchase(held.pk, confirmation="ABC", **free, **sets.by())
    assert sets.books() == {"available": 100_000}
    actions.void(held.pk, why="changed_mind", **sets.by())
    assert not hasattr(TicketSet.objects.get(), "refund")


def test_an_auditor_records_no_purchase(sets: Sets) -> None:
    held = sets.held()
    with pytest.raises(NotAllowed):
        actions.record_purchase(held.pk, confirmation="ABC", **PAID, actor=sets.world.auditor, now=NOW)


def test_the_number_and_the_receipt_are_opened_by_those_who_do_the_walk_at_that_centre_only(sets: Sets) -> None:
    held = sets.held()
    sets.say(Consent.Step.PURCHASE)
    bought = actions.record_purchase(held.pk, confirmation="K7", receipt=PDF, **PAID, **sets.by())
    looks = bought.party.looks.count()
    for stranger in (sets.world.auditor, sets.world.denver_worker):
        for opening in (open_confirmation, open_receipt):
            with pytest.raises(NotAllowed):
                opening(bought, actor=stranger, now=NOW)
    assert bought.party.looks.count() == looks


def test_a_price_no_journey_has_is_refused_at_the_fare_and_nothing_is_bought(sets: Sets) -> None:
    given = {"payer": actions.Payer.RELATIVE, "fare": usd(2_147_483_647), "tax": usd(1), "fee": usd(0)}
    with refused("price.too_high") as caught:
        actions.hold_tickets(sets.family.offer.pk, **given, **sets.by())
    assert caught.value.field == "fare"
    assert not TicketSet.objects.exists()
