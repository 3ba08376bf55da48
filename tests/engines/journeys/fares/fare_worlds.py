"""Small random worlds with fares of every kind, and every journey in them priced by trying everything."""

import random
from collections.abc import Iterator
from datetime import date
from itertools import pairwise, product
from typing import NamedTuple

from onward.engines.journeys.clock import minute_of
from onward.engines.journeys.fares.party import Party
from onward.engines.journeys.fares.quotes import Quote
from tests.engines.journeys.small_feeds import at, rows, tables

STOPS = "ABCDE"
CURRENCIES = ("CAD", "USD")
MIDNIGHT = minute_of(at("00:00"))
ON = date(2025, 6, 11)
PARTY = Party(2, 1, 1)

Vector = tuple[int, ...]
"""Minor units of CAD and USD."""


class Call(NamedTuple):
    """Minutes after midnight at a stop."""

    stop: str
    arrive: int
    depart: int


class Line(NamedTuple):
    """A route of an agency; its trips call at the same stops."""

    route: str
    agency: str
    trips: list[list[Call]]


class Flat(NamedTuple):
    """A row of fare_attributes.txt with its rules: (route, origin, destination), and zones that must be met."""

    fare_id: str
    minor: int
    currency: str
    transfers: int | None
    minutes: int
    agency: str
    rules: list[tuple[str, str, str]]
    contains: frozenset[str]


class Change(NamedTuple):
    """A row of fare_transfer_rules.txt between the leg groups of two lines. minutes: 0 for no limit."""

    start: str
    end: str
    count: int
    minutes: int
    limit_kind: int
    kind: int
    minor: int


class World(NamedTuple):
    """zones: by stop. legs: Fares v2, the price of each line. Empty tables: nothing known."""

    lines: list[Line]
    walks: dict[tuple[str, str], int]
    zones: dict[str, str]
    flats: list[Flat]
    legs: dict[str, tuple[int, str]]
    changes: list[Change]
    quotes: list[Quote]


class Made(NamedTuple):
    """A ride in the world."""

    line: Line
    start: str
    end: str
    depart: int
    arrive: int
    met: tuple[str, ...]


def random_world(chance: random.Random) -> World:
    """Three to five lines of two carriers, and fares of the kinds drawn."""
    lines = [random_line(chance, f"r{n}") for n in range(chance.randint(3, 5))]
    pairs = [(start, end) for start in STOPS for end in STOPS if start != end]
    walks = {pair: chance.randint(0, 5) for pair in chance.sample(pairs, chance.choice([0, 0, 3]))}
    zones = {stop: chance.choice("123") for stop in STOPS}
    kind = chance.choice(["zone", "zone", "leg", "leg", "none"])
    flats = [random_flat(chance, f"f{n}", lines) for n in range(chance.randint(1, 4))] if kind == "zone" else []
    legs = {
        line.route: (chance.choice([200, 300, 500]), chance.choice(["USD", "USD", "USD", "CAD"]))
        for line in chance.sample(lines, chance.randint(1, len(lines)))
        if kind == "leg"
    }
    changes = [random_change(chance, sorted(legs)) for _ in range(chance.randint(0, 4))] if legs else []
    quotes = [random_quote(chance) for _ in range(chance.choice([0, 1, 3, 8]))]
    return World(lines, walks, zones, flats, legs, list(dict.fromkeys(changes)), quotes)


def random_line(chance: random.Random, route: str) -> Line:
    stops = chance.sample(STOPS, chance.choice([2, 3, 3, 4]))
    trips = []
    for _ in range(chance.randint(1, 3)):
        clock, calls = chance.randint(0, 50), []
        for stop in stops:
            arrive = clock + chance.randint(0, 9)
            clock = arrive + chance.randint(0, 2)
            calls.append(Call(stop, arrive, clock))
        trips.append(calls)
    return Line(route, chance.choice("XY"), trips)


def random_flat(chance: random.Random, fare_id: str, lines: list[Line]) -> Flat:
    routes = ["", *(line.route for line in lines)]
    rules = [
        (chance.choice(routes), chance.choice(["", "", "1", "2", "3"]), chance.choice(["", "", "1", "2", "3"]))
        for _ in range(chance.choice([0, 0, 1, 2, 3]))
    ]
    contains = (
        frozenset(chance.sample("123", chance.randint(1, 3))) if rules and chance.random() < 0.25 else frozenset()
    )
    return Flat(
        fare_id,
        chance.choice([100, 150, 200, 275, 500]),
        chance.choice(["USD", "USD", "USD", "CAD"]),
        chance.choice([0, 1, 2, None]),
        chance.choice([0, 0, 15, 30]),
        chance.choice(["", "", "X", "Y"]),
        list(dict.fromkeys(rules)),
        contains,
    )


