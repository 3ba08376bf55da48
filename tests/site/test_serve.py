"""onward serve: two children that end with it, come back when they fall, and a start that says plainly why not."""

import os
import signal
import socket
from pathlib import Path

import pytest

from onward.core.errors import BadInput
from onward.site.serve import find_pause
from onward.site.start import open_ring
from tests.site.house import House, is_alive, list_below, wait_until


def test_ctrl_c_ends_everything_cleanly_and_it_starts_again(house: House) -> None:
    for _ in range(2):
        with house.served() as supervisor:
            below = list_below(supervisor.pid)
            assert len(below) == 3  # granian, its worker, the jobs
            supervisor.send_signal(signal.SIGINT)
            assert supervisor.wait(timeout=20) == 0
            assert supervisor.stdout is not None
            said = supervisor.stdout.read()
            assert f"Onward is at http://127.0.0.1:{house.port}" in said and "Onward has stopped." in said
            assert "Traceback" not in said
            assert not any(is_alive(pid) for pid in below)
            assert not house.is_open()


def test_kill_9_of_the_supervisor_leaves_no_orphan(house: House) -> None:
    with house.served() as supervisor:
        below = list_below(supervisor.pid)
        supervisor.send_signal(signal.SIGKILL)
        supervisor.wait()
        wait_until(lambda: not any(is_alive(pid) for pid in below), "no child is left")
        assert not house.is_open()


def test_children_that_fall_come_back_and_granian_leaves_no_worker_behind(house: House) -> None:
    with house.served() as supervisor:
        before = list_below(supervisor.pid)
        (granian,) = [pid for pid in before if list_below(pid)]
        (worker,) = list_below(granian)
        for pid in before - {worker}:
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not is_alive(worker), "the worker is gone")
        wait_until(lambda: len(list_below(supervisor.pid) - before) == 3, "three new processes")
        wait_until(house.answers, "the desk answers again")


def test_a_second_run_and_a_busy_port_are_one_plain_sentence(house: House) -> None:
    with house.served():
        second = house.run("serve")
        assert second.returncode == 1 and second.stdout == ""
        assert second.stderr.startswith("Onward is already running for this folder (process ")
        assert second.stderr.count("\n") == 1
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", house.port))
        other.listen()
        busy = house.run("serve")
    assert busy.returncode == 1
    assert busy.stderr.startswith(f"Port {house.port} is taken by another program.") and busy.stderr.count("\n") == 1


def test_a_wrong_or_missing_passphrase_is_told_before_anything_starts(house: House) -> None:
    wrong = house.run("serve", ONWARD_PASSPHRASE="not the right one at all")
    assert wrong.returncode == 2 and wrong.stderr.startswith("The passphrase does not open the key ring.")
    missing = house.run("serve", ONWARD_PASSPHRASE="")
    assert missing.returncode == 2 and "ONWARD_PASSPHRASE_FILE" in missing.stderr


def test_the_passphrase_may_stand_in_a_file(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pass phrase").write_text("a passphrase for tests only\n")
    monkeypatch.setenv("ONWARD_PASSPHRASE", "")
    monkeypatch.setenv("ONWARD_PASSPHRASE_FILE", str(tmp_path / "pass phrase"))
    open_ring(house.home).close()
    monkeypatch.setenv("ONWARD_PASSPHRASE_FILE", str(tmp_path / "elsewhere"))
    with pytest.raises(BadInput) as told:
        open_ring(house.home)
    assert told.value.field == "ONWARD_PASSPHRASE_FILE"


def test_a_folder_that_was_not_set_up_says_so(tmp_path: Path) -> None:
    done = House(tmp_path / "new", 8000).run("serve")
    assert done.returncode == 1 and done.stderr.startswith("This folder was not set up yet.")


def test_a_child_that_keeps_falling_waits_longer_each_time() -> None:
    pauses = [find_pause(falls) for falls in range(1, 12)]
    assert pauses[:4] == [0.5, 1.0, 2.0, 4.0] and max(pauses) == 30.0 and pauses == sorted(pauses)
