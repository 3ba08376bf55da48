"""Writes of places: the list a wish may name, read from places.csv, and the desks that receive."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import available_timezones

from django.db import transaction

from onward.apps.places.models import Place, ReceivingPlace
from onward.apps.places.rules import parse_hours
from onward.core.data_files import find_data_file
from onward.core.errors import BadInput, NotFound, message

COLUMNS = (
    "key",
    "name",
    "name_es",
    "name_fr",
    "name_ar",
    "country",
    "region",
    "lat",
    "lon",
    "zone",
    "kind",
    "is_border_town",
    "other_names",
)
NAME_LANGUAGES = ("es", "fr", "ar")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did, in places."""

    added: int
    changed: int
    unchanged: int


def find_places_file() -> Path:
    """The list of places that comes with the product."""
    return find_data_file("places.csv")


def read_places(path: Path) -> list[Place]:
    """The places of a file with COLUMNS, not saved. Raises BadInput naming line and column of the first fault."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(
            "places.file_unreadable",
            message("The list of places, %(file)s, cannot be read."),
            remedy=message("Give a UTF-8 CSV file with the columns %(columns)s."),
            field="path",
            values={"file": path.name, "columns": ", ".join(COLUMNS)},
        ) from problem
    return list(_read(text))


def _read(text: str) -> Iterator[Place]:
    rows = csv.DictReader(io.StringIO(text), strict=True)
    missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
    if missing:
        raise _fault(1, missing[0], "")
    zones, seen = available_timezones(), set[str]()
    for row in rows:
        place = _place(row, rows.line_num, zones)
        if place.key in seen:
            raise _fault(rows.line_num, "key", place.key)
        seen.add(place.key)
        yield place


def _place(row: Mapping[str, str | None], line: int, zones: set[str]) -> Place:
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    for name, is_right in (
        ("key", cells["key"].replace("-", "").isalnum() and cells["key"].isascii()),
        ("name", bool(cells["name"])),
        ("country", len(cells["country"]) == 2),
        ("region", cells["region"].startswith(cells["country"] + "-")),
        ("zone", cells["zone"] in zones),
        ("is_border_town", cells["is_border_town"] in {"yes", "no"}),
    ):
        if not is_right:
            raise _fault(line, name, cells[name])
    return Place(
        key=cells["key"],
        name=cells["name"],
        names={one: cells[f"name_{one}"] for one in NAME_LANGUAGES if cells[f"name_{one}"]},
        other_names=[part.strip() for part in cells["other_names"].split(";") if part.strip()],
        country=cells["country"],
        region=cells["region"],
        lat=_degrees(cells["lat"], 90, line=line, column="lat"),
        lon=_degrees(cells["lon"], 180, line=line, column="lon"),
        zone=cells["zone"],
        is_border_town=cells["is_border_town"] == "yes",
    )


def _degrees(text: str, most: int, *, line: int, column: str) -> float:
    try:
        degrees = float(text)
    except ValueError as problem:
        raise _fault(line, column, text) from problem
    if not -most <= degrees <= most:
        raise _fault(line, column, text)
    return degrees


def _fault(line: int, column: str, what: str) -> BadInput:
    return BadInput(
        "places.cell_unreadable",
        message("Line %(line)s of the list of places: %(column)s is “%(what)s”, which cannot be used."),
        remedy=message("Correct that cell; nothing of the list was taken."),
        field=column,
        values={"line": line, "column": column, "what": what[:40]},
    )


@transaction.atomic
def load_places(path: Path) -> Loaded:
    """Bring the places of a file into the database; the same file again changes nothing, and no place is removed.

    Raises BadInput naming line and column; then nothing is taken.
    """
    given = read_places(path)
    kept = {place.key: place for place in Place.objects.all()}
    added = [place for place in given if place.key not in kept]
    changed = [place for place in given if place.key in kept and _facts(place) != _facts(kept[place.key])]
    Place.objects.bulk_create(added)
    if changed:
        Place.objects.bulk_update(changed, [name for name in _FACTS if name != "key"])
    return Loaded(len(added), len(changed), len(given) - len(added) - len(changed))


_FACTS = ("key", "name", "names", "other_names", "country", "region", "lat", "lon", "zone", "is_border_town")


def _facts(place: Place) -> tuple[object, ...]:
    return tuple(getattr(place, name) for name in _FACTS)


@transaction.atomic
def save_receiving_place(receiving: ReceivingPlace) -> ReceivingPlace:
    """Open or correct the desk that receives in a place. Raises BadInput for hours that cannot be read, NotFound for
    a place nobody listed."""
    parse_hours(receiving.hours)
    if not Place.objects.filter(pk=receiving.place_id).exists():
        raise NotFound("place.unknown", message("There is no such place in the list."), field="place")
    receiving.save()
    return receiving
