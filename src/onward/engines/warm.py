"""Compiles all that the engines compile, each engine in a process of its own, so that nobody waits at the desk for it.

`python -m onward.engines.warm` and `onward init` call it. What is compiled already is only loaded.
"""

import platform
import shutil
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

UNUSED_AFTER_S = 30 * 86400
"""Code compiled by a version that nobody has started for this long is taken away."""


def warm_journeys() -> None:
    """Compile the searches."""
    from onward.engines.journeys.warm import warm

    warm()


def warm_flows() -> None:
    """Compile the flows."""
    from onward.engines.flows.warm import warm

    warm()


ENGINES: tuple[Callable[[], None], ...] = (warm_journeys, warm_flows)


def warm_all() -> None:
    """Compile all engines side by side; raises what the first of them raised. About half a minute the first time.

    Done once for each version of the kernels, of numba and of Python: a stamp in the folder says so.
    """
    stamp = _stamp()
    if stamp.exists():
        return
    with ProcessPoolExecutor(len(ENGINES), mp_context=get_context("spawn")) as pool:
        jobs: list[Future[None]] = [pool.submit(engine) for engine in ENGINES]
        for job in jobs:
            job.result()
    stamp.touch()
    sweep()


def _stamp() -> Path:
    from onward.engines.jit import compiled_folder

    return compiled_folder() / f"warm-numba-{version('numba')}-python-{platform.python_version()}"


def sweep() -> None:
    """Take away what other versions compiled and nobody has used since."""
    from onward.engines.jit import compiled_folder

    mine = compiled_folder()
    mine.touch()
    for folder in mine.parent.iterdir():
        if folder.is_dir() and folder != mine and time.time() - folder.stat().st_mtime > UNUSED_AFTER_S:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    warm_all()
