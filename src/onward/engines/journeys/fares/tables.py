"""The fares of one feed as they are kept in it: the rows of its fare tables that can be used, and nothing derived.

Amounts are minor units of their currency. Ids stay the feed's own; "" stands for an empty cell.
"""

from dataclasses import astuple, dataclass, fields
from typing import Any

UNLIMITED = -1
"""Transfers without end."""


@dataclass(frozen=True, slots=True)
class Fare:
    """A row of fare_attributes.txt. transfers: how many, or UNLIMITED. duration_s: 0 where it does not end."""

    fare_id: str
    minor: int
    currency: str
    transfers: int
    duration_s: int
    agency_id: str
    pay_aboard: bool


@dataclass(frozen=True, slots=True)
class FareRule:
    """A row of fare_rules.txt; "" for whatever it leaves open."""

    fare_id: str
    route_id: str
    origin: str
    destination: str
    contains: str


@dataclass(frozen=True, slots=True)
class Member:
    """A stop in a zone or an area, or a route in a network."""

    id: str
    of: str


@dataclass(frozen=True, slots=True)
class Timeframe:
    """A row of timeframes.txt: seconds of the local day from start_s up to end_s, on the days of a service (bits)."""

    group: str
    start_s: int
    end_s: int
    days: str


@dataclass(frozen=True, slots=True)
class Rider:
    """A row of rider_categories.txt. Ages in years, both included, None where the feed gives none."""

    rider_id: str
    name: str
    min_age: int | None
    max_age: int | None
    is_default: bool


@dataclass(frozen=True, slots=True)
class Medium:
    """A row of fare_media.txt. kind: 0 none, 1 paper, 2 transit card, 3 bank card, 4 application."""

    media_id: str
    name: str
    kind: int


@dataclass(frozen=True, slots=True)
class Product:
    """A row of fare_products.txt."""

    product_id: str
    name: str
    minor: int
    currency: str
    rider_id: str
    media_id: str


@dataclass(frozen=True, slots=True)
class LegRule:
    """A row of fare_leg_rules.txt. priority: None where the feed has no such column."""

    group: str
    network: str
    from_area: str
    to_area: str
    from_timeframe: str
    to_timeframe: str
    product_id: str
    priority: int | None


@dataclass(frozen=True, slots=True)
class TransferRule:
    """A row of fare_transfer_rules.txt. count: UNLIMITED or how many; 0 where it does not count.

    limit_s: 0 for none; limit_kind: GTFS duration_limit_type. kind: GTFS fare_transfer_type.
    """

    from_group: str
    to_group: str
    count: int
    limit_s: int
    limit_kind: int
    kind: int
    product_id: str


@dataclass(frozen=True, slots=True)
class FareTables:
    """All of a feed's fares. Where leg_rules are there the feed speaks Fares v2, and fares and fare_rules are empty."""

    fares: tuple[Fare, ...] = ()
    fare_rules: tuple[FareRule, ...] = ()
    zones: tuple[Member, ...] = ()
    areas: tuple[Member, ...] = ()
    networks: tuple[Member, ...] = ()
    timeframes: tuple[Timeframe, ...] = ()
    riders: tuple[Rider, ...] = ()
    media: tuple[Medium, ...] = ()
    products: tuple[Product, ...] = ()
    leg_rules: tuple[LegRule, ...] = ()
    transfer_rules: tuple[TransferRule, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the feed says nothing of fares."""
        return not (self.fares or self.leg_rules)


_ROWS: dict[str, type] = {
    "fares": Fare,
    "fare_rules": FareRule,
    "zones": Member,
    "areas": Member,
    "networks": Member,
    "timeframes": Timeframe,
    "riders": Rider,
    "media": Medium,
    "products": Product,
    "leg_rules": LegRule,
    "transfer_rules": TransferRule,
}
FORM = "; ".join(f"{name} {' '.join(field.name for field in fields(row))}" for name, row in _ROWS.items())
"""Names every column: a file of another form is not read wrongly."""


def to_values(tables: FareTables) -> dict[str, list[tuple[object, ...]]]:
    """The tables as values JSON can hold."""
    return {name: [astuple(row) for row in getattr(tables, name)] for name in _ROWS if getattr(tables, name)}


def from_values(values: dict[str, list[list[Any]]]) -> FareTables:
    """The tables that `to_values` wrote."""
    return FareTables(**{name: tuple(_ROWS[name](*row) for row in rows) for name, rows in values.items()})
