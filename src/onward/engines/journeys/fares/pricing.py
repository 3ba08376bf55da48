"""The price of rides chosen already: of all ways to buy tickets for them the one to take."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from onward.engines.journeys.fares.fees import NONE_TAKEN
from onward.engines.journeys.fares.priced import Bought, Price, add_up
from onward.engines.journeys.fares.steps import NO_TICKET, PENDING, Amounts, Ridden, Step, plus
from onward.engines.journeys.fares.tariff import Tariff


def price(tariff: Tariff, rides: Sequence[Ridden]) -> Price:
    """What a row of rides costs the party of a tariff, the tickets chosen well; nothing is known of no rides.

    As few rides of unknown fare as can be, then in as few currencies, then for the least. Takes every way to buy
    tickets: for the few rides of a journey, not for a search.
    """
    return price_of(tariff, [Sold(tariff.class_of(ride), (ride.depart, ride.arrive)) for ride in rides])


class Sold(NamedTuple):
    """A ride by what its price depends on. ride_class: of Tariff; times: minutes it leaves and arrives."""

    ride_class: int
    times: tuple[int, int]


def price_of(tariff: Tariff, rides: Sequence[Sold]) -> Price:
    """As `price`, of rides whose classes are known."""
    ways = (_closed(tariff, way) for way in _ways(tariff, rides, _Way((), tariff.nothing, 0, NONE_TAKEN)))
    best = min((way for way in ways if way.unknown < PENDING), key=lambda way: _rank(tariff, way))
    return add_up(best.bought, tariff.fees.total(best.fees), tariff.currencies)


class _Way(NamedTuple):
    """Tickets bought for the first rides. settled, unknown, fees, state, since: as in labels.Label."""

    bought: tuple[Bought, ...]
    settled: Amounts
    unknown: int
    fees: int
    state: int = NO_TICKET
    since: tuple[int, int] = (0, 0)


def _ways(tariff: Tariff, rides: Sequence[Sold], before: _Way) -> Iterator[_Way]:
    if len(before.bought) == len(rides):
        yield before
        return
    ride_class, times = rides[len(before.bought)]
    closed = _closed(tariff, before)
    for step in tariff.start(ride_class) if closed.unknown < PENDING else ():
        yield from _ways(tariff, rides, _after(tariff, closed, Bought(step, is_new=True), times))
    for step in tariff.go_on(before.state, ride_class) if before.state != NO_TICKET else ():
        if step.fits(before.since, *times):
            yield from _ways(tariff, rides, _after(tariff, before, Bought(step, is_new=False), times))


def _after(tariff: Tariff, before: _Way, bought: Bought, times: tuple[int, int]) -> _Way:
    step: Step = bought.step
    return _Way(
        (*before.bought, bought),
        plus(before.settled, step.add),
        before.unknown + step.unknown,
        tariff.fees.after(before.fees, step.fee),
        step.state,
        times if bought.is_new or step.renews else before.since,
    )


def _closed(tariff: Tariff, way: _Way) -> _Way:
    state = tariff.states[way.state]
    return way._replace(
        settled=plus(way.settled, state.open),
        unknown=way.unknown + state.unknown,
        fees=tariff.fees.after(way.fees, state.fee),
        state=NO_TICKET,
    )


def _rank(tariff: Tariff, way: _Way) -> tuple[int, int, Amounts]:
    total = plus(way.settled, tariff.fees.total(way.fees))
    return way.unknown, sum(amount > 0 for amount in total), total