def random_change(chance: random.Random, groups: list[str]) -> Change:
    start, end = chance.choice(groups), chance.choice(groups)
    count = chance.choice([-1, 1, 2]) if start == end else 0
    minutes = chance.choice([0, 0, 12, 25])
    return Change(start, end, count, minutes, chance.randint(0, 3), chance.randint(0, 2), chance.choice([0, 50, 150]))


def random_quote(chance: random.Random) -> Quote:
    start, end = chance.sample(STOPS, 2)
    last = chance.choice([date(2025, 6, 10), date(2025, 6, 30), date(2025, 6, 30), date(2025, 6, 30)])
    fee, currency = chance.choice([0, 0, 40, 90]), chance.choice(["USD", "USD", "USD", "CAD"])
    adult = chance.choice([100, 300, 450, 700])
    quoted = date(2025, 5, chance.randint(1, 31))
    ends = ("small", chance.choice("XY"), start, end)
    return Quote(*ends, adult, adult // 2, 10, chance.choice([0, 15]), fee, currency, quoted, date(2025, 6, 1), last)


def files_of(world: World) -> dict[str, str]:
    """The world as GTFS. Every stop is there, far from the others."""
    trips = {f"{line.route}-{n}": (line, calls) for line in world.lines for n, calls in enumerate(line.trips)}
    files = tables({trip: [(call.stop, "00:00") for call in calls] for trip, (_, calls) in trips.items()})
    head = "agency_id,agency_name,agency_url,agency_timezone"
    files["agency.txt"] = rows(head, [f"{key},Carrier {key},http://x.example,America/New_York" for key in "XY"])
    places = [f"{stop},{stop},{40 + n},-74,{world.zones[stop]}" for n, stop in enumerate(STOPS)]
    files["stops.txt"] = rows("stop_id,stop_name,stop_lat,stop_lon,zone_id", places)
    routes = [f"{line.route},{line.agency},{line.route},2,n-{line.route}" for line in world.lines]
    files["routes.txt"] = rows("route_id,agency_id,route_short_name,route_type,network_id", routes)
    files["trips.txt"] = rows(
        "route_id,service_id,trip_id", [f"{line.route},S,{trip}" for trip, (line, _) in trips.items()]
    )
    files["stop_times.txt"] = rows(
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence",
        [
            f"{trip},{clock(call.arrive)},{clock(call.depart)},{call.stop},{place}"
            for trip, (_, calls) in trips.items()
            for place, call in enumerate(calls)
        ],
    )
    walks = [f"{start},{end},2,{60 * walk}" for (start, end), walk in world.walks.items()]
    files["transfers.txt"] = rows("from_stop_id,to_stop_id,transfer_type,min_transfer_time", walks)
    return files | zone_files(world) | leg_files(world)


def zone_files(world: World) -> dict[str, str]:
    if not world.flats:
        return {}
    head = "fare_id,price,currency_type,payment_method,transfers,transfer_duration,agency_id"
    attributes = [
        f"{flat.fare_id},{flat.minor / 100:.2f},{flat.currency},1,{'' if flat.transfers is None else flat.transfers},"
        f"{60 * flat.minutes or ''},{flat.agency}"
        for flat in world.flats
    ]
    ruled = [
        f"{flat.fare_id},{','.join(rule)},{zone}"
        for flat in world.flats
        for rule in flat.rules
        for zone in (sorted(flat.contains) or [""])
    ]
    rules = rows("fare_id,route_id,origin_id,destination_id,contains_id", ruled)
    return {"fare_attributes.txt": rows(head, attributes), "fare_rules.txt": rules}


def leg_files(world: World) -> dict[str, str]:
    if not world.legs:
        return {}
    products = [f"p-{route},{minor / 100:.2f},{currency}" for route, (minor, currency) in world.legs.items()]
    products += [f"c{n},{change.minor / 100:.2f},USD" for n, change in enumerate(world.changes)]
    changes = [
        f"g-{change.start},g-{change.end},{change.count or ''},{60 * change.minutes or ''},"
        f"{change.limit_kind if change.minutes else ''},{change.kind},c{n}"
        for n, change in enumerate(world.changes)
    ]
    head = "from_leg_group_id,to_leg_group_id,transfer_count,duration_limit,duration_limit_type"
    head += ",fare_transfer_type,fare_product_id"
    return {
        "fare_products.txt": rows("fare_product_id,amount,currency", products),
        "fare_leg_rules.txt": rows(
            "leg_group_id,network_id,fare_product_id", [f"g-{route},n-{route},p-{route}" for route in world.legs]
        ),
        "fare_transfer_rules.txt": rows(head, changes),
    }


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}:00"


