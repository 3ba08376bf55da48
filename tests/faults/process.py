"""A fresh interpreter on the tests' database: runs acts in processes of their own, at once, or killed where told.

    python -m tests.faults.process      reads a list of calls as one JSON line, answers with a list of outcomes

Each call runs in a child forked before anything is connected, so that a kill -9 takes exactly one process, as on a
real machine. A kill point is a writing statement (just before it), a commit (before and after it), or a named
function (before or after it).
"""

import importlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "a passphrase for tests only"


@dataclass(frozen=True, slots=True)
class Call:
    """A function of tests.faults.acts with its arguments. point: die at the nth kill point, counted from 1; 0: live.

    function: "module:name" to die at instead. is_after: die when it has returned, not before it begins.
    """

    act: str
    given: dict[str, Any]
    point: int = 0
    function: str = ""
    is_after: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a call. error: the code of an OnwardError. points: kill points passed, when it lived."""

    is_killed: bool
    value: Any = None
    error: str = ""
    points: int = 0


class Stage:
    """The test's side of the interpreter."""

    def __init__(self, database: str, key_folder: Path) -> None:
        environment = os.environ | {"ONWARD_TEST_DATABASE": database, "ONWARD_TEST_KEYS": str(key_folder)}
        paths = [str(ROOT / "src"), str(ROOT)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment | {"PYTHONPATH": os.pathsep.join(paths)},
        )

    def run(self, call: Call) -> Outcome:
        """Run one call to its end or its kill."""
        return self.run_at_once(call)[0]

    def run_at_once(self, *calls: Call) -> list[Outcome]:
        """Run calls in processes that are let go at the same moment, each connected already."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = [{name: getattr(call, name) for name in Call.__slots__} for call in calls]
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the interpreter on the tests' database died"
        return [Outcome(**one) for one in json.loads(answer)]

    def close(self) -> None:
        """Let the interpreter end."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)


# The interpreter's side.


class _Killer:
    """Counts kill points and dies at the one it is given."""

    def __init__(self, point: int) -> None:
        self.point, self.passed = point, 0

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        """Django's hook around each statement."""
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            self.pass_point()
        return execute(sql, *rest)

    def pass_point(self) -> None:
        """One more point; the one at which to die is the last thing this process does."""
        self.passed += 1
        if self.passed == self.point:
            die()


def die() -> None:
    """As with kill -9: no clean-up, no last words."""
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def _deadly(killer: _Killer) -> Iterator[None]:
    from django.db import connection

    commit = connection._commit

    def _commit() -> None:
        killer.pass_point()
        commit()
        killer.pass_point()

    with connection.execute_wrapper(killer):
        connection._commit = _commit
        yield


def _make_deadly(function: str, *, is_after: bool) -> None:
    module_name, _, name = function.partition(":")
    module = importlib.import_module(module_name)
    living = getattr(module, name)

    def deadly(*args: Any, **kwargs: Any) -> None:
        if is_after:
            living(*args, **kwargs)
        die()

    setattr(module, name, deadly)


def _act(call: dict[str, Any], killer: _Killer) -> dict[str, Any]:
    from onward.core.errors import OnwardError

    acts = importlib.import_module("tests.faults.acts")
    if call["function"]:
        _make_deadly(call["function"], is_after=call["is_after"])
    try:
        with _deadly(killer):
            value = getattr(acts, call["act"])(**call["given"])
    except OnwardError as error:
        return {"is_killed": False, "error": error.code, "points": killer.passed}
    return {"is_killed": False, "value": value, "points": killer.passed}


def _child(call: dict[str, Any], ready: int, go: int, result: int) -> None:
    from django.db import connection

    connection.ensure_connection()
    os.write(ready, b".")
    os.read(go, 1)
    try:
        told = _act(call, _Killer(call["point"]))
    except BaseException as problem:  # noqa: BLE001  (the test must see whatever it was, not a silent child)
        told = {"is_killed": False, "error": f"{type(problem).__name__}: {problem}"}
    os.write(result, json.dumps(told).encode())
    os._exit(0)


def _run(calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ready, ready_end = os.pipe()
    go_end, go = os.pipe()
    children = []
    for call in calls:
        result, result_end = os.pipe()
        pid = os.fork()
        if pid == 0:
            _child(call, ready_end, go_end, result_end)
        os.close(result_end)
        children.append((pid, result))
    for _ in children:
        os.read(ready, 1)
    os.write(go, b"." * len(children))
    outcomes = [_wait(pid, result) for pid, result in children]
    for end in (ready, ready_end, go_end, go):
        os.close(end)
    return outcomes


def _wait(pid: int, result: int) -> dict[str, Any]:
    with os.fdopen(result, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(pid, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return {"is_killed": True}
    found: dict[str, Any] = json.loads(told)
    return found


def _main() -> None:
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = os.environ["ONWARD_TEST_DATABASE"]
    django.setup()
    from onward.apps.people import sealing
    from onward.core.keys import KeyRing

    sealing.hand_in(KeyRing.open(Path(os.environ["ONWARD_TEST_KEYS"]), PASSPHRASE))
    importlib.import_module("tests.faults.acts")
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_run(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onward.site.settings_test")
    _main()
