"""onward init and onward check: repeatable, and told when something is wrong."""

import sqlite3

from tests.site.house import House


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


def test_no_other_account_of_the_machine_reads_the_database(house: House) -> None:
    files = list(house.home.glob("onward.sqlite3*"))
    assert files and all(path.stat().st_mode & 0o077 == 0 for path in files)
    assert house.home.stat().st_mode & 0o077 == 0


def test_a_database_from_before_is_closed_to_other_accounts(house: House) -> None:
    (house.home / "onward.sqlite3").chmod(0o644)
    assert house.run("check").returncode == 0
    assert (house.home / "onward.sqlite3").stat().st_mode & 0o077 == 0
