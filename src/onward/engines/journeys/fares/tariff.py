"""What every ride and every row of rides costs one party: quotes first, then the feed's own fares, else unknown.

The one place that decides it, for the plain search, the fast one and for pricing a journey that is there already. It
is asked ride by ride: `start` gives the ways to buy a ride anew, `go_on` the ways to make it on the ticket in force.
Rides that cost alike in everything have one number (`class_of`), and so have tickets in force that are good for the
same: a search that remembers the answers by those numbers asks each question once.

A quote wins over the feed's fares for the leg it names. Consecutive rides of one carrier may be bought together where
a quote names the first one's start and the last one's end, on the first one's day: the journey pays whatever is less.
A carrier's fee is paid once a journey, the dearest of those its quotes ask.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from onward.core.money import Money
from onward.engines.journeys.fares.book import FareBook
from onward.engines.journeys.fares.by_leg import LegFares, Legged, LegWay, Sold
from onward.engines.journeys.fares.by_zone import Way, Zoned, ZoneFares
from onward.engines.journeys.fares.fees import Fees
from onward.engines.journeys.fares.party import Party
from onward.engines.journeys.fares.quotes import Quote, SoldLeg
from onward.engines.journeys.fares.steps import NO_FEE, PENDING, Amounts, Ridden, State, Step
from onward.engines.journeys.fares.ticket import Ticket

UNKNOWN = Ticket((), None)


class Tariff:
    """The fares of a book for a party. currencies: the order of all amounts. Its numbers are its own."""

    def __init__(self, book: FareBook, party: Party) -> None:
        self.book, self.party = book, party
        self.currencies = _currencies(book)
        self.nothing: Amounts = (0,) * len(self.currencies)
        self.systems = {
            feed: LegFares(tables, party) if tables.leg_rules else ZoneFares(tables, party)
            for feed, tables in book.tables.items()
        }
        self.fees = Fees(self.currencies)
        self.states = [State((), self.nothing, self.nothing, 0, NO_FEE, is_timed=False)]
        self._state_numbers: dict[State, int] = {self.states[0]: 0}
        self._rides: list[Ridden] = []
        self._class_numbers: dict[tuple[object, ...], int] = {}
        self._starts: dict[int, tuple[Step, ...]] = {}
        self._ways_on: dict[tuple[int, int], tuple[Step, ...]] = {}
        self.quoted = {(quote.feed, quote.agency_id) for quote in book.quotes.quotes}

    def class_of(self, ride: Ridden) -> int:
        """The number of all rides that cost like this one, whatever came before."""
        system = self.systems.get(ride.feed)
        key: tuple[object, ...] = (ride.feed, system.key(ride)) if system else ()
        if (ride.feed, ride.agency_id) in self.quoted:
            key = *key, ride.feed, ride.agency_id, ride.from_stops, ride.to_stops, self._day(ride)
        number = self._class_numbers.setdefault(key, len(self._rides))
        if number == len(self._rides):
            self._rides.append(ride)
        return number

    def start(self, ride_class: int) -> tuple[Step, ...]:
        """The ways to buy a ride anew. Never empty: where nothing is known the fare is."""
        steps = self._starts.get(ride_class)
        if steps is None:
            steps = self._starts[ride_class] = tuple(self._start(self._rides[ride_class]))
        return steps

    def go_on(self, state: int, ride_class: int) -> tuple[Step, ...]:
        """The ways to make a ride on the ticket in force; empty where it is good for nothing there."""
        key = state, ride_class
        steps = self._ways_on.get(key)
        if steps is None:
            steps = self._ways_on[key] = tuple(self._go_on(self.states[state], self._rides[ride_class]))
        return steps

    def _start(self, ride: Ridden) -> Iterator[Step]:
        leg = self._sold(ride)
        quote = self.book.quotes.find(leg)
        if quote:
            yield self._quoted_step((ride.feed, ride.agency_id), quote, leg)
            return
        steps = self._by_feed(ride)
        if not any(self._ends(step) for step in steps):
            steps.append(Step(0, self.nothing, unknown=1, line=UNKNOWN))
        yield from steps
        if self.book.quotes.from_start(leg):
            yield Step(self._chain(leg, None), self.nothing)

    def _ends(self, step: Step) -> bool:
        return self.states[step.state].unknown < PENDING

    def _by_feed(self, ride: Ridden) -> list[Step]:
        system = self.systems.get(ride.feed)
        if isinstance(system, ZoneFares):
            return [self._zoned_step(ride.feed, way) for way in system.start(ride)]
        if isinstance(system, LegFares):
            return [self._legged_step(ride.feed, way, self.nothing) for way in system.start(ride)]
        return []

    def _go_on(self, state: State, ride: Ridden) -> Iterator[Step]:
        if not state.key or state.key[1] != ride.feed:
            return
        kind, _, segment, *_ = state.key
        system = self.systems.get(ride.feed)
        if isinstance(segment, SoldLeg):
            yield from self._on_quote(segment, ride)
        elif self.book.quotes.find(self._sold(ride)):
            return
        elif isinstance(system, ZoneFares) and isinstance(segment, Zoned):
            for way in system.go_on(segment, ride):
                yield self._zoned_step(ride.feed, way)._replace(renews=False, replaces=True)
        elif isinstance(system, LegFares) and isinstance(segment, Legged):
            for leg_way in system.go_on(segment, ride):
                yield self._legged_step(ride.feed, leg_way, self.nothing if leg_way.drops else state.open)

    def _on_quote(self, first: SoldLeg, ride: Ridden) -> Iterator[Step]:
        if first.agency_id != ride.agency_id:
            return
        leg = SoldLeg(first.feed, first.agency_id, first.from_stops, ride.to_stops, first.on)
        if set(first.from_stops) & {*ride.from_stops, *ride.to_stops}:
            return
        quote = self.book.quotes.find(leg)
        if quote:
            yield self._quoted_step((ride.feed, ride.agency_id), quote, leg)._replace(renews=False, replaces=True)
        else:
            yield Step(self._chain(leg, None), self.nothing, renews=False, replaces=True)

    def _quoted_step(self, carrier: tuple[str, str], quote: Quote, leg: SoldLeg) -> Step:
        fare, tax = quote.fare_of(self.party), quote.tax_of(self.party)
        line = Ticket((), Money(fare, quote.currency), Money(tax, quote.currency), quote.quoted_on)
        fee = self.fees.number(carrier, quote.fee_minor, quote.currency)
        return Step(self._chain(leg, (self._amount(fare + tax, quote.currency), fee)), self.nothing, line=line)

    def _chain(self, leg: SoldLeg, price: tuple[Amounts, int] | None) -> int:
        """The state of having set out from the leg's start with its carrier. price: to its end, None where unknown."""
        first = SoldLeg(leg.feed, leg.agency_id, leg.from_stops, (), leg.on)
        key = "quote", leg.feed, first
        if price is None:
            return self._number(State(key, self.nothing, self._floor(leg), PENDING, NO_FEE, is_timed=False))
        return self._number(State(key, price[0], self._floor(leg), 0, price[1], is_timed=False))

    def _floor(self, leg: SoldLeg) -> Amounts:
        """The least that any ticket quoted from where a leg starts comes to; nothing where currencies differ."""
        quotes = self.book.quotes.from_start(leg)
        if len({quote.currency for quote in quotes}) != 1:
            return self.nothing
        least = min(quote.fare_of(self.party) + quote.tax_of(self.party) for quote in quotes)
        return self._amount(least, quotes[0].currency)

    def _zoned_step(self, feed: str, way: Way) -> Step:
        price = self._amount(way.minor or 0, way.currency)
        if way.on is None:
            return Step(0, price, above=way.above, limit=way.limit, line=way.line)
        floor = self._amount(way.floor, way.currency)
        state = State(("zone", feed, way.on), price, floor, way.unknown, NO_FEE, way.is_timed)
        return Step(self._number(state), self.nothing, above=way.above, limit=way.limit, line=way.line)

    def _legged_step(self, feed: str, way: LegWay, settled: Amounts) -> Step:
        """settled: what was open before and stays bought."""
        price = self._sum(way.added)
        line = _together(way.added)
        hours = {"limit": way.limit, "kind": way.limit_kind, "renews": not way.keeps_time}
        if way.on is None:
            add = tuple(map(int.__add__, settled, price))
            return Step(0, add, line=line, replaces=way.drops, **hours)  # type: ignore[arg-type]
        is_open = way.on.replaceable is not None
        state = State(("leg", feed, way.on), price if is_open else self.nothing, self.nothing, 0, NO_FEE, way.is_timed)
        add = settled if is_open else tuple(map(int.__add__, settled, price))
        return Step(self._number(state), add, line=line, replaces=way.drops, **hours)  # type: ignore[arg-type]

    def _sold(self, ride: Ridden) -> SoldLeg:
        return SoldLeg(ride.feed, ride.agency_id, ride.from_stops, ride.to_stops, self._day(ride))

    def _day(self, ride: Ridden) -> date:
        """The local day of departure, or one on which the same quotes are valid: days alike cost alike."""
        local = datetime.fromtimestamp(ride.depart * 60, UTC).astimezone(ZoneInfo(ride.from_zone))
        return self.book.quotes.day_like(local.date())

    def _number(self, state: State) -> int:
        number = self._state_numbers.setdefault(state, len(self.states))
        if number == len(self.states):
            self.states.append(state)
        return number

    def _amount(self, minor: int, currency: str) -> Amounts:
        return tuple(minor if one == currency else 0 for one in self.currencies)

    def _sum(self, sold: tuple[Sold, ...]) -> Amounts:
        total = self.nothing
        for one in sold:
            total = tuple(map(int.__add__, total, self._amount(one.minor, one.currency)))
        return total


def _currencies(book: FareBook) -> tuple[str, ...]:
    found = {quote.currency for quote in book.quotes.quotes}
    for tables in book.tables.values():
        found |= {fare.currency for fare in tables.fares} | {product.currency for product in tables.products}
    return tuple(sorted(found)) or ("USD",)


def _together(sold: tuple[Sold, ...]) -> Ticket:
    """One line for what is bought at once; a product in another currency than the first stands by its name."""
    first = sold[0].line
    same = [one for one in sold if one.currency == sold[0].currency]
    total = sum(one.minor for one in same)
    return Ticket((), Money(total, sold[0].currency), first.tax, None, first.name, first.on)
