"""The ring opens with its passphrase and nothing else, and its files are closed to others."""

import json
import logging
import os
import resource
import sqlite3
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from onward.core.errors import BadInput, Conflict, Unavailable
from onward.core.keys import RFC_9106_SECOND, Cost, KeyRing, KeyStore, SealBroken
from tests.core.keys.world import CHEAP, NOW, PASSPHRASE, bytes_on_disk, new_ring, refusal


def test_a_ring_opens_again_with_its_passphrase(tmp_path: Path) -> None:
    ring = new_ring(tmp_path)
    case = ring.new_key(now=NOW)
    sealed = ring.seal(case, "wish", "Montréal")
    ring.close()
    assert KeyRing.open(tmp_path / "keys", PASSPHRASE).unseal(case, "wish", sealed) == "Montréal"


def test_a_wrong_passphrase_is_told_by_its_field_and_never_repeated(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    new_ring(tmp_path)
    with refusal(BadInput, "ring.passphrase_wrong") as refused:
        KeyRing.open(tmp_path / "keys", "four pears on a sill")
    assert refused.value.field == "passphrase"
    assert "pears" not in str(refused.value) + repr(refused.value.values)
    assert not caplog.records


def test_a_passphrase_is_the_same_however_its_accents_are_typed(tmp_path: Path) -> None:
    composed = unicodedata.normalize("NFC", "crème brûlée à Québec")
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    KeyRing.create(tmp_path / "keys", decomposed, cost=CHEAP)
    assert KeyRing.open(tmp_path / "keys", composed)


def test_a_short_passphrase_makes_no_ring(tmp_path: Path) -> None:
    with refusal(BadInput, "ring.passphrase_short"):
        KeyRing.create(tmp_path / "keys", "fourteen chars", cost=CHEAP)
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("passphrase", [PASSPHRASE + "\n", PASSPHRASE + "\t", PASSPHRASE + "\udcff"])
def test_a_passphrase_with_a_line_break_or_half_a_character_is_told_so(tmp_path: Path, passphrase: str) -> None:
    new_ring(tmp_path)
    with refusal(BadInput, "ring.passphrase_unreadable"):
        KeyRing.open(tmp_path / "keys", passphrase)


def test_neither_passphrase_nor_text_nor_keys_are_on_the_disk(tmp_path: Path) -> None:
    ring = new_ring(tmp_path)
    ring.seal(ring.new_key(now=NOW), "wish", "Esperanza")
    kept = bytes_on_disk(tmp_path / "keys")
    assert PASSPHRASE.encode() not in kept
    assert b"Esperanza" not in kept
    assert ring.ring_id.encode() in kept
    assert repr(ring) == f"KeyRing({ring.ring_id!r})"


def test_folder_and_files_are_closed_to_others_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        ring = new_ring(tmp_path)
        ring.new_key(now=NOW)
        KeyRing.change_passphrase(tmp_path / "keys", PASSPHRASE, PASSPHRASE + "!", cost=CHEAP)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()}
    assert modes == dict.fromkeys(["ring.json", "keys.sqlite3", "keys.sqlite3-journal"], 0o600)


@pytest.mark.parametrize("name", ["", "ring.json", "keys.sqlite3"])
def test_a_ring_others_may_read_does_not_open(tmp_path: Path, name: str) -> None:
    new_ring(tmp_path)
    (tmp_path / "keys" / name).chmod(0o750)
    with refusal(Unavailable, "keys.exposed"):
        KeyRing.open(tmp_path / "keys", PASSPHRASE)


def test_a_folder_others_may_enter_takes_no_ring(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o755)
    with refusal(Unavailable, "keys.exposed"):
        new_ring(tmp_path)


def test_a_second_ring_is_not_made_over_the_first(tmp_path: Path) -> None:
    new_ring(tmp_path)
    with refusal(Conflict, "ring.exists"):
        new_ring(tmp_path)


def test_keys_whose_ring_file_was_lost_are_not_taken_over_by_a_new_ring(tmp_path: Path) -> None:
    new_ring(tmp_path).new_key(now=NOW)
    (tmp_path / "keys" / "ring.json").unlink()
    with refusal(Conflict, "key_store.exists"):
        new_ring(tmp_path)


