"""Run a command with a PostgreSQL server of its own on a loopback port, gone afterwards.

python tools/with_postgres.py COMMAND...   sets ONWARD_DATABASE for the command. Exit code 77: no server here.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = 77


def find_binaries() -> Path | None:
    """The folder that holds initdb and pg_ctl, newest version first."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    found = shutil.which("initdb")
    if found:
        folders.append(Path(found).parent)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _as_owner(command: list[str]) -> list[str]:
    """initdb refuses to run as root: as root, run it as the system's postgres user."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@contextmanager
def server(binaries: Path) -> Iterator[str]:
    """A running server; yields its address as ONWARD_DATABASE takes it."""
    folder = Path(tempfile.mkdtemp(prefix="onward-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    port, data = _free_port(), folder / "data"
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": "/"}
    control = [str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    try:
        initdb = [str(binaries / "initdb"), "-D", str(data), "-U", "onward", "-A", "trust", "-E", "UTF8", "--no-locale"]
        subprocess.run(_as_owner(initdb), **quiet)
        subprocess.run(_as_owner([*control, "-o", options, "start"]), **quiet)
        yield f"postgresql://onward@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(_as_owner([*control, "-m", "immediate", "stop"]), stdout=subprocess.DEVNULL, cwd="/")
        shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    """Run the command against a fresh server; MISSING where there is none."""
    binaries = find_binaries()
    if binaries is None:
        print("not run: no PostgreSQL server on this machine (apt-get install postgresql)", file=sys.stderr)
        return MISSING
    with server(binaries) as address:
        return subprocess.run(command, env={**os.environ, "ONWARD_DATABASE": address}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
