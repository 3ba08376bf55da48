"""The child that answers requests: granian with one worker, each of its processes ending with the one above it.

python -m onward.site.web PARENT
"""

import multiprocessing
import sys
from collections.abc import Callable
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from onward.site.environment import read_environment
from onward.site.parent import die_with_parent

BLOCKING_THREADS = 4
SHUTDOWN_S = 5


def load_application() -> Callable[..., Any]:
    """The WSGI application, inside granian's worker process; granian itself must not leave it behind."""
    above = multiprocessing.parent_process()
    if above is not None and above.pid is not None:
        die_with_parent(above.pid)
    from onward.site.wsgi import application

    return application


def serve() -> None:
    """Answer at 127.0.0.1 and ONWARD_PORT until told to stop."""
    server = Granian(
        "onward.site.wsgi:application",
        address="127.0.0.1",
        port=read_environment().port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=BLOCKING_THREADS,
        workers_kill_timeout=SHUTDOWN_S,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=load_application, wrap_loader=False)


if __name__ == "__main__":
    from onward.site.web import serve as serve_as_a_module  # functions of __main__ cannot be handed to a new process

    die_with_parent(int(sys.argv[1]))
    serve_as_a_module()
