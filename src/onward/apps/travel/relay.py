"""Who changes vehicles where on a day: what a volunteer on the platform needs, and nothing that names anybody.

From issued tickets of the centre in whose scope it is asked. A party that does not want its place told is not told of
to volunteers either; it is counted as left off.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from onward.apps.cases.models import Answer, Consent
from onward.apps.people.models import AgeBand, Known
from onward.apps.travel.models import TicketSet

State = TicketSet.State
ON_THE_ROAD = (State.ISSUED, State.LEFT, State.NOT_CONFIRMED)
WIDEST = timedelta(hours=14)
"""How far a stop's clock may be from UTC: days are the stop's own."""

Question = Answer.Question


@dataclass(frozen=True, slots=True)
class Passing:
    """A party at one change. hub: the stop the next vehicle leaves from; came_to: the one it comes in at.

    comes_by, goes_by: carrier and number. comes_at, goes_at: on the clocks there. goes_to: where that vehicle is left.
    children: under twelve, infants among them. step_free, phone: as answered (P9). left: seen leaving the centre.
    """

    hub: str
    comes_at: datetime
    comes_by: str
    came_to: str
    goes_at: datetime
    goes_by: str
    goes_to: str
    heads: int
    children: int
    step_free: Known
    phone: Known
    left: bool

    @property
    def wait(self) -> timedelta:
        """From arriving to leaving."""
        return self.goes_at - self.comes_at


@dataclass(frozen=True, slots=True)
class Hub:
    """A stop where parties change on a day, in the order in which they go on."""

    name: str
    passing: tuple[Passing, ...]

    @property
    def heads(self) -> int:
        """How many people change here that day."""
        return sum(one.heads for one in self.passing)


@dataclass(frozen=True, slots=True)
class RelayDay:
    """The hubs of a day, by name. left_off: parties that change somewhere and do not want to be told of."""

    hubs: tuple[Hub, ...]
    left_off: int


def list_relays(on: date) -> RelayDay:
    """The changes of a day, by hub: of all sets issued, in three queries. A change belongs to the day it goes on."""
    start = datetime.combine(on, time(), UTC)
    rows = TicketSet.objects.filter(
        state__in=ON_THE_ROAD, depart_at__lt=start + timedelta(days=1) + WIDEST, arrive_at__gte=start - WIDEST
    )
    sets = list(rows.select_related("offer").order_by("pk"))
    parties = [one.party_id for one in sets]
    asked = Answer.objects.filter(party__in=parties, question__in=(Question.STEP_FREE, Question.PHONE))
    needs = {
        (party, question): Known(answer) for party, question, answer in asked.values_list("party", "question", "answer")
    }
    said = Consent.objects.filter(party__in=parties, step=Consent.Step.NOTICE).order_by("given_at", "pk")
    wills = dict(said.values_list("party", "is_yes"))
    passing: list[Passing] = []
    left_off = 0
    for one in sets:
        changes = [change for change in _changes(one, needs) if change.goes_at.date() == on]
        if wills.get(one.party_id, True):
            passing += changes
        else:
            left_off += bool(changes)
    return RelayDay(tuple(_hubs(passing)), left_off)


def _hubs(passing: Sequence[Passing]) -> Iterator[Hub]:
    for name in sorted({one.hub for one in passing}):
        here = [one for one in passing if one.hub == name]
        yield Hub(name, tuple(sorted(here, key=lambda one: (one.goes_at, one.goes_by, one.heads))))


def _changes(one: TicketSet, needs: Mapping[tuple[int, str], Known]) -> Iterator[Passing]:
    before: Mapping[str, Any] | None = None
    for leg in one.offer.journey["legs"]:
        if leg["mode"] == "walk":
            continue
        if before is not None and not leg.get("stays_seated", False):
            yield _passing(one, before, leg, needs)
        before = leg


def _passing(
    one: TicketSet, before: Mapping[str, Any], leg: Mapping[str, Any], needs: Mapping[tuple[int, str], Known]
) -> Passing:
    bands = one.offer.bands
    return Passing(
        hub=leg["from"]["name"],
        comes_at=datetime.fromisoformat(before["arrive_at"]),
        comes_by=_vehicle(before),
        came_to=before["to"]["name"],
        goes_at=datetime.fromisoformat(leg["depart_at"]),
        goes_by=_vehicle(leg),
        goes_to=leg["to"]["name"],
        heads=one.heads,
        children=bands.get(AgeBand.CHILD, 0) + bands.get(AgeBand.INFANT, 0),
        step_free=needs.get((one.party_id, Question.STEP_FREE), Known.NOT_ASKED),
        phone=needs.get((one.party_id, Question.PHONE), Known.NOT_ASKED),
        left=one.state == State.LEFT,
    )


def _vehicle(leg: Mapping[str, Any]) -> str:
    """Carrier and route with its number, as on the board."""
    return " ".join(part for part in (leg.get("agency"), leg.get("route")) if part)
