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

A label on whose way a ride's fare is not known (is_unknown) is made needless by any other that is as good in all but
price: however it goes on nobody can say what it comes to, and a price known is better than one that is not.

Waits at night add up: night(a, c) = night(a, b) + night(b, c). One, arriving sooner, waits the time between the two
arrivals longer for the same vehicle; those minutes of night are counted as if they had been waited already. Amounts of
different currencies are never compared or added: each must be no more by itself.
"""

from collections.abc import Callable
from typing import NamedTuple

from onward.engines.journeys.fares.steps import NO_TICKET, PENDING, Amounts, Step, plus
from onward.engines.journeys.fares.tariff import Tariff
from onward.engines.journeys.legs import Ride

Night = Callable[[int, int], int]
"""Minutes of hardship of waiting from one minute to another."""


class Label(NamedTuple):
    """Arrived somewhere, by a ride. settled, fees: of tickets that can no longer change (steps.py).

    is_unknown: whether some ride's fare is not known; then nothing is kept of tickets.

    state: the ticket in force; since: when its first ride left and arrived. night: minutes of hardship so far.
    began: the minute of setting out. step, is_new: how the ride was paid, by a new ticket or on the one before.
    """

    arrive: int
    vehicles: int
    settled: Amounts
    is_unknown: bool
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
    """What a label comes to if nothing more is ridden; amounts without fees."""

    amounts: Amounts
    fees: int


def may_end(tariff: Tariff, label: Label) -> bool:
    """Whether its ticket is one for where it is, and not only for a ride more."""
    return tariff.states[label.state].unknown < PENDING


def closed(tariff: Tariff, label: Label) -> Cost:
    """What a label comes to with its ticket as it is."""
    state = tariff.states[label.state]
    return Cost(plus(label.settled, state.open), tariff.fees.after(label.fees, state.fee))


def total(tariff: Tariff, cost: Cost) -> Amounts:
    """The amounts of a cost, fees among them."""
    return plus(cost.amounts, tariff.fees.total(cost.fees))


def dominates(tariff: Tariff, one: Label, other: Label, *, night: Night) -> bool:
    """Whether one makes other needless, both at one stop (see above). night: the worst clock there."""
    if one.arrive > other.arrive or one.vehicles > other.vehicles or one.began < other.began:
        return False
    if one.night + night(one.arrive, other.arrive) > other.night:
        return False
    if other.is_unknown:
        return one.is_unknown or may_end(tariff, one)
    if one.is_unknown:
        return False
    if one.state == other.state:
        return _lasts(tariff, one, other) and _costs_no_more(tariff, Cost(one.settled, one.fees), other)
    return other.state == NO_TICKET and may_end(tariff, one) and _costs_no_more(tariff, closed(tariff, one), other)


def _lasts(tariff: Tariff, one: Label, other: Label) -> bool:
    """Whether one's ticket is good for as long as the other's of the same state, or longer."""
    timed = tariff.states[one.state].is_timed
    return not timed or (one.since[0] >= other.since[0] and one.since[1] >= other.since[1])


def _costs_no_more(tariff: Tariff, one: Cost, other: Label) -> bool:
    more = tariff.fees.more(one.fees, other.fees)
    return all(a + b <= c for a, b, c in zip(one.amounts, more, other.settled, strict=True))
