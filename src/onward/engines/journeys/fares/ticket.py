"""What is bought for a journey: a ticket for one or several of its rides, and what it costs the party."""

from dataclasses import dataclass
from datetime import date

from onward.core.money import Money


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket for the whole party. rides: which of the journey's rides it covers, counted from 0.

    fare, tax: None where nobody says; the fee stands once a carrier (`Journey.fee`). quoted_on: the day a carrier said
    so, None where its feed does. name: what it is called there, "" for a quote. on: sold on what, "" for paper or cash.
    """

    rides: tuple[int, ...]
    fare: Money | None
    tax: Money | None = None
    quoted_on: date | None = None
    name: str = ""
    on: str = ""

    @property
    def is_known(self) -> bool:
        """Whether what it costs is known."""
        return self.fare is not None
