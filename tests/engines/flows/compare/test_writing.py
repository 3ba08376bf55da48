"""Files are whole or not there; the same values are the same bytes."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import polars
import pytest

from onward.core.errors import BadInput
from onward.engines.flows.writing import as_json, write_table, write_text

TABLE = {"day": [date(2023, 3, 25), date(2023, 3, 26)], "people": np.array([273, 84])}


def test_a_table_is_read_back_as_it_was_with_what_is_said_about_it(tmp_path: Path) -> None:
    write_table(tmp_path / "a.parquet", TABLE, {"seed": "7"})
    read = polars.read_parquet(tmp_path / "a.parquet")
    assert read["people"].to_list() == [273, 84] and read["day"].to_list() == TABLE["day"]
    assert polars.read_parquet_metadata(tmp_path / "a.parquet")["seed"] == "7"


def test_the_same_table_is_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_table(tmp_path / name, TABLE, {"seed": "7"})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_write_that_breaks_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    write_text(tmp_path / "a.svg", "old")
    with pytest.raises(UnicodeEncodeError):
        write_text(tmp_path / "a.svg", "half of it \ud800")
    assert [path.name for path in tmp_path.iterdir()] == ["a.svg"]
    assert (tmp_path / "a.svg").read_text() == "old"


def test_a_folder_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be written"):
        write_text(tmp_path / "nowhere" / "a.svg", "x")


def test_json_has_no_number_that_is_none() -> None:
    values = {
        "a": np.array([1.5, np.nan]),
        "on": date(2023, 3, 25),
        "b": float("inf"),
        "c": np.int64(3),
        "d": (1, None),
    }
    assert json.loads(as_json(values)) == {"a": [1.5, None], "on": "2023-03-25", "b": None, "c": 3, "d": [1, None]}
