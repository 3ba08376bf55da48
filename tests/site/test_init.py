"""onward init and onward check: repeatable, and told when something is wrong."""

import sqlite3

import pytest

from tests.site.house import House

pytestmark = pytest.mark.xdist_group("house")


def test_init_again_changes_nothing(house: House) -> None:
    before = (house.home / "keys" / "ring.json").read_bytes()
    done = house.run("init")
    assert done.returncode == 0 and "Key ring made" not in done.stdout
    assert (house.home / "keys" / "ring.json").read_bytes() == before
    assert (house.home / "static" / "staticfiles.json").exists()


def test_check_finds_a_missing_guard(house: House) -> None:
    assert house.run("check").stdout.startswith("Guards stand, chains are whole, books balance.")
    with sqlite3.connect(house.home / "onward.sqlite3") as database:
        database.execute("DROP TRIGGER guard_record_entry_update")
    told = house.run("check")
    assert told.returncode == 1 and "guard_record_entry_update" in told.stderr
    assert house.run("init").returncode == 0
    assert house.run("check").returncode == 0
