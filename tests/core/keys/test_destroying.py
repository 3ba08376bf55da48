"""A destroyed key leaves no bytes behind and opens nothing, in any process (P19)."""

import hashlib
import random
import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from onward.core.errors import Conflict, NotFound, Unavailable
from onward.core.keys import Destruction, KeyGone, KeyId, KeyRing, KeyStore
from onward.core.keys.ring import _OpenedKeys
from tests.core.keys.world import NOW, PASSPHRASE, another_process, bytes_on_disk, new_ring, refusal


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return new_ring(tmp_path)


def wrapped_bytes(folder: Path, case: KeyId) -> bytes:
    wrapped = KeyStore(folder / "keys.sqlite3").find_wrapped(case)
    assert wrapped is not None
    return wrapped


def leaves_traces(wrapped: bytes, kept: bytes) -> bool:
    """Whether any 16 bytes in a row of the wrapped key's secret part are among the bytes kept."""
    return any(wrapped[at : at + 16] in kept for at in range(1, len(wrapped) - 15))


def test_nothing_of_an_erased_case_opens_again(ring: KeyRing) -> None:
    case = ring.new_key(now=NOW)
    name, file = ring.seal(case, "person.name", "Ana"), ring.seal_bytes(case, "receipt", b"%PDF")
    ring.destroy(case, legal_holds=(), now=NOW)
    for attempt in (
        lambda: ring.unseal(case, "person.name", name),
        lambda: ring.unseal_bytes(case, "receipt", file),
        lambda: ring.seal(case, "person.name", "Ana"),
    ):
        with refusal(KeyGone, "key.gone") as refused:
            attempt()
        assert isinstance(refused.value, NotFound)


def test_the_certificate_names_key_time_and_the_hash_of_what_was_destroyed(tmp_path: Path, ring: KeyRing) -> None:
    case = ring.new_key(now=NOW)
    digest = hashlib.sha256(wrapped_bytes(tmp_path / "keys", case)).hexdigest()
    assert ring.find_destruction(case) is None
    certificate = ring.destroy(case, legal_holds=(), now=NOW.astimezone(timezone(timedelta(hours=-5))))
    assert certificate == Destruction(case, NOW, digest) == ring.find_destruction(case)
    assert certificate.destroyed_at.tzinfo is UTC


def test_a_job_that_destroys_twice_gets_the_first_certificate(ring: KeyRing) -> None:
    case = ring.new_key(now=NOW)
    first = ring.destroy(case, legal_holds=(), now=NOW)
    assert ring.destroy(case, legal_holds=(), now=NOW + timedelta(days=1)) == first


def test_a_legal_hold_stops_the_erasure(ring: KeyRing) -> None:
    case = ring.new_key(now=NOW)
    sealed = ring.seal(case, "wish", "Montréal")
    with refusal(Conflict, "key.held"):
        ring.destroy(case, legal_holds=("2025-17",), now=NOW)
    assert ring.unseal(case, "wish", sealed) == "Montréal"


def test_times_without_a_zone_are_refused(ring: KeyRing) -> None:
    with pytest.raises(ValueError, match="aware"):
        ring.new_key(now=datetime(2025, 6, 11))  # noqa: DTZ001  (the very thing refused)


def test_the_bytes_of_a_destroyed_key_are_gone_from_every_file(tmp_path: Path, ring: KeyRing) -> None:
    case, neighbour = ring.new_key(now=NOW), ring.new_key(now=NOW)
    wrapped, kept = (wrapped_bytes(tmp_path / "keys", key) for key in (case, neighbour))
    assert leaves_traces(wrapped, bytes_on_disk(tmp_path / "keys"))
    ring.destroy(case, legal_holds=(), now=NOW)
    assert not leaves_traces(wrapped, bytes_on_disk(tmp_path / "keys"))
    assert leaves_traces(kept, bytes_on_disk(tmp_path / "keys"))


def test_pages_split_merged_and_freed_keep_no_copy_of_a_destroyed_key(tmp_path: Path, ring: KeyRing) -> None:
    folder, chance = tmp_path / "keys", random.Random(7)
    cases = [ring.new_key(now=NOW) for _ in range(300)]
    wrapped = KeyStore(folder / "keys.sqlite3").list_wrapped(cases)
    chance.shuffle(cases)
    for done in range(0, 300, 50):
        for case in cases[done : done + 50]:
            ring.destroy(case, legal_holds=(), now=NOW)
        kept = bytes_on_disk(folder)
        assert not [case for case in cases[: done + 50] if leaves_traces(wrapped[case], kept)]
        assert all(wrapped[case] in kept for case in cases[done + 50 :])


