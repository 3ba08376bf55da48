"""Trips that one vehicle goes on as: whoever stays seated changes nothing, through however many of them.

Said by transfers.txt (type 4, in-seat), or by trips of one block_id in trips.txt; type 5 says that one must get off.
A joint becomes a run of its own: the first trip, where one may only board, those between, where one stays seated, and
the last, where one may only alight (gtfs/patterns.py). So every search finds it as one vehicle, and nobody rides a trip
twice under two names.

Joined are trips of one service day, on the days all of them run; with times in one zone; not repeated by frequencies.
A block is followed where staying seated leads somewhere: not where the vehicle turns round on its own line, nor where
it runs empty to where the next trip begins.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from onward.engines.journeys.gtfs.findings import Findings
from onward.engines.journeys.gtfs.frequencies import Repeat
from onward.engines.journeys.gtfs.stop_times import NO_DROP_OFF, NO_PICKUP, SECOND_TRIP, Calls
from onward.engines.journeys.gtfs.stops import StopRow
from onward.engines.journeys.gtfs.transfers import FILE, IN_SEAT, NOT_IN_SEAT, Transfer
from onward.engines.journeys.gtfs.trips import Trip
from onward.engines.journeys.near import distance_m

MOST_JOINTS = 20_000
"""Rows of joined trips of one feed; beyond them one changes as between any two trips, and a finding says so."""


ONE_PLACE_M = 350.0
"""A trip of a block that begins this near to where the one before ended begins there."""

NEVER = 1 << 30
"""A place no trip has so many calls to come to."""


@dataclass(frozen=True, slots=True)
class Joint:
    """Trips that one vehicle runs in a row. days: the service days on which it does, as bits (gtfs/calendar.py)."""

    trips: tuple[str, ...]
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
    days: dict[tuple[str, str], int] = {}
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
        else:
            days[pair] = table.common_days(*pair)
    for first, second, common in _blocks(table):
        days.setdefault((first, second), common)
    ways_on: dict[str, list[tuple[str, int]]] = {}
    for (first, second), common in days.items():
        if (first, second) not in apart:
            ways_on.setdefault(first, []).append((second, common))
    made = list(islice(_joints(table, ways_on), MOST_JOINTS + 1))
    if len(made) > MOST_JOINTS:
        rest = f"More than {MOST_JOINTS:,} rows of trips stay seated: beyond the shortest of them one changes instead."
        findings.note(("trips.txt", 0), ("block_id", ""), rest)
    return made[:MOST_JOINTS]


def _joints(table: Joinable, ways_on: Mapping[str, list[tuple[str, int]]]) -> Iterator[Joint]:
    """The rows of trips that lead on, by how many they are. ways_on: what each trip goes on as, and when."""
    rows = [(Joint((one,), table.days[table.trips[one].service_id]), _starts(table, (one,))) for one in ways_on]
    while rows:
        longer = []
        for row, starts in rows:
            for after, days in ways_on.get(row.trips[-1], ()):
                made = Joint((*row.trips, after), row.days & days)
                if starts and made.days and after not in row.trips:
                    if _leads_on(table, made.trips, starts):
                        yield made
                    longer.append((made, _starts(table, made.trips)))
        rows = longer


def _blocks(table: Joinable) -> Iterator[tuple[str, str, int]]:
    """Each trip of a block with the next that its vehicle runs, and on which days."""
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
                    if not _turns_round(table, first, second) and _meets(table, first, second):
                        yield first, second, common


def _meets(table: Joinable, first: str, second: str) -> bool:
    """Whether one trip begins where the other ends: over more than a stone's throw the vehicle runs empty."""
    end, start = table.stops[table.calls[first].stops[-1]], table.stops[table.calls[second].stops[0]]
    if (end.parent_id or end.stop_id) == (start.parent_id or start.stop_id):
        return True
    if end.lat is None or end.lon is None or start.lat is None or start.lon is None:
        return False
    return distance_m(end.lat, end.lon, start.lat, start.lon) <= ONE_PLACE_M


def _turns_round(table: Joinable, first: str, second: str) -> bool:
    """Whether the vehicle goes back on its own line."""
    one, other = table.trips[first], table.trips[second]
    return one.route_id == other.route_id and one.direction != other.direction


def _starts(table: Joinable, trips: tuple[str, ...]) -> dict[str, int]:
    """Where one boards the first of some trips to ride beyond the last: by station, the place. Not where the vehicle
    may be boarded there again on the way: that is less of the same ride."""
    starts: dict[str, int] = {}
    for place, station, rule in _rows(table, trips[0])[:-1]:
        if not rule & NO_PICKUP:
            starts[station] = place
    for trip in trips[1:]:
        for _, station, rule in _rows(table, trip)[:-1]:
            if not rule & NO_PICKUP:
                starts.pop(station, None)
    return starts


def _leads_on(table: Joinable, trips: tuple[str, ...], starts: Mapping[str, int]) -> bool:
    """Whether staying seated into the last of some trips is of use to anyone: from a station to one that the vehicle
    takes them to no sooner. starts: of the trips before the last."""
    left_at: dict[str, int] = {}
    for at, trip in enumerate(trips[:-1]):
        for place, station, rule in _rows(table, trip)[1:]:
            if not rule & NO_DROP_OFF:
                left_at[station] = NEVER if at else place
    boarded: set[str] = set()
    for place, end, rule in _rows(table, trips[-1]):
        if place and not rule & NO_DROP_OFF:
            sooner = left_at.get(end, -1)
            if any(end != start and start not in boarded and sooner <= at for start, at in starts.items()):
                return True
        if not rule & NO_PICKUP:
            boarded.add(end)
    return False


def _rows(table: Joinable, trip: str) -> list[tuple[int, str, int]]:
    """(place, station, rule) of each call of a trip."""
    calls = table.calls[trip]
    stations = [table.stops[stop].parent_id or table.stops[stop].stop_id for stop in calls.stops]
    return list(zip(range(len(stations)), stations, calls.rules, strict=True))


def joined_calls(trips: Sequence[Calls]) -> Calls:
    """The calls of some trips in a row: boarded in the first, passed in those between, left in the last."""
    stops: tuple[int, ...] = ()
    rules, arrive_s, depart_s = bytearray(), array("i"), array("i")
    for at, calls in enumerate(trips):
        seam = len(stops)
        closed = (NO_PICKUP if at else 0) | (NO_DROP_OFF if at < len(trips) - 1 else SECOND_TRIP)
        stops += calls.stops
        rules += bytes(rule | closed for rule in calls.rules)
        arrive_s += calls.arrive_s
        depart_s += calls.depart_s
        if at:
            rules[seam - 1] |= NO_PICKUP
            rules[seam] |= NO_DROP_OFF
            depart_s[seam - 1] = arrive_s[seam - 1]
            arrive_s[seam] = max(arrive_s[seam - 1], arrive_s[seam])
    return Calls(stops, bytes(rules), arrive_s, depart_s)
