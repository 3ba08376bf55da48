"""data/places.csv: the directory of places a wish may name holds together."""

import csv
import re
from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tools.demo_world import DATA

BOXES = {"US": (18.9, 71.5, -179.2, -66.9), "CA": (41.6, 83.2, -141.1, -52.6), "MX": (14.5, 32.8, -118.5, -86.7)}
"""Country: south, north, west, east in degrees, each a little outside its outermost land."""
WINTER = datetime(2026, 1, 15, 12, tzinfo=UTC)
SHARED_NAMES = {"Niagara Falls", "Nogales", "Portland", "Sault Ste. Marie"}
KEYS_OF_THE_STORY = (
    "new-york denver el-paso san-antonio montreal toronto chicago minneapolis plattsburgh atlanta champlain lacolle "
    "saint-bernard-de-lacolle niagara-falls-on niagara-falls-ny saint-jean-sur-richelieu cornwall buffalo laredo "
    "brownsville eagle-pass del-rio mcallen nogales-az nogales-son yuma tijuana ciudad-juarez"
)


def _places() -> list[dict[str, str]]:
    with (DATA / "places.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_place_has_its_own_key_and_a_name_in_four_languages():
    places = _places()
    assert len({place["key"] for place in places}) == len(places) >= 120
    for place in places:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", place["key"]), place
        assert all(place[column].strip() for column in ("name", "name_es", "name_fr", "name_ar")), place
        assert re.search(r"[\u0621-\u064a]", place["name_ar"]), place
        assert place["kind"] in ("city", "town"), place
        assert place["is_border_town"] in ("yes", "no"), place


def test_places_stand_in_key_order_so_that_a_change_reads_as_one_line():
    keys = [place["key"] for place in _places()]
    assert keys == sorted(keys)


def test_every_place_lies_in_its_country_and_names_a_region_of_it():
    for place in _places():
        south, north, west, east = BOXES[place["country"]]
        assert south <= float(place["lat"]) <= north, place
        assert west <= float(place["lon"]) <= east, place
        assert re.fullmatch(place["country"] + r"-[A-Z]{2,3}", place["region"]), place
        assert re.fullmatch(r"-?\d+\.\d\d", place["lat"]) and re.fullmatch(r"-?\d+\.\d\d", place["lon"]), place


def test_every_zone_is_one_the_time_zone_database_knows():
    for place in _places():
        assert ZoneInfo(place["zone"]).key == place["zone"]


def test_a_zone_is_no_further_from_the_sun_than_law_has_put_it():
    for place in _places():
        offset = WINTER.astimezone(ZoneInfo(place["zone"])).utcoffset()
        assert offset is not None
        assert abs(offset.total_seconds() / 3600 - float(place["lon"]) / 15) < 1.5, place


def test_a_name_written_for_two_places_is_one_of_the_known_ambiguous_ones():
    owners = Counter()
    for place in _places():
        columns = (place["name"], place["name_es"], place["name_fr"], *place["other_names"].split(";"))
        owners.update({name.casefold() for name in columns if name})
    shared = {name for name, times in owners.items() if times > 1}
    assert shared == {name.casefold() for name in SHARED_NAMES}


def test_the_places_of_the_story_are_there():
    assert set(KEYS_OF_THE_STORY.split()) <= {place["key"] for place in _places()}


def test_the_border_towns_of_the_story_are_marked_and_the_destinations_beyond_are_not():
    border = {place["key"]: place["is_border_town"] for place in _places()}
    assert {border[key] for key in ("plattsburgh", "champlain", "lacolle", "niagara-falls-on", "eagle-pass")} == {"yes"}
    assert {border[key] for key in ("montreal", "toronto", "new-york", "denver", "san-antonio")} == {"no"}
