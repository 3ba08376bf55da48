"""The one table of a ticket set's states, what departures can be, and the pure checks of people against tickets."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from onward.apps.people.models import AgeBand
from onward.apps.travel.models import RefundTask, TicketSet
from onward.core.errors import Conflict, message

State = TicketSet.State

MOVES: Mapping[State, frozenset[State]] = {
    State.HELD: frozenset({State.BOUGHT, State.VOID}),
    State.BOUGHT: frozenset({State.ISSUED, State.VOID}),
    State.ISSUED: frozenset({State.LEFT, State.NOT_CONFIRMED, State.MISSED, State.CANCELLED, State.VOID}),
    State.NOT_CONFIRMED: frozenset({State.LEFT, State.MISSED, State.CANCELLED}),
    State.LEFT: frozenset(),
    State.MISSED: frozenset(),
    State.CANCELLED: frozenset(),
    State.VOID: frozenset(),
}
"""From where to where a set may move (docs/decisions/0005-tickets.md)."""

LIVE = frozenset({State.HELD, State.BOUGHT, State.ISSUED})
BOUGHT = frozenset({State.BOUGHT, State.ISSUED, State.NOT_CONFIRMED})
"""States in which the carrier has the money and may owe it back."""

OUTCOMES = (State.LEFT, State.NOT_CONFIRMED, State.MISSED, State.CANCELLED)

REFUND_MOVES: Mapping[RefundTask.State, frozenset[RefundTask.State]] = {
    RefundTask.State.OWED: frozenset({RefundTask.State.RECEIVED, RefundTask.State.REFUSED}),
    RefundTask.State.RECEIVED: frozenset(),
    RefundTask.State.REFUSED: frozenset(),
}

LEAVE_EARLIEST = timedelta(hours=12)
"""How long before departure a party can be marked as gone: a night coach's families leave the centre in the evening."""

CHANGE_MOST = timedelta(hours=1)
"""How long a place may go on expecting people whose tickets are being changed."""


class Why(StrEnum):
    """Why a set was voided, as a code: words stay out of the record."""

    CHANGED_MIND = "changed_mind"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    PEOPLE_CHANGED = "people_changed"
    MISTAKE = "mistake"
    OTHER_JOURNEY = "other_journey"
    NOT_SAID = "not_said"


def move(ticket_set: TicketSet, to: State) -> None:
    """Set the new state on the row; Conflict when the table does not allow it."""
    if to not in MOVES[State(ticket_set.state)]:
        raise Conflict(
            "ticket_set.state",
            message("These tickets are %(state)s, so this cannot be done now."),
            remedy=message("Open the case again to see where it stands."),
            values={"state": State(ticket_set.state).label},
        )
    ticket_set.state = to


def move_refund(refund: RefundTask, to: RefundTask.State) -> None:
    """Set the new state of a refund task; Conflict when it was closed before."""
    if to not in REFUND_MOVES[RefundTask.State(refund.state)]:
        raise Conflict(
            "refund.closed",
            message("This refund was closed before: %(state)s."),
            values={"state": RefundTask.State(refund.state).label},
        )
    refund.state = to


_BOUNDS = ((0, 1, AgeBand.INFANT), (2, 11, AgeBand.CHILD), (12, 17, AgeBand.YOUTH), (18, 200, AgeBand.ADULT))


def possible_bands(birth_year: int, year: int) -> frozenset[AgeBand]:
    """The age bands someone born in `birth_year` may be in on some day of `year`: before or after the birthday."""
    ages = {max(year - birth_year - 1, 0), max(year - birth_year, 0)}
    return frozenset(band for least, most, band in _BOUNDS if any(least <= age <= most for age in ages))


def telling_deadline(changed_at: datetime, old_depart_at: datetime) -> datetime:
    """When a place must hear that nobody comes on tickets that were changed and not issued anew."""
    return min(changed_at + CHANGE_MOST, old_depart_at)