@pytest.mark.parametrize("left", [b"", None])
def test_a_ring_whose_making_was_cut_off_can_simply_be_made_again(tmp_path: Path, left: bytes | None) -> None:
    new_ring(tmp_path)
    (tmp_path / "keys" / "ring.json").unlink()
    if left is not None:
        (tmp_path / "keys" / "keys.sqlite3").write_bytes(left)
    ring = new_ring(tmp_path)
    assert ring.seal(ring.new_key(now=NOW), "wish", "Montréal")


def test_a_store_that_is_missing_is_never_replaced_by_an_empty_one(tmp_path: Path) -> None:
    new_ring(tmp_path)
    (tmp_path / "keys" / "keys.sqlite3").unlink()
    with refusal(Unavailable, "keys.absent"):
        KeyRing.open(tmp_path / "keys", PASSPHRASE)
    assert not (tmp_path / "keys" / "keys.sqlite3").exists()


def test_a_folder_without_a_ring_is_told_plainly(tmp_path: Path) -> None:
    for attempt in (
        lambda: KeyRing.open(tmp_path / "nothing", PASSPHRASE),
        lambda: KeyRing.change_passphrase(tmp_path / "nothing", PASSPHRASE, PASSPHRASE),
    ):
        with refusal(Unavailable, "keys.absent"):
            attempt()


def test_a_file_where_the_folder_should_be_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("not a folder")
    with refusal(Unavailable, "keys.unreachable"):
        new_ring(tmp_path)


@pytest.mark.parametrize(
    "damage",
    [
        lambda ring: {},
        lambda ring: [],
        lambda ring: {**ring, "salt": "!"},
        lambda ring: {**ring, "salt": ""},
        lambda ring: {**ring, "derivation": {**ring["derivation"], "memory_kib": 2**40}},
        lambda ring: {**ring, "derivation": {**ring["derivation"], "passes": "3"}},
        lambda ring: {**ring, "derivation": {"name": "plain"}},
        lambda ring: {**ring, "ring_id": "another"},
        lambda ring: {**ring, "wrapped": ring["check"]},
    ],
)
def test_a_damaged_ring_file_is_not_taken_for_a_wrong_passphrase(tmp_path: Path, damage: object) -> None:
    new_ring(tmp_path)
    path = tmp_path / "keys" / "ring.json"
    path.write_text(json.dumps(damage(json.loads(path.read_text()))))  # type: ignore[operator]
    with refusal(Unavailable, "ring.damaged"):
        KeyRing.open(tmp_path / "keys", PASSPHRASE)


@pytest.mark.parametrize("content", [b"", b"not json", b"\xff\xfe", b"null"])
def test_a_ring_file_that_is_no_json_is_told_as_damaged(tmp_path: Path, content: bytes) -> None:
    new_ring(tmp_path)
    (tmp_path / "keys" / "ring.json").write_bytes(content)
    with refusal(Unavailable, "ring.damaged"):
        KeyRing.open(tmp_path / "keys", PASSPHRASE)


def test_a_ring_of_a_later_version_is_told_apart_from_a_damaged_one(tmp_path: Path) -> None:
    new_ring(tmp_path)
    path = tmp_path / "keys" / "ring.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "version": 2}))
    with refusal(Unavailable, "ring.version_unknown"):
        KeyRing.open(tmp_path / "keys", PASSPHRASE)


def test_a_store_that_is_no_store_is_told_plainly(tmp_path: Path) -> None:
    new_ring(tmp_path)
    (tmp_path / "keys" / "keys.sqlite3").write_bytes(b"not a database" * 400)
    with refusal(Unavailable, "key_store.unreadable"):
        KeyRing.open(tmp_path / "keys", PASSPHRASE)
    (tmp_path / "keys" / "keys.sqlite3").write_bytes(b"")
    with refusal(Unavailable, "key_store.unreadable"):
        KeyRing.open(tmp_path / "keys", PASSPHRASE)


def test_another_installations_store_opens_nothing(tmp_path: Path) -> None:
    ours, theirs = new_ring(tmp_path / "ours"), new_ring(tmp_path / "theirs")
    case = theirs.new_key(now=NOW)
    wrapped = KeyStore(tmp_path / "theirs" / "keys" / "keys.sqlite3").find_wrapped(case)
    assert wrapped is not None
    KeyStore(tmp_path / "ours" / "keys" / "keys.sqlite3").add(case, wrapped, now=NOW)
    with pytest.raises(SealBroken):
        ours.seal(case, "wish", "Montréal")


