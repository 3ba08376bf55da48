"""What is owed today at a centre: reads for the first page of a shift, each in one query, capped, nothing sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery

from onward.apps.accounts.models import Centre
from onward.apps.cases.models import Decision
from onward.apps.people.models import Party
from onward.apps.timetables import loaded
from onward.apps.travel.models import RefundTask, TicketSet
from onward.core.errors import Unavailable
from onward.engines.journeys import FeedSummary

SHOWN = 12
"""Rows of one list; the rest is counted."""
OPEN = (
    Party.State.WAITING,
    Party.State.IN_INTERVIEW,
    Party.State.PARKED,
    Party.State.OFFERED,
    Party.State.ACCEPTED,
)
FEED_SOON = timedelta(days=14)
State = TicketSet.State


@dataclass(frozen=True, slots=True)
class Counts:
    """How many parties stand where, and since when the first one waits."""

    waiting: int
    waiting_since: datetime | None
    in_interview: int
    choosing: int


@dataclass(frozen=True, slots=True)
class Leaving:
    """Ticket sets about to go and those whose going nobody confirmed; more: how many of the latter are not shown."""

    today: list[TicketSet]
    late: list[TicketSet]


def count_parties() -> Counts:
    """Parties by where they stand, and the longest wait."""
    rows = Party.objects.filter(state__in=OPEN).values("state").annotate(n=Count("pk"), since=Min("arrived_at"))
    by_state = {row["state"]: (row["n"], row["since"]) for row in rows.order_by()}
    waiting, since = by_state.get(Party.State.WAITING, (0, None))
    offered, accepted = (by_state.get(one, (0, None))[0] for one in (Party.State.OFFERED, Party.State.ACCEPTED))
    return Counts(waiting, since, by_state.get(Party.State.IN_INTERVIEW, (0, None))[0], offered + accepted)


def list_waiting() -> list[Party]:
    """Who waits for a first word: urgent first, then the longest waiting."""
    return list(Party.objects.filter(state=Party.State.WAITING).order_by("-is_urgent", "arrived_at", "pk")[:SHOWN])


def list_in_interview() -> list[Party]:
    """Interviews begun and not finished, the longest untouched first."""
    return list(Party.objects.filter(state=Party.State.IN_INTERVIEW).order_by("changed_at", "pk")[:SHOWN])


def list_choosing() -> list[Party]:
    """Parties with journeys to choose from or tickets to finish; ticket_state and ticket_set: of their live set."""
    live = TicketSet.objects.filter(party=OuterRef("pk"), state__in=(State.HELD, State.BOUGHT))
    parties: QuerySet[Party] = Party.objects.filter(state__in=(Party.State.OFFERED, Party.State.ACCEPTED))
    marked = parties.annotate(
        ticket_state=Subquery(live.values("state")[:1]), ticket_set=Subquery(live.values("pk")[:1])
    )
    return list(marked.order_by("changed_at", "pk")[:SHOWN])


def list_mine(account_id: int, *, now: datetime, today: date) -> list[Party]:
    """Parked for this member of staff, parked and due whoever's it is, and those to be asked again by now.

    ask_again_on: the day they named, on those who decide later.
    """
    asked = Decision.objects.filter(party=OuterRef("pk")).order_by("-decided_at", "-pk").values("ask_again_on")[:1]
    is_parked = Q(state=Party.State.PARKED) & (Q(parked_for=account_id) | Q(parked_until__lte=now))
    is_asking = Q(state=Party.State.DECIDES_LATER, ask_again_on__lte=today)
    rows = Party.objects.filter(state__in=(Party.State.PARKED, Party.State.DECIDES_LATER))
    found = rows.annotate(ask_again_on=Subquery(asked)).filter(is_parked | is_asking).select_related("parked_for")
    return list(found.order_by(F("parked_until").asc(nulls_last=True), "pk")[: SHOWN + 1])


def list_leaving(centre: Centre, *, now: datetime) -> Leaving:
    """Issued tickets that leave before the next morning, and those whose hour has gone by unconfirmed."""
    zone = ZoneInfo(centre.zone)
    end = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(6), zone)
    rows = TicketSet.objects.filter(state__in=(State.ISSUED, State.NOT_CONFIRMED), depart_at__lt=end)
    sets = list(rows.select_related("party", "place").order_by("depart_at", "pk")[:200])
    late = [one for one in sets if one.depart_at <= now or one.state == State.NOT_CONFIRMED]
    return Leaving([one for one in sets if one not in late], late)


def list_owed() -> list[RefundTask]:
    """Unused value to be asked back from carriers, the oldest first."""
    rows = RefundTask.objects.filter(state=RefundTask.State.OWED).select_related("ticket_set__party")
    return list(rows.order_by("opened_at", "pk")[: SHOWN + 1])


def list_expiring(today: date) -> list[FeedSummary]:
    """Timetables that end within two weeks; none where the installation keeps none."""
    try:
        feeds: Sequence[FeedSummary] = loaded.store().list_feeds()
    except Unavailable:
        return []
    return [feed for feed in feeds if feed.last_on <= today + FEED_SOON]
