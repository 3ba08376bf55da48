"""The country each stop lies in: that of the nearest place known, unless somebody named the stop itself.

GTFS does not say. Places are handed in (the product's list of towns); beside them border_places.csv holds places on
both sides of the lines, where a list of towns is too coarse. A stop with nothing known near it, or with places of two
countries about as near, has no known country, "": a search within some countries leaves it out.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from onward.core.errors import BadInput, message
from onward.engines.journeys.near import METRES_A_DEGREE

if TYPE_CHECKING:
    from onward.engines.journeys.gtfs.stops import StopRow
    from onward.engines.journeys.journey import Journey

FAR_KM = 500.0
"""A stop further than this from every known place has no known country."""
ALIKE = 1.02
"""Where another country's place is no further than this times the nearest one, nobody can tell which it is."""
CERTAIN_KM = 2.0
"""A place this near settles it, whatever else is near: it is the town itself."""

AT_ONCE = 2_000
"""Stops looked up at a time, so that a feed of a hundred thousand takes no more memory than one of a few."""

OWN_FILE = "countries.csv"
"""The operator's own, in Onward's home: like border_places.csv, with a column "stop" for single stops (FEED:ID)."""


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """Somewhere whose country is known. lat, lon: degrees. country: ISO 3166-1 alpha-2."""

    lat: float
    lon: float
    country: str


@dataclass(frozen=True, slots=True)
class Countries:
    """What is known of where countries are. by_stop: stops somebody named, by "FEED:ID"; they come before places."""

    places: tuple[KnownPlace, ...] = ()
    by_stop: Mapping[str, str] = field(default_factory=dict)

    def of_stops(self, feed: str, stops: "Sequence[StopRow]") -> list[str]:
        """The country of each stop of a feed, "" where unknown; what is named for a station holds for its stops."""
        named = [
            self.by_stop.get(f"{feed}:{one.stop_id}") or self.by_stop.get(f"{feed}:{one.parent_id}") for one in stops
        ]
        placed = [
            (at, one.lat, one.lon)
            for at, one in enumerate(stops)
            if not named[at] and one.lat is not None and one.lon is not None
        ]
        found = [country or "" for country in named]
        for begin in range(0, len(placed), AT_ONCE):
            part = placed[begin : begin + AT_ONCE]
            for (at, _, _), country in zip(part, self._nearest([one[1:] for one in part]), strict=True):
                found[at] = country
        return found

    def at(self, lat: float, lon: float) -> str:
        """The country at a place on the map; "" where it is not known."""
        return self._nearest([(lat, lon)])[0]

    def _nearest(self, asked: Sequence[tuple[float, float]]) -> list[str]:
        """The country of each (lat, lon): of the nearest place, unless another country's is as good as near."""
        if not self.places:
            return [""] * len(asked)
        codes = sorted({place.country for place in self.places})
        # One column a country: kilometres to the nearest place in it.
        away = np.stack([_nearest_km(asked, [one for one in self.places if one.country == code]) for code in codes], 1)
        ranked = np.sort(away, axis=1)
        first = ranked[:, 0]
        is_known = first <= FAR_KM
        if len(codes) > 1:
            is_known &= (first <= CERTAIN_KM) | (ranked[:, 1] > first * ALIKE)
        return [codes[best] if known else "" for best, known in zip(away.argmin(axis=1), is_known, strict=True)]

    def with_more(self, other: "Countries") -> "Countries":
        """Both together; where both name a stop the other's country counts."""
        return Countries((*self.places, *other.places), {**self.by_stop, **other.by_stop})

    def digest(self) -> str:
        """A name that differs where anything in it differs, for what is computed from it and kept."""
        told = repr((self.places, sorted(self.by_stop.items())))
        return sha256(told.encode()).hexdigest()


def touched(journey: "Journey") -> tuple[str, ...]:
    """The countries a journey touches in order, stops passed through included, each change of country once.

    Stops whose country is not known are passed over.
    """
    met: list[str] = []
    for leg in journey.legs:
        for stop in (leg.from_stop, *leg.passed, leg.to_stop):
            if stop.country and met[-1:] != [stop.country]:
                met.append(stop.country)
    return tuple(met)


@lru_cache(maxsize=1)
def border_places() -> Countries:
    """The places on both sides of the lines that come with the product."""
    file = resources.files("onward.engines.journeys") / "border_places.csv"
    return countries_from(file.read_text(encoding="utf-8"), "border_places.csv")


def read_countries(path: Path) -> Countries:
    """What a CSV file says; raises BadInput with its name, line and column where it cannot be used."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise _unreadable([(0, "", "it cannot be opened or is not UTF-8")], path.name) from problem
    return countries_from(text, path.name)


def countries_from(text: str, name: str) -> Countries:
    """What a CSV text says. Columns: country, and lat and lon or stop ("FEED:ID"); others (name) are for people.

    Raises BadInput naming every line that cannot be used.
    """
    rows = csv.DictReader(io.StringIO(text))
    places: list[KnownPlace] = []
    by_stop: dict[str, str] = {}
    faults: list[tuple[int, str, str]] = []
    if "country" not in (rows.fieldnames or ()):
        raise _unreadable([(1, "country", "the column is missing")], name)
    for row in rows:
        country, stop = ((row.get(key) or "").strip() for key in ("country", "stop"))
        place = _place(row.get("lat"), row.get("lon"), country)
        if len(country) != 2 or not (country.isascii() and country.isalpha() and country.isupper()):
            faults.append((rows.line_num, "country", f"“{country[:20]}” is not two capital letters"))
        elif stop and ":" in stop:
            by_stop[stop] = country
        elif stop or place is None:
            faults.append((rows.line_num, "stop" if stop else "lat", "give lat and lon in degrees, or stop as FEED:ID"))
        else:
            places.append(place)
    if faults:
        raise _unreadable(faults, name)
    return Countries(tuple(places), by_stop)


def _place(lat_text: str | None, lon_text: str | None, country: str) -> KnownPlace | None:
    try:
        lat, lon = float(lat_text or ""), float(lon_text or "")
    except ValueError:
        return None
    return KnownPlace(lat, lon, country) if abs(lat) <= 90 and abs(lon) <= 180 else None


def _nearest_km(asked: Sequence[tuple[float, float]], places: Sequence[KnownPlace]) -> NDArray[np.float64]:
    """Kilometres from each (lat, lon) to the nearest of some places, on a map that is flat where they are near."""
    here = np.array(asked)[:, None, :]
    there = np.array([(place.lat, place.lon) for place in places])[None, :, :]
    east = (here[..., 1] - there[..., 1] + 180) % 360 - 180
    east *= np.cos(np.radians((here[..., 0] + there[..., 0]) / 2))
    nearest: NDArray[np.float64] = np.hypot(here[..., 0] - there[..., 0], east).min(axis=1)
    return nearest * (METRES_A_DEGREE / 1000)


def _unreadable(faults: Sequence[tuple[int, str, str]], name: str) -> BadInput:
    said = "; ".join(f"line {line}, {column}: {why}" if line else why for line, column, why in faults[:20])
    return BadInput(
        "countries.file_unreadable",
        message("The countries in %(file)s cannot be used: %(faults)s."),
        remedy=message("Correct the file; nothing of it was taken. Its columns are country, name, lat, lon, stop."),
        field="path",
        values={"file": name, "faults": said, "count": len(faults)},
    )


def known_places(rows: Iterable[tuple[float, float, str]]) -> Countries:
    """Countries from (lat, lon, country) of places kept elsewhere, with the places on both sides of the lines."""
    return border_places().with_more(Countries(tuple(KnownPlace(*row) for row in rows)))
