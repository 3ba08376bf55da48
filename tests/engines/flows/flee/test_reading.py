"""Flee's folders as they come: what is read, what is passed over with a note, what is refused with its line."""

from pathlib import Path

import numpy as np
import pytest

from onward.engines.flows.faults import ScenarioRefused
from onward.engines.flows.flee.as_known import list_known
from onward.engines.flows.flee.counts import at_day
from onward.engines.flows.flee.folder import FleeFolder, read_folder
from onward.engines.flows.flee.push import list_spells, people
from onward.engines.flows.kernel_shapes import Floats
from tests.engines.flows.flee.small_folder import FILES, SETTINGS, write_folder


def test_a_folder_is_read_as_flee_means_it(tmp_path: Path) -> None:
    flee = read_folder(write_folder(tmp_path))
    assert [place.kind for place in flee.places] == ["conflict", "conflict", "town", "camp", "camp"]
    assert (flee.start.isoformat(), flee.days, len(flee.routes)) == ("2012-03-01", 40, 5)
    assert flee.rules.max_move_speed == 400.0 and flee.rules.conflict_spawn_decay == (1.0, 1.0, 1.0, 0.5, 0.1)
    assert flee.rules.camp_movechance == 0.001
    assert list_spells(flee) == [("Alma", 0, 40, 1.0), ("Brook", 5, 40, 1.0)]
    assert flee.notes == ()


def test_every_fault_is_listed_at_once_with_file_and_line(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path,
        locations=FILES["input_csv/locations.csv"]
        .replace("town,,", "twon,,")
        .replace("conflict_zone,5,10000", "conflict_zone,5,many"),
        routes="#name1,name2,distance\nAlma,Nowhere,120\nAlma,Cross,-5\nBrook,Brook,3\n",
        closures="camp,Dale camp,,three,9\nbridge,Alma,Cross,1,2\n",
        sim_period="StartDate,1 March\nLength,40\n",
        dale="2012-03-01,100\n2012-13-01,200\n",
    )
    with pytest.raises(ScenarioRefused) as refused:
        read_folder(folder)
    where = {(fault.file, fault.line) for fault in refused.value.faults}
    assert where == {
        ("input_csv/locations.csv", 3),
        ("input_csv/locations.csv", 4),
        ("input_csv/routes.csv", 2),
        ("input_csv/routes.csv", 3),
        ("input_csv/routes.csv", 4),
        ("input_csv/closures.csv", 1),
        ("input_csv/closures.csv", 2),
        ("input_csv/sim_period.csv", 1),
        ("source_data/dale.csv", 2),
    }
    assert all(fault.remedy for fault in refused.value.faults)


def test_a_missing_table_and_conflicts_without_a_day_are_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, conflicts="#Day,Alma\n")
    (folder / "input_csv" / "routes.csv").unlink()
    with pytest.raises(ScenarioRefused) as refused:
        read_folder(folder)
    assert {fault.file for fault in refused.value.faults} == {"input_csv/routes.csv", "input_csv/conflicts.csv"}


def test_what_flee_passes_over_is_read_with_a_note(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path,
        closures="location,Faraway,Away,0,9\ncamp,Dale camp,,9,3\n",
        conflicts=FILES["input_csv/conflicts.csv"].replace("Cross,", "Kross,", 1),
        data_layout="total,refugees.csv\nDale camp,dale.csv\nFir camp,elm.csv\n",
    )
    flee = read_folder(folder)
    said = [str(note) for note in flee.notes]
    assert any("closures.csv, line 1" in note and "Faraway" in note for note in said)
    assert any("closures.csv, line 2" in note and "before it starts" in note for note in said)
    assert any("conflicts.csv, line 1" in note and "Kross" in note for note in said)
    assert any("Fir camp" in note and "inflow" in note for note in said)
    assert any("Elm camp" in note and "no counts" in note for note in said)
    assert [closure.until for closure in flee.closures] == [None]


