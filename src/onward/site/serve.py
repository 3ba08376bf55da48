"""`onward serve`: a supervisor over two children, one that answers requests and one that does the jobs.

The children end with the supervisor, however it ends; the supervisor starts a child again that ended by itself. Each
waits a little longer the more often it fell.
"""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from onward.core.errors import Conflict, Unavailable, message
from onward.site.environment import Environment
from onward.site.start import has_ring, open_ring

LOCK_NAME = "serve.lock"
LOOK_EVERY_S = 0.2
PATIENCE_S = 10.0
"""How long children may take to finish what they began."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
STEADY_S = 60.0
"""A child that ran this long had not merely fallen over at its start."""

type Say = Callable[[str], None]


@dataclass(slots=True)
class Child:
    """A process the supervisor keeps running."""

    name: str
    module: str
    process: subprocess.Popen[bytes] | None = None
    falls: int = 0
    began_s: float = 0.0
    again_s: float = 0.0

    def begin(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        command = [sys.executable, "-m", self.module, str(os.getpid())]
        self.process = subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL)  # noqa: S603
        self.began_s = time.monotonic()

    def tend(self, say: Say) -> None:
        """Notice that it ended; start it again when its pause is over."""
        if self.process is not None and self.process.poll() is not None:
            code, self.process = self.process.returncode, None
            self.falls = 1 if time.monotonic() - self.began_s > STEADY_S else self.falls + 1
            pause = find_pause(self.falls)
            self.again_s = time.monotonic() + pause
            say(f"{self.name} ended by itself ({_how(code)}); starting it again in {pause:g} s.")
        if self.process is None and time.monotonic() >= self.again_s:
            self.begin()

    def is_running(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def send(self, name: signal.Signals) -> None:
        """Send it a signal, if it runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(name)


@dataclass(slots=True)
class Stop:
    """Whether the operator wants the end, and whether at once."""

    wanted: threading.Event = field(default_factory=threading.Event)
    at_once: threading.Event = field(default_factory=threading.Event)

    def catch(self, *_: object) -> None:
        """Signal handler: the first asks for the end, the second for it at once."""
        (self.at_once if self.wanted.is_set() else self.wanted).set()


def find_pause(falls: int) -> float:
    """Seconds to wait after a child fell so many times in a row: half a second, doubling, half a minute at most."""
    return min(FIRST_PAUSE_S * 2.0 ** min(falls - 1, 10), LONGEST_PAUSE_S)


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"code {code}"


@contextmanager
def alone(environment: Environment) -> Iterator[None]:
    """Keep this home to one supervisor, by a lock the kernel lets go of whichever way the process ends."""
    held = os.open(environment.home / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            raise Conflict(
                "serve.running",
                message("Onward is already running for this folder (process %(process)s)."),
                remedy=message(
                    "Stop it with Ctrl-C where it runs, or set ONWARD_HOME and ONWARD_PORT for a second one."
                ),
                values={"process": os.pread(held, 20, 0).decode(errors="replace").strip() or "?"},
            ) from problem
        os.ftruncate(held, 0)
        os.pwrite(held, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(held)


def require_free(port: int) -> None:
    """Raise Conflict where something else listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as problem:
            raise Conflict(
                "serve.port_busy",
                message("Port %(port)s is taken by another program."),
                remedy=message("Stop that program, or set ONWARD_PORT to a free port, such as %(other)s."),
                field="ONWARD_PORT",
                values={"port": port, "other": port + 1 if port < 65535 else port - 1},
            ) from problem


def require_set_up(environment: Environment) -> None:
    """Raise before any child starts where they could only fall: no set-up, a wrong passphrase."""
    if not has_ring(environment.home):
        raise Unavailable(
            "serve.not_set_up",
            message("This folder was not set up yet."),
            remedy=message("Run “onward init” first, with the same ONWARD_HOME."),
        )
    open_ring(environment.home).close()


def serve(environment: Environment, say: Say) -> None:
    """Serve until Ctrl-C or SIGTERM. Raises Conflict for a busy port or a second run, BadInput for a passphrase."""
    with alone(environment):
        require_set_up(environment)
        require_free(environment.port)
        stop = Stop()
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, stop.catch)
        children = [Child("The desk", "onward.site.web"), Child("The jobs", "onward.site.jobs")]
        _keep(children, stop, environment, say)
        say("Stopping.")
        _end(children, stop)
        say("Onward has stopped.")


def _keep(children: Sequence[Child], stop: Stop, environment: Environment, say: Say) -> None:
    is_told = False
    while not stop.wanted.is_set():
        for child in children:
            child.tend(say)
        if not is_told and _answers(environment.port):
            say(f"Onward is at {environment.base_url} (Ctrl-C stops it).")
            is_told = True
        stop.wanted.wait(LOOK_EVERY_S)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _end(children: Sequence[Child], stop: Stop) -> None:
    for child in children:
        child.send(signal.SIGTERM)
    until = time.monotonic() + PATIENCE_S
    while any(child.is_running() for child in children) and time.monotonic() < until and not stop.at_once.is_set():
        time.sleep(0.05)
    for child in children:
        child.send(signal.SIGKILL)
        if child.process is not None:
            child.process.wait()