def test_wrapped_keys_exchanged_between_two_cases_open_nothing(tmp_path: Path) -> None:
    ring = new_ring(tmp_path)
    one, two = ring.new_key(now=NOW), ring.new_key(now=NOW)
    with closing(sqlite3.connect(tmp_path / "keys" / "keys.sqlite3")) as meddler, meddler:
        rows = dict(meddler.execute("SELECT key_id, wrapped FROM keys").fetchall())
        meddler.execute("UPDATE keys SET wrapped = ? WHERE key_id = ?", (rows[two], one))
    with pytest.raises(SealBroken):
        ring.seal(one, "wish", "Montréal")
    assert ring.seal(two, "wish", "Montréal")


def test_a_changed_passphrase_opens_the_same_keys_and_the_old_one_nothing(tmp_path: Path) -> None:
    folder, ring = tmp_path / "keys", new_ring(tmp_path)
    case = ring.new_key(now=NOW)
    sealed = ring.seal(case, "wish", "Montréal")
    KeyRing.change_passphrase(folder, PASSPHRASE, "five pears on a shelf", cost=CHEAP)
    assert ring.unseal(case, "wish", sealed) == "Montréal"
    assert KeyRing.open(folder, "five pears on a shelf").unseal(case, "wish", sealed) == "Montréal"
    with refusal(BadInput, "ring.passphrase_wrong"):
        KeyRing.open(folder, PASSPHRASE)
    assert sorted(path.name for path in folder.iterdir() if "journal" not in path.name) == ["keys.sqlite3", "ring.json"]


@pytest.mark.parametrize(("old", "new"), [("four pears on a sill", "five pears on a shelf"), (PASSPHRASE, "short")])
def test_a_refused_change_of_passphrase_leaves_the_file_as_it_was(tmp_path: Path, old: str, new: str) -> None:
    new_ring(tmp_path)
    before = (tmp_path / "keys" / "ring.json").read_bytes()
    with pytest.raises(BadInput):
        KeyRing.change_passphrase(tmp_path / "keys", old, new, cost=CHEAP)
    assert (tmp_path / "keys" / "ring.json").read_bytes() == before


def test_what_a_cut_off_change_of_passphrase_left_behind_does_not_stop_the_next(tmp_path: Path) -> None:
    new_ring(tmp_path)
    (tmp_path / "keys" / "ring.json.new").write_text('{"version": 1, "ri')
    assert KeyRing.open(tmp_path / "keys", PASSPHRASE)
    KeyRing.change_passphrase(tmp_path / "keys", PASSPHRASE, "five pears on a shelf", cost=CHEAP)
    assert KeyRing.open(tmp_path / "keys", "five pears on a shelf")


@contextmanager
def no_room_on_the_disk() -> Iterator[None]:
    """The system refuses to let any file of this process grow, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_the_old_passphrase_in_force(tmp_path: Path) -> None:
    new_ring(tmp_path)
    with no_room_on_the_disk(), refusal(Unavailable, "keys.unreachable"):
        KeyRing.change_passphrase(tmp_path / "keys", PASSPHRASE, "five pears on a shelf", cost=CHEAP)
    assert KeyRing.open(tmp_path / "keys", PASSPHRASE)


def test_a_full_disk_makes_no_key_and_breaks_none(tmp_path: Path) -> None:
    ring = new_ring(tmp_path)
    case = ring.new_key(now=NOW)
    with no_room_on_the_disk(), refusal(Unavailable, "key_store.unreachable"):
        ring.new_key(now=NOW)
    assert ring.unseal(case, "wish", ring.seal(case, "wish", "Montréal")) == "Montréal"
    assert ring.new_key(now=NOW)


def test_the_passphrase_costs_an_attacker_what_rfc_9106_recommends(tmp_path: Path) -> None:
    assert Cost(passes=3, lanes=4, memory_kib=65536) == RFC_9106_SECOND
    KeyRing.create(tmp_path / "keys", PASSPHRASE)
    stored = json.loads((tmp_path / "keys" / "ring.json").read_text())
    assert stored["derivation"] == {"name": "argon2id", "passes": 3, "lanes": 4, "memory_kib": 65536}


def test_two_rings_with_one_passphrase_share_nothing(tmp_path: Path) -> None:
    new_ring(tmp_path / "one")
    new_ring(tmp_path / "two")
    one, two = (json.loads((tmp_path / name / "keys" / "ring.json").read_text()) for name in ("one", "two"))
    assert all(one[name] != two[name] for name in ("ring_id", "salt", "check", "wrapped"))
