"""An installation of its own in a folder with a space in its name, set up and served as an operator would."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 40.0


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(is_so: Callable[[], object], what: str) -> None:
    """Wait until something is so; fail with what it was."""
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until, f"waited in vain until {what}"
        time.sleep(0.1)


def list_below(pid: int) -> set[int]:
    """Every process below one, from /proc."""
    above = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            above[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    found, new = set[int](), {pid}
    while new:
        new = {child for child, parent in above.items() if parent in new} - found
        found |= new
    return found


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@dataclass
class House:
    """home: its ONWARD_HOME; port: of its desk."""

    home: Path
    port: int

    @property
    def environment(self) -> dict[str, str]:
        """The operator's environment."""
        own = {
            "ONWARD_HOME": str(self.home),
            "ONWARD_PORT": str(self.port),
            "ONWARD_PASSPHRASE": "a passphrase for tests only",
            "DJANGO_SETTINGS_MODULE": "onward.site.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ONWARD_", "PYTEST_"))}
        # Compiled code is no state of an operator's: all test processes share it.
        kept["ONWARD_COMPILED"] = os.environ["ONWARD_COMPILED"]
        return kept | own

    def command(self, *words: str) -> list[str]:
        """A command of Onward as arguments."""
        return [sys.executable, "-c", "from onward.faces.cli.main import run; run()", *words]

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        environment = self.environment | more
        return subprocess.run(
            self.command(*words), env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120
        )

    def ask(self, code: str) -> str:
        """Run Python in the installation, Django set up, all centres in scope; what it printed."""
        lines = "\n    ".join(code.strip().splitlines())
        script = (
            "import django; django.setup()\n"
            "from onward.apps.accounts.scopes import every_centre\n"
            f"with every_centre('a test asks'):\n    {lines}\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def answers(self) -> bool:
        """Whether the desk answers."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/sign-in/", timeout=5) as page:  # noqa: S310  (our own address)
                return page.status == 200
        except OSError:
            return False

    def is_open(self) -> bool:
        """Whether anything listens on the port."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    @contextmanager
    def served(self) -> Iterator[subprocess.Popen[str]]:
        """`onward serve`, answering; ended when the block ends, whatever happened in it."""
        supervisor = subprocess.Popen(
            self.command("serve"),
            env=self.environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            wait_until(self.answers, "the desk answers")
            yield supervisor
        finally:
            if supervisor.poll() is None:
                supervisor.send_signal(signal.SIGKILL)
            supervisor.wait()
            wait_until(lambda: not self.is_open(), "the port is free")