def test_the_bytes_are_gone_while_another_connection_that_read_them_stays_open(tmp_path: Path, ring: KeyRing) -> None:
    case = ring.new_key(now=NOW)
    with sqlite3.connect(tmp_path / "keys" / "keys.sqlite3") as reader:
        (wrapped,) = reader.execute("SELECT wrapped FROM keys").fetchone()
        ring.destroy(case, legal_holds=(), now=NOW)
        assert not leaves_traces(wrapped, bytes_on_disk(tmp_path / "keys"))
        assert reader.execute("SELECT wrapped FROM keys").fetchall() == []
    reader.close()


def test_a_reader_in_the_midst_of_reading_delays_the_destruction_and_no_bytes_stay(
    tmp_path: Path, ring: KeyRing
) -> None:
    case = ring.new_key(now=NOW)
    reader = sqlite3.connect(tmp_path / "keys" / "keys.sqlite3", isolation_level=None)
    reader.execute("BEGIN")
    (wrapped,) = reader.execute("SELECT wrapped FROM keys").fetchone()
    destroying = threading.Thread(target=ring.destroy, args=(case,), kwargs={"legal_holds": (), "now": NOW})
    destroying.start()
    destroying.join(0.3)
    assert destroying.is_alive()
    reader.execute("COMMIT")
    destroying.join(10)
    assert not destroying.is_alive()
    assert not leaves_traces(wrapped, bytes_on_disk(tmp_path / "keys"))
    reader.close()


def test_a_reader_that_never_ends_leaves_the_key_whole_and_says_so(tmp_path: Path, ring: KeyRing) -> None:
    case = ring.new_key(now=NOW)
    sealed = ring.seal(case, "wish", "Montréal")
    store = KeyStore(tmp_path / "keys" / "keys.sqlite3", patience_s=0.1)
    reader = sqlite3.connect(tmp_path / "keys" / "keys.sqlite3", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM keys").fetchall()
    with refusal(Unavailable, "key_store.busy"):
        store.destroy(case, now=NOW)
    assert store.find_destruction(case) is None
    assert ring.unseal(case, "wish", sealed) == "Montréal"
    reader.execute("COMMIT")
    reader.close()
    assert store.destroy(case, now=NOW).key_id == case


def test_a_store_turned_to_a_write_ahead_log_is_turned_back(tmp_path: Path, ring: KeyRing) -> None:
    case = ring.new_key(now=NOW)
    wrapped = wrapped_bytes(tmp_path / "keys", case)
    ring.close()
    meddler = sqlite3.connect(tmp_path / "keys" / "keys.sqlite3")
    assert meddler.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    meddler.close()
    again = KeyRing.open(tmp_path / "keys", PASSPHRASE)
    again.destroy(case, legal_holds=(), now=NOW)
    assert not leaves_traces(wrapped, bytes_on_disk(tmp_path / "keys"))


@pytest.mark.parametrize(
    ("reading", "before", "after"),
    [
        ('ring.unseal(case, "wish", sealed)', "Montréal", "key.gone"),
        ('ring.unseal_many([(case, "wish", sealed)])', "['Montréal']", "[None]"),
        ('len(ring.seal(case, "wish", "Toronto"))', "61", "key.gone"),
    ],
)
def test_a_key_destroyed_in_one_process_opens_nothing_in_another(
    tmp_path: Path, ring: KeyRing, reading: str, before: str, after: str
) -> None:
    case = ring.new_key(now=NOW)
    sealed = ring.seal(case, "wish", "Montréal")
    other = another_process(
        f"""
case, sealed = sys.argv[2], bytes.fromhex(sys.argv[3])
print({reading}, flush=True)
sys.stdin.readline()
try:
    print({reading})
except OnwardError as refused:
    print(refused.code)
print("kept in memory:", len(ring._opened._keys))
""",
        tmp_path / "keys",
        case,
        sealed.hex(),
    )
    assert other.stdout is not None
    assert other.stdout.readline() == f"{before}\n"
    ring.destroy(case, legal_holds=(), now=NOW)
    said, _ = other.communicate("go on\n", timeout=20)
    assert said == f"{after}\nkept in memory: 0\n"


def test_a_destroyed_key_is_dropped_from_memory_even_if_it_was_being_opened() -> None:
    opened = _OpenedKeys(8)
    case, since = KeyId("a" * 32), opened.changes
    opened.drop(case)
    opened.keep(case, object(), since)  # type: ignore[arg-type]
    assert opened.find(case) is None


def test_a_destroyed_key_leaves_the_memory_of_the_process_that_destroyed_it(ring: KeyRing) -> None:
    case = ring.new_key(now=NOW)
    ring.seal(case, "wish", "Montréal")
    assert case in ring._opened._keys
    ring.destroy(case, legal_holds=(), now=NOW)
    assert case not in ring._opened._keys
