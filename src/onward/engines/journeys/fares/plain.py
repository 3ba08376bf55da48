"""The plain search that weighs fares: every journey no other beats, written to be read. The fast one is held to it.

Criteria: leaving late, arriving early, few vehicles, the party's price in each currency, few minutes of hardship, and
arriving while somebody is there to receive. A price known is better than one that is not, and journeys of unknown
price are compared by all else. Only those are weighed that are not much slower than the best ones (slack.py): a
restricted Pareto set, Delling, Dibbelt, Pajor 2019. Rounds and departures are taken as in the plain search without
fares (journeys/search.py); instead of one arrival a stop keeps all labels that none of the others makes needless
(McRAPTOR; Delling, Pajor, Werneck 2015, section 4). Three things differ. Journeys are compared with those that leave
in the window alone. Every later run of a lane is boarded too, since waiting may save a night wait further on, reach a
cheaper day or let a ticket begin later. And a journey may come back through the stop it set out from, since a ticket
from further out may cost less.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from onward.engines.journeys.clock import local_time
from onward.engines.journeys.fares.book import FareBook
from onward.engines.journeys.fares.labels import Cost, Label, closed, dominates, may_end, total
from onward.engines.journeys.fares.nights import Hardship, night_between
from onward.engines.journeys.fares.party import Party
from onward.engines.journeys.fares.priced import Bought, add_up, priced
from onward.engines.journeys.fares.pricing import price
from onward.engines.journeys.fares.slack import FAMILY, Slack, Weighed, latest_arrivals, with_best
from onward.engines.journeys.fares.soonest import soonest_after
from onward.engines.journeys.fares.steps import NO_TICKET, Amounts, Step, plus
from onward.engines.journeys.fares.tariff import Tariff
from onward.engines.journeys.fares.world import Boarding, World, ride_of, rides_of
from onward.engines.journeys.hardship import arrives_closed
from onward.engines.journeys.journey import Journey, Query
from onward.engines.journeys.legs import Ride, journey_of
from onward.engines.journeys.search import End
from onward.engines.journeys.search import search as search_without
from onward.engines.journeys.timetable import Timetable


def search(
    timetable: Timetable,
    query: Query,
    party: Party,
    book: FareBook,
    *,
    slack: Slack | None = FAMILY,
    hardship: Hardship = night_between,
) -> Weighed:
    """The journeys that no other beats, price and all, with what they cost the party; the best by time among them.

    Raises NotFound where a stop is unknown. Journeys alike in all criteria are found once. slack: how much slower than
    the best a journey may be to be weighed; None for however much.
    """
    tariff = Tariff(book, party)
    best = search_without(timetable, query)
    if slack is not None and not best:
        return Weighed(())
    world = World(timetable, query)
    found = FareSearch(world, tariff, hardship, bounds_of(world, slack, best))
    journeys = [journey for end in found.run() if (journey := found.journey(end)) is not None]
    if slack is not None:
        journeys = with_best(journeys, best, lambda one: _priced(timetable, tariff, one))
    return Weighed(tuple(sorted(journeys, key=lambda one: (one.depart_at, one.arrive_at, one.vehicles))))


class Bounds(NamedTuple):
    """What a journey must keep to be weighed. latest: when who leaves at each minute of the window must be there."""

    latest: list[int]
    vehicles: int


def bounds_of(world: World, slack: Slack | None, best: Sequence[Journey]) -> Bounds:
    """The bounds of a query; none but its own where there is no slack."""
    window, query = (world.start, world.end), world.query
    own = [minute + world.max_travel for minute in range(*window)]
    if slack is None:
        return Bounds(own, query.max_vehicles)
    latest = latest_arrivals(best, soonest_after(world), window, slack.minutes(best))
    return Bounds(list(map(min, own, latest)), slack.most_vehicles(best, query))


def _priced(timetable: Timetable, tariff: Tariff, journey: Journey) -> Journey:
    return priced(journey, price(tariff, rides_of(timetable, journey)))


NOBODY_KNOWS = Step(NO_TICKET, (), unknown=1)
"""How a ride is paid after one whose fare is not known: the price of the whole is not known any more."""


class Arrived(NamedTuple):
    """A journey found. minute: its end, after the walk there. price: fees in it. is_closed: nobody receives then."""

    label: Label
    minute: int
    cost: Cost
    price: Amounts
    is_closed: bool


class _Made(NamedTuple):
    """A ride made: when it left and arrived, when the journey began, whether a ticket was bought anew for it."""

    ride: Ride
    depart: int
    arrive: int
    began: int
    is_new: bool


class FareSearch:
    """One search. kept: by stop, the labels none makes needless; ends: the journeys none beats."""

    def __init__(self, world: World, tariff: Tariff, hardship: Hardship, bounds: Bounds) -> None:
        self.world, self.tariff, self.hardship = world, tariff, hardship
        self.bounds = bounds
        self.kept: list[list[Label]] = [[] for _ in world.timetable.stops]
        self.ends: list[Arrived] = []

    def run(self) -> list[Arrived]:
        """Set out at each minute of the window, the last first."""
        world, events = self.world, dict[int, list[Boarding]]()
        for stop, (_, walk) in world.access.items():
            for boarding in world.boardings(stop, world.start + walk, world.end + walk - 1):
                events.setdefault(boarding.depart - walk, []).append(boarding)
        for minute in sorted(events, reverse=True):
            self._leave(minute, events[minute], self.bounds.latest[minute - world.start])
        return self.ends

    def journey(self, end: Arrived) -> Journey | None:
        """The journey of an end, with its price; None for one thought unknown whose price is known in another way."""
        world, ride = self.world, end.label.ride
        starts_at, ends_at = ride.first.stops(world.timetable)[0], ride.stops(world.timetable)[1]
        made = End(ride, world.access[starts_at], world.egress[ends_at])
        journey = journey_of(world.timetable, made, pace=world.query.pace)
        if end.label.is_unknown:
            told = _priced(world.timetable, self.tariff, journey)
            return told if told.fare is None else None
        bought = [Bought(label.step, label.is_new) for label in _chain(end.label)]
        fees = self.tariff.fees.total(end.cost.fees)
        return priced(journey, add_up(bought, fees, self.tariff.currencies))

    def _leave(self, minute: int, boardings: list[Boarding], latest: int) -> None:
        """Set out at a minute to meet some vehicles, and ride on from there, a vehicle more each round."""
        fresh = [label for boarding in boardings for label in self._ride(None, boarding, (minute, latest))]
        while fresh:
            fresh = [label for before in fresh if self._is_kept(before) for label in self._go_on(before, latest)]

    def _is_kept(self, label: Label) -> bool:
        return any(label is one for one in self.kept[label.ride.stops(self.world.timetable)[1]])

    def _go_on(self, before: Label, latest: int) -> Iterator[Label]:
        if before.vehicles == self.bounds.vehicles:
            return
        for stop, ready in self.world.stands(before.ride.stops(self.world.timetable)[1], before.arrive):
            for boarding in self.world.boardings(stop, ready, latest):
                yield from self._ride(before, boarding, (before.began, latest))

    def _ride(self, before: Label | None, boarding: Boarding, hours: tuple[int, int]) -> Iterator[Label]:
        """The labels worth keeping of riding a vehicle to wherever it can be left."""
        began, latest = hours
        for place, stop, arrive in self.world.alightings(boarding):
            if arrive + self.world.least[stop] > latest:
                continue
            ride_class = self.tariff.class_of(self.world.ridden(boarding, place))
            ride = ride_of(boarding, place, before.ride if before else None)
            for step, is_new in self._steps(before, ride_class, (boarding.depart, arrive)):
                label = self._paid(before, step, _Made(ride, boarding.depart, arrive, began, is_new))
                label = label._replace(night=self._night(before, boarding))
                if self._is_beaten(label, stop):
                    continue
                # Where to go on from it is needless, who comes later may still be received.
                is_kept = self._keep(label, stop)
                if is_kept or self.world.query.open_hours:
                    self._arrive(label, stop, latest)
                if is_kept:
                    yield label

    def _paid(self, before: Label | None, step: Step, made: _Made) -> Label:
        """The label of a ride paid by a step: what was open before a new ticket is settled then."""
        cost, since = Cost(self.tariff.nothing, 0), (made.depart, made.arrive)
        is_unknown = step.unknown > 0
        if before is not None:
            cost = closed(self.tariff, before) if made.is_new else Cost(before.settled, before.fees)
            since = since if step.renews else before.since
        return Label(
            made.arrive,
            before.vehicles + 1 if before else 1,
            self.tariff.nothing if is_unknown else plus(cost.amounts, step.add),
            is_unknown,
            0 if is_unknown else self.tariff.fees.after(cost.fees, step.fee),
            NO_TICKET if is_unknown else step.state,
            since,
            0,
            made.began,
            made.ride,
            step,
            made.is_new,
            before,
        )

    def _steps(self, before: Label | None, ride_class: int, times: tuple[int, int]) -> Iterator[tuple[Step, bool]]:
        """The ways to pay: anew, where what was bought before can end there, or on the ticket in force."""
        if before is not None and before.is_unknown:
            yield NOBODY_KNOWS, True
            return
        if before is None or may_end(self.tariff, before):
            yield from ((step, True) for step in self.tariff.start(ride_class))
        if before is not None and before.state != NO_TICKET:
            for step in self.tariff.go_on(before.state, ride_class):
                if step.fits(before.since, *times):
                    yield step, False

    def _night(self, before: Label | None, boarding: Boarding) -> int:
        if before is None:
            return 0
        stop = self.world.timetable.patterns[boarding.pattern].stops[boarding.place]
        zone = self.world.timetable.stops[stop].zone
        return before.night + self.hardship(zone, before.arrive, boarding.depart)

    def _keep(self, label: Label, stop: int) -> bool:
        """Keep a label at a stop, unless one there makes it needless."""

        def night(start: int, end: int) -> int:
            return max(self.hardship(zone, start, end) for zone in self.world.zones_near(stop))

        if any(dominates(self.tariff, one, label, night=night) for one in self.kept[stop]):
            return False
        self.kept[stop] = [one for one in self.kept[stop] if not dominates(self.tariff, label, one, night=night)]
        self.kept[stop].append(label)
        return True

    def _is_beaten(self, label: Label, stop: int) -> bool:
        """Whether a journey found is as good as the best this label may lead to: no change taken long, nothing paid."""
        floor = self.tariff.states[label.state].floor
        settled = plus(plus(label.settled, floor), self.tariff.fees.total(label.fees))
        soonest = label.arrive + self.world.least[stop]
        return any(
            end.label.is_unknown <= label.is_unknown
            and end.label.began >= label.began
            and end.minute <= soonest
            and end.label.vehicles <= label.vehicles
            and end.label.night <= label.night
            and not end.is_closed
            and (label.is_unknown or all(one <= two for one, two in zip(end.price, settled, strict=True)))
            for end in self.ends
        )

    def _arrive(self, label: Label, stop: int, latest: int) -> None:
        """Note a journey that ends, unless another is as good in all things."""
        if stop not in self.world.egress or not may_end(self.tariff, label):
            return
        cost = closed(self.tariff, label)
        at, walk = self.world.egress[stop]
        minute, hours = label.arrive + walk, self.world.query.open_hours
        if minute > latest:
            return
        is_closed = arrives_closed(local_time(minute, self.world.timetable.stops[at].zone), hours)
        end = Arrived(label, minute, cost, total(self.tariff, cost), is_closed)
        if not any(_beats(one, end) for one in self.ends):
            self.ends = [one for one in self.ends if not _beats(end, one)]
            self.ends.append(end)


def _beats(one: Arrived, other: Arrived) -> bool:
    """Whether one is as good or better in all things."""
    return (
        one.label.began >= other.label.began
        and one.minute <= other.minute
        and one.label.vehicles <= other.label.vehicles
        and one.label.is_unknown <= other.label.is_unknown
        and one.label.night <= other.label.night
        and one.is_closed <= other.is_closed
        and (other.label.is_unknown or all(map(int.__le__, one.price, other.price)))
    )


def _chain(label: Label) -> list[Label]:
    """The labels of a journey, first ride to last."""
    return [*(_chain(label.before) if label.before else []), label]