# Every journey, priced by trying everything.


def journeys(world: World, ends: tuple[str, str], limits: tuple[int, int]) -> Iterator[tuple[int, int, list[Made]]]:
    """(depart, arrive, rides) of every journey there is. limits: least change, most vehicles."""
    min_change, most = limits

    def on(stop: str, ready: int, made: list[Made]) -> Iterator[list[Made]]:
        for line in world.lines if len(made) < most else ():
            for calls in line.trips:
                for place, board in enumerate(calls):
                    if board.stop == stop and board.depart >= ready:
                        for further in range(place + 1, len(calls)):
                            met = tuple(call.stop for call in calls[place : further + 1])
                            left = calls[further]
                            ride = Made(line, stop, left.stop, board.depart, left.arrive, met)
                            yield [*made, ride]
                            yield from on(left.stop, left.arrive + min_change, [*made, ride])
                            for (start, end), walk in world.walks.items():
                                if start == left.stop:
                                    yield from on(end, left.arrive + max(min_change, walk), [*made, ride])

    from_stop, to_stop = ends
    access = {from_stop: 0} | {end: walk for (start, end), walk in world.walks.items() if start == from_stop}
    egress = {to_stop: 0} | {start: walk for (start, end), walk in world.walks.items() if end == to_stop}
    for stop, before in access.items():
        for made in on(stop, 0, []):
            if made[-1].end in egress:
                yield made[0].depart - before, made[-1].arrive + egress[made[-1].end], made


def prices(world: World, rides: list[Made]) -> set[tuple[Vector, int]]:
    """(amounts with fees, rides without a known fare) of every way to buy tickets for the rides."""
    return leg_prices(world, rides) if world.legs else segment_prices(world, rides)


def segment_prices(world: World, rides: list[Made]) -> set[tuple[Vector, int]]:
    found = set()
    for cuts in product([False, True], repeat=len(rides) - 1):
        segments: list[list[Made]] = [[rides[0]]]
        for ride, cut in zip(rides[1:], cuts, strict=True):
            segments.append([ride]) if cut else segments[-1].append(ride)
        for ways in product(*(list(ways_of(world, segment)) for segment in segments)):
            found.add(together(list(ways)))
    return found


Way = tuple[Vector, int, tuple[str, str, int] | None]
"""Amounts, unknown rides, and a fee (carrier, currency, minor)."""


def together(ways: list[Way]) -> tuple[Vector, int]:
    fees: dict[tuple[str, str], int] = {}
    for _, _, fee in ways:
        if fee:
            fees[fee[:2]] = max(fee[2], fees.get(fee[:2], 0))
    totals = [sum(way[0][n] for way in ways) for n in range(2)]
    totals = [
        total + sum(m for (_, what), m in fees.items() if what == CURRENCIES[n]) for n, total in enumerate(totals)
    ]
    return tuple(totals), sum(way[1] for way in ways)


def amounts(minor: int, currency: str) -> Vector:
    return tuple(minor if one == currency else 0 for one in CURRENCIES)


def quote_for(world: World, segment: list[Made]) -> Quote | None:
    first, last = segment[0], segment[-1]
    agencies = {ride.line.agency for ride in segment}
    came_back = any(first.start in (before.end, after.start) for before, after in pairwise(segment))
    came_back |= last.end == first.start
    fitting = [
        quote
        for quote in world.quotes
        if {quote.agency_id} == agencies
        and (quote.from_stop, quote.to_stop) == (first.start, last.end)
        and quote.valid_from <= ON <= quote.valid_to
    ]
    return None if came_back else max(fitting, key=lambda quote: quote.quoted_on, default=None)


def quoted(quote: Quote) -> Way:
    minor = 2 * quote.adult_minor + quote.child_minor + quote.infant_minor + 3 * quote.tax_minor
    fee = (quote.agency_id, quote.currency, quote.fee_minor) if quote.fee_minor else None
    return amounts(minor, quote.currency), 0, fee


