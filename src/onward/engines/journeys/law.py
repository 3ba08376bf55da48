"""What a timetable must obey, handed in when it is made: where countries are, and what carriers may not carry."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from onward.engines.journeys.carriage import CarriageRule
from onward.engines.journeys.carriage_file import OWN_FILE as OWN_CARRIAGE
from onward.engines.journeys.carriage_file import read_carriage, shipped_carriage
from onward.engines.journeys.countries import OWN_FILE as OWN_COUNTRIES
from onward.engines.journeys.countries import Countries, border_places, read_countries


@dataclass(frozen=True, slots=True)
class Law:
    """Countries, and the rules of carriage in the order they were read."""

    countries: Countries = Countries()
    carriage: tuple[CarriageRule, ...] = ()

    def digest(self) -> str:
        """A name that differs where anything in it differs: part of the key of whatever is compiled under it."""
        return sha256(f"{self.countries.digest()} {self.carriage!r}".encode()).hexdigest()


NO_LAW = Law()
"""No country is known and every carrier may carry everywhere: for timetables made to be looked at."""


def read_law(home: Path, places: Countries) -> Law:
    """The product's own rules with those of the operator's files in `home`, where there are any.

    places: the towns whose country is known. Raises BadInput naming file, line and what is wrong.
    """
    countries = border_places().with_more(places)
    carriage = shipped_carriage()
    if (home / OWN_COUNTRIES).is_file():
        countries = countries.with_more(read_countries(home / OWN_COUNTRIES))
    if (home / OWN_CARRIAGE).is_file():
        carriage = (*carriage, *read_carriage(home / OWN_CARRIAGE))
    return Law(countries, carriage)
