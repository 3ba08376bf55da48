"""Other people's searches in processes of their own, asked a JSON line at a time (tools/peers/README.md)."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / ".peers"
PYTHON = PEERS / "bin" / "python"


def has_minotor() -> bool:
    """Whether minotor and the Node it runs on are here."""
    return (PEERS / "minotor" / "node_modules" / "minotor").is_dir() and shutil.which("node") is not None


def _command(name: str) -> list[str]:
    scripts = ROOT / "tools" / "peers"
    if name == "minotor_peer":
        return ["node", str(scripts / "minotor" / f"{name}.mjs")]
    return [str(PYTHON), str(scripts / f"{name}.py")]


class Peer:
    """One search. name: its script in tools/peers, without the ending."""

    def __init__(self, name: str) -> None:
        self._run = subprocess.Popen(
            _command(name),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ,
        )

    @property
    def process(self) -> int:
        """Its process id."""
        return self._run.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._run.communicate(timeout=60)

    def ask(self, line: Mapping[str, object]) -> Any:
        """The answer to one line; raises SystemExit where the peer is gone."""
        assert self._run.stdin is not None
        assert self._run.stdout is not None
        self._run.stdin.write(json.dumps(line) + "\n")
        self._run.stdin.flush()
        answer = self._run.stdout.readline()
        if not answer:
            raise SystemExit("a peer ended before it answered: run its script by hand to see why")
        return json.loads(answer)
