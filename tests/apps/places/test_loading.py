"""The list of places, loaded; reads over it; the desks that receive."""

from datetime import timedelta
from pathlib import Path

import pytest

from onward.apps.places.loading import COLUMNS, Loaded, find_places_file, load_places, read_places, save_receiving_place
from onward.apps.places.models import CapacityStatement, Place, ReceivingPlace
from onward.apps.places.queries import (
    find_capacity,
    find_one_place,
    find_places,
    find_receiving,
    get_place,
    list_places,
    list_receiving,
)
from onward.core.errors import BadInput, NotFound
from tests.conftest import NOW

ROW = "montreal,Montréal,Montreal,Montréal,مونتريال,CA,CA-QC,45.50,-73.57,America/Toronto,city,no,Mtl;Monreal"


def written(folder: Path, *rows: str) -> Path:
    path = folder / "places.csv"
    path.write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    return path


def test_loading_twice_changes_nothing(db: None) -> None:
    first = load_places(find_places_file())
    assert first.added == len(read_places(find_places_file())) > 150
    assert load_places(find_places_file()) == Loaded(0, 0, first.added)


def test_a_corrected_row_is_taken_over_and_no_place_is_removed(db: None, tmp_path: Path) -> None:
    load_places(written(tmp_path, ROW, ROW.replace("montreal,Montréal", "laval,Laval")))
    assert load_places(written(tmp_path, ROW.replace("45.50", "45.51"))) == Loaded(0, 1, 0)
    assert get_place("montreal").lat == 45.51
    assert {place.key for place in list_places()} == {"laval", "montreal"}


@pytest.mark.parametrize(
    ("cell", "column"),
    [
        (("45.50", "north"), "lat"),
        (("45.50", "nan"), "lat"),
        (("-73.57", "-273.57"), "lon"),
        (("America/Toronto", "America/Montrael"), "zone"),
        ((",no,", ",perhaps,"), "is_border_town"),
        (("CA-QC", "US-QC"), "region"),
        (("montreal,", "mont réal,"), "key"),
    ],
)
def test_a_cell_that_cannot_be_used_is_named_by_line_and_column(
    db: None, tmp_path: Path, cell: tuple[str, str], column: str
) -> None:
    with pytest.raises(BadInput) as problem:
        load_places(written(tmp_path, ROW.replace("montreal,", "laval,", 1), ROW.replace(*cell)))
    assert problem.value.field == column
    assert problem.value.values["line"] == 3
    assert not Place.objects.exists()


def test_a_place_listed_twice_is_refused(db: None, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="“montreal”, which cannot be used"):
        load_places(written(tmp_path, ROW, ROW))


def test_a_file_without_the_columns_or_that_is_no_text_is_refused(db: None, tmp_path: Path) -> None:
    path = tmp_path / "places.csv"
    path.write_text("name,lat\nDenver,1\n")
    with pytest.raises(BadInput) as problem:
        load_places(path)
    assert problem.value.field == "key"
    path.write_bytes(b"\xff\xfe\x00PK")
    with pytest.raises(BadInput, match="cannot be read"):
        load_places(path)
    with pytest.raises(BadInput, match="cannot be read"):
        load_places(tmp_path / "absent.csv")


def test_places_are_found_by_name_and_no_more_than_asked_for(db: None) -> None:
    load_places(find_places_file())
    assert find_places("Nueva York")[0].key == "new-york"
    assert len(find_places("a", limit=3)) <= 3
    assert find_places("somewhere warm") == []
    assert {place.key for place in find_places("Niagara Falls")[:2]} == {"niagara-falls-ny", "niagara-falls-on"}


def test_one_place_is_named_only_when_no_other_is_meant_as_well(db: None) -> None:
    load_places(find_places_file())
    denver = find_one_place("Denver Colorado")
    assert denver is not None
    assert denver.key == "denver"
    assert find_one_place("Portland") is None
    assert find_one_place("somewhere warm") is None


def test_an_unknown_key_is_not_found(db: None) -> None:
    with pytest.raises(NotFound):
        get_place("atlantis")


def test_the_newest_capacity_statement_counts_and_tells_its_age(db: None) -> None:
    load_places(find_places_file())
    montreal = get_place("montreal")
    assert find_receiving(montreal) is None
    desk = save_receiving_place(ReceivingPlace(place=montreal, name="Welcome desk", hours={"1": ["08:00", "20:00"]}))
    assert find_receiving(montreal) == desk
    assert list_receiving() == [desk]
    assert find_capacity(montreal, now=NOW) is None
    for days, code in ((9, "can"), (2, "ask_us")):
        CapacityStatement.objects.create(place=desk, code=code, said_at=NOW - timedelta(days=days), said_by="desk")
    newest = find_capacity(montreal, now=NOW)
    assert newest is not None
    assert (newest.code, newest.age) == ("ask_us", timedelta(days=2))


def test_a_receiving_desk_needs_hours_that_can_be_read_and_a_place_that_is_listed(db: None) -> None:
    load_places(find_places_file())
    with pytest.raises(BadInput):
        save_receiving_place(ReceivingPlace(place_id="montreal", name="Desk", hours={"8": ["08:00", "20:00"]}))
    with pytest.raises(NotFound):
        save_receiving_place(ReceivingPlace(place_id="atlantis", name="Desk"))
    assert list_receiving() == []
