"""Trips that one vehicle goes on as: whoever stays seated changes nothing.

Said by transfers.txt (type 4, in-seat), or by trips of one block_id in trips.txt; type 5 says that one must get off.
A joint becomes a run of its own: the first trip, where one may only board, and the second, where one may only alight
(gtfs/patterns.py). So every search finds it as one vehicle, and nobody rides a trip twice under two names.

Joined are two trips, not three; of one service day; with times in one zone; not repeated by frequencies. A block is
followed where staying seated leads somewhere: not where the vehicle turns round on its own line.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from onward.engines.journeys.gtfs.findings import Findings
from onward.engines.journeys.gtfs.frequencies import Repeat
from onward.engines.journeys.gtfs.stop_times import NO_DROP_OFF, NO_PICKUP, SECOND_TRIP, Calls
from onward.engines.journeys.gtfs.stops import StopRow
from onward.engines.journeys.gtfs.transfers import FILE, IN_SEAT, NOT_IN_SEAT, Transfer
from onward.engines.journeys.gtfs.trips import Trip

MOST_JOINTS = 20_000
"""Joints of one feed; beyond them one changes as between any two trips, and a finding says so."""


@dataclass(frozen=True, slots=True)
class Joint:
    """A trip goes on as another. days: the service days on which it does, as bits (gtfs/calendar.py)."""

    first: str
    second: str
    days: int


@dataclass(frozen=True, slots=True)
class Joinable:
    """What joints are made from. zones: of each route's times, by route_id."""

    stops: tuple[StopRow, ...]
    zones: Mapping[str, str]
    days: Mapping[str, int]
    trips: Mapping[str, Trip]
    calls: Mapping[str, Calls]
    repeats: Mapping[str, list[Repeat]]

    def why_not(self, first: str, second: str) -> str:
        """Why two trips cannot be joined; "" where they can."""
        if first not in self.calls or second not in self.calls:
            return "one of the trips is not there"
        if first in self.repeats or second in self.repeats:
            return "one of the trips is repeated by frequencies.txt"
        if self.calls[second].depart_s[0] < self.calls[first].arrive_s[-1]:
            return "the second trip leaves before the first arrives, or on another service day"
        if self.zones[self.trips[first].route_id] != self.zones[self.trips[second].route_id]:
            return "their times are in two zones"
        return "" if self.common_days(first, second) else "they never run on one service day"

    def common_days(self, first: str, second: str) -> int:
        """The service days both trips run on."""
        return self.days[self.trips[first].service_id] & self.days[self.trips[second].service_id]


def find_joints(table: Joinable, transfers: Mapping[int, Transfer], findings: Findings) -> list[Joint]:
    """Every joint of a feed. Those that transfers.txt names and that cannot be are findings; a block's are not."""
    joints: dict[tuple[str, str], Joint] = {}
    apart: set[tuple[str, str]] = set()
    for line, rule in transfers.items():
        if rule.kind not in (IN_SEAT, NOT_IN_SEAT):
            continue
        pair = rule.from_trip, rule.to_trip
        why = table.why_not(*pair)
        if rule.kind == NOT_IN_SEAT:
            apart.add(pair)
        elif why:
            text = f"Staying seated is not offered, one changes as between any trips: {why}."
            findings.note((FILE, line), ("from_trip_id, to_trip_id", ", ".join(pair)), text)
        elif _leads_on(table, *pair):
            joints[pair] = Joint(*pair, table.common_days(*pair))
    for joint in _blocks(table):
        pair = joint.first, joint.second
        if pair not in apart and pair not in joints:
            joints[pair] = joint
    made = [joint for pair, joint in joints.items() if pair not in apart]
    if len(made) > MOST_JOINTS:
        rest = f"{len(made) - MOST_JOINTS:,} pairs more than {MOST_JOINTS:,} stay seated: there one changes instead."
        findings.note(("trips.txt", 0), ("block_id", ""), rest)
    return made[:MOST_JOINTS]


def _blocks(table: Joinable) -> Iterator[Joint]:
    """Each trip of a block with the next that its vehicle runs, day by day."""
    blocks: dict[str, list[str]] = {}
    for trip_id in table.calls:
        if table.trips[trip_id].block:
            blocks.setdefault(table.trips[trip_id].block, []).append(trip_id)
    for members in blocks.values():
        members.sort(key=lambda trip_id: table.calls[trip_id].depart_s[0])
        for at, first in enumerate(members):
            left = table.days[table.trips[first].service_id]
            for second in members[at + 1 :]:
                if not left:
                    break
                common = left & table.days[table.trips[second].service_id]
                if common and not table.why_not(first, second):
                    left &= ~common
                    if not _turns_round(table, first, second) and _leads_on(table, first, second):
                        yield Joint(first, second, common)


def _turns_round(table: Joinable, first: str, second: str) -> bool:
    """Whether the vehicle goes back on its own line."""
    one, other = table.trips[first], table.trips[second]
    return one.route_id == other.route_id and one.direction != other.direction


def _leads_on(table: Joinable, first: str, second: str) -> bool:
    """Whether staying seated joins two stations that neither trip joins, so that it is of use to anyone."""
    one, other = (
        [table.stops[stop].parent_id or table.stops[stop].stop_id for stop in table.calls[trip].stops]
        for trip in (first, second)
    )
    last_in_one = {station: at for at, station in enumerate(one)}
    first_in_other: dict[str, int] = {}
    for at, station in enumerate(other):
        first_in_other.setdefault(station, at)
    return any(
        last_in_one.get(end, -1) <= at and first_in_other.get(start, len(other)) >= place
        for at, start in enumerate(one[:-1])
        for place, end in enumerate(other[1:], 1)
        if start != end
    )


def joined_calls(first: Calls, second: Calls) -> Calls:
    """The calls of one trip and then of another: boarded in the first, left in the second."""
    rules = [rule | NO_DROP_OFF for rule in first.rules] + [rule | NO_PICKUP | SECOND_TRIP for rule in second.rules]
    seam = len(first.stops)
    rules[seam - 1] |= NO_PICKUP
    rules[seam] |= NO_DROP_OFF
    arrive_s, depart_s = first.arrive_s + second.arrive_s, first.depart_s + second.depart_s
    depart_s[seam - 1] = arrive_s[seam - 1]
    arrive_s[seam] = max(arrive_s[seam - 1], arrive_s[seam])
    return Calls(first.stops + second.stops, bytes(rules), arrive_s, depart_s)
