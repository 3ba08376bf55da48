"""P15: double entry in whole minor units; entries sum to zero; nothing posted is edited or deleted."""

import sqlite3
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from onward.apps.accounts.scopes import centre_scope, every_centre
from onward.apps.funds.actions import hold, open_fund, release, spend
from onward.apps.funds.models import Fund, LedgerAccount, Transfer
from onward.apps.funds.queries import balances, is_balanced, list_faults
from onward.apps.record import guards
from onward.core.money import Money
from tests.apps.travel.ready import make_fund, usd
from tests.conftest import NOW, World

COLUMNS = "centre_id, debit_id, credit_id, amount_minor, kind, cause, at"
REPLACE = (
    f"REPLACE INTO funds_transfer (id, {COLUMNS}) "  # noqa: S608  (the columns stand two lines above)
    "SELECT id, centre_id, debit_id, credit_id, 1, kind, cause, at FROM funds_transfer"
)
REPLACE_BY_CAUSE = REPLACE.replace("(id, ", "(").replace("SELECT id, ", "SELECT ")


@pytest.fixture
def fund(transactional_db: None, world: World) -> Iterator[Fund]:
    """A fund that granted, held and spent."""
    with centre_scope(world.new_york.pk):
        opened = make_fund(world.coordinator, 10_000)
        by = {"actor": world.worker, "now": NOW}
        hold(opened.pk, usd(5_000), cause="one:hold", **by)
        spend(opened.pk, held=usd(5_000), fare=usd(4_000), tax=usd(300), fee=usd(200), cause="one:spend", **by)
        hold(opened.pk, usd(700), cause="two:hold", **by)
        yield opened


def _refused(statement: str) -> None:
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def _every_way_refused() -> None:
    posted = list(Transfer.objects.order_by("pk").values_list("cause", "amount_minor", "debit_id", "credit_id"))
    _refused("UPDATE funds_transfer SET amount_minor = 1")
    _refused("UPDATE funds_transfer SET cause = 'another' WHERE cause = 'one:hold'")
    _refused("DELETE FROM funds_transfer")
    _refused("UPDATE funds_ledgeraccount SET kind = 'available' WHERE kind = 'fare'")
    _refused("DELETE FROM funds_ledgeraccount")
    if connection.vendor == "postgresql":
        _refused("TRUNCATE funds_transfer")
    else:
        _refused(REPLACE)
        _refused(REPLACE_BY_CAUSE)
    now = list(Transfer.objects.order_by("pk").values_list("cause", "amount_minor", "debit_id", "credit_id"))
    assert now == posted
    assert len(posted) == 7


def test_nothing_posted_is_edited_or_deleted(fund: Fund) -> None:
    _every_way_refused()


def test_nothing_posted_is_edited_after_a_column_was_altered_and_migrated(fund: Fund) -> None:
    old = Transfer._meta.get_field("kind")
    new = models.CharField(max_length=13)
    new.set_attributes_from_name("kind")
    new.model = Transfer
    with connection.schema_editor() as editor:
        editor.alter_field(Transfer, old, new, strict=True)
    call_command("migrate", verbosity=0)
    try:
        assert guards.list_missing() == []
        _every_way_refused()
    finally:
        with connection.schema_editor() as editor:
            editor.alter_field(Transfer, new, old)
        call_command("migrate", verbosity=0)


def test_a_cause_cannot_be_replaced_on_a_connection_that_fires_no_delete_triggers(fund: Fund) -> None:
    if connection.vendor == "postgresql":
        over = "ON CONFLICT (cause) DO UPDATE SET amount_minor = 1"
        _refused(f"{REPLACE_BY_CAUSE.replace('REPLACE', 'INSERT')} {over}")
        return
    other = sqlite3.connect(str(connection.settings_dict["NAME"]))
    try:
        with pytest.raises(sqlite3.IntegrityError, match="refused"):
            other.execute(REPLACE_BY_CAUSE)
    finally:
        other.close()


def test_every_account_together_is_zero_and_what_was_granted_is_accounted_for(fund: Fund) -> None:
    with every_centre("the proof is over all books"):
        assert is_balanced()
    found = {kind: money.minor for kind, money in balances(fund).items()}
    granted = found.pop("granted")
    assert granted == sum(found.values()) == 10_000
    assert found == {"available": 4_800, "held": 700, "fare": 4_000, "tax": 300, "fee": 200, "refund_due": 0}


def _transfer(debit: LedgerAccount, credit: LedgerAccount, minor: int) -> Transfer:
    return Transfer(
        centre_id=debit.centre_id, debit=debit, credit=credit, amount_minor=minor, kind="hold", cause="odd", at=NOW
    )


def _account(fund: Fund, kind: str) -> LedgerAccount:
    return LedgerAccount.objects.get(fund=fund, kind=kind)


@pytest.mark.parametrize("minor", [0, -1])
def test_an_entry_of_nothing_or_less_cannot_be_posted(fund: Fund, minor: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        _transfer(_account(fund, "held"), _account(fund, "available"), minor).save()


def test_an_entry_has_two_sides(fund: Fund) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        _transfer(_account(fund, "held"), _account(fund, "held"), 1).save()


def test_an_entry_stays_inside_one_fund(fund: Fund, world: World) -> None:
    other = open_fund("Other", "A donor", "USD", {}, actor=world.coordinator, now=NOW)
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        _transfer(_account(other, "available"), _account(fund, "available"), 1).save()


def test_an_amount_is_a_whole_number_of_minor_units() -> None:
    with pytest.raises(TypeError):
        Money(10.5, "USD")  # type: ignore[arg-type]


def test_money_taken_from_where_there_is_none_is_found_by_whoever_checks(fund: Fund) -> None:
    _transfer(_account(fund, "available"), _account(fund, "refund_due"), 50).save()
    assert not is_balanced()
    assert {(fault.kind, fault.minor) for fault in list_faults()} == {("available", 4_850), ("refund_due", -50)}


def test_a_balance_that_is_not_what_its_entries_say_is_found_by_whoever_checks(fund: Fund) -> None:
    LedgerAccount.objects.filter(fund=fund, kind="available").update(balance_minor=9_999)
    assert not is_balanced()
    (fault,) = list_faults()
    assert (fault.fund_id, fault.kind, fault.minor) == (fund.pk, "available", 4_800)


def test_the_database_itself_lets_no_account_but_granted_fall_below_zero(fund: Fund) -> None:
    for kind in ("available", "held", "fare", "tax", "fee", "refund_due"):
        with pytest.raises(IntegrityError), transaction.atomic():
            LedgerAccount.objects.filter(fund=fund, kind=kind).update(balance_minor=-1)
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerAccount.objects.filter(fund=fund, kind="granted").update(balance_minor=1)


def test_a_mistake_is_put_right_by_another_entry_and_both_stay(fund: Fund, world: World) -> None:
    release(fund.pk, usd(700), cause="two:release", actor=world.worker, now=NOW)
    assert balances(fund)["held"] == usd(0)
    assert Transfer.objects.filter(cause__startswith="two:").count() == 2
