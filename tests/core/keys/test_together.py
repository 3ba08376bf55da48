"""Threads, processes, forks and kill -9 leave the key store whole."""

import signal
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from onward.core.keys import KeyId, KeyRing, KeyStore
from tests.core.keys.world import NOW, PASSPHRASE, another_process, bytes_on_disk, new_ring


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def assert_whole(folder: Path) -> None:
    store = sqlite3.connect(folder / "keys.sqlite3")
    assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    store.close()


def test_two_processes_make_keys_at_once_and_lose_none(tmp_path: Path) -> None:
    ring = new_ring(tmp_path)
    script = """
sys.stdin.readline()
for _ in range(150):
    case = ring.new_key(now=now)
    print(case, ring.seal(case, "wish", case).hex())
"""
    both = [another_process(script, tmp_path / "keys") for _ in range(2)]
    for one in both:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    said = [line.split() for one in both for line in one.communicate(timeout=60)[0].splitlines()]
    assert len({case for case, _ in said}) == 300
    assert ring.unseal_many([(KeyId(case), "wish", bytes.fromhex(sealed)) for case, sealed in said]) == [
        case for case, _ in said
    ]
    assert_whole(tmp_path / "keys")


def test_two_processes_destroying_one_key_agree_on_one_certificate(tmp_path: Path) -> None:
    ring = new_ring(tmp_path)
    cases = [ring.new_key(now=NOW) for _ in range(60)]
    script = """
sys.stdin.readline()
for case in sys.argv[2].split(","):
    done = ring.destroy(case, legal_holds=(), now=datetime.now(UTC))
    print(done.key_id, done.destroyed_at.isoformat(), done.wrapped_sha256)
"""
    both = [another_process(script, tmp_path / "keys", ",".join(cases)) for _ in range(2)]
    for one in both:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    first, second = (one.communicate(timeout=60)[0].splitlines() for one in both)
    assert len(first) == 60
    assert first == second


def test_many_threads_share_one_ring(tmp_path: Path) -> None:
    ring = new_ring(tmp_path)

    def one_case(number: int) -> bool:
        case = ring.new_key(now=NOW)
        sealed = ring.seal(case, "wish", f"wish {number}")
        held = ring.unseal(case, "wish", sealed) == f"wish {number}"
        ring.destroy(case, legal_holds=(), now=NOW)
        return held and ring.unseal_many([(case, "wish", sealed)]) == [None]

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(one_case, range(160)))
    assert_whole(tmp_path / "keys")


def test_threads_that_end_leave_no_connection_open(tmp_path: Path) -> None:
    ring = new_ring(tmp_path)
    case = ring.new_key(now=NOW)
    before = open_files()
    for _ in range(30):
        thread = threading.Thread(target=ring.seal, args=(case, "wish", "Montréal"))
        thread.start()
        thread.join()
    assert open_files() <= before + 1


def test_a_closed_ring_holds_no_file_and_no_key(tmp_path: Path) -> None:
    before = open_files()
    ring = new_ring(tmp_path)
    case = ring.new_key(now=NOW)
    sealed = ring.seal(case, "wish", "Montréal")
    ring.close()
    assert open_files() == before
    assert len(ring._opened._keys) == 0
    assert ring.unseal(case, "wish", sealed) == "Montréal"


def test_a_forked_worker_uses_the_ring_its_parent_opened(tmp_path: Path) -> None:
    new_ring(tmp_path)
    other = another_process(
        """
case = ring.new_key(now=now)
sealed = ring.seal(case, "wish", "Montréal")
parents = ring._store._connection()
child = os.fork()
assert (child == 0) == (ring._store._connection() is not parents)
mine = ring.new_key(now=now)
fine = ring.unseal(case, "wish", sealed) == "Montréal" and ring.unseal(mine, "wish", ring.seal(mine, "wish", "")) == ""
if child == 0:
    sys.exit(0 if fine else 1)
print(fine, os.waitpid(child, 0)[1])
""",
        tmp_path / "keys",
    )
    assert other.communicate(timeout=20)[0] == "True 0\n"
    assert_whole(tmp_path / "keys")


def test_a_process_killed_before_its_destruction_is_final_leaves_the_key_and_a_second_try_leaves_no_bytes(
    tmp_path: Path,
) -> None:
    folder, ring = tmp_path / "keys", new_ring(tmp_path)
    case = ring.new_key(now=NOW)
    sealed = ring.seal(case, "wish", "Montréal")
    wrapped = KeyStore(folder / "keys.sqlite3").find_wrapped(case)
    assert wrapped is not None
    other = another_process(
        """
def killed_at_commit(statement):
    if statement == "COMMIT":
        os.kill(os.getpid(), signal.SIGKILL)
ring._store._connection().set_trace_callback(killed_at_commit)
ring.destroy(sys.argv[2], legal_holds=(), now=now)
""",
        folder,
        case,
    )
    assert other.wait(20) == -signal.SIGKILL
    assert bytes_on_disk(folder).count(wrapped) == 2  # in the store, and in the journal that was left
    assert ring.unseal(case, "wish", sealed) == "Montréal"
    assert ring.find_destruction(case) is None
    ring.destroy(case, legal_holds=(), now=NOW)
    assert wrapped not in bytes_on_disk(folder)
    assert_whole(folder)


def test_a_process_killed_in_the_midst_of_making_a_key_leaves_no_half_of_one(tmp_path: Path) -> None:
    folder, ring = tmp_path / "keys", new_ring(tmp_path)
    other = another_process(
        """
def killed_at_commit(statement):
    if statement == "COMMIT":
        os.kill(os.getpid(), signal.SIGKILL)
ring._store._connection().set_trace_callback(killed_at_commit)
ring.new_key(now=now)
""",
        folder,
    )
    assert other.wait(20) == -signal.SIGKILL
    assert ring.new_key(now=NOW)
    assert_whole(folder)
    store = sqlite3.connect(folder / "keys.sqlite3")
    assert store.execute("SELECT count(*) FROM keys").fetchone() == (1,)
    store.close()


@pytest.mark.parametrize("after_s", [0.01, 0.03, 0.07, 0.15])
def test_whatever_a_killed_process_had_reported_is_so(tmp_path: Path, after_s: float) -> None:
    folder, ring = tmp_path / "keys", new_ring(tmp_path)
    other = another_process(
        """
while True:
    case, doomed = ring.new_key(now=now), ring.new_key(now=now)
    wrapped = ring._store.find_wrapped(doomed)
    ring.destroy(doomed, legal_holds=(), now=now)
    print(case, ring.seal(case, "wish", case).hex(), doomed, wrapped.hex(), flush=True)
""",
        folder,
    )
    assert other.stdout is not None
    other.stdout.readline()
    time.sleep(after_s)
    other.kill()
    said = [line.split() for line in other.communicate(timeout=20)[0].splitlines() if line.count(" ") == 3]
    said = [words for words in said if len(words[3]) == 2 * 61]
    again = KeyRing.open(folder, PASSPHRASE)
    assert again.unseal_many([(KeyId(c), "wish", bytes.fromhex(s)) for c, s, _, _ in said]) == [c for c, *_ in said]
    assert all(ring.find_destruction(KeyId(doomed)) for _, _, doomed, _ in said)
    kept = bytes_on_disk(folder)
    assert not [doomed for _, _, doomed, wrapped in said if bytes.fromhex(wrapped) in kept]
    assert_whole(folder)