def ways_of(world: World, segment: list[Made]) -> Iterator[Way]:
    """The ways to buy one ticket for a segment; a single ride may always be of unknown fare where none is known."""
    quote = quote_for(world, segment)
    if quote:
        yield quoted(quote)
    if any(quote_for(world, [ride]) for ride in segment):
        return
    fares = [flat for flat in world.flats if holds(world, flat, segment)]
    for flat in fares:
        yield amounts(3 * flat.minor, flat.currency), 0, None
    if len(segment) == 1 and not fares and not quote:
        yield amounts(0, "USD"), 1, None


def holds(world: World, flat: Flat, segment: list[Made]) -> bool:
    if flat.transfers is not None and len(segment) > flat.transfers + 1:
        return False
    if flat.minutes and segment[-1].depart - segment[0].depart > flat.minutes:
        return False
    if any(flat.agency not in ("", ride.line.agency) for ride in segment):
        return False
    origin, destination = world.zones[segment[0].start], world.zones[segment[-1].end]
    met = {world.zones[stop] for ride in segment for stop in ride.met}
    known = {"", *world.zones.values()}
    rules = [rule for rule in flat.rules if not (set(rule[1:]) | flat.contains) - known]
    if not flat.rules:
        return True
    if flat.contains and met != flat.contains:
        return False
    return all(
        any(
            route in ("", ride.line.route) and start in ("", origin) and end in ("", destination)
            for route, start, end in rules
        )
        for ride in segment
    )


class Paid(NamedTuple):
    """A way to have paid for some rides of a journey by leg. run: where the row of transfers in one group began."""

    amounts: Vector
    unknown: int
    fees: tuple[tuple[str, str, int], ...]
    group: str
    own: Vector
    count: int
    run: tuple[int, int]
    segment: tuple[Made, ...]


def leg_prices(world: World, rides: list[Made]) -> set[tuple[Vector, int]]:
    """By trying fresh products, transfers and quotes, ride by ride (quotes over several rides as segments)."""
    found: set[tuple[Vector, int]] = set()

    def on(at: int, ways: list[Way], leg: tuple[str, Vector, int, tuple[int, int]] | None) -> None:
        if at == len(rides):
            found.add(together(ways))
            return
        ride = rides[at]
        for last in range(at, len(rides)):
            quote = quote_for(world, rides[at : last + 1])
            if quote:
                on(last + 1, [*ways, quoted(quote)], None)
        if quote_for(world, [ride]):
            return
        group, times = ride.line.route, (ride.depart, ride.arrive)
        if group not in world.legs:
            on(at + 1, [*ways, (amounts(0, "USD"), 1, None)], None)
            return
        own = amounts(3 * world.legs[group][0], world.legs[group][1])
        on(at + 1, [*ways, (own, 0, None)], (group, own, 0, times))
        if leg:
            transfers(ride, ways, leg, at)

    def transfers(ride: Made, ways: list[Way], leg: tuple[str, Vector, int, tuple[int, int]], at: int) -> None:
        before, held, count, begun = leg
        group, times = ride.line.route, (ride.depart, ride.arrive)
        own = amounts(3 * world.legs[group][0], world.legs[group][1])
        same = group == before
        nth = count + 1 if same else 1
        fitting = [rule for rule in world.changes if (rule.start, rule.end) == (before, group)]
        if same:
            fitting = [rule for rule in fitting if rule.count == -1 or rule.count >= nth]
            least = min((rule.count for rule in fitting if rule.count > 0), default=-1)
            fitting = [rule for rule in fitting if rule.count == least]
        for rule in fitting:
            begin = begun[0] if rule.limit_kind in (0, 1) else begun[1]
            end = ride.arrive if rule.limit_kind in (0, 3) else ride.depart
            if rule.minutes and end - begin > rule.minutes:
                continue
            paid = amounts(3 * rule.minor, "USD")
            made = [*ways, (paid, 0, None)]
            if rule.kind == 1:
                made.append((own, 0, None))
            if rule.kind == 2 and held:
                made = [*ways[:-1], (paid, 0, None)]
            on(at + 1, made, (group, (), nth if same else 0, begun if same else times))

    on(0, [], None)
    return found


def best(found: list[tuple[int, ...]], window: tuple[int, int]) -> list[tuple[int, ...]]:
    """Those of the window that no other of it beats, made so that less is better; the first is minus the departure."""
    kept: list[tuple[int, ...]] = []
    for one in sorted(one for one in set(found) if window[0] <= -one[0] < window[1]):
        if not any(all(a <= b for a, b in zip(other, one, strict=True)) for other in kept):
            kept.append(one)
    return sorted(kept)
