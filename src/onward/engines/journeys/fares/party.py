"""Who pays: a party by the ages carriers price by."""

from dataclasses import dataclass
from enum import StrEnum


class Band(StrEnum):
    """Ages as carriers price them: 12 and over, 2 to 11, under 2 on a lap."""

    ADULT = "adult"
    CHILD = "child"
    INFANT = "infant"


AGES = {Band.ADULT: (12, 120), Band.CHILD: (2, 11), Band.INFANT: (0, 1)}
"""The years of a band, both included."""


@dataclass(frozen=True, slots=True)
class Party:
    """How many of each band travel together. Negative counts are nobody's."""

    adults: int = 1
    children: int = 0
    infants: int = 0

    def __post_init__(self) -> None:
        if min(self.adults, self.children, self.infants) < 0:
            raise ValueError("a party has no fewer than nobody")

    @property
    def seats(self) -> int:
        """Those who take a seat; an infant travels on a lap."""
        return self.adults + self.children

    @property
    def counts(self) -> dict[Band, int]:
        """How many of each band, those of whom there are any."""
        counts = {Band.ADULT: self.adults, Band.CHILD: self.children, Band.INFANT: self.infants}
        return {band: count for band, count in counts.items() if count}
