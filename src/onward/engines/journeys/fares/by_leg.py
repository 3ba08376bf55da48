"""Fares by leg (GTFS Fares v2): the product a leg takes, and what a transfer between two legs costs.

Without rule_priority an empty cell of a leg rule stands for all that no rule names; with it, for anything, and of the
rules that match those of the highest priority hold. Each person pays the cheapest product their age may have; one sold
on paper, for cash or on a transit card comes before one that needs a bank card or an application, which a family on
the road may not have. An infant on a lap pays only where a product names its age. A limit of time counts from the first
leg of a row of transfers within one leg group, else from the leg before. A transfer never gives money back.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from onward.core.money import Money
from onward.engines.journeys.fares.party import AGES, Band, Party
from onward.engines.journeys.fares.steps import NO_LIMIT, Ridden
from onward.engines.journeys.fares.tables import UNLIMITED, FareTables, LegRule, Rider, Timeframe, TransferRule
from onward.engines.journeys.fares.ticket import Ticket
from onward.engines.journeys.gtfs.calendar import day_number

NEEDS_ACCOUNT = (3, 4)
"""Kinds of fare media a family may not have: bank card, application."""

Moment = tuple[int, int]
"""A local day (its number) and seconds after its midnight."""


@dataclass(frozen=True, slots=True)
class Sold:
    """A product at its price for the whole party."""

    minor: int
    currency: str
    name: str
    on: str

    @property
    def line(self) -> Ticket:
        """What is bought."""
        return Ticket((), Money(self.minor, self.currency), Money(0, self.currency), None, self.name, self.on)


@dataclass(frozen=True, slots=True)
class Legged:
    """The leg a transfer may start from. replaceable: its own price, where a transfer may cost something instead.

    transfers: how many there were in a row within its group, as far as rules count them.
    """

    group: str
    replaceable: tuple[int, str] | None
    transfers: int


@dataclass(frozen=True, slots=True)
class LegWay:
    """One way to make a ride. added: bought for it. dropped: the price before it that falls away.

    on: what a transfer may start from. keeps_time: limits go on counting from where they did.
    """

    added: tuple[Sold, ...]
    on: Legged | None
    is_timed: bool
    limit: int = NO_LIMIT
    limit_kind: int = 1
    drops: bool = False
    keeps_time: bool = False


class LegFares:
    """The fares of one feed for a party."""

    def __init__(self, tables: FareTables, party: Party) -> None:
        self.rules, self.transfers = tables.leg_rules, tables.transfer_rules
        self.networks = _by_member(tables, "networks")
        self.areas = _by_member(tables, "areas")
        self.frames: dict[str, list[Timeframe]] = {}
        for frame in tables.timeframes:
            self.frames.setdefault(frame.group, []).append(frame)
        self.all_frames = tables.timeframes
        self.days = {frame.days: int(frame.days, 16) for frame in tables.timeframes}
        self.prices = _prices(tables, party)
        self.by_priority = any(rule.priority is not None for rule in self.rules)
        self.starts = {rule.from_group for rule in self.transfers} - {""}
        self.ends = {rule.to_group for rule in self.transfers} - {""}
        self.named = {
            name: frozenset(getattr(rule, name) for rule in self.rules) - {""}
            for name in ("network", "from_area", "to_area")
        }

    def key(self, ride: Ridden) -> tuple[object, ...]:
        """All of a ride that its price depends on."""
        return tuple((rule.group, rule.product_id) for rule in self._matching(ride))

    def areas_of(self, stops: Sequence[str]) -> frozenset[str]:
        """The areas of the first of some stops that has any."""
        return _first(self.areas, stops)

    def start(self, ride: Ridden) -> list[LegWay]:
        """The ways to pay for a ride by itself; none where no rule matches it, or the party can buy no product."""
        return [
            LegWay((sold,), self._onward(group, (sold.minor, sold.currency), 0), self._is_timed(group))
            for group, sold in self._own(ride)
        ]

    def go_on(self, before: Legged, ride: Ridden) -> list[LegWay]:
        """The ways to pay for a ride as a transfer."""
        return [way for group, sold in self._own(ride) for way in self._changed(before, group, sold)]

    def _changed(self, before: Legged, group: str, own: Sold) -> Iterator[LegWay]:
        same = group == before.group
        count = before.transfers + 1 if same else 1
        for rule in self._between(before.group, group, count):
            price = self.prices.get(rule.product_id, ()) if rule.product_id else (Sold(0, own.currency, "", ""),)
            for paid in price:
                added = _transfer_price(rule, paid, own)
                on = self._onward(group, None, count if same else 0)
                limit = rule.limit_s // 60 if rule.limit_s else NO_LIMIT
                drops = rule.kind == 2 and before.replaceable is not None
                yield LegWay(added, on, self._is_timed(group), limit, rule.limit_kind, drops, same)

    def _own(self, ride: Ridden) -> list[tuple[str, Sold]]:
        """The cheapest product a leg may be made with, for each leg group and currency."""
        best: dict[tuple[str, str], Sold] = {}
        for rule in self._matching(ride):
            for sold in self.prices.get(rule.product_id, ()):
                key = rule.group, sold.currency
                if key not in best or sold.minor < best[key].minor:
                    best[key] = sold
        return [(group, sold) for (group, _), sold in sorted(best.items(), key=lambda item: item[0])]

    def _matching(self, ride: Ridden) -> list[LegRule]:
        at_start, at_end = _moment(ride.depart, ride.from_zone), _moment(ride.arrive, ride.to_zone)
        places = {
            "network": self.networks.get(ride.route_id, frozenset()),
            "from_area": self.areas_of(ride.from_stops),
            "to_area": self.areas_of(ride.to_stops),
        }
        matching = [
            rule
            for rule in self.rules
            if all(self._fits(name, getattr(rule, name), there) for name, there in places.items())
            and self._is_then(rule.from_timeframe, at_start)
            and self._is_then(rule.to_timeframe, at_end)
        ]
        highest = max((rule.priority or 0 for rule in matching), default=0)
        return [rule for rule in matching if (rule.priority or 0) == highest]

    def _fits(self, name: str, wanted: str, there: frozenset[str]) -> bool:
        if wanted:
            return wanted in there
        return self.by_priority or not there & self.named[name]

    def _is_then(self, group: str, moment: Moment) -> bool:
        day, second = moment
        return not group or any(
            frame.start_s <= second < frame.end_s and self.days[frame.days] >> day & 1
            for frame in self.frames.get(group, ())
        )

    def _between(self, start: str, end: str, count: int) -> list[TransferRule]:
        """The rules for a transfer between two leg groups, the count-th in a row."""
        if not start or not end:
            return []
        named = start if start in self.starts else "", end if end in self.ends else ""
        found = [rule for rule in self.transfers if (rule.from_group, rule.to_group) == named]
        if start != end:
            return found
        enough = [rule for rule in found if rule.count == UNLIMITED or rule.count >= count or not rule.count]
        counted = [rule.count for rule in enough if rule.count > 0]
        least = min(counted, default=UNLIMITED)
        return [rule for rule in enough if rule.count == least] if counted else enough

    def _onward(self, group: str, price: tuple[int, str] | None, transfers: int) -> Legged | None:
        rules = self._from(group)
        if not rules:
            return None
        replaceable = price if any(rule.kind == 2 for rule in rules) else None
        counts = any(rule.count > 0 for rule in rules)
        return Legged(group, replaceable, transfers if counts else 0)

    def _is_timed(self, group: str) -> bool:
        return any(rule.limit_s for rule in self._from(group))

    def _from(self, group: str) -> list[TransferRule]:
        named = group if group in self.starts else ""
        return [rule for rule in self.transfers if group and rule.from_group == named]


def _transfer_price(rule: TransferRule, paid: Sold, own: Sold) -> tuple[Sold, ...]:
    if rule.kind != 1:
        return (Sold(max(paid.minor, 0), paid.currency, paid.name, paid.on),)
    if paid.currency != own.currency:
        return (Sold(max(paid.minor, 0), paid.currency, paid.name, paid.on), own)
    return (Sold(max(paid.minor + own.minor, 0), own.currency, own.name, own.on),)


def _by_member(tables: FareTables, table: str) -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for member in getattr(tables, table):
        groups.setdefault(member.id, set()).add(member.of)
    return {member: frozenset(groups) for member, groups in groups.items()}


def _first(groups: Mapping[str, frozenset[str]], members: Sequence[str]) -> frozenset[str]:
    """The groups of the first member that has any: a stop's own, else its station's."""
    return next((groups[member] for member in members if member in groups), frozenset())


def _moment(minute: int, zone: str) -> Moment:
    local = datetime.fromtimestamp(minute * 60, UTC).astimezone(ZoneInfo(zone))
    return day_number(local.date()), local.hour * 3600 + local.minute * 60


def _prices(tables: FareTables, party: Party) -> dict[str, tuple[Sold, ...]]:
    """Each product's price for the party, one a currency; absent where somebody may not buy it."""
    riders = {rider.rider_id: rider for rider in tables.riders}
    media = {medium.media_id: medium for medium in tables.media}
    rows: dict[tuple[str, str], list[tuple[bool, int, str, str, str]]] = {}
    for product in tables.products:
        medium = media.get(product.media_id)
        rows.setdefault((product.product_id, product.currency), []).append(
            (
                medium is not None and medium.kind in NEEDS_ACCOUNT,
                product.minor,
                product.rider_id,
                product.name or product.product_id,
                medium.name if medium else "",
            )
        )
    prices: dict[str, list[Sold]] = {}
    for (product_id, currency), offers in rows.items():
        chosen = {band: _cheapest(offers, riders, band) for band in party.counts}
        if all(chosen.values()):
            total = sum(one[1] * party.counts[band] for band, one in chosen.items() if one)
            name = next((one for one in chosen.values() if one), (False, 0, "", product_id, ""))
            prices.setdefault(product_id, []).append(Sold(total, currency, name[3], name[4]))
    return {product_id: tuple(sold) for product_id, sold in prices.items()}


def _cheapest(
    offers: Sequence[tuple[bool, int, str, str, str]], riders: Mapping[str, Rider], band: Band
) -> tuple[bool, int, str, str, str] | None:
    fitting = [offer for offer in offers if _may_have(riders.get(offer[2]), band)]
    if band is Band.INFANT:
        own = [offer for offer in fitting if offer[2] and not riders[offer[2]].is_default]
        return min(own) if own else (False, 0, "", "", "")
    return min(fitting, default=None)


def _may_have(rider: Rider | None, band: Band) -> bool:
    """Whether everybody of a band is of a category; the default one is for all, one that gives no ages for nobody."""
    if rider is None or rider.is_default:
        return True
    if rider.min_age is None and rider.max_age is None:
        return False
    youngest, oldest = AGES[band]
    return (rider.min_age or 0) <= youngest and (rider.max_age is None or oldest <= rider.max_age)
