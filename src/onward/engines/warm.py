"""Compiles all that the engines compile, each engine in a process of its own, so that nobody waits at the desk for it.

`python -m onward.engines.warm` and `onward init` call it. What is compiled already is only loaded.
"""

import shutil
import subprocess
import sys
import time
from pathlib import Path

UNUSED_AFTER_S = 30 * 86400
"""Code compiled by a version that nobody has started for this long is taken away."""

ENGINES = ("journeys", "flows")


def warm_all() -> tuple[str, ...]:
    """Compile all engines side by side, about three quarters of a minute the first time; gives those that failed.

    Done once for each folder of compiled code: a stamp in it says so.
    """
    stamp = _stamp()
    if stamp.exists():
        return ()
    # Plain processes: where this one is killed they end by themselves, and what they compiled is kept.
    code = "import importlib, sys; importlib.import_module(f'onward.engines.{sys.argv[1]}.warm').warm()"
    running = [subprocess.Popen([sys.executable, "-c", code, engine]) for engine in ENGINES]  # noqa: S603  (our own)
    failed = tuple(engine for engine, process in zip(ENGINES, running, strict=True) if process.wait())
    if not failed:
        stamp.touch()
        sweep()
    return failed


def _stamp() -> Path:
    from onward.engines.jit import compiled_folder

    return compiled_folder() / "warm"


def sweep() -> None:
    """Take away what other versions compiled and nobody has used since."""
    from onward.engines.jit import compiled_folder

    mine = compiled_folder()
    mine.touch()
    for folder in mine.parent.iterdir():
        if folder.is_dir() and folder != mine and time.time() - folder.stat().st_mtime > UNUSED_AFTER_S:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(1 if warm_all() else 0)