def test_quotes_spaces_windows_lines_and_other_folder_names_are_read(tmp_path: Path) -> None:
    routes = FILES["input_csv/routes.csv"].replace("Alma,Cross", '"Alma", Cross').replace("\n", "\r\n")
    folder = write_folder(tmp_path, routes="\ufeff" + routes)
    (folder / "input_csv").rename(folder / "input_files")
    flee = read_folder(folder)
    assert (flee.routes[0].start, flee.routes[0].end, flee.routes[0].km) == ("Alma", "Cross", 120.0)


def test_two_files_of_one_camp_are_added_day_by_day(tmp_path: Path) -> None:
    elm = people(read_folder(write_folder(tmp_path)).counts["Elm camp"])
    assert elm == [(0, 0.0), (19, 760.0 + 190.0), (39, 1560.0 + 190.0)]
    assert at_day(elm, 39) == at_day(elm, 50) == 1750.0


def test_a_later_registration_scales_earlier_counts_and_keeps_what_was_said(tmp_path: Path) -> None:
    dale = read_folder(write_folder(tmp_path)).counts["Dale camp"]
    assert [(count.day, count.people, count.was, count.corrected_on) for count in dale] == [
        (-10, 0.0, 0.0, 20),
        (0, 50.0, 100.0, 20),
        (10, 1000.0, 2000.0, 20),
        (20, 1000.0, 1000.0, None),
        (39, 1900.0, 1900.0, None),
    ]


def list_coming(flee: FleeFolder) -> dict[str, Floats]:
    """People setting out by place and day, as known in the end: later rows over earlier ones."""
    coming = {}
    for name, rows in list_known(flee).items():
        coming[name] = np.zeros(flee.days)
        for first, last, count, _ in rows:
            coming[name][first : last + 1] = count / (last + 1 - first)
    return coming


def test_people_set_out_as_counts_grow_divided_by_people_and_conflict(tmp_path: Path) -> None:
    flee = read_folder(write_folder(tmp_path, elm="2012-03-01,500\n2012-03-02,400\n2012-04-09,400\n"))
    coming = list_coming(flee)
    assert set(coming) == {"Alma", "Brook"}
    assert coming["Alma"][0] == 0.0 and coming["Brook"][4] == 0.0
    assert coming["Brook"][10] == pytest.approx(coming["Alma"][10] / 2)
    fallen = 500 - 400 - (1000 - 50) / 10 - 190 / 19
    assert coming["Alma"][1] == max(0.0, -fallen) and coming["Alma"][2] == pytest.approx(95 + 10 + min(0.0, -fallen))


def test_a_day_without_a_conflict_takes_the_last_division_of_people(tmp_path: Path) -> None:
    ended = "#Day,Alma,Brook\n" + "".join(f"{day},{int(day < 10)},0\n" for day in range(40))
    coming = list_coming(read_folder(write_folder(tmp_path, conflicts=ended)))
    assert coming["Alma"][30] > 0


def test_settings_that_are_not_modelled_are_named_with_their_line(tmp_path: Path) -> None:
    more = SETTINGS + "  take_from_population: True\nmove_rules:\n  awareness_level: 3\n  match_camp_religion: true\n"
    notes = [str(note) for note in read_folder(write_folder(tmp_path, simsetting=more)).notes]
    assert len(notes) == 3
    assert any("take_from_population: True" in note for note in notes)
    assert any("simsetting.yml, line 14" in note and "awareness_level: 3" in note for note in notes)


def test_without_settings_flees_defaults_are_used_and_it_says_so(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "conflict")
    (folder / "simsetting.yml").rename(tmp_path / "simsetting.yml")
    assert read_folder(folder).rules.max_move_speed == 400.0
    (tmp_path / "simsetting.yml").unlink()
    flee = read_folder(folder)
    assert (flee.rules.max_move_speed, flee.rules.default_movechance) == (360.0, 0.3)
    assert "defaults" in str(flee.notes[0])


@pytest.mark.shared
@pytest.mark.parametrize("name", ["burundi2015", "car2013", "mali2012", "ssudan2013", "tigray2020"])
def test_the_conflicts_of_flees_validation_are_read_without_a_fault(shared: Path, name: str) -> None:
    flee = read_folder(shared / "flee" / name)
    assert all(place.kind != "camp" or place.name in flee.counts for place in flee.places)
    assert flee.rules.softening == 50.0
