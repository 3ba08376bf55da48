"""Labels of the search that weighs fares, and when one makes another needless.

A label is a way to have arrived at a stop. It is worth keeping while some continuation of it might end a journey that
no other beats. A label makes another needless ("dominates" it) where it is as good or better in all things *and will
stay so whatever is ridden next*. That is the trap: a dearer label whose ticket is good for the next ride may be the
cheaper one later (r5r, issue 349: a search that compared fares alone lost the cheap journeys).

`dominates` is sound. Let one and other stand at one stop, and continue both with the same rides, as one can: it
arrives no later (arrive), and has no more vehicles.

1. *The same ticket state.* Every ride then offers both the same steps, but for hours; and one's segment began no
   sooner (since), so that a limit the other keeps one keeps too, with as many fares to choose from. What the segment
   costs at last depends on its state and the rides to come, so it is the same for both or less for one. Settled
   amounts are never changed again. So one's total is at most the other's plus (settled one - settled other) plus
   what fees may make of it (`Fees.more`).
2. *The other has no ticket that is of use.* It then buys its next ride anew; so may one, whatever ticket it has, after
   paying what its own segment comes to if it ends here (closed). One that cannot end here (PENDING) is not compared.
3. *Otherwise* they are kept both.

Waits at night add up: night(a, c) = night(a, b) + night(b, c). One, arriving sooner, waits the time between the two
arrivals longer for the same vehicle; those minutes of night are counted as if they had been waited already. Amounts of
different currencies are never compared or added: each must be no more by itself. Nor is a fare that is not known taken
for none: the number of such rides is a criterion of its own.
"""

from collections.abc import Callable
from typing import NamedTuple

from onward.engines.journeys.fares.steps import NO_TICKET, PENDING, Amounts, Step, plus
from onward.engines.journeys.fares.tariff import Tariff
from onward.engines.journeys.legs import Ride

Night = Callable[[int, int], int]
"""Minutes of hardship of waiting from one minute to another."""


class Label(NamedTuple):
    """Arrived somewhere, by a ride. settled, unknown, fees: of tickets that can no longer change (steps.py).

    state: the ticket in force; since: when its first ride left and arrived. night: minutes of hardship so far.
    began: the minute of setting out. step, is_new: how the ride was paid, by a new ticket or on the one before.
    """

    arrive: int
    vehicles: int
    settled: Amounts
    unknown: int
    fees: int
    state: int
    since: tuple[int, int]
    night: int
    began: int
    ride: Ride
    step: Step
    is_new: bool
    before: "Label | None"


class Cost(NamedTuple):
    """What a label comes to if nothing more is ridden. unknown: PENDING and more where that cannot be."""

    amounts: Amounts
    unknown: int
    fees: int


def closed(tariff: Tariff, label: Label) -> Cost:
    """What a label comes to with its ticket as it is; amounts without fees."""
    state = tariff.states[label.state]
    return Cost(
        plus(label.settled, state.open), label.unknown + state.unknown, tariff.fees.after(label.fees, state.fee)
    )


def total(tariff: Tariff, cost: Cost) -> Amounts:
    """The amounts of a cost, fees among them."""
    return plus(cost.amounts, tariff.fees.total(cost.fees))


def dominates(tariff: Tariff, one: Label, other: Label, *, night: Night) -> bool:
    """Whether one makes other needless, both at one stop (see above). night: the worst clock there."""
    if one.arrive > other.arrive or one.vehicles > other.vehicles or one.began < other.began:
        return False
    if one.night + night(one.arrive, other.arrive) > other.night:
        return False
    if one.state == other.state:
        as_it_is = Cost(one.settled, one.unknown, one.fees)
        return _lasts(tariff, one, other) and _costs_no_more(tariff, as_it_is, other)
    return other.state == NO_TICKET and _costs_no_more(tariff, closed(tariff, one), other)


def _lasts(tariff: Tariff, one: Label, other: Label) -> bool:
    """Whether one's ticket is good for as long as the other's of the same state, or longer."""
    timed = tariff.states[one.state].is_timed
    return not timed or (one.since[0] >= other.since[0] and one.since[1] >= other.since[1])


def _costs_no_more(tariff: Tariff, one: Cost, other: Label) -> bool:
    if one.unknown > other.unknown or one.unknown >= PENDING:
        return False
    more = tariff.fees.more(one.fees, other.fees)
    return all(a + b <= c for a, b, c in zip(one.amounts, more, other.settled, strict=True))
