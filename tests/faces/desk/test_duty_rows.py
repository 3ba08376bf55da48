"""Rows of today, as words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from onward.apps.people.models import Party
from onward.apps.travel.models import RefundTask, TicketSet
from onward.faces.desk.duty_rows import of_owed


def test_a_refund_owed_since_the_evening_is_owed_since_that_day_on_the_centres_clock() -> None:
    tickets = TicketSet(party=Party(number=7))
    opened_at = datetime(2026, 3, 3, 1, 30, tzinfo=UTC)
    owed = RefundTask(ticket_set=tickets, amount_minor=14_800, currency="USD", opened_at=opened_at)
    (row,) = of_owed([owed], ZoneInfo("America/New_York"))
    assert row.when == "since Mon 2 Mar"
